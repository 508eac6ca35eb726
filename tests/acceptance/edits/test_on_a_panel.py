"""``init`` and ``customer add`` beside a panel: the embedded one, in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.generate import write
from tests.support.command_line import Ran, resellerplan


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A panel with 3 customers and 20 plans, and the environment that names it."""
    write(3, tmp_path / "world", contact=False)
    store = tmp_path / "panel.sqlite"
    environ = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_STATE_HOME": str(tmp_path / "state")}
    ran = resellerplan("panel", "seed", str(store), "--start", str(tmp_path / "world" / "world.yaml"), environ=environ)
    assert ran.code == 0, ran.err
    return {**environ, "RESELLERPLAN_URL": f"embedded:{store}", "XDG_CACHE_HOME": str(tmp_path / "cache")}


def in_folder(tmp_path: Path, environ: dict[str, str], *args: str, answers: str | None = None) -> Ran:
    (tmp_path / "estate").mkdir(exist_ok=True)
    return resellerplan(*args, environ=environ, folder=tmp_path / "estate", answers=answers)


def test_the_first_plan_after_init_changes_nothing(tmp_path: Path, environ: dict[str, str]) -> None:
    ran = in_folder(tmp_path, environ, "init")
    assert ran.code == 0, ran.err
    text = (tmp_path / "estate" / "resellerplan.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=")
    assert text.count("existing: true}") == 20
    plan = in_folder(tmp_path, environ, "plan")
    assert plan.code == 0, plan.err
    assert "No changes. Your infrastructure matches the configuration." in plan.out
    again = in_folder(tmp_path, environ, "init")
    assert (again.code, "error[RP1803]" in again.err) == (1, True)
    assert (tmp_path / "estate" / "resellerplan.yaml").read_text(encoding="utf-8") == text


def uncommented(text: str) -> str:
    """The manifest that ``init`` wrote, with its example in force."""
    head, _, example = text.partition("# By example; ")
    return head + "\n".join(line.removeprefix("# ").removeprefix("#") for line in example.splitlines()[1:]) + "\n"


def test_the_example_that_init_writes_can_be_used_as_it_is(tmp_path: Path, environ: dict[str, str]) -> None:
    """By a reseller who has plans, and by one who has nothing yet: valid, planned, applied."""
    empty = str(tmp_path / "empty.sqlite")
    assert resellerplan("panel", "seed", empty, environ=environ).code == 0
    for number, store in enumerate([empty, environ["RESELLERPLAN_URL"].removeprefix("embedded:")]):
        here = {**environ, "RESELLERPLAN_URL": f"embedded:{store}", "MUELLER_PASSWORD": "Mueller-Pw1!"}
        folder = tmp_path / f"estate-{number}"
        folder.mkdir()
        assert resellerplan("init", environ=here, folder=folder).code == 0
        manifest = folder / "resellerplan.yaml"
        manifest.write_text(uncommented(manifest.read_text(encoding="utf-8")), encoding="utf-8")
        ran = resellerplan("validate", environ=here, folder=folder)
        assert ran.code == 0, ran.err
        ran = resellerplan("apply", "--auto-approve", environ=here, folder=folder)
        assert ran.code == 0, ran.out + ran.err
        assert "customer.mueller: Creation complete" in ran.out


def test_init_does_not_write_for_a_panel_that_is_not_there(tmp_path: Path, environ: dict[str, str]) -> None:
    ran = in_folder(tmp_path, {**environ, "RESELLERPLAN_URL": f"embedded:{tmp_path}/nope.sqlite"}, "init")
    assert ran.code == 1
    assert list((tmp_path / "estate").iterdir()) == []


def test_a_name_that_the_panel_has_is_not_added(tmp_path: Path, environ: dict[str, str]) -> None:
    assert in_folder(tmp_path, environ, "init").code == 0
    before = (tmp_path / "estate" / "resellerplan.yaml").read_bytes()
    ran = in_folder(tmp_path, environ, "customer", "add", "c000001", "--email", "a@b.example", "--password-env", "P")
    assert (ran.code, "error[RP1805]" in ran.err) == (1, True)
    assert (tmp_path / "estate" / "resellerplan.yaml").read_bytes() == before
    ran = in_folder(tmp_path, environ, "customer", "add", "neumann", "--email", "a@b.example", "--password-env", "P")
    assert ran.code == 0, ran.err
    assert "  - username: neumann" in (tmp_path / "estate" / "resellerplan.yaml").read_text(encoding="utf-8")
    plan = in_folder(tmp_path, environ, "plan")
    assert "Plan: 1 to add, 0 to change, 0 to destroy." in plan.out


def test_a_person_is_asked_for_what_is_needed_and_may_leave_names_empty(tmp_path: Path, environ: dict[str, str]) -> None:
    assert in_folder(tmp_path, environ, "init").code == 0
    ran = in_folder(tmp_path, environ, "customer", "add", answers="jung\n\n\njung@jung.example\n\n")
    assert ran.code == 0, ran.err
    manifest = (tmp_path / "estate" / "resellerplan.yaml").read_text(encoding="utf-8")
    assert "  - username: jung\n    email: jung@jung.example\n    password: {env: JUNG_PASSWORD}\n" in manifest


def test_who_is_suspended_and_resumed_is_active_again(tmp_path: Path, environ: dict[str, str]) -> None:
    (tmp_path / "estate").mkdir()
    (tmp_path / "estate" / "resellerplan.yaml").write_text("version: 1\ncustomers: [{username: c000001}]\n", encoding="utf-8")

    def status_after(*args: str) -> str:
        assert in_folder(tmp_path, environ, *args).code == 0
        applied = in_folder(tmp_path, environ, "apply", "--auto-approve")
        assert applied.code == 0, applied.err
        assert "1 changed" in applied.out
        live = in_folder(tmp_path, environ, "show", "live").out
        return next(line for line in live.splitlines() if line.strip().startswith("c000001 "))

    assert " suspended " in status_after("suspend", "c000001", "--reason", "unpaid")
    assert " active " in status_after("resume", "c000001")
    assert " suspended " in status_after("suspend", "c000001", "--reason", "unpaid again")
    assert "No changes." in in_folder(tmp_path, environ, "plan").out

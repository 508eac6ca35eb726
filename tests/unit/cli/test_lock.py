"""``resellerplan lock``: who runs an apply now, and what happens to a run whose lock is taken away."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from resellerplan.applying.journal import Runs
from resellerplan.applying.lock import Holder, RunLock, held_locks, lock_name, take_lock
from resellerplan.applying.step import lower
from resellerplan.errors import JournalError
from tests.support.command_line import Ran, resellerplan
from tests.support.estates import customer, desired, live, plan_of

SINCE = datetime(2026, 11, 23, 10, 40, 2, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[3] / "examples"
PANEL = "https://panel.example.net:9002"


def lock(folder: Path, *argv: str, answers: str | None = None, command: tuple[str, ...] = ("lock",)) -> Ran:
    return resellerplan(*command, *argv, environ={"RESELLERPLAN_DATA_DIR": str(folder)}, folder=folder, answers=answers)


def taken(folder: Path, reseller: str = "brightweb", panel: str = PANEL) -> RunLock:
    holder = Holder(name=lock_name(reseller, panel), reseller=reseller, panel=panel, who="petra@desk-3", since=SINCE.isoformat())
    return take_lock(folder / "runs", holder, 0)


def runs_in(folder: Path, who: str = "p@q") -> Runs:
    return Runs(folder=folder / "kept", lock_folder=folder / "runs", reseller="brightweb", panel=PANEL, now=lambda: SINCE, who=who)


def test_who_holds_the_lock_on_which_machine_and_since_when_is_shown(tmp_path: Path) -> None:
    held = taken(tmp_path)
    ran = lock(tmp_path, "show")
    held.release()
    assert ran.code == 0
    assert ran.out.splitlines() == [
        f"brightweb at {PANEL}: an apply is running",
        f"  by petra@desk-3 (process {os.getpid()}), since 2026-11-23 10:40:02 UTC",
        f"  lock: {lock_name('brightweb', PANEL)}",
    ]


def test_a_lock_that_nobody_holds_any_more_is_not_shown(tmp_path: Path) -> None:
    assert lock(tmp_path, "show").out == "No apply is running.\n"
    taken(tmp_path).release()
    assert lock(tmp_path, "show").out == "No apply is running.\n"
    assert lock(tmp_path, "release").out == "No apply is running.\n"


def test_who_is_waited_for_is_told_once_and_nobody_where_nobody_waits(tmp_path: Path) -> None:
    is_held, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        held = taken(tmp_path)
        is_held.set()
        may_go.wait(60)
        held.release()

    holding = threading.Thread(target=hold)
    holding.start()
    assert is_held.wait(60)
    heard: list[Holder] = []

    def waits_for(holder: Holder) -> None:
        heard.append(holder)
        may_go.set()

    mine = Holder(name=lock_name("brightweb", PANEL), reseller="brightweb", panel=PANEL, who="me@here", since=SINCE.isoformat())
    with pytest.raises(JournalError, match="another apply is running"):
        take_lock(tmp_path / "runs", mine, 0, waits_for)
    assert heard == []
    take_lock(tmp_path / "runs", mine, 60, waits_for).release()
    holding.join(60)
    assert [holder.who for holder in heard] == ["petra@desk-3"]
    take_lock(tmp_path / "runs", mine, 60, waits_for).release()
    assert len(heard) == 1


@pytest.mark.parametrize(("given", "told"), [("0.2", "0.2 s"), ("0.001m", "0.06 s"), ("0.1s", "0.1 s")])
def test_an_apply_that_waits_says_for_whom_and_how_long(tmp_path: Path, given: str, told: str) -> None:
    environ = {
        "HOME": str(tmp_path),
        "RESELLERPLAN_DATA_DIR": str(tmp_path),
        "RESELLERPLAN_URL": "embedded:p.sqlite",
        "MUELLER_PASSWORD": "Mueller-Pw1!",
        "SCHMIDT_PASSWORD": "Schmidt-Pw1!",
    }
    seed = ("panel", "seed", "p.sqlite", "--start", str(EXAMPLES / "panel.yaml"))
    assert resellerplan(*seed, environ=environ, folder=tmp_path).code == 0
    held = taken(tmp_path, panel=f"embedded:{(tmp_path / 'p.sqlite').resolve()}")
    ran = resellerplan(
        "apply", str(EXAMPLES / "webpanel-guide"), "--auto-approve", "--lock-timeout", given, environ=environ, folder=tmp_path
    )
    held.release()
    assert ran.code == 1
    lines = ran.err.splitlines()
    assert lines[0] == f"Waiting for another apply of brightweb, at most {told} (--lock-timeout)"
    assert lines[1].startswith("  by petra@desk-3 (process ")
    assert "Error: another apply is running for brightweb" in lines


@pytest.mark.parametrize("given", ["soon", "s", "-1", "1d"])
def test_a_waiting_time_that_is_none_is_bad_usage(given: str) -> None:
    ran = resellerplan("apply", "--lock-timeout", given, environ={})
    assert (ran.code, "--lock-timeout" in ran.err) == (64, True)


def test_a_note_that_is_damaged_hides_no_lock(tmp_path: Path) -> None:
    held = taken(tmp_path)
    for damage in ("[1]", "{", '{"since": "x"}'):
        next((tmp_path / "runs").glob("*.holder")).write_text(damage, encoding="utf-8")
        ran = lock(tmp_path, "show")
        assert ran.code == 0
        assert lock_name("brightweb", PANEL) in ran.out
        assert "by somebody" in ran.out
    held.release()


@pytest.mark.parametrize("command", [("lock", "release"), ("force-unlock",)])
def test_a_lock_is_released_only_by_somebody_who_says_yes(tmp_path: Path, command: tuple[str, ...]) -> None:
    held = taken(tmp_path)
    nobody = lock(tmp_path, command=command)
    assert nobody.code == 1
    assert "--auto-approve" in nobody.err
    assert lock(tmp_path, command=command, answers="no\n").code == 1
    assert held.still_ours()
    released = lock(tmp_path, command=command, answers="yes\n")
    assert released.code == 0
    assert "petra@desk-3" in released.err
    assert not held.still_ours()
    assert held_locks(tmp_path / "runs") == ()
    held.release()


def test_the_reseller_or_the_lock_is_named_where_several_are_held(tmp_path: Path) -> None:
    first, second = taken(tmp_path), taken(tmp_path, "darkweb")
    assert lock(tmp_path, "release", "--auto-approve").code == 64
    wrong = lock(tmp_path, "release", "nobody", "--auto-approve")
    assert wrong.code == 64
    assert "no apply is running for nobody" in wrong.err
    assert lock(tmp_path, "release", "darkweb", "--auto-approve").code == 0
    assert [one.reseller for one in held_locks(tmp_path / "runs")] == ["brightweb"]
    assert lock(tmp_path, "release", lock_name("brightweb", PANEL), "--auto-approve").code == 0
    assert held_locks(tmp_path / "runs") == ()
    first.release()
    second.release()


def test_a_run_whose_lock_was_taken_away_sends_nothing_more_and_another_may_begin(tmp_path: Path) -> None:
    (step,) = lower(plan_of(desired(customer()), live()))
    runs = runs_in(tmp_path)
    with runs.begin(()) as journal:
        journal.intend(step)
        assert lock(tmp_path, "release", "--auto-approve").code == 0
        with pytest.raises(JournalError, match="took this run's lock away"):
            journal.intend(step)
        with runs_in(tmp_path, who="other@q").begin(()) as other:
            other.intend(step)
            with pytest.raises(JournalError, match="took this run's lock away"):
                journal.intend(step)


def test_runs_keep_each_other_out_wherever_their_journals_are_kept(tmp_path: Path) -> None:
    elsewhere = Runs(
        folder=tmp_path / "artifacts", lock_folder=tmp_path / "runs", reseller="brightweb", panel=PANEL, now=lambda: SINCE
    )
    with runs_in(tmp_path).begin(()), pytest.raises(JournalError, match="another apply is running") as caught:
        elsewhere.begin(())
    assert f"`resellerplan lock release {lock_name('brightweb', PANEL)}`" in (caught.value.hint or "")

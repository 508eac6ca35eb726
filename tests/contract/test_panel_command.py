"""``resellerplan panel``: seed, serve, dump, outbox, log; and the page on ``/`` (world's command line)."""

from __future__ import annotations

import contextlib
import io
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from resellerplan.cli.main import main
from resellerplan.simpanel.embedded import open_panel
from resellerplan.simpanel.faces.exchange import Request
from resellerplan.simpanel.pages import Pages
from tests.contract.lab import EF, SMALL_WORLD, Lab


def run(*arguments: str) -> tuple[int, str, str]:
    """The command line in this process: exit code, standard output, standard error."""
    out, err = io.StringIO(), io.StringIO()
    code = main(arguments, {}, stdin=io.StringIO(), stdout=out, stderr=err)
    return code, out.getvalue(), err.getvalue()


@contextlib.contextmanager
def served(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """``panel serve`` as a process of its own, once it is ready: the process and its first line."""
    command = [sys.executable, "-m", "resellerplan", "panel", "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline()
        finally:
            if process.poll() is None:
                process.kill()


@pytest.fixture
def world(tmp_path: Path) -> Path:
    path = tmp_path / "world.yaml"
    path.write_text(SMALL_WORLD, "utf-8")
    return path


def test_seed_makes_a_panel_that_embedded_can_use(tmp_path: Path, world: Path) -> None:
    file = tmp_path / "p.sqlite"
    code, out, err = run("panel", "seed", str(file), "--start", str(world), "--flavour", "solidcp-1.5", "--as", "darkweb")
    assert (code, out) == (0, f"{file}: a solidcp-1.5 panel, log-in darkweb\n")
    assert f"embedded:{file}" in err
    assert "no place for real customers' data" in err


def test_seed_without_a_world_makes_one_to_play_with(tmp_path: Path) -> None:
    file = tmp_path / "p.sqlite"
    assert run("panel", "seed", str(file))[1] == f"{file}: a fusecp-2-ef panel, log-in brightweb\n"
    panel = open_panel(file)
    try:
        with panel.store.reading() as db:
            assert db.execute("SELECT count(*) FROM packages").fetchone()[0] == 2
    finally:
        panel.close()


def test_a_wrong_world_leaves_no_file(tmp_path: Path) -> None:
    file, wrong = tmp_path / "p.sqlite", tmp_path / "w.yaml"
    wrong.write_text("users: [{username: x, owner: niemand}]", "utf-8")
    code, _, err = run("panel", "seed", str(file), "--start", str(wrong))
    assert code == 1
    assert "users[0] (x): there is no user niemand" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["w.yaml"]


@pytest.mark.parametrize("arguments", [("--defect", "nope"), ("--flavour", "nope")])
def test_seed_refuses_what_there_is_not(tmp_path: Path, arguments: tuple[str, str]) -> None:
    assert run("panel", "seed", str(tmp_path / "p.sqlite"), *arguments)[0] == 64


def test_an_existing_file_is_not_seeded_again(tmp_path: Path) -> None:
    file = str(tmp_path / "p.sqlite")
    assert run("panel", "seed", file)[0] == 0
    code, _, err = run("panel", "seed", file)
    assert code == 1
    assert "already exists" in err


def test_defects_switched_at_seeding_stay_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "p.sqlite"
    run("panel", "seed", str(file), "--defect", "identity_lost", "--no-defect", "leaf_usage_zero")
    panel = open_panel(file)
    try:
        assert "identity_lost" in panel.flavour.defects
        assert "leaf_usage_zero" not in panel.flavour.defects
    finally:
        panel.close()


def test_dump_writes_a_world_that_seeds_again(tmp_path: Path, world: Path) -> None:
    first, again, second = tmp_path / "a.sqlite", tmp_path / "a.yaml", tmp_path / "b.sqlite"
    run("panel", "seed", str(first), "--start", str(world))
    again.write_text(run("panel", "dump", str(first))[1], "utf-8")
    run("panel", "seed", str(second), "--start", str(again))
    assert run("panel", "dump", str(second))[1] == again.read_text("utf-8")
    assert yaml.safe_load(again.read_text("utf-8"))["users"][0]["username"] == "brightweb"


def test_the_outbox_is_listed_and_shown(tmp_path: Path, world: Path) -> None:
    file = tmp_path / "p.sqlite"
    run("panel", "seed", str(file), "--start", str(world))
    assert run("panel", "outbox", str(file))[1] == "no letters\n"
    panel = open_panel(file)
    try:
        given = {"userId": 4, "to": None, "cc": None}
        assert panel.call("esPackages", "SendAccountSummaryLetter", Lab.credentials("brightweb", "Kunde-Pw1!"), given) == 0
    finally:
        panel.close()
    assert "petra@mueller.example" in run("panel", "outbox", str(file))[1]
    letter = run("panel", "outbox", str(file), "1")[1]
    assert "To: petra@mueller.example" in letter
    assert "Kunde-Pw1!" in letter
    assert run("panel", "outbox", str(file), "2")[0] == 64
    assert '"to": "petra@mueller.example"' in run("panel", "outbox", str(file), "--json")[1]


@pytest.mark.loopback
def test_serve_says_that_it_is_ready_and_ends_on_a_signal() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        with served() as (process, line):
            assert re.fullmatch(r"ready http://127\.0\.0\.1:\d+ fusecp-2-ef\n", line)
            started = time.monotonic()
            process.send_signal(number)
            assert process.wait(5) == 0
            assert time.monotonic() - started < 2
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.read() == ""
            assert "no place for real customers' data" in process.stderr.read()


@pytest.mark.loopback
def test_serve_keeps_a_store_and_its_log_of_requests(tmp_path: Path, world: Path) -> None:
    file = tmp_path / "p.sqlite"
    with served("--store", str(file), "--start", str(world), "--flavour", "solidcp-1.5") as (process, line):
        url = line.split()[1]
        with urllib.request.urlopen(f"{url}/", timeout=10) as reply:
            page = reply.read().decode("utf-8")
        assert "brightweb" in page
        assert "<script" not in page
        process.terminate()
        assert process.wait(5) == 0
    assert "GET /" in run("panel", "log", str(file))[1]
    # The flavour is fixed for the life of a store, and --start belongs to an empty one.
    assert run("panel", "serve", "--store", str(file), "--start", str(world), "--port", "0")[0] == 64
    assert run("panel", "serve", "--store", str(file), "--flavour", "fusecp-2-ef", "--port", "0")[0] == 64
    assert run("panel", "serve", str(file), "--store", str(file), "--port", "0")[0] == 64
    with served(str(file)) as (process, line):
        assert line.endswith(" solidcp-1.5\n")
        process.terminate()
        _, err = process.communicate(timeout=5)
    assert f"RESELLERPLAN_URL={line.split()[1]} RESELLERPLAN_USERNAME=brightweb" in err
    assert f"resellerplan panel dump {file}" in err


@pytest.mark.loopback
def test_a_port_in_use_is_said() -> None:
    with served() as (_, line):
        port = line.split()[1].rpartition(":")[2]
        code, _, err = run("panel", "serve", "--port", port)
        assert code == 64
        assert "can't listen" in err


HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=y>"


def test_the_page_escapes_everything() -> None:
    with Lab(EF) as lab:
        lab.add_user("boese", FirstName=HOSTILE, LastName=HOSTILE, Email=HOSTILE)
        lab.write("UPDATE users SET username = ?, username_key = 'x' WHERE user_id = 4", HOSTILE)
        lab.write("UPDATE packages SET package_name = ?", HOSTILE)
        lab.write("UPDATE hosting_plans SET plan_name = ?, recurring_price = ?", HOSTILE, HOSTILE)
        lab.write("INSERT INTO domains (package_id, domain_name, domain_key) VALUES (4, ?, 'x')", HOSTILE)
        lab.write("INSERT INTO outbox (sent, letter, recipient, subject, body) VALUES ('x', ?, ?, ?, 'x')", *[HOSTILE] * 3)
        reply = Pages(lab.panel)(Request("GET", "/", query="reseller=%3Cscript%3E"))
        assert reply is not None
        page = b"".join(reply.blocks).decode("utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert page.count("&lt;script&gt;") >= 9
    for dangerous in ("<script", "<img", "onerror=y>", "<b>"):
        assert dangerous not in page.replace("&lt;", "")
    assert "default-src 'none'" in (reply.header("Content-Security-Policy") or "")


def test_the_page_shows_each_reseller_and_no_password() -> None:
    with Lab(EF) as lab:
        pages = Pages(lab.panel)
        assert pages(Request("GET", "/elsewhere")) is None
        for name, customer, other in (("brightweb", "mueller", "finster"), ("darkweb", "finster", "mueller")):
            reply = pages(Request("GET", "/", query=f"reseller={name}"))
            assert reply is not None
            page = b"".join(reply.blocks).decode("utf-8")
            assert f">{customer}<" in page
            assert f">{other}<" not in page
            assert "Kunde-Pw1!" not in page


def test_a_fresh_panel_has_a_page_too() -> None:
    with Lab(EF, world="{}") as lab:
        reply = Pages(lab.panel)(Request("GET", "/"))
        assert reply is not None
        assert b"There is no reseller here yet" in b"".join(reply.blocks)

"""Edits reach the disk whole or not at all, and never over somebody else's work; nothing needs a POSIX-only module."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from resellerplan.diagnostics import Severity
from resellerplan.manifest.edit import Splice
from resellerplan.manifest.saving import FileChange, save
from tests.support.command_line import resellerplan

MANIFEST = "version: 1\ncustomers:\n  - {username: a, email: a@a.example, password: {env: A}}\n"


def change(name: str, before: bytes | None, after: bytes) -> FileChange:
    text = (before or b"").decode()
    return FileChange(name=name, before=before, after=after, text=text, splices=(Splice(0, len(text), after.decode()),))


def test_a_file_that_changed_meanwhile_stops_all_changes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"somebody else's")
    wrong = save([change("a", b"1", b"2"), change("b", b"1", b"2"), change("c", b"gone", b"2")], tmp_path)
    assert [(one.code, one.severity, one.place and one.place.file) for one in wrong] == [
        ("RP1801", Severity.ERROR, "b"),
        ("RP1801", Severity.ERROR, "c"),
    ]
    assert (tmp_path / "a").read_bytes() == b"1"
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]


def test_a_new_file_never_takes_the_place_of_one_that_came_meanwhile(tmp_path: Path) -> None:
    (tmp_path / "new").write_bytes(b"theirs")
    assert [one.code for one in save([change("new", None, b"ours")], tmp_path)] == ["RP1801"]
    assert (tmp_path / "new").read_bytes() == b"theirs"


def test_mode_and_links_stay(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"1")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("real")
    assert save([change("link", b"1", b"2")], tmp_path) == ()
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"2"
    assert stat.S_IMODE((tmp_path / "real").stat().st_mode) == 0o640
    assert sorted(os.listdir(tmp_path)) == ["link", "real"]


def test_what_can_not_be_written_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    wrong = save([change("file/below", None, b"2")], tmp_path)
    assert [one.code for one in wrong] == ["RP1809"]
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize("folder", ["Kunden und Pläne", "a b/ü"])
def test_paths_with_blanks_and_umlauts_are_fine(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / "resellerplan.yaml").write_text(MANIFEST)
    ran = resellerplan(
        "customer",
        "add",
        "neu",
        "--email",
        "n@n.example",
        "--password-env",
        "N",
        "--no-check",
        "--manifest",
        folder,
        folder=tmp_path,
    )
    assert (ran.code, f"+++ {folder}/resellerplan.yaml" in ran.out) == (0, True)
    assert "username: neu" in (tmp_path / folder / "resellerplan.yaml").read_text()


BLOCKED = "fcntl,pwd,grp,termios"


@pytest.mark.parametrize(
    "args",
    [
        ["validate"],
        ["fmt", "--check"],
        ["customer", "add", "neu", "--email", "n@n.example", "--password-env", "N", "--no-check"],
        ["suspend", "a", "--reason", "grüßt → Müller"],
    ],
)
def test_nothing_posix_only_is_imported_and_an_old_console_does_not_break(tmp_path: Path, args: list[str]) -> None:
    (tmp_path / "resellerplan.yaml").write_text(
        MANIFEST.replace("username: a", "username: a, company: Müller → Söhne"), encoding="utf-8"
    )
    program = (
        f"import sys\nfor name in '{BLOCKED}'.split(','): sys.modules[name] = None\n"
        "from resellerplan.cli.main import from_process\n"
        f"sys.exit(from_process({args!r}))\n"
    )
    environ = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "cp1252:strict", "HOME": str(tmp_path), "PYTHONUTF8": "0"}
    ran = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environ, capture_output=True, check=False)
    assert ran.returncode in (0, 1), ran.stderr.decode("cp1252", "replace")
    assert b"Traceback" not in ran.stderr
    assert b"internal" not in ran.stderr.lower()
    if args[0] != "fmt":
        assert ran.returncode == 0, ran.stderr.decode("cp1252", "replace")

"""Generated passwords: made, checked for where they would go, handed over, never overwritten."""

from __future__ import annotations

import os
import random
import stat
import sys
from pathlib import Path

import pyrage
import pytest

from resellerplan.applying.sinks import Grounds, check_sink, fill_sink, make_password
from resellerplan.errors import SecretUnavailable
from resellerplan.model.customer import AgeSink, CommandSink, FileSink, Sink
from resellerplan.model.values import Secret

SECRET = Secret("canary-ü-1")


@pytest.mark.parametrize("length", [1, 4, 12, 71])
def test_a_password_has_its_length_and_all_classes_where_they_fit(length: int) -> None:
    text = make_password(length, random.Random(7).choice).reveal()
    assert len(text) == length
    if length >= 4:
        assert any(one.isupper() for one in text)
        assert any(one.islower() for one in text)
        assert any(one.isdigit() for one in text)
        assert any(not one.isalnum() for one in text)
    assert not set(text) & set("Il1O0 '\"\\&<>")


def test_a_file_is_for_its_owner_alone_and_is_never_overwritten(tmp_path: Path) -> None:
    fill_sink(FileSink("new/mueller"), SECRET, tmp_path)
    path = tmp_path / "new" / "mueller"
    assert path.read_text(encoding="utf-8") == "canary-ü-1\n"
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(SecretUnavailable, match="is there already") as caught:
        fill_sink(FileSink("new/mueller"), Secret("other"), tmp_path)
    assert "not overwritten" in caught.value.detail
    assert path.read_text(encoding="utf-8") == "canary-ü-1\n"


def test_a_file_that_cant_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for path in ("file/mueller", "x" * 300):
        with pytest.raises(SecretUnavailable, match="can't be written"):
            fill_sink(FileSink(path), SECRET, tmp_path)


def test_an_age_file_can_be_read_by_its_recipients_only(tmp_path: Path) -> None:
    mine, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    fill_sink(AgeSink("m.age", (str(mine.to_public()),)), SECRET, tmp_path)
    data = (tmp_path / "m.age").read_bytes()
    assert b"canary" not in data
    assert pyrage.decrypt(data, [mine]).decode() == "canary-ü-1"
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(data, [other])


@pytest.mark.parametrize(("recipients", "said"), [((), "no recipient"), (("age1nonsense",), "no age key")])
def test_an_age_file_needs_recipients(tmp_path: Path, recipients: tuple[str, ...], said: str) -> None:
    with pytest.raises(SecretUnavailable, match=said):
        fill_sink(AgeSink("m.age", recipients), SECRET, tmp_path)
    assert not (tmp_path / "m.age").exists()


def test_age_without_its_package_says_how_to_get_it(tmp_path: Path) -> None:
    """Hidden as a missing package is: by an entry that the import system takes for "not there"."""
    hidden = sys.modules.pop("pyrage")
    sys.modules["pyrage"] = None  # type: ignore[assignment]  # what a missing module looks like
    try:
        with pytest.raises(SecretUnavailable, match="not installed") as caught:
            fill_sink(AgeSink("m.age", ("age1x",)), SECRET, tmp_path)
        assert "resellerplan[age]" in caught.value.hint
    finally:
        sys.modules["pyrage"] = hidden


def test_a_command_gets_the_password_on_its_standard_input_alone(tmp_path: Path) -> None:
    code = "import sys; open('got', 'wb').write(sys.stdin.buffer.read()); print(sys.argv[1:])"
    fill_sink(CommandSink((sys.executable, "-c", code)), SECRET, tmp_path)
    assert (tmp_path / "got").read_text(encoding="utf-8") == "canary-ü-1\n"


@pytest.mark.parametrize("argv", [("no-such-program-here",), (sys.executable, "-c", "raise SystemExit(3)")])
def test_a_command_that_does_not_take_it_is_told_without_the_password(tmp_path: Path, argv: tuple[str, ...]) -> None:
    with pytest.raises(SecretUnavailable, match="did not take the password") as caught:
        fill_sink(CommandSink(argv), SECRET, tmp_path)
    assert "canary" not in f"{caught.value} {caught.value.detail} {caught.value.hint}"


COMMAND = CommandSink(("vault",))


@pytest.mark.parametrize(
    ("sink", "in_ci", "refused"),
    [
        (COMMAND, False, ""),
        (COMMAND, True, ""),
        (FileSink("../outside/m"), False, ""),
        (FileSink("inside/m"), False, "lies in the repository"),
        (FileSink("../outside/m"), True, "plain text on a machine"),
        (AgeSink("m.age", ("age1x",)), False, ""),
        (AgeSink("m.age", ("age1x",)), True, "lost with this machine"),
        (AgeSink("artifacts/m.age", ("age1x",)), True, ""),
        (AgeSink("artifacts/../m.age", ("age1x",)), True, "lost with this machine"),
    ],
)
def test_a_place_where_a_password_would_be_open_or_lost_is_refused(tmp_path: Path, sink: Sink, in_ci: bool, refused: str) -> None:
    repository = tmp_path / "repository"
    grounds = Grounds(folder=repository, repository=repository, in_ci=in_ci, artifacts=repository / "artifacts")
    if refused:
        with pytest.raises(SecretUnavailable, match=refused):
            check_sink(sink, grounds)
    else:
        check_sink(sink, grounds)


def test_without_a_repository_or_a_folder_of_artifacts_the_rules_still_hold(tmp_path: Path) -> None:
    check_sink(FileSink("m"), Grounds(folder=tmp_path))
    with pytest.raises(SecretUnavailable):
        check_sink(AgeSink("m.age", ("age1x",)), Grounds(folder=tmp_path, in_ci=True))

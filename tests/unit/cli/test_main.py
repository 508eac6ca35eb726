"""The command line's own promises: exit codes, the error boundary, variables for flags."""

from __future__ import annotations

import io
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from resellerplan import __version__
from resellerplan.cli.bug_report import keep_trace
from resellerplan.cli.main import COMMANDS, main, with_variables
from resellerplan.errors import UsageError
from tests.support.command_line import resellerplan


class Refuses(io.StringIO):
    """A stream whose first write fails in a way nobody expects; it says what was to be written."""

    def write(self, text: str) -> int:
        raise LookupError("no such luck")


class Stopped(io.StringIO):
    """A stream at which the person presses Ctrl-C."""

    def write(self, text: str) -> int:
        raise KeyboardInterrupt


class Broken(io.StringIO):
    """A pipe whose reader has gone."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_the_version_is_answered_before_anything_else_is_imported() -> None:
    listing = "import sys; sys.argv = ['resellerplan', '--version']\nfrom resellerplan.__main__ import run\nrun()\n" + (
        "print(sorted({'click', 'yaml', 'httpx', 'jinja2', 'typing', 'dataclasses'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{listing}"], capture_output=True, text=True
    )
    assert done.stdout == f"resellerplan {__version__}\n[]\n", done.stderr


def test_bad_usage_ends_with_64_and_names_the_help_page() -> None:
    ran = resellerplan("version", "--no-such-flag")
    assert ran.code == 64
    assert ran.out == ""
    assert "--no-such-flag" in ran.err
    assert "hint: `resellerplan version --help` shows what it takes" in ran.err


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("plam", "`resellerplan plan`"), ("import", "`resellerplan init`"), ("destroy", "`state: absent`"), ("serve", "panel serve`")],
)
def test_a_command_that_is_not_there_names_what_may_be_meant(typed: str, meant: str) -> None:
    ran = resellerplan(typed, environ={})
    assert (ran.code, meant in ran.err) == (64, True)


def test_a_command_like_no_other_names_nothing() -> None:
    ran = resellerplan("xyzzy", environ={})
    assert (ran.code, "Did you mean" in ran.err) == (64, False)


@pytest.mark.parametrize(("typed", "hint"), [("koch", "customer.koch"), ("jäger", 'customer["jäger"]'), ("space[", "")])
def test_a_bare_name_for_a_letter_is_told_how_it_is_written(typed: str, hint: str) -> None:
    ran = resellerplan("letter", "show", typed, environ={})
    assert ran.code == 64
    assert ("hint:" in ran.err) == bool(hint)
    assert hint in ran.err


def test_an_unknown_command_ends_with_64() -> None:
    assert resellerplan("destroy-everything").code == 64


def test_a_bug_of_ours_ends_with_70_and_leaves_its_trace_in_a_file_of_its_owner_alone(tmp_path: Path) -> None:
    err = io.StringIO()
    code = main(["version"], {"RESELLERPLAN_DATA_DIR": str(tmp_path)}, stdout=Refuses(), stderr=err)
    assert code == 70
    assert "Traceback" not in err.getvalue()
    (kept,) = (tmp_path / "bugs").iterdir()
    assert str(kept) in err.getvalue()
    assert "LookupError: no such luck" in kept.read_text(encoding="utf-8")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_trace_holds_no_values_of_flags(tmp_path: Path) -> None:
    keep_trace(LookupError("x"), ["plan", "--var=name=canary", "canary.yaml", "-v"], {"RESELLERPLAN_DATA_DIR": str(tmp_path)})
    (kept,) = (tmp_path / "bugs").iterdir()
    text = kept.read_text(encoding="utf-8")
    assert "command: plan --var -v" in text
    assert "canary" not in text


def test_an_interruption_ends_with_130() -> None:
    assert main(["version"], {}, stdout=Stopped(), stderr=io.StringIO()) == 130


def test_a_reader_that_has_gone_is_no_bug(tmp_path: Path) -> None:
    assert main(["version"], {"RESELLERPLAN_DATA_DIR": str(tmp_path)}, stdout=Broken(), stderr=io.StringIO()) == 1
    assert not (tmp_path / "bugs").exists()


def test_help_names_every_command_and_imports_none() -> None:
    ran = resellerplan("--help")
    assert ran.code == 0
    for name in COMMANDS:
        assert f"  {name} " in ran.out


def test_help_fits_80_columns() -> None:
    assert max(map(len, resellerplan("--help").out.splitlines())) <= 80


def test_arguments_from_variables_stand_behind_the_command_and_before_what_is_typed() -> None:
    environ = {"RESELLERPLAN_CLI_ARGS": "--no-color", "RESELLERPLAN_CLI_ARGS_plan": "--target 'plan[\"Web S\"]'"}
    assert with_variables(["-C", "plan", "plan", "x"], environ) == [
        "-C",
        "plan",
        "plan",
        "--no-color",
        "--target",
        'plan["Web S"]',
        "x",
    ]
    assert with_variables(["show", "live", "spaces"], environ) == ["show", "live", "--no-color", "spaces"]
    assert with_variables(["--help"], environ) == ["--help"]


def test_arguments_that_can_not_be_split_are_bad_usage() -> None:
    with pytest.raises(UsageError, match="RESELLERPLAN_CLI_ARGS can't be split"):
        with_variables(["plan"], {"RESELLERPLAN_CLI_ARGS": "'"})


def test_a_folder_that_is_not_there_is_bad_usage(tmp_path: Path) -> None:
    ran = resellerplan("-C", str(tmp_path / "nowhere"), "version")
    assert ran.code == 64
    assert "can't work in" in ran.err


def test_the_configuration_file_must_be_a_mapping(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("- parallelism\n", encoding="utf-8")
    ran = resellerplan("version", environ={"RESELLERPLAN_CONFIG": str(file)})
    assert ran.code == 64
    assert "no mapping" in ran.err


def test_a_configuration_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    assert resellerplan("version", environ={"RESELLERPLAN_CONFIG": str(tmp_path / "none.yaml")}).code == 64


@pytest.mark.parametrize(("flags", "variables"), [(["-vv"], {}), ([], {"RESELLERPLAN_LOG": "debug"})])
def test_every_call_to_the_panel_is_logged_on_demand_and_no_secret_with_it(
    flags: list[str], variables: dict[str, str], tmp_path: Path
) -> None:
    assert resellerplan("panel", "seed", "panel.sqlite", folder=tmp_path).code == 0
    environ = {"RESELLERPLAN_URL": "embedded:panel.sqlite"}
    quiet = resellerplan("show", "live", environ=environ, folder=tmp_path)
    told = resellerplan("show", "live", *flags, environ={**environ, **variables}, folder=tmp_path)
    assert (quiet.code, told.code) == (0, 0)
    assert "GetUserByUsername" not in quiet.err
    assert re.search(r"DEBUG resellerplan\.panel: GetUserByUsername http://\S+: 200 in \d+\.\d{3} s", told.err)
    assert "password" not in told.err.casefold()


def test_a_log_level_that_is_none_is_bad_usage() -> None:
    assert resellerplan("version", environ={"RESELLERPLAN_LOG": "loud"}).code == 64

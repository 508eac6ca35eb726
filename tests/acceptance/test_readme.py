"""Every command block of the README is executed: what it shows is what a person gets."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.main import COMMANDS
from tests.support.command_line import resellerplan

TOP = Path(__file__).parents[2]
README = (TOP / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
CONSOLE = [text for kind, text in BLOCKS if kind == "console"]
SHELL = [text for kind, text in BLOCKS if kind == "sh"]
YAML = [text for kind, text in BLOCKS if kind == "yaml"]


def commands(block: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block with the output that stands below it (empty = not shown)."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, output = part.partition("\n")
        yield line, output.strip("\n")


def test_there_is_something_to_execute() -> None:
    assert len(CONSOLE) == 3
    assert len(SHELL) == 3
    assert len(YAML) == 1


@pytest.mark.parametrize("block", CONSOLE)
def test_a_console_block_does_what_it_shows(block: str, tmp_path: Path) -> None:
    shutil.copytree(TOP / "examples", tmp_path / "examples")
    environ = {"HOME": str(tmp_path / "home"), "RESELLERPLAN_PARALLELISM": "1"}
    if "panel seed" not in block:
        shutil.copytree(TOP / "examples" / "webpanel-guide", tmp_path, dirs_exist_ok=True)
        environ |= {"MUELLER_PASSWORD": "Fliesen-2026!", "SCHMIDT_PASSWORD": "Privat-2026!"}
        world = str(TOP / "examples" / "panel.yaml")
        assert resellerplan("panel", "seed", "panel.sqlite", "--start", world, environ=environ, folder=tmp_path).code == 0
    ran = 0
    for line, output in commands(block):
        words = shlex.split(line)
        if words[0] == "export":
            environ |= dict(word.split("=", 1) for word in words[1:])
            continue
        assert words[0] == "resellerplan"
        answers = "yes\n" if words[1] == "apply" and "--auto-approve" not in words else None
        done = resellerplan(*words[1:], environ=environ, folder=tmp_path, answers=answers)
        assert done.code == 0, done.err
        if output:
            assert done.out.strip("\n") == output
        ran += 1
    assert ran >= 2


@pytest.mark.parametrize("block", SHELL)
def test_a_shell_block_names_commands_and_targets_that_there_are(block: str) -> None:
    for line in block.strip().splitlines():
        words = shlex.split(line, comments=True)
        if words[0] == "make":
            assert re.search(rf"^{words[1]}:", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
            continue
        assert words[0] == "resellerplan"
        assert words[1] in COMMANDS
        helped = resellerplan(*[word for word in words[1:] if "://" not in word], "--help")
        assert helped.code == 0, helped.err


@pytest.mark.parametrize("block", YAML)
def test_the_manifest_of_the_readme_is_valid(block: str, tmp_path: Path) -> None:
    (tmp_path / "resellerplan.yaml").write_text(block, encoding="utf-8")
    done = resellerplan("validate", "--strict", folder=tmp_path)
    assert done.code == 0, done.err
    formed = resellerplan("fmt", "--check", folder=tmp_path)
    assert formed.code == 0, formed.err


def test_every_command_is_in_the_readme() -> None:
    for name in COMMANDS:
        assert re.search(rf"`{name}\b", README), name


def test_the_exit_codes_of_the_readme_are_the_programs() -> None:

    table = README.partition("## Exit codes")[2].partition("## ")[0]
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)} == {code.value for code in ExitCode}

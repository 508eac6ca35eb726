"""``validate``: exit codes, severities, formats, standard input; and that it needs no panel."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from resellerplan.cli.commands.validate import FORMATS
from resellerplan.cli.main import COMMANDS
from tests.support.command_line import resellerplan

ROOT = Path(__file__).parents[3]
UNUSED = "plans: [{name: W}]\n"


def _write(folder: Path, text: str) -> Path:
    (folder / "resellerplan.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_warning_passes_and_strict_makes_an_error_of_it(tmp_path: Path) -> None:
    folder = _write(tmp_path, UNUSED)
    passed = resellerplan("validate", folder=folder)
    assert (passed.code, passed.out) == (0, "")
    assert passed.err.endswith("Valid, with 1 warning: 0 customers, 1 plan, 0 spaces in 1 file. Nothing was asked of the panel.\n")
    assert resellerplan("validate", "--strict", folder=folder).code == 1
    assert resellerplan("validate", folder=folder, environ={"RESELLERPLAN_STRICT": "1"}).code == 1


def test_severities_can_be_set_by_flag_and_by_variable(tmp_path: Path) -> None:
    folder = _write(tmp_path, UNUSED)
    assert "RP1601" not in resellerplan("validate", "--severity", "RP1601=off", folder=folder).err
    assert resellerplan("validate", "--severity", "RP1601=error", folder=folder).code == 1
    assert resellerplan("validate", "--severity", "RP1601=note", "--strict", folder=folder).code == 0
    assert "note[RP1601]" in resellerplan("validate", "--severity", "RP1601=note", "-v", folder=folder).err
    assert resellerplan("validate", folder=folder, environ={"RESELLERPLAN_SEVERITY": "RP1601=error"}).code == 1


@pytest.mark.parametrize("given", ["RP1601", "RP1601=loud", "RP9999=off", "RP1401=off"])
def test_a_severity_that_can_not_be_meant_is_bad_usage(given: str, tmp_path: Path) -> None:
    ran = resellerplan("validate", "--severity", given, folder=_write(tmp_path, UNUSED))
    assert ran.code == 64
    assert "Error: --severity" in ran.err


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "text"])
def test_machines_get_their_format_alone_on_standard_output(form: str, tmp_path: Path) -> None:
    for text, code in (("customers: [{username: a, email: b}]\n", 1), ("customers: [{username: a}]\n", 0)):
        ran = resellerplan("validate", "--format", form, folder=_write(tmp_path, text))
        assert (ran.code, ran.err) == (code, "")
        assert ("RP1215" in ran.out) is (code == 1)


def test_a_manifest_may_come_by_standard_input(tmp_path: Path) -> None:
    ran = resellerplan("validate", "-", "--format", "json", folder=tmp_path, answers="customers: [{username: a, email: b}]\n")
    assert ran.code == 1
    assert json.loads(ran.out)["diagnostics"][0]["range"]["filename"] == "<stdin>"


def test_it_runs_without_any_log_in_and_imports_nothing_of_the_panel(tmp_path: Path) -> None:
    _write(tmp_path, "customers: [{username: a}]\n")
    code = (
        "import sys; from resellerplan.cli.main import from_process; code = from_process(['validate']); "
        "print(sorted(name for name in sys.modules if name.startswith(('resellerplan.panel', 'resellerplan.simpanel', 'httpx')))); "
        "sys.exit(code)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == "[]"


def test_the_hooks_for_pre_commit_take_the_manifest_as_a_whole() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert "resellerplan-validate" in {hook["id"] for hook in hooks}
    for hook in hooks:
        program, command = hook["entry"].split()
        assert program == "resellerplan"
        assert command in COMMANDS
        assert hook["pass_filenames"] is False  # two estates in one repository would be taken for one
        assert all(re.search(hook["files"], name) for name in ("resellerplan.yaml", "customers/a.yml"))


def test_every_example_is_valid() -> None:
    for example in sorted((ROOT / "examples").glob("*/resellerplan.yaml")):
        assert resellerplan("validate", str(example)).code == 0, example

"""Every rule of the embedded panel has a check, and every check fails when its rule is switched off."""

from __future__ import annotations

import importlib
from pathlib import Path

from resellerplan.simpanel.flavours import Defect
from resellerplan.simpanel.rules import RULES
from resellerplan.simpanel.services import load_all
from tests.contract.lab import CHECKS, DEFECT, Check


def _all_checks() -> list[Check]:
    """The checks of every test module of this folder, once each."""
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        importlib.import_module(f"tests.contract.{path.stem}")
    load_all()
    return list(CHECKS)


def _fails_without(check: Check) -> bool:
    try:
        check.run(off=(check.rule,))
    except Exception:
        return True
    except BaseException as outcome:
        # pytest's own "did not raise" is no Exception.
        return type(outcome).__name__ == "Failed"
    return False


def test_every_rule_has_a_check_and_every_check_names_a_rule() -> None:
    named = {check.rule for check in _all_checks()}
    assert set(RULES) - named == set()
    assert named - set(RULES) == {f"{DEFECT}{defect}" for defect in Defect} & named


def test_switching_a_rule_off_makes_its_checks_fail() -> None:
    checks = _all_checks()
    assert checks
    assert [f"{check.rule}: {check.name}" for check in checks if not _fails_without(check)] == []

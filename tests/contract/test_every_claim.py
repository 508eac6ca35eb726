"""Every listed claim of the panel documents has tests that exist, and the list in docs/panel says the same."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.contract.claims import CLAIMS, Claim

TESTS = Path(__file__).parents[1]
LIST = TESTS.parent / "docs" / "panel" / "claims.md"
DOCUMENTS = {
    "1x": "real-panel-1x.md",
    "db": "real-panel-1x-database.md",
    "C": "panel-contract.md, appendix C",
}


def where_tests_are() -> dict[str, str]:
    """Test name without ``test_`` -> its file."""
    found = {}
    for folder in ("contract", "wire"):
        for path in sorted((TESTS / folder).glob("test_*.py")):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                    found[node.name.removeprefix("test_")] = f"{folder}/{path.name}"
    return found


def rules_of_tests() -> dict[str, str]:
    """Test name without ``test_`` -> the rule that it is the check of."""
    found = {}
    for path in sorted((TESTS / "contract").glob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "checks":
                    found[node.name.removeprefix("test_")] = str(ast.literal_eval(mark.args[0]))
    return found


def as_markdown(claims: tuple[Claim, ...]) -> str:
    """The list for readers: a table per document, the files of the tests in place of their long names."""
    files, rules = where_tests_are(), rules_of_tests()
    lines = ["# Claims about SolidCP 1.x and the checklist of appendix C, and the tests that hold the embedded panel to them", ""]
    lines.append("Written from `tests/contract/claims.txt`, where the tests stand by name; a test keeps this list equal. A rule is")
    lines.append("a check of the panel with a switch (`defect.` and a name: a defect that can be switched): switched off, the test")
    lines.append("named for it fails. Where nothing can be switched off, the reason stands in its place.")
    for key, document in DOCUMENTS.items():
        lines += ["", f"## {document}", "", "| section | claim | rules | tests in |", "|---|---|---|---|"]
        for claim in claims:
            mark, number = claim.section.split(" ", 1)
            if mark == key:
                places = sorted({files.get(test, "?") for test in claim.tests})
                switched = sorted({rules[test] for test in claim.tests if test in rules})
                cells = (number.replace("s", "§"), claim.sentence, ", ".join(switched) or claim.reason, ", ".join(places))
                lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def missing(claims: tuple[Claim, ...]) -> list[str]:
    known = where_tests_are()
    return [f"{claim.section}: {test}" for claim in claims for test in claim.tests if test not in known]


def test_every_claim_names_tests_that_exist() -> None:
    assert missing(CLAIMS) == []
    assert all(claim.tests for claim in CLAIMS)
    assert missing((Claim("1x 2", "x", ("no_such_test",)),)) == ["1x 2: no_such_test"]


def test_every_claim_has_a_rule_that_can_be_switched_off_or_a_reason_why_not() -> None:
    rules = rules_of_tests()
    switched = {claim for claim in CLAIMS if any(test in rules for test in claim.tests)}
    assert [claim.sentence for claim in CLAIMS if (claim in switched) == bool(claim.reason)] == []


def test_every_section_of_the_reports_and_every_item_of_the_checklist_is_there() -> None:
    sections = {claim.section for claim in CLAIMS}
    assert {f"C {number}" for number in range(1, 18)} <= sections
    assert {"1x 2", "1x 3.1", "1x 3.2", "1x 3.3", "db 3.4", "db 4", "db 5.2", "db 5.3", "db 6.1", "db 6.4"} <= sections
    assert {"db 6.3", "db 6.5", "db 6.6", "db 7.3"} <= sections
    assert {f"db s4.{number}" for number in range(1, 19)} <= sections


def test_no_claim_is_listed_twice() -> None:
    told = [(claim.section, claim.sentence) for claim in CLAIMS]
    assert len(set(told)) == len(told)


def test_the_list_for_readers_is_the_list_of_claims() -> None:
    assert LIST.read_text(encoding="utf-8") == as_markdown(CLAIMS)

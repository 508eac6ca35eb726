"""Every broken manifest is told in exactly these words, and every code of the table has one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from resellerplan.manifest.codes import CODES
from tests.acceptance.validate.case import CASES, FOLDER, said_about

ELSEWHERE = {
    "RP1010": "eight million values take a quarter of a minute; smaller limits do (tests/unit/manifest_reading)",
    "RP1110": "a million entries take minutes; smaller limits do (tests/unit/manifest_reading)",
    "RP1021": "a file that changes while it is read needs a reader that waits for it (tests/unit/manifest_reading)",
    "RP1026": "needs a PyYAML without libyaml (tests/unit/manifest_reading)",
    "RP1120": "needs an installation without the extra (tests/unit/manifest_reading)",
    "RP1299": "needs a gate that disagrees with the walk (tests/unit/manifest_meaning)",
}
"""Codes that no folder can show, and where they are shown."""


@pytest.mark.parametrize("name", CASES)
def test_a_broken_manifest_is_told_in_exactly_these_words(name: str, tmp_path: Path) -> None:
    assert said_about(name, tmp_path) == (FOLDER / name / "expected").read_text(encoding="utf-8")


def _shown() -> dict[str, set[str]]:
    pattern = re.compile(r"^(?:error|warning|note)\[(RP\d+)\]", re.MULTILINE)
    return {name: set(pattern.findall((FOLDER / name / "expected").read_text(encoding="utf-8"))) for name in CASES}


def test_every_code_of_the_table_has_a_broken_manifest() -> None:
    shown = set().union(*_shown().values())
    validated = {code for code in CODES if not code.startswith("RP18")}  # edits have folders of their own (acceptance/edits)
    assert validated - shown == set(ELSEWHERE)
    assert shown <= set(CODES)


def test_a_case_shows_the_code_it_is_named_for() -> None:
    named = {name: name[:6].upper() for name in CASES if re.match(r"rp\d{4}-", name)}
    assert {name: code for name, code in named.items() if code not in _shown()[name]} == {}


def test_there_are_at_least_120_cases() -> None:
    assert len(CASES) >= 120


def test_a_summary_is_the_same_sentence_every_time() -> None:
    for name in CASES:
        for code, summary in re.findall(
            r"^(?:error|warning|note)\[(RP\d+)\]: (.*)$", (FOLDER / name / "expected").read_text(encoding="utf-8"), re.MULTILINE
        ):
            assert summary == CODES[code].summary

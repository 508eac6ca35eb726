"""Sentences that fit the reader's terminal."""

from __future__ import annotations

import pytest

from resellerplan.diagnostics import Finding, Note, Severity, Sources
from resellerplan.errors import ResellerPlanError
from resellerplan.report import error_text
from resellerplan.report.findings_text import findings_text
from resellerplan.report.fitting import fitted

SENTENCE = "run it once more, or say `resellerplan lock release brightweb-ace18907` if you know that it hangs"


def test_a_sentence_is_broken_between_words_and_hangs_below_its_head() -> None:
    assert fitted("one two three four five six seven eight nine ten", 40, head="hint: ") == [
        "hint: one two three four five six seven",
        "      eight nine ten",
    ]


def test_a_command_in_backticks_is_never_broken() -> None:
    lines = fitted(SENTENCE, 50, head="  hint: ", hang="    ")
    assert sum("`resellerplan lock release brightweb-ace18907`" in line for line in lines) == 1
    assert " ".join(line.strip() for line in lines) == f"hint: {SENTENCE}"


@pytest.mark.parametrize("width", [0, 10, 200])
def test_no_terminal_a_narrow_one_and_a_wide_one_leave_a_sentence_whole(width: int) -> None:
    assert fitted(SENTENCE, width) == [SENTENCE]


def test_a_word_longer_than_a_line_has_a_line_of_its_own() -> None:
    long = "x" * 60
    assert fitted(f"a {long} b", 40) == ["a", long, "b"]


def test_an_error_is_one_line_each_in_a_log_and_fits_on_a_terminal() -> None:
    error = ResellerPlanError("short", detail=f"- {SENTENCE}\n{SENTENCE}", hint=SENTENCE)
    assert len(error_text.render(error).splitlines()) == 4
    lines = error_text.render(error, width=60).splitlines()
    assert all(len(line) <= 60 for line in lines)
    assert lines[0] == "Error: short"
    assert " ".join(" ".join(lines).split()) == f"Error: short - {SENTENCE} {SENTENCE} hint: {SENTENCE}"


def test_findings_fit_too() -> None:
    finding = Finding(
        code="RP1201",
        severity=Severity.ERROR,
        summary="unknown key",
        label=SENTENCE,
        notes=(Note(SENTENCE),),
        hint=SENTENCE,
    )
    whole = findings_text([finding], Sources({}))
    assert [line.count(SENTENCE) for line in whole.splitlines()] == [0, 1, 1, 1]
    lines = findings_text([finding], Sources({}), columns=60).splitlines()
    assert all(len(line) <= 60 for line in lines)
    assert sum(line.startswith("   | ") for line in lines) > 1

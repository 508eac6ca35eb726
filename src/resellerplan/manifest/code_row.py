"""One row of the table of diagnostic codes."""

from __future__ import annotations

from dataclasses import dataclass

from resellerplan.diagnostics import Severity

__all__ = ["Code", "row", "tells", "warns"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One row: ``explanation`` says why it matters and what to do; ``wrong`` and ``right`` are short pieces of a manifest."""

    code: str
    severity: Severity
    summary: str
    explanation: str
    wrong: str = ""
    right: str = ""


def row(code: str, summary: str, explanation: str, *, wrong: str = "", right: str = "") -> Code:
    """A row whose finding stops the run."""
    return Code(code=code, severity=Severity.ERROR, summary=summary, explanation=explanation, wrong=wrong, right=right)


def warns(code: str, summary: str, explanation: str, *, wrong: str = "", right: str = "") -> Code:
    """A row whose finding is told and does not stop the run, unless ``--strict`` is given."""
    return Code(code=code, severity=Severity.WARNING, summary=summary, explanation=explanation, wrong=wrong, right=right)


def tells(code: str, summary: str, explanation: str, *, wrong: str = "", right: str = "") -> Code:
    """A row that only tells: what was assumed, shown where it is asked for."""
    return Code(code=code, severity=Severity.NOTE, summary=summary, explanation=explanation, wrong=wrong, right=right)

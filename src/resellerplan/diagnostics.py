"""Findings: what there is to tell about the user's files and about the panel, collected and shown in order.

A finding's ``summary`` is the same sentence every time and holds no words of the user's: people learn to recognise it, and
tools group by it. Names and values stand in ``label`` (under the caret) and in the notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Finding", "Note", "Place", "Severity", "Sources", "in_order"]


class Severity(StrEnum):
    """How much a finding weighs: an error stops, a warning does not, a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the heaviest."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: file as the user named it, line and column from 1 (columns in characters), and the end of it.

    ``end_column`` is exclusive and on ``end_line``; 0 for both means "this character only".
    """

    file: str
    line: int
    column: int
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Note:
    """A further remark below a finding, with a place of its own where it has one."""

    text: str
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to tell.

    ``code`` is stable and documented (``RP1204``); ``label`` stands under the caret; ``hint`` says what to do;
    ``address`` is the object concerned, as text.
    """

    code: str
    severity: Severity
    summary: str
    label: str = ""
    place: Place | None = None
    notes: tuple[Note, ...] = ()
    hint: str = ""
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """The texts that were read, by the name the user gave: what excerpts are cut from.

    ``secrets`` are passwords that stand in the texts: no excerpt may show them.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] = field(default=frozenset(), repr=False)

    def line(self, place: Place) -> str | None:
        """The line a place points at, without its line end; None where the text is not held (a binary table, say)."""
        text = self.texts.get(place.file)
        if text is None:
            return None
        lines = text.splitlines()
        return lines[place.line - 1] if 0 < place.line <= len(lines) else None


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings without repetition, by file, line, column, then weight and code; those without a place come last."""
    unique = dict.fromkeys(findings)
    return tuple(
        sorted(
            unique,
            key=lambda finding: (
                finding.place is None,
                finding.place or Place("", 0, 0),
                finding.severity.rank,
                finding.code,
                finding.label,
            ),
        )
    )

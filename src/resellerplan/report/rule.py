"""What a code stands for, for formats that carry the rules along: handed in by who knows the table."""

from __future__ import annotations

from dataclasses import dataclass

from resellerplan.diagnostics import Severity

__all__ = ["Rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A diagnostic code: its summary, its explanation and where to read more (empty = nowhere)."""

    code: str
    severity: Severity
    summary: str
    explanation: str
    help_uri: str = ""

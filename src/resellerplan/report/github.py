"""Findings as workflow commands of GitHub Actions, which shows them beside the lines of a change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from resellerplan.diagnostics import Finding, Severity
from resellerplan.neutralise import escape_invisible
from resellerplan.report.findings_text import note_text

__all__ = ["LIMIT", "findings_github"]

LIMIT: Final = 10
"""Annotations of one kind that GitHub keeps per step; more are dropped by it without a word."""

_COMMAND: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def findings_github(findings: Sequence[Finding]) -> str:
    """One command per finding. Beyond the limit of a kind the last one says how many there are that are not shown."""
    lines: list[str] = []
    for severity in Severity:
        lines += _of_kind([one for one in findings if one.severity is severity], _COMMAND[severity])
    return "\n".join(lines)


def _of_kind(findings: Sequence[Finding], command: str) -> Iterator[str]:
    shown = findings if len(findings) <= LIMIT else findings[: LIMIT - 1]
    for one in shown:
        yield f"::{command} {_properties(one)}::{_data(_message(one))}"
    if len(findings) > len(shown):
        more = f"{len(findings) - len(shown)} more of this kind; the log has all"
        yield f"::{command} title=resellerplan validate::{_data(more)}"


def _properties(finding: Finding) -> str:
    pairs = []
    if finding.place is not None:
        place = finding.place
        pairs = [("file", place.file), ("line", str(place.line))]
        if place.end_line in (0, place.line):
            pairs.append(("col", str(place.column)))
        # The runner takes columns only where a finding begins and ends in the same line, and drops them with a remark elsewhere.
        if place.end_line:
            pairs.append(("endLine", str(place.end_line)))
        if place.end_line == place.line:
            pairs.append(("endColumn", str(place.end_column)))
    pairs.append(("title", f"{finding.code} {finding.summary}"))
    return ",".join(f"{name}={_property(value)}" for name, value in pairs)


def _message(finding: Finding) -> str:
    parts = [finding.label or finding.summary, *(note_text(note) for note in finding.notes)]
    if finding.hint:
        parts.append(f"hint: {finding.hint}")
    return "\n".join(parts)


def _data(text: str) -> str:
    return escape_invisible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

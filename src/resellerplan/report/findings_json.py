"""Findings as JSON, in the shape of Terraform's ``validate -json``, so that what reads that reads this."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from resellerplan.diagnostics import Finding, Place, Severity, Sources
from resellerplan.report.excerpt import Excerpts
from resellerplan.report.findings_text import note_text

__all__ = ["FORMAT_VERSION", "diagnostic", "findings_json"]

FORMAT_VERSION = "1.0"


def findings_json(findings: Sequence[Finding], sources: Sources) -> str:
    """``{format_version, valid, error_count, warning_count, diagnostics}``; columns count Unicode characters."""
    excerpts = Excerpts(sources)
    errors = sum(1 for one in findings if one.severity is Severity.ERROR)
    warnings = sum(1 for one in findings if one.severity is Severity.WARNING)
    document = {
        "format_version": FORMAT_VERSION,
        "valid": errors == 0,
        "error_count": errors,
        "warning_count": warnings,
        "diagnostics": [diagnostic(one, excerpts) for one in findings],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def diagnostic(finding: Finding, excerpts: Excerpts) -> dict[str, Any]:
    """One finding as a diagnostic."""
    parts = [finding.label, *(note_text(note) for note in finding.notes)]
    if finding.hint:
        parts.append(f"hint: {finding.hint}")
    entry: dict[str, Any] = {
        "severity": finding.severity.value,
        "code": finding.code,
        "summary": finding.summary,
        "detail": "\n".join(part for part in parts if part),
    }
    if finding.address:
        entry["address"] = finding.address
    if finding.place is not None:
        entry["range"] = _range(finding.place, excerpts)
        snippet = _snippet(finding.place, excerpts)
        if snippet is not None:
            entry["snippet"] = snippet
    if finding.notes:
        entry["notes"] = [
            {"text": note.text, **({"range": _range(note.place, excerpts)} if note.place is not None else {})}
            for note in finding.notes
        ]
    return entry


def _range(place: Place, excerpts: Excerpts) -> dict[str, Any]:
    end = place
    if place.end_line:
        end = Place(place.file, place.end_line, place.end_column)
    return {
        "filename": place.file,
        "start": {"line": place.line, "column": place.column, "byte": excerpts.byte_offset(place)},
        "end": {
            "line": end.line,
            "column": end.column if place.end_line else place.column + 1,
            "byte": excerpts.byte_offset(end) + (0 if place.end_line else 1),
        },
    }


def _snippet(place: Place, excerpts: Excerpts) -> dict[str, Any] | None:
    line = excerpts.raw_line(place)
    if line is None or len(line) > 2000:
        return None
    end = place.end_column - 1 if place.end_line == place.line else len(line) if place.end_line > place.line else place.column
    return {
        "context": None,
        "code": line,
        "start_line": place.line,
        "highlight_start_offset": place.column - 1,
        "highlight_end_offset": max(end, place.column - 1),
        "values": [],
    }

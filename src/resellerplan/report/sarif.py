"""Findings as SARIF 2.1.0: what code scanning of GitHub and others takes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from resellerplan.diagnostics import Finding, Place, Severity, Sources
from resellerplan.report.excerpt import Excerpts
from resellerplan.report.findings_text import note_text
from resellerplan.report.rule import Rule

__all__ = ["findings_sarif", "fingerprints_of"]

_LEVEL: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def findings_sarif(findings: Sequence[Finding], sources: Sources, rules: Mapping[str, Rule], version: str) -> str:
    """One run; ``rules`` holds at least the codes that were found."""
    excerpts = Excerpts(sources)
    used = sorted({one.code for one in findings})
    index = {code: number for number, code in enumerate(used)}
    prints = fingerprints_of(findings, excerpts)
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "resellerplan",
                        "version": version,
                        "rules": [_rule(rules[code]) for code in used],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(one, index[one.code], mark) for one, mark in zip(findings, prints, strict=True)],
            }
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _rule(rule: Rule) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": rule.code,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.explanation or rule.summary},
        "help": {"text": f"{rule.explanation or rule.summary}\n`resellerplan explain {rule.code}` shows it wrong and right."},
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
    }
    if rule.help_uri:
        entry["helpUri"] = rule.help_uri
    return entry


def _result(finding: Finding, index: int, mark: str) -> dict[str, Any]:
    parts = [f"{finding.summary}: {finding.label}" if finding.label else finding.summary]
    parts += [note_text(note) for note in finding.notes if note.place is None]
    if finding.hint:
        parts.append(f"hint: {finding.hint}")
    entry: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVEL[finding.severity],
        "message": {"text": "\n".join(parts)},
        "partialFingerprints": {"resellerplan/v1": mark},
    }
    if finding.place is not None:
        entry["locations"] = [{"physicalLocation": _location(finding.place)}]
    related = [
        {"id": number, "message": {"text": note.text}, "physicalLocation": _location(note.place)}
        for number, note in enumerate(finding.notes, start=1)
        if note.place is not None
    ]
    if related:
        entry["relatedLocations"] = related
    return entry


def _location(place: Place) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": place.line, "startColumn": place.column}
    if place.end_line:
        region |= {"endLine": place.end_line, "endColumn": place.end_column}
    return {"artifactLocation": {"uri": _uri(place.file.replace("\\", "/"))}, "region": region}


def _uri(name: str) -> str:
    """A file's name as a reference: relative to the checkout, or a ``file:`` URI for one that lies elsewhere."""
    if name.startswith("/"):
        return "file://" + quote(name)
    if name[:1].isalpha() and name[1:3] == ":/":  # a drive of Windows
        return f"file:///{name[:2]}" + quote(name[2:])
    return quote(name)


def fingerprints_of(findings: Sequence[Finding], excerpts: Excerpts) -> list[str]:
    """A mark per finding that stays when lines move: code, file, the text of the line, and which of several equal ones it is."""
    seen: dict[str, int] = {}
    marks = []
    for one in findings:
        line = excerpts.raw_line(one.place) if one.place is not None else None
        place = one.place.file if one.place is not None else ""
        basis = "\0".join((one.code, place, (line or "").strip(), one.label))
        number = seen[basis] = seen.get(basis, 0) + 1
        marks.append(hashlib.sha256(f"{basis}\0{number}".encode("utf-8", "replace")).hexdigest()[:32])
    return marks

"""Findings as a code quality report of GitLab, which shows them in the merge request."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from resellerplan.diagnostics import Finding, Severity, Sources
from resellerplan.report.excerpt import Excerpts
from resellerplan.report.sarif import fingerprints_of

__all__ = ["findings_gitlab"]

_SEVERITY: Final = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.NOTE: "info"}


def findings_gitlab(findings: Sequence[Finding], sources: Sources) -> str:
    """A list of violations. One without a place stands at the first line of the first file, because GitLab needs one."""
    excerpts = Excerpts(sources)
    somewhere = next(iter(sources.texts), "resellerplan.yaml")
    marks = fingerprints_of(findings, excerpts)
    return json.dumps(
        [
            {
                "description": f"{one.summary}: {one.label}" if one.label else one.summary,
                "check_name": one.code,
                "fingerprint": mark,
                "severity": _SEVERITY[one.severity],
                "location": {
                    "path": one.place.file if one.place is not None else somewhere,
                    "lines": {"begin": one.place.line if one.place is not None else 1},
                },
            }
            for one, mark in zip(findings, marks, strict=True)
        ],
        ensure_ascii=False,
        indent=2,
    )

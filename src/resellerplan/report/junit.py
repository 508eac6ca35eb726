"""Findings as JUnit XML: what every pipeline shows as tests. A test case is a rule in a file, or a file without findings."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from resellerplan.diagnostics import Finding, Severity, Sources
from resellerplan.neutralise import escape_invisible
from resellerplan.report.excerpt import Excerpts
from resellerplan.report.findings_text import finding_text

__all__ = ["findings_junit"]


def findings_junit(findings: Sequence[Finding], sources: Sources) -> str:
    """One suite; errors are failures, warnings and notes stand in the output of a case that passes."""
    excerpts = Excerpts(sources)
    cases: dict[tuple[str, str], list[Finding]] = {(file, ""): [] for file in sources.texts}
    for one in findings:
        cases.setdefault((one.place.file if one.place is not None else "", one.code), []).append(one)
        cases.pop((one.place.file if one.place is not None else "", ""), None)
    failed = sum(1 for held in cases.values() if any(one.severity is Severity.ERROR for one in held))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="resellerplan validate" tests="{len(cases)}" failures="{failed}">',
        f'  <testsuite name="resellerplan validate" tests="{len(cases)}" failures="{failed}" errors="0" skipped="0">',
    ]
    for (file, code), held in cases.items():
        name = f"{code} {held[0].summary}" if held else "fits"
        head = f"    <testcase classname={_attribute(file or 'manifest')} name={_attribute(name)}"
        text = escape(_printable("\n\n".join(finding_text(one, excerpts) for one in held)))
        if not held:
            lines.append(head + "/>")
        elif any(one.severity is Severity.ERROR for one in held):
            message = _attribute(f"{held[0].summary}: {len(held)} times" if len(held) > 1 else held[0].summary)
            lines.append(f'{head}>\n      <failure type="{code}" message={message}>{text}</failure>\n    </testcase>')
        else:
            lines.append(f"{head}>\n      <system-out>{text}</system-out>\n    </testcase>")
    lines += ["  </testsuite>", "</testsuites>"]
    return "\n".join(lines)


def _printable(text: str) -> str:
    return escape_invisible(text)


def _attribute(text: str) -> str:
    return quoteattr(_printable(text))

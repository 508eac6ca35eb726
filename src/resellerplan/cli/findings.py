"""The findings of a manifest on standard error, before anything is asked of a panel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from resellerplan.cli.invocation import Invocation
from resellerplan.diagnostics import Finding, Severity, Sources

if TYPE_CHECKING:
    from resellerplan.manifest.load import Loaded

__all__ = ["findings_shown", "show_findings"]


def findings_shown(findings: Sequence[Finding], sources: Sources, invocation: Invocation) -> str:
    """Findings as text for standard error: in colour and as wide as the terminal is, where it is one."""
    from resellerplan.report.findings_text import findings_text

    columns = invocation.columns(invocation.stderr)
    return findings_text(findings, sources, colour=invocation.paints_remarks, columns=columns)


def show_findings(loaded: Loaded, invocation: Invocation) -> bool:
    """Tell what there is to tell about the manifest (notes only with ``-v``); whether the command may go on."""
    shown = [finding for finding in loaded.findings if finding.severity is not Severity.NOTE or invocation.verbose]
    if shown:
        from resellerplan.report.findings_text import counted

        invocation.tell(findings_shown(shown, loaded.sources, invocation) + "\n\n")
        if not loaded.valid:
            files = f" in {loaded.files} file{'s' if loaded.files != 1 else ''}" if loaded.files else ""
            invocation.tell(f"{counted(shown)}{files}. Nothing was asked of the panel.")
    return loaded.valid

"""The findings of a manifest on standard error, before anything is asked of a panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resellerplan.cli.invocation import Invocation
from resellerplan.diagnostics import Severity

if TYPE_CHECKING:
    from resellerplan.manifest.load import Loaded

__all__ = ["show_findings"]


def show_findings(loaded: Loaded, invocation: Invocation) -> bool:
    """Tell what there is to tell about the manifest (notes only with ``-v``); whether the command may go on."""
    shown = [finding for finding in loaded.findings if finding.severity is not Severity.NOTE or invocation.verbose]
    if shown:
        from resellerplan.report.findings_text import counted, findings_text

        text = findings_text(shown, loaded.sources, colour=invocation.paints_remarks, columns=invocation.columns(invocation.stderr))
        invocation.tell(text + "\n\n")
        if not loaded.valid:
            files = f" in {loaded.files} file{'s' if loaded.files != 1 else ''}" if loaded.files else ""
            invocation.tell(f"{counted(shown)}{files}. Nothing was asked of the panel.")
    return loaded.valid

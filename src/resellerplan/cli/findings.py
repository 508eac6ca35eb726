"""The findings of a manifest on standard error, before anything is asked of a panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resellerplan.cli.invocation import Invocation
from resellerplan.diagnostics import Severity
from resellerplan.report.as_text import remark

if TYPE_CHECKING:
    from resellerplan.manifest.load import Loaded

__all__ = ["show_findings"]


def show_findings(loaded: Loaded, invocation: Invocation) -> bool:
    """Tell what there is to tell about the manifest (notes only with ``-v``); whether the command may go on."""
    shown = [
        finding for finding in loaded.findings if finding.severity is not Severity.NOTE or invocation.verbose or not loaded.valid
    ]
    if shown:
        invocation.tell("\n\n".join(remark(finding) for finding in shown))
    if loaded.valid:
        return True
    errors = sum(finding.severity is Severity.ERROR for finding in loaded.findings)
    invocation.tell(
        f"\n{errors} error{'s' if errors != 1 else ''} in {loaded.files} file{'s' if loaded.files != 1 else ''}. "
        "Nothing was asked of the panel."
    )
    return False

"""What the panel holds and no manifest names: reported, and refused only where the policy says so."""

from __future__ import annotations

from collections.abc import Iterator

from resellerplan.diagnostics import Finding, Severity
from resellerplan.planning.guards.case import Case
from resellerplan.planning.policy import Unmanaged
from resellerplan.planning.remarks import listed

__all__ = ["CODES", "check"]

CODES = {"RP3065": "the panel holds objects that no manifest names"}


def check(case: Case) -> Iterator[Finding]:
    """One finding for all of them."""
    found = case.matches.unmanaged
    if found and case.policy.unmanaged is Unmanaged.REFUSE:
        yield Finding(
            code="RP3065",
            severity=Severity.ERROR,
            summary=CODES["RP3065"],
            label=listed(found),
            hint="declare them (`resellerplan plan --show-unmanaged` lists them), or `policy: {unmanaged: report}`",
        )

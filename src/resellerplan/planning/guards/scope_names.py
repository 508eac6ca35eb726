"""Names on the command line that mean nothing: a slip in ``--target`` would plan nothing, one in ``--exclude`` everything."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from resellerplan.diagnostics import Finding, Severity
from resellerplan.planning.guards.case import Case

__all__ = ["CODES", "check"]

CODES = {"RP3067": "the address on the command line is not declared"}
_AS_SHOWN = "write it as `resellerplan plan` shows it, in quotes for the shell: 'space[\"mueller/Web S\"]'"


def check(case: Case) -> Iterator[Finding]:
    """Every target and every exclude has to be in the manifest."""
    for address in sorted(case.scope.targets | case.scope.excludes):
        if address not in case.matches.desired.resources:
            same_kind = {other.label: other for other in case.matches.desired.resources if other.kind is address.kind}
            near = get_close_matches(address.label, same_kind, n=1)
            hint = f"did you mean '{same_kind[near[0]]}'?" if near else _AS_SHOWN
            yield Finding(
                code="RP3067",
                severity=Severity.ERROR,
                summary=CODES["RP3067"],
                label=str(address),
                hint=hint,
                address=str(address),
            )

"""Updates of a large share of the estate: a changed default reaches everybody."""

from __future__ import annotations

from collections.abc import Iterator

from resellerplan.diagnostics import Finding, Severity
from resellerplan.planning.change import Action
from resellerplan.planning.guards.case import Case
from resellerplan.planning.guards.deletes import SMALL

__all__ = ["CODES", "FLAG", "check"]

CODES = {"RP3063": "too large a share would be changed"}
FLAG = "many-updates"


def check(case: Case) -> Iterator[Finding]:
    """Only where the policy names a share."""
    share = case.policy.update_share
    if share is None:
        return
    there = len(case.matches.live.resources)
    changed = sum(change.action is Action.UPDATE for change in case.acting)
    if there >= SMALL and changed / there > share:
        yield Finding(
            code="RP3063",
            severity=Severity.WARNING if FLAG in case.policy.dangerous else Severity.ERROR,
            summary=CODES["RP3063"],
            label=f"{changed} of {there} objects, {share:.0%} are allowed in one run",
            hint=f"change in smaller runs (`--target`), raise `policy: {{updates: {{share: ...}}}}`, or say --dangerous-{FLAG}",
        )

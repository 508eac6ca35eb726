"""Too many deletes at once, by count and by share. Each is asked for one by one, and a slip of the keyboard asks for many."""

from __future__ import annotations

from collections.abc import Iterator

from resellerplan.diagnostics import Finding, Severity
from resellerplan.model.address import Kind
from resellerplan.model.traits import KINDS
from resellerplan.planning.guards.case import Case

__all__ = ["CODES", "FLAG", "SMALL", "check"]

CODES = {
    "RP3060": "too many deletes at once",
    "RP3061": "too large a share would be deleted",
}
FLAG = "many-deletes"
SMALL = 10
"""Shares say nothing about fewer objects than this: one of three is a third."""


def check(case: Case) -> Iterator[Finding]:
    """Errors, unless the flag was given; then warnings."""
    severity = Severity.WARNING if FLAG in case.policy.dangerous else Severity.ERROR
    total = len(case.deletes)
    if total > case.policy.max_deletes:
        yield Finding(
            code="RP3060",
            severity=severity,
            summary=CODES["RP3060"],
            label=f"{total} deletes, {case.policy.max_deletes} are allowed in one run",
            hint=f"delete in smaller runs (`--target`), raise `policy: {{deletes: {{max: {total}}}}}`, or say --dangerous-{FLAG}",
        )
    for kind in Kind:
        gone = sum(change.address.kind is kind for change in case.deletes)
        there = sum(1 for _ in case.matches.live.of_kind(kind))
        if gone and there >= SMALL and gone / there > case.policy.delete_share:
            yield Finding(
                code="RP3061",
                severity=severity,
                summary=CODES["RP3061"],
                label=f"{gone} of {there} {KINDS[kind].plural}, {case.policy.delete_share:.0%} are allowed in one run",
                hint=f"delete in smaller runs, raise `policy: {{deletes: {{share: ...}}}}`, or say --dangerous-{FLAG}",
            )

"""Selling more than there is. The panel mostly does not stop it; whether it should be stopped is the reseller's policy."""

from __future__ import annotations

from collections.abc import Iterator

from resellerplan.diagnostics import Finding, Severity
from resellerplan.model.quotas import quota_text, shipped_catalogue
from resellerplan.planning.guards.case import Case
from resellerplan.planning.policy import Overcommit

__all__ = ["CODES", "check"]

CODES = {"RP3064": "more is sold than your own package holds"}


def check(case: Case) -> Iterator[Finding]:
    """For every quota of which this plan sells more than before, beyond what there is."""
    if case.policy.overcommit is Overcommit.ALLOW:
        return
    refuse = case.policy.overcommit is Overcommit.REFUSE
    known = shipped_catalogue().quotas
    for row in case.capacity:
        if row.oversold > 0 and row.sold_after > row.sold_before:
            quota = known.get(row.quota)
            beyond, there = quota_text(quota, row.oversold), quota_text(quota, row.allocated)
            yield Finding(
                code="RP3064",
                severity=Severity.ERROR if refuse else Severity.WARNING,
                summary=CODES["RP3064"],
                label=f"{row.quota}: oversold by {beyond} of {there} after this plan",
                hint="policy `overcommit: warn` would only tell" if refuse else "policy `overcommit: refuse` would stop here",
            )

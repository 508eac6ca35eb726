"""What speaks against a plan: one rule per file, each returning findings with a code, a weight and the way out.

Here lives: the rules and the list of them. Does not know: how a plan is made (it only reads it), the panel.
Start reading at: case.py (what a rule may look at), then any rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from resellerplan.diagnostics import Finding
from resellerplan.planning.guards import (
    conditions,
    days,
    deletes,
    domains,
    identity,
    mass_updates,
    moves,
    overcommit,
    own_package,
    protect,
    reach,
    reduce_plan,
    references,
    resources,
    statuses,
    still_in_use,
    unmanaged,
    unread,
)
from resellerplan.planning.guards.case import Case, Rule

__all__ = ["CODES", "RULES", "Case", "guard"]

RULES: Final[tuple[Rule, ...]] = (
    identity.check,
    reach.check,
    references.check,
    own_package.check,
    resources.check,
    domains.check,
    moves.check,
    statuses.check,
    protect.check,
    still_in_use.check,
    conditions.check,
    days.check,
    deletes.check,
    reduce_plan.check,
    mass_updates.check,
    overcommit.check,
    unmanaged.check,
    unread.check,
)
"""Every rule, in the order of what a reader wants to know first."""

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        code: summary
        for module in (
            identity,
            reach,
            references,
            own_package,
            resources,
            domains,
            moves,
            statuses,
            protect,
            still_in_use,
            conditions,
            days,
            deletes,
            reduce_plan,
            mass_updates,
            overcommit,
            unmanaged,
            unread,
        )
        for code, summary in module.CODES.items()
    }
)
"""Every code that a plan's findings can carry, with its summary: what ``explain`` shows."""


def guard(case: Case) -> Iterator[Finding]:
    """Ask every rule."""
    for rule in RULES:
        yield from rule(case)

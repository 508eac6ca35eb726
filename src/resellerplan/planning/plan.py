"""The Plan: what must change, in which order, what speaks against it. Frozen; showing it and running it are two interpreters.

desired x live --match--> Matches --diff--> Changes --order--> Waves
                                       \\--guards--> Findings
                                       \\--worlds--> capacity, revenue: figures for the reader
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from resellerplan.diagnostics import Finding, Severity, in_order
from resellerplan.model.address import Address, PanelId
from resellerplan.model.estate import Estate
from resellerplan.model.resource import references
from resellerplan.model.values import Money
from resellerplan.planning.capacity import CapacityRow, capacity
from resellerplan.planning.change import Action, Change
from resellerplan.planning.diff import diff
from resellerplan.planning.guards import Case, guard
from resellerplan.planning.holdings import worlds
from resellerplan.planning.match import Matches, match
from resellerplan.planning.order import order
from resellerplan.planning.policy import Policy
from resellerplan.planning.revenue import revenue_delta
from resellerplan.planning.scope import EVERYTHING, Scope

__all__ = ["CapacityRow", "Counts", "Plan", "make_plan"]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many objects a plan adds, changes, destroys, and finds as they should be."""

    add: int = 0
    change: int = 0
    destroy: int = 0
    same: int = 0

    @property
    def anything(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.add or self.change or self.destroy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What must change for the live estate to become the desired one.

    ``changes`` holds one Change per declared object, no-ops included, in the order of the manifest; ``waves`` the addresses of
    those that do something, in the order of doing. ``findings`` are all that speaks against it: errors refuse it. ``bindings``
    are the panel's ids of what the changes touch or refer to. ``unmanaged`` is what the panel holds within the scope and no
    manifest names. ``revenue_delta`` is per month, in ``currency``; None where no currency is declared. ``today`` is the clock by
    which days were judged. ``not_read`` says what the plan does not know.
    """

    changes: tuple[Change, ...] = ()
    waves: tuple[tuple[Address, ...], ...] = ()
    findings: tuple[Finding, ...] = ()
    scope: Scope = EVERYTHING
    bindings: Mapping[Address, PanelId] = field(default_factory=lambda: MappingProxyType({}))
    unmanaged: tuple[Address, ...] = ()
    capacity: tuple[CapacityRow, ...] = ()
    revenue_delta: Money | None = None
    currency: str = ""
    reseller: str = ""
    today: date | None = None
    not_read: tuple[str, ...] = ()

    @property
    def counts(self) -> Counts:
        """Objects by what becomes of them."""
        actions = [change.action for change in self.changes]
        return Counts(
            add=actions.count(Action.CREATE),
            change=actions.count(Action.UPDATE),
            destroy=actions.count(Action.DELETE),
            same=actions.count(Action.NO_OP),
        )

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """The findings for which the plan may not be applied."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def pending(self) -> tuple[Change, ...]:
        """The changes that do something, wave by wave."""
        by_address = {change.address: change for change in self.changes}
        return tuple(by_address[address] for wave in self.waves for address in wave)


def make_plan(desired: Estate, live: Estate, scope: Scope, policy: Policy) -> Plan:
    """Say what must change for ``live`` to become ``desired`` within ``scope``.

    Pure: no clock (``policy.today`` is the day), no panel, no file; the same arguments give the same plan. ``live`` says
    ``UNKNOWN`` of what was not read, and that is never a difference. Where nothing changes, nothing is computed about capacity.

    Raises DependencyCycle. All else that speaks against the plan is among its findings; ``Plan.refusals`` are those that stop it.
    """
    matches = match(desired, live)
    changes = diff(matches, scope, policy)
    waves = order(changes)
    rows: tuple[CapacityRow, ...] = ()
    delta: Money | None = None
    if waves:
        before, after = worlds(matches, changes)
        rows = capacity(live.own, before, after)
        delta = revenue_delta(before, after) if desired.currency else None
    findings = guard(Case(matches=matches, changes=changes, scope=scope, policy=policy, capacity=rows))
    return Plan(
        changes=changes,
        waves=waves,
        findings=in_order(findings),
        scope=scope,
        bindings=_bindings(matches, changes),
        unmanaged=matches.unmanaged,
        capacity=rows,
        revenue_delta=delta,
        currency=desired.currency,
        reseller=live.reseller or desired.reseller,
        today=policy.today,
        not_read=live.not_read,
    )


def _bindings(matches: Matches, changes: Iterable[Change]) -> Mapping[Address, PanelId]:
    """The panel's ids of what the changes touch or refer to, as far as it is there already."""
    found: dict[Address, PanelId] = {}
    for change in changes:
        if change.action is Action.NO_OP:
            continue
        named = [change.address, *change.cascade, *change.revives]
        if change.desired is not None:
            named += references(change.desired)
        for address in named:
            panel_id = matches.id_of(address)
            if panel_id is not None:
                found[address] = panel_id
    return MappingProxyType(found)

"""Which space has which plan and add-ons, before the run and after it: what capacity, revenue and some guards count.

Unmanaged spaces are in: they hold what they hold, and a plan's edit reaches them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from resellerplan.model.address import Address, Kind
from resellerplan.model.hosting_plan import Addon, HostingPlan, Terms
from resellerplan.model.resource import Resource
from resellerplan.model.space import Space
from resellerplan.planning.change import Action, Change
from resellerplan.planning.match import Matches
from resellerplan.planning.terms import terms_if_known, wanted_overrides, wanted_terms

__all__ = ["Holding", "Offer", "World", "worlds"]

_NO_ADDONS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a plan or add-on holds and costs; ``terms`` None where they were not read."""

    terms: Terms | None
    recurring: object
    every: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One space: its plan and add-ons by name. ``own_terms`` says that its plan does not decide; ``own`` is what does, if known."""

    plan: str | None
    addons: Mapping[str, int] = field(default_factory=lambda: _NO_ADDONS)
    own_terms: bool = False
    own: Terms | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All offers and all holdings at one moment."""

    offers: Mapping[Address, Offer]
    holdings: Mapping[Address, Holding]

    def terms_of(self, plan: str | None) -> Terms | None:
        """The terms of a plan by its name; None where they are not known."""
        offer = None if plan is None else self.offers.get(Address.plan(plan))
        return None if offer is None else offer.terms


def worlds(matches: Matches, changes: Iterable[Change]) -> tuple[World, World]:
    """The world as it is, and as it will be when every change is done. Addresses are the declared ones where there is one."""
    acting = [change for change in changes if change.action is not Action.NO_OP]
    before = _as_found(matches)
    offers, holdings = dict(before.offers), dict(before.holdings)
    for change in acting:
        _sell(change, offers, holdings)
    after = World(offers=MappingProxyType(offers), holdings=MappingProxyType(holdings))
    for change in acting:
        if change.address.kind is Kind.SPACE:
            _hold(change, after, holdings)
    return before, after


def _as_found(matches: Matches) -> World:
    live = matches.live
    offers: dict[Address, Offer] = {}
    holdings: dict[Address, Holding] = {}
    for address, resource in live.resources.items():
        if isinstance(resource, HostingPlan | Addon):
            offers[address] = Offer(terms=terms_if_known(resource.groups), recurring=resource.recurring, every=resource.every)
        elif isinstance(resource, Space):
            facts = live.facts.get(address)
            holdings[address] = Holding(
                plan=resource.plan if isinstance(resource.plan, str) else None,
                addons=resource.addons if isinstance(resource.addons, Mapping) else _NO_ADDONS,
                own_terms=isinstance(resource.overrides, Mapping) or (facts is not None and facts.own_terms),
                own=terms_if_known(resource.overrides),
            )
    return World(offers=MappingProxyType(offers), holdings=MappingProxyType(holdings))


def _sell(change: Change, offers: dict[Address, Offer], holdings: dict[Address, Holding]) -> None:
    """Bring the offers to what one change makes of them; a rename goes with the spaces that have the plan."""
    desired, live = change.desired, change.live
    if change.action is Action.DELETE:
        offers.pop(change.previous or change.address, None)
    if not isinstance(desired, HostingPlan | Addon):
        return
    held = live if isinstance(live, HostingPlan | Addon) else None
    terms = terms_if_known(held.groups) if held is not None else None
    if held is None or any(one.path.startswith(("groups", "count_")) for one in change.fields):
        terms = wanted_terms(desired, terms)
    offers[change.address] = Offer(terms=terms, recurring=_after(change, "recurring", held), every=_after(change, "every", held))
    if change.previous is not None:
        offers.pop(change.previous, None)
        _rename(change.previous, change.address.name, holdings)


def _after(change: Change, path: str, held: Resource | None) -> object:
    changed = change.of(path)
    return getattr(held, path, None) if changed is None else changed.after


def _rename(former: Address, name: str, holdings: dict[Address, Holding]) -> None:
    for address, holding in list(holdings.items()):
        if former.kind is Kind.PLAN and holding.plan == former.name:
            holdings[address] = replace(holding, plan=name)
        if former.kind is Kind.ADDON and former.name in holding.addons:
            renamed = {name if addon == former.name else addon: number for addon, number in holding.addons.items()}
            holdings[address] = replace(holding, addons=MappingProxyType(renamed))


def _hold(change: Change, after: World, holdings: dict[Address, Holding]) -> None:
    found = holdings.pop(change.previous or change.address, Holding(plan=None))
    if not isinstance(change.desired, Space):
        return
    plan = change.of("plan")
    addons = {
        one.path.partition(".")[2]: one.after
        for one in change.fields
        if one.path.startswith("addons.") and isinstance(one.after, int)
    }
    holding = replace(
        found,
        plan=plan.after if plan is not None and isinstance(plan.after, str) else found.plan,
        addons=MappingProxyType({**found.addons, **addons}),
    )
    holdings[change.address] = _with_own_terms(change, holding, after)


def _with_own_terms(change: Change, holding: Holding, after: World) -> Holding:
    assert isinstance(change.desired, Space)
    if not any(one.path.startswith("overrides") for one in change.fields):
        return holding
    declared = terms_if_known(change.desired.overrides)
    if declared is None:
        return replace(holding, own_terms=False, own=None)
    plan = after.terms_of(holding.plan)
    return replace(holding, own_terms=True, own=None if plan is None else wanted_overrides(declared, plan))

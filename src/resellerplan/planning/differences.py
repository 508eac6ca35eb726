"""Which fields of one object differ, and which are to be written when it is created."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, assert_never

from resellerplan.model.address import Kind
from resellerplan.model.customer import Customer
from resellerplan.model.hosting_plan import Addon, HostingPlan
from resellerplan.model.resource import Resource, Sold
from resellerplan.model.space import PLAN_TERMS, Space
from resellerplan.model.traits import KINDS
from resellerplan.model.values import NULL, UNKNOWN, UNSET
from resellerplan.planning.change import FieldChange
from resellerplan.planning.compare import same
from resellerplan.planning.terms import terms_changes, terms_if_known, wanted_terms

__all__ = ["Former", "creation_fields", "differing_fields", "with_initial"]

_APART = frozenset({"status", "groups", "domains", "addons", "overrides", "resources", "plan"})
"""Fields that are compared by a rule of their own."""

_PLAIN: Final[Mapping[Kind, tuple[str, ...]]] = {
    kind: tuple(name for name, trait in row.fields.items() if not trait.on_create_only and name not in _APART)
    for kind, row in KINDS.items()
}

Former = Mapping[tuple[Kind, str], str]


def with_initial(resource: Resource) -> Resource:
    """The resource as it is created: what is said for creation only stands where the fields themselves say nothing."""
    said = {name: value for name, value in resource.lifecycle.initial.items() if getattr(resource, name) is UNSET}
    return replace(resource, **said) if said else resource  # type: ignore[arg-type]  # the manifest checked names and values


def differing_fields(desired: Resource, live: Resource, former: Former) -> Iterator[FieldChange]:
    """The fields of a live object that are not as declared, status apart. ``before`` UNKNOWN = it was not read.

    ``former`` maps a plan or add-on that is renamed in the same run, by kind and its name on the panel, to its new name.
    """
    match desired:
        case Customer():
            yield from _plain(Kind.CUSTOMER, desired, live)
        case HostingPlan() | Addon():
            assert isinstance(live, HostingPlan | Addon)
            kind = Kind.PLAN if isinstance(desired, HostingPlan) else Kind.ADDON
            if desired.name != live.name:
                yield FieldChange(path="name", before=live.name, after=desired.name)
            yield from _plain(kind, desired, live)
            yield from _groups(desired, live)
        case Space():
            assert isinstance(live, Space)
            yield from _space(desired, live, former)
        case _:
            assert_never(desired)


def _plain(kind: Kind, desired: Resource, live: Resource) -> Iterator[FieldChange]:
    for name in _PLAIN[kind]:
        wanted = getattr(desired, name)
        if wanted is UNSET:
            continue
        held = getattr(live, name)
        if wanted != held and not same(wanted, held):
            yield FieldChange(path=name, before=held, after=NULL if wanted == "" else wanted)


def _groups(desired: Sold, live: Sold) -> Iterator[FieldChange]:
    if desired.groups is UNSET:
        return
    held = terms_if_known(live.groups)
    if held is None and live.groups is UNKNOWN:
        yield FieldChange(path="groups", before=UNKNOWN, after=desired.groups)
        return
    wanted = wanted_terms(desired, held or {})
    if wanted != held:
        yield from terms_changes(held or {}, wanted)


def _space(desired: Space, live: Space, former: Former) -> Iterator[FieldChange]:
    if desired.name != live.name:
        yield FieldChange(path="name", before=live.name, after=desired.name)
    if desired.self_address.key[1] != live.self_address.key[1]:
        yield FieldChange(path="customer", before=live.customer, after=desired.customer)
    if isinstance(desired.plan, str):
        now_called = former.get((Kind.PLAN, live.plan), live.plan) if isinstance(live.plan, str) else live.plan
        if now_called != desired.plan:
            yield FieldChange(path="plan", before=live.plan, after=desired.plan)
    yield from _plain(Kind.SPACE, desired, live)
    yield from _overrides(desired, live)
    yield from _domains(desired, live)
    yield from _addons(desired, live, former)


def _overrides(desired: Space, live: Space) -> Iterator[FieldChange]:
    wanted, held = desired.overrides, live.overrides
    if wanted is UNSET or wanted is UNKNOWN:
        return
    if held is UNKNOWN:
        yield FieldChange(path="overrides", before=UNKNOWN, after=wanted)
    elif not isinstance(wanted, Mapping):
        if isinstance(held, Mapping):
            yield FieldChange(path="overrides", before=held, after=PLAN_TERMS)
    else:
        known = held if isinstance(held, Mapping) else None
        for group, terms in wanted.items():
            if known is None or group not in known:
                yield FieldChange(path=f"overrides.{group}", before=PLAN_TERMS if known is None else False, after=True)
            for quota, number in terms.quotas.items():
                had = None if known is None or group not in known else known[group].quotas.get(quota, 0)
                if had != number:
                    yield FieldChange(path=f"overrides.{quota}", before=PLAN_TERMS if had is None else had, after=number)


def _domains(desired: Space, live: Space) -> Iterator[FieldChange]:
    if not isinstance(desired.domains, tuple) or not desired.domains:
        return
    if not isinstance(live.domains, tuple) and live.domains is not NULL:
        yield FieldChange(path="domains", before=UNKNOWN, after=desired.domains)
        return
    held = {domain.name.casefold() for domain in live.domains} if isinstance(live.domains, tuple) else set()
    for domain in desired.domains:
        if domain.name.casefold() not in held:
            yield FieldChange(path=f"domains.{domain.name}", before=NULL, after=domain)


def _addons(desired: Space, live: Space, former: Former) -> Iterator[FieldChange]:
    if not isinstance(desired.addons, Mapping) or not desired.addons:
        return
    if not isinstance(live.addons, Mapping) and live.addons is not NULL:
        yield FieldChange(path="addons", before=UNKNOWN, after=desired.addons)
        return
    held = {former.get((Kind.ADDON, name), name): number for name, number in _quantities(live.addons)}
    for name, quantity in desired.addons.items():
        if held.get(name, 0) != quantity:
            yield FieldChange(path=f"addons.{name}", before=held.get(name, 0), after=quantity)


def _quantities(addons: object) -> Iterator[tuple[str, int]]:
    if isinstance(addons, Mapping):
        yield from addons.items()


def creation_fields(desired: Resource) -> Iterator[FieldChange]:
    """Everything that is written when the object is made, in the table's order; ``before`` is UNSET."""
    desired = with_initial(desired)
    kind = desired.self_address.kind
    for name in KINDS[kind].fields:
        value = getattr(desired, name)
        if value is UNSET or value is None or name in {"summary_letter", "groups", "domains", "addons", "overrides"}:
            continue
        yield FieldChange(path=name, before=UNSET, after=NULL if value == "" else value)
    match desired:
        case HostingPlan() | Addon():
            yield from terms_changes(None, wanted_terms(desired, None))
        case Space():
            yield from _space_parts(desired)
        case Customer():
            pass
        case _:
            assert_never(desired)


def _space_parts(space: Space) -> Iterator[FieldChange]:
    if isinstance(space.domains, tuple):
        for domain in space.domains:
            yield FieldChange(path=f"domains.{domain.name}", before=UNSET, after=domain)
    for name, quantity in _quantities(space.addons):
        if quantity:
            yield FieldChange(path=f"addons.{name}", before=UNSET, after=quantity)
    if isinstance(space.overrides, Mapping):
        yield from terms_changes(None, space.overrides, prefix="overrides")

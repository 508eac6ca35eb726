"""Groups that the reseller's own package lacks, where the catalogue beside the manifest says what it has.

A group works in a space only where every level above has it (contract 6.4: effective group), and the own package is the level
above every plan.
"""

from __future__ import annotations

from collections.abc import Iterator

from resellerplan.diagnostics import Finding, Note
from resellerplan.manifest.checks.declarations import Declarations, quoted, title_of
from resellerplan.manifest.checks.first_domain import domain_place, needs_of
from resellerplan.model.address import Address
from resellerplan.model.hosting_plan import HostingPlan
from resellerplan.model.quotas import ALWAYS_IN, Catalogue
from resellerplan.model.space import Space

__all__ = ["own_package"]

_AGAIN = "once the operator of the panel has added the group to it, run `resellerplan schema --from-panel` again"


def own_package(held: Declarations) -> Iterator[Finding]:
    """RP1319, RP1606: nothing where it is not known which groups the own package has."""
    catalogue = held.settings.catalogue
    if not catalogue.own_groups or held.settings.own_space not in (None, catalogue.own_package):
        return
    plans = [plan for plan in held.plans.values() if plan.lifecycle.tombstone is None and not plan.lifecycle.existing]
    addons = [addon for addon in held.addons.values() if addon.lifecycle.tombstone is None and not addon.lifecycle.existing]
    if plans:
        yield from _always_in(held, catalogue, plans[0])
    for address in (*(plan.self_address for plan in plans), *(addon.self_address for addon in addons)):
        yield from _lacking(held, catalogue, address, "groups")
    for address, space in held.spaces.items():
        if space.lifecycle.tombstone is None:
            yield from _of_space(held, catalogue, address, space)


def _always_in(held: Declarations, catalogue: Catalogue, first: HostingPlan) -> Iterator[Finding]:
    """OS and DNS are in every plan, so this is told once, at the first."""
    for group in ALWAYS_IN:
        if group in catalogue.groups and group not in catalogue.own_groups:
            label = f"every plan needs {group}, {quoted(catalogue.own_package)} does not have it"
            yield held.tell("RP1319", first.self_address, "", label, hint=_AGAIN)


def _lacking(held: Declarations, catalogue: Catalogue, address: Address, root: str) -> Iterator[Finding]:
    """The groups written below ``root`` that have no effect."""
    entry = held.where.declared[address]
    listed = entry.data.get(root)
    for group in listed if isinstance(listed, dict) else ():
        if group in catalogue.groups and group not in catalogue.own_groups and group not in ALWAYS_IN:
            label = f"{title_of(address)}: {quoted(catalogue.own_package)} has no group {group}"
            yield held.tell("RP1606", address, root, label, hint=f"take it out; or {_AGAIN}", place=entry.key(root, group))


def _of_space(held: Declarations, catalogue: Catalogue, address: Address, space: Space) -> Iterator[Finding]:
    entry = held.where.declared[address]
    if "overrides" in entry.data:
        yield from _lacking(held, catalogue, address, "overrides")
    for need in needs_of(space):
        if need.group in catalogue.own_groups or need.group not in catalogue.groups:
            continue
        resources = entry.data.get("resources")
        said = isinstance(resources, dict) and need.key in resources
        place = entry.key("resources", need.key) if said else domain_place(held, address, 0)
        label = f"{title_of(address)} asks for {need.words}, {quoted(catalogue.own_package)} has no group {need.group}"
        again = Note(f"the panel would create the space and then delete it again (code {need.code})")
        hint = f"say `{need.key}: false`; or {_AGAIN}" if said else f"say `resources: {{{need.key}: false}}`; or {_AGAIN}"
        yield held.tell("RP1319", address, "resources", label, notes=(again,), hint=hint, place=place)

"""Domains: which space has which, and which names are taken elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from resellerplan.model.address import Kind, PanelId
from resellerplan.model.estate import Estate, OwnPackage
from resellerplan.model.space import Domain, Space
from resellerplan.model.values import is_value
from resellerplan.panel.gathering.gathered import Gathered
from resellerplan.panel.gathering.spaces import Spaces
from resellerplan.panel.translate.space import DomainRow

__all__ = ["take_domains", "wants_domains"]


def wants_domains(desired: Estate) -> bool:
    """Whether a declared space says or asks anything about domains."""
    return any(
        isinstance(space, Space) and (is_value(space.domains) or _counts_domains(space)) for _, space in desired.of_kind(Kind.SPACE)
    )


def _counts_domains(space: Space) -> bool:
    tombstone = space.lifecycle.tombstone
    return tombstone is not None and any(condition.what == "domains" for condition in tombstone.only_if)


def take_domains(gathered: Gathered, listed: Sequence[DomainRow], spaces: Spaces, own: OwnPackage) -> Mapping[str, str]:
    """Gather the spaces' domains; gives the names that are taken outside them, and where."""
    if not wants_domains(gathered.desired):
        return {}
    by_space: dict[PanelId, list[Domain]] = {}
    for row in listed:
        if row.counts:
            by_space.setdefault(row.space_id, []).append(row.domain)
    for address in spaces.rows:
        domains = by_space.pop(gathered.facts[address].panel_id, [])
        in_order = tuple(sorted(domains, key=lambda domain: domain.name))
        gathered.resources[address] = replace(spaces.at(address), domains=in_order)
    names = {foreign.panel_id: str(foreign.address) for foreign in gathered.foreign if foreign.address.kind is Kind.SPACE}
    names[own.panel_id] = f"the reseller's own package {own.name}"
    return {
        domain.name: names.get(space_id, f"another space (id {space_id})")
        for space_id, elsewhere in by_space.items()
        for domain in elsewhere
    }

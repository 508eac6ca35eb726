"""Estates: all that is desired, and all that was found live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from resellerplan.diagnostics import Place
from resellerplan.model.address import Address, Kind, PanelId
from resellerplan.model.resource import Resource

__all__ = ["Abilities", "Estate", "Facts", "Foreign", "OwnPackage"]

K = TypeVar("K")
V = TypeVar("V")


def _empty() -> Mapping[K, V]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was read about a live object besides its fields.

    ``owner_id`` is the panel's id of the account above it (of a space: its customer; of a plan: the reseller).
    ``fingerprint`` covers all wire fields of the base read less the volatile ones; None where only a list row was read.
    ``parent_id`` is the package a space or a plan hangs on, ``server_id`` its server (0 = none). ``plan_id`` is a space's plan.
    ``own_terms`` says that a space has quotas of its own. ``status_since`` is when the status last changed, ``changed`` when the
    record did, both in the panel's server time; None where the panel does not say. ``status_since`` of a customer comes from
    the audit log alone; on databases that do not refresh the date (SQLite: contract 7.4) it comes from there for spaces too,
    else it is None: a date that may be the day of creation is not given.
    ``hidden_quotas`` are stored quotas that any update of the plan drops. ``complete`` is False for a list row only.
    """

    panel_id: PanelId
    owner_id: PanelId = 0
    fingerprint: str | None = None
    parent_id: PanelId = 0
    server_id: PanelId = 0
    plan_id: PanelId = 0
    own_terms: bool = False
    peer: bool = False
    status_since: datetime | None = None
    changed: datetime | None = None
    hidden_quotas: tuple[str, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPackage:
    """The reseller's own package: what is sold stands on it.

    ``groups`` are the groups effective there, ``allocated`` the effective quotas by full name; both empty where not read.
    """

    panel_id: PanelId
    name: str
    server_id: PanelId
    groups: frozenset[str] = frozenset()
    allocated: Mapping[str, int] = field(default_factory=_empty)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """Something visible that is outside the reseller's scope: never changed, but it blocks the delete of what it hangs on.

    ``owner_id`` is the account above it, ``parent_id`` the package it hangs on, ``plan_id`` the plan of a foreign space.
    """

    address: Address
    panel_id: PanelId
    owner_id: PanelId = 0
    parent_id: PanelId = 0
    plan_id: PanelId = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What this panel can and can't do, as far as a plan depends on it.

    ``own_terms_block_status``: a status change of a space with own terms faults and leaves things half done (EF logic, contract
    7.4). ``change_owner``: ChangePackageUser exists. ``usage_trusted``: a space's own usage is counted (EF logic counts 0).
    """

    own_terms_block_status: bool = False
    change_owner: bool = True
    usage_trusted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """Resources by address, in the order in which they were declared or found.

    ``origins`` says where a field was declared: (address, field) -> place; the field ``""`` is the object itself; not compared.
    A *live* estate also holds ``facts`` per address, ``duplicates`` (names that the panel holds more than once, with all ids; such
    an address is not among the resources unless one was pinned), the ``reseller`` (user name and id), the ``own`` package,
    ``foreign_domains`` (a domain's name -> where it is), ``foreign`` objects, ``abilities``, and ``not_read``: what is not known,
    in words for the reader. ``taken_usernames`` are folded names that exist outside the reach. A *desired* estate may hold the
    ``currency`` of its prices and the ``timezone`` of its days.
    """

    resources: Mapping[Address, Resource] = field(default_factory=_empty)
    origins: Mapping[tuple[Address, str], Place] = field(default_factory=_empty, compare=False)
    facts: Mapping[Address, Facts] = field(default_factory=_empty)
    duplicates: Mapping[Address, tuple[PanelId, ...]] = field(default_factory=_empty)
    reseller: str = ""
    reseller_id: PanelId = 0
    own: OwnPackage | None = None
    taken_usernames: frozenset[str] = frozenset()
    foreign_domains: Mapping[str, str] = field(default_factory=_empty)
    foreign: tuple[Foreign, ...] = ()
    abilities: Abilities = Abilities()
    not_read: tuple[str, ...] = ()
    currency: str = ""
    timezone: str = "Europe/Berlin"

    def __len__(self) -> int:
        return len(self.resources)

    def __contains__(self, address: object) -> bool:
        return address in self.resources

    def __iter__(self) -> Iterator[Address]:
        return iter(self.resources)

    def of_kind(self, kind: Kind) -> Iterator[tuple[Address, Resource]]:
        """The resources of one kind, in order."""
        return ((address, resource) for address, resource in self.resources.items() if address.kind is kind)

    def place(self, address: Address, field_name: str = "") -> Place | None:
        """Where a field was declared; the object's own place where the field has none."""
        return self.origins.get((address, field_name)) or self.origins.get((address, ""))

"""Groups and quotas as data: the shipped catalogue, and how a panel's own replaces it.

A newer panel, or one whose operator added service levels, has names that no shipped table can hold; so everything that asks
"is there such a quota, and what may stand there?" asks a ``Catalogue`` value. Without the panel's own catalogue the shipped one
of both versions together decides; with it, it alone does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Final

from resellerplan.model.shipped_catalogue import SHIPPED_ROWS
from resellerplan.model.values import UNLIMITED, QuotaType

__all__ = [
    "ALWAYS_IN",
    "Catalogue",
    "Flavour",
    "Group",
    "Quota",
    "SizeUnit",
    "quota_text",
    "shipped_catalogue",
]

ALWAYS_IN: Final = ("OS", "DNS")
"""Groups 1 and 7: in every hosting plan, listed or not (contract 6.1, operator rules)."""


class SizeUnit(StrEnum):
    """What a size is counted in. 1 GB = 1024 MB."""

    MB = "MB"
    GB = "GB"
    TB = "TB"

    @property
    def in_mb(self) -> int:
        """How many MB one of it is."""
        return _MB[self]


_MB: Final = {SizeUnit.MB: 1, SizeUnit.GB: 1024, SizeUnit.TB: 1024 * 1024}


class Flavour(StrEnum):
    """The two majors of the panel whose fresh catalogues differ."""

    SOLIDCP1 = "1"
    FUSECP2 = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """One quota. ``name`` is the panel's full name (``OS.Diskspace``), ``unit`` what it counts where it is a size, else None.

    ``hidden`` ones are never listed by the panel and dropped by every update of a plan (contract 6.2), so nobody can declare them.
    ``flavours`` is empty where it is not known (a panel's own catalogue says nothing about other panels).
    """

    name: str
    group: str
    type: QuotaType
    unit: SizeUnit | None = None
    hidden: bool = False
    per_organization: bool = False
    description: str = ""
    panel_id: int = 0
    flavours: frozenset[Flavour] = frozenset()

    @property
    def short(self) -> str:
        """The name without what stands before the dot: ``Diskspace``."""
        return self.name.partition(".")[2] or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A resource group with its quotas in the panel's order."""

    name: str
    quotas: tuple[Quota, ...] = ()
    order: int = 0
    panel_id: int = 0
    flavours: frozenset[Flavour] = frozenset()

    def find(self, written: str) -> Quota | None:
        """The quota that was written ``Diskspace`` or ``OS.Diskspace``; exact, as the panel's names are."""
        return next((quota for quota in self.quotas if written in (quota.short, quota.name)), None)


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All groups by the panel's name, in its order. ``source`` says where it is from, for the reader of a finding.

    ``own_package`` and ``own_groups`` are the reseller's own package and the groups that work in it, where that was written down
    with a panel's own catalogue; no groups = not known.
    """

    groups: Mapping[str, Group]
    source: str = "the shipped catalogue"
    from_panel: bool = False
    own_package: str = ""
    own_groups: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        groups: Iterable[Group],
        *,
        source: str,
        from_panel: bool = False,
        own_package: str = "",
        own_groups: frozenset[str] = frozenset(),
    ) -> Catalogue:
        """A catalogue of these groups, sorted as the panel sorts them."""
        ordered = sorted(groups, key=lambda group: (group.order, group.panel_id, group.name))
        held = MappingProxyType({group.name: group for group in ordered})
        return cls(held, source=source, from_panel=from_panel, own_package=own_package, own_groups=own_groups)

    @cached_property
    def quotas(self) -> Mapping[str, Quota]:
        """Every quota by its full name."""
        return MappingProxyType({quota.name: quota for group in self.groups.values() for quota in group.quotas})

    @cached_property
    def written(self) -> Mapping[tuple[str, str], Quota]:
        """(group, quota as it may be written: short or full) -> the quota."""
        found: dict[tuple[str, str], Quota] = {}
        for group in self.groups.values():
            for quota in group.quotas:
                found[group.name, quota.short] = quota
                found[group.name, quota.name] = quota
        return MappingProxyType(found)

    def visible(self, group: str) -> Iterator[Quota]:
        """The quotas of a group that can be declared."""
        held = self.groups.get(group)
        return iter(()) if held is None else (quota for quota in held.quotas if not quota.hidden)


def quota_text(quota: Quota | None, number: int) -> str:
    """A quota's number as the manifest writes it: ``5 GB``, ``unlimited``, ``true``, ``10``."""
    if quota is not None and quota.type is QuotaType.SWITCH:
        return "true" if number else "false"
    if number == UNLIMITED:
        return "unlimited"
    if quota is None or quota.unit is None or number <= 0:
        return str(number)
    amount = number * quota.unit.in_mb
    for unit in (SizeUnit.TB, SizeUnit.GB):
        if amount % unit.in_mb == 0:
            return f"{amount // unit.in_mb} {unit}"
    return f"{amount} MB"


@lru_cache(maxsize=4)
def shipped_catalogue(flavour: Flavour | None = None) -> Catalogue:
    """The catalogue of a fresh installation; without a flavour that of both together (a name that either knows is known)."""
    groups: list[Group] = []
    for head, quotas in _with_quotas():
        known = frozenset(Flavour(letter) for letter in head[3])
        if flavour is None or flavour in known:
            groups.append(
                Group(
                    name=head[1],
                    quotas=tuple(quota for quota in quotas if flavour is None or flavour in quota.flavours),
                    order=int(head[2]),
                    panel_id=int(head[0]),
                    flavours=known,
                )
            )
    return Catalogue.of(groups, source="the shipped catalogue")


def _with_quotas() -> list[tuple[list[str], list[Quota]]]:
    found: list[tuple[list[str], list[Quota]]] = []
    for line in SHIPPED_ROWS.splitlines():
        if line.startswith("group "):
            found.append((line.removeprefix("group ").split(" | "), []))
        else:
            number, name, kind, unit, flags, versions, description = line.split(" | ")
            head, quotas = found[-1]
            quotas.append(
                Quota(
                    name=name,
                    group=head[1],
                    type=QuotaType(int(kind)),
                    unit=None if unit == "-" else SizeUnit(unit),
                    hidden="h" in flags,
                    per_organization="o" in flags,
                    description="" if description == "-" else description,
                    panel_id=int(number),
                    flavours=frozenset(Flavour(letter) for letter in versions),
                )
            )
    return found

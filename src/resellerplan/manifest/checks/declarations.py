"""What the rules look at: everything that was built, with the names by which objects are referred to."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from resellerplan.diagnostics import Finding, Note, Place
from resellerplan.manifest.build import Built
from resellerplan.manifest.codes import finding
from resellerplan.manifest.loaded import LoadOptions
from resellerplan.manifest.misfits import shortened
from resellerplan.manifest.settings import ManifestSettings
from resellerplan.manifest.where import Where
from resellerplan.model.address import Address, Kind
from resellerplan.model.customer import Customer
from resellerplan.model.hosting_plan import Addon, HostingPlan
from resellerplan.model.resource import Resource
from resellerplan.model.space import Space

__all__ = ["Declarations", "invisible_in", "meant", "quoted", "title_of"]

_INVISIBLE: Final = frozenset(["Cf", "Co", "Zl", "Zp", "Zs"])
"""Categories of Unicode: marks of format and direction, private letters, and blanks of all kinds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarations:
    """All declared objects. ``customers`` are by their folded user name, ``plans`` and ``addons`` by name.

    ``shadows`` are names of entries that could not be built: they are not told as unknown.
    """

    resources: Mapping[Address, Resource]
    customers: Mapping[str, Customer]
    plans: Mapping[str, HostingPlan]
    addons: Mapping[str, Addon]
    spaces: Mapping[Address, Space]
    where: Where
    half: frozenset[Address]
    shadows: frozenset[Address]
    settings: ManifestSettings
    options: LoadOptions

    @classmethod
    def of(cls, built: Built, settings: ManifestSettings, options: LoadOptions) -> Declarations:
        """The declarations of what was built."""
        customers: dict[str, Customer] = {}
        plans: dict[str, HostingPlan] = {}
        addons: dict[str, Addon] = {}
        spaces: dict[Address, Space] = {}
        for address, resource in built.resources.items():
            if isinstance(resource, Space):
                spaces[address] = resource
            elif isinstance(resource, Customer):
                customers[address.key[1]] = resource
            elif isinstance(resource, HostingPlan):
                plans[resource.name] = resource
            else:
                addons[resource.name] = resource
        return cls(
            resources=built.resources,
            customers=MappingProxyType(customers),
            plans=MappingProxyType(plans),
            addons=MappingProxyType(addons),
            spaces=MappingProxyType(spaces),
            where=built.where,
            half=built.half,
            shadows=built.shadows,
            settings=settings,
            options=options,
        )

    def tell(
        self,
        code: str,
        address: Address,
        field: str = "",
        label: str = "",
        *,
        hint: str = "",
        notes: tuple[Note, ...] = (),
        on_key: bool = False,
        place: Place | None = None,
    ) -> Finding:
        """A finding about a field of an object (the object itself where the field is empty)."""
        if place is None:
            place = self.where.key(address, field) if on_key else self.where.get((address, field)) or self.where.of(address)
        return finding(code, place, label, notes=(*self.where.notes(address, field), *notes), hint=hint, address=str(address))

    def declared_at(self, address: Address) -> Note:
        """A note that says where an object is declared."""
        return Note(f"{title_of(address)} is declared here", self.where.of(address))


def quoted(name: str) -> str:
    """A name as it stands in a sentence."""
    return f'"{shortened(name)}"'


def invisible_in(name: str) -> str:
    """``U+200B``: letters of a name that nobody sees, or takes for a blank; empty where it has none."""
    strange = (letter for letter in name if unicodedata.category(letter) in _INVISIBLE and letter != " ")
    return " ".join(f"U+{ord(letter):04X}" for letter in dict.fromkeys(strange))


def meant(near: str, written: str) -> str:
    """The hint with a name that is near; where the two look the same, what tells them apart."""
    unlike = [f"what stands here holds {held}" for held in (invisible_in(written),) if held]
    unlike += [f"the declared name holds {held}" for held in (invisible_in(near),) if held]
    return f"did you mean {quoted(near)}?" + (f" ({' and '.join(unlike)})" if unlike else "")


def title_of(address: Address) -> str:
    """``space "mueller/Web S"``."""
    kind = "add-on" if address.kind is Kind.ADDON else address.kind.value
    return f"{kind} {quoted(address.label)}"

"""Which live object is which declared one, and what speaks against saying so.

Identity is the natural key: the user name; the name of a plan or add-on; customer and name of a space. ``id:`` pins an object
where a name is not enough, ``moved_from:`` says what it was called before. What can't be told is an Oddity, and no change is
planned for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from resellerplan.model.address import Address, Kind, PanelId, fold_username
from resellerplan.model.estate import Estate
from resellerplan.model.resource import Resource

__all__ = [
    "Duplicate",
    "Handed",
    "Matches",
    "MovedBoth",
    "MovedNowhere",
    "NearName",
    "Oddity",
    "PinElsewhere",
    "PinNowhere",
    "SameObject",
    "match",
]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The panel holds this name more than once, and nothing says which is meant."""

    address: Address
    ids: tuple[PanelId, ...]


@dataclass(frozen=True, slots=True)
class NearName:
    """Not there, but something whose name differs only in case or blanks."""

    address: Address
    live: Address


@dataclass(frozen=True, slots=True)
class PinNowhere:
    """Nothing within the scope has the pinned id."""

    address: Address
    pin: PanelId


@dataclass(frozen=True, slots=True)
class PinElsewhere:
    """The pinned id belongs to an object of another name, and ``moved_from`` does not say so."""

    address: Address
    pin: PanelId
    live: Address


@dataclass(frozen=True, slots=True)
class SameObject:
    """Two declarations mean one object of the panel."""

    address: Address
    other: Address


@dataclass(frozen=True, slots=True)
class MovedBoth:
    """Both the old and the new name are on the panel."""

    address: Address
    former: Address


@dataclass(frozen=True, slots=True)
class MovedNowhere:
    """Neither the old nor the new name is on the panel: a plain creation (no oddity that blocks)."""

    address: Address
    former: Address


@dataclass(frozen=True, slots=True)
class Handed:
    """A space is missing under its customer while one of the same name, declared by nobody, lies under others.

    ``declared`` says whether one of the others is a customer of the manifest: then it must be asked which was meant.
    """

    address: Address
    others: tuple[Address, ...]
    declared: bool


Oddity = Duplicate | NearName | PinNowhere | PinElsewhere | SameObject | MovedBoth | MovedNowhere | Handed


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """``pairs``: declared address -> live address, only where there is one. ``blocked``: nothing can be planned for these.

    ``desired_of`` is the inverse of ``pairs``. ``unmanaged`` are the live addresses within the scope that nothing declares.
    """

    desired: Estate
    live: Estate
    pairs: Mapping[Address, Address]
    desired_of: Mapping[Address, Address]
    blocked: frozenset[Address]
    oddities: tuple[Oddity, ...]
    unmanaged: tuple[Address, ...]

    def live_of(self, address: Address) -> Resource | None:
        """The live object of a declared address."""
        found = self.pairs.get(address)
        return None if found is None else self.live.resources[found]

    def id_of(self, address: Address) -> PanelId | None:
        """The panel's id of a declared address, or of a live one that nothing declares."""
        facts = self.live.facts.get(self.pairs.get(address, address))
        return None if facts is None else facts.panel_id


def match(desired: Estate, live: Estate) -> Matches:
    """Pair every declared object with its live one."""
    finder = _Finder(desired, live)
    pairs: dict[Address, Address] = {}
    desired_of: dict[Address, Address] = {}
    oddities: list[Oddity] = []
    blocked: set[Address] = set()
    for address, resource in desired.resources.items():
        found = finder.find(address, resource)
        if isinstance(found, Address) and found in desired_of:
            found = SameObject(address, desired_of[found])
        if isinstance(found, Address):
            pairs[address] = found
            desired_of[found] = address
        elif found is not None:
            oddities.append(found)
            if not isinstance(found, MovedNowhere):
                blocked.add(address)
    spoken_for = {oddity.live for oddity in oddities if isinstance(oddity, NearName | PinElsewhere)}
    spoken_for |= {oddity.former for oddity in oddities if isinstance(oddity, MovedBoth)}
    unmanaged = tuple(
        address
        for address in live.resources
        if address not in desired_of and address not in spoken_for and not _is_peer(live, address)
    )
    for oddity in _handed(desired, pairs, blocked, unmanaged):
        oddities.append(oddity)
        if oddity.declared:
            blocked.add(oddity.address)
    return Matches(
        desired=desired,
        live=live,
        pairs=pairs,
        desired_of=desired_of,
        blocked=frozenset(blocked),
        oddities=tuple(oddities),
        unmanaged=unmanaged,
    )


def _is_peer(live: Estate, address: Address) -> bool:
    facts = live.facts.get(address)
    return facts is not None and facts.peer


def _near_key(address: Address) -> tuple[Kind, str, str]:
    return (address.kind, fold_username(address.owner), " ".join(address.name.split()).casefold())


class _Finder:
    """Looks up one declaration after the other; what it looks in is prepared once, when the first asks for it."""

    def __init__(self, desired: Estate, live: Estate) -> None:
        self._desired = desired
        self._live = live
        self._claimed = {
            resource.lifecycle.moved_from
            for address, resource in desired.resources.items()
            if resource.lifecycle.moved_from is not None and address not in live.resources
        }

    @cached_property
    def _by_id(self) -> Mapping[tuple[Kind, PanelId], Address]:
        """Only a pin asks for this."""
        return {(address.kind, facts.panel_id): address for address, facts in self._live.facts.items()}

    @cached_property
    def _near(self) -> Mapping[tuple[Kind, str, str], Address]:
        """Only what is missing asks for this."""
        return {_near_key(address): address for address in self._live.resources if address.kind is not Kind.CUSTOMER}

    def find(self, address: Address, resource: Resource) -> Address | Oddity | None:
        """The live address, what speaks against saying which, or None: it is not there."""
        lifecycle = resource.lifecycle
        former = lifecycle.moved_from
        if lifecycle.pin is not None:
            return self._pinned(address, former, lifecycle.pin)
        if address in self._live.duplicates:
            return Duplicate(address, self._live.duplicates[address])
        here = address in self._live.resources
        if former is not None and former != address:
            return self._moved(address, former, here=here)
        if here:
            return None if address in self._claimed else address
        alike = self._near.get(_near_key(address))
        return None if alike is None else NearName(address, alike)

    def _pinned(self, address: Address, former: Address | None, pin: PanelId) -> Address | Oddity:
        found = self._by_id.get((address.kind, pin))
        if found is None:
            return PinNowhere(address, pin)
        return found if found in (address, former) else PinElsewhere(address, pin, found)

    def _moved(self, address: Address, former: Address, *, here: bool) -> Address | Oddity:
        """A ``moved_from`` that is still in the file after the move is no difference, also where the old name lives on anew."""
        if former in self._live.duplicates and not here:
            return Duplicate(former, self._live.duplicates[former])
        if former not in self._live.resources:
            return address if here else MovedNowhere(address, former)
        if not here:
            return former
        return address if former in self._desired.resources else MovedBoth(address, former)


def _handed(
    desired: Estate, pairs: Mapping[Address, Address], blocked: set[Address], unmanaged: tuple[Address, ...]
) -> Iterator[Handed]:
    """Spaces that seem to have changed hands without anybody saying so."""
    lying: dict[str, list[Address]] = defaultdict(list)
    for address in unmanaged:
        if address.kind is Kind.SPACE:
            lying[address.name].append(address)
    for address, resource in desired.of_kind(Kind.SPACE):
        if address in pairs or address in blocked or resource.lifecycle.tombstone or resource.lifecycle.existing:
            continue
        others = tuple(other for other in lying.get(address.name, ()) if other.owner != address.owner)
        if others:
            declared = any(Address.customer(other.owner) in desired.resources for other in others)
            yield Handed(address, others, declared)

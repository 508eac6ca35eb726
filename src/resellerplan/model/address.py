"""Addresses: our names for things. Shown in the manifest's spelling, compared as the panel compares."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

__all__ = ["Address", "Kind", "PanelId", "fold_username", "parse_address"]

PanelId = int
"""The panel's integer for an object. Never a name for it: names are addresses."""

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_WRITTEN = re.compile(r'(customer|plan|addon|space)(?:\.([A-Za-z_][A-Za-z0-9_-]*)|\[("(?:[^"\\]|\\.)*")\])\Z')


class Kind(StrEnum):
    """The kinds of things a reseller has, in the order in which they are made."""

    CUSTOMER = "customer"
    PLAN = "plan"
    ADDON = "addon"
    SPACE = "space"


_CUSTOMER: Final = Kind.CUSTOMER
_FILL: Final = object.__setattr__


def fold_username(name: str) -> str:
    """A user name as the panel compares it: case-folded, blanks at the ends gone (contract 6.1)."""
    return name.strip().casefold()


@dataclass(frozen=True, slots=True, eq=False, init=False)
class Address:
    """``customer.mueller``, ``plan["Web S"]``, ``addon["Extra 10 GB"]``, ``space["mueller/Web S"]``.

    ``owner`` is the customer's user name for a space and empty otherwise. Two addresses are equal when the panel would take
    them for the same: user names without case, the names of plans, add-ons and spaces exactly.
    """

    kind: Kind
    name: str
    owner: str
    key: tuple[str, str, str] = field(init=False, repr=False)
    """What equality, hashing and sorting look at; made once, because addresses are keys of everything."""
    hashed: int = field(init=False, repr=False)

    def __init__(self, kind: Kind, name: str, owner: str = "") -> None:
        # Written out, because an estate has tens of thousands: what a dataclass generates, with a second call for the key, takes
        # half as long again.
        user, rest = (name, "") if kind is _CUSTOMER else (owner, name)
        key = (kind._value_, user.strip().casefold(), rest)  # `value` is a slow property of enums
        fill = _FILL
        fill(self, "kind", kind)
        fill(self, "name", name)
        fill(self, "owner", owner)
        fill(self, "key", key)
        fill(self, "hashed", hash(key))

    @classmethod
    def customer(cls, username: str) -> Address:
        """The address of a customer."""
        return cls(Kind.CUSTOMER, username)

    @classmethod
    def plan(cls, name: str) -> Address:
        """The address of a hosting plan."""
        return cls(Kind.PLAN, name)

    @classmethod
    def addon(cls, name: str) -> Address:
        """The address of an add-on (a plan of the panel's add-on kind; it may share its name with a plan)."""
        return cls(Kind.ADDON, name)

    @classmethod
    def space(cls, customer: str, name: str) -> Address:
        """The address of a customer's hosting space."""
        return cls(Kind.SPACE, name, customer)

    @property
    def label(self) -> str:
        """The part behind the kind: ``mueller``, ``Web S``, ``mueller/Web S``."""
        return f"{self.owner}/{self.name}" if self.kind is Kind.SPACE else self.name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Address) and self.key == other.key

    def __hash__(self) -> int:
        return self.hashed

    def __reduce__(self) -> tuple[type[Address], tuple[Kind, str, str]]:
        return (Address, (self.kind, self.name, self.owner))  # hashes of texts differ from process to process

    def __lt__(self, other: Address) -> bool:
        return self.key < other.key

    def __str__(self) -> str:
        label = self.label
        if _BARE.match(label):
            return f"{self.kind}.{label}"
        return f"{self.kind}[{json.dumps(label, ensure_ascii=False)}]"


def parse_address(text: str) -> Address:
    """Read an address as a person writes it on the command line.

    Raises ValueError for what is no address; the message says how one looks.
    """
    match = _WRITTEN.match(text.strip())
    if match is None:
        raise ValueError(f'{text!r} is no address: write customer.mueller, plan["Web S"], addon["Extra"] or space["mueller/Web S"]')
    kind = Kind(match[1])
    label = match[2] if match[2] is not None else json.loads(match[3])
    if kind is not Kind.SPACE:
        return Address(kind, label)
    owner, slash, name = label.partition("/")
    if not slash or not owner or not name:
        raise ValueError(f'{text!r} names no space: write space["customer/name of the space"]')
    return Address(kind, name, owner)

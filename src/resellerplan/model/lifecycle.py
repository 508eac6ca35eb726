"""What is said about an object besides its fields: pins, renames, tombstones, days, what others own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from resellerplan.model.address import Address, PanelId

__all__ = ["NOTHING_SAID", "Condition", "Lifecycle", "Tombstone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One line of ``only_if``: a count that must hold right before a delete. ``what`` is ``domains`` or a quota's full name."""

    what: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """``state: absent``: gone on purpose. ``quarantine_days`` = suspended that long before it is deleted; 0 = at once."""

    reason: str
    quarantine_days: int = 0
    only_if: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """The part of a declaration that no field of the panel holds.

    ``pin`` is the panel's id where a name is not enough; ``moved_from`` the address the object had before (a rename, or a space
    that changes hands); ``existing`` says that it is referenced and not managed; ``initial`` are values for creation only;
    ``ignore_changes`` maps a field to the reason why its later differences are left alone; ``not_before``/``ends`` are days in
    the estate's time zone.
    """

    pin: PanelId | None = None
    moved_from: Address | None = None
    existing: bool = False
    protect: bool = False
    tombstone: Tombstone | None = None
    not_before: date | None = None
    ends: date | None = None
    initial: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    ignore_changes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


NOTHING_SAID = Lifecycle()

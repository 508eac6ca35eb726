"""A Change: one intended difference of one object, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from resellerplan.model.address import Address, PanelId
from resellerplan.model.resource import Resource

__all__ = ["Action", "Change", "FieldChange", "Suppressed"]


class Action(StrEnum):
    """What a change does. A replacement does not exist here: replacing a space would destroy web sites."""

    NO_OP = "no-op"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"

    @property
    def symbol(self) -> str:
        """The sign before the object in the text plan."""
        return {"no-op": " ", "create": "+", "update": "~", "delete": "-"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field that differs. ``path`` is a field (``email``) or a path into one (``groups.OS.Diskspace``, ``addons.Extra 10 GB``).

    ``before`` and ``after`` are model values (``NULL`` for the panel's empty value); ``before`` is ``UNSET`` on creation.
    """

    path: str
    before: object
    after: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """A difference that is reported and left alone, with the reason of the person who said so (``ignore_changes``)."""

    path: str
    before: object
    after: object
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to become of one object.

    ``desired`` is None for a delete; ``live`` is None for a create. ``fingerprint`` is the live object's when the plan was made
    (None on creation, or where it can't be told without writing). ``reason`` is given for every delete. ``previous`` is the address
    before a rename or a change of owner. ``remarks`` are sentences for the reader (what an update destroys, what it touches).
    """

    address: Address
    action: Action
    desired: Resource | None
    live: Resource | None
    panel_id: PanelId | None = None
    fields: tuple[FieldChange, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    fingerprint: str | None = None
    previous: Address | None = None
    reason: str = ""
    remarks: tuple[str, ...] = ()

    def of(self, path: str) -> FieldChange | None:
        """The change of one field or path, if it changes."""
        return next((change for change in self.fields if change.path == path), None)

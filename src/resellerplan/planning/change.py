"""A Change: one intended difference of one object, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from resellerplan.diagnostics import Place
from resellerplan.model.address import Address, PanelId
from resellerplan.model.lifecycle import Condition
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
    """One field that differs. ``path`` is a field of the model (``email``, ``recurring``) or a path into one:

    ``groups.OS`` (a whole group, True = in the plan), ``groups.OS.Diskspace`` (a quota by its full name, the panel's number),
    ``count_diskspace.OS``, ``count_bandwidth.OS``, ``addons.Extra 10 GB`` (quantity), ``domains.mueller.example`` (a ``Domain``),
    ``overrides`` (``PLAN_TERMS``) and ``overrides.OS.Diskspace``. ``compare.manifest_word`` gives the word a reader knows.

    ``before`` and ``after`` are model values (``NULL`` for the panel's empty value); ``before`` is ``UNSET`` on creation and
    ``UNKNOWN`` where the panel did not say.
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
    ``conditions`` are read again right before a delete (``only_if``). ``cascade`` are the objects below that a suspension takes
    along, unmanaged ones too; ``revives`` are the spaces that a re-activation brings back because they went down together with
    the customer. ``place`` is where the object is declared.
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
    conditions: tuple[Condition, ...] = ()
    cascade: tuple[Address, ...] = ()
    revives: tuple[Address, ...] = ()
    place: Place | None = None

    def of(self, path: str) -> FieldChange | None:
        """The change of one field or path, if it changes."""
        return next((change for change in self.fields if change.path == path), None)

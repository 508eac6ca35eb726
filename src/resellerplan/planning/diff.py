"""What must change: one Change per declared object.

Nothing is deleted because a line disappeared: a delete comes from a tombstone and carries its reason. A field that is not
declared is not compared. What was asked to be left alone, or could not be read, stays in the Change as a Suppressed difference
with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from resellerplan.model.address import Address, Kind
from resellerplan.model.customer import Customer
from resellerplan.model.hosting_plan import Addon, HostingPlan
from resellerplan.model.lifecycle import Tombstone
from resellerplan.model.resource import Resource
from resellerplan.model.space import Space
from resellerplan.model.values import UNKNOWN, UNSET, Status
from resellerplan.planning.change import Action, Change, FieldChange, Suppressed
from resellerplan.planning.compare import manifest_word
from resellerplan.planning.differences import Former, creation_fields, differing_fields
from resellerplan.planning.due import is_over, quarantine_ends
from resellerplan.planning.match import Matches
from resellerplan.planning.outlook import CASCADING, Outlook
from resellerplan.planning.policy import Policy
from resellerplan.planning.remarks import on_create, on_delete, on_new_plan, on_status, on_update
from resellerplan.planning.scope import Scope
from resellerplan.planning.targets import within

__all__ = ["NOT_READ", "diff"]

NOT_READ = "it could not be read, so it is not compared"


def diff(matches: Matches, scope: Scope, policy: Policy) -> tuple[Change, ...]:
    """One Change for every declared object within the scope, in the order of the manifest; nothing for what can't be matched."""
    outlook = Outlook(matches, within(matches.desired, scope), policy)
    builder = _Builder(outlook, scope.limit_moves)
    return tuple(
        builder.change(address, resource)
        for address, resource in matches.desired.resources.items()
        if outlook.takes_in(address, resource)
    )


def _renamed(matches: Matches) -> Former:
    """Plans and add-ons whose names differ: (kind, name on the panel) -> name wanted."""
    return {
        (live.kind, live.name): address.name
        for address, live in matches.pairs.items()
        if live.kind in (Kind.PLAN, Kind.ADDON) and live.name != address.name
    }


class _Builder:
    """Makes the changes of one plan, one after the other."""

    def __init__(self, outlook: Outlook, limit_moves: int | None) -> None:
        self._outlook = outlook
        self._matches = outlook.matches
        self._former = _renamed(outlook.matches)
        self._moves_left = limit_moves

    def change(self, address: Address, resource: Resource) -> Change:
        """The change of one declared object that the run takes in."""
        paired = self._matches.pairs.get(address)
        live = None if paired is None else self._matches.live.resources[paired]
        tombstone = resource.lifecycle.tombstone
        if tombstone is not None:
            return self._gone_on_purpose(address, resource, live, tombstone)
        if live is None:
            return self._creation(address, resource)
        return self._update(address, resource, live)

    def _make(
        self,
        address: Address,
        action: Action,
        desired: Resource | None,
        live: Resource | None,
        *,
        fields: Sequence[FieldChange] = (),
        suppressed: Sequence[Suppressed] = (),
        remarks: Sequence[str] = (),
        reason: str = "",
        tombstone: Tombstone | None = None,
        cascade: tuple[Address, ...] = (),
        revives: tuple[Address, ...] = (),
    ) -> Change:
        paired = self._matches.pairs.get(address)
        facts = None if paired is None else self._matches.live.facts.get(paired)
        told = action is not Action.NO_OP or bool(suppressed or remarks or reason)
        return Change(
            address=address,
            action=action,
            desired=desired,
            live=live,
            panel_id=None if facts is None else facts.panel_id,
            fields=tuple(fields),
            suppressed=tuple(suppressed),
            fingerprint=None if facts is None else facts.fingerprint,
            previous=paired if paired is not None and paired != address else None,
            reason=reason,
            remarks=tuple(remarks),
            conditions=tombstone.only_if if tombstone is not None and action is Action.DELETE else (),
            cascade=cascade,
            revives=revives,
            # A place is worked out from the text; of 10,000 objects with nothing to tell nobody asks for it.
            place=self._matches.desired.origins.get((address, "")) if told else None,
        )

    def _creation(self, address: Address, resource: Resource) -> Change:
        waits = self._outlook.waits_for(resource)
        if waits:
            return self._make(address, Action.NO_OP, resource, None, remarks=[waits])
        fields = [field for field in creation_fields(resource) if field.path != "status"]
        status = self._outlook.status_of(address, resource)
        said: list[str] = []
        if isinstance(resource, Space) and status is None:
            inherited = self._outlook.customer_after(resource.customer)
            if inherited in CASCADING:
                status = inherited
                said.append(f"its customer is {inherited}, so the space ends {inherited} too")
        if status is not None:
            fields.append(FieldChange(path="status", before=UNSET, after=status))
        if isinstance(resource, HostingPlan):
            said.extend(on_new_plan(address, self._outlook))
        remarks = [*on_create(resource, fields), *said]
        return self._make(address, Action.CREATE, resource, None, fields=fields, remarks=remarks)

    def _update(self, address: Address, resource: Resource, live: Resource) -> Change:
        candidates = [*differing_fields(resource, live, self._former), *self._status(address, resource, live)]
        if not candidates:
            return self._make(address, Action.NO_OP, resource, live)
        fields: list[FieldChange] = []
        suppressed: list[Suppressed] = []
        for field in candidates:
            reason = self._left_alone(address, resource, field)
            if reason:
                suppressed.append(Suppressed(path=field.path, before=field.before, after=field.after, reason=reason))
            else:
                fields.append(field)
        if not fields:
            return self._make(address, Action.NO_OP, resource, live, suppressed=suppressed)
        remarks = list(on_update(address, live, fields, self._outlook))
        cascade: tuple[Address, ...] = ()
        revives: tuple[Address, ...] = ()
        if any(field.path == "status" for field in fields):
            if isinstance(resource, Customer):
                said, cascade, revives = on_status(address, resource, self._outlook)
                remarks.extend(said)
            if is_over(resource.lifecycle, self._outlook.today):
                remarks.append(f"`ends: {resource.lifecycle.ends}` has come")
        return self._make(
            address,
            Action.UPDATE,
            resource,
            live,
            fields=fields,
            suppressed=suppressed,
            remarks=remarks,
            cascade=cascade,
            revives=revives,
        )

    def _status(self, address: Address, resource: Resource, live: Resource) -> list[FieldChange]:
        """The status last, compared with what it will be when this object's turn comes."""
        if isinstance(live, HostingPlan | Addon):
            return []
        wanted = self._wanted_status(address, resource)
        if wanted is None:
            return []
        match live:
            case Customer():
                held: object = live.status
            case Space():
                held = self._outlook.status_when_reached(self._matches.pairs[address], live)
            case _:
                assert_never(live)
        return [] if wanted is held else [FieldChange(path="status", before=held, after=wanted)]

    def _wanted_status(self, address: Address, resource: Resource) -> Status | None:
        ignored = "status" in resource.lifecycle.ignore_changes
        if ignored and isinstance(resource, Customer | Space) and isinstance(resource.status, Status):
            return resource.status
        return self._outlook.status_of(address, resource)

    def _left_alone(self, address: Address, resource: Resource, field: FieldChange) -> str:
        """Why a difference is not written; empty = it is."""
        reason = _ignored(resource.lifecycle.ignore_changes, address.kind, field.path)
        if reason:
            return reason
        if field.before is UNKNOWN and field.path != "plan":
            return NOT_READ
        if field.path == "plan" and self._moves_left is not None:
            if self._moves_left <= 0:
                return "waits for a later run: --limit moves no more spaces at once"
            self._moves_left -= 1
        return ""

    def _gone_on_purpose(self, address: Address, resource: Resource, live: Resource | None, tombstone: Tombstone) -> Change:
        if live is None:
            return self._make(address, Action.NO_OP, None, None, reason=tombstone.reason, remarks=["gone already"])
        stands = self._outlook.quarantine(address, resource)
        if stands in ("none", "over"):
            return self._make(
                address, Action.DELETE, None, live, reason=tombstone.reason, tombstone=tombstone, remarks=on_delete(live)
            )
        if stands == "begins":
            return self._begin_quarantine(address, resource, live, tombstone)
        ends = quarantine_ends(tombstone, self._matches.live.facts[self._matches.pairs[address]])
        waits = f"in quarantine until {ends}" if ends else "in quarantine; the panel does not say since when"
        return self._make(address, Action.NO_OP, resource, live, reason=tombstone.reason, remarks=[waits])

    def _begin_quarantine(self, address: Address, resource: Resource, live: Resource, tombstone: Tombstone) -> Change:
        fields = self._status(address, resource, live)
        remarks = [f"suspended first; an apply {tombstone.quarantine_days} days later deletes it"]
        cascade: tuple[Address, ...] = ()
        if isinstance(resource, Customer):
            said, cascade, _ = on_status(address, resource, self._outlook)
            remarks.extend(said)
        action = Action.UPDATE if fields else Action.NO_OP
        return self._make(address, action, resource, live, fields=fields, reason=tombstone.reason, remarks=remarks, cascade=cascade)


def _ignored(ignore_changes: Mapping[str, str], kind: Kind, path: str) -> str:
    """The reason why a path is left alone: said of the path, of the field it lies in, or in the manifest's words for it."""
    if not ignore_changes:
        return ""
    head = path.partition(".")[0]
    for name in (path, head, manifest_word(kind, path), manifest_word(kind, head)):
        if name in ignore_changes:
            return ignore_changes[name]
    return ""

"""Names and life cycles: pins, renames, tombstones, days, and what contradicts itself in one entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from resellerplan.diagnostics import Finding, Note
from resellerplan.manifest.checks.declarations import Declarations, title_of
from resellerplan.manifest.codes import finding
from resellerplan.manifest.lifecycle import field_names
from resellerplan.manifest.nearest import nearest
from resellerplan.model.address import Address, Kind, fold_username
from resellerplan.model.lifecycle import NOTHING_SAID, Lifecycle
from resellerplan.model.values import Status

__all__ = ["life_cycles", "statuses"]

_OF_ABSENT: Final = ("reason", "quarantine", "only_if")
_BESIDE_EXISTING: Final = frozenset({"username", "name", "addon", "id", "existing", "spaces"})
_ALTERNATIVES: Final = (("domain", "domains"), ("phone", "primary_phone"))


def life_cycles(held: Declarations) -> Iterator[Finding]:
    """RP1224, RP1225 of add-ons, RP1402 to RP1414."""
    pins: dict[tuple[str, int], Address] = {}
    former: dict[Address, Address] = {}
    for address, resource in held.resources.items():
        entry = held.where.declared[address]
        data = entry.data
        if ("domain" in data and "domains" in data) or "primary_phone" in data:
            yield from _alternatives(held, address, data)
        if "addons" in data:
            yield from _doubled_addons(held, address)
        life = resource.lifecycle
        if life is not NOTHING_SAID:
            yield from _pin(held, address, life, pins)
            yield from _moved(held, address, life, former)
            yield from _absent(held, address, life, entry.data)
            yield from _existing(held, address, life, entry.data)
            yield from _initial(held, address, life, entry.data)
            if life.not_before and life.ends and life.ends <= life.not_before:
                yield held.tell("RP1412", address, "ends", title_of(address))


def _alternatives(held: Declarations, address: Address, data: Mapping[str, object]) -> Iterator[Finding]:
    for one, other in _ALTERNATIVES:
        if data.get(one) and other in data:
            entry = held.where.declared[address]
            first, second = sorted((one, other), key=list(data).index)
            note = Note("said here as well", entry.key(first))
            yield held.tell("RP1224", address, "", f"`{one}` and `{other}`", notes=(note,), place=entry.key(second))


def _doubled_addons(held: Declarations, address: Address) -> Iterator[Finding]:
    entry = held.where.declared[address]
    listed = entry.data["addons"]
    seen: dict[str, int] = {}
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        name = str(one.get("plan")) if isinstance(one, dict) else ""
        if name in seen:
            note = Note("first here", entry.place("addons", seen[name], "plan"))
            place = entry.place("addons", number, "plan")
            hint = "say it once, with `quantity`"
            yield held.tell("RP1225", address, "addons", title_of(address), notes=(note,), place=place, hint=hint)
        seen.setdefault(name, number)


def _pin(held: Declarations, address: Address, life: Lifecycle, pins: dict[tuple[str, int], Address]) -> Iterator[Finding]:
    if life.pin is None:
        return
    table = "plan" if address.kind is Kind.ADDON else address.kind.value  # the panel keeps both in one table
    first = pins.setdefault((table, life.pin), address)
    if first != address:
        note = Note(f"{title_of(first)} has it", held.where.get((first, "pin")))
        yield held.tell("RP1402", address, "pin", title_of(address), notes=(note,))


def _moved(held: Declarations, address: Address, life: Lifecycle, former: dict[Address, Address]) -> Iterator[Finding]:
    old = life.moved_from
    if old is None:
        return
    if address.kind is Kind.CUSTOMER:
        hint = "make a new customer, move the spaces with `moved_from: {customer, name}`, then take the old one away"
        yield held.tell("RP1403", address, "moved_from", title_of(address), hint=hint, on_key=True)
        return
    if old == address:
        yield held.tell("RP1405", address, "moved_from", title_of(address))
    elif old in held.resources:
        yield held.tell("RP1404", address, "moved_from", title_of(address), notes=(held.declared_at(old),))
    first = former.setdefault(old, address)
    if first != address:
        note = Note(f"{title_of(first)} too", held.where.get((first, "moved_from")))
        yield held.tell("RP1406", address, "moved_from", title_of(address), notes=(note,))


def _absent(held: Declarations, address: Address, life: Lifecycle, data: Mapping[str, object]) -> Iterator[Finding]:
    if data.get("state") == "absent":
        if life.tombstone is None and address not in held.half:
            hint = 'add `reason: "..."`'
            yield held.tell("RP1407", address, "state", title_of(address), hint=hint, on_key=True)
        if life.protect:
            note = Note("protected here", held.where.key(address, "protect"))
            yield held.tell("RP1409", address, "state", title_of(address), notes=(note,), on_key=True)
    else:
        for key in _OF_ABSENT:
            if key in data and not _by_default(held, address, key):
                also = "" if "reason" in data else " and a `reason`"
                hint = f"add `state: absent`{also}, or drop it"
                yield held.tell("RP1408", address, key, title_of(address), hint=hint, on_key=True)


def _by_default(held: Declarations, address: Address, key: str) -> bool:
    entry = held.where.declared[address]
    return entry.document.origin_of((*entry.path, key)).by_default


def _existing(held: Declarations, address: Address, life: Lifecycle, data: Mapping[str, object]) -> Iterator[Finding]:
    if not life.existing:
        return
    for key in data:
        if key not in _BESIDE_EXISTING and not _by_default(held, address, key):
            label = f"{title_of(address)} is only referenced"
            yield held.tell("RP1410", address, key, label, on_key=True, hint=f"drop `{key}`, or drop `existing: true`")


def _initial(held: Declarations, address: Address, life: Lifecycle, data: Mapping[str, object]) -> Iterator[Finding]:
    first = data.get("initial")
    if not life.initial or not isinstance(first, dict):
        return
    said = {name for key in data for name in field_names("phone" if key == "primary_phone" else key)}
    entry = held.where.declared[address]
    for key in first:
        if said.intersection(field_names("phone" if key == "primary_phone" else key)) and not _by_default(held, address, key):
            note = Note("managed here", entry.key(key)) if key in data else Note("managed under its other name")
            hint = "drop one of them"
            yield held.tell(
                "RP1414", address, "initial", title_of(address), notes=(note,), hint=hint, place=entry.key("initial", key)
            )


def statuses(held: Declarations) -> Iterator[Finding]:
    """RP1318: active spaces under customers that are not, RP1416 to RP1418: the suspension register."""
    listed = _register(held)
    for fold, customer in held.customers.items():
        row = listed.get(fold)
        if row is None:
            continue
        address = customer.self_address
        note = Note("listed in the register", held.settings.suspensions[row].place)
        if customer.status is Status.ACTIVE:
            yield held.tell("RP1416", address, "status", title_of(address), notes=(note,))
        elif customer.lifecycle.existing:
            label = f"{title_of(address)} is only referenced, so nothing would suspend it"
            yield held.tell("RP1416", address, "existing", label, notes=(note,), on_key=True)
    yield from _unknown_rows(held)
    for address, space in held.spaces.items():
        if space.status is Status.ACTIVE:
            fold = fold_username(space.customer)
            owner = held.customers.get(fold)
            if owner is None:
                continue
            if owner.status in (Status.SUSPENDED, Status.CANCELLED, Status.PENDING):
                place = held.where.get((owner.self_address, "status"))
                note = Note(f"{title_of(owner.self_address)} is {owner.status.value}", place)
                yield held.tell("RP1318", address, "status", title_of(address), notes=(note,))
            elif fold in listed:
                note = Note("listed in the suspension register", held.settings.suspensions[listed[fold]].place)
                yield held.tell("RP1318", address, "status", title_of(address), notes=(note,))


def _register(held: Declarations) -> Mapping[str, int]:
    rows: dict[str, int] = {}
    for number, row in enumerate(held.settings.suspensions):
        if row.resumed is None:
            rows.setdefault(fold_username(row.username), number)
    return rows


def _unknown_rows(held: Declarations) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for number, row in enumerate(held.settings.suspensions):
        fold = fold_username(row.username)
        if row.resumed is not None:
            continue
        if fold in first:
            note = Note("first here", held.settings.suspensions[first[fold]].place)
            yield finding("RP1418", row.place, f'"{row.username}"', notes=(note,))
            continue
        first[fold] = number
        if fold not in held.customers and Address.customer(row.username) not in held.shadows:
            near = nearest(row.username, (customer.username for customer in held.customers.values()))
            yield finding("RP1417", row.place, f'"{row.username}"', hint=f'did you mean "{near}"?' if near else "")

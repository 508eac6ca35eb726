"""Remarks on a manifest that is accepted: plans that nobody uses, copies that were not edited, names that look alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from resellerplan.diagnostics import Finding, Note
from resellerplan.manifest.checks.declarations import Declarations, invisible_in, quoted, title_of
from resellerplan.manifest.codes import finding
from resellerplan.manifest.nearest import nearest
from resellerplan.model.address import Address, Kind
from resellerplan.model.customer import Customer
from resellerplan.model.values import Null, Unknown, Unset

__all__ = ["remarks"]


def remarks(held: Declarations) -> Iterator[Finding]:
    """RP1601 to RP1605, RP1607."""
    yield from _unused(held)
    yield from _same_email(held)
    yield from _same_to_mariadb(held)
    yield from _look_alike(held)
    yield from _invisible(held)
    if not held.resources and not held.shadows and held.settings.first_place is not None:
        yield finding("RP1605", held.settings.first_place)


def _unused(held: Declarations) -> Iterator[Finding]:
    plans: set[object] = set()
    addons: set[str] = set()
    for space in held.spaces.values():
        plans.add(space.plan)
        if not isinstance(space.addons, Null | Unset | Unknown):
            addons.update(space.addons)
    # What a misspelt name probably means is in use: the unknown plan is told, and this would only follow from it.
    plans.update(nearest(name, held.plans) for name in plans - held.plans.keys() if isinstance(name, str))
    addons.update(near for name in addons - held.addons.keys() if (near := nearest(name, held.addons)) is not None)
    for name, plan in held.plans.items():
        if name not in plans and not plan.lifecycle.existing and plan.lifecycle.tombstone is None:
            yield held.tell("RP1601", plan.self_address, "", title_of(plan.self_address))
    for name, addon in held.addons.items():
        if name not in addons and not addon.lifecycle.existing and addon.lifecycle.tombstone is None:
            yield held.tell("RP1601", addon.self_address, "", title_of(addon.self_address))


def _same_email(held: Declarations) -> Iterator[Finding]:
    seen: dict[str, Customer] = {}
    for customer in held.customers.values():
        email = customer.email
        if not isinstance(email, str):
            continue
        first = seen.setdefault(email.casefold(), customer)
        if first is not customer and customer.lifecycle.tombstone is None:
            other = first.self_address
            note = Note(f"{title_of(other)} has it", held.where.get((other, "email")))
            yield held.tell("RP1602", customer.self_address, "email", title_of(customer.self_address), notes=(note,))


def _same_to_mariadb(held: Declarations) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for fold, customer in held.customers.items():
        bare = fold if fold.isascii() else _without_accents(fold)
        first = seen.setdefault(bare, fold)
        if first != fold:
            other = held.customers[first].self_address
            address = customer.self_address
            note = Note(f"the other is {quoted(other.name)}", held.where.of(other))
            yield held.tell("RP1603", address, "", quoted(address.name), notes=(note,))


def _without_accents(text: str) -> str:
    """What is left where accents don't count: ``ü`` is ``u``, ``ß`` is ``ss``."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)).rstrip()


def _invisible(held: Declarations) -> Iterator[Finding]:
    for address in held.resources:
        if not address.name.isascii() and (strange := invisible_in(address.name)):
            hint = "write the name anew, by hand: such letters come along when a text is copied"
            yield held.tell("RP1607", address, "", f"{title_of(address)} holds {strange}", hint=hint)


def _look_alike(held: Declarations) -> Iterator[Finding]:
    seen: dict[tuple[str, str, tuple[str, ...]], Address] = {}
    for address in held.resources:
        if address.kind is Kind.CUSTOMER:
            continue
        kind, owner, name = address.key
        first = seen.setdefault((kind, owner, (*name.casefold().split(),)), address)
        if first is not address:
            note = Note(f"the other is {quoted(first.label)}", held.where.of(first))
            yield held.tell("RP1604", address, "", quoted(address.label), notes=(note,))

"""Do names lead somewhere: a space's customer, its plan, its add-ons; and is what they lead to there to stay."""

from __future__ import annotations

from collections.abc import Iterator

from resellerplan.diagnostics import Finding, Place
from resellerplan.manifest.checks.declarations import Declarations, meant, quoted, title_of
from resellerplan.manifest.nearest import nearest
from resellerplan.model.address import Address, fold_username
from resellerplan.model.space import Space
from resellerplan.model.values import UNSET, Null, Unknown, Unset

__all__ = ["references"]


def references(declarations: Declarations) -> Iterator[Finding]:
    """RP1301 to RP1306."""
    held = declarations
    customers, plans = held.customers, held.plans
    for address, space in held.spaces.items():
        customer = customers.get(fold_username(space.customer))
        if customer is None or customer.lifecycle.tombstone is not None:
            yield from _customer(held, address, space)
        if space.lifecycle.tombstone is None:
            plan = plans.get(space.plan) if type(space.plan) is str else None
            if plan is None or plan.lifecycle.tombstone is not None:
                yield from _plan(held, address, space)
            if space.addons is not UNSET:
                yield from _addons(held, address, space)


def _customer(held: Declarations, address: Address, space: Space) -> Iterator[Finding]:
    customer = held.customers.get(fold_username(space.customer))
    if customer is None:
        if Address.customer(space.customer) in held.shadows:
            return
        near = nearest(space.customer, (known.username for known in held.customers.values()))
        hint = meant(near, space.customer) if near else "declare it, with `existing: true` if it is not to be managed"
        yield held.tell("RP1302", address, "customer", title_of(address), hint=hint)
    elif customer.lifecycle.tombstone is not None and space.lifecycle.tombstone is None:
        note = held.declared_at(customer.self_address)
        hint = "mark the space absent too, with a reason, or give it to another customer"
        yield held.tell("RP1305", address, "customer", title_of(address), notes=(note,), hint=hint)


def _plan(held: Declarations, address: Address, space: Space) -> Iterator[Finding]:
    name = space.plan
    if not isinstance(name, str):
        return
    plan = held.plans.get(name)
    if plan is not None:
        if plan.lifecycle.tombstone is not None:
            note = held.declared_at(plan.self_address)
            yield held.tell("RP1304", address, "plan", title_of(address), notes=(note,))
    elif name in held.addons:
        hint = f"name a plan, and say addons: [{{plan: {name}}}]"
        yield held.tell("RP1306", address, "plan", f"{quoted(name)} is an add-on", hint=hint)
    elif Address.plan(name) not in held.shadows and Address.addon(name) not in held.shadows:
        near = nearest(name, held.plans)
        hint = meant(near, name) if near else "declare it, with `existing: true` if it is not to be managed"
        yield held.tell("RP1301", address, "plan", title_of(address), hint=hint)


def _addons(held: Declarations, address: Address, space: Space) -> Iterator[Finding]:
    if isinstance(space.addons, Null | Unset | Unknown):
        return
    for name, quantity in space.addons.items():
        place = _addon_place(held, address, name)
        addon = held.addons.get(name)
        if addon is not None:
            if addon.lifecycle.tombstone is not None and quantity:
                note = held.declared_at(addon.self_address)
                yield held.tell("RP1304", address, "addons", title_of(address), notes=(note,), place=place)
        elif name in held.plans:
            label = f"{quoted(name)} is a hosting plan"
            yield held.tell("RP1306", address, "addons", label, place=place, hint="an add-on has `addon: true`")
        elif Address.addon(name) not in held.shadows and Address.plan(name) not in held.shadows:
            near = nearest(name, held.addons)
            hint = meant(near, name) if near else "an add-on is an entry of `plans` with `addon: true`"
            yield held.tell("RP1303", address, "addons", title_of(address), hint=hint, place=place)


def _addon_place(held: Declarations, address: Address, name: str) -> Place:
    entry = held.where.declared[address]
    listed = entry.data.get("addons")
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(one, dict) and str(one.get("plan")) == name:
            return entry.place("addons", number, "plan")
    return entry.place("addons")

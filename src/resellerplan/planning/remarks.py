"""Sentences under a change: what it destroys, what it takes along, what is not done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from resellerplan.model.address import Address
from resellerplan.model.customer import Customer
from resellerplan.model.hosting_plan import Addon, HostingPlan
from resellerplan.model.resource import Resource
from resellerplan.model.space import Space
from resellerplan.model.traits import KINDS
from resellerplan.model.values import Status
from resellerplan.planning.change import FieldChange
from resellerplan.planning.outlook import CASCADING, Outlook

__all__ = ["SHOWN", "listed", "on_create", "on_delete", "on_new_plan", "on_status", "on_update"]

SHOWN = 20
"""How many names a sentence lists before it counts the rest."""


def listed(names: Sequence[object]) -> str:
    """``a, b and 3 more``."""
    shown = ", ".join(str(name) for name in names[:SHOWN])
    rest = len(names) - SHOWN
    return f"{shown} and {rest} more" if rest > 0 else shown


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 space``, ``3 spaces``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def on_create(resource: Resource, fields: Sequence[FieldChange]) -> tuple[str, ...]:
    """What a creation does and does not do."""
    said: list[str] = []
    match resource:
        case Customer():
            if resource.summary_letter:
                said.append("the account summary is sent once, after the customer is verified")
            else:
                said.append("no account summary is sent (summary_letter: false)")
        case Space():
            said.extend(_on_create_space(resource))
        case HostingPlan():
            said.append("it hangs on your own package; the groups OS and DNS are in")
        case Addon():
            said.append("it hangs on your own package")
        case _:
            assert_never(resource)
    status = next((field.after for field in fields if field.path == "status"), Status.ACTIVE)
    if status is not Status.ACTIVE and isinstance(status, Status):
        said.append(f"created active first; the status {status} is set last")
    return tuple(said)


def on_new_plan(address: Address, outlook: Outlook) -> tuple[str, ...]:
    """What a new plan looks like that takes the spaces of one that no manifest names any more: a rename that was not said."""
    matches = outlook.matches
    names: dict[str, int] = {}
    for paired, live_address in matches.pairs.items():
        wanted, live = matches.desired.resources[paired], matches.live.resources[live_address]
        if isinstance(wanted, Space) and isinstance(live, Space) and wanted.plan == address.name and isinstance(live.plan, str):
            names[live.plan] = names.get(live.plan, 0) + 1
    left = [(number, name) for name, number in names.items() if Address.plan(name) in matches.unmanaged]
    return tuple(
        f"{counted(number, 'space')} {'comes' if number == 1 else 'come'} to it from {Address.plan(name)}, which no manifest names"
        f" any more: if it is that plan under a new name, say `moved_from: {name}` here"
        for number, name in left
    )


def _on_create_space(space: Space) -> list[str]:
    has_domain = isinstance(space.domains, tuple) and bool(space.domains)
    first = "the space summary is sent once, after the space is verified" if space.summary_letter else "no space summary is sent"
    if has_domain:
        said = [f"{first}; the domain and its resources are created with the space"]
    else:
        said = [f"{first}; no domain, so no resources are created"]
    if isinstance(space.domains, tuple) and len(space.domains) > 1:
        said.append(f"{counted(len(space.domains) - 1, 'further domain')} added after it")
    return said


def on_update(address: Address, live: Resource, fields: Sequence[FieldChange], outlook: Outlook) -> tuple[str, ...]:
    """What an update of this object costs besides what is asked for."""
    said: list[str] = []
    paths = [field.path for field in fields]
    match live:
        case Customer():
            if any(path != "status" for path in paths) or _reactivates(fields):
                said.append(KINDS[address.kind].destroyed_by_update)
        case HostingPlan() | Addon():
            said.extend(_on_update_sold(address, live, fields, outlook))
        case Space():
            said.extend(_on_update_space(address, paths, outlook))
        case _:
            assert_never(live)
    return tuple(said)


def _reactivates(fields: Sequence[FieldChange]) -> bool:
    return any(field.path == "status" and field.after not in CASCADING for field in fields)


def _on_update_sold(address: Address, live: HostingPlan | Addon, fields: Sequence[FieldChange], outlook: Outlook) -> list[str]:
    matches = outlook.matches
    facts = matches.live.facts[matches.pairs[address]]
    said: list[str] = []
    if isinstance(live, HostingPlan):
        using = [
            space_address
            for space_address, space in matches.live.resources.items()
            if isinstance(space, Space) and matches.live.facts[space_address].plan_id == facts.panel_id
        ]
        told = _reached if any(field.path.startswith("groups") for field in fields) else _not_reached
        said.append(told(using, outlook) if using else "no space has this plan yet")
    if facts.hidden_quotas:
        said.append(
            f"can be undone, but for {counted(len(facts.hidden_quotas), 'quota')} that the panel never shows and any update drops"
            f" ({', '.join(facts.hidden_quotas)})"
        )
    else:
        said.append(KINDS[address.kind].destroyed_by_update)
    return said


def _reached(using: Sequence[Address], outlook: Outlook) -> str:
    """Whom a change of quotas reaches, and whom it doesn't."""
    facts = outlook.matches.live.facts
    following = [space for space in using if not facts[space].own_terms]
    own_terms = len(using) - len(following)
    stays = f"; {counted(own_terms, 'space')} with own terms {'stays' if own_terms == 1 else 'stay'}" if own_terms else ""
    return f"touches {counted(len(following), 'space')} of {_owners(following)} at once{stays}"


def _not_reached(using: Sequence[Address], _outlook: Outlook) -> str:
    """Who has a plan of which no quota changes: its price and its description reach no space."""
    have, their = ("has", "its") if len(using) == 1 else ("have", "their")
    return f"{counted(len(using), 'space')} of {_owners(using)} {have} this plan; {their} quotas stay as they are"


def _owners(spaces: Sequence[Address]) -> str:
    return counted(len({space.key[1] for space in spaces}), "customer")


def _on_update_space(address: Address, paths: Sequence[str], outlook: Outlook) -> list[str]:
    matches = outlook.matches
    facts = matches.live.facts[matches.pairs[address]]
    said: list[str] = []
    declares_terms = any(path.startswith("overrides") for path in paths)
    if "plan" in paths and facts.own_terms and not declares_terms:
        said.append("its own terms stay as they are (say `overrides: none` to return it to the plan)")
    if any(path.startswith("overrides.") for path in paths):
        said.append("groups and quotas not listed in overrides follow the plan's values of the moment of writing")
    if any(path.startswith("domains.") for path in paths):
        said.append("domains are added; an edit never moves or deletes one")
    return said


def on_status(
    address: Address, resource: Customer, outlook: Outlook
) -> tuple[tuple[str, ...], tuple[Address, ...], tuple[Address, ...]]:
    """What a change of a customer's status takes along: (sentences, what a cascade reaches, what comes back)."""
    _, after = outlook.coming[address.key[1]]
    if after in CASCADING:
        reached = outlook.below(resource.username, outlook.matches.id_of(address) or 0)
        if not reached:
            return (), (), ()
        verb = "suspends" if after is Status.SUSPENDED else "cancels"
        return (f"{verb} everything below at once: {listed(reached)}",), reached, ()
    back, stay = outlook.comes_back(address)
    said: list[str] = []
    if back:
        said.append(f"brings back {counted(len(back), 'space')} that went down with the customer: {listed(back)}")
    if stay:
        said.append(
            f"{listed(stay)} {'stays' if len(stay) == 1 else 'stay'} down: suspended on their own, or it can't be told"
            " (--reactivate-all brings them back too)"
        )
    return tuple(said), (), back


def on_delete(live: Resource) -> tuple[str, ...]:
    """What goes with an object."""
    match live:
        case Space():
            domains = live.domains if isinstance(live.domains, tuple) else ()
            names = [domain.name for domain in domains]
            what = f" ({listed(names)})" if names else ""
            return (f"everything in it is destroyed: files, databases, mailboxes, domains{what}; this can't be undone",)
        case Customer():
            return ("the account, its settings and its log-in are destroyed; this can't be undone",)
        case HostingPlan() | Addon():
            return ()
        case _:
            assert_never(live)

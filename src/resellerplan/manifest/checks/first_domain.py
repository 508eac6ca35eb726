"""A space's domains and resources against its plan: what the panel would make and then delete again is told before it is asked.

The panel makes the space, then the domain and its resources, and only later gives it add-ons and own terms. So what is made with
the first domain must be in the plan itself; further domains may come out of add-ons and own terms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from resellerplan.diagnostics import Finding, Note, Place
from resellerplan.manifest.checks.declarations import Declarations, quoted, title_of
from resellerplan.model.address import Address
from resellerplan.model.hosting_plan import HostingPlan, Terms, Unlisted
from resellerplan.model.space import Domain, PlanTerms, Resources, Space
from resellerplan.model.values import UNLIMITED, Null, Unknown, Unset

__all__ = ["Need", "domain_place", "domains_and_resources", "needs_of"]


@dataclass(frozen=True, slots=True)
class Need:
    """What a resource needs: ``code`` is the panel's answer where it is missing."""

    key: str
    words: str
    group: str
    quota: str
    code: int


_WEBSITE: Final = Need("website", "a web site", "Web", "Sites", -600)
_FTP: Final = Need("ftp", "an FTP account", "FTP", "Accounts", -802)
_MAIL: Final = Need("mail", "a mailbox", "Mail", "Accounts", -702)


def needs_of(space: Space) -> Iterator[Need]:
    """What is made with the space's first domain; nothing for a space without one."""
    if not _domains(space):
        return
    resources = space.resources or Resources()
    wished = ((_WEBSITE, resources.website), (_FTP, resources.ftp is not False), (_MAIL, resources.mail))
    yield from (need for need, wish in wished if wish)


def domains_and_resources(held: Declarations) -> Iterator[Finding]:
    """RP1225, RP1311 to RP1317."""
    seen: dict[str, tuple[Address, Place]] = {}
    accounts: dict[str, tuple[Address, Place]] = {}
    for address, space in held.spaces.items():
        if (space.resources is None and isinstance(space.domains, Unset)) or space.lifecycle.tombstone is not None:
            continue
        domains = _domains(space)
        if not domains:
            if space.resources is not None and not _by_default(held, address):
                hint = "give a `domain`, or drop `resources`"
                yield held.tell("RP1313", address, "resources", title_of(address), hint=hint, on_key=True)
            continue
        yield from _doubled(held, address, domains, seen)
        yield from _accounts(held, address, space, accounts)
        plan = held.plans.get(space.plan) if isinstance(space.plan, str) else None
        if plan is not None and plan.self_address not in held.half and not plan.lifecycle.existing:
            yield from _against(held, address, space, domains, plan)


def _domains(space: Space) -> tuple[Domain, ...]:
    return () if isinstance(space.domains, Null | Unset | Unknown) else space.domains


def _by_default(held: Declarations, address: Address) -> bool:
    entry = held.where.declared[address]
    return entry.document.origin_of((*entry.path, "resources")).by_default


def domain_place(held: Declarations, address: Address, number: int) -> Place:
    """Where the space's domain ``number`` stands. (An entry that did not fit its form is a hole in the list.)"""
    entry = held.where.declared[address]
    listed = entry.data.get("domains")
    there = [place for place, one in enumerate(listed) if one is not None] if isinstance(listed, list) else []
    if number >= len(there):
        return entry.place("domain") if "domain" in entry.data else entry.place("domains")
    steps: tuple[str | int, ...] = ("domains", there[number])
    return (
        entry.place(*steps, "name") if isinstance(listed, list) and isinstance(listed[there[number]], dict) else entry.place(*steps)
    )


def _doubled(
    held: Declarations, address: Address, domains: tuple[Domain, ...], seen: dict[str, tuple[Address, Place]]
) -> Iterator[Finding]:
    for number, domain in enumerate(domains):
        first = seen.get(domain.name)
        place = domain_place(held, address, number)
        if first is None:
            seen[domain.name] = (address, place)
        elif first[0] == address:
            yield held.tell("RP1225", address, "domains", quoted(domain.name), notes=(Note("first here", first[1]),), place=place)
        else:
            note = Note(f"{title_of(first[0])} has it", first[1])
            yield held.tell("RP1316", address, "domains", quoted(domain.name), notes=(note,), place=place)


def _accounts(held: Declarations, address: Address, space: Space, accounts: dict[str, tuple[Address, Place]]) -> Iterator[Finding]:
    if space.resources is None or space.resources.ftp is False:
        return
    name = space.customer if space.resources.ftp is True else space.resources.ftp
    place = held.where.declared[address].place("resources", "ftp")
    first = accounts.setdefault(name.casefold(), (address, place))
    if first[0] != address:
        note = Note(f"{title_of(first[0])} has it", first[1])
        hint = "give it a name of its own: ftp: {name: ...}"
        label = f"{title_of(address)}: {quoted(name)}"
        yield held.tell("RP1314", address, "resources", label, notes=(note,), hint=hint, place=place)


def _against(
    held: Declarations, address: Address, space: Space, domains: tuple[Domain, ...], plan: HostingPlan
) -> Iterator[Finding]:
    if isinstance(plan.groups, Null | Unset | Unknown):
        return
    declared = held.declared_at(plan.self_address)
    allowed = _quota(plan.groups, plan, "OS", "OS.Domains")
    if allowed == 0:
        again = Note("the panel would create the space and then delete it again (code -500)")
        hint = "add `OS: {Domains: 1}` to the plan, or drop the domain"
        place = domain_place(held, address, 0)
        label = f"{title_of(address)} has a domain, its plan has no OS.Domains"
        yield held.tell("RP1312", address, "domains", label, notes=(declared, again), hint=hint, place=place)
    elif allowed is not None and allowed != UNLIMITED:
        yield from _too_many(held, address, space, domains, allowed, declared)
    for need in needs_of(space):
        yield from _needed(held, address, plan.groups, plan, need, declared)


def _needed(
    held: Declarations, address: Address, groups: Terms, plan: HostingPlan, need: Need, declared: Note
) -> Iterator[Finding]:
    if _quota(groups, plan, need.group, f"{need.group}.{need.quota}") != 0:
        return
    entry = held.where.declared[address]
    resources = entry.data.get("resources")
    said = isinstance(resources, dict) and need.key in resources
    place = entry.key("resources", need.key) if said else domain_place(held, address, 0)
    again = Note(f"the panel would create the space and then delete it again (code {need.code})")
    by_itself = () if said else (Note("a domain brings a web site unless `resources: {website: false}` is said"),)
    drop = f"drop `{need.key}: true`" if said else "say `resources: {website: false}`"
    if need.group in groups:
        label = f"{title_of(address)} asks for {need.words}, its plan allows 0 {need.group}.{need.quota}"
        code, hint = "RP1315", f"set `{need.quota}: 1` in group {need.group} of the plan, or {drop}"
    else:
        label = f"{title_of(address)} asks for {need.words}, its plan has no group {need.group}"
        code, hint = "RP1311", f"add `{need.group}: {{{need.quota}: 1}}` to the plan, or {drop}"
    yield held.tell(code, address, "resources", label, notes=(*by_itself, declared, again), hint=hint, place=place)


def _quota(groups: Terms, plan: HostingPlan, group: str, quota: str) -> int | None:
    """What the plan gives; None where it leaves that to the panel."""
    terms = groups.get(group)
    if terms is None:
        return None if plan.unlisted is Unlisted.KEEP else 0
    if quota in terms.quotas:
        return terms.quotas[quota]
    return None if terms.unlisted is Unlisted.KEEP else 0


def _too_many(
    held: Declarations, address: Address, space: Space, domains: tuple[Domain, ...], allowed: int, declared: Note
) -> Iterator[Finding]:
    names = dict.fromkeys(domain.name for domain in domains)
    if len(names) <= allowed:
        return
    if not isinstance(space.overrides, Null | Unset | Unknown | PlanTerms) and "OS" in space.overrides:
        allowed = space.overrides["OS"].quotas.get("OS.Domains", allowed)
    if allowed == UNLIMITED:
        return
    if not isinstance(space.addons, Null | Unset | Unknown):
        for name, quantity in space.addons.items():
            addon = held.addons.get(name)
            if addon is None or isinstance(addon.groups, Null | Unset | Unknown):
                return
            more = addon.groups["OS"].quotas.get("OS.Domains", 0) if "OS" in addon.groups else 0
            if more == UNLIMITED:
                return
            allowed += more * quantity
    if len(names) > allowed:
        label = f"{title_of(address)} has {len(names)} domains, its terms allow {allowed}"
        hint = f"raise `OS: {{Domains: {len(names)}}}` in the plan, or say `overrides: {{OS: {{Domains: {len(names)}}}}}`"
        place = domain_place(held, address, min(allowed, len(domains) - 1))
        yield held.tell("RP1317", address, "domains", label, notes=(declared,), hint=hint, place=place)

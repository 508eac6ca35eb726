"""Random estates for laws: small, with names that meet, so that edits, tombstones and references collide as they do in life."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from resellerplan.model.address import Address, Kind
from resellerplan.model.customer import Customer
from resellerplan.model.estate import Estate
from resellerplan.model.hosting_plan import Addon, HostingPlan, Terms, Unlisted
from resellerplan.model.resource import Resource, references
from resellerplan.model.space import PLAN_TERMS, Domain, Resources, Space
from resellerplan.model.values import NULL, UNSET, Recurrence, Status
from tests.support.estates import absent, addon, customer, desired, hosting_plan, money, space, terms

__all__ = ["ALLOWED", "edits", "estates"]

ALLOWED: dict[str, Any] = {
    "max_deletes": 1000,
    "delete_share": 1.0,
    "dangerous": frozenset({"reduce-plan", "many-deletes", "many-updates"}),
}
"""A policy under which a law is not stopped by thresholds."""

texts = st.sampled_from(["", "x", "Müller", "a@b.example"])
fields_of_text = st.one_of(st.just(UNSET), st.just(NULL), texts)
statuses = st.sampled_from([UNSET, UNSET, Status.ACTIVE, Status.SUSPENDED, Status.CANCELLED])


@st.composite
def terms_of_plan(draw: st.DrawFn) -> Terms:
    return terms(
        OS={"Diskspace": draw(st.sampled_from([0, 5, 10, -1])), "Domains": 9},
        Web={"Sites": draw(st.integers(1, 3))},
        **({"Mail": {"Accounts": draw(st.integers(0, 2))}} if draw(st.booleans()) else {}),
    )


@st.composite
def customers(draw: st.DrawFn, username: str) -> Customer:
    return customer(
        username,
        first_name=draw(fields_of_text),
        city=draw(fields_of_text),
        html_mail=draw(st.sampled_from([UNSET, NULL, True, False])),
        status=draw(statuses),
        summary_letter=draw(st.booleans()),
    )


@st.composite
def sold(draw: st.DrawFn, name: str, kind: Kind) -> HostingPlan | Addon:
    make = hosting_plan if kind is Kind.PLAN else addon
    return make(
        name,
        description=draw(fields_of_text),
        recurring=draw(st.sampled_from([UNSET, NULL, money("4.90")])),
        every=draw(st.sampled_from([UNSET, Recurrence(1), Recurrence(12)])),
        groups=draw(st.one_of(terms_of_plan(), st.just(UNSET))) if kind is Kind.ADDON else draw(terms_of_plan()),
        unlisted=draw(st.sampled_from(list(Unlisted))),
    )


@st.composite
def spaces(draw: st.DrawFn, owner: str, name: str, plans: list[str], addons: list[str]) -> Space:
    with_domain = draw(st.booleans())
    names = [f"{owner}-{name}-{number}.example" for number in range(draw(st.integers(1, 2)))] if with_domain else []
    return space(
        owner,
        name,
        plan=draw(st.sampled_from(plans)),
        status=draw(st.sampled_from([UNSET, UNSET, UNSET, Status.SUSPENDED, Status.CANCELLED])),
        comments=draw(fields_of_text),
        domains=tuple(Domain(name=one) for one in names) if names else UNSET,
        resources=draw(st.sampled_from([None, Resources()])) if names else None,
        addons={one: draw(st.integers(0, 2)) for one in addons if draw(st.booleans())} or UNSET,
        overrides=draw(st.sampled_from([UNSET, UNSET, PLAN_TERMS, terms(OS={"Diskspace": 3})])),
        summary_letter=draw(st.booleans()),
    )


@st.composite
def resources_of(draw: st.DrawFn) -> list[Resource]:
    usernames = draw(st.lists(st.sampled_from("abc"), unique=True, max_size=3))
    plans = draw(st.lists(st.sampled_from(["Web S", "Web M"]), unique=True, max_size=2))
    addons = draw(st.lists(st.sampled_from(["Extra", "More"]), unique=True, max_size=2))
    found: list[Resource] = [draw(customers(one)) for one in usernames]
    found += [draw(sold(one, Kind.PLAN)) for one in plans]
    found += [draw(sold(one, Kind.ADDON)) for one in addons]
    if usernames and plans:
        pairs = st.tuples(st.sampled_from(usernames), st.sampled_from(["one", "two"]))
        for owner, name in draw(st.lists(pairs, unique=True, max_size=4)):
            found.append(draw(spaces(owner, name, plans, addons)))
    return draw(st.permutations(found))


@st.composite
def estates(draw: st.DrawFn) -> Estate:
    """A manifest: no tombstones."""
    return desired(*draw(resources_of()))


@st.composite
def edits(draw: st.DrawFn, former: Estate) -> Estate:
    """The manifest after somebody edited it: entries changed, added, dropped, and marked absent (with what hangs on them)."""
    after: dict[Address, Resource] = {one.self_address: one for one in draw(resources_of())}
    for address, resource in former.resources.items():
        if address not in after and draw(st.integers(0, 3)):
            after[address] = resource
    gone = {address for address in after if address in former.resources and not draw(st.integers(0, 4))}
    for address, resource in after.items():
        needed = references(resource)
        if any(one in gone for one in needed):
            gone.add(address)
    marked = [replace(one, lifecycle=absent("closed")) if address in gone else one for address, one in after.items()]
    missing = {one for resource in marked if not resource.lifecycle.tombstone for one in references(resource)} - set(after)
    kept = [one for one in marked if not (set(references(one)) & missing)]
    return desired(*kept)

"""Builders: small estates, desired and live, in few words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from resellerplan.diagnostics import Place
from resellerplan.model.address import Address, Kind
from resellerplan.model.customer import Customer, FromEnv
from resellerplan.model.estate import Abilities, Estate, Facts, Foreign, OwnPackage
from resellerplan.model.hosting_plan import Addon, GroupTerms, HostingPlan, Terms
from resellerplan.model.lifecycle import Condition, Lifecycle, Tombstone
from resellerplan.model.resource import Resource
from resellerplan.model.space import PLAN_TERMS, Domain, Space
from resellerplan.model.traits import KINDS
from resellerplan.model.values import NULL, Money, Recurrence, Role, Status
from resellerplan.planning.plan import Plan, make_plan
from resellerplan.planning.policy import Policy
from resellerplan.planning.scope import EVERYTHING, Scope

__all__ = [
    "NOW",
    "OWN",
    "TODAY",
    "absent",
    "addon",
    "address_of",
    "customer",
    "desired",
    "domains",
    "hosting_plan",
    "live",
    "live_customer",
    "live_plan",
    "live_space",
    "money",
    "plan_of",
    "says",
    "space",
    "terms",
]

TODAY = date(2026, 11, 24)
NOW = datetime.fromisoformat("2026-11-24T10:00:00+00:00")

OWN = OwnPackage(
    panel_id=3,
    name="Reseller L",
    server_id=1,
    groups=frozenset({"OS", "Web", "Mail", "FTP", "DNS", "MsSQL2019"}),
    allocated={"OS.Diskspace": 1_000_000, "OS.Domains": -1, "Web.Sites": -1},
)


def money(amount: str) -> Money:
    """``money("4.90")``."""
    return Money.of(amount)


def terms(**groups: Mapping[str, int] | None) -> Terms:
    """``terms(OS={"Diskspace": 5})``: quotas by their short names."""
    return {
        name: GroupTerms(quotas={f"{name}.{quota}": number for quota, number in (quotas or {}).items()})
        for name, quotas in groups.items()
    }


def says(**said: Any) -> Lifecycle:
    """A lifecycle; ``ignore``, ``moved``, ``gone`` are short for the long words."""
    short = {"ignore": "ignore_changes", "moved": "moved_from", "gone": "tombstone", "from_": "not_before"}
    return Lifecycle(**{short.get(name, name): value for name, value in said.items()})


def absent(reason: str = "moved away", *, quarantine: int = 0, **only_if: int) -> Lifecycle:
    """A tombstone; conditions by name, with two underscores for a dot (``Mail__Accounts=0``)."""
    conditions = tuple(Condition(what=what.replace("__", "."), count=count) for what, count in only_if.items())
    return Lifecycle(tombstone=Tombstone(reason=reason, quarantine_days=quarantine, only_if=conditions))


def customer(username: str = "mueller", **fields: Any) -> Customer:
    """A declared customer with a password source."""
    fields.setdefault("password", FromEnv(f"{username.upper()}_PASSWORD"))
    return Customer(username=username, **fields)


def hosting_plan(name: str = "Web S", **fields: Any) -> HostingPlan:
    """A declared hosting plan: 5 GB, one site, unless said otherwise."""
    fields.setdefault("groups", terms(OS={"Diskspace": 5120, "Domains": 3}, Web={"Sites": 1}, DNS=None))
    return HostingPlan(name=name, **fields)


def addon(name: str = "Extra", **fields: Any) -> Addon:
    """A declared add-on: 10 GB more."""
    fields.setdefault("groups", terms(OS={"Diskspace": 10240}))
    return Addon(name=name, **fields)


def space(owner: str = "mueller", name: str = "Web S", **fields: Any) -> Space:
    """A declared space on the plan of its name, unless said otherwise."""
    fields.setdefault("plan", "Web S")
    return Space(customer=owner, name=name, **fields)


def domains(*names: str) -> tuple[Domain, ...]:
    """Domains without web sites of their own."""
    return tuple(Domain(name=name) for name in names)


def address_of(resource: Resource) -> Address:
    """The resource's own address."""
    return resource.self_address


def desired(*resources: Resource, currency: str = "", places: bool = True) -> Estate:
    """What is declared, one entry per line of ``plan.yaml``."""
    origins = {}
    if places:
        origins = {(one.self_address, ""): Place("plan.yaml", line, 3) for line, one in enumerate(resources, start=1)}
    return Estate(resources={one.self_address: one for one in resources}, origins=origins, currency=currency)


def live_customer(username: str = "mueller", **fields: Any) -> Customer:
    """A customer as read in full: what is not said is empty or off."""
    apart = {"role", "status", "password", "summary_letter"}
    empty = {name: NULL for name in KINDS[Kind.CUSTOMER].fields if name not in apart}
    return Customer(username=username, **{**empty, "role": Role.USER, "status": Status.ACTIVE, **fields})


def live_plan(name: str = "Web S", *, as_addon: bool = False, **fields: Any) -> HostingPlan | Addon:
    """A plan as read in full."""
    whole: dict[str, Any] = {
        "description": NULL,
        "available": True,
        "setup": money("0"),
        "recurring": money("0"),
        "every": Recurrence(1),
        "groups": terms(OS={"Diskspace": 5120, "Domains": 3}, Web={"Sites": 1}, DNS=None),
        **fields,
    }
    return Addon(name=name, **whole) if as_addon else HostingPlan(name=name, **whole)


def live_space(owner: str = "mueller", name: str = "Web S", **fields: Any) -> Space:
    """A space as read in full."""
    whole: dict[str, Any] = {
        "plan": "Web S",
        "status": Status.ACTIVE,
        "comments": NULL,
        "domains": (),
        "addons": {},
        "overrides": PLAN_TERMS,
        **fields,
    }
    return Space(customer=owner, name=name, **whole)


def live(
    *resources: Resource,
    facts: Mapping[Address, Mapping[str, Any]] | None = None,
    own: OwnPackage | None = OWN,
    foreign: Iterable[Foreign] = (),
    abilities: Abilities | None = None,
    duplicates: Mapping[Address, tuple[int, ...]] | None = None,
    taken: Iterable[str] = (),
    foreign_domains: Mapping[str, str] | None = None,
    reseller: str = "brightweb",
) -> Estate:
    """What is on the panel: ids from 11 in the order given, owners and plans filled in by name."""
    ids = {one.self_address: number for number, one in enumerate(resources, start=11)}
    found: dict[Address, Facts] = {}
    for one in resources:
        address = one.self_address
        said: dict[str, Any] = {"panel_id": ids[address], "owner_id": 2, "fingerprint": f"fp-{ids[address]}"}
        if address.kind in (Kind.PLAN, Kind.ADDON):
            said |= {"parent_id": 3, "server_id": 1}
        if isinstance(one, Space):
            said |= {
                "owner_id": ids.get(Address.customer(one.customer), 0),
                "parent_id": 3,
                "server_id": 1,
                "plan_id": ids.get(Address.plan(one.plan), 0) if isinstance(one.plan, str) else 0,
                "own_terms": isinstance(one.overrides, Mapping),
            }
        found[address] = Facts(**{**said, **(facts or {}).get(address, {})})
    return Estate(
        resources={one.self_address: one for one in resources},
        facts=found,
        reseller=reseller,
        reseller_id=2,
        own=own,
        foreign=tuple(foreign),
        abilities=abilities or Abilities(),
        duplicates=duplicates or {},
        taken_usernames=frozenset(taken),
        foreign_domains=foreign_domains or {},
    )


def plan_of(wanted: Estate, found: Estate, scope: Scope = EVERYTHING, **policy: Any) -> Plan:
    """The plan, with today as the clock."""
    policy.setdefault("today", TODAY)
    return make_plan(wanted, found, scope, Policy(**policy))

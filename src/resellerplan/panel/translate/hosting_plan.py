"""Hosting plans and add-ons: the panel's HostingPlanInfo and its groups and quotas, and the model's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from resellerplan.errors import PanelRefused
from resellerplan.model.address import PanelId
from resellerplan.model.hosting_plan import Addon, GroupTerms, HostingPlan, Terms, Unlisted
from resellerplan.model.quotas import ALWAYS_IN
from resellerplan.model.values import NULL, UNKNOWN, Field, Money, Null, Recurrence, is_value
from resellerplan.panel.dialects.dialect import Value
from resellerplan.panel.record import Record
from resellerplan.soap.dataset import Row, Tables
from resellerplan.soap.values import read_bool, read_decimal, read_int

__all__ = [
    "CATALOGUE_COLUMNS",
    "PLAN_COLUMNS",
    "PanelCatalogue",
    "PanelTerms",
    "PlanRow",
    "catalogue_of",
    "members_of_terms",
    "merged",
    "new_plan",
    "plan_changes",
    "plan_of_record",
    "plan_of_row",
    "terms_of_context",
]

PLAN_COLUMNS: Final = (
    "planid",
    "userid",
    "packageid",
    "planname",
    "plandescription",
    "available",
    "setupprice",
    "recurringprice",
    "recurrencelength",
    "recurrenceunit",
    "serverid",
    "packagesnumber",
)
"""What is kept of a row of GetHostingPlans and GetHostingAddons."""

CATALOGUE_COLUMNS: Final = (
    "groupid",
    "groupname",
    "parentenabled",
    "quotaid",
    "quotaname",
    "quotatypeid",
    "parentquotavalue",
)
"""What is kept of GetHostingPlanQuotas: groups in the first table, quotas in the second."""


@dataclass(frozen=True, slots=True)
class PanelTerms:
    """Groups and quotas in the panel's numbers.

    ``groups``: id -> (counts disk space, counts traffic); ``quotas``: id -> value.
    """

    groups: Mapping[int, tuple[bool, bool]]
    quotas: Mapping[int, int]

    @property
    def rows(self) -> list[tuple[int, ...]]:
        """All numbers, for a fingerprint: zero quotas count as absent (contract 6.2)."""
        rows: list[tuple[int, ...]] = [(1, group, *map(int, flags)) for group, flags in self.groups.items()]
        rows += [(2, quota, value) for quota, value in self.quotas.items() if value]
        return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelCatalogue:
    """The panel's own groups and quotas: names <-> ids, and what the reseller's own package has of them.

    ``available`` are the groups that work in the own package; ``allocated`` its effective quotas, by full name.
    """

    group_ids: Mapping[str, int]
    quota_ids: Mapping[str, int]
    quota_groups: Mapping[int, int]
    available: frozenset[str]
    allocated: Mapping[str, int]


def catalogue_of(tables: Tables) -> PanelCatalogue:
    """Read GetHostingPlanQuotas(own package, 0, 0), whose rows hold :data:`CATALOGUE_COLUMNS`."""
    groups = {row[1] or "": (read_int(row[0]), read_bool(row[2])) for row in tables.rows(0)}
    quotas = [(read_int(row[3]), read_int(row[0]), row[4] or "", read_int(row[6])) for row in tables.rows(1)]
    return PanelCatalogue(
        group_ids={name: number for name, (number, _) in groups.items()},
        quota_ids={name: number for number, _, name, _ in quotas},
        quota_groups={number: group for number, group, _, _ in quotas},
        available=frozenset(name for name, (_, enabled) in groups.items() if enabled),
        allocated={name: value for _, _, name, value in quotas},
    )


@dataclass(slots=True)
class PlanRow:
    """A row of the list of plans."""

    panel_id: PanelId
    owner_id: PanelId
    package_id: PanelId
    server_id: PanelId
    spaces: int
    plan: HostingPlan | Addon


def plan_of_row(row: Row, *, addon: bool) -> PlanRow:
    """A plan as lists show it: everything but its groups and quotas."""
    kind = Addon if addon else HostingPlan
    length = read_int(row[8])
    return PlanRow(
        read_int(row[0]),
        read_int(row[1]),
        read_int(row[2]),
        read_int(row[10]),
        read_int(row[11]),
        kind(
            name=row[3] or "",
            description=row[4] or NULL,
            available=read_bool(row[5]),
            setup=Money.of(read_decimal(row[6])),
            recurring=Money.of(read_decimal(row[7])),
            every=Recurrence(length, read_int(row[9])) if length else NULL,
            groups=UNKNOWN,
        ),
    )


def plan_of_record(record: Record, terms: Field[Terms], *, addon: bool) -> HostingPlan | Addon:
    """A plan as HostingPlanInfo shows it."""
    kind = Addon if addon else HostingPlan
    length = record.integer("recurrencelength")
    return kind(
        name=record.text("planname") or "",
        description=record.text("plandescription") or NULL,
        available=record.boolean("available"),
        setup=Money.of(record.decimal("setupprice")),
        recurring=Money.of(record.decimal("recurringprice")),
        every=Recurrence(length, record.integer("recurrenceunit")) if length else NULL,
        groups=terms,
    )


def terms_of_context(context: Record) -> tuple[Terms, PanelTerms]:
    """The groups and quotas of a plan as GetHostingPlanContext shows them: in the model's words, and in the panel's numbers.

    A quota of 0 is left out: the panel does not tell it from one that is not there (contract 6.2).
    """
    names: dict[int, str] = {}
    flags: dict[int, tuple[bool, bool]] = {}
    for group in context.records("groupsarray") or ():
        number = group.integer("groupid")
        names[number] = group.text("groupname") or ""
        flags[number] = (group.boolean("calculatediskspace"), group.boolean("calculatebandwidth"))
    quotas: dict[int, int] = {}
    by_group: dict[int, dict[str, int]] = {number: {} for number in names}
    for quota in context.records("quotasarray") or ():
        value = quota.integer("quotaallocatedvalue")
        if value:
            quotas[quota.integer("quotaid")] = value
            of_group = by_group.get(quota.integer("groupid"))
            if of_group is not None:
                of_group[quota.text("quotaname") or ""] = value
    terms = {
        name: GroupTerms(
            quotas=MappingProxyType(by_group[number]), count_diskspace=flags[number][0], count_bandwidth=flags[number][1]
        )
        for number, name in names.items()
    }
    return MappingProxyType(terms), PanelTerms(flags, quotas)


def plan_changes(wanted: Mapping[str, object]) -> dict[str, Value]:
    """Members of HostingPlanInfo for the named fields, groups left out. Raises TypeError for a field that plans don't have."""
    changes: dict[str, Value] = {}
    for name, value in wanted.items():
        match name:
            case "name":
                changes["planname"] = str(value)
            case "description":
                changes["plandescription"] = None if isinstance(value, Null) else str(value)
            case "available":
                changes["available"] = False if isinstance(value, Null) else bool(value)
            case "setup" | "recurring":
                assert isinstance(value, Money | Null)
                changes[f"{name}price"] = Money.of(0).amount if isinstance(value, Null) else value.amount
            case "every":
                assert isinstance(value, Recurrence | Null)
                every = Recurrence(1) if isinstance(value, Null) else value
                changes["recurrencelength"] = every.length
                changes["recurrenceunit"] = every.unit
            case "groups" | "unlisted":
                continue
            case _:
                raise TypeError(f"plan.{name} is not written by an update")
    return changes


def new_plan(plan: HostingPlan | Addon) -> dict[str, Value]:
    """Members of HostingPlanInfo for a new plan, groups and ids left out: available, without a price, monthly unless said."""
    wanted: dict[str, object] = {}
    for name in ("description", "available", "setup", "recurring", "every"):
        value = getattr(plan, name)
        if not is_value(value):
            value = plan.lifecycle.initial.get(name)
            if value is None:
                continue
        wanted[name] = value
    return {
        "available": True,
        "recurrencelength": 1,
        "recurrenceunit": 2,
        **plan_changes(wanted),
        "planname": plan.name,
        "isaddon": isinstance(plan, Addon),
    }


def merged(
    terms: Terms | None, catalogue: PanelCatalogue, base: PanelTerms, *, unlisted: Unlisted, always_in: bool = True
) -> PanelTerms:
    """The full set to be sent: what is listed; OS and DNS always (``always_in``, not in add-ons); of the base what
    ``unlisted: keep`` keeps.

    ``terms`` None keeps the base as it is. A name that the panel does not have raises PanelRefused: a plan without it would not
    be the plan that was reviewed.
    """
    if terms is None:
        return base
    groups: dict[int, tuple[bool, bool]] = {}
    quotas: dict[int, int] = {}
    if unlisted is Unlisted.KEEP:
        groups.update(base.groups)
        quotas.update(base.quotas)
    for name in ALWAYS_IN if always_in else ():
        number = _known(catalogue.group_ids, name, "group")
        groups.setdefault(number, base.groups.get(number, (True, True)))
    for name, listed in terms.items():
        number = _known(catalogue.group_ids, name, "group")
        disk, traffic = base.groups.get(number, (True, True))
        groups[number] = (_flag(listed.count_diskspace, disk), _flag(listed.count_bandwidth, traffic))
        for quota in [q for q in quotas if catalogue.quota_groups.get(q) == number]:
            if listed.unlisted is not Unlisted.KEEP:
                del quotas[quota]
        if listed.unlisted is Unlisted.KEEP:
            quotas.update({q: value for q, value in base.quotas.items() if catalogue.quota_groups.get(q) == number})
        for quota_name, value in listed.quotas.items():
            quotas[_known(catalogue.quota_ids, quota_name, "quota")] = value
    return PanelTerms(groups, quotas)


def members_of_terms(terms: PanelTerms) -> tuple[Sequence[Mapping[str, Value]], Sequence[Mapping[str, Value]]]:
    """Groups and quotas as lists of objects, in the order of their ids."""
    groups: list[Mapping[str, Value]] = [
        {"groupid": number, "enabled": True, "calculatediskspace": disk, "calculatebandwidth": traffic}
        for number, (disk, traffic) in sorted(terms.groups.items())
    ]
    quotas: list[Mapping[str, Value]] = [{"quotaid": number, "quotavalue": value} for number, value in sorted(terms.quotas.items())]
    return groups, quotas


def _flag(value: object, default: bool) -> bool:
    return value if isinstance(value, bool) else default


def _known(ids: Mapping[str, int], name: str, what: str) -> int:
    number = ids.get(name)
    if number is None:
        raise PanelRefused(
            f"this panel has no {what} {name}",
            code=0,
            slug=f"unknown-{what}",
            detail="nothing was sent",
            hint="`resellerplan schema --from-panel` writes the panel's own catalogue beside the manifest",
        )
    return number

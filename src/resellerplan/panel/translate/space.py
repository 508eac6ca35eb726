"""Spaces: the panel's PackageInfo, rows of its lists, its domains and add-ons, and the model's Space."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from resellerplan.model.address import PanelId
from resellerplan.model.hosting_plan import GroupTerms, Terms
from resellerplan.model.space import Domain, Space
from resellerplan.model.values import NULL, UNKNOWN, Field
from resellerplan.panel.record import Record
from resellerplan.panel.translate.hosting_plan import PanelTerms
from resellerplan.panel.translate.statuses import STATUSES
from resellerplan.soap.dataset import Row, Tables
from resellerplan.soap.values import read_bool, read_datetime, read_int

__all__ = [
    "ADDON_COLUMNS",
    "DOMAIN_COLUMNS",
    "EDIT_COLUMNS",
    "SPACE_COLUMNS",
    "AddonRow",
    "DomainRow",
    "SpaceRow",
    "addon_of_row",
    "domain_of_row",
    "own_terms_of",
    "space_of_record",
    "space_of_row",
    "space_row_of_record",
]

SPACE_COLUMNS: Final = (
    "packageid",
    "packagename",
    "statusid",
    "serverid",
    "planid",
    "userid",
    "username",
    "statusidchangedate",
    "parentpackageid",
)
"""What is kept of a row of any list of spaces. Lists differ in which of the last three they have."""

DOMAIN_COLUMNS: Final = (
    "domainid",
    "packageid",
    "domainname",
    "websiteid",
    "ispreviewdomain",
    "isdomainpointer",
    "isinstantalias",
)
"""What is kept of a DomainInfo; WebsitePanel calls a preview domain an instant alias."""

ADDON_COLUMNS: Final = ("packageaddonid", "planid", "quantity", "statusid", "planname")
"""What is kept of a row of GetPackageAddons."""

EDIT_COLUMNS: Final = (
    "groupid",
    "groupname",
    "calculatediskspace",
    "calculatebandwidth",
    "enabled",
    "quotaid",
    "quotaname",
    "quotavalue",
)
"""What is kept of GetPackageQuotasForEdit."""


@dataclass(slots=True)
class SpaceRow:
    """A row of a list of spaces. ``parent_id`` is 0 where the list does not have it."""

    panel_id: PanelId
    name: str
    status_id: int
    server_id: PanelId
    plan_id: PanelId
    user_id: PanelId
    username: str
    status_since: datetime | None
    parent_id: PanelId


def space_of_row(row: Row) -> SpaceRow:
    """Read a row of :data:`SPACE_COLUMNS`."""
    return SpaceRow(
        read_int(row[0]),
        row[1] or "",
        read_int(row[2]),
        read_int(row[3]),
        read_int(row[4]),
        read_int(row[5]),
        row[6] or "",
        read_datetime(row[7]),
        read_int(row[8]),
    )


def space_row_of_record(record: Record) -> SpaceRow:
    """A row of a list, made from GetPackage: without the customer's user name, which that does not have."""
    return SpaceRow(
        record.integer("packageid"),
        record.text("packagename") or "",
        record.integer("statusid"),
        record.integer("serverid"),
        record.integer("planid"),
        record.integer("userid"),
        "",
        record.moment("statusidchangedate"),
        record.integer("parentpackageid"),
    )


def space_of_record(record: Record, customer: str, plan: Field[str]) -> Space:
    """A space as GetPackage shows it, without its domains, add-ons and own terms, which other calls tell."""
    return Space(
        customer=customer,
        name=record.text("packagename") or "",
        plan=plan,
        status=STATUSES.get(record.integer("statusid"), UNKNOWN),
        comments=record.text("packagecomments") or NULL,
        domains=UNKNOWN,
        addons=UNKNOWN,
        overrides=UNKNOWN,
    )


@dataclass(slots=True)
class DomainRow:
    """One domain of the panel. ``counts`` is False for previews and pointers, which a manifest does not name."""

    panel_id: PanelId
    space_id: PanelId
    domain: Domain
    counts: bool


def domain_of_row(row: Row) -> DomainRow:
    """Read a row of :data:`DOMAIN_COLUMNS`."""
    preview = read_bool(row[4]) or read_bool(row[6])
    return DomainRow(
        read_int(row[0]),
        read_int(row[1]),
        Domain(name=(row[2] or "").lower(), website=read_int(row[3]) > 0),
        not preview and not read_bool(row[5]),
    )


@dataclass(slots=True)
class AddonRow:
    """An add-on that a space has. ``active`` is False for any status but 1: it does not count then (contract 2.4)."""

    panel_id: PanelId
    plan_id: PanelId
    quantity: int
    active: bool
    name: str


def addon_of_row(row: Row) -> AddonRow:
    """Read a row of :data:`ADDON_COLUMNS`."""
    return AddonRow(read_int(row[0]), read_int(row[1]), read_int(row[2]), read_int(row[3]) == 1, row[4] or "")


def own_terms_of(tables: Tables, *, stored_procedures: bool) -> tuple[Terms, PanelTerms]:
    """A space's own groups and quotas as GetPackageQuotasForEdit shows them, for a space that has own terms.

    Enabled says whether a group *works*, which also takes a service on the server; by stored procedures it is true besides for
    every group that is not among the own ones. So a group counts as listed where one of its flags is set (recording 164 of
    scenario A, 252 of scenario C), or Enabled has the value that only a listed one can have.
    """
    names: dict[int, str] = {}
    flags: dict[int, tuple[bool, bool]] = {}
    for row in tables.rows(0):
        number, disk, traffic, enabled = read_int(row[0]), read_bool(row[2]), read_bool(row[3]), read_bool(row[4])
        listed = disk or traffic or (not enabled if stored_procedures else enabled)
        if listed:
            names[number] = row[1] or ""
            flags[number] = (disk, traffic)
    by_group: dict[int, dict[str, int]] = {number: {} for number in names}
    quotas: dict[int, int] = {}
    for row in tables.rows(1):
        value, group = read_int(row[7]), read_int(row[0])
        if value:
            quotas[read_int(row[5])] = value
            if group in by_group:
                by_group[group][row[6] or ""] = value
    terms: Mapping[str, GroupTerms] = {
        name: GroupTerms(
            quotas=MappingProxyType(by_group[number]), count_diskspace=flags[number][0], count_bandwidth=flags[number][1]
        )
        for number, name in names.items()
    }
    return MappingProxyType(terms), PanelTerms(flags, quotas)

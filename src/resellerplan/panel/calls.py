"""THE TABLE: every call we send, read or write, with its parameters in the wire's order; and the calls we never send.

Parameters are positional and silent on 2.x: a misspelt or misplaced one becomes 0 or null without an error (contract 1.2). A
test compares each row with the recorded WSDL of both kinds of panel, and fails for a call of theirs that stands nowhere here
or in ``calls_never.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Final

__all__ = ["CALLS", "TYPED_LISTS", "Access", "Call", "Pace", "Parameter", "Result", "call_named"]


class Access(Enum):
    """Whether a call changes anything on the panel."""

    READ = "read"
    WRITE = "write"


class Result(StrEnum):
    """How a result is read: a number, a truth, a text, an object with members, or rows (a DataSet or a typed list)."""

    INT = "int"
    BOOL = "bool"
    TEXT = "text"
    OBJECT = "object"
    ROWS = "rows"


class Pace(StrEnum):
    """How long a call may take: which time-out of the connection's settings applies."""

    NORMAL = "normal"
    BULK = "bulk"
    CREATE = "create"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its spelling on the wire, and its type: int, bool, str, date, secret, strings, or the name of a class."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Call:
    """One operation of one service."""

    service: str
    name: str
    access: Access
    parameters: tuple[Parameter, ...]
    result: Result
    pace: Pace = Pace.NORMAL

    def __str__(self) -> str:
        return f"{self.service}.{self.name}"


def _parameters(text: str) -> tuple[Parameter, ...]:
    pairs = (part.split(": ") for part in text.split(", ") if part)
    return tuple(Parameter(name, type_) for name, type_ in pairs)


def _read(service: str, name: str, parameters: str, result: Result, pace: Pace = Pace.NORMAL) -> Call:
    return Call(service, name, Access.READ, _parameters(parameters), result, pace)


def _write(service: str, name: str, parameters: str, result: Result, pace: Pace = Pace.NORMAL) -> Call:
    return Call(service, name, Access.WRITE, _parameters(parameters), result, pace)


_TABLE = (
    _read("esUsers", "UserExists", "username: str", Result.BOOL),
    _read("esUsers", "GetUserById", "userId: int", Result.OBJECT),
    _read("esUsers", "GetUserByUsername", "username: str", Result.OBJECT),
    _read("esUsers", "GetRawUsers", "ownerId: int, recursive: bool", Result.ROWS, Pace.BULK),
    _read(
        "esUsers",
        "GetUsersPaged",
        "userId: int, filterColumn: str, filterValue: str, statusId: int, roleId: int, sortColumn: str, "
        "startRow: int, maximumRows: int",
        Result.ROWS,
        Pace.BULK,
    ),
    _read(
        "esUsers",
        "GetUsersPagedRecursive",
        "userId: int, filterColumn: str, filterValue: str, statusId: int, roleId: int, sortColumn: str, "
        "startRow: int, maximumRows: int",
        Result.ROWS,
        Pace.BULK,
    ),
    _read("esUsers", "GetUserSettings", "userId: int, settingsName: str", Result.OBJECT),
    _read("esPackages", "GetHostingPlans", "userId: int", Result.ROWS, Pace.BULK),
    _read("esPackages", "GetHostingAddons", "userId: int", Result.ROWS, Pace.BULK),
    _read("esPackages", "GetHostingPlan", "planId: int", Result.OBJECT),
    _read("esPackages", "GetHostingPlanContext", "planId: int", Result.OBJECT),
    _read("esPackages", "GetHostingPlanQuotas", "packageId: int, planId: int, serverId: int", Result.ROWS, Pace.BULK),
    _read("esPackages", "GetRawMyPackages", "userId: int", Result.ROWS, Pace.BULK),
    _read(
        "esPackages",
        "GetPackagesPaged",
        "userId: int, filterColumn: str, filterValue: str, sortColumn: str, startRow: int, maximumRows: int",
        Result.ROWS,
        Pace.BULK,
    ),
    _read(
        "esPackages",
        "GetNestedPackagesPaged",
        "packageId: int, filterColumn: str, filterValue: str, statusId: int, planId: int, serverId: int, "
        "sortColumn: str, startRow: int, maximumRows: int",
        Result.ROWS,
        Pace.BULK,
    ),
    _read("esPackages", "GetPackagePackages", "packageId: int", Result.ROWS, Pace.BULK),
    _read("esPackages", "GetPackage", "packageId: int", Result.OBJECT),
    _read("esPackages", "GetPackageContext", "packageId: int", Result.OBJECT, Pace.BULK),
    _read("esPackages", "GetPackageQuotasForEdit", "packageId: int", Result.ROWS, Pace.BULK),
    _read("esPackages", "GetPackageQuota", "packageId: int, quotaName: str", Result.OBJECT),
    _read("esPackages", "GetPackageAddons", "packageId: int", Result.ROWS),
    _read("esPackages", "GetPackageAddon", "packageAddonId: int", Result.OBJECT),
    _read("esPackages", "GetEvaluatedAccountTemplateBody", "userId: int", Result.TEXT),
    _read("esPackages", "GetEvaluatedPackageTemplateBody", "packageId: int", Result.TEXT),
    _read("esServers", "GetDomains", "packageId: int", Result.ROWS, Pace.BULK),
    _read("esServers", "GetMyDomains", "packageId: int", Result.ROWS),
    _read("esServers", "GetResourceGroups", "", Result.ROWS),
    _read(
        "esAuditLog",
        "GetAuditLogRecordsPaged",
        "userId: int, packageId: int, itemId: int, itemName: str, startDate: date, endDate: date, "
        "severityId: int, sourceName: str, taskName: str, sortColumn: str, startRow: int, maximumRows: int",
        Result.ROWS,
        Pace.BULK,
    ),
    _read("esSystem", "GetUseEntityFramework", "", Result.BOOL),
    _read("esTest", "Echo", "msg: str", Result.TEXT),
    _write("esUsers", "AddUser", "user: UserInfo, sendLetter: bool, password: secret, notes: strings", Result.INT),
    _write("esUsers", "UpdateUser", "user: UserInfo", Result.INT),
    _write("esUsers", "DeleteUser", "userId: int", Result.INT),
    _write("esUsers", "ChangeUserPassword", "userId: int, password: secret", Result.INT),
    _write("esUsers", "ChangeUserStatus", "userId: int, status: str", Result.INT, Pace.CREATE),
    _write("esPackages", "AddHostingPlan", "plan: HostingPlanInfo", Result.INT),
    _write("esPackages", "UpdateHostingPlan", "plan: HostingPlanInfo", Result.OBJECT),
    _write("esPackages", "DeleteHostingPlan", "planId: int", Result.INT),
    _write(
        "esPackages",
        "AddPackageWithResources",
        "userId: int, planId: int, spaceName: str, statusId: int, sendLetter: bool, createResources: bool, "
        "domainName: str, tempDomain: bool, createWebSite: bool, createFtpAccount: bool, ftpAccountName: str, "
        "createMailAccount: bool, hostName: str",
        Result.OBJECT,
        Pace.CREATE,
    ),
    _write("esPackages", "UpdatePackage", "package: PackageInfo", Result.OBJECT, Pace.CREATE),
    _write("esPackages", "ChangePackageUser", "packageId: int, UserId: int", Result.INT),
    _write("esPackages", "ChangePackageStatus", "packageId: int, status: str", Result.INT, Pace.CREATE),
    _write("esPackages", "DeletePackage", "packageId: int", Result.INT),
    _write("esPackages", "AddPackageAddonById", "packageId: int, addonPlanId: int, quantity: int", Result.OBJECT, Pace.CREATE),
    _write("esPackages", "UpdatePackageAddon", "addon: PackageAddonInfo", Result.OBJECT, Pace.CREATE),
    _write("esPackages", "DeletePackageAddon", "packageAddonId: int", Result.INT),
    _write("esPackages", "SendAccountSummaryLetter", "userId: int, to: str, cc: str", Result.INT),
    _write("esPackages", "SendPackageSummaryLetter", "packageId: int, to: str, cc: str", Result.INT),
    _write(
        "esServers",
        "AddDomainWithProvisioning",
        "packageId: int, domainName: str, domainType: str, createWebSite: bool, pointWebSiteId: int, "
        "pointMailDomainId: int, createDnsZone: bool, createPreviewDomain: bool, allowSubDomains: bool, "
        "hostName: str",
        Result.INT,
        Pace.CREATE,
    ),
)

CALLS: Final[Mapping[str, Call]] = MappingProxyType({call.name: call for call in _TABLE})
"""All calls by the operation's name (no two services share one of ours)."""


TYPED_LISTS: Final = frozenset({"GetPackagePackages", "GetDomains", "GetMyDomains", "GetResourceGroups"})
"""Calls whose rows are a list of objects. All others give a DataSet, which tells its tables also where they have no rows."""


def call_named(name: str) -> Call:
    """The row of an operation. Raises KeyError for one that is not ours to send."""
    return CALLS[name]

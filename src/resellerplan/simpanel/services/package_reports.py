"""esPackages: traffic and disk space (contract 2.4, reports). No agent measures anything here: all sums are 0."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.datasets import columns, dataset, paged
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.item_comments import comments_of
from resellerplan.simpanel.listing import Source, Window, page
from resellerplan.simpanel.rights import may_access_package
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.wire import DataSet, Table

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call

RIGHTS = rule("package_reports.rights", "2.4, 5.3", "The reports of a space out of reach are a rights fault.")
BANDWIDTH_FAULT = rule("package_bandwidth.untranslatable", "2.4, 7.4.14", "2.x-EF on SQLite faults on every report of traffic.")
SPAN = rule("package_bandwidth.span", "3.4", "A span of time that SQL Server can't keep, an omitted one too, is an overflow fault.")
DISKSPACE_LONG = rule("package_diskspace.long", "2.4", "Sizes are double and long by stored procedure, both long by EF.")

PAGED_RIGHTS = rule("packages_used_paged.rights", "5.3", "The pages of use below a space out of reach are a rights fault.")
OF_USER = rule(
    "packages_used_paged.of_user", "2.4", "The pages of use list the spaces below one, or with -1 for the space those of the user."
)

_BANDWIDTH = (
    "GroupId:int! GroupName:string MegaBytesSent:double MegaBytesReceived:double MegaBytesTotal:double BytesSent:long "
    "BytesReceived:long BytesTotal:long"
)
_LINQ = "The LINQ expression 'DbSet<ResourceGroup>()' could not be translated."


def _check(call: Call, package_id: int) -> None:
    if call.on(RIGHTS) and not may_access_package(call, package_id):
        raise call.denied_package()


def _span(call: Call, start: datetime | None, end: datetime | None) -> None:
    """Raise SQL Server's overflow for a time that it can't keep, an omitted one too, before anything is looked at."""
    if call.on(SPAN):
        for moment in (start, end):
            call.stored(moment or datetime.min)


@operation("esPackages", "GetPackageBandwidth")
def get_package_bandwidth(call: Call, *, packageId: int, startDate: datetime | None, endDate: datetime | None) -> DataSet:
    """Traffic by group in a span of time: nothing was ever measured."""
    _span(call, startDate, endDate)
    _check(call, packageId)
    if call.ef and call.on(BANDWIDTH_FAULT):
        raise faults.invalid_operation(_LINQ)
    return dataset(call, (_BANDWIDTH, []))


@operation("esPackages", "GetPackageDiskspace")
def get_package_diskspace(call: Call, *, packageId: int) -> DataSet:
    """Disk space by group: nothing was ever measured."""
    _check(call, packageId)
    whole = call.ef and call.on(DISKSPACE_LONG)
    size = "Diskspace:long!" if whole else "Diskspace:double!"
    return DataSet((Table(columns(f"GroupId:int! GroupName:string {size} DiskspaceBytes:long!", call.ef), []),))


# -- use, page by page ------------------------------------------------------------------------------------------------------

_USED = (
    "PackageId:int QuotaValue:int {used}:int UsagePercentage:int PackageName:string PackagesNumber:int StatusId:int UserId:int "
    "Username:string FirstName:string LastName:string FullName:string RoleId:int Email:string UserComments:string"
)
_CHILDREN = "(SELECT count(*) FROM packages n WHERE n.parent_package_id = p.package_id)"
_FULL_NAME = "u.first_name || ' ' || u.last_name"


def _used_paged(call: Call, used: str, user_id: int, package_id: int, sort_column: str | None, start: int, maximum: int) -> DataSet:
    """Nothing was ever measured, and without a measurement the quota is not read either: all three numbers are 0.

    By EF nobody knows whether these queries can be translated for SQLite.
    """
    if call.ef:
        raise faults.no_such_call("esPackages", f"GetPackages{used}Paged")
    if call.on(PAGED_RIGHTS) and not may_access_package(call, package_id):
        raise call.denied_package()
    names = {
        **dict.fromkeys(("quotavalue", used.lower(), "usagepercentage"), "0"),
        "packageid": "p.package_id",
        "packagename": "p.package_name",
        "packagesnumber": _CHILDREN,
        "statusid": "p.status_id",
        "userid": "p.user_id",
        "planid": "p.plan_id",
        "serverid": "p.server_id",
        "purchasedate": "p.purchase_date",
        "parentpackageid": "p.parent_package_id",
    }
    source = Source(
        select=[
            *("p.package_id", "0", "0", "0", "p.package_name", _CHILDREN, "p.status_id", "p.user_id", "u.username"),
            *("u.first_name", "u.last_name", _FULL_NAME, "u.role_id", "u.email", "''"),
        ],
        origin="packages p JOIN users u ON u.user_id = p.user_id",
        names=MappingProxyType(names),
        window=Window.ZERO_BASED,
        tie="p.package_id",
        text=frozenset({"p.package_name"}),
    )
    own = package_id == -1 or not call.on(OF_USER)
    where, parameters = ("p.user_id = ?", [user_id]) if own else ("p.parent_package_id = ?", [package_id])
    found = page(
        call,
        source,
        where=where,
        parameters=parameters,
        filter_column=None,
        filter_value=None,
        sort_column=sort_column,
        start=start,
        maximum=maximum,
    )
    comments = comments_of(call, "USER", [row[7] for row in found.rows if isinstance(row[7], int)])
    rows = [(*row[:-1], comments.get(row[7], "")) if isinstance(row[7], int) else row for row in found.rows]
    return paged(call, _USED.format(used=used), found.count, rows)


@operation("esPackages", "GetPackagesDiskspacePaged")
def get_packages_diskspace_paged(
    call: Call, *, userId: int, packageId: int, sortColumn: str | None, startRow: int, maximumRows: int
) -> DataSet:
    """Disk space of the spaces below one, or of a user's."""
    return _used_paged(call, "Diskspace", userId, packageId, sortColumn, startRow, maximumRows)


@operation("esPackages", "GetPackagesBandwidthPaged")
def get_packages_bandwidth_paged(
    call: Call,
    *,
    userId: int,
    packageId: int,
    startDate: datetime | None,
    endDate: datetime | None,
    sortColumn: str | None,
    startRow: int,
    maximumRows: int,
) -> DataSet:
    """Traffic of the spaces below one, or of a user's, in a span of time."""
    if not call.ef:
        _span(call, startDate, endDate)
    return _used_paged(call, "Bandwidth", userId, packageId, sortColumn, startRow, maximumRows)

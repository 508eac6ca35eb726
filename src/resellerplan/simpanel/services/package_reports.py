"""esPackages: traffic and disk space (contract 2.4, reports). No agent measures anything here: all sums are 0."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.datasets import columns, dataset
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.rights import may_access_package
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.wire import DataSet, Table

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call

RIGHTS = rule("package_reports.rights", "2.4, 5.3", "The reports of a space out of reach are a rights fault.")
BANDWIDTH_FAULT = rule("package_bandwidth.untranslatable", "2.4, 7.4.14", "2.x-EF on SQLite faults on every report of traffic.")
DISKSPACE_LONG = rule("package_diskspace.long", "2.4", "Sizes are double and long by stored procedure, both long by EF.")

_BANDWIDTH = (
    "GroupId:int! GroupName:string MegaBytesSent:double MegaBytesReceived:double MegaBytesTotal:double BytesSent:long "
    "BytesReceived:long BytesTotal:long"
)
_LINQ = "The LINQ expression 'DbSet<ResourceGroup>()' could not be translated."


def _check(call: Call, package_id: int) -> None:
    if call.on(RIGHTS) and not may_access_package(call, package_id):
        raise call.denied_package()


@operation("esPackages", "GetPackageBandwidth")
def get_package_bandwidth(call: Call, *, packageId: int, startDate: datetime | None, endDate: datetime | None) -> DataSet:
    """Traffic by group in a span of time: nothing was ever measured."""
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

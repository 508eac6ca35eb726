"""esPackages: what a space has and uses (contract 2.4): context, quota tables, the table for editing, one quota."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.datasets import dataset
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.flavours import Defect
from resellerplan.simpanel.quotas import (
    UNLIMITED,
    Quota,
    effective_groups,
    effective_quota,
    effective_quotas,
    is_exhausted,
    quota_named,
    quotas,
    usage,
    usages,
)
from resellerplan.simpanel.rights import may_access_package
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.hosting_plan_quotas import quota_value
from resellerplan.simpanel.services.packages import package_info, package_row
from resellerplan.simpanel.wire import ServiceFault

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row
    from resellerplan.simpanel.wire import DataSet

__all__ = ["own_quota", "untranslatable"]

RIGHTS = rule("package_quotas.rights", "2.4, 5.3", "The quotas of a space out of reach are a rights fault.")
UNKNOWN_NAME = rule("package_quota.unknown_name", "2.4", "A quota name that does not exist is a NullReference fault.")
NAME_CASE = rule("package_quota.name_without_case", "1x db 6.5", "A quota is found by its name in any letter case.")
UNTRANSLATABLE = rule(
    "package_quotas.untranslatable", "7.6.2", "Stock FuseCP on SQLite faults on every call that sums the usage of a space."
)
FOR_EDIT_ENABLED = rule(
    "package_quotas_for_edit.enabled_unless_overridden",
    "2.4",
    "By stored procedure Enabled is evaluated only for the groups that the overrides list; all others say true.",
)
FOR_EDIT_SERVER = rule(
    "package_quotas_for_edit.own_server", "2.4", "For editing, the parent's groups are looked for on the space's own server."
)
FOR_EDIT_HIDDEN = rule(
    "package_quotas_for_edit.hidden_too", "2.4, 7.4.11", "By stored procedure hidden quotas are listed for editing; EF hides them."
)
EXHAUSTED = rule("package_quota.exhausted", "2.4", "Exhausted: finite and used up; a boolean that is off too.")
EXHAUSTED_ROOT = rule(
    "package_context.root_exhausted", "2.4", "In the context of a space below 2 every quota is exhausted; a single quota is not."
)
ORGANIZATIONS = rule(
    "package_quotas.per_organization",
    "2.4",
    "A finite quota per organisation counts once for each organisation that the space may have, and at least once.",
)

_GROUPS = "GroupId:int! GroupName:string CalculateDiskSpace:boolean CalculateBandwidth:boolean ParentEnabled:boolean!"
_QUOTAS = (
    "QuotaId:int! GroupId:int! QuotaName:string QuotaDescription:string QuotaTypeId:int! QuotaValue:int! "
    "QuotaValuePerOrganization:int! ParentQuotaValue:int! QuotaUsedValue:int! PerOrganization:int"
)
_GROUPS_FOR_EDIT = (
    "GroupId:int! GroupName:string CalculateDiskSpace:boolean CalculateBandwidth:boolean Enabled:boolean! ParentEnabled:boolean!"
)
_QUOTAS_FOR_EDIT = (
    "QuotaId:int! GroupId:int! QuotaName:string QuotaDescription:string QuotaTypeId:int! QuotaValue:int! ParentQuotaValue:int!"
)

# The beginning of what EF Core says (its whole text prints the query); nobody compares the rest.
_LINQ = (
    "The LINQ expression 'DbSet<ServiceItemProperty>()\n    .Join(\n        inner: DbSet<ServiceItem>(), \n        "
    "outerKeySelector: s => (object)s.ItemId, \n        innerKeySelector: i => (object)i.ItemId)' could not be translated. "
    "Either rewrite the query in a form that can be translated, or switch to client evaluation explicitly."
)
_EVALUATE = (
    "An exception was thrown while attempting to evaluate a LINQ query parameter expression. See the inner exception for more "
    "information. To show additional information call 'DbContextOptionsBuilder.EnableSensitiveDataLogging'."
)


def untranslatable(call: Call) -> None:
    """The fault of stock FuseCP on SQLite wherever a space's whole usage is summed (contract 7.6.2)."""
    if call.has(Defect.SQLITE_UNTRANSLATABLE) and call.on(UNTRANSLATABLE):
        raise faults.invalid_operation(_LINQ)


def _check(call: Call, package_id: int) -> None:
    if call.on(RIGHTS) and not may_access_package(call, package_id):
        raise call.denied_package()


_ORGANIZATIONS = "HostedSolution.Organizations"


def _organizations(call: Call, package_id: int) -> int:
    """How often a quota per organisation counts in a space."""
    quota = quota_named(call.db, _ORGANIZATIONS)
    if quota is None or not call.on(ORGANIZATIONS):
        return 1
    return max(1, effective_quota(call, package_id, quota))


def _in_all(quota: Quota, single: int, organizations: int) -> int:
    return single * organizations if quota.per_organization and single != UNLIMITED else single


class _Values:
    """A space's quotas: effective (per organisation, and in all), the parent's, used."""

    def __init__(self, call: Call, package_id: int, wanted: list[Quota]) -> None:
        row = package_row(call, package_id)
        self.per_organization = effective_quotas(call, package_id, wanted)
        self.parent = effective_quotas(call, (row["parent_package_id"] or 0) if row is not None else 0, wanted)
        self.used = usages(call, package_id)
        self._organizations = _organizations(call, package_id)

    def allocated(self, quota: Quota) -> int:
        return _in_all(quota, self.per_organization[quota.id], self._organizations)


def _groups_of(call: Call, package_id: int) -> list[Row]:
    """All groups by order, with what overrides and plan say of their calculation."""
    return call.db.execute(
        """
        SELECT g.group_id, g.group_name, o.package_id IS NOT NULL AS overridden,
            coalesce(o.calculate_disk_space, h.calculate_disk_space, 0) AS disk,
            coalesce(o.calculate_bandwidth, h.calculate_bandwidth, 0) AS bandwidth
        FROM resource_groups g
        LEFT JOIN packages p ON p.package_id = ?
        LEFT JOIN package_resources o ON o.package_id = p.package_id AND o.group_id = g.group_id
        LEFT JOIN hosting_plan_resources h ON h.plan_id = p.plan_id AND h.group_id = g.group_id
        WHERE g.show_group = 1 ORDER BY g.group_order, g.group_id
        """,
        (package_id,),
    ).fetchall()


def _effective_group_rows(call: Call, package_id: int) -> list[tuple[object, ...]]:
    enabled = effective_groups(call, package_id)
    row = package_row(call, package_id)
    parent = effective_groups(call, row["parent_package_id"] if row is not None else None)
    return [
        (group["group_id"], group["group_name"], group["disk"], group["bandwidth"], group["group_id"] in parent)
        for group in _groups_of(call, package_id)
        if group["group_id"] in enabled
    ]


def _quota_rows(call: Call, package_id: int) -> list[tuple[object, ...]]:
    shown = quotas(call.db)
    values = _Values(call, package_id, shown)
    return [
        (
            quota.id,
            quota.group_id,
            quota.name,
            quota.description,
            quota.type,
            values.allocated(quota),
            values.per_organization[quota.id],
            values.parent[quota.id],
            values.used.get(quota.id, 0),
            1 if quota.per_organization else None,
        )
        for quota in shown
    ]


@operation("esPackages", "GetPackageQuotas")
def get_package_quotas(call: Call, *, packageId: int) -> DataSet:
    """The effective groups, and every visible quota with its effective value, the parent's and the usage."""
    _check(call, packageId)
    untranslatable(call)
    return dataset(call, (_GROUPS, _effective_group_rows(call, packageId)), (_QUOTAS, _quota_rows(call, packageId)))


@operation("esPackages", "GetPackageContext")
def get_package_context(call: Call, *, packageId: int) -> dict[str, object] | None:
    """A space with its effective groups and all visible quotas; null for an unknown space."""
    row = package_row(call, packageId)
    if row is None:
        return None
    _check(call, packageId)
    untranslatable(call)
    groups = [
        {
            "GroupId": number,
            "Enabled": True,
            "CalculateDiskSpace": bool(disk),
            "CalculateBandwidth": bool(bandwidth),
            "GroupName": name,
        }
        for number, name, disk, bandwidth, _ in _effective_group_rows(call, packageId)
    ]
    shown = quotas(call.db)
    values = _Values(call, packageId, shown)
    listed = [
        _value_info(
            call,
            packageId,
            quota,
            values.allocated(quota),
            values.per_organization[quota.id],
            values.used.get(quota.id, 0),
            quota.group_id,
            root=call.on(EXHAUSTED_ROOT),
        )
        for quota in shown
    ]
    return {"Package": package_info(call, row), "GroupsArray": groups, "QuotasArray": listed}


def _value_info(
    call: Call, package_id: int, quota: Quota, allocated: int, single: int, used: int, group_id: int, *, root: bool
) -> dict[str, object]:
    """``root``: whether everything of a space below 2 counts as exhausted."""
    return quota_value(
        QuotaAllocatedValue=allocated,
        QuotaAllocatedValuePerOrganization=single,
        QuotaUsedValue=used,
        QuotaExhausted=call.on(EXHAUSTED) and (is_exhausted(allocated, used) or (root and package_id < 2)),
        QuotaName=quota.name,
        # The controller reads the column as text: null becomes empty (seen in both logics' contexts).
        QuotaDescription=quota.description or "",
        QuotaId=quota.id,
        QuotaTypeId=quota.type,
        GroupId=group_id,
    )


def own_quota(call: Call, package_id: int, name: str) -> dict[str, object]:
    """One quota of a space with its usage, as controllers ask for it before they create something.

    Raises the rights fault of a space out of reach, and NullReference for a name that does not exist.
    """
    quota = quota_named(call.db, name)
    _check(call, package_id)
    if quota is not None and quota.name != name and not call.on(NAME_CASE):
        quota = None
    if quota is None:
        if call.on(UNKNOWN_NAME):
            raise faults.null_reference()
        return quota_value()
    single = effective_quota(call, package_id, quota)
    allocated = _in_all(quota, single, _organizations(call, package_id)) if quota.per_organization else single
    # GroupId comes back 0: the procedure does not select it (contract 2.4).
    return _value_info(call, package_id, quota, allocated, single, usage(call, package_id, quota), 0, root=False)


@operation("esPackages", "GetPackageQuota")
def get_package_quota(call: Call, *, packageId: int, quotaName: str | None) -> dict[str, object]:
    """One quota by name, hidden ones too."""
    return own_quota(call, packageId, quotaName or "")


@operation("esPackages", "GetPackageQuotasForEdit")
def get_package_quotas_for_edit(call: Call, *, packageId: int) -> DataSet:
    """All groups and quotas of a space for an editor of overrides."""
    _check(call, packageId)
    untranslatable(call)
    row = package_row(call, packageId)
    if row is None and call.ef:
        inner = faults.null_reference()
        raise ServiceFault((_EVALUATE, *inner.messages), ("System.InvalidOperationException", *inner.types))
    enabled = effective_groups(call, packageId)
    server = row["server_id"] or 0 if row is not None and call.on(FOR_EDIT_SERVER) else 0
    parent = effective_groups(call, row["parent_package_id"] if row is not None else None, server)
    groups = [
        (
            group["group_id"],
            group["group_name"],
            group["disk"],
            group["bandwidth"],
            group["group_id"] in enabled or (not call.ef and call.on(FOR_EDIT_ENABLED) and not group["overridden"]),
            group["group_id"] in parent,
        )
        for group in _groups_of(call, packageId)
    ]
    if call.ef:
        return dataset(call, (_GROUPS_FOR_EDIT, groups), (_QUOTAS, _for_edit(call, packageId, _quota_rows(call, packageId))))
    shown = quotas(call.db, hidden=call.on(FOR_EDIT_HIDDEN))
    values = _Values(call, packageId, shown)
    rows = [(q.id, q.group_id, q.name, q.description, q.type, values.per_organization[q.id], values.parent[q.id]) for q in shown]
    return dataset(call, (_GROUPS_FOR_EDIT, groups), (_QUOTAS_FOR_EDIT, _for_edit(call, packageId, rows)))


def _for_edit(call: Call, package_id: int, rows: Sequence[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """The same rows with a space's own override instead of the effective value (the sixth column)."""
    own = {
        row[0]: row[1]
        for row in call.db.execute("SELECT quota_id, quota_value FROM package_quotas WHERE package_id = ?", (package_id,))
    }
    return [(*row[:5], own.get(row[0], row[5]), *row[6:]) for row in rows]

"""esPackages: a plan's groups and quotas as tables and as a context (contract 2.3), the reads that show a plan's contents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resellerplan.simpanel.datasets import dataset
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.quotas import effective_groups, effective_quotas, quotas
from resellerplan.simpanel.rights import may_access_parent_package
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.hosting_plans import plan_info, plan_row

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row
    from resellerplan.simpanel.wire import DataSet

__all__ = ["quota_value", "visible_groups"]

RIGHTS = rule(
    "hosting_plan_quotas.parent_rights",
    "2.3, 5.2",
    "Whoever may see the owner of the space may ask; an unknown space, and for a reseller the root, pass.",
)
PARENT_ENABLED = rule(
    "hosting_plan_quotas.parent_enabled", "2.3", "ParentEnabled follows the chain of spaces and the services of the server."
)
HIDDEN_LEFT_OUT = rule("hosting_plan_quotas.hidden_left_out", "2.3, 6.2", "Hidden quotas are in neither tables nor contexts.")
EVERY_QUOTA = rule(
    "hosting_plan_context.every_quota",
    "2.3",
    "A plan's context lists every visible quota, 0 where the plan has none, those of groups that are off too.",
)
ONLY_ENABLED = rule("hosting_plan_context.only_enabled_groups", "2.3", "A plan's context lists only the groups of the plan.")

_GROUPS = (
    "GroupId:int! GroupName:string Enabled:boolean! ParentEnabled:boolean! CalculateDiskSpace:boolean CalculateBandwidth:boolean"
)
_QUOTAS = (
    "QuotaId:int! GroupId:int! QuotaName:string QuotaDescription:string QuotaTypeId:int! QuotaValue:int! ParentQuotaValue:int!"
)


def visible_groups(call: Call, plan_id: int) -> list[Row]:
    """The shown groups in the order of this call, each with what the plan says of it (null where it does not list it).

    2.x orders equal group orders by name (contract 7.3), 1.x leaves them by id.
    """
    tie = "g.group_id" if call.flavour.face == "asmx" else "g.group_name"
    return call.db.execute(
        f"""
        SELECT g.group_id, g.group_name, r.plan_id IS NOT NULL AS listed, r.calculate_disk_space, r.calculate_bandwidth
        FROM resource_groups g LEFT JOIN hosting_plan_resources r ON r.group_id = g.group_id AND r.plan_id = ?
        WHERE g.show_group = 1 ORDER BY g.group_order, {tie}
        """,
        (plan_id,),
    ).fetchall()


def _plan_values(call: Call, plan_id: int) -> dict[int, int]:
    rows = call.db.execute("SELECT quota_id, quota_value FROM hosting_plan_quotas WHERE plan_id = ?", (plan_id,))
    return {row[0]: row[1] for row in rows}


@operation("esPackages", "GetHostingPlanQuotas")
def get_hosting_plan_quotas(call: Call, *, packageId: int, planId: int, serverId: int) -> DataSet:
    """All visible groups and quotas, with what the plan and what the space have of each."""
    if call.on(RIGHTS) and not may_access_parent_package(call, packageId):
        raise call.denied_package()
    enabled = effective_groups(call, packageId, serverId) if call.on(PARENT_ENABLED) else frozenset()
    groups = [
        (
            row["group_id"],
            row["group_name"],
            row["listed"],
            row["group_id"] in enabled,
            row["calculate_disk_space"] if row["listed"] else 1,
            row["calculate_bandwidth"] if row["listed"] else 1,
        )
        for row in visible_groups(call, planId)
    ]
    shown = quotas(call.db, hidden=not call.on(HIDDEN_LEFT_OUT))
    values = _plan_values(call, planId)
    parent = effective_quotas(call, packageId, shown)
    rows = [(q.id, q.group_id, q.name, q.description, q.type, values.get(q.id, 0), parent[q.id]) for q in shown]
    return dataset(call, (_GROUPS, groups), (_QUOTAS, rows))


def quota_value(**members: object) -> dict[str, object]:
    """A QuotaValueInfo with the members given and the defaults of the others."""
    return {
        "QuotaAllocatedValue": 0,
        "QuotaAllocatedValuePerOrganization": 0,
        "QuotaUsedValue": 0,
        "QuotaExhausted": False,
        "QuotaName": None,
        "QuotaDescription": None,
        "QuotaId": 0,
        "QuotaTypeId": 0,
        "GroupId": 0,
    } | members


@operation("esPackages", "GetHostingPlanContext")
def get_hosting_plan_context(call: Call, *, planId: int) -> dict[str, object] | None:
    """A plan with its groups and every visible quota of the catalogue; null for an unknown plan. No rights are checked."""
    row = plan_row(call, planId)
    if row is None:
        return None
    values = _plan_values(call, planId)
    groups = [
        {
            "GroupId": group["group_id"],
            "Enabled": True,
            "CalculateDiskSpace": bool(group["calculate_disk_space"]),
            "CalculateBandwidth": bool(group["calculate_bandwidth"]),
            "GroupName": group["group_name"],
        }
        for group in visible_groups(call, planId)
        if group["listed"] or not call.on(ONLY_ENABLED)
    ]
    listed = [
        quota_value(
            QuotaAllocatedValue=values.get(quota.id, 0),
            QuotaName=quota.name,
            QuotaId=quota.id,
            QuotaTypeId=quota.type,
            GroupId=quota.group_id,
        )
        for quota in quotas(call.db, hidden=not call.on(HIDDEN_LEFT_OUT))
        if quota.id in values or call.on(EVERY_QUOTA)
    ]
    return {"HostingPlan": plan_info(call, row), "GroupsArray": groups, "QuotasArray": listed}

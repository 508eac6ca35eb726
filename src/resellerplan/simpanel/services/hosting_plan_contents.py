"""The groups and quotas of a plan or of a space's overrides: how they are stored (contract 2.3, 2.4, 6.3).

Groups and quotas are two halves. A stored procedure stores each half by one statement: a bad or duplicate id empties its half,
the other half stays, and the call faults after the commit. EF refuses the whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.rules import rule

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.wire import ServiceFault

__all__ = ["HALVES_OF_PLAN", "HALVES_OF_SPACE", "Half", "Listed", "delete_contents", "store_contents"]

Listed = Sequence[Mapping[str, object] | None] | None

NULL_HALF = rule(
    "plan_contents.null_half",
    "2.3",
    "Groups and quotas must both be given: by stored procedure a null one stores none of both, by EF it faults.",
)
BAD_IDS = rule(
    "plan_contents.bad_ids",
    "2.3",
    "An unknown or duplicate group or quota id is a fault; by stored procedure only that half stays empty.",
)
ENABLED_IGNORED = rule(
    "plan_contents.enabled_ignored", "2.3", "Every listed group becomes part of the plan, whatever Enabled says."
)


@dataclass(frozen=True, slots=True)
class Half:
    """One half's table: its owner column, id column, further columns, and the names the panel's faults use."""

    table: str
    owner: str
    key: str
    reference: str
    entity: str
    sql_table: str
    sql_key: str

    @property
    def is_groups(self) -> bool:
        return self.key == "group_id"


HALVES_OF_PLAN = (
    Half(
        "hosting_plan_resources", "plan_id", "group_id", "resource_groups", "HostingPlanResource", "HostingPlanResources", "GroupID"
    ),
    Half("hosting_plan_quotas", "plan_id", "quota_id", "quotas", "HostingPlanQuota", "HostingPlanQuotas", "QuotaID"),
)
HALVES_OF_SPACE = (
    Half("package_resources", "package_id", "group_id", "resource_groups", "PackageResource", "PackageResources", "GroupID"),
    Half("package_quotas", "package_id", "quota_id", "quotas", "PackageQuota", "PackageQuotas", "QuotaID"),
)


def _number(item: Mapping[str, object] | None, name: str) -> int:
    value = (item or {}).get(name) or 0
    return value if isinstance(value, int) else 0


def _rows(half: Half, owner_id: int, items: Listed) -> list[tuple[int, ...]]:
    if half.is_groups:
        return [
            (
                owner_id,
                _number(item, "GroupId"),
                int(bool((item or {}).get("CalculateDiskSpace"))),
                int(bool((item or {}).get("CalculateBandwidth"))),
            )
            for item in items or ()
        ]
    return [(owner_id, _number(item, "QuotaId"), _number(item, "QuotaValue")) for item in items or ()]


def _fault_of(call: Call, half: Half, owner_id: int, rows: Sequence[tuple[int, ...]]) -> ServiceFault | None:
    """The fault that storing these rows meets, or None."""
    numbers = [row[1] for row in rows]
    owner = {"plan_id": "PlanId", "package_id": "PackageId"}[half.owner]
    known = {row[0] for row in call.db.execute(f"SELECT {half.key} FROM {half.reference}")}
    duplicate = next((number for number in numbers if numbers.count(number) > 1), None)
    unknown = next((number for number in numbers if number not in known), None)
    if call.ef:
        if duplicate is not None:
            return faults.tracked_twice(half.entity, (owner, half.sql_key.replace("ID", "Id")))
        return faults.foreign_key(call.flavour) if unknown is not None else None
    if duplicate is not None:
        return faults.unique(
            call.flavour,
            table=half.sql_table,
            columns=(half.owner, half.key),
            constraint=f"PK_{half.sql_table}",
            value=f"{owner_id}, {duplicate}",
        )
    if unknown is None:
        return None
    target = "ResourceGroups" if half.is_groups else "Quotas"
    return faults.foreign_key(call.flavour, constraint=f"FK_{half.sql_table}_{target}", table=target, column=half.sql_key)


def delete_contents(call: Call, halves: Sequence[Half], owner_id: int) -> None:
    """Empty both halves."""
    for half in halves:
        call.db.execute(f"DELETE FROM {half.table} WHERE {half.owner} = ?", (owner_id,))


def store_contents(call: Call, halves: Sequence[Half], owner_id: int, groups: Listed, quotas: Listed) -> None:
    """Replace both halves. Raises EF's faults; a stored procedure's are noted on the call, which goes on."""
    if call.on(NULL_HALF) and (groups is None or quotas is None):
        if call.ef:
            raise faults.argument_null("s")
        groups = quotas = ()
    if not call.on(ENABLED_IGNORED):
        groups = [group for group in groups or () if group and group.get("Enabled")]
    delete_contents(call, halves, owner_id)
    for half, items in zip(halves, (groups, quotas), strict=True):
        rows = _rows(half, owner_id, items)
        fault = _fault_of(call, half, owner_id, rows)
        if fault is not None:
            if call.on(BAD_IDS):
                call.go_on_after(fault)
            continue
        if half.is_groups:
            columns, marks = f"{half.owner}, {half.key}, calculate_disk_space, calculate_bandwidth", "?, ?, ?, ?"
        else:
            columns, marks = f"{half.owner}, {half.key}, quota_value", "?, ?, ?"
        call.db.executemany(f"INSERT INTO {half.table} ({columns}) VALUES ({marks})", rows)

"""esPackages: add-ons of spaces (contract 2.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.datasets import dataset
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.quotas import exceeding
from resellerplan.simpanel.rights import Demand, account_check, may_access_package
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.package_result import QuotaExceeded, done, exceeded, refused
from resellerplan.simpanel.services.package_updates import any_reseller_staff
from resellerplan.simpanel.services.packages import moment, package_row, whole_seconds

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row
    from resellerplan.simpanel.wire import DataSet

LIST_RIGHTS = rule("package_addons.list_rights", "2.4, 5.3", "The add-ons of a space out of reach are a rights fault.")
READ_RIGHTS = rule("package_addon.read_rights", "2.4, 7.3", "2.x: an add-on of a space out of reach is a rights fault.")
READ_UNCHECKED = rule("package_addon.read_unchecked", "2.4", "1.x serves any add-on: the check of rights never works.")
READ_BARE = rule("package_addon.read_without_plan", "2.4", "A single add-on has neither the name nor the description of its plan.")
ACCOUNT = rule("package_addon.account", "2.4, 5.1", "Adding and updating add-ons demands Reseller, PlatformCSR or ResellerCSR.")
ADD_RIGHTS = rule("add_package_addon.rights", "2.4, 5.3", "An add-on for a space out of reach is a rights fault.")
ADD_REFERENCES = rule("add_package_addon.references", "2.4", "An unknown space or plan is a foreign-key fault.")
ADD_EXCEED = rule(
    "add_package_addon.exceed", "2.4, 6.4", "An add-on that exceeds the parent's quotas answers -305 and leaves nothing."
)
ADD_USES_ID = rule("add_package_addon.exceed_uses_id", "6.9", "By stored procedure a refused add-on uses up its id.")
ANY_PLAN = rule("add_package_addon.any_plan", "2.4", "The plan is not checked to be an add-on plan.")
UPDATE_RIGHTS = rule("update_package_addon.rights", "2.4, 5.3", "Updating an add-on of a space out of reach is a rights fault.")
UPDATE_PLAN = rule("update_package_addon.plan_unknown", "2.4", "An unknown plan is a foreign-key fault and changes nothing.")
UPDATE_EXCEED = rule(
    "update_package_addon.exceed", "2.4", "An update that exceeds the parent's quotas answers -305 and changes nothing."
)
UPDATE_FOLLOW_UP = rule(
    "update_package_addon.follow_up",
    "2.4",
    "After the update the controller looks at the given PackageId: 0 in the Literal form, so a reseller gets a rights fault.",
)
DELETE_ACCOUNT = rule("delete_package_addon.account", "2.4, 5.1", "Deleting an add-on demands an active reseller.")
DELETE_MISSING = rule("delete_package_addon.missing", "2.4", "An add-on that is not there is a NullReference fault.")
DELETE_RIGHTS = rule("delete_package_addon.rights", "2.4, 5.3", "Deleting an add-on of a space out of reach is a rights fault.")

_LIST = (
    "PackageAddonId:int! PackageId:int PlanId:int Quantity:int PurchaseDate:dateTime StatusId:int Comments:string "
    "PlanName:string PlanDescription:string"
)


def _row(call: Call, addon_id: int) -> Row | None:
    found: Row | None = call.db.execute("SELECT * FROM package_addons WHERE package_addon_id = ?", (addon_id,)).fetchone()
    return found


@operation("esPackages", "GetPackageAddons")
def get_package_addons(call: Call, *, packageId: int) -> DataSet:
    """The add-ons of a space, each with its plan's name."""
    if call.on(LIST_RIGHTS) and not may_access_package(call, packageId):
        raise call.denied_package()
    rows = call.db.execute(
        """
        SELECT a.package_addon_id, a.package_id, a.plan_id, a.quantity, a.purchase_date, a.status_id, a.comments, h.plan_name,
            h.plan_description
        FROM package_addons a JOIN hosting_plans h ON h.plan_id = a.plan_id WHERE a.package_id = ? ORDER BY a.package_addon_id
        """,
        (packageId,),
    )
    return dataset(call, (_LIST, rows))


def _visible(call: Call, row: Row) -> bool:
    if call.flavour.face == "asmx" and call.on(READ_UNCHECKED):
        return True
    return not call.on(READ_RIGHTS) or may_access_package(call, row["package_id"])


@operation("esPackages", "GetPackageAddon")
def get_package_addon(call: Call, *, packageAddonId: int) -> dict[str, object] | None:
    """One add-on, or null."""
    row = _row(call, packageAddonId)
    if row is None:
        return None
    if not _visible(call, row):
        raise call.denied_package()
    plan = None
    if not call.on(READ_BARE):
        plan = call.db.execute("SELECT plan_name FROM hosting_plans WHERE plan_id = ?", (row["plan_id"],)).fetchone()
    return {
        "PackageAddonId": row["package_addon_id"],
        "PackageId": row["package_id"] or 0,
        "PlanId": row["plan_id"] or 0,
        "Quantity": row["quantity"] or 0,
        "PurchaseDate": whole_seconds(call, moment(call, row["purchase_date"])),
        "Comments": row["comments"],
        "StatusId": row["status_id"] or 0,
        "PlanName": None if plan is None else plan["plan_name"],
        "PlanDescription": None,
    }


def _int(addon: Mapping[str, object], name: str) -> int:
    value = addon.get(name) or 0
    return value if isinstance(value, int) else 0


def _purchased(call: Call, addon: Mapping[str, object]) -> str | None:
    when = addon.get("PurchaseDate")
    return call.stored(when if isinstance(when, datetime) else datetime.min)


def _known(call: Call, package_id: int, plan_id: int) -> bool:
    """Whether space and plan are there; else the fault is raised (EF) or noted."""
    plan = call.db.execute("SELECT is_addon FROM hosting_plans WHERE plan_id = ?", (plan_id,)).fetchone()
    if package_row(call, package_id) is None:
        missing = ("FK_PackageAddons_Packages", "Packages", "PackageID")
    elif plan is None or (not plan["is_addon"] and not call.on(ANY_PLAN)):
        missing = ("FK_PackageAddons_HostingPlans", "HostingPlans", "PlanID")
    else:
        return True
    if call.on(ADD_REFERENCES):
        call.go_on_after(faults.foreign_key(call.flavour, constraint=missing[0], table=missing[1], column=missing[2]))
    return False


def _add(call: Call, addon: Mapping[str, object]) -> dict[str, object]:
    package_id, plan_id = _int(addon, "PackageId"), _int(addon, "PlanId")
    purchased = _purchased(call, addon)
    if call.on(ADD_RIGHTS) and not may_access_package(call, package_id):
        call.refuse_rights(faults.PACKAGE)
    if not _known(call, package_id, plan_id):
        return done(call, 0)
    try:
        with call.atomic():
            call.db.execute(
                "INSERT INTO package_addons (package_id, plan_id, quantity, purchase_date, comments, status_id)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (package_id, plan_id, _int(addon, "Quantity"), purchased, addon.get("Comments"), _int(addon, "StatusId")),
            )
            number = int(call.db.execute("SELECT last_insert_rowid()").fetchone()[0])
            if call.on(ADD_USES_ID):
                call.use_up("package_addons", number)
            _check_parent(call, package_id, exceed=call.on(ADD_EXCEED))
    except QuotaExceeded as found:
        return exceeded(call, found.rows)
    return done(call, number)


def _check_parent(call: Call, package_id: int, *, exceed: bool) -> None:
    row = package_row(call, package_id)
    rows = exceeding(call, row["parent_package_id"]) if row is not None else []
    if rows and exceed:
        raise QuotaExceeded(rows)


def _staff_may_not(call: Call) -> int:
    return any_reseller_staff(call) if call.on(ACCOUNT) else 0


@operation("esPackages", "AddPackageAddon")
def add_package_addon(call: Call, *, addon: Mapping[str, object] | None) -> dict[str, object]:
    """An add-on for a space."""
    code = _staff_may_not(call)
    if code < 0:
        return refused(code)
    if addon is None:
        raise faults.null_reference()
    return _add(call, addon)


@operation("esPackages", "AddPackageAddonById")
def add_package_addon_by_id(call: Call, *, packageId: int, addonPlanId: int, quantity: int) -> dict[str, object]:
    """An add-on that is active from now on, without comments."""
    code = _staff_may_not(call)
    if code < 0:
        return refused(code)
    addon = {
        "PackageId": packageId,
        "PlanId": addonPlanId,
        "Quantity": quantity,
        "StatusId": 1,
        "Comments": "",
        "PurchaseDate": call.now(),
    }
    return _add(call, addon)


@operation("esPackages", "AddPackageAddonLiteral")
def add_package_addon_literal(
    call: Call, *, packageId: int, planId: int, quantity: int, statusId: int, purchaseDate: datetime | None, comments: str | None
) -> dict[str, object]:
    """AddPackageAddon with parameters."""
    code = _staff_may_not(call)
    if code < 0:
        return refused(code)
    addon = {
        "PackageId": packageId,
        "PlanId": planId,
        "Quantity": quantity,
        "StatusId": statusId,
        "PurchaseDate": purchaseDate,
        "Comments": comments,
    }
    return _add(call, addon)


@operation("esPackages", "UpdatePackageAddon")
def update_package_addon(call: Call, *, addon: Mapping[str, object] | None) -> dict[str, object]:
    """Overwrite an add-on; the space it is attached to stays."""
    code = _staff_may_not(call)
    if code < 0:
        return refused(code)
    if addon is None:
        raise faults.null_reference()
    row = _row(call, _int(addon, "PackageAddonId"))
    purchased = _purchased(call, addon)
    if row is not None and call.on(UPDATE_RIGHTS) and not may_access_package(call, row["package_id"]):
        call.refuse_rights(faults.PACKAGE)
    result = done(call, 0)
    plan = call.db.execute("SELECT 1 FROM hosting_plans WHERE plan_id = ?", (_int(addon, "PlanId"),)).fetchone()
    if row is not None and plan is None and call.on(UPDATE_PLAN):
        call.go_on_after(
            faults.foreign_key(
                call.flavour, statement="UPDATE", constraint="FK_PackageAddons_HostingPlans", table="HostingPlans", column="PlanID"
            )
        )
    elif row is not None:
        try:
            with call.atomic():
                call.db.execute(
                    "UPDATE package_addons SET plan_id = ?, quantity = ?, purchase_date = ?, comments = ?, status_id = ?"
                    " WHERE package_addon_id = ?",
                    (
                        _int(addon, "PlanId"),
                        _int(addon, "Quantity"),
                        purchased,
                        addon.get("Comments"),
                        _int(addon, "StatusId"),
                        row["package_addon_id"],
                    ),
                )
                _check_parent(call, row["package_id"], exceed=call.on(UPDATE_EXCEED))
        except QuotaExceeded as found:
            result = exceeded(call, found.rows)
    if call.on(UPDATE_FOLLOW_UP) and not may_access_package(call, _int(addon, "PackageId")):
        # The procedure has committed before the controller goes on, in both logics (real panel report 11).
        call.keep()
        raise call.denied_package()
    return result


@operation("esPackages", "UpdatePackageAddonLiteral")
def update_package_addon_literal(
    call: Call,
    *,
    packageAddonId: int,
    planId: int,
    quantity: int,
    statusId: int,
    purchaseDate: datetime | None,
    comments: str | None,
) -> dict[str, object]:
    """UpdatePackageAddon with parameters, among which the space is not."""
    addon = {
        "PackageAddonId": packageAddonId,
        "PlanId": planId,
        "Quantity": quantity,
        "StatusId": statusId,
        "PurchaseDate": purchaseDate,
        "Comments": comments,
    }
    return update_package_addon(call, addon=addon)


@operation("esPackages", "DeletePackageAddon")
def delete_package_addon(call: Call, *, packageAddonId: int) -> int:
    """Take an add-on away."""
    if call.on(DELETE_ACCOUNT):
        code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE, Demand.IS_RESELLER)
        if code < 0:
            return code
    row = _row(call, packageAddonId)
    if row is None:
        if call.on(DELETE_MISSING):
            raise faults.null_reference()
        return 0
    if not _visible(call, row):
        raise call.denied_package()
    if call.on(DELETE_RIGHTS) and not may_access_package(call, row["package_id"]):
        call.refuse_rights(faults.PACKAGE)
    call.db.execute("DELETE FROM package_addons WHERE package_addon_id = ?", (packageAddonId,))
    return 0

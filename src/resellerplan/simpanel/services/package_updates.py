"""esPackages: changing spaces (contract 2.4): update, rename, another owner, status, default space."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.flavours import Defect
from resellerplan.simpanel.quotas import exceeding
from resellerplan.simpanel.rights import Demand, account_check, may_access_package
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.hosting_plan_contents import HALVES_OF_SPACE, delete_contents, store_contents
from resellerplan.simpanel.services.package_result import QuotaExceeded, done, exceeded, refused
from resellerplan.simpanel.services.packages import children_of, list_info, package_info, package_row, rows_of_user, stored_name

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row

__all__ = ["SPACE_STATUS", "any_reseller_staff", "change_status", "is_switched", "switch_items", "update_space"]

SPACE_STATUS = {"Active": 1, "Suspended": 2, "Cancelled": 3, "New": 4}
NOT_FOUND = -300

ACCOUNT = rule(
    "update_package.account", "2.4, 5.1", "Updating a space demands an active Reseller, PlatformCSR or ResellerCSR, not a demo."
)
MISSING = rule("update_package.missing", "2.4", "Updating a space that is not there answers -300.")
RIGHTS = rule("update_package.rights", "2.4, 5.3", "Updating a space out of reach is a rights fault.")
FIXED = rule("update_package.fixed_members", "2.4", "Owner, parent and server of a space are not changed by an update.")
OVERRIDES_OFF = rule(
    "update_package.overrides_off_deletes", "2.4", "OverrideQuotas=false deletes the space's own groups and quotas."
)
OVERRIDES_NULL = rule(
    "update_package.overrides_null",
    "2.4",
    "OverrideQuotas=true without groups or quotas keeps the overrides; on 2.x-EF it faults.",
)
OWN_LIMITS = rule("update_package.own_limits", "1x 3.3", "Overrides of one's own space are not held to what one was given.")
PLAN_UNKNOWN = rule("update_package.plan_unknown", "2.4", "An unknown plan is a fault and changes nothing.")
EXCEED_WHEN = rule(
    "update_package.exceed_when", "2.4, 6.4", "The parent's quotas are checked only if the plan changes or OverrideQuotas is on."
)
ROLLED_BACK = rule("update_package.exceed_rolls_back", "2.4, 6.3", "-305 changes nothing at all.")
CHANGE_DATE = rule(
    "update_package.status_change_date",
    "6.6",
    "The date of the status change moves only by trigger: to a status above 1, not on 2.x-EF.",
)
NAME_CUT = rule("packages.name_length", "3.4", "Stored procedures cut a space's name at 300 characters.")
LITERAL_RESETS = rule("update_package_literal.resets", "2.4", "The Literal form drops overrides and the default mark.")
RENAME_ACCOUNT = rule("update_package_name.account", "2.4, 5.1", "Renaming demands an active account that is no demo.")
RENAME_RIGHTS = rule("update_package_name.rights", "2.4, 5.3", "Renaming a space out of reach is a rights fault.")
RENAME_INVERTED = rule(
    "update_package_name.own_refused", "7.4.7", "2.x-EF refuses to rename one's own space, and one whose owner has a peer."
)
OWNER_ACCOUNT = rule("change_package_user.account", "2.4, 5.1", "Giving a space to another user demands an active ResellerCSR.")
OWNER_RIGHTS = rule(
    "change_package_user.rights", "2.4, 5.3", "Giving away a space out of reach is a rights fault; the target is not checked."
)
OWNER_UNKNOWN = rule("change_package_user.unknown_user", "2.4", "An unknown target user is a fault.")
STATUS_ACCOUNT = rule("change_package_status.account", "2.4, 5.1", "Changing a status demands an active ResellerCSR.")
STATUS_MISSING = rule("change_package_status.missing", "2.4", "The status of a space that is not there answers -1.")
STATUS_BELOW = rule("change_package_status.cascades", "2.4", "The status of all spaces below changes too.")
STATUS_FAULTS = rule("change_package_status.overrides_fault", "2.4, 7.4.6", "2.x-EF faults on a space with overrides.")
DEFAULT_WIPES = rule(
    "set_default_top_package.wipes", "2.4", "Marking the default space writes list rows: comments and overrides are lost."
)


def any_reseller_staff(call: Call) -> int:
    """The account check that passes for Reseller, PlatformCSR or ResellerCSR: 0 or the code."""
    code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE, Demand.IS_RESELLER)
    for other in (Demand.IS_PLATFORM_CSR, Demand.IS_RESELLER_CSR):
        if code < 0 and account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE, other) == 0:
            return 0
    return code


def _int(package: Mapping[str, object], name: str) -> int:
    value = package.get(name) or 0
    return value if isinstance(value, int) else 0


def _purchased(call: Call, package: Mapping[str, object]) -> str | None:
    when = package.get("PurchaseDate")
    moment = when if isinstance(when, datetime) else datetime.min
    return call.stored(moment.replace(microsecond=0) if call.ef else moment)


def _change_date(call: Call, row: Row, status: int) -> str:
    if call.ef or not call.on(CHANGE_DATE):
        return str(row["status_id_change_date"])
    return call.now_text() if status > 1 and status != row["status_id"] else str(row["status_id_change_date"])


def _store(call: Call, package: Mapping[str, object], row: Row, purchased: str | None) -> None:
    """The space's own row; an unknown plan is a fault (noted by stored procedure, whose UPDATE then changes nothing)."""
    plan_id: int | None = _int(package, "PlanId")
    known = call.db.execute("SELECT 1 FROM hosting_plans WHERE plan_id = ?", (plan_id,)).fetchone() is not None
    if not known:
        if call.on(PLAN_UNKNOWN):
            call.go_on_after(
                faults.foreign_key(
                    call.flavour, statement="UPDATE", constraint="FK_Packages_HostingPlans", table="HostingPlans", column="PlanID"
                )
            )
            return
        plan_id = row["plan_id"]
    name = package.get("PackageName")
    status = _int(package, "StatusId")
    call.db.execute(
        """
        UPDATE packages SET package_name = ?, package_comments = ?, status_id = ?, plan_id = ?, purchase_date = ?,
            override_quotas = ?, default_top_package = ?, status_id_change_date = ? WHERE package_id = ?
        """,
        (
            stored_name(call, str(name), in_task=True) if name is not None and call.on(NAME_CUT) else name,
            package.get("PackageComments"),
            status,
            plan_id,
            purchased,
            int(bool(package.get("OverrideQuotas"))),
            int(bool(package.get("DefaultTopPackage"))),
            _change_date(call, row, status),
            row["package_id"],
        ),
    )
    if not call.on(FIXED):
        call.db.execute(
            "UPDATE packages SET user_id = ? WHERE package_id = ?", (_int(package, "UserId") or row["user_id"], row["package_id"])
        )


def _store_overrides(call: Call, package: Mapping[str, object], package_id: int) -> None:
    on = call.db.execute("SELECT override_quotas FROM packages WHERE package_id = ?", (package_id,)).fetchone()[0]
    groups, listed = package.get("Groups"), package.get("Quotas")
    if not on:
        if call.on(OVERRIDES_OFF):
            delete_contents(call, HALVES_OF_SPACE, package_id)
    elif (groups is None or listed is None) and call.on(OVERRIDES_NULL):
        if call.has(Defect.STATUS_FAULTS_ON_OVERRIDES) and call.on(STATUS_FAULTS):
            raise faults.argument_null("s")
    else:
        store_contents(call, HALVES_OF_SPACE, package_id, groups or (), listed or ())  # type: ignore[arg-type]  # arrays of the face


def update_space(call: Call, package: Mapping[str, object]) -> dict[str, object]:
    """UpdatePackage: what status changes and the default mark use too. Its record has the new name and no number."""
    package_id = _int(package, "PackageId")
    name = package.get("PackageName")
    with call.task("HOSTING_SPACE", "UPDATE", None if name is None else str(name), wraps=False):
        if call.on(ACCOUNT):
            code = any_reseller_staff(call)
            if code < 0:
                return refused(code)
        row = package_row(call, package_id)
        if row is None:
            return refused(NOT_FOUND if call.on(MISSING) else 0)
        purchased = _purchased(call, package)
        if call.on(RIGHTS) and not may_access_package(call, package_id):
            call.refuse_rights(faults.PACKAGE, 2)
        own = row["user_id"] == call.caller.user_id
        if own and package.get("OverrideQuotas") and not call.on(OWN_LIMITS):
            raise call.denied_package()
        try:
            with call.atomic():
                _store(call, package, row, purchased)
                _store_overrides(call, package, package_id)
                changed = _int(package, "PlanId") != row["plan_id"] or bool(package.get("OverrideQuotas"))
                rows = exceeding(call, row["parent_package_id"]) if changed or not call.on(EXCEED_WHEN) else []
                if rows and call.on(ROLLED_BACK):
                    raise QuotaExceeded(rows)
        except QuotaExceeded as found:
            return exceeded(call, found.rows)
        return exceeded(call, rows) if rows else done(call, 0)


@operation("esPackages", "UpdatePackage")
def update_package(call: Call, *, package: Mapping[str, object] | None) -> dict[str, object]:
    """Overwrite a space: name, comments, status, plan, date, overrides, default mark."""
    if package is None:
        raise faults.null_reference()
    return update_space(call, package)


@operation("esPackages", "UpdatePackageLiteral")
def update_package_literal(
    call: Call,
    *,
    packageId: int,
    statusId: int,
    planId: int,
    purchaseDate: datetime | None,
    packageName: str | None,
    packageComments: str | None,
) -> dict[str, object]:
    """UpdatePackage with parameters; overrides and the default mark are dropped."""
    package: dict[str, object] = {
        "PackageId": packageId,
        "StatusId": statusId,
        "PlanId": planId,
        "PurchaseDate": purchaseDate,
        "PackageName": packageName,
        "PackageComments": packageComments,
    }
    row = package_row(call, packageId)
    if row is not None and not call.on(LITERAL_RESETS):
        package |= {"OverrideQuotas": bool(row["override_quotas"]), "DefaultTopPackage": bool(row["default_top_package"])}
    return update_package(call, package=package)


@operation("esPackages", "UpdatePackageName")
def update_package_name(call: Call, *, packageId: int, packageName: str | None, packageComments: str | None) -> int:
    """Name and comments of a space; 0 for an unknown one too."""
    if call.on(RENAME_ACCOUNT):
        code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE)
        if code < 0:
            return code
    row = package_row(call, packageId)
    if row is None:
        return 0
    own = row["user_id"] == call.caller.user_id
    if call.on(RENAME_RIGHTS) and not (may_access_package(call, packageId) or own):
        call.refuse_rights(faults.PACKAGE)
    if call.ef and call.on(RENAME_INVERTED) and (own or _has_peers(call, row["user_id"])):
        raise call.denied_package()
    name = stored_name(call, packageName, in_task=False) if call.on(NAME_CUT) else packageName
    call.db.execute(
        "UPDATE packages SET package_name = ?, package_comments = ? WHERE package_id = ?", (name, packageComments, packageId)
    )
    return 0


def _has_peers(call: Call, user_id: int) -> bool:
    return call.db.execute("SELECT 1 FROM users WHERE owner_id = ? AND is_peer = 1 LIMIT 1", (user_id,)).fetchone() is not None


@operation("esPackages", "ChangePackageUser")
def change_package_user(call: Call, *, packageId: int, UserId: int) -> int:
    """Give a space to any user."""
    if call.on(OWNER_ACCOUNT):
        code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE, Demand.IS_RESELLER_CSR)
        if code < 0:
            return code
    if call.on(OWNER_RIGHTS) and not may_access_package(call, packageId):
        call.refuse_rights(faults.PACKAGE)
    known = call.db.execute("SELECT 1 FROM users WHERE user_id = ?", (UserId,)).fetchone() is not None
    if known:
        call.db.execute("UPDATE packages SET user_id = ? WHERE package_id = ?", (UserId, packageId))
    elif package_row(call, packageId) is not None and call.on(OWNER_UNKNOWN):
        call.go_on_after(
            faults.foreign_key(
                call.flavour, statement="UPDATE", constraint="FK_Packages_Users", table="Users", column="UserID", saved=False
            )
        )
    # A fault leaves the task open for ever, so no record tells of it; the record names the space by its number.
    call.raise_pending()
    with call.task("HOSTING_SPACE", "CHANGE_USER", str(packageId), UserId):
        return 0


def change_status(call: Call, package_id: int, status: int) -> None:
    """One space's status by a whole UpdatePackage whose result nobody looks at; nothing where it has that status.

    What ChangePackageStatus and ChangeUserStatus do to each space. Raises the faults of UpdatePackage.
    """
    row = package_row(call, package_id)
    if row is not None and row["status_id"] != status:
        update_space(call, package_info(call, row) | {"StatusId": status})


@operation("esPackages", "ChangePackageStatus")
def change_package_status(call: Call, *, packageId: int, status: str | None) -> int:
    """The status of a space and of all below; service items are switched in the background."""
    if call.on(STATUS_ACCOUNT):
        code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE, Demand.IS_RESELLER_CSR)
        if code < 0:
            return code
    if package_row(call, packageId) is None and call.on(STATUS_MISSING):
        return -1
    wanted = SPACE_STATUS.get(status or "", 0)
    below = [row["package_id"] for row in children_of(call, packageId)]
    spaces = [packageId, *below] if call.on(STATUS_BELOW) else [packageId]
    switched = [number for number in spaces if is_switched(call, number, wanted)]
    for number in spaces:
        change_status(call, number, wanted)
    if switched:
        row = package_row(call, packageId)
        name = None if row is None else row["package_name"]
        call.later(
            lambda later: switch_items(later, switched, wanted == SPACE_STATUS["Active"]),
            "SPACE",
            "CHANGE_ITEMS_STATUS",
            name,
            packageId,
            packageId,
        )
    return 0


def is_switched(call: Call, package_id: int, status: int) -> bool:
    """Whether that status switches the items of a space on or off."""
    row = package_row(call, package_id)
    return row is not None and (row["status_id"] == SPACE_STATUS["Active"]) != (status == SPACE_STATUS["Active"])


def switch_items(call: Call, spaces: list[int], enabled: bool) -> None:
    """Service items go on or off with their space."""
    for package_id in spaces:
        row = package_row(call, package_id)
        if row is None:
            continue
        items = call.db.execute("SELECT count(*) FROM service_items WHERE package_id = ?", (package_id,)).fetchone()[0]
        if items:
            with call.task("SPACE", "CHANGE_ITEMS_STATUS", row["package_name"], package_id, package_id, wraps=False):
                call.db.execute("UPDATE service_items SET enabled = ? WHERE package_id = ?", (int(enabled), package_id))


@operation("esPackages", "SetDefaultTopPackage")
def set_default_top_package(call: Call, *, userId: int, packageId: int) -> bool:
    """Mark one of a user's spaces as the default, by writing list rows back."""
    for row in rows_of_user(call, userId, complete=False):
        listed = list_info(call, row) if call.on(DEFAULT_WIPES) else package_info(call, row)
        if row["default_top_package"]:
            update_space(call, listed | {"DefaultTopPackage": False})
        if row["package_id"] == packageId:
            update_space(call, listed | {"DefaultTopPackage": True})
    return True

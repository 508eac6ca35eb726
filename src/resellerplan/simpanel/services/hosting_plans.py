"""esPackages: hosting plans and add-on plans (contract 2.3): lists, one plan, add, update, delete."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.collation import SORT_KEY
from resellerplan.simpanel.datasets import dataset
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.quotas import exceeding
from resellerplan.simpanel.rights import Demand, account_check, may_access_package, may_access_user
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.hosting_plan_contents import HALVES_OF_PLAN, store_contents
from resellerplan.simpanel.services.package_result import QuotaExceeded, done, exceeded, refused
from resellerplan.simpanel.user_records import standing_owner

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row
    from resellerplan.simpanel.wire import DataSet

__all__ = ["plan_info", "plan_row"]

ACCOUNT = rule("hosting_plans.account", "2.3, 5.1", "Adding and updating plans demand an active reseller, not a demo.")
LIST_RIGHTS = rule("hosting_plans.list_rights", "2.3, 5.3", "Listing the plans of a user out of reach is a rights fault.")
READ_UNCHECKED = rule("hosting_plans.read_unchecked", "2.3, 5.3", "GetHostingPlan serves any plan of anybody.")
ORDER = rule("hosting_plans.order_by_name", "2.3", "Plans are listed by name, without case, '' first.")
AVAILABLE_WITHOUT_USER = rule("hosting_plans.available_user_0", "2.3", "The plans offered to a customer carry UserId 0.")
ADD_RIGHTS = rule("add_hosting_plan.rights", "2.3, 5.3", "A plan for a user out of reach is a rights fault.")
ADD_SERVER = rule("add_hosting_plan.server_of_space", "2.3", "ServerId 0 is the server of the plan's space; an add-on has none.")
ADD_REFERENCES = rule(
    "add_hosting_plan.references", "2.3", "An unknown server, and by stored procedure an unknown space, is a fault."
)
ADD_NAME_NULL = rule("add_hosting_plan.name_null", "2.3", "A plan without a name is a fault and stores nothing.")
NAME_CUT = rule("hosting_plans.name_length", "3.4", "Stored procedures cut a plan's name at 200 characters.")
ADDON_SERVER = rule("update_hosting_plan.addon_server", "1x db §4.8", "With ServerId 0 an add-on gets its space's server.")
OF_PEER = rule("hosting_plans.of_peer", "1x db 6.5", "What a peer owns is its own; its reseller's list is another one.")
UPDATE_RIGHTS = rule("update_hosting_plan.rights", "2.3, 5.3", "Updating a plan of a user out of reach is a rights fault.")
UPDATE_TWO_PHASES = rule(
    "update_hosting_plan.fields_persist",
    "2.3, 6.3",
    "-305 and null groups leave name, prices and the like changed, groups and quotas not.",
)
UPDATE_ZERO = rule(
    "update_hosting_plan.zero_ids",
    "2.3, 7.4.5",
    "PackageId and ServerId 0 become null by stored procedure; EF stores them: a fault.",
)
UPDATE_SERVER = rule(
    "update_hosting_plan.server_of_space", "2.3", "ServerId 0 in an update is the server of the plan's space, for add-ons too."
)
DELETE_ACCOUNT = rule(
    "delete_hosting_plan.account", "2.3, 5.1", "Deleting plans demands a reseller who is no demo; a suspended one may."
)
DELETE_RIGHTS = rule(
    "delete_hosting_plan.rights", "2.3", "Rights are checked on the plan's space; a plan without one is anybody's."
)
DELETE_NO_SPACE = rule("delete_hosting_plan.null_space", "1x 3.3", "A plan without a space is deleted for any reseller.")
DELETE_USED = rule("delete_hosting_plan.used_by_space", "2.3", "A plan that a space uses answers -1501.")
DELETE_USED_ADDON = rule("delete_hosting_plan.used_as_addon", "2.3", "A plan that is used as an add-on answers -1502.")

_PLANS = (
    "PlanId:int! UserId:int PackageId:int PlanName:string PlanDescription:string Available:boolean! SetupPrice:decimal "
    "RecurringPrice:decimal RecurrenceLength:int RecurrenceUnit:int IsAddon:boolean PackagesNumber:int!"
)
_PLANS_OF_SPACES = f"{_PLANS} ServerId:int ServerName:string ServerComments:string VirtualServer:boolean!"
_PLAN_ROW = (
    "p.plan_id, p.user_id, p.package_id, p.plan_name, p.plan_description, p.available, p.setup_price, p.recurring_price, "
    "p.recurrence_length, p.recurrence_unit, p.is_addon"
)


def plan_row(call: Call, plan_id: int) -> Row | None:
    """A plan's row, or None."""
    found: Row | None = call.db.execute("SELECT * FROM hosting_plans WHERE plan_id = ?", (plan_id,)).fetchone()
    return found


def plan_info(call: Call, row: Row) -> dict[str, object]:
    """A plan as the panel's class; groups and quotas are never filled."""
    return {
        "PlanId": row["plan_id"],
        "PackageId": row["package_id"] or 0,
        "PlanName": row["plan_name"],
        "PlanDescription": row["plan_description"],
        "Available": bool(row["available"]),
        "ServerId": row["server_id"] or 0,
        "IsAddon": bool(row["is_addon"]),
        "SetupPrice": call.money(row["setup_price"]),
        "RecurringPrice": call.money(row["recurring_price"]),
        "RecurrenceUnit": row["recurrence_unit"] or 0,
        "RecurrenceLength": row["recurrence_length"] or 0,
        "Groups": None,
        "Quotas": None,
        "UserId": row["user_id"] or 0,
    }


def _by_name(call: Call) -> str:
    if not call.on(ORDER):
        return "p.plan_id"
    return "p.plan_name COLLATE NOCASE, p.plan_id" if call.ef else f"{SORT_KEY}(p.plan_name), p.plan_id"


def _check_list(call: Call, user_id: int) -> None:
    if call.on(LIST_RIGHTS) and not may_access_user(call, user_id):
        raise call.denied_account()


@operation("esPackages", "GetHostingPlans")
def get_hosting_plans(call: Call, *, userId: int) -> DataSet:
    """The plans that a user owns, add-ons left out."""
    _check_list(call, userId)
    extra = ", coalesce(k.package_id, 0), coalesce(k.package_name, 'None')"
    if call.ef:
        extra = ", coalesce(k.package_name, 'None')"
    rows = call.db.execute(
        f"""
        SELECT {_PLAN_ROW}, (SELECT count(*) FROM packages n WHERE n.plan_id = p.plan_id), coalesce(s.server_id, 0),
            coalesce(s.server_name, 'None'), coalesce(s.comments, ''), coalesce(s.virtual_server, 1){extra}
        FROM hosting_plans p
        LEFT JOIN servers s ON s.server_id = p.server_id
        LEFT JOIN packages k ON k.package_id = p.package_id
        WHERE p.user_id = ? AND p.is_addon = 0 ORDER BY {_by_name(call)}
        """,
        (userId if call.on(OF_PEER) else standing_owner(call, userId),),
    )
    columns = f"{_PLANS_OF_SPACES} PackageName:string" if call.ef else f"{_PLANS_OF_SPACES} PackageId1:int PackageName:string"
    return dataset(call, (columns, rows))


@operation("esPackages", "GetHostingAddons")
def get_hosting_addons(call: Call, *, userId: int) -> DataSet:
    """The add-on plans that a user owns; PackagesNumber counts package add-ons."""
    _check_list(call, userId)
    rows = call.db.execute(
        f"""
        SELECT {_PLAN_ROW}, (SELECT count(*) FROM package_addons a WHERE a.plan_id = p.plan_id)
        FROM hosting_plans p WHERE p.user_id = ? AND p.is_addon = 1 ORDER BY {_by_name(call)}
        """,
        (userId,),
    )
    return dataset(call, (_PLANS, rows))


@operation("esPackages", "GetHostingPlan")
def get_hosting_plan(call: Call, *, planId: int) -> dict[str, object] | None:
    """Any plan of anybody, or null."""
    row = plan_row(call, planId)
    if row is None or (not call.on(READ_UNCHECKED) and not may_access_user(call, row["user_id"])):
        return None
    return plan_info(call, row)


def _available(call: Call, user_id: int, *, addons: bool) -> list[dict[str, object]]:
    _check_list(call, user_id)
    rows = call.db.execute(
        f"""
        SELECT p.* FROM hosting_plans p JOIN users u ON u.owner_id = p.user_id
        WHERE u.user_id = ? AND p.is_addon = ? ORDER BY {_by_name(call)}
        """,
        (user_id, int(addons)),
    )
    hidden = {"UserId": 0} if call.on(AVAILABLE_WITHOUT_USER) else {}
    return [plan_info(call, row) | hidden for row in rows]


@operation("esPackages", "GetUserAvailableHostingPlans")
def get_user_available_hosting_plans(call: Call, *, userId: int) -> list[dict[str, object]]:
    """The plans of the user's owner: what this customer can be given, those not available among them."""
    return _available(call, userId, addons=False)


@operation("esPackages", "GetUserAvailableHostingAddons")
def get_user_available_hosting_addons(call: Call, *, userId: int) -> list[dict[str, object]]:
    """The add-on plans of the user's owner."""
    return _available(call, userId, addons=True)


# -- writing ----------------------------------------------------------------------------------------------------------------


def _int(plan: Mapping[str, object], name: str) -> int:
    value = plan.get(name) or 0
    return value if isinstance(value, int) else 0


def _price(call: Call, plan: Mapping[str, object], name: str) -> str:
    value = plan.get(name)
    return str(call.price(Decimal(value)) if isinstance(value, Decimal | int) else Decimal(0))


def _fields(call: Call, plan: Mapping[str, object]) -> tuple[object, ...]:
    """Name, description, availability, prices and recurrence, as they are stored."""
    name = plan.get("PlanName")
    name = call.cut(str(name), 200) if name is not None and call.on(NAME_CUT) else name
    return (
        name,
        plan.get("PlanDescription"),
        int(bool(plan.get("Available"))),
        _price(call, plan, "SetupPrice"),
        _price(call, plan, "RecurringPrice"),
        _int(plan, "RecurrenceUnit"),
        _int(plan, "RecurrenceLength"),
    )


def _server_of(call: Call, package_id: int) -> tuple[bool, int | None]:
    """Whether the space is there, and its server."""
    row = call.db.execute("SELECT server_id FROM packages WHERE package_id = ?", (package_id,)).fetchone()
    return (False, None) if row is None else (True, row[0])


def _exists(call: Call, table: str, key: str, number: int | None) -> bool:
    if number is None:
        return True
    return call.db.execute(f"SELECT 1 FROM {table} WHERE {key} = ?", (number,)).fetchone() is not None


def _bad_reference(call: Call, plan: Mapping[str, object], package_id: int | None, server_id: int | None) -> bool:
    """Whether a plan's row would point nowhere; the fault is raised (EF) or noted (stored procedure)."""
    if not call.on(ADD_REFERENCES):
        return False
    if not _exists(call, "users", "user_id", _int(plan, "UserId")):
        call.go_on_after(faults.foreign_key(call.flavour, constraint="FK_HostingPlans_Users", table="Users", column="UserID"))
        return True
    if not call.ef and not _exists(call, "packages", "package_id", package_id):
        call.go_on_after(
            faults.foreign_key(call.flavour, constraint="FK_HostingPlans_Packages", table="Packages", column="PackageID")
        )
        return True
    if not _exists(call, "servers", "server_id", server_id):
        call.go_on_after(faults.foreign_key(call.flavour, constraint="FK_HostingPlans_Servers", table="Servers", column="ServerID"))
        return True
    return False


@operation("esPackages", "AddHostingPlan")
def add_hosting_plan(call: Call, *, plan: Mapping[str, object] | None) -> int:
    """Store a plan with its groups and quotas; its id."""
    if call.on(ACCOUNT):
        code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE, Demand.IS_RESELLER)
        if code < 0:
            return code
    if plan is None:
        raise faults.null_reference()
    user_id = _int(plan, "UserId")
    if call.on(ADD_RIGHTS) and not may_access_user(call, user_id):
        call.refuse_rights(faults.ACCOUNT, 2)
    package_id: int | None = _int(plan, "PackageId")
    server_id: int | None = _int(plan, "ServerId")
    if server_id == 0 and call.on(ADD_SERVER):
        found, server = _server_of(call, package_id or 0)
        # A stored procedure's SELECT without a row leaves the 0, and no server has that id.
        server_id = server if found or call.ef else 0
    if plan.get("IsAddon") and call.on(ADD_SERVER):
        server_id = None
    package_id = package_id or None
    fields = _fields(call, plan)
    if fields[0] is None:
        if call.on(ADD_NAME_NULL):
            call.go_on_after(faults.not_null(call.flavour, table="HostingPlans", column="PlanName"))
            return 0
        fields = ("", *fields[1:])
    if _bad_reference(call, plan, package_id, server_id):
        _use_up_next(call)
        return 0
    call.db.execute(
        """
        INSERT INTO hosting_plans (plan_name, plan_description, available, setup_price, recurring_price, recurrence_unit,
            recurrence_length, user_id, package_id, server_id, is_addon) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (*fields, user_id, package_id, server_id, int(bool(plan.get("IsAddon")))),
    )
    plan_id = call.inserted("hosting_plans")
    store_contents(call, HALVES_OF_PLAN, plan_id, plan.get("Groups"), plan.get("Quotas"))  # type: ignore[arg-type]  # arrays of the face
    return plan_id


def _use_up_next(call: Call) -> None:
    """An insert that fails uses up an identity of SQL Server all the same."""
    row = call.db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'hosting_plans'").fetchone()
    call.use_up("hosting_plans", (row[0] if row else 0) + 1)


@operation("esPackages", "UpdateHostingPlan")
def update_hosting_plan(call: Call, *, plan: Mapping[str, object] | None) -> dict[str, object]:
    """Overwrite a plan: first its fields, which stay, then groups and quotas, which a -305 or a fault undoes."""
    if call.on(ACCOUNT):
        code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE, Demand.IS_RESELLER)
        if code < 0:
            return refused(code)
    if plan is None:
        raise faults.null_reference()
    plan_id = _int(plan, "PlanId")
    row = plan_row(call, plan_id)
    if call.on(UPDATE_RIGHTS) and row is not None and not may_access_user(call, row["user_id"]):
        call.refuse_rights(faults.ACCOUNT, 2)
    package_id: int | None = _int(plan, "PackageId")
    server_id: int | None = _int(plan, "ServerId")
    if server_id == 0 and call.on(UPDATE_SERVER) and (call.on(ADDON_SERVER) or not plan.get("IsAddon")):
        server_id = _server_of(call, package_id or 0)[1] or 0
    if not call.ef and call.on(UPDATE_ZERO):
        package_id, server_id = package_id or None, server_id or None
    if row is not None:
        _update_fields(call, plan, plan_id, package_id, server_id)
        if call.ef and call.on(UPDATE_TWO_PHASES):
            call.keep()
    elif plan.get("Groups") or plan.get("Quotas"):
        # The rows of a plan that is not there point nowhere.
        call.go_on_after(
            faults.foreign_key(call.flavour, constraint="FK_HostingPlanQuotas_HostingPlans", table="HostingPlans", column="PlanID")
        )
        return done(call, 0)
    try:
        with call.atomic():
            store_contents(call, HALVES_OF_PLAN, plan_id, plan.get("Groups"), plan.get("Quotas"))  # type: ignore[arg-type]  # arrays of the face
            rows = exceeding(call, package_id)
            if rows:
                raise QuotaExceeded(rows)
    except QuotaExceeded as found:
        return exceeded(call, found.rows)
    return done(call, 0)


def _update_fields(call: Call, plan: Mapping[str, object], plan_id: int, package_id: int | None, server_id: int | None) -> None:
    """The plan's own row. Raises EF's faults; a stored procedure's failing UPDATE changes nothing and goes on."""
    fields = _fields(call, plan)
    if fields[0] is None:
        call.go_on_after(faults.not_null(call.flavour, table="HostingPlans", column="PlanName", statement="UPDATE"))
        return
    if not _exists(call, "servers", "server_id", server_id):
        call.go_on_after(
            faults.foreign_key(
                call.flavour, statement="UPDATE", constraint="FK_HostingPlans_Servers", table="Servers", column="ServerID"
            )
        )
        return
    if not call.ef and not _exists(call, "packages", "package_id", package_id):
        call.go_on_after(
            faults.foreign_key(
                call.flavour, statement="UPDATE", constraint="FK_HostingPlans_Packages", table="Packages", column="PackageID"
            )
        )
        return
    call.db.execute(
        """
        UPDATE hosting_plans SET plan_name = ?, plan_description = ?, available = ?, setup_price = ?, recurring_price = ?,
            recurrence_unit = ?, recurrence_length = ?, package_id = ?, server_id = ? WHERE plan_id = ?
        """,
        (*fields, package_id, server_id, plan_id),
    )


@operation("esPackages", "DeleteHostingPlan")
def delete_hosting_plan(call: Call, *, planId: int) -> int:
    """Remove a plan that nothing uses; 0 for an unknown one too."""
    if call.on(DELETE_ACCOUNT):
        code = account_check(call, Demand.NOT_DEMO, Demand.IS_RESELLER)
        if code < 0:
            return code
    row = plan_row(call, planId)
    if row is None:
        return 0
    of_nobody = row["package_id"] is None and not call.on(DELETE_NO_SPACE) and not may_access_package(call, 1)
    if of_nobody or (call.on(DELETE_RIGHTS) and not may_access_package(call, row["package_id"])):
        call.refuse_rights(faults.PACKAGE)
    if call.on(DELETE_USED) and _used(call, "packages", planId):
        return -1501
    if call.on(DELETE_USED_ADDON) and _used(call, "package_addons", planId):
        return -1502
    call.db.execute("DELETE FROM hosting_plans WHERE plan_id = ?", (planId,))
    return 0


def _used(call: Call, table: str, plan_id: int) -> bool:
    return call.db.execute(f"SELECT 1 FROM {table} WHERE plan_id = ? LIMIT 1", (plan_id,)).fetchone() is not None

"""esPackages: the service items of spaces as tables (contract appendix B)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resellerplan.simpanel.datasets import dataset
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.rights import ADMINISTRATOR, Demand, account_check, may_access_package
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.tree import BELOW_SPACE

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.wire import DataSet

RIGHTS = rule("package_items.rights", "5.3", "The items of a space out of reach are a rights fault.")
MOVE_ADMIN = rule("move_package_item.admin_only", "5.1", "Only administrators put an item on another service (-107).")
DETACH_ADMIN = rule("detach_package_item.admin_only", "5.1", "Only administrators take an item out of the panel (-107).")

_COLUMNS = (
    "ItemId:int! ItemName:string ItemTypeId:int! TypeName:string ServiceId:int PackageId:int PackageName:string ServerName:string "
    "UserId:int! Username:string FullName:string RoleId:int! Email:string"
)
_TYPES = ("home_folder", "site", "ftp_account", "mail_domain", "mail_account", "dns_zone", "organization", "database")


def _table(call: Call, where: str, parameters: tuple[object, ...]) -> DataSet:
    rows = call.db.execute(
        f"""
        SELECT i.item_id, i.item_name, i.item_type, i.service_id, p.package_id, p.package_name, s.server_name, u.user_id,
            u.username, u.first_name || ' ' || u.last_name, u.role_id, u.email
        FROM service_items i JOIN packages p ON p.package_id = i.package_id JOIN users u ON u.user_id = p.user_id
        LEFT JOIN services v ON v.service_id = i.service_id LEFT JOIN servers s ON s.server_id = v.server_id
        WHERE {where} ORDER BY i.item_id
        """,
        parameters,
    ).fetchall()
    numbered = [(row[0], row[1], _TYPES.index(row[2]) + 1 if row[2] in _TYPES else 0, row[2], *tuple(row)[3:]) for row in rows]
    return dataset(call, (_COLUMNS, numbered))


def _check(call: Call, package_id: int) -> None:
    if call.on(RIGHTS) and not may_access_package(call, package_id):
        raise call.denied_package()


@operation("esPackages", "GetRawPackageItems")
def get_raw_package_items(call: Call, *, packageId: int) -> DataSet:
    """All items of a space."""
    _check(call, packageId)
    return _table(call, "i.package_id = ?", (packageId,))


@operation("esPackages", "GetRawPackageItemsByType")
def get_raw_package_items_by_type(call: Call, *, packageId: int, itemTypeName: str | None, recursive: bool) -> DataSet:
    """The items of a type, on demand those of the spaces below too."""
    _check(call, packageId)
    wanted = itemTypeName or ""
    if not recursive:
        return _table(call, "i.package_id = ? AND i.item_type = ?", (packageId, wanted))
    where = f"(i.package_id = ? OR i.package_id IN ({BELOW_SPACE} SELECT package_id FROM below)) AND i.item_type = ?"
    return _table(call, where, (packageId, packageId, wanted))


@operation("esPackages", "DetachPackageItem")
def detach_package_item(call: Call, *, itemId: int) -> int:
    """Take an item out of the panel; what is on the server stays."""
    demands = (Demand.NOT_DEMO, Demand.IS_ACTIVE, *((Demand.IS_ADMIN,) if call.on(DETACH_ADMIN) else ()))
    code = account_check(call, *demands)
    if code < 0 or (call.caller.role_id != ADMINISTRATOR and call.on(DETACH_ADMIN)):
        return code
    for column in ("zone_item_id", "web_site_id", "mail_domain_id"):
        call.db.execute(f"UPDATE domains SET {column} = NULL WHERE {column} = ?", (itemId,))
    call.db.execute("DELETE FROM service_items WHERE item_id = ?", (itemId,))
    return 0


@operation("esPackages", "MovePackageItem")
def move_package_item(call: Call, *, itemId: int, destinationServiceId: int) -> int:
    """Put an item on another service; what is on the servers stays where it is. Administrators only."""
    demands = (Demand.NOT_DEMO, Demand.IS_ACTIVE, *((Demand.IS_ADMIN,) if call.on(MOVE_ADMIN) else ()))
    code = account_check(call, *demands)
    if code < 0:
        return code
    call.db.execute("UPDATE service_items SET service_id = ? WHERE item_id = ?", (destinationServiceId, itemId))
    return 0

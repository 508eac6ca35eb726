"""esPackages: reading spaces (contract 2.4): one, a user's, those below a space."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from resellerplan.simpanel.datasets import dataset
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.item_comments import comments_of
from resellerplan.simpanel.rights import may_access_package, may_access_user
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.tree import BELOW_SPACE
from resellerplan.simpanel.user_records import standing_owner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row
    from resellerplan.simpanel.wire import DataSet

__all__ = [
    "children_of",
    "full_name",
    "list_info",
    "listed_below",
    "moment",
    "package_info",
    "package_row",
    "rows_of_user",
    "stored_name",
    "whole_seconds",
]

MY_OF_PEER = rule("my_packages.of_peer", "1x db §4.18", "The spaces of a peer are those that it owns itself.")
MY_RIGHTS = rule("my_packages.rights", "2.4, 5.3", "The spaces of a user out of reach are a rights fault in GetMyPackages.")
UNCHECKED = rule("packages.unchecked", "2.4, 5.3", "GetPackage, GetPackages and GetRawPackages check no rights.")
INNER_JOINS = rule(
    "packages.server_and_plan_needed",
    "2.4",
    "GetPackagePackages, and by stored procedure GetPackages, leave out spaces without server or plan; GetMyPackages has them.",
)
BELOW_RIGHTS = rule("package_packages.rights", "2.4, 5.3", "The spaces below a space out of reach are a rights fault.")
LIST_WITHOUT_COMMENTS = rule(
    "packages.lists_without_comments",
    "2.4, 6.2",
    "Typed lists never fill PackageComments and OverrideQuotas: only GetPackage does.",
)
WHOLE_SECONDS = rule("package.purchase_date_whole_seconds", "1.4", "2.x cuts the purchase date of single reads to whole seconds.")

_RAW = (
    "PackageId:int! ParentPackageId:int PackageName:string StatusId:int! PurchaseDate:dateTime StatusIdChangeDate:dateTime! "
    "ServerId:int ServerName:string ServerComments:string VirtualServer:boolean! PlanId:int PlanName:string UserId:int! "
    "Username:string FirstName:string LastName:string RoleId:int! Email:string DefaultTopPackage:boolean!"
)
_RAW_MY = (
    "PackageId:int! ParentPackageId:int PackageName:string StatusId:int! PlanId:int PurchaseDate:dateTime "
    "StatusIdChangeDate:dateTime! Comments:string ServerId:int! ServerName:string ServerComments:string VirtualServer:boolean! "
    "PlanName:string UserId:int! Username:string FirstName:string LastName:string FullName:string RoleId:int! Email:string "
    "DefaultTopPackage:boolean!"
)
_JOINED = """
    FROM packages p JOIN users u ON u.user_id = p.user_id
    {join} servers s ON s.server_id = p.server_id
    {join} hosting_plans h ON h.plan_id = p.plan_id
"""


_TASK_ITEM, _NAME = 255, 300


def stored_name(call: Call, name: str | None, *, in_task: bool) -> str | None:
    """A space's name as the column keeps it, 300 characters; raises where the database refuses what is too long.

    ``in_task``: the name also stands in a task's record, whose column is shorter, so that such a database refuses earlier (real
    panel report 12: 255 is the limit).
    """
    if in_task and call.flavour.database.over_long == "fault":
        call.cut(name, _TASK_ITEM)
    return call.cut(name, _NAME)


def package_row(call: Call, package_id: int) -> Row | None:
    """A space's row, or None."""
    found: Row | None = call.db.execute("SELECT * FROM packages WHERE package_id = ?", (package_id,)).fetchone()
    return found


def _common(row: Row) -> dict[str, object]:
    return {
        "PackageId": row["package_id"],
        "UserId": row["user_id"],
        "ParentPackageId": row["parent_package_id"] or 0,
        "StatusId": row["status_id"],
        "PlanId": row["plan_id"] or 0,
        "PackageName": row["package_name"],
        "ServerId": row["server_id"] or 0,
        "DiskSpace": 0,
        "BandWidth": 0,
        "DiskSpaceQuota": 0,
        "BandWidthQuota": 0,
        "Domains": 0,
        "DomainsQuota": 0,
        "DefaultTopPackage": bool(row["default_top_package"]),
        "Groups": None,
        "Quotas": None,
    }


def moment(call: Call, text: str | None) -> datetime:
    """A stored time as a member that can't be null shows it: year 1 for null."""
    return call.time(text) or datetime.min


def whole_seconds(call: Call, when: datetime) -> datetime:
    """A purchase date as 2.x-EF's single reads show it."""
    return when.replace(microsecond=0) if call.ef and call.on(WHOLE_SECONDS) else when


def package_info(call: Call, row: Row) -> dict[str, object]:
    """A space as GetPackage gives it, the only read with PackageComments and OverrideQuotas."""
    return _common(row) | {
        "PurchaseDate": whole_seconds(call, moment(call, row["purchase_date"])),
        "PackageComments": row["package_comments"],
        "OverrideQuotas": bool(row["override_quotas"]),
        "StatusIDchangeDate": moment(call, row["status_id_change_date"]),
    }


def list_info(call: Call, row: Row, *, with_change_date: bool = True) -> dict[str, object]:
    """A space as the typed lists give it."""
    filled = not call.on(LIST_WITHOUT_COMMENTS)
    return _common(row) | {
        "PurchaseDate": moment(call, row["purchase_date"]),
        "PackageComments": row["package_comments"] if filled else None,
        "OverrideQuotas": bool(row["override_quotas"]) if filled else False,
        "StatusIDchangeDate": moment(call, row["status_id_change_date"] if with_change_date else None),
    }


@operation("esPackages", "GetPackage")
def get_package(call: Call, *, packageId: int) -> dict[str, object] | None:
    """Any space of anybody, or null."""
    row = package_row(call, packageId)
    if row is None or (not call.on(UNCHECKED) and not may_access_package(call, packageId)):
        return None
    return package_info(call, row)


def rows_of_user(call: Call, user_id: int, *, complete: bool) -> list[Row]:
    """A user's own spaces by id; not ``complete``: by stored procedure only those with a server and a plan."""
    join = "LEFT JOIN" if complete or call.ef or not call.on(INNER_JOINS) else "JOIN"
    return call.db.execute(
        f"""
        SELECT p.*, s.server_name, s.comments AS server_comments, s.virtual_server, h.plan_name,
            u.username, u.first_name, u.last_name, u.role_id, u.email
        {_JOINED.format(join=join)} WHERE p.user_id = ? ORDER BY p.package_id
        """,
        (user_id,),
    ).fetchall()


def _check_unchecked(call: Call, user_id: int) -> None:
    if not call.on(UNCHECKED) and not may_access_user(call, user_id):
        raise call.denied_account()


def _check_my(call: Call, user_id: int) -> None:
    if call.on(MY_RIGHTS) and not may_access_user(call, user_id):
        raise call.denied_account()


def _server_columns(row: Row) -> tuple[object, ...]:
    """Id, name, comments and kind of a space's server; what stands there without one."""
    if row["server_id"] is None:
        return (0, "None", "", 1)
    return (row["server_id"], row["server_name"], row["server_comments"], row["virtual_server"])


@operation("esPackages", "GetPackages")
def get_packages(call: Call, *, userId: int) -> list[dict[str, object]]:
    """A user's own spaces with server and plan; no rights are checked."""
    _check_unchecked(call, userId)
    return [list_info(call, row) for row in rows_of_user(call, userId, complete=False)]


@operation("esPackages", "GetRawPackages")
def get_raw_packages(call: Call, *, userId: int) -> DataSet:
    """The same as a table."""
    _check_unchecked(call, userId)
    rows = [
        (
            *(row[name] for name in ("package_id", "parent_package_id", "package_name", "status_id", "purchase_date")),
            row["status_id_change_date"],
            *_server_columns(row),
            *(row[name] for name in ("plan_id", "plan_name", "user_id", "username", "first_name", "last_name", "role_id", "email")),
            row["default_top_package"],
        )
        for row in rows_of_user(call, userId, complete=False)
    ]
    return dataset(call, (_RAW, rows))


@operation("esPackages", "GetMyPackages")
def get_my_packages(call: Call, *, userId: int) -> list[dict[str, object]]:
    """All own spaces of a user within reach, the root too."""
    _check_my(call, userId)
    user_id = userId if call.on(MY_OF_PEER) else standing_owner(call, userId)
    return [list_info(call, row) for row in rows_of_user(call, user_id, complete=True)]


def full_name(call: Call, first: str | None, last: str | None) -> str | None:
    """First and last name with a blank; null in stored-procedure replies if either is null, '' for a null by EF (2.2)."""
    if call.ef:
        return f"{first or ''} {last or ''}"
    return None if first is None or last is None else f"{first} {last}"


@operation("esPackages", "GetRawMyPackages")
def get_raw_my_packages(call: Call, *, userId: int) -> DataSet:
    """All own spaces of a user within reach as a table; Comments are the comment records."""
    _check_my(call, userId)
    found = rows_of_user(call, userId, complete=True)
    comments = comments_of(call, "PACKAGE", [row["package_id"] for row in found])
    rows = [
        (
            *(row[name] for name in ("package_id", "parent_package_id", "package_name", "status_id", "plan_id", "purchase_date")),
            row["status_id_change_date"],
            comments.get(row["package_id"], ""),
            *_server_columns(row),
            *(row[name] for name in ("plan_name", "user_id", "username", "first_name", "last_name")),
            full_name(call, row["first_name"], row["last_name"]),
            *(row[name] for name in ("role_id", "email", "default_top_package")),
        )
        for row in found
    ]
    return dataset(call, (_RAW_MY, rows))


def children_of(call: Call, package_id: int) -> list[Row]:
    """All spaces below one by id, those without server or plan left out; raises the rights fault of a space out of reach."""
    if call.on(BELOW_RIGHTS) and not may_access_package(call, package_id):
        raise call.denied_package()
    return listed_below(call, package_id)


def listed_below(call: Call, package_id: int) -> list[Row]:
    """The same without a look at rights."""
    join = "JOIN" if call.on(INNER_JOINS) else "LEFT JOIN"
    return call.db.execute(
        f"{BELOW_SPACE} SELECT p.* {_JOINED.format(join=join)}"
        " WHERE p.package_id IN (SELECT package_id FROM below) ORDER BY p.package_id",
        (package_id,),
    ).fetchall()


@operation("esPackages", "GetPackagePackages")
def get_package_packages(call: Call, *, packageId: int) -> list[dict[str, object]]:
    """All spaces below a space; neither the date of the last status change nor the default mark is among what is read."""
    return _typed(call, children_of(call, packageId))


def _typed(call: Call, rows: Iterable[Row]) -> list[dict[str, object]]:
    return [list_info(call, row, with_change_date=False) | {"DefaultTopPackage": False} for row in rows]

"""esPackages: the paged lists of spaces (contract 2.4): those of all users below one, and those directly below a space."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.datasets import dataset, paged
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.flavours import Defect
from resellerplan.simpanel.item_comments import comments_of
from resellerplan.simpanel.listing import Page, Source, Window, page
from resellerplan.simpanel.rights import may_access_package, may_access_user
from resellerplan.simpanel.rules import rule

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.wire import DataSet

__all__ = ["AT_OR_BELOW", "walk_owner"]

PAGED_RIGHTS = rule("packages_paged.rights", "2.4, 5.3", "GetPackagesPaged of a user out of reach counts 0 and lists nothing.")
NOT_OWN = rule("packages_paged.own_left_out", "2.4", "GetPackagesPaged lists the spaces of those below, never the user's own.")
PEER_OWNER = rule(
    "packages_paged.peer_is_owner", "2.4, 5.4", "With a peer's id the reseller's own spaces are listed too: a peer is its owner."
)
NESTED_RIGHTS = rule("nested_packages.rights", "2.4, 5.3", "The nested lists of a space out of reach are a rights fault.")
NULL_SERVER = rule(
    "packages_paged.null_server",
    "2.4, 7.4.13",
    "EF: one space without a server makes every page that it is on fault, for everybody above it.",
)
RECURSIVE = rule(
    "packages_paged.recursive_fault", "7.6.3", "Stock FuseCP on SQLite faults on recursive lists once there is a customer."
)
NESTED_DEFAULT_SORT = rule("nested_packages.default_sort", "7.3", "2.x sorts nested spaces by name where nothing is asked.")
NESTED_STATUS = rule("nested_packages.filters", "2.4", "Status, plan and server narrow the nested list; 0 is any.")

_PAGED = (
    "PackageId:int! PackageName:string StatusId:int! PurchaseDate:dateTime {change}Comments:string ServerId:int ServerName:string "
    "ServerComments:string VirtualServer:boolean! PlanId:int PlanName:string UserId:int! Username:string FirstName:string "
    "LastName:string FullName:string RoleId:int! Email:string"
)
_COLUMNS = _PAGED.format(change="")
_NESTED_COLUMNS = _PAGED.format(change="StatusIdChangeDate:dateTime! ")

AT_OR_BELOW = """
    WITH RECURSIVE reach (user_id) AS (
        SELECT ? UNION ALL SELECT w.user_id FROM users w JOIN reach r ON w.owner_id = r.user_id
    ) SELECT user_id FROM reach
"""
"""A user and all below, peers too; one parameter. For ``IN (...)``."""

_ORIGIN = """
    packages p
    JOIN users u ON u.user_id = p.user_id
    JOIN servers s ON s.server_id = p.server_id
    JOIN hosting_plans h ON h.plan_id = p.plan_id
"""
_FULL_NAME = "u.first_name || ' ' || u.last_name"
_FULL_NAME_EF = "coalesce(u.first_name, '') || ' ' || coalesce(u.last_name, '')"

# Columns of the joined tables of the procedure by alias (P spaces, U users, S servers, HP plans).
_TABLES = {
    "p": (
        "package_id parent_package_id user_id package_name package_comments server_id status_id plan_id purchase_date "
        "override_quotas default_top_package status_id_change_date"
    ),
    "u": (
        "user_id role_id status_id subscriber_number login_status_id failed_logins owner_id created changed is_demo comments "
        "is_peer username first_name last_name email company_name ecommerce_enabled"
    ),
    "s": "server_id server_name server_url comments virtual_server instant_domain_alias primary_group_id",
    "h": (
        "plan_id user_id package_id plan_name plan_description available server_id setup_price recurring_price recurrence_unit "
        "recurrence_length is_addon"
    ),
}
_ALIASES_OF_THE_PANEL = {"p": "p", "u": "u", "s": "s", "h": "hp"}
_SORTABLE = frozenset({"packageid"})
_TEXT = frozenset(
    {"p.package_name", "u.username", "u.first_name", "u.last_name", "u.email", "h.plan_name", "s.server_name", "s.comments"}
    | {"p.package_comments", "u.company_name", "u.comments", _FULL_NAME, _FULL_NAME_EF}
)


def _folded(column: str) -> str:
    return column.replace("_", "")


def _source(call: Call, *, nested: bool) -> Source:
    full_name = _FULL_NAME_EF if call.ef else _FULL_NAME
    names: dict[str, str] = {}
    aliases: dict[str, str] = {}
    ambiguous: set[str] = set()
    for alias, columns in _TABLES.items():
        for column in columns.split():
            expression = f"{alias}.{column}"
            aliases[f"{_ALIASES_OF_THE_PANEL[alias]}.{_folded(column)}"] = expression
            if _folded(column) in names:
                ambiguous.add(_folded(column))
            else:
                names[_folded(column)] = expression
    names["fullname"] = aliases["u.fullname"] = full_name
    if call.ef:
        members = "PackageId PackageName StatusId PurchaseDate ServerId ServerName VirtualServer PlanId PlanName UserId Username"
        shown = {member.lower() for member in f"{members} FirstName LastName FullName RoleId Email StatusIdChangeDate".split()}
        names = {name: expression for name, expression in names.items() if name in shown}
        names["servercomments"] = "s.comments"
    return Source(
        select=[
            *("p.package_id", "p.package_name", "p.status_id", "p.purchase_date"),
            *(("p.status_id_change_date",) if nested else ()),
            *("''", "s.server_id", "s.server_name", "s.comments", "s.virtual_server", "h.plan_id", "h.plan_name"),
            *("u.user_id", "u.username", "u.first_name", "u.last_name", full_name, "u.role_id", "u.email"),
        ],
        origin=_ORIGIN.replace("JOIN servers", "LEFT JOIN servers") if _reads_every_space(call) else _ORIGIN,
        names=MappingProxyType(names),
        aliases=MappingProxyType(aliases),
        ambiguous=frozenset(ambiguous),
        sortable=_SORTABLE,
        window=Window.ONE_BASED,
        tie="p.package_id",
        ef_tie="p.package_id" if nested else "p.user_id, p.package_id",
        text=_TEXT,
        any_columns=("u.username", full_name, "u.email") if nested or call.ef else (),
        default_sort="PackageName" if nested and call.flavour.face == "corewcf" and call.on(NESTED_DEFAULT_SORT) else "",
        ef_type="<>f__AnonymousType",
    )


def _with_comments(call: Call, found: Page, place: int) -> list[tuple[object, ...]]:
    """The rows with the comment records of each space at ``place``."""
    numbers = [row[0] for row in found.rows if isinstance(row[0], int)]
    comments = comments_of(call, "PACKAGE", numbers)
    if not comments:
        return found.rows
    return [
        (*row[:place], comments[row[0]], *row[place + 1 :]) if isinstance(row[0], int) and row[0] in comments else row
        for row in found.rows
    ]


def _reads_every_space(call: Call) -> bool:
    """EF leaves no space out, and faults once it reads the row of one that has no server."""
    return call.has(Defect.NULL_SERVER_BREAKS_PAGED) and call.on(NULL_SERVER)


def walk_owner(call: Call, user_id: int) -> int:
    """The user whose tree CheckUserParent walks for ``user_id``: a peer is replaced by its owner (contract 5.2)."""
    row = call.db.execute("SELECT owner_id FROM users WHERE user_id = ? AND is_peer = 1", (user_id,)).fetchone()
    return user_id if row is None or row[0] is None or not call.on(PEER_OWNER) else int(row[0])


def _spaces_page(
    call: Call,
    nested: bool,
    within: tuple[str, list[int]],
    column: str | None,
    value: str | None,
    sort: str | None,
    start: int,
    maximum: int,
) -> DataSet:
    """A page of spaces, ``within`` a condition and its parameters."""
    source = _source(call, nested=nested)
    where, parameters = within
    found = page(
        call,
        source,
        where=where,
        parameters=parameters,
        filter_column=column,
        filter_value=value,
        sort_column=sort,
        start=start,
        maximum=maximum,
    )
    columns, comments_at = (_NESTED_COLUMNS, 5) if nested else (_COLUMNS, 4)
    if _reads_every_space(call) and any(row[comments_at + 1] is None for row in found.rows):
        raise faults.invalid_operation("Nullable object must have a value.")
    return paged(call, columns, found.count, _with_comments(call, found, comments_at))


@operation("esPackages", "GetPackagesPaged")
def get_packages_paged(
    call: Call,
    *,
    userId: int,
    filterColumn: str | None,
    filterValue: str | None,
    sortColumn: str | None,
    startRow: int,
    maximumRows: int,
) -> DataSet:
    """All spaces of all users below one; count 0 for a user out of reach."""
    if call.on(PAGED_RIGHTS) and not may_access_user(call, userId):
        return paged(call, _COLUMNS, 0, [])
    if call.has(Defect.RECURSIVE_FAULT) and call.on(RECURSIVE):
        child = call.db.execute("SELECT 1 FROM users WHERE owner_id = ? LIMIT 1", (userId,)).fetchone()
        if child is not None:
            raise faults.sql_error(call.flavour, "SQLite Error 1: 'near \")\": syntax error'.")
    where, parameters = f"p.user_id IN ({AT_OR_BELOW})", [walk_owner(call, userId)]
    if call.on(NOT_OWN):
        where, parameters = f"p.user_id <> ? AND {where}", [userId, *parameters]
    return _spaces_page(call, False, (where, parameters), filterColumn, filterValue, sortColumn, startRow, maximumRows)


def _check_nested(call: Call, package_id: int) -> None:
    if call.on(NESTED_RIGHTS) and not may_access_package(call, package_id):
        raise call.denied_package()


@operation("esPackages", "GetNestedPackagesPaged")
def get_nested_packages_paged(
    call: Call,
    *,
    packageId: int,
    filterColumn: str | None,
    filterValue: str | None,
    statusId: int,
    planId: int,
    serverId: int,
    sortColumn: str | None,
    startRow: int,
    maximumRows: int,
) -> DataSet:
    """The spaces directly below one."""
    _check_nested(call, packageId)
    where, parameters = "p.parent_package_id = ?", [packageId]
    if call.on(NESTED_STATUS):
        for column, wanted in (("status_id", statusId), ("plan_id", planId), ("server_id", serverId)):
            if wanted:
                where, parameters = f"{where} AND p.{column} = ?", [*parameters, wanted]
    return _spaces_page(call, True, (where, parameters), filterColumn, filterValue, sortColumn, startRow, maximumRows)


@operation("esPackages", "GetNestedPackagesSummary")
def get_nested_packages_summary(call: Call, *, packageId: int) -> DataSet:
    """How many spaces are directly below one, in all and by status."""
    _check_nested(call, packageId)
    by_status = call.db.execute(
        "SELECT status_id, count(*) FROM packages WHERE parent_package_id = ? GROUP BY status_id ORDER BY status_id", (packageId,)
    ).fetchall()
    number = sum(row[1] for row in by_status)
    # Spaces of status 0 count in all and have no row of their own (recording 238).
    listed = [row for row in by_status if row[0] > 0]
    return dataset(call, ("PackagesNumber:int!", [(number,)]), ("StatusId:int! PackagesNumber:int!", listed))

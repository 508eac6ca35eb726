"""esUsers: reading users (contract 2.2): one, lists, pages, peers, parents, summaries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.datasets import dataset, paged
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.flavours import Defect
from resellerplan.simpanel.item_comments import comments_of
from resellerplan.simpanel.listing import Page, Source, Window, page
from resellerplan.simpanel.rights import may_access_user, may_see_user, owner_chain
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.user_records import (
    USER_COLUMNS,
    by_id,
    by_name,
    children_of,
    full_name_sql,
    infos,
    list_user_info,
    peers_of,
    user_info,
    user_select,
)

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row
    from resellerplan.simpanel.wire import DataSet

__all__ = ["listed_peers", "listed_users"]

EXISTS_UNCHECKED = rule("user_exists.unchecked", "2.2", "UserExists knows every user of the panel, whoever asks.")
SEE_USER = rule("get_user.rights", "2.2, 5.2", "A user who is neither self, below, nor one's own owner reads as null.")
NAME_CUT = rule("get_user.name_cut", "2.2, 3.4", "Stored procedures cut the name that is looked up at 50; UserExists does not.")
LIST_RIGHTS = rule("get_users.rights", "2.2, 5.2", "The users of somebody out of reach are an empty list, no fault.")
LIST_WITHOUT_PEERS = rule("get_users.without_peers", "2.2", "Lists of users leave out peers.")
LIST_WITHOUT_CONTACTS = rule("get_users.without_contacts", "2.2", "Typed lists of users carry no contact data.")
DIRECT_EMPTY = rule("get_users.direct_is_empty", "7.4.2", "By EF a list that is not recursive is always empty.")
LEVEL_BY_LEVEL = rule(
    "get_users.level_by_level",
    "2.2",
    "By EF a recursive list goes level by level, each by id; by stored procedure all of it is by id.",
)
PEER_TREE = rule(
    "get_users.peer_stands_for_owner",
    "5.2",
    "A recursive list for a peer's id is its owner's tree, the owner included.",
)
PAGED_RIGHTS = rule("get_users_paged.rights", "2.2", "Without rights a page of users has count 0 and no rows.")
PAGED_NEGATIVE = rule("get_users_paged.negative_is_none", "2.2", "A negative statusId or roleId fits nobody; 0 is any.")
PAGED_COMMENTS = rule(
    "get_users_paged.comment_records",
    "2.2",
    "In pages the Comments column holds the comment records on the user, not the user's own field.",
)
SUMMARY_RIGHTS = rule("users_summary.rights", "2.2", "A summary of somebody out of reach is a rights fault.")
SUMMARY_WITHOUT_PEERS = rule("users_summary.without_peers", "2.2", "A summary counts direct children without peers.")
PEERS_RIGHTS = rule("user_peers.rights", "2.2, 5.2", "The peers of somebody whom the caller can't see are an empty list.")
PARENTS_RIGHTS = rule("user_parents.rights", "2.2", "The parents of somebody who is not below the caller are a fault.")
PARENTS_FROM_CALLER = rule(
    "user_parents.from_caller",
    "2.2, 7.3",
    "1.x: the chain of parents begins at the caller; 2.x: at the administrator.",
)
FULL_NAME_TWICE = rule("user_peers.full_name_twice", "1x 2", "A column that is selected twice has a 1 behind its second name.")
FULL_NAME_NULL = rule("users.full_name_null", "2.2", "By stored procedure FullName is null if a part of it is.")
DOMAINS_ROWS = rule("user_domains_paged.every_user", "2.2", "A user without space or domain has a row too, without a domain.")
DOMAINS_RIGHTS = rule("user_domains_paged.rights", "2.2", "Without rights a page of users' domains has count 0.")
DOMAINS_WHOLE = rule("user_domains_paged.ignores_maximum", "real panel report 11", "EF ignores maximumRows of GetUserDomainsPaged.")

DOMAINS_BY_ID = rule(
    "user_domains_paged.peer_stands_for_nobody", "2.2", "GetUserDomainsPaged walks the tree below the very id, a peer's too."
)

_RECURSIVE_FAULT = "SQLite Error 1: 'near \")\": syntax error'."
_TIMEOUT = "Timeout expired.  The timeout period elapsed prior to completion of the operation or the server is not responding."
_ORIGIN = "users u LEFT JOIN users o ON o.user_id = u.owner_id"
_PEER_COLUMNS = (
    "UserId:int! RoleId:int! StatusId:int! LoginStatusId:int FailedLogins:int OwnerId:int Created:dateTime Changed:dateTime "
    "IsDemo:boolean! Comments:string IsPeer:boolean! Username:string FirstName:string LastName:string Email:string "
    "FullName:string {again}CompanyName:string EcommerceEnabled:boolean"
)
_DOMAIN_COLUMNS = (
    "UserId:int! RoleId:int! StatusId:int! SubscriberNumber:string LoginStatusId:int FailedLogins:int OwnerId:int "
    "Created:dateTime Changed:dateTime IsDemo:boolean! Comments:string IsPeer:boolean! Username:string FirstName:string "
    "LastName:string Email:string DomainName:string"
)


@operation("esUsers", "UserExists")
def user_exists(call: Call, *, username: str | None) -> bool:
    found = by_name(call, username)
    if found is None:
        return False
    return call.on(EXISTS_UNCHECKED) or may_see_user(call, found["user_id"])


@operation("esUsers", "GetUserById")
def get_user_by_id(call: Call, *, userId: int) -> dict[str, object] | None:
    row = by_id(call, userId)
    if row is None or (call.on(SEE_USER) and not may_see_user(call, userId)):
        return None
    return user_info(call, row)


@operation("esUsers", "GetUserByUsername")
def get_user_by_username(call: Call, *, username: str | None) -> dict[str, object] | None:
    row = by_name(call, call.cut(username, 50) if call.on(NAME_CUT) else username)
    if row is None or (call.on(SEE_USER) and not may_see_user(call, row["user_id"])):
        return None
    if call.has(Defect.READER_IN_USE_FAULT) and row["user_id"] != call.caller.user_id:
        raise faults.invalid_operation("This MySqlConnection is already in use. See https://mysqlconnector.net/conn-reuse")
    return user_info(call, row)


# -- lists --------------------------------------------------------------------------------------------------------------------


def _standing_for(call: Call, owner_id: int) -> int:
    """CheckUserParent: an owner that is a peer is replaced by its own owner (5.2)."""
    row = by_id(call, owner_id)
    if row is not None and row["is_peer"] and row["owner_id"] is not None and call.on(PEER_TREE):
        return int(row["owner_id"])
    return owner_id


_TREE = (
    "(WITH RECURSIVE below (user_id, depth) AS (SELECT ?, 0 UNION ALL"
    " SELECT b.user_id, depth + 1 FROM users b JOIN below ON b.owner_id = below.user_id) SELECT user_id, depth FROM below)"
)


def _without_peers(call: Call) -> str:
    return " AND u.is_peer = 0" if call.on(LIST_WITHOUT_PEERS) else ""


def _walk_faults(call: Call, owner_id: int) -> None:
    """Stock FuseCP on SQLite: every recursive walk is bad SQL once there is a customer."""
    if call.has(Defect.RECURSIVE_FAULT):
        some = call.db.execute("SELECT 1 FROM users WHERE owner_id = ? LIMIT 1", (owner_id,)).fetchone()
        if some is not None:
            raise faults.sql_error(call.flavour, _RECURSIVE_FAULT)


@dataclass(frozen=True, slots=True)
class _Listed:
    """Which users a list has: a join behind ``users u``, a condition, their parameters in this order, and the list's order."""

    join: str
    condition: str
    values: tuple[object, ...]
    order: str


def _listed(call: Call, owner_id: int, recursive: bool) -> _Listed | None:
    """Which users GetUsers and GetRawUsers list; None for nobody. EF walks level by level, a stored procedure by id."""
    if call.ef and not recursive and call.on(DIRECT_EMPTY):
        return None
    if call.on(LIST_RIGHTS) and not may_see_user(call, owner_id):
        return None
    last = "u.changed, u.user_id" if call.flavour.database.row_order == "updated" else "u.user_id"
    if not recursive:
        return _Listed("", f"u.owner_id = ?{_without_peers(call)}", (owner_id,), last)
    _walk_faults(call, owner_id)
    order = f"t.depth, {last}" if call.ef and call.on(LEVEL_BY_LEVEL) else last
    return _Listed(
        f"JOIN {_TREE} t ON t.user_id = u.user_id",
        f"u.user_id <> ?{_without_peers(call)}",
        (_standing_for(call, owner_id), owner_id),
        order,
    )


def listed_users(call: Call, owner_id: int, recursive: bool = True) -> list[Row]:
    """The rows that GetUsers lists for this caller. Raises the fault of a walk that faults."""
    listed = _listed(call, owner_id, recursive)
    if listed is None:
        return []
    return call.db.execute(
        f"SELECT u.* FROM users u {listed.join} WHERE {listed.condition} ORDER BY {listed.order}", listed.values
    ).fetchall()


@operation("esUsers", "GetUsers")
def get_users(call: Call, *, ownerId: int, recursive: bool) -> list[dict[str, object]]:
    rows = listed_users(call, ownerId, recursive)
    if not call.on(LIST_WITHOUT_CONTACTS):
        return [user_info(call, row) for row in rows]
    return infos(call, rows)


@operation("esUsers", "GetRawUsers")
def get_raw_users(call: Call, *, ownerId: int, recursive: bool) -> DataSet:
    listed = _listed(call, ownerId, recursive)
    rows: list[tuple[object, ...]] = []
    if listed is not None:
        cursor = call.db.cursor()
        cursor.row_factory = None
        select = ", ".join(user_select(call.ef or not call.on(FULL_NAME_NULL), owner_email=False))
        rows = cursor.execute(
            f"SELECT {select} FROM {_ORIGIN} {listed.join} WHERE {listed.condition} ORDER BY {listed.order}", listed.values
        ).fetchall()
    return dataset(call, (USER_COLUMNS.format(owner_email=""), rows))


# -- pages --------------------------------------------------------------------------------------------------------------------


def _source(ef: bool, *, recursive: bool) -> Source:
    """Where pages come from; the recursive one walks the tree and, by EF, lists it level by level where no order is asked."""
    select = user_select(ef, owner_email=True)
    names = [word.partition(":")[0] for word in USER_COLUMNS.format(owner_email="OwnerEmail:string ").split()]
    by_column = {name.lower(): expression for name, expression in zip(names, select, strict=True)}
    by_column |= {"fullname": full_name_sql("u", ef), "secondaryemail": "u.secondary_email", "companyname": "u.company_name"}
    text = {by_column[n.lower()] for n in names if n.endswith(("Name", "name", "Email", "Comments", "SubscriberNumber"))}
    return Source(
        select=select,
        origin=f"users u JOIN {_TREE} t ON t.user_id = u.user_id LEFT JOIN users o ON o.user_id = u.owner_id"
        if recursive
        else _ORIGIN,
        names=by_column,
        window=Window.ZERO_BASED,
        tie="u.user_id",
        ef_tie="t.depth, u.user_id" if recursive else "",
        updated="" if recursive else "u.changed",
        text=frozenset(text),
        any_columns=("u.username", full_name_sql("u", ef), "u.email"),
        ef_type="FuseCP.EnterpriseServer.Data.Entities.UsersDetailed",
        aliases={f"u.{name}": expression for name, expression in by_column.items() if expression.startswith("u.")},
    )


_SOURCES = {(ef, recursive): _source(ef, recursive=recursive) for ef in (True, False) for recursive in (True, False)}
_COMMENTS_PLACE = 10


def _users_page(
    call: Call,
    within: tuple[str, list[object]],
    recursive: bool,
    user_id: int,
    filter_column: str | None,
    filter_value: str | None,
    status_id: int,
    role_id: int,
    sort_column: str | None,
    start: int,
    maximum: int,
) -> DataSet:
    columns = USER_COLUMNS.format(owner_email="OwnerEmail:string ")
    if call.on(PAGED_RIGHTS) and not may_access_user(call, user_id):
        return paged(call, columns, 0, [])
    where, values = within
    where += _without_peers(call)
    for column, wanted in (("status_id", status_id), ("role_id", role_id)):
        if wanted > 0 or (wanted < 0 and call.on(PAGED_NEGATIVE)):
            # Below 0 nothing is asked for that anybody has.
            where += f" AND u.{column} = ?" if wanted > 0 else " AND ? IS NULL"
            values = [*values, wanted]
    found = page(
        call,
        _SOURCES[call.ef, recursive],
        where=where,
        parameters=values,
        filter_column=filter_column,
        filter_value=filter_value,
        sort_column=sort_column,
        start=start,
        maximum=maximum,
    )
    return paged(call, columns, found.count, _with_comment_records(call, found))


def _with_comment_records(call: Call, found: Page) -> list[tuple[object, ...]]:
    if not call.on(PAGED_COMMENTS):
        return found.rows
    comments = comments_of(call, "USER", [row[0] for row in found.rows if isinstance(row[0], int)])
    before, after = slice(None, _COMMENTS_PLACE), slice(_COMMENTS_PLACE + 1, None)
    return [(*row[before], comments.get(row[0], "") if isinstance(row[0], int) else "", *row[after]) for row in found.rows]


@operation("esUsers", "GetUsersPaged")
def get_users_paged(
    call: Call,
    *,
    userId: int,
    filterColumn: str | None,
    filterValue: str | None,
    statusId: int,
    roleId: int,
    sortColumn: str | None,
    startRow: int,
    maximumRows: int,
) -> DataSet:
    within: tuple[str, list[object]] = ("u.owner_id = ?", [userId])
    return _users_page(call, within, False, userId, filterColumn, filterValue, statusId, roleId, sortColumn, startRow, maximumRows)


@operation("esUsers", "GetUsersPagedRecursive")
def get_users_paged_recursive(
    call: Call,
    *,
    userId: int,
    filterColumn: str | None,
    filterValue: str | None,
    statusId: int,
    roleId: int,
    sortColumn: str | None,
    startRow: int,
    maximumRows: int,
) -> DataSet:
    _walk_faults(call, userId)
    within: tuple[str, list[object]] = ("u.user_id <> ?", [_standing_for(call, userId), userId])
    return _users_page(call, within, True, userId, filterColumn, filterValue, statusId, roleId, sortColumn, startRow, maximumRows)


@operation("esUsers", "GetUserDomainsPaged")
def get_user_domains_paged(
    call: Call,
    *,
    userId: int,
    filterColumn: str | None,
    filterValue: str | None,
    sortColumn: str | None,
    startRow: int,
    maximumRows: int,
) -> DataSet:
    """One row per user, space and domain below the user; EF gives all of them whatever ``maximumRows`` says."""
    if call.on(DOMAINS_RIGHTS) and not may_access_user(call, userId):
        return paged(call, _DOMAIN_COLUMNS, 0, [])
    where, values = "u.user_id <> ?", [userId if call.on(DOMAINS_BY_ID) else _standing_for(call, userId), userId]
    if not call.on(DOMAINS_ROWS):
        where += " AND d.domain_id IS NOT NULL"
    found = page(
        call,
        _DOMAIN_SOURCES[call.ef],
        where=where + _without_peers(call),
        parameters=values,
        filter_column=filterColumn,
        filter_value=filterValue,
        sort_column=sortColumn,
        start=startRow,
        maximum=2**31 - 1 if call.ef and call.on(DOMAINS_WHOLE) else maximumRows,
    )
    return paged(call, _DOMAIN_COLUMNS, found.count, found.rows)


def _domain_source(ef: bool) -> Source:
    select = [*user_select(ef, owner_email=False)[:16], "d.domain_name"]
    names = {word.partition(":")[0].lower(): expression for word, expression in zip(_DOMAIN_COLUMNS.split(), select, strict=True)}
    return Source(
        select=select,
        origin=f"users u JOIN {_TREE} t ON t.user_id = u.user_id LEFT JOIN packages p ON p.user_id = u.user_id"
        " LEFT JOIN domains d ON d.package_id = p.package_id",
        names=names,
        window=Window.ONE_BASED,
        tie="u.user_id, p.package_id, d.domain_id",
        ef_tie="t.depth, u.user_id, p.package_id, d.domain_id",
        text=frozenset({"u.username", "u.first_name", "u.last_name", "u.email", "d.domain_name"}),
        any_columns=(),
        ambiguous=frozenset({"userid", "statusid", "comments"}),
        sortable=frozenset({"userid", "statusid", "comments"}),
        ef_type="FuseCP.EnterpriseServer.Data.Entities.User",
    )


_DOMAIN_SOURCES = {True: _domain_source(True), False: _domain_source(False)}


# -- summaries, peers, parents ------------------------------------------------------------------------------------------------


@operation("esUsers", "GetUsersSummary")
def get_users_summary(call: Call, *, userId: int) -> DataSet:
    if call.on(SUMMARY_RIGHTS) and not may_access_user(call, userId):
        raise call.denied_account()
    rows = children_of(call, userId)
    if not call.on(SUMMARY_WITHOUT_PEERS):
        rows = [*rows, *peers_of(call, userId)]

    def counted(column: str) -> list[tuple[int, int]]:
        counts: dict[int, int] = {}
        for row in rows:
            counts[row[column]] = counts.get(row[column], 0) + 1
        return sorted(counts.items())

    return dataset(
        call,
        ("UsersNumber:int!", [(len(rows),)]),
        ("StatusId:int! UsersNumber:int!", counted("status_id")),
        # Statuses ascending, roles descending, on both panels ([136]).
        ("RoleId:int! UsersNumber:int!", counted("role_id")[::-1]),
    )


def listed_peers(call: Call, user_id: int) -> list[Row]:
    """The rows that GetUserPeers lists for this caller, who may ask for whoever it may see: its own owner too."""
    if call.on(PEERS_RIGHTS) and not may_see_user(call, user_id):
        return []
    return peers_of(call, user_id)


@operation("esUsers", "GetUserPeers")
def get_user_peers(call: Call, *, userId: int) -> list[dict[str, object]]:
    return infos(call, listed_peers(call, userId))


@operation("esUsers", "GetRawUserPeers")
def get_raw_user_peers(call: Call, *, userId: int) -> DataSet:
    """Stored procedures select the full name twice; the second becomes ``FullName1``."""
    twice = not call.ef and call.on(FULL_NAME_TWICE)
    again = "FullName1:string " if twice else ""
    rows = []
    for row in listed_peers(call, userId):
        first, last = row["first_name"], row["last_name"]
        name = f"{first or ''} {last or ''}" if call.ef else None if first is None or last is None else f"{first} {last}"
        rows.append(
            (
                *(
                    row[column]
                    for column in (
                        "user_id",
                        "role_id",
                        "status_id",
                        "login_status_id",
                        "failed_logins",
                        "owner_id",
                        "created",
                        "changed",
                        "is_demo",
                        "comments",
                        "is_peer",
                        "username",
                        "first_name",
                        "last_name",
                        "email",
                    )
                ),
                *([name, name] if twice else [name]),
                row["company_name"],
                row["ecommerce_enabled"],
            )
        )
    return dataset(call, (_PEER_COLUMNS.format(again=again), rows))


@operation("esUsers", "GetUserParents")
def get_user_parents(call: Call, *, userId: int) -> list[dict[str, object]]:
    """From the top down to the user. 1.x: from the caller down, and an endless loop for whoever is not below the caller."""
    chain = owner_chain(call.db, userId)
    if call.on(PARENTS_RIGHTS) and not may_access_user(call, userId):
        if call.has(Defect.GETUSERPARENTS_LOOPS):
            call.panel.pause(call.panel.loop_seconds)
            raise faults.sql_error(call.flavour, _TIMEOUT)
        raise call.denied_account()
    if call.flavour.face == "asmx" and call.on(PARENTS_FROM_CALLER):
        top = call.caller.effective_user_id
        if top in chain:
            chain = chain[: chain.index(top) + 1]
    rows = [by_id(call, user_id) for user_id in reversed(chain)]
    return [list_user_info(call, row) for row in rows if row is not None]

"""Users as the calls give them back: the full UserInfo, the poorer one of lists, and the row of a DataSet (contract 2.2, 3.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from resellerplan.simpanel.names import user_key
from resellerplan.simpanel.rights import may_see_user

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row

__all__ = [
    "USER_COLUMNS",
    "by_id",
    "by_name",
    "children_of",
    "full_name_sql",
    "infos",
    "list_user_info",
    "peers_of",
    "standing_owner",
    "user_info",
    "user_select",
    "visible_by_id",
]

# Contact data is in no list: it takes GetUserById (2.2).
_ONLY_IN_SINGLE_READS = (
    ("PrimaryPhone", "primary_phone"),
    ("Zip", "zip"),
    ("InstantMessenger", "instant_messenger"),
    ("Fax", "fax"),
    ("SecondaryPhone", "secondary_phone"),
    ("SecondaryEmail", "secondary_email"),
    ("Country", "country"),
    ("Address", "address"),
    ("City", "city"),
    ("State", "state"),
)

USER_COLUMNS = (
    "UserId:int! RoleId:int! StatusId:int! SubscriberNumber:string LoginStatusId:int FailedLogins:int OwnerId:int "
    "Created:dateTime Changed:dateTime IsDemo:boolean! Comments:string IsPeer:boolean! Username:string FirstName:string "
    "LastName:string Email:string FullName:string OwnerUsername:string OwnerFirstName:string OwnerLastName:string "
    "OwnerRoleId:int OwnerFullName:string {owner_email}PackagesNumber:int CompanyName:string EcommerceEnabled:boolean"
)
"""The columns of a listed user; the paged calls add ``OwnerEmail:string`` behind the owner's full name."""


def full_name_sql(alias: str, ef: bool) -> str:
    """First and last name with a blank; stored procedures: null if either is null, EF: a null counts as '' (2.2)."""
    first, last = f"{alias}.first_name", f"{alias}.last_name"
    if ef:
        return f"(coalesce({first}, '') || ' ' || coalesce({last}, ''))"
    return f"({first} || ' ' || {last})"


def user_select(ef: bool, *, owner_email: bool) -> list[str]:
    """The expressions of a listed user's row, over ``users u LEFT JOIN users o`` (the owner)."""
    owner = ["o.email"] if owner_email else []
    return [
        "u.user_id",
        "u.role_id",
        "u.status_id",
        "u.subscriber_number",
        "u.login_status_id",
        "u.failed_logins",
        "u.owner_id",
        "u.created",
        "u.changed",
        "u.is_demo",
        "u.comments",
        "u.is_peer",
        "u.username",
        "u.first_name",
        "u.last_name",
        "u.email",
        full_name_sql("u", ef),
        "o.username",
        "o.first_name",
        "o.last_name",
        "o.role_id",
        full_name_sql("o", ef) if not ef else f"CASE WHEN o.user_id IS NULL THEN NULL ELSE {full_name_sql('o', ef)} END",
        *owner,
        "(SELECT count(*) FROM packages p WHERE p.user_id = u.user_id)",
        "u.company_name",
        "u.ecommerce_enabled",
    ]


def list_user_info(call: Call, row: Row) -> dict[str, object]:
    """A UserInfo as lists give it: without contact data, HtmlMail false."""
    return {
        "RoleId": row["role_id"],
        "StatusId": row["status_id"],
        "LoginStatusId": row["login_status_id"] or 0,
        "FailedLogins": row["failed_logins"] or 0,
        "UserId": row["user_id"],
        "OwnerId": row["owner_id"] or 0,
        "IsPeer": bool(row["is_peer"]),
        "Created": call.time(row["created"]) or datetime.min,
        "Changed": call.time(row["changed"]) or datetime.min,
        "IsDemo": bool(row["is_demo"]),
        "Comments": row["comments"],
        "LastName": row["last_name"],
        "Username": row["username"],
        "FirstName": row["first_name"],
        "Email": row["email"],
        **dict.fromkeys((name for name, _ in _ONLY_IN_SINGLE_READS), None),
        "HtmlMail": False,
        "CompanyName": row["company_name"],
        "EcommerceEnabled": bool(row["ecommerce_enabled"]),
        "SubscriberNumber": row["subscriber_number"],
        "MfaMode": 0,
        "AdditionalParams": None,
        "Vlans": [],
    }


def user_info(call: Call, row: Row) -> dict[str, object]:
    """A full UserInfo. Never in it: the password, AdditionalParams, and so the VLANs kept there."""
    return list_user_info(call, row) | {
        **{name: row[column] for name, column in _ONLY_IN_SINGLE_READS},
        "HtmlMail": bool(row["html_mail"]),
        "MfaMode": row["mfa_mode"],
    }


def by_id(call: Call, user_id: int) -> Row | None:
    """A user's row, whoever asks."""
    found: Row | None = call.db.execute("SELECT * FROM users WHERE user_id = ?", (user_id,)).fetchone()
    return found


def standing_owner(call: Call, user_id: int) -> int:
    """A peer's owner; anybody else is itself."""
    row = by_id(call, user_id)
    return row["owner_id"] if row is not None and row["is_peer"] else user_id


def by_name(call: Call, name: str | None) -> Row | None:
    """A user's row by name, compared as the flavour's database does."""
    if name is None:
        return None
    key = user_key(name, call.flavour.database)
    found: Row | None = call.db.execute("SELECT * FROM users WHERE username_key = ?", (key,)).fetchone()
    return found


def visible_by_id(call: Call, user_id: int) -> Row | None:
    """A user's row where the caller may see it; None else, or where there is none."""
    row = by_id(call, user_id)
    return row if row is not None and may_see_user(call, user_id) else None


def children_of(call: Call, user_id: int) -> list[Row]:
    """The direct children without peers, by id."""
    return call.db.execute("SELECT * FROM users WHERE owner_id = ? AND is_peer = 0 ORDER BY user_id", (user_id,)).fetchall()


def peers_of(call: Call, user_id: int) -> list[Row]:
    """The peers of a user, by id."""
    return call.db.execute("SELECT * FROM users WHERE owner_id = ? AND is_peer = 1 ORDER BY user_id", (user_id,)).fetchall()


def infos(call: Call, rows: Iterable[Row]) -> list[dict[str, object]]:
    """Rows as the members of a typed list."""
    return [list_user_info(call, row) for row in rows]

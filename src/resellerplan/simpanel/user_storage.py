"""Users written to the store: the stored lengths, the password, one row's insert and update (contract 2.2, 3.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.names import user_key
from resellerplan.simpanel.rules import rule

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row

__all__ = ["insert_user", "sealed_password", "set_status", "stored_name", "update_user_row"]

LENGTHS_CUT = rule("users.lengths_cut", "3.4", "Stored procedures cut texts silently at their columns' lengths.")
MESSENGER_TOO_LONG = rule(
    "users.messenger_too_long",
    "3.4",
    "An InstantMessenger of more than 100 characters is a truncation error on SQL Server: no user.",
)
CODE_PAGE = rule("users.phones_code_page", "3.4", "Zip and phones are varchar: what code page 1252 lacks becomes a question mark.")
PASSWORD_CUT = rule(
    "users.password_cut",
    "2.2",
    "SQL Server cuts the stored password at 200: one of more than 71 characters is stored, and nobody can log in with it.",
)
FIXED = rule("update_user.fixed_members", "2.2, 1x db 6.1", "An update changes neither name nor owner, creation, password or MFA.")
COUNTER_RESET = rule("update_user.counter_reset", "2.2", "An update with LoginStatusId 0 resets the failed log-ins.")

_LENGTHS = {
    "first_name": ("FirstName", 50),
    "last_name": ("LastName", 50),
    "email": ("Email", 255),
    "secondary_email": ("SecondaryEmail", 255),
    "address": ("Address", 200),
    "city": ("City", 50),
    "state": ("State", 50),
    "country": ("Country", 50),
    "zip": ("Zip", 20),
    "primary_phone": ("PrimaryPhone", 30),
    "secondary_phone": ("SecondaryPhone", 30),
    "fax": ("Fax", 30),
    "instant_messenger": ("InstantMessenger", 200),
    "company_name": ("CompanyName", 100),
    "subscriber_number": ("SubscriberNumber", 32),
}
_VARCHAR = frozenset({"zip", "primary_phone", "secondary_phone", "fax", "instant_messenger"})
_LONGEST_PASSWORD = 71
_LONGEST_NAME = 50
_LONGEST_MESSENGER = 100


def stored_name(call: Call, name: str) -> str:
    """A user name as it is stored: cut at 50 on SQL Server."""
    return (call.cut(name, _LONGEST_NAME) or "") if call.on(LENGTHS_CUT) else name


def _text(call: Call, column: str, value: object) -> str | None:
    """A text as its column stores it."""
    if value is None:
        return None
    text = str(value)
    if call.flavour.database.over_long == "store":
        return text
    if call.flavour.database.over_long == "fault":
        return call.cut(text, _LENGTHS[column][1])
    if column in _VARCHAR and call.on(CODE_PAGE):
        text = text.encode("cp1252", "replace").decode("cp1252")
    if call.on(LENGTHS_CUT):
        text = call.cut(text, _LENGTHS[column][1]) or ""
    if column == "instant_messenger" and len(text) > _LONGEST_MESSENGER and call.on(MESSENGER_TOO_LONG):
        raise faults.sql_error(call.flavour, "String or binary data would be truncated.\nThe statement has been terminated.")
    return text


def _columns(call: Call, user: Mapping[str, object]) -> dict[str, object]:
    """What AddUser and UpdateUser have in common: every stored member but name, password, owner and times."""
    return {
        "role_id": user["RoleId"],
        "status_id": user["StatusId"],
        "login_status_id": user["LoginStatusId"],
        "is_demo": bool(user["IsDemo"]),
        "is_peer": bool(user["IsPeer"]),
        "comments": user["Comments"],
        "html_mail": bool(user["HtmlMail"]),
        "ecommerce_enabled": bool(user["EcommerceEnabled"]),
        **{column: _text(call, column, user[member]) for column, (member, _) in _LENGTHS.items()},
    }


def sealed_password(call: Call, password: str | None) -> bytes | None:
    """The password as it is kept; null stays null. One that SQL Server cuts is kept, and never opens again."""
    if password is None:
        return None
    sealed = call.panel.crypt.seal(password)
    if call.flavour.database.over_long == "cut" and len(password) > _LONGEST_PASSWORD and call.on(PASSWORD_CUT):
        return sealed[:-1]
    return sealed


def insert_user(call: Call, user: Mapping[str, object], username: str, password: str | None) -> int:
    """The new row's id. ``username`` is what is stored (trimmed, cut)."""
    now = call.now_text()
    values = _columns(call, user) | {
        "owner_id": user["OwnerId"],
        "username": username,
        "username_key": user_key(username, call.flavour.database),
        "password": sealed_password(call, password),
        "created": now,
        "changed": now,
    }
    call.db.execute(f"INSERT INTO users ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", tuple(values.values()))
    return call.inserted("users")


def update_user_row(call: Call, user_id: int, user: Mapping[str, object], *, nulls: bool = True) -> None:
    """Overwrite every member that UpdateUser writes, ``nulls`` included; name, password, owner, created and MFA stay."""
    values = _columns(call, user) | {"additional_params": user.get("AdditionalParams"), "changed": call.now_text()}
    if values["login_status_id"] == 0 and call.on(COUNTER_RESET):
        values["failed_logins"] = 0
    if not call.on(FIXED):
        values |= {"username": user.get("Username"), "owner_id": user.get("OwnerId")}
    _set(call, user_id, values if nulls else {column: value for column, value in values.items() if value is not None})


def set_status(call: Call, row: Row, status_id: int) -> None:
    """The status of one user, as a full update of it does it."""
    values: dict[str, object] = {"status_id": status_id, "changed": call.now_text()}
    if not row["login_status_id"] and call.on(COUNTER_RESET):
        values |= {"login_status_id": 0, "failed_logins": 0}
    _set(call, row["user_id"], values)


def _set(call: Call, user_id: int, values: Mapping[str, object]) -> None:
    changes = ", ".join(f"{column} = ?" for column in values)
    call.db.execute(f"UPDATE users SET {changes} WHERE user_id = ?", (*values.values(), user_id))

"""esUsers: settings of users (contract 2.2) and themes, which are settings too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.datasets import dataset
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.names import doubled_key
from resellerplan.simpanel.rights import Demand, account_check, may_access_user
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.user_records import by_id
from resellerplan.simpanel.user_settings import effective_settings
from resellerplan.simpanel.wire import ServiceFault

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row
    from resellerplan.simpanel.wire import DataSet

__all__ = ["pairs_of", "property_pairs", "sorted_pairs"]

READ_RIGHTS = rule("get_user_settings.rights", "2.2, 5.3", "Settings of somebody out of reach are a rights fault.")
UNSET_IS_NULL = rule("get_user_settings.unset", "2.2", "A set that nobody has: a null array, and the id that was asked for.")
WRITE_DEMO = rule("update_user_settings.demo", "5.1", "A demo caller gets -106.")
WRITE_UNKNOWN = rule("update_user_settings.unknown", "2.2", "Settings of an unknown user are a fault, nothing is stored.")
WRITE_RIGHTS = rule("update_user_settings.rights", "2.2, 5.3", "Writing settings of somebody out of reach is a rights fault.")
WHOLE_SET = rule("update_user_settings.whole_set", "2.2", "Writing a set replaces all its properties; an empty one deletes it.")
EQUAL_KEYS = rule(
    "update_user_settings.equal_keys",
    "2.2, 6.3",
    "Two equal keys are a fault (stored procedures: the former set is gone, and case does not tell keys apart).",
)
BOTH_STRINGS = rule("update_user_settings.pairs", "2.2", "A pair of one string is a fault; the set is kept.")
NULL_IS_EMPTY = rule("update_user_settings.null_is_empty", "2.2", "A value that is null is stored as an empty text.")
THEME_RIGHTS = rule("user_theme_settings.rights", "2.2, 5.3", "Theme settings of somebody out of reach are a rights fault.")
NAMES_CUT = rule("user_settings.names_cut", "3.4", "Stored procedures cut names of settings and properties at 50.")


_THEME = "Theme"


def property_pairs(settings: object) -> list[tuple[str | None, str | None]] | None:
    """``SettingsArray`` as pairs; None for a null array. Raises the fault of a pair of one string (2.2)."""
    if not isinstance(settings, Sequence) or isinstance(settings, str):
        return None
    pairs: list[tuple[str | None, str | None]] = []
    for pair in settings:
        if not isinstance(pair, Sequence) or len(pair) < 2:
            raise faults.plain("Index was outside the bounds of the array.", "System.IndexOutOfRangeException")
        pairs.append((pair[0], pair[1]))
    return pairs


def sorted_pairs(values: Mapping[str, str | None]) -> list[list[str | None]]:
    """Properties as both panels list them: by name, without case."""
    return [[name, values[name]] for name in sorted(values, key=str.lower)]


def pairs_of(pairs: Sequence[tuple[str | None, str | None]], call: Call) -> list[tuple[str | None, str | None]]:
    """Pairs as they are stored: names cut, values never null."""
    empty = "" if call.on(NULL_IS_EMPTY) else None
    return [(call.cut(name, 50) if call.on(NAMES_CUT) else name, empty if value is None else value) for name, value in pairs]


@operation("esUsers", "GetUserSettings")
def get_user_settings(call: Call, *, userId: int, settingsName: str | None) -> dict[str, object]:
    """Inherited from the nearest owner that has the set; ``UserId`` says whose it is."""
    if call.on(READ_RIGHTS) and not may_access_user(call, userId):
        raise call.denied_account()
    owner_id, found = effective_settings(call, userId, settingsName or "")
    empty: object = None if call.on(UNSET_IS_NULL) else []
    return {
        "UserId": owner_id,
        "SettingsName": settingsName,
        "SettingsArray": sorted_pairs(found) if found else empty,
    }


@operation("esUsers", "UpdateUserSettings")
def update_user_settings(call: Call, *, settings: Mapping[str, object] | None) -> int:
    if call.on(WRITE_DEMO) and (refused := account_check(call, Demand.NOT_DEMO)):
        return refused
    if settings is None:
        raise faults.null_reference()
    user_id = settings["UserId"]
    row = by_id(call, user_id) if isinstance(user_id, int) else None
    name = settings["SettingsName"]
    with call.task("USER", "UPDATE_SETTINGS", None if row is None else row["username"], user_id if isinstance(user_id, int) else 0):
        if row is None:
            if call.on(WRITE_UNKNOWN):
                raise faults.null_reference()
            return 0
        pairs = _checked_pairs(call, settings["SettingsArray"])
        if call.on(WRITE_RIGHTS) and not may_access_user(call, row["user_id"]):
            call.refuse_rights(faults.ACCOUNT)
        _replace(call, row, call.cut(str(name or ""), 50) or "", pairs)
    return 0


def _checked_pairs(call: Call, given: object) -> list[tuple[str | None, str | None]]:
    try:
        return pairs_of(property_pairs(given) or [], call)
    except Exception:
        if call.on(BOTH_STRINGS):
            raise
        return []


def _replace(call: Call, row: Row, name: str, pairs: Sequence[tuple[str | None, str | None]]) -> None:
    user_id = row["user_id"]
    doubled = doubled_key(key for key, _ in pairs)
    if call.ef and len({(key or "").lower() for key, _ in pairs}) == len(pairs):
        doubled = None  # to SQLite a blank counts
    if doubled is not None and call.on(EQUAL_KEYS):
        if call.ef:
            raise _equal_keys(pairs)
        # The delete before the insert is committed (1.x database report 4.5).
        call.db.execute("DELETE FROM user_settings WHERE user_id = ? AND settings_name = ?", (user_id, name))
        call.go_on_after(
            faults.unique(
                call.flavour,
                table="UserSettings",
                columns=("UserID", "SettingsName", "PropertyName"),
                constraint="PK_UserSettings",
                value=f"{user_id}, {name}, {doubled}",
            )
        )
        return
    if call.on(WHOLE_SET):
        call.db.execute("DELETE FROM user_settings WHERE user_id = ? AND settings_name = ?", (user_id, name))
    call.db.executemany(
        "INSERT OR REPLACE INTO user_settings VALUES (?, ?, ?, ?)", [(user_id, name, key or "", value) for key, value in pairs]
    )


def _equal_keys(pairs: Sequence[tuple[str | None, str | None]]) -> ServiceFault:
    """EF sees equal objects while it tracks them; keys that differ only in case reach the database."""
    names = [key for key, _ in pairs]
    if len(set(names)) < len(names):
        return faults.tracked_twice("UserSetting", ("UserId", "SettingsName", "PropertyName"))
    message = "UNIQUE constraint failed: UserSettings.UserID, UserSettings.SettingsName, UserSettings.PropertyName"
    return ServiceFault(
        (
            "An error occurred while saving the entity changes. See the inner exception for details.",
            f"SQLite Error 19: '{message}'.",
        ),
        ("Microsoft.EntityFrameworkCore.DbUpdateException", "Microsoft.Data.Sqlite.SqliteException"),
    )


# -- themes -------------------------------------------------------------------------------------------------------------------


@operation("esUsers", "GetUserThemeSettings")
def get_user_theme_settings(call: Call, *, userId: int) -> DataSet:
    """The set ``Theme``, inherited as other sets are. A stored procedure that finds none gives no table at all."""
    if call.on(THEME_RIGHTS) and not may_access_user(call, userId):
        raise call.denied_account()
    owner_id, found = effective_settings(call, userId, _THEME)
    if not found and not call.ef:
        return dataset(call)
    columns = "UserId:int! PropertyName:string PropertyValue:string"
    return dataset(call, (columns, [(owner_id, name, value) for name, value in sorted_pairs(found)]))


@operation("esUsers", "UpdateUserThemeSetting")
def update_user_theme_setting(call: Call, *, userId: int, PropertyName: str | None, PropertyValue: str | None) -> None:
    if call.on(THEME_RIGHTS) and not may_access_user(call, userId):
        call.refuse_rights(faults.ACCOUNT)
    call.db.execute("INSERT OR REPLACE INTO user_settings VALUES (?, ?, ?, ?)", (userId, _THEME, PropertyName or "", PropertyValue))
    call.raise_pending()


@operation("esUsers", "DeleteUserThemeSetting")
def delete_user_theme_setting(call: Call, *, userId: int, PropertyName: str | None) -> None:
    if call.on(THEME_RIGHTS) and not may_access_user(call, userId):
        call.refuse_rights(faults.ACCOUNT)
    call.db.execute(
        "DELETE FROM user_settings WHERE user_id = ? AND settings_name = ? AND property_name = ?",
        (userId, _THEME, PropertyName or ""),
    )
    call.raise_pending()

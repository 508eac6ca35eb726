"""Settings of users: read with inheritance from the owner upwards, replaced set by set (contract 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resellerplan.simpanel.rules import rule

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call

__all__ = ["effective_settings", "stored_settings"]

INHERITED = rule("user_settings.inherited", "2.2", "A set that a user lacks is looked for at the owner, and so on upwards.")

NAME_CASE = rule("user_settings.name_without_case", "1x db §4.14", "A set is found by its name in any letter case.")


def stored_settings(call: Call, user_id: int, name: str) -> dict[str, str | None]:
    """The set of a user itself, by property name; empty where it has none. The name is compared without case."""
    collation = "" if call.on(NAME_CASE) else " COLLATE BINARY"
    rows = call.db.execute(
        "SELECT property_name, property_value FROM user_settings"
        f" WHERE user_id = ? AND settings_name = ?{collation} ORDER BY property_name",
        (user_id, name),
    ).fetchall()
    return {row[0]: row[1] for row in rows}


def effective_settings(call: Call, user_id: int, name: str) -> tuple[int, dict[str, str | None]]:
    """Whose set counts for a user, and the set: the own one or the nearest above; (user_id, {}) where nobody has one."""
    current: int | None = user_id
    seen: set[int] = set()
    while current is not None and current not in seen:
        seen.add(current)
        found = stored_settings(call, current, name)
        if found:
            return current, found
        if not call.on(INHERITED):
            break
        row = call.db.execute("SELECT owner_id FROM users WHERE user_id = ?", (current,)).fetchone()
        current = None if row is None else row[0]
    return user_id, {}

"""esUsers: a user's status with all below (contract 2.2 ChangeUserStatus)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.rights import Demand, account_check, may_update_user
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.package_updates import change_status, is_switched, switch_items
from resellerplan.simpanel.user_records import by_id
from resellerplan.simpanel.user_storage import set_status

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call, Job
    from resellerplan.simpanel.store import Row

DEMO = rule("change_user_status.demo", "2.2 ChangeUserStatus", "A demo caller gets -106.")
UNKNOWN = rule("change_user_status.unknown", "2.2 ChangeUserStatus", "An unknown user is a NullReference fault.")
USERS_BELOW = rule("change_user_status.users_below", "2.2 ChangeUserStatus", "Peers and all users below get the status too.")
SPACES_BELOW = rule("change_user_status.spaces_below", "2.2 ChangeUserStatus", "All spaces of all of them get the status.")
UPDATE_RIGHTS = rule("change_user_status.rights", "2.2, 5.3", "A user out of reach keeps its status; its spaces are refused.")

_STATUSES = {"Active": 1, "Suspended": 2, "Cancelled": 3, "Pending": 4}


def _all_below(call: Call, user_id: int) -> list[Row]:
    """The user, its peers, everybody below and their peers, parents before children."""
    found: list[Row] = []
    waiting = [user_id]
    while waiting:
        current = waiting.pop(0)
        row = by_id(call, current)
        if row is not None:
            found.append(row)
        below = call.db.execute(
            "SELECT user_id FROM users WHERE owner_id = ? ORDER BY is_peer DESC, user_id", (current,)
        ).fetchall()
        waiting.extend(entry[0] for entry in below)
    return found


@operation("esUsers", "ChangeUserStatus")
def change_user_status(call: Call, *, userId: int, status: str | None) -> int:
    """User, peers, everybody below; then the spaces of all of them. Nothing of it is one transaction."""
    if call.on(DEMO) and (refused := account_check(call, Demand.NOT_DEMO)):
        return refused
    row = by_id(call, userId)
    if row is None:
        if call.on(UNKNOWN):
            raise faults.null_reference()
        return 0
    word = status or ""
    number = _STATUSES.get(word, int(word) if word.isdigit() else 0)
    with call.task("USER", "CHANGE_STATUS", row["username"], userId):
        users = _all_below(call, userId) if call.on(USERS_BELOW) else [row]
        for user in users:
            allowed = not call.on(UPDATE_RIGHTS) or may_update_user(call, user["user_id"])
            if user["status_id"] != number and allowed:
                set_status(call, user, number)
        # A space that faults leaves what was changed before it (6.3).
        call.keep()
        if call.on(SPACES_BELOW):
            # The numbers are the same, the words are not: Pending (4) makes spaces New (4).
            _change_spaces(call, users, number)
    return 0


def _change_spaces(call: Call, users: list[Row], status: int) -> None:
    """Each space by a whole update of it; what it holds is switched on or off in the background."""

    def switch(package_id: int) -> Job:
        return lambda later: switch_items(later, [package_id], status == _STATUSES["Active"])

    for user in users:
        rows = call.db.execute(
            "SELECT package_id FROM packages WHERE user_id = ? ORDER BY package_id", (user["user_id"],)
        ).fetchall()
        for (package_id,) in rows:
            if is_switched(call, package_id, status):
                call.later(switch(package_id), "SPACE", "CHANGE_ITEMS_STATUS", None, package_id, package_id)
            change_status(call, package_id, status)
            call.keep()

"""esUsers: a user's status with all below (contract 2.2 ChangeUserStatus)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.rights import Demand, account_check, may_see_user, may_update_user
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.package_updates import change_status, is_switched, switch_items
from resellerplan.simpanel.services.packages import rows_of_user
from resellerplan.simpanel.services.users import listed_peers, listed_users
from resellerplan.simpanel.user_records import by_id
from resellerplan.simpanel.user_storage import set_status

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row

DEMO = rule("change_user_status.demo", "2.2 ChangeUserStatus", "A demo caller gets -106.")
UNKNOWN = rule("change_user_status.unknown", "2.2 ChangeUserStatus", "An unknown user is a NullReference fault.")
USERS_BELOW = rule("change_user_status.users_below", "2.2 ChangeUserStatus", "Peers and all users below get the status too.")
SPACES_BELOW = rule("change_user_status.spaces_below", "2.2 ChangeUserStatus", "All spaces of all of them get the status.")
UPDATE_RIGHTS = rule("change_user_status.rights", "2.2, 5.3", "A user out of reach keeps its status; its spaces are refused.")
LISTED_BELOW = rule(
    "change_user_status.below_as_listed",
    "2.2, 5.2",
    "Who is below is read as the caller may read it: of a user out of reach only its own spaces are touched.",
)
PEERS_SPACES = rule("change_user_status.spaces_of_peers_stay", "2.2", "A peer's own spaces keep their status.")
_STATUSES = {"Active": 1, "Suspended": 2, "Cancelled": 3, "Pending": 4}


def _all_below(call: Call, row: Row) -> tuple[list[Row], list[Row]]:
    """Who gets the status, in order: the user, its peers, everybody below, each behind its peers; and whose spaces do."""
    if not call.on(USERS_BELOW):
        return [row], [row]
    owners = [row, *_below(call, row["user_id"])]
    found = [row, *listed_peers(call, row["user_id"])]
    for child in owners[1:]:
        found += [*listed_peers(call, child["user_id"]), child]
    return found, owners if call.on(PEERS_SPACES) else [*owners, *(user for user in found if user["is_peer"])]


def _below(call: Call, user_id: int) -> list[Row]:
    if call.on(LISTED_BELOW) or may_see_user(call, user_id):
        return listed_users(call, user_id)
    rows = call.db.execute("SELECT * FROM users WHERE owner_id = ? AND is_peer = 0 ORDER BY user_id", (user_id,)).fetchall()
    return rows + [deeper for row in rows for deeper in _below(call, row["user_id"])]


@operation("esUsers", "ChangeUserStatus")
def change_user_status(call: Call, *, userId: int, status: str | None) -> int:
    """User, peers, everybody below; then the spaces of all but the peers. Nothing of it is one transaction."""
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
        users, owners = _all_below(call, row)
        for user in users:
            _change_user(call, user, number)
        # A space that faults leaves what was changed before it (6.3).
        call.keep()
        if call.on(SPACES_BELOW):
            # The numbers are the same, the words are not: Pending (4) makes spaces New (4).
            _change_spaces(call, owners, number)
    return 0


def _change_user(call: Call, user: Row, status: int) -> None:
    """A whole update of the user, a task in the task; one that the caller can't see is left out."""
    rights = call.on(UPDATE_RIGHTS)
    if user["status_id"] == status or (rights and not may_see_user(call, user["user_id"])):
        return
    with call.task("USER", "UPDATE", user["username"], user["user_id"]):
        if not rights or may_update_user(call, user["user_id"]):
            set_status(call, user, status)


def _change_spaces(call: Call, owners: list[Row], status: int) -> None:
    """Each space by a whole update, whose code nobody looks at: for who is no active reseller or CSR it does nothing (5.1).

    What the spaces hold is switched on or off in the background, once all went without a fault.
    """
    switched: list[int] = []
    for owner in owners:
        for space in rows_of_user(call, owner["user_id"], complete=False):
            if is_switched(call, space["package_id"], status):
                switched.append(space["package_id"])
            change_status(call, space["package_id"], status)
            call.keep()
    if switched:
        call.later(
            lambda later: switch_items(later, switched, status == _STATUSES["Active"]),
            "SPACE",
            "CHANGE_ITEMS_STATUS",
            None,
            switched[0],
            switched[0],
        )

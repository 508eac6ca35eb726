"""esUsers: deleting a user, in the background (contract 2.2 DeleteUser)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.background import ProcessEnds
from resellerplan.simpanel.call import TaskRecord
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.flavours import Defect
from resellerplan.simpanel.rights import Demand, account_check, may_access_user, may_see_user, may_update_user
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.package_deletion import delete_space
from resellerplan.simpanel.store import ConstraintError
from resellerplan.simpanel.user_records import by_id, children_of
from resellerplan.simpanel.wire import ServiceFault

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call

__all__ = ["delete_user_later"]

DEMO = rule("delete_user.demo", "2.2 DeleteUser 1", "A demo caller gets -106.")
HAS_USERS = rule(
    "delete_user.has_users",
    "2.2 DeleteUser 2",
    "A user with direct children (no peers) is not deleted: -102; by EF it is never seen.",
)
IN_BACKGROUND = rule("delete_user.in_background", "2.2 DeleteUser 3", "0 at once; the user is there until the background is done.")
SPACES_FIRST = rule(
    "delete_user.spaces_first", "2.2 DeleteUser 3", "The user's spaces go first, and are gone even if the user stays."
)
PEERS_TOO = rule("delete_user.peers_too", "2.2 DeleteUser 3", "Peers, addon plans and comments go with the user.")
PLAN_BLOCKS = rule("delete_user.plan_blocks", "2.2 DeleteUser 3", "An ordinary plan of the user keeps the user.")
DELETE_RIGHTS = rule("delete_user.rights", "2.2, 5.2", "A user out of reach stays; the background ends in a rights error.")
ENDS_PROCESS = rule("delete_user.ends_process", "2.2 DeleteUser", "An error in the background ends the panel's process.")


@operation("esUsers", "DeleteUser")
def delete_user(call: Call, *, userId: int) -> int:
    if call.on(DEMO) and (refused := account_check(call, Demand.NOT_DEMO)):
        return refused
    if not call.ef and call.on(HAS_USERS) and may_see_user(call, userId) and children_of(call, userId):
        return -102
    if call.on(IN_BACKGROUND):
        delete_user_later(call, userId)
    else:
        _delete(call, userId)
    return 0


def delete_user_later(call: Call, user_id: int) -> None:
    """Delete a user with all spaces once the call is answered (also CreateUserWizard's way back)."""
    row = by_id(call, user_id)
    call.later(lambda later: _delete(later, user_id), "USER", "DELETE", None if row is None else row["username"], user_id)


def _delete(call: Call, user_id: int) -> None:
    """The thread: its errors are in the audit log, and end the process where the panel has that defect."""
    try:
        row = by_id(call, user_id)
        name = None if row is None else row["username"]
        with call.task("USER", "DELETE", name, user_id, wraps=False) as task:
            if row is None:
                raise faults.null_reference()
            if call.on(DELETE_RIGHTS) and not may_access_user(call, user_id):
                raise call.denied_account()
            _delete_spaces(call, user_id, task)
            call.keep()
            if may_update_user(call, user_id) or not call.on(DELETE_RIGHTS):
                _delete_row(call, user_id)
    except (ServiceFault, ConstraintError) as error:
        if call.has(Defect.DELETEUSER_ENDS_PROCESS) and call.on(ENDS_PROCESS):
            raise ProcessEnds from error


def _delete_spaces(call: Call, user_id: int, task: TaskRecord) -> None:
    if not call.on(SPACES_FIRST):
        return
    spaces = call.db.execute(
        "SELECT package_id, package_name FROM packages WHERE user_id = ? ORDER BY package_id", (user_id,)
    ).fetchall()
    for space in spaces:
        call.log(task, "SPACE_DELETE_ITEMS", space["package_name"] or "")
        delete_space(call, space["package_id"])
        call.log(task, f"User: {user_id}")


def _delete_row(call: Call, user_id: int) -> None:
    """All or nothing: a space, a child or an ordinary plan keeps the row by its foreign key, and all that went with it."""
    with call.atomic():
        if call.on(PEERS_TOO):
            call.db.execute("DELETE FROM comments WHERE (item_type_id = 'USER' AND item_id = ?) OR user_id = ?", (user_id, user_id))
            call.db.execute("DELETE FROM hosting_plans WHERE user_id = ? AND is_addon = 1", (user_id,))
            call.db.execute("DELETE FROM users WHERE owner_id = ? AND is_peer = 1", (user_id,))
        if not call.on(PLAN_BLOCKS):
            call.db.execute("DELETE FROM hosting_plans WHERE user_id = ?", (user_id,))
        call.db.execute("DELETE FROM users WHERE user_id = ?", (user_id,))

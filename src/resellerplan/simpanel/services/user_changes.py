"""esUsers: making and changing users (contract 2.2 writes, in the order of its checks)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.caller import SUPERVISOR
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.rights import (
    ADMINISTRATOR,
    RESELLER,
    USER,
    Demand,
    account_check,
    may_create_user,
    may_update_user,
)
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.letters import send_account_letter
from resellerplan.simpanel.user_records import by_id, by_name, children_of, visible_by_id
from resellerplan.simpanel.user_storage import insert_user, sealed_password, stored_name, update_user_row
from resellerplan.simpanel.wire import ServiceFault

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call

__all__ = ["create_user"]

ADD_DEMO = rule("add_user.demo", "2.2 AddUser 1", "A demo caller gets -106.")
NAME_GIVEN = rule("add_user.name_given", "2.2 AddUser 2", "A null or empty user name is refused with -111.")
NAME_CHARACTERS = rule("add_user.name_characters", "2.2 AddUser 2", 'A name with one of \\ / : * ? < > | " is refused with -111.')
NAME_TAKEN = rule("add_user.name_taken", "2.2 AddUser 3", "A user name that exists anywhere on the panel is refused with -100.")
ROLE_DEMOTED = rule("add_user.administrator_demoted", "2.2 AddUser 4", "Who is no administrator makes a user of an administrator.")
NO_ECOMMERCE = rule("add_user.no_ecommerce_for_users", "2.2 AddUser 4", "Role User has EcommerceEnabled false, whatever is sent.")
NAME_TRIMMED = rule("add_user.name_trimmed", "2.2 AddUser 5", "The user name is stored without the blanks around it.")
TRIMMED_TAKEN = rule("add_user.trimmed_name_taken", "2.2 AddUser 5", "A name that exists once it is trimmed is refused with -100.")
ADD_RIGHTS = rule("add_user.rights", "2.2 AddUser 5", "An owner who is neither the caller nor below: -2, 0 and unknown too.")
TAKEN_BEFORE_RIGHTS = rule("add_user.taken_before_rights", "2.2 AddUser 5", "A taken name is -100 even without rights.")
LETTER_ENABLED = rule(
    "add_user.letter_only_if_enabled",
    "2.2 AddUser 7",
    "sendLetter mails the account letter only where EnableLetter is true.",
)
BLANK_NAME = rule("add_user.blank_name_passes", "1x 3.2", "A name of blanks passes and becomes the empty name.")
ADD_NO_STATUS = rule("add_user.no_status", "1x 2", "The caller's status is not looked at: a suspended reseller makes users.")
NOTES = rule("add_user.notes", "2.2 AddUser 8", "Each note becomes a comment record on the user.")
USER_GIVEN = rule("add_user.user_given", "2.2 AddUser", "A null UserInfo is a NullReference fault.")

UPDATE_DEMO = rule("update_user.demo", "2.2 UpdateUser 1", "A demo caller gets -106.")
UPDATE_VISIBLE = rule("update_user.visible", "2.2 UpdateUser 2", "A user whom the caller can't see is a NullReference fault.")
UPDATE_CHILDREN = rule(
    "update_user.reseller_with_children",
    "2.2 UpdateUser 3",
    "A reseller who has users stays one: -102 (not by EF, which never sees the users).",
)
UPDATE_DEMOTED = rule("update_user.administrator_demoted", "2.2 UpdateUser 4", "Who is no administrator makes no administrator.")
UPDATE_ROLE = rule("update_user.role_unguarded", "1x 3.2", "Only role 1 is guarded: a customer may make itself a reseller.")
UPDATE_RIGHTS = rule("update_user.silent_without_rights", "2.2 UpdateUser 5", "A visible user out of reach: 0, nothing changed.")
UPDATE_OVERWRITES = rule("update_user.overwrites_with_null", "2.2 UpdateUser 5", "Every member is overwritten, null included.")

PASSWORD_DEMO = rule("change_password.demo", "2.2 ChangeUserPassword", "A demo caller gets -106.")
PASSWORD_UNKNOWN = rule("change_password.unknown", "2.2 ChangeUserPassword", "An unknown user is a NullReference fault.")
PASSWORD_RIGHTS = rule("change_password.silent_without_rights", "2.2 ChangeUserPassword", "Without rights: 0, nothing changed.")

_FORBIDDEN = frozenset('\\/:*?<>|"')


def _role_for(call: Call, role_id: object) -> object:
    """Nobody but an administrator makes an administrator."""
    caller = call.caller
    if role_id == ADMINISTRATOR and caller.role_id != ADMINISTRATOR and caller.user_id != SUPERVISOR:
        return USER
    return role_id


def _with_allowed_role(call: Call, user: Mapping[str, object], *, demoted: bool) -> dict[str, object]:
    changed = dict(user)
    if demoted:
        changed["RoleId"] = _role_for(call, user["RoleId"])
    if changed["RoleId"] == USER and call.on(NO_ECOMMERCE):
        changed["EcommerceEnabled"] = False
    return changed


def create_user(
    call: Call, user: Mapping[str, object] | None, *, send_letter: bool, password: str | None, notes: list[str | None] | None = None
) -> int:
    """AddUser without its wire: the new user's id, or -106, -111, -100, -2. Raises its faults."""
    if call.on(ADD_DEMO) and (refused := account_check(call, Demand.NOT_DEMO)):
        return refused
    if user is None:
        if call.on(USER_GIVEN):
            raise faults.null_reference()
        return -111
    if not call.on(ADD_NO_STATUS) and (refused := account_check(call, Demand.IS_ACTIVE)):
        return refused
    name = user["Username"]
    if call.on(NAME_GIVEN) and not name:
        return -111
    username = str(name or "")
    if not call.on(BLANK_NAME) and not username.strip():
        return -111

    @cache
    def taken(wanted: str) -> bool:
        return by_name(call, wanted) is not None

    if call.on(NAME_CHARACTERS) and _FORBIDDEN & frozenset(username):
        return -111
    if call.on(NAME_TAKEN) and call.on(TAKEN_BEFORE_RIGHTS) and taken(username):
        return -100
    with call.task("USER", "ADD", username) as task:
        wanted = _with_allowed_role(call, user, demoted=call.on(ROLE_DEMOTED))
        stored = stored_name(call, username.strip() if call.on(NAME_TRIMMED) else username)
        if call.on(TRIMMED_TAKEN) and call.on(TAKEN_BEFORE_RIGHTS) and taken(stored):
            # Found only by the procedure, so inside the task: its record is a warning (recordings 64 and 523 of 1.x).
            call.log(task, "Account with such username already exists", severity=1)
            return -100
        owner_id = wanted["OwnerId"]
        if call.on(ADD_RIGHTS) and not (isinstance(owner_id, int) and may_create_user(call, owner_id)):
            return -2
        if call.on(NAME_TAKEN) and taken(stored):
            return -100
        if not call.on(ADD_RIGHTS) and owner_id == 0:
            wanted["OwnerId"] = None
        user_id = insert_user(call, wanted, stored, password)
        task.item_id = user_id
        if send_letter:
            send_account_letter(call, user_id, only_if_enabled=call.on(LETTER_ENABLED))
        if call.on(NOTES):
            _note(call, user_id, notes or [])
    return user_id


def _note(call: Call, user_id: int, notes: list[str | None]) -> None:
    author = call.caller.user_id if call.caller.user_id > 0 else 1
    call.db.executemany(
        "INSERT INTO comments (item_type_id, item_id, user_id, created_date, comment_text, severity_id)"
        " VALUES ('USER', ?, ?, ?, ?, 1)",
        [(user_id, author, call.now_text(), call.cut(note, 1000)) for note in notes],
    )


@operation("esUsers", "AddUser")
def add_user(
    call: Call,
    *,
    user: Mapping[str, object] | None,
    sendLetter: bool,
    password: str | None,
    notes: list[str | None] | None = None,
) -> int:
    return create_user(call, user, send_letter=sendLetter, password=password, notes=notes)


_LITERAL = {
    "OwnerId": "ownerId",
    "RoleId": "roleId",
    "StatusId": "statusId",
    "IsPeer": "isPeer",
    "IsDemo": "isDemo",
    "Username": "username",
    "FirstName": "firstName",
    "LastName": "lastName",
    "Email": "email",
    "SecondaryEmail": "secondaryEmail",
    "Address": "address",
    "City": "city",
    "Country": "country",
    "State": "state",
    "Zip": "zip",
    "PrimaryPhone": "primaryPhone",
    "SecondaryPhone": "secondaryPhone",
    "Fax": "fax",
    "InstantMessenger": "instantMessenger",
    "HtmlMail": "htmlMail",
    "CompanyName": "companyName",
    "EcommerceEnabled": "ecommerceEnabled",
}


def _from_literal(given: Mapping[str, object]) -> dict[str, object]:
    """The UserInfo that the Literal calls build: what they have no parameter for has its default."""
    user = {member: given.get(parameter) for member, parameter in _LITERAL.items()}
    return user | {"Comments": None, "SubscriberNumber": None, "LoginStatusId": 0, "AdditionalParams": None}


@operation("esUsers", "AddUserLiteral")
def add_user_literal(call: Call, *, sendLetter: bool, password: str | None, **given: object) -> int:
    return create_user(call, _from_literal(given), send_letter=sendLetter, password=password)


# -- changing -----------------------------------------------------------------------------------------------------------------


def _update(call: Call, user: Mapping[str, object] | None, task_id: str | None = None) -> int:
    if user is None:
        # It fails before there is a task to tell about.
        raise ServiceFault(
            ("Error executing task", *faults.null_reference().messages), ("System.Exception", *faults.null_reference().types)
        )
    username = user.get("Username")
    user_id = user["UserId"]
    if not isinstance(user_id, int):
        raise faults.null_reference()
    with call.task("USER", "UPDATE", None if username is None else str(username), user_id, task_id=task_id):
        if call.on(UPDATE_DEMO) and (refused := account_check(call, Demand.NOT_DEMO)):
            return refused
        row = visible_by_id(call, user_id) if call.on(UPDATE_VISIBLE) else by_id(call, user_id)
        if row is None:
            raise faults.null_reference()
        loses_role = row["role_id"] == RESELLER and user["RoleId"] == USER
        if loses_role and not call.ef and call.on(UPDATE_CHILDREN) and children_of(call, user_id):
            return -102
        wanted = _with_allowed_role(call, user, demoted=call.on(UPDATE_DEMOTED))
        if not call.on(UPDATE_ROLE) and user_id == call.caller.user_id:
            wanted["RoleId"] = row["role_id"]
        if call.on(UPDATE_RIGHTS) and not may_update_user(call, user_id):
            return 0
        update_user_row(call, user_id, wanted, nulls=call.on(UPDATE_OVERWRITES))
    return 0


@operation("esUsers", "UpdateUser")
def update_user(call: Call, *, user: Mapping[str, object] | None) -> int:
    return _update(call, user)


@operation("esUsers", "UpdateUserTask")
def update_user_task(call: Call, *, taskId: str | None, user: Mapping[str, object] | None) -> int:
    return _update(call, user, taskId)


@operation("esUsers", "UpdateUserTaskAsynchronously")
def update_user_task_asynchronously(call: Call, *, taskId: str | None, user: Mapping[str, object] | None) -> int:
    """0 at once; the work, its refusals and its faults are the background's."""

    def work(later: Call) -> None:
        _update(later, user, taskId)

    username = None if user is None else user.get("Username")
    user_id = 0 if user is None else user["UserId"]
    call.later(
        work,
        "USER",
        "UPDATE",
        None if username is None else str(username),
        user_id if isinstance(user_id, int) else 0,
        task_id=taskId,
    )
    return 0


@operation("esUsers", "UpdateUserLiteral")
def update_user_literal(call: Call, *, userId: int, **given: object) -> int:
    """Builds a fresh UserInfo: wipes SubscriberNumber, Comments, AdditionalParams, enables the log-in; its record is nameless."""
    return _update(call, _from_literal(given) | {"UserId": userId, "Username": None})


@operation("esUsers", "ChangeUserPassword")
def change_user_password(call: Call, *, userId: int, password: str | None) -> int:
    """The user's times stay as they are; on 2.x the old password is honoured for some seconds more (1.7.3)."""
    if call.on(PASSWORD_DEMO) and (refused := account_check(call, Demand.NOT_DEMO)):
        return refused
    row = by_id(call, userId)
    if row is None:
        if call.on(PASSWORD_UNKNOWN):
            raise faults.null_reference()
        return 0
    with call.task("USER", "CHANGE_PASSWORD", row["username"], userId):
        if call.on(PASSWORD_RIGHTS) and not may_update_user(call, userId):
            return 0
        call.db.execute(
            "UPDATE users SET password = ?, one_time_password_state = 0 WHERE user_id = ?",
            (sealed_password(call, password), userId),
        )
        call.panel.logins.note_change(row["username"])
    return 0


# -- VLANs: a list in AdditionalParams, which no read gives back ------------------------------------------------------------------


def _change_vlans(call: Call, user_id: int, vlan: int, comment: str | None) -> None:
    """A whole update of the user with another list; nothing for a demo caller, and where the caller may not change the user."""
    row = visible_by_id(call, user_id)
    if row is None:
        raise faults.plain(f"User with UserID={user_id} not found", "System.ApplicationException")
    kept = [
        line for line in (row["additional_params"] or "").splitlines() if line.partition(" ")[0] != str(vlan) or comment is not None
    ]
    if comment is not None:
        kept.append(f"{vlan} {comment}")
    with call.task("USER", "UPDATE", row["username"], user_id):
        if account_check(call, Demand.NOT_DEMO) == 0 and may_update_user(call, user_id):
            call.db.execute(
                "UPDATE users SET additional_params = ?, changed = ? WHERE user_id = ?", ("\n".join(kept), call.now_text(), user_id)
            )


@operation("esUsers", "AddUserVLan")
def add_user_vlan(call: Call, *, userId: int, vLan: Mapping[str, object] | None) -> None:
    if vLan is None:
        raise faults.null_reference()
    number = vLan["VLanID"]
    _change_vlans(call, userId, number if isinstance(number, int) else 0, str(vLan["Comment"] or ""))


@operation("esUsers", "DeleteUserVLan")
def delete_user_vlan(call: Call, *, userId: int, vLanId: int) -> None:
    _change_vlans(call, userId, vLanId, None)

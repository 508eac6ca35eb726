"""esAuthentication: log-ins by method call, without credentials in the request (contract 2.1); the caller is the supervisor."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.call import LogLine, TaskRecord
from resellerplan.simpanel.crypt import matches
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.logins import Credentials, user_by_credentials
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.second_factor import is_current_code
from resellerplan.simpanel.services.letters import send_password_reminder, send_verification_code
from resellerplan.simpanel.services.system import themes
from resellerplan.simpanel.user_records import by_name, user_info
from resellerplan.simpanel.user_settings import effective_settings
from resellerplan.simpanel.user_storage import sealed_password
from resellerplan.simpanel.wire import ServiceFault

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row
    from resellerplan.simpanel.wire import DataSet

UNKNOWN = rule("authenticate.unknown", "2.1 AuthenticateUser 1", "An unknown user name is -109.")
DISABLED = rule("authenticate.disabled", "2.1 AuthenticateUser 2", "A disabled log-in is -114, before the password is looked at.")
LOCKED = rule("authenticate.locked_out", "2.1 AuthenticateUser 3", "A locked-out log-in is -115, with the right password too.")
LOCK_OUT = rule(
    "authenticate.lock_out",
    "2.1 AuthenticateUser 5",
    "With a lock-out number N the first N wrong passwords count, the N+1st locks.",
)
WRONG = rule("authenticate.wrong_password", "2.1 AuthenticateUser 5", "A wrong password is -110.")
NULL_PASSWORD = rule("authenticate.null_password", "2.1", "A user whose stored password is null: a fault.")
ONE_TIME = rule(
    "authenticate.one_time_password",
    "2.1 AuthenticateUser 6",
    "An active one-time password turns the result into 100 and is used up; by 2.x an empty stored password does so too.",
)
EXPIRED = rule("authenticate.expired_one_time_password", "2.1 AuthenticateUser 6", "A used one-time password is -116.")
ITEM_LOG = rule("authenticate.told_in_the_log", "2.1, 6.5", "The record of a log-in tells the address, and what it failed by.")
STATE_RESET = rule("change_password_by_name.resets_state", "2.1", "A changed password is no one-time password any more.")
SETUP_REFUSED = rule("setup_accounts.refused", "2.1, 4", "Setting up a panel that is set up is -999.")
COUNTER = rule("authenticate.counter_reset", "2.1 AuthenticateUser 7", "A right password resets the failed log-ins.")
CANCELLED = rule("authenticate.cancelled", "2.1 AuthenticateUser 8", "A cancelled account is -105.")
PENDING = rule("authenticate.pending", "2.1 AuthenticateUser 8", "A pending account is -103; a suspended one may log in.")
SECOND_FACTOR = rule("authenticate.second_factor", "2.1 AuthenticateUser 9", "An account with a second factor is 101.")
SHA1 = rule("authenticate.sha1", "1.7.2, 2.1", "The password is taken plain or as Base64(SHA-1).")
REMINDER_SILENT = rule("send_password_reminder.unknown", "1x 2", "A reminder to an unknown user is 0.")
SETUP_MODE = rule("system_setup_mode.password", "1x 2", "Set-up mode is over once the administrator has a password.")
CHANGE_PAIR = rule("change_password_by_name.pair", "2.1", "A wrong name or old password is -101.")
WHOLE_SECONDS = rule("user_by_password.whole_seconds", "2.1", "By EF the times of this call are cut to whole seconds.")
NO_STATUS = rule("user_by_password.no_status_checks", "2.1", "GetUserByUsernamePassword looks at no status.")

_DISABLED, _LOCKED_OUT = 1, 2
_CANCELLED, _PENDING = 3, 4
_LOCK_OUT_PLACE = 7
_BY_AUTHENTICATOR = 2
_FAILED = -999
_NO_ONE_TIME, _ACTIVE, _USED = 0, 1, 2


def _lock_out_number(call: Call, row: Row) -> int | None:
    """Item 7 of the user's effective password policy, where it is a whole number that is not negative."""
    _, policy = effective_settings(call, row["user_id"], f"{call.flavour.product}Policy")
    parts = (policy.get("PasswordPolicy") or "").split(";")
    text = parts[_LOCK_OUT_PLACE].strip() if len(parts) > _LOCK_OUT_PLACE else ""
    return int(text) if text.isascii() and text.isdigit() else None


def _count_failure(call: Call, row: Row) -> None:
    """N wrong passwords count, the next one locks; a counter that was never written counts one first, whatever N is."""
    limit = _lock_out_number(call, row)
    if limit is None or not call.on(LOCK_OUT):
        return
    failed = row["failed_logins"]
    if failed is not None and failed >= limit:
        call.db.execute("UPDATE users SET login_status_id = ? WHERE user_id = ?", (_LOCKED_OUT, row["user_id"]))
    else:
        call.db.execute("UPDATE users SET failed_logins = ? WHERE user_id = ?", ((failed or 0) + 1, row["user_id"]))


def _tell(call: Call, task: TaskRecord, text: str, severity: int = 1) -> None:
    if call.on(ITEM_LOG):
        call.log(task, text, severity=severity)


@operation("esAuthentication", "AuthenticateUser")
def authenticate_user(call: Call, *, username: str | None, password: str | None, ip: str | None) -> int:
    """0, 100 (one-time password), 101 (second factor), or a negative code; the order of the checks is the contract's."""
    with call.task("USER", "AUTHENTICATE", username) as task:
        _tell(call, task, f"IP: {ip or ''}", 0)
        row = by_name(call, username)
        if row is None:
            _tell(call, task, "Wrong username")
            return -109 if call.on(UNKNOWN) else -110
        if row["login_status_id"] == _DISABLED and call.on(DISABLED):
            _tell(call, task, "User disabled")
            return -114
        if row["login_status_id"] == _LOCKED_OUT and call.on(LOCKED):
            _tell(call, task, "User locked out")
            return -115
        if row["password"] is None and call.on(NULL_PASSWORD):
            raise _null_password(call)
        stored = call.panel.crypt.open(row["password"])
        if call.on(WRONG) and not (stored is not None and _matches(call, stored, password or "")):
            _count_failure(call, row)
            _tell(call, task, "Wrong password")
            return -110
        result = _one_time(call, row, stored or "")
        if result < 0:
            _count_failure(call, row)
            _tell(call, task, "Expired one time password")
            return result
        if call.on(COUNTER) and row["failed_logins"] != 0:
            call.db.execute("UPDATE users SET failed_logins = 0 WHERE user_id = ?", (row["user_id"],))
        if row["status_id"] == _CANCELLED and call.on(CANCELLED):
            _tell(call, task, "Account cancelled")
            return -105
        if row["status_id"] == _PENDING and call.on(PENDING):
            _tell(call, task, "Account pending")
            return -103
        if row["mfa_mode"] and not result and call.on(SECOND_FACTOR):
            if row["mfa_mode"] == 1:
                _send_code(call, username)
            _tell(call, task, "MFA active", 0)
            return 101
        return result


def _matches(call: Call, stored: str, sent: str) -> bool:
    if not call.on(SHA1):
        return stored == sent
    return matches(stored, sent, sha1=call.flavour.sha1_passwords, sha256=call.flavour.face == "corewcf")


def _one_time(call: Call, row: Row, stored: str) -> int:
    """100 where a one-time password was used, -116 where it was used before.

    2.x takes an empty stored password for one, each time ([148]).
    """
    state = row["one_time_password_state"] or _NO_ONE_TIME
    if call.flavour.face == "corewcf" and not stored:
        state = _ACTIVE
    if not call.on(ONE_TIME) or state == _NO_ONE_TIME:
        return 0
    if state == _USED:
        return -116 if call.on(EXPIRED) else 0
    call.db.execute("UPDATE users SET one_time_password_state = ? WHERE user_id = ?", (_USED, row["user_id"]))
    return 100


def _null_password(call: Call) -> ServiceFault:
    if call.flavour.face == "corewcf":
        return faults.argument_null("s")
    return faults.plain("String reference not set to an instance of a String.\nParameter name: s", "System.ArgumentNullException")


def _looked_up(call: Call, username: str | None, password: str | None, ip: str | None) -> Row | None:
    """The user of a name and password. 2.x writes a task about it, 1.x a record of its own where the name is known and right or
    unknown, and none of a wrong password."""
    row = user_by_credentials(call.db, call.flavour, call.panel.crypt, Credentials(username or "", password or ""))
    unknown = row is None and by_name(call, username) is None
    address = f"IP: {ip or ''}"
    if call.flavour.face == "corewcf":
        with call.task("USER", "GET_BY_USERNAME_PASSWORD", username) as task:
            _tell(call, task, address, 0)
            if unknown:
                _tell(call, task, "Account not found")
    elif row is not None or unknown:
        record = TaskRecord(
            source="USER", name="GET_BY_USERNAME_PASSWORD", item_name=username, started=call.now(), finished=call.now()
        )
        record.lines.append(LogLine(0, call.now(), address))
        if unknown:
            record.severity = 1
            record.lines.append(LogLine(1, call.now(), "Account not found"))
        call.finished_tasks.append(record)
    return row


@operation("esAuthentication", "GetUserByUsernamePassword")
def get_user_by_username_password(
    call: Call, *, username: str | None, password: str | None, ip: str | None
) -> dict[str, object] | None:
    row = _looked_up(call, username, password, ip)
    if row is None or (not call.on(NO_STATUS) and row["status_id"] != 1):
        return None
    info = user_info(call, row)
    if call.ef and call.on(WHOLE_SECONDS):
        for name in ("Created", "Changed"):
            moment = info[name]
            info[name] = moment.replace(microsecond=0) if isinstance(moment, datetime) else moment
    return info


@operation("esAuthentication", "ChangeUserPasswordByUsername")
def change_user_password_by_username(
    call: Call, *, username: str | None, oldPassword: str | None, newPassword: str | None, ip: str | None
) -> int:
    with call.task("USER", "CHANGE_PASSWORD_BY_USERNAME_PASSWORD", username) as task:
        _tell(call, task, f"IP: {ip or ''}", 0)
        row = _looked_up(call, username, oldPassword, ip)
        if row is None:
            _tell(call, task, "Account not found")
            if call.on(CHANGE_PAIR):
                return -101
            row = by_name(call, username)
        if row is not None:
            _store_password(call, row, newPassword)
    return 0


def _store_password(call: Call, row: Row, password: str | None) -> None:
    call.db.execute("UPDATE users SET password = ? WHERE user_id = ?", (sealed_password(call, password), row["user_id"]))
    if call.on(STATE_RESET):
        call.db.execute("UPDATE users SET one_time_password_state = 0 WHERE user_id = ?", (row["user_id"],))
    call.panel.logins.note_change(row["username"])


@operation("esAuthentication", "SendPasswordReminder")
def send_password_reminder_call(call: Call, *, username: str | None, ip: str | None) -> int:
    """An unknown user is 0: the panel tells nobody which names exist. -202 where the letter has no body; else a new one-time
    password is stored and mailed, and 0 says nothing of the mail."""
    with call.task("USER", "SEND_REMINDER", username) as task:
        _tell(call, task, f"IP: {ip or ''}", 0)
        row = by_name(call, username)
        if row is None:
            _tell(call, task, "Account not found")
            return 0 if call.on(REMINDER_SILENT) else -109
        return send_password_reminder(call, row)


@operation("esAuthentication", "GetSystemSetupMode")
def get_system_setup_mode(call: Call) -> bool:
    """True until the administrator has a password."""
    row = call.db.execute("SELECT password FROM users WHERE user_id = 1").fetchone()
    return row is None or not call.panel.crypt.open(row[0]) or not call.on(SETUP_MODE)


@operation("esAuthentication", "SetupControlPanelAccounts")
def setup_control_panel_accounts(call: Call, *, passwordA: str | None, passwordB: str | None, ip: str | None) -> int:
    """Give a fresh panel's accounts ``serveradmin`` and ``admin`` their passwords.

    -999 once it is set up, and where one of the two is missing, after the other has its password. (The real panel's record of
    this call tells the passwords; ours does not.)
    """
    with call.task("SYSTEM", "COMPLETE_SCPA" if call.flavour.face == "asmx" else "COMPLETE_FCPA", None) as task:
        _tell(call, task, f"IP Address: {ip or ''}", 0)
        if call.on(SETUP_REFUSED) and not get_system_setup_mode(call):
            _tell(call, task, "The panel is set up already")
            return _FAILED
        for name, password in (("serveradmin", passwordA), ("admin", passwordB)):
            row = by_name(call, name)
            if row is None:
                _tell(call, task, f"There is no account {name}", 2)
                return _FAILED
            _store_password(call, row, password)
    return 0


@operation("esAuthentication", "GetLoginThemes")
def get_login_themes(call: Call) -> DataSet:
    """The panel's themes as the log-in page lists them."""
    return themes(call)


@operation("esAuthentication", "ValidatePin")
def validate_pin(call: Call, *, username: str | None, pin: str | None) -> bool:
    row = by_name(call, username)
    if row is None:
        raise faults.null_reference()
    return row["pin_secret"] is not None and is_current_code(bytes(row["pin_secret"]), pin, call.now())


def _send_code(call: Call, username: str | None) -> int:
    """0, -202 for a letter without body; 1 for an unknown user, 2 for one whose codes come from an authenticator."""
    with call.task("USER", "SEND_VERIFICATION_CODE", username) as task:
        row = by_name(call, username)
        if row is None:
            _tell(call, task, "Account not found")
            return 1
        if row["mfa_mode"] == _BY_AUTHENTICATOR:
            _tell(call, task, "Codes of this account come from an authenticator")
            return 2
        return send_verification_code(call, row)


@operation("esAuthentication", "SendPin")
def send_pin(call: Call, *, username: str | None) -> int:
    """Mail a code for the second factor."""
    return _send_code(call, username)

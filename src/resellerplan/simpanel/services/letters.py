"""Letters: rendered from the settings' templates, put into the outbox, and handed to an SMTP server where one is given.

The outbox takes every well-formed recipient, whatever SmtpSettings say, but for those whose address begins with ``bounce``: these
it refuses, so that a client's handling of a refused recipient can be tried (-1908, as a real server's 550 becomes).
"""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Mapping
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.rights import may_see_password
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.second_factor import current_code, user_secret
from resellerplan.simpanel.services.hosting_plans import plan_info, plan_row
from resellerplan.simpanel.services.package_quotas import get_package_context
from resellerplan.simpanel.services.packages import get_package, list_info, rows_of_user
from resellerplan.simpanel.template_language import TemplateObject, evaluate_or_error
from resellerplan.simpanel.user_records import by_id, user_info, visible_by_id
from resellerplan.simpanel.user_settings import effective_settings
from resellerplan.simpanel.user_storage import sealed_password

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row

__all__ = [
    "ACCOUNT_LETTER",
    "PACKAGE_LETTER",
    "account_body",
    "account_variables",
    "is_enabled",
    "package_body",
    "package_variables",
    "send_account_letter",
    "send_package_letter",
    "send_password_reminder",
    "send_verification_code",
]

ACCOUNT_LETTER = "AccountSummaryLetter"
PACKAGE_LETTER = "PackageSummaryLetter"
REMINDER_LETTER = "PasswordReminderLetter"
CODE_LETTER = "VerificationCodeLetter"

EMPTY_BODY = rule("letters.empty_body", "2.4 letters 3", "A letter without a body: 0, and nothing is sent.")
HTML_BODY = rule("letters.html_body", "2.4 letters 3", "HtmlMail of the user picks the HTML body, else the text body.")
TO_GIVEN = rule("letters.null_recipient_is_the_user", "2.4 letters 4", "A null recipient means the user's address; '' does not.")
RESELLER_KNOWN = rule("letters.reseller_known", "2.4 letters", "Templates know the user's owner as reseller, without its password.")
MAILED = rule("letters.mailed_or_shown", "2.4 letters", "A template is told whether it is mailed (Email) or shown.")
SENDER = rule("letters.malformed_sender", "2.4 letters 5", "A letter whose From is no address: -1921.")
PRIORITY = rule("letters.unknown_priority", "2.4 letters", "A letter whose Priority is no word of the mail system is a fault.")
REMINDER_NEW = rule(
    "send_password_reminder.one_time_password", "2.1", "A reminder gives the user a new password that works once, and mails it."
)
MALFORMED = rule("letters.malformed_recipient", "2.4 letters", "A recipient that is no address: -1921.")
ONE_BCC = rule("letters.one_bcc_address", "2.4 letters 4", "More than one address in BCC: -1921.")
BOUNCES = rule("letters.refused_recipient", "2.4 letters 5", "A recipient whom the mail server refuses: -1908.")
PASSWORD_SEEN = rule("letters.password_by_right", "5.2", "The password stands in a letter only for who may get it.")
BREAKS = rule("letters.text_breaks", "2.4 letters", "In a shown text body line feeds become <br/>.")

_UNKNOWN, _GENERAL_FAILURE = -1921, -1908
_ADDRESS = re.compile(r"\s*(?:[^<>,;]*<)?\s*[^\s@,;<>]+@[^\s@,;<>]+\s*>?\s*")
_REFUSED = "bounce"

USER_MEMBERS = (
    "Password,OneTimePasswordState,PinSecret,RoleId,Role,StatusId,Status,LoginStatusId,LoginStatus,FailedLogins,UserId,OwnerId,"
    "IsPeer,Created,Changed,IsDemo,Comments,LastName,Username,FirstName,Email,PrimaryPhone,Zip,InstantMessenger,Fax,"
    "SecondaryPhone,SecondaryEmail,Country,Address,City,State,HtmlMail,CompanyName,EcommerceEnabled,SubscriberNumber,MfaMode,"
    "AdditionalParams,Vlans"
)
"""The members of a template's user, in the order in which an error lists them (real panel report 11)."""

SPACE_MEMBERS = "Package,GroupsArray,QuotasArray,Groups,Quotas"
_ROLES = ("", "Administrator", "Reseller", "User", "ResellerCSR", "PlatformCSR", "ResellerHelpdesk", "PlatformHelpdesk")
_STATUSES = ("", "Active", "Suspended", "Cancelled", "Pending")
_LOGIN_STATUSES = ("Enabled", "Disabled", "LockedOut")


def _user_object(call: Call, row: Row, *, without_password: bool = False) -> TemplateObject:
    info = user_info(call, row)
    named = {
        "Role": _name(_ROLES, row["role_id"]),
        "Status": _name(_STATUSES, row["status_id"]),
        "LoginStatus": _name(_LOGIN_STATUSES, row["login_status_id"] or 0),
        "OneTimePasswordState": row["one_time_password_state"] or 0,
        "PinSecret": None,
    }

    def load(member: str) -> object:
        if member == "Password":
            allowed = not without_password and (not call.on(PASSWORD_SEEN) or may_see_password(call, row["user_id"]))
            return call.panel.crypt.open(row["password"]) if allowed else ""
        return named[member] if member in named else info.get(member)

    return TemplateObject(tuple(USER_MEMBERS.split(",")), load)


def _name(names: tuple[str, ...], number: int) -> str:
    return names[number] if 0 <= number < len(names) else str(number)


def _object(values: Mapping[str, object]) -> TemplateObject:
    return TemplateObject(tuple(values), values.__getitem__)


def _space_object(call: Call, package_id: int) -> TemplateObject:
    """The space as GetPackageContext gives it, read when the template asks."""

    def load(member: str) -> object:
        if member == "Package":
            return _object(get_package(call, packageId=package_id) or {})
        context = get_package_context(call, packageId=package_id) or {}
        kind = "GroupsArray" if member.startswith("Groups") else "QuotasArray"
        listed = context.get(kind)
        rows = [_object(row) for row in listed] if isinstance(listed, list) else []
        if member.endswith("Array"):
            return rows
        return {row.load("GroupName" if kind == "GroupsArray" else "QuotaName"): row for row in rows}

    return TemplateObject(tuple(SPACE_MEMBERS.split(",")), load)


def _persons(call: Call, row: Row, email: bool) -> dict[str, object]:
    """What every template knows: the user, and the reseller where the caller may see it, without its password."""
    known: dict[str, object] = {"user": _user_object(call, row), "Email": email, "Signup": False}
    owner = visible_by_id(call, row["owner_id"]) if row["owner_id"] is not None and call.on(RESELLER_KNOWN) else None
    return known if owner is None else known | {"reseller": _user_object(call, owner, without_password=True)}


def account_variables(call: Call, row: Row, *, email: bool = False) -> dict[str, object]:
    """What an account template knows; ``email``: it is mailed, not shown."""
    spaces = rows_of_user(call, row["user_id"], complete=True)
    plans = {space["plan_id"]: plan_row(call, space["plan_id"]) for space in spaces if space["plan_id"] is not None}
    return _persons(call, row, email) | {
        "Spaces": [_object(list_info(call, space)) for space in spaces],
        "Plans": {number: _object(plan_info(call, plan)) for number, plan in plans.items() if plan is not None},
        "SpaceContexts": {space["package_id"]: _space_object(call, space["package_id"]) for space in spaces},
    }


def package_variables(call: Call, row: Row, package_id: int, *, email: bool = False) -> dict[str, object]:
    """What a space template knows; ``email``: it is mailed, not shown."""
    plan = call.db.execute(
        "SELECT h.* FROM hosting_plans h JOIN packages p ON p.plan_id = h.plan_id WHERE p.package_id = ?", (package_id,)
    ).fetchone()
    known = _persons(call, row, email) | {"space": _space_object(call, package_id)}
    if plan is not None:
        known["plan"] = _object(plan_info(call, plan))
    domains = call.db.execute("SELECT * FROM domains WHERE package_id = ? ORDER BY domain_name", (package_id,)).fetchall()
    return known | {
        "Domains": [
            _object(
                {
                    "DomainId": domain["domain_id"],
                    "PackageId": package_id,
                    "DomainName": domain["domain_name"],
                    "HostingAllowed": bool(domain["hosting_allowed"]),
                    "IsSubDomain": bool(domain["is_sub_domain"]),
                    "IsPreviewDomain": bool(domain["is_preview_domain"]),
                    "IsDomainPointer": bool(domain["is_domain_pointer"]),
                }
            )
            for domain in domains
        ],
        "WebSites": _items(call, package_id, "site"),
        "FtpAccounts": _items(call, package_id, "ftp_account"),
        "MailAccounts": _items(call, package_id, "mail_account"),
    }


def _items(call: Call, package_id: int, kind: str) -> list[TemplateObject]:
    rows = call.db.execute(
        "SELECT item_id, item_name FROM service_items WHERE package_id = ? AND item_type = ? ORDER BY item_id", (package_id, kind)
    ).fetchall()
    return [_object({"Id": row["item_id"], "PackageId": package_id, "Name": row["item_name"]}) for row in rows]


def is_enabled(call: Call, user_id: int, letter: str) -> bool:
    """EnableLetter of the effective letter of a user."""
    _, settings = effective_settings(call, user_id, letter)
    return (settings.get("EnableLetter") or "").lower() == "true"


def _template_of(call: Call, row: Row, letter: str) -> tuple[Mapping[str, str | None], str, bool]:
    """The effective letter of a user: its settings, its body ('' for none), whether it is HTML."""
    _, settings = effective_settings(call, row["user_id"], letter)
    html = bool(row["html_mail"]) if call.on(HTML_BODY) else False
    return settings, settings.get("HtmlBody" if html else "TextBody") or "", html


def _shown_body(call: Call, row: Row, letter: str, variables: Mapping[str, object]) -> str | None:
    """An evaluated body as the calls show it; None for an empty template."""
    _, template, html = _template_of(call, row, letter)
    if not template and call.on(EMPTY_BODY):
        return None
    text = evaluate_or_error(template, variables)
    return text if html or not call.on(BREAKS) else text.replace("\r\n", "\n").replace("\n", "<br/>")


def account_body(call: Call, row: Row) -> str | None:
    """The account letter's body for a user, or None."""
    return _shown_body(call, row, ACCOUNT_LETTER, account_variables(call, row))


def package_body(call: Call, row: Row, package_id: int) -> str | None:
    """The space letter's body for the owner of a space, or None."""
    return _shown_body(call, row, PACKAGE_LETTER, package_variables(call, row, package_id))


def send_account_letter(
    call: Call, user_id: int, to: str | None = None, cc: str | None = None, *, only_if_enabled: bool = False
) -> int:
    """Mail the account letter: 0, or the code of the mail system. Who may ask is the caller's affair."""
    row = by_id(call, user_id)
    if row is None or (only_if_enabled and not is_enabled(call, user_id, ACCOUNT_LETTER)):
        return 0
    return _send(call, row, ACCOUNT_LETTER, account_variables(call, row, email=call.on(MAILED)), to, cc, None)


def send_package_letter(
    call: Call, package_id: int, to: str | None = None, cc: str | None = None, *, only_if_enabled: bool = False
) -> int:
    """Mail the letter of a space to its owner: 0, or the code of the mail system."""
    found = call.db.execute(
        "SELECT u.* FROM packages p JOIN users u ON u.user_id = p.user_id WHERE p.package_id = ?", (package_id,)
    ).fetchone()
    if found is None or (only_if_enabled and not is_enabled(call, found["user_id"], PACKAGE_LETTER)):
        return 0
    variables = package_variables(call, found, package_id, email=call.on(MAILED))
    return _send(call, found, PACKAGE_LETTER, variables, to, cc, package_id)


def send_password_reminder(call: Call, row: Row) -> int:
    """Store a new one-time password and mail it to the user: 0, whatever becomes of the mail; -202 for a letter without body."""
    _, template, _ = _template_of(call, row, REMINDER_LETTER)
    if not template:
        return -202
    password = _one_time_password(call, row)
    if call.on(REMINDER_NEW):
        call.db.execute(
            "UPDATE users SET password = ?, one_time_password_state = 1 WHERE user_id = ?",
            (sealed_password(call, password), row["user_id"]),
        )
        call.panel.logins.note_change(row["username"])
    _send_alone(call, row, REMINDER_LETTER, _persons(call, by_id(call, row["user_id"]) or row, True))
    return 0


def _one_time_password(call: Call, row: Row) -> str:
    """As long as the password policy allows a password to be (its third item), else 12 characters."""
    _, policy = effective_settings(call, row["user_id"], f"{call.flavour.product}Policy")
    parts = (policy.get("PasswordPolicy") or "").split(";")
    length = parts[2].strip() if len(parts) > 2 else ""
    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _ in range(int(length) if length.isascii() and length.isdigit() else 12))


def send_verification_code(call: Call, row: Row) -> int:
    """Mail the code of the second factor: 0, whatever becomes of the mail; -202 for a letter without body.

    The code is kept as the user's secret.
    """
    _, template, _ = _template_of(call, row, CODE_LETTER)
    if not template.strip():
        return -202
    secret = user_secret(call, row)
    call.db.execute("UPDATE users SET pin_secret = ? WHERE user_id = ?", (secret, row["user_id"]))
    code = current_code(secret, call.now())
    _send_alone(call, row, CODE_LETTER, {"user": _user_object(call, row), "verificationCode": code})
    return 0


def _send_alone(call: Call, row: Row, letter: str, variables: Mapping[str, object]) -> None:
    """Mail a letter that goes to the user and the letter's CC only; nobody looks at the mail system's code."""
    _send(call, row, letter, variables, None, "", None, with_secondary=False)


def _send(
    call: Call,
    row: Row,
    letter: str,
    variables: Mapping[str, object],
    to: str | None,
    cc: str | None,
    package_id: int | None,
    *,
    with_secondary: bool = True,
) -> int:
    settings, template, html = _template_of(call, row, letter)
    _check_priority(call, settings.get("Priority"))
    if not template and call.on(EMPTY_BODY):
        return 0
    recipient = to if to is not None or not call.on(TO_GIVEN) else row["email"]
    bcc = _joined(cc, settings.get("CC"), row["secondary_email"] if with_secondary else None)
    if call.on(SENDER) and not _ADDRESS.fullmatch(settings.get("From") or ""):
        return _UNKNOWN
    if call.on(MALFORMED) and not _ADDRESS.fullmatch(recipient or ""):
        return _UNKNOWN
    if bcc and call.on(ONE_BCC) and not _ADDRESS.fullmatch(bcc):
        return _UNKNOWN
    if call.on(BOUNCES) and any(address.strip().startswith(_REFUSED) for address in (recipient or "", bcc)):
        return _GENERAL_FAILURE
    call.db.execute(
        "INSERT INTO outbox (sent, letter, user_id, package_id, sender, recipient, bcc, subject, priority, is_html, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            call.now_text(),
            letter,
            row["user_id"],
            package_id,
            settings.get("From"),
            recipient,
            bcc or None,
            evaluate_or_error(settings.get("Subject") or "", variables),
            settings.get("Priority"),
            html,
            evaluate_or_error(template, variables),
        ),
    )
    number = call.inserted("outbox")
    if call.panel.hand_over is not None:
        call.letters.append(number)
    return 0


def _check_priority(call: Call, word: str | None) -> None:
    """Raises .NET's fault for a word that is no priority; a number is taken for one."""
    if not word or not call.on(PRIORITY) or word.strip().lower() in ("normal", "low", "high"):
        return
    if not word.strip().lstrip("+-").isdecimal():
        raise faults.plain(f"Requested value '{word}' was not found.", "System.ArgumentException")


def _joined(*lists: str | None) -> str:
    """Addresses joined by commas, as the panel joins them; empty ones leave no comma."""
    return ",".join(part.replace(";", ",") for part in lists if part)

"""esPackages: CreateUserWizard (contract 2.4): a customer with a space and resources in one call, and its way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.rights import Demand, account_check
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.domain_creation import add_domain_to, name_is_free
from resellerplan.simpanel.services.domain_preview import add_preview_domain
from resellerplan.simpanel.services.domains import enable_dns
from resellerplan.simpanel.services.hosting_plans import plan_row
from resellerplan.simpanel.services.letters import send_account_letter
from resellerplan.simpanel.services.package_creation import add_space
from resellerplan.simpanel.services.package_letters import send_space_letter
from resellerplan.simpanel.services.packages import package_row
from resellerplan.simpanel.services.resources import (
    add_ftp_account,
    add_mail_account,
    add_web_site,
    catch_all_name,
    ftp_account_exists,
)
from resellerplan.simpanel.services.user_changes import create_user
from resellerplan.simpanel.services.user_removal import delete_user_later
from resellerplan.simpanel.user_records import by_name
from resellerplan.simpanel.wire import ServiceFault

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call

ACCOUNT = rule("create_user_wizard.account", "2.4, 5.1", "The wizard demands an active reseller, not a demo.")
PARENT = rule("create_user_wizard.parent", "2.4", "The parent space: -300 if missing, -303 if suspended, -304 if cancelled.")
USER_EXISTS = rule("create_user_wizard.user_exists", "2.4", "A user name that exists answers -1100.")
DOMAIN_TAKEN = rule("create_user_wizard.domain_taken", "2.4", "A domain name that exists answers -502.")
FTP_TAKEN = rule("create_user_wizard.ftp_taken", "2.4", "An FTP account name that exists answers -1101, wanted or not.")
OWNER = rule("create_user_wizard.owner_of_parent", "2.4", "The new user's owner is the owner of the parent space.")
ROLLBACK = rule("create_user_wizard.rollback", "2.4", "A step that fails deletes the new user in the background.")
LETTERS = rule(
    "create_user_wizard.letters",
    "2.4",
    "Letters that are asked for are sent whatever EnableLetter says; a mail code undoes the user.",
)
PLAN_UNKNOWN = rule(
    "create_user_wizard.plan_unknown", "2.4", "The space is named after its plan: an unknown plan is a NullReference fault."
)
TOLD = rule("create_user_wizard.faults_told", "2.4", "A resource that faults is told as in AddPackageWithResources: Could not ...")
PREVIEW = rule("create_user_wizard.preview_domain", "2.4", "A preview name that is asked for and refused undoes the user.")
ZONE_LAST = rule("create_user_wizard.zone_last", "2.4", "The zone comes last, and a fault in it undoes nothing.")
DOMAIN_WHEN = rule("create_user_wizard.domain_when", "2.4", "A domain is made only for a web site, a mailbox or a zone record.")

_ACTIVE = 1
_UNSET = (
    *("Comments", "PrimaryPhone", "SecondaryPhone", "Zip", "InstantMessenger", "Fax", "Country", "Address", "City", "State"),
    *("CompanyName", "SubscriberNumber", "AdditionalParams"),
)


def _parent_code(call: Call, parent_id: int) -> int:
    row = package_row(call, parent_id)
    if row is None:
        return -300
    return {2: -303, 3: -304}.get(row["status_id"], 0)


def _refusal(call: Call, parent_id: int, username: str, domain: str | None, ftp_name: str) -> int:
    """The checks before anything is made: 0 or a code."""
    if call.on(PARENT):
        code = _parent_code(call, parent_id)
        if code < 0:
            return code
    if call.on(USER_EXISTS) and by_name(call, username) is not None:
        return -1100
    if call.on(DOMAIN_TAKEN):
        code = name_is_free(call, domain)
        if code < 0:
            return code
    if call.on(FTP_TAKEN) and ftp_account_exists(call, ftp_name):
        return -1101
    return 0


@operation("esPackages", "CreateUserWizard")
def create_user_wizard(
    call: Call,
    *,
    parentPackageId: int,
    username: str | None,
    password: str | None,
    roleId: int,
    firstName: str | None,
    lastName: str | None,
    email: str | None,
    secondaryEmail: str | None,
    htmlMail: bool,
    sendAccountLetter: bool,
    createPackage: bool,
    planId: int,
    sendPackageLetter: bool,
    domainName: str | None,
    tempDomain: bool,
    createWebSite: bool,
    createFtpAccount: bool,
    ftpAccountName: str | None,
    createMailAccount: bool,
    hostName: str | None,
    createZoneRecord: bool,
) -> int:
    """The new user's id, or the code of the first step that refuses."""
    if call.on(ACCOUNT):
        code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE, Demand.IS_RESELLER)
        if code < 0:
            return code
    name = username or ""
    ftp_name = ftpAccountName or name
    code = _refusal(call, parentPackageId, name, domainName, ftp_name)
    if code < 0:
        return code
    parent = package_row(call, parentPackageId)
    owner = parent["user_id"] if parent is not None and call.on(OWNER) else call.caller.user_id
    user: dict[str, object] = dict.fromkeys(_UNSET) | {
        "OwnerId": owner,
        "RoleId": roleId,
        "StatusId": _ACTIVE,
        "LoginStatusId": 0,
        "IsPeer": False,
        "IsDemo": False,
        "Username": username,
        "FirstName": firstName,
        "LastName": lastName,
        "Email": email,
        "SecondaryEmail": secondaryEmail,
        "HtmlMail": htmlMail,
        "EcommerceEnabled": roleId == 2,
    }
    user_id = create_user(call, user, send_letter=False, password=password)
    if user_id < 0:
        return user_id
    call.keep()
    package_id = 0

    def space() -> int:
        nonlocal package_id
        plan = plan_row(call, planId)
        if plan is None and call.on(PLAN_UNKNOWN):
            raise faults.null_reference()
        name = plan["plan_name"] if plan is not None else None
        with call.task("HOSTING_SPACE", "ADD", name, wraps=False) as record:
            result = add_space(
                call, user_id=user_id, plan_id=planId, name=name, comments="", status_id=_ACTIVE, purchased=call.now_text()
            )["Result"]
            package_id = record.item_id = result if isinstance(result, int) else 0
        return package_id

    def resources() -> int:
        domain = domainName or ""
        wanted = createWebSite or createMailAccount or createZoneRecord or not call.on(DOMAIN_WHEN)
        number = 0
        if domain and wanted:
            number = _made("Could not add domain", call, lambda: add_domain_to(call, package_id, domain))
            if number < 0:
                return number
        steps: list[tuple[bool, str, Callable[[], int]]] = [
            (createWebSite and number > 0, "Could not create web site", lambda: add_web_site(call, package_id, hostName, domain)),
            (createFtpAccount, "Could not create FTP account", lambda: add_ftp_account(call, package_id, ftp_name)),
            (
                createMailAccount and number > 0,
                "Could not create mail account",
                lambda: add_mail_account(call, package_id, domain, catch_all_name(call, user_id)),
            ),
        ]
        for asked, text, work in steps:
            code = _made(text, call, work) if asked else 0
            if code < 0:
                return code
        if tempDomain and number > 0 and call.on(PREVIEW):
            code = add_preview_domain(call, number)
            if code < 0:
                return code
        if createZoneRecord and number > 0:
            row = call.db.execute("SELECT * FROM domains WHERE domain_id = ?", (number,)).fetchone()
            try:
                enable_dns(call, row)
            except ServiceFault as fault:
                raise _KeepsUser(fault) from fault
        return 0

    def letters() -> int:
        if not call.on(LETTERS):
            return 0
        code = send_account_letter(call, user_id) if sendAccountLetter else 0
        return send_space_letter(call, package_id) if code == 0 and sendPackageLetter and package_id else code

    steps: tuple[Callable[[], int], ...] = (*((space, resources) if createPackage else ()), letters)
    try:
        for step in steps:
            code = step()
            if code < 0:
                _undo(call, user_id)
                return code
    except _KeepsUser as kept:
        call.keep()
        if not call.on(ZONE_LAST):
            _undo(call, user_id)
        raise kept.fault from kept
    except ServiceFault:
        _undo(call, user_id)
        raise
    return user_id


class _KeepsUser(Exception):
    """The zone, the last step, faulted: nothing is undone."""

    def __init__(self, fault: ServiceFault) -> None:
        super().__init__("the zone could not be made")
        self.fault = fault


def _made(text: str, call: Call, work: Callable[[], int]) -> int:
    """Make one resource: its id or code. A fault in it is told inside ``text``."""
    try:
        return work()
    except ServiceFault as fault:
        if not call.on(TOLD):
            raise
        raise ServiceFault((text, *fault.messages), ("System.Exception", *fault.types)) from fault


def _undo(call: Call, user_id: int) -> None:
    if call.on(ROLLBACK):
        delete_user_later(call, user_id)

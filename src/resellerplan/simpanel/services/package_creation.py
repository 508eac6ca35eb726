"""esPackages: new spaces (contract 2.4): AddPackage and AddPackageWithResources, with what stays when a later step fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.flavours import Defect
from resellerplan.simpanel.quotas import exceeding, server_groups
from resellerplan.simpanel.rights import Demand, account_check, may_access_package, may_see_user
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.domain_creation import add_domain_to, name_is_free
from resellerplan.simpanel.services.domain_preview import add_preview_domain
from resellerplan.simpanel.services.hosting_plans import plan_row
from resellerplan.simpanel.services.package_deletion import delete_later
from resellerplan.simpanel.services.package_letters import letter_after_creation, send_space_letter
from resellerplan.simpanel.services.package_quotas import untranslatable
from resellerplan.simpanel.services.package_result import QuotaExceeded, done, exceeded, refused
from resellerplan.simpanel.services.packages import package_row, stored_name
from resellerplan.simpanel.services.resources import (
    add_ftp_account,
    add_home_folder,
    add_mail_account,
    add_web_site,
    catch_all_name,
    ftp_account_exists,
)
from resellerplan.simpanel.tree import enter_tree
from resellerplan.simpanel.wire import ServiceFault

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call, TaskRecord
    from resellerplan.simpanel.store import Row

__all__ = ["ROOT", "Resources", "add_space", "attempt"]

ROOT = 1
_OS, _VPS2012 = 1, 33

ACCOUNT = rule("add_package.account", "2.4, 5.1", "A new space demands an active Reseller or ResellerCSR, not a demo.")
PARENT = rule("add_package.parent_is_plans_space", "2.4", "A space's parent is the space of its plan; without one it is the root.")
PARENT_RIGHTS = rule(
    "add_package.parent_rights", "2.4, 5.3", "Rights are checked on the parent space: a foreign or unknown plan is a rights fault."
)
REFERENCES = rule("add_package.references", "2.4", "An unknown user or plan is a foreign-key fault; nothing is left.")
EXCEED = rule("add_package.exceed", "2.4, 6.4", "A space that exceeds its parent's quotas answers -305 and leaves nothing.")
EXCEED_USES_ID = rule("add_package.exceed_uses_id", "6.9", "By stored procedure a refused space uses up its id.")
FOREIGN_USER = rule(
    "add_package.foreign_user", "2.4, 6.3", "A space for a user out of reach is made, and then the call is a rights fault."
)
NO_SERVER = rule(
    "add_package.no_server", "2.4", "On 2.x-EF a space without a server (of an add-on plan) is made, and then the call faults."
)
VLAN = rule(
    "add_package.vlan_single", "7.6.4", "Stock FuseCP faults below a reseller's space without a VPS2012 service; the space stays."
)
NAME_CUT = rule("add_package.name_length", "3.4", "Stored procedures cut a new space's name at 300 characters.")
DOMAIN_TAKEN = rule("add_space.domain_taken", "2.4", "A domain name that exists answers -502 even without resources.")
PREVIEW = rule("add_space.preview_domain", "2.4", "tempDomain asks for the domain's preview name; its code is ignored.")
FTP_NAME_OF_USER = rule(
    "add_space.ftp_name_of_user", "2.4", "An FTP account without a name takes the user's: NullReference for a user out of sight."
)
FTP_TAKEN = rule("add_space.ftp_taken", "2.4", "An FTP account name that exists answers -1101 when one is wanted.")
DEFAULT_NAME = rule("add_space.default_name", "2.4", "A blank space name is the plan's name.")
CLEAN_UP = rule("add_space.clean_up", "2.4, 6.3", "A refused resource deletes the new space in the background.")
FTP_WITHOUT_DOMAIN = rule("add_space.ftp_without_domain", "2.4", "The FTP account is made even without a domain.")
LETTER_ASKED = rule("add_space.letter_asked", "2.4", "sendLetter sends the space letter whatever EnableLetter says.")
LETTER_ENABLED = rule("add_package.letter_enabled", "2.4", "AddPackage sends the space letter only if EnableLetter is true.")


def _insert(call: Call, values: tuple[object, ...], parent: int, status_id: int) -> int:
    call.db.execute(
        """
        INSERT INTO packages (user_id, plan_id, package_name, package_comments, purchase_date, server_id, parent_package_id,
            status_id, status_id_change_date) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (*values, parent, status_id, call.now_text()),
    )
    number = int(call.db.execute("SELECT last_insert_rowid()").fetchone()[0])
    if call.on(EXCEED_USES_ID):
        call.use_up("packages", number)
    enter_tree(call.db, number)
    return number


def _unreferenced(call: Call, user_id: int, plan: Row | None) -> ServiceFault | None:
    """The foreign-key fault of a space's row that would point nowhere."""
    known = call.db.execute("SELECT 1 FROM users WHERE user_id = ?", (user_id,)).fetchone() is not None
    if not known:
        return faults.foreign_key(call.flavour, constraint="FK_Packages_Users", table="Users", column="UserID")
    if plan is None:
        return faults.foreign_key(call.flavour, constraint="FK_Packages_HostingPlans", table="HostingPlans", column="PlanID")
    return None


def add_space(
    call: Call, *, user_id: int, plan_id: int, name: str | None, comments: str | None, status_id: int, purchased: str | None
) -> dict[str, object]:
    """AddPackage from its procedure on: the row, the parent's quotas, then the steps that may fault while the row stays."""
    plan = plan_row(call, plan_id)
    parent = (plan["package_id"] if plan is not None and call.on(PARENT) else None) or ROOT
    if call.on(PARENT_RIGHTS) and not may_access_package(call, parent):
        raise call.denied_package()
    fault = _unreferenced(call, user_id, plan)
    if fault is not None:
        if call.on(REFERENCES):
            raise fault
        return done(call, 0)
    server_id = plan["server_id"] if plan is not None else None
    stored = stored_name(call, name, in_task=True) if call.on(NAME_CUT) else name
    try:
        with call.atomic():
            package_id = _insert(call, (user_id, plan_id, stored, comments, purchased, server_id), parent, status_id)
            rows = exceeding(call, parent)
            if rows and call.on(EXCEED):
                raise QuotaExceeded(rows)
    except QuotaExceeded as found:
        return exceeded(call, found.rows)
    call.keep()
    _after_insert(call, package_id, parent, server_id)
    return done(call, package_id)


def _after_insert(call: Call, package_id: int, parent: int, server_id: int | None) -> None:
    """Addresses, networks, home folder: what faults here leaves the space."""
    if call.on(FOREIGN_USER) and not may_access_package(call, package_id):
        raise call.denied_package()
    untranslatable(call)
    if call.has(Defect.VLAN_SINGLE_FAULT) and call.on(VLAN) and parent != ROOT:
        row = package_row(call, parent)
        if row is None or row["server_id"] is None or _VPS2012 not in server_groups(call.db, row["server_id"]):
            raise faults.invalid_operation("Sequence contains no elements")
    if call.ef and server_id is None and call.on(NO_SERVER):
        raise faults.null_reference()
    add_home_folder(call, package_id)


@operation("esPackages", "AddPackage")
def add_package(
    call: Call,
    *,
    userId: int,
    planId: int,
    packageName: str | None,
    packageComments: str | None,
    statusId: int,
    purchaseDate: datetime | None,
) -> dict[str, object]:
    """A new space without resources; its letter goes out where EnableLetter says so."""
    purchased = call.stored(purchaseDate or datetime.min)
    with call.task("HOSTING_SPACE", "ADD", packageName, wraps=False) as record:
        if call.on(ACCOUNT):
            code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE, Demand.IS_RESELLER_CSR)
            if code < 0:
                return refused(code)
        result = add_space(
            call,
            user_id=userId,
            plan_id=planId,
            name=packageName,
            comments=packageComments,
            status_id=statusId,
            purchased=purchased,
        )
        number = result["Result"]
        if isinstance(number, int) and number > 0:
            record.item_id = number
            letter_after_creation(call, number, only_enabled=call.on(LETTER_ENABLED))
        return result


class Resources:
    """What a new space is to get besides itself."""

    __slots__ = ("domain", "ftp", "ftp_name", "host", "mail", "preview", "site")

    def __init__(
        self, *, domain: str | None, site: bool, ftp: bool, ftp_name: str | None, mail: bool, host: str | None, preview: bool
    ) -> None:
        self.domain = domain
        self.site = site
        self.ftp = ftp
        self.ftp_name = ftp_name
        self.mail = mail
        self.host = host
        self.preview = preview


def attempt(record: TaskRecord, text: str, work: Callable[[], int]) -> int:
    """Make one resource: its code. An exception in it becomes ``text`` around it (a nested task tells its outer one's name)."""
    try:
        return work()
    except ServiceFault as fault:
        inner = faults.wrapped(record.name, record.item_name, record.source, fault) if len(fault.messages) == 1 else fault
        raise ServiceFault((text, *inner.messages), ("System.Exception", *inner.types)) from fault


def _make(call: Call, record: TaskRecord, package_id: int, user: Row | None, wanted: Resources) -> int:
    """Domain, site, FTP account, mailbox, in this order: 0, or the code of the first that is refused."""
    if wanted.domain:
        domain = wanted.domain
        code = attempt(record, "Could not add domain", lambda: _domain(call, package_id, domain, preview=wanted.preview))
        if code < 0:
            return code
        if wanted.site:
            code = attempt(record, "Could not create web site", lambda: add_web_site(call, package_id, wanted.host, domain))
            if code < 0:
                return code
    if wanted.ftp and (wanted.domain or call.on(FTP_WITHOUT_DOMAIN)):
        name = wanted.ftp_name or ""
        code = attempt(record, "Could not create FTP account", lambda: add_ftp_account(call, package_id, name))
        if code < 0:
            return code
    if wanted.mail and wanted.domain:
        domain, user_id = wanted.domain, 0 if user is None else int(user["user_id"])

        def mailbox() -> int:
            return add_mail_account(call, package_id, domain, catch_all_name(call, user_id))

        return min(attempt(record, "Could not create mail account", mailbox), 0)
    return 0


def _domain(call: Call, package_id: int, name: str, *, preview: bool) -> int:
    """The domain with its zone, and its preview name, whose code nobody looks at."""
    number = add_domain_to(call, package_id, name, zone=True)
    if number > 0 and preview and call.on(PREVIEW):
        add_preview_domain(call, number)
    return number


@operation("esPackages", "AddPackageWithResources")
def add_package_with_resources(
    call: Call,
    *,
    userId: int,
    planId: int,
    spaceName: str | None,
    statusId: int,
    sendLetter: bool,
    createResources: bool,
    domainName: str | None,
    tempDomain: bool,
    createWebSite: bool,
    createFtpAccount: bool,
    ftpAccountName: str | None,
    createMailAccount: bool,
    hostName: str | None,
) -> dict[str, object]:
    """A new space, and on demand its domain, site, FTP account and mailbox; a refused one takes the space with it."""
    with call.task("HOSTING_SPACE_WR", "ADD", spaceName) as record:
        if call.on(ACCOUNT):
            code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE, Demand.IS_RESELLER_CSR)
            if code < 0:
                return refused(code)
        if call.on(DOMAIN_TAKEN):
            code = name_is_free(call, domainName)
            if code < 0:
                return refused(code)
        visible = may_see_user(call, userId)
        user = call.db.execute("SELECT * FROM users WHERE user_id = ?", (userId,)).fetchone() if visible else None
        ftp_name = ftpAccountName
        if createFtpAccount and not ftp_name:
            if user is None and call.on(FTP_NAME_OF_USER):
                raise faults.null_reference()
            ftp_name = user["username"] if user is not None else ""
        if createFtpAccount and call.on(FTP_TAKEN) and ftp_account_exists(call, ftp_name or ""):
            return refused(-1101)
        name = spaceName
        if not (name or "").strip() and call.on(DEFAULT_NAME):
            plan = plan_row(call, planId)
            if plan is None:
                raise faults.null_reference()
            name = plan["plan_name"]
        result = add_space(
            call, user_id=userId, plan_id=planId, name=name, comments="", status_id=statusId, purchased=call.now_text()
        )
        number = result["Result"]
        if not isinstance(number, int) or number <= 0:
            return result
        record.item_id = number
        call.log(record, "HOSTING_SPACE_ADD", name or "")
        if createResources:
            wanted = Resources(
                domain=domainName,
                site=createWebSite,
                ftp=createFtpAccount,
                ftp_name=ftp_name,
                mail=createMailAccount,
                host=hostName,
                preview=tempDomain,
            )
            try:
                code = _make(call, record, number, user, wanted)
            except ServiceFault:
                _clean_up(call, number)
                raise
            if code < 0:
                _clean_up(call, number)
                return done(call, code)
        if sendLetter:
            if call.on(LETTER_ASKED):
                send_space_letter(call, number)
            else:
                letter_after_creation(call, number, only_enabled=True)
        return result


def _clean_up(call: Call, package_id: int) -> None:
    if call.on(CLEAN_UP):
        delete_later(call, package_id)

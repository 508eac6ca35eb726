"""What a space holds on its servers, as rows: home folder, web sites, FTP accounts, mailboxes (contract 2.4, codes of section 4).

A resource goes through the panel's checks in their order; no agent is asked, a row of ``service_items`` is what comes of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from resellerplan.simpanel.names import item_key
from resellerplan.simpanel.quotas import service_of
from resellerplan.simpanel.rights import Demand, account_check
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.agents import contact_agent
from resellerplan.simpanel.services.package_quotas import own_quota
from resellerplan.simpanel.services.packages import package_row
from resellerplan.simpanel.user_settings import effective_settings

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call

__all__ = [
    "add_ftp_account",
    "add_home_folder",
    "add_item",
    "add_mail_account",
    "add_web_site",
    "add_zone",
    "catch_all_name",
    "ftp_account_exists",
    "item_named",
    "space_check",
]

OS, WEB, FTP, MAIL, DNS = 1, 2, 3, 4, 7

SPACE_MISSING = rule("space_check.missing", "2.4, 2.5", "A resource in a space that is not there answers -300.")
SPACE_SUSPENDED = rule("space_check.suspended", "2.5", "A resource in a suspended space answers -303.")
SPACE_CANCELLED = rule("space_check.cancelled", "2.5", "A resource in a cancelled space answers -304.")
SITE_QUOTA = rule("web_site.quota", "2.4", "Without a web site left in the quota the answer is -600, without the group too.")
SITE_SERVICE = rule("web_site.service", "2.4", "Without a web service on the space's server the answer is -602.")
SITE_EXISTS = rule("web_site.exists", "2.4", "A web site of that name answers -601, also where there is no web service.")
SITE_POINTER = rule("web_site.pointer_exists", "4", "A web site named as a domain pointer that exists answers -601.")
FTP_QUOTA = rule("ftp_account.quota", "2.4", "Without an FTP account left in the quota the answer is -802.")
FTP_SERVICE = rule("ftp_account.service", "2.4", "Without an FTP service on the space's server the answer is -802.")
FTP_EXISTS = rule("ftp_account.exists", "2.4", "An FTP account of that name answers -803.")
ZONE_EXISTS = rule("dns_zone.exists", "4", "A zone that is on the DNS service already answers -509, and no domain is made for it.")
MAIL_QUOTA = rule(
    "mail_account.quota", "2.4", "Without a mailbox left in the quota the answer is -702, also without a mail service."
)
MAIL_SERVICE = rule("mail_account.service", "2.4", "Without a mail service on the space's server the answer is -702.")
MAIL_POLICY = rule(
    "mail_account.policy", "2.4", "The mailbox of a new space is named as the user's effective MailPolicy says, else mail."
)
MAIL_EXISTS = rule("mail_account.exists", "2.4", "A mailbox of that name answers -703.")


def space_check(call: Call, package_id: int) -> int:
    """0 for a space in which something may be made; -300, -303, -304."""
    row = package_row(call, package_id)
    if row is None:
        return -300 if call.on(SPACE_MISSING) else 0
    if row["status_id"] == 2 and call.on(SPACE_SUSPENDED):
        return -303
    if row["status_id"] == 3 and call.on(SPACE_CANCELLED):
        return -304
    return 0


def _checks(call: Call, package_id: int) -> int:
    return account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE) or space_check(call, package_id)


def item_named(call: Call, kind: str, name: str) -> int | None:
    """The id of a service item by kind and name, anywhere on the panel; names compare as domain names do."""
    row = call.db.execute(
        "SELECT item_id FROM service_items WHERE item_type = ? AND item_key = ?", (kind, item_key(name))
    ).fetchone()
    return None if row is None else int(row[0])


def add_item(call: Call, package_id: int, group_id: int, kind: str, name: str) -> int:
    """Write a service item on the space's service of a group. Raises the fault of an agent that does not answer."""
    service = service_of(call, package_id, group_id)
    contact_agent(call, service)
    call.db.execute(
        """
        INSERT INTO service_items (package_id, service_id, group_id, item_type, item_name, item_key, enabled, created_date)
        VALUES (?, ?, ?, ?, ?, ?, 1, ?)
        """,
        (package_id, service, group_id, kind, name, item_key(name), call.now_text()),
    )
    return call.inserted("service_items")


def add_zone(call: Call, package_id: int, name: str) -> int:
    """A DNS zone on the space's DNS service: its item id, 0 where the space has no such service, -509 where the zone is there.

    Raises the fault of an agent that does not answer.
    """
    service = service_of(call, package_id, DNS)
    if service is None:
        return 0
    contact_agent(call, service)
    query = "SELECT 1 FROM service_items WHERE item_type = 'dns_zone' AND item_key = ? AND service_id = ? LIMIT 1"
    if call.on(ZONE_EXISTS) and call.db.execute(query, (item_key(name), service)).fetchone() is not None:
        return -509
    return add_item(call, package_id, DNS, "dns_zone", name)


def add_home_folder(call: Call, package_id: int) -> None:
    """The home folder of a new space; skipped where the space has no OS service."""
    if service_of(call, package_id, OS) is not None:
        add_item(call, package_id, OS, "home_folder", f"HomeFolder {package_id}")


def add_web_site(call: Call, package_id: int, host: str | None, domain: str) -> int:
    """A web site ``host.domain`` (or ``domain``) in a space; points the domain to it. Its item id or a code."""
    code = _checks(call, package_id)
    if code < 0:
        return code
    if call.on(SITE_QUOTA) and own_quota(call, package_id, "Web.Sites")["QuotaExhausted"]:
        return -600
    name = f"{host}.{domain}" if host else domain
    if call.on(SITE_EXISTS) and item_named(call, "site", name) is not None:
        return -601
    if call.on(SITE_POINTER) and _is_pointer(call, name):
        return -601
    if call.on(SITE_SERVICE) and service_of(call, package_id, WEB) is None:
        return -602
    number = add_item(call, package_id, WEB, "site", name)
    call.db.execute(
        "UPDATE domains SET web_site_id = ? WHERE package_id = ? AND domain_key = ?", (number, package_id, item_key(domain))
    )
    return number


def _is_pointer(call: Call, name: str) -> bool:
    query = "SELECT 1 FROM domains WHERE domain_key = ? AND is_domain_pointer = 1 LIMIT 1"
    return call.db.execute(query, (item_key(name),)).fetchone() is not None


def ftp_account_exists(call: Call, name: str) -> bool:
    """Whether an FTP account of that name exists anywhere on the panel."""
    return item_named(call, "ftp_account", name) is not None


def add_ftp_account(call: Call, package_id: int, name: str) -> int:
    """An FTP account on the space's root folder. Its item id or a code."""
    code = _checks(call, package_id)
    if code < 0:
        return code
    if call.on(FTP_QUOTA) and own_quota(call, package_id, "FTP.Accounts")["QuotaExhausted"]:
        return -802
    if call.on(FTP_SERVICE) and service_of(call, package_id, FTP) is None:
        return -802
    if call.on(FTP_EXISTS) and ftp_account_exists(call, name):
        return -803
    return add_item(call, package_id, FTP, "ftp_account", name)


def catch_all_name(call: Call, user_id: int) -> str:
    """The local part of the mailbox that is made with a space: as the user's MailPolicy says, else ``mail``."""
    _, policy = effective_settings(call, user_id, "MailPolicy")
    wanted = {name.lower(): value for name, value in policy.items()}.get("catchallname")
    return wanted if wanted and call.on(MAIL_POLICY) else "mail"


def add_mail_account(call: Call, package_id: int, domain: str, local_part: str = "mail") -> int:
    """The catch-all mailbox of a domain, and its mail domain. The mailbox's item id or a code."""
    code = _checks(call, package_id)
    if code < 0:
        return code
    if call.on(MAIL_QUOTA) and own_quota(call, package_id, "Mail.Accounts")["QuotaExhausted"]:
        return -702
    if call.on(MAIL_SERVICE) and service_of(call, package_id, MAIL) is None:
        return -702
    name = f"{local_part}@{domain}"
    if call.on(MAIL_EXISTS) and item_named(call, "mail_account", name) is not None:
        return -703
    if item_named(call, "mail_domain", domain) is None:
        number = add_item(call, package_id, MAIL, "mail_domain", domain)
        call.db.execute(
            "UPDATE domains SET mail_domain_id = ? WHERE package_id = ? AND domain_key = ?", (number, package_id, item_key(domain))
        )
    return add_item(call, package_id, MAIL, "mail_account", name)

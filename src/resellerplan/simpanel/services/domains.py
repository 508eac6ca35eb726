"""esServers: reading, changing and deleting domains (contract 2.5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.caller import SUPERVISOR
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.names import domain_key
from resellerplan.simpanel.rights import ADMINISTRATOR, Demand, account_check, may_access_package
from resellerplan.simpanel.rules import Rule, rule
from resellerplan.simpanel.services.domain_preview import add_preview_domain, preview_name, preview_of, remove_preview
from resellerplan.simpanel.services.package_quotas import own_quota
from resellerplan.simpanel.services.packages import package_row
from resellerplan.simpanel.services.resources import add_zone
from resellerplan.simpanel.tree import BELOW_SPACE

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row

__all__ = ["RIGHTS", "domain_info", "domain_row", "enable_dns"]

RIGHTS = rule("domains.rights", "2.5, 5.3", "The domains of a space out of reach are a rights fault.")
RECURSIVE = rule("domains.recursive", "2.5", "GetDomains lists those of all spaces below too, GetMyDomains only the space's own.")
ONE_MISSING = rule("domain.missing", "2.5", "Reading or deleting a domain that is not there is a NullReference fault.")
ONE_RIGHTS = rule("domain.rights", "2.5, 5.3", "A domain of a space out of reach reads as not there, and stays.")
ONE_TTL = rule("domain.ttl", "2.5", "Only GetDomain fills the default TTLs (86400, 3600), and it has no date of the last update.")
RESELLER_EMPTY = rule(
    "reseller_domains.allowing_only", "2.5", "GetResellerDomains lists domains that allow sub-domains; usually none."
)
DELETE_ACCOUNT = rule("delete_domain.account", "2.5", "Deleting a domain demands an account that is no demo.")
DELETE_TENANT = rule(
    "delete_domain.tenant_may_not",
    "2.5",
    "Where OS.NotAllowTenantDeleteDomains is on, only administrators delete top-level domains (-107).",
)
DELETE_SITE = rule("delete_domain.web_site", "2.5", "A domain that a web site uses answers -506.")
DELETE_MAIL = rule("delete_domain.mail_domain", "2.5", "A domain that a mail domain uses answers -507.")
DELETE_ORGANIZATION = rule("delete_domain.organization", "2.5", "A domain that an organisation uses answers -2705.")
DELETE_BELOW = rule("delete_domain.web_site_below", "2.5", "A domain on whose zone another one with a web site hangs answers -506.")
DETACH_CHECKS = rule("detach_domain.in_use", "2.5", "Detaching a domain that is in use answers as deleting it does.")
DETACH_ADMIN = rule("detach_domain.admin_only", "5.1", "Only administrators detach a domain (-107).")
UPDATE_ACCOUNT = rule("update_domain.account", "2.5", "Changing a domain demands no more than an account that is no demo.")
DNS_ACCOUNT = rule("domain_dns.account", "2.5", "Switching a domain's zone demands no more than an account that is no demo.")
PREVIEW_NAME = rule("domain.preview_name", "2.5", "Only GetDomain tells the preview name, and its domain where there is one.")
BY_ITEM = rule("domains_by_item.hanging_on_it", "2.5", "GetDomainsByDomainId lists what hangs on a domain, not the domain itself.")

_SELECT = """
    SELECT d.*, z.item_name AS zone_name, w.item_name AS web_site_name, m.item_name AS mail_domain_name
    FROM domains d
    LEFT JOIN service_items z ON z.item_id = d.zone_item_id
    LEFT JOIN service_items w ON w.item_id = d.web_site_id
    LEFT JOIN service_items m ON m.item_id = d.mail_domain_id
"""
_DEFAULT_TTL, _MINIMUM_TTL = 86400, 3600


def domain_info(call: Call, row: Row) -> dict[str, object]:
    """A domain as the lists give it."""
    return {
        "DomainId": row["domain_id"],
        "PackageId": row["package_id"],
        "ZoneItemId": row["zone_item_id"] or 0,
        "DomainItemId": row["domain_item_id"] or 0,
        "DomainName": row["domain_name"],
        "HostingAllowed": bool(row["hosting_allowed"]),
        "WebSiteId": row["web_site_id"] or 0,
        "WebSiteName": row["web_site_name"],
        "MailDomainId": row["mail_domain_id"] or 0,
        "MailDomainName": row["mail_domain_name"],
        "ZoneName": row["zone_name"],
        "IsSubDomain": bool(row["is_sub_domain"]),
        "IsPreviewDomain": bool(row["is_preview_domain"]),
        "IsDomainPointer": bool(row["is_domain_pointer"]),
        "PreviewDomainId": 0,
        "PreviewDomainName": None,
        "CreationDate": call.time(row["creation_date"]),
        "ExpirationDate": call.time(row["expiration_date"]),
        "LastUpdateDate": call.time(row["last_update_date"]),
        "RegistrarName": row["registrar_name"],
        "RecordDefaultTTL": 0,
        "RecordMinimumTTL": 0,
        "MinimumTTL": 0,
        "ZoneServiceID": 0,
    }


def _with_preview(call: Call, row: Row, info: dict[str, object]) -> dict[str, object]:
    """The preview name that a domain would have, and its id where it is there."""
    if not call.on(PREVIEW_NAME):
        return info
    name = preview_name(call, row["package_id"], row["domain_name"])
    found = preview_of(call, name)
    return info | {"PreviewDomainName": name, "PreviewDomainId": 0 if found is None else found["domain_id"]}


def _check(call: Call, package_id: int) -> None:
    if call.on(RIGHTS) and not may_access_package(call, package_id):
        raise call.denied_package()


def _in_space(call: Call, package_id: int, *, recursive: bool, more: str = "") -> list[dict[str, object]]:
    spaces = "d.package_id = ?"
    parameters: Sequence[int] = (package_id,)
    if recursive and call.on(RECURSIVE):
        spaces = f"(d.package_id = ? OR d.package_id IN ({BELOW_SPACE} SELECT package_id FROM below))"
        parameters = (package_id, package_id)
    # EF walks the spaces, a stored procedure gives the clustered key (recordings 432 of 2.x, 501 of 1.x).
    order = "d.package_id, d.domain_id" if call.ef else "d.domain_id"
    rows = call.db.execute(f"{_SELECT} WHERE {spaces}{more} ORDER BY {order}", parameters).fetchall()
    return [domain_info(call, row) for row in rows]


@operation("esServers", "GetDomains")
def get_domains(call: Call, *, packageId: int) -> list[dict[str, object]]:
    """All domains of a space and of the spaces below it."""
    _check(call, packageId)
    return _in_space(call, packageId, recursive=True)


@operation("esServers", "GetMyDomains")
def get_my_domains(call: Call, *, packageId: int) -> list[dict[str, object]]:
    """The domains of one space."""
    _check(call, packageId)
    return _in_space(call, packageId, recursive=False)


@operation("esServers", "GetResellerDomains")
def get_reseller_domains(call: Call, *, packageId: int) -> list[dict[str, object]]:
    """The domains of the space's parent below which sub-domains are allowed."""
    _check(call, packageId)
    row = package_row(call, packageId)
    parent = row["parent_package_id"] if row is not None else None
    more = " AND d.hosting_allowed = 1" if call.on(RESELLER_EMPTY) else ""
    if parent is None:
        return []
    named = call.flavour.face == "corewcf"
    kept = {*_FEW, "WebSiteId", "MailDomainId", *(("WebSiteName", "MailDomainName") if named else ())}
    found = _in_space(call, parent if call.on(RESELLER_EMPTY) else packageId, recursive=False, more=more)
    return [_only(info, kept) for info in found]


_FEW = ("DomainId", "PackageId", "ZoneItemId", "DomainName", "HostingAllowed")
_MORE = (*_FEW, "DomainItemId", "WebSiteId", "WebSiteName", "MailDomainId", "MailDomainName", "ZoneName")
_FLAGS = ("IsSubDomain", "IsPreviewDomain", "IsDomainPointer")


def _only(info: Mapping[str, object], kept: Collection[str]) -> dict[str, object]:
    """A domain of a list that selects these members: the others have the defaults of the class."""
    defaults: dict[type, object] = {int: 0, bool: False}
    return {name: value if name in kept else defaults.get(type(value)) for name, value in info.items()}


def domain_row(call: Call, domain_id: int) -> Row | None:
    """A domain within reach, or None; raises the fault of one that is not there."""
    row: Row | None = call.db.execute(f"{_SELECT} WHERE d.domain_id = ?", (domain_id,)).fetchone()
    if row is not None and call.on(ONE_RIGHTS) and not may_access_package(call, row["package_id"]):
        row = None
    if row is None and call.on(ONE_MISSING):
        raise faults.null_reference()
    return row


def _single(call: Call, row: Row) -> dict[str, object]:
    info = _with_preview(call, row, domain_info(call, row))
    if not call.on(ONE_TTL):
        return info
    return info | {"LastUpdateDate": None, "RecordDefaultTTL": _DEFAULT_TTL, "RecordMinimumTTL": _MINIMUM_TTL}


@operation("esServers", "GetDomain")
def get_domain(call: Call, *, domainId: int) -> dict[str, object] | None:
    """One domain."""
    row = domain_row(call, domainId)
    return None if row is None else _single(call, row)


@operation("esServers", "GetDomainsByDomainId")
def get_domains_by_domain_id(call: Call, *, domainId: int) -> list[dict[str, object]]:
    """The domains that hang on a domain, those out of reach left out."""
    own = "" if call.on(BY_ITEM) else " OR d.domain_id = ?"
    rows = call.db.execute(
        f"{_SELECT} WHERE d.domain_item_id = ?{own} ORDER BY d.domain_id", (domainId,) if not own else (domainId, domainId)
    ).fetchall()
    return [_only(domain_info(call, row), (*_MORE, *_FLAGS)) for row in rows if may_access_package(call, row["package_id"])]


# -- changing ---------------------------------------------------------------------------------------------------------------


def _no_demo(call: Call, demand: Rule) -> int:
    """The account check of calls that demand no more than an account that is no demo; without the rule, an active one."""
    return account_check(call, Demand.NOT_DEMO, *(() if call.on(demand) else (Demand.IS_ACTIVE,)))


@operation("esServers", "UpdateDomain")
def update_domain(call: Call, *, domain: Mapping[str, object] | None) -> int:
    """Whether sub-domains are allowed, the items that the domain points to, and the domain it hangs on."""
    code = _no_demo(call, UPDATE_ACCOUNT)
    if code < 0:
        return code
    if domain is None:
        raise faults.null_reference()
    row = domain_row(call, int(str(domain.get("DomainId") or 0)))
    if row is None:
        return 0
    with call.task("DOMAIN", "UPDATE", row["domain_name"], row["domain_id"]):
        call.db.execute(
            "UPDATE domains SET hosting_allowed = ?, zone_item_id = ?, web_site_id = ?, mail_domain_id = ?, domain_item_id = ?"
            " WHERE domain_id = ?",
            (
                int(bool(domain.get("HostingAllowed"))),
                domain.get("ZoneItemId") or None,
                domain.get("WebSiteId") or None,
                domain.get("MailDomainId") or None,
                domain.get("DomainItemId") or 0,
                row["domain_id"],
            ),
        )
    return 0


def _tenant_may_not(call: Call, row: Row) -> bool:
    if row["is_sub_domain"] or row["is_domain_pointer"] or not call.on(DELETE_TENANT):
        return False
    if call.caller.user_id == SUPERVISOR or call.caller.role_id == ADMINISTRATOR:
        return False
    return own_quota(call, row["package_id"], "OS.NotAllowTenantDeleteDomains")["QuotaAllocatedValue"] == 1


def _in_use(call: Call, row: Row) -> int:
    key = domain_key(row["domain_name"])
    if row["web_site_id"] and call.on(DELETE_SITE):
        return -506
    if row["mail_domain_id"] and call.on(DELETE_MAIL):
        return -507
    organization = call.db.execute(
        "SELECT 1 FROM service_items WHERE item_type = 'organization' AND item_key = ? LIMIT 1", (key,)
    ).fetchone()
    if organization is not None and call.on(DELETE_ORGANIZATION):
        return -2705
    hanging = call.db.execute(
        "SELECT package_id FROM domains WHERE domain_item_id = ? AND web_site_id IS NOT NULL", (row["domain_id"],)
    ).fetchall()
    if row["is_domain_pointer"] or not call.on(DELETE_BELOW):
        return 0
    return -506 if any(may_access_package(call, other["package_id"]) for other in hanging) else 0


@operation("esServers", "DeleteDomain")
def delete_domain(call: Call, *, domainId: int) -> int:
    """Zone and row of a domain that nothing uses."""
    if call.on(DELETE_ACCOUNT):
        code = account_check(call, Demand.NOT_DEMO)
        if code < 0:
            return code
    row = domain_row(call, domainId)
    if row is None:
        return 0
    if _tenant_may_not(call, row):
        return -107
    with call.task("DOMAIN", "DELETE", row["domain_name"], domainId):
        code = _in_use(call, row)
        if code < 0:
            return code
        remove_preview(call, row)
        _delete_row(call, row)
    return 0


def _delete_row(call: Call, row: Row) -> None:
    """A domain's row and its zone."""
    call.db.execute("DELETE FROM domains WHERE domain_id = ?", (row["domain_id"],))
    if row["zone_item_id"]:
        call.db.execute("DELETE FROM service_items WHERE item_id = ?", (row["zone_item_id"],))


@operation("esServers", "DetachDomain")
def detach_domain(call: Call, *, domainId: int) -> int:
    """Take a domain and its zone out of the panel; what is on the servers stays. Administrators only."""
    code = account_check(call, Demand.NOT_DEMO, *((Demand.IS_ADMIN,) if call.on(DETACH_ADMIN) else ()))
    if code < 0:
        return code
    row = domain_row(call, domainId)
    if row is None:
        return 0
    with call.task("DOMAIN", "DETACH", row["domain_name"], domainId):
        code = _in_use(call, row) if call.on(DETACH_CHECKS) else 0
        if code < 0:
            return code
        _delete_row(call, row)
    return 0


@operation("esServers", "EnableDomainDns")
def enable_domain_dns(call: Call, *, domainId: int) -> int:
    """Give a domain a zone, where the space has a DNS service."""
    code = _no_demo(call, DNS_ACCOUNT)
    if code < 0:
        return code
    row = domain_row(call, domainId)
    return 0 if row is None else enable_dns(call, row)


def enable_dns(call: Call, row: Row) -> int:
    """The zone of a domain that has none. Raises the fault of a DNS agent that does not answer."""
    if row["zone_item_id"]:
        return 0
    with call.task("DOMAIN", "ENABLE_DNS", row["domain_name"], row["domain_id"]):
        zone = add_zone(call, row["package_id"], row["domain_name"])
        if zone > 0:
            call.db.execute("UPDATE domains SET zone_item_id = ? WHERE domain_id = ?", (zone, row["domain_id"]))
    return min(zone, 0)


@operation("esServers", "DisableDomainDns")
def disable_domain_dns(call: Call, *, domainId: int) -> int:
    """Take a domain's zone away, and its preview name with it."""
    code = _no_demo(call, DNS_ACCOUNT)
    if code < 0:
        return code
    row = domain_row(call, domainId)
    if row is None or not row["zone_item_id"]:
        return 0
    with call.task("DOMAIN", "DISABLE_DNS", row["domain_name"], domainId):
        remove_preview(call, row)
        call.db.execute("UPDATE domains SET zone_item_id = NULL WHERE domain_id = ?", (domainId,))
        call.db.execute("DELETE FROM service_items WHERE item_id = ?", (row["zone_item_id"],))
    return 0


@operation("esServers", "CreateDomainPreviewDomain")
def create_domain_preview_domain(call: Call, *, hostName: str | None, domainId: int) -> int:
    """A preview name below the one that the space's settings give."""
    code = account_check(call, Demand.NOT_DEMO)
    if code < 0:
        return code
    return 0 if domain_row(call, domainId) is None else add_preview_domain(call, domainId)


@operation("esServers", "DeleteDomainPreviewDomain")
def delete_domain_preview_domain(call: Call, *, domainId: int) -> int:
    """Take the preview name of a domain away."""
    code = account_check(call, Demand.NOT_DEMO)
    if code < 0:
        return code
    row = domain_row(call, domainId)
    if row is None:
        return 0
    with call.task("DOMAIN", "DELETE_INSTANT_ALIAS", row["domain_name"], domainId):
        return remove_preview(call, row)

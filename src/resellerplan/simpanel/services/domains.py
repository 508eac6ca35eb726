"""esServers: reading, changing and deleting domains (contract 2.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.caller import SUPERVISOR
from resellerplan.simpanel.datasets import paged
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.listing import Source, Window, page
from resellerplan.simpanel.names import domain_key
from resellerplan.simpanel.quotas import service_of
from resellerplan.simpanel.rights import ADMINISTRATOR, Demand, account_check, may_access_package
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.package_quotas import own_quota
from resellerplan.simpanel.services.packages import package_row
from resellerplan.simpanel.services.resources import DNS, add_item, space_check
from resellerplan.simpanel.tree import BELOW_SPACE

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row
    from resellerplan.simpanel.wire import DataSet

__all__ = ["domain_info"]

RIGHTS = rule("domains.rights", "2.5, 5.3", "The domains of a space out of reach are a rights fault.")
RECURSIVE = rule("domains.recursive", "2.5", "GetDomains lists those of all spaces below too, GetMyDomains only the space's own.")
ONE_MISSING = rule("domain.missing", "2.5", "Reading or deleting a domain that is not there is a NullReference fault.")
ONE_RIGHTS = rule("domain.rights", "2.5, 5.3", "A domain of a space out of reach reads as not there, and stays.")
ONE_TTL = rule("domain.ttl", "2.5", "Only GetDomain fills the default TTLs (86400, 3600), and it has no date of the last update.")
PAGED_LEFT_OUT = rule("domains_paged.left_out", "2.5", "Pages of domains leave out preview domains and pointers.")
PAGED_SORT = rule("domains_paged.default_sort", "2.5", "Pages of domains are sorted by name where nothing is asked.")
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
PREVIEW_UNCONFIGURED = rule(
    "preview_domain.unconfigured", "4", "Without the space's PreviewDomain setting a preview domain answers -511."
)

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
    """The preview domain that hangs on a domain by its item."""
    preview = call.db.execute(
        "SELECT domain_id, domain_name FROM domains WHERE is_preview_domain = 1 AND domain_item_id = ?", (row["domain_id"],)
    ).fetchone()
    if preview is None:
        return info
    return info | {"PreviewDomainId": preview["domain_id"], "PreviewDomainName": preview["domain_name"]}


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
    return [_with_preview(call, row, domain_info(call, row)) for row in rows]


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
    return [] if parent is None else _in_space(call, parent if call.on(RESELLER_EMPTY) else packageId, recursive=False, more=more)


def _one(call: Call, domain_id: int) -> Row | None:
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
    row = _one(call, domainId)
    return None if row is None else _single(call, row)


@operation("esServers", "GetDomainsByDomainId")
def get_domains_by_domain_id(call: Call, *, domainId: int) -> list[dict[str, object]]:
    """The domains whose zone is that of a domain: itself, and what hangs on it."""
    row: Row | None = call.db.execute(f"{_SELECT} WHERE d.domain_id = ?", (domainId,)).fetchone()
    if row is None or not may_access_package(call, row["package_id"]):
        return []
    rows = call.db.execute(
        f"{_SELECT} WHERE d.domain_id = ? OR d.domain_item_id = ? ORDER BY d.domain_id", (domainId, domainId)
    ).fetchall()
    return [domain_info(call, found) for found in rows]


_PAGED = (
    "DomainId:int! PackageId:int! ZoneItemId:int DomainItemId:int DomainName:string HostingAllowed:boolean! WebSiteId:int! "
    "WebSiteName:string MailDomainId:int! MailDomainName:string IsSubDomain:boolean! IsPreviewDomain:boolean! "
    "IsDomainPointer:boolean! ExpirationDate:dateTime LastUpdateDate:dateTime RegistrarName:string PackageName:string "
    "ServerId:int! ServerName:string ServerComments:string VirtualServer:boolean! UserId:int! Username:string FirstName:string "
    "LastName:string FullName:string RoleId:int! Email:string"
)
_NAMES = MappingProxyType(
    {
        "domainid": "d.domain_id",
        "packageid": "d.package_id",
        "zoneitemid": "d.zone_item_id",
        "domainname": "d.domain_name",
        "hostingallowed": "d.hosting_allowed",
        "issubdomain": "d.is_sub_domain",
        "expirationdate": "d.expiration_date",
        "lastupdatedate": "d.last_update_date",
        "registrarname": "d.registrar_name",
        "packagename": "p.package_name",
        "serverid": "s.server_id",
        "servername": "s.server_name",
        "userid": "u.user_id",
        "username": "u.username",
        "firstname": "u.first_name",
        "lastname": "u.last_name",
        "email": "u.email",
        "roleid": "u.role_id",
    }
)


def _source(call: Call) -> Source:
    full_name = "u.first_name || ' ' || u.last_name"
    if call.ef:
        full_name = "coalesce(u.first_name, '') || ' ' || coalesce(u.last_name, '')"
    return Source(
        select=[
            *("d.domain_id", "d.package_id", "d.zone_item_id", "d.domain_item_id", "d.domain_name", "d.hosting_allowed"),
            *("coalesce(d.web_site_id, 0)", "w.item_name", "coalesce(d.mail_domain_id, 0)", "m.item_name"),
            *("d.is_sub_domain", "d.is_preview_domain", "d.is_domain_pointer", "d.expiration_date", "d.last_update_date"),
            *("d.registrar_name", "p.package_name", "coalesce(s.server_id, 0)", "coalesce(s.server_name, '')"),
            *("coalesce(s.comments, '')", "coalesce(s.virtual_server, 0)", "u.user_id", "u.username", "u.first_name"),
            *("u.last_name", full_name, "u.role_id", "u.email"),
        ],
        origin="""
            domains d JOIN packages p ON p.package_id = d.package_id JOIN users u ON u.user_id = p.user_id
            LEFT JOIN service_items z ON z.item_id = d.zone_item_id
            LEFT JOIN service_items w ON w.item_id = d.web_site_id
            LEFT JOIN service_items m ON m.item_id = d.mail_domain_id
            LEFT JOIN services v ON v.service_id = z.service_id
            LEFT JOIN servers s ON s.server_id = v.server_id
        """,
        names=MappingProxyType({**_NAMES, "fullname": full_name}),
        ambiguous=frozenset({"packageid", "serverid", "userid"}),
        window=Window.EXACT,
        tie="d.domain_id",
        text=frozenset(
            {"d.domain_name", "p.package_name", "u.username", "u.first_name", "u.last_name", "u.email", "s.server_name", full_name}
        ),
        nocase=frozenset({"d.domain_name"}),
        default_sort="DomainName" if call.on(PAGED_SORT) else "",
        ef_type="<>f__AnonymousType",
    )


@operation("esServers", "GetDomainsPaged")
def get_domains_paged(
    call: Call,
    *,
    packageId: int,
    serverId: int,
    recursive: bool,
    filterColumn: str | None,
    filterValue: str | None,
    sortColumn: str | None,
    startRow: int,
    maximumRows: int,
) -> DataSet:
    """The domains of a space, on demand those below too; preview domains and pointers are left out."""
    _check(call, packageId)
    where, parameters = "d.package_id = ?", [packageId]
    if recursive:
        where = f"(d.package_id = ? OR d.package_id IN ({BELOW_SPACE} SELECT package_id FROM below))"
        parameters = [packageId, packageId]
    if call.on(PAGED_LEFT_OUT):
        where = f"{where} AND d.is_preview_domain = 0 AND d.is_domain_pointer = 0"
    if serverId:
        where, parameters = f"{where} AND s.server_id = ?", [*parameters, serverId]
    found = page(
        call,
        _source(call),
        where=where,
        parameters=parameters,
        filter_column=filterColumn,
        filter_value=filterValue,
        sort_column=sortColumn,
        start=startRow,
        maximum=maximumRows,
    )
    return paged(call, _PAGED, found.count, found.rows)


# -- changing ---------------------------------------------------------------------------------------------------------------


@operation("esServers", "UpdateDomain")
def update_domain(call: Call, *, domain: Mapping[str, object] | None) -> int:
    """Whether sub-domains are allowed, and the items that the domain points to."""
    code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE)
    if code < 0:
        return code
    if domain is None:
        raise faults.null_reference()
    row = _one(call, int(str(domain.get("DomainId") or 0)))
    if row is None:
        return 0
    code = space_check(call, row["package_id"])
    if code < 0:
        return code
    with call.task("DOMAIN", "UPDATE", row["domain_name"], row["domain_id"], row["package_id"]):
        call.db.execute(
            "UPDATE domains SET hosting_allowed = ?, zone_item_id = ?, web_site_id = ?, mail_domain_id = ? WHERE domain_id = ?",
            (
                int(bool(domain.get("HostingAllowed"))),
                domain.get("ZoneItemId") or None,
                domain.get("WebSiteId") or None,
                domain.get("MailDomainId") or None,
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
    return -2705 if organization is not None and call.on(DELETE_ORGANIZATION) else 0


@operation("esServers", "DeleteDomain")
def delete_domain(call: Call, *, domainId: int) -> int:
    """Zone and row of a domain that nothing uses."""
    if call.on(DELETE_ACCOUNT):
        code = account_check(call, Demand.NOT_DEMO)
        if code < 0:
            return code
    row = _one(call, domainId)
    if row is None:
        return 0
    if _tenant_may_not(call, row):
        return -107
    with call.task("DOMAIN", "DELETE", row["domain_name"], domainId, row["package_id"]):
        code = _in_use(call, row)
        if code < 0:
            return code
        call.db.execute(
            "UPDATE domains SET web_site_id = NULL, mail_domain_id = NULL, zone_item_id = NULL WHERE domain_id = ?", (domainId,)
        )
        if row["zone_item_id"]:
            call.db.execute("DELETE FROM service_items WHERE item_id = ?", (row["zone_item_id"],))
        call.db.execute(
            "DELETE FROM domains WHERE domain_id = ? OR (is_preview_domain = 1 AND domain_item_id = ?)", (domainId, domainId)
        )
    return 0


@operation("esServers", "DetachDomain")
def detach_domain(call: Call, *, domainId: int) -> int:
    """Take a domain and its zone out of the panel; what is on the servers stays. Administrators only."""
    code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE, Demand.IS_ADMIN)
    if code < 0:
        return code
    row = _one(call, domainId)
    if row is None:
        return 0
    with call.task("DOMAIN", "DETACH", row["domain_name"], domainId, row["package_id"]):
        call.db.execute("DELETE FROM domains WHERE domain_id = ?", (domainId,))
        if row["zone_item_id"]:
            call.db.execute("DELETE FROM service_items WHERE item_id = ?", (row["zone_item_id"],))
    return 0


def _active(call: Call, row: Row) -> int:
    return account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE) or space_check(call, row["package_id"])


@operation("esServers", "EnableDomainDns")
def enable_domain_dns(call: Call, *, domainId: int) -> int:
    """Give a domain a zone, where the space has a DNS service."""
    row = _one(call, domainId)
    if row is None:
        return 0
    code = _active(call, row)
    if code < 0 or row["zone_item_id"] or service_of(call.db, row["package_id"], DNS) is None:
        return code
    with call.task("DOMAIN", "ENABLE_DNS", row["domain_name"], domainId, row["package_id"]):
        zone = add_item(call, row["package_id"], DNS, "dns_zone", row["domain_name"])
        call.db.execute("UPDATE domains SET zone_item_id = ? WHERE domain_id = ?", (zone, domainId))
    return 0


@operation("esServers", "DisableDomainDns")
def disable_domain_dns(call: Call, *, domainId: int) -> int:
    """Take a domain's zone away."""
    row = _one(call, domainId)
    if row is None:
        return 0
    code = _active(call, row)
    if code < 0 or not row["zone_item_id"]:
        return code
    with call.task("DOMAIN", "DISABLE_DNS", row["domain_name"], domainId, row["package_id"]):
        call.db.execute("UPDATE domains SET zone_item_id = NULL WHERE domain_id = ?", (domainId,))
        call.db.execute("DELETE FROM service_items WHERE item_id = ?", (row["zone_item_id"],))
    return 0


@operation("esServers", "CreateDomainPreviewDomain")
def create_domain_preview_domain(call: Call, *, hostName: str | None, domainId: int) -> int:
    """A preview name below the one that the space's settings give."""
    row = _one(call, domainId)
    if row is None:
        return 0
    code = _active(call, row)
    if code < 0:
        return code
    suffix = call.db.execute(
        """
        SELECT property_value FROM package_settings
        WHERE package_id = ? AND settings_name = 'PreviewDomain' AND property_name = 'PreviewDomain'
        """,
        (row["package_id"],),
    ).fetchone()
    if suffix is None or not suffix[0]:
        return -511 if call.on(PREVIEW_UNCONFIGURED) else 0
    name = f"{row['domain_name']}.{suffix[0]}"
    call.db.execute(
        "INSERT INTO domains (package_id, domain_item_id, domain_name, domain_key, is_preview_domain) VALUES (?, ?, ?, ?, 1)",
        (row["package_id"], domainId, name, domain_key(name)),
    )
    return 0


@operation("esServers", "DeleteDomainPreviewDomain")
def delete_domain_preview_domain(call: Call, *, domainId: int) -> int:
    """Take the preview name of a domain away."""
    row = _one(call, domainId)
    if row is None:
        return 0
    code = _active(call, row)
    if code < 0:
        return code
    call.db.execute("DELETE FROM domains WHERE is_preview_domain = 1 AND domain_item_id = ?", (domainId,))
    return 0

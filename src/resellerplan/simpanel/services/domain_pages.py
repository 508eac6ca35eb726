"""esServers: the paged list of domains (contract 2.5)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from resellerplan.simpanel.datasets import paged
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.listing import Source, Window, page
from resellerplan.simpanel.rights import may_access_package
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.domains import RIGHTS
from resellerplan.simpanel.tree import BELOW_SPACE

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.wire import DataSet

PAGED_LEFT_OUT = rule("domains_paged.left_out", "2.5", "Pages of domains leave out preview domains and pointers.")
PAGED_SORT = rule("domains_paged.default_sort", "2.5", "Pages of domains are sorted by name where nothing is asked.")

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
    if call.on(RIGHTS) and not may_access_package(call, packageId):
        raise call.denied_package()
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

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
SEARCHED = rule(
    "domains_paged.searched", "2.5", "A filter value without a column searches names of domains, users, servers and spaces."
)
EF_SERVER = rule("domains_paged.ef_server", "7.4", "2.x-EF tells the server of a domain's zone only where one is asked for.")
PAGED_SORT = rule("domains_paged.default_sort", "2.5", "Pages of domains are sorted by name where nothing is asked.")

_PAGED = (
    "DomainId:int! PackageId:int! ZoneItemId:int DomainItemId:int DomainName:string HostingAllowed:boolean! WebSiteId:int! "
    "WebSiteName:string MailDomainId:int! MailDomainName:string IsSubDomain:boolean! IsPreviewDomain:boolean! "
    "IsDomainPointer:boolean! ExpirationDate:dateTime LastUpdateDate:dateTime RegistrarName:string PackageName:string "
    "ServerId:int! ServerName:string ServerComments:string VirtualServer:boolean! UserId:int! Username:string FirstName:string "
    "LastName:string FullName:string RoleId:int! Email:string"
)
_FULL_NAME = "u.first_name || ' ' || u.last_name"
_FULL_NAME_EF = "coalesce(u.first_name, '') || ' ' || coalesce(u.last_name, '')"

# Columns of the tables that the procedure joins, by the procedure's alias: what stands here and how the panel calls it.
_TABLES = {
    "d": (
        "d",
        "domain_id package_id zone_item_id domain_name hosting_allowed web_site_id mail_domain_id is_sub_domain is_preview_domain "
        "is_domain_pointer domain_item_id creation_date expiration_date last_update_date registrar_name",
    ),
    "p": (
        "p",
        "package_id parent_package_id user_id package_name package_comments server_id status_id plan_id purchase_date "
        "override_quotas default_top_package status_id_change_date",
    ),
    "u": (
        "u",
        "user_id role_id status_id login_status_id subscriber_number failed_logins owner_id created changed is_demo comments "
        "is_peer username first_name last_name email company_name ecommerce_enabled",
    ),
    "z": ("z", "item_id package_id service_id item_name created_date"),
    "s": ("v", "service_id server_id service_name comments service_quota_value"),
    "srv": ("s", "server_id server_name server_url comments virtual_server instant_domain_alias primary_group_id"),
}
_TEXT = frozenset(
    {"d.domain_name", "d.registrar_name", "p.package_name", "p.package_comments", "u.username", "u.first_name", "u.last_name"}
    | {"u.email", "u.company_name", "u.comments", "z.item_name", "v.service_name", "s.server_name", "s.comments"}
    | {"w.item_name", "m.item_name", _FULL_NAME, _FULL_NAME_EF}
)
_SEARCHED = ("d.domain_name", "u.username", "s.server_name", "p.package_name")


def _columns_of_procedure() -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    """Plain column names, names with an alias, and the plain ones that several tables have."""
    names: dict[str, str] = {"fullname": _FULL_NAME}
    aliases: dict[str, str] = {"u.fullname": _FULL_NAME}
    ambiguous: set[str] = set()
    for alias, (own, columns) in _TABLES.items():
        for column in columns.split():
            folded, expression = column.replace("_", ""), f"{own}.{column}"
            aliases[f"{alias}.{folded}"] = expression
            if folded in names:
                ambiguous.add(folded)
            names.setdefault(folded, expression)
    return names, aliases, frozenset(ambiguous)


def _source(call: Call, server_id: int) -> Source:
    """What is listed. EF tells the server only where one is asked for."""
    server = [
        "coalesce(s.server_id, 0)",
        "coalesce(s.server_name, '')",
        "coalesce(s.comments, '')",
        "coalesce(s.virtual_server, 0)",
    ]
    if call.ef and server_id == 0 and call.on(EF_SERVER):
        server = ["0", "''", "''", "0"]
    full_name = _FULL_NAME_EF if call.ef else _FULL_NAME
    select = [
        *("d.domain_id", "d.package_id", "d.zone_item_id", "d.domain_item_id", "d.domain_name", "d.hosting_allowed"),
        *("coalesce(d.web_site_id, 0)", "w.item_name", "coalesce(d.mail_domain_id, 0)", "m.item_name"),
        *("d.is_sub_domain", "d.is_preview_domain", "d.is_domain_pointer", "d.expiration_date", "d.last_update_date"),
        *("d.registrar_name", "p.package_name", *server, "u.user_id", "u.username", "u.first_name"),
        *("u.last_name", full_name, "u.role_id", "u.email"),
    ]
    names, aliases, ambiguous = _columns_of_procedure()
    if call.ef:
        members = (word.partition(":")[0].lower() for word in _PAGED.split())
        names, aliases, ambiguous = dict(zip(members, select, strict=True)), {}, frozenset()
    searched = [expression for expression in _SEARCHED if not call.ef or expression in select]
    return Source(
        select=select,
        origin="""
            domains d JOIN packages p ON p.package_id = d.package_id JOIN users u ON u.user_id = p.user_id
            LEFT JOIN service_items z ON z.item_id = d.zone_item_id
            LEFT JOIN service_items w ON w.item_id = d.web_site_id
            LEFT JOIN service_items m ON m.item_id = d.mail_domain_id
            LEFT JOIN services v ON v.service_id = z.service_id
            LEFT JOIN servers s ON s.server_id = v.server_id
        """,
        names=MappingProxyType(names),
        aliases=MappingProxyType(aliases),
        ambiguous=ambiguous,
        any_columns=searched if call.on(SEARCHED) else (),
        window=Window.EXACT,
        tie="d.domain_id",
        text=_TEXT,
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
        _source(call, serverId),
        where=where,
        parameters=parameters,
        filter_column=filterColumn,
        filter_value=filterValue,
        sort_column=sortColumn,
        start=startRow,
        maximum=maximumRows,
    )
    return paged(call, _PAGED, found.count, found.rows)

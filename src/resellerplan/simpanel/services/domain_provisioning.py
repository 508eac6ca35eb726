"""esServers: AddDomainWithProvisioning (contract 2.5): a domain with zone, web site, pointers and preview name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.caller import SUPERVISOR
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.quotas import effective_groups, service_of
from resellerplan.simpanel.rights import ADMINISTRATOR, Demand, account_check, may_access_package
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.domain_creation import ACCOUNT, DomainKind, add_domain_to
from resellerplan.simpanel.services.domain_preview import add_preview_domain
from resellerplan.simpanel.services.package_quotas import own_quota
from resellerplan.simpanel.services.packages import package_row
from resellerplan.simpanel.services.resources import MAIL, WEB, add_web_site, space_check

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call

TENANT = rule(
    "add_domain.tenant_may_not",
    "2.5",
    "Where OS.NotAllowTenantCreateDomains is on, only administrators add top-level domains (-107).",
)
UNKNOWN_SPACE = rule(
    "add_domain.unknown_space", "2.5", "A top-level domain with provisioning in a space that is not there is a NullReference fault."
)
PROVISIONING_RIGHTS = rule(
    "add_domain.provisioning_rights",
    "2.5, 5.3",
    "Provisioning looks for the space's services first: a foreign space faults, a pointer too.",
)
PREVIEW = rule(
    "add_domain.preview_domain", "2.5", "A preview name is made where it is asked for and configured; its code is ignored."
)
POINTS_NEED_SERVICE = rule(
    "add_domain.points_need_service", "2.5", "Pointing to a web site or mail domain needs the space's own service of it."
)
SITE_KEEPS = rule("add_domain.site_refused_domain_stays", "2.5, 6.3", "A refused web site is the answer, and the domain stays.")
SITE_NEEDS_GROUP = rule("add_domain.site_needs_group", "2.5", "Without the Web group no web site is tried.")
CHANGED_NOW = rule("add_domain.last_update", "2.5", "1.x: provisioning sets the date of the last look-up, the other ways do not.")

_KINDS = {"Domain": (False, False), "SubDomain": (True, False), "ProviderSubDomain": (True, False), "DomainPointer": (False, True)}


def _tenant_may_not(call: Call, package_id: int) -> bool:
    if call.caller.user_id == SUPERVISOR or call.caller.role_id == ADMINISTRATOR or not call.on(TENANT):
        return False
    return own_quota(call, package_id, "OS.NotAllowTenantCreateDomains")["QuotaAllocatedValue"] == 1


@operation("esServers", "AddDomainWithProvisioning")
def add_domain_with_provisioning(
    call: Call,
    *,
    packageId: int,
    domainName: str | None,
    domainType: str | None,
    createWebSite: bool,
    pointWebSiteId: int,
    pointMailDomainId: int,
    createDnsZone: bool,
    createPreviewDomain: bool,
    allowSubDomains: bool,
    hostName: str | None,
) -> int:
    """A domain with what is asked for: zone, web site, pointing to a site or mail domain. Its id, or a code."""
    if call.on(ACCOUNT):
        code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE)
        if code < 0:
            return code
    sub, pointer = _KINDS.get(domainType or "Domain", (False, False))
    if not sub and not pointer:
        # The controller reads the space's context for quota 410: null for an unknown space, a fault for a foreign one.
        if package_row(call, packageId) is None and call.on(UNKNOWN_SPACE):
            raise faults.null_reference()
        if call.on(PROVISIONING_RIGHTS) and not may_access_package(call, packageId):
            raise call.denied_package()
        if _tenant_may_not(call, packageId):
            return -107
    kind = DomainKind(sub=sub, pointer=pointer, allowed=allowSubDomains)
    name = domainName or ""
    code = space_check(call, packageId)
    if code < 0:
        return code
    if call.on(PROVISIONING_RIGHTS) and not may_access_package(call, packageId):
        raise call.denied_package()
    number = add_domain_to(call, packageId, name, kind, zone=createDnsZone)
    if number < 0:
        return number
    if call.flavour.face == "asmx" and call.on(CHANGED_NOW):
        call.db.execute("UPDATE domains SET last_update_date = ? WHERE domain_id = ?", (call.now_text(), number))
    if createWebSite and (WEB in effective_groups(call, packageId) or not call.on(SITE_NEEDS_GROUP)):
        code = add_web_site(call, packageId, hostName, name)
        if code < 0:
            if not call.on(SITE_KEEPS):
                call.db.execute("DELETE FROM domains WHERE domain_id = ?", (number,))
            return code
    _point(call, packageId, number, pointWebSiteId, pointMailDomainId)
    if createPreviewDomain and not pointer and call.on(PREVIEW):
        add_preview_domain(call, number)
    return number


def _point(call: Call, package_id: int, domain_id: int, site: int, mail_domain: int) -> None:
    """Let a domain point to a web site and a mail domain that are there."""
    for column, number, group in (("web_site_id", site, WEB), ("mail_domain_id", mail_domain, MAIL)):
        if not number or (call.on(POINTS_NEED_SERVICE) and service_of(call, package_id, group) is None):
            continue
        known = call.db.execute("SELECT 1 FROM service_items WHERE item_id = ?", (number,)).fetchone()
        if known is not None:
            call.db.execute(f"UPDATE domains SET {column} = ? WHERE domain_id = ?", (number, domain_id))

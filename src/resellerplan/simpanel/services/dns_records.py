"""esServers: DNS records that the panel itself keeps (contract appendix B), of which a fresh panel has none, and those of zones.

A zone's records are its agent's to tell; a domain without a zone has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.rights import Demand, account_check, may_access_package
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.domains import domain_row
from resellerplan.simpanel.services.resources import space_check

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call

RIGHTS = rule("dns_records.rights", "5.3", "The records of a space out of reach are a rights fault; those of servers are empty.")
ZONE_ACCOUNT = rule("zone_records.account", "5.1", "Writing to a zone demands an active account that is no demo.")
NO_ZONE = rule(
    "zone_records.no_zone", "2.5", "A domain without a zone has no records; that of another reseller is a NullReference."
)


def _check(call: Call, package_id: int) -> None:
    if call.on(RIGHTS) and not may_access_package(call, package_id):
        raise call.denied_package()


@operation("esServers", "GetDnsRecordsByService")
def get_dns_records_by_service(call: Call, *, serviceId: int) -> list[object]:
    """The records of a service."""
    return []


@operation("esServers", "GetDnsRecordsByServer")
def get_dns_records_by_server(call: Call, *, serverId: int) -> list[object]:
    """The records of a server."""
    return []


@operation("esServers", "GetDnsRecordsByPackage")
def get_dns_records_by_package(call: Call, *, packageId: int) -> list[object]:
    """The records of a space."""
    _check(call, packageId)
    return []


@operation("esServers", "GetDnsRecord")
def get_dns_record(call: Call, *, recordId: int) -> None:
    """One record."""


@operation("esServers", "GetDomainDnsRecords")
def get_domain_dns_records(call: Call, *, domainId: int) -> list[object]:
    """What a scheduled look-up has found of a domain: nothing was ever looked up."""
    return []


@operation("esServers", "GetDnsZoneRecords")
def get_dns_zone_records(call: Call, *, domainId: int) -> list[object]:
    """The records of a domain's zone. Raises for a domain out of reach, and for one that has a zone, which only an agent knows."""
    row = domain_row(call, domainId)
    if row is not None and (row["zone_item_id"] or not call.on(NO_ZONE)):
        raise faults.no_such_call("esServers", "GetDnsZoneRecords")
    return []


def _zone(call: Call, domain_id: int, name: str) -> int:
    """What writing to a domain's zone answers: a code, or 0 without a zone. Raises where only an agent could."""
    code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE) if call.on(ZONE_ACCOUNT) else 0
    if code < 0:
        return code
    row = domain_row(call, domain_id)
    if row is None:
        return 0
    code = space_check(call, row["package_id"])
    if code == 0 and row["zone_item_id"]:
        raise faults.no_such_call("esServers", name)
    return code


@operation("esServers", "AddDnsZoneRecord")
def add_dns_zone_record(call: Call, *, domainId: int, **_: object) -> int:
    """A record for a domain's zone: nothing happens where it has none."""
    return _zone(call, domainId, "AddDnsZoneRecord")


@operation("esServers", "DeleteDnsZoneRecord")
def delete_dns_zone_record(call: Call, *, domainId: int, **_: object) -> int:
    """Take a record from a domain's zone."""
    return _zone(call, domainId, "DeleteDnsZoneRecord")


@operation("esServers", "UpdateDnsZoneRecord")
def update_dns_zone_record(call: Call, *, domainId: int, **_: object) -> int:
    """Delete and add; what the two answer is nobody's."""
    row = domain_row(call, domainId)
    if row is not None:
        with call.task("DNS_ZONE", "UPDATE_RECORD", row["domain_name"], row["zone_item_id"] or 0):
            _zone(call, domainId, "UpdateDnsZoneRecord")
    return 0


def _resellers_write(name: str) -> None:
    def refuse(call: Call, **_: object) -> object:
        code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE, Demand.IS_RESELLER)
        if code < 0:
            return code
        raise faults.no_such_call("esServers", name)

    operation("esServers", name)(refuse)


for _name in ("AddDnsRecord", "UpdateDnsRecord", "DeleteDnsRecord"):
    _resellers_write(_name)

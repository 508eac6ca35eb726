"""esServers: IP addresses and VLANs of spaces (contract 2.5, 8.2), on a panel whose pools are empty, as a fresh one's are.

Nothing here makes an address or a VLAN: the calls that fill the pools are said to be missing, and what asks for some of them
hears that there are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.flavours import Defect
from resellerplan.simpanel.quotas import UNLIMITED, quota_named, service_of
from resellerplan.simpanel.rights import Demand, account_check, may_access_package
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.package_quotas import own_quota
from resellerplan.simpanel.services.packages import package_row
from resellerplan.simpanel.services.resources import space_check

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call

ACCOUNT = rule("allocate_addresses.account", "2.5", "Giving addresses or VLANs to a space demands an active account, not a demo.")
SPACE = rule("allocate_addresses.space", "2.5", "Giving addresses or VLANs demands a space that is there and active.")
NONE_ASKED = rule("allocate_addresses.none_asked", "2.5", "Asking for no addresses at all succeeds.")
EMPTY = rule("allocate_addresses.pool_empty", "2.5", "Asking for addresses of an empty pool says so in the error codes.")
RIGHTS = rule("unallotted_addresses.rights", "5.3", "The free addresses of a space out of reach are a rights fault.")
SINGLE = rule(
    "unallotted_addresses.single", "7.6.4", "Stock FuseCP faults where a space below a reseller's has no service of the group."
)

_ROOT = 1
_ACCOUNT_CODES = {
    -106: "ERROR_USER_ACCOUNT_DEMO",
    -103: "ERROR_USER_ACCOUNT_PENDING",
    -104: "ERROR_USER_ACCOUNT_SUSPENDED",
    -105: "ERROR_USER_ACCOUNT_CANCELLED",
}
_SPACE_CODES = {-300: "ERROR_PACKAGE_NOT_FOUND", -303: "ERROR_PACKAGE_SUSPENDED", -304: "ERROR_PACKAGE_CANCELLED"}
_QUOTA_OF_GROUP = {
    "vps": "VPS.ExternalIPAddressesNumber",
    "vps2012": "VPS2012.ExternalIPAddressesNumber",
    "vpsforpc": "VPSForPC.ExternalIPAddressesNumber",
    "proxmox": "PROXMOX.ExternalIPAddressesNumber",
}


def result_object(*codes: str) -> dict[str, object]:
    """A ResultObject: success without codes, else the codes."""
    return {"IsSuccess": not codes, "ErrorCodes": list(codes)}


def _refused(call: Call, package_id: int) -> dict[str, object] | None:
    """What the checks of account and space say: a ResultObject, or None where they pass."""
    code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE) if call.on(ACCOUNT) else 0
    if code < 0:
        return result_object(_ACCOUNT_CODES[code])
    code = space_check(call, package_id) if call.on(SPACE) else 0
    return result_object(_SPACE_CODES[code]) if code < 0 else None


def _look_for_service(call: Call, package_id: int, group_name: str | None) -> None:
    """What the controller does before it reads the pool. A number for a name is taken as the service itself."""
    name = (group_name or "").strip()
    if name.lstrip("+-").isdigit():
        return
    if call.on(RIGHTS) and not may_access_package(call, package_id):
        raise call.denied_package()
    if not call.has(Defect.VLAN_SINGLE_FAULT) or not call.on(SINGLE):
        return
    row = package_row(call, package_id)
    group = call.db.execute("SELECT group_id FROM resource_groups WHERE group_name = ?", (name,)).fetchone()
    below = row is not None and row["parent_package_id"] not in (None, _ROOT)
    if below and (group is None or service_of(call, package_id, group[0]) is None):
        raise faults.invalid_operation("Sequence contains no elements")


_NO_ADDRESSES, _NO_VLANS = "IP_ADDRESSES_POOL_IS_EMPTY", "VLANS_POOL_IS_EMPTY"


def _allocate(
    call: Call, package_id: int, group_name: str | None, none_left: str, *, number: int, random: bool, ids: Sequence[int] | None
) -> object:
    refused = _refused(call, package_id)
    if refused is not None:
        return refused
    if not random and ids is not None:
        number = len(ids)
    if number <= 0 and call.on(NONE_ASKED):
        return result_object()
    _look_for_service(call, package_id, group_name)
    return result_object(*((none_left,) if call.on(EMPTY) else ()))


@operation("esServers", "AllocatePackageIPAddresses")
def allocate_package_ip_addresses(
    call: Call,
    *,
    packageId: int,
    orgId: int,
    groupName: str | None,
    pool: str | None,
    allocateRandom: bool,
    addressesNumber: int,
    addressId: list[int] | None,
) -> object:
    """Addresses of a pool for a space: there are none."""
    return _allocate(call, packageId, groupName, _NO_ADDRESSES, number=addressesNumber, random=allocateRandom, ids=addressId)


@operation("esServers", "AllocateMaximumPackageIPAddresses")
def allocate_maximum_package_ip_addresses(call: Call, *, packageId: int, groupName: str | None, pool: str | None) -> object:
    """As many addresses as the space's quota leaves."""
    _look_for_service(call, packageId, groupName)
    if package_row(call, packageId) is None:
        raise faults.null_reference()
    name = _QUOTA_OF_GROUP.get((groupName or "").lower(), "Web.IPAddresses")
    if pool == "PhoneNumbers":
        name = "SfB.PhoneNumbers" if groupName == "SfB" else "Lync.PhoneNumbers"
    number = 0
    if quota_named(call.db, name) is not None:
        value = own_quota(call, packageId, name)
        allocated, used = value["QuotaAllocatedValue"], value["QuotaUsedValue"]
        # Without a limit the panel asks for -1 addresses, which is none.
        number = allocated - used if isinstance(allocated, int) and isinstance(used, int) and allocated != UNLIMITED else UNLIMITED
    return _allocate(call, packageId, groupName, _NO_ADDRESSES, number=number, random=True, ids=[])


@operation("esServers", "DeallocatePackageIPAddresses")
def deallocate_package_ip_addresses(call: Call, *, packageId: int, addressId: list[int] | None) -> object:
    """Give addresses back: numbers that the space does not have are passed over."""
    return _refused(call, packageId) or result_object()


@operation("esServers", "GetPackageIPAddressesCount")
def get_package_ip_addresses_count(call: Call, *, packageId: int, orgId: int, pool: str | None) -> int:
    """How many addresses have been given to spaces."""
    return 0


def _nothing() -> dict[str, object]:
    return {"Count": 0, "Items": []}


@operation("esServers", "GetPackageIPAddresses")
def get_package_ip_addresses(call: Call, **_: object) -> dict[str, object]:
    """The addresses of a space, page by page."""
    return _nothing()


@operation("esServers", "GetPackageUnassignedIPAddresses")
def get_package_unassigned_ip_addresses(call: Call, *, packageId: int, orgId: int, pool: str | None) -> list[object]:
    """The addresses of a space that no item uses."""
    return []


@operation("esServers", "GetUnallottedIPAddresses")
def get_unallotted_ip_addresses(call: Call, *, packageId: int, groupName: str | None, pool: str | None) -> list[object]:
    """The addresses that a space could be given."""
    _look_for_service(call, packageId, groupName)
    return []


@operation("esServers", "GetIPAddresses")
def get_ip_addresses(call: Call, *, pool: str | None, serverId: int) -> list[object]:
    """All addresses of a pool."""
    return []


@operation("esServers", "GetIPAddressesPaged")
def get_ip_addresses_paged(call: Call, **_: object) -> dict[str, object]:
    """The same, page by page."""
    return _nothing()


@operation("esServers", "GetIPAddress")
def get_ip_address(call: Call, *, addressId: int) -> None:
    """One address."""


# -- VLANs ------------------------------------------------------------------------------------------------------------------


@operation("esServers", "GetPrivateNetworVLANsPaged")
def get_private_networ_vlans_paged(call: Call, **_: object) -> dict[str, object]:
    """All VLANs, page by page, under the name of 1.x."""
    return _nothing()


@operation("esServers", "GetPrivateNetworkVLANsPaged")
def get_private_network_vlans_paged(call: Call, **_: object) -> dict[str, object]:
    """The same under the name of 2.x (contract 7.2)."""
    return _nothing()


@operation("esServers", "GetPrivateNetworVLAN")
def get_private_networ_vlan(call: Call, *, vlanId: int) -> None:
    """One VLAN."""


@operation("esServers", "GetPackagePrivateNetworkVLANs")
def get_package_private_network_vlans(call: Call, **_: object) -> dict[str, object]:
    """The VLANs of a space, page by page."""
    return _nothing()


@operation("esServers", "GetPackageDmzNetworkVLANs")
def get_package_dmz_network_vlans(call: Call, **_: object) -> dict[str, object]:
    """The DMZ VLANs of a space, page by page."""
    return _nothing()


@operation("esServers", "GetUnallottedVLANs")
def get_unallotted_vlans(call: Call, *, packageId: int, groupName: str | None) -> list[object]:
    """The VLANs that a space could be given."""
    _look_for_service(call, packageId, groupName)
    return []


@operation("esServers", "AllocatePackageVLANs")
def allocate_package_vlans(
    call: Call,
    *,
    packageId: int,
    groupName: str | None,
    allocateRandom: bool,
    vlansNumber: int,
    vlanId: list[int] | None,
    isDmz: bool,
) -> object:
    """VLANs for a space: there are none."""
    return _allocate(call, packageId, groupName, _NO_VLANS, number=vlansNumber, random=allocateRandom, ids=vlanId)


@operation("esServers", "DeallocatePackageVLANs")
def deallocate_package_vlans(call: Call, *, packageId: int, vlanId: list[int] | None) -> object:
    """Give VLANs back: numbers that the space does not have are passed over."""
    return _refused(call, packageId) or result_object()

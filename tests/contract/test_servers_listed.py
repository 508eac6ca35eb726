"""Contract 2.5, 5.4, 8.2: lists of servers, services, addresses, VLANs and records, and who is told of them."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from resellerplan.simpanel.flavours import Defect
from tests.contract.lab import EF, SP, SP2, Lab, checks
from tests.contract.spaces_lab import DAY, NULL, PACKAGE, account, add_domain, add_plan, add_space, item

NOTHING: dict[str, Any] = {"Count": 0, "Items": []}


def failed(*codes: str) -> dict[str, Any]:
    return {"IsSuccess": False, "ErrorCodes": list(codes)}


DONE: dict[str, Any] = {"IsSuccess": True, "ErrorCodes": []}


def ask_servers(lab: Lab, caller: str, name: str, **given: Any) -> Any:
    return lab.call(f"esServers.{name}", caller, **given)


def web_addresses(lab: Lab, space: int = 4, as_: str = "brightweb", **given: Any) -> Any:
    """What the WHMCS module asks for (contract 8.2), with the parameter that it forgets."""
    asked: dict[str, Any] = {"groupName": "Web", "pool": "WebSites", "addressesNumber": 1, "allocateRandom": True}
    return lab.call("esServers.AllocatePackageIPAddresses", as_, packageId=space, orgId=0, **asked | given)


@checks("allocate_addresses.pool_empty", EF, SP)
def test_8_2_addresses_of_an_empty_pool_are_refused_by_name(lab: Lab) -> None:
    assert web_addresses(lab) == failed("IP_ADDRESSES_POOL_IS_EMPTY")
    assert web_addresses(lab, allocateRandom=False, addressId=[1, 2], addressesNumber=0) == failed("IP_ADDRESSES_POOL_IS_EMPTY")
    vlans: dict[str, Any] = {"packageId": 4, "groupName": "VPS2012", "allocateRandom": True, "vlansNumber": 1}
    assert lab.call("esServers.AllocatePackageVLANs", **vlans) == failed("VLANS_POOL_IS_EMPTY")


@checks("allocate_addresses.none_asked", EF, SP)
def test_8_2_asking_for_no_addresses_succeeds(lab: Lab) -> None:
    assert web_addresses(lab, addressesNumber=0) == DONE
    # Without a quota of its own a space may have none; without a limit the panel asks for -1.
    most: dict[str, Any] = {"packageId": 4, "groupName": "Web", "pool": "WebSites"}
    assert lab.call("esServers.AllocateMaximumPackageIPAddresses", **most) == DONE
    lab.write("INSERT INTO hosting_plan_quotas VALUES (1, 100, -1), (2, 100, -1)")
    assert lab.call("esServers.AllocateMaximumPackageIPAddresses", **most) == DONE
    lab.write("UPDATE hosting_plan_quotas SET quota_value = 2 WHERE quota_id = 100")
    assert lab.call("esServers.AllocateMaximumPackageIPAddresses", **most) == failed("IP_ADDRESSES_POOL_IS_EMPTY")


@checks("allocate_addresses.account", EF, SP)
def test_5_1_a_demo_and_a_suspended_account_are_given_no_addresses(lab: Lab) -> None:
    account(lab, 2, status_id=2)
    assert web_addresses(lab) == failed("ERROR_USER_ACCOUNT_SUSPENDED")
    account(lab, 2, status_id=1, is_demo=1)
    assert web_addresses(lab) == failed("ERROR_USER_ACCOUNT_DEMO")
    assert lab.call("esServers.DeallocatePackageIPAddresses", packageId=4, addressId=[1]) == failed("ERROR_USER_ACCOUNT_DEMO")


@checks("allocate_addresses.space", EF, SP)
def test_2_5_addresses_are_for_spaces_that_are_there_and_active(lab: Lab) -> None:
    assert web_addresses(lab, 4711) == failed("ERROR_PACKAGE_NOT_FOUND")
    lab.call("esPackages.ChangePackageStatus", packageId=4, status="Suspended")
    assert web_addresses(lab) == failed("ERROR_PACKAGE_SUSPENDED")
    lab.call("esPackages.ChangePackageStatus", packageId=4, status="Cancelled")
    assert lab.call("esServers.DeallocatePackageVLANs", packageId=4, vlanId=[1]) == failed("ERROR_PACKAGE_CANCELLED")


@checks("unallotted_addresses.rights", EF, SP, SP2)
def test_5_3_the_free_addresses_of_a_foreign_space_are_a_rights_fault(lab: Lab) -> None:
    free: dict[str, Any] = {"groupName": "Web", "pool": "WebSites"}
    assert lab.call("esServers.GetUnallottedIPAddresses", packageId=4, **free) == []
    assert lab.fault("esServers.GetUnallottedIPAddresses", packageId=5, **free) == PACKAGE
    assert lab.fault("esServers.GetUnallottedVLANs", packageId=5, groupName="VPS2012") == PACKAGE
    # A number is taken for the service itself, and nobody looks at the space.
    assert lab.call("esServers.GetUnallottedIPAddresses", packageId=5, **free | {"groupName": "1"}) == []


@checks("unallotted_addresses.single", EF, defects=(Defect.VLAN_SINGLE_FAULT,))
def test_7_6_4_stock_faults_on_free_vlans_below_a_resellers_space(lab: Lab) -> None:
    fault = lab.fault("esServers.GetUnallottedVLANs", packageId=4, groupName="VPS2012")
    assert fault.endswith("Sequence contains no elements")
    assert lab.call("esServers.GetUnallottedVLANs", packageId=2, groupName="VPS2012") == []


def test_2_5_empty_pools_are_listed_as_such() -> None:
    page: dict[str, Any] = {"filterColumn": "", "filterValue": "", "sortColumn": "", "startRow": 0, "maximumRows": 10}
    short = {"sortColumn": "", "startRow": 0, "maximumRows": 10}
    for flavour, vlans in ((EF, "GetPrivateNetworkVLANsPaged"), (SP, "GetPrivateNetworVLANsPaged")):
        with Lab(flavour) as lab:
            for caller in ("serveradmin", "brightweb", "mueller"):
                ask = partial(ask_servers, lab, caller)
                assert ask("GetIPAddresses", pool="None", serverId=0) == []
                assert ask("GetIPAddressesPaged", pool="None", serverId=0, **page) == NOTHING
                assert ask("GetPackageIPAddresses", packageId=4, orgId=0, pool="None", recursive=True, **page) == NOTHING
                assert ask("GetPackageIPAddressesCount", packageId=4, orgId=0, pool="None") == 0
                assert ask("GetPackageUnassignedIPAddresses", packageId=4, orgId=0, pool="None") == []
                assert ask("GetIPAddress", addressId=1) is None
                assert ask(vlans, serverId=0, **page) == NOTHING
                assert ask("GetPackagePrivateNetworkVLANs", packageId=4, **short) == NOTHING
                assert ask("GetPackageDmzNetworkVLANs", packageId=4, **short) == NOTHING
                assert ask("GetPrivateNetworVLAN", vlanId=1) is None
                assert ask("GetClusters") == []
                assert ask("GetDnsRecordsByService", serviceId=1) == ask("GetDnsRecordsByServer", serverId=1) == []
                assert ask("GetDnsRecord", recordId=1) is None
                assert ask("GetDomainDnsRecords", domainId=1) == []


# -- servers ----------------------------------------------------------------------------------------------------------------


def physical(lab: Lab, name: str) -> None:
    lab.write("INSERT INTO servers (server_name, server_url, virtual_server) VALUES (?, 'http://127.0.0.1:9', 0)", name)


@checks("servers.physical_only", EF, SP)
def test_2_5_servers_are_listed_by_kind_and_name(lab: Lab) -> None:
    for name in ("zeta", "Alpha"):
        physical(lab, name)
    own = ["Alpha", "zeta"]
    for name, names in (("GetServers", own), ("GetAllServers", [*own, "bare", "web01"])):
        assert [server["ServerName"] for server in lab.call(f"esServers.{name}", "serveradmin")] == names
    assert [row["servername"] for row in lab.table(lab.call("esServers.GetVirtualServers", "serveradmin"))] == ["bare", "web01"]
    assert len(lab.table(lab.call("esServers.GetRawAllServers", "serveradmin"))) == 4
    listed = lab.call("esServers.GetAllServers", "serveradmin")[-1]
    assert (listed["ServerId"], listed["VirtualServer"]) == (1, False)


def test_5_4_others_see_no_servers_services_and_groups() -> None:
    for flavour in (EF, SP, SP2):
        with Lab(flavour) as lab:
            for name in ("GetServers", "GetAllServers"):
                assert lab.call(f"esServers.{name}") == []
            for name in ("GetRawAllServers", "GetVirtualServers", "GetRawServers"):
                assert lab.table(lab.call(f"esServers.{name}")) == []
            assert lab.call("esServers.GetServicesByServerId", serverId=1) == []
            assert lab.call("esServers.GetServicesByServerIdGroupName", serverId=1, groupName="OS") == []
            assert lab.call("esServers.GetServiceInfo", serviceId=1) is None
            for name in ("GetRawServicesByServerId", "GetVirtualServices"):
                found = lab.call(f"esServers.{name}", serverId=1)
                assert (lab.table(found), lab.table(found, 1)) == ([], [])


def test_2_5_an_administrator_is_told_what_is_known_of_services_and_by_name_what_is_not() -> None:
    for flavour, groups in ((EF, 40), (SP, 39)):
        with Lab(flavour) as lab:
            found = lab.call("esServers.GetRawServicesByServerId", "serveradmin", serverId=2)
            assert (len(lab.table(found)), lab.table(found, 1)) == (groups, [])
            spread = lab.table(lab.call("esServers.GetVirtualServices", "serveradmin", serverId=2))
            assert (spread[0]["distributiontype"], spread[0]["binddistributiontoprimary"]) == (1, True)
            for name in ("GetServicesByServerId", "GetRawServicesByServerId"):
                assert f"esServers.{name} is a call of the real panel" in lab.fault(f"esServers.{name}", "serveradmin", serverId=1)
            assert "is a call of the real panel" in lab.fault("esServers.GetServiceInfo", "serveradmin", serviceId=1)


OF_A_SERVER = (
    *("UpdateVirtualGroups", "AddVirtualServices", "DeleteVirtualServices", "RebootSystem", "UpdateServerConnectionPassword"),
    *("UpdateServerADPassword", "DeleteServer", "ClearLog"),
)
OF_NONE = ("AddService", "UpdateService", "AddCluster", "DeleteCluster", "CheckServerAvailable")
WRITES: dict[str, dict[str, Any]] = {name: {"serverId": 1} for name in OF_A_SERVER} | {name: {} for name in OF_NONE}


@pytest.mark.parametrize("name", sorted(WRITES))
def test_2_5_only_administrators_change_servers(name: str) -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            assert lab.call(f"esServers.{name}", **WRITES[name]) == -107
            account(lab, 2, status_id=2)
            assert lab.call(f"esServers.{name}", **WRITES[name]) == -104
            account(lab, 2, is_demo=1)
            assert lab.call(f"esServers.{name}", **WRITES[name]) == -106


@checks("servers.short_unchecked", EF, SP)
def test_2_5_a_servers_short_details_are_anybodys(lab: Lab) -> None:
    found = lab.call("esServers.GetServerShortDetails", "mueller", serverId=1)
    assert (found["ServerName"], found["VirtualServer"], found["ServerUrl"]) == ("web01", True, None)
    assert lab.call("esServers.GetServerShortDetails", serverId=4711) is None


def test_2_5_a_server_keeps_its_kind_and_its_passwords_are_changed_apart() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            changed = lab.record("ServerInfo", ServerId=2, ServerName="renamed", VirtualServer=False)
            assert lab.call("esServers.UpdateServer", "serveradmin", server=changed) == 0
            assert lab.call("esServers.GetServerById", "serveradmin", serverId=2)["VirtualServer"] is True
            assert lab.call("esServers.UpdateServerConnectionPassword", "serveradmin", serverId=2, password="Neu-1!") == 0
            assert lab.call("esServers.UpdateServerADPassword", "serveradmin", serverId=2, adPassword="Neu-2!") == 0
            rows = lab.rows("SELECT password, ad_password FROM servers WHERE server_id = 2")
            assert [lab.panel.crypt.open(value) for value in rows[0]] == ["Neu-1!", "Neu-2!"]
            physical(lab, "own")
            own = lab.record("ServerInfo", ServerId=3, ServerName="x")
            assert lab.call("esServers.UpdateServer", "serveradmin", server=own) == -409
            assert lab.call("esServers.CheckServerAvailable", "serveradmin", serverUrl="http://127.0.0.1:9") == -409
            for name in ("DeleteServer", "UpdateServerADPassword", "AddVirtualServices"):
                assert lab.fault(f"esServers.{name}", "serveradmin", serverId=4711) == NULL


@checks("virtual_services.once", EF, SP)
def test_2_5_a_virtual_server_borrows_a_service_once_and_with_it_its_group(lab: Lab) -> None:
    service = lab.value("SELECT service_id FROM services WHERE group_id = 7")
    for _ in range(2):
        assert lab.call("esServers.AddVirtualServices", "serveradmin", serverId=2, ids=[service]) == 0
    assert lab.value("SELECT count(*) FROM virtual_services WHERE server_id = 2") == 1
    lab.write("UPDATE packages SET server_id = 2")
    context = lab.call("esPackages.GetPackageContext", packageId=4)
    assert [group["GroupName"] for group in context["GroupsArray"]] == ["DNS"]
    assert lab.call("esServers.DeleteVirtualServices", "serveradmin", serverId=2, ids=[service]) == 0
    assert lab.call("esPackages.GetPackageContext", packageId=4)["GroupsArray"] == []


@checks("package_service_provider.rights", EF, SP)
def test_5_3_the_provider_of_a_service_is_null_without_one_and_seen_by_administrators_only(lab: Lab) -> None:
    ask: dict[str, Any] = {"packageId": 4}
    assert lab.call("esServers.GetPackageServiceProvider", groupName="VPS", **ask) is None
    assert lab.fault("esServers.GetPackageServiceProvider", groupName="DNS", **ask) == NULL
    assert lab.fault("esServers.GetPackageServiceProvider", packageId=5, groupName="VPS") == PACKAGE


# -- records of zones -------------------------------------------------------------------------------------------------------


@checks("dns_records.rights", EF, SP)
def test_5_3_the_records_of_a_foreign_space_are_a_rights_fault(lab: Lab) -> None:
    assert lab.call("esServers.GetDnsRecordsByPackage", packageId=4) == []
    assert lab.fault("esServers.GetDnsRecordsByPackage", packageId=5) == PACKAGE


@checks("zone_records.no_zone", EF, SP)
def test_2_5_a_domain_without_a_zone_has_no_records_and_takes_none(lab: Lab) -> None:
    number = add_domain(lab, "a.example")
    assert lab.call("esServers.GetDnsZoneRecords", domainId=number) == []
    for name in ("AddDnsZoneRecord", "DeleteDnsZoneRecord", "UpdateDnsZoneRecord"):
        assert lab.call(f"esServers.{name}", domainId=number, recordName="www") == 0
        assert lab.fault(f"esServers.{name}", domainId=4711) == NULL
    zone = add_domain(lab, "z.example", createDnsZone=True)
    assert "is a call of the real panel" in lab.fault("esServers.GetDnsZoneRecords", domainId=zone)
    assert "is a call of the real panel" in lab.fault("esServers.AddDnsZoneRecord", domainId=zone)


@checks("zone_records.account", EF, SP)
def test_5_1_a_demo_and_a_suspended_account_write_no_records(lab: Lab) -> None:
    number = add_domain(lab, "a.example")
    account(lab, 2, status_id=2)
    assert lab.call("esServers.AddDnsZoneRecord", domainId=number) == -104
    account(lab, 2, status_id=1)
    lab.call("esPackages.ChangePackageStatus", packageId=4, status="Suspended")
    assert lab.call("esServers.DeleteDnsZoneRecord", domainId=number) == -303
    for name in ("AddDnsRecord", "UpdateDnsRecord", "DeleteDnsRecord"):
        assert lab.call(f"esServers.{name}", "mueller") == -112


# -- use, page by page ------------------------------------------------------------------------------------------------------


def used(lab: Lab, name: str, **given: Any) -> tuple[int, list[dict[str, Any]]]:
    asked: dict[str, Any] = {"userId": 0, "packageId": 2, "sortColumn": "", "startRow": 0, "maximumRows": 10}
    if name == "Bandwidth":
        asked |= {"startDate": DAY, "endDate": DAY}
    found = lab.call(f"esPackages.GetPackages{name}Paged", **asked | given)
    return lab.table(found)[0]["column1"], lab.table(found, 1)


@checks("packages_used_paged.of_user", SP, SP2)
def test_2_4_sp_the_pages_of_use_list_the_spaces_below_one_or_those_of_a_user(lab: Lab) -> None:
    for name in ("Diskspace", "Bandwidth"):
        count, rows = used(lab, name)
        assert (count, [row["packagename"] for row in rows]) == (1, ["Web S"])
        assert (rows[0]["quotavalue"], rows[0][name.lower()], rows[0]["usagepercentage"]) == (0, 0, 0)
        count, rows = used(lab, name, packageId=-1, userId=2)
        assert [(row["packagename"], row["packagesnumber"]) for row in rows] == [("Reseller L", 1)]


@checks("packages_used_paged.rights", SP, SP2)
def test_5_3_sp_the_pages_of_use_of_a_foreign_space_are_a_rights_fault(lab: Lab) -> None:
    with pytest.raises(Exception, match=PACKAGE):
        used(lab, "Diskspace", packageId=3)


def test_2_4_sp_pages_of_use_are_0_based_with_one_row_more_and_sort_as_asked() -> None:
    with Lab(SP) as lab:
        for name in ("b", "a", "c"):
            add_space(lab, name=name)
        assert [row["packagename"] for row in used(lab, "Diskspace", sortColumn="PackageName")[1]] == ["a", "b", "c", "Web S"]
        assert len(used(lab, "Diskspace", maximumRows=1)[1]) == 2
        assert "Invalid column name" in lab.fault(
            "esPackages.GetPackagesDiskspacePaged", packageId=2, sortColumn="Nonsense", maximumRows=1
        )


def test_2_4_ef_says_by_name_that_nobody_knows_its_pages_of_use() -> None:
    with Lab(EF) as lab:
        assert "esPackages.GetPackagesDiskspacePaged is a call" in lab.fault("esPackages.GetPackagesDiskspacePaged", packageId=2)


@checks("move_package_item.admin_only", EF, SP)
def test_5_1_only_administrators_put_an_item_on_another_service(lab: Lab) -> None:
    item(lab, 4, 2, "site", "www.example")
    number = lab.value("SELECT item_id FROM service_items")
    assert lab.call("esPackages.MovePackageItem", itemId=number, destinationServiceId=2) == -107
    assert lab.call("esPackages.MovePackageItem", "serveradmin", itemId=number, destinationServiceId=2) == 0
    assert lab.value("SELECT service_id FROM service_items") == 2
    assert add_plan(lab, "still here") > 0


@checks("package_bandwidth.span", SP, SP2)
def test_3_4_sp_a_report_of_traffic_without_days_overflows(lab: Lab) -> None:
    assert "SqlDateTime overflow" in lab.fault("esPackages.GetPackageBandwidth", packageId=4, startDate=DAY)
    assert lab.table(lab.call("esPackages.GetPackageBandwidth", packageId=4, startDate=DAY, endDate=DAY)) == []

"""Contract 2.5: what hangs on domains: zones, preview names, pointers to sites, the domains of an item; detaching and updating."""

from __future__ import annotations

from typing import Any

import yaml

from resellerplan.simpanel.dump import dump_yaml
from resellerplan.simpanel.flavours import FLAVOURS
from resellerplan.simpanel.seed import seed
from resellerplan.simpanel.store import Store
from resellerplan.simpanel.world_reading import read_world
from tests.contract.lab import EF, SP, SP2, Lab, checks
from tests.contract.spaces_lab import NULL, PACKAGE, account, add_domain, item


def configure(lab: Lab, space: int, suffix: str = "preview.example") -> None:
    settings = {"PackageId": space, "SettingsName": "PreviewDomain", "SettingsArray": [["PreviewDomain", suffix]]}
    assert lab.call("esPackages.UpdatePackageSettings", settings=settings) == 0


def previews(lab: Lab) -> list[str]:
    return [row[0] for row in lab.rows("SELECT domain_name FROM domains WHERE is_preview_domain = 1 ORDER BY domain_id")]


def make(lab: Lab, domain: int, as_: str = "brightweb") -> Any:
    return lab.call("esServers.CreateDomainPreviewDomain", as_, hostName="", domainId=domain)


@checks("add_domain.flags_ignored", EF, SP)
def test_2_5_a_plain_domain_allows_no_sub_domains_whatever_it_is_given(lab: Lab) -> None:
    given = lab.record("DomainInfo", PackageId=4, DomainName="a.example", HostingAllowed=True, IsPreviewDomain=True)
    number = lab.call("esServers.AddDomain", domain=given)
    found = lab.call("esServers.GetDomain", domainId=number)
    assert (found["HostingAllowed"], found["IsPreviewDomain"]) == (False, False)


@checks("add_domain.provisioning_rights", EF, SP, SP2)
def test_5_3_provisioning_in_a_foreign_space_faults_and_stores_nothing_of_any_type(lab: Lab) -> None:
    for kind in ("Domain", "SubDomain", "ProviderSubDomain", "DomainPointer"):
        given: dict[str, Any] = {"packageId": 5, "domainName": "p.example", "domainType": kind}
        assert lab.fault("esServers.AddDomainWithProvisioning", **given) == PACKAGE
    assert lab.value("SELECT count(*) FROM domains") == 0


@checks("add_domain.points_need_service", EF, SP)
def test_2_5_a_domain_points_to_a_site_only_where_the_space_has_the_service(lab: Lab) -> None:
    item(lab, 4, 2, "site", "www.example")
    site = lab.value("SELECT item_id FROM service_items WHERE item_name = 'www.example'")
    pointing = add_domain(lab, "a.example", kind="DomainPointer", pointWebSiteId=site)
    assert lab.call("esServers.GetDomain", domainId=pointing)["WebSiteId"] == site
    lab.write("DELETE FROM hosting_plan_resources WHERE plan_id = 2 AND group_id = 2")
    bare = add_domain(lab, "b.example", kind="DomainPointer", pointWebSiteId=site)
    assert lab.call("esServers.GetDomain", domainId=bare)["WebSiteId"] == 0


@checks("add_domain.preview_domain", EF, SP)
def test_2_5_provisioning_makes_a_preview_name_where_one_is_configured_and_of_no_pointer(lab: Lab) -> None:
    assert add_domain(lab, "a.example", createPreviewDomain=True) > 0
    configure(lab, 2)
    assert add_domain(lab, "b.example", createPreviewDomain=True) > 0
    assert add_domain(lab, "c.example", kind="DomainPointer", createPreviewDomain=True) > 0
    assert previews(lab) == ["b.example.preview.example"]


@checks("preview_domain.once", EF, SP)
def test_2_5_a_preview_name_that_is_there_is_left_as_it_is(lab: Lab) -> None:
    configure(lab, 4)
    number = add_domain(lab, "a.example")
    assert [make(lab, number), make(lab, number)] == [0, 0]
    assert previews(lab) == ["a.example.preview.example"]


@checks("preview_domain.demo", EF, SP)
def test_5_1_a_demo_makes_no_preview_name_with_its_domain(lab: Lab) -> None:
    from resellerplan.simpanel.caller import Caller
    from resellerplan.simpanel.services.domain_preview import add_preview_domain

    configure(lab, 4)
    number = add_domain(lab, "a.example")
    with lab.panel.store.writing() as db:
        call = lab.panel._new_call(db, Caller(user_id=2, owner_id=1, username="brightweb", role_id=2, is_demo=True), "", "", "")
        assert add_preview_domain(call, number) == -106


@checks("domain.preview_name", EF, SP)
def test_2_5_the_single_read_tells_the_preview_name_and_lists_do_not(lab: Lab) -> None:
    configure(lab, 4)
    number = add_domain(lab, "a.example")
    found = lab.call("esServers.GetDomain", domainId=number)
    assert (found["PreviewDomainName"], found["PreviewDomainId"]) == ("a.example.preview.example", 0)
    make(lab, number)
    preview = lab.call("esServers.GetDomain", domainId=number)["PreviewDomainId"]
    assert lab.value("SELECT domain_name FROM domains WHERE domain_id = ?", preview) == "a.example.preview.example"
    listed = lab.call("esServers.GetMyDomains", packageId=4)
    assert [(row["PreviewDomainName"], row["PreviewDomainId"]) for row in listed] == [(None, 0), (None, 0)]


def test_2_5_sp_the_preview_suffix_may_be_the_servers_and_is_not_by_ef() -> None:
    for flavour, code in ((SP, 0), (SP2, 0), (EF, -511)):
        with Lab(flavour) as lab:
            lab.write("UPDATE servers SET instant_domain_alias = 'server.example'")
            assert make(lab, add_domain(lab, "a.example")) == code


def test_2_5_preview_names_count_in_no_quota_and_go_with_their_domain_or_its_zone() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            configure(lab, 4)
            lab.write("UPDATE hosting_plan_quotas SET quota_value = 2 WHERE plan_id = 2 AND quota_id = 53")
            one, two = add_domain(lab, "a.example", createDnsZone=True), add_domain(lab, "b.example", createDnsZone=True)
            assert [make(lab, one), make(lab, two)] == [0, 0]
            assert lab.call("esServers.DeleteDomain", domainId=one) == 0
            assert lab.call("esServers.DisableDomainDns", domainId=two) == 0
            assert previews(lab) == []
            assert lab.value("SELECT count(*) FROM service_items WHERE item_type = 'dns_zone'") == 0


@checks("update_domain.account", EF, SP)
def test_2_5_a_suspended_account_changes_a_domain_of_a_suspended_space(lab: Lab) -> None:
    number = add_domain(lab, "a.example")
    domain = lab.call("esServers.GetDomain", domainId=number) | {"HostingAllowed": True, "DomainItemId": 7}
    lab.call("esPackages.ChangePackageStatus", packageId=4, status="Suspended")
    account(lab, 2, status_id=2)
    assert lab.call("esServers.UpdateDomain", domain=domain) == 0
    found = lab.call("esServers.GetDomain", domainId=number)
    assert (found["HostingAllowed"], found["DomainItemId"]) == (True, 7)
    account(lab, 2, is_demo=1)
    assert lab.call("esServers.UpdateDomain", domain=domain) == -106


def test_2_5_updating_a_domain_out_of_reach_is_a_null_reference_and_changes_nothing() -> None:
    for flavour in (EF, SP, SP2):
        with Lab(flavour) as lab:
            number = add_domain(lab, "d.example", 5, as_="darkweb")
            domain = lab.record("DomainInfo", DomainId=number, HostingAllowed=True)
            assert lab.fault("esServers.UpdateDomain", domain=domain) == NULL
            assert lab.value("SELECT hosting_allowed FROM domains") == 0


@checks("domain_dns.account", EF, SP)
def test_2_5_a_suspended_account_switches_a_zone_and_a_demo_does_not(lab: Lab) -> None:
    number = add_domain(lab, "a.example", createDnsZone=True)
    account(lab, 2, status_id=2)
    assert lab.call("esServers.DisableDomainDns", domainId=number) == 0
    assert lab.call("esServers.EnableDomainDns", domainId=number) == 0
    assert lab.call("esServers.GetDomain", domainId=number)["ZoneName"] == "a.example"
    account(lab, 2, is_demo=1)
    for operation in ("EnableDomainDns", "DisableDomainDns", "DeleteDomainPreviewDomain"):
        assert lab.call(f"esServers.{operation}", domainId=4711) == -106


def test_2_5_a_sub_domain_has_a_zone_where_one_is_asked_for() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            lab.write("INSERT INTO hosting_plan_quotas VALUES (2, 54, 5)")
            number = add_domain(lab, "s.a.example", kind="SubDomain", createDnsZone=True)
            assert lab.call("esServers.GetDomain", domainId=number)["ZoneName"] == "s.a.example"


@checks("domains_by_item.hanging_on_it", EF, SP)
def test_2_5_the_domains_of_an_item_are_those_that_hang_on_it(lab: Lab) -> None:
    one, two = add_domain(lab, "a.example"), add_domain(lab, "b.example")
    foreign = add_domain(lab, "c.example", 5, as_="darkweb")
    lab.write("UPDATE domains SET domain_item_id = ? WHERE domain_id IN (?, ?)", one, two, foreign)
    found = lab.call("esServers.GetDomainsByDomainId", domainId=one)
    assert [(row["DomainName"], row["CreationDate"], row["LastUpdateDate"]) for row in found] == [("b.example", None, None)]


def test_2_5_the_domains_of_a_reseller_have_the_columns_of_their_procedure() -> None:
    for flavour, name in ((SP, None), (SP2, "s.example"), (EF, "s.example")):
        with Lab(flavour) as lab:
            number = add_domain(lab, "a.example", 2, allowSubDomains=True)
            item(lab, 2, 2, "site", "s.example")
            site = lab.value("SELECT item_id FROM service_items WHERE item_name = 's.example'")
            lab.write("UPDATE domains SET web_site_id = ?, is_sub_domain = 1 WHERE domain_id = ?", site, number)
            (found,) = lab.call("esServers.GetResellerDomains", packageId=4)
            assert (found["DomainName"], found["WebSiteId"], found["WebSiteName"]) == ("a.example", site, name)
            assert (found["IsSubDomain"], found["LastUpdateDate"]) == (False, None)


@checks("delete_domain.web_site_below", EF, SP)
def test_2_5_a_domain_on_whose_zone_a_site_hangs_is_not_deleted(lab: Lab) -> None:
    one, two = add_domain(lab, "a.example"), add_domain(lab, "b.example", createWebSite=True)
    lab.write("UPDATE domains SET domain_item_id = ? WHERE domain_id = ?", one, two)
    assert lab.call("esServers.DeleteDomain", domainId=one) == -506
    assert lab.value("SELECT count(*) FROM domains") == 2


@checks("detach_domain.in_use", EF, SP)
def test_2_5_a_domain_in_use_is_not_detached(lab: Lab) -> None:
    number = add_domain(lab, "a.example", createWebSite=True)
    assert lab.call("esServers.DetachDomain", "serveradmin", domainId=number) == -506
    assert lab.value("SELECT count(*) FROM domains") == 1


@checks("detach_domain.admin_only", EF, SP)
def test_5_1_only_administrators_detach_domains(lab: Lab) -> None:
    number = add_domain(lab, "a.example", createDnsZone=True)
    assert lab.call("esServers.DetachDomain", domainId=number) == -107
    assert lab.call("esServers.DetachDomain", "serveradmin", domainId=number) == 0
    assert lab.value("SELECT count(*) FROM service_items WHERE item_type = 'dns_zone'") == 0
    assert lab.fault("esServers.DetachDomain", "serveradmin", domainId=number) == NULL


# -- pages ------------------------------------------------------------------------------------------------------------------


def pages(lab: Lab, **given: Any) -> list[dict[str, Any]]:
    asked: dict[str, Any] = {"packageId": 2, "recursive": True, "startRow": 0, "maximumRows": 100}
    return lab.table(lab.call("esServers.GetDomainsPaged", **asked | given), 1)


@checks("domains_paged.searched", EF, SP)
def test_2_5_a_filter_value_without_a_column_searches_domains_users_and_spaces(lab: Lab) -> None:
    add_domain(lab, "a.example")
    add_domain(lab, "b.example", 2)
    for value, names in (("a.%", ["a.example"]), ("muell%", ["a.example"]), ("Reseller%", ["b.example"]), ("none", [])):
        assert [row["domainname"] for row in pages(lab, filterValue=value)] == names


@checks("domains_paged.ef_server", EF)
def test_7_4_ef_tells_the_server_of_a_zone_only_where_one_is_asked_for(lab: Lab) -> None:
    add_domain(lab, "a.example", createDnsZone=True)
    server = lab.value("SELECT v.server_id FROM service_items i JOIN services v ON v.service_id = i.service_id")
    assert [(row["serverid"], row["servername"]) for row in pages(lab)] == [(0, "")]
    assert [row["serverid"] for row in pages(lab, serverId=server)] == [server]
    assert pages(lab, serverId=4711) == []


def test_2_5_sp_pages_of_domains_know_the_columns_of_all_joined_tables() -> None:
    with Lab(SP) as lab:
        add_domain(lab, "a.example")
        for column in ("PackageID", "ServerID", "UserID", "StatusID", "Comments", "ServiceID"):
            fault = lab.fault("esServers.GetDomainsPaged", packageId=4, sortColumn=column, maximumRows=1)
            assert fault == f"Ambiguous column name '{column}'."
        for column in ("P.PackageID", "SRV.ServerID", "PurchaseDate", "CreationDate DESC", "Z.ItemName", "U.FullName"):
            assert len(pages(lab, sortColumn=column)) == 1
        fault = lab.fault("esServers.GetDomainsPaged", packageId=4, sortColumn="WebSiteName", maximumRows=1)
        assert fault == "Invalid column name 'WebSiteName'."


def test_2_5_ef_pages_of_domains_know_the_members_of_their_rows() -> None:
    with Lab(EF) as lab:
        add_domain(lab, "a.example", createWebSite=True)
        assert [row["domainname"] for row in pages(lab, filterColumn="WebSiteName", filterValue="a.%", sortColumn="UserId")] == [
            "a.example"
        ]
        fault = lab.fault("esServers.GetDomainsPaged", packageId=4, sortColumn="PurchaseDate", maximumRows=1)
        assert "Instance property 'PurchaseDate'" in fault


@checks("dns_zone.exists", EF, SP)
def test_4_a_zone_that_is_there_answers_509_and_makes_no_domain(lab: Lab) -> None:
    number = add_domain(lab, "a.example", createDnsZone=True)
    assert add_domain(lab, "A.example", kind="DomainPointer", createDnsZone=True) == -509
    assert lab.value("SELECT count(*) FROM domains") == 1
    pointer = add_domain(lab, "a.example", kind="DomainPointer")
    assert lab.call("esServers.EnableDomainDns", domainId=pointer) == -509
    assert lab.call("esServers.DeleteDomain", domainId=number) == 0
    assert lab.call("esServers.EnableDomainDns", domainId=pointer) == 0


def test_a_dump_of_domains_seeded_again_gives_an_equal_world() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            configure(lab, 4)
            number = add_domain(lab, "a.example", createDnsZone=True, createWebSite=True)
            assert make(lab, number) == 0
            assert add_domain(lab, "a.example", kind="DomainPointer") > 0
            assert lab.call("esServers.AddDomain", domain=lab.record("DomainInfo", PackageId=4, DomainName="b.example")) > 0
            written = dump_yaml(lab.panel.store)
        with Store.temporary() as store:
            seed(store, read_world(yaml.safe_load(written)), FLAVOURS[flavour])
            assert dump_yaml(store) == written

"""Contract 2.5, 5.3, 6.1: domains."""

from __future__ import annotations

from typing import Any

from resellerplan.simpanel.flavours import Defect
from tests.contract.lab import EF, SP, SP2, Lab, checks
from tests.contract.spaces_lab import NULL, PACKAGE, account, add_domain, add_plan, add_space, item, plan_record, update_plan


def _bare(lab: Lab, name: str, space: int = 4, as_: str = "brightweb", **members: Any) -> Any:
    return lab.call("esServers.AddDomain", as_, domain=lab.record("DomainInfo", PackageId=space, DomainName=name, **members))


@checks("add_domain.account", EF, SP)
def test_2_5_a_suspended_account_adds_no_domain(lab: Lab) -> None:
    assert add_domain(lab, "own.example", as_="mueller") > 0
    account(lab, 4, status_id=2)
    assert add_domain(lab, "b.example", as_="mueller") == -104
    assert _bare(lab, "c.example", as_="mueller") == -104


@checks("space_check.missing", EF, SP)
def test_2_5_a_space_that_is_not_there_answers_300_without_provisioning(lab: Lab) -> None:
    assert _bare(lab, "a.example", 4711) == -300
    assert add_domain(lab, "x.a.example", 4711, "SubDomain") == -300
    with Lab(lab.flavour.name, off=lab.panel.rules_off) as other:
        from resellerplan.simpanel.services.resources import space_check

        with other.panel.store.reading() as db:
            call = other.panel._new_call(db, _admin(), "", "", "")
            assert space_check(call, 4711) == -300


def _admin() -> Any:
    from resellerplan.simpanel.caller import Caller

    return Caller(user_id=1)


@checks("space_check.suspended", EF, SP)
def test_2_5_a_suspended_space_answers_303(lab: Lab) -> None:
    lab.call("esPackages.ChangePackageStatus", packageId=4, status="Suspended")
    assert add_domain(lab, "a.example") == -303


@checks("space_check.cancelled", EF, SP)
def test_2_5_a_cancelled_space_answers_304_and_a_new_one_takes_domains(lab: Lab) -> None:
    lab.call("esPackages.ChangePackageStatus", packageId=4, status="Cancelled")
    assert add_domain(lab, "a.example") == -304
    lab.call("esPackages.ChangePackageStatus", packageId=4, status="New")
    assert add_domain(lab, "a.example") > 0


@checks("add_domain.quota", SP, SP2)
def test_2_5_beyond_the_quota_the_answer_is_500(lab: Lab) -> None:
    assert [add_domain(lab, f"d{number}.example") > 0 for number in range(5)] == [True] * 5
    assert add_domain(lab, "d6.example") == -500


def test_2_5_ef_answers_500_where_the_spaces_own_quota_is_0() -> None:
    with Lab(EF) as lab:
        assert add_domain(lab, "a.example", add_space(lab, plan=add_plan(lab, "None"))) == -500


@checks("add_domain.sub_quota", EF, SP)
def test_2_5_a_sub_domain_without_quota_answers_508(lab: Lab) -> None:
    assert add_domain(lab, "x.a.example", kind="SubDomain") == -508


@checks("add_domain.pointer_without_quota", EF, SP)
def test_2_5_pointers_are_not_counted(lab: Lab) -> None:
    space = add_space(lab, plan=add_plan(lab, "None"))
    assert add_domain(lab, "p.example", space, "DomainPointer") > 0


@checks("check_domain.exists", EF, SP)
def test_2_5_a_name_that_anybody_has_answers_502(lab: Lab) -> None:
    assert add_domain(lab, "a.example", 5, as_="darkweb") > 0
    assert add_domain(lab, "a.example") == -502
    assert _bare(lab, "a.example") == -502


@checks("check_domain.pointer_apart", EF, SP)
def test_6_1_a_pointer_and_a_domain_may_have_one_name(lab: Lab) -> None:
    assert add_domain(lab, "a.example") > 0
    assert add_domain(lab, "a.example", kind="DomainPointer") > 0
    assert add_domain(lab, "a.example", kind="DomainPointer") == -502


@checks("check_domain.without_case", EF, SP)
def test_6_1_names_are_compared_without_case_and_trailing_blanks_and_kept_as_typed(lab: Lab) -> None:
    assert add_domain(lab, "Größe.Example") > 0
    assert add_domain(lab, "größe.example ") == -502
    assert lab.call("esServers.GetMyDomains", packageId=4)[0]["DomainName"] == "Größe.Example"
    assert add_domain(lab, "in valid!.example") > 0


def _with_sub_domains(lab: Lab) -> None:
    quotas = {53: 50, 54: 10}
    update_plan(lab, plan_record(lab, "Web S", (1, 2, 3, 4, 7), {53: 5, 54: 5, 13: 5, 4: 2, 14: 5}, PlanId=2, ServerId=1))
    update_plan(
        lab, plan_record(lab, "R", (1, 2, 3, 4, 7), quotas | {13: 50}, PlanId=1, UserId=1, PackageId=1, ServerId=1), "serveradmin"
    )


@checks("check_domain.foreign_parent", EF, SP)
def test_2_5_a_sub_domain_of_another_users_domain_answers_501_at_any_depth(lab: Lab) -> None:
    _with_sub_domains(lab)
    other = add_space(lab, user=5)
    assert add_domain(lab, "a.example", other) > 0
    assert add_domain(lab, "x.y.a.example", kind="SubDomain") == -501
    assert add_domain(lab, "own.a.example", other, "SubDomain") > 0
    lab.write("UPDATE domains SET hosting_allowed = 1")
    assert add_domain(lab, "x.y.a.example", kind="SubDomain") > 0


def test_2_5_ef_takes_a_domain_below_another_customers_and_sp_does_not() -> None:
    for flavour, allowed in ((EF, True), (SP, False)):
        with Lab(flavour) as lab:
            assert add_domain(lab, "a.example", add_space(lab, user=5)) > 0
            assert (add_domain(lab, "sub.a.example") > 0) is allowed


@checks("add_domain.name_length", SP, SP2)
def test_3_4_sp_a_name_above_100_characters_is_a_fault_and_is_not_stored(lab: Lab) -> None:
    given: dict[str, Any] = {"packageId": 4, "domainName": "n" * 101, "domainType": "Domain"}
    assert "String or binary data would be truncated." in lab.fault("esServers.AddDomainWithProvisioning", **given)
    assert lab.value("SELECT count(*) FROM domains") == 0


def test_5_3_a_foreign_space_is_a_rights_fault_and_nothing_is_stored() -> None:
    for flavour in (EF, SP, SP2):
        with Lab(flavour) as lab:
            given: dict[str, Any] = {"packageId": 5, "domainName": "a.example"}
            for kind in ("Domain", "SubDomain"):
                assert lab.fault("esServers.AddDomainWithProvisioning", domainType=kind, **given) == PACKAGE
            assert lab.fault("esServers.AddDomain", domain=lab.record("DomainInfo", PackageId=5, DomainName="a.example")) == PACKAGE
            assert lab.value("SELECT count(*) FROM domains") == 0


@checks("add_domain.rights", EF)
def test_5_3_ef_a_pointer_in_a_foreign_space_is_a_rights_fault_and_is_not_stored(lab: Lab) -> None:
    pointer = lab.record("DomainInfo", PackageId=5, DomainName="p.example", IsDomainPointer=True)
    assert lab.fault("esServers.AddDomain", domain=pointer).endswith(PACKAGE)
    assert lab.value("SELECT count(*) FROM domains") == 0


@checks("add_domain.tenant_may_not", EF, SP)
def test_2_5_quota_410_keeps_top_level_domains_to_administrators(lab: Lab) -> None:
    update_plan(lab, plan_record(lab, "R", (1,), {53: 50, 410: 1}, PlanId=1, UserId=1, PackageId=1, ServerId=1), "serveradmin")
    space = add_space(lab, plan=add_plan(lab, "Closed", {53: 5, 410: 1}))
    assert add_domain(lab, "a.example", space) == -107
    assert add_domain(lab, "a.example", space, as_="serveradmin") > 0


@checks("add_domain.unknown_space", EF, SP)
def test_2_5_a_domain_in_a_space_that_is_not_there_is_a_null_reference(lab: Lab) -> None:
    assert lab.fault("esServers.AddDomainWithProvisioning", packageId=4711, domainName="a.example", domainType="Domain") == NULL


@checks("add_domain.site_refused_domain_stays", EF, SP)
def test_6_3_a_refused_web_site_is_the_answer_and_the_domain_stays(lab: Lab) -> None:
    lab.write("UPDATE hosting_plan_quotas SET quota_value = 0 WHERE quota_id = 13 AND plan_id = 2")
    assert add_domain(lab, "a.example", createWebSite=True) == -600
    assert lab.value("SELECT count(*) FROM domains") == 1


@checks("add_domain.site_needs_group", EF, SP)
def test_2_5_without_the_web_group_no_site_is_tried(lab: Lab) -> None:
    space = add_space(lab, plan=add_plan(lab, "Dns", {53: 5}, groups=(1, 7)))
    assert add_domain(lab, "a.example", space, createWebSite=True) > 0
    assert lab.value("SELECT count(*) FROM service_items WHERE item_type = 'site'") == 0


@checks("add_domain.last_update", SP)
def test_2_5_on_1x_provisioning_sets_the_date_of_the_last_update(lab: Lab) -> None:
    add_domain(lab, "a.example")
    _bare(lab, "b.example")
    dates = [domain["LastUpdateDate"] for domain in lab.call("esServers.GetMyDomains", packageId=4)]
    assert [date is None for date in dates] == [False, True]


@checks("domains.rights", EF, SP, SP2)
def test_5_3_the_domains_of_a_foreign_space_are_a_rights_fault(lab: Lab) -> None:
    for name in ("GetDomains", "GetMyDomains", "GetResellerDomains"):
        assert lab.fault(f"esServers.{name}", packageId=5) == PACKAGE
    paged = {"filterColumn": "", "filterValue": "", "sortColumn": "", "startRow": 0, "maximumRows": 5}
    assert lab.fault("esServers.GetDomainsPaged", parameters={"packageId": 5} | paged) == PACKAGE


@checks("domains.recursive", EF, SP)
def test_2_5_get_domains_lists_those_below_too(lab: Lab) -> None:
    add_domain(lab, "a.example")
    assert [domain["DomainName"] for domain in lab.call("esServers.GetDomains", packageId=2)] == ["a.example"]
    assert lab.call("esServers.GetMyDomains", packageId=2) == []


@checks("domain.missing", EF, SP)
def test_2_5_a_domain_that_is_not_there_is_a_null_reference(lab: Lab) -> None:
    assert lab.fault("esServers.GetDomain", domainId=4711) == NULL
    assert lab.fault("esServers.DeleteDomain", domainId=4711) == NULL


@checks("domain.rights", EF, SP, SP2)
def test_5_3_a_foreign_domain_is_a_null_reference_and_stays(lab: Lab) -> None:
    number = add_domain(lab, "a.example", 5, as_="darkweb")
    assert lab.fault("esServers.GetDomain", domainId=number) == NULL
    assert lab.fault("esServers.DeleteDomain", domainId=number) == NULL
    assert lab.value("SELECT count(*) FROM domains") == 1


@checks("domain.ttl", EF, SP)
def test_2_5_only_the_single_read_fills_the_ttls(lab: Lab) -> None:
    number = add_domain(lab, "a.example")
    single = lab.call("esServers.GetDomain", domainId=number)
    assert (single["RecordDefaultTTL"], single["RecordMinimumTTL"], single["LastUpdateDate"]) == (86400, 3600, None)
    assert lab.call("esServers.GetMyDomains", packageId=4)[0]["RecordDefaultTTL"] == 0


def _page(lab: Lab) -> list[str]:
    asked: dict[str, Any] = {
        "packageId": 4,
        "filterColumn": "",
        "filterValue": "",
        "sortColumn": "",
        "startRow": 0,
        "maximumRows": 9,
    }
    return [row["domainname"] for row in lab.table(lab.call("esServers.GetDomainsPaged", parameters=asked), 1)]


@checks("domains_paged.left_out", EF, SP)
def test_2_5_pages_leave_out_pointers(lab: Lab) -> None:
    add_domain(lab, "a.example")
    add_domain(lab, "p.example", kind="DomainPointer")
    assert _page(lab) == ["a.example"]


@checks("domains_paged.default_sort", EF, SP)
def test_2_5_pages_are_sorted_by_name_where_nothing_is_asked(lab: Lab) -> None:
    add_domain(lab, "b.example")
    add_domain(lab, "A.example")
    assert _page(lab) == ["A.example", "b.example"]


@checks("reseller_domains.allowing_only", EF, SP)
def test_2_5_reseller_domains_are_usually_empty(lab: Lab) -> None:
    add_domain(lab, "a.example", 2)
    assert lab.call("esServers.GetResellerDomains", packageId=2) == []
    assert lab.call("esServers.GetResellerDomains", packageId=4) == []
    lab.write("UPDATE domains SET hosting_allowed = 1")
    assert [domain["DomainName"] for domain in lab.call("esServers.GetResellerDomains", packageId=4)] == ["a.example"]


@checks("delete_domain.account", EF, SP)
def test_2_5_a_demo_deletes_no_domain(lab: Lab) -> None:
    number = add_domain(lab, "a.example")
    account(lab, 2, is_demo=1)
    assert lab.call("esServers.DeleteDomain", domainId=number) == -106
    account(lab, 2, is_demo=0)
    assert lab.call("esServers.DeleteDomain", domainId=number) == 0
    assert lab.value("SELECT count(*) FROM domains") == 0


@checks("delete_domain.tenant_may_not", EF, SP)
def test_2_5_quota_409_keeps_deleting_to_administrators(lab: Lab) -> None:
    number = add_domain(lab, "a.example")
    lab.write("INSERT INTO hosting_plan_quotas VALUES (1, 409, 1)")
    lab.write("INSERT INTO hosting_plan_quotas VALUES (2, 409, 1)")
    assert lab.call("esServers.DeleteDomain", domainId=number) == -107
    assert lab.call("esServers.DeleteDomain", "serveradmin", domainId=number) == 0


@checks("delete_domain.web_site", EF, SP)
def test_2_5_a_domain_with_a_web_site_answers_506(lab: Lab) -> None:
    assert lab.call("esServers.DeleteDomain", domainId=add_domain(lab, "a.example", createWebSite=True)) == -506


@checks("delete_domain.mail_domain", EF, SP)
def test_2_5_a_domain_with_a_mail_domain_answers_507(lab: Lab) -> None:
    add_space(lab, createResources=True, createMailAccount=True, domainName="m.example")
    assert lab.call("esServers.DeleteDomain", domainId=lab.value("SELECT domain_id FROM domains")) == -507


@checks("delete_domain.organization", EF, SP)
def test_2_5_a_domain_of_an_organisation_answers_2705(lab: Lab) -> None:
    number = add_domain(lab, "o.example")
    item(lab, 4, 13, "organization", "o.example")
    assert lab.call("esServers.DeleteDomain", domainId=number) == -2705


@checks("preview_domain.unconfigured", EF, SP)
def test_4_a_preview_domain_without_the_setting_answers_511(lab: Lab) -> None:
    number = add_domain(lab, "a.example")
    assert lab.call("esServers.CreateDomainPreviewDomain", hostName="", domainId=number) == -511
    pairs = [["PreviewDomain", "preview.example"]]
    lab.call("esPackages.UpdatePackageSettings", settings={"PackageId": 4, "SettingsName": "PreviewDomain", "SettingsArray": pairs})
    assert lab.call("esServers.CreateDomainPreviewDomain", hostName="", domainId=number) == 0
    assert lab.call("esServers.GetDomain", domainId=number)["PreviewDomainName"] == "a.example.preview.example"
    assert lab.call("esServers.DeleteDomainPreviewDomain", domainId=number) == 0


def test_2_5_dns_is_switched_off_and_on_again() -> None:
    with Lab(EF) as lab:
        number = add_domain(lab, "a.example", createDnsZone=True)
        assert lab.call("esServers.GetDomain", domainId=number)["ZoneName"] == "a.example"
        assert lab.call("esServers.DisableDomainDns", domainId=number) == 0
        assert lab.call("esServers.GetDomain", domainId=number)["ZoneItemId"] == 0
        assert lab.call("esServers.EnableDomainDns", domainId=number) == 0
        assert lab.call("esServers.GetDomain", domainId=number)["ZoneItemId"] > 0
        assert lab.call("esServers.DetachDomain", domainId=number) == -107
        assert lab.call("esServers.DetachDomain", "serveradmin", domainId=number) == 0


def test_2_5_update_domain_allows_sub_domains() -> None:
    with Lab(SP) as lab:
        number = add_domain(lab, "a.example")
        domain = lab.call("esServers.GetDomain", domainId=number) | {"HostingAllowed": True}
        assert lab.call("esServers.UpdateDomain", domain=domain) == 0
        assert lab.call("esServers.GetDomain", domainId=number)["HostingAllowed"] is True


def test_5_3_sp_a_pointer_in_a_foreign_space_is_refused_and_stored() -> None:
    for defects, number in (((), 1), ((Defect.COMMITS_AFTER_RIGHTS_FAULT,), 0)):
        with Lab(SP, without=defects) as lab:
            pointer = lab.record("DomainInfo", PackageId=5, DomainName="p.example", IsDomainPointer=True)
            assert lab.fault("esServers.AddDomain", domain=pointer).endswith(PACKAGE)
            assert lab.value("SELECT count(*) FROM domains") == number

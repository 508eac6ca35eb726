"""Contract 2.4, 6.3: new spaces, their resources, and what stays when a step fails."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from resellerplan.simpanel.flavours import Defect
from tests.contract.lab import EF, SP, SP2, Lab, checks
from tests.contract.spaces_lab import (
    AGENT_DOWN,
    DAY,
    DOMAINS,
    NULL,
    PACKAGE,
    WITHOUT_SERVICES,
    account,
    add_domain,
    add_plan,
    add_space,
    item,
    plan_record,
    update_plan,
)

WR = "Error executing 'ADD' task on '{}' HOSTING_SPACE_WR ---> {}"


def _add(lab: Lab, as_: str = "brightweb", **given: Any) -> Any:
    asked: dict[str, Any] = {"userId": 4, "planId": 2, "packageName": "A", "statusId": 1, "purchaseDate": DAY}
    return lab.call("esPackages.AddPackage", as_, **asked | given)["Result"]


@checks("add_package.account", EF, SP, SP2)
def test_2_4_a_customer_a_demo_and_a_suspended_reseller_add_no_spaces(lab: Lab) -> None:
    assert add_space(lab, as_="mueller") == -112
    assert _add(lab, "mueller") == -112
    account(lab, 2, status_id=3)
    assert add_space(lab) == -105
    account(lab, 2, is_demo=1)
    assert _add(lab) == -106


def test_5_1_a_csr_peer_adds_spaces_and_a_helpdesk_peer_does_not() -> None:
    with Lab(SP) as lab:
        account(lab, 7, role_id=4)
        assert add_space(lab, as_="kollege") > 0
        account(lab, 7, role_id=6)
        assert add_space(lab, as_="kollege") == -112


@checks("add_package.parent_is_plans_space", EF, SP)
def test_2_4_the_parent_is_the_space_of_the_plan(lab: Lab) -> None:
    assert lab.value("SELECT parent_package_id FROM packages WHERE package_id = ?", add_space(lab, as_="serveradmin")) == 2


@checks("add_package.parent_rights", EF, SP, SP2)
def test_2_4_a_foreign_plan_and_an_unknown_one_are_a_rights_fault_and_leave_nothing(lab: Lab) -> None:
    before = lab.value("SELECT count(*) FROM packages")
    given: dict[str, Any] = {"userId": 4, "statusId": 1}
    assert lab.fault("esPackages.AddPackageWithResources", planId=4, spaceName="F", **given) == WR.format("F", PACKAGE)
    assert lab.fault("esPackages.AddPackage", planId=4711, packageName="U", purchaseDate=DAY, **given) == PACKAGE
    assert lab.value("SELECT count(*) FROM packages") == before
    assert lab.fault("esPackages.AddPackageWithResources", planId=4711, **given) == WR.format("", NULL)


@checks("add_package.references", EF, SP)
def test_2_4_an_unknown_user_is_a_foreign_key_fault_and_leaves_nothing(lab: Lab) -> None:
    before = lab.value("SELECT count(*) FROM packages")
    assert "FOREIGN KEY" in lab.fault("esPackages.AddPackage", userId=4711, planId=2, packageName="U", statusId=1, purchaseDate=DAY)
    assert lab.value("SELECT count(*) FROM packages") == before


@checks("add_package.exceed", EF)
def test_2_4_a_space_over_its_parents_quota_answers_305(lab: Lab) -> None:
    huge = add_plan(lab, "Huge", {DOMAINS: 100})
    assert _add(lab, planId=huge) == -305
    assert lab.value("SELECT count(*) FROM packages_tree_cache WHERE package_id > 5") == 0


def _over_quota(lab: Lab) -> int:
    """An add-on, overrides and plans below brightweb: then the sum counts by stored procedure too. A plan beyond it."""
    space = add_space(lab)
    package = dict(lab.call("esPackages.GetPackage", packageId=space))
    plan = plan_record(lab, quotas={DOMAINS: 1})
    lab.call(
        "esPackages.UpdatePackage", package=package | {"OverrideQuotas": True, "Groups": plan["Groups"], "Quotas": plan["Quotas"]}
    )
    lab.call(
        "esPackages.AddPackageAddonById", packageId=4, addonPlanId=add_plan(lab, "One", {DOMAINS: 1}, IsAddon=True), quantity=1
    )
    return int(add_plan(lab, "Huge", {DOMAINS: 100}))


@checks("add_package.exceed_uses_id", SP, SP2)
def test_6_9_sp_a_refused_space_uses_up_its_id(lab: Lab) -> None:
    huge = _over_quota(lab)
    assert _add(lab, planId=huge) == -305
    assert _add(lab) == 8


def test_6_9_on_sqlite_a_refused_space_uses_no_id() -> None:
    with Lab(EF) as lab:
        assert _add(lab, planId=add_plan(lab, "Huge", {DOMAINS: 100})) == -305
        assert _add(lab) == 6


@checks("add_package.foreign_user", EF, SP, SP2)
def test_6_3_a_space_for_a_foreign_user_faults_and_stays(lab: Lab) -> None:
    assert lab.fault("esPackages.AddPackage", userId=6, planId=2, packageName="Gift", statusId=1, purchaseDate=DAY) == PACKAGE
    row = lab.rows("SELECT user_id, parent_package_id FROM packages WHERE package_name = 'Gift'")[0]
    assert tuple(row) == (6, 2)


@checks("add_package.no_server", EF)
def test_2_4_ef_an_addon_plan_faults_and_leaves_a_space_without_a_server(lab: Lab) -> None:
    assert lab.fault("esPackages.AddPackageWithResources", userId=4, planId=3, spaceName="A", statusId=1) == WR.format("A", NULL)
    assert lab.rows("SELECT server_id FROM packages WHERE package_name = 'A'")[0][0] is None


def test_2_4_sp_an_addon_plan_makes_a_space_without_a_server() -> None:
    with Lab(SP) as lab:
        space = _add(lab, planId=3)
        assert lab.value("SELECT server_id FROM packages WHERE package_id = ?", space) is None


@checks("add_package.vlan_single", EF, defects=(Defect.VLAN_SINGLE_FAULT,))
def test_7_6_4_stock_a_space_below_a_resellers_space_faults_and_stays(lab: Lab) -> None:
    given: dict[str, Any] = {"userId": 4, "planId": 2, "spaceName": "V", "statusId": 1}
    assert lab.fault("esPackages.AddPackageWithResources", **given) == WR.format("V", "Sequence contains no elements")
    assert lab.value("SELECT count(*) FROM packages WHERE package_name = 'V'") == 1
    assert add_space(lab, user=2, plan=1, as_="serveradmin") > 0


@checks("add_package.name_length", SP, SP2)
def test_3_4_a_spaces_name_is_cut_at_300(lab: Lab) -> None:
    assert lab.value("SELECT length(package_name) FROM packages WHERE package_id = ?", add_space(lab, name="n" * 350)) == 300


def test_3_4_an_omitted_purchase_date_overflows_on_sql_server_and_is_kept_on_sqlite() -> None:
    with Lab(SP) as lab:
        fault = lab.fault("esPackages.AddPackage", userId=4, planId=2, packageName="A", statusId=1)
        assert fault.startswith("SqlDateTime overflow.")
    with Lab(EF) as lab:
        space = _add(lab, purchaseDate=datetime(1, 1, 1))
        assert lab.call("esPackages.GetPackage", packageId=space)["PurchaseDate"] == datetime(1, 1, 1)


@checks("add_space.domain_taken", EF, SP)
def test_2_4_a_domain_name_that_exists_answers_502_even_without_resources(lab: Lab) -> None:
    assert add_domain(lab, "taken.example") > 0
    assert add_space(lab, domainName="Taken.Example ") == -502
    assert add_space(lab, domainName="free.example") > 0
    assert lab.value("SELECT count(*) FROM domains WHERE domain_name = 'free.example'") == 0


@checks("check_domain.null_passes", EF, SP)
def test_2_4_no_name_passes_and_an_empty_one_meets_the_domain_with_the_empty_name(lab: Lab) -> None:
    assert add_domain(lab, "") > 0
    assert add_space(lab, domainName=None) > 0
    assert add_space(lab, domainName="") == -502


@checks("check_domain.ef_any_parent", EF)
def test_7_4_10_ef_refuses_a_sub_domain_of_any_domain_before_the_space(lab: Lab) -> None:
    assert add_domain(lab, "own.example") > 0
    assert add_space(lab, domainName="shop.own.example") == -501


@checks("add_space.ftp_taken", EF, SP)
def test_2_4_an_ftp_name_that_exists_answers_1101_even_without_resources(lab: Lab) -> None:
    assert add_space(lab, createResources=True, createFtpAccount=True) > 0
    assert add_space(lab, createFtpAccount=True) == -1101
    assert add_space(lab, createFtpAccount=True, ftpAccountName="MUELLER") == -1101


@checks("add_space.default_name", EF, SP)
def test_2_4_a_blank_name_is_the_plans_name(lab: Lab) -> None:
    for name in ("   ", "", None):
        assert lab.value("SELECT package_name FROM packages WHERE package_id = ?", add_space(lab, name=name)) == "Web S"


def test_2_4_all_resources_are_made_where_the_server_has_the_services() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            wanted: dict[str, Any] = {
                "createWebSite": True,
                "createFtpAccount": True,
                "createMailAccount": True,
                "domainName": "all.example",
            }
            space = add_space(lab, createResources=True, hostName="www", **wanted)
            rows = lab.rows("SELECT item_type, item_name FROM service_items WHERE package_id = ? ORDER BY item_id", space)
            assert [tuple(row) for row in rows] == [
                ("home_folder", f"HomeFolder {space}"),
                ("dns_zone", "all.example"),
                ("site", "www.all.example"),
                ("ftp_account", "mueller"),
                ("mail_domain", "all.example"),
                ("mail_account", "mail@all.example"),
            ]
            domain = lab.call("esServers.GetMyDomains", packageId=space)[0]
            assert (domain["WebSiteName"], domain["MailDomainName"], domain["ZoneName"]) == (
                "www.all.example",
                "all.example",
                "all.example",
            )


@checks("web_site.service", EF, SP, world=WITHOUT_SERVICES)
def test_2_4_without_a_web_service_the_answer_is_602_and_the_space_goes(lab: Lab) -> None:
    assert add_space(lab, 3, createResources=True, createWebSite=True, domainName="w.example") == -602
    assert lab.value("SELECT count(*) FROM packages") == 3


@checks("ftp_account.service", EF, SP, world=WITHOUT_SERVICES)
def test_2_4_without_an_ftp_service_the_answer_is_802_and_the_space_goes(lab: Lab) -> None:
    assert add_space(lab, 3, createResources=True, createFtpAccount=True) == -802
    assert lab.value("SELECT count(*) FROM packages") == 3


@checks("mail_account.service", EF, SP, world=WITHOUT_SERVICES)
def test_2_4_without_a_mail_service_the_answer_is_702_and_the_space_goes(lab: Lab) -> None:
    assert add_space(lab, 3, createResources=True, createMailAccount=True, domainName="m.example") == -702
    assert lab.value("SELECT count(*) FROM packages") == 3
    assert lab.value("SELECT count(*) FROM domains") == 0


def _bare_plan(lab: Lab) -> int:
    return int(add_plan(lab, "Bare", {DOMAINS: 5}, groups=(1, 7)))


@checks("web_site.quota", EF, SP)
def test_2_4_without_the_web_group_the_answer_is_600(lab: Lab) -> None:
    assert add_space(lab, plan=_bare_plan(lab), createResources=True, createWebSite=True, domainName="w.example") == -600


@checks("ftp_account.quota", EF, SP)
def test_2_4_without_the_ftp_group_the_answer_is_802(lab: Lab) -> None:
    assert add_space(lab, plan=_bare_plan(lab), createResources=True, createFtpAccount=True) == -802
    grouped = add_plan(lab, "Without the quota", {53: 5}, groups=(1, 3, 7))
    assert add_space(lab, plan=grouped, createResources=True, createFtpAccount=True) == -802


@checks("mail_account.quota", EF, SP)
def test_2_4_without_the_mail_group_the_answer_is_702(lab: Lab) -> None:
    asked: dict[str, Any] = {"createResources": True, "createMailAccount": True, "domainName": "m.example"}
    assert add_space(lab, plan=_bare_plan(lab), **asked) == -702
    grouped = add_plan(lab, "Without the quota", {53: 5}, groups=(1, 4, 7))
    assert add_space(lab, plan=grouped, **asked) == -702


@checks("web_site.exists", EF, SP)
def test_4_a_web_site_that_exists_answers_601(lab: Lab) -> None:
    assert add_space(lab, createResources=True, createWebSite=True, domainName="s.example") > 0
    lab.write("UPDATE domains SET domain_name = 'x', domain_key = 'x'")
    lab.write("UPDATE service_items SET item_key = 'x' WHERE item_type = 'dns_zone'")
    assert add_space(lab, createResources=True, createWebSite=True, domainName="s.example") == -601


@checks("ftp_account.exists", EF, SP)
def test_4_an_ftp_account_that_exists_in_the_panel_answers_803(lab: Lab) -> None:
    item(lab, 5, 3, "ftp_account", "schmidt")
    with Lab(lab.flavour.name, off=("add_space.ftp_taken", *lab.panel.rules_off)) as other:
        item(other, 5, 3, "ftp_account", "schmidt")
        assert add_space(other, 5, createResources=True, createFtpAccount=True) == -803


@checks("mail_account.exists", EF, SP)
def test_4_a_mailbox_that_exists_answers_703(lab: Lab) -> None:
    item(lab, 5, 4, "mail_account", "mail@m.example")
    assert add_space(lab, createResources=True, createMailAccount=True, domainName="m.example") == -703


@checks("add_space.clean_up", EF, SP)
def test_2_4_a_refused_resource_takes_the_space_with_it_and_uses_its_id(lab: Lab) -> None:
    plan = _bare_plan(lab)
    assert add_space(lab, plan=plan, createResources=True, createWebSite=True, domainName="w.example") == -600
    assert lab.value("SELECT count(*) FROM packages WHERE plan_id = ?", plan) == 0
    assert add_space(lab, plan=plan, domainName="w.example") == 7


def test_2_4_the_clean_up_is_in_the_background_and_the_name_is_taken_until_then() -> None:
    with Lab(SP, delay=30.0) as lab:
        plan = _bare_plan(lab)
        assert add_space(lab, plan=plan, createResources=True, createWebSite=True, domainName="w.example") == -600
        assert lab.value("SELECT count(*) FROM packages WHERE plan_id = ?", plan) == 1
        assert add_space(lab, plan=plan, domainName="w.example") == -502


def test_2_4_a_suspended_new_space_gets_no_resources_and_goes() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            assert add_space(lab, statusId=2, createResources=True, domainName="s.example") == -303
            assert lab.value("SELECT count(*) FROM packages WHERE status_id = 2") == 0
            assert add_space(lab, statusId=4, createResources=True, domainName="s.example") > 0


@checks("add_space.ftp_without_domain", EF, SP)
def test_2_4_the_ftp_account_is_made_without_a_domain(lab: Lab) -> None:
    space = add_space(lab, createResources=True, createFtpAccount=True, createWebSite=True, createMailAccount=True)
    rows = lab.rows("SELECT item_type FROM service_items WHERE package_id = ? AND item_type <> 'home_folder'", space)
    assert [row[0] for row in rows] == ["ftp_account"]


def _space_letter(lab: Lab, enabled: str) -> None:
    pairs = [["From", "a@b.example"], ["Subject", "s"], ["HtmlBody", "Space"], ["TextBody", "Space"], ["EnableLetter", enabled]]
    lab.call("esUsers.UpdateUserSettings", settings={"UserId": 2, "SettingsName": "PackageSummaryLetter", "SettingsArray": pairs})


@checks("add_space.letter_asked", EF, SP)
def test_2_4_a_letter_that_is_asked_for_goes_out_whatever_enable_letter_says(lab: Lab) -> None:
    _space_letter(lab, "False")
    assert add_space(lab) > 0
    assert lab.value("SELECT count(*) FROM outbox") == 0
    assert add_space(lab, sendLetter=True) > 0
    assert lab.value("SELECT count(*) FROM outbox") == 1


@checks("add_package.letter_enabled", EF, SP)
def test_2_4_add_package_sends_the_letter_only_if_it_is_enabled(lab: Lab) -> None:
    _space_letter(lab, "True")
    assert _add(lab) > 0
    assert lab.value("SELECT count(*) FROM outbox") == 1
    _space_letter(lab, "False")
    assert _add(lab) > 0
    assert lab.value("SELECT count(*) FROM outbox") == 1


@checks("agents.unreachable", EF, SP, world=AGENT_DOWN)
def test_6_3_an_agent_that_does_not_answer_is_a_fault_and_the_space_is_cleaned_up(lab: Lab) -> None:
    given: dict[str, Any] = {
        "userId": 3,
        "planId": 2,
        "spaceName": "A",
        "statusId": 1,
        "createResources": True,
        "domainName": "a.example",
    }
    fault = lab.fault("esPackages.AddPackageWithResources", **given)
    assert fault.startswith("Error executing 'ADD' task on 'A' HOSTING_SPACE_WR ---> Could not add domain ---> ")
    assert lab.value("SELECT count(*) FROM packages") == 3
    zone: dict[str, Any] = {"packageId": 3, "domainName": "z.example", "domainType": "Domain", "createDnsZone": True}
    assert lab.fault("esServers.AddDomainWithProvisioning", **zone).startswith(
        "Error executing 'ADD' task on 'z.example' DOMAIN ---> "
    )
    assert lab.value("SELECT count(*) FROM domains") == 0


def test_7_4_12_a_plan_of_the_panels_own_makes_a_space_of_the_root() -> None:
    with Lab(EF) as lab:
        update_plan(lab, plan_record(lab, quotas={}, PlanId=1, UserId=1, PackageId=1, ServerId=1), "serveradmin")
        assert (
            lab.value("SELECT parent_package_id FROM packages WHERE package_id = ?", add_space(lab, 3, 1, as_="serveradmin")) == 1
        )


@checks("add_space.ftp_name_of_user", EF, SP)
def test_2_4_an_ftp_account_without_a_name_for_a_user_out_of_sight_is_a_null_reference(lab: Lab) -> None:
    given: dict[str, Any] = {"userId": 6, "planId": 2, "spaceName": "F", "statusId": 1, "createFtpAccount": True}
    assert lab.fault("esPackages.AddPackageWithResources", **given) == WR.format("F", NULL)
    assert lab.value("SELECT count(*) FROM packages WHERE user_id = 6") == 1


@checks("add_space.preview_domain", EF, SP)
def test_2_4_a_preview_name_is_made_where_it_is_configured_and_its_code_is_ignored(lab: Lab) -> None:
    asked: dict[str, Any] = {"createResources": True, "tempDomain": True}
    assert add_space(lab, domainName="a.example", **asked) > 0
    pairs = [["PreviewDomain", "preview.example"]]
    lab.call("esPackages.UpdatePackageSettings", settings={"PackageId": 2, "SettingsName": "PreviewDomain", "SettingsArray": pairs})
    assert add_space(lab, domainName="b.example", **asked) > 0
    assert lab.value("SELECT domain_name FROM domains WHERE is_preview_domain = 1") == "b.example.preview.example"


@checks("service.needs_group", EF, SP)
def test_2_3_a_quota_without_its_group_gives_no_service(lab: Lab) -> None:
    plan = add_plan(lab, "Ohne", {53: 5, 13: 5, 4: 5, 14: 5}, groups=(1, 7))
    assert add_space(lab, plan=plan, createResources=True, domainName="s.example", createWebSite=True) == -602
    assert lab.value("SELECT count(*) FROM packages WHERE plan_id = ?", plan) == 0


@checks("web_site.pointer_exists", EF, SP)
def test_4_a_web_site_named_as_a_pointer_answers_601_and_the_domain_stays(lab: Lab) -> None:
    assert add_domain(lab, "a.example", kind="DomainPointer") > 0
    assert add_domain(lab, "a.example", createWebSite=True) == -601
    assert lab.value("SELECT count(*) FROM domains WHERE is_domain_pointer = 0") == 1

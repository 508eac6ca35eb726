"""What the two reports on SolidCP 1.x say of plans, spaces, add-ons and domains, and no other test holds yet.

Each name begins with the report's section: ``1x_`` for the services, ``db_`` for the stored procedures.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from resellerplan.simpanel.wire import ServiceFault
from tests.contract.lab import EF, SP, SP2, Lab, checks
from tests.contract.spaces_lab import (
    ACCOUNT,
    DAY,
    DOMAINS,
    NULL,
    PACKAGE,
    add_domain,
    add_plan,
    add_space,
    package,
    plan_record,
    update_plan,
)

EVERY = (EF, SP, SP2)


def _add_package(lab: Lab, user: int, plan: int, name: str | None = "S", as_: str = "brightweb", **given: Any) -> Any:
    sent = {"userId": user, "planId": plan, "packageName": name, "statusId": 1, "purchaseDate": DAY} | given
    return lab.call("esPackages.AddPackage", as_, parameters=sent)["Result"]


def test_1x_2_prices_keep_four_decimals_rounded_half_up() -> None:
    for flavour, shown in ((SP, Decimal("12.3457")), (SP2, Decimal("12.3457")), (EF, Decimal("12.34567"))):
        with Lab(flavour) as lab:
            number = add_plan(lab, SetupPrice=Decimal("12.34567"))
            assert lab.call("esPackages.GetHostingPlan", planId=number)["SetupPrice"] == shown


def test_3_1_a_price_beyond_the_column_is_a_fault_and_stores_nothing() -> None:
    with Lab(SP) as lab:
        plan = plan_record(lab, "Teuer", quotas={}, SetupPrice=Decimal("922337203685477.5808"))
        assert "Arithmetic Overflow." in lab.fault("esPackages.AddHostingPlan", plan=plan)
        assert lab.value("SELECT count(*) FROM hosting_plans WHERE plan_name = 'Teuer'") == 0
        assert add_plan(lab, SetupPrice=Decimal("922337203685477.5807")) > 0


def test_db_4_7_a_plan_without_space_and_server_is_a_foreign_key_fault_and_an_addon_is_not() -> None:
    for flavour in (SP, SP2):
        with Lab(flavour) as lab:
            before = lab.value("SELECT count(*) FROM hosting_plans")
            plan = plan_record(lab, quotas={}, PackageId=0, ServerId=0)
            assert "FOREIGN KEY" in lab.fault("esPackages.AddHostingPlan", plan=plan)
            assert lab.value("SELECT count(*) FROM hosting_plans") == before
            assert add_plan(lab, PackageId=0, ServerId=0, IsAddon=True) > 0


def test_db_4_7_a_plan_on_a_foreign_space_is_stored_and_makes_no_space() -> None:
    for flavour in EVERY:
        with Lab(flavour) as lab:
            number = add_plan(lab, PackageId=3)
            sent: dict[str, Any] = {"userId": 4, "planId": number, "packageName": "S", "statusId": 1, "purchaseDate": DAY}
            assert lab.fault("esPackages.AddPackage", **sent).endswith(PACKAGE)
            assert lab.value("SELECT count(*) FROM packages WHERE plan_id = ?", number) == 0


@checks("add_package.parent_rights", SP, SP2)
def test_db_4_7_a_plan_without_a_space_serves_administrators_only(lab: Lab) -> None:
    number = add_plan(lab, PackageId=0, ServerId=1)
    sent: dict[str, Any] = {"userId": 4, "planId": number, "packageName": "S", "statusId": 1, "purchaseDate": DAY}
    assert lab.fault("esPackages.AddPackage", **sent).endswith(PACKAGE)
    assert _add_package(lab, 4, number, as_="serveradmin") > 0


def test_db_6_4_a_plan_without_a_space_is_never_checked_when_it_shrinks() -> None:
    for flavour in EVERY:
        with Lab(flavour) as lab:
            plan = plan_record(
                lab, "Reseller L", (1, 7), {DOMAINS: 1}, PlanId=1, UserId=1, PackageId=0 if flavour != EF else 1, ServerId=1
            )
            assert update_plan(lab, plan, "serveradmin")["Result"] == 0
            assert lab.value("SELECT quota_value FROM hosting_plan_quotas WHERE plan_id = 1 AND quota_id = 53") == 1


def test_db_6_5_what_a_peer_owns_is_its_own_and_not_in_its_resellers_list() -> None:
    for flavour in EVERY:
        with Lab(flavour) as lab:
            assert lab.call("esPackages.GetMyPackages", "kollege", userId=7) == []
            assert lab.table(lab.call("esPackages.GetHostingPlans", "kollege", userId=7)) == []
            add_plan(lab, "Des Kollegen", as_="kollege", UserId=7)
            own = lab.table(lab.call("esPackages.GetHostingPlans", "kollege", userId=7))
            assert [row["planname"] for row in own] == ["Des Kollegen"]
            of_reseller = lab.table(lab.call("esPackages.GetHostingPlans", userId=2))
            assert "Des Kollegen" not in [row["planname"] for row in of_reseller]


def test_db_4_18_a_space_given_to_a_peer_is_listed_under_the_peers_id() -> None:
    for flavour in EVERY:
        with Lab(flavour) as lab:
            assert lab.call("esPackages.ChangePackageUser", packageId=4, parameters={"UserId": 7}) == 0
            assert [space["PackageId"] for space in lab.call("esPackages.GetMyPackages", userId=7)] == [4]
            assert lab.call("esPackages.GetMyPackages", userId=4) == []


def test_db_6_5_a_quota_is_found_in_any_letter_case_and_an_unknown_space_has_it_without_limit() -> None:
    for flavour in (SP, SP2):
        with Lab(flavour) as lab:
            found = lab.call("esPackages.GetPackageQuota", packageId=4, quotaName="os.DOMAINS")
            assert (found["QuotaName"], found["QuotaAllocatedValue"]) == ("OS.Domains", 5)
            found = lab.call("esPackages.GetPackageQuota", packageId=4711, quotaName="OS.Domains")
            assert (found["QuotaAllocatedValue"], found["QuotaUsedValue"]) == (-1, 0)


def test_db_5_2_an_unknown_space_is_anybodys_and_0_and_1_are_the_administrators() -> None:
    for flavour in EVERY:
        with Lab(flavour) as lab:
            for number in (4711, -5):
                assert lab.call("esServers.GetDomains", packageId=number) == []
                assert lab.call("esPackages.GetPackagePackages", packageId=number) == []
            for number in (0, 1):
                assert lab.fault("esServers.GetDomains", packageId=number).endswith(PACKAGE)
                assert lab.call("esServers.GetDomains", "serveradmin", packageId=number) == []


def test_db_6_1_a_space_without_a_name_is_stored_by_procedure() -> None:
    with Lab(SP) as lab:
        number = _add_package(lab, 4, 2, None)
        assert number > 0
        assert lab.value("SELECT package_name FROM packages WHERE package_id = ?", number) is None


def test_db_6_1_names_of_plans_and_spaces_may_be_double_and_empty() -> None:
    for flavour in EVERY:
        with Lab(flavour) as lab:
            assert add_plan(lab, "Gleich") != add_plan(lab, "Gleich")
            assert add_plan(lab, "") > 0
            assert add_space(lab, name="Gleich") != add_space(lab, name="Gleich")


def test_db_3_4_a_names_first_100_characters_are_what_is_looked_for() -> None:
    with Lab(SP) as lab:
        name = f"{'n' * 92}.example"
        assert len(name) == 100
        assert add_domain(lab, name) > 0
        assert add_space(lab, domainName=f"{name}tail") == -502
        assert add_space(lab, domainName=f"{name[:99]}") > 0


@checks("add_package.parent_rights", SP)
def test_1x_2_4_an_unknown_plan_without_a_name_is_a_null_reference_and_with_one_a_rights_fault(lab: Lab) -> None:
    sent: dict[str, Any] = {"userId": 4, "planId": 4711, "statusId": 1}
    before = lab.value("SELECT count(*) FROM packages")
    assert lab.fault("esPackages.AddPackageWithResources", spaceName="", **sent).endswith(NULL)
    assert lab.fault("esPackages.AddPackageWithResources", spaceName="S", **sent).endswith(PACKAGE)
    assert lab.value("SELECT count(*) FROM packages") == before


def test_db_6_5_spaces_0_0_is_an_empty_page() -> None:
    for flavour in (SP, SP2):
        with Lab(flavour) as lab:
            page = lab.call("esPackages.GetPackagesPaged", userId=2, startRow=0, maximumRows=0)
            assert (lab.table(page)[0]["column1"], lab.table(page, 1)) == (1, [])
            nested = lab.call("esPackages.GetNestedPackagesPaged", packageId=2, startRow=0, maximumRows=0)
            assert (lab.table(nested)[0]["column1"], lab.table(nested, 1)) == (1, [])


@checks("group.needs_service", SP)
def test_db_6_4_a_virtual_server_has_the_groups_of_the_services_it_borrows(lab: Lab) -> None:

    def groups() -> list[str]:
        return [group["GroupName"] for group in lab.call("esPackages.GetPackageContext", packageId=4)["GroupsArray"]]

    assert set(groups()) == {"OS", "Web", "FTP", "Mail", "DNS"}
    lab.write("UPDATE packages SET server_id = 2 WHERE package_id = 4")
    assert groups() == []
    lab.write("INSERT INTO virtual_services (server_id, service_id) SELECT 2, service_id FROM services WHERE group_id = 1 LIMIT 1")
    assert groups() == ["OS"]


def test_1x_3_3_the_rights_faults_of_nested_procedures_come_twice() -> None:
    with Lab(SP) as lab:
        twice_package, twice_account = f"{PACKAGE}\n{PACKAGE}", f"{ACCOUNT}\n{ACCOUNT}"
        assert lab.fault("esPackages.UpdatePackage", package=package(lab, 5)) == twice_package
        assert lab.fault("esPackages.AddHostingPlan", plan=plan_record(lab, quotas={}, UserId=3)) == twice_account
        plan = plan_record(lab, "Dark S", quotas={}, PlanId=4, UserId=3, PackageId=3)
        assert lab.fault("esPackages.UpdateHostingPlan", plan=plan) == twice_account
        assert twice_package in lab.fault("esUsers.ChangeUserStatus", userId=6, status="Suspended")


def test_1x_3_3_an_own_space_may_be_given_more_than_its_reseller_has() -> None:
    for flavour in (SP, SP2):
        with Lab(flavour) as lab:
            plan = plan_record(lab, groups=(1,), quotas={DOMAINS: 100_000})
            own = package(lab, 2, OverrideQuotas=True, Groups=plan["Groups"], Quotas=plan["Quotas"])
            assert lab.call("esPackages.UpdatePackage", package=own)["Result"] == 0
            assert lab.call("esPackages.GetPackageQuota", packageId=2, quotaName="OS.Domains")["QuotaAllocatedValue"] == 100_000


def test_2_3_and_2_4_every_call_is_there_but_those_whose_result_no_document_describes() -> None:
    """Others answer a fault that names the call, never an invention."""
    for flavour in EVERY:
        with Lab(flavour, loop_seconds=0.0) as lab:
            services = lab.flavour.catalogue().services
            unanswered = [
                name
                for name in services["esPackages"].operations
                if "that the embedded panel does not have" in _outcome(lab, f"esPackages.{name}")
            ]
            own = {"GetPackageItem"} if lab.flavour.face == "corewcf" else set()
            untried = {"GetPackagesDiskspacePaged", "GetPackagesBandwidthPaged"} if lab.flavour.logic == "ef" else set()
            assert set(unanswered) == UNDESCRIBED | own | untried
            for service in ("esUsers", "esAuthentication", "esTasks", "esComments"):
                for name in services[service].operations:
                    assert "that the embedded panel does not have" not in _outcome(lab, f"{service}.{name}")


UNDESCRIBED = {
    *("SearchServiceItemsPaged", "GetSearchObject", "GetSearchObjectQuickFind", "GetSearchTableByColumns"),
    *("GetSearchableServiceItemTypes", "GetRawPackageItemsPaged", "GetOverusageSummaryReport"),
    *("GetDiskspaceOverusageDetailsReport", "GetBandwidthOverusageDetailsReport"),
}
"""Calls of esPackages of which contract and recordings know the parameters only."""


def _outcome(lab: Lab, name: str) -> str:
    try:
        lab.call(name, "mueller")
    except ServiceFault as fault:
        return str(fault)
    return ""


def test_1x_3_3_settings_of_a_foreign_space_are_written_all_the_same() -> None:
    settings = {"PackageId": 5, "SettingsName": "NameServers", "SettingsArray": [["NameServers", "ns.example"]]}
    for flavour, kept in ((SP, 1), (SP2, 1), (EF, 0)):
        with Lab(flavour) as lab:
            assert lab.fault("esPackages.UpdatePackageSettings", settings=settings).endswith(PACKAGE)
            assert lab.value("SELECT count(*) FROM package_settings WHERE package_id = 5") == kept


def test_3_4_the_last_steps_of_the_year_9999_overflow_on_sql_server() -> None:
    last = datetime(9999, 12, 31, 23, 59, 59)
    for flavour in EVERY:
        with Lab(flavour) as lab:
            assert _add_package(lab, 4, 2, purchaseDate=last.replace(microsecond=997000)) > 0
            sent: dict[str, Any] = {"userId": 4, "planId": 2, "packageName": "S", "statusId": 1}
            sent["purchaseDate"] = last.replace(microsecond=999999)
            if flavour == EF:
                assert lab.call("esPackages.AddPackage", parameters=sent)["Result"] > 0
            else:
                assert "SqlDateTime overflow" in lab.fault("esPackages.AddPackage", **sent)


def test_2_4_the_nested_summary_counts_direct_spaces_and_those_of_status_0_only_in_all() -> None:
    for flavour in EVERY:
        with Lab(flavour) as lab:
            add_space(lab)
            lab.write("UPDATE packages SET status_id = 0 WHERE package_id = 4")
            summary = lab.call("esPackages.GetNestedPackagesSummary", packageId=2)
            assert lab.table(summary) == [{"packagesnumber": 2}]
            assert lab.table(summary, 1) == [{"statusid": 1, "packagesnumber": 1}]
            unknown = lab.call("esPackages.GetNestedPackagesSummary", packageId=4711)
            assert (lab.table(unknown), lab.table(unknown, 1)) == ([{"packagesnumber": 0}], [])


def test_6_7_a_new_space_takes_domains_and_pending_users_make_their_spaces_new() -> None:
    for flavour in EVERY:
        with Lab(flavour) as lab:
            assert lab.call("esUsers.ChangeUserStatus", userId=4, status="Pending") == 0
            assert lab.call("esPackages.GetPackage", packageId=4)["StatusId"] == 4
            assert add_domain(lab, "neu.example") > 0
            assert add_space(lab, statusId=4, createResources=True, domainName="auch.example") > 0


def test_2_4_marking_a_default_space_unmarks_the_users_others() -> None:
    for flavour in EVERY:
        with Lab(flavour) as lab:
            other = add_space(lab)
            for number in (4, other):
                assert lab.call("esPackages.SetDefaultTopPackage", userId=4, packageId=number) is True
                marked = [row[0] for row in lab.rows("SELECT package_id FROM packages WHERE default_top_package = 1")]
                assert marked == [number]

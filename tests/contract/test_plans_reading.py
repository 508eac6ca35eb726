"""Contract 2.3: reading plans, their contexts and quota tables."""

from __future__ import annotations

from typing import Any

from tests.contract.lab import EF, SP, SP2, Lab, checks
from tests.contract.spaces_lab import ACCOUNT, DOMAINS, PACKAGE, add_plan


def _names(lab: Lab) -> list[str]:
    return [row["planname"] for row in lab.table(lab.call("esPackages.GetHostingPlans", userId=2))]


@checks("hosting_plans.list_rights", EF, SP, SP2)
def test_2_3_the_plans_of_a_foreign_user_are_a_rights_fault(lab: Lab) -> None:
    for name in ("GetHostingPlans", "GetHostingAddons", "GetUserAvailableHostingPlans", "GetUserAvailableHostingAddons"):
        assert lab.fault(f"esPackages.{name}", userId=3) == ACCOUNT


@checks("hosting_plans.read_unchecked", EF, SP)
def test_2_3_any_plan_of_anybody_is_served_without_groups_and_quotas(lab: Lab) -> None:
    found = lab.call("esPackages.GetHostingPlan", planId=4)
    assert (found["PlanName"], found["UserId"], found["Groups"], found["Quotas"]) == ("Dark S", 3, None, None)
    assert lab.call("esPackages.GetHostingPlan", planId=4711) is None


@checks("hosting_plans.order_by_name", EF, SP)
def test_2_3_plans_are_listed_by_name_without_case_the_empty_one_first(lab: Lab) -> None:
    for name in ("beta", "Alpha", ""):
        add_plan(lab, name)
    assert _names(lab) == ["", "Alpha", "beta", "Web S"]


@checks("hosting_plans.available_user_0", EF, SP)
def test_2_3_what_a_customer_can_be_given_carries_user_0_and_unavailable_plans_too(lab: Lab) -> None:
    add_plan(lab, "Old", Available=False)
    offered = lab.call("esPackages.GetUserAvailableHostingPlans", userId=4)
    assert [(plan["PlanName"], plan["Available"], plan["UserId"]) for plan in offered] == [("Old", False, 0), ("Web S", True, 0)]
    assert [plan["PlanName"] for plan in lab.call("esPackages.GetUserAvailableHostingAddons", userId=4)] == ["Extra"]


def test_1_5_ef_has_no_second_package_id_and_its_own_spelling() -> None:
    with Lab(EF) as ef, Lab(SP) as sp:
        ef_names = [column.name for column in ef.call("esPackages.GetHostingPlans", userId=2).tables[0].columns]
        sp_names = [column.name for column in sp.call("esPackages.GetHostingPlans", userId=2).tables[0].columns]
    assert "PlanId" in ef_names
    assert "PackageId1" not in ef_names
    assert sp_names[-2:] == ["PackageID1", "PackageName"]


def _quotas(lab: Lab, package: int, plan: int, as_: str = "brightweb", server: int = 0) -> Any:
    return lab.call("esPackages.GetHostingPlanQuotas", as_, packageId=package, planId=plan, serverId=server)


@checks("hosting_plan_quotas.parent_rights", EF, SP)
def test_2_3_whoever_may_see_the_owner_may_ask_so_the_root_is_open_to_resellers(lab: Lab) -> None:
    assert lab.fault("esPackages.GetHostingPlanQuotas", packageId=3, planId=0, serverId=0) == PACKAGE
    assert _quotas(lab, 1, 0)
    assert _quotas(lab, 2, 0, "mueller")


@checks("hosting_plan_quotas.parent_enabled", EF, SP)
def test_2_3_parent_enabled_follows_the_chain_and_the_services_of_the_server(lab: Lab) -> None:
    enabled = {row["groupname"] for row in lab.table(_quotas(lab, 2, 0)) if row["parentenabled"]}
    assert enabled == {"OS", "Web", "FTP", "Mail", "DNS"}
    assert not any(row["parentenabled"] for row in lab.table(_quotas(lab, 2, 0, server=2)))


def test_2_3_with_space_0_parent_enabled_is_false_for_all_by_procedure_and_true_by_ef() -> None:
    for flavour, expected, groups in ((SP, False, 39), (EF, True, 40)):
        with Lab(flavour) as lab:
            rows = lab.table(_quotas(lab, 0, 0))
            assert [row["parentenabled"] for row in rows] == [expected] * groups
            parents = {(row["quotatypeid"] == 1, row["parentquotavalue"]) for row in lab.table(_quotas(lab, 0, 0), 1)}
            assert parents == {(True, 1), (False, -1)}


@checks("hosting_plan_quotas.hidden_left_out", EF, SP)
def test_2_3_hidden_quotas_are_in_no_table_and_no_context(lab: Lab) -> None:
    number = 336 if lab.flavour.face == "corewcf" else 323
    assert len(lab.table(_quotas(lab, 2, 2), 1)) == number
    assert len(lab.call("esPackages.GetHostingPlanContext", planId=2)["QuotasArray"]) == number


@checks("hosting_plan_context.every_quota", EF, SP)
def test_2_3_a_context_lists_every_quota_those_of_groups_that_are_off_too(lab: Lab) -> None:
    listed = {q["QuotaName"]: q for q in lab.call("esPackages.GetHostingPlanContext", planId=2)["QuotasArray"]}
    assert listed["OS.Domains"]["QuotaAllocatedValue"] == 5
    assert listed["MsSQL2022.Databases"]["QuotaAllocatedValue"] == 0
    assert listed["OS.Domains"]["QuotaDescription"] is None


@checks("hosting_plan_context.only_enabled_groups", EF, SP)
def test_2_3_a_context_lists_only_the_groups_of_the_plan(lab: Lab) -> None:
    context = lab.call("esPackages.GetHostingPlanContext", planId=4)
    assert [(group["GroupName"], group["Enabled"]) for group in context["GroupsArray"]] == [("OS", True), ("DNS", True)]
    assert lab.call("esPackages.GetHostingPlanContext", planId=4711) is None


def test_2_3_a_quota_whose_group_is_not_listed_is_stored_and_counts() -> None:
    with Lab(SP) as lab:
        plan = add_plan(lab, "No group", {DOMAINS: 3}, groups=())
        space = lab.call("esPackages.AddPackage", userId=4, planId=plan, packageName="n", statusId=1, purchaseDate=_day())["Result"]
        assert lab.call("esPackages.GetPackageQuota", packageId=space, quotaName="OS.Domains")["QuotaAllocatedValue"] == 3


def _day() -> Any:
    from datetime import datetime

    return datetime(2026, 1, 1)

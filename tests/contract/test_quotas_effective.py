"""Contract 6.4, 2.4: effective quotas and groups, usage, exceeding; in both logics."""

from __future__ import annotations

from typing import Any

from resellerplan.simpanel.flavours import Defect
from tests.contract.lab import EF, SP, SP2, Lab, checks
from tests.contract.spaces_lab import (
    DOMAINS,
    NULL,
    PACKAGE,
    SUB_DOMAINS,
    add_domain,
    add_plan,
    add_space,
    addon,
    allocated,
    overrides,
    plan_record,
    quota,
    update_package,
    update_plan,
)


@checks("quota.minimum_of_chain", EF, SP)
def test_6_4_the_effective_value_is_the_smallest_of_the_chain_and_0_anywhere_is_0(lab: Lab) -> None:
    space = add_space(lab, plan=add_plan(lab, "Huge", {DOMAINS: 11, SUB_DOMAINS: 5}))
    update_plan(
        lab,
        plan_record(lab, "Reseller L", (1, 2, 3, 4, 7), {DOMAINS: 10, SUB_DOMAINS: 0}, PlanId=1, UserId=1, PackageId=1, ServerId=1),
        "serveradmin",
    )
    assert allocated(lab, space) == 10
    assert allocated(lab, space, "OS.SubDomains") == 0


def test_6_4_a_plan_value_below_minus_1_is_returned_as_it_is() -> None:
    with Lab(SP) as lab:
        assert allocated(lab, add_space(lab, plan=add_plan(lab, "Odd", {DOMAINS: -5}))) == -5


def test_2_4_an_unknown_space_has_everything_and_uses_nothing() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            assert quota(lab, 4711, "OS.DOMAINS") | {"QuotaAllocatedValue": -1, "QuotaUsedValue": 0} == quota(lab, 4711)


@checks("quota.addons_added", EF, SP)
def test_6_4_active_addons_add_value_times_quantity_and_switch_booleans_on(lab: Lab) -> None:
    more = add_plan(lab, "More", {DOMAINS: 3, 55: 1}, IsAddon=True)
    update_plan(
        lab,
        plan_record(lab, "Reseller L", (1, 2, 3, 4, 7), {DOMAINS: 50, 55: 1}, PlanId=1, UserId=1, PackageId=1, ServerId=1),
        "serveradmin",
    )
    number = addon(lab, 4, more, 2)
    assert allocated(lab, 4) == 11
    assert allocated(lab, 4, "OS.FileManager") == 1
    lab.write("UPDATE package_addons SET status_id = 2 WHERE package_addon_id = ?", number)
    assert allocated(lab, 4) == 5


@checks("quota.addon_sum_first", SP)
def test_6_4_an_addon_on_an_unlimited_plan_limits_it_and_an_unlimited_addon_is_lost(lab: Lab) -> None:
    unlimited = add_space(lab, plan=add_plan(lab, "Unlimited", {DOMAINS: -1}))
    one = add_plan(lab, "One", {DOMAINS: 1}, IsAddon=True)
    addon(lab, unlimited, one)
    assert allocated(lab, unlimited) == 0
    addon(lab, 4, one, 6)
    addon(lab, 4, add_plan(lab, "All", {DOMAINS: -1}, IsAddon=True))
    assert allocated(lab, 4) == 5 + 6 - 1


def test_6_4_a_negative_sum_of_addons_is_unlimited() -> None:
    with Lab(SP) as lab:
        addon(lab, 4, add_plan(lab, "One", {DOMAINS: 1}, IsAddon=True), -2)
        assert allocated(lab, 4) == 50  # the parent's


@checks("quota.overrides_replace_plan", EF, SP)
def test_6_4_with_overrides_the_spaces_own_values_count(lab: Lab) -> None:
    assert update_package(lab, 4, **overrides(lab, {DOMAINS: 9})) == 0
    assert allocated(lab, 4) == 9
    assert allocated(lab, 4, "Web.Sites") == 0


@checks("group.listed_everywhere", EF, SP)
def test_6_4_a_group_must_be_listed_at_every_level(lab: Lab) -> None:
    space = add_space(lab, plan=add_plan(lab, "All", groups=(1, 2, 7)))
    update_plan(lab, plan_record(lab, "Reseller L", (1, 7), {}, PlanId=1, UserId=1, PackageId=1, ServerId=1), "serveradmin")
    assert _groups(lab, space) == ["OS", "DNS"]


@checks("group.needs_service", EF, SP)
def test_6_4_a_group_needs_a_service_of_the_spaces_server_and_no_server_needs_none(lab: Lab) -> None:
    lab.write("UPDATE packages SET server_id = 2 WHERE package_id = 4")
    assert _groups(lab, 4) == []
    lab.write("UPDATE packages SET server_id = NULL WHERE package_id = 4")
    assert _groups(lab, 4) == ["OS", "Web", "FTP", "Mail", "DNS"]


def _groups(lab: Lab, space: int) -> list[str]:
    return [group["GroupName"] for group in lab.call("esPackages.GetPackageContext", packageId=space)["GroupsArray"]]


@checks("quota.leaf_usage_zero", EF)
def test_7_4_8_ef_a_spaces_own_usage_counts_0_and_the_parents_is_right(lab: Lab) -> None:
    for number in range(8):
        assert add_domain(lab, f"d{number}.example") > 0
    assert quota(lab, 4)["QuotaUsedValue"] == 0
    assert quota(lab, 2)["QuotaUsedValue"] == 8


def test_2_5_sp_a_leaf_space_counts_its_own_domains_and_so_does_ef_without_the_defect() -> None:
    for lab in (Lab(SP), Lab(EF, without=(Defect.LEAF_USAGE_ZERO,))):
        with lab:
            assert [add_domain(lab, f"d{number}.example") > 0 for number in range(5)] == [True] * 5
            assert add_domain(lab, "d6.example") == -500
            used = quota(lab, 4)
            assert (used["QuotaUsedValue"], used["QuotaExhausted"], used["GroupId"]) == (5, True, 0)


@checks("quota.exceed", EF)
def test_6_4_ef_enforces_the_parents_quota_and_leaves_nothing(lab: Lab) -> None:
    huge = add_plan(lab, "Huge", {DOMAINS: 46})
    answer = lab.call("esPackages.AddPackageWithResources", userId=4, planId=huge, spaceName="n", statusId=1)
    assert answer["Result"] == -305
    assert lab.table(answer["ExceedingQuotas"]) == [{"quotaid": DOMAINS, "quotaname": "OS.Domains", "quotavalue": 1}]
    assert lab.value("SELECT count(*) FROM packages WHERE plan_id = ?", huge) == 0


@checks("quota.exceed_null_sum", SP, SP2)
def test_6_4_sp_without_children_of_all_three_kinds_nothing_exceeds(lab: Lab) -> None:
    huge = add_plan(lab, "Huge", {DOMAINS: 1000})
    assert add_space(lab, plan=huge) > 0
    small = add_space(lab)
    assert update_package(lab, small, **overrides(lab, {DOMAINS: 7})) == 0
    assert addon(lab, 4, add_plan(lab, "Six", {DOMAINS: 6}, IsAddon=True)) == -305
    answer = lab.call("esPackages.AddPackageWithResources", userId=4, planId=2, spaceName="n", statusId=1)
    assert answer["Result"] > 0


def test_6_4_sp_with_all_three_kinds_the_excess_is_exact() -> None:
    for flavour in (SP, SP2):
        with Lab(flavour) as lab:
            small = add_space(lab)
            update_package(lab, small, **overrides(lab, {DOMAINS: 7}))
            assert addon(lab, 4, add_plan(lab, "Six", {DOMAINS: 6}, IsAddon=True)) == 1
            huge = add_plan(lab, "Huge", {DOMAINS: 1000})
            answer = lab.call("esPackages.AddPackageWithResources", userId=4, planId=huge, spaceName="n", statusId=1)
            assert [row["quotavalue"] for row in lab.table(answer["ExceedingQuotas"])] == [5 + 1000 + 7 + 6 - 50]


@checks("quota.exceed_only_listed", EF)
def test_6_4_a_quota_that_the_parents_plan_does_not_list_is_never_checked(lab: Lab) -> None:
    assert add_space(lab, plan=add_plan(lab, "Odbc", {47: 100})) > 0


@checks("quota.exceed_counts_unlimited", EF)
def test_6_4_ef_sums_finite_values_only_where_a_procedure_counts_minus_1(lab: Lab) -> None:
    assert add_space(lab, plan=add_plan(lab, "Unlimited", {DOMAINS: -1})) > 0
    answer = lab.call(
        "esPackages.AddPackageWithResources", userId=4, planId=add_plan(lab, "H", {DOMAINS: 50}), spaceName="n", statusId=1
    )
    assert [row["quotavalue"] for row in lab.table(answer["ExceedingQuotas"])] == [5]


@checks("package_quotas.rights", EF, SP, SP2)
def test_5_3_the_quotas_of_a_foreign_space_are_a_rights_fault(lab: Lab) -> None:
    for name in ("GetPackageContext", "GetPackageQuotas", "GetPackageQuotasForEdit"):
        assert lab.fault(f"esPackages.{name}", packageId=5) == PACKAGE
    assert lab.fault("esPackages.GetPackageQuota", packageId=5, quotaName="OS.Domains") == PACKAGE


@checks("package_quota.unknown_name", EF, SP)
def test_2_4_an_unknown_quota_name_is_a_null_reference(lab: Lab) -> None:
    assert lab.fault("esPackages.GetPackageQuota", packageId=4, quotaName="OS.Nothing") == NULL


@checks("package_quotas.untranslatable", EF, defects=(Defect.SQLITE_UNTRANSLATABLE,))
def test_7_6_2_stock_fusecp_faults_where_usage_is_summed_and_the_space_is_there(lab: Lab) -> None:
    for name in ("GetPackageContext", "GetPackageQuotas", "GetPackageQuotasForEdit"):
        assert "could not be translated" in lab.fault(f"esPackages.{name}", packageId=4)
    fault = lab.fault("esPackages.AddPackageWithResources", userId=4, planId=2, spaceName="Stock", statusId=1)
    assert fault.startswith("Error executing 'ADD' task on 'Stock' HOSTING_SPACE_WR ---> The LINQ expression")
    assert lab.value("SELECT count(*) FROM packages WHERE package_name = 'Stock'") == 1
    assert quota(lab, 4)["QuotaAllocatedValue"] == 5


def test_2_4_the_quotas_of_an_unknown_space() -> None:
    for flavour, groups, quotas in ((EF, 40, 336), (SP, 0, 323)):
        with Lab(flavour) as lab:
            answer = lab.call("esPackages.GetPackageQuotas", packageId=4711)
            assert (len(lab.table(answer)), len(lab.table(answer, 1))) == (groups, quotas)
            assert lab.call("esPackages.GetPackageContext", packageId=4711) is None
    with Lab(EF) as lab:
        assert lab.fault("esPackages.GetPackageQuotasForEdit", packageId=4711).endswith(NULL)


@checks("package_quotas_for_edit.enabled_unless_overridden", SP, SP2)
def test_2_4_sp_enabled_is_true_for_every_group_that_no_override_lists(lab: Lab) -> None:
    lab.write("UPDATE packages SET server_id = 2")
    rows = lab.table(lab.call("esPackages.GetPackageQuotasForEdit", packageId=4))
    assert all(row["enabled"] for row in rows)
    update_package(lab, 4, **overrides(lab, {DOMAINS: 9}, groups=(1, 7)))
    rows = lab.table(lab.call("esPackages.GetPackageQuotasForEdit", packageId=4))
    assert {row["groupname"] for row in rows if not row["enabled"]} == {"OS", "DNS"}


@checks("package_quotas_for_edit.hidden_too", SP, SP2)
def test_2_4_sp_lists_hidden_quotas_for_editing(lab: Lab) -> None:
    rows = lab.table(lab.call("esPackages.GetPackageQuotasForEdit", packageId=4), 1)
    assert {"OS.DomainPointers", "Mail.AllowAccessControls"} <= {row["quotaname"] for row in rows}
    assert len(rows) == (325 if lab.flavour.face == "asmx" else 338)


def test_7_4_11_ef_hides_hidden_quotas_and_shows_usage_for_editing() -> None:
    with Lab(EF) as lab:
        rows = lab.table(lab.call("esPackages.GetPackageQuotasForEdit", packageId=4), 1)
        assert len(rows) == 336
        assert "quotausedvalue" in rows[0]


@checks("package_quota.exhausted", EF, SP)
def test_2_4_a_quota_that_is_0_or_a_boolean_that_is_off_is_exhausted(lab: Lab) -> None:
    assert quota(lab, 4, "OS.ODBC")["QuotaExhausted"]
    assert quota(lab, 4, "OS.FileManager")["QuotaExhausted"]
    assert not quota(lab, 4, "OS.Domains")["QuotaExhausted"]


@checks("package_context.root_exhausted", EF, SP)
def test_2_4_of_the_root_a_context_says_exhausted_and_a_single_quota_does_not(lab: Lab) -> None:
    context = lab.call("esPackages.GetPackageContext", "serveradmin", packageId=1)
    assert all(value["QuotaExhausted"] for value in context["QuotasArray"])
    single = quota(lab, 1)
    assert (single["QuotaAllocatedValue"], single["QuotaExhausted"]) == (-1, False)


def test_2_5_the_administrator_adds_domains_to_the_root() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            assert add_domain(lab, "root.example", 1, as_="serveradmin") > 0


@checks("package_quotas.per_organization", EF, SP, SP2)
def test_2_4_a_quota_per_organisation_counts_for_each_organisation_that_may_be(lab: Lab) -> None:
    users, organizations = 206, 205
    lab.write("INSERT INTO hosting_plan_quotas VALUES (1, ?, 7), (2, ?, 7)", users, users)
    # None may be made: it counts once.
    assert (allocated(lab, 4, "HostedSolution.Users"), _per_organization(lab, users)) == (7, (7, 7))
    lab.write("INSERT INTO hosting_plan_quotas VALUES (1, ?, 3), (2, ?, 3)", organizations, organizations)
    assert (allocated(lab, 4, "HostedSolution.Users"), _per_organization(lab, users)) == (21, (21, 7))
    assert quota(lab, 4, "HostedSolution.Users")["QuotaAllocatedValuePerOrganization"] == 7


def _per_organization(lab: Lab, number: int) -> tuple[int, int]:
    rows = lab.table(lab.call("esPackages.GetPackageQuotas", packageId=4), 1)
    row = next(row for row in rows if row["quotaid"] == number)
    return row["quotavalue"], row["quotavalueperorganization"]


def _parent_enabled(lab: Lab, call: str, as_: str = "brightweb", **given: Any) -> set[str]:
    rows = lab.table(lab.call(f"esPackages.{call}", as_, **given))
    return {row["groupname"] for row in rows if row["parentenabled"]}


@checks("group.of_no_space", SP, SP2)
def test_2_4_sp_what_has_no_parent_has_every_group_enabled_in_it(lab: Lab) -> None:
    groups = 39 if lab.flavour.face == "asmx" else 40
    assert len(_parent_enabled(lab, "GetPackageQuotasForEdit", "serveradmin", packageId=1)) == groups
    assert len(_parent_enabled(lab, "GetPackageQuotasForEdit", "serveradmin", packageId=4711)) == groups


@checks("group.server_minus_1", EF, SP)
def test_2_3_asked_for_server_minus_1_the_services_are_not_looked_for(lab: Lab) -> None:
    lab.write("INSERT INTO hosting_plan_resources VALUES (1, 10, 1, 1)")
    listed = {"OS", "Web", "FTP", "Mail", "DNS"}
    assert _parent_enabled(lab, "GetHostingPlanQuotas", packageId=2, planId=0, serverId=0) == listed
    assert _parent_enabled(lab, "GetHostingPlanQuotas", packageId=2, planId=0, serverId=-1) == {*listed, "MsSQL2005"}
    assert _parent_enabled(lab, "GetHostingPlanQuotas", packageId=2, planId=0, serverId=4711) == set()


@checks("package_quotas_for_edit.own_server", EF, SP)
def test_2_4_for_editing_the_parents_groups_are_those_of_the_spaces_own_server(lab: Lab) -> None:
    assert _parent_enabled(lab, "GetPackageQuotasForEdit", packageId=4) == {"OS", "Web", "FTP", "Mail", "DNS"}
    lab.write("UPDATE packages SET server_id = 2 WHERE package_id = 4")
    assert _parent_enabled(lab, "GetPackageQuotasForEdit", packageId=4) == set()


@checks("group.service_levels", EF, SP)
def test_a_the_group_of_service_levels_needs_no_service_but_a_server(lab: Lab) -> None:
    lab.write("INSERT INTO hosting_plan_resources VALUES (1, 47, 1, 1)")
    assert "Service Levels" in _parent_enabled(lab, "GetHostingPlanQuotas", packageId=2, planId=0, serverId=0)
    assert "Service Levels" in _parent_enabled(lab, "GetHostingPlanQuotas", packageId=2, planId=0, serverId=2)
    assert "Service Levels" not in _parent_enabled(lab, "GetHostingPlanQuotas", packageId=2, planId=0, serverId=-1)
    assert "Service Levels" not in _parent_enabled(lab, "GetHostingPlanQuotas", packageId=4, planId=0, serverId=0)
    lab.write("UPDATE packages SET server_id = NULL WHERE package_id = 2")
    assert "Service Levels" in _parent_enabled(lab, "GetHostingPlanQuotas", packageId=2, planId=0, serverId=0)

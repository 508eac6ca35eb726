"""Contract 2.3, 5.3, 6.3: adding, changing and deleting plans."""

from __future__ import annotations

from tests.contract.lab import EF, SP, SP2, Lab, checks
from tests.contract.spaces_lab import (
    ACCOUNT,
    DOMAINS,
    PACKAGE,
    account,
    add_plan,
    add_space,
    plan_record,
    update_package,
    update_plan,
)


def _contents(lab: Lab, plan: int) -> tuple[list[int], dict[int, int]]:
    groups = [row[0] for row in lab.rows("SELECT group_id FROM hosting_plan_resources WHERE plan_id = ?", plan)]
    quotas = {row[0]: row[1] for row in lab.rows("SELECT quota_id, quota_value FROM hosting_plan_quotas WHERE plan_id = ?", plan)}
    return groups, quotas


@checks("hosting_plans.account", EF, SP, SP2)
def test_2_3_a_customer_a_demo_and_a_suspended_reseller_add_and_update_no_plans(lab: Lab) -> None:
    assert add_plan(lab, as_="mueller") == -112
    assert update_plan(lab, plan_record(lab, PlanId=2), "mueller")["Result"] == -112
    account(lab, 2, status_id=2)
    assert add_plan(lab) == -104
    account(lab, 2, is_demo=1)
    assert add_plan(lab) == -106


@checks("add_hosting_plan.rights", EF)
def test_2_3_ef_a_plan_for_a_foreign_user_is_a_rights_fault_and_is_not_stored(lab: Lab) -> None:
    assert lab.fault("esPackages.AddHostingPlan", plan=plan_record(lab, "Gift", quotas={}, UserId=3)) == ACCOUNT
    assert lab.value("SELECT count(*) FROM hosting_plans WHERE plan_name = 'Gift'") == 0


@checks("add_hosting_plan.rights", SP, SP2)
def test_5_3_sp_a_plan_for_a_foreign_user_is_a_rights_fault_and_is_stored_with_its_quotas(lab: Lab) -> None:
    plan = plan_record(lab, "Gift", quotas={DOMAINS: 1}, UserId=3)
    assert lab.fault("esPackages.AddHostingPlan", plan=plan) == f"{ACCOUNT}\n{ACCOUNT}"
    number = lab.value("SELECT plan_id FROM hosting_plans WHERE plan_name = 'Gift' AND user_id = 3")
    assert _contents(lab, number) == ([1], {DOMAINS: 1})


@checks("add_hosting_plan.server_of_space", EF, SP)
def test_2_3_server_0_is_the_server_of_the_space_and_an_addon_has_none(lab: Lab) -> None:
    assert lab.value("SELECT server_id FROM hosting_plans WHERE plan_id = ?", add_plan(lab)) == 1
    assert lab.value("SELECT server_id FROM hosting_plans WHERE plan_id = ?", add_plan(lab, IsAddon=True, ServerId=1)) is None


@checks("add_hosting_plan.references", EF, SP, SP2)
def test_2_3_an_unknown_server_is_a_fault_and_stores_nothing(lab: Lab) -> None:
    before = lab.value("SELECT count(*) FROM hosting_plans")
    assert "FOREIGN KEY" in lab.fault("esPackages.AddHostingPlan", plan=plan_record(lab, quotas={}, ServerId=4711))
    assert lab.value("SELECT count(*) FROM hosting_plans") == before
    if lab.flavour.logic == "ef":
        assert add_plan(lab, PackageId=9999, ServerId=1) > 0
    else:
        assert "FOREIGN KEY" in lab.fault("esPackages.AddHostingPlan", plan=plan_record(lab, quotas={}, PackageId=9999, ServerId=1))


@checks("add_hosting_plan.name_null", EF, SP)
def test_2_3_a_plan_without_a_name_is_a_fault_and_stores_nothing(lab: Lab) -> None:
    before = lab.value("SELECT count(*) FROM hosting_plans")
    assert "PlanName" in lab.fault("esPackages.AddHostingPlan", plan=plan_record(lab, None, quotas={}))
    assert lab.value("SELECT count(*) FROM hosting_plans") == before
    assert add_plan(lab, "") > 0


@checks("hosting_plans.name_length", SP, SP2)
def test_3_4_a_plans_name_is_cut_at_200(lab: Lab) -> None:
    number = add_plan(lab, "n" * 250)
    assert lab.value("SELECT length(plan_name) FROM hosting_plans WHERE plan_id = ?", number) == 200


def test_3_4_on_sqlite_a_plans_name_is_stored_whole() -> None:
    with Lab(EF) as lab:
        assert lab.value("SELECT length(plan_name) FROM hosting_plans WHERE plan_id = ?", add_plan(lab, "n" * 250)) == 250


@checks("plan_contents.null_half", SP, SP2)
def test_2_3_sp_a_null_half_stores_a_plan_without_groups_and_quotas(lab: Lab) -> None:
    number = lab.call("esPackages.AddHostingPlan", plan=plan_record(lab, groups=None, quotas={DOMAINS: 1}))
    assert _contents(lab, number) == ([], {})
    update_plan(lab, plan_record(lab, groups=(1,), quotas=None, PlanId=2))
    assert _contents(lab, 2) == ([], {})


@checks("plan_contents.null_half", EF)
def test_7_4_5_ef_a_null_half_is_a_fault_that_stores_nothing_when_adding(lab: Lab) -> None:
    before = lab.value("SELECT count(*) FROM hosting_plans")
    fault = lab.fault("esPackages.AddHostingPlan", plan=plan_record(lab, quotas=None))
    assert fault == "Value cannot be null. (Parameter 's')"
    assert lab.value("SELECT count(*) FROM hosting_plans") == before


@checks("plan_contents.bad_ids", SP, SP2)
def test_6_3_sp_a_bad_id_empties_its_half_and_the_plan_stays(lab: Lab) -> None:
    assert "FOREIGN KEY" in lab.fault("esPackages.AddHostingPlan", plan=plan_record(lab, "Bad quota", quotas={4711: 1}))
    number = lab.value("SELECT plan_id FROM hosting_plans WHERE plan_name = 'Bad quota'")
    assert _contents(lab, number) == ([1], {})
    assert "PRIMARY KEY" in lab.fault("esPackages.AddHostingPlan", plan=plan_record(lab, "Twice", (1, 1), {DOMAINS: 1}))
    number = lab.value("SELECT plan_id FROM hosting_plans WHERE plan_name = 'Twice'")
    assert _contents(lab, number) == ([], {DOMAINS: 1})
    assert "FOREIGN KEY" in lab.fault("esPackages.UpdateHostingPlan", plan=plan_record(lab, "New", (99,), {DOMAINS: 1}, PlanId=2))
    assert _contents(lab, 2) == ([], {DOMAINS: 1})


@checks("plan_contents.bad_ids", EF)
def test_6_3_ef_a_bad_id_leaves_nothing(lab: Lab) -> None:
    before = lab.value("SELECT count(*) FROM hosting_plans")
    fault = lab.fault("esPackages.AddHostingPlan", plan=plan_record(lab, quotas={4711: 1}))
    assert fault.endswith("SQLite Error 19: 'FOREIGN KEY constraint failed'.")
    fault = lab.fault("esPackages.AddHostingPlan", plan=plan_record(lab, groups=(1, 1), quotas={}))
    assert fault.startswith("The instance of entity type 'HostingPlanResource' cannot be tracked because another instance")
    assert lab.value("SELECT count(*) FROM hosting_plans") == before


@checks("plan_contents.enabled_ignored", EF, SP)
def test_2_3_every_listed_group_counts_whatever_enabled_says(lab: Lab) -> None:
    plan = plan_record(lab, groups=(1, 7), quotas={})
    plan["Groups"][1]["Enabled"] = False
    assert _contents(lab, lab.call("esPackages.AddHostingPlan", plan=plan))[0] == [1, 7]


@checks("update_hosting_plan.rights", EF)
def test_2_3_ef_a_foreign_plan_is_a_rights_fault_and_stays(lab: Lab) -> None:
    assert lab.fault("esPackages.UpdateHostingPlan", plan=plan_record(lab, "Mine", quotas={}, PlanId=4)) == ACCOUNT
    assert lab.value("SELECT plan_name FROM hosting_plans WHERE plan_id = 4") == "Dark S"


@checks("update_hosting_plan.rights", SP, SP2)
def test_5_3_sp_a_foreign_plan_is_a_rights_fault_and_is_changed_with_its_quotas(lab: Lab) -> None:
    plan = plan_record(lab, "Mine", quotas={DOMAINS: 9}, PlanId=4, PackageId=3)
    assert lab.fault("esPackages.UpdateHostingPlan", plan=plan) == f"{ACCOUNT}\n{ACCOUNT}"
    assert lab.value("SELECT plan_name FROM hosting_plans WHERE plan_id = 4") == "Mine"
    assert _contents(lab, 4) == ([1], {DOMAINS: 9})


@checks("update_hosting_plan.fields_persist", EF)
def test_6_3_ef_a_fault_over_null_groups_leaves_the_fields_changed(lab: Lab) -> None:
    assert "Value cannot be null" in lab.fault(
        "esPackages.UpdateHostingPlan", plan=plan_record(lab, "New", None, {}, PlanId=2, ServerId=1)
    )
    assert lab.value("SELECT plan_name FROM hosting_plans WHERE plan_id = 2") == "New"
    assert len(_contents(lab, 2)[0]) == 5


@checks("quota.exceed", EF)
def test_6_3_a_refused_update_leaves_fields_and_prices_changed_and_quotas_not(lab: Lab) -> None:
    answer = update_plan(lab, plan_record(lab, "New", (1,), {DOMAINS: 500}, PlanId=2, ServerId=1, PlanDescription="d"))
    assert answer["Result"] == -305
    assert lab.table(answer["ExceedingQuotas"]) == [{"quotaid": DOMAINS, "quotaname": "OS.Domains", "quotavalue": 450}]
    assert lab.value("SELECT plan_description FROM hosting_plans WHERE plan_id = 2") == "d"
    assert _contents(lab, 2)[1][DOMAINS] == 5


@checks("update_hosting_plan.zero_ids", SP, SP2)
def test_2_3_sp_space_and_server_0_become_null(lab: Lab) -> None:
    update_plan(lab, plan_record(lab, quotas={}, PlanId=2, PackageId=0, ServerId=0))
    assert tuple(lab.rows("SELECT package_id, server_id FROM hosting_plans WHERE plan_id = 2")[0]) == (None, None)


def test_7_4_5_ef_stores_server_0_as_it_is_which_is_a_fault() -> None:
    with Lab(EF) as lab:
        assert "FOREIGN KEY" in lab.fault("esPackages.UpdateHostingPlan", plan=plan_record(lab, quotas={}, PlanId=2, PackageId=0))
        assert lab.value("SELECT plan_name FROM hosting_plans WHERE plan_id = 2") == "Web S"


def test_2_3_sp_an_addon_gets_the_spaces_server_by_an_update_with_server_0() -> None:
    with Lab(SP) as lab:
        update_plan(lab, plan_record(lab, quotas={}, PlanId=3, IsAddon=True))
        assert lab.value("SELECT server_id FROM hosting_plans WHERE plan_id = 3") == 1


@checks("delete_hosting_plan.account", EF, SP)
def test_2_3_a_customer_deletes_no_plans_and_a_suspended_reseller_does(lab: Lab) -> None:
    assert lab.call("esPackages.DeleteHostingPlan", "mueller", planId=3) == -112
    account(lab, 2, status_id=2)
    assert lab.call("esPackages.DeleteHostingPlan", planId=3) == 0
    assert lab.value("SELECT count(*) FROM hosting_plans WHERE plan_id = 3") == 0


@checks("delete_hosting_plan.rights", EF)
def test_2_3_ef_a_foreign_plan_is_not_deleted(lab: Lab) -> None:
    number = add_plan(lab, as_="darkweb", UserId=3, PackageId=3)
    assert lab.fault("esPackages.DeleteHostingPlan", planId=number) == PACKAGE
    assert lab.value("SELECT count(*) FROM hosting_plans WHERE plan_id = ?", number) == 1


@checks("delete_hosting_plan.rights", SP, SP2)
def test_5_3_sp_a_foreign_unused_plan_is_a_rights_fault_and_gone_one_in_use_stays(lab: Lab) -> None:
    number = add_plan(lab, as_="darkweb", UserId=3, PackageId=3)
    assert lab.fault("esPackages.DeleteHostingPlan", planId=number) == PACKAGE
    assert lab.value("SELECT count(*) FROM hosting_plans WHERE plan_id = ?", number) == 0
    assert lab.fault("esPackages.DeleteHostingPlan", planId=4) == PACKAGE
    assert lab.value("SELECT count(*) FROM hosting_plans WHERE plan_id = 4") == 1


def test_2_3_an_unused_plan_without_a_space_is_deleted_for_any_reseller() -> None:
    for flavour in (SP, SP2):
        with Lab(flavour) as lab:
            number = lab.call(
                "esPackages.AddHostingPlan", "serveradmin", plan=plan_record(lab, quotas={}, UserId=1, PackageId=0, ServerId=1)
            )
            assert lab.call("esPackages.DeleteHostingPlan", planId=number) == 0
            assert lab.value("SELECT count(*) FROM hosting_plans WHERE plan_id = ?", number) == 0


@checks("delete_hosting_plan.used_by_space", EF, SP)
def test_2_3_a_plan_in_use_answers_1501_and_an_unknown_one_0(lab: Lab) -> None:
    assert lab.call("esPackages.DeleteHostingPlan", planId=2) == -1501
    assert lab.call("esPackages.DeleteHostingPlan", planId=4711) == 0


@checks("delete_hosting_plan.used_as_addon", EF, SP)
def test_2_3_a_plan_used_as_an_addon_answers_1502(lab: Lab) -> None:
    lab.call("esPackages.AddPackageAddonById", packageId=4, addonPlanId=3, quantity=1)
    assert lab.call("esPackages.DeleteHostingPlan", planId=3) == -1502


def test_6_9_a_faulted_plan_uses_up_an_id_on_sql_server_and_none_on_sqlite() -> None:
    for flavour, gap in ((SP, 1), (EF, 0)):
        with Lab(flavour) as lab:
            lab.fault("esPackages.AddHostingPlan", plan=plan_record(lab, quotas={}, ServerId=4711))
            assert add_plan(lab) == 5 + gap


def test_2_3_a_changed_plan_counts_at_once_for_its_spaces() -> None:
    with Lab(SP) as lab:
        update_plan(lab, plan_record(lab, "Web S", (1, 2, 3, 4, 7), {DOMAINS: 7}, PlanId=2))
        assert add_space(lab) == 6
        assert update_package(lab, 4) == 0
        assert lab.call("esPackages.GetPackageQuota", packageId=4, quotaName="os.domains")["QuotaAllocatedValue"] == 7


@checks("update_hosting_plan.server_of_space", EF, SP, SP2)
def test_2_3_server_0_in_an_update_is_the_server_of_the_plans_space(lab: Lab) -> None:
    number = add_plan(lab, "P", {53: 1})
    assert update_plan(lab, plan_record(lab, "Q", quotas={53: 2}, PlanId=number, ServerId=0))["Result"] == 0
    assert lab.value("SELECT server_id FROM hosting_plans WHERE plan_id = ?", number) == 1
    extra = add_plan(lab, "Extra", {53: 1}, IsAddon=True)
    assert lab.value("SELECT server_id FROM hosting_plans WHERE plan_id = ?", extra) is None
    assert update_plan(lab, plan_record(lab, "Extra", quotas={53: 2}, PlanId=extra, ServerId=0))["Result"] == 0
    assert lab.value("SELECT server_id FROM hosting_plans WHERE plan_id = ?", extra) == 1


def test_2_3_an_update_without_a_name_is_a_fault_of_the_update_and_in_sp_the_quotas_are_replaced() -> None:
    for flavour, text, quotas in ((EF, "NOT NULL constraint failed", {DOMAINS: 1}), (SP, "UPDATE fails.", {DOMAINS: 2})):
        with Lab(flavour) as lab:
            number = add_plan(lab, "P", {DOMAINS: 1})
            changed = plan_record(lab, None, quotas={DOMAINS: 2}, PlanId=number, ServerId=1)
            assert text in lab.fault("esPackages.UpdateHostingPlan", plan=changed)
            assert _contents(lab, number)[1] == quotas
            assert lab.value("SELECT plan_name FROM hosting_plans WHERE plan_id = ?", number) == "P"

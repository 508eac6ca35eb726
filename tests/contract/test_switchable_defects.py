"""Defects of real panels that concern spaces, switched one by one (real panel reports 1, 9 and 12, contract 7.4, 7.6).

Each check holds with its defect and fails without it; what is the same without it stands beside.
"""

from __future__ import annotations

from typing import Any

import pytest

from resellerplan.simpanel.flavours import Defect
from resellerplan.simpanel.wire import ServiceFault
from tests.contract.lab import EF, SP, Lab, checks
from tests.contract.spaces_lab import PACKAGE, add_domain, add_plan, add_space, overrides, update_package

LINQ = "could not be translated"
PAGE: dict[str, Any] = {"filterColumn": "", "filterValue": "", "sortColumn": "", "startRow": 0, "maximumRows": 10}


def spaces_of(lab: Lab, user: int) -> int:
    found: int = lab.value("SELECT count(*) FROM packages WHERE user_id = ?", user)
    return found


def paged(lab: Lab, as_: str = "brightweb", user: int = 2) -> list[str]:
    table = lab.table(lab.call("esPackages.GetPackagesPaged", as_, userId=user, **PAGE), 1)
    return [row["packagename"] for row in table]


@checks("defect.sqlite_untranslatable", EF, defects=(Defect.SQLITE_UNTRANSLATABLE,))
def test_7_6_2_sums_of_usage_fault_after_the_space_was_made_and_single_quotas_do_not(lab: Lab) -> None:
    for operation in ("GetPackageContext", "GetPackageQuotas", "GetPackageQuotasForEdit"):
        assert LINQ in lab.fault(f"esPackages.{operation}", packageId=4)
    for name in ("AddPackage", "AddPackageWithResources"):
        assert LINQ in lab.fault(f"esPackages.{name}", userId=5, planId=2, statusId=1)
    assert spaces_of(lab, 5) == 2
    assert lab.call("esPackages.GetPackageQuota", packageId=4, quotaName="OS.Domains")["QuotaAllocatedValue"] == 5
    assert lab.table(lab.call("esPackages.GetHostingPlanQuotas", packageId=2, planId=2, serverId=0))


@checks("defect.recursive_fault", EF, defects=(Defect.RECURSIVE_FAULT,))
def test_7_6_3_walks_below_a_user_with_customers_fault_and_others_do_not(lab: Lab) -> None:
    assert "syntax error" in lab.fault("esPackages.GetPackagesPaged", userId=2, **PAGE)
    assert "syntax error" in lab.fault("esUsers.GetUsers", ownerId=2, recursive=True)
    assert paged(lab, "mueller", 4) == []
    assert len(lab.call("esPackages.GetMyPackages", userId=4)) == 1


@checks("defect.vlan_single_fault", EF, defects=(Defect.VLAN_SINGLE_FAULT,))
def test_7_6_4_a_space_below_a_resellers_space_faults_and_stays_and_one_beside_the_root_does_not(lab: Lab) -> None:
    given: dict[str, Any] = {"userId": 5, "planId": 2, "spaceName": "S", "statusId": 1}
    assert "Sequence contains no elements" in lab.fault("esPackages.AddPackageWithResources", **given)
    assert spaces_of(lab, 5) == 1
    assert add_space(lab, 3, 1, as_="serveradmin") > 0


@checks("defect.null_server_breaks_paged", EF)
def test_7_4_13_a_space_without_a_server_breaks_the_pages_of_everybody_above_until_it_is_gone(lab: Lab) -> None:
    broken = lab.fault("esPackages.AddPackage", userId=5, planId=3, packageName="X", statusId=1)
    assert broken.endswith("Object reference not set to an instance of an object.")
    space = lab.value("SELECT package_id FROM packages WHERE server_id IS NULL AND parent_package_id IS NOT NULL")
    for caller, user in (("brightweb", 2), ("serveradmin", 1)):
        assert lab.fault("esPackages.GetPackagesPaged", caller, userId=user, **PAGE) == "Nullable object must have a value."
    nested: dict[str, Any] = {"packageId": 2, "statusId": 0, "planId": 0, "serverId": 0}
    assert lab.fault("esPackages.GetNestedPackagesPaged", **nested, **PAGE) == "Nullable object must have a value."
    assert paged(lab, "darkweb", 3) == ["Dark S"]
    assert len(lab.call("esPackages.GetPackagePackages", packageId=2)) == 1
    assert lab.call("esPackages.DeletePackage", packageId=space) == 0
    assert paged(lab) == ["Web S"]


@checks("defect.status_faults_on_overrides", EF)
def test_7_4_6_a_status_faults_on_a_space_with_overrides_and_the_user_has_changed_before(lab: Lab) -> None:
    update_package(lab, 4, **overrides(lab, {53: 3}))
    assert "Value cannot be null" in lab.fault("esPackages.ChangePackageStatus", packageId=4, status="Suspended")
    assert "Value cannot be null" in lab.fault("esUsers.ChangeUserStatus", userId=4, status="Suspended")
    assert lab.value("SELECT status_id FROM packages WHERE package_id = 4") == 1
    assert lab.value("SELECT status_id FROM users WHERE user_id = 4") == 2


@checks("defect.over_long_cut", SP)
def test_3_4_names_of_plans_and_spaces_are_cut_silently(lab: Lab) -> None:
    plan = add_plan(lab, "p" * 250)
    assert lab.value("SELECT length(plan_name) FROM hosting_plans WHERE plan_id = ?", plan) == 200
    space = add_space(lab, name="s" * 350)
    assert lab.value("SELECT length(package_name) FROM packages WHERE package_id = ?", space) == 300


@checks("defect.over_long_fault", EF, defects=(Defect.OVER_LONG_FAULT,))
def test_12_names_too_long_for_their_column_or_the_tasks_record_fault_and_store_nothing(lab: Lab) -> None:
    before = spaces_of(lab, 4)
    with pytest.raises(ServiceFault):
        add_plan(lab, "p" * 201)
    with pytest.raises(ServiceFault):
        add_space(lab, name="s" * 256)
    with pytest.raises(ServiceFault):
        update_package(lab, 4, PackageName="s" * 256)
    with pytest.raises(ServiceFault):
        add_domain(lab, "d" * 101)
    assert lab.value("SELECT count(*) FROM hosting_plans") == 4
    assert (spaces_of(lab, 4), lab.value("SELECT count(*) FROM domains")) == (before, 0)
    assert add_space(lab, name="s" * 255) > 0
    # A new name alone makes no task's record.
    assert lab.call("esPackages.UpdatePackageName", packageId=4, packageName="s" * 299, packageComments="") == 0


@checks("defect.money_scale", SP)
def test_1_4_prices_have_four_decimals_in_tables_and_objects(lab: Lab) -> None:
    from decimal import Decimal

    plan = add_plan(lab, "P", SetupPrice=Decimal("12.34567"))
    rows = lab.table(lab.call("esPackages.GetHostingPlans", userId=2))
    shown = next(row["setupprice"] for row in rows if row["planid"] == plan)
    assert format(shown, "f") == format(lab.call("esPackages.GetHostingPlan", planId=plan)["SetupPrice"], "f") == "12.3457"


def test_7_6_without_the_defects_of_the_stock_release_nothing_of_it_is_seen() -> None:
    with Lab(EF) as lab:
        assert add_space(lab, 5) > 0
        assert sorted(paged(lab)) == ["S", "Web S"]
        assert lab.call("esPackages.GetPackageContext", packageId=4)["GroupsArray"]
        assert lab.fault("esPackages.GetPackageContext", packageId=5).endswith(PACKAGE)

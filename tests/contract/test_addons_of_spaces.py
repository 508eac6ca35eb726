"""Contract 2.4, 5.3: add-ons of spaces."""

from __future__ import annotations

from typing import Any

from tests.contract.lab import EF, SP, SP2, Lab, checks
from tests.contract.spaces_lab import DAY, DOMAINS, NULL, PACKAGE, account, add_plan, add_space, addon, overrides, update_package


@checks("package_addons.list_rights", EF, SP, SP2)
def test_5_3_the_addons_of_a_foreign_space_are_a_rights_fault(lab: Lab) -> None:
    assert lab.fault("esPackages.GetPackageAddons", packageId=5) == PACKAGE


def _foreign(lab: Lab) -> int:
    return int(addon(lab, 5, 3, as_="darkweb"))


@checks("package_addon.read_rights", EF, SP2)
def test_7_3_on_2x_a_foreign_addon_is_a_rights_fault(lab: Lab) -> None:
    assert lab.fault("esPackages.GetPackageAddon", packageAddonId=_foreign(lab)) == PACKAGE


@checks("package_addon.read_unchecked", SP)
def test_2_4_on_1x_any_addon_is_served(lab: Lab) -> None:
    assert lab.call("esPackages.GetPackageAddon", packageAddonId=_foreign(lab))["PackageId"] == 5
    assert lab.call("esPackages.GetPackageAddon", packageAddonId=4711) is None


@checks("package_addon.read_without_plan", EF, SP)
def test_2_4_a_single_addon_lacks_its_plans_name_and_the_list_has_it(lab: Lab) -> None:
    number = addon(lab, 4, 3, 2)
    assert lab.call("esPackages.GetPackageAddon", packageAddonId=number)["PlanName"] is None
    row = lab.table(lab.call("esPackages.GetPackageAddons", packageId=4))[0]
    assert (row["packageaddonid"], row["quantity"], row["statusid"], row["comments"], row["planname"]) == (
        number,
        2,
        1,
        "",
        "Extra",
    )


@checks("package_addon.account", EF, SP)
def test_2_4_a_customer_adds_and_updates_no_addon(lab: Lab) -> None:
    assert addon(lab, 4, 3, as_="mueller") == -112
    record = lab.record("PackageAddonInfo", PackageId=4, PlanId=3, Quantity=1, StatusId=1, PurchaseDate=DAY)
    assert lab.call("esPackages.AddPackageAddon", "mueller", addon=record)["Result"] == -112
    assert lab.call("esPackages.UpdatePackageAddon", "mueller", addon=record)["Result"] == -112
    account(lab, 7, role_id=4)
    assert addon(lab, 4, 3, as_="kollege") > 0


@checks("add_package_addon.rights", EF)
def test_5_3_ef_an_addon_for_a_foreign_space_is_not_stored(lab: Lab) -> None:
    assert lab.fault("esPackages.AddPackageAddonById", packageId=5, addonPlanId=3, quantity=1) == PACKAGE
    assert lab.value("SELECT count(*) FROM package_addons") == 0


@checks("add_package_addon.rights", SP, SP2)
def test_5_3_sp_an_addon_for_a_foreign_space_is_stored_all_the_same(lab: Lab) -> None:
    assert lab.fault("esPackages.AddPackageAddonById", packageId=5, addonPlanId=3, quantity=1) == PACKAGE
    assert lab.value("SELECT package_id FROM package_addons") == 5


@checks("add_package_addon.references", EF, SP)
def test_2_4_an_unknown_space_or_plan_is_a_foreign_key_fault(lab: Lab) -> None:
    assert "FOREIGN KEY" in lab.fault("esPackages.AddPackageAddonById", packageId=4711, addonPlanId=3, quantity=1)
    assert "FOREIGN KEY" in lab.fault("esPackages.AddPackageAddonById", packageId=4, addonPlanId=4711, quantity=1)


@checks("add_package_addon.exceed", EF)
def test_6_4_an_addon_over_the_parents_quota_answers_305_and_leaves_nothing(lab: Lab) -> None:
    answer = lab.call(
        "esPackages.AddPackageAddonById", packageId=4, addonPlanId=add_plan(lab, "M", {DOMAINS: 50}, IsAddon=True), quantity=1
    )
    assert answer["Result"] == -305
    assert lab.table(answer["ExceedingQuotas"])[0]["quotavalue"] == 5
    assert lab.value("SELECT count(*) FROM package_addons") == 0


@checks("add_package_addon.exceed_uses_id", SP, SP2)
def test_6_9_sp_a_refused_addon_uses_up_its_id(lab: Lab) -> None:
    space = add_space(lab)
    update_package(lab, space, **overrides(lab, {DOMAINS: 1}))
    one = add_plan(lab, "One", {DOMAINS: 1}, IsAddon=True)
    assert addon(lab, 4, one) == 1
    assert addon(lab, 4, one, 99) == -305
    assert addon(lab, 4, one) == 3


@checks("add_package_addon.any_plan", EF, SP)
def test_2_4_an_ordinary_plan_is_taken_as_an_addon_with_any_quantity_and_status(lab: Lab) -> None:
    assert addon(lab, 4, 2, 0) > 0
    given: dict[str, Any] = {"packageId": 4, "planId": 2, "quantity": -3, "statusId": 9, "purchaseDate": DAY, "comments": "c"}
    assert lab.call("esPackages.AddPackageAddonLiteral", **given)["Result"] > 0


def _record(lab: Lab, number: int, **members: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "PackageAddonId": number,
        "PackageId": 4,
        "PlanId": 3,
        "Quantity": 2,
        "StatusId": 2,
        "PurchaseDate": DAY,
        "Comments": "c",
    }
    return lab.record("PackageAddonInfo", **given | members)


@checks("update_package_addon.rights", EF)
def test_5_3_ef_a_foreign_addon_is_not_updated(lab: Lab) -> None:
    number = _foreign(lab)
    assert lab.fault("esPackages.UpdatePackageAddon", addon=_record(lab, number, PackageId=5)) == PACKAGE
    assert lab.value("SELECT quantity FROM package_addons") == 1


@checks("update_package_addon.rights", SP, SP2)
def test_5_3_sp_a_foreign_addon_is_a_rights_fault_and_is_updated(lab: Lab) -> None:
    number = _foreign(lab)
    assert lab.fault("esPackages.UpdatePackageAddon", addon=_record(lab, number)) == PACKAGE
    assert lab.value("SELECT quantity FROM package_addons") == 2


@checks("update_package_addon.exceed", EF)
def test_2_4_an_update_over_the_parents_quota_answers_305_and_changes_nothing(lab: Lab) -> None:
    plan = add_plan(lab, "M", {DOMAINS: 5}, IsAddon=True)
    number = addon(lab, 4, plan)
    record = _record(lab, number, PlanId=plan, Quantity=50, StatusId=1)
    assert lab.call("esPackages.UpdatePackageAddon", addon=record)["Result"] == -305
    assert lab.value("SELECT quantity FROM package_addons") == 1


@checks("update_package_addon.follow_up", EF, SP, SP2)
def test_2_4_the_literal_form_is_a_rights_fault_for_a_reseller_and_is_stored(lab: Lab) -> None:
    number = addon(lab, 4, 3)
    given: dict[str, Any] = {
        "packageAddonId": number,
        "planId": 3,
        "quantity": 7,
        "statusId": 2,
        "purchaseDate": DAY,
        "comments": "c",
    }
    assert lab.fault("esPackages.UpdatePackageAddonLiteral", **given) == PACKAGE
    assert lab.value("SELECT quantity FROM package_addons") == 7
    assert lab.call("esPackages.UpdatePackageAddonLiteral", "serveradmin", **given)["Result"] == 0
    assert lab.call("esPackages.UpdatePackageAddon", addon=_record(lab, number))["Result"] == 0


@checks("delete_package_addon.account", EF, SP)
def test_2_4_a_customer_and_a_csr_delete_no_addon(lab: Lab) -> None:
    number = addon(lab, 4, 3)
    assert lab.call("esPackages.DeletePackageAddon", "mueller", packageAddonId=number) == -112
    account(lab, 7, role_id=4)
    assert lab.call("esPackages.DeletePackageAddon", "kollege", packageAddonId=number) == -112
    assert lab.call("esPackages.DeletePackageAddon", packageAddonId=number) == 0
    assert lab.value("SELECT count(*) FROM package_addons") == 0


@checks("delete_package_addon.missing", EF, SP)
def test_2_4_an_unknown_addon_is_a_null_reference(lab: Lab) -> None:
    assert lab.fault("esPackages.DeletePackageAddon", packageAddonId=4711) == NULL


@checks("delete_package_addon.rights", SP)
def test_5_3_sp_a_foreign_addon_is_a_rights_fault_and_gone(lab: Lab) -> None:
    assert lab.fault("esPackages.DeletePackageAddon", packageAddonId=_foreign(lab)) == PACKAGE
    assert lab.value("SELECT count(*) FROM package_addons") == 0


def test_7_3_on_2x_a_foreign_addon_stays_because_it_is_read_first() -> None:
    for flavour in (EF, SP2):
        with Lab(flavour) as lab:
            assert lab.fault("esPackages.DeletePackageAddon", packageAddonId=_foreign(lab)) == PACKAGE
            assert lab.value("SELECT count(*) FROM package_addons") == 1


def test_1_4_ef_cuts_the_date_of_a_single_addon() -> None:
    with Lab(EF) as lab:
        assert lab.call("esPackages.GetPackageAddon", packageAddonId=addon(lab, 4, 3))["PurchaseDate"].microsecond == 0


@checks("update_package_addon.plan_unknown", EF, SP, SP2)
def test_2_4_an_addon_is_put_on_no_unknown_plan(lab: Lab) -> None:
    number = addon(lab, 4, 3, 2)
    record = lab.record(
        "PackageAddonInfo", PackageAddonId=number, PackageId=4, PlanId=4711, Quantity=9, StatusId=1, PurchaseDate=DAY
    )
    fault = lab.fault("esPackages.UpdatePackageAddon", addon=record)
    assert ("FK_PackageAddons_HostingPlans" if lab.flavour.logic == "sp" else "FOREIGN KEY constraint failed") in fault
    assert tuple(lab.rows("SELECT plan_id, quantity FROM package_addons")[0]) == (3, 2)

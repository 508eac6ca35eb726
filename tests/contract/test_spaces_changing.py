"""Contract 2.4, 5.3, 6.3: updating, renaming, giving away, switching and deleting spaces."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from resellerplan.simpanel.flavours import Defect
from tests.contract.lab import EF, SP, SP2, Lab, checks
from tests.contract.spaces_lab import (
    DAY,
    DOMAINS,
    PACKAGE,
    account,
    add_domain,
    add_plan,
    add_space,
    addon,
    allocated,
    overrides,
    package,
    update_package,
)


def _column(lab: Lab, column: str, space: int = 4) -> object:
    return lab.value(f"SELECT {column} FROM packages WHERE package_id = ?", space)


@checks("update_package.account", EF, SP, SP2)
def test_2_4_a_customer_updates_no_space_and_a_csr_does(lab: Lab) -> None:
    assert update_package(lab, 4, "mueller") == -112
    account(lab, 7, role_id=4)
    assert update_package(lab, 4, "kollege") == 0
    account(lab, 7, role_id=6)
    assert update_package(lab, 4, "kollege") == -112
    account(lab, 2, is_demo=1)
    assert update_package(lab, 4) == -106


@checks("update_package.missing", EF, SP)
def test_2_4_an_unknown_space_answers_300_without_a_table(lab: Lab) -> None:
    answer = lab.call("esPackages.UpdatePackage", package=package(lab, 4, PackageId=4711))
    assert answer == {"Result": -300, "ExceedingQuotas": None}


@checks("update_package.rights", EF)
def test_2_4_ef_a_foreign_space_is_a_rights_fault_and_stays(lab: Lab) -> None:
    assert lab.fault("esPackages.UpdatePackage", package=package(lab, 5, PackageName="Mine")) == PACKAGE
    assert _column(lab, "package_name", 5) == "Dark S"


@checks("update_package.rights", SP, SP2)
def test_5_3_sp_a_foreign_space_is_a_rights_fault_and_is_changed(lab: Lab) -> None:
    assert lab.fault("esPackages.UpdatePackage", package=package(lab, 5, PackageName="Mine")) == f"{PACKAGE}\n{PACKAGE}"
    assert _column(lab, "package_name", 5) == "Mine"


def test_5_3_without_the_defect_a_refused_update_changes_nothing() -> None:
    with Lab(SP, without=(Defect.COMMITS_AFTER_RIGHTS_FAULT,)) as lab:
        lab.fault("esPackages.UpdatePackage", package=package(lab, 5, PackageName="Mine"))
        assert _column(lab, "package_name", 5) == "Dark S"


@checks("update_package.fixed_members", EF, SP)
def test_2_4_owner_parent_and_server_are_not_changed(lab: Lab) -> None:
    assert update_package(lab, 4, UserId=5, ParentPackageId=3, ServerId=2) == 0
    assert (_column(lab, "user_id"), _column(lab, "parent_package_id"), _column(lab, "server_id")) == (4, 2, 1)


@checks("update_package.overrides_off_deletes", EF, SP)
def test_2_4_overrides_off_deletes_the_spaces_own_quotas(lab: Lab) -> None:
    update_package(lab, 4, **overrides(lab, {DOMAINS: 9}))
    update_package(lab, 4, OverrideQuotas=False)
    assert lab.value("SELECT count(*) FROM package_quotas") == 0
    assert allocated(lab, 4) == 5


@checks("update_package.overrides_null", SP, SP2)
def test_2_4_sp_overrides_on_without_quotas_keeps_them(lab: Lab) -> None:
    update_package(lab, 4, **overrides(lab, {DOMAINS: 9}))
    assert update_package(lab, 4, PackageComments="c") == 0
    assert allocated(lab, 4) == 9


@checks("update_package.overrides_null", EF)
def test_7_4_6_ef_overrides_on_without_quotas_is_a_fault(lab: Lab) -> None:
    update_package(lab, 4, **overrides(lab, {DOMAINS: 9}))
    assert (
        lab.fault("esPackages.UpdatePackage", package=package(lab, 4, PackageName="n")) == "Value cannot be null. (Parameter 's')"
    )
    assert _column(lab, "package_name") == "Web S"


@checks("update_package.plan_unknown", EF, SP)
def test_2_4_an_unknown_plan_is_a_foreign_key_fault_and_changes_nothing(lab: Lab) -> None:
    assert "FOREIGN KEY" in lab.fault("esPackages.UpdatePackage", package=package(lab, 4, PlanId=4711, PackageName="n"))
    assert _column(lab, "package_name") == "Web S"


@checks("update_package.exceed_when", EF)
def test_6_4_the_parent_is_checked_only_if_the_plan_changes_or_overrides_are_on(lab: Lab) -> None:
    lab.write("UPDATE hosting_plan_quotas SET quota_value = 1 WHERE plan_id = 1 AND quota_id = ?", DOMAINS)
    assert update_package(lab, 4, PackageComments="c") == 0
    assert update_package(lab, 4, PlanId=add_plan(lab, "Other", {DOMAINS: 2})) == -305
    assert update_package(lab, 4, **overrides(lab, {DOMAINS: 2})) == -305


@checks("update_package.exceed_rolls_back", EF)
def test_6_3_a_refused_update_changes_nothing_at_all(lab: Lab) -> None:
    assert update_package(lab, 4, PackageName="n", **overrides(lab, {DOMAINS: 500})) == -305
    assert (_column(lab, "package_name"), _column(lab, "override_quotas")) == ("Web S", 0)
    assert lab.value("SELECT count(*) FROM package_quotas") == 0


def test_6_3_sp_an_unknown_quota_in_the_overrides_faults_and_empties_the_set() -> None:
    with Lab(SP) as lab:
        changed = package(lab, 4, PackageName="n", **overrides(lab, {DOMAINS: 2, 4711: 1}))
        assert "FOREIGN KEY" in lab.fault("esPackages.UpdatePackage", package=changed)
        assert (_column(lab, "package_name"), _column(lab, "override_quotas"), allocated(lab, 4)) == ("n", 1, 0)


def test_6_4_a_reseller_lifts_its_own_limits() -> None:
    for flavour in (EF, SP, SP2):
        with Lab(flavour) as lab:
            assert update_package(lab, 2, **overrides(lab, {DOMAINS: 999})) == 0
            assert allocated(lab, 2) == 999


@checks("update_package.status_change_date", SP, SP2)
def test_6_6_sp_the_date_moves_only_to_another_status_above_1(lab: Lab) -> None:
    before = _column(lab, "status_id_change_date")
    update_package(lab, 4, PackageComments="c")
    assert _column(lab, "status_id_change_date") == before
    update_package(lab, 4, StatusId=2)
    moved = _column(lab, "status_id_change_date")
    assert moved != before
    update_package(lab, 4, StatusId=1)
    assert _column(lab, "status_id_change_date") == moved


def test_6_6_on_sqlite_the_date_stays() -> None:
    with Lab(EF) as lab:
        before = _column(lab, "status_id_change_date")
        update_package(lab, 4, StatusId=2)
        assert _column(lab, "status_id_change_date") == before


def test_2_4_the_purchase_date_is_whole_seconds_on_2x_ef_and_milliseconds_on_sql_server() -> None:
    when = datetime(2026, 4, 5, 6, 7, 8, 123456)
    for flavour, kept in ((EF, datetime(2026, 4, 5, 6, 7, 8)), (SP, datetime(2026, 4, 5, 6, 7, 8, 123000))):
        with Lab(flavour) as lab:
            update_package(lab, 4, PurchaseDate=when)
            assert lab.call("esPackages.GetMyPackages", userId=4)[0]["PurchaseDate"] == kept


@checks("packages.name_length", SP)
def test_3_4_names_are_cut_at_300(lab: Lab) -> None:
    update_package(lab, 4, PackageName="n" * 350)
    assert len(str(_column(lab, "package_name"))) == 300


@checks("update_package_literal.resets", EF, SP)
def test_2_4_the_literal_form_drops_overrides_and_the_default_mark(lab: Lab) -> None:
    update_package(lab, 4, DefaultTopPackage=True, **overrides(lab, {DOMAINS: 9}))
    given: dict[str, Any] = {
        "packageId": 4,
        "statusId": 1,
        "planId": 2,
        "purchaseDate": DAY,
        "packageName": "L",
        "packageComments": "c",
    }
    assert lab.call("esPackages.UpdatePackageLiteral", **given)["Result"] == 0
    assert (_column(lab, "override_quotas"), _column(lab, "default_top_package"), allocated(lab, 4)) == (0, 0, 5)


def _rename(lab: Lab, space: int, as_: str = "brightweb") -> object:
    return lab.call("esPackages.UpdatePackageName", as_, packageId=space, packageName="New", packageComments="")


@checks("update_package_name.account", EF, SP)
def test_2_4_a_suspended_caller_renames_nothing(lab: Lab) -> None:
    assert _rename(lab, 4) == 0
    account(lab, 2, status_id=2)
    assert _rename(lab, 4) == -104


@checks("update_package_name.rights", EF)
def test_2_4_ef_a_foreign_space_is_not_renamed_and_an_unknown_one_is_0(lab: Lab) -> None:
    given: dict[str, Any] = {"packageId": 5, "packageName": "New", "packageComments": ""}
    assert lab.fault("esPackages.UpdatePackageName", **given) == PACKAGE
    assert _column(lab, "package_name", 5) == "Dark S"
    assert _rename(lab, 4711) == 0


@checks("update_package_name.rights", SP, SP2)
def test_5_3_sp_a_foreign_space_is_renamed_all_the_same(lab: Lab) -> None:
    assert lab.fault("esPackages.UpdatePackageName", packageId=5, packageName="New", packageComments="") == PACKAGE
    assert _column(lab, "package_name", 5) == "New"


@checks("update_package_name.own_refused", EF)
def test_7_4_7_ef_refuses_to_rename_ones_own_space(lab: Lab) -> None:
    for caller, space in (("brightweb", 2), ("mueller", 4)):
        assert lab.fault("esPackages.UpdatePackageName", caller, packageId=space, packageName="New", packageComments="") == PACKAGE


def test_2_4_sp_renames_ones_own_space() -> None:
    with Lab(SP) as lab:
        assert _rename(lab, 4, "mueller") == 0
        assert _column(lab, "package_name") == "New"


@checks("change_package_user.account", EF, SP)
def test_2_4_a_customer_gives_no_space_away(lab: Lab) -> None:
    assert lab.call("esPackages.ChangePackageUser", "mueller", packageId=4, UserId=5) == -112


@checks("change_package_user.rights", EF)
def test_2_4_ef_a_foreign_space_is_not_given_away(lab: Lab) -> None:
    assert lab.fault("esPackages.ChangePackageUser", packageId=5, UserId=4) == PACKAGE
    assert _column(lab, "user_id", 5) == 6


@checks("change_package_user.rights", SP, SP2)
def test_5_3_sp_a_foreign_space_belongs_to_the_given_user_after_the_fault(lab: Lab) -> None:
    assert lab.fault("esPackages.ChangePackageUser", packageId=5, UserId=4) == PACKAGE
    assert _column(lab, "user_id", 5) == 4


@checks("change_package_user.unknown_user", EF, SP)
def test_2_4_an_unknown_new_owner_is_a_foreign_key_fault(lab: Lab) -> None:
    assert "FOREIGN KEY" in lab.fault("esPackages.ChangePackageUser", packageId=4, UserId=4711)
    assert lab.call("esPackages.ChangePackageUser", packageId=4, UserId=7) == 0
    assert _column(lab, "user_id") == 7


@checks("change_package_status.account", EF, SP)
def test_2_4_a_customer_changes_no_status(lab: Lab) -> None:
    assert lab.call("esPackages.ChangePackageStatus", "mueller", packageId=4, status="Suspended") == -112


@checks("change_package_status.missing", EF, SP)
def test_2_4_the_status_of_an_unknown_space_is_minus_1(lab: Lab) -> None:
    assert lab.call("esPackages.ChangePackageStatus", packageId=4711, status="Suspended") == -1


def test_5_3_the_status_of_a_foreign_space_is_a_rights_fault_and_stays_in_every_flavour() -> None:
    for flavour in (EF, SP, SP2):
        with Lab(flavour) as lab:
            assert lab.fault("esPackages.ChangePackageStatus", packageId=5, status="Suspended") == PACKAGE
            assert _column(lab, "status_id", 5) == 1


@checks("change_package_status.cascades", EF, SP)
def test_2_4_a_status_goes_down_the_tree_and_switches_items(lab: Lab) -> None:
    space = add_space(lab, createResources=True, createFtpAccount=True)
    assert lab.call("esPackages.ChangePackageStatus", "serveradmin", packageId=2, status="Suspended") == 0
    assert [_column(lab, "status_id", number) for number in (2, 4, 5)] == [2, 2, 1]
    assert lab.value("SELECT max(enabled) FROM service_items WHERE package_id = ?", space) == 0
    assert lab.call("esPackages.ChangePackageStatus", "serveradmin", packageId=2, status="Active") == 0
    assert lab.value("SELECT min(enabled) FROM service_items WHERE package_id = ?", space) == 1


@checks("change_package_status.overrides_fault", EF)
def test_7_4_6_ef_faults_on_a_space_with_overrides_and_sp_does_not(lab: Lab) -> None:
    update_package(lab, 4, **overrides(lab, {DOMAINS: 9}))
    assert "Value cannot be null" in lab.fault("esPackages.ChangePackageStatus", packageId=4, status="Suspended")
    assert _column(lab, "status_id") == 1
    with Lab(SP) as sp:
        update_package(sp, 4, **overrides(sp, {DOMAINS: 9}))
        assert sp.call("esPackages.ChangePackageStatus", packageId=4, status="Suspended") == 0
        assert (_column(sp, "status_id"), allocated(sp, 4)) == (2, 9)


def test_7_4_6_without_the_defect_ef_switches_a_space_with_overrides() -> None:
    with Lab(EF, without=(Defect.STATUS_FAULTS_ON_OVERRIDES,)) as lab:
        update_package(lab, 4, **overrides(lab, {DOMAINS: 9}))
        assert lab.call("esPackages.ChangePackageStatus", packageId=4, status="Suspended") == 0
        assert (_column(lab, "status_id"), allocated(lab, 4)) == (2, 9)


def test_6_3_sp_a_space_that_the_parents_quota_refuses_silently_keeps_its_status() -> None:
    with Lab(SP) as lab:
        space = add_space(lab)
        update_package(lab, space, **overrides(lab, {DOMAINS: 7}))
        addon(lab, 4, add_plan(lab, "One", {DOMAINS: 1}, IsAddon=True))
        lab.write("UPDATE hosting_plan_quotas SET quota_value = 1 WHERE plan_id = 1 AND quota_id = ?", DOMAINS)
        assert lab.call("esPackages.ChangePackageStatus", packageId=space, status="Suspended") == 0
        assert _column(lab, "status_id", space) == 1


@checks("set_default_top_package.wipes", EF, SP)
def test_2_4_marking_the_default_space_loses_comments_and_overrides(lab: Lab) -> None:
    update_package(lab, 4, PackageComments="c", **overrides(lab, {DOMAINS: 9}))
    assert lab.call("esPackages.SetDefaultTopPackage", userId=4, packageId=4) is True
    assert (_column(lab, "package_comments"), _column(lab, "override_quotas"), _column(lab, "default_top_package")) == (None, 0, 1)


@checks("delete_package.account", EF, SP)
def test_2_4_a_customer_and_a_csr_delete_no_space(lab: Lab) -> None:
    assert lab.call("esPackages.DeletePackage", "mueller", packageId=4) == -112
    account(lab, 7, role_id=4)
    assert lab.call("esPackages.DeletePackage", "kollege", packageId=4) == -112


@checks("delete_package.rights", EF, SP, SP2)
def test_5_3_a_foreign_space_is_a_rights_fault_and_stays_in_every_flavour(lab: Lab) -> None:
    assert lab.fault("esPackages.DeletePackage", packageId=5) == PACKAGE
    assert _column(lab, "package_id", 5) == 5


@checks("delete_package.nested", EF, SP)
def test_2_4_a_space_with_spaces_below_answers_301(lab: Lab) -> None:
    assert lab.call("esPackages.DeletePackage", packageId=2) == -301


@checks("delete_package.missing", EF, SP)
def test_2_4_deleting_an_unknown_space_answers_300(lab: Lab) -> None:
    assert lab.call("esPackages.DeletePackage", packageId=4711) == -300


@checks("delete_package.in_background", EF, SP)
def test_6_5_a_space_goes_in_the_background_with_all_that_hangs_on_it(lab: Lab) -> None:
    add_domain(lab, "gone.example")
    assert lab.call("esPackages.DeletePackage", packageId=4) == 0
    assert lab.call("esPackages.GetPackage", packageId=4) is None
    assert lab.value("SELECT count(*) FROM domains") == 0
    assert lab.value("SELECT count(*) FROM packages_tree_cache WHERE package_id = 4") == 0


def test_6_5_until_the_background_is_done_the_space_is_there() -> None:
    with Lab(EF, delay=30.0) as lab:
        assert lab.call("esPackages.DeletePackage", packageId=4) == 0
        assert lab.call("esPackages.GetPackage", packageId=4) is not None


@checks("delete_package.plans_go_too", EF, SP)
def test_2_4_plans_that_were_made_on_a_space_go_with_it(lab: Lab) -> None:
    lab.call("esPackages.DeletePackage", packageId=4)
    assert lab.call("esPackages.DeletePackage", packageId=2) == 0
    assert lab.value("SELECT count(*) FROM hosting_plans WHERE plan_id IN (2, 3)") == 0


@checks("delete_package.half", SP, SP2)
def test_6_3_sp_a_delete_whose_last_step_fails_leaves_the_emptied_space(lab: Lab) -> None:
    add_domain(lab, "gone.example")
    lab.write("UPDATE hosting_plans SET package_id = 4 WHERE plan_id = 4")
    assert lab.call("esPackages.DeletePackage", packageId=4) == 0
    assert lab.call("esPackages.GetPackage", packageId=4) is not None
    assert lab.value("SELECT count(*) FROM domains") == 0
    assert add_domain(lab, "new.example") > 0
    assert lab.call("esPackages.GetPackageQuota", packageId=4, quotaName="OS.Domains")["QuotaUsedValue"] == 0


def test_2_4_ef_a_delete_whose_last_step_fails_changes_nothing() -> None:
    with Lab(EF) as lab:
        add_domain(lab, "stays.example")
        lab.write("UPDATE hosting_plans SET package_id = 4 WHERE plan_id = 4")
        assert lab.call("esPackages.DeletePackage", packageId=4) == 0
        assert lab.value("SELECT count(*) FROM domains") == 1


def test_2_4_giving_away_a_space_that_is_not_there_changes_nothing() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            before = [tuple(row) for row in lab.rows("SELECT package_id, user_id FROM packages")]
            assert lab.call("esPackages.ChangePackageUser", packageId=4711, UserId=4) == 0
            assert lab.call("esPackages.ChangePackageUser", packageId=4711, UserId=4711) == 0
            assert [tuple(row) for row in lab.rows("SELECT package_id, user_id FROM packages")] == before


def _records(lab: Lab, source: str, task: str) -> list[tuple[Any, ...]]:
    lab.panel.flush_records()
    rows = lab.rows("SELECT item_name, item_id FROM audit_log WHERE source_name = ? AND task_name = ?", source, task)
    return [tuple(row) for row in rows]


def test_6_5_the_record_of_a_new_owner_names_the_space_by_its_number_and_the_user_as_its_item() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            assert lab.call("esPackages.ChangePackageUser", packageId=4, UserId=5) == 0
            lab.fault("esPackages.ChangePackageUser", packageId=5, UserId=4)
            assert _records(lab, "HOSTING_SPACE", "CHANGE_USER") == [("4", 5)]


def test_6_5_the_record_of_an_update_has_the_new_name_and_is_written_for_a_refused_caller_too() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            assert update_package(lab, 4, PackageName="Neu") == 0
            assert update_package(lab, 4, as_="mueller", PackageName="Nein") == -112
            assert lab.call("esPackages.UpdatePackage", package=package(lab, 4, PackageId=4711))["Result"] == -300
            assert _records(lab, "HOSTING_SPACE", "UPDATE") == [("Neu", None), ("Nein", None), ("Neu", None)]


def test_6_5_a_space_that_is_deleted_has_no_record_of_its_own_but_that_of_its_items() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            assert lab.call("esPackages.DeletePackage", packageId=4) == 0
            assert _records(lab, "HOSTING_SPACE", "DELETE") == []
            assert [name for name, _ in _records(lab, "SPACE", "DELETE_ITEMS")] == ["Web S"]


def test_2_2_a_helpdesk_peer_suspends_the_user_and_not_its_spaces() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            lab.write("UPDATE users SET role_id = 6 WHERE username = 'kollege'")
            assert lab.call("esUsers.ChangeUserStatus", "kollege", userId=4, status="Suspended") == 0
            assert lab.value("SELECT status_id FROM users WHERE user_id = 4") == 2
            assert lab.value("SELECT status_id FROM packages WHERE package_id = 4") == 1


def test_7_4_7_ef_refuses_a_new_name_where_the_spaces_owner_has_a_peer() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            given: dict[str, Any] = {"packageId": 4, "packageName": "Neu", "packageComments": ""}
            assert lab.call("esPackages.UpdatePackageName", **given) == 0
            lab.write("UPDATE users SET is_peer = 1, owner_id = 4 WHERE username = 'kollege'")
            if lab.flavour.logic == "ef":
                assert lab.fault("esPackages.UpdatePackageName", **given).endswith(PACKAGE)
            else:
                assert lab.call("esPackages.UpdatePackageName", **given) == 0


def test_2_4_a_child_without_a_server_is_not_seen_before_the_row_delete_which_then_fails() -> None:
    for flavour, left in ((EF, 1), (SP, 0)):
        with Lab(flavour) as lab:
            lab.write("UPDATE packages SET server_id = NULL, parent_package_id = 4 WHERE package_id = 5")
            lab.write("DELETE FROM packages_tree_cache WHERE package_id = 5")
            add_domain(lab, "a.example")
            assert lab.call("esPackages.DeletePackage", packageId=4) == 0
            assert lab.value("SELECT count(*) FROM packages WHERE package_id = 4") == 1
            assert lab.value("SELECT count(*) FROM domains") == left


def test_2_4_sp_an_emptied_space_keeps_its_addons_and_counts_nothing_of_those_below() -> None:
    with Lab(SP) as lab:
        assert addon(lab, 2, 3) > 0
        lab.write("UPDATE hosting_plans SET package_id = 4 WHERE plan_id = 4")
        number = addon(lab, 4, 3)
        assert lab.call("esPackages.DeletePackage", packageId=4) == 0
        assert lab.value("SELECT package_id FROM package_addons WHERE package_addon_id = ?", number) == 4
        assert lab.value("SELECT count(*) FROM packages_tree_cache WHERE package_id = 4 OR parent_package_id = 4") == 0

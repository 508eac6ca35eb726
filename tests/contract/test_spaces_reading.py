"""Contract 2.4, 5.2-5.4: reading spaces, single ones and lists."""

from __future__ import annotations

from typing import Any

from resellerplan.simpanel.flavours import Defect
from tests.contract.lab import EF, SP, SP2, Lab, checks
from tests.contract.spaces_lab import ACCOUNT, DOMAINS, PACKAGE, add_space, overrides, update_package


@checks("my_packages.rights", EF, SP, SP2)
def test_2_4_my_packages_of_a_foreign_user_are_a_rights_fault(lab: Lab) -> None:
    assert lab.fault("esPackages.GetMyPackages", userId=6) == ACCOUNT
    assert lab.fault("esPackages.GetRawMyPackages", userId=6) == ACCOUNT
    assert lab.fault("esPackages.GetMyPackages", userId=4711) == ACCOUNT


@checks("packages.unchecked", EF, SP)
def test_5_3_get_package_and_get_packages_check_no_rights(lab: Lab) -> None:
    assert lab.call("esPackages.GetPackage", packageId=5)["PackageName"] == "Dark S"
    assert lab.call("esPackages.GetPackage", packageId=1)["PackageName"] == "System"
    assert [row["PackageId"] for row in lab.call("esPackages.GetPackages", userId=6)] == [5]
    assert lab.table(lab.call("esPackages.GetRawPackages", userId=6))[0]["username"] == "finster"
    assert lab.call("esPackages.GetPackage", packageId=4711) is None


@checks("packages.server_and_plan_needed", EF, SP)
def test_2_4_spaces_without_a_server_are_in_my_packages_only(lab: Lab) -> None:
    lab.write("UPDATE packages SET server_id = NULL WHERE package_id = 4")
    listed = [row["PackageId"] for row in lab.call("esPackages.GetPackages", userId=4)]
    assert listed == ([4] if lab.flavour.logic == "ef" else [])
    assert [row["PackageId"] for row in lab.call("esPackages.GetMyPackages", userId=4)] == [4]
    assert lab.call("esPackages.GetPackagePackages", packageId=2) == []


def test_7_4_13_ef_counts_a_space_without_a_server_and_faults_on_its_page_only() -> None:
    with Lab(EF) as lab:
        other = add_space(lab, 5, name="Zoe")
        lab.write("UPDATE packages SET server_id = NULL WHERE package_id = 4")
        asked: dict[str, Any] = {"userId": 2, "sortColumn": "PackageName DESC", "maximumRows": 1}
        page = lab.call("esPackages.GetPackagesPaged", parameters=asked | {"startRow": 0})
        assert (lab.table(page)[0]["column1"], [row["packageid"] for row in lab.table(page, 1)]) == (2, [other])
        fault = lab.fault("esPackages.GetPackagesPaged", **asked, startRow=1)
        assert fault == "Nullable object must have a value."


def test_2_4_the_root_is_in_the_administrators_own_packages() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            row = lab.table(lab.call("esPackages.GetRawMyPackages", "serveradmin", userId=1))[0]
            assert (row["packageid"], row["parentpackageid"], row["serverid"], row["virtualserver"]) == (1, None, 0, True)


@checks("package_packages.rights", EF, SP)
def test_2_4_the_spaces_below_a_foreign_space_are_a_rights_fault(lab: Lab) -> None:
    assert lab.fault("esPackages.GetPackagePackages", packageId=3) == PACKAGE


def test_2_4_the_spaces_below_are_recursive_and_without_the_date_of_the_status() -> None:
    with Lab(SP) as lab:
        found = lab.call("esPackages.GetPackagePackages", "serveradmin", packageId=1)
        assert [row["PackageId"] for row in found] == [2, 3, 4, 5]
        assert found[0]["StatusIDchangeDate"].year == 1


@checks("packages.lists_without_comments", EF, SP)
def test_6_2_lists_never_carry_comments_and_overrides(lab: Lab) -> None:
    update_package(lab, 4, PackageComments="c", **overrides(lab, {DOMAINS: 9}))
    listed = lab.call("esPackages.GetMyPackages", userId=4)[0]
    assert (listed["PackageComments"], listed["OverrideQuotas"]) == (None, False)
    single = lab.call("esPackages.GetPackage", packageId=4)
    assert (single["PackageComments"], single["OverrideQuotas"], single["Groups"]) == ("c", True, None)


@checks("package.purchase_date_whole_seconds", EF)
def test_1_4_ef_cuts_the_purchase_date_of_single_reads(lab: Lab) -> None:
    assert lab.call("esPackages.GetPackage", packageId=4)["PurchaseDate"].microsecond == 0
    assert lab.call("esPackages.GetPackageContext", packageId=4)["Package"]["PurchaseDate"].microsecond == 0
    assert lab.call("esPackages.GetMyPackages", userId=4)[0]["PurchaseDate"].microsecond != 0


def _paged(lab: Lab, user: int = 2, as_: str = "brightweb", **given: object) -> tuple[int, list[int]]:
    asked: dict[str, Any] = {"filterColumn": "", "filterValue": "", "sortColumn": "PackageID", "startRow": 0, "maximumRows": 100}
    answer = lab.call("esPackages.GetPackagesPaged", as_, parameters={"userId": user} | asked | given)
    return lab.table(answer)[0]["column1"], [row["packageid"] for row in lab.table(answer, 1)]


@checks("packages_paged.rights", EF, SP)
def test_2_4_a_foreign_user_counts_0_and_is_no_fault(lab: Lab) -> None:
    assert _paged(lab, 3) == (0, [])


@checks("packages_paged.own_left_out", EF, SP)
def test_2_4_the_users_own_spaces_are_left_out(lab: Lab) -> None:
    assert _paged(lab) == (1, [4])
    assert _paged(lab, 1, "serveradmin") == (4, [2, 3, 4, 5])


@checks("packages_paged.peer_is_owner", SP, SP2)
def test_5_4_with_a_peers_id_the_resellers_own_spaces_are_listed_too(lab: Lab) -> None:
    assert _paged(lab, 7, "kollege") == (2, [2, 4])
    assert _paged(lab, 2, "kollege") == (1, [4])


@checks("packages_paged.null_server", EF)
def test_7_4_13_ef_one_space_without_a_server_makes_the_paged_lists_fault(lab: Lab) -> None:
    lab.write("UPDATE packages SET server_id = NULL WHERE package_id = 4")
    asked: dict[str, Any] = {"filterColumn": "", "filterValue": "", "sortColumn": "", "startRow": 0, "maximumRows": 9}
    assert lab.fault("esPackages.GetPackagesPaged", parameters={"userId": 2} | asked) == "Nullable object must have a value."
    nested: dict[str, Any] = {"packageId": 2, "statusId": 0, "planId": 0, "serverId": 0} | asked
    assert lab.fault("esPackages.GetNestedPackagesPaged", parameters=nested) == "Nullable object must have a value."
    assert lab.call("esPackages.GetPackagePackages", packageId=2) == []


def test_2_4_sp_and_ef_without_the_defect_leave_out_a_space_without_a_server() -> None:
    for lab in (Lab(SP), Lab(EF, without=(Defect.NULL_SERVER_BREAKS_PAGED,))):
        with lab:
            lab.write("UPDATE packages SET server_id = NULL WHERE package_id = 4")
            assert _paged(lab) == (0, [])


@checks("packages_paged.recursive_fault", EF, defects=(Defect.RECURSIVE_FAULT,))
def test_7_6_3_stock_faults_on_the_recursive_list_once_there_is_a_customer(lab: Lab) -> None:
    asked: dict[str, Any] = {"userId": 2, "filterColumn": "", "filterValue": "", "sortColumn": "", "startRow": 0, "maximumRows": 9}
    assert lab.fault("esPackages.GetPackagesPaged", parameters=asked) == "SQLite Error 1: 'near \")\": syntax error'."


def _nested(lab: Lab, **given: object) -> list[int]:
    asked: dict[str, Any] = {
        "packageId": 2,
        "filterColumn": "",
        "filterValue": "",
        "statusId": 0,
        "planId": 0,
        "serverId": 0,
        "sortColumn": "PackageID",
    }
    answer = lab.call("esPackages.GetNestedPackagesPaged", parameters=asked | {"startRow": 0, "maximumRows": 100} | given)
    return [row["packageid"] for row in lab.table(answer, 1)]


@checks("nested_packages.rights", EF, SP, SP2)
def test_5_3_the_nested_lists_of_a_foreign_space_are_a_rights_fault(lab: Lab) -> None:
    asked: dict[str, Any] = {
        "packageId": 3,
        "filterColumn": "",
        "filterValue": "",
        "statusId": 0,
        "planId": 0,
        "serverId": 0,
        "sortColumn": "",
    }
    assert lab.fault("esPackages.GetNestedPackagesPaged", parameters=asked | {"startRow": 0, "maximumRows": 1}) == PACKAGE
    assert lab.fault("esPackages.GetNestedPackagesSummary", packageId=3) == PACKAGE


@checks("nested_packages.default_sort", SP2, EF)
def test_7_3_on_2x_nested_spaces_are_sorted_by_name_where_nothing_is_asked(lab: Lab) -> None:
    space = add_space(lab, name="A first")
    assert _nested(lab, sortColumn="") == [space, 4]
    with Lab(SP) as sp:
        space = add_space(sp, name="A first")
        assert _nested(sp, sortColumn="") == [4, space]


@checks("nested_packages.filters", EF, SP)
def test_2_4_status_plan_and_server_narrow_the_nested_list(lab: Lab) -> None:
    space = add_space(lab, statusId=2)
    assert _nested(lab, statusId=2) == [space]
    assert _nested(lab, planId=4) == []
    assert _nested(lab, serverId=2) == []
    assert _nested(lab, filterValue="%petra%") == [4, space]
    summary = lab.call("esPackages.GetNestedPackagesSummary", packageId=2)
    assert lab.table(summary) == [{"packagesnumber": 2}]
    assert lab.table(summary, 1) == [{"statusid": 1, "packagesnumber": 1}, {"statusid": 2, "packagesnumber": 1}]


def test_2_4_comments_in_lists_are_the_comment_records() -> None:
    for flavour, day in ((EF, "/"), (SP, " ")):
        with Lab(flavour) as lab:
            lab.call("esComments.AddComment", itemTypeId="PACKAGE", itemId=4, commentText="Note", severityId=1)
            text = lab.table(lab.call("esPackages.GetRawMyPackages", userId=4))[0]["comments"]
            assert text.startswith("brightweb - ")
            assert day in text.removeprefix("brightweb - ")
            assert text.endswith("\nNote\n--------------------------------------\n")
            assert lab.table(lab.call("esPackages.GetRawMyPackages", "mueller", userId=4))[0]["comments"] == ""

"""Claims of the two 1.x reports that no other check of a rule holds, each with the rule or the defect that switches it.

Each name begins with the report's section: ``1x_`` for the services, ``db_`` for the stored procedures.
"""

from __future__ import annotations

import threading
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from resellerplan.simpanel.flavours import Defect
from resellerplan.simpanel.logins import Unauthenticated
from resellerplan.simpanel.wire import ServiceFault
from tests.contract.lab import EF, SP, SP2, Lab, checks
from tests.contract.spaces_lab import (
    ACCOUNT,
    DAY,
    DOMAINS,
    PACKAGE,
    add_plan,
    add_space,
    addon,
    allocated,
    overrides,
    package,
    plan_record,
    update_package,
    update_plan,
)

BRIGHTWEB, DARKWEB, MUELLER, SCHMIDT, FINSTER, KOLLEGE = 2, 3, 4, 5, 6, 7


def _update_user(lab: Lab, number: int, as_: str = "brightweb", **changes: Any) -> Any:
    user = dict(lab.call("esUsers.GetUserById", "serveradmin", userId=number)) | changes
    return lab.call("esUsers.UpdateUser", as_, user=user)


def _usernames(users: list[dict[str, Any]]) -> list[str]:
    return [user["Username"] for user in users]


# -- log-ins ------------------------------------------------------------------------------------------------------------------


@checks("log_in.no_status", EF, SP)
def test_1x_2_neither_user_status_nor_log_in_status_stops_calls(lab: Lab) -> None:
    for status, log_in_status in ((3, 0), (2, 1), (1, 2)):
        lab.write("UPDATE users SET status_id = ?, login_status_id = ? WHERE user_id = 4", status, log_in_status)
        assert lab.call("esUsers.UserExists", "mueller", username="mueller") is True


@checks("log_in.not_remembered", SP)
def test_1x_2_an_old_password_is_refused_at_once_on_1x(lab: Lab) -> None:
    lab.call("esUsers.UserExists", "mueller", username="x")
    lab.call("esUsers.ChangeUserPassword", userId=MUELLER, password="Anders-Pw1!")
    with pytest.raises(Unauthenticated):
        lab.call("esUsers.UserExists", "mueller", username="x")
    assert lab.call("esUsers.UserExists", "mueller", "Anders-Pw1!", username="mueller") is True


@checks("log_in.recorded", SP)
def test_c_15_on_1x_every_authenticated_call_leaves_a_record(lab: Lab) -> None:
    for _ in range(3):
        lab.call("esUsers.UserExists", "mueller", username="x")
    lab.panel.flush_records()
    where = "task_name = 'GET_BY_USERNAME_PASSWORD' AND user_id IS NULL"
    assert lab.value(f"SELECT count(*) FROM audit_log WHERE {where}") == 3


@checks("send_password_reminder.unknown", EF, SP)
def test_1x_2_a_reminder_to_an_unknown_user_is_0(lab: Lab) -> None:
    assert lab.call("esAuthentication.SendPasswordReminder", None, username="niemand") == 0
    assert lab.rows("SELECT 1 FROM outbox") == []


@checks("system_setup_mode.password", EF, SP)
def test_1x_2_set_up_mode_is_false_once_the_password_is_set(lab: Lab) -> None:
    assert lab.call("esAuthentication.GetSystemSetupMode", None) is False
    lab.write("UPDATE users SET password = NULL WHERE user_id = 1")
    assert lab.call("esAuthentication.GetSystemSetupMode", None) is True


# -- users --------------------------------------------------------------------------------------------------------------------


@checks("create_user.below", SP)
def test_1x_2_a_customer_makes_users_below_itself_and_nowhere_else(lab: Lab) -> None:
    assert lab.add_user("unter.sich", MUELLER, "mueller") > 0
    assert lab.add_user("neben.sich", SCHMIDT, "mueller") == -2
    assert lab.add_user("unter.reseller", BRIGHTWEB, "mueller") == -2


@checks("add_user.no_status", SP)
def test_1x_2_a_suspended_reseller_makes_users(lab: Lab) -> None:
    lab.write("UPDATE users SET status_id = 2 WHERE user_id = 2")
    assert lab.add_user("neu") > 0


@checks("see_user.own_owner", SP)
def test_1x_2_a_customer_reads_its_reseller_and_its_siblings_list(lab: Lab) -> None:
    assert lab.call("esUsers.GetUserById", "mueller", userId=BRIGHTWEB)["Username"] == "brightweb"
    assert _usernames(lab.call("esUsers.GetUsers", "mueller", ownerId=BRIGHTWEB, recursive=False)) == ["mueller", "schmidt"]


@checks("see_user.own_owner", SP, SP2)
def test_db_5_2_with_its_own_owner_recursively_a_reseller_lists_the_whole_panel(lab: Lab) -> None:
    listed = _usernames(lab.call("esUsers.GetUsers", "brightweb", ownerId=1, recursive=True))
    assert listed == ["brightweb", "darkweb", "mueller", "schmidt", "finster"]
    of_customer = _usernames(lab.call("esUsers.GetUsers", "mueller", ownerId=BRIGHTWEB, recursive=True))
    assert of_customer == ["mueller", "schmidt"]


@checks("create_user.under_a_peer", SP, SP2)
def test_db_5_2_users_made_under_a_peer_are_listed_by_the_peers_id(lab: Lab) -> None:
    lab.add_user("unter.kollege", KOLLEGE, "kollege")
    assert _usernames(lab.call("esUsers.GetUsers", "kollege", ownerId=KOLLEGE, recursive=False)) == ["unter.kollege"]


@checks("add_user.blank_name_passes", SP)
def test_1x_3_2_a_name_of_blanks_becomes_the_empty_name(lab: Lab) -> None:
    number = lab.add_user("   ")
    assert number > 0
    assert lab.value("SELECT username FROM users WHERE user_id = ?", number) == ""
    assert lab.add_user("") == -111


@checks("update_user.role_unguarded", SP)
def test_1x_3_2_a_customer_makes_itself_a_reseller_but_no_administrator(lab: Lab) -> None:
    assert _update_user(lab, MUELLER, "mueller", RoleId=2) == 0
    assert lab.value("SELECT role_id FROM users WHERE user_id = 4") == 2
    assert _update_user(lab, MUELLER, "mueller", RoleId=1) == 0
    assert lab.value("SELECT role_id FROM users WHERE user_id = 4") == 3


@checks("defect.user_name_collation", SP, SP2)
def test_db_6_1_user_names_are_compared_without_case_and_trailing_blanks_but_with_accents(lab: Lab) -> None:
    assert lab.call("esUsers.GetUserByUsername", username="MUELLER ")["UserId"] == MUELLER
    assert lab.add_user("müller") > 0
    assert lab.add_user("muller") > 0
    assert lab.add_user("MÜLLER") == -100


@checks("users.full_name_null", SP, SP2)
def test_db_6_5_a_full_name_with_a_null_part_is_null(lab: Lab) -> None:
    lab.add_user("neu", LastName="Neumann")
    rows = lab.table(lab.call("esUsers.GetRawUsers", ownerId=BRIGHTWEB, recursive=True))
    assert [row["fullname"] for row in rows] == ["Petra Müller", "Sepp Schmidt", None]


@checks("paging.filter_pattern", SP, SP2)
def test_db_6_5_a_filter_is_a_pattern_compared_without_case(lab: Lab) -> None:
    def found(column: str, value: str) -> list[str]:
        given = {"userId": BRIGHTWEB, "filterColumn": column, "filterValue": value, "maximumRows": 9}
        return [row["username"] for row in lab.table(lab.call("esUsers.GetUsersPaged", parameters=given), 1)]

    assert found("Username", "MUE%") == ["mueller"]
    assert found("Username", "_chmidt") == ["schmidt"]
    assert found("", "%PETRA%") == ["mueller"]
    assert found("FirstName", "[PS]e%") == ["mueller", "schmidt"]
    assert found("Username", "mue") == []


@checks("user_domains_paged.every_user", SP, SP2)
def test_db_4_15_users_and_spaces_without_a_domain_have_a_row_too_and_peers_have_none(lab: Lab) -> None:
    lab.write("INSERT INTO domains (package_id, domain_name, domain_key) VALUES (4, 'a.example', 'a.example')")
    empty = add_space(lab)
    page = lab.call("esUsers.GetUserDomainsPaged", userId=BRIGHTWEB, maximumRows=9)
    rows = lab.table(page, 1)
    assert empty > 0
    assert [(row["username"], row["domainname"]) for row in rows] == [
        ("mueller", "a.example"),
        ("mueller", None),
        ("schmidt", None),
    ]
    assert lab.table(page)[0]["column1"] == 3


@checks("update_user.fixed_members", SP, SP2)
def test_1x_2_an_update_leaves_name_owner_creation_password_and_mfa_and_empties_additional_params(lab: Lab) -> None:
    kept = "SELECT username, owner_id, created, password, mfa_mode FROM users WHERE user_id = 4"
    before = tuple(lab.rows(kept)[0])
    lab.write("UPDATE users SET additional_params = 'x' WHERE user_id = 4")
    changes: dict[str, Any] = {"Username": "anders", "OwnerId": DARKWEB, "Created": datetime(2000, 1, 1), "AdditionalParams": None}
    assert _update_user(lab, MUELLER, **changes) == 0
    assert tuple(lab.rows(kept)[0]) == before
    assert lab.value("SELECT additional_params FROM users WHERE user_id = 4") is None


@checks("defect.user_name_collation", SP, SP2)
def test_db_6_1_a_leading_blank_and_a_tab_at_the_end_make_another_name(lab: Lab) -> None:
    for name, found in (("mueller ", True), (" mueller", False), ("mueller\t", False)):
        assert lab.call("esUsers.UserExists", username=name) is found


@checks("users.password_cut", SP, SP2)
def test_db_3_4_a_password_of_300_characters_is_stored_cut_and_opens_nothing(lab: Lab) -> None:
    for length, code in ((71, 0), (72, -110), (300, -110)):
        password = "p" * length
        assert lab.call("esUsers.ChangeUserPassword", userId=MUELLER, password=password) == 0
        found = lab.call("esAuthentication.AuthenticateUser", None, username="mueller", password=password, ip="")
        assert found == code


@checks("get_users_paged.comment_records", SP, SP2)
def test_1x_4_the_comments_of_a_page_are_author_day_text_and_38_dashes(lab: Lab) -> None:
    for text in ("eins", "zwei"):
        lab.call("esComments.AddComment", itemTypeId="USER", itemId=MUELLER, commentText=text, severityId=1)
    lab.write("UPDATE comments SET created_date = '2026-11-24T12:00:00.123000'")
    page = lab.table(lab.call("esUsers.GetUsersPaged", userId=BRIGHTWEB, maximumRows=9), 1)
    told = [f"brightweb - Nov 24 2026 12:00PM\n{text}\n{'-' * 38}\n" for text in ("eins", "zwei")]
    assert page[0]["comments"] == "".join(told)


@checks("paging.unknown_column", SP, SP2)
def test_db_6_5_pages_of_users_have_no_ambiguous_column(lab: Lab) -> None:
    for column in ("StatusID", "UserID", "OwnerID", "Comments", "Username"):
        given = {"userId": BRIGHTWEB, "sortColumn": column, "filterColumn": column, "filterValue": "%", "maximumRows": 9}
        lab.call("esUsers.GetUsersPaged", parameters=given)
    assert "Invalid column name 'Nothing'." in lab.fault("esUsers.GetUsersPaged", userId=BRIGHTWEB, sortColumn="Nothing")


@checks("paging.ambiguous_column", SP, SP2)
def test_db_6_5_the_ambiguous_columns_of_spaces_and_domains_are_those_that_were_found(lab: Lab) -> None:
    spaces = {"esPackages.GetPackagesPaged": {"userId": 2}, "esPackages.GetNestedPackagesPaged": {"packageId": 2}}

    def works(call: str, given: dict[str, Any]) -> bool:
        try:
            lab.call(call, parameters=given | {"maximumRows": 5})
        except ServiceFault:
            return False
        return True

    for call, whose in spaces.items():
        for column in ("StatusID", "ServerID", "PlanID", "UserID", "Comments"):
            assert not works(call, whose | {"sortColumn": column})
            assert not works(call, whose | {"filterColumn": column, "filterValue": "1"})
        assert not works(call, whose | {"filterColumn": "PackageID", "filterValue": "1"})
        for column in ("PackageID", "P.StatusID", "PackageName"):
            assert works(call, whose | {"sortColumn": column})
    for column in ("PackageID", "ServerID", "UserID"):
        assert not works("esServers.GetDomainsPaged", {"packageId": 4, "sortColumn": column})
    assert works("esServers.GetDomainsPaged", {"packageId": 4, "sortColumn": "DomainName"})


# -- settings -----------------------------------------------------------------------------------------------------------------


@checks("user_settings.name_without_case", SP)
def test_db_4_14_a_set_is_found_in_any_letter_case_at_every_level(lab: Lab) -> None:
    settings = {"UserId": BRIGHTWEB, "SettingsName": "Eigene", "SettingsArray": [["a", "b"]]}
    assert lab.call("esUsers.UpdateUserSettings", settings=settings) == 0
    found = lab.call("esUsers.GetUserSettings", userId=MUELLER, settingsName="EIGENE")
    assert (found["UserId"], found["SettingsArray"]) == (BRIGHTWEB, [["a", "b"]])


@checks("update_user_settings.equal_keys", SP, SP2)
def test_db_4_5_keys_equal_but_for_case_or_a_blank_at_the_end_lose_the_former_set_of_a_user(lab: Lab) -> None:
    def write(*keys: str) -> dict[str, Any]:
        return {"UserId": BRIGHTWEB, "SettingsName": "Eigene", "SettingsArray": [[key, "1"] for key in keys]}

    for keys in (("Key", "x", "kEY"), ("Key", "Key "), ("k" * 50 + "a", "k" * 50 + "b")):
        assert lab.call("esUsers.UpdateUserSettings", settings=write("former")) == 0
        assert "PRIMARY KEY" in lab.fault("esUsers.UpdateUserSettings", settings=write(*keys))
        assert lab.rows("SELECT 1 FROM user_settings WHERE settings_name = 'Eigene'") == []
    assert "(2, Eigene, kEY)" in lab.fault("esUsers.UpdateUserSettings", settings=write("Key", "x", "kEY"))


@checks("update_package_settings.same_key", SP, SP2)
def test_db_4_5_keys_equal_but_for_case_or_a_blank_at_the_end_lose_the_former_set_of_a_space(lab: Lab) -> None:
    def write(*keys: str) -> dict[str, Any]:
        return {"PackageId": 4, "SettingsName": "NameServers", "SettingsArray": [[key, "1"] for key in keys]}

    for keys in (("Key", "kEY", "x"), ("Key", "Key "), ("k" * 50 + "a", "k" * 50 + "b")):
        assert lab.call("esPackages.UpdatePackageSettings", settings=write("former")) == 0
        assert "PRIMARY KEY" in lab.fault("esPackages.UpdatePackageSettings", settings=write(*keys))
        assert lab.rows("SELECT 1 FROM package_settings WHERE package_id = 4") == []
    assert "(4, NameServers, kEY)" in lab.fault("esPackages.UpdatePackageSettings", settings=write("Key", "kEY", "x"))


@checks("defect.commits_after_rights_fault", SP, SP2)
def test_1x_3_3_refused_settings_of_users_and_spaces_are_written_all_the_same(lab: Lab) -> None:
    of_user = {"UserId": DARKWEB, "SettingsName": "Eigene", "SettingsArray": [["a", "1"]]}
    assert lab.fault("esUsers.UpdateUserSettings", settings=of_user).endswith(ACCOUNT)
    assert lab.value("SELECT count(*) FROM user_settings WHERE user_id = 3") == 1
    of_space = {"PackageId": 5, "SettingsName": "NameServers", "SettingsArray": [["NameServers", "ns.example"]]}
    assert lab.fault("esPackages.UpdatePackageSettings", settings=of_space).endswith(PACKAGE)
    assert lab.value("SELECT count(*) FROM package_settings WHERE package_id = 5") == 1


@checks("defect.commits_after_rights_fault", SP, SP2)
def test_1x_3_3_a_refused_deletion_of_a_comment_deletes_it(lab: Lab) -> None:
    lab.call("esComments.AddComment", itemTypeId="USER", itemId=MUELLER, commentText="x", severityId=1)
    number = lab.value("SELECT comment_id FROM comments")
    assert lab.fault("esComments.DeleteComment", "darkweb", commentId=number) == "You are not allowed to perform this operation"
    assert lab.rows("SELECT 1 FROM comments") == []


@checks("defect.commits_after_rights_fault", SP, SP2)
def test_1x_3_3_a_refused_status_leaves_the_user_and_changes_its_spaces(lab: Lab) -> None:
    assert f"{PACKAGE}\n{PACKAGE}" in lab.fault("esUsers.ChangeUserStatus", userId=FINSTER, status="Suspended")
    assert lab.value("SELECT status_id FROM users WHERE user_id = ?", FINSTER) == 1
    assert lab.value("SELECT status_id FROM packages WHERE package_id = 5") == 2


@checks("faults.nested_twice", SP, SP2)
def test_1x_3_3_the_text_comes_twice_where_a_nested_procedure_raises_as_well(lab: Lab) -> None:
    twice_package, twice_account = f"{PACKAGE}\n{PACKAGE}", f"{ACCOUNT}\n{ACCOUNT}"
    assert lab.fault("esPackages.UpdatePackage", package=package(lab, 5)) == twice_package
    assert lab.fault("esPackages.AddHostingPlan", plan=plan_record(lab, quotas={}, UserId=DARKWEB)) == twice_account
    plan = plan_record(lab, "Dark S", quotas={}, PlanId=4, UserId=DARKWEB, PackageId=3)
    assert lab.fault("esPackages.UpdateHostingPlan", plan=plan) == twice_account
    assert lab.fault("esPackages.UpdatePackageName", packageId=5, packageName="x") == PACKAGE


# -- plans --------------------------------------------------------------------------------------------------------------------


@checks("money.four_decimals", SP, SP2)
def test_1x_2_money_keeps_four_decimals_rounded_half_up(lab: Lab) -> None:
    for given, kept in (("12.34567", "12.3457"), ("0.00005", "0.0001"), ("-12.34565", "-12.3457"), ("7", "7.0000")):
        number = add_plan(lab, SetupPrice=Decimal(given))
        assert str(lab.call("esPackages.GetHostingPlan", planId=number)["SetupPrice"]) == kept


@checks("delete_hosting_plan.null_space", SP, SP2)
def test_1x_3_3_an_unused_plan_without_a_space_is_deleted_by_any_reseller(lab: Lab) -> None:
    plan = plan_record(lab, quotas={}, UserId=1, PackageId=0, ServerId=1)
    number = lab.call("esPackages.AddHostingPlan", "serveradmin", plan=plan)
    assert lab.call("esPackages.DeleteHostingPlan", "darkweb", planId=number) == 0
    assert lab.value("SELECT count(*) FROM hosting_plans WHERE plan_id = ?", number) == 0


@checks("update_hosting_plan.addon_server", SP, SP2)
def test_db_4_8_an_addon_has_no_server_until_an_update_with_server_0(lab: Lab) -> None:
    number = add_plan(lab, "Zusatz", IsAddon=True)
    assert lab.value("SELECT server_id FROM hosting_plans WHERE plan_id = ?", number) is None
    update_plan(lab, plan_record(lab, "Zusatz", quotas={}, PlanId=number, IsAddon=True))
    assert lab.value("SELECT server_id FROM hosting_plans WHERE plan_id = ?", number) == 1


@checks("hosting_plans.of_peer", SP, SP2)
def test_db_6_5_the_plans_of_a_peer_are_its_own_and_not_in_its_resellers_list(lab: Lab) -> None:
    def listed(user: int) -> list[str]:
        return [row["planname"] for row in lab.table(lab.call("esPackages.GetHostingPlans", "kollege", userId=user))]

    assert listed(KOLLEGE) == []
    add_plan(lab, "Des Kollegen", as_="kollege", UserId=KOLLEGE)
    assert listed(KOLLEGE) == ["Des Kollegen"]
    assert "Des Kollegen" not in listed(BRIGHTWEB)


# -- spaces -------------------------------------------------------------------------------------------------------------------


@checks("my_packages.of_peer", SP, SP2)
def test_db_4_18_the_spaces_given_to_a_peer_are_listed_under_its_id_only(lab: Lab) -> None:
    assert lab.call("esPackages.GetMyPackages", "kollege", userId=KOLLEGE) == []
    assert lab.call("esPackages.ChangePackageUser", packageId=4, parameters={"UserId": KOLLEGE}) == 0
    assert [space["PackageId"] for space in lab.call("esPackages.GetMyPackages", userId=KOLLEGE)] == [4]
    assert [space["PackageId"] for space in lab.call("esPackages.GetMyPackages", userId=BRIGHTWEB)] == [2]


@checks("dates.overflow", SP, SP2)
def test_db_3_4_a_date_below_1753_or_at_the_end_of_9999_overflows_and_stores_nothing(lab: Lab) -> None:
    before = lab.value("SELECT count(*) FROM packages")
    sent = {"userId": MUELLER, "planId": 2, "packageName": "S", "statusId": 1}
    for when in (datetime(1, 1, 1), datetime(1752, 12, 31), datetime(9999, 12, 31, 23, 59, 59, 999999)):
        assert lab.fault("esPackages.AddPackage", parameters=sent | {"purchaseDate": when}).startswith("SqlDateTime overflow.")
    assert lab.value("SELECT count(*) FROM packages") == before
    kept = lab.call("esPackages.AddPackage", parameters=sent | {"purchaseDate": datetime(1753, 1, 1)})
    assert kept["Result"] > 0


@checks("dates.steps", SP, SP2)
def test_db_3_4_dates_are_kept_in_steps_of_a_three_hundredth_of_a_second(lab: Lab) -> None:
    for given, kept in ((123456, 123000), (124900, 123000), (126000, 127000), (998000, 997000)):
        update_package(lab, 4, PurchaseDate=datetime(2026, 4, 5, 6, 7, 8, given))
        found = lab.call("esPackages.GetMyPackages", userId=MUELLER)[0]["PurchaseDate"]
        assert found == datetime(2026, 4, 5, 6, 7, 8, kept)


@checks("access_package.root", SP, SP2)
def test_db_5_2_spaces_0_and_1_are_the_administrators(lab: Lab) -> None:
    for number in (0, 1):
        assert lab.fault("esServers.GetDomains", packageId=number).endswith(PACKAGE)
        assert lab.call("esServers.GetDomains", "serveradmin", packageId=number) == []


@checks("access_package.unknown", SP, SP2)
def test_db_5_2_an_unknown_or_negative_space_is_anybodys(lab: Lab) -> None:
    for number in (4711, -5):
        assert lab.call("esServers.GetDomains", packageId=number) == []
        assert lab.call("esPackages.GetPackagePackages", packageId=number) == []


@checks("plan_contents.bad_ids", SP, SP2)
def test_db_6_3_a_bad_quota_among_overrides_faults_and_leaves_everything_0(lab: Lab) -> None:
    changed = package(lab, 4, PackageName="n", **overrides(lab, {DOMAINS: 2, 4711: 1}))
    assert "FOREIGN KEY" in lab.fault("esPackages.UpdatePackage", package=changed)
    row = lab.rows("SELECT package_name, override_quotas FROM packages WHERE package_id = 4")[0]
    assert (row[0], row[1], allocated(lab, 4)) == ("n", 1, 0)


@checks("update_package.own_limits", SP, SP2)
def test_1x_3_3_overrides_of_ones_own_space_are_not_held_to_what_one_has(lab: Lab) -> None:
    assert allocated(lab, 2) == 50
    assert update_package(lab, 2, **overrides(lab, {DOMAINS: 100_000})) == 0
    assert allocated(lab, 2) == 100_000


@checks("quota.exceed", SP, SP2)
def test_db_6_4_a_space_with_overrides_under_an_exceeded_parent_silently_keeps_its_status(lab: Lab) -> None:
    space, plain = add_space(lab), add_space(lab)
    update_package(lab, space, **overrides(lab, {DOMAINS: 7}))
    addon(lab, 4, add_plan(lab, "One", {DOMAINS: 1}, IsAddon=True))
    lab.write("UPDATE hosting_plan_quotas SET quota_value = 1 WHERE plan_id = 1 AND quota_id = ?", DOMAINS)
    for number, kept in ((space, 1), (plain, 2)):
        assert lab.call("esPackages.ChangePackageStatus", packageId=number, status="Suspended") == 0
        assert lab.value("SELECT status_id FROM packages WHERE package_id = ?", number) == kept


@checks("quota.group_not_asked", SP, SP2)
def test_db_6_4_a_quota_is_effective_without_its_group(lab: Lab) -> None:
    plan = add_plan(lab, "No group", {DOMAINS: 3}, groups=())
    sent = {"userId": MUELLER, "planId": plan, "packageName": "n", "statusId": 1, "purchaseDate": DAY}
    space = lab.call("esPackages.AddPackage", parameters=sent)["Result"]
    assert allocated(lab, space) == 3


@checks("quota.unknown_space", SP, SP2)
def test_db_6_5_an_unknown_space_has_every_quota_without_limit_and_uses_nothing(lab: Lab) -> None:
    found = lab.call("esPackages.GetPackageQuota", packageId=4711, quotaName="OS.Domains")
    assert (found["QuotaAllocatedValue"], found["QuotaUsedValue"]) == (-1, 0)


@checks("package_quota.name_without_case", SP, SP2)
def test_db_6_5_a_quota_is_found_by_its_name_in_any_letter_case(lab: Lab) -> None:
    found = lab.call("esPackages.GetPackageQuota", packageId=4, quotaName="os.DOMAINS")
    assert (found["QuotaName"], found["QuotaAllocatedValue"]) == ("OS.Domains", 5)


@checks("add_package.parent_rights", SP, SP2)
def test_db_6_3_an_unknown_plan_is_a_rights_fault_for_a_reseller_and_a_foreign_key_for_the_administrator(lab: Lab) -> None:
    sent: dict[str, Any] = {"userId": MUELLER, "planId": 4711, "packageName": "S", "statusId": 1, "purchaseDate": DAY}
    before = lab.value("SELECT count(*) FROM packages")
    assert lab.fault("esPackages.AddPackage", **sent).endswith(PACKAGE)
    assert "FOREIGN KEY" in lab.fault("esPackages.AddPackage", "serveradmin", **sent)
    assert "FOREIGN KEY" in lab.fault("esPackages.AddPackage", **sent | {"userId": 4711, "planId": 2})
    assert lab.value("SELECT count(*) FROM packages") == before


@checks("add_package.parent_rights", SP, SP2)
def test_1x_3_3_a_foreign_plan_makes_no_space_by_either_call(lab: Lab) -> None:
    before = lab.value("SELECT count(*) FROM packages")
    sent: dict[str, Any] = {"userId": MUELLER, "planId": 4, "statusId": 1}
    assert lab.fault("esPackages.AddPackage", packageName="S", purchaseDate=DAY, **sent).endswith(PACKAGE)
    assert lab.fault("esPackages.AddPackageWithResources", spaceName="S", **sent).endswith(PACKAGE)
    assert lab.value("SELECT count(*) FROM packages") == before


# -- the switches of appendix C ------------------------------------------------------------------------------------------------


@checks("defect.identity_lost", EF, defects=[Defect.IDENTITY_LOST])
def test_c_17_where_the_identity_is_lost_a_customer_writes_as_the_supervisor(lab: Lab) -> None:
    assert lab.value("SELECT role_id FROM users WHERE user_id = ?", lab.add_user("neu", 1, "mueller", RoleId=1)) == 1


@checks("defect.deleteuser_ends_process", SP, SP2, EF)
def test_c_17_deleting_an_unknown_user_ends_the_process(lab: Lab) -> None:
    assert lab.call("esUsers.DeleteUser", "serveradmin", userId=4711) == 0
    assert lab.panel.is_down()


@checks("defect.getuserparents_loops", SP, loop_seconds=0.0)
def test_c_17_the_parents_of_somebody_not_below_end_in_the_time_out(lab: Lab) -> None:
    for number in (DARKWEB, FINSTER, 1):
        assert "Timeout expired." in lab.fault("esUsers.GetUserParents", userId=number)


@checks("defect.peer_getusers_reversed", EF)
def test_c_17_by_ef_a_peer_lists_its_resellers_tree_by_its_own_id_only(lab: Lab) -> None:
    assert lab.call("esUsers.GetUsers", "kollege", ownerId=BRIGHTWEB, recursive=True) == []


@checks("defect.db_locked", EF, defects=[Defect.DB_LOCKED])
def test_c_17_parallel_writes_fault_where_the_database_locks(lab: Lab) -> None:
    faults: list[str] = []
    started = threading.Barrier(8)

    def add(name: str) -> None:
        started.wait()
        for number in range(6):
            try:
                lab.add_user(f"{name}{number}")
            except Exception as error:
                faults.append(str(error))

    threads = [threading.Thread(target=add, args=(name,)) for name in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(faults) == {"SQLite Error 5: 'database is locked'."}


@checks("defect.leaf_usage_zero", EF)
def test_c_17_by_ef_a_spaces_own_usage_counts_0(lab: Lab) -> None:
    lab.write("INSERT INTO domains (package_id, domain_name, domain_key) VALUES (4, 'a.example', 'a.example')")
    used = [
        lab.call("esPackages.GetPackageQuota", packageId=number, quotaName="OS.Domains")["QuotaUsedValue"] for number in (4, 2)
    ]
    assert used == [0, 1]


def test_1x_2_the_first_reseller_plan_and_space_of_a_fresh_panel_have_the_ids_2_1_2() -> None:
    with Lab(SP, world="administrator: {password: Admin-Pw1!}\n") as lab:
        lab.write("INSERT INTO servers (server_name, virtual_server) VALUES ('web01', 1)")
        as_ = "serveradmin"
        reseller = lab.add_user("brightweb", 1, as_, RoleId=2)
        plan = plan_record(lab, "Reseller L", quotas={}, UserId=1, PackageId=1, ServerId=1)
        number = lab.call("esPackages.AddHostingPlan", as_, plan=plan)
        sent = {"userId": reseller, "planId": number, "packageName": "S", "statusId": 1, "purchaseDate": DAY}
        space = lab.call("esPackages.AddPackage", as_, parameters=sent)["Result"]
        assert (reseller, number, space) == (2, 1, 2)

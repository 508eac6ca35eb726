"""Making and changing users: contract 2.2 (writes), 3.4, 6.1, 6.2; in the order of the panel's checks."""

from __future__ import annotations

from typing import Any

import pytest

from resellerplan.simpanel.flavours import FLAVOURS
from resellerplan.simpanel.logins import Unauthenticated
from tests.contract.lab import EF, PASSWORD, SP, SP2, Lab, checks

BRIGHTWEB, DARKWEB, MUELLER, SCHMIDT, FINSTER, KOLLEGE = 2, 3, 4, 5, 6, 7


def stored(lab: Lab, user_id: int, column: str) -> Any:
    return lab.value(f"SELECT {column} FROM users WHERE user_id = ?", user_id)


def make_demo(lab: Lab, username: str = "mueller") -> None:
    lab.write("UPDATE users SET is_demo = 1 WHERE username = ?", username)


def update(lab: Lab, user_id: int, as_: str = "brightweb", **members: Any) -> Any:
    return lab.call("esUsers.UpdateUser", as_, user=lab.user("ignored", UserId=user_id, **members))


# -- AddUser ------------------------------------------------------------------------------------------------------------------


@checks("add_user.demo", EF, SP)
def test_2_2_1_a_demo_caller_makes_no_users(lab: Lab) -> None:
    make_demo(lab)
    assert lab.add_user("neu", MUELLER, "mueller") == -106


@checks("add_user.name_given", EF, SP)
def test_2_2_2_a_user_needs_a_name(lab: Lab) -> None:
    assert lab.add_user("") == -111
    assert lab.add_user(None) == -111


@checks("add_user.name_characters", EF, SP)
def test_2_2_2_nine_characters_are_not_allowed_in_a_name(lab: Lab) -> None:
    assert [lab.add_user(f"a{character}b") for character in '\\/:*?<>|"'] == [-111] * 9
    assert lab.add_user("mit leer.und@punkt ü") > 0


@checks("add_user.name_taken", EF, SP)
def test_2_2_3_a_name_that_anybody_has_is_taken(lab: Lab) -> None:
    assert lab.add_user("mueller") == -100
    assert lab.add_user("finster") == -100
    # Refused before the task begins: it leaves no record.
    assert lab.value("SELECT count(*) FROM audit_log WHERE task_name = 'ADD'") == 0


def test_6_1_a_name_in_another_case_is_free_on_sqlite_and_taken_on_sql_server() -> None:
    with Lab(EF) as lab:
        assert lab.add_user("MUELLER") > 0
    for name in (SP, SP2):
        with Lab(name) as lab:
            assert lab.add_user("MUELLER") == -100
            assert lab.add_user("müller") > 0


@checks("add_user.administrator_demoted", EF, SP)
def test_2_2_4_a_reseller_makes_no_administrators(lab: Lab) -> None:
    assert stored(lab, lab.add_user("neu", RoleId=1), "role_id") == 3


def test_2_2_4_an_administrator_makes_administrators() -> None:
    with Lab() as lab:
        assert stored(lab, lab.add_user("root2", 1, "serveradmin", RoleId=1), "role_id") == 1


@checks("add_user.no_ecommerce_for_users", EF, SP)
def test_2_2_4_an_ordinary_user_has_no_ecommerce(lab: Lab) -> None:
    assert stored(lab, lab.add_user("neu", EcommerceEnabled=True), "ecommerce_enabled") == 0
    assert stored(lab, lab.add_user("unter", RoleId=2, EcommerceEnabled=True), "ecommerce_enabled") == 1


@checks("add_user.name_trimmed", EF, SP)
def test_2_2_5_a_name_is_stored_without_the_blanks_around_it(lab: Lab) -> None:
    assert stored(lab, lab.add_user("  neu\t"), "username") == "neu"


@checks("add_user.trimmed_name_taken", EF, SP)
def test_2_2_5_a_name_that_exists_once_trimmed_is_taken_even_without_rights(lab: Lab) -> None:
    assert lab.add_user(" mueller") == -100
    assert lab.add_user(" mueller", owner=DARKWEB) == -100


def test_6_1_a_name_of_blanks_makes_a_user_without_a_name() -> None:
    with Lab(SP) as lab:
        assert stored(lab, lab.add_user("   "), "username") == ""


@checks("add_user.rights", EF, SP)
def test_2_2_5_an_owner_out_of_reach_is_minus_2(lab: Lab) -> None:
    assert [lab.add_user("neu", owner) for owner in (DARKWEB, FINSTER, 1, 0, 4711)] == [-2] * 5


@checks("add_user.taken_before_rights", EF, SP)
def test_2_2_5_a_taken_name_comes_before_the_rights(lab: Lab) -> None:
    assert lab.add_user("finster", owner=DARKWEB) == -100


def test_5_2_who_may_make_users_under_whom() -> None:
    for name in (EF, SP):
        with Lab(name) as lab:
            assert lab.add_user("unter.kunde", MUELLER) > 0
            assert lab.add_user("unter.sich", MUELLER, "mueller") > 0
            assert lab.add_user("unter.reseller", BRIGHTWEB, "mueller") == -2
            assert lab.add_user("unter.chef", BRIGHTWEB, "kollege") > 0
            assert lab.add_user("unter.kollege", KOLLEGE, "kollege") > 0


@checks("add_user.user_given", EF, SP)
def test_2_2_a_null_user_is_a_null_reference_fault(lab: Lab) -> None:
    assert lab.fault("esUsers.AddUser", user=None).startswith("Object reference not set")


@checks("add_user.letter_only_if_enabled", EF, SP)
def test_2_2_7_the_account_letter_goes_out_only_where_it_is_enabled(lab: Lab) -> None:
    given = {"user": lab.user("neu", Email="n@neu.example"), "sendLetter": True, "password": PASSWORD}
    lab.write("UPDATE user_settings SET property_value = '' WHERE property_name = 'CC'")
    assert lab.call("esUsers.AddUser", parameters=given) > 0
    assert lab.rows("SELECT * FROM outbox") == []


def test_2_2_7_an_enabled_account_letter_goes_out_with_the_password_and_its_errors_are_swallowed() -> None:
    with Lab() as lab:
        lab.write("UPDATE user_settings SET property_value = '' WHERE property_name = 'CC'")
        lab.write("UPDATE user_settings SET property_value = 'True' WHERE property_name = 'EnableLetter'")
        for name, mail in (("neu", "n@neu.example"), ("ohne", "")):
            given = {"user": lab.user(name, Email=mail), "sendLetter": True, "password": PASSWORD}
            assert lab.call("esUsers.AddUser", parameters=given) > 0
        letters = lab.rows("SELECT recipient, body FROM outbox")
        assert [row["recipient"] for row in letters] == ["n@neu.example"]
        assert PASSWORD in letters[0]["body"]


@checks("add_user.notes", EF, SP)
def test_2_2_8_notes_become_comment_records(lab: Lab) -> None:
    number = lab.call("esUsers.AddUser", parameters={"user": lab.user("neu"), "password": PASSWORD, "notes": ["eins", "zwei"]})
    found = lab.rows("SELECT comment_text, user_id, severity_id FROM comments WHERE item_id = ? ORDER BY comment_id", number)
    assert [tuple(row) for row in found] == [("eins", BRIGHTWEB, 1), ("zwei", BRIGHTWEB, 1)]


def test_2_2_a_null_password_logs_nobody_in_and_status_and_role_0_are_taken() -> None:
    with Lab(SP) as lab:
        number = lab.call("esUsers.AddUser", parameters={"user": lab.user("neu", RoleId=0, StatusId=0), "password": None})
        assert (stored(lab, number, "password"), stored(lab, number, "role_id"), stored(lab, number, "status_id")) == (None, 0, 0)
        with pytest.raises(Unauthenticated):
            lab.call("esUsers.UserExists", "neu", "", username="x")


def test_6_3_a_refused_user_uses_no_number() -> None:
    for name in (EF, SP):
        with Lab(name) as lab:
            before = lab.add_user("a")
            assert [lab.add_user("a"), lab.add_user("b/c"), lab.add_user("d", DARKWEB)] == [-100, -111, -2]
            assert lab.add_user("e") == before + 1


def test_2_2_the_literal_form_takes_single_values() -> None:
    with Lab() as lab:
        number = lab.call(
            "esUsers.AddUserLiteral",
            ownerId=BRIGHTWEB,
            roleId=3,
            statusId=1,
            username="lit",
            password="x",
            city="Ort",
            htmlMail=True,
        )
        assert (stored(lab, number, "city"), stored(lab, number, "html_mail"), stored(lab, number, "comments")) == ("Ort", 1, None)


@checks("users.lengths_cut", SP, SP2)
def test_3_4_texts_are_cut_silently_on_sql_server(lab: Lab) -> None:
    number = lab.add_user("n" * 60, FirstName="f" * 60, Address="a" * 300, Zip="1" * 30, SubscriberNumber="s" * 40)
    columns = ("username", "first_name", "address", "zip", "subscriber_number")
    assert [len(stored(lab, number, column)) for column in columns] == [50, 50, 200, 20, 32]
    assert lab.add_user("n" * 50 + "other") == -100


def test_3_4_sqlite_cuts_nothing() -> None:
    with Lab(EF) as lab:
        number = lab.add_user("n" * 60, FirstName="f" * 60, InstantMessenger="m" * 150)
        assert (len(stored(lab, number, "username")), len(stored(lab, number, "first_name"))) == (60, 60)


@checks("users.messenger_too_long", SP)
def test_3_4_a_messenger_of_more_than_100_characters_is_a_fault_and_no_user(lab: Lab) -> None:
    given = {"user": lab.user("neu", InstantMessenger="m" * 101), "password": PASSWORD}
    assert "would be truncated" in lab.fault("esUsers.AddUser", parameters=given)
    assert lab.value("SELECT count(*) FROM users WHERE username = 'neu'") == 0


@checks("users.phones_code_page", SP)
def test_3_4_phones_keep_what_code_page_1252_has(lab: Lab) -> None:
    assert stored(lab, lab.add_user("neu", PrimaryPhone="ü Ω"), "primary_phone") == "ü ?"


@checks("users.password_cut", SP)
def test_2_2_a_password_of_more_than_71_characters_logs_nobody_in(lab: Lab) -> None:
    assert lab.call("esUsers.ChangeUserPassword", userId=MUELLER, password="p" * 72) == 0
    assert lab.call("esAuthentication.AuthenticateUser", None, username="mueller", password="p" * 72) == -110
    assert lab.call("esUsers.ChangeUserPassword", userId=MUELLER, password="p" * 71) == 0
    assert lab.call("esAuthentication.AuthenticateUser", None, username="mueller", password="p" * 71) == 0


# -- UpdateUser -----------------------------------------------------------------------------------------------------------------


@checks("update_user.demo", EF, SP)
def test_2_2_1_a_demo_caller_updates_nobody(lab: Lab) -> None:
    make_demo(lab)
    assert update(lab, MUELLER, "mueller", FirstName="x") == -106


@checks("update_user.visible", EF, SP)
def test_2_2_2_updating_an_invisible_user_is_a_null_reference_in_the_task(lab: Lab) -> None:
    for number in (FINSTER, 4711):
        text = lab.fault("esUsers.UpdateUser", user=lab.user("x", UserId=number))
        assert text.startswith("Error executing 'UPDATE' task on 'x' USER ---> Object reference not set")


@checks("update_user.reseller_with_children", SP, SP2)
def test_2_2_3_a_reseller_with_users_stays_a_reseller(lab: Lab) -> None:
    assert update(lab, BRIGHTWEB, "serveradmin", RoleId=3) == -102


def test_7_4_2_by_ef_a_reseller_with_users_can_be_made_a_user() -> None:
    with Lab(EF) as lab:
        assert update(lab, BRIGHTWEB, "serveradmin", RoleId=3) == 0
        assert stored(lab, BRIGHTWEB, "role_id") == 3


@checks("update_user.administrator_demoted", EF, SP)
def test_2_2_4_a_reseller_updates_nobody_to_administrator(lab: Lab) -> None:
    assert update(lab, MUELLER, RoleId=1) == 0
    assert stored(lab, MUELLER, "role_id") == 3


@checks("update_user.silent_without_rights", EF, SP)
def test_2_2_5_a_visible_user_out_of_reach_answers_0_and_stays(lab: Lab) -> None:
    assert update(lab, 1, FirstName="x") == 0
    if lab.panel.flavour.logic == "sp":
        assert update(lab, BRIGHTWEB, "kollege", FirstName="x", RoleId=2) == 0
    assert (stored(lab, 1, "first_name"), stored(lab, BRIGHTWEB, "first_name")) == ("Enterprise", "Bert")


@checks("update_user.overwrites_with_null", EF, SP)
def test_2_2_5_an_update_overwrites_everything_null_included(lab: Lab) -> None:
    lab.write("UPDATE users SET additional_params = 'x', comments = 'c' WHERE user_id = 4")
    assert update(lab, MUELLER, FirstName="Neu") == 0
    columns = ("first_name", "last_name", "city", "comments", "additional_params", "username", "owner_id")
    assert [stored(lab, MUELLER, column) for column in columns] == ["Neu", None, None, None, None, "mueller", BRIGHTWEB]


@checks("update_user.counter_reset", EF, SP)
def test_2_2_5_login_status_0_resets_the_failed_log_ins(lab: Lab) -> None:
    lab.write("UPDATE users SET failed_logins = 3, login_status_id = 2 WHERE user_id = 4")
    assert update(lab, MUELLER, LoginStatusId=0) == 0
    assert (stored(lab, MUELLER, "failed_logins"), stored(lab, MUELLER, "login_status_id")) == (0, 0)


def test_2_2_an_update_moves_changed_and_does_not_cascade() -> None:
    with Lab(SP) as lab:
        before = stored(lab, MUELLER, "changed")
        assert update(lab, MUELLER, StatusId=2) == 0
        assert stored(lab, MUELLER, "changed") > before
        assert lab.value("SELECT status_id FROM packages WHERE user_id = 4") == 1


def test_2_2_a_customer_may_make_itself_a_reseller() -> None:
    with Lab(SP) as lab:
        assert update(lab, MUELLER, "mueller", RoleId=2) == 0
        assert stored(lab, MUELLER, "role_id") == 2


def test_2_2_the_literal_update_wipes_what_it_has_no_parameter_for() -> None:
    with Lab(SP) as lab:
        lab.write("UPDATE users SET comments = 'c', subscriber_number = 's', login_status_id = 1 WHERE user_id = 4")
        assert lab.call("esUsers.UpdateUserLiteral", userId=MUELLER, roleId=3, statusId=1, firstName="L") == 0
        columns = ("first_name", "comments", "subscriber_number", "login_status_id")
        assert [stored(lab, MUELLER, column) for column in columns] == ["L", None, None, 0]


def test_2_2_the_asynchronous_update_answers_0_whatever_becomes_of_it() -> None:
    with Lab(SP) as lab:
        for number in (MUELLER, FINSTER):
            given = lab.user("x", UserId=number, FirstName="Spät")
            assert lab.call("esUsers.UpdateUserTaskAsynchronously", taskId="t", user=given) == 0
        assert (stored(lab, MUELLER, "first_name"), stored(lab, FINSTER, "first_name")) == ("Spät", "Fritz")


# -- passwords ------------------------------------------------------------------------------------------------------------------


@checks("change_password.demo", EF, SP)
def test_2_2_a_demo_caller_changes_no_password(lab: Lab) -> None:
    make_demo(lab)
    assert lab.call("esUsers.ChangeUserPassword", "mueller", userId=MUELLER, password="x") == -106


@checks("change_password.unknown", EF, SP)
def test_2_2_the_password_of_an_unknown_user_is_a_null_reference(lab: Lab) -> None:
    assert lab.fault("esUsers.ChangeUserPassword", userId=4711, password="x").startswith("Object reference not set")


@checks("change_password.silent_without_rights", EF, SP)
def test_2_2_the_password_of_a_foreign_user_answers_0_and_stays(lab: Lab) -> None:
    assert lab.call("esUsers.ChangeUserPassword", userId=FINSTER, password="gekapert") == 0
    assert lab.call("esAuthentication.AuthenticateUser", None, username="finster", password=PASSWORD) == 0


def test_1_7_1_on_1x_the_old_password_is_refused_at_once() -> None:
    with Lab(SP) as lab:
        lab.call("esUsers.UserExists", "mueller", username="x")
        lab.call("esUsers.ChangeUserPassword", userId=MUELLER, password="neu")
        with pytest.raises(Unauthenticated):
            lab.call("esUsers.UserExists", "mueller", username="x")


def test_1_7_3_on_2x_the_old_password_is_honoured_for_three_seconds() -> None:
    now = [100.0]
    with Lab(EF, ticks=lambda: now[0]) as lab:
        lab.call("esUsers.UserExists", "mueller", username="x")
        now[0] += 20
        lab.call("esUsers.ChangeUserPassword", userId=MUELLER, password="neu")
        assert lab.call("esUsers.UserExists", "mueller", username="x") is False
        now[0] += 3.3
        with pytest.raises(Unauthenticated):
            lab.call("esUsers.UserExists", "mueller", username="x")
        assert lab.call("esUsers.UserExists", "mueller", "neu", username="x") is False


def test_1_7_3_a_refused_log_in_drops_the_remembered_password() -> None:
    with Lab(EF) as lab:
        lab.call("esUsers.UserExists", "mueller", username="x")
        lab.call("esUsers.ChangeUserPassword", userId=MUELLER, password="neu")
        with pytest.raises(Unauthenticated):
            lab.call("esUsers.UserExists", "mueller", "falsch", username="x")
        with pytest.raises(Unauthenticated):
            lab.call("esUsers.UserExists", "mueller", username="x")


# -- all flavours -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(FLAVOURS))
def test_every_flavour_makes_reads_changes_and_deletes_a_user(name: str) -> None:
    with Lab(name) as lab:
        number = lab.add_user("neu", FirstName="N")
        assert lab.call("esUsers.GetUserById", userId=number)["FirstName"] == "N"
        assert update(lab, number, FirstName="M") == 0
        assert lab.call("esUsers.GetUserById", userId=number)["FirstName"] == "M"
        assert lab.call("esUsers.DeleteUser", userId=number) == 0
        assert lab.call("esUsers.GetUserById", userId=number) is None

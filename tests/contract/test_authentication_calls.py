"""esAuthentication: contract 2.1; log-ins of the other services: 1.7."""

from __future__ import annotations

from typing import Any

import pytest

from resellerplan.simpanel.crypt import sha1_form, sha256_form
from resellerplan.simpanel.flavours import Defect
from resellerplan.simpanel.logins import Unauthenticated
from tests.contract.lab import EF, PASSWORD, SP, Lab, checks

MUELLER = 4


def log_in(lab: Lab, password: str = PASSWORD, username: str = "mueller") -> Any:
    return lab.call("esAuthentication.AuthenticateUser", None, username=username, password=password, ip="")


def mark(lab: Lab, **columns: Any) -> None:
    for column, value in columns.items():
        lab.write(f"UPDATE users SET {column} = ? WHERE user_id = 4", value)


@checks("authenticate.unknown", EF, SP)
def test_2_1_1_an_unknown_name_is_minus_109(lab: Lab) -> None:
    assert log_in(lab, username="niemand") == -109


@checks("authenticate.disabled", EF, SP)
def test_2_1_2_a_disabled_log_in_is_minus_114_whatever_the_password(lab: Lab) -> None:
    mark(lab, login_status_id=1)
    assert [log_in(lab), log_in(lab, "falsch")] == [-114, -114]


@checks("authenticate.locked_out", EF, SP)
def test_2_1_3_a_locked_out_log_in_is_minus_115_whatever_the_password(lab: Lab) -> None:
    mark(lab, login_status_id=2)
    assert [log_in(lab), log_in(lab, "falsch")] == [-115, -115]


@checks("authenticate.wrong_password", EF, SP)
def test_2_1_5_a_wrong_password_is_minus_110(lab: Lab) -> None:
    assert [log_in(lab, "falsch"), log_in(lab, "")] == [-110, -110]


@checks("authenticate.lock_out", EF, SP)
def test_2_1_5_with_lock_out_number_2_the_third_wrong_password_locks(lab: Lab) -> None:
    policy = "True;6;20;0;1;0;True;2;0;;;False;False;0;"
    lab.write("UPDATE user_settings SET property_value = ? WHERE property_name = 'PasswordPolicy'", policy)
    assert [log_in(lab, "falsch") for _ in range(3)] == [-110] * 3
    assert log_in(lab) == -115
    user = lab.user("x", UserId=MUELLER, LoginStatusId=0)
    assert lab.call("esUsers.UpdateUser", user=user) == 0
    assert log_in(lab) == 0


@checks("authenticate.null_password", EF, SP)
def test_2_1_a_null_password_is_a_fault_in_the_task(lab: Lab) -> None:
    mark(lab, password=None)
    text = lab.fault("esAuthentication.AuthenticateUser", None, username="mueller", password="x")
    assert text.startswith("Error executing 'AUTHENTICATE' task on 'mueller' USER ---> ")


@checks("authenticate.one_time_password", EF, SP)
def test_2_1_6_a_one_time_password_answers_100_once(lab: Lab) -> None:
    mark(lab, one_time_password_state=1)
    assert [log_in(lab), log_in(lab), log_in(lab)] == [100, -116, -116]


def test_2_1_an_empty_stored_password_answers_100_on_2x_and_0_on_1x() -> None:
    for name, code in ((EF, 100), (SP, 0)):
        with Lab(name) as lab:
            lab.call("esUsers.ChangeUserPassword", userId=MUELLER, password="")
            assert log_in(lab, "") == code


@checks("authenticate.counter_reset", EF, SP)
def test_2_1_7_a_right_password_resets_the_counter(lab: Lab) -> None:
    mark(lab, failed_logins=2)
    assert log_in(lab) == 0
    assert lab.value("SELECT failed_logins FROM users WHERE user_id = 4") == 0


@checks("authenticate.cancelled", EF, SP)
def test_2_1_8_a_cancelled_account_is_minus_105(lab: Lab) -> None:
    mark(lab, status_id=3)
    assert log_in(lab) == -105


@checks("authenticate.pending", EF, SP)
def test_2_1_8_a_pending_account_is_minus_103_and_a_suspended_one_gets_in(lab: Lab) -> None:
    mark(lab, status_id=4)
    assert log_in(lab) == -103
    mark(lab, status_id=2)
    assert log_in(lab) == 0


@checks("authenticate.second_factor", EF, SP)
def test_2_1_9_a_second_factor_answers_101_and_mails_a_code(lab: Lab) -> None:
    lab.write("UPDATE user_settings SET property_value = '' WHERE property_name = 'CC'")
    mark(lab, mfa_mode=1)
    assert log_in(lab) == 101
    body = lab.value("SELECT body FROM outbox")
    pin = "".join(character for character in body.partition(": ")[2] if character.isdigit())[:6]
    assert lab.call("esAuthentication.ValidatePin", None, username="mueller", pin=pin) is True
    assert lab.call("esAuthentication.ValidatePin", None, username="mueller", pin="abcdef") is False


@checks("authenticate.sha1", EF, SP)
def test_1_7_2_the_password_is_taken_as_sha1_too(lab: Lab) -> None:
    assert log_in(lab, sha1_form(PASSWORD)) == 0


def test_1_7_the_forms_of_a_password_that_each_panel_takes() -> None:
    for name, forms in ((EF, (True, True, True)), (SP, (True, True, False)), ("websitepanel-2.1", (True, False, False))):
        with Lab(name) as lab:
            found = []
            for sent in (PASSWORD, sha1_form(PASSWORD), sha256_form(PASSWORD)):
                try:
                    lab.call("esUsers.UserExists", "mueller", sent, username="x")
                    found.append(True)
                except Unauthenticated:
                    found.append(False)
            assert tuple(found) == forms, name


def test_1_7_neither_status_nor_log_in_status_stops_a_call() -> None:
    for name in (EF, SP):
        with Lab(name) as lab:
            mark(lab, status_id=3, login_status_id=2)
            assert lab.call("esUsers.UserExists", "mueller", username="mueller") is True


def test_1_7_3_an_empty_password_is_no_password_on_2x() -> None:
    for name, allowed in ((EF, False), (SP, True)):
        with Lab(name) as lab:
            lab.call("esUsers.ChangeUserPassword", userId=MUELLER, password="")
            if allowed:
                lab.panel.authenticate(lab.credentials("mueller", ""))
                continue
            with pytest.raises(Unauthenticated):
                lab.panel.authenticate(lab.credentials("mueller", ""))


def test_1_7_calls_need_credentials_but_for_authentication_and_the_test_service() -> None:
    for name in (EF, SP):
        with Lab(name) as lab:
            with pytest.raises(Unauthenticated):
                lab.call("esUsers.UserExists", None, username="x")
            assert lab.call("esAuthentication.GetSystemSetupMode", None) is False
    with Lab(EF) as lab:
        assert lab.call("esTest.Echo", None, msg="ü") == "ü"


def test_7_6_1_where_the_identity_is_lost_everybody_is_the_supervisor() -> None:
    with Lab(EF, defects=[Defect.IDENTITY_LOST]) as lab:
        assert lab.call("esSystem.GetSystemSettings", "mueller", settingsName="SmtpSettings")["SettingsArray"]
        assert lab.value("SELECT role_id FROM users WHERE user_id = ?", lab.add_user("neu", 1, "mueller", RoleId=1)) == 1
        with pytest.raises(Unauthenticated):
            lab.call("esUsers.UserExists", "mueller", "falsch", username="x")


@checks("change_password_by_name.pair", EF, SP)
def test_2_1_a_wrong_pair_changes_no_password(lab: Lab) -> None:
    change = "esAuthentication.ChangeUserPasswordByUsername"
    assert lab.call(change, None, username="mueller", oldPassword="falsch", newPassword="neu") == -101
    assert lab.call(change, None, username="mueller", oldPassword=PASSWORD, newPassword="neu") == 0
    assert log_in(lab, "neu") == 0


@checks("user_by_password.no_status_checks", EF, SP)
def test_2_1_get_user_by_password_looks_at_no_status(lab: Lab) -> None:
    mark(lab, status_id=3)
    found = lab.call("esAuthentication.GetUserByUsernamePassword", None, username="mueller", password=PASSWORD)
    assert (found["UserId"], found["City"]) == (MUELLER, "Ulm")
    assert lab.call("esAuthentication.GetUserByUsernamePassword", None, username="mueller", password="falsch") is None


@checks("user_by_password.whole_seconds", EF)
def test_2_1_get_user_by_password_cuts_times_to_whole_seconds(lab: Lab) -> None:
    found = lab.call("esAuthentication.GetUserByUsernamePassword", None, username="mueller", password=PASSWORD)
    assert found["Created"].microsecond == found["Changed"].microsecond == 0
    assert lab.call("esUsers.GetUserById", userId=MUELLER)["Created"].microsecond != 0


def test_2_1_a_reminder_goes_to_known_users_and_says_nothing_of_others() -> None:
    with Lab() as lab:
        lab.write("UPDATE user_settings SET property_value = '' WHERE property_name = 'CC'")
        assert lab.call("esAuthentication.SendPasswordReminder", None, username="niemand") == 0
        assert lab.call("esAuthentication.SendPasswordReminder", None, username="mueller") == 0
        assert [row[0] for row in lab.rows("SELECT recipient FROM outbox")] == ["petra@mueller.example"]
        lab.write("DELETE FROM user_settings WHERE settings_name = 'PasswordReminderLetter'")
        assert lab.call("esAuthentication.SendPasswordReminder", None, username="mueller") == -202


def test_2_1_set_up_mode_lasts_until_the_administrator_has_a_password() -> None:
    with Lab() as lab:
        lab.write("UPDATE users SET password = NULL WHERE user_id = 1")
        assert lab.call("esAuthentication.GetSystemSetupMode", None) is True
        # A fresh installation has no account ``admin``: the administrator has the password, and the call does not succeed.
        assert lab.call("esAuthentication.SetupControlPanelAccounts", None, passwordA="neu", passwordB="neu") == -999
        assert lab.call("esAuthentication.GetSystemSetupMode", None) is False

"""Log-ins by method call in the cases that were not recorded: contract 2.1, 2.6, 6.5; letters' senders and priorities, 2.4."""

from __future__ import annotations

from typing import Any

import pytest

from resellerplan.simpanel.logins import Unauthenticated
from tests.contract.lab import EF, PASSWORD, SP, SP2, Lab, checks

MUELLER = 4
EVERY = (EF, SP, SP2)
TASKS = ("AUTHENTICATE", "GET_BY_USERNAME_PASSWORD", "CHANGE_PASSWORD_BY_USERNAME_PASSWORD", "SEND_REMINDER")


def log_in(lab: Lab, password: str = PASSWORD, username: str = "mueller") -> Any:
    return lab.call("esAuthentication.AuthenticateUser", None, username=username, password=password, ip="198.51.100.7")


def mark(lab: Lab, **columns: Any) -> None:
    for column, value in columns.items():
        lab.write(f"UPDATE users SET {column} = ? WHERE user_id = 4", value)


def told(lab: Lab, task: str) -> list[tuple[int, list[str]]]:
    """Severity and texts of the records of a task, oldest first."""
    lab.panel.flush_records()
    rows = lab.rows("SELECT severity_id, execution_log, user_id FROM audit_log WHERE task_name = ? ORDER BY record_number", task)
    assert all(row["user_id"] is None for row in rows)
    return [(row[0], [part.partition("</text>")[0] for part in row[1].split("<text>")[1:]]) for row in rows]


def policy(lab: Lab, number: str) -> None:
    text = f"True;6;20;0;1;0;True;{number};0;;;False;False;0;"
    lab.write("UPDATE user_settings SET property_value = ? WHERE property_name = 'PasswordPolicy'", text)


# -- AuthenticateUser ------------------------------------------------------------------------------------------------------


@checks("authenticate.expired_one_time_password", *EVERY)
def test_2_1_6_a_one_time_password_that_was_used_is_minus_116_until_it_is_changed(lab: Lab) -> None:
    mark(lab, one_time_password_state=1)
    assert [log_in(lab), log_in(lab), log_in(lab, "falsch")] == [100, -116, -110]
    assert lab.call("esUsers.ChangeUserPassword", userId=MUELLER, password=PASSWORD) == 0
    assert log_in(lab) == 0


@checks("change_password_by_name.resets_state", *EVERY)
def test_2_1_a_password_changed_by_name_is_no_one_time_password(lab: Lab) -> None:
    mark(lab, one_time_password_state=2)
    given = {"username": "mueller", "oldPassword": PASSWORD, "newPassword": "Neu-Pw1!", "ip": ""}
    assert lab.call("esAuthentication.ChangeUserPasswordByUsername", None, parameters=given) == 0
    assert log_in(lab, "Neu-Pw1!") == 0


def test_2_1_4_the_lock_out_number_0_locks_at_the_first_wrong_password_that_is_counted() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            policy(lab, "0")
            assert log_in(lab) == 0
            assert [log_in(lab, "falsch"), log_in(lab)] == [-110, -115], name


def test_2_1_4_a_counter_never_written_counts_one_before_it_locks() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            policy(lab, "0")
            mark(lab, failed_logins=None)
            assert [log_in(lab, "falsch"), log_in(lab, "falsch"), log_in(lab)] == [-110, -110, -115], name


def test_2_1_4_what_is_no_number_of_attempts_locks_nobody_out() -> None:
    for word in ("", "x", "-1", "2.5"):
        with Lab(SP) as lab:
            policy(lab, word)
            assert [log_in(lab, "falsch") for _ in range(4)] == [-110] * 4
            assert log_in(lab) == 0


@checks("authenticate.told_in_the_log", *EVERY)
def test_6_5_the_record_of_a_log_in_tells_address_and_reason(lab: Lab) -> None:
    address = "IP: 198.51.100.7"
    log_in(lab)
    log_in(lab, "falsch")
    log_in(lab, username="niemand")
    mark(lab, status_id=4)
    log_in(lab)
    mark(lab, login_status_id=1)
    log_in(lab)
    assert told(lab, "AUTHENTICATE") == [
        (0, [address]),
        (1, [address, "Wrong password"]),
        (1, [address, "Wrong username"]),
        (1, [address, "Account pending"]),
        (1, [address, "User disabled"]),
    ]


def test_2_1_who_asks_by_name_and_password_is_recorded_too() -> None:
    for name, wrong in ((EF, [(0, ["IP: 1"])]), (SP, [])):
        with Lab(name) as lab:
            for username, password in (("mueller", PASSWORD), ("mueller", "falsch"), ("niemand", "x")):
                lab.call("esAuthentication.GetUserByUsernamePassword", None, username=username, password=password, ip="1")
            expected = [(0, ["IP: 1"]), *wrong, (1, ["IP: 1", "Account not found"])]
            assert told(lab, "GET_BY_USERNAME_PASSWORD") == expected


@checks("log_in.unknown_recorded", SP)
def test_6_5_on_1x_an_unknown_name_at_the_door_leaves_a_warning(lab: Lab) -> None:
    for username, password in (("niemand", "x"), ("mueller", "falsch")):
        with pytest.raises(Unauthenticated):
            lab.panel.authenticate(lab.credentials(username, password), "198.51.100.7")
    assert told(lab, "GET_BY_USERNAME_PASSWORD") == [(1, ["IP: 198.51.100.7", "Account not found"])]


# -- reminders, codes, set-up ----------------------------------------------------------------------------------------------


@checks("send_password_reminder.one_time_password", *EVERY)
def test_2_1_a_reminder_gives_a_new_password_that_works_once(lab: Lab) -> None:
    lab.write("UPDATE user_settings SET property_value = '#user.Password#' WHERE property_name LIKE '%Body'")
    assert lab.call("esAuthentication.SendPasswordReminder", None, username="mueller") == 0
    body = lab.value("SELECT body FROM outbox")
    assert len(body) == 20
    assert log_in(lab) == -110
    assert [log_in(lab, body), log_in(lab, body)] == [100, -116]


def test_2_1_a_reminder_that_can_not_be_mailed_is_0_all_the_same() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            mark(lab, email="")
            assert lab.call("esAuthentication.SendPasswordReminder", None, username="mueller") == 0
            assert lab.rows("SELECT 1 FROM outbox") == []
            assert lab.call("esAuthentication.SendPasswordReminder", None, username="niemand", ip="9") == 0
            assert told(lab, "SEND_REMINDER") == [(0, ["IP: "]), (1, ["IP: 9", "Account not found"])]


def test_2_1_a_reminder_goes_to_the_letters_cc_and_not_to_the_users_second_address() -> None:
    with Lab(SP) as lab:
        mark(lab, secondary_email="zweite@mueller.example")
        assert lab.call("esAuthentication.SendPasswordReminder", None, username="mueller") == 0
        assert lab.value("SELECT bcc FROM outbox") == "support@HostingCompany.com"


def test_2_1_a_code_is_refused_by_a_number_of_its_own() -> None:
    for name in (EF, SP):
        with Lab(name) as lab:
            send = "esAuthentication.SendPin"
            assert lab.call(send, None, username="niemand") == 1
            assert lab.call(send, None, username="mueller") == 0
            mark(lab, mfa_mode=2)
            assert lab.call(send, None, username="mueller") == 2
            mark(lab, mfa_mode=1)
            lab.write("UPDATE user_settings SET property_value = ' ' WHERE settings_name = 'VerificationCodeLetter'")
            assert lab.call(send, None, username="mueller") == -202
            assert "Object reference" in lab.fault("esAuthentication.ValidatePin", None, username="niemand", pin="1")


@checks("setup_accounts.refused", *EVERY)
def test_2_1_a_panel_that_is_set_up_is_not_set_up_again(lab: Lab) -> None:
    given = {"passwordA": "a", "passwordB": "b", "ip": ""}
    assert lab.call("esAuthentication.SetupControlPanelAccounts", None, parameters=given) == -999
    assert lab.call("esSystem.GetSystemSettings", "serveradmin", settingsName="nichts") is not None


def test_2_1_set_up_gives_both_accounts_their_passwords_and_logs_none() -> None:
    with Lab(SP) as lab:
        lab.add_user("admin", 1, "serveradmin", RoleId=1)
        lab.write("UPDATE users SET password = NULL WHERE user_id = 1")
        given = {"passwordA": "Erst-Pw1!", "passwordB": "Zweit-Pw1!", "ip": ""}
        assert lab.call("esAuthentication.SetupControlPanelAccounts", None, parameters=given) == 0
        assert [log_in(lab, "Erst-Pw1!", "serveradmin"), log_in(lab, "Zweit-Pw1!", "admin")] == [0, 0]
        assert lab.rows("SELECT 1 FROM audit_log WHERE execution_log LIKE '%Pw1!%'") == []


def test_2_6_a_fresh_panel_has_the_theme_of_its_product() -> None:
    for name, product in ((EF, "FuseCP"), (SP2, "FuseCP"), (SP, "SolidCP")):
        with Lab(name) as lab:
            (row,) = lab.table(lab.call("esAuthentication.GetLoginThemes", None))
            assert row == {
                "themeid": 1,
                "displayname": f"{product} v1",
                "ltrname": "Default",
                "rtlname": "Default",
                "displayorder": 1,
            }
            assert lab.table(lab.call("esSystem.GetThemes")) == [row]
            assert lab.table(lab.call("esSystem.GetThemeSettings", ThemeID=1)) == []


# -- letters ---------------------------------------------------------------------------------------------------------------


def account_letter(lab: Lab, **properties: str | None) -> Any:
    lab.write("UPDATE user_settings SET property_value = '' WHERE property_name = 'CC'")
    for name, value in properties.items():
        lab.write("DELETE FROM user_settings WHERE settings_name = 'AccountSummaryLetter' AND property_name = ?", name)
        if value is not None:
            lab.write("INSERT INTO user_settings VALUES (1, 'AccountSummaryLetter', ?, ?)", name, value)
    return lab.call("esPackages.SendAccountSummaryLetter", userId=MUELLER)


@checks("letters.malformed_sender", *EVERY)
def test_2_4_a_letter_without_a_sender_is_minus_1921(lab: Lab) -> None:
    assert account_letter(lab, From=None) == -1921
    assert account_letter(lab, From="kein Absender") == -1921
    assert account_letter(lab, From="Haus <haus@hoster.example>") == 0


@checks("letters.unknown_priority", *EVERY)
def test_2_4_a_priority_that_is_none_is_a_fault(lab: Lab) -> None:
    letter = {"userId": MUELLER}
    assert account_letter(lab, Priority="high") == 0
    assert account_letter(lab, Priority="") == account_letter(lab, Priority=None) == account_letter(lab, Priority="1") == 0
    lab.write("REPLACE INTO user_settings VALUES (1, 'AccountSummaryLetter', 'Priority', 'Urgent')")
    assert lab.fault("esPackages.SendAccountSummaryLetter", parameters=letter) == "Requested value 'Urgent' was not found."

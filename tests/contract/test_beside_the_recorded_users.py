"""Settings, themes, VLANs, second factors and tasks where no recording reaches: contract 2.2, 2.6, 5.2-5.4."""

from __future__ import annotations

from typing import Any

from tests.contract.lab import EF, SP, SP2, Lab, checks

ADMIN, BRIGHTWEB, DARKWEB, MUELLER, SCHMIDT, FINSTER, KOLLEGE = range(1, 8)
EVERY = (EF, SP, SP2)


def settings(lab: Lab, *pairs: list[str | None], user: int = BRIGHTWEB, as_: str = "brightweb") -> Any:
    given = {"UserId": user, "SettingsName": "Ablage", "SettingsArray": list(pairs)}
    return lab.call("esUsers.UpdateUserSettings", as_, settings=given)


# -- settings, themes -------------------------------------------------------------------------------------------------


@checks("update_user_settings.null_is_empty", *EVERY)
def test_2_2_a_null_value_is_stored_as_an_empty_text(lab: Lab) -> None:
    assert settings(lab, ["a", None], [None, "b"]) == 0
    found = lab.call("esUsers.GetUserSettings", userId=MUELLER, settingsName="ablage")
    assert (found["UserId"], found["SettingsArray"]) == (BRIGHTWEB, [["", "b"], ["a", ""]])


def test_2_6_passwords_in_system_settings_are_told_to_the_administrator_alone() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            given = lab.record("SystemSettings", SettingsArray=[["SmtpPassword", "geheim"], ["SmtpServer", None]])
            assert lab.call("esSystem.SetSystemSettings", "serveradmin", settingsName="SmtpSettings", settings=given) == 0
            whole = lab.call("esSystem.GetSystemSettings", "serveradmin", settingsName="SmtpSettings")
            assert whole == {"SettingsArray": [["SmtpPassword", "geheim"], ["SmtpServer", ""]]}
            for decrypt in (True, False):
                for as_ in ("serveradmin", "mueller"):
                    found = lab.call("esSystem.GetSystemSettingsActive", as_, settingsName="SmtpSettings", decrypt=decrypt)
                    assert "geheim" not in str(found)
                    assert dict(found["SettingsArray"])["SmtpServer"] == ""


def test_2_6_system_settings_without_an_array_are_a_null_reference() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            given = lab.record("SystemSettings")
            for settings_ in (given, None):
                assert "Object reference" in lab.fault(
                    "esSystem.SetSystemSettings", "serveradmin", settingsName="X", settings=settings_
                )


@checks("set_use_entity_framework.sql_server_only", EF)
def test_2_6_off_sql_server_the_switch_of_logics_is_nothing(lab: Lab) -> None:
    for as_ in ("mueller", "serveradmin"):
        for wanted in (True, False):
            assert lab.call("esSystem.SetUseEntityFramework", as_, useEntityFramework=wanted) == 0
    assert lab.call("esSystem.GetUseEntityFramework") is True


@checks("user_theme_settings.rights", *EVERY)
def test_2_2_theme_settings_are_settings_of_users(lab: Lab) -> None:
    given = {"PropertyName": "Stil", "PropertyValue": "dunkel"}
    lab.call("esUsers.UpdateUserThemeSetting", parameters={"userId": BRIGHTWEB} | given)
    rows = lab.table(lab.call("esUsers.GetUserThemeSettings", "mueller", userId=MUELLER))
    assert rows == [{"userid": BRIGHTWEB, "propertyname": "Stil", "propertyvalue": "dunkel"}]
    assert lab.call("esUsers.GetUserSettings", userId=BRIGHTWEB, settingsName="Theme")["SettingsArray"] == [["Stil", "dunkel"]]
    account = "You are not allowed to access this account"
    assert lab.fault("esUsers.GetUserThemeSettings", userId=DARKWEB) == account
    assert lab.fault("esUsers.UpdateUserThemeSetting", "darkweb", parameters={"userId": BRIGHTWEB} | given) == account
    assert lab.fault("esUsers.DeleteUserThemeSetting", "darkweb", userId=BRIGHTWEB, PropertyName="Stil") == account
    # A stored procedure goes on.
    left = lab.value("SELECT count(*) FROM user_settings WHERE settings_name = 'Theme'")
    assert left == (1 if lab.panel.flavour.logic == "ef" else 0)


# -- users ------------------------------------------------------------------------------------------------------------


def test_2_2_an_update_of_no_user_fails_before_its_task() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            text = lab.fault("esUsers.UpdateUser", user=None)
            assert text == "Error executing task ---> Object reference not set to an instance of an object."
            lab.panel.flush_records()
            assert lab.rows("SELECT 1 FROM audit_log WHERE task_name = 'UPDATE'") == []


def test_2_2_the_record_of_a_literal_update_names_nobody() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            assert lab.call("esUsers.UpdateUserLiteral", userId=MUELLER, roleId=3, statusId=1) == 0
            text = lab.fault("esUsers.UpdateUserLiteral", userId=FINSTER, roleId=3, statusId=1)
            assert text.startswith("Error executing 'UPDATE' task on '' USER ---> ")
            rows = lab.rows("SELECT item_name, item_id FROM audit_log WHERE task_name = 'UPDATE'")
            assert [tuple(row) for row in rows] == [("", MUELLER), ("", FINSTER)]


def test_2_2_vlans_are_a_whole_update_of_the_user() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            vlan = lab.record("UserVlan", VLanID=7, Comment="c")
            lab.call("esUsers.AddUserVLan", userId=MUELLER, vLan=vlan)
            assert lab.value("SELECT additional_params FROM users WHERE user_id = 4") == "7 c"
            for user in (FINSTER, 4711):
                assert lab.fault("esUsers.AddUserVLan", userId=user, vLan=vlan) == f"User with UserID={user} not found"
                assert lab.fault("esUsers.DeleteUserVLan", userId=user, vLanId=7) == f"User with UserID={user} not found"
            lab.call("esUsers.AddUserVLan", "mueller", userId=BRIGHTWEB, vLan=vlan)
            lab.write("UPDATE users SET is_demo = 1 WHERE user_id = 2")
            lab.call("esUsers.DeleteUserVLan", userId=MUELLER, vLanId=7)
            values = lab.rows("SELECT additional_params FROM users WHERE user_id IN (2, 4) ORDER BY user_id")
            assert [row[0] for row in values] == [None, "7 c"]
            assert lab.value("SELECT count(*) FROM audit_log WHERE task_name = 'UPDATE'") == 3


# -- second factors ---------------------------------------------------------------------------------------------------


@checks("user_mfa.who_may", *EVERY)
def test_2_2_who_may_change_a_second_factor(lab: Lab) -> None:
    def may(as_: str) -> list[int]:
        return [number for number in range(1, 8) if lab.call("esUsers.CanUserChangeMfa", as_, changeUserId=number)]

    setting = "REPLACE INTO system_settings VALUES ('AuthenticationSettings', 'CanPeerChangeMfa', ?)"
    lab.write(setting, "False")
    assert may("serveradmin") == [1, 2, 3, 4, 5, 6, 7]
    assert may("brightweb") == [BRIGHTWEB, MUELLER, SCHMIDT, KOLLEGE]
    assert may("mueller") == [MUELLER]
    assert may("kollege") == [BRIGHTWEB, MUELLER, SCHMIDT]
    lab.write(setting, "True")
    assert may("kollege") == [BRIGHTWEB, MUELLER, SCHMIDT, KOLLEGE]


@checks("user_mfa.result_is_the_state", *EVERY)
def test_2_2_switching_a_second_factor_answers_whether_it_is_on(lab: Lab) -> None:
    def switch(username: str, activate: bool, as_: str = "brightweb") -> Any:
        return lab.call("esUsers.UpdateUserMfa", as_, username=username, activate=activate)

    assert [switch("mueller", True), switch("mueller", False)] == [True, False]
    assert [switch("finster", True), switch("brightweb", True, "kollege")] == [False, False]
    assert lab.value("SELECT sum(mfa_mode) FROM users") == 0
    assert "Object reference" in lab.fault("esUsers.UpdateUserMfa", username="niemand", activate=True)


@checks("user_mfa.on_first", *EVERY)
def test_2_2_there_is_no_qr_code_without_a_second_factor(lab: Lab) -> None:
    assert lab.call("esUsers.GetUserMfaQrCodeData", username="mueller") == []
    assert lab.call("esUsers.ActivateUserMfaQrCode", username="mueller", pin="000000") is False
    assert lab.call("esUsers.UpdateUserMfa", username="mueller", activate=True) is True
    key, address = lab.call("esUsers.GetUserMfaQrCodeData", username="mueller")
    assert key in address
    assert lab.call("esUsers.ActivateUserMfaQrCode", username="mueller", pin="abcdef") is False
    assert lab.call("esUsers.GetUserMfaQrCodeData", "darkweb", username="mueller") == []


# -- tasks ------------------------------------------------------------------------------------------------------------


@checks("user_tasks.rights", *EVERY, delay=30.0)
def test_2_6_the_tasks_of_ones_own_owner_are_seen_and_those_of_a_stranger_not(lab: Lab) -> None:
    def tasks(user: int, as_: str = "brightweb") -> list[str]:
        return [task["ItemName"] for task in lab.call("esTasks.GetUserTasks", as_, userId=user)]

    lab.call("esUsers.DeleteUser", userId=SCHMIDT)
    lab.call("esUsers.DeleteUser", "darkweb", userId=FINSTER)
    lab.call("esUsers.DeleteUser", "mueller", userId=MUELLER)
    assert tasks(ADMIN) == tasks(ADMIN, "serveradmin") == ["schmidt", "finster"]
    assert tasks(BRIGHTWEB) == tasks(BRIGHTWEB, "mueller") == ["mueller"]
    assert tasks(BRIGHTWEB, "darkweb") == []
    numbers = {as_: lab.call("esTasks.GetTasksNumber", as_) for as_ in ("serveradmin", "brightweb", "kollege", "mueller")}
    assert numbers == {"serveradmin": 3, "brightweb": 1, "kollege": 1, "mueller": 0}


def test_2_6_an_update_in_the_background_has_the_id_that_its_caller_chose() -> None:
    for name in EVERY:
        with Lab(name, delay=30.0) as lab:
            given = {"taskId": "meine-aufgabe", "user": lab.user("mueller", UserId=MUELLER)}
            assert lab.call("esUsers.UpdateUserTaskAsynchronously", parameters=given) == 0
            task = lab.call("esTasks.GetTask", taskId="meine-aufgabe")
            assert (task["Source"], task["TaskName"], task["ItemName"], task["ItemId"]) == ("USER", "UPDATE", "mueller", MUELLER)


@checks("stop_task.recorded", *EVERY, delay=30.0)
def test_2_6_a_stopped_task_leaves_a_warning(lab: Lab) -> None:
    lab.call("esUsers.DeleteUser", userId=SCHMIDT)
    (task,) = lab.call("esTasks.GetUserTasks", userId=ADMIN)
    lab.call("esTasks.StopTask", taskId=task["TaskId"])
    lab.call("esTasks.StopTask", taskId="niemals")
    rows = lab.rows("SELECT source_name, task_name, item_name, severity_id FROM audit_log WHERE task_name = 'DELETE'")
    assert [tuple(row) for row in rows] == [("USER", "DELETE", "schmidt", 1)]
    assert lab.call("esTasks.GetTask", taskId=task["TaskId"]) is None

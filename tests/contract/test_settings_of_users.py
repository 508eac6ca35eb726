"""Settings of users and of the panel: contract 2.2, 2.6, 3.4, 5.3, 6.3."""

from __future__ import annotations

from typing import Any

from resellerplan.simpanel.flavours import FLAVOURS
from tests.contract.lab import EF, SP, SP2, Lab, checks

BRIGHTWEB, DARKWEB, MUELLER = 2, 3, 4
OBJECT_REFERENCE = "Object reference not set"


def read(lab: Lab, user_id: int = BRIGHTWEB, name: str = "Marke", as_: str = "brightweb") -> dict[str, Any]:
    found = lab.call("esUsers.GetUserSettings", as_, userId=user_id, settingsName=name)
    assert isinstance(found, dict)
    return found


def settings(lab: Lab, pairs: list[list[str | None]] | None, user_id: int = BRIGHTWEB, name: str = "Marke") -> dict[str, Any]:
    return lab.record("UserSettings", UserId=user_id, SettingsName=name, SettingsArray=pairs)


def write(
    lab: Lab, pairs: list[list[str | None]] | None, user_id: int = BRIGHTWEB, name: str = "Marke", as_: str = "brightweb"
) -> Any:
    return lab.call("esUsers.UpdateUserSettings", as_, settings=settings(lab, pairs, user_id, name))


@checks("get_user_settings.rights", EF, SP)
def test_2_2_settings_of_somebody_out_of_reach_are_a_rights_fault(lab: Lab) -> None:
    for user in (DARKWEB, 1):
        text = lab.fault("esUsers.GetUserSettings", userId=user, settingsName="Marke")
        assert text == "You are not allowed to access this account"


@checks("get_user_settings.unset", EF, SP)
def test_2_2_a_set_that_nobody_has_is_a_null_array_under_the_asked_id(lab: Lab) -> None:
    assert read(lab) == {"UserId": BRIGHTWEB, "SettingsName": "Marke", "SettingsArray": None}


@checks("user_settings.inherited", EF, SP)
def test_2_2_a_set_is_inherited_from_the_owner_and_says_whose_it_is(lab: Lab) -> None:
    write(lab, [["b", "2"], ["A", "1"]])
    found = read(lab, MUELLER, "MARKE", "mueller")
    assert (found["UserId"], found["SettingsArray"]) == (BRIGHTWEB, [["A", "1"], ["b", "2"]])


@checks("update_user_settings.demo", EF, SP)
def test_5_1_a_demo_caller_writes_no_settings(lab: Lab) -> None:
    lab.write("UPDATE users SET is_demo = 1 WHERE user_id = 2")
    assert write(lab, [["a", "1"]]) == -106


@checks("update_user_settings.unknown", EF, SP)
def test_2_2_settings_of_an_unknown_user_are_a_fault(lab: Lab) -> None:
    assert OBJECT_REFERENCE in lab.fault("esUsers.UpdateUserSettings", settings=settings(lab, [["a", "1"]], 4711))


@checks("update_user_settings.rights", EF, SP, SP2)
def test_5_3_writing_foreign_settings_is_a_rights_fault_in_the_task(lab: Lab) -> None:
    text = lab.fault("esUsers.UpdateUserSettings", settings=settings(lab, [["a", "1"]], DARKWEB))
    assert text == "Error executing 'UPDATE_SETTINGS' task on 'darkweb' USER ---> You are not allowed to access this account"


def test_5_3_by_stored_procedure_foreign_settings_are_written_all_the_same() -> None:
    for name, count in ((SP, 1), (SP2, 1), (EF, 0)):
        with Lab(name) as lab:
            lab.fault("esUsers.UpdateUserSettings", settings=settings(lab, [["a", "1"]], DARKWEB))
            assert lab.value("SELECT count(*) FROM user_settings WHERE user_id = 3") == count


@checks("update_user_settings.whole_set", EF, SP)
def test_2_2_a_set_is_replaced_as_a_whole_and_an_empty_one_deletes_it(lab: Lab) -> None:
    write(lab, [["a", "1"], ["b", "2"]])
    write(lab, [["c", "3"]])
    assert read(lab)["SettingsArray"] == [["c", "3"]]
    write(lab, [])
    assert read(lab)["SettingsArray"] is None


@checks("update_user_settings.equal_keys", EF, SP, SP2)
def test_2_2_equal_keys_are_a_fault(lab: Lab) -> None:
    lab.fault("esUsers.UpdateUserSettings", settings=settings(lab, [["a", "1"], ["a", "2"]]))
    lab.fault("esUsers.UpdateUserSettings", settings=settings(lab, [["k", "1"], ["K", "2"]]))


def test_6_3_by_stored_procedure_the_former_set_is_gone_after_equal_keys() -> None:
    for name, left in ((SP, None), (EF, [["old", "1"]])):
        with Lab(name) as lab:
            write(lab, [["old", "1"]])
            lab.fault("esUsers.UpdateUserSettings", settings=settings(lab, [["k", "1"], ["K", "2"]]))
            assert read(lab)["SettingsArray"] == left


@checks("update_user_settings.pairs", EF, SP)
def test_2_2_a_pair_of_one_string_is_a_fault_and_the_set_is_kept(lab: Lab) -> None:
    write(lab, [["old", "1"]])
    text = lab.fault("esUsers.UpdateUserSettings", settings=settings(lab, [["new", "1"], ["alone"]]))
    assert text.endswith("Index was outside the bounds of the array.")
    assert read(lab)["SettingsArray"] == [["old", "1"]]


@checks("user_settings.names_cut", SP, SP2)
def test_3_4_names_of_properties_are_cut_at_50_on_sql_server(lab: Lab) -> None:
    write(lab, [["p" * 60, "v"]])
    assert read(lab)["SettingsArray"] == [["p" * 50, "v"]]


def test_2_2_settings_are_a_store_for_any_text() -> None:
    for name in FLAVOURS:
        with Lab(name) as lab:
            big = "x" * 1_000_000
            write(lab, [["state", '{"ü": "<>&"}'], ["empty", ""], ["null", None], ["big", big]])
            found = {pair[0]: pair[1] for pair in read(lab)["SettingsArray"]}
            assert found == {"state": '{"ü": "<>&"}', "empty": "", "null": "", "big": big}


# -- the panel's own settings -----------------------------------------------------------------------------------------------------


@checks("get_system_settings.administrator", EF, SP)
def test_2_6_system_settings_are_null_for_a_reseller(lab: Lab) -> None:
    assert lab.call("esSystem.GetSystemSettings", settingsName="SmtpSettings") is None
    assert lab.call("esSystem.GetSystemSettings", "serveradmin", settingsName="SmtpSettings")["SettingsArray"]


@checks("get_system_settings.unknown_is_empty", EF, SP)
def test_2_6_an_unknown_name_is_an_object_without_properties(lab: Lab) -> None:
    assert lab.call("esSystem.GetSystemSettings", "serveradmin", settingsName="Nope") == {"SettingsArray": None}


@checks("system_settings_active.any_active_account", EF, SP)
def test_2_6_any_active_account_reads_the_active_settings(lab: Lab) -> None:
    assert lab.call("esSystem.GetSystemSettingsActive", "mueller", settingsName="SmtpSettings")["SettingsArray"]
    lab.write("UPDATE users SET status_id = 2 WHERE user_id = 4")
    assert lab.call("esSystem.GetSystemSettingsActive", "mueller", settingsName="SmtpSettings") is None


@checks("get_system_settings.demo_sees_no_passwords", EF, SP)
def test_5_4_a_demo_account_sees_no_passwords(lab: Lab) -> None:
    lab.write("UPDATE users SET is_demo = 1 WHERE user_id = 4")
    lab.write("INSERT INTO system_settings VALUES ('SmtpSettings', 'SmtpPassword', 'geheim')")
    found = lab.call("esSystem.GetSystemSettingsActive", "mueller", settingsName="SmtpSettings")["SettingsArray"]
    assert "geheim" not in dict(found).values()
    assert len(dict(found)["SmtpPassword"]) > 20


@checks("set_system_settings.administrator", EF, SP)
def test_2_6_a_reseller_sets_no_system_settings(lab: Lab) -> None:
    given = lab.record("SystemSettings", SettingsArray=[["a", "b"]])
    assert lab.call("esSystem.SetSystemSettings", settingsName="X", settings=given) == -107


@checks("set_system_settings.whole_set", EF, SP)
def test_2_6_a_set_of_system_settings_is_replaced_as_a_whole(lab: Lab) -> None:
    given = lab.record("SystemSettings", SettingsArray=[["SmtpServer", "127.0.0.1"]])
    assert lab.call("esSystem.SetSystemSettings", "serveradmin", settingsName="SmtpSettings", settings=given) == 0
    found = lab.call("esSystem.GetSystemSettings", "serveradmin", settingsName="SmtpSettings")
    assert found == {"SettingsArray": [["SmtpServer", "127.0.0.1"]]}


@checks("crypto_key.never_given", EF, SP2)
def test_2_6_the_key_is_given_to_nobody(lab: Lab) -> None:
    assert "gives its key to nobody" in lab.fault("esSystem.GetCryptoKey", "serveradmin")


def test_7_5_the_logic_says_itself() -> None:
    for name, ef, database in ((EF, True, "Sqlite"), (SP2, False, "SqlServer")):
        with Lab(name) as lab:
            assert lab.call("esSystem.GetUseEntityFramework") is ef
            assert lab.call("esSystem.GetDatabaseType") == database


def test_2_2_themes_vlans_and_second_factors_are_kept() -> None:
    with Lab() as lab:
        lab.call("esUsers.UpdateUserThemeSetting", userId=MUELLER, PropertyName="Style", PropertyValue="dark")
        assert lab.table(lab.call("esUsers.GetUserThemeSettings", userId=MUELLER)) == [
            {"userid": MUELLER, "propertyname": "Style", "propertyvalue": "dark"}
        ]
        lab.call("esUsers.DeleteUserThemeSetting", userId=MUELLER, PropertyName="Style")
        assert lab.table(lab.call("esUsers.GetUserThemeSettings", userId=MUELLER)) == []
        lab.call("esUsers.AddUserVLan", userId=MUELLER, vLan=lab.record("UserVlan", VLanID=7, Comment="c"))
        assert lab.value("SELECT additional_params FROM users WHERE user_id = 4") == "7 c"
        lab.call("esUsers.DeleteUserVLan", userId=MUELLER, vLanId=7)
        assert lab.value("SELECT additional_params FROM users WHERE user_id = 4") == ""
        assert lab.call("esUsers.UpdateUserMfa", username="mueller", activate=True) is True
        assert lab.call("esUsers.GetUserById", userId=MUELLER)["MfaMode"] == 1
        assert lab.call("esUsers.UpdateUserMfa", username="finster", activate=True) is False

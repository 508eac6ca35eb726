"""What the two reports on SolidCP 1.x say of users, settings, comments and audit, and no other test holds yet.

Each name begins with the report's section: ``1x_`` for the services, ``db_`` for the stored procedures.
"""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest

from resellerplan.simpanel.faces.asmx_writing import AsmxWriter
from resellerplan.simpanel.faces.corewcf_writing import CoreWcfWriter
from resellerplan.simpanel.faces.datasets import DataSetStyle
from resellerplan.simpanel.wire import ServiceFault
from tests.contract.lab import EF, PASSWORD, SP, SP2, Lab, checks

BRIGHTWEB, DARKWEB, MUELLER, SCHMIDT, KOLLEGE = 2, 3, 4, 5, 7


def _written(lab: Lab, name: str, result: object) -> str:
    """A reply's body as the flavour's face writes it."""
    panel = lab.flavour.catalogue()
    service, _, operation = name.partition(".")
    asmx = lab.flavour.face == "asmx"
    style = DataSetStyle(spaced=asmx, entities=lab.flavour.logic == "ef", zone=UTC)
    writer = AsmxWriter(panel, style) if asmx else CoreWcfWriter(panel, style)
    found = panel.services[service]
    return "".join(writer.response(found.operations[operation], found.namespace, result))


def _update(lab: Lab, number: int, as_: str = "brightweb", **changes: Any) -> Any:
    user = dict(lab.call("esUsers.GetUserById", "serveradmin", userId=number)) | changes
    return lab.call("esUsers.UpdateUser", as_, user=user)


def _usernames(rows: list[dict[str, Any]]) -> list[str]:
    return [row["username"] for row in rows]


def test_1x_2_status_0_breaks_typed_reads_on_1x_and_an_update_repairs_it() -> None:
    with Lab(SP) as lab:
        number = lab.add_user("null", StatusId=0)
        for name, given in (("esUsers.GetUserById", {"userId": number}), ("esUsers.GetUsers", {"ownerId": BRIGHTWEB})):
            with pytest.raises(ServiceFault, match="'0' is not a valid value for"):
                _written(lab, name, lab.call(name, parameters=given))
        page = lab.call("esUsers.GetUsersPaged", userId=BRIGHTWEB, maximumRows=9)
        assert "<Username>null</Username>" in _written(lab, "esUsers.GetUsersPaged", page)
        assert _update(lab, number, StatusId=1) == 0
        for name, given in (("esUsers.GetUserById", {"userId": number}), ("esUsers.GetUsers", {"ownerId": BRIGHTWEB})):
            assert "<Username>null</Username>" in _written(lab, name, lab.call(name, parameters=given))


def test_1x_2_status_0_is_harmless_on_2x() -> None:
    for flavour in (EF, SP2):
        with Lab(flavour) as lab:
            read = lab.call("esUsers.GetUserById", userId=lab.add_user("null", StatusId=0))
            assert ">null<" in _written(lab, "esUsers.GetUserById", read)


def test_db_3_4_a_longer_name_with_the_same_50_characters_does_not_exist_and_is_taken() -> None:
    with Lab(SP) as lab:
        assert lab.add_user("u" * 60) > 0
        assert lab.value("SELECT max(length(username)) FROM users") == 50
        assert lab.call("esUsers.UserExists", username="u" * 50 + "anders") is False
        assert lab.add_user("u" * 50 + "anders") == -100


def test_db_3_4_comments_and_settings_are_kept_whole() -> None:
    with Lab(SP) as lab:
        _update(lab, MUELLER, Comments="c" * 5000)
        assert lab.call("esUsers.GetUserById", userId=MUELLER)["Comments"] == "c" * 5000
        settings = {"UserId": MUELLER, "SettingsName": "Lang", "SettingsArray": [["a", "v" * 100_000]]}
        assert lab.call("esUsers.UpdateUserSettings", settings=settings) == 0
        assert lab.value("SELECT length(property_value) FROM user_settings WHERE settings_name = 'Lang'") == 100_000


def test_db_6_1_an_umlaut_is_another_letter() -> None:
    with Lab(SP) as lab:
        assert lab.add_user("müller") > 0
        assert lab.add_user("muller") > 0
        assert lab.add_user("MÜLLER") == -100


def test_1x_2_2_a_suspended_reseller_makes_users() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            lab.write("UPDATE users SET status_id = 2 WHERE user_id = 2")
            assert lab.add_user("neu") > 0


@checks("delete_user.has_users", SP, SP2)
def test_1x_3_2_users_below_a_peer_keep_the_peer(lab: Lab) -> None:
    assert lab.add_user("unter.kollege", KOLLEGE, "kollege") > 0
    assert lab.call("esUsers.DeleteUser", userId=KOLLEGE) == -102
    assert lab.value("SELECT count(*) FROM users WHERE user_id = ?", KOLLEGE) == 1


def test_db_5_2_a_user_made_under_a_peer_is_listed_under_the_peers_id() -> None:
    for flavour in (SP, SP2):
        with Lab(flavour) as lab:
            lab.add_user("unter.kollege", KOLLEGE, "kollege")
            direct = lab.table(lab.call("esUsers.GetRawUsers", ownerId=KOLLEGE, recursive=False))
            assert _usernames(direct) == ["unter.kollege"]


@checks("paging.last_row_inclusive", SP, SP2)
def test_db_6_5_pages_of_users_are_0_based_and_those_of_their_domains_1_based(lab: Lab) -> None:
    for name in "abcde":
        lab.add_user(name)

    def page(call: str, start: int, maximum: int, lab: Lab = lab) -> list[str]:
        given = {"userId": BRIGHTWEB, "sortColumn": "Username", "startRow": start, "maximumRows": maximum}
        return _usernames(lab.table(lab.call(f"esUsers.{call}", parameters=given), 1))

    assert page("GetUsersPaged", 0, 3) == ["a", "b", "c", "d"]
    assert page("GetUsersPaged", 3, 3) == ["d", "e", "mueller", "schmidt"]
    assert page("GetUsersPaged", 0, 0) == ["a"]
    assert page("GetUsersPaged", -2, 3) == ["a", "b"]
    assert page("GetUserDomainsPaged", 0, 3) == ["a", "b", "c"]
    assert page("GetUserDomainsPaged", 1, 3) == ["a", "b", "c", "d"]
    assert page("GetUserDomainsPaged", 0, 0) == []


def test_db_6_1_a_password_moves_no_date_of_change_and_an_update_does() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            before = lab.call("esUsers.GetUserById", userId=MUELLER)["Changed"]
            lab.call("esUsers.ChangeUserPassword", userId=MUELLER, password="Anders-Pw1!")
            assert lab.call("esUsers.GetUserById", userId=MUELLER)["Changed"] == before
            _update(lab, MUELLER, City="Bonn")
            assert lab.call("esUsers.GetUserById", userId=MUELLER)["Changed"] != before


@checks("authenticate.lock_out", SP)
def test_db_4_9_the_counter_reaches_the_limit_and_the_next_wrong_password_locks(lab: Lab) -> None:
    policy = "True;6;20;0;1;0;True;2;0;;;False;False;0;"
    lab.write("UPDATE user_settings SET property_value = ? WHERE property_name = 'PasswordPolicy'", policy)

    def log_in(password: str) -> Any:
        return lab.call("esAuthentication.AuthenticateUser", None, username="mueller", password=password, ip="")

    counted = []
    for _ in range(3):
        assert log_in("falsch") == -110
        counted.append(lab.value("SELECT failed_logins FROM users WHERE user_id = 4"))
    assert counted[:2] == [1, 2]
    assert log_in(PASSWORD) == -115
    assert _update(lab, MUELLER, LoginStatusId=0) == 0
    assert lab.value("SELECT failed_logins FROM users WHERE user_id = 4") == 0
    assert log_in(PASSWORD) == 0


def test_db_4_11_comments_are_listed_oldest_first() -> None:
    with Lab(SP) as lab:
        for text in ("eins", "zwei", "drei"):
            lab.call("esComments.AddComment", itemTypeId="USER", itemId=MUELLER, commentText=text)
        found = lab.table(lab.call("esComments.GetComments", userId=BRIGHTWEB, itemTypeId="USER", itemId=MUELLER))
        assert [row["commenttext"] for row in found] == ["eins", "zwei", "drei"]


def test_db_3_4_the_type_of_a_comment_and_an_items_name_in_the_log_are_cut_at_50() -> None:
    with Lab(SP) as lab:
        lab.call("esComments.AddComment", itemTypeId="T" * 60, itemId=1, commentText="x")
        assert lab.value("SELECT item_type_id FROM comments") == "T" * 50
        lab.add_user("n" * 60)
        assert lab.value("SELECT max(length(item_name)) FROM audit_log WHERE task_name = 'ADD'") == 50


def test_db_4_14_a_set_of_settings_is_found_in_any_letter_case() -> None:
    with Lab(SP) as lab:
        settings = {"UserId": BRIGHTWEB, "SettingsName": "Eigene", "SettingsArray": [["a", "b"]]}
        assert lab.call("esUsers.UpdateUserSettings", settings=settings) == 0
        found = lab.call("esUsers.GetUserSettings", userId=MUELLER, settingsName="EIGENE")
        assert (found["UserId"], found["SettingsArray"]) == (BRIGHTWEB, [["a", "b"]])


def test_1x_2_2_a_customer_reads_its_settings() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            found = lab.call("esUsers.GetUserSettings", "mueller", userId=MUELLER, settingsName="AccountSummaryLetter")
            assert found["UserId"] == 1
            assert found["SettingsArray"]


def test_2_2_the_domains_of_users_are_filtered_by_column_and_sorted() -> None:
    for flavour in (EF, SP, SP2):
        with Lab(flavour) as lab:
            for name in ("b.example", "a.example"):
                given = {"packageId": 4, "domainName": name, "domainType": "Domain"}
                assert lab.call("esServers.AddDomainWithProvisioning", parameters=given) > 0

            def found(lab: Lab = lab, **given: Any) -> list[Any]:
                result = lab.call("esUsers.GetUserDomainsPaged", parameters={"userId": BRIGHTWEB, "maximumRows": 9} | given)
                rows = lab.table(result, 1)
                assert lab.table(result)[0]["column1"] == len(rows)
                return [row["domainname"] for row in rows]

            assert found(filterColumn="DomainName", filterValue="A%") == ["a.example"]
            assert found(filterColumn="Username", filterValue="mueller", sortColumn="DomainName") == ["a.example", "b.example"]
            assert found(filterColumn="Username", filterValue="mueller", sortColumn="DomainName DESC") == ["b.example", "a.example"]
            assert found(filterColumn="Username", filterValue="schmidt") == [None]
            assert len(found(filterValue="nobody")) == 3

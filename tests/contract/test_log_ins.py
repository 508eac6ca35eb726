"""Log-ins before every call: contract 1.7. What a log-in looks like on the wire stands in the tests of the two faces."""

from __future__ import annotations

import pytest

from resellerplan.simpanel.crypt import sha1_form, sha256_form
from resellerplan.simpanel.logins import Unauthenticated
from tests.contract.lab import EF, PASSWORD, SP, SP2, Lab, checks

MUELLER = 4


class Ticks:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


TICKS = Ticks()


def accepted(lab: Lab, password: str, username: str = "mueller") -> bool:
    try:
        lab.panel.authenticate(lab.credentials(username, password))
    except Unauthenticated:
        return False
    return True


def records(lab: Lab) -> list[tuple[str, str, int]]:
    lab.panel.flush_records()
    return [tuple(row) for row in lab.rows("SELECT source_name, task_name, severity_id FROM audit_log ORDER BY record_number")]


@checks("log_in.needed", EF, SP)
def test_1_7_a_call_without_credentials_is_refused(lab: Lab) -> None:
    with pytest.raises(Unauthenticated) as caught:
        lab.call("esUsers.UserExists", None, username="x")
    assert caught.value.missing


@checks("log_in.open_services", EF, SP)
def test_1_7_2_authentication_needs_no_credentials(lab: Lab) -> None:
    assert lab.call("esAuthentication.GetSystemSetupMode", None) is False


@checks("log_in.empty", EF, SP2)
def test_1_7_3_an_empty_password_is_refused_where_it_is_the_stored_one(lab: Lab) -> None:
    lab.call("esUsers.ChangeUserPassword", userId=MUELLER, password="")
    assert not accepted(lab, "")


@checks("log_in.wrong_password", EF, SP)
def test_1_7_a_wrong_password_is_refused(lab: Lab) -> None:
    assert accepted(lab, PASSWORD)
    assert not accepted(lab, "falsch")
    assert not accepted(lab, PASSWORD.upper())


@checks("log_in.sha1", EF, SP)
def test_1_7_the_sha1_form_is_taken_for_the_password(lab: Lab) -> None:
    assert accepted(lab, sha1_form(PASSWORD))


@checks("log_in.sha256", EF, SP2)
def test_1_7_3_the_sha256_form_is_taken_for_the_password(lab: Lab) -> None:
    assert accepted(lab, sha256_form(PASSWORD))


@checks("log_in.no_status", EF, SP)
def test_1_7_no_status_stops_a_log_in(lab: Lab) -> None:
    for status, login_status in ((2, 0), (3, 1), (4, 2)):
        lab.write("UPDATE users SET status_id = ?, login_status_id = ? WHERE user_id = 4", status, login_status)
        assert accepted(lab, PASSWORD)


@checks("log_in.remembered", EF, SP2, ticks=TICKS)
def test_1_7_3_the_old_password_is_taken_right_after_a_change(lab: Lab) -> None:
    assert accepted(lab, PASSWORD)
    lab.call("esUsers.ChangeUserPassword", userId=MUELLER, password="Neu-Pw1!")
    TICKS.now += 1.0
    assert accepted(lab, PASSWORD)


@checks("log_in.checked_again", EF, SP2, ticks=TICKS)
def test_1_7_3_the_old_password_is_refused_some_seconds_after_a_change(lab: Lab) -> None:
    assert accepted(lab, PASSWORD)
    lab.call("esUsers.ChangeUserPassword", userId=MUELLER, password="Neu-Pw1!")
    TICKS.now += 3.3
    assert not accepted(lab, PASSWORD)
    assert accepted(lab, "Neu-Pw1!")


@checks("log_in.dropped", EF, SP2, ticks=TICKS)
def test_1_7_3_one_refused_log_in_ends_what_is_remembered(lab: Lab) -> None:
    assert accepted(lab, PASSWORD)
    lab.call("esUsers.ChangeUserPassword", userId=MUELLER, password="Neu-Pw1!")
    assert not accepted(lab, "falsch")
    assert not accepted(lab, PASSWORD)


def test_1_7_1_a_changed_password_counts_at_once_on_1x() -> None:
    with Lab(SP) as lab:
        assert accepted(lab, PASSWORD)
        lab.call("esUsers.ChangeUserPassword", userId=MUELLER, password="Neu-Pw1!")
        assert not accepted(lab, PASSWORD)
        assert accepted(lab, "Neu-Pw1!")


@checks("log_in.recorded", EF, SP)
def test_1_7_1_a_log_in_leaves_a_record(lab: Lab) -> None:
    assert accepted(lab, PASSWORD)
    assert accepted(lab, PASSWORD)
    # 2.x remembers, and so asks the store once.
    assert records(lab) == [("USER", "GET_BY_USERNAME_PASSWORD", 0)] * (1 if lab.flavour.face == "corewcf" else 2)


@checks("log_in.refused_recorded", EF, SP2)
def test_6_5_a_refused_log_in_leaves_a_warning(lab: Lab) -> None:
    assert not accepted(lab, "falsch")
    assert records(lab) == [("User", "Login", 1)]


def test_6_5_a_refused_log_in_leaves_nothing_on_1x() -> None:
    with Lab(SP) as lab:
        assert not accepted(lab, "falsch")
        assert records(lab) == []


def test_1_7_half_a_character_in_a_log_in_is_nobodys_and_ends_nothing() -> None:
    for name in (EF, SP, SP2):
        with Lab(name) as lab:
            for username, password in (("\ud800", PASSWORD), ("mueller", "\udc00"), ("a\ud800b", "")):
                with pytest.raises(Unauthenticated):
                    lab.call("esUsers.UserExists", username, password, username="x")
            lab.panel.flush_records()
            assert accepted(lab, PASSWORD)


def test_1_7_3_what_a_process_remembers_ends_with_it() -> None:
    ticks = Ticks()
    with Lab(EF, ticks=ticks, end_seconds=1.0) as lab:
        assert accepted(lab, PASSWORD)
        lab.call("esUsers.ChangeUserPassword", userId=MUELLER, password="Neu-Pw1!")
        assert accepted(lab, PASSWORD)
        assert lab.call("esUsers.DeleteUser", "serveradmin", userId=4711) == 0
        assert lab.panel.is_down()
        ticks.now += 1.1
        assert not accepted(lab, PASSWORD)
        assert accepted(lab, "Neu-Pw1!")

"""How far ChangeUserStatus reaches for each caller: contract 2.2, 5.1, 5.2, 5.3, 6.2, 6.5."""

from __future__ import annotations

from typing import Any

from tests.contract.lab import EF, SP, SP2, Lab, checks

BRIGHTWEB, DARKWEB, MUELLER, FINSTER, KOLLEGE = 2, 3, 4, 6, 7
BRIGHTWEBS_SPACE, DARKWEBS_SPACE, MUELLERS_SPACE, FINSTERS_SPACE = 2, 3, 4, 5
EVERY = (EF, SP, SP2)


def change(lab: Lab, user: int, as_: str = "brightweb", status: str = "Suspended") -> Any:
    return lab.call("esUsers.ChangeUserStatus", as_, userId=user, status=status)


def users(lab: Lab) -> dict[int, int]:
    return {row[0]: row[1] for row in lab.rows("SELECT user_id, status_id FROM users")}


def spaces(lab: Lab) -> dict[int, int]:
    return {row[0]: row[1] for row in lab.rows("SELECT package_id, status_id FROM packages")}


@checks("update_package.account", *EVERY)
def test_5_1_a_customer_suspends_itself_and_its_spaces_stay(lab: Lab) -> None:
    assert change(lab, MUELLER, "mueller") == 0
    assert users(lab)[MUELLER] == 2
    assert spaces(lab)[MUELLERS_SPACE] == 1


def test_5_1_a_suspended_reseller_activates_users_and_not_spaces() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            assert change(lab, BRIGHTWEB) == 0
            assert (users(lab)[BRIGHTWEB], users(lab)[MUELLER], spaces(lab)[MUELLERS_SPACE]) == (2, 2, 2)
            assert change(lab, BRIGHTWEB, status="Active") == 0
            assert (users(lab)[BRIGHTWEB], users(lab)[MUELLER], spaces(lab)[MUELLERS_SPACE]) == (1, 1, 2), name


def test_5_1_a_helpdesk_peer_changes_users_and_a_csr_spaces_too() -> None:
    for role, space in ((4, 2), (6, 1)):
        for name in EVERY:
            with Lab(name) as lab:
                lab.write("UPDATE users SET role_id = ? WHERE user_id = ?", role, KOLLEGE)
                assert change(lab, MUELLER, "kollege") == 0
                assert (users(lab)[MUELLER], spaces(lab)[MUELLERS_SPACE]) == (2, space), (name, role)


@checks("change_user_status.spaces_of_peers_stay", *EVERY)
def test_2_2_a_peer_gets_the_status_and_its_own_spaces_keep_theirs(lab: Lab) -> None:
    lab.write("UPDATE packages SET user_id = ? WHERE package_id = ?", KOLLEGE, MUELLERS_SPACE)
    assert change(lab, BRIGHTWEB, "serveradmin") == 0
    assert users(lab)[KOLLEGE] == 2
    assert (spaces(lab)[BRIGHTWEBS_SPACE], spaces(lab)[MUELLERS_SPACE]) == (2, 1)


@checks("change_user_status.below_as_listed", SP, SP2)
def test_5_3_of_a_foreign_reseller_only_its_own_spaces_are_touched(lab: Lab) -> None:
    assert "not allowed to access this package" in lab.fault("esUsers.ChangeUserStatus", userId=DARKWEB, status="Suspended")
    assert users(lab)[DARKWEB] == users(lab)[FINSTER] == 1
    assert spaces(lab)[DARKWEBS_SPACE] == 2
    # The first refused space ends the loop; a space below would come after it, were it listed at all.
    lab.write("UPDATE packages SET status_id = 2 WHERE package_id = ?", DARKWEBS_SPACE)
    assert change(lab, DARKWEB) == 0
    assert spaces(lab)[FINSTERS_SPACE] == 1


def test_5_3_the_first_refused_space_ends_the_change() -> None:
    for name, changed in ((SP, 2), (EF, 1)):
        with Lab(name) as lab:
            lab.write("UPDATE packages SET user_id = ? WHERE package_id = ?", FINSTER, MUELLERS_SPACE)
            lab.fault("esUsers.ChangeUserStatus", userId=FINSTER, status="Suspended")
            assert (spaces(lab)[MUELLERS_SPACE], spaces(lab)[FINSTERS_SPACE]) == (changed, 1), name


def test_5_3_a_foreign_user_without_spaces_to_change_is_no_fault() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            lab.write("UPDATE packages SET status_id = 2 WHERE package_id = ?", FINSTERS_SPACE)
            assert change(lab, FINSTER) == 0
            assert users(lab)[FINSTER] == 1


def test_5_2_a_customer_that_asks_for_its_own_owner_changes_itself_alone() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            assert change(lab, BRIGHTWEB, "mueller") == 0
            assert {number for number, status in users(lab).items() if status == 2} == {MUELLER}, name
            assert set(spaces(lab).values()) == {1}


def test_5_4_a_peers_change_reaches_below_a_customer() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            child = lab.add_user("kind", MUELLER)
            assert change(lab, MUELLER, "kollege") == 0
            assert (users(lab)[MUELLER], users(lab)[child]) == (2, 2), name


def test_5_4_by_ef_a_peers_change_of_its_owner_reaches_the_owners_own_space_alone() -> None:
    for name, below in ((EF, 1), (SP, 2), (SP2, 2)):
        with Lab(name) as lab:
            assert change(lab, BRIGHTWEB, "kollege") == 0
            assert (users(lab)[BRIGHTWEB], users(lab)[MUELLER], users(lab)[KOLLEGE]) == (1, below, below), name
            assert (spaces(lab)[BRIGHTWEBS_SPACE], spaces(lab)[MUELLERS_SPACE]) == (2, below), name


def test_2_4_a_space_without_a_server_is_left_out_by_stored_procedure() -> None:
    for name, status in ((SP, 1), (SP2, 1), (EF, 2)):
        with Lab(name) as lab:
            lab.write("UPDATE packages SET server_id = NULL WHERE package_id = ?", MUELLERS_SPACE)
            assert change(lab, MUELLER) == 0
            assert spaces(lab)[MUELLERS_SPACE] == status, name


def test_6_5_one_record_tells_of_the_whole_cascade() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            assert change(lab, MUELLER) == 0
            lab.panel.flush_records()
            rows = lab.rows(
                "SELECT source_name, task_name, severity_id, execution_log FROM audit_log"
                " WHERE task_name IN ('CHANGE_STATUS', 'UPDATE') ORDER BY record_number"
            )
            assert [tuple(row)[:3] for row in rows] == [("USER", "CHANGE_STATUS", 0)]
            log = rows[0]["execution_log"]
            assert log.index("<text>USER_UPDATE</text><textParameters><value>mueller</value>") < log.index(
                "<text>HOSTING_SPACE_UPDATE</text><textParameters><value>Web S</value>"
            )


def test_6_5_a_cascade_that_faults_leaves_one_record_of_severity_2_whose_lines_say_0() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            lab.fault("esUsers.ChangeUserStatus", userId=FINSTER, status="Suspended")
            lab.panel.flush_records()
            (row,) = lab.rows("SELECT task_name, severity_id, execution_log FROM audit_log WHERE severity_id = 2")
            assert row["task_name"] == "CHANGE_STATUS"
            assert "not allowed to access this package" in row["execution_log"]
            assert 'severity="2"' not in row["execution_log"]

"""Deleting users and changing their status: contract 2.2, 5.3, 6.3, 6.7, 7.4.2."""

from __future__ import annotations

from typing import Any

from resellerplan.simpanel.flavours import Defect
from tests.contract.lab import EF, SP, SP2, Lab, checks

BRIGHTWEB, DARKWEB, MUELLER, SCHMIDT, FINSTER, KOLLEGE = 2, 3, 4, 5, 6, 7
MUELLERS_SPACE = 4


def exists(lab: Lab, user_id: int) -> bool:
    return bool(lab.value("SELECT count(*) FROM users WHERE user_id = ?", user_id) == 1)


def make_demo(lab: Lab, username: str) -> None:
    lab.write("UPDATE users SET is_demo = 1 WHERE username = ?", username)


def delete(lab: Lab, user_id: int, as_: str = "brightweb") -> Any:
    return lab.call("esUsers.DeleteUser", as_, userId=user_id)


def statuses(lab: Lab) -> tuple[dict[str, int], dict[int, int]]:
    users = {row[0]: row[1] for row in lab.rows("SELECT username, status_id FROM users")}
    return users, {row[0]: row[1] for row in lab.rows("SELECT package_id, status_id FROM packages")}


@checks("delete_user.demo", EF, SP)
def test_2_2_1_a_demo_caller_deletes_nobody(lab: Lab) -> None:
    make_demo(lab, "brightweb")
    assert delete(lab, SCHMIDT) == -106
    assert exists(lab, SCHMIDT)


@checks("delete_user.has_users", SP, SP2)
def test_2_2_2_a_user_with_users_is_not_deleted(lab: Lab) -> None:
    lab.add_user("kind", owner=MUELLER)
    assert delete(lab, MUELLER) == -102
    assert exists(lab, MUELLER)


def test_7_4_2_by_ef_a_user_with_users_is_not_stopped_and_the_process_ends() -> None:
    with Lab(EF) as lab:
        lab.add_user("kind", owner=MUELLER)
        assert delete(lab, MUELLER) == 0
        assert exists(lab, MUELLER)
        assert lab.panel.is_down()


@checks("delete_user.in_background", EF, SP, delay=30.0)
def test_2_2_3_the_answer_is_0_before_the_user_is_gone(lab: Lab) -> None:
    assert delete(lab, SCHMIDT) == 0
    assert exists(lab, SCHMIDT)


@checks("delete_user.spaces_first", EF, SP)
def test_2_2_3_the_spaces_go_with_the_user(lab: Lab) -> None:
    assert delete(lab, MUELLER) == 0
    assert not exists(lab, MUELLER)
    assert lab.value("SELECT count(*) FROM packages WHERE user_id = 4") == 0


@checks("delete_user.peers_too", EF, SP)
def test_2_2_3_peers_addon_plans_and_comments_go_with_the_user(lab: Lab) -> None:
    lab.add_user("peer", owner=SCHMIDT, IsPeer=True)
    lab.write("INSERT INTO hosting_plans (user_id, plan_name, available, is_addon) VALUES (5, 'Zusatz', 1, 1)")
    lab.write("INSERT INTO comments (item_type_id, item_id, user_id, comment_text) VALUES ('USER', 4, 5, 'of others')")
    assert delete(lab, SCHMIDT) == 0
    assert not exists(lab, SCHMIDT)
    assert lab.value("SELECT count(*) FROM users WHERE username = 'peer'") == 0
    assert lab.value("SELECT count(*) FROM comments") == 0


@checks("delete_user.plan_blocks", EF, SP)
def test_2_2_3_an_ordinary_plan_keeps_the_user_but_not_its_spaces(lab: Lab) -> None:
    lab.write("INSERT INTO hosting_plans (user_id, plan_name, available, is_addon) VALUES (4, 'Eigener', 1, 0)")
    lab.add_user("peer", owner=MUELLER, IsPeer=True)
    assert delete(lab, MUELLER) == 0
    assert exists(lab, MUELLER)
    assert lab.value("SELECT count(*) FROM users WHERE username = 'peer'") == 1
    assert lab.value("SELECT count(*) FROM packages WHERE user_id = 4") == 0


@checks("delete_user.rights", EF, SP)
def test_2_2_a_foreign_user_answers_0_and_stays(lab: Lab) -> None:
    assert delete(lab, FINSTER) == 0
    assert exists(lab, FINSTER)


@checks("delete_user.ends_process", EF, SP)
def test_2_2_an_error_in_the_background_ends_the_process(lab: Lab) -> None:
    assert delete(lab, 4711) == 0
    assert lab.panel.is_down()


def test_2_2_the_end_of_the_process_is_a_switch_and_lasts_some_seconds() -> None:
    now = [50.0]
    for number in (4711, FINSTER):
        with Lab(SP, ticks=lambda: now[0], end_seconds=2.0) as lab:
            ended: list[float] = []
            lab.panel.when_process_ends.append(ended.append)
            assert delete(lab, number) == 0
            assert (lab.panel.is_down(), ended) == (True, [2.0])
            now[0] += 2.1
            assert not lab.panel.is_down()
        with Lab(SP, without=[Defect.DELETEUSER_ENDS_PROCESS]) as lab:
            assert delete(lab, number) == 0
            assert not lab.panel.is_down()


def test_2_2_a_normal_delete_ends_no_process_and_is_in_the_audit_log() -> None:
    for name in (EF, SP):
        with Lab(name) as lab:
            assert delete(lab, MUELLER) == 0
            assert not lab.panel.is_down()
            found = lab.rows("SELECT severity_id, item_id, item_name, execution_log FROM audit_log WHERE task_name = 'DELETE'")
            assert [tuple(row)[:3] for row in found] == [(0, MUELLER, "mueller")]
            assert "SPACE_DELETE_ITEMS" in found[0]["execution_log"]


def test_6_5_a_worker_that_fails_loses_the_delete() -> None:
    with Lab(SP) as lab:
        lab.panel.background.failing = True
        assert delete(lab, SCHMIDT) == 0
        assert exists(lab, SCHMIDT)
        assert lab.panel.background.lost == 1


# -- status ---------------------------------------------------------------------------------------------------------------------


@checks("change_user_status.demo", EF, SP)
def test_2_2_a_demo_caller_changes_no_status(lab: Lab) -> None:
    make_demo(lab, "brightweb")
    assert lab.call("esUsers.ChangeUserStatus", userId=MUELLER, status="Suspended") == -106


@checks("change_user_status.unknown", EF, SP)
def test_2_2_the_status_of_an_unknown_user_is_a_null_reference(lab: Lab) -> None:
    assert lab.fault("esUsers.ChangeUserStatus", userId=4711, status="Active").startswith("Object reference not set")


@checks("change_user_status.users_below", EF, SP)
def test_2_2_the_status_goes_down_to_peers_and_all_users_below(lab: Lab) -> None:
    lab.add_user("kind", owner=MUELLER)
    assert lab.call("esUsers.ChangeUserStatus", "serveradmin", userId=BRIGHTWEB, status="Suspended") == 0
    users, _ = statuses(lab)
    assert {name: users[name] for name in ("brightweb", "kollege", "mueller", "schmidt", "kind", "darkweb")} == {
        "brightweb": 2,
        "kollege": 2,
        "mueller": 2,
        "schmidt": 2,
        "kind": 2,
        "darkweb": 1,
    }


@checks("change_user_status.spaces_below", EF, SP)
def test_2_2_the_status_goes_down_to_all_spaces(lab: Lab) -> None:
    assert lab.call("esUsers.ChangeUserStatus", userId=MUELLER, status="Suspended") == 0
    assert statuses(lab)[1][MUELLERS_SPACE] == 2
    assert lab.call("esUsers.ChangeUserStatus", userId=MUELLER, status="Active") == 0
    assert statuses(lab)[1][MUELLERS_SPACE] == 1


def test_2_2_pending_makes_spaces_new() -> None:
    for name in (EF, SP):
        with Lab(name) as lab:
            assert lab.call("esUsers.ChangeUserStatus", userId=MUELLER, status="Pending") == 0
            assert (statuses(lab)[0]["mueller"], statuses(lab)[1][MUELLERS_SPACE]) == (4, 4)


@checks("change_user_status.rights", EF, SP)
def test_5_3_a_foreign_users_status_is_a_rights_fault_and_the_user_stays(lab: Lab) -> None:
    text = lab.fault("esUsers.ChangeUserStatus", userId=FINSTER, status="Suspended")
    assert text.startswith("Error executing 'CHANGE_STATUS' task on 'finster' USER ---> You are not allowed to access this package")
    assert statuses(lab)[0]["finster"] == 1


def test_5_3_by_stored_procedure_a_foreign_users_spaces_have_changed_all_the_same() -> None:
    for name, status in ((SP, 2), (SP2, 2), (EF, 1)):
        with Lab(name) as lab:
            lab.fault("esUsers.ChangeUserStatus", userId=FINSTER, status="Suspended")
            assert statuses(lab)[1][5] == status


def test_6_2_activating_brings_back_what_was_suspended_on_its_own() -> None:
    with Lab(SP) as lab:
        lab.call("esPackages.ChangePackageStatus", packageId=MUELLERS_SPACE, status="Suspended")
        lab.call("esUsers.ChangeUserStatus", "serveradmin", userId=BRIGHTWEB, status="Suspended")
        lab.call("esUsers.ChangeUserStatus", "serveradmin", userId=BRIGHTWEB, status="Active")
        assert statuses(lab)[1][MUELLERS_SPACE] == 1


def test_7_4_6_by_ef_a_space_with_own_terms_leaves_the_user_changed_and_the_space_not() -> None:
    with Lab(EF) as lab:
        lab.write("UPDATE packages SET override_quotas = 1 WHERE package_id = 4")
        assert "Value cannot be null" in lab.fault("esUsers.ChangeUserStatus", userId=MUELLER, status="Suspended")
        assert (statuses(lab)[0]["mueller"], statuses(lab)[1][MUELLERS_SPACE]) == (2, 1)

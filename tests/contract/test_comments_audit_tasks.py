"""Comments, audit log, tasks: contract 2.6, 5.3, 6.5."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import pytest

from resellerplan.simpanel.flavours import Defect
from resellerplan.simpanel.logins import Unauthenticated
from tests.contract.lab import EF, SP, SP2, Lab, checks

BRIGHTWEB, DARKWEB, MUELLER, FINSTER = 2, 3, 4, 6
MUELLERS_SPACE, FINSTERS_SPACE = 4, 5


def comment(lab: Lab, text: str = "Text", item: int = MUELLER, as_: str = "brightweb") -> int:
    assert lab.call("esComments.AddComment", as_, itemTypeId="USER", itemId=item, commentText=text, severityId=1) == 0
    return int(lab.value("SELECT max(comment_id) FROM comments"))


def comments(lab: Lab, user_id: int = BRIGHTWEB, item: int = MUELLER, as_: str = "brightweb") -> list[Any]:
    result = lab.call("esComments.GetComments", as_, userId=user_id, itemTypeId="USER", itemId=item)
    return [row["commenttext"] for row in lab.table(result)]


@checks("get_comments.rights", EF, SP)
def test_2_6_comments_under_somebody_out_of_reach_are_a_rights_fault(lab: Lab) -> None:
    text = lab.fault("esComments.GetComments", userId=DARKWEB, itemTypeId="USER", itemId=MUELLER)
    assert text == "You are not allowed to access this account"


@checks("get_comments.written_below", SP, SP2)
def test_2_6_a_customer_does_not_see_its_resellers_comments_on_it(lab: Lab) -> None:
    comment(lab, "vom Reseller")
    comment(lab, "vom Kunden", as_="mueller")
    assert comments(lab) == ["vom Reseller", "vom Kunden"]
    assert comments(lab, MUELLER, as_="mueller") == ["vom Kunden"]


@checks("get_comments.ef_fault", EF)
def test_7_4_14_by_ef_a_comment_makes_the_read_fault(lab: Lab) -> None:
    assert comments(lab) == []
    comment(lab)
    assert lab.fault("esComments.GetComments", userId=BRIGHTWEB, itemTypeId="USER", itemId=MUELLER).startswith("Object reference")


@checks("add_comment.unchecked", EF, SP)
def test_2_6_anybody_may_comment_on_anything(lab: Lab) -> None:
    comment(lab, item=FINSTER)


@checks("add_comment.text_cut", SP)
def test_3_4_a_comment_is_cut_at_1000(lab: Lab) -> None:
    comment(lab, "x" * 1200)
    assert len(comments(lab)[0]) == 1000


@checks("delete_comment.rights", EF, SP)
def test_5_3_a_foreign_comment_is_refused(lab: Lab) -> None:
    number = comment(lab)
    assert lab.fault("esComments.DeleteComment", "darkweb", commentId=number) == "You are not allowed to perform this operation"


def test_5_3_by_stored_procedure_the_refused_comment_is_gone_and_that_is_a_switch() -> None:
    for name, without, left in ((SP, [], 0), (SP2, [], 0), (SP, [Defect.COMMITS_AFTER_RIGHTS_FAULT], 1), (EF, [], 1)):
        with Lab(name, without=without) as lab:
            number = comment(lab)
            lab.fault("esComments.DeleteComment", "darkweb", commentId=number)
            assert lab.value("SELECT count(*) FROM comments") == left, name
            assert lab.call("esComments.DeleteComment", commentId=number) == 0


# -- audit log ------------------------------------------------------------------------------------------------------------------


def records(lab: Lab, as_: str = "brightweb", **given: Any) -> list[dict[str, Any]]:
    whole: dict[str, Any] = {
        "userId": BRIGHTWEB,
        "startDate": datetime(2000, 1, 1),
        "endDate": datetime(2100, 1, 1),
        "severityId": -1,
        "maximumRows": 100,
        "taskName": "ADD",
        "sourceName": "USER",
    }
    return lab.table(lab.call("esAuditLog.GetAuditLogRecordsPaged", as_, **(whole | given)), 1)


@checks("audit_log.rights", EF, SP)
def test_2_6_the_records_of_somebody_out_of_reach_are_a_rights_fault(lab: Lab) -> None:
    lab.fault("esAuditLog.GetAuditLogRecordsPaged", userId=1, startDate=datetime(2000, 1, 1), endDate=datetime(2100, 1, 1))


@checks("audit_log.space_unchecked", EF, SP, SP2)
def test_5_3_the_records_of_a_foreign_space_are_served_by_stored_procedure(lab: Lab) -> None:
    lab.write(
        "INSERT INTO audit_log (record_id, severity_id, user_id, package_id, source_name, task_name, start_date, finish_date)"
        " VALUES ('x', 0, 3, 5, 'SPACE', 'X', '2026-01-01T00:00:00', '2026-01-01T00:00:00')"
    )
    assert [row["recordid"] for row in records(lab, packageId=FINSTERS_SPACE, sourceName="", taskName="")] == ["x"]


@checks("audit_log.of_tree", EF, SP)
def test_2_6_a_reseller_sees_its_own_records_its_peers_and_its_customers(lab: Lab) -> None:
    lab.add_user("a")
    lab.add_user("b", MUELLER, "mueller")
    lab.add_user("c", BRIGHTWEB, "kollege")
    lab.add_user("d", DARKWEB, "darkweb")
    assert [row["itemname"] for row in records(lab)] == ["c", "b", "a"]
    by_peer = records(lab)[0]
    assert (by_peer["username"], by_peer["effectiveuserid"], by_peer["severityid"]) == ("kollege", BRIGHTWEB, 0)


@checks("audit_log.newest_first", EF, SP)
def test_2_6_records_are_listed_newest_first(lab: Lab) -> None:
    lab.add_user("a")
    lab.add_user("b")
    assert [row["itemname"] for row in records(lab)] == ["b", "a"]
    assert [row["itemname"] for row in records(lab, startRow=1, maximumRows=1)] == ["a"]


@checks("audit_log.no_user", SP)
def test_2_6_records_of_no_user_are_the_administrators(lab: Lab) -> None:
    lab.call("esAuthentication.AuthenticateUser", None, username="niemand", password="x")
    given = {"taskName": "AUTHENTICATE", "itemName": "niemand"}
    assert records(lab, **given) == []
    assert len(records(lab, "serveradmin", userId=1, **given)) == 1


@checks("audit_log.nullable", EF)
def test_2_6_by_ef_a_record_of_no_user_breaks_the_administrators_list(lab: Lab) -> None:
    lab.call("esAuthentication.AuthenticateUser", None, username="niemand", password="x")
    given = {"userId": 1, "startDate": datetime(2000, 1, 1), "endDate": datetime(2100, 1, 1), "severityId": -1, "maximumRows": 100}
    assert lab.fault("esAuditLog.GetAuditLogRecordsPaged", "serveradmin", **given) == "Nullable object must have a value."


def test_6_5_a_refusal_behind_the_first_checks_leaves_a_record_and_a_fault_one_of_severity_2() -> None:
    for name in (EF, SP):
        with Lab(name) as lab:
            assert [lab.add_user("mueller"), lab.add_user("a/b"), lab.add_user("neu", DARKWEB)] == [-100, -111, -2]
            assert [row["itemname"] for row in records(lab)] == ["neu"]
            lab.fault("esUsers.UpdateUser", user=lab.user("x", UserId=4711))
            (failed,) = records(lab, taskName="UPDATE")
            assert failed["severityid"] == 2
            assert "Object reference not set" in failed["executionlog"]


def test_6_5_on_1x_every_authenticated_call_leaves_a_record_and_on_2x_only_a_log_in_that_is_not_remembered() -> None:
    for name, expected in ((SP, 3), (EF, 1)):
        with Lab(name) as lab:
            for _ in range(3):
                lab.call("esUsers.UserExists", "mueller", username="x")
            lab.panel.flush_records()
            found = lab.rows("SELECT user_id, item_id FROM audit_log WHERE item_name = 'mueller'")
            # They belong to no user: who it is comes out of the call that is recorded.
            assert [tuple(row) for row in found] == [(None, None)] * expected


def test_6_5_on_2x_a_refused_log_in_leaves_a_warning() -> None:
    with Lab(EF) as lab:
        with pytest.raises(Unauthenticated):
            lab.call("esUsers.UserExists", "mueller", "falsch", username="x")
        lab.panel.flush_records()
        found = lab.rows("SELECT source_name, task_name, severity_id FROM audit_log")
        assert [tuple(row) for row in found] == [("User", "Login", 1)]


def test_2_6_one_record_and_the_names_of_sources_and_tasks() -> None:
    with Lab(SP) as lab:
        lab.add_user("a")
        number = records(lab)[0]["recordid"]
        assert lab.call("esAuditLog.GetAuditLogRecord", recordId=number)["ItemName"] == "a"
        assert lab.call("esAuditLog.GetAuditLogRecord", recordId="niemals") is None
        sources = [row["sourcename"] for row in lab.table(lab.call("esAuditLog.GetAuditLogSources"))]
        assert (sources[0], sources[-1], len(sources)) == ("APP_INSTALLER", "HOSTING_SPACE", 38)
        tasks = [row["taskname"] for row in lab.table(lab.call("esAuditLog.GetAuditLogTasks", sourceName="USER"))]
        assert "CHANGE_STATUS" in tasks


# -- tasks ----------------------------------------------------------------------------------------------------------------------


@checks("get_task.finished_is_null", EF, SP)
def test_2_6_a_finished_task_reads_as_null(lab: Lab) -> None:
    user = lab.user("x", UserId=MUELLER)
    lab.call("esUsers.UpdateUserTask", taskId="aufgabe", user=user)
    lab.write("UPDATE audit_log SET record_id = 'aufgabe' WHERE task_name = 'UPDATE'")
    assert lab.call("esTasks.GetTask", taskId="aufgabe") is None


@checks("completed_tasks.empty", EF, SP)
def test_2_6_completed_tasks_are_never_listed(lab: Lab) -> None:
    lab.add_user("a")
    assert lab.call("esTasks.GetUserCompletedTasks", userId=BRIGHTWEB) == []


@checks("user_tasks.filed_under_owner", EF, SP, delay=30.0)
def test_2_6_a_running_task_is_filed_under_the_actors_owner(lab: Lab) -> None:
    lab.call("esUsers.DeleteUser", userId=5)
    assert lab.call("esTasks.GetUserTasks", userId=BRIGHTWEB) == []
    assert lab.call("esTasks.GetTasksNumber") == 0
    (task,) = lab.call("esTasks.GetUserTasks", "serveradmin", userId=1)
    assert (task["TaskName"], task["ItemName"], task["UserId"], task["EffectiveUserId"]) == ("DELETE", "schmidt", 1, BRIGHTWEB)
    assert lab.call("esTasks.GetTask", taskId=task["TaskId"])["Guid"] == task["Guid"]


def test_2_6_a_waiting_task_can_be_stopped() -> None:
    with Lab(SP, delay=0.2) as lab:
        lab.call("esUsers.DeleteUser", userId=5)
        (task,) = lab.call("esTasks.GetUserTasks", "serveradmin", userId=1)
        lab.call("esTasks.StopTask", taskId=task["TaskId"])
        assert lab.panel.background.wait(5)
        assert lab.value("SELECT count(*) FROM users WHERE user_id = 5") == 1


def test_real_panel_1_6_parallel_writes_fault_where_the_database_locks() -> None:
    with Lab(EF, defects=[Defect.DB_LOCKED]) as lab:
        faults: list[str] = []

        def add(number: int) -> None:
            try:
                lab.add_user(f"n{number}")
            except Exception as error:
                faults.append(str(error))

        threads = [threading.Thread(target=add, args=(number,)) for number in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        made = int(lab.value("SELECT count(*) FROM users WHERE username LIKE 'n%'"))
        assert set(faults) <= {"SQLite Error 5: 'database is locked'."}
        assert 24 - len(faults) <= made <= 24

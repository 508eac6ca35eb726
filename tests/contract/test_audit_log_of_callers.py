"""The audit log by other values and other callers than the recorded ones: contract 2.6, 3.4, 5.1, 5.3, 6.5."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.contract.lab import EF, PASSWORD, SP, SP2, Lab, checks

ADMIN, BRIGHTWEB, DARKWEB, MUELLER, FINSTER, KOLLEGE = 1, 2, 3, 4, 6, 7
EVERY = (EF, SP, SP2)
WIDE: dict[str, Any] = {"startDate": datetime(2000, 1, 1), "endDate": datetime(2100, 1, 1), "severityId": -1}


def put(lab: Lab, key: str, user: int | None = BRIGHTWEB, **columns: Any) -> None:
    """A record, straight into the log."""
    row = {
        "record_id": key,
        "severity_id": 0,
        "user_id": user,
        "username": "wer",
        "package_id": 0,
        "item_id": 9,
        "item_name": "ding",
        "source_name": "USER",
        "task_name": "ADD",
        "start_date": "2026-03-04T12:00:00.000000",
        "finish_date": "2026-03-04T12:00:01.000000",
        "execution_log": "",
    } | columns
    lab.write(f"INSERT INTO audit_log ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", *row.values())


def listed(lab: Lab, as_: str = "brightweb", **given: Any) -> list[str]:
    whole = {"userId": BRIGHTWEB, "maximumRows": 99} | WIDE | given
    found = lab.table(lab.call("esAuditLog.GetAuditLogRecordsPaged", as_, parameters=whole), 1)
    return sorted(row["recordid"] for row in found if len(row["recordid"]) < 8)


def delete(lab: Lab, as_: str = "brightweb", **given: Any) -> Any:
    return lab.call("esAuditLog.DeleteAuditLogRecords", as_, parameters={"userId": BRIGHTWEB} | WIDE | given)


def left(lab: Lab) -> list[str]:
    return sorted(row[0] for row in lab.rows("SELECT record_id FROM audit_log WHERE length(record_id) < 8"))


@checks("audit_log.whole_days", *EVERY)
def test_2_6_start_and_end_are_whole_days(lab: Lab) -> None:
    put(lab, "früh", start_date="2026-03-04T00:00:00.000000")
    put(lab, "spät", start_date="2026-03-04T23:59:58.000000")
    put(lab, "danach", start_date="2026-03-05T00:00:00.000000")
    noon = datetime(2026, 3, 4, 12, 0, 0)
    assert listed(lab, startDate=noon, endDate=noon) == ["früh", "spät"]
    assert listed(lab, startDate=datetime(2026, 3, 5, 23), endDate=datetime(2026, 3, 5)) == ["danach"]


@checks("audit_log.exact_names", *EVERY)
def test_2_6_source_and_task_are_names_and_the_items_name_is_a_pattern(lab: Lab) -> None:
    put(lab, "a", item_name="kunde eins")
    put(lab, "b", item_name="anders")
    assert listed(lab, sourceName="USER", taskName="ADD", itemName="kunde%") == ["a"]
    assert listed(lab, sourceName="US%") == listed(lab, taskName="A_D") == []
    assert listed(lab, sourceName="user") == ([] if lab.panel.flavour.logic == "ef" else ["a", "b"])


@checks("audit_log.negative_is_none", *EVERY)
def test_2_6_numbers_below_zero_fit_no_record(lab: Lab) -> None:
    put(lab, "a", item_id=9, severity_id=2)
    assert listed(lab, itemId=9) == listed(lab, severityId=2) == listed(lab, itemId=0) == ["a"]
    assert listed(lab, itemId=-1) == listed(lab, severityId=-2) == listed(lab, severityId=1) == []


def test_2_6_the_rights_on_the_user_are_checked_with_a_space_too() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            put(lab, "fremd", DARKWEB, package_id=5)
            assert "not allowed to access this account" in lab.fault(
                "esAuditLog.GetAuditLogRecordsPaged", parameters={"userId": DARKWEB, "packageId": 5, "maximumRows": 9} | WIDE
            )
            assert listed(lab, packageId=5) == ["fremd"]


def test_2_6_a_peers_id_stands_for_its_owners_tree() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            put(lab, "owner")
            put(lab, "peer", KOLLEGE)
            put(lab, "kunde", MUELLER)
            put(lab, "fremd", FINSTER)
            assert listed(lab, "kollege", userId=KOLLEGE) == listed(lab) == ["kunde", "owner", "peer"], name
            assert listed(lab, "mueller", userId=MUELLER) == ["kunde"]


def test_2_6_records_of_no_user_read_0_and_no_role_by_stored_procedure() -> None:
    for name in (SP, SP2):
        with Lab(name) as lab:
            put(lab, "niemand", None, username=None)
            given = {"userId": ADMIN, "maximumRows": 99, "itemName": "ding"} | WIDE
            (row,) = lab.table(lab.call("esAuditLog.GetAuditLogRecordsPaged", "serveradmin", parameters=given), 1)
            assert (row["userid"], row["roleid"], row["effectiveuserid"], row["username"]) == (0, 0, None, None)
            # With a space they come along for the administrator, whatever the space.
            put(lab, "raum", package_id=5)
            assert listed(lab, "serveradmin", userId=ADMIN, packageId=5, itemName="ding") == ["niemand", "raum"]
            assert listed(lab) == ["raum"]


def test_6_5_a_record_of_a_deleted_user_keeps_its_name() -> None:
    with Lab(SP) as lab:
        put(lab, "weg", 99, username="früher.da")
        lab.write("UPDATE audit_log SET user_id = 5 WHERE record_id = 'weg'")
        lab.write("DELETE FROM users WHERE user_id = 5")
        whole = {"userId": ADMIN, "maximumRows": 9, "packageId": 0, "itemName": "ding"} | WIDE
        lab.write("UPDATE audit_log SET package_id = 77 WHERE record_id = 'weg'")
        found = lab.call("esAuditLog.GetAuditLogRecordsPaged", "serveradmin", parameters=whole | {"packageId": 77})
        (row,) = lab.table(found, 1)
        assert (row["username"], row["userid"], row["firstname"]) == ("früher.da", 5, None)


def test_2_6_one_record_is_read_by_its_key() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            put(lab, "a", MUELLER, severity_id=1)
            found = lab.call("esAuditLog.GetAuditLogRecord", recordId="a")
            assert (found["RecordID"], found["SeverityID"], found["UserID"], found["ItemID"]) == ("a", 1, MUELLER, 9)


# -- deleting ---------------------------------------------------------------------------------------------------------------------


@checks("delete_audit_log.demo", *EVERY)
def test_5_1_a_demo_account_deletes_no_records(lab: Lab) -> None:
    put(lab, "a")
    lab.write("UPDATE users SET is_demo = 1 WHERE user_id = 2")
    assert delete(lab) == -106
    assert left(lab) == ["a"]


@checks("delete_audit_log.any_severity", *EVERY)
def test_2_6_the_records_of_ones_tree_are_deleted_by_the_filters_of_the_list(lab: Lab) -> None:
    put(lab, "a", item_name="kunde eins", severity_id=2)
    put(lab, "b", MUELLER, item_name="kunde zwei")
    put(lab, "c", KOLLEGE)
    put(lab, "d", FINSTER, item_name="kunde drei")
    put(lab, "e", None, item_name="kunde vier")
    put(lab, "f", item_name="kunde fünf", start_date="2026-03-05T00:00:00.000000")
    day = datetime(2026, 3, 4, 12)
    assert delete(lab, itemName="kunde%", sourceName="USER", severityId=0, startDate=day, endDate=day) == 0
    assert left(lab) == ["c", "d", "e", "f"]
    assert delete(lab, "serveradmin", userId=ADMIN) == 0
    assert left(lab) == []


@checks("delete_audit_log.rights", *EVERY)
def test_5_3_deleting_a_strangers_records_is_a_rights_fault(lab: Lab) -> None:
    put(lab, "fremd", FINSTER)
    text = lab.fault("esAuditLog.DeleteAuditLogRecords", parameters={"userId": DARKWEB} | WIDE)
    assert text == "You are not allowed to access this account"
    # A stored procedure raises, and goes on.
    assert left(lab) == (["fremd"] if lab.panel.flavour.logic == "ef" else [])


@checks("delete_audit_log.complete_administrator", *EVERY)
def test_5_1_the_whole_log_is_the_administrators_to_delete(lab: Lab) -> None:
    put(lab, "a")
    assert lab.call("esAuditLog.DeleteAuditLogRecordsComplete") == -107
    assert left(lab) == ["a"]
    assert lab.call("esAuditLog.DeleteAuditLogRecordsComplete", "serveradmin") == 0
    assert lab.value("SELECT count(*) FROM audit_log") == 0


def test_2_6_every_source_has_its_tasks_and_no_source_has_all_by_ef_and_none_by_procedure() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            sources = [row["sourcename"] for row in lab.table(lab.call("esAuditLog.GetAuditLogSources"))]
            tasks = {s: lab.table(lab.call("esAuditLog.GetAuditLogTasks", sourceName=s)) for s in sources}
            assert all(tasks.values())
            assert {row["sourcename"] for row in tasks["SPACE"]} == {"SPACE"}
            assert "DELETE_ITEMS" in {row["taskname"] for row in tasks["SPACE"]}
            every = sum(map(len, tasks.values())) if name == EF else 0
            assert len(lab.table(lab.call("esAuditLog.GetAuditLogTasks", sourceName=""))) == every
            assert len(lab.table(lab.call("esAuditLog.GetAuditLogTasks"))) == every
            assert lab.table(lab.call("esAuditLog.GetAuditLogTasks", sourceName="NICHTS")) == []


def test_2_1_who_logs_in_by_call_is_a_record_of_no_user() -> None:
    with Lab(SP) as lab:
        lab.call("esAuthentication.AuthenticateUser", None, username="mueller", password=PASSWORD, ip="198.51.100.7")
        (row,) = lab.rows("SELECT user_id, item_id, severity_id FROM audit_log WHERE task_name = 'AUTHENTICATE'")
        assert row["user_id"] is None

"""esAuditLog: what tasks left behind (contract 2.6)."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.catalogue import task_names
from resellerplan.simpanel.clock import as_text
from resellerplan.simpanel.collation import LIKE, SORT_KEY
from resellerplan.simpanel.datasets import dataset, paged
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.item_comments import owner_in_place
from resellerplan.simpanel.listing import Source, Window, page
from resellerplan.simpanel.rights import ADMINISTRATOR, Demand, account_check, may_access_package, may_access_user
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.user_records import full_name_sql

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.wire import DataSet

READ_RIGHTS = rule("audit_log.rights", "2.6", "The records of somebody out of reach are a rights fault.")
SPACE_UNCHECKED = rule(
    "audit_log.space_unchecked", "2.6, 5.3", "With a packageId only the rights on userId are checked, not those on the space."
)
OF_TREE = rule("audit_log.of_tree", "2.6", "A user sees its own records, its peers' and those of everybody below.")
NO_USER = rule("audit_log.no_user", "2.6", "Records of no user are the administrator's.")
NULLABLE = rule("audit_log.nullable", "2.6", "By EF a record of no user in the list is a fault.")
WHOLE_DAYS = rule("audit_log.whole_days", "2.6", "Start and end are days: from 00:00:00 of the one to 23:59:59 of the other.")
EXACT_NAMES = rule("audit_log.exact_names", "2.6", "Source and task are compared as they are; only the item's name is a pattern.")
NEGATIVE_NONE = rule("audit_log.negative_is_none", "2.6", "A negative itemId, or a severityId below -1, fits no record.")
DELETE_DEMO = rule("delete_audit_log.demo", "5.1", "A demo account deletes no records: -106.")
DELETE_RIGHTS = rule("delete_audit_log.rights", "2.6, 5.3", "Deleting records of somebody out of reach is a rights fault.")
DELETE_ANY_SEVERITY = rule("delete_audit_log.any_severity", "2.6", "Deleting records looks at no severity.")
COMPLETE_ADMIN = rule("delete_audit_log.complete_administrator", "5.1", "The whole log is deleted by administrators only: -107.")
NEWEST_FIRST = rule("audit_log.newest_first", "2.6", "Records are listed newest first.")

_COLUMNS = (
    "RecordId:string SeverityId:int! StartDate:dateTime! FinishDate:dateTime! ItemId:int SourceName:string TaskName:string "
    "ItemName:string ExecutionLog:string UserId:int Username:string FirstName:string LastName:string FullName:string "
    "RoleId:int! Email:string EffectiveUserId:int"
)
_TREE = (
    "(WITH RECURSIVE below (user_id) AS (SELECT ? UNION ALL SELECT b.user_id FROM users b JOIN below ON b.owner_id = below.user_id)"
    " SELECT user_id FROM below)"
)
_SOURCE_NAMES = [
    "APP_INSTALLER",
    "BACKUP",
    "DNS_ZONE",
    "DOMAIN",
    "EXCHANGE",
    "FILES",
    "FTP_ACCOUNT",
    "GLOBAL_DNS",
    "IMPORT",
    "IP_ADDRESS",
    "MAIL_ACCOUNT",
    "MAIL_DOMAIN",
    "MAIL_FORWARDING",
    "MAIL_GROUP",
    "MAIL_LIST",
    "ODBC_DSN",
    "SCHEDULER",
    "SERVER",
    "SHAREPOINT",
    "SPACE",
    "SQL_DATABASE",
    "SQL_USER",
    "STATS_SITE",
    "USER",
    "VIRTUAL_SERVER",
    "VPS",
    "WEB_SITE",
    "REMOTE_DESKTOP_SERVICES",
    "OCS",
    "ORGANIZATION",
    "VPS2012",
    "AUTO_DISCOVERY",
    "STORAGE_SPACES",
    "ENTERPRISE_STORAGE",
    "VLAN",
    "WAG_INSTALLER",
    "HOSTING_SPACE_WR",
    "HOSTING_SPACE",
]


def _source(ef: bool) -> Source:
    select = [
        "r.record_id",
        "r.severity_id",
        "r.start_date",
        "r.finish_date",
        "r.item_id",
        "r.source_name",
        "r.task_name",
        "r.item_name",
        "r.execution_log",
        "coalesce(r.user_id, 0)",
        "r.username",
        "u.first_name",
        "u.last_name",
        f"CASE WHEN u.user_id IS NULL THEN NULL ELSE {full_name_sql('u', ef)} END",
        "coalesce(u.role_id, 0)",
        "u.email",
        "CASE WHEN u.is_peer THEN u.owner_id ELSE u.user_id END",
    ]
    names = {word.partition(":")[0].lower(): text for word, text in zip(_COLUMNS.split(), select, strict=True)}
    return Source(
        select=select,
        origin="audit_log r LEFT JOIN users u ON u.user_id = r.user_id",
        names=names,
        window=Window.EXACT,
        tie="r.record_number DESC",
        text=frozenset({"r.item_name", "r.source_name", "r.task_name", "u.username"}),
        default_sort="",
        ef_type="FuseCP.EnterpriseServer.Data.Entities.AuditLog",
    )


_SOURCES = {True: _source(True), False: _source(False)}


def _whose(call: Call, user_id: int, package_id: int) -> tuple[str, list[object]]:
    """The condition of whose records are shown: a user's tree, or those of a space, whoever it belongs to."""
    sees_all = call.caller.role_id == ADMINISTRATOR or not call.on(NO_USER)
    no_user = "r.user_id IS NULL" if sees_all else "0"
    if package_id != 0 and (call.on(SPACE_UNCHECKED) or may_access_package(call, package_id)):
        return (f"({no_user} OR r.package_id = ?)", [package_id]) if call.ef or package_id > 0 else (no_user, [])
    owner = owner_in_place(call.db, user_id)
    tree = f"r.user_id IN {_TREE} OR r.user_id = ?" if call.on(OF_TREE) else "r.user_id IN (?, ?)"
    return f"({tree} OR {no_user})", [owner, user_id]


def _which(
    call: Call, item_id: int, item_name: str | None, start: datetime, end: datetime, source: str | None, task: str | None
) -> tuple[list[str], list[object]]:
    """The conditions that listing and deleting have in common."""
    days = call.on(WHOLE_DAYS)
    first = datetime.combine(start, time(0, 0, 0)) if days else start
    last = datetime.combine(end, time(23, 59, 59)) if days else end
    conditions = ["r.start_date >= ?", f"r.start_date {'<' if call.ef else '<='} ?"]
    values: list[object] = [as_text(first), as_text(last)]
    for column, wanted in (("source_name", source), ("task_name", task)):
        if wanted:
            same = f"r.{column} = ?" if call.ef else f"{SORT_KEY}(r.{column}) = {SORT_KEY}(?)"
            conditions.append(same if call.on(EXACT_NAMES) else f"r.{column} LIKE ?")
            values.append(wanted)
    if item_name:
        conditions.append("r.item_name LIKE ?" if call.ef else f"{LIKE}(r.item_name, ?)")
        values.append(item_name)
    if item_id > 0:
        conditions.append("r.item_id = ?")
        values.append(item_id)
    return conditions, values


@operation("esAuditLog", "GetAuditLogRecordsPaged")
def get_audit_log_records_paged(
    call: Call,
    *,
    userId: int,
    packageId: int,
    itemId: int,
    itemName: str | None,
    startDate: datetime,
    endDate: datetime,
    severityId: int,
    sourceName: str | None,
    taskName: str | None,
    sortColumn: str | None,
    startRow: int,
    maximumRows: int,
) -> DataSet:
    if call.on(READ_RIGHTS) and not may_access_user(call, userId):
        raise call.denied_account()
    whose, values = _whose(call, userId, packageId)
    conditions, more = _which(call, itemId, itemName, startDate, endDate, sourceName, taskName)
    conditions, values = [whose, *conditions], [*values, *more]
    if call.on(NEGATIVE_NONE) and (itemId < 0 or severityId < -1):
        conditions.append("0")
    if severityId > -1:
        conditions.append("r.severity_id = ?")
        values.append(severityId)
    found = page(
        call,
        _SOURCES[call.ef],
        where=" AND ".join(conditions),
        parameters=values,
        filter_column="",
        filter_value="",
        sort_column=sortColumn or ("StartDate DESC" if call.on(NEWEST_FIRST) else "StartDate"),
        start=startRow,
        maximum=maximumRows,
    )
    if call.ef and call.on(NULLABLE) and any(row[16] is None for row in found.rows):
        raise faults.invalid_operation("Nullable object must have a value.")
    return paged(call, _COLUMNS, found.count, found.rows)


@operation("esAuditLog", "GetAuditLogRecord")
def get_audit_log_record(call: Call, *, recordId: str | None) -> dict[str, object] | None:
    """One record, whoever asks; null where there is none."""
    row = call.db.execute("SELECT * FROM audit_log WHERE record_id = ?", (recordId or "",)).fetchone()
    if row is None:
        return None
    return {
        "RecordID": row["record_id"],
        "SeverityID": row["severity_id"],
        "UserID": row["user_id"] or 0,
        "Username": row["username"],
        "ItemID": row["item_id"] or 0,
        "SourceName": row["source_name"],
        "StartDate": call.time(row["start_date"]),
        "FinishDate": call.time(row["finish_date"]),
        "TaskName": row["task_name"],
        "ItemName": row["item_name"],
        "ExecutionLog": row["execution_log"],
    }


@operation("esAuditLog", "GetAuditLogSources")
def get_audit_log_sources(call: Call) -> DataSet:
    return dataset(call, ("SourceName:string", [(name,) for name in _SOURCE_NAMES]))


@operation("esAuditLog", "GetAuditLogTasks")
def get_audit_log_tasks(call: Call, *, sourceName: str | None) -> DataSet:
    """The task names of a source. For no source a stored procedure lists none (it compares with null), EF all."""
    names = task_names()
    wanted = [sourceName] if sourceName else list(names) if call.ef else []
    rows = [(source, task) for source in wanted for task in names.get(source, ())]
    return dataset(call, ("SourceName:string TaskName:string", rows))


@operation("esAuditLog", "DeleteAuditLogRecords")
def delete_audit_log_records(
    call: Call,
    *,
    userId: int,
    itemId: int,
    itemName: str | None,
    startDate: datetime,
    endDate: datetime,
    severityId: int,
    sourceName: str | None,
    taskName: str | None,
) -> int:
    """The records that the same call without packageId lists, whatever their severity; 0."""
    if call.on(DELETE_DEMO) and (refused := account_check(call, Demand.NOT_DEMO)):
        return refused
    if call.on(DELETE_RIGHTS) and not may_access_user(call, userId):
        call.refuse_rights(faults.ACCOUNT)
    whose, values = _whose(call, userId, 0)
    conditions, more = _which(call, itemId, itemName, startDate, endDate, sourceName, taskName)
    if not call.on(DELETE_ANY_SEVERITY) and severityId > -1:
        conditions.append("r.severity_id = ?")
        more.append(severityId)
    call.db.execute(
        "DELETE FROM audit_log WHERE record_number IN"
        f" (SELECT r.record_number FROM audit_log r WHERE {' AND '.join((whose, *conditions))})",
        [*values, *more],
    )
    return 0


@operation("esAuditLog", "DeleteAuditLogRecordsComplete")
def delete_audit_log_records_complete(call: Call) -> int:
    """The whole log."""
    if call.on(COMPLETE_ADMIN) and (refused := account_check(call, Demand.NOT_DEMO, Demand.IS_ADMIN)):
        return refused
    call.db.execute("DELETE FROM audit_log")
    return 0

"""esAuditLog: what tasks left behind (contract 2.6)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.caller import SUPERVISOR
from resellerplan.simpanel.clock import as_text
from resellerplan.simpanel.datasets import dataset, paged
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.listing import Source, Window, page
from resellerplan.simpanel.rights import ADMINISTRATOR, may_access_user
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.user_records import full_name_sql

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.wire import DataSet

READ_RIGHTS = rule("audit_log.rights", "2.6", "The records of somebody out of reach are a rights fault.")
SPACE_UNCHECKED = rule("audit_log.space_unchecked", "2.6, 5.3", "Stored procedures: with a packageId nothing is checked.")
OF_TREE = rule("audit_log.of_tree", "2.6", "A user sees its own records, its peers' and those of everybody below.")
NO_USER = rule("audit_log.no_user", "2.6", "Records of no user are the administrator's.")
NULLABLE = rule("audit_log.nullable", "2.6", "By EF a record of no user in the list is a fault.")
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
_TASK_NAMES = {
    "USER": "ADD AUTHENTICATE CHANGE_PASSWORD CHANGE_PASSWORD_BY_USERNAME_PASSWORD CHANGE_STATUS DELETE "
    "GET_BY_USERNAME_PASSWORD SEND_REMINDER UPDATE UPDATE_SETTINGS",
    "HOSTING_SPACE": "ADD",
    "HOSTING_SPACE_WR": "ADD",
    "SPACE": "CALCULATE_DISKSPACE CHANGE_ITEMS_STATUS CHANGE_STATUS DELETE DELETE_ITEMS",
    "DOMAIN": "ADD DELETE ENABLE_DNS UPDATE",
}


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
        "r.user_id",
        "coalesce(u.username, r.username)",
        "u.first_name",
        "u.last_name",
        f"CASE WHEN u.user_id IS NULL THEN NULL ELSE {full_name_sql('u', ef)} END",
        "u.role_id",
        "u.email",
        "r.effective_user_id",
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


def _whose(call: Call, user_id: int, package_id: int) -> tuple[list[str], list[object]]:
    """The condition of whose records are shown. Raises the rights fault."""
    if package_id > 0 and not call.ef and call.on(SPACE_UNCHECKED):
        return ["r.package_id = ?"], [package_id]
    if call.on(READ_RIGHTS) and not may_access_user(call, user_id):
        raise call.denied_account()
    conditions, values = [f"r.user_id IN {_TREE}"], [user_id]
    if not call.on(OF_TREE):
        conditions = ["r.user_id = ?"]
    sees_all = call.caller.role_id == ADMINISTRATOR or call.caller.user_id == SUPERVISOR
    if sees_all or not call.on(NO_USER):
        conditions = [f"({conditions[0]} OR r.user_id IS NULL)"]
    if package_id > 0:
        conditions.append("r.package_id = ?")
        values.append(package_id)
    return conditions, list(values)


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
    conditions, values = _whose(call, userId, packageId)
    conditions += ["r.start_date >= ?", "r.start_date <= ?"]
    values += [as_text(startDate), as_text(endDate)]
    for column, wanted in (("item_name", itemName), ("source_name", sourceName), ("task_name", taskName)):
        if wanted:
            conditions.append(f"r.{column} LIKE ?")
            values.append(wanted)
    if itemId > 0:
        conditions.append("r.item_id = ?")
        values.append(itemId)
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
    if call.ef and call.on(NULLABLE) and any(row[14] is None for row in found.rows):
        raise faults.invalid_operation("Nullable object must have a value.")
    return paged(call, _COLUMNS, found.count, found.rows)


@operation("esAuditLog", "GetAuditLogRecord")
def get_audit_log_record(call: Call, *, recordId: str | None) -> dict[str, object] | None:
    """One record; null where there is none or it is out of reach."""
    row = call.db.execute("SELECT * FROM audit_log WHERE record_id = ?", (recordId or "",)).fetchone()
    if row is None or (call.on(READ_RIGHTS) and not may_access_user(call, row["user_id"] if row["user_id"] is not None else 0)):
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
    """The task names of a source, as far as this panel has calls that write them."""
    wanted = [sourceName] if sourceName else list(_TASK_NAMES)
    rows = [(source, task) for source in wanted for task in _TASK_NAMES.get(source or "", "").split()]
    return dataset(call, ("SourceName:string TaskName:string", rows))

"""esTasks: what runs now (contract 2.6). A finished task is in the audit log and here no more."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from resellerplan.simpanel.call import LogLine, TaskRecord
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.item_comments import owner_in_place
from resellerplan.simpanel.rights import may_see_user, owner_chain
from resellerplan.simpanel.rules import rule

if TYPE_CHECKING:
    from resellerplan.simpanel.background import RunningTask
    from resellerplan.simpanel.call import Call

FINISHED_IS_NULL = rule("get_task.finished_is_null", "2.6", "A finished task reads as null, as one that never was.")
COMPLETED_EMPTY = rule("completed_tasks.empty", "2.6", "GetUserCompletedTasks is always empty.")
TASKS_RIGHTS = rule("user_tasks.rights", "2.6, 5.2", "The tasks of a user whom the caller can't see are an empty list.")
STOP_RECORDED = rule("stop_task.recorded", "2.6", "A task that was stopped leaves a record of severity 1.")
FILED_UNDER_OWNER = rule("user_tasks.filed_under_owner", "2.6", "A task is filed under the actor's owner.")


def _info(task: RunningTask) -> dict[str, object]:
    return {
        "Params": [],
        "Logs": [],
        "Id": task.number,
        "Guid": task.guid,
        "TaskId": task.task_id,
        "ScheduleId": 0,
        "PackageId": task.package_id,
        "UserId": task.owner_id,
        "EffectiveUserId": task.actor_id,
        "TaskName": task.name,
        "ItemId": task.item_id,
        "ItemName": task.item_name,
        "StartDate": task.started,
        "FinishDate": datetime.min,
        "IndicatorCurrent": 0,
        "IndicatorMaximum": 0,
        "MaximumExecutionTime": 0,
        "Source": task.source,
        "Severity": 0,
        "Completed": False,
        "NotifyOnComplete": False,
        "Status": "Run",
    }


@operation("esTasks", "GetTask")
def get_task(call: Call, *, taskId: str | None) -> dict[str, object] | None:
    for task in call.panel.running_tasks():
        if task.task_id == taskId:
            return _info(task)
    if not call.on(FINISHED_IS_NULL):
        row = call.db.execute("SELECT * FROM audit_log WHERE record_id = ?", (taskId or "",)).fetchone()
        return None if row is None else {"TaskId": taskId, "Completed": True}
    return None


@operation("esTasks", "GetTaskWithLogRecords")
def get_task_with_log_records(call: Call, *, taskId: str | None, startLogTime: datetime) -> dict[str, object] | None:
    del startLogTime
    return get_task(call, taskId=taskId)


@operation("esTasks", "GetTasksNumber")
def get_tasks_number(call: Call) -> int:
    """How many tasks are filed under the caller (a peer: its owner) and all below."""
    acting = owner_in_place(call.db, call.caller.user_id)
    return sum(acting in owner_chain(call.db, _filed(call, task)) for task in call.panel.running_tasks())


def _filed(call: Call, task: RunningTask) -> int:
    return task.owner_id if call.on(FILED_UNDER_OWNER) else task.actor_id


@operation("esTasks", "GetUserTasks")
def get_user_tasks(call: Call, *, userId: int) -> list[dict[str, object]]:
    """The tasks filed under this very user, for whoever may see it: one's own owner too."""
    if call.on(TASKS_RIGHTS) and not may_see_user(call, userId):
        return []
    return [_info(task) for task in call.panel.running_tasks() if _filed(call, task) == userId]


@operation("esTasks", "GetUserCompletedTasks")
def get_user_completed_tasks(call: Call, *, userId: int) -> list[dict[str, object]]:
    if call.on(COMPLETED_EMPTY):
        return []
    return [{"TaskId": row[0]} for row in call.db.execute("SELECT record_id FROM audit_log WHERE user_id = ?", (userId,))]


@operation("esTasks", "SetTaskNotifyOnComplete")
def set_task_notify_on_complete(call: Call, *, taskId: str | None) -> None:
    """Nothing is ever notified here: the wish is taken and has no effect, as on a panel without its portal."""
    del call, taskId


@operation("esTasks", "StopTask")
def stop_task(call: Call, *, taskId: str | None) -> None:
    """A waiting background task is dropped, which its record tells as a warning; one that runs is past stopping."""
    task = call.panel.stop_task(taskId or "")
    if task is None:
        return
    record = TaskRecord(
        source=task.source,
        name=task.name,
        item_name=task.item_name or "",
        item_id=task.item_id,
        package_id=task.package_id,
        started=task.started,
        finished=call.now(),
        severity=1,
    )
    record.lines.append(LogLine(1, call.now(), "Task aborted by user"))
    record.caller = call.caller
    if call.on(STOP_RECORDED):
        call.finished_tasks.append(record)

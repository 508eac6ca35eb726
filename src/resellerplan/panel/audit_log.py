"""The panel's audit log: why something done in the background failed, when a status changed, whether a creation has ended.

It has a record per task, written when the task ends, for customers and spaces (plans leave none; contract 6.5). Asking it with
the reseller's id shows what he and everybody below him did.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from resellerplan.errors import PanelFault
from resellerplan.model.address import PanelId
from resellerplan.neutralise import one_line
from resellerplan.panel.session import Session
from resellerplan.soap.values import read_datetime, read_int

__all__ = ["AuditRecord", "read_audit_log", "reason_of"]

_COLUMNS = ("recordid", "severityid", "startdate", "finishdate", "itemid", "sourcename", "taskname", "itemname", "executionlog")
_ALWAYS = (datetime(2000, 1, 1), datetime(2099, 1, 1))
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One finished task. ``severity``: 0 it worked, 1 warning, 2 error. Times are the panel's own clock."""

    severity: int
    started: datetime | None
    finished: datetime | None
    item_id: PanelId
    item_name: str
    source: str
    task: str
    log: str


def read_audit_log(
    session: Session,
    source: str,
    task: str,
    *,
    item_id: PanelId = 0,
    item_name: str = "",
    package_id: PanelId = 0,
    most: int = 20,
) -> list[AuditRecord] | None:
    """The newest records first; None where the log can't be read."""
    try:
        tables = session.client.rows(
            "GetAuditLogRecordsPaged",
            _COLUMNS,
            userId=session.reseller.user_id,
            packageId=package_id,
            itemId=item_id,
            itemName=item_name,
            startDate=_ALWAYS[0],
            endDate=_ALWAYS[1],
            severityId=-1,
            sourceName=source,
            taskName=task,
            sortColumn="",
            startRow=0,
            maximumRows=most,
        )
    except PanelFault:
        return None
    return [
        AuditRecord(
            read_int(row[1]),
            read_datetime(row[2]),
            read_datetime(row[3]),
            read_int(row[4]),
            row[7] or "",
            row[5] or "",
            row[6] or "",
            row[8] or "",
        )
        for row in tables.rows(1)
    ]


def reason_of(record: AuditRecord) -> str:
    """What the record's log says, as one harmless line: its texts without markup and without the panel's stack traces."""
    return one_line(_TAGS.sub(" ", record.log).partition("   at ")[0], 300)

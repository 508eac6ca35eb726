"""Finished tasks as rows of the audit log, with the execution log as the panel writes it (audit recordings of both panels)."""

from __future__ import annotations

from xml.sax.saxutils import escape

from resellerplan.simpanel.call import LogLine, TaskRecord, new_key
from resellerplan.simpanel.clock import as_text
from resellerplan.simpanel.store import Connection

__all__ = ["execution_log", "write_record"]


def _line(line: LogLine) -> str:
    """A line; its severity attribute is always 0, also where the task's is not ([386])."""
    at = f"{line.at:%m/%d/%Y %H:%M:%S}"
    values = "".join(f"<value>{escape(value)}</value>" for value in line.values)
    parameters = f"<textParameters>{values}</textParameters>" if line.values else ""
    return (
        f'<record severity="0" date="{at}" ident="0">'
        f"<text>{escape(line.text)}</text>{parameters}<stackTrace /></record>"
    )


def execution_log(record: TaskRecord) -> str:
    """The XML text of a task's log: lines with severity, US date, text and values; stack traces are left empty."""
    if not record.lines:
        return "<log><parameters /><records /></log>"
    return f"<log><parameters /><records>{''.join(map(_line, record.lines))}</records></log>"


ITEM_NAME_LENGTH = 50
"""Characters of an item's name that the procedure's parameter takes (1.x database report 3.4)."""


def write_record(db: Connection, record: TaskRecord, *, cut: bool = False) -> None:
    """Add a finished task to the audit log, under a key of its own: a caller may give two tasks one id.

    A record of the internal supervisor belongs to no user; item 0 is stored as null. ``cut``: the database cuts an item's name.
    """
    caller = record.caller
    user_id = caller.user_id if caller is not None and caller.user_id > 0 else None
    db.execute(
        "INSERT INTO audit_log (record_id, severity_id, user_id, username, effective_user_id, package_id, item_id, item_name,"
        " source_name, task_name, start_date, finish_date, execution_log) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            new_key(),
            record.severity,
            user_id,
            caller.username if caller is not None and user_id is not None else None,
            caller.effective_user_id if caller is not None and user_id is not None else None,
            record.package_id,
            record.item_id or None,
            record.item_name[:ITEM_NAME_LENGTH] if cut and record.item_name else record.item_name,
            record.source,
            record.name,
            as_text(record.started),
            as_text(record.finished or record.started),
            execution_log(record),
        ),
    )

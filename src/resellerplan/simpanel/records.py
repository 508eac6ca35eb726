"""What a panel's file remembers of its work, as plain rows: letters and requests. Read-only."""

from __future__ import annotations

from resellerplan.simpanel.store import Store

__all__ = ["letters", "requests"]


def letters(store: Store, number: int | None = None) -> list[dict[str, object]]:
    """The outbox, oldest first; with ``number`` that letter alone, or nothing."""
    with store.reading() as db:
        rows = db.execute("SELECT * FROM outbox WHERE ? IS NULL OR letter_id = ? ORDER BY letter_id", (number, number)).fetchall()
    return [
        {
            "number": row["letter_id"],
            "sent": row["sent"][:19],
            "letter": row["letter"],
            "from": row["sender"],
            "to": row["recipient"],
            "bcc": row["bcc"],
            "subject": row["subject"],
            "priority": row["priority"],
            "html": bool(row["is_html"]),
            "body": row["body"],
            "handed_over": row["handed_over"],
        }
        for row in rows
    ]


def requests(store: Store, last: int) -> list[dict[str, object]]:
    """The last requests, oldest first."""
    with store.reading() as db:
        rows = db.execute("SELECT * FROM request_log ORDER BY request_number DESC LIMIT ?", (last,)).fetchall()
    return [
        {
            "number": row["request_number"],
            "received": row["received"][:19],
            "method": row["method"],
            "path": row["path"],
            "call": f"{row['service']}.{row['operation']}" if row["operation"] else f"{row['method']} {row['path']}",
            "caller": row["caller"],
            "status": row["status"],
            "outcome": row["outcome"],
            "seconds": row["seconds"],
        }
        for row in reversed(rows)
    ]

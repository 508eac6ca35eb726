"""The Comments column of lists: all comment records on an item that the caller may see, one after the other (contract 2.2, 2.4).

Seen are those written by the caller or by anybody below; a peer sees what its owner sees. EF lists them as they were written; a
stored procedure puts the newest first, into a text of 3,000 characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from resellerplan.simpanel.clock import from_text
from resellerplan.simpanel.rights import may_access_user
from resellerplan.simpanel.rules import rule

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Connection

__all__ = ["comments_of", "owner_in_place"]

NEWEST_FIRST = rule("item_comments.newest_first", "2.2, 2.4", "Stored procedures join the comments on an item newest first.")
TEXT_CUT = rule("item_comments.text_cut", "3.4", "Stored procedures cut the joined comments at 3,000 characters.")

_FEW = 500
_LINE = "-" * 38
_LONGEST = 3000


def owner_in_place(db: Connection, user_id: int) -> int:
    """CheckUserParent's first step: a peer stands for its owner (contract 5.2)."""
    row = db.execute("SELECT owner_id FROM users WHERE user_id = ? AND is_peer = 1", (user_id,)).fetchone()
    return user_id if row is None or row[0] is None else int(row[0])


def _day(call: Call, text: str | None) -> str:
    moment = from_text(text)
    if moment is None:
        return ""
    if call.ef:
        return f"{moment.month}/{moment.day}/{moment.year}"
    hour = moment.hour % 12 or 12
    return f"{moment:%b} {moment.day:2d} {moment.year} {hour:2d}:{moment:%M}{'AM' if moment.hour < 12 else 'PM'}"


def comments_of(call: Call, item_type: str, item_ids: Sequence[int]) -> dict[int, str]:
    """The comments on items of a type (``USER``, ``PACKAGE``); items without a visible one are left out."""
    few = len(item_ids) <= _FEW
    chosen = f"AND c.item_id IN ({', '.join('?' * len(item_ids))})" if few else ""
    order = "c.created_date" if call.ef or not call.on(NEWEST_FIRST) else "c.created_date DESC"
    rows = call.db.execute(
        f"""
        SELECT c.item_id, c.user_id, u.username, c.created_date, c.comment_text
        FROM comments c JOIN users u ON u.user_id = c.user_id
        WHERE c.item_type_id = ? {chosen} ORDER BY {order}, c.comment_id
        """,
        (item_type, *(item_ids if few else ())),
    ).fetchall()
    visible: dict[int, bool] = {}
    found: dict[int, list[str]] = {}
    for item_id, author, username, created, text in rows:
        if author not in visible:
            visible[author] = may_access_user(call, author)
        if visible[author]:
            found.setdefault(item_id, []).append(f"{username} - {_day(call, created)}\n{text or ''}\n{_LINE}\n")
    texts = {item_id: "".join(parts) for item_id, parts in found.items()}
    if call.ef or not call.on(TEXT_CUT):
        return texts
    return {item_id: call.cut(text, _LONGEST) or "" for item_id, text in texts.items()}

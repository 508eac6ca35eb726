"""The read-only page on ``/``: what a person looks at after an apply. No JavaScript; everything is escaped.

No log-in and no passwords: it shows names, plans, spaces, letters' heads. The bodies of letters hold passwords and stay with
``panel outbox``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import jinja2

from resellerplan.simpanel.faces.exchange import Reply, Request

if TYPE_CHECKING:
    from resellerplan.simpanel.panel import Panel
    from resellerplan.simpanel.store import Connection, Row

__all__ = ["Pages"]

_MOST_ROWS = 500
_USER_STATUS = {1: "active", 2: "suspended", 3: "cancelled", 4: "pending"}
_SPACE_STATUS = {1: "active", 2: "suspended", 3: "cancelled", 4: "new"}
_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("resellerplan.simpanel"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("overview.html.j2")


class Pages:
    """Answers ``GET /`` for a panel; None for every other path."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel

    def __call__(self, request: Request) -> Reply | None:
        if request.path != "/":
            return None
        chosen = parse_qs(request.query).get("reseller", [""])[0]
        with self._panel.store.reading() as db:
            page = self._overview(db, chosen)
        return Reply(200, "OK", _HEADERS, (page.encode("utf-8", "replace"),))

    def _overview(self, db: Connection, chosen: str) -> str:
        resellers = db.execute(
            "SELECT user_id, username FROM users WHERE role_id = 2 AND is_peer = 0 ORDER BY username_key"
        ).fetchall()
        reseller = next((row for row in resellers if row["username"] == chosen), resellers[0] if resellers else None)
        number = 0 if reseller is None else reseller["user_id"]
        return _template().render(
            flavour=self._panel.flavour.name,
            product=self._panel.flavour.product,
            now=f"{self._panel.clock.now():%Y-%m-%d %H:%M:%S}",
            resellers=[row["username"] for row in resellers],
            reseller=None if reseller is None else reseller["username"],
            most=_MOST_ROWS,
            counts=_counts(db, number),
            customers=_customers(db, number),
            plans=_plans(db, number),
            spaces=_spaces(db, number),
            letters=_letters(db),
        )


def _counts(db: Connection, number: int) -> dict[str, int]:
    questions = {
        "customers": ("SELECT count(*) FROM users WHERE owner_id = ? AND is_peer = 0", (number,)),
        "plans": ("SELECT count(*) FROM hosting_plans WHERE user_id = ?", (number,)),
        "spaces": ("SELECT count(*) FROM packages p JOIN users u ON u.user_id = p.user_id WHERE u.owner_id = ?", (number,)),
        "letters": ("SELECT count(*) FROM outbox", ()),
    }
    return {name: db.execute(sql, values).fetchone()[0] for name, (sql, values) in questions.items()}


def _name(row: Row) -> str:
    return " ".join(part for part in (row["first_name"], row["last_name"]) if part)


def _customers(db: Connection, number: int) -> list[dict[str, object]]:
    rows = db.execute(
        "SELECT u.*, (SELECT count(*) FROM packages p WHERE p.user_id = u.user_id) AS spaces FROM users u"
        " WHERE u.owner_id = ? AND u.is_peer = 0 ORDER BY u.username_key LIMIT ?",
        (number, _MOST_ROWS),
    ).fetchall()
    return [
        {
            "id": row["user_id"],
            "username": row["username"],
            "name": _name(row),
            "email": row["email"] or "",
            "status": _USER_STATUS.get(row["status_id"], str(row["status_id"])),
            "spaces": row["spaces"],
        }
        for row in rows
    ]


def _plans(db: Connection, number: int) -> list[dict[str, object]]:
    rows = db.execute(
        "SELECT h.*, (SELECT count(*) FROM packages p WHERE p.plan_id = h.plan_id) AS spaces,"
        " (SELECT count(*) FROM package_addons a WHERE a.plan_id = h.plan_id) AS addons FROM hosting_plans h"
        " WHERE h.user_id = ? ORDER BY h.is_addon, h.plan_name LIMIT ?",
        (number, _MOST_ROWS),
    ).fetchall()
    return [
        {
            "id": row["plan_id"],
            "name": row["plan_name"],
            "kind": "add-on" if row["is_addon"] else "plan",
            "price": row["recurring_price"] or "0",
            "available": bool(row["available"]),
            "used": row["addons"] if row["is_addon"] else row["spaces"],
        }
        for row in rows
    ]


def _spaces(db: Connection, number: int) -> list[dict[str, object]]:
    rows = db.execute(
        "SELECT p.*, u.username, h.plan_name, s.server_name,"
        " (SELECT group_concat(d.domain_name, ', ') FROM domains d WHERE d.package_id = p.package_id) AS domains"
        " FROM packages p JOIN users u ON u.user_id = p.user_id LEFT JOIN hosting_plans h ON h.plan_id = p.plan_id"
        " LEFT JOIN servers s ON s.server_id = p.server_id WHERE u.owner_id = ? ORDER BY u.username_key, p.package_id LIMIT ?",
        (number, _MOST_ROWS),
    ).fetchall()
    return [
        {
            "id": row["package_id"],
            "name": row["package_name"] or "",
            "user": row["username"],
            "plan": row["plan_name"] or "none",
            "server": row["server_name"] or "none",
            "status": _SPACE_STATUS.get(row["status_id"], str(row["status_id"])),
            "own_terms": bool(row["override_quotas"]),
            "domains": row["domains"] or "",
        }
        for row in rows
    ]


def _letters(db: Connection) -> list[dict[str, object]]:
    rows = db.execute("SELECT * FROM outbox ORDER BY letter_id DESC LIMIT ?", (_MOST_ROWS,)).fetchall()
    return [
        {
            "id": row["letter_id"],
            "sent": row["sent"][:19].replace("T", " "),
            "letter": row["letter"],
            "to": row["recipient"] or "",
            "subject": row["subject"] or "",
        }
        for row in rows
    ]

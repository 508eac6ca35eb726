"""The tree of spaces: who is above and below whom, each by one recursive query, and the tree cache that usage is counted over.

The cache is the panel's own table: stored procedures count usage over it, and a half-deleted space has lost its rows there
(contract 2.4 DeletePackage).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resellerplan.simpanel.store import Connection

__all__ = ["BELOW_SPACE", "BELOW_USER", "Level", "enter_tree", "leave_tree", "levels", "spaces_below"]

BELOW_SPACE = """
WITH RECURSIVE below (package_id) AS (
    SELECT package_id FROM packages WHERE parent_package_id = ?
    UNION ALL
    SELECT p.package_id FROM packages p JOIN below b ON p.parent_package_id = b.package_id
)
"""
"""All spaces below one, itself not among them; one parameter."""

BELOW_USER = """
WITH RECURSIVE below (user_id) AS (
    SELECT user_id FROM users WHERE owner_id = ?
    UNION ALL
    SELECT u.user_id FROM users u JOIN below b ON u.owner_id = b.user_id
)
"""
"""All users below one, itself not among them, peers included; one parameter."""


@dataclass(frozen=True, slots=True)
class Level:
    """One space on the way from a space to the root."""

    package_id: int
    parent_package_id: int | None
    plan_id: int | None
    server_id: int | None
    override_quotas: bool


def levels(db: Connection, package_id: int) -> list[Level]:
    """The space and all above it, from the space upwards; empty for an unknown space."""
    rows = db.execute(
        """
        WITH RECURSIVE up (package_id, depth) AS (
            SELECT package_id, 0 FROM packages WHERE package_id = ?
            UNION ALL
            SELECT p.parent_package_id, depth + 1
            FROM packages p JOIN up ON p.package_id = up.package_id
            WHERE p.parent_package_id IS NOT NULL
        )
        SELECT p.package_id, p.parent_package_id, p.plan_id, p.server_id, p.override_quotas
        FROM up JOIN packages p ON p.package_id = up.package_id ORDER BY depth
        """,
        (package_id,),
    ).fetchall()
    return [Level(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows]


def spaces_below(db: Connection, package_id: int) -> list[int]:
    """The ids of all spaces below one, ascending."""
    rows = db.execute(BELOW_SPACE + "SELECT package_id FROM below ORDER BY package_id", (package_id,)).fetchall()
    return [row[0] for row in rows]


def enter_tree(db: Connection, package_id: int) -> None:
    """Write the cache's rows of a new space: one for itself and one per ancestor."""
    db.executemany(
        "INSERT OR IGNORE INTO packages_tree_cache (parent_package_id, package_id) VALUES (?, ?)",
        [(level.package_id, package_id) for level in levels(db, package_id)],
    )


def leave_tree(db: Connection, package_id: int) -> None:
    """Take a space out of the cache, as one that is below others and as one that has others below."""
    db.execute("DELETE FROM packages_tree_cache WHERE package_id = ? OR parent_package_id = ?", (package_id, package_id))

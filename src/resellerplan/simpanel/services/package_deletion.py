"""esPackages: DeletePackage (contract 2.4, 6.3): the checks, and what the background thread does after the reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.rights import Demand, account_check, may_access_package
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.packages import listed_below, package_row
from resellerplan.simpanel.tree import leave_tree

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call

__all__ = ["delete_later", "delete_space"]

ACCOUNT = rule("delete_package.account", "2.4, 5.1", "Deleting a space demands an active reseller, not a demo.")
RIGHTS = rule("delete_package.rights", "2.4, 5.3", "Deleting a space out of reach is a rights fault, and nothing is deleted.")
NESTED = rule("delete_package.nested", "2.4", "A space with spaces below it answers -301.")
MISSING = rule("delete_package.missing", "2.4", "A space that is not there answers -300.")
LATER = rule("delete_package.in_background", "2.4, 6.5", "The answer is 0 at once; the space goes in the background.")
PLANS_GO = rule("delete_package.plans_go_too", "2.4", "Plans that were made on the space are deleted with it.")
HALF = rule(
    "delete_package.half",
    "2.4, 6.3",
    "By stored procedure the row delete is not atomic: where the last step fails, the emptied space stays.",
)


def _delete_items(call: Call, package_id: int) -> None:
    """The service items of a space, and what of its domains points to them."""
    for column in ("zone_item_id", "web_site_id", "mail_domain_id"):
        call.db.execute(
            f"UPDATE domains SET {column} = NULL WHERE {column} IN (SELECT item_id FROM service_items WHERE package_id = ?)",
            (package_id,),
        )
    call.db.execute("DELETE FROM service_items WHERE package_id = ?", (package_id,))


def _row_can_go(call: Call, package_id: int) -> bool:
    """Whether the last step succeeds: no space below, and no plan of the space used anywhere else."""
    child = call.db.execute("SELECT 1 FROM packages WHERE parent_package_id = ? LIMIT 1", (package_id,)).fetchone()
    used = call.db.execute(
        """
        SELECT 1 FROM hosting_plans h WHERE h.package_id = ? AND (
            EXISTS (SELECT 1 FROM packages p WHERE p.plan_id = h.plan_id AND p.package_id <> h.package_id)
            OR EXISTS (SELECT 1 FROM package_addons a WHERE a.plan_id = h.plan_id AND a.package_id <> h.package_id)
        ) LIMIT 1
        """,
        (package_id,),
    ).fetchone()
    return child is None and (used is None or not call.on(PLANS_GO))


def _delete_row(call: Call, package_id: int) -> bool:
    """The row delete: everything that hangs on the space, then the space with the plans made on it.

    Says whether the row went. Where it can't go, EF undoes the whole; a stored procedure leaves the emptied row.
    """
    can_go = _row_can_go(call, package_id)
    if not can_go and (call.ef or not call.on(HALF)):
        return False
    for table in (
        "domains",
        "package_settings",
        "package_resources",
        "package_quotas",
        "package_services",
        "service_items",
    ):
        call.db.execute(f"DELETE FROM {table} WHERE package_id = ?", (package_id,))
    call.db.execute("DELETE FROM comments WHERE item_type_id = 'PACKAGE' AND item_id = ?", (package_id,))
    leave_tree(call.db, package_id)
    if not can_go:
        return False
    # The space may stand on one of its own plans; the row goes first, its add-ons with it, then nothing points to them.
    call.db.execute("DELETE FROM packages WHERE package_id = ?", (package_id,))
    if call.on(PLANS_GO):
        call.db.execute("DELETE FROM hosting_plans WHERE package_id = ?", (package_id,))
    return True


def delete_space(call: Call, package_id: int) -> bool:
    """Service items, then the row: what a background thread does to a space. Says whether the space is gone."""
    _delete_items(call, package_id)
    return _delete_row(call, package_id)


def delete_later(call: Call, package_id: int) -> None:
    """Delete a space after the reply."""
    row = package_row(call, package_id)
    name = None if row is None else row["package_name"]
    call.later(lambda later: _delete(later, package_id, name), "SPACE", "DELETE_ITEMS", name, package_id, package_id)


def _delete(call: Call, package_id: int, name: str | None) -> None:
    with call.task("SPACE", "DELETE_ITEMS", name, package_id, package_id, wraps=False):
        _delete_items(call, package_id)
    _delete_row(call, package_id)


@operation("esPackages", "DeletePackage")
def delete_package(call: Call, *, packageId: int) -> int:
    """0 says only that the deletion has begun."""
    if call.on(ACCOUNT):
        code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE, Demand.IS_RESELLER)
        if code < 0:
            return code
    # The controller reads the spaces below first, and that read faults: so a foreign space stays even where writes go on. The
    # read leaves out spaces without server or plan, so these are noticed by the row delete only.
    if call.on(RIGHTS) and not may_access_package(call, packageId):
        raise call.denied_package()
    if call.on(NESTED) and listed_below(call, packageId):
        return -301
    if package_row(call, packageId) is None and call.on(MISSING):
        return -300
    if call.on(LATER):
        delete_later(call, packageId)
    return 0

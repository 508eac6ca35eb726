"""esServers: preview names, domains below a suffix of the provider's under which a site is seen before its name is moved (2.5).

The suffix is the space's PreviewDomain setting, its own or inherited; a preview name is found by its name, no row points to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from resellerplan.simpanel.names import domain_key
from resellerplan.simpanel.rights import Demand, account_check, may_access_package
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.domain_creation import DomainKind, add_checked_domain
from resellerplan.simpanel.services.package_settings import space_settings

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row

__all__ = ["add_preview_domain", "preview_name", "preview_of", "remove_preview"]

UNCONFIGURED = rule(
    "preview_domain.unconfigured", "4", "Without a PreviewDomain setting, own or inherited, a preview domain answers -511."
)
ONCE = rule("preview_domain.once", "2.5", "A preview name that is there already is left as it is: 0.")
DEMO = rule("preview_domain.demo", "5.1", "A demo account makes and deletes no preview names (-106).")


def preview_name(call: Call, package_id: int, domain_name: str) -> str | None:
    """The name below the suffix; None, or the empty suffix, where nothing is configured."""
    _, pairs = space_settings(call, package_id, "PreviewDomain")
    suffix = {name.lower(): value for name, value in pairs if name}.get("previewdomain")
    return f"{domain_name}.{suffix}" if suffix else suffix


def preview_of(call: Call, name: str | None) -> Row | None:
    """The domain of that preview name, within reach of the caller."""
    if not name:
        return None
    rows = call.db.execute(
        "SELECT * FROM domains WHERE domain_key = ? AND is_domain_pointer = 0 ORDER BY domain_id", (domain_key(name),)
    ).fetchall()
    return next((row for row in rows if may_access_package(call, row["package_id"])), None)


def _account(call: Call) -> int:
    return account_check(call, Demand.NOT_DEMO) if call.on(DEMO) else 0


def add_preview_domain(call: Call, domain_id: int) -> int:
    """CreateDomainPreviewDomain for a domain that is there: 0 or a code."""
    code = _account(call)
    if code < 0:
        return code
    row = call.db.execute("SELECT * FROM domains WHERE domain_id = ?", (domain_id,)).fetchone()
    name = preview_name(call, row["package_id"], row["domain_name"])
    if not name:
        return -511 if call.on(UNCONFIGURED) else 0
    with call.task("DOMAIN", "CREATE_INSTANT_ALIAS", row["domain_name"], domain_id):
        if preview_of(call, name) is not None and call.on(ONCE):
            return 0
        return min(add_checked_domain(call, row["package_id"], name, DomainKind(preview=True), zone=True), 0)


def remove_preview(call: Call, row: Row) -> int:
    """Take the preview name of a domain away, with its zone; 0 where it has none."""
    found = preview_of(call, preview_name(call, row["package_id"], row["domain_name"]))
    if found is None:
        return 0
    call.db.execute("DELETE FROM domains WHERE domain_id = ?", (found["domain_id"],))
    if found["zone_item_id"]:
        call.db.execute("DELETE FROM service_items WHERE item_id = ?", (found["zone_item_id"],))
    return 0

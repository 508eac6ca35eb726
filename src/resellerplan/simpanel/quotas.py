"""Quotas and groups of spaces: what is effective, what is used, what a parent's children exceed (contract 6.4), in both logics.

``effective_*`` walk from a space to the root; a whole set of quotas costs two queries per level, not one per quota.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resellerplan.simpanel.flavours import Defect
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.tree import levels

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Connection
    from resellerplan.simpanel.tree import Level

__all__ = [
    "BOOLEAN",
    "MAXIMUM",
    "NUMERIC",
    "UNLIMITED",
    "Exceeding",
    "Quota",
    "effective_groups",
    "effective_quota",
    "effective_quotas",
    "exceeding",
    "is_exhausted",
    "quota_named",
    "quotas",
    "server_groups",
    "service_of",
    "usage",
    "usages",
]

BOOLEAN, NUMERIC, MAXIMUM = 1, 2, 3
UNLIMITED = -1

EXCEED = rule("quota.exceed", "6.4", "A parent whose finite quota its direct children's sum exceeds refuses with -305.")
EXCEED_NULL = rule(
    "quota.exceed_null_sum",
    "6.4",
    "Stored procedures: without children of all three kinds (plan, overrides, addons) the sum is null: nothing exceeds.",
)
EXCEED_PARENT_ROW = rule(
    "quota.exceed_only_listed", "6.4", "Only quotas with a row in the parent's own plan or overrides are checked."
)
EXCEED_FINITE = rule(
    "quota.exceed_counts_unlimited",
    "6.4",
    "An unlimited child counts as -1 in stored procedures; EF sums finite values only.",
)
MINIMUM = rule("quota.minimum_of_chain", "6.4", "The effective value is the smallest of the chain; 0 anywhere is 0.")
ADDONS = rule("quota.addons_added", "6.4", "Active addons add value times quantity; for a boolean they switch it on.")
ADDON_SUM_FIRST = rule(
    "quota.addon_sum_first",
    "6.4",
    "All addons are summed first; only a negative sum is unlimited, so an addon on an unlimited plan limits it.",
)
OVERRIDES = rule("quota.overrides_replace_plan", "6.4", "With overrides on, the space's own values count, not the plan's.")
GROUP_EVERYWHERE = rule("group.listed_everywhere", "6.4", "A group is effective only if every level lists it.")
GROUP_SERVICE = rule(
    "group.needs_service", "6.4", "A group is effective only if the space's server has a service of it; no server, no test."
)
NO_GROUP = rule("quota.group_not_asked", "1x db 6.4", "A quota is effective though its group is not listed.")
UNKNOWN_SPACE = rule("quota.unknown_space", "1x db 6.5", "A space that is not there has every quota without limit.")
GROUP_OF_NONE = rule("group.of_no_space", "2.4", "What has no parent has every group enabled in its parent.")
GROUP_NO_SERVER = rule("group.server_minus_1", "2.3", "Asked for server -1, no services are looked for.")
GROUP_SERVICE_LEVELS = rule(
    "group.service_levels", "Appendix A", "The group Service Levels needs no service, but a server that is not -1."
)
LEAF_USAGE = rule("quota.leaf_usage_zero", "7.4.8", "EF: a space's own usage counts 0.")


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota of the world's catalogue."""

    id: int
    group_id: int
    name: str
    description: str | None
    type: int
    hidden: bool
    per_organization: bool


@dataclass(frozen=True, slots=True)
class Exceeding:
    """A parent's quota that its children exceed, and by how much."""

    quota_id: int
    name: str
    excess: int


_QUOTA_COLUMNS = "quota_id, group_id, quota_name, quota_description, quota_type_id, hide_quota, per_organization"


def _quota(row: tuple[object, ...]) -> Quota:
    number, group, name, description, kind, hidden, per_organization = row
    return Quota(number, group, name, description, kind, bool(hidden), bool(per_organization))  # type: ignore[arg-type]  # columns of the store


def quotas(db: Connection, *, hidden: bool = False) -> list[Quota]:
    """All quotas in the panel's order; hidden ones only where asked for."""
    condition = "" if hidden else " WHERE hide_quota = 0"
    rows = db.execute(f"SELECT {_QUOTA_COLUMNS} FROM quotas{condition} ORDER BY quota_order, quota_id")
    return [_quota(tuple(row)) for row in rows]


def quota_named(db: Connection, name: str | None) -> Quota | None:
    """A quota by name, without case; hidden ones too."""
    row = db.execute(f"SELECT {_QUOTA_COLUMNS} FROM quotas WHERE quota_name = ?", (name or "",)).fetchone()
    return None if row is None else _quota(tuple(row))


# -- effective values -------------------------------------------------------------------------------------------------------


def _own_values(call: Call, level: Level) -> dict[int, int]:
    """What a level's plan or overrides list."""
    if level.override_quotas and call.on(OVERRIDES):
        rows = call.db.execute("SELECT quota_id, quota_value FROM package_quotas WHERE package_id = ?", (level.package_id,))
    else:
        rows = call.db.execute("SELECT quota_id, quota_value FROM hosting_plan_quotas WHERE plan_id = ?", (level.plan_id,))
    return {row[0]: row[1] for row in rows}


def _addon_sums(call: Call, level: Level) -> dict[int, int]:
    """Value times quantity over a level's active addons."""
    if not call.on(ADDONS):
        return {}
    rows = call.db.execute(
        """
        SELECT q.quota_id, SUM(q.quota_value * a.quantity)
        FROM package_addons a JOIN hosting_plan_quotas q ON q.plan_id = a.plan_id
        WHERE a.package_id = ? AND a.status_id = 1 GROUP BY q.quota_id
        """,
        (level.package_id,),
    )
    return {row[0]: row[1] for row in rows}


def _with_addons(call: Call, kind: int, own: int, added: int | None) -> int:
    """A level's value with its addons' sum."""
    if added is None:
        return own
    if kind == BOOLEAN:
        return 1 if added > 0 and own == 0 else own
    if added < 0:
        return UNLIMITED
    if own == UNLIMITED and not call.on(ADDON_SUM_FIRST):
        return UNLIMITED
    return own + added


def effective_quotas(call: Call, package_id: int, wanted: Iterable[Quota]) -> dict[int, int]:
    """What a space really has of each quota. The root, and a space that is not there, have everything."""
    wanted = list(wanted)
    result = {quota.id: 1 if quota.type == BOOLEAN else UNLIMITED for quota in wanted}
    off: set[int] = set()
    chain = levels(call.db, package_id)
    if not chain and not call.on(UNKNOWN_SPACE):
        return dict.fromkeys(result, 0)
    if not call.on(MINIMUM):
        chain = chain[:1]
    for level in chain:
        if level.parent_package_id is None:
            continue
        own, added = _own_values(call, level), _addon_sums(call, level)
        if not call.on(NO_GROUP):
            groups = _level_groups(call, level)
            off |= {quota.id for quota in wanted if quota.group_id not in groups}
        for quota in wanted:
            value = _with_addons(call, quota.type, own.get(quota.id, 0), added.get(quota.id))
            if value == 0:
                off.add(quota.id)
            elif quota.type != BOOLEAN and value != UNLIMITED:
                before = result[quota.id]
                result[quota.id] = value if before == UNLIMITED else min(before, value)
    for number in off:
        result[number] = 0
    return result


def effective_quota(call: Call, package_id: int, quota: Quota) -> int:
    """What a space really has of one quota."""
    return effective_quotas(call, package_id, (quota,))[quota.id]


def server_groups(db: Connection, server_id: int) -> frozenset[int]:
    """The groups that have a service on a server, its own or, for a virtual one, a borrowed one."""
    rows = db.execute(
        """
        SELECT group_id FROM services WHERE server_id = ?
        UNION
        SELECT s.group_id FROM virtual_services v JOIN services s ON s.service_id = v.service_id WHERE v.server_id = ?
        """,
        (server_id, server_id),
    )
    return frozenset(row[0] for row in rows)


def _level_groups(call: Call, level: Level) -> frozenset[int]:
    if level.override_quotas and call.on(OVERRIDES):
        own = call.db.execute("SELECT group_id FROM package_resources WHERE package_id = ?", (level.package_id,))
    else:
        own = call.db.execute("SELECT group_id FROM hosting_plan_resources WHERE plan_id = ?", (level.plan_id,))
    added = call.db.execute(
        """
        SELECT r.group_id FROM package_addons a JOIN hosting_plan_resources r ON r.plan_id = a.plan_id
        WHERE a.package_id = ? AND a.status_id = 1
        """,
        (level.package_id,),
    )
    return frozenset(row[0] for row in own) | frozenset(row[0] for row in added)


_NO_SERVER = -1


def effective_groups(call: Call, package_id: int | None, server_id: int = 0) -> frozenset[int]:
    """The groups that are effective in a space; ``server_id`` 0 means the space's own server.

    A space that is not there (0 too) has none by stored procedure and all by EF (contract 2.3, 2.4); no space at all, as the
    parent of the root, has all. Server -1 is no server: its services are not looked for.
    """
    everything = frozenset(row[0] for row in call.db.execute("SELECT group_id FROM resource_groups"))
    if package_id is None and call.on(GROUP_OF_NONE):
        return everything
    chain = levels(call.db, package_id) if package_id else []
    if not chain:
        return everything if call.ef else frozenset()
    found = everything
    for level in chain if call.on(GROUP_EVERYWHERE) else chain[:1]:
        if level.parent_package_id is not None:
            found &= _level_groups(call, level)
    server = server_id or chain[0].server_id
    levels_of_service = _service_levels(call) if call.on(GROUP_SERVICE_LEVELS) else frozenset()
    if server == _NO_SERVER and call.on(GROUP_NO_SERVER):
        return found - levels_of_service
    if server and call.on(GROUP_SERVICE):
        found &= server_groups(call.db, server) | levels_of_service
    return found


def _service_levels(call: Call) -> frozenset[int]:
    """The one group that needs no service."""
    return frozenset(row[0] for row in call.db.execute("SELECT group_id FROM resource_groups WHERE group_name = 'Service Levels'"))


SERVICE_NEEDS_GROUP = rule(
    "service.needs_group", "2.3", "A space has a service of a group only where the group is effective: a quota alone does not do."
)


def service_of(call: Call, package_id: int, group_id: int) -> int | None:
    """The service that a space's items of a group go to: the first of its server; None without one, or without the group."""
    if call.on(SERVICE_NEEDS_GROUP) and group_id not in effective_groups(call, package_id):
        return None
    row = call.db.execute(
        """
        SELECT s.service_id FROM packages p JOIN services s
        ON s.server_id = p.server_id
        OR s.service_id IN (SELECT v.service_id FROM virtual_services v WHERE v.server_id = p.server_id)
        WHERE p.package_id = ? AND s.group_id = ? ORDER BY s.service_id LIMIT 1
        """,
        (package_id, group_id),
    ).fetchone()
    return None if row is None else row[0]


# -- usage ------------------------------------------------------------------------------------------------------------------

_DOMAINS, _SUB_DOMAINS, _POINTERS, _SCHEDULED = 53, 54, 220, 71
_ITEM_QUOTAS: Mapping[str, str] = {
    "site": "Web.Sites",
    "ftp_account": "FTP.Accounts",
    "mail_account": "Mail.Accounts",
    "mail_forwarding": "Mail.Forwardings",
    "mail_group": "Mail.Groups",
    "mail_list": "Mail.Lists",
    "organization": "HostedSolution.Organizations",
    "statistics_site": "Stats.Sites",
    "dsn": "OS.ODBC",
}

_TREE = "SELECT package_id FROM packages_tree_cache WHERE parent_package_id = ?"


def usages(call: Call, package_id: int) -> dict[int, int]:
    """How much of every counted quota a space and those below it use; quotas without usage are left out (they use 0)."""
    tree, parameters = _TREE, [package_id]
    if call.has(Defect.LEAF_USAGE_ZERO) and call.on(LEAF_USAGE):
        tree, parameters = f"{_TREE} AND package_id <> ?", [package_id, package_id]
    found: dict[int, int] = {}
    domains = call.db.execute(
        f"""
        SELECT CASE WHEN is_domain_pointer THEN {_POINTERS} WHEN is_sub_domain THEN {_SUB_DOMAINS} ELSE {_DOMAINS} END, count(*)
        FROM domains WHERE is_preview_domain = 0 AND package_id IN ({tree}) GROUP BY 1
        """,
        parameters,
    )
    found.update((row[0], row[1]) for row in domains)
    items = call.db.execute(
        f"""
        SELECT i.item_type, g.group_name, count(*) FROM service_items i JOIN resource_groups g ON g.group_id = i.group_id
        WHERE i.package_id IN ({tree}) GROUP BY 1, 2
        """,
        parameters,
    ).fetchall()
    for item_type, group_name, number in items:
        name = _ITEM_QUOTAS.get(item_type) or {
            "database": f"{group_name}.Databases",
            "database_user": f"{group_name}.Users",
        }.get(item_type)
        quota = quota_named(call.db, name) if name else None
        if quota is not None:
            found[quota.id] = found.get(quota.id, 0) + number
    scheduled = call.db.execute(
        f"SELECT count(*) FROM schedules WHERE package_id IN ({tree})",
        parameters,
    ).fetchone()[0]
    if scheduled:
        found[_SCHEDULED] = scheduled
    return found


def usage(call: Call, package_id: int, quota: Quota) -> int:
    """How much of one quota a space and those below it use."""
    return usages(call, package_id).get(quota.id, 0)


def is_exhausted(allocated: int, used: int) -> bool:
    """What the panel calls exhausted; a boolean that is off is exhausted too (contract 2.4)."""
    return allocated != UNLIMITED and used >= allocated


# -- exceeding --------------------------------------------------------------------------------------------------------------

_SUMS = {
    "plans": """
        SELECT h.quota_id, SUM(h.quota_value) FROM packages p JOIN hosting_plan_quotas h ON h.plan_id = p.plan_id
        WHERE p.parent_package_id = ? AND p.override_quotas = 0 {only} GROUP BY h.quota_id
        """,
    "overrides": """
        SELECT h.quota_id, SUM(h.quota_value) FROM packages p JOIN package_quotas h ON h.package_id = p.package_id
        WHERE p.parent_package_id = ? AND p.override_quotas = 1 {only} GROUP BY h.quota_id
        """,
    "addons": """
        SELECT h.quota_id, SUM(h.quota_value * a.quantity) FROM packages p
        JOIN package_addons a ON a.package_id = p.package_id JOIN hosting_plan_quotas h ON h.plan_id = a.plan_id
        WHERE p.parent_package_id = ? AND a.status_id = 1 {only} GROUP BY h.quota_id
        """,
}


def exceeding(call: Call, package_id: int | None) -> list[Exceeding]:
    """The quotas of a parent space that its direct children exceed. The root, and no space, are never exceeded."""
    chain = levels(call.db, package_id) if package_id is not None else []
    if not call.on(EXCEED) or not chain or chain[0].parent_package_id is None:
        return []
    listed = _own_values(call, chain[0])
    candidates = [
        quota
        for quota in quotas(call.db, hidden=True)
        if quota.type == NUMERIC and (quota.id in listed or not call.on(EXCEED_PARENT_ROW))
    ]
    if not candidates:
        return []
    limits = {
        quota: limit for quota, limit in effective_quotas(call, chain[0].package_id, candidates).items() if limit != UNLIMITED
    }
    if not limits:
        return []
    finite = call.ef and call.on(EXCEED_FINITE)
    only = f"AND h.quota_id IN ({', '.join(map(str, limits))}){' AND h.quota_value <> -1' if finite else ''}"
    sums = [{row[0]: row[1] for row in call.db.execute(query.format(only=only), (package_id,))} for query in _SUMS.values()]
    nulls_count = not call.ef and call.on(EXCEED_NULL)
    found = []
    for quota in sorted(candidates, key=lambda candidate: candidate.id):
        if quota.id not in limits:
            continue
        parts = [part.get(quota.id) for part in sums]
        if nulls_count and None in parts:
            continue
        excess = sum(part or 0 for part in parts) - limits[quota.id]
        if excess > 0:
            found.append(Exceeding(quota.id, quota.name, excess))
    return found

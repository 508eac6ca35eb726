"""esServers: servers and the catalogue of groups and quotas (contract 2.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.caller import SUPERVISOR
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.quotas import quota_named
from resellerplan.simpanel.rights import ADMINISTRATOR, Demand, account_check
from resellerplan.simpanel.rules import rule

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row

ADMIN = rule(
    "servers.admin_only", "2.5", "Servers are the administrator's affair: -107 for anybody else, null or empty when reading."
)
AGENT = rule("add_server.agent", "2.5", "A server that is not virtual is made only if its agent answers.")
PARENTS_NOT_STORED = rule(
    "add_server.parents_not_stored", "2.5", "ADParentDomain and ADParentDomainController are not stored by AddServer."
)
ORDER_ZERO = rule("resource_groups.order_zero", "2.5", "The order of a resource group comes back 0.")
HIDE_ADMIN = rule("quota_hidden.admin_only", "2.5", "Only administrators hide quotas.")

_AGENT_REFUSES = -404
"""The code for a server whose agent can't be reached (of the group -400 ... -409, contract 4)."""


def _is_admin(call: Call) -> bool:
    return call.caller.user_id == SUPERVISOR or call.caller.role_id == ADMINISTRATOR or not call.on(ADMIN)


def _admin_check(call: Call) -> int:
    demands = (Demand.NOT_DEMO, Demand.IS_ACTIVE, *((Demand.IS_ADMIN,) if call.on(ADMIN) else ()))
    return account_check(call, *demands)


def _text(server: Mapping[str, object], name: str) -> str | None:
    value = server.get(name)
    return None if value is None else str(value)


@operation("esServers", "AddServer")
def add_server(call: Call, *, server: Mapping[str, object] | None, autoDiscovery: bool) -> int:
    """A server's row. A virtual one needs no agent; another one has none here that could answer."""
    code = _admin_check(call)
    if code < 0:
        return code
    if server is None:
        raise faults.null_reference()
    if not server.get("VirtualServer") and call.on(AGENT):
        return _AGENT_REFUSES
    with call.task("SERVER", "ADD", _text(server, "ServerName"), wraps=False) as record:
        kept = "" if call.on(PARENTS_NOT_STORED) else None
        call.db.execute(
            """
            INSERT INTO servers (server_name, server_url, password, comments, virtual_server, instant_domain_alias,
                primary_group_id, ad_root_domain, ad_username, ad_password, ad_authentication_type, ad_enabled, ad_parent_domain,
                ad_parent_domain_controller) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                call.cut(_text(server, "ServerName") or "", 100),
                _text(server, "ServerUrl") or "",
                call.panel.crypt.seal(_text(server, "Password") or ""),
                _text(server, "Comments"),
                int(bool(server.get("VirtualServer"))),
                _text(server, "InstantDomainAlias"),
                server.get("PrimaryGroupId") or None,
                _text(server, "ADRootDomain"),
                _text(server, "ADUsername"),
                call.panel.crypt.seal(_text(server, "ADPassword") or ""),
                _text(server, "ADAuthenticationType"),
                int(bool(server.get("ADEnabled"))),
                None if kept == "" else _text(server, "ADParentDomain"),
                None if kept == "" else _text(server, "ADParentDomainController"),
            ),
        )
        record.item_id = call.inserted("servers")
        return record.item_id


@operation("esServers", "UpdateServer")
def update_server(call: Call, *, server: Mapping[str, object] | None) -> int:
    """Overwrite a server's row but for its passwords."""
    code = _admin_check(call)
    if code < 0:
        return code
    if server is None:
        raise faults.null_reference()
    with call.task("SERVER", "UPDATE", _text(server, "ServerName"), wraps=False):
        call.db.execute(
            """
            UPDATE servers SET server_name = ?, server_url = ?, comments = ?, virtual_server = ?, instant_domain_alias = ?,
                primary_group_id = ?, ad_root_domain = ?, ad_username = ?, ad_authentication_type = ?, ad_enabled = ?,
                ad_parent_domain = ?, ad_parent_domain_controller = ? WHERE server_id = ?
            """,
            (
                _text(server, "ServerName") or "",
                _text(server, "ServerUrl") or "",
                _text(server, "Comments"),
                int(bool(server.get("VirtualServer"))),
                _text(server, "InstantDomainAlias"),
                server.get("PrimaryGroupId") or None,
                *(_text(server, name) for name in ("ADRootDomain", "ADUsername", "ADAuthenticationType")),
                int(bool(server.get("ADEnabled"))),
                *(_text(server, name) for name in ("ADParentDomain", "ADParentDomainController")),
                server.get("ServerId") or 0,
            ),
        )
    return 0


def _server_info(row: Row) -> dict[str, object]:
    return {
        "PrimaryGroupId": row["primary_group_id"] or 0,
        "ADRootDomain": row["ad_root_domain"],
        "ADAuthenticationType": row["ad_authentication_type"],
        "ADUsername": row["ad_username"],
        "ADPassword": None,
        "ServerId": row["server_id"],
        "ServerName": row["server_name"],
        "ServerUrl": row["server_url"],
        "Comments": row["comments"],
        "Password": None,
        "VirtualServer": bool(row["virtual_server"]),
        "InstantDomainAlias": row["instant_domain_alias"],
        "ADEnabled": bool(row["ad_enabled"]),
        "ADParentDomain": row["ad_parent_domain"],
        "ADParentDomainController": row["ad_parent_domain_controller"],
        "PasswordIsSHA256": False,
    }


@operation("esServers", "GetServerById")
def get_server_by_id(call: Call, *, serverId: int) -> dict[str, object] | None:
    """A server, for administrators."""
    row = call.db.execute("SELECT * FROM servers WHERE server_id = ?", (serverId,)).fetchone() if _is_admin(call) else None
    return None if row is None else _server_info(row)


@operation("esServers", "GetServerByName")
def get_server_by_name(call: Call, *, serverName: str | None) -> dict[str, object] | None:
    """A server by its name, for administrators."""
    row = None
    if _is_admin(call):
        row = call.db.execute("SELECT * FROM servers WHERE server_name = ? ORDER BY server_id", (serverName,)).fetchone()
    return None if row is None else _server_info(row)


@operation("esServers", "GetServers")
def get_servers(call: Call) -> list[dict[str, object]]:
    """All servers, virtual ones too, for administrators."""
    rows = call.db.execute("SELECT * FROM servers ORDER BY server_id").fetchall() if _is_admin(call) else []
    return [_server_info(row) for row in rows]


@operation("esServers", "GetAllServers")
def get_all_servers(call: Call) -> list[dict[str, object]]:
    """The same."""
    return get_servers(call)


@operation("esServers", "DeleteServer")
def delete_server(call: Call, *, serverId: int) -> int:
    """Remove a server without services that no space and no plan uses."""
    code = _admin_check(call)
    if code < 0:
        return code
    for table, refusal in (("services", -1701), ("packages", -1702), ("hosting_plans", -1703)):
        if call.db.execute(f"SELECT 1 FROM {table} WHERE server_id = ? LIMIT 1", (serverId,)).fetchone() is not None:
            return refusal
    call.db.execute("DELETE FROM virtual_services WHERE server_id = ?", (serverId,))
    call.db.execute("DELETE FROM servers WHERE server_id = ?", (serverId,))
    return 0


# -- catalogue --------------------------------------------------------------------------------------------------------------


def _group_info(call: Call, row: Row) -> dict[str, object]:
    controller = row["group_controller"]
    return {
        "GroupOrder": 0 if call.on(ORDER_ZERO) else row["group_order"],
        "GroupName": row["group_name"],
        "GroupId": row["group_id"],
        "GroupController": controller,
    }


@operation("esServers", "GetResourceGroups")
def get_resource_groups(call: Call) -> list[dict[str, object]]:
    """All groups by order."""
    rows = call.db.execute("SELECT * FROM resource_groups ORDER BY group_order, group_id").fetchall()
    return [_group_info(call, row) for row in rows]


@operation("esServers", "GetResourceGroup")
def get_resource_group(call: Call, *, groupId: int) -> dict[str, object] | None:
    """One group."""
    row = call.db.execute("SELECT * FROM resource_groups WHERE group_id = ?", (groupId,)).fetchone()
    return None if row is None else _group_info(call, row)


@operation("esServers", "GetQuotaHidden")
def get_quota_hidden(call: Call, *, quotaName: str | None, groupID: int) -> object:
    """Whether a quota is hidden: text on 1.x, a boolean on 2.x."""
    quota = quota_named(call.db, quotaName)
    hidden = quota is not None and quota.group_id == groupID and quota.hidden
    return hidden if call.flavour.face == "corewcf" else str(hidden)


@operation("esServers", "UpdateQuotaHidden")
def update_quota_hidden(call: Call, *, quotaName: str | None, groupID: int, hideQuota: bool) -> int:
    """Hide a quota, or show it again."""
    demands = (Demand.NOT_DEMO, Demand.IS_ACTIVE, *((Demand.IS_ADMIN,) if call.on(HIDE_ADMIN) else ()))
    code = account_check(call, *demands)
    if code < 0:
        return code
    call.db.execute(
        "UPDATE quotas SET hide_quota = ? WHERE quota_name = ? AND group_id = ?", (int(hideQuota), quotaName or "", groupID)
    )
    return 0

"""esServers: servers and the catalogue of groups and quotas (contract 2.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.caller import SUPERVISOR
from resellerplan.simpanel.collation import SORT_KEY
from resellerplan.simpanel.datasets import dataset
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.quotas import quota_named
from resellerplan.simpanel.rights import ADMINISTRATOR, Demand, account_check
from resellerplan.simpanel.rules import rule

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row
    from resellerplan.simpanel.wire import DataSet

__all__ = ["admin_check", "is_admin", "server_row"]

ADMIN = rule(
    "servers.admin_only", "2.5", "Servers are the administrator's affair: -107 for anybody else, null or empty when reading."
)
AGENT = rule("add_server.agent", "2.5", "A server that is not virtual is made only if its agent answers.")
PARENTS_NOT_STORED = rule(
    "add_server.parents_not_stored", "2.5", "ADParentDomain and ADParentDomainController are not stored by AddServer."
)
PHYSICAL = rule(
    "servers.physical_only", "2.5", "GetServers lists servers that are not virtual, GetAllServers all, GetVirtualServers the rest."
)
SHORT_UNCHECKED = rule("servers.short_unchecked", "2.5", "A server's short details are anybody's.")
ORDER_ZERO = rule("resource_groups.order_zero", "2.5", "The order of a resource group comes back 0.")
HIDE_ADMIN = rule("quota_hidden.admin_only", "2.5", "Only administrators hide quotas.")

_AGENT_REFUSES = -409
"""The code for a server whose agent can't be reached (of the group -400 ... -409, contract 4)."""


def is_admin(call: Call) -> bool:
    """Whether servers show themselves to the caller."""
    return call.caller.user_id == SUPERVISOR or call.caller.role_id == ADMINISTRATOR or not call.on(ADMIN)


def admin_check(call: Call) -> int:
    """The account check of whatever changes servers: 0 or a code, -107 for who is no administrator."""
    demands = (Demand.NOT_DEMO, Demand.IS_ACTIVE, *((Demand.IS_ADMIN,) if call.on(ADMIN) else ()))
    return account_check(call, *demands)


def _text(server: Mapping[str, object], name: str) -> str | None:
    value = server.get(name)
    return None if value is None else str(value)


@operation("esServers", "AddServer")
def add_server(call: Call, *, server: Mapping[str, object] | None, autoDiscovery: bool) -> int:
    """A server's row. A virtual one needs no agent; another one has none here that could answer."""
    code = admin_check(call)
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


def server_row(call: Call, server_id: int) -> Row:
    """A server's row. Raises the NullReference of a server that is not there."""
    row: Row | None = call.db.execute("SELECT * FROM servers WHERE server_id = ?", (server_id,)).fetchone()
    if row is None:
        raise faults.null_reference()
    return row


@operation("esServers", "UpdateServer")
def update_server(call: Call, *, server: Mapping[str, object] | None) -> int:
    """Overwrite a server's row but for its passwords and its kind. One that is not virtual must answer first."""
    code = admin_check(call)
    if code < 0:
        return code
    if server is None:
        raise faults.null_reference()
    number = server.get("ServerId")
    row = server_row(call, number if isinstance(number, int) else 0)
    with call.task("SERVER", "UPDATE", row["server_name"], row["server_id"], wraps=False):
        if not row["virtual_server"] and call.on(AGENT):
            return _AGENT_REFUSES
        call.db.execute(
            """
            UPDATE servers SET server_name = ?, server_url = ?, comments = ?, instant_domain_alias = ?,
                primary_group_id = ?, ad_root_domain = ?, ad_username = ?, ad_authentication_type = ?, ad_enabled = ?,
                ad_parent_domain = ?, ad_parent_domain_controller = ? WHERE server_id = ?
            """,
            (
                call.cut(_text(server, "ServerName") or "", 100),
                _text(server, "ServerUrl") or "",
                _text(server, "Comments"),
                _text(server, "InstantDomainAlias"),
                server.get("PrimaryGroupId") or None,
                *(_text(server, name) for name in ("ADRootDomain", "ADUsername", "ADAuthenticationType")),
                int(bool(server.get("ADEnabled"))),
                *(_text(server, name) for name in ("ADParentDomain", "ADParentDomainController")),
                row["server_id"],
            ),
        )
    return 0


def _change_password(call: Call, server_id: int, column: str, task: str, password: str | None) -> int:
    code = admin_check(call)
    if code < 0:
        return code
    row = server_row(call, server_id)
    with call.task("SERVER", task, row["server_name"], server_id, wraps=False):
        call.db.execute(f"UPDATE servers SET {column} = ? WHERE server_id = ?", (call.panel.crypt.seal(password or ""), server_id))
    return 0


@operation("esServers", "UpdateServerConnectionPassword")
def update_server_connection_password(call: Call, *, serverId: int, password: str | None) -> int:
    """The password by which the panel talks to a server's agent; no agent is asked."""
    return _change_password(call, serverId, "password", "UPDATE_PASSWORD", password)


@operation("esServers", "UpdateServerADPassword")
def update_server_ad_password(call: Call, *, serverId: int, adPassword: str | None) -> int:
    """The password of a server's directory account."""
    return _change_password(call, serverId, "ad_password", "UPDATE_AD_PASSWORD", adPassword)


@operation("esServers", "CheckServerAvailable")
def check_server_available(call: Call, *, serverUrl: str | None, password: str | None) -> int:
    """Whether an agent answers at an address: none does here."""
    code = admin_check(call)
    if code < 0:
        return code
    with call.task("SERVER", "CHECK_AVAILABILITY", serverUrl, wraps=False):
        return _AGENT_REFUSES


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
    row = call.db.execute("SELECT * FROM servers WHERE server_id = ?", (serverId,)).fetchone() if is_admin(call) else None
    return None if row is None else _server_info(row)


@operation("esServers", "GetServerByName")
def get_server_by_name(call: Call, *, serverName: str | None) -> dict[str, object] | None:
    """A server by its name, for administrators."""
    row = None
    if is_admin(call):
        row = call.db.execute("SELECT * FROM servers WHERE server_name = ? ORDER BY server_id", (serverName,)).fetchone()
    return None if row is None else _server_info(row)


_LISTED = frozenset({"ServerId", "ServerName", "ServerUrl", "Comments"})
_SHORT = frozenset({"ServerId", "ServerName", "Comments", "VirtualServer", "InstantDomainAlias"})
_SERVERS = "ServerId:int! ServerName:string ServerUrl:string ServicesNumber:int! Comments:string"
_BY_KIND = f"{_SERVERS} PrimaryGroupId:int"
_BORROWED = "(SELECT count(*) FROM virtual_services v WHERE v.server_id = s.server_id)"


def _rows(call: Call, what: str, where: str) -> list[Row]:
    """Servers in the order of their names, none for anybody but administrators."""
    if not is_admin(call):
        return []
    name = "s.server_name" if call.ef else f"{SORT_KEY}(s.server_name)"
    return call.db.execute(f"SELECT {what} FROM servers s WHERE {where} ORDER BY s.virtual_server, {name}, s.server_id").fetchall()


def _some(row: Row, members: frozenset[str]) -> dict[str, object]:
    """A server as a list gives it: the members that it reads, the others with the defaults of the class."""
    defaults: dict[type, object] = {int: 0, bool: False}
    return {name: value if name in members else defaults.get(type(value)) for name, value in _server_info(row).items()}


@operation("esServers", "GetServers")
def get_servers(call: Call) -> list[dict[str, object]]:
    """The servers that are not virtual, by name, for administrators."""
    kept = _LISTED | {"PrimaryGroupId", "ADEnabled"}
    return [_some(row, kept) for row in _rows(call, "s.*", "s.virtual_server = 0" if call.on(PHYSICAL) else "1")]


@operation("esServers", "GetAllServers")
def get_all_servers(call: Call) -> list[dict[str, object]]:
    """All servers, virtual ones last, for administrators."""
    return [_some(row, _LISTED) for row in _rows(call, "s.*", "1")]


@operation("esServers", "GetRawAllServers")
def get_raw_all_servers(call: Call) -> DataSet:
    """The same as a table."""
    columns = f"s.server_id, s.server_name, s.server_url, {_BORROWED}, s.comments"
    return dataset(call, (_SERVERS, _rows(call, columns, "1")))


@operation("esServers", "GetVirtualServers")
def get_virtual_servers(call: Call) -> DataSet:
    """The virtual servers by name, with the number of services they borrow."""
    columns = f"s.server_id, s.server_name, s.server_url, {_BORROWED}, s.comments, s.primary_group_id"
    return dataset(call, (_BY_KIND, _rows(call, columns, "s.virtual_server = 1")))


@operation("esServers", "GetServerShortDetails")
def get_server_short_details(call: Call, *, serverId: int) -> dict[str, object] | None:
    """What of a server is no secret; no rights are checked."""
    row = call.db.execute("SELECT * FROM servers WHERE server_id = ?", (serverId,)).fetchone()
    if row is None or not (call.on(SHORT_UNCHECKED) or is_admin(call)):
        return None
    return _some(row, _SHORT)


@operation("esServers", "DeleteServer")
def delete_server(call: Call, *, serverId: int) -> int:
    """Remove a server without services that no space and no plan uses."""
    code = admin_check(call)
    if code < 0:
        return code
    row = server_row(call, serverId)
    with call.task("SERVER", "DELETE", row["server_name"], serverId, wraps=False):
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

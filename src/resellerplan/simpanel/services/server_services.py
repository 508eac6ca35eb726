"""esServers: services of servers, clusters and what else only administrators see (contract 2.5).

Others get null, an empty list or -107, as the contract says. For administrators some answers need the catalogue of providers or
an agent, which this panel does not have: these are said to be missing by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.datasets import dataset
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.quotas import service_of
from resellerplan.simpanel.rights import may_access_package
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.hosting_plan_quotas import visible_groups
from resellerplan.simpanel.services.servers import admin_check, is_admin, server_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.wire import DataSet

PROVIDER_RIGHTS = rule("package_service_provider.rights", "5.3", "The provider of a space out of reach is a rights fault.")
BORROW_ONCE = rule("virtual_services.once", "2.5", "A service that a virtual server borrows already is not added again.")

_WRITES = (
    *(
        "AddService",
        "UpdateService",
        "DeleteService",
        "UpdateServiceSettings",
        "UpdateVirtualGroups",
        "AddCluster",
        "DeleteCluster",
    ),
    *("DiscoverAndAddServices", "CloseTerminalServicesSession", "TerminateWindowsProcess", "TerminateOSProcess"),
    *("ChangeWindowsServiceStatus", "ChangeOSServiceStatus", "ClearLog", "RebootSystem"),
)
"""What changes servers: -107 for others; for administrators it is missing here."""


def _administrators_write(name: str) -> Callable[..., object]:
    def refuse(call: Call, **_: object) -> object:
        code = admin_check(call)
        if code < 0:
            return code
        raise faults.no_such_call("esServers", name)

    return operation("esServers", name)(refuse)


for _name in _WRITES:
    _administrators_write(_name)


def _known(call: Call, name: str, query: str, *parameters: object) -> None:
    """Raise where the answer needs a provider's name: where this query finds a service, and an administrator asks."""
    if is_admin(call) and call.db.execute(query, parameters).fetchone() is not None:
        raise faults.no_such_call("esServers", name)


_ON_SERVER = "SELECT 1 FROM services WHERE server_id = ?"
_NAMED_GROUPS = "GroupId:int! GroupName:string"
_NAMED_SERVICES = "ServiceId:int! ServerId:int! ServiceName:string Comments:string GroupId:int! ProviderName:string"


def _groups(call: Call) -> list[tuple[object, ...]]:
    shown = [(row["group_id"], row["group_name"]) for row in visible_groups(call, 0)]
    return list(shown) if is_admin(call) else []


@operation("esServers", "GetServicesByServerId")
def get_services_by_server_id(call: Call, *, serverId: int) -> list[object]:
    """The services of a server."""
    _known(call, "GetServicesByServerId", _ON_SERVER, serverId)
    return []


@operation("esServers", "GetServicesByServerIdGroupName")
def get_services_by_server_id_group_name(call: Call, *, serverId: int, groupName: str | None) -> list[object]:
    """Those of one group."""
    query = "SELECT 1 FROM services v JOIN resource_groups g ON g.group_id = v.group_id WHERE v.server_id = ? AND g.group_name = ?"
    _known(call, "GetServicesByServerIdGroupName", query, serverId, groupName or "")
    return []


@operation("esServers", "GetServiceInfo")
def get_service_info(call: Call, *, serviceId: int) -> None:
    """One service."""
    _known(call, "GetServiceInfo", "SELECT 1 FROM services WHERE service_id = ?", serviceId)


@operation("esServers", "GetRawServicesByServerId")
def get_raw_services_by_server_id(call: Call, *, serverId: int) -> DataSet:
    """The shown groups, and the services of a server."""
    _known(call, "GetRawServicesByServerId", _ON_SERVER, serverId)
    return dataset(call, (_NAMED_GROUPS, _groups(call)), (_NAMED_SERVICES, []))


@operation("esServers", "GetRawServers")
def get_raw_servers(call: Call) -> DataSet:
    """The servers that are not virtual, and all services."""
    _known(call, "GetRawServers", "SELECT 1 FROM services")
    query = """
        SELECT s.server_id, s.server_name, s.server_url, 0, s.comments, s.primary_group_id, s.ad_enabled FROM servers s
        WHERE s.virtual_server = 0 ORDER BY s.server_name, s.server_id
        """
    rows = call.db.execute(query).fetchall() if is_admin(call) else []
    columns = (
        "ServerId:int! ServerName:string ServerUrl:string ServicesNumber:int! Comments:string PrimaryGroupId:int ADEnabled:boolean"
    )
    return dataset(call, (columns, rows), ("ServiceId:int! ServerId:int! ProviderId:int! ServiceName:string Comments:string", []))


@operation("esServers", "GetVirtualServices")
def get_virtual_services(call: Call, *, serverId: int) -> DataSet:
    """How a virtual server spreads each group, and the services that it borrows."""
    _known(call, "GetVirtualServices", "SELECT 1 FROM virtual_services WHERE server_id = ?", serverId)
    groups = [(None, *row, 1, True) for row in _groups(call)]
    columns = "VirtualGroupId:int GroupId:int! GroupName:string DistributionType:int! BindDistributionToPrimary:boolean!"
    services = "ServiceId:int! ServiceName:string Comments:string GroupId:int! DisplayName:string ServerName:string"
    return dataset(call, (columns, groups), (services, []))


def _borrow(call: Call, server_id: int, task: str, ids: list[int] | None, *, add: bool) -> int:
    code = admin_check(call)
    if code < 0:
        return code
    row = server_row(call, server_id)
    with call.task("VIRTUAL_SERVER", task, row["server_name"], server_id, wraps=False):
        for number in ids or ():
            known = "SELECT 1 FROM virtual_services WHERE server_id = ? AND service_id = ?"
            there = call.db.execute(known, (server_id, number)).fetchone() is not None
            if not add:
                call.db.execute("DELETE FROM virtual_services WHERE server_id = ? AND service_id = ?", (server_id, number))
            elif not (there and call.on(BORROW_ONCE)):
                call.db.execute("INSERT INTO virtual_services (server_id, service_id) VALUES (?, ?)", (server_id, number))
    return 0


@operation("esServers", "AddVirtualServices")
def add_virtual_services(call: Call, *, serverId: int, ids: list[int] | None) -> int:
    """Let a virtual server borrow services of others."""
    return _borrow(call, serverId, "ADD_SERVICES", ids, add=True)


@operation("esServers", "DeleteVirtualServices")
def delete_virtual_services(call: Call, *, serverId: int, ids: list[int] | None) -> int:
    """Take borrowed services from a virtual server."""
    return _borrow(call, serverId, "DELETE_SERVICES", ids, add=False)


@operation("esServers", "GetClusters")
def get_clusters(call: Call) -> list[object]:
    """The clusters of services: there are none."""
    return []


@operation("esServers", "GetPackageServiceProvider")
def get_package_service_provider(call: Call, *, packageId: int, groupName: str | None) -> None:
    """Whose software a space's service of a group is: null without one. Who is no administrator sees no service: a fault."""
    if call.on(PROVIDER_RIGHTS) and not may_access_package(call, packageId):
        raise call.denied_package()
    group = call.db.execute("SELECT group_id FROM resource_groups WHERE group_name = ?", (groupName or "",)).fetchone()
    if group is None or service_of(call, packageId, group[0]) is None:
        return
    raise faults.no_such_call("esServers", "GetPackageServiceProvider") if is_admin(call) else faults.null_reference()

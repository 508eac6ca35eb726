"""Hosting servers' agents: the embedded panel has none.

Services of a virtual server are rows, and what is made on them succeeds. A server that is not virtual and has an address stands
for one whose agent does not answer: whatever has to contact it faults as a real panel does when the connection is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.wire import ServiceFault

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call

__all__ = ["agent_of", "connection_refused", "contact_agent"]

AGENT_DOWN = rule("agents.unreachable", "2.4, 6.3", "What needs a server's agent that does not answer is a fault.")


def agent_of(call: Call, service_id: int | None) -> str | None:
    """The address of the agent behind a service; None where there is nothing to contact."""
    if service_id is None:
        return None
    row = call.db.execute(
        "SELECT s.server_url, s.virtual_server FROM services v JOIN servers s ON s.server_id = v.server_id WHERE v.service_id = ?",
        (service_id,),
    ).fetchone()
    return None if row is None or row["virtual_server"] or not row["server_url"] else str(row["server_url"])


def connection_refused(call: Call, url: str) -> ServiceFault:
    """What the panel says of an agent that does not answer."""
    parts = urlsplit(url)
    where = f"{parts.hostname or url}:{parts.port or 80}"
    if call.ef:
        text = f"Connection refused ({where})"
        return ServiceFault(
            (text, text, "Connection refused"),
            (
                "System.ServiceModel.CommunicationException",
                "System.Net.Http.HttpRequestException",
                "System.Net.Sockets.SocketException",
            ),
        )
    return ServiceFault(
        (
            "Unable to connect to the remote server",
            f"No connection could be made because the target machine actively refused it {where}",
        ),
        ("System.Net.WebException", "System.Net.Sockets.SocketException"),
    )


def contact_agent(call: Call, service_id: int | None) -> None:
    """Raise the fault of an agent that does not answer, if a service has one."""
    url = agent_of(call, service_id)
    if url is not None and call.on(AGENT_DOWN):
        raise connection_refused(call, url)

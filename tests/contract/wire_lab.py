"""A lab's panel behind its real face: requests as bytes, replies as text. For the checks of what the wire does."""

from __future__ import annotations

import base64
import re
from datetime import UTC, tzinfo

from resellerplan.simpanel.faces.exchange import Reply, Request
from resellerplan.simpanel.wsgi import make_app
from tests.contract.lab import PASSWORD, Lab

__all__ = ["SOAP_11", "SOAP_12", "SPACE", "basic", "envelope", "fault_text", "send", "shown"]

SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
SPACE = "http://smbsaas/solidcp/enterpriseserver"


def basic(username: str = "brightweb", password: str = PASSWORD) -> str:
    """The Authorization header of HTTP Basic."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def envelope(body: str, header: str = "", space: str = SOAP_11) -> bytes:
    """A request's envelope."""
    return f'<s:Envelope xmlns:s="{space}">{header}<s:Body>{body}</s:Body></s:Envelope>'.encode()


def send(
    lab: Lab,
    call: str,
    inner: str = "",
    *,
    header: str = "",
    action: str | None = "",
    element: str = "",
    space: str = SOAP_11,
    media: str = "text/xml; charset=utf-8",
    authorization: str | None = "",
    host: str = "panel.example:9002",
    remote: str = "127.0.0.1",
    body: bytes | None = None,
    zone: tzinfo = UTC,
) -> Reply:
    """Post ``"esUsers.GetUserById"`` to the lab's 1.x face, as its reseller unless said; ``None`` leaves a header out."""
    service, _, operation = call.partition(".")
    headers = {"content-type": media}
    if authorization is not None:
        headers["authorization"] = authorization or basic()
    if action is not None:
        headers["soapaction"] = f'"{action or f"{SPACE}/{operation}"}"'
    written = element or operation
    sent = envelope(f'<{written} xmlns="{SPACE}">{inner}</{written}>', header, space) if body is None else body
    return make_app(lab.panel, zone=zone).answer(
        Request("POST", f"/{service}.asmx", headers=headers, body=sent, host=host, remote=remote)
    )


def shown(reply: Reply) -> str:
    """A reply's body."""
    return b"".join(reply.blocks).decode("utf-8")


def fault_text(reply: Reply) -> str:
    """The text of a fault of SOAP 1.1, as it stands there."""
    found = re.search("<faultstring>(.*)</faultstring>", shown(reply), re.DOTALL)
    assert found is not None, shown(reply)
    return found[1]

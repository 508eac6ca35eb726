"""Making a request of canonical parameters and reading an object out of a reply: for the panel's own second hand.

Chaos needs it: a concurrent editor changes an object between two calls of the client, through the same wire, before any panel.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from resellerplan.simpanel.faces.asmx import SOAP_11
from resellerplan.simpanel.faces.asmx_reading import read_result as read_asmx_result
from resellerplan.simpanel.faces.asmx_writing import AsmxWriter
from resellerplan.simpanel.faces.corewcf import CREDENTIALS_HEADER, CREDENTIALS_MEMBERS
from resellerplan.simpanel.faces.corewcf_reading import read_result as read_corewcf_result
from resellerplan.simpanel.faces.corewcf_writing import CoreWcfWriter
from resellerplan.simpanel.faces.datasets import DataSetStyle
from resellerplan.simpanel.faces.exchange import Reply, Request
from resellerplan.simpanel.flavours import Flavour
from resellerplan.simpanel.markup import parse
from resellerplan.simpanel.wire import Credentials

__all__ = ["Asker", "NoSuchCall"]


class NoSuchCall(Exception):
    """The flavour has no such operation, or it has no such parameter."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Speaks one flavour's wire as a client does."""

    flavour: Flavour

    def request(
        self, service: str, operation: str, parameters: Mapping[str, object], credentials: Credentials
    ) -> Request:
        """The request that calls ``service.operation``. Raises :class:`NoSuchCall`."""
        panel = self.flavour.catalogue()
        found = panel.services.get(service)
        wanted = found.operations.get(operation) if found else None
        if found is None or wanted is None:
            raise NoSuchCall(f"{self.flavour.name} has no {service}.{operation}")
        unknown = set(parameters) - {m.property for m in wanted.parameters}
        if unknown:
            raise NoSuchCall(f"{service}.{operation} has no parameter {', '.join(sorted(unknown))}")
        headers = {"content-type": "text/xml; charset=utf-8"}
        if panel.face == "asmx":
            headers["soapaction"] = f'"{found.namespace.removesuffix("/")}/{operation}"'
            if credentials.form != "none":
                pair = f"{credentials.username}:{credentials.password}".encode()
                headers["authorization"] = f"Basic {base64.b64encode(pair).decode('ascii')}"
            content = AsmxWriter(panel, DataSetStyle(spaced=True, entities=False)).request(wanted, found.namespace, parameters)
            header, path = "", f"/{service}.asmx"
        else:
            headers["soapaction"] = f'"{found.namespace}I{service}/{operation}"'
            writer = CoreWcfWriter(panel, DataSetStyle(spaced=False, entities=False))
            content = writer.request(wanted, found.namespace, parameters)
            header, path = _credentials_header(credentials), f"/basic/{service}"
        body = (
            f'<s:Envelope xmlns:s="{SOAP_11}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            f'xmlns:xsd="http://www.w3.org/2001/XMLSchema">{header}<s:Body>{content}</s:Body></s:Envelope>'
        )
        return Request("POST", path, headers=headers, body=body.encode("utf-8", "surrogatepass"))

    def result(self, service: str, operation: str, reply: Reply) -> object:
        """The canonical result in a reply (objects, arrays, scalars; of a DataSet nothing). A fault gives ``None``."""
        panel = self.flavour.catalogue()
        found = panel.services[service]
        markup = parse(b"".join(reply.blocks).decode("utf-8", "replace"), normalise=True)
        body = markup.root.child(SOAP_11, "Body") if markup.root is not None else None
        response = body.child(found.namespace, f"{operation}Response") if body is not None else None
        if response is None:
            return None
        wanted = found.operations[operation]
        if panel.face == "asmx":
            return read_asmx_result(response, wanted, found.namespace, panel)
        return read_corewcf_result(response, wanted, found.namespace, markup, panel)


def _credentials_header(credentials: Credentials) -> str:
    if credentials.form == "none":
        return ""
    return (
        f'<s:Header><h:Credentials xmlns:h="{CREDENTIALS_HEADER}" xmlns="{CREDENTIALS_MEMBERS}">'
        f"<Password>{escape(credentials.password)}</Password><Username>{escape(credentials.username)}</Username>"
        "</h:Credentials></s:Header>"
    )

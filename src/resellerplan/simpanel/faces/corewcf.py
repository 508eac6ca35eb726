"""The 2.x face: CoreWCF, SOAP 1.1 over ``/<service>`` and ``/basic/<service>`` (contract 1.2, 1.6, 1.7.3; real panel report 2).

``/ws/<service>`` answers SOAP 1.2 with WS-Addressing 1.0 and ``/api/<service>`` JSON, as far as they were recorded. ``/net`` and
``/tcp`` only refuse as the real one does.
"""

from __future__ import annotations

import base64
import binascii
import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo

from resellerplan.simpanel.faces.corewcf_reading import BodyFault, read_parameters
from resellerplan.simpanel.faces.corewcf_writing import CoreWcfWriter
from resellerplan.simpanel.faces.datasets import DataSetStyle
from resellerplan.simpanel.faces.exchange import CONTROL_REFERENCE, Reply, Request, empty
from resellerplan.simpanel.faces.rest import NotServed, rest_parameters, rest_result
from resellerplan.simpanel.faces.scalars import escape
from resellerplan.simpanel.flavours import Defect, Flavour
from resellerplan.simpanel.markup import Element, Markup, parse, text_of
from resellerplan.simpanel.operations import Operation, Service
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.wire import Credentials, NotAuthenticated, Panel, ServiceFault

__all__ = ["MAXIMUM_BODY", "CoreWcfFace"]

SIZE_LIMIT = rule("corewcf.size_limit", "1.6, real panel report 2", "A body above 32 MiB ends the connection without a status.")
NO_ENVELOPE = rule("corewcf.no_envelope", "1.6", "What has no envelope is a 400 without a body.")

MAXIMUM_BODY = 32 * 1024 * 1024
"""Bytes of a request body that are taken; above, the connection is closed without an answer (real panel report 2)."""

SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
WSA10 = "http://www.w3.org/2005/08/addressing"
DISPATCHER = "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher"
ADDRESSING_NONE = "http://schemas.microsoft.com/ws/2005/05/addressing/none"
DETAIL = "http://schemas.datacontract.org/2004/07/System.ServiceModel"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
CREDENTIALS_HEADER = "http://fusecp.com/headers/Credentials"
CREDENTIALS_MEMBERS = "http://fusecp/credentials"
_ANONYMOUS = "No anonymous access allowed."
_WRONG = "Invalid user or password"
_SERVER = ("Server", "Kestrel")
_MISMATCH = (
    "The message with Action '{}' cannot be processed at the receiver, due to a ContractFilter mismatch at the "
    "EndpointDispatcher. This may be because of either a contract mismatch (mismatched Actions between sender and receiver) or "
    "a binding/security mismatch between the sender and the receiver.  Check that sender and receiver have the same contract "
    "and the same binding (including security requirements, e.g. Message, Transport, None)."
)


@dataclass(slots=True)
class _Fault(Exception):
    """A fault without detail: the code's local name, its namespace ('' for the envelope's own), the text."""

    code: str
    namespace: str
    text: str


@dataclass(frozen=True, slots=True)
class _Envelope:
    """A request's envelope as far as it could be read."""

    namespace: str
    markup: Markup
    headers: Sequence[Element]
    body: Element


class CoreWcfFace:
    """Answers requests to one panel of a 2.x flavour."""

    def __init__(
        self, panel: Panel, flavour: Flavour, *, zone: tzinfo = UTC, rules_off: frozenset[str] = frozenset()
    ) -> None:
        """``zone``: the server's; ``rules_off``: names of rules that are not in force."""
        self._off = rules_off
        self._panel = panel
        self._flavour = flavour
        self._catalogue = flavour.catalogue()
        self._zone = zone
        style = DataSetStyle(spaced=False, entities=flavour.logic == "ef", zone=zone)
        offset = flavour.database.date_offset
        self._writers = {
            ws: CoreWcfWriter(self._catalogue, style, (WSA10,) if ws else (), date_offset=offset) for ws in (False, True)
        }
        self._services = {name.lower(): s for name, s in self._catalogue.services.items()}

    def service_at(self, path: str) -> tuple[str, Service] | None:
        """The binding (``""``, ``basic``, ``ws``, ``net``, ``api``) and the service at a path, or ``None``."""
        parts = path.strip("/").lower().split("/")
        binding = parts.pop(0) if parts[0] in ("basic", "ws", "net", "api") else ""
        if not parts or (len(parts) > 1 and binding != "api"):
            return None
        service = self._services.get(parts[0])
        return None if service is None else (binding, service)

    def answer(self, request: Request) -> Reply:
        """Answer a POST to a service's path, or any request below ``/api``."""
        found = self.service_at(request.path)
        if found is None:
            return empty(404, "Not Found", _SERVER)
        binding, service = found
        if binding == "api":
            return self._rest(request, service)
        if request.oversized or len(request.body) > MAXIMUM_BODY:
            closes = SIZE_LIMIT.name not in self._off
            return Reply(413, "Payload Too Large", (), close=closes, service=service.name)
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        ws = binding == "ws"
        if binding == "net" or media != ("application/soap+xml" if ws else "text/xml"):
            return empty(415, "Unsupported Media Type", _SERVER)
        if not request.body or request.headers.get("content-encoding", "identity") != "identity":
            return empty(400, "Bad Request", _SERVER)
        envelope = _envelope(request, SOAP_12 if ws else SOAP_11)
        if envelope is None:
            status = (400, "Bad Request") if NO_ENVELOPE.name not in self._off else (500, "Internal Server Error")
            return empty(*status, _SERVER)
        return self._soap(request, service, envelope, ws=ws)

    # -- SOAP ---------------------------------------------------------------------------------------------------------------

    def _soap(self, request: Request, service: Service, envelope: _Envelope, *, ws: bool) -> Reply:
        credentials = Credentials()
        name = ""
        read: dict[str, object] = {}

        def parameters() -> dict[str, object]:
            read.update(self._parameters(envelope, operation, service))
            return read

        relates = next((text_of(h) for h in envelope.headers if (h.namespace, h.name) == (WSA10, "MessageID")), "")
        try:
            operation = self._operation(request, service, envelope, ws=ws)
            name = operation.name
            credentials = _credentials(envelope)
            result = self._panel.call(service.name, name, credentials, parameters, peer_address=request.remote)
            content = list(self._writers[ws].response(operation, service.namespace, result))
            action = f"{service.namespace}I{service.name}/{name}Response"
            status, reason, fault = 200, "OK", ""
        except NotAuthenticated as problem:
            text = _ANONYMOUS if problem.reason == "missing" else _WRONG
            content = [self._fault(_Fault("Client", "", text), (), ws=ws)]
            status, reason, fault, action = 500, "Internal Server Error", text, f"{ADDRESSING_NONE}/fault"
        except _Fault as problem:
            content = [self._fault(problem, (), ws=ws)]
            status, reason, fault, action = 500, "Internal Server Error", problem.text, f"{ADDRESSING_NONE}/fault"
        except BodyFault as problem:
            content = [self._chain(problem.code, problem.messages, problem.types, service.name, name, ws=ws)]
            status, reason, fault, action = 500, "Internal Server Error", str(problem), f"{DISPATCHER}/fault"
        except ServiceFault as problem:
            content = [self._chain("InternalServiceFault", problem.messages, problem.types, service.name, name, ws=ws)]
            status, reason, fault, action = 500, "Internal Server Error", str(problem), f"{DISPATCHER}/fault"
        head, tail = _frame(action, relates, ws=ws)
        blocks = [text.encode("utf-8", "surrogatepass") for text in (head, *content, tail)]
        if not self._flavour.has(Defect.CONTROL_CHARACTERS):
            blocks = [CONTROL_REFERENCE.sub(b"", block) for block in blocks]
        media = "application/soap+xml" if ws else "text/xml"
        return Reply(
            status,
            reason,
            (("Content-Type", f"{media}; charset=utf-8"), _SERVER),
            blocks,
            service=service.name,
            operation=name,
            username=credentials.username,
            fault=fault,
            parameters=read,
        )

    def _operation(self, request: Request, service: Service, envelope: _Envelope, *, ws: bool) -> Operation:
        if ws:
            stated = next((text_of(h).strip() for h in envelope.headers if (h.namespace, h.name) == (WSA10, "Action")), "")
        else:
            stated = request.headers.get("soapaction", "").strip().strip('"')
        prefix = f"{service.namespace}I{service.name}/"
        operation = service.operations.get(stated.removeprefix(prefix)) if stated.startswith(prefix) else None
        if operation is None:
            raise _Fault("ActionNotSupported", ADDRESSING_NONE, _MISMATCH.format(stated))
        return operation

    def _parameters(self, envelope: _Envelope, operation: Operation, service: Service) -> dict[str, object]:
        understood = (WSA10,)
        for header in envelope.headers:
            asked = header.attributes.get((envelope.namespace, "mustUnderstand")) in ("1", "true")
            if asked and header.namespace not in understood:
                message = "Exception of type 'CoreWCF.MustUnderstandSoapException' was thrown."
                raise BodyFault("InternalServiceFault", (message,), ("CoreWCF.MustUnderstandSoapException",))
        namespace, markup = service.namespace, envelope.markup
        return dict(read_parameters(envelope.body, operation, namespace, markup, self._catalogue, self._zone))

    def _chain(
        self, code: str, messages: Sequence[str], types: Sequence[str], service: str, operation: str, *, ws: bool
    ) -> str:
        """A fault with ExceptionDetail: the outermost message is the faultstring, the chain stands in the detail."""
        padded = (*types, *("System.Exception",) * len(messages))
        inner = '<InnerException i:nil="true"/>'
        trace = escape(f"   at FuseCP.EnterpriseServer.Services.{service}.{operation}()")
        for message, type_ in reversed(list(zip(messages, padded, strict=False))):
            body = (
                f'<HelpLink i:nil="true"/>{inner}<Message>{escape(message)}</Message>'
                f"<StackTrace>{trace}</StackTrace><Type>{escape(type_)}</Type>"
            )
            inner = f"<InnerException>{body}</InnerException>"
        detail = inner.removeprefix("<InnerException>").removesuffix("</InnerException>")
        marked = f'<ExceptionDetail xmlns="{DETAIL}" xmlns:i="{XSI}">{detail}</ExceptionDetail>'
        return self._fault(_Fault(code, DISPATCHER, messages[0]), (marked,), ws=ws)

    def _fault(self, fault: _Fault, details: Sequence[str], *, ws: bool) -> str:
        prefix = "b" if ws else "a"
        space = f' xmlns:{prefix}="{fault.namespace}"' if fault.namespace else ""
        code = f"{prefix}:{fault.code}" if fault.namespace else f"s:{fault.code}"
        detail = "".join(details)
        if ws:
            value = "<s:Value>s:Sender</s:Value>"
            if fault.namespace:
                value = f"<s:Value>s:Receiver</s:Value><s:Subcode><s:Value{space}>{code}</s:Value></s:Subcode>"
            shown = f"<s:Detail>{detail}</s:Detail>" if detail else ""
            reason = f'<s:Reason><s:Text xml:lang="en-US">{escape(fault.text)}</s:Text></s:Reason>'
            return f"<s:Fault><s:Code>{value}</s:Code>{reason}{shown}</s:Fault>"
        shown = f"<detail>{detail}</detail>" if detail else ""
        return (
            f"<s:Fault><faultcode{space}>{code}</faultcode>"
            f"<faultstring>{escape(fault.text)}</faultstring>{shown}</s:Fault>"
        )

    # -- REST ---------------------------------------------------------------------------------------------------------------

    def _rest(self, request: Request, service: Service) -> Reply:
        """A call by GET, as JSON."""
        challenge = ("WWW-Authenticate", 'Basic realm="FuseCP"')
        segments = request.path.strip("/").split("/")[2:]
        if not segments:
            return _request_error(challenge)
        if not request.headers.get("authorization"):
            return empty(401, "Unauthorized", challenge, _SERVER)
        try:
            decoded = base64.b64decode(request.headers["authorization"][6:].strip(), validate=True).decode("latin-1")
        except binascii.Error:
            return _request_error()
        name, password = [*decoded.split(":"), ""][:2]
        operation = next((o for n, o in service.operations.items() if n.lower() == segments[0].lower()), None)
        if request.method != "GET" or operation is None:
            return empty(404, "Not Found", _SERVER)
        wanted = operation
        try:
            result = self._panel.call(
                service.name,
                wanted.name,
                Credentials(name, password, "header"),
                lambda: rest_parameters(wanted, segments[1:], request.query),
                peer_address=request.remote,
            )
            body = rest_result(wanted, result, self._catalogue)
        except (NotAuthenticated, ServiceFault):
            return _request_error()
        except NotServed:
            return empty(501, "Not Implemented", _SERVER)
        headers = (("Content-Type", "application/json; charset=utf-8"), _SERVER)
        return Reply(200, "OK", headers, (body,), service=service.name, operation=wanted.name, username=name)


def _request_error(*headers: tuple[str, str]) -> Reply:
    page = "<!DOCTYPE html>\n<html><head><title>Request Error</title></head><body><p>Request Error</p></body></html>\n"
    return Reply(400, "Bad Request", (("Content-Type", "text/html"), *headers, _SERVER), (page.encode(),))


def _frame(action: str, relates: str, *, ws: bool) -> tuple[str, str]:
    if not ws:
        return f'<s:Envelope xmlns:s="{SOAP_11}"><s:Body>', "</s:Body></s:Envelope>"
    related = f"<a:RelatesTo>{escape(relates)}</a:RelatesTo>" if relates else ""
    head = (
        f'<s:Envelope xmlns:s="{SOAP_12}" xmlns:a="{WSA10}"><s:Header><a:Action s:mustUnderstand="1">{escape(action)}'
        f"</a:Action>{related}</s:Header><s:Body>"
    )
    return head, "</s:Body></s:Envelope>"


def _envelope(request: Request, namespace: str) -> _Envelope | None:
    """The envelope; ``None`` where not even its body's start could be read."""
    text = _decode(request)
    if text is None:
        return None
    markup = parse(text, normalise=True)
    root = markup.root
    if root is None or (root.namespace, root.name) != (namespace, "Envelope"):
        return None
    body = root.child(namespace, "Body")
    if body is None:
        return None
    header = root.child(namespace, "Header")
    return _Envelope(namespace, markup, tuple(header) if header is not None else (), body)


def _decode(request: Request) -> str | None:
    body = request.body
    charset = "utf-8"
    for part in request.headers.get("content-type", "").split(";")[1:]:
        name, _, value = part.strip().partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip("\"'").lower()
    if body.startswith(codecs.BOM_UTF8):
        charset = "utf-8-sig"
    elif body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        charset = "utf-16"
    try:
        return body.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return None


def _credentials(envelope: _Envelope) -> Credentials:
    """The header Credentials: its members count only in the order Password, Username (real panel report 2)."""
    header = next((h for h in envelope.headers if (h.namespace, h.name) == (CREDENTIALS_HEADER, "Credentials")), None)
    if header is None:
        return Credentials()
    found = {"Password": "", "Username": ""}
    order = list(found)
    at = 0
    for child in header:
        if child.namespace == CREDENTIALS_MEMBERS and child.name in order[at:]:
            found[child.name] = text_of(child)
            at = order.index(child.name) + 1
    return Credentials(found["Username"], found["Password"], "header")

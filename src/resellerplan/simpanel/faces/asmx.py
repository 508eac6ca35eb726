"""The 1.x face: ASMX with WSE 3.0, SOAP 1.1 and 1.2 over ``/<service>.asmx`` (contract 1.1, 1.6, 1.7.1; 1.x report 3.1).

The SOAPAction alone selects the method; a ``wsse:Security`` header leads to WSE's way, which needs a signature that this panel
does not check and so refuses as the real one refuses a plain token; everything else is HTTP Basic.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import ipaddress
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import lru_cache

from resellerplan.simpanel.faces import asmx_rules as rules
from resellerplan.simpanel.faces.asmx_reading import NotLoadable, NotReadable, read_parameters
from resellerplan.simpanel.faces.asmx_writing import AsmxWriter
from resellerplan.simpanel.faces.datasets import DataSetStyle
from resellerplan.simpanel.faces.exchange import CONTROL_REFERENCE, Reply, Request, empty, html
from resellerplan.simpanel.faces.scalars import escape
from resellerplan.simpanel.flavours import Defect, Flavour
from resellerplan.simpanel.markup import Element, parse, text_of
from resellerplan.simpanel.operations import Operation, Service
from resellerplan.simpanel.rules import Rule
from resellerplan.simpanel.wire import Credentials, NotAuthenticated, Panel, ServiceFault

__all__ = ["MAXIMUM_BODY", "AsmxFace"]

MAXIMUM_BODY = 16384 * 1024
"""Bytes of a request body that are taken (contract 1.1.1)."""

SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
WSA = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_ANONYMOUS = f"{WSA}/role/anonymous"
_OPEN = frozenset({"esAuthentication"})
_READ = "Server was unable to read request."
_PROCESS = "Server was unable to process request."
_DOCUMENT = "There is an error in the XML document."
_BASE64 = (
    "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, "
    "or an illegal character among the padding characters."
)


@dataclass(slots=True)
class _Fault(Exception):
    """A fault of the face itself: its code's local name (of SOAP 1.1), text, and what it has besides."""

    code: str
    text: str
    detail: bool = True
    actor: str = ""
    code_namespace: str = ""
    soap_12: bool | None = None
    related: bool = True


@dataclass(frozen=True, slots=True)
class _Incoming:
    """A request as far as it is understood."""

    soap_12: bool
    action: str
    operation: Operation | None
    body: Element
    headers: Sequence[Element]


class AsmxFace:
    """Answers requests to one panel of a 1.x flavour."""

    def __init__(
        self,
        panel: Panel,
        flavour: Flavour,
        *,
        zone: tzinfo = UTC,
        new_id: Callable[[], str] = lambda: "urn:uuid:" + _fresh_uuid(),
        rules_off: frozenset[str] = frozenset(),
    ) -> None:
        """``zone``: the server's; ``new_id`` makes the message ids of replies; ``rules_off``: names of rules not in force."""
        self._off = rules_off
        self._panel = panel
        self._flavour = flavour
        self._catalogue = flavour.catalogue()
        self._zone = zone
        self._new_id = new_id if self._on(rules.FRESH_IDS) else lambda: "urn:uuid:00000000-0000-4000-8000-000000000000"
        entities = flavour.logic == "ef" or not self._on(rules.DATA_SET_FORM)
        style = DataSetStyle(spaced=True, entities=entities, zone=zone, offsets=self._on(rules.DATA_SET_OFFSET))
        self._writer = AsmxWriter(self._catalogue, style, rules_off)
        self._services = {f"/{name}.asmx".lower(): s for name, s in self._catalogue.services.items()}

    def _on(self, rule: Rule) -> bool:
        return rules.in_force(rule, self._off)

    def service_at(self, path: str) -> Service | None:
        """The service at a path, or ``None``."""
        return self._services.get(path.lower())

    def answer(self, request: Request) -> Reply:
        """Answer a POST to a service's path."""
        service = self.service_at(request.path)
        if service is None:
            return empty(404, "Not Found")
        if request.oversized or len(request.body) > MAXIMUM_BODY:
            return html(500, "Internal Server Error", "Runtime Error", "Maximum request length exceeded.")
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media not in ("text/xml", "application/soap+xml") and self._on(rules.MEDIA):
            return empty(415, "Unsupported Media Type")
        if self._on(rules.LOOPBACK) and self._loopback_name_from_outside(request):
            return empty(400, "Bad Request", ("Content-Type", "text/xml"))
        soap_12 = media == "application/soap+xml"
        name = ""
        credentials = Credentials()
        read: dict[str, object] = {}

        def parameters() -> dict[str, object]:
            read.update(self._parameters(incoming, operation, service))
            return read

        try:
            incoming = self._read(request, service, soap_12=soap_12)
            operation = self._operation(incoming)
            name = operation.name
            self._check_headers(incoming, request)
            if service.name not in _OPEN:
                credentials = _basic(request.headers.get("authorization", ""), self._off)
            result = self._panel.call(service.name, name, credentials, parameters, peer_address=request.remote)
            content = list(self._writer.response(operation, service.namespace, result))
            reply = self._success(service, operation, content, soap_12=soap_12)
            fault = ""
        except NotLoadable:
            reply, fault = empty(400, "Bad Request", ("Content-Type", "text/xml")), "not loadable"
        except NotAuthenticated as problem:
            reply, fault = self._denied(), str(problem)
        except _Fault as problem:
            answer_12 = soap_12 if problem.soap_12 is None else problem.soap_12
            reply, fault = self._fault(problem, soap_12=answer_12), problem.text
        except ServiceFault as problem:
            reply, fault = self._service_fault(problem, soap_12=soap_12), str(problem)
        return Reply(
            reply.status,
            reply.reason,
            reply.headers,
            reply.blocks,
            service=service.name,
            operation=name,
            username=credentials.username,
            fault=fault,
            parameters=read,
        )

    # -- what is asked ------------------------------------------------------------------------------------------------------

    def _read(self, request: Request, service: Service, *, soap_12: bool) -> _Incoming:
        text = _decode(request)
        markup = parse(text) if text is not None else None
        envelope = markup.root if markup is not None and markup.broken is None else None
        if envelope is None or envelope.name != "Envelope":
            raise NotLoadable
        expected = SOAP_12 if soap_12 else SOAP_11
        if envelope.namespace != expected:
            raise _Fault(
                "VersionMismatch",
                f"Possible SOAP version mismatch: Envelope namespace {envelope.namespace} was unexpected. Expecting {expected}.",
                detail=False,
            )
        body = envelope.child(expected, "Body")
        if body is None:
            raise NotLoadable
        header = envelope.child(expected, "Header")
        headers = tuple(header) if header is not None else ()
        action = _action(request, soap_12=soap_12)
        if action is None:
            stated = next((h for h in headers if (h.namespace, h.name) == (WSA, "Action")), None)
            if stated is None and self._on(rules.ACTION_MISSING):
                raise _Fault(
                    "Client",
                    "WSE012: The input was not a valid SOAP message because the following information is missing: action.",
                    detail=False,
                    soap_12=True,
                    related=False,
                )
            action = "" if stated is None else text_of(stated).strip()
        prefix = service.namespace.removesuffix("/") + "/"
        named = action.removeprefix(prefix) if action.startswith(prefix) else ""
        if not self._on(rules.ACTION_SELECTS):
            named = next((element.name for element in body), "")
        return _Incoming(soap_12, action, service.operations.get(named), body, headers)

    def _operation(self, incoming: _Incoming) -> Operation:
        if incoming.operation is None:
            stated = f": {incoming.action}" if self._on(rules.ACTION_NAMED) else ""
            text = f"Server did not recognize the value of HTTP Header SOAPAction{stated}."
            raise _Fault("Client", text)
        return incoming.operation

    def _check_headers(self, incoming: _Incoming, request: Request) -> None:
        envelope = SOAP_12 if incoming.soap_12 else SOAP_11
        for header in incoming.headers:
            if (header.namespace, header.name) == (WSSE, "Security") and self._on(rules.PLAIN_TOKEN):
                raise _Fault(
                    "Security",
                    "SOAP response should be signed.",
                    detail=False,
                    actor=request.url,
                    code_namespace=WSSE,
                )
        for header in incoming.headers:
            elsewhere = (header.namespace, header.name) == (WSA, "To") and text_of(header).strip() != request.url
            if elsewhere and self._on(rules.TO_HEADER):
                raise _Fault(
                    "Destination",
                    "WSE846: The <To> header must match the URL that the request was sent to.",
                    detail=False,
                    actor=request.url,
                    code_namespace=WSA,
                )
            understood = header.namespace in (WSA, WSSE)
            if header.attributes.get((envelope, "mustUnderstand")) in ("1", "true") and not understood and self._on(
                rules.MUST_UNDERSTAND
            ):
                raise _Fault("MustUnderstand", f"SOAP header {header.name} was not understood.", detail=False)

    def _parameters(self, incoming: _Incoming, operation: Operation, service: Service) -> dict[str, object]:
        try:
            return dict(
                read_parameters(incoming.body, operation, service.namespace, self._catalogue, self._zone, self._off)
            )
        except NotReadable as problem:
            raise _Fault("Client", f"{_READ} ---> {_DOCUMENT} ---> {problem}") from None

    def _loopback_name_from_outside(self, request: Request) -> bool:
        """WSE refuses a URL with a loopback name from another machine (contract 1.1.1)."""
        name = request.host.rpartition(":")[0] or request.host
        return _is_loopback(name.strip("[]")) and not _is_loopback(request.remote)

    # -- what is answered ---------------------------------------------------------------------------------------------------

    def _success(self, service: Service, operation: Operation, content: Sequence[str], *, soap_12: bool) -> Reply:
        action = f"{service.namespace.removesuffix('/')}/{operation.name}Response"
        return self._envelope(200, "OK", action, content, soap_12=soap_12)

    def _envelope(
        self, status: int, reason: str, action: str, content: Sequence[str], *, soap_12: bool, related: bool = True
    ) -> Reply:
        soap_12 = soap_12 and self._on(rules.SOAP_12_ANSWER)
        space, media = (SOAP_12, "application/soap+xml") if soap_12 else (SOAP_11, "text/xml")
        header = f'env:Header xmlns:env="{SOAP_12}"' if soap_12 else "soap:Header"
        relates = f"<wsa:RelatesTo>{self._new_id()}</wsa:RelatesTo>" if related else ""
        headers = (
            f"<wsa:Action>{escape(action)}</wsa:Action><wsa:MessageID>{self._new_id()}</wsa:MessageID>{relates}"
            f"<wsa:To>{_ANONYMOUS}</wsa:To>"
        )
        head = (
            f'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{space}" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
            f'xmlns:wsa="{WSA}"><{header}>{headers if self._on(rules.ADDRESSING) else ""}'
            f"</{header.partition(' ')[0]}><soap:Body>"
        )
        texts = (head, *content, "</soap:Body></soap:Envelope>")
        blocks = [text.encode("utf-8", "surrogatepass") for text in texts]
        if any(CONTROL_REFERENCE.search(block) for block in blocks):
            if self._flavour.has(Defect.CONTROL_CHARACTERS):
                return html(500, "Internal Server Error", "Server Error in '/' Application.", "Invalid character in output.")
            blocks = [CONTROL_REFERENCE.sub(b"", block) for block in blocks]
        return Reply(status, reason, (("Content-Type", f"{media}; charset=utf-8"),), blocks)

    def _service_fault(self, problem: ServiceFault, *, soap_12: bool) -> Reply:
        chain = (_PROCESS, *problem.messages) if self._on(rules.FAULT_CHAIN) else (_PROCESS, problem.messages[-1])
        return self._fault(_Fault("Server", " ---> ".join(chain)), soap_12=soap_12)

    def _fault(self, fault: _Fault, *, soap_12: bool) -> Reply:
        text = escape(fault.text, keep_return=True)
        detailed = fault.detail and self._on(rules.EMPTY_DETAIL)
        if soap_12 and self._on(rules.SOAP_12_ANSWER):
            known = {"Client": "soap:Sender", "Server": "soap:Receiver"}
            value = known.get(fault.code, f"soap:{fault.code}")
            if fault.code_namespace:
                value = f"soap:Sender</soap:Value><soap:Subcode><soap:Value xmlns:q0=\"{fault.code_namespace}\">q0:{fault.code}"
                value += "</soap:Value></soap:Subcode>"
            else:
                value += "</soap:Value>"
            node = f"<soap:Node>{escape(fault.actor)}</soap:Node>" if fault.actor else ""
            detail = "<soap:Detail />" if detailed else ""
            content = (
                f"<soap:Fault><soap:Code><soap:Value>{value}</soap:Code><soap:Reason>"
                f'<soap:Text xml:lang="en">{text}</soap:Text></soap:Reason>{node}{detail}</soap:Fault>'
            )
        else:
            code = f"<faultcode>soap:{fault.code}</faultcode>"
            if fault.code_namespace:
                code = f'<faultcode xmlns:q0="{fault.code_namespace}">q0:{fault.code}</faultcode>'
            actor = f"<faultactor>{escape(fault.actor)}</faultactor>" if fault.actor else ""
            detail = "<detail />" if detailed else ""
            content = f"<soap:Fault>{code}<faultstring>{text}</faultstring>{actor}{detail}</soap:Fault>"
        action = f"{WSA}/fault" if self._on(rules.FAULT_ACTION) else ""
        return self._envelope(
            500, "Internal Server Error", action, (content,), soap_12=soap_12, related=fault.related
        )

    def _denied(self) -> Reply:
        headers = (("WWW-Authenticate", f'Basic Realm="{self._flavour.realm}"'), ("Content-Type", "text/html"))
        return Reply(401, "Access Denied", headers, (b"401 Access Denied",))


def _fresh_uuid() -> str:
    """A random UUID (version 4), without the object that the library makes of it."""
    digits = os.urandom(16).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{'89ab'[int(digits[16], 16) & 3]}{digits[17:20]}-{digits[20:]}"


@lru_cache(maxsize=256)
def _is_loopback(name: str) -> bool:
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _action(request: Request, *, soap_12: bool) -> str | None:
    if soap_12:
        for part in request.headers.get("content-type", "").split(";")[1:]:
            name, _, value = part.strip().partition("=")
            if name.strip().lower() == "action":
                return value.strip().strip('"')
        return None
    stated = request.headers.get("soapaction")
    return None if stated is None else stated.strip().strip('"')


def _decode(request: Request) -> str | None:
    """The body as text by its byte-order mark, else the declared charset, else UTF-8; ``None`` when it can't be decoded."""
    body = request.body
    charset = ""
    for part in request.headers.get("content-type", "").split(";")[1:]:
        name, _, value = part.strip().partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip("\"'")
    marks = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
    charset = next((name for mark, name in marks if body.startswith(mark)), charset)
    if not charset:
        declared = re.match(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']", body[:200])
        charset = declared[1].decode("ascii") if declared else "utf-8"
    try:
        return body.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return None


def _basic(header: str, off: frozenset[str]) -> Credentials:
    """HTTP Basic exactly as the panel reads it (contract 1.7.1)."""
    stated = header.strip()
    exact = rules.in_force(rules.BASIC_SPELLING, off)
    if not (stated if exact else stated.capitalize()).startswith("Basic"):
        raise NotAuthenticated("missing")
    encoded = stated[6:]
    try:
        decoded = base64.b64decode(re.sub(r"[ \t\r\n]", "", encoded), validate=True)
    except binascii.Error:
        if not rules.in_force(rules.BAD_BASE64, off):
            raise NotAuthenticated("wrong") from None
        raise _Fault("Server", f"{_PROCESS} ---> {_BASE64}") from None
    text = decoded.decode("latin-1")
    if rules.in_force(rules.ASCII_ONLY, off):
        text = text.translate(dict.fromkeys(range(128, 256), "?"))
    parts = text.split(":") if rules.in_force(rules.COLON_CUTS, off) else text.split(":", 1)
    if len(parts) < 2:
        if not rules.in_force(rules.NO_COLON, off):
            raise NotAuthenticated("wrong")
        raise _Fault("Server", f"{_PROCESS} ---> Index was outside the bounds of the array.")
    return Credentials(parts[0], parts[1], "basic")

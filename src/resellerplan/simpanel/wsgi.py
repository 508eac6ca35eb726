"""The embedded panel as a WSGI application: the face by the path, WSDL, the page on ``/``, chaos, the log of requests.

What has an HTTP answer is decided here. What has none (a refused connection, a reset, a cut, silence, a drip) is handed to
whoever serves: a server of ours puts a list under :data:`EXCHANGE` into the environment and finds the exchange in it; under
another server such an exchange becomes a ``ConnectionResetError``.
"""

from __future__ import annotations

import base64
import binascii
import re
import time
import traceback
import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from resellerplan.simpanel import panel as panel_module
from resellerplan.simpanel.asking import Asker, NoSuchCall
from resellerplan.simpanel.background import Background
from resellerplan.simpanel.chaos import CallName, Chaos, ChaosInvalid, Delivery, Exchange
from resellerplan.simpanel.chaos_rules import Edit, EditFailed
from resellerplan.simpanel.faces import asmx, corewcf
from resellerplan.simpanel.faces.asmx import AsmxFace
from resellerplan.simpanel.faces.asmx_rules import GET_PROTOCOL, WSDL_HOST
from resellerplan.simpanel.faces.corewcf import CoreWcfFace
from resellerplan.simpanel.faces.exchange import Reply, Request, empty, html
from resellerplan.simpanel.flavours import Flavour
from resellerplan.simpanel.request_log import Entry, RequestLog, without_secrets
from resellerplan.simpanel.wire import Credentials, NotAuthenticated, Panel
from resellerplan.simpanel.wsdl_asmx import asmx_wsdl
from resellerplan.simpanel.wsdl_corewcf import CoreWcfDocuments

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = [
    "EXCHANGE",
    "App",
    "call_name",
    "carry_out",
    "check_calls",
    "check_edits",
    "environ_of",
    "log_entry",
    "make_app",
    "request_of",
]

EXCHANGE = "resellerplan.exchange"
"""Key of the WSGI environment under which a server that can reset and refuse asks for the exchange."""

Pages = Callable[[Request], Reply | None]
_HEAD = 4096
_USERNAME = re.compile(rb"Credentials[ >].*?Username[^>]*>([^<]*)<", re.DOTALL)
_XML = (("Content-Type", "text/xml; charset=utf-8"),)


class _Behind:
    """The panel as a face sees it."""

    def __init__(self, panel: panel_module.Panel) -> None:
        self._panel = panel

    def call(
        self,
        service: str,
        operation: str,
        credentials: Credentials,
        parameters: Callable[[], Mapping[str, object]],
        *,
        peer_address: str = "",
    ) -> object:
        sent = None
        if credentials.form != "none":
            sent = panel_module.Credentials(credentials.username, credentials.password)
        try:
            return self._panel.call(service, operation, sent, parameters, peer_address=peer_address)
        except panel_module.Unauthenticated as problem:
            raise NotAuthenticated("missing" if problem.missing else "wrong") from None

    def is_down(self) -> bool:
        return self._panel.is_down()


def call_name(request: Request) -> CallName:
    """Which call a request is, by its path and its action; ``user`` from HTTP Basic, or from the SOAP header Credentials."""
    last = unquote(request.path).rstrip("/").rpartition("/")[2]
    service = last[:-5] if last.lower().endswith(".asmx") else last
    action = request.headers.get("soapaction", "")
    if not action:
        parts = (p.strip() for p in request.headers.get("content-type", "").split(";"))
        action = next((p[7:] for p in parts if p.lower().startswith("action=")), "")
    operation = action.strip().strip('"').rpartition("/")[2]
    username = ""
    named = _USERNAME.search(request.body, 0, _HEAD)
    if named is not None:
        username = unescape(named[1].decode("utf-8", "replace"))
    stated = request.headers.get("authorization", "")
    if stated.startswith("Basic "):
        try:
            username = base64.b64decode(stated[6:]).decode("latin-1").partition(":")[0]
        except binascii.Error:
            username = ""
    return CallName(service, operation if request.method == "POST" else "", username)


class App:
    """One panel over HTTP. Thread-safe. Use :func:`make_app`."""

    def __init__(
        self,
        panel: Panel,
        flavour: Flavour,
        *,
        base_url: str | None = None,
        chaos: Chaos | None = None,
        log: RequestLog | None = None,
        pages: Pages | None = None,
        zone: tzinfo = UTC,
        freeze: Callable[[], Panel] | None = None,
        on_bug: Callable[[str], None] | None = None,
        rules_off: frozenset[str] = frozenset(),
    ) -> None:
        self._rules_off = rules_off
        self.log = log if log is not None else RequestLog()
        self.flavour = flavour
        self.base_url = base_url
        self._panel = panel
        self._pages = pages
        self._zone = zone
        self._face = self._make_face(panel)
        self._asker = Asker(flavour)
        self._bug = on_bug
        self._freeze = freeze
        self.maximum_body = asmx.MAXIMUM_BODY if flavour.face == "asmx" else corewcf.MAXIMUM_BODY
        self.chaos = (chaos or Chaos(ticks=time.monotonic)).with_hands(edit=self._edit, freeze=self._frozen)
        check_calls(self.chaos, flavour)
        check_edits(self.chaos, self._asker)

    def _make_face(self, panel: Panel) -> AsmxFace | CoreWcfFace:
        if self.flavour.face == "asmx":
            return AsmxFace(panel, self.flavour, zone=self._zone, rules_off=self._rules_off)
        return CoreWcfFace(panel, self.flavour, zone=self._zone, rules_off=self._rules_off)

    # -- exchanges ----------------------------------------------------------------------------------------------------------

    def exchange(self, request: Request) -> Exchange:
        """Answer a request, log it, and say how the answer is to be delivered."""
        started = time.perf_counter()
        number = self.log.next_number()
        if self.is_closed():
            exchange = Exchange(None, Delivery("refuse", why="the port is closed"))
        else:
            exchange = self.chaos.exchange(request, call_name(request), self.answer)
            if exchange.reply is not None and exchange.reply.close:
                exchange = Exchange(exchange.reply, Delivery("reset", why="the body is too large"))
        self.log.add(log_entry(number, request, exchange, time.perf_counter() - started, raw=self.log.raw))
        return exchange

    def is_closed(self) -> bool:
        """Whether connections are refused at the moment: the panel's process "ended", or a rule closed the port."""
        return self._panel.is_down() or self.chaos.refused_for() > 0

    def answer(self, request: Request) -> Reply:
        """The panel's own answer, without chaos."""
        try:
            return self._answer(self._face, request)
        except Exception:  # a bug of ours must not end the server: it is reported and logged
            report = traceback.format_exc()
            if self._bug is not None:
                self._bug(report)
            named = call_name(request)
            reply = html(500, "Internal Server Error", "The embedded panel failed", "This is a bug of the embedded panel.")
            return replace(reply, service=named.service, operation=named.operation, fault=f"bug: {report}")

    def _answer(self, face: AsmxFace | CoreWcfFace, request: Request) -> Reply:
        if request.method in ("GET", "HEAD"):
            return self._get(face, request)
        if request.method != "POST":
            return empty(405, "Method Not Allowed", ("Allow", "GET, POST"))
        return face.answer(request)

    # -- GET ----------------------------------------------------------------------------------------------------------------

    def _base(self, request: Request) -> str:
        """1.x takes addresses from the request's Host header; 2.x from its configuration, or else from Host too."""
        by_configuration = isinstance(self._face, CoreWcfFace) or WSDL_HOST.name in self._rules_off
        if by_configuration and self.base_url is not None:
            return self.base_url.rstrip("/")
        return f"{request.scheme}://{request.host}"

    def _get(self, face: AsmxFace | CoreWcfFace, request: Request) -> Reply:
        if isinstance(face, AsmxFace):
            service = face.service_at(request.path)
            if service is None and GET_PROTOCOL.name in self._rules_off:
                service = face.service_at(request.path.rpartition("/")[0])
            if service is not None:
                if request.query.lower() == "wsdl":
                    address = f"{self._base(request)}/{service.name}.asmx"
                    return Reply(200, "OK", _XML, (asmx_wsdl(service, self.flavour.catalogue(), address),))
                return _help(service.name, tuple(service.operations), "?WSDL")
        else:
            found = face.service_at(request.path)
            if found is not None and found[0] == "api":
                return face.answer(request)
            if found is not None and found[0] == "":
                service = found[1]
                if not request.query:
                    return _help(service.name, tuple(service.operations), "?wsdl")
                document = CoreWcfDocuments(service, self.flavour.catalogue(), self._base(request)).document(request.query)
                if document is not None:
                    return Reply(200, "OK", _XML, (document,))
            if found is not None:
                return empty(400, "Bad Request")
        page = self._pages(request) if self._pages is not None else None
        if page is not None:
            return page
        if request.path == "/":
            return html(200, "OK", "Embedded panel", f"This is an embedded panel of the flavour {self.flavour.name}.")
        return empty(404, "Not Found")

    # -- chaos's hands ------------------------------------------------------------------------------------------------------

    def _edit(self, edit: Edit, forward: Callable[[Request], Reply]) -> None:
        carry_out(edit, self._asker, forward)

    def _frozen(self) -> Callable[[Request], Reply] | None:
        if self._freeze is None:
            return None
        face = self._make_face(self._freeze())
        return lambda request: self._answer(face, request)

    # -- WSGI ---------------------------------------------------------------------------------------------------------------

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI interface."""
        request = request_of(environ, self.maximum_body)
        exchange = self.exchange(request)
        box = environ.get(EXCHANGE)
        if isinstance(box, list):
            box.append(exchange)
        if exchange.reply is None or exchange.delivery.how != "send":
            if isinstance(box, list):
                return []
            raise ConnectionResetError(exchange.delivery.why)
        reply = exchange.reply
        headers = [*reply.headers, ("Content-Length", str(reply.length))]
        start_response(f"{reply.status} {reply.reason}", headers)
        return [] if request.method == "HEAD" else reply.blocks


def log_entry(number: int, request: Request, exchange: Exchange, seconds: float, *, raw: bool) -> Entry:
    """What is kept of an exchange."""
    reply, delivery = exchange.reply, exchange.delivery
    named = call_name(request)
    answered = reply is not None and delivery.how == "send"
    hidden = without_secrets(reply.parameters if reply is not None else {})
    return Entry(
        number=number,
        received=datetime.now(UTC).replace(tzinfo=None),
        method=request.method,
        path=request.path,
        service=(reply.service if reply is not None else "") or (named.service if named.operation else ""),
        operation=(reply.operation if reply is not None else "") or named.operation,
        caller=(reply.username if reply is not None else "") or named.username,
        parameters=hidden if isinstance(hidden, dict) else {},
        status=reply.status if reply is not None and answered else 0,
        outcome=delivery.why or (reply.fault if reply is not None else "") or "ok",
        seconds=seconds,
        request_bytes=len(request.body),
        reply_bytes=reply.length if reply is not None else 0,
        request=request.body if raw else None,
        reply=b"".join(reply.blocks) if raw and reply is not None else None,
    )


def check_calls(chaos: Chaos, flavour: Flavour) -> None:
    """Raises :class:`ChaosInvalid` where a rule names a call that the flavour does not have, and so would never be due."""
    services = flavour.catalogue().services
    for number, rule in enumerate(chaos.rules, 1):
        for key, pattern in (("call", rule.call), ("look_up", rule.look_up)):
            service, _, operation = pattern.rpartition(".")
            place = f"chaos.rules[{number}].{key}"
            if service and service not in services:
                raise ChaosInvalid(f"{place}: {flavour.name} has no service {service}; there are {', '.join(services)}")
            among = [services[service]] if service else list(services.values())
            if operation not in ("*", "reads", "writes") and not any(operation in one.operations for one in among):
                raise ChaosInvalid(f"{place}: {flavour.name} has no call {pattern}, so the rule would never be due")


def check_edits(chaos: Chaos, asker: Asker) -> None:
    """Raises :class:`ChaosInvalid` where a rule's editor would make a call that the flavour does not have."""
    for number, rule in enumerate(chaos.rules, 1):
        if rule.edit is None:
            continue
        written = dict.fromkeys([*rule.edit.parameters, *([rule.edit.into] if rule.edit.into else [])])
        for key, call, parameters in (("read", rule.edit.read, rule.edit.read_parameters), ("write", rule.edit.write, written)):
            service, _, operation = call.partition(".")
            try:
                if call:
                    asker.request(service, operation, parameters, Credentials())
            except NoSuchCall as problem:
                raise ChaosInvalid(f"chaos.rules[{number}].edit.{key}: {problem}") from None


def carry_out(edit: Edit, asker: Asker, forward: Callable[[Request], Reply]) -> None:
    """What a concurrent editor does. Raises :class:`EditFailed` where there was nothing to change or it was refused."""
    credentials = Credentials(edit.username, edit.password, "basic" if asker.flavour.face == "asmx" else "header")
    parameters = dict(edit.parameters)
    if edit.read:
        service, _, operation = edit.read.partition(".")
        reply = forward(asker.request(service, operation, edit.read_parameters, credentials))
        found = asker.result(service, operation, reply)
        if not isinstance(found, dict):
            raise EditFailed(f"{edit.read} gave nothing to change (status {reply.status})")
        parameters[edit.into] = {**found, **edit.change}
    service, _, operation = edit.write.partition(".")
    reply = forward(asker.request(service, operation, parameters, credentials))
    if reply.status != 200:
        raise EditFailed(f"{edit.write} was refused (status {reply.status})")


def _help(name: str, operations: tuple[str, ...], wsdl: str) -> Reply:
    listed = "".join(f"<li>{o}</li>" for o in operations)
    return html(200, "OK", name, f'<a href="/{name}{".asmx" if wsdl == "?WSDL" else ""}{wsdl}">WSDL</a></p><ul>{listed}</ul><p>')


def request_of(environ: WSGIEnvironment, maximum: int) -> Request:
    """The request in a WSGI environment; a body above ``maximum`` bytes is not read."""
    headers = {key[5:].replace("_", "-").lower(): str(value) for key, value in environ.items() if key.startswith("HTTP_")}
    if environ.get("CONTENT_TYPE"):
        headers["content-type"] = str(environ["CONTENT_TYPE"])
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    oversized = length > maximum
    body = environ["wsgi.input"].read(length) if length and not oversized else b""
    raw = str(environ.get("SCRIPT_NAME", "")) + str(environ.get("PATH_INFO", "/"))
    path = raw.encode("latin-1", "replace").decode("utf-8", "replace")
    return Request(
        str(environ.get("REQUEST_METHOD", "GET")).upper(),
        path,
        query=str(environ.get("QUERY_STRING", "")),
        headers=headers,
        body=body,
        remote=str(environ.get("REMOTE_ADDR", "127.0.0.1")),
        host=headers.get("host") or f"{environ.get('SERVER_NAME', 'localhost')}:{environ.get('SERVER_PORT', '80')}",
        scheme=str(environ.get("wsgi.url_scheme", "http")),
        oversized=oversized,
    )


def environ_of(request: Request, input_: Any, length: int) -> dict[str, Any]:
    """The WSGI environment of a request whose body is read from ``input_``."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.encode("utf-8").decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": request.host.partition(":")[0],
        "SERVER_PORT": request.host.partition(":")[2] or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": request.remote,
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": input_,
        "wsgi.errors": None,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        if name == "content-type":
            environ["CONTENT_TYPE"] = value
        elif name != "content-length":
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    return environ


def make_app(
    panel: panel_module.Panel,
    *,
    base_url: str | None = None,
    chaos: Chaos | None = None,
    log: RequestLog | None = None,
    pages: Pages | None = None,
    zone: tzinfo = UTC,
    on_bug: Callable[[str], None] | None = None,
) -> App:
    """The application over a panel: a WSGI callable for any server, whose other half is front.py.

    ``chaos``: what goes wrong on the way (default: nothing). ``log`` keeps the requests, with passwords hidden. ``zone``: that of
    the dates the panel writes with an offset. The panel is closed by who opened it.

    ``base_url``: the configured URL that 2.x writes into its WSDL (default: what the request names). ``pages`` answers the
    paths that are no service's. ``on_bug`` gets the trace of a bug of ours.
    """

    copies: list[panel_module.Panel] = []

    def freeze() -> Panel:
        copy = panel_module.Panel(
            panel.store.copied(), panel.flavour, clock=panel.clock, background=Background(0), rules_off=panel.rules_off
        )
        copies.append(copy)
        return _Behind(copy)

    app = App(
        _Behind(panel),
        panel.flavour,
        base_url=base_url,
        chaos=chaos,
        log=log,
        pages=pages,
        zone=zone,
        freeze=freeze,
        on_bug=on_bug,
        rules_off=panel.rules_off,
    )
    weakref.finalize(app, _close_all, copies)
    return app


def _close_all(copies: list[panel_module.Panel]) -> None:
    """End the frozen copies that stale reads were served from; their files go with them."""
    for copy in copies:
        copy.close()

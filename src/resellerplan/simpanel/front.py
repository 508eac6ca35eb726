"""The socket before the panel: a threaded HTTP/1.1 server over the standard library, and the same as a proxy.

Request bodies may come in chunks. Head and body of a reply leave in one write, with TCP_NODELAY: a client that waits for the
second packet loses 40 ms per call (real panel report 8). Connections are kept alive, their number is bounded. Here is done what
has no HTTP answer: the connection is refused, reset, cut, silent, or drips.
"""

from __future__ import annotations

import http.client
import http.server
import io
import os
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import quote, unquote, urlsplit

from resellerplan.simpanel.asking import Asker
from resellerplan.simpanel.chaos import Chaos, Delivery, Exchange
from resellerplan.simpanel.chaos_rules import ChaosInvalid, Edit
from resellerplan.simpanel.faces.exchange import Reply, Request
from resellerplan.simpanel.flavours import Flavour
from resellerplan.simpanel.request_log import RequestLog
from resellerplan.simpanel.wsgi import call_name, carry_out, check_calls, check_edits, log_entry

__all__ = ["Front", "Proxy", "Served", "run_until_signal", "serving"]

_LARGEST_HEAD = 64 * 1024
_MOST_FIELDS = 100
_LINGER_RESET = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
_BLOCK = 64 * 1024


class Served(Protocol):
    """What a front serves: an :class:`App` or a :class:`Proxy`."""

    log: RequestLog
    chaos: Chaos
    maximum_body: int

    def exchange(self, request: Request) -> Exchange:
        """Answer a request, and say how the answer is delivered."""

    def is_closed(self) -> bool:
        """Whether connections are refused at the moment."""


@lru_cache(maxsize=512)
def _target(written: str) -> tuple[str, str]:
    """The decoded path and the query of a request's target."""
    parts = urlsplit(written)
    return unquote(parts.path), parts.query


class _Handler(http.server.BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    rbufsize = _BLOCK
    server: _Server
    fields: dict[str, str]
    raw_requestline: bytes

    def setup(self) -> None:
        """Bound the waiting for an idle client."""
        super().setup()
        self.connection.settimeout(self.server.front.idle_seconds)

    def handle(self) -> None:
        """Serve requests until the client or the panel closes."""
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the terminal free: requests are in the request log."""

    def parse_request(self) -> bool:
        """The request line and the headers, into ``command``, ``path`` and ``fields``.

        Done here because the standard library reads headers by its e-mail parser, which takes longer than a small call.
        """
        self.fields = {}
        line = str(self.raw_requestline, "latin-1").rstrip("\r\n")
        self.requestline = line
        words = line.split(" ")
        if len(words) != 3 or words[2] not in ("HTTP/1.1", "HTTP/1.0") or not words[0].isalpha():
            self.send_error(400, "Bad Request")
            return False
        self.command, self.path, self.request_version = words
        self.close_connection = words[2] == "HTTP/1.0"
        for _ in range(_MOST_FIELDS):
            raw = self.rfile.readline(_LARGEST_HEAD + 1)
            if raw in (b"\r\n", b"\n"):
                break
            name, colon, value = raw.decode("latin-1").partition(":")
            key = name.lower()
            if not colon or not raw.endswith(b"\n") or not key or key != key.strip():
                self.send_error(400, "Bad Request")
                return False
            plain = value.strip()
            self.fields[key] = f"{self.fields[key]}, {plain}" if key in self.fields else plain
        else:
            self.send_error(431, "Request Header Fields Too Large")
            return False
        connection = self.fields.get("connection", "").lower()
        if connection in ("close", "keep-alive"):
            self.close_connection = connection == "close"
        if self.fields.get("expect", "").lower() == "100-continue":
            self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return True

    def do_GET(self) -> None:
        """Any method: the application decides."""
        self._serve()

    do_POST = do_HEAD = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = do_GET

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """A request that is no HTTP: a short answer in one write, then the end."""
        self.close_connection = True
        text = (message or "Bad Request").encode("latin-1", "replace")
        self.wfile.write(b"HTTP/1.1 %d %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % (code, text))

    def _serve(self) -> None:
        request = self._request()
        if request is None:
            return
        front = self.server.front
        with front.busy_with(self.connection):
            exchange = front.served.exchange(request)
            if request.oversized:
                self.close_connection = True
            self._deliver(request, exchange)
        if front.served.is_closed():
            self.close_connection = True

    # -- the request --------------------------------------------------------------------------------------------------------

    def _request(self) -> Request | None:
        path, query = _target(self.path)
        headers = self.fields
        limit = self.server.front.served.maximum_body
        try:
            body, oversized = self._body(headers, limit)
        except ValueError:
            self.send_error(400, "Bad Request")
            return None
        return Request(
            self.command,
            path,
            query=query,
            headers=headers,
            body=body,
            remote=str(self.client_address[0]),
            host=headers.get("host", self.server.front.host_and_port),
            oversized=oversized,
        )

    def _body(self, headers: dict[str, str], limit: int) -> tuple[bytes, bool]:
        """The request's body, decoded; ``(b"", True)`` above the limit. Raises ``ValueError`` where it has no sound length."""
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return self._chunked(limit)
        stated = headers.get("content-length", "0")
        if not stated.isdecimal():
            raise ValueError(stated)
        length = int(stated)
        if length > limit:
            self._drop(length)
            return b"", True
        body = self.rfile.read(length) if length else b""
        if len(body) < length:
            raise ConnectionResetError("the request's body ended early")
        return body, False

    def _drop(self, length: int) -> None:
        """Read a body that nobody wants, so that the client gets to read the answer (bounded)."""
        left = min(length, 4 * self.server.front.served.maximum_body)
        while left > 0:
            block = self.rfile.read(min(left, _BLOCK))
            if not block:
                return
            left -= len(block)

    def _chunked(self, limit: int) -> tuple[bytes, bool]:
        found = io.BytesIO()
        oversized = False
        while True:
            line = self.rfile.readline(1024)
            if not line.endswith(b"\n"):
                raise ConnectionResetError("the request's body ended early")
            size = int(line.split(b";", 1)[0].strip(), 16)
            if size < 0:
                raise ValueError(line)
            if size == 0:
                break
            block = self.rfile.read(size)
            if len(block) < size or self.rfile.readline(16).strip():
                raise ConnectionResetError("the request's body ended early")
            oversized = oversized or found.tell() + size > limit
            if not oversized:
                found.write(block)
        while self.rfile.readline(_LARGEST_HEAD).strip():
            pass
        return (b"", True) if oversized else (found.getvalue(), False)

    # -- the answer ---------------------------------------------------------------------------------------------------------

    def _deliver(self, request: Request, exchange: Exchange) -> None:
        delivery = exchange.delivery
        stopping = self.server.front.stopping
        if delivery.delay:
            stopping.wait(delivery.delay)
        if delivery.how == "refuse":
            self.server.front.wait_for_shut_port()
            self._reset()
        elif delivery.how == "silence":
            self._be_silent(delivery.seconds)
        elif delivery.how != "send" or exchange.reply is None:
            self._reset()
        else:
            self._write(request, exchange.reply, delivery)

    def _write(self, request: Request, reply: Reply, delivery: Delivery) -> None:
        head = [f"HTTP/1.1 {reply.status} {reply.reason}"]
        date = self.server.front.date()
        head.extend(f"{name}: {value}" for name, value in reply.headers)
        if reply.header("Server") is None:
            head.append("Server: resellerplan-panel")
        head.extend((f"Date: {date}", f"Content-Length: {reply.length}"))
        if self.close_connection or delivery.cut_after is not None:
            head.append("Connection: close")
        start = ("\r\n".join(head) + "\r\n\r\n").encode("latin-1", "replace")
        blocks = [] if request.method == "HEAD" else list(reply.blocks)
        if delivery.cut_after is not None:
            self.connection.sendall(start + b"".join(blocks)[: delivery.cut_after])
            self.close_connection = True
            return
        if delivery.bytes_per_second is not None:
            self._drip(start, b"".join(blocks), delivery.bytes_per_second)
            return
        if sum(map(len, blocks)) <= _BLOCK:
            self.connection.sendall(start + b"".join(blocks))
            return
        self.connection.sendall(start + blocks[0])
        for block in blocks[1:]:
            self.connection.sendall(block)

    def _drip(self, start: bytes, body: bytes, bytes_per_second: float) -> None:
        self.connection.sendall(start)
        step = max(1, int(bytes_per_second / 10))
        for at in range(0, len(body), step):
            if self.server.front.stopping.wait(step / bytes_per_second):
                self.close_connection = True
                return
            self.connection.sendall(body[at : at + step])

    def _be_silent(self, seconds: float) -> None:
        """Send nothing until the time is over, the client is gone or the panel stops."""
        self.close_connection = True
        end = time.monotonic() + seconds
        self.connection.settimeout(0.05)
        while time.monotonic() < end and not self.server.front.stopping.is_set():
            try:
                if not self.connection.recv(1):
                    return
            except TimeoutError:
                continue

    def _reset(self) -> None:
        """Close with RST, so that the client sees a reset and no orderly end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RESET)
        self.server.front.release(self.connection)
        self.connection.close()


class _Server(http.server.ThreadingHTTPServer):
    """The listening socket; its threads are bounded."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128
    front: Front

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give a connection a thread, or refuse it when the bound is reached."""
        if not self.front.admit(request):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Run a connection; its place is free again afterwards."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.front.release(request)

    def shutdown_request(self, request: Any) -> None:
        """End a connection in order, unless it was reset already."""
        if request.fileno() >= 0:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that breaks is the client's affair; anything else is a bug of ours, reported by the application."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | TimeoutError | ValueError | OSError):
            self.front.report(repr(error))


class _Server6(_Server):
    address_family = socket.AF_INET6


class Front:
    """Serves an application on a socket; ``start`` it, ``stop`` it, or use :func:`serving`."""

    def __init__(
        self,
        served: Served,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        idle_seconds: float = 60.0,
        most_connections: int = 256,
        on_bug: Callable[[str], None] | None = None,
    ) -> None:
        """``port`` 0 takes a free one. Raises ``OSError`` where the address can't be had."""
        self.served = served
        self.idle_seconds = idle_seconds
        self.stopping = threading.Event()
        self._most = most_connections
        self._open: dict[int, socket.socket] = {}
        self._busy: set[int] = set()
        self._port_is_shut = threading.Event()
        self._flushed = 0.0
        self._date = (0, "")
        self._lock = threading.Lock()
        self._bug = on_bug
        self._host = host
        self._server = self._listen(host, port)
        self.port: int = self._server.server_address[1]
        self._thread: threading.Thread | None = None

    def _listen(self, host: str, port: int) -> _Server:
        server = (_Server6 if ":" in host else _Server)((host, port), _Handler)
        server.front = self
        return server

    @property
    def host_and_port(self) -> str:
        """``127.0.0.1:9002``."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """``http://127.0.0.1:9002``."""
        return f"http://{self.host_and_port}"

    # -- life ---------------------------------------------------------------------------------------------------------------

    def start(self) -> Front:
        """Serve in a thread of its own."""
        self._thread = threading.Thread(target=self.run, name="panel-front", daemon=True)
        self._thread.start()
        return self

    def run(self) -> None:
        """Serve until :meth:`stop`; while the panel is down, or a rule says so, the port is closed."""
        while not self.stopping.is_set():
            server = self._server
            server.timeout = 0.05
            self._port_is_shut.clear()
            while not self.stopping.is_set() and not self.served.is_closed():
                server.handle_request()
                self._flush_now_and_then()
            server.server_close()
            self._port_is_shut.set()
            self._reset_all(but_busy=not self.stopping.is_set())
            while self.served.is_closed() and not self.stopping.wait(0.02):
                pass
            if not self.stopping.is_set():
                self._server = self._listen(self._host, self.port)
        self.served.log.flush()

    def stop(self) -> None:
        """End: open connections are closed, threads get a moment."""
        self.stopping.set()
        if self._thread is not None:
            self._thread.join(1.5)
        self._server.server_close()
        self._reset_all()
        self.served.log.flush()

    def _flush_now_and_then(self) -> None:
        now = time.monotonic()
        if now - self._flushed > 0.5:
            self._flushed = now
            self.served.log.flush()

    def date(self) -> str:
        """The present for the header ``Date``, made once a second."""
        now = int(time.time())
        known = self._date
        if known[0] != now:
            self._date = known = (now, formatdate(now, usegmt=True))
        return known[1]

    def wait_for_shut_port(self) -> None:
        """Return once the listening socket is closed (it opens again when the reason is over)."""
        self._port_is_shut.wait(0.5)

    def report(self, text: str) -> None:
        """A bug of ours outside the application."""
        if self._bug is not None:
            self._bug(text)

    # -- connections --------------------------------------------------------------------------------------------------------

    def admit(self, connection: socket.socket) -> bool:
        """Take a place for a connection; False when there is none."""
        with self._lock:
            if len(self._open) >= self._most:
                return False
            self._open[id(connection)] = connection
            return True

    def release(self, connection: socket.socket) -> None:
        """Give a connection's place back."""
        with self._lock:
            self._open.pop(id(connection), None)

    @contextmanager
    def busy_with(self, connection: socket.socket) -> Iterator[None]:
        """While an answer is on its way, the end of the panel's process does not cut it off."""
        with self._lock:
            self._busy.add(id(connection))
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(id(connection))

    def _reset_all(self, *, but_busy: bool = False) -> None:
        with self._lock:
            spared = self._busy if but_busy else set()
            connections = [c for key, c in self._open.items() if key not in spared]
            self._open = {key: c for key, c in self._open.items() if key in spared}
        for connection in connections:
            try:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RESET)
                connection.shutdown(socket.SHUT_RDWR)
                connection.close()
            except OSError:
                continue


@contextmanager
def serving(served: Served, **options: Any) -> Iterator[Front]:
    """A running front for the length of a block."""
    front = Front(served, **options).start()
    try:
        yield front
    finally:
        front.stop()


def run_until_signal(front: Front, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT, then end within two seconds. To be called in the main thread; ``ready`` once it listens."""
    ended = threading.Event()

    def end(*_: object) -> None:
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        front.start()
        ready()
        while not ended.wait(0.2):
            pass
    finally:
        front.stop()
        for number, handler in before.items():
            signal.signal(number, handler)


class Proxy:
    """Stands before any panel and does to its calls what the rules say.

    Raises ``ValueError`` for a URL that is none, and :class:`ChaosInvalid` for rules that edit where ``flavour`` is not said.
    """

    def __init__(
        self,
        upstream: str,
        *,
        chaos: Chaos,
        flavour: Flavour | None = None,
        log: RequestLog | None = None,
        seconds: float = 120.0,
    ) -> None:
        """``upstream``: the panel's URL. ``flavour``: what an editor's rules speak to it.
        ``seconds``: how long an answer may take."""
        parts = urlsplit(upstream)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{upstream!r} is not a URL of a panel, such as http://panel.example:9002")
        self.log = log if log is not None else RequestLog()
        self.maximum_body = 64 * 1024 * 1024
        self._parts = parts
        self._seconds = seconds
        self._asker = Asker(flavour) if flavour is not None else None
        if any(rule.edit is not None for rule in chaos.rules) and self._asker is None:
            raise ChaosInvalid("a rule with `what: editor` needs to know what the panel behind is: name its flavour")
        self.chaos = chaos.with_hands(edit=self._edit, freeze=None)
        if self._asker is not None:
            check_calls(self.chaos, self._asker.flavour)
            check_edits(self.chaos, self._asker)

    def is_closed(self) -> bool:
        """Only rules close a proxy's port."""
        return self.chaos.refused_for() > 0

    def exchange(self, request: Request) -> Exchange:
        """Forward a request, or do to it what the rules say."""
        started = time.perf_counter()
        number = self.log.next_number()
        exchange = self.chaos.exchange(request, call_name(request), self._forward)
        if exchange.reply is not None and exchange.reply.close:
            exchange = Exchange(exchange.reply, Delivery("reset", why="the panel gave no answer"))
        self.log.add(log_entry(number, request, exchange, time.perf_counter() - started, raw=self.log.raw))
        return exchange

    def _forward(self, request: Request) -> Reply:
        kind = http.client.HTTPSConnection if self._parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(self._parts.hostname or "", self._parts.port, timeout=self._seconds)
        path = self._parts.path.rstrip("/") + quote(request.path) + (f"?{request.query}" if request.query else "")
        hop = ("host", "connection", "transfer-encoding", "content-length", "keep-alive", "accept-encoding")
        headers = {name: value for name, value in request.headers.items() if name not in hop}
        try:
            connection.request(request.method, path, request.body or None, headers)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            return Reply(502, "Bad Gateway", (), close=True)
        finally:
            connection.close()
        dropped = (*hop, "date")
        kept = tuple((n, v) for n, v in answer.getheaders() if n.lower() not in dropped)
        if request.method == "GET" and b"/wsdl/" in body[:4096]:
            body = body.replace(f"{self._parts.scheme}://{self._parts.netloc}".encode(), f"http://{request.host}".encode())
        return Reply(answer.status, answer.reason, kept, (body,))

    def _edit(self, edit: Edit, forward: Callable[[Request], Reply]) -> None:
        if self._asker is not None:
            carry_out(edit, self._asker, forward)

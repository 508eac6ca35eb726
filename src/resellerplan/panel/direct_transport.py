"""The network by the standard library alone: what is used where no proxy stands between.

The figures asked for it: a small read through httpx took this process twice as long (benchmarks/snapshot.py), and httpx sends
head and body in two packets. Here one call is one write. What each failure proves is told apart as in ``transport.py``.
"""

from __future__ import annotations

import io
import select
import socket
import ssl
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import getproxies, proxy_bypass

from resellerplan.errors import PanelAmbiguous, PanelUnreachable
from resellerplan.neutralise import one_line
from resellerplan.panel.connection import Connection
from resellerplan.panel.network import Answer, certificate_refused, no_answer, ssl_context

__all__ = ["DirectTransport", "stands_behind_proxy"]

_PIECE = 65536
_UNPACKED_PIECE = 1 << 20
_IDLE_SECONDS = 25.0


def stands_behind_proxy(connection: Connection) -> bool:
    """Whether the usual variables name a proxy for this panel."""
    if not connection.use_environment:
        return False
    parts = urlsplit(connection.url)
    proxies = getproxies()
    return bool(proxies.get(parts.scheme) or proxies.get("all")) and not proxy_bypass(parts.hostname or "")


class _UntilThen(io.RawIOBase):
    """What a socket sends, up to a moment: a server that goes on dripping bytes gets no more time than one that says nothing."""

    def __init__(self, sock: socket.socket, left: Callable[[], float]) -> None:
        self._raw = sock.makefile("rb", buffering=0)
        self._sock = sock
        self._left = left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._left()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _Source:
    """All that an answer wants of a socket: a file of what it sends."""

    def __init__(self, sock: socket.socket, left: Callable[[], float]) -> None:
        self._sock = sock
        self._left = left

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_UntilThen(self._sock, self._left), _PIECE)


def _answer(left: Callable[[], float], sock: socket.socket, method: str) -> HTTPResponse:
    return HTTPResponse(_Source(sock, left), method=method)  # type: ignore[arg-type]  # it wants a socket's makefile alone


class _Gathering(HTTPConnection):
    """Keeps head and body back until ``flush``, which writes them at once: one system call, and one packet where they fit."""

    def __init__(self, host: str, port: int | None, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._gathered: list[bytes] = []

    def send(self, data: object) -> None:
        """Take the next piece of a request."""
        assert isinstance(data, bytes)
        self._gathered.append(data)

    def flush(self) -> None:
        """Write what was gathered."""
        whole = b"".join(self._gathered)
        self._gathered.clear()
        assert self.sock is not None
        self.sock.sendall(whole)

    def answer(self, left: Callable[[], float]) -> HTTPResponse:
        """What comes back, as far as it comes before ``left()`` is no longer positive."""
        self.response_class = partial(_answer, left)  # type: ignore[assignment]  # called like a class: socket, method
        return self.getresponse()


class _GatheringTls(_Gathering, HTTPSConnection):
    """The same over TLS."""

    def __init__(self, host: str, port: int | None, timeout: float, context: ssl.SSLContext) -> None:
        HTTPSConnection.__init__(self, host, port, timeout=timeout, context=context)
        self._gathered = []


class DirectTransport:
    """Keeps connections open and hands them out again, the latest first; one idle for long is not used again.

    ``monotonic`` gives seconds that only rise. Safe to use from several threads.
    """

    def __init__(self, connection: Connection, monotonic: Callable[[], float]) -> None:
        parts = urlsplit(connection.url)
        self._host = parts.hostname or ""
        self._port = parts.port
        self._context = ssl_context(connection) if parts.scheme == "https" else None
        self._monotonic = monotonic
        self._idle: deque[tuple[_Gathering, float]] = deque()

    @contextmanager
    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, connect: float, read: float
    ) -> Iterator[Answer]:
        """See :class:`resellerplan.panel.network.Transport`. ``read`` bounds the whole answer, from request to last byte."""
        connection = self._taken() or self._connected(connect)
        parts = urlsplit(url)
        path = quote(f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/", safe="/?=&%:@!$'()*+,;~-._")
        ends = self._monotonic() + read
        whole = False
        try:
            assert connection.sock is not None
            connection.sock.settimeout(read)
            connection.request(method, path, body or None, {**headers, "Accept-Encoding": "gzip", "User-Agent": "resellerplan"})
            connection.flush()
            response = connection.answer(lambda: ends - self._monotonic())
            found = {name.lower(): value for name, value in response.getheaders()}
            yield Answer(response.status, found, _pieces(response, gzipped=found.get("content-encoding") == "gzip"))
            whole = response.isclosed() and not response.will_close
        except TimeoutError:
            raise no_answer(read) from None
        except (OSError, HTTPException, zlib.error) as error:
            raise PanelAmbiguous(
                "the connection to the panel was cut before its answer was complete",
                detail=one_line(str(error) or type(error).__name__),
            ) from None
        finally:
            if whole:
                self._idle.append((connection, self._monotonic()))
            else:
                connection.close()

    def close(self) -> None:
        """Close all connections."""
        while self._idle:
            self._idle.pop()[0].close()

    def _taken(self) -> _Gathering | None:
        """An open connection that the panel has not closed meanwhile."""
        while True:
            try:
                connection, since = self._idle.pop()
            except IndexError:
                return None
            if self._monotonic() - since <= _IDLE_SECONDS and not _has_something_to_say(connection.sock):
                return connection
            connection.close()

    def _connected(self, seconds: float) -> _Gathering:
        if self._context is not None:
            connection: _Gathering = _GatheringTls(self._host, self._port, seconds, self._context)
        else:
            connection = _Gathering(self._host, self._port, seconds)
        try:
            connection.connect()
        except ssl.SSLError as error:
            raise certificate_refused(str(error)) from None
        except TimeoutError:
            raise PanelUnreachable(
                "the panel can't be reached: no connection within the time-out", hint="check panel.url and the firewall"
            ) from None
        except (OSError, UnicodeError) as error:  # a host name that the DNS can't have is a UnicodeError
            raise PanelUnreachable(
                "the panel can't be reached", detail=one_line(str(error)), hint="check panel.url, and that the panel is running"
            ) from None
        return connection


def _has_something_to_say(sock: socket.socket | None) -> bool:
    """An idle connection that can be read was closed by the other side (or says what nobody asked)."""
    if sock is None:
        return True
    with suppress(ValueError, OSError):
        return bool(select.select([sock], [], [], 0)[0])
    return True


def _read(response: HTTPResponse) -> bytes:
    try:
        return response.read(_PIECE)
    except ValueError:  # a chunk of a negative size
        raise HTTPException("the answer is no HTTP") from None


def _pieces(response: HTTPResponse, *, gzipped: bool) -> Iterator[bytes]:
    inflate = zlib.decompressobj(31) if gzipped else None
    while piece := _read(response):
        if inflate is None:
            yield piece
            continue
        while piece:  # a thousand times as long when unpacked, at worst: in steps
            yield inflate.decompress(piece, _UNPACKED_PIECE)
            piece = inflate.unconsumed_tail
    if response.length:
        raise ConnectionResetError(f"{response.length} bytes of the answer are missing")
    if inflate is not None:
        yield inflate.flush()
        if not inflate.eof:
            raise ConnectionResetError("the packed answer ends in the middle")

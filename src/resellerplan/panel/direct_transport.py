"""The network by the standard library alone: what is used where no proxy stands between.

The figures asked for it: a small read through httpx took this process twice as long (benchmarks/snapshot.py), and httpx sends
head and body in two packets. Here one call is one write. What each failure proves is told apart as in ``transport.py``.
"""

from __future__ import annotations

import select
import socket
import ssl
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from resellerplan.errors import PanelAmbiguous, PanelUnreachable
from resellerplan.neutralise import one_line
from resellerplan.panel.connection import Connection
from resellerplan.panel.network import Answer, certificate_refused, no_answer, ssl_context

__all__ = ["DirectTransport", "stands_behind_proxy"]

_PIECE = 65536
_IDLE_SECONDS = 25.0


def stands_behind_proxy(connection: Connection) -> bool:
    """Whether the usual variables name a proxy for this panel."""
    if not connection.use_environment:
        return False
    parts = urlsplit(connection.url)
    proxies = getproxies()
    return bool(proxies.get(parts.scheme) or proxies.get("all")) and not proxy_bypass(parts.hostname or "")


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
        """See :class:`resellerplan.panel.transport.Transport`."""
        connection = self._taken() or self._connected(connect)
        parts = urlsplit(url)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        whole = False
        try:
            assert connection.sock is not None
            connection.sock.settimeout(read)
            connection.request(method, path, body or None, {**headers, "Accept-Encoding": "gzip", "User-Agent": "resellerplan"})
            connection.flush()
            response = connection.getresponse()
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
        except OSError as error:
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


def _pieces(response: HTTPResponse, *, gzipped: bool) -> Iterator[bytes]:
    inflate = zlib.decompressobj(31) if gzipped else None
    while piece := response.read(_PIECE):
        yield inflate.decompress(piece) if inflate is not None else piece
    if response.length:
        raise ConnectionResetError(f"{response.length} bytes of the answer are missing")
    if inflate is not None:
        yield inflate.flush()
        if not inflate.eof:
            raise ConnectionResetError("the packed answer ends in the middle")

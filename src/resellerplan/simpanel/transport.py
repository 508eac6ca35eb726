"""The embedded panel in process, as httpx sees it: the WSGI application behind an ``httpx.BaseTransport`` of our own.

httpx's own WSGI transport lets short bodies and time-outs pass unnoticed. This one checks the length of every body against its
head, honours the client's time-outs (by the delays that the rules of chaos state, and by the time that an answer really takes),
and raises httpx's own errors for what has no HTTP answer.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import httpx

from resellerplan.simpanel.chaos import Delivery, Exchange
from resellerplan.simpanel.faces.exchange import Request
from resellerplan.simpanel.wsgi import EXCHANGE, App, environ_of

__all__ = ["InProcessTransport"]

_RESET = "[Errno 104] Connection reset by peer"
_REFUSED = "[Errno 111] Connection refused"


class InProcessTransport(httpx.BaseTransport):
    """Sends requests to ``app``.

    ``pause`` sleeps where a delay is shorter than the client's time-out; where it is longer, the time-out is raised without
    waiting, unless ``really_wait``.
    """

    def __init__(
        self,
        app: App,
        *,
        pause: Callable[[float], None] = time.sleep,
        ticks: Callable[[], float] = time.monotonic,
        really_wait: bool = False,
    ) -> None:
        self._app = app
        self._pause = pause
        self._ticks = ticks
        self._really_wait = really_wait

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request. Raises httpx's transport errors."""
        limits: dict[str, float | None] = request.extensions.get("timeout", {})
        if self._app.is_closed():
            raise httpx.ConnectError(_REFUSED, request=request)
        body = b"".join(_bytes(request))
        stated = request.headers.get("content-length")
        if stated is not None and int(stated) != len(body):
            raise httpx.LocalProtocolError(
                f"Too {'little' if int(stated) > len(body) else 'much'} data for declared Content-Length", request=request
            )
        started = self._ticks()
        box: list[Exchange] = []
        head: list[Any] = []
        environ = environ_of(_request(request), io.BytesIO(body), len(body))
        environ[EXCHANGE] = box

        def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[[bytes], object]:
            head.extend((status, headers))
            return head.append

        blocks = list(self._app(environ, start_response))
        delivery = box[0].delivery if box else Delivery()
        self._wait(delivery, limits, self._ticks() - started, request)
        if not head:
            raise _error(delivery, request)
        return self._response(head, blocks, delivery, limits, request)

    # -- time ---------------------------------------------------------------------------------------------------------------

    def _wait(
        self, delivery: Delivery, limits: dict[str, float | None], taken: float, request: httpx.Request
    ) -> None:
        limit = limits.get("read")
        if limit is not None and (taken + delivery.delay >= limit or (delivery.how == "silence" and delivery.seconds >= limit)):
            if self._really_wait:
                self._pause(max(0.0, limit - taken))
            raise httpx.ReadTimeout("timed out", request=request)
        if delivery.delay:
            self._pause(delivery.delay)
        if delivery.how == "silence" and delivery.seconds:
            self._pause(delivery.seconds)

    def _response(
        self,
        head: list[Any],
        blocks: list[bytes],
        delivery: Delivery,
        limits: dict[str, float | None],
        request: httpx.Request,
    ) -> httpx.Response:
        status, headers = str(head[0]), list(head[1])
        code, _, reason = status.partition(" ")
        stated = next((int(v) for n, v in headers if n.lower() == "content-length"), None)
        stream = _Body(blocks, stated, delivery, limits.get("read"), self._pause, request)
        return httpx.Response(
            int(code),
            headers=[(n.encode("latin-1", "replace"), v.encode("latin-1", "replace")) for n, v in headers],
            stream=stream,
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": reason.encode("latin-1", "replace")},
        )


class _Body(httpx.SyncByteStream):
    """A reply's body as it comes off the wire: counted against its stated length, cut or dripped where a rule says so."""

    def __init__(
        self,
        blocks: list[bytes],
        stated: int | None,
        delivery: Delivery,
        limit: float | None,
        pause: Callable[[float], None],
        request: httpx.Request,
    ) -> None:
        self._blocks = blocks
        self._stated = stated
        self._delivery = delivery
        self._limit = limit
        self._pause = pause
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        received = 0
        for block in self._pieces():
            received += len(block)
            yield block
        expected = self._stated if self._request.method != "HEAD" else None
        if expected is not None and received < expected:
            raise httpx.RemoteProtocolError(
                f"peer closed connection without sending complete message body (received {received} bytes, expected {expected})",
                request=self._request,
            )
        if expected is not None and received > expected:
            raise httpx.RemoteProtocolError("Too much data for declared Content-Length", request=self._request)

    def _pieces(self) -> Iterator[bytes]:
        if self._delivery.cut_after is not None:
            yield b"".join(self._blocks)[: self._delivery.cut_after]
        elif self._delivery.bytes_per_second is not None:
            yield from self._drops(b"".join(self._blocks), self._delivery.bytes_per_second)
        else:
            yield from self._blocks

    def _drops(self, body: bytes, bytes_per_second: float) -> Iterator[bytes]:
        step = max(1, int(bytes_per_second / 10))
        for at in range(0, len(body), step):
            if self._limit is not None and step / bytes_per_second >= self._limit:
                raise httpx.ReadTimeout("timed out", request=self._request)
            self._pause(step / bytes_per_second)
            yield body[at : at + step]


def _error(delivery: Delivery, request: httpx.Request) -> httpx.TransportError:
    match delivery.how:
        case "refuse":
            return httpx.ConnectError(_REFUSED, request=request)
        case "silence":
            return httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
        case _:
            return httpx.ReadError(_RESET, request=request)


def _bytes(request: httpx.Request) -> Iterator[bytes]:
    if isinstance(request.stream, httpx.SyncByteStream):
        yield from request.stream


def _request(request: httpx.Request) -> Request:
    url = request.url
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Request(
        request.method,
        unquote(url.path),
        query=url.query.decode("ascii"),
        headers=headers,
        host=headers.get("host", url.netloc.decode("ascii")),
        scheme=url.scheme,
    )

"""The network by httpx, and httpx's only door: through a proxy, and to an embedded panel in process."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import httpx

from resellerplan.errors import PanelAmbiguous, PanelUnreachable
from resellerplan.neutralise import one_line
from resellerplan.panel.connection import Connection
from resellerplan.panel.network import Answer, certificate_refused, no_answer, ssl_context

__all__ = ["HttpxTransport", "InProcess"]

InProcess = httpx.BaseTransport
"""What answers requests without a socket: the embedded panel hands one to the composition root."""

_NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.ProxyError,
    httpx.InvalidURL,
    httpx.LocalProtocolError,
)


class HttpxTransport:
    """httpx's sync client. ``inner`` replaces the network (the embedded panel in process).

    ``monotonic`` gives seconds that only rise: by it an answer's body is whole within the time-out, or it is none. (None: only
    the pauses between its pieces are bounded.)
    """

    def __init__(
        self, connection: Connection, inner: InProcess | None = None, monotonic: Callable[[], float] | None = None
    ) -> None:
        self._monotonic = monotonic
        limits = httpx.Limits(
            max_connections=connection.parallelism + 2, max_keepalive_connections=connection.parallelism + 2, keepalive_expiry=25.0
        )
        self._client = httpx.Client(
            transport=inner,
            verify=ssl_context(connection) if inner is None else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            limits=limits,
            follow_redirects=False,
            trust_env=connection.use_environment and inner is None,
        )

    @contextmanager
    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, connect: float, read: float
    ) -> Iterator[Answer]:
        """See :class:`Transport`."""
        timeout = httpx.Timeout(connect=connect, read=read, write=read, pool=read)
        try:
            with self._client.stream(method, url, headers=dict(headers), content=body, timeout=timeout) as response:
                yield Answer(response.status_code, response.headers, self._in_time(response.iter_bytes(), read))
        except _NOTHING_SENT as error:
            raise _unreachable(error) from None
        except httpx.TimeoutException:
            raise no_answer(read) from None
        except httpx.HTTPError as error:
            raise PanelAmbiguous(
                "the connection to the panel was cut before its answer was complete", detail=one_line(str(error))
            ) from None

    def _in_time(self, pieces: Iterator[bytes], seconds: float) -> Iterator[bytes]:
        if self._monotonic is None:
            yield from pieces
            return
        ends = self._monotonic() + seconds
        for piece in pieces:
            if self._monotonic() > ends:
                raise no_answer(seconds)
            yield piece

    def close(self) -> None:
        """Close all connections."""
        self._client.close()


def _unreachable(error: Exception) -> PanelUnreachable:
    text = one_line(str(error) or type(error).__name__)
    if "CERTIFICATE" in text.upper() or "SSL" in text.upper():
        return certificate_refused(text)
    if isinstance(error, httpx.ConnectTimeout):
        return PanelUnreachable(
            "the panel can't be reached: no connection within the time-out", hint="check panel.url and the firewall"
        )
    return PanelUnreachable("the panel can't be reached", detail=text, hint="check panel.url, and that the panel is running")

"""Bytes in, bytes out: the only door to the network, behind a Protocol, so that the engine can change.

Every failure is told apart here by what it proves. *Nothing was sent* (no name, no connection, a TLS failure): PanelUnreachable.
*Sent, and no whole answer* (a time-out, a reset, a short body): PanelAmbiguous. Redirects are never followed: credentials go to
the URL they were given for.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

import httpx

from resellerplan.errors import PanelAmbiguous, PanelUnreachable, UsageError
from resellerplan.neutralise import one_line
from resellerplan.panel.connection import Connection

__all__ = ["Answer", "HttpxTransport", "InProcess", "Transport"]

InProcess = httpx.BaseTransport
"""What answers requests without a socket: the embedded panel hands one to the composition root."""


@dataclass(slots=True)
class Answer:
    """An HTTP answer: status, headers by lower-case name, and the body in pieces (readable once, while it is open)."""

    status: int
    headers: Mapping[str, str]
    pieces: Iterator[bytes]


class Transport(Protocol):
    """What the client needs of a network."""

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, connect: float, read: float
    ) -> AbstractContextManager[Answer]:
        """Send one request; time-outs in seconds. Raises PanelUnreachable or PanelAmbiguous, also while the body is read."""
        ...

    def close(self) -> None:
        """Close all connections."""
        ...


_NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.ProxyError,
    httpx.InvalidURL,
    httpx.LocalProtocolError,
)


def _ssl_context(connection: Connection) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=connection.ca_file or None)
        if connection.client_certificate:
            context.load_cert_chain(connection.client_certificate)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            "a certificate file can't be read", detail=one_line(str(error)), hint="ca_file and client_certificate are PEM files"
        ) from None
    return context


class HttpxTransport:
    """httpx's sync client. ``inner`` replaces the network (the embedded panel in process)."""

    def __init__(self, connection: Connection, inner: InProcess | None = None) -> None:
        limits = httpx.Limits(
            max_connections=connection.parallelism + 2, max_keepalive_connections=connection.parallelism + 2, keepalive_expiry=25.0
        )
        self._client = httpx.Client(
            transport=inner,
            verify=_ssl_context(connection) if inner is None and connection.url.startswith("https:") else True,
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
                yield Answer(response.status_code, response.headers, response.iter_bytes())
        except _NOTHING_SENT as error:
            raise _unreachable(error) from None
        except httpx.TimeoutException:
            raise PanelAmbiguous(
                f"the panel did not answer within {read:g} s", hint="it may still be working; look at the panel before trying again"
            ) from None
        except httpx.HTTPError as error:
            raise PanelAmbiguous(
                "the connection to the panel was cut before its answer was complete", detail=one_line(str(error))
            ) from None

    def close(self) -> None:
        """Close all connections."""
        self._client.close()


def _unreachable(error: Exception) -> PanelUnreachable:
    text = one_line(str(error) or type(error).__name__)
    if "CERTIFICATE" in text.upper() or "SSL" in text.upper():
        return PanelUnreachable(
            "the panel's certificate was not accepted",
            detail=text,
            hint="for a certificate of your own set ca_file; never switch the check off",
        )
    if isinstance(error, httpx.ConnectTimeout):
        return PanelUnreachable(
            "the panel can't be reached: no connection within the time-out", hint="check panel.url and the firewall"
        )
    return PanelUnreachable("the panel can't be reached", detail=text, hint="check panel.url, and that the panel is running")

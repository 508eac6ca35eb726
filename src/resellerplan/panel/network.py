"""Bytes in, bytes out, behind a Protocol, so that the engine can change: what every engine promises.

Every failure is told apart by what it proves. *Nothing was sent* (no name, no connection, a TLS failure): PanelUnreachable.
*Sent, and no whole answer* (a time-out, a reset, a short body): PanelAmbiguous. Redirects are never followed: credentials go to
the URL they were given for. There are two engines: ``direct_transport.py`` (the standard library, the usual one) and
``transport.py`` (httpx: through a proxy, and to an embedded panel in process).
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from resellerplan.errors import PanelAmbiguous, PanelError, PanelUnreachable, UsageError
from resellerplan.neutralise import one_line
from resellerplan.panel.connection import Connection

__all__ = ["Answer", "Transport", "certificate_refused", "no_answer", "ssl_context", "was_no_answer"]

_NO_ANSWER = "the panel did not answer within"
_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG")
"""What OpenSSL calls an answer that is no TLS."""


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


def ssl_context(connection: Connection) -> ssl.SSLContext:
    """The authorities and the certificate to use. Raises UsageError for a file that can't be read."""
    try:
        context = ssl.create_default_context(cafile=connection.ca_file or None)
        if connection.client_certificate:
            context.load_cert_chain(connection.client_certificate)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            "a certificate file can't be read", detail=one_line(str(error)), hint="ca_file and client_certificate are PEM files"
        ) from None
    return context


def certificate_refused(text: str) -> PanelUnreachable:
    """The error for a TLS handshake that failed: the other side speaks no TLS, or its certificate is not one to trust."""
    if any(word in text.upper() for word in _NO_TLS):
        return PanelUnreachable(
            "there is no TLS at this address",
            detail=one_line(text),
            hint="check the port; if this panel has no certificate, its URL begins with http://",
        )
    return PanelUnreachable(
        "the panel's certificate was not accepted",
        detail=one_line(text),
        hint="for a certificate of your own say --ca-file FILE (PEM), or set RESELLERPLAN_CA_FILE",
    )


def no_answer(seconds: float) -> PanelAmbiguous:
    """The error for a time-out after the request was sent."""
    return PanelAmbiguous(f"{_NO_ANSWER} {seconds:g} s", hint="it may still be working; look at the panel before trying again")


def was_no_answer(error: PanelError) -> bool:
    """Whether an error is a time-out: asking for as much again would only take as long again."""
    return isinstance(error, PanelAmbiguous) and error.message.startswith(_NO_ANSWER)

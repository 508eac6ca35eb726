"""The log of requests, for ``-vv`` and RESELLERPLAN_LOG=debug: what was asked, the answer's status, how long it took. No contents.

A request is named by its SOAPAction, which holds no parameters; bodies and the headers with the log-in never come here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from resellerplan.errors import PanelError
from resellerplan.panel.network import Answer, Transport

__all__ = ["logged"]

_LOG = logging.getLogger("resellerplan.panel")


def logged(transport: Transport, monotonic: Callable[[], float]) -> Transport:
    """The transport, with a line for each request; itself where nobody listens."""
    return _Logged(transport, monotonic) if _LOG.isEnabledFor(logging.DEBUG) else transport


class _Logged:
    def __init__(self, transport: Transport, monotonic: Callable[[], float]) -> None:
        self._transport = transport
        self._monotonic = monotonic

    @contextmanager
    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, connect: float, read: float
    ) -> Iterator[Answer]:
        """See :class:`Transport`."""
        asked = headers.get("SOAPAction", "").strip('"').rpartition("/")[2] or method
        began = self._monotonic()
        try:
            with self._transport.send(method, url, headers, body, connect=connect, read=read) as answer:
                yield answer
        except PanelError as error:
            _LOG.debug("%s %s: %s after %.3f s", asked, url, error.message, self._monotonic() - began)
            raise
        _LOG.debug("%s %s: %d in %.3f s", asked, url, answer.status, self._monotonic() - began)

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

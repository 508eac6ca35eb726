"""Traces of exchanges with the panel, fit to attach to a bug report: secrets are left out by construction.

A request is written a second time with every secret masked (it is encoded twice, never searched). A reply is read by a parser and
written again without the texts of secret members and of evaluated letters, which hold the customer's password. HTTP headers that
carry credentials are never written. A reply that is no XML is not written at all, only its beginning, made harmless.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from resellerplan.errors import UsageError
from resellerplan.neutralise import fragment_of, one_line
from resellerplan.panel.echoes import clean_text
from resellerplan.soap.masking import NotXml, masked_copy

__all__ = ["Exchange", "Trace"]

_LOG = logging.getLogger("resellerplan.panel")
_SHOWN_HEADERS = ("content-type", "content-length", "retry-after", "server")
_MOST_BYTES = 64 * 1024 * 1024


class Trace:
    """A folder that takes one pair of files per call: ``0001-esUsers.AddUser.request.xml`` and ``.reply.xml``."""

    def __init__(self, folder: Path) -> None:
        """Raises UsageError where there can be no such folder."""
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise UsageError(
                "the traces can't be kept there", detail=f"{folder}: {error.strerror}", hint="name another folder by --trace-soap"
            ) from None

    def begin(self, number: int, call: str, masked_request: bytes) -> Exchange:
        """Write a request; the reply follows."""
        stem = self._folder / f"{number:04}-{call}"
        _keep(stem.with_name(stem.name + ".request.xml"), masked_request)
        return Exchange(stem)


def _keep(file: Path, data: bytes) -> None:
    """Write a file for its owner alone. A disk that is full must not decide what becomes of a call: it is said in the log."""
    try:
        file.touch(mode=0o600)
        file.write_bytes(data)
    except OSError as error:
        _LOG.warning("the trace %s could not be written: %s", file.name, error.strerror)


class Exchange:
    """One call's reply on its way into a file."""

    def __init__(self, stem: Path) -> None:
        self._stem = stem
        self._lines: list[str] = []
        self._pieces: list[bytes] = []
        self._size = 0

    def copying(self, status: int, headers: Mapping[str, str], pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The same pieces, kept for the file."""
        self._lines.append(f"HTTP {status}")
        self._lines += [f"{name}: {headers[name]}" for name in _SHOWN_HEADERS if name in headers]
        for piece in pieces:
            self._size += len(piece)
            if self._size <= _MOST_BYTES:
                self._pieces.append(piece)
            yield piece

    def ended(self, how: str) -> None:
        """The exchange ended without a whole answer."""
        self._lines.append(how)

    def close(self, secrets: Iterable[str] = ()) -> None:
        """Write the reply's file. ``secrets`` are those of the request, which a stranger's text may repeat."""
        data = b"".join(self._pieces)
        try:
            text = masked_copy(data) if self._size <= _MOST_BYTES else f"{self._size} bytes, too long to keep"
        except NotXml:
            text = f"no XML, {self._size} bytes, beginning: {fragment_of(data)}"
        head = "\n".join(one_line(line, 200).replace("--", "- -") for line in self._lines)
        whole = clean_text(f"<!-- {head} -->\n{text}", secrets)
        _keep(self._stem.with_name(self._stem.name + ".reply.xml"), f"{whole}\n".encode("utf-8", "backslashreplace"))

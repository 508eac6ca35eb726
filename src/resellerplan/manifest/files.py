"""The only reader: bytes of manifests, tables and the files they include, checked and bounded before anything looks into them.

Every way in which a file can fail to be a text is a Finding here, so that the stages behind can be pure. A file is read once,
whole, and never beyond its limit; what it looked like before and after is compared, so that half of the old and half of the new
is told.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from resellerplan.diagnostics import Finding, Note, Place, Sources
from resellerplan.manifest.codes import finding
from resellerplan.manifest.limits import LIMITS, Limits

__all__ = ["LOCK_NAME", "MANIFEST_NAME", "STDIN", "Files", "decode", "display"]

MANIFEST_NAME: Final = "resellerplan.yaml"
"""What a folder stands for."""

LOCK_NAME: Final = "catalogue.lock.yaml"
"""The file of the panel's own catalogue, beside the first manifest."""

STDIN: Final = "<stdin>"
"""The name of standard input in places."""

_CHUNK = 1 << 20
_MARKS: Final = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
BOM: Final = b"\xef\xbb\xbf"


def display(folder: str, name: str) -> str:
    """A file's name as the user knows it: as given, or relative to the folder that was given; with ``/`` on every system."""
    joined = os.path.normpath(os.path.join(folder, name))
    return joined.replace(os.sep, "/")


@dataclass(slots=True)
class Files:
    """Reads files by name and keeps the texts for excerpts. One per run; ``findings`` collects what was wrong.

    ``here`` is the folder that relative names start from, ``stdin`` gives the bytes of standard input when ``-`` is asked for.
    ``read`` is how bytes come from a descriptor (a test replaces it to change a file half way).
    """

    here: Path = field(default_factory=Path)
    stdin: Callable[[int], bytes] | None = None
    limits: Limits = LIMITS
    read: Callable[[int, int], bytes] = os.read
    findings: list[Finding] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    _total: int = 0

    @property
    def sources(self) -> Sources:
        """The texts that were read, for excerpts."""
        return Sources(self.texts)

    def bytes_of(self, name: str, *, asked: Place | None = None) -> bytes | None:
        """The bytes of a file; None where there is a finding instead. ``asked`` is where the manifest names the file."""
        try:
            data = self._standard_input() if name == STDIN else self._file(name, asked)
        except (OSError, ValueError) as error:
            self.findings.append(_unreadable(name, error, asked))
            return None
        if data is None:
            return None
        self._total += len(data)
        if self._total > self.limits.total_bytes:
            self._tell("RP1018", name, asked, f"all files together hold more than {_size(self.limits.total_bytes)}")
            return None
        return data

    def text_of(self, name: str, *, asked: Place | None = None) -> str | None:
        """The text of a YAML file, without byte-order mark; None where there is a finding instead."""
        data = self.bytes_of(name, asked=asked)
        if data is None:
            return None
        text, trouble = decode(name, data)
        # Kept before it is judged, so that an excerpt can be cut from a text that is only partly readable.
        self.texts[name] = (
            text if text is not None else data[:_CHUNK].decode("utf-8", "replace").replace("\0", "\N{SYMBOL FOR NULL}")
        )
        if trouble is not None:
            self.findings.append(trouble)
        return text

    def identity(self, name: str) -> tuple[int, int] | str:
        """What tells two names of one file apart from two files."""
        try:
            found = os.stat(self.here / name)
        except (OSError, ValueError):
            return name
        return (found.st_dev, found.st_ino) if found.st_ino else os.path.realpath(self.here / name)

    def is_folder(self, name: str) -> bool:
        """Whether the name is a folder's."""
        try:
            return (self.here / name).is_dir()
        except (OSError, ValueError):
            return False

    def _standard_input(self) -> bytes | None:
        if self.stdin is None:
            raise OSError(errno.EBADF, "there is no standard input")
        data = self.stdin(self.limits.file_bytes + 1)
        if len(data) > self.limits.file_bytes:
            self._tell("RP1018", STDIN, None, f"more than {_size(self.limits.file_bytes)}")
            return None
        return data

    def _file(self, name: str, asked: Place | None) -> bytes | None:
        # O_NONBLOCK keeps an open pipe without a writer from hanging; Windows has neither flag.
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
        descriptor = os.open(self.here / name, flags)
        try:
            before = os.fstat(descriptor)
            if stat.S_ISDIR(before.st_mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            if not stat.S_ISREG(before.st_mode) and not stat.S_ISFIFO(before.st_mode):
                raise OSError(errno.EINVAL, "it is a device, not a file")
            if before.st_size > self.limits.file_bytes:
                self._tell("RP1018", name, asked, f"{_size(before.st_size)}; at most {_size(self.limits.file_bytes)} are read")
                return None
            if hasattr(os, "set_blocking"):
                os.set_blocking(descriptor, True)
            data = self._bounded(descriptor)
            after = os.fstat(descriptor)
        finally:
            os.close(descriptor)
        if data is None:
            self._tell("RP1018", name, asked, f"more than {_size(self.limits.file_bytes)}")
            return None
        same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns) and len(data) == after.st_size
        if stat.S_ISREG(before.st_mode) and not same:
            self._tell("RP1021", name, asked, "")
            return None
        return data

    def _bounded(self, descriptor: int) -> bytes | None:
        pieces: list[bytes] = []
        length = 0
        while piece := self.read(descriptor, _CHUNK):
            pieces.append(piece)
            length += len(piece)
            if length > self.limits.file_bytes:
                return None
        return b"".join(pieces)

    def _tell(self, code: str, name: str, asked: Place | None, label: str) -> None:
        notes = (Note("named here", asked),) if asked is not None else ()
        self.findings.append(finding(code, Place(name, 1, 1), label, notes=notes))


def decode(name: str, data: bytes) -> tuple[str | None, Finding | None]:
    """The text of a manifest's bytes, or why they are none."""
    mark = next((encoding for sign, encoding in _MARKS if data.startswith(sign)), None)
    if mark is not None:
        return None, finding("RP1019", Place(name, 1, 1), f"{mark}, by its byte-order mark", hint="save the file as UTF-8")
    data = data.removeprefix(BOM)
    at = data.find(b"\0")
    if at >= 0:
        hint = "save the file as UTF-8" if data[1:200:2].count(b"\0") > len(data[1:200:2]) // 2 else ""
        return None, finding("RP1020", _place_of_byte(name, data, at), "a NUL byte", hint=hint)
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError as error:
        try:
            data[error.start : error.start + 1].decode("cp1252")
            hint = "it may be Windows-1252: save the file as UTF-8"
        except UnicodeDecodeError:
            hint = "save the file as UTF-8"
        return None, finding("RP1019", _place_of_byte(name, data, error.start), f"the byte 0x{data[error.start]:02X}", hint=hint)


def _place_of_byte(name: str, data: bytes, at: int) -> Place:
    line_start = max(data.rfind(b"\n", 0, at), data.rfind(b"\r", 0, at)) + 1
    before = data[:line_start]
    line = before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n") + 1
    return Place(name, line, len(data[line_start:at].decode("utf-8", "replace")) + 1)


def _unreadable(name: str, error: OSError | ValueError, asked: Place | None) -> Finding:
    """The Finding for what the operating system said."""
    notes = (Note("named here", asked),) if asked is not None else ()
    place = asked if asked is not None else Place(name, 1, 1)
    if asked is not None:
        notes = ()
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        hint = f"a folder needs a {MANIFEST_NAME}" if name.endswith("/" + MANIFEST_NAME) else ""
        if name == MANIFEST_NAME:
            hint = "`resellerplan init` writes a first one; or name the manifest's file or folder"
        return finding("RP1001", place, name, notes=notes, hint=hint)
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return finding("RP1023", place, name, notes=notes)
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return finding("RP1002", place, f"{name}: {reason}" if asked is not None else reason, notes=notes)


def _size(count: int) -> str:
    return f"{count / 1024 / 1024:.0f} MB"

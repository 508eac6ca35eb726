"""Edits reach the disk: whole or not at all, and only where the file is still what was looked at.

A temporary file beside it, written and flushed, takes the old one's mode and then its place; a link is followed, so that it stays
one.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from resellerplan.diagnostics import Finding, Place
from resellerplan.manifest.codes import finding
from resellerplan.manifest.edit import Splice

__all__ = ["FileChange", "bytes_on_disk", "save"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """One file's change. ``before`` None = a new file; ``text`` is the text before, without mark, and ``splices`` its changes."""

    name: str
    before: bytes | None
    after: bytes
    text: str
    splices: Sequence[Splice]


def bytes_on_disk(path: Path) -> bytes | None:
    """The bytes of a file; None where there is none. Raises OSError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def save(changes: Sequence[FileChange], here: Path) -> tuple[Finding, ...]:
    """Write all changes, or none where a file is no longer what was looked at. What went wrong is told."""
    wrong: list[Finding] = []
    for change in changes:
        try:
            now = bytes_on_disk(here / change.name)
        except OSError as error:
            wrong.append(finding("RP1809", Place(change.name, 1, 1), error.strerror or ""))
            continue
        if now != change.before:
            label = "somebody made it meanwhile" if change.before is None else "nothing was written"
            wrong.append(finding("RP1801", Place(change.name, 1, 1), label, hint="run the command again"))
    if wrong:
        return tuple(wrong)
    for change in changes:
        try:
            _replace(here / change.name, change.after)
        except OSError as error:
            return (finding("RP1809", Place(change.name, 1, 1), error.strerror or str(error)),)
    return ()


def _replace(path: Path, data: bytes) -> None:
    """Put bytes in a file's place. Raises OSError; then the file is as it was."""
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
        os.chmod(temporary, mode)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _umask() -> int:
    """The process's mask for new files (it can only be read by setting it)."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask

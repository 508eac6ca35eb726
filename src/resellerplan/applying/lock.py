"""One run at a time per panel and reseller: the lock, and the note beside it that says who holds it.

The lock is the operating system's, so it ends with the process that took it, however that process ends: what is still locked
belongs to a process that lives (or to a machine that shares the folder). Whoever takes it away from a process that hangs deletes
the note too; a run looks at its note before every write and sends nothing more once it is gone.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from resellerplan.errors import JournalError

__all__ = ["Holder", "RunLock", "held_locks", "lock_name", "take_away", "take_lock"]

_LOCK, _NOTE = ".lock", ".holder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds a lock: ``who`` is a person and a machine, ``since`` a time in UTC; empty and 0 where no note says so.

    ``name`` is the lock's own, made of the reseller and the panel.
    """

    name: str
    reseller: str = ""
    panel: str = ""
    who: str = ""
    process: int = 0
    since: str = ""

    @property
    def text(self) -> str:
        """``by petra@desk-3 (process 4711), since 2026-11-23 10:40:02 UTC``; empty where nobody knows."""
        if not self.since:
            return ""
        try:
            day = f"{datetime.fromisoformat(self.since).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
        except ValueError:
            day = self.since
        return f"by {self.who or 'somebody'} (process {self.process}), since {day}"


class RunLock:
    """A lock that was taken; made by ``take_lock``."""

    def __init__(self, lock: BaseFileLock, note: Path, text: str) -> None:
        self._lock = lock
        self._note = note
        self._text = text

    def still_ours(self) -> bool:
        """Whether nobody took the lock away meanwhile."""
        return _read(self._note) == self._text

    def release(self) -> None:
        """Let the next run in."""
        self._lock.release()


def lock_name(reseller: str, panel: str) -> str:
    """The name of a reseller's lock at a panel, fit for a file."""
    name = re.sub(r"[^A-Za-z0-9._-]", "_", reseller) or "_"
    return f"{name}-{hashlib.sha256(panel.encode()).hexdigest()[:8]}"


def take_lock(folder: Path, holder: Holder, seconds: float, waits_for: Callable[[Holder], None] | None = None) -> RunLock:
    """Take a lock for ``holder``, waiting so long for whoever has it.

    ``waits_for`` is called once, with who holds it, where that has to be waited for.
    Raises JournalError where another run keeps it, OSError where nothing can be written in the folder.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = FileLock(str(folder / f"{holder.name}{_LOCK}"), timeout=seconds)
    note = folder / f"{holder.name}{_NOTE}"
    try:
        _acquire(lock, note, seconds, waits_for)
    except Timeout as error:
        raise JournalError(
            f"another apply is running for {holder.reseller}",
            detail=_holder(note).text,
            hint=f"wait, or `resellerplan lock release {holder.name}` if you know that it hangs",
        ) from error
    text = json.dumps(
        {
            "reseller": holder.reseller,
            "panel": holder.panel,
            "who": holder.who,
            "process": os.getpid(),
            "since": holder.since,
        },
        ensure_ascii=False,
    )
    try:
        note.write_text(text, encoding="utf-8")
    except OSError:
        lock.release()
        raise
    return RunLock(lock, note, text)


def _acquire(lock: BaseFileLock, note: Path, seconds: float, waits_for: Callable[[Holder], None] | None) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if seconds <= 0:
            raise
        if waits_for is not None:
            waits_for(_holder(note))
        lock.acquire(timeout=seconds)


def held_locks(folder: Path) -> tuple[Holder, ...]:
    """Every lock in a folder that somebody holds now, by name."""
    return tuple(_holder(path.with_suffix(_NOTE)) for path in sorted(folder.glob(f"*{_LOCK}")) if _is_held(path))


def take_away(folder: Path, holder: Holder) -> None:
    """Take a lock from whoever holds it, so that another run may begin; that one stops before its next write.

    Raises JournalError where the system keeps a file that is in use from being deleted (Windows).
    """
    try:
        (folder / f"{holder.name}{_NOTE}").unlink(missing_ok=True)
        (folder / f"{holder.name}{_LOCK}").unlink(missing_ok=True)
    except OSError as error:
        raise JournalError(
            f"the lock {holder.name} can't be taken away: {error.strerror}",
            detail=holder.text,
            hint="end that process: the lock ends with it",
        ) from error


def _is_held(path: Path) -> bool:
    lock = FileLock(str(path), timeout=0)
    try:
        lock.acquire()
    except (Timeout, OSError):  # a folder that is only read from here may hold a lock of another's
        return True
    lock.release()
    return False


def _holder(note: Path) -> Holder:
    """What a note says; a note that is missing or damaged says nothing."""
    try:
        data = json.loads(_read(note))
    except ValueError:
        return Holder(name=note.stem)
    if not isinstance(data, dict):
        return Holder(name=note.stem)
    process = data.get("process")
    return Holder(
        name=note.stem,
        reseller=str(data.get("reseller", "")),
        panel=str(data.get("panel", "")),
        who=str(data.get("who", "")),
        process=process if isinstance(process, int) else 0,
        since=str(data.get("since", "")),
    )


def _read(note: Path) -> str:
    try:
        return note.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""

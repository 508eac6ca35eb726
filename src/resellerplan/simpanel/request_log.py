"""Every request that reached the panel, in order: what tests assert on and ``panel log`` shows.

Parameters are kept as read, without secrets; the raw bytes only when asked for (they contain passwords).
"""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from resellerplan.simpanel.dispatch import storable_text

if TYPE_CHECKING:
    from resellerplan.simpanel.store import Store

__all__ = ["Entry", "RequestLog", "store_sink", "without_secrets"]

HIDDEN = "•••"
"""Stands for a secret."""

_SECRET = re.compile(r"password|passwd|pwd|^pin$|pinsecret|secret|cryptokey|token", re.IGNORECASE)


@lru_cache(maxsize=2048)
def _is_secret(name: str) -> bool:
    return _SECRET.search(name) is not None


def without_secrets(value: object, name: str = "") -> object:
    """A parameter with every secret in it hidden: by its own name, by a member's name, by a setting's name."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return HIDDEN if value and _is_secret(name) else value
        case dict():
            return {str(k): without_secrets(v, str(k)) for k, v in value.items()}
        case Mapping():
            return {str(k): without_secrets(v, str(k)) for k, v in value.items()}
        case [str(key), str(setting)] if name == "SettingsArray":
            return [key, HIDDEN if setting and _SECRET.search(key) else setting]
        case list():
            return [without_secrets(v, name) for v in value]
        case _:
            return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One request and what became of it.

    ``status`` is 0 where there was no HTTP answer; ``outcome`` is ``ok``, a fault's text, or what chaos did to it.
    """

    number: int
    received: datetime
    method: str
    path: str
    service: str = ""
    operation: str = ""
    caller: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    status: int = 0
    outcome: str = "ok"
    seconds: float = 0.0
    request_bytes: int = 0
    reply_bytes: int = 0
    request: bytes | None = None
    reply: bytes | None = None

    @property
    def call(self) -> str:
        """``esUsers.AddUser``, or the path where it was no call."""
        return f"{self.service}.{self.operation}" if self.operation else self.path


class RequestLog:
    """The last requests, thread-safe. ``sink`` gets entries in bundles, to keep them elsewhere."""

    def __init__(
        self,
        *,
        keep: int = 100_000,
        raw: bool = False,
        sink: Callable[[Sequence[Entry]], None] | None = None,
        bundle: int = 100,
    ) -> None:
        self.raw = raw
        self._entries: deque[Entry] = deque(maxlen=keep)
        self._sink = sink
        self._bundle = bundle
        self._waiting: list[Entry] = []
        self._lock = threading.Lock()
        self._number = 0

    def next_number(self) -> int:
        """A number for a request, from 1."""
        with self._lock:
            self._number += 1
            return self._number

    def add(self, entry: Entry) -> None:
        """Keep an entry."""
        with self._lock:
            self._entries.append(entry)
            if self._sink is None:
                return
            self._waiting.append(entry)
            full = len(self._waiting) >= self._bundle
        if full:
            self.flush()

    def flush(self) -> None:
        """Hand what waits to the sink."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        if waiting and self._sink is not None:
            self._sink(waiting)

    def clear(self) -> None:
        """Forget the entries (numbers go on)."""
        with self._lock:
            self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        with self._lock:
            return iter(tuple(self._entries))

    def calls(self, operation: str | None = None) -> list[Entry]:
        """The calls, or those of one operation (``AddUser`` or ``esUsers.AddUser``)."""
        return [e for e in self if e.operation and operation in (None, e.operation, e.call)]


def store_sink(store: Store) -> Callable[[Sequence[Entry]], None]:
    """A sink that keeps entries in the world's file, where ``panel log`` finds them."""

    def write(entries: Sequence[Entry]) -> None:
        with store.writing() as db:
            db.executemany(
                "INSERT INTO request_log (received, method, path, service, operation, caller, status, outcome, seconds, "
                "request, reply) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        e.received.isoformat(timespec="microseconds"),
                        e.method,
                        storable_text(e.path),
                        e.service or None,
                        storable_text(e.operation) or None,
                        storable_text(e.caller) or None,
                        e.status,
                        storable_text(e.outcome),
                        e.seconds,
                        e.request,
                        e.reply,
                    )
                    for e in entries
                ],
            )

    return write

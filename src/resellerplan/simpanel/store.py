"""One SQLite file per world: the only place that knows sqlite3.

Reads take a connection of a pool, in a snapshot of their own (WAL), and wait for nobody. Writes pass one lock, one at a time, on
one connection. An answered write survives a killed process: it is in the write-ahead log before the answer leaves.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from resellerplan.errors import EmbeddedPanelError
from resellerplan.simpanel import collation
from resellerplan.simpanel.tables import SCHEMA, SCHEMA_VERSION

__all__ = ["Connection", "ConstraintError", "Row", "Store", "StoreRefused", "use_up_ids"]

Connection = sqlite3.Connection
Row = sqlite3.Row
ConstraintError = sqlite3.IntegrityError

_APPLICATION_ID = 0x52504C57  # "RPLW"
_BUSY_MILLISECONDS = 30_000
# Each checkpoint waits for the disk; what stands in the log is as safe from a killed process as what stands in the file.
_PAGES_BETWEEN_CHECKPOINTS = 4_000
_SEED = "make one with `resellerplan panel seed`"


class StoreRefused(EmbeddedPanelError):
    """The file is not a world that this version can use; the hint says what to do."""


def _connect(path: Path, *, reading: bool) -> Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    connection.row_factory = sqlite3.Row
    collation.register(connection)
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -8000")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_PAGES_BETWEEN_CHECKPOINTS}")
    if reading:
        connection.execute("PRAGMA query_only = ON")
    return connection


class Store:
    """A world's file. ``Store.create(path)``, ``Store.temporary()`` or ``Store.open(path)``; close it when done."""

    def __init__(self, path: Path, *, folder: Path | None = None) -> None:
        self.path = path
        self._folder = folder
        self._lock = threading.RLock()
        self._writer = _connect(path, reading=False)
        self._idle: list[Connection] = []
        self._readers: list[Connection] = []
        self._pool_lock = threading.Lock()
        self._closed = False

    @classmethod
    def create(cls, path: Path) -> Store:
        """A new, empty store at ``path``. Raises :class:`StoreRefused` where a file already stands."""
        if path.exists() and path.stat().st_size:
            raise StoreRefused(f"{path} already exists", hint="name another file, or remove it first")
        path.parent.mkdir(parents=True, exist_ok=True)
        # Letters contain passwords: nobody else on the machine reads this file.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        return cls._laid_out(path, folder=None)

    @classmethod
    def temporary(cls) -> Store:
        """A store in a folder of its own that ``close`` removes."""
        folder = Path(tempfile.mkdtemp(prefix="resellerplan-panel-"))
        return cls._laid_out(folder / "world.db", folder=folder)

    @classmethod
    def _laid_out(cls, path: Path, *, folder: Path | None) -> Store:
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            connection.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
        finally:
            connection.close()
        return cls(path, folder=folder)

    @classmethod
    def open(cls, path: Path) -> Store:
        """An existing store. Raises :class:`StoreRefused` for a missing file, a foreign one, or another schema version."""
        if not path.is_file():
            raise StoreRefused(f"{path} does not exist", hint=_SEED)
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise StoreRefused(f"{path} is not a world of the embedded panel", detail=str(error), hint=_SEED) from error
        finally:
            connection.close()
        if application != _APPLICATION_ID:
            raise StoreRefused(f"{path} is not a world of the embedded panel", hint=_SEED)
        if version != SCHEMA_VERSION:
            raise StoreRefused(
                f"{path} has schema version {version}, this version of resellerplan reads {SCHEMA_VERSION}",
                hint="dump it with the version that made it (`resellerplan panel dump`), then seed it anew",
            )
        return cls(path)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection in a snapshot; a write on it is an error."""
        connection = self._take()
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            with self._pool_lock:
                self._idle.append(connection)

    @contextlib.contextmanager
    def glancing(self) -> Iterator[Connection]:
        """A connection to read with single statements, each in a snapshot of its own: for one row, cheaper than ``reading``."""
        connection = self._take()
        try:
            yield connection
        finally:
            with self._pool_lock:
                self._idle.append(connection)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """The writing connection in a transaction: kept when the block ends, undone when it raises."""
        with self._lock:
            connection = self._writer
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            if connection.in_transaction:
                connection.execute("COMMIT")

    def _take(self) -> Connection:
        with self._pool_lock:
            if self._idle:
                return self._idle.pop()
        connection = _connect(self.path, reading=True)
        with self._pool_lock:
            self._readers.append(connection)
        return connection

    def copied(self) -> Store:
        """A temporary store with what this one holds now, and its key: a world that stands still while this one goes on."""
        folder = Path(tempfile.mkdtemp(prefix="resellerplan-panel-copy-"))
        path = folder / self.path.name
        target = sqlite3.connect(path)
        try:
            with self._lock:
                self._writer.backup(target)
        finally:
            target.close()
        key = self.path.with_name(self.path.name + ".key")
        if key.exists():
            shutil.copy(key, path.with_name(key.name))
        return Store(path, folder=folder)

    def meta(self, key: str) -> str | None:
        """A fact about the world (flavour, clock, log-in of ``embedded:``); None where it was never set."""
        with self.reading() as db:
            row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else row[0]

    def set_meta(self, key: str, value: str | None) -> None:
        with self.writing() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def close(self) -> None:
        """Close every connection; a temporary store's folder is removed. May be called twice."""
        if self._closed:
            return
        self._closed = True
        with self._lock, self._pool_lock:
            for connection in (*self._readers, self._writer):
                connection.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def discard(self) -> None:
        """Close the store and remove its file: what was begun in it is not worth keeping."""
        self.close()
        for name in ("", "-wal", "-shm", ".key"):
            self.path.with_name(self.path.name + name).unlink(missing_ok=True)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def use_up_ids(db: Connection, table: str, last: int) -> None:
    """Let ``table`` give no number up to ``last`` again: SQL Server's identity is used up by a create that is rolled back."""
    known = db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    if known is None:
        db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))
    elif known[0] < last:
        db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (last, table))

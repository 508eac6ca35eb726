"""The embedded panel without its wire: authenticates, opens a transaction, runs the handler, keeps or undoes, starts what follows.

``Panel.call`` is the road of every call: log-in (contract 1.7), the caller, the transaction, the handler of the operation, task
records, background jobs. Faces and transports stand before it, services behind it.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count

from resellerplan.simpanel import faults
from resellerplan.simpanel import logins as door
from resellerplan.simpanel.audit_trail import write_record
from resellerplan.simpanel.background import Background, ProcessEnds, RunningTask
from resellerplan.simpanel.call import Call, Job, LogLine, PromisedJob, TaskRecord
from resellerplan.simpanel.caller import THE_SUPERVISOR, Caller
from resellerplan.simpanel.clock import Clock
from resellerplan.simpanel.crypt import Crypt
from resellerplan.simpanel.dispatch import Handler, arguments, handler, storable_text
from resellerplan.simpanel.flavours import FLAVOURS, Defect, Flavour
from resellerplan.simpanel.logins import CachedLogins, Credentials, Unauthenticated, user_by_credentials
from resellerplan.simpanel.names import user_key
from resellerplan.simpanel.rules import Rule
from resellerplan.simpanel.services import load_all
from resellerplan.simpanel.store import Connection, ConstraintError, Row, Store
from resellerplan.simpanel.wire import ServiceFault

__all__ = ["Credentials", "Panel", "Unauthenticated", "reads_only"]

_OPEN_SERVICES = frozenset({"esAuthentication", "esTest"})
_READING = ("Get", "Is", "Can", "Evaluate", "UserExists", "Check", "Echo", "Touch", "OSPlatform", "HasDnsRecords")


def reads_only(operation: str) -> bool:
    """Whether a call only reads, told by its name as the panel names its calls (a test holds every handler to it)."""
    return operation.startswith(_READING)


class Panel:
    """A panel of one flavour over one store.

    ``rules_off``: names of rules that are not in force (tests). ``end_seconds``: how long the panel is down after the end of its
    process. ``loop_seconds``: when an endless procedure meets its time-out. ``deadlock_pauses``: seconds before each new attempt
    of a deletion that lost a deadlock (contract 6.5). ``hand_over``: takes each letter besides the outbox.
    """

    def __init__(
        self,
        store: Store,
        flavour: Flavour,
        *,
        clock: Clock | None = None,
        background: Background | None = None,
        rules_off: frozenset[str] = frozenset(),
        end_seconds: float = 3.0,
        loop_seconds: float = 15.0,
        deadlock_pauses: Sequence[float] = (5.0, 10.0, 15.0, 20.0),
        hand_over: Callable[[int], None] | None = None,
        ticks: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        load_all()
        self.store = store
        self.flavour = flavour
        self.clock = (clock or Clock()).offset(flavour.database.date_digits)
        self.background = background or Background()
        self.rules_off = rules_off
        self.end_seconds = end_seconds
        self.loop_seconds = loop_seconds
        self.deadlock_pauses = tuple(deadlock_pauses)
        self.hand_over = hand_over
        self._fold_names()
        self.crypt = Crypt.beside(store.path)
        self.logins = CachedLogins(ticks)
        self.pause = pause
        self.when_process_ends: list[Callable[[float], None]] = []
        self._ticks = ticks
        self._down_until = 0.0
        self._waiting_records: list[TaskRecord] = []
        self._records_lock = threading.Lock()
        self._running: dict[str, RunningTask] = {}
        self._task_numbers = count(1)
        self._writers = 0
        self.deletions = 0
        """Calls that delete and are on their way: two at once meet in a deadlock where the panel has that defect."""
        self._locked_turn = 0

    def _fold_names(self) -> None:
        """User names are found by keys; where the collation was switched after seeding they are made anew.

        Of two names that only now are one, the later keeps its old key, and so is found by nobody.
        """
        wanted = self.flavour.database.user_name_collation
        named = FLAVOURS.get(self.flavour.name, self.flavour).database.user_name_collation
        if (self.store.meta("user_name_collation") or named) == wanted:
            return
        with self.store.writing() as db:
            for row in db.execute("SELECT user_id, username FROM users ORDER BY user_id").fetchall():
                key = user_key(row["username"], self.flavour.database)
                db.execute("UPDATE OR IGNORE users SET username_key = ? WHERE user_id = ?", (key, row["user_id"]))
            db.execute("INSERT OR REPLACE INTO meta VALUES ('user_name_collation', ?)", (wanted,))

    # -- the road of a call -------------------------------------------------------------------------------------------------

    def call(
        self,
        service: str,
        operation: str,
        credentials: Credentials | None,
        parameters: Mapping[str, object] | Callable[[], Mapping[str, object]],
        *,
        peer_address: str = "",
    ) -> object:
        """Answer one call with what its handler returns (values of :mod:`resellerplan.simpanel.wire`).

        ``parameters`` may be a function that decodes them: it is called once the caller is known, because real panels refuse
        unknown callers before they read the body. Raises :class:`Unauthenticated`, or :class:`ServiceFault` for what the real
        panel answers as a fault.
        """
        is_open = service in _OPEN_SERVICES and self._on(door.OPEN_SERVICES)
        caller = THE_SUPERVISOR if is_open else self.authenticate(credentials, peer_address)
        function = handler(service, operation)
        sent = parameters() if callable(parameters) else parameters
        if function is None:
            raise faults.no_such_call(service, operation)
        if Defect.IDENTITY_LOST in self.flavour.defects:
            caller = THE_SUPERVISOR
        run = self._read if reads_only(operation) else self._write
        return run(caller, service, operation, function, sent, peer_address)

    def authenticate(self, credentials: Credentials | None, peer_address: str = "") -> Caller:
        """The user behind the credentials; 2.x first asks its memory. Raises :class:`Unauthenticated`."""
        if credentials is None:
            if not self._on(door.NEEDED):
                return THE_SUPERVISOR
            raise Unauthenticated(missing=True)
        credentials = Credentials(storable_text(credentials.username), storable_text(credentials.password))
        second = self.flavour.face == "corewcf"
        remembers = second or not self._on(door.NOT_REMEMBERED)
        cached = remembers and self._on(door.REMEMBERED)
        if second and self._on(door.EMPTY) and not (credentials.username and credentials.password):
            raise Unauthenticated(missing=False)
        with self.store.glancing() as db:
            row: Row | None = None
            if cached and self.logins.accepts(credentials, lambda: self._vouches(db, credentials)):
                key = user_key(credentials.username, self.flavour.database)
                row = db.execute(
                    "SELECT * FROM users WHERE username_key = ? AND username = ?", (key, credentials.username)
                ).fetchone()
            if row is None:
                row = user_by_credentials(db, self.flavour, self.crypt, credentials, self.rules_off)
                known = row is not None or self._is_known(db, credentials.username)
                self._note_login(credentials, row, peer_address, known=known)
        if row is None and self._on(door.DROPPED):
            self.logins.drop(credentials.username)
        if row is None or not (self._on(door.NO_STATUS) or (row["status_id"] == 1 and not row["login_status_id"])):
            raise Unauthenticated(missing=False)
        return caller_of(row)

    def _on(self, rule: Rule) -> bool:
        return rule.name not in self.rules_off

    def _vouches(self, db: Connection, credentials: Credentials) -> bool:
        if not self._on(door.AGAIN):
            return True
        return user_by_credentials(db, self.flavour, self.crypt, credentials, self.rules_off) is not None

    def _is_known(self, db: Connection, username: str) -> bool:
        key = user_key(username, self.flavour.database)
        return db.execute("SELECT 1 FROM users WHERE username_key = ?", (key,)).fetchone() is not None

    def _note_login(self, credentials: Credentials, row: Row | None, peer_address: str, *, known: bool) -> None:
        remembers = self.flavour.face == "corewcf" or not self._on(door.NOT_REMEMBERED)
        if remembers and row is not None:
            self.logins.remember(credentials)
        now = self.clock.now()
        record = TaskRecord(
            source="USER", name="GET_BY_USERNAME_PASSWORD", item_name=credentials.username, started=now, finished=now
        )
        # The caller is not known yet: a record of a log-in belongs to no user (no such row among those of recording 385).
        record.lines.append(LogLine(0, now, f"IP: {peer_address}"))
        if row is None:
            record.severity = 1
            if self.flavour.face == "corewcf":
                if not self._on(door.REFUSED_RECORDED):
                    return
                record.source, record.name = "User", "Login"
                record.lines = [LogLine(1, now, "Invalid username or password")]
            elif known or not self._on(door.UNKNOWN_RECORDED):
                return
            else:
                record.lines.append(LogLine(1, now, "Account not found"))
        elif not self._on(door.RECORDED):
            return
        self.note_record(record)

    def note_record(self, record: TaskRecord) -> None:
        """Keep an audit record until the next write, so that a read waits for no writer."""
        with self._records_lock:
            self._waiting_records.append(record)

    def flush_records(self) -> None:
        """Write the audit records that wait (before the audit log is read, and at the end)."""
        if self._waiting_records:
            with self.store.writing() as db:
                self._write_waiting(db)

    def _write_waiting(self, db: Connection) -> None:
        with self._records_lock:
            waiting, self._waiting_records = self._waiting_records, []
        for record in waiting:
            write_record(db, record, cut=self.flavour.database.over_long == "cut")

    def _read(
        self, caller: Caller, service: str, operation: str, function: Handler, parameters: Mapping[str, object], peer: str
    ) -> object:
        if service == "esAuditLog":
            self.flush_records()
        with self.store.reading() as db:
            call = self._new_call(db, caller, service, operation, peer)
            call.writes = False
            result = function(call, **arguments(parameters))
        for record in call.finished_tasks:
            self.note_record(record)
        return result

    def _write(
        self, caller: Caller, service: str, operation: str, function: Handler, parameters: Mapping[str, object], peer: str
    ) -> object:
        if service == "esAuditLog":
            self.flush_records()
        locked = self._database_is_locked()
        if locked == "before":
            raise self._locked_fault()
        deletes = operation.startswith("Delete")
        with self._records_lock:
            if deletes and self.deletions and Defect.DEADLOCKS in self.flavour.defects:
                raise faults.deadlock()
            self.deletions += deletes
        self._writers += 1
        try:
            call, result, fault = self._transaction(
                caller, service, operation, peer, lambda call: function(call, **arguments(parameters))
            )
        finally:
            self._writers -= 1
            with self._records_lock:
                self.deletions -= deletes
        self._hand_over(call)
        for job in call.jobs:
            self._start(job, caller, service, operation)
        if fault is not None:
            raise fault
        if locked == "after":
            raise self._locked_fault()
        return result

    def _hand_over(self, call: Call) -> None:
        """Letters go to the mail server once they are kept, not while others wait to write."""
        if self.hand_over is not None:
            for letter_id in call.letters:
                self.hand_over(letter_id)

    def _transaction(
        self, caller: Caller, service: str, operation: str, peer: str, work: Callable[[Call], object]
    ) -> tuple[Call, object, ServiceFault | None]:
        """Run ``work`` in a transaction; what a fault undoes and what it leaves is said in :mod:`resellerplan.simpanel.call`."""
        result: object = None
        fault: ServiceFault | None = None
        with self.store.writing() as db:
            call = self._new_call(db, caller, service, operation, peer)
            try:
                result = work(call)
                call.raise_pending()
            except ServiceFault as raised:
                fault = raised
            except ConstraintError as error:
                fault = faults.of_constraint(self.flavour, str(error))
            if fault is not None:
                call.letters.clear()
                db.execute("ROLLBACK")
                db.execute("BEGIN IMMEDIATE")
            self._write_waiting(db)
            for record in call.finished_tasks:
                write_record(db, record, cut=self.flavour.database.over_long == "cut")
            call.settle_ids()
        return call, result, fault

    def _new_call(self, db: Connection, caller: Caller, service: str, operation: str, peer: str) -> Call:
        return Call(
            panel=self,
            flavour=self.flavour,
            db=db,
            caller=caller,
            service=service,
            operation=operation,
            peer_address=peer,
        )

    # -- background ---------------------------------------------------------------------------------------------------------

    def _start(self, job: PromisedJob, caller: Caller, service: str, operation: str) -> None:
        task = RunningTask(
            number=next(self._task_numbers),
            guid=str(uuid.uuid4()),
            task_id=job.task_id or uuid.uuid4().hex,
            owner_id=caller.owner_id or caller.user_id,
            actor_id=caller.user_id,
            source=job.source,
            name=job.name,
            item_name=job.item_name,
            item_id=job.item_id,
            package_id=job.package_id,
            started=self.clock.now(),
            deletes=job.name.startswith("DELETE"),
        )
        self._submit(task, job, caller, service, operation)

    def _submit(self, task: RunningTask, job: PromisedJob, caller: Caller, service: str, operation: str) -> None:
        """Let the worker do a task; a deletion that loses a deadlock is put back for its next attempt."""
        with self._records_lock:
            self._running[task.task_id] = task

        def run() -> None:
            if self._forget(task.task_id) is None:
                return
            if self.background.fault is not None:
                self._note_failure(task, caller, faults.plain(self.background.fault))
                return
            if self._loses_a_deadlock(task):
                if task.attempt >= len(self.deadlock_pauses):
                    self._note_failure(task, caller, faults.deadlock())
                    return
                self._submit(replace(task, attempt=task.attempt + 1), job, caller, service, operation)
                return
            try:
                following = self.run_job(job.run, caller, service, operation)
            except ProcessEnds:
                self.end_process()
                return
            for next_job in following:
                self._start(next_job, caller, service, operation)

        self.background.submit(run, self.deadlock_pauses[task.attempt - 1] if task.attempt else 0.0)

    def _loses_a_deadlock(self, task: RunningTask) -> bool:
        """Of two deletions on their way at once the one that began first loses; the other finds the locks free."""
        if Defect.DEADLOCKS not in self.flavour.defects or not task.deletes:
            return False
        return any(other.deletes and other.attempt == task.attempt for other in self.running_tasks())

    def _note_failure(self, task: RunningTask, caller: Caller, fault: ServiceFault) -> None:
        """The audit trace of a background task that did nothing: an error with the fault's text."""
        record = TaskRecord(
            source=task.source,
            name=task.name,
            item_name=task.item_name,
            item_id=task.item_id,
            package_id=task.package_id,
            started=task.started,
            task_id=task.task_id,
            severity=2,
            finished=self.clock.now(),
            caller=caller,
        )
        record.lines.append(LogLine(2, self.clock.now(), fault.messages[-1]))
        with self.store.writing() as db:
            write_record(db, record, cut=self.flavour.database.over_long == "cut")

    def _forget(self, task_id: str) -> RunningTask | None:
        with self._records_lock:
            return self._running.pop(task_id, None)

    def running_tasks(self) -> list[RunningTask]:
        """What waits for the background worker, oldest first."""
        with self._records_lock:
            return list(self._running.values())

    def stop_task(self, task_id: str) -> RunningTask | None:
        """Drop a waiting task, and say which it was; one that runs is past stopping."""
        return self._forget(task_id)

    def run_job(self, job: Job, caller: Caller, service: str, operation: str) -> list[PromisedJob]:
        """Run a background job now, in a transaction of its own; returns the jobs that it asks for.

        A fault in it is in the audit log by its task record, and otherwise lost. Raises :class:`ProcessEnds` where the job says so.
        """
        ended: list[ProcessEnds] = []

        def work(call: Call) -> object:
            try:
                job(call)
            except ProcessEnds as end:
                ended.append(end)
            return None

        call, _, _ = self._transaction(caller, service, operation, "", work)
        self._hand_over(call)
        if ended:
            raise ended[0]
        return call.jobs

    def end_process(self) -> None:
        """The real panel's process would be gone now: nobody is answered for ``end_seconds``, jobs and log-ins are lost."""
        self._down_until = self._ticks() + self.end_seconds
        self.background.drop_all()
        self.logins.forget_all()
        with self._records_lock:
            self._running.clear()
        for listener in self.when_process_ends:
            listener(self.end_seconds)

    def is_down(self) -> bool:
        """Whether the panel's process is gone at the moment: a transport refuses connections while this holds."""
        return self._ticks() < self._down_until

    # -- database is locked -------------------------------------------------------------------------------------------------

    def _database_is_locked(self) -> str | None:
        """Which fate a write that meets another has: every second faults, every fourth of all only after it was written."""
        if Defect.DB_LOCKED not in self.flavour.defects or self._writers == 0:
            return None
        self._locked_turn += 1
        return {1: "before", 3: "after"}.get(self._locked_turn % 4)

    def _locked_fault(self) -> ServiceFault:
        return ServiceFault(("SQLite Error 5: 'database is locked'.",), ("Microsoft.Data.Sqlite.SqliteException",))

    # -- end ----------------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Stop the worker, write what waits, close the store."""
        self.background.stop()
        self.flush_records()
        self.store.close()


def caller_of(row: Row) -> Caller:
    """A row of ``users`` as a caller."""
    return Caller(
        user_id=row["user_id"],
        username=row["username"],
        role_id=row["role_id"],
        owner_id=row["owner_id"],
        status_id=row["status_id"],
        is_peer=bool(row["is_peer"]),
        is_demo=bool(row["is_demo"]),
    )

"""What a handler gets: who calls, the world in a transaction, the flavour with its defects, the clock, and its effects.

A handler is a plain function ``(call, *, parameters) -> result``; everything that it reads or does passes through here.

Transactions. A call runs in one transaction. When the handler returns, everything is kept; when it raises, everything since the
last :meth:`Call.keep` is undone. So a procedure that commits and then faults says ``call.keep()`` in between, and one that raises
a rights error and goes on all the same asks :meth:`Call.refuse_rights`, which does what the flavour's logic does. Task records
(:meth:`Call.task`) are written whatever happens, as the panel's are.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Protocol

from resellerplan.simpanel import faults
from resellerplan.simpanel.background import RunningTask
from resellerplan.simpanel.caller import Caller
from resellerplan.simpanel.clock import Clock, as_text, from_text, stored_precision
from resellerplan.simpanel.crypt import Crypt
from resellerplan.simpanel.flavours import Defect, Flavour
from resellerplan.simpanel.logins import CachedLogins
from resellerplan.simpanel.rules import Rule, rule
from resellerplan.simpanel.store import ConstraintError, use_up_ids
from resellerplan.simpanel.wire import ServiceFault

if TYPE_CHECKING:
    from resellerplan.simpanel.store import Connection

__all__ = ["Call", "Job", "LogLine", "PromisedJob", "Surroundings", "TaskRecord", "new_key"]


OVERFLOW = rule("dates.overflow", "3.4", "A date before 1753, or in the last steps of 9999, overflows on SQL Server.")
STEPS = rule("dates.steps", "3.4", "SQL Server keeps dates in steps of 1/300 of a second.")
FOUR_DECIMALS = rule("money.four_decimals", "1.4, 3.4", "SQL Server keeps prices with four decimals, rounded half up.")
NESTED_TWICE = rule("faults.nested_twice", "1x 3.3", "The rights text comes twice where a nested procedure raises as well.")

_LAST_STEP = datetime(9999, 12, 31, 23, 59, 59, 998_333)
_EVERY_DIGIT = Context(prec=64)
_LARGEST_MONEY = Decimal("922337203685477.5807")


class Surroundings(Protocol):
    """What a call finds around it: as much of the panel as a handler may use."""

    clock: Clock
    crypt: Crypt
    logins: CachedLogins
    rules_off: frozenset[str]
    loop_seconds: float
    pause: Callable[[float], None]
    hand_over: Callable[[int], None] | None

    def running_tasks(self) -> list[RunningTask]:
        """What waits for the background worker, oldest first."""
        ...

    def stop_task(self, task_id: str) -> RunningTask | None:
        """Drop a waiting task, and say which it was."""
        ...


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of a task's log: severity 0, 1, 2; a text (a resource key or a message) and its values."""

    severity: int
    at: datetime
    text: str
    values: tuple[str, ...] = ()


def new_key() -> str:
    """32 random hexadecimal digits, as the panel's keys of tasks and records are written."""
    return os.urandom(16).hex()


@dataclass(slots=True, kw_only=True)
class TaskRecord:
    """A task while it runs, and what the audit log keeps of it."""

    source: str
    name: str
    item_name: str | None
    item_id: int = 0
    package_id: int = 0
    started: datetime
    task_id: str = field(default_factory=new_key)
    severity: int = 0
    lines: list[LogLine] = field(default_factory=list)
    finished: datetime | None = None
    caller: Caller | None = None


Job = Callable[["Call"], None]
"""Work after the reply: runs on the background worker in a call of its own, with the same caller."""


@dataclass(frozen=True, slots=True)
class PromisedJob:
    """A job with what esTasks tells about it while it waits or runs."""

    run: Job
    source: str
    name: str
    item_name: str | None
    item_id: int
    package_id: int
    task_id: str | None = None


@dataclass(slots=True, kw_only=True)
class Call:
    """One call while it is answered (or one job of the background worker)."""

    panel: Surroundings
    flavour: Flavour
    db: Connection
    caller: Caller
    service: str = ""
    operation: str = ""
    peer_address: str = ""
    finished_tasks: list[TaskRecord] = field(default_factory=list)
    jobs: list[PromisedJob] = field(default_factory=list)
    used_ids: dict[str, int] = field(default_factory=dict)
    letters: list[int] = field(default_factory=list)
    writes: bool = True
    _pending_refusal: ServiceFault | None = None
    _open_tasks: list[TaskRecord] = field(default_factory=list)

    # -- switches -----------------------------------------------------------------------------------------------------------

    def on(self, rule: Rule) -> bool:
        """Whether this check of the panel is in force (tests switch single ones off by name)."""
        return rule.name not in self.panel.rules_off

    def has(self, defect: Defect) -> bool:
        """Whether this panel has the defect."""
        return defect in self.flavour.defects

    @property
    def ef(self) -> bool:
        """EF logic; else stored procedures."""
        return self.flavour.logic == "ef"

    # -- values -------------------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The present, naive server-local, in the database's precision, never on a whole second."""
        return self.panel.clock.now()

    def now_text(self) -> str:
        """The same as the store keeps times."""
        return as_text(self.now())

    def time(self, text: str | None) -> datetime | None:
        """A stored time."""
        return from_text(text)

    def stored(self, moment: datetime | None) -> str | None:
        """A time from a request as the database keeps it. Raises the overflow fault of SQL Server below 1753 (3.4)."""
        if moment is None:
            return None
        digits = self.flavour.database.date_digits
        # The last steps of the year 9999 round up to a day that is none.
        past_the_end = digits == 3 and moment.replace(tzinfo=None) > _LAST_STEP
        if self.on(OVERFLOW) and (moment.year < self.flavour.database.earliest_year or past_the_end):
            raise faults.plain(
                "SqlDateTime overflow. Must be between 1/1/1753 12:00:00 AM and 12/31/9999 11:59:59 PM.",
                "System.Data.SqlTypes.SqlTypeException",
            )
        return as_text(stored_precision(moment, digits if self.on(STEPS) else 7))

    def price(self, value: Decimal) -> Decimal:
        """A price from a request as the database keeps it. Raises .NET's overflow beyond SQL Server's ``money`` (a column of 64
        bits with four decimals; the text is .NET's own, no such call was recorded)."""
        if self.flavour.database.money_scale == "four" and abs(value) > _LARGEST_MONEY:
            raise faults.plain("Arithmetic Overflow.", "System.OverflowException")
        return self.money(str(value))

    def money(self, text: str | None) -> Decimal:
        """A stored price as the flavour's database shows it: ``4.9000`` on SQL Server, ``4.9``, ``5.0`` on SQLite; null is 0."""
        value = Decimal(text or "0")
        if self.flavour.database.money_scale == "four" and self.on(FOUR_DECIMALS):
            return value.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
        if self.flavour.database.money_scale == "long":
            # decimal(65,30) in a .NET decimal: as many decimals as its 29 digits leave room for.
            return value.quantize(Decimal(1).scaleb(-(29 - max(1, value.adjusted() + 1))), context=_EVERY_DIGIT)
        shortest = value.normalize(_EVERY_DIGIT)
        exponent = shortest.as_tuple().exponent
        return shortest.quantize(Decimal("0.1"), context=_EVERY_DIGIT) if isinstance(exponent, int) and exponent > -1 else shortest

    def cut(self, text: str | None, length: int) -> str | None:
        """A text as the database stores it in a column of ``length``: cut silently on SQL Server, whole on SQLite (3.4).

        Raises the fault of MariaDB and PostgreSQL, which store nothing (real panel report 12).
        """
        if text is None or self.flavour.database.over_long == "store":
            return text
        if self.flavour.database.over_long == "fault":
            if len(text) > length:
                raise faults.too_long(length)
            return text
        units = text.encode("utf-16-le", "surrogatepass")
        # A pair that the cut would halve goes as a whole: half a character can be kept by neither store nor reply.
        return text if len(units) <= 2 * length else units[: 2 * length].decode("utf-16-le", "ignore")

    # -- transactions -------------------------------------------------------------------------------------------------------

    def keep(self) -> None:
        """What was written so far stays, whatever follows: the panel commits here."""
        self.db.execute("COMMIT")
        self.db.execute("BEGIN IMMEDIATE")

    @contextlib.contextmanager
    def atomic(self, **used: int) -> Iterator[None]:
        """A transaction of the panel inside the call: undone when the block raises, and the exception goes on."""
        self.db.execute("SAVEPOINT inner_transaction")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK TO inner_transaction")
            self.db.execute("RELEASE inner_transaction")
            raise
        self.db.execute("RELEASE inner_transaction")

    def use_up(self, table: str, number: int) -> None:
        """Identity ``number`` of ``table`` is not given again even if this call is undone. Stored procedures only: SQLite's
        own counter is rolled back with the row."""
        if not self.ef:
            self.used_ids[table] = max(number, self.used_ids.get(table, 0))

    def inserted(self, table: str) -> int:
        """The id of the row just inserted into ``table``; noted as used up."""
        number = int(self.db.execute("SELECT last_insert_rowid()").fetchone()[0])
        self.use_up(table, number)
        return number

    # -- refusals -----------------------------------------------------------------------------------------------------------

    def refuse_rights(self, text: str, times: int = 1) -> None:
        """A rights error in a writing procedure.

        EF raises at once. A stored procedure raises, *goes on*, and commits (contract 5.3): with the defect
        ``commits_after_rights_fault`` this returns, the handler writes as if allowed, and the fault is raised when the call
        ends, after the commit. ``times``: how many procedures raise it (their lines are joined).
        """
        fault = faults.denied(self.flavour, text, times if self.on(NESTED_TWICE) else 1)
        if not self.has(Defect.COMMITS_AFTER_RIGHTS_FAULT):
            raise fault
        if self._pending_refusal is None:
            self._pending_refusal = fault

    def go_on_after(self, fault: ServiceFault) -> None:
        """A statement of a stored procedure failed: only the statement ends. The procedure goes on and commits; when the call
        ends, the errors, line by line, are its fault (contract 2.3, 6.3). EF raises at once."""
        if self.ef:
            raise fault
        if self._pending_refusal is None:
            self._pending_refusal = fault
            return
        earlier = self._pending_refusal
        self._pending_refusal = ServiceFault((f"{earlier.messages[0]}\n{fault.messages[0]}",), earlier.types)

    def raise_pending(self) -> None:
        """End a procedure that raised and went on: what it wrote is kept, then its error is the fault."""
        if self._pending_refusal is not None:
            fault, self._pending_refusal = self._pending_refusal, None
            self.keep()
            raise fault

    def denied_account(self) -> ServiceFault:
        """ "You are not allowed to access this account", to be raised by a read."""
        return faults.denied(self.flavour, faults.ACCOUNT)

    def denied_package(self) -> ServiceFault:
        """ "You are not allowed to access this package", to be raised by a read."""
        return faults.denied(self.flavour, faults.PACKAGE)

    # -- tasks and background work ------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def task(
        self,
        source: str,
        name: str,
        item_name: str | None,
        item_id: int = 0,
        package_id: int = 0,
        *,
        wraps: bool = True,
        task_id: str | None = None,
    ) -> Iterator[TaskRecord]:
        """A task of the panel: a row of the audit log, whatever becomes of the call.

        A fault inside is wrapped as ``Error executing 'NAME' task on 'item' SOURCE`` (``wraps``), its severity is 2. A pending
        rights refusal is raised at the end of the block, inside the task. Set ``item_id`` on the record once it is known.

        A task inside another one is no row of its own but a line ``SOURCE_NAME`` with its item in the outer one's log, as the
        recorded ``HOSTING_SPACE_ADD`` in ``HOSTING_SPACE_WR``; its faults and lines are the outer task's, whose name they tell.
        """
        record = TaskRecord(
            source=source, name=name, item_name=item_name or "", item_id=item_id, package_id=package_id, started=self.now()
        )
        record.caller = self.caller
        if task_id:
            record.task_id = task_id
        told = self._outermost(record)
        if told is not record:
            told.lines.append(LogLine(0, self.now(), f"{source}_{name}", (item_name or "",)))
        self._open_tasks.append(record)
        try:
            try:
                yield record
                self.raise_pending()
            except ConstraintError as error:
                raise faults.of_constraint(self.flavour, str(error)) from error
        except ServiceFault as fault:
            told.severity = 2
            told.lines.extend(LogLine(2, self.now(), text) for text in self._told_of(fault))
            if wraps:
                raise faults.wrapped(told.name, told.item_name, told.source, fault) from fault
            raise
        finally:
            self._open_tasks.pop()
            record.finished = self.now()
            if told is record:
                self.finished_tasks.append(record)

    def _outermost(self, record: TaskRecord) -> TaskRecord:
        """The task whose log is written: the first that is open, or this one."""
        return self._open_tasks[0] if self._open_tasks else record

    def _told_of(self, fault: ServiceFault) -> list[str]:
        """What the log of a task says of a fault: the message; on 2.x the messages inside it too."""
        first, *inside = fault.messages
        return [first, *(f"Inner Exception:\n{text}" for text in inside if self.flavour.face == "corewcf")]

    def log(self, record: TaskRecord, text: str, *values: str, severity: int = 0) -> None:
        """A line in a task's log."""
        told = self._outermost(record)
        told.lines.append(LogLine(severity, self.now(), text, values))
        told.severity = max(told.severity, severity)

    def later(
        self,
        job: Job,
        source: str = "",
        name: str = "",
        item_name: str | None = None,
        item_id: int = 0,
        package_id: int = 0,
        *,
        task_id: str | None = None,
    ) -> None:
        """Run ``job`` in the background once this call's transaction is kept and its reply is made.

        The rest is what esTasks shows of it until it is done.
        """
        self.jobs.append(PromisedJob(job, source or self.service, name or self.operation, item_name, item_id, package_id, task_id))

    def settle_ids(self) -> None:
        """Write down the numbers that a rolled-back create used up."""
        for table, number in self.used_ids.items():
            use_up_ids(self.db, table, number)

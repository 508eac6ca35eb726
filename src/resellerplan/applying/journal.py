"""The write-ahead journal: what a run is about to write is on the disk before it is sent, and how it ended after.

One JSON object per line, each synced. No secrets, no field values; user names stay, e-mail addresses in messages are masked. One
run at a time per panel and reseller (`lock.py`). A run that ended between an intent and its result is *unfinished*: the next
one has to take it up first (`resume.py`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Protocol

from resellerplan.applying.lock import Holder, RunLock, lock_name, take_lock
from resellerplan.applying.outcome import Outcome, Result, StepKind
from resellerplan.applying.step import Step
from resellerplan.errors import JournalError
from resellerplan.model.address import Address, PanelId, parse_address
from resellerplan.model.personal import mask_emails

__all__ = ["FormerRun", "Journal", "NoJournal", "Pending", "Recorder", "Runs"]

_FORMAT = 1


class Recorder(Protocol):
    """Where a run writes down what it is about to do, and how it ended. Safe to call from any thread."""

    @property
    def path(self) -> str:
        """The file, for the reader; empty for none."""
        ...

    def intend(self, step: Step) -> None:
        """Right before the first byte of a write may leave. What is not on the disk after this must not be sent."""
        ...

    def record(self, outcome: Outcome) -> None:
        """How a step ended, skipped ones too."""
        ...

    def close(self, *, interrupted: bool) -> None:
        """The run is over."""
        ...


class NoJournal:
    """A run that is written down nowhere (an embedded panel in memory, tests)."""

    path = ""

    def intend(self, step: Step) -> None:
        """Nothing."""

    def record(self, outcome: Outcome) -> None:
        """Nothing."""

    def close(self, *, interrupted: bool) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A step of a former run of which it is not known whether it happened. ``since`` is when it was sent."""

    step: str
    address: Address
    target: Address
    kind: StepKind
    since: datetime
    panel_id: PanelId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerRun:
    """What a former run left open.

    ``pending`` must be looked up before anything else is written. ``owed_letters`` are objects it made and whose wished letter was
    certainly never asked for.
    """

    path: Path
    run: str
    started: datetime
    pending: tuple[Pending, ...] = ()
    owed_letters: tuple[Address, ...] = ()

    @property
    def blocking(self) -> bool:
        """Whether a new run has to say that it takes this one up."""
        return bool(self.pending)


class Journal:
    """One run's file, held open and locked. A context manager; made by ``Runs.begin``."""

    def __init__(self, path: Path, lock: RunLock, now: Callable[[], str]) -> None:
        self._path = path
        self._lock = lock
        self._now = now
        self._guard = Lock()
        self._closed = False
        # Made here and nowhere else: an existing file of that name is another run's.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "w", encoding="utf-8")

    @property
    def path(self) -> str:
        """The journal's file."""
        return str(self._path)

    def head(self, facts: Mapping[str, object]) -> None:
        """The first line: what this run is."""
        self._write({"entry": "run", "format": _FORMAT, **facts})

    def intend(self, step: Step) -> None:
        """Write ahead, and return only when it is on the disk. Raises JournalError where somebody took this run's lock away."""
        if not self._lock.still_ours():
            raise JournalError(
                "somebody took this run's lock away, so nothing more is sent",
                detail=f"Before {step.name}. What was done until then is in {self._path}",
                hint="`resellerplan plan` shows what is left",
            )
        self._write({"entry": "intent", "step": step.name, "at": self._now()})

    def record(self, outcome: Outcome) -> None:
        """Write how a step ended."""
        row: dict[str, object] = {
            "entry": "result",
            "step": outcome.step,
            "result": outcome.result.value,
            "at": self._now(),
            "seconds": round(outcome.seconds, 3),
        }
        if outcome.panel_id is not None:
            row["panel_id"] = outcome.panel_id
        if outcome.code:
            row["code"] = outcome.code
        if outcome.message:
            row["message"] = mask_emails(outcome.message)
        if outcome.because is not None:
            row["because"] = str(outcome.because)
        self._write(row)

    def close(self, *, interrupted: bool) -> None:
        """Write the last line and let the next run in."""
        if self._closed:
            return
        self._write({"entry": "end", "at": self._now(), "interrupted": interrupted})
        self._release()

    def _release(self) -> None:
        self._closed = True
        self._file.close()
        self._lock.release()

    def _write(self, row: Mapping[str, object]) -> None:
        line = json.dumps(row, ensure_ascii=False)
        with self._guard:
            try:
                self._file.write(line + "\n")
                self._file.flush()
                os.fsync(self._file.fileno())
            except (OSError, ValueError) as error:
                raise JournalError(
                    f"the journal {self._path} can't be written: {error}",
                    detail="Nothing is sent that is not written down first.",
                    hint="make room, or name another folder with --artifact-dir",
                ) from error

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not self._closed:
            self._release()


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The folder of journals of one reseller at one panel.

    ``now`` gives the time in UTC, ``who`` names the person at the keyboard, ``lock_seconds`` is how long to wait for another run.
    ``lock_folder`` is where runs keep each other out (None: in ``folder``): it is one for all, wherever journals are kept.
    ``waits_for`` hears who holds the lock where that has to be waited for.
    """

    folder: Path
    reseller: str
    panel: str
    now: Callable[[], datetime]
    who: str = ""
    lock_seconds: float = 0.0
    lock_folder: Path | None = None
    waits_for: Callable[[Holder], None] | None = None

    def text(self) -> str:
        """Now, as the journal writes it."""
        return self.now().astimezone(UTC).isoformat(timespec="milliseconds")

    @property
    def _stem(self) -> str:
        return lock_name(self.reseller, self.panel)

    def _locked(self) -> RunLock:
        """The lock of this panel and reseller, taken. Raises JournalError where another run holds it."""
        holder = Holder(name=self._stem, reseller=self.reseller, panel=self.panel, who=self.who, since=self.text())
        try:
            return take_lock(self.lock_folder or self.folder, holder, self.lock_seconds, self.waits_for)
        except OSError as error:
            raise _no_room(self.lock_folder or self.folder, error) from error

    def begin(self, steps: Iterable[Step], *, plan: str = "", program: str = "") -> Journal:
        """Take the lock and open a new journal whose first line lists the steps.

        Raises JournalError where another run is going on, or where nothing can be written.
        """
        lock = self._locked()
        started = self.now().astimezone(UTC)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            journal = Journal(_free_path(self.folder, f"{started:%Y-%m-%dT%H-%M-%SZ}-{self._stem}"), lock, self.text)
        except OSError as error:
            lock.release()
            raise _no_room(self.folder, error) from error
        journal.head(
            {
                "run": Path(journal.path).stem,
                "program": program,
                "panel": self.panel,
                "reseller": self.reseller,
                "who": self.who,
                "at": self.text(),
                "plan": plan,
                "steps": [
                    {
                        "step": step.name,
                        "address": str(step.address),
                        "target": str(step.target),
                        "kind": step.kind.value,
                        "action": step.action.value,
                        "needs": list(step.needs),
                    }
                    for step in steps
                ],
            }
        )
        return journal

    def unfinished(self) -> tuple[FormerRun, ...]:
        """The former runs that left something open, oldest first.

        Raises JournalError where a run is going on now (what it has open is no former run's), and for a journal that can't be read.
        """
        self._locked().release()
        return self.all_former()

    def all_former(self, *, except_for: str = "") -> tuple[FormerRun, ...]:
        """The same without asking whether a run is going on, for the run itself; its own file is left out."""
        paths = sorted(self.folder.glob(f"*-{self._stem}*.jsonl"))
        found = (_read(path) for path in paths if str(path) != except_for)
        return tuple(run for run in found if run.pending or run.owed_letters)

    def settle(self, former: FormerRun, step: str, verdict: str) -> None:
        """Write into a former run's journal what became of a step that it left open, so that it is open no more."""
        row = {"entry": "settled", "step": step, "verdict": verdict, "at": self.text()}
        with former.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())


def _free_path(folder: Path, stem: str) -> Path:
    """A name that no run has: two runs may begin within one second."""
    number = 1
    path = folder / f"{stem}.jsonl"
    while path.exists():
        number += 1
        path = folder / f"{stem}.{number}.jsonl"
    return path


def _no_room(folder: Path, error: OSError) -> JournalError:
    return JournalError(
        f"no journal can be written in {folder}: {error}",
        detail="Nothing is sent that is not written down first.",
        hint="name another folder with --artifact-dir",
    )


def _rows(path: Path) -> Iterator[dict[str, object]]:
    """The lines of a journal. A last line without its end is what a crash leaves, and is no line; any other damage is an error."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise JournalError(f"the journal {path} can't be read: {error}") from error
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        if not line.endswith("\n"):
            return
        try:
            row = json.loads(line)
        except ValueError as error:
            raise JournalError(
                f"line {number} of the journal {path} is damaged",
                hint="look at what it says was sent, compare with the panel, then move the file away",
            ) from error
        if isinstance(row, dict):
            yield row


def _read(path: Path) -> FormerRun:
    head: dict[str, object] = {}
    sent: dict[str, str] = {}
    results: dict[str, dict[str, object]] = {}
    for row in _rows(path):
        name = str(row.get("step", ""))
        match row.get("entry"):
            case "run":
                head = row
            case "intent":
                sent[name] = str(row["at"])
            case "result" | "settled":
                results[name] = row
            case _:
                pass
    listed = head.get("steps", [])
    steps = {str(row["step"]): row for row in listed if isinstance(row, dict)} if isinstance(listed, list) else {}
    pending = tuple(
        _pending(steps[name], at, results.get(name)) for name, at in sent.items() if name in steps and _open(results.get(name))
    )
    return FormerRun(
        path=path,
        run=str(head.get("run", path.stem)),
        started=_when(str(head.get("at", ""))),
        pending=pending,
        owed_letters=tuple(_owed(steps, sent, results)),
    )


def _open(result: Mapping[str, object] | None) -> bool:
    """Whether it is not known how a step that was sent ended."""
    return result is None or (result["entry"] == "result" and result.get("result") == Result.UNKNOWN)


def _pending(step: Mapping[str, object], at: str, result: Mapping[str, object] | None) -> Pending:
    panel_id = None if result is None else result.get("panel_id")
    return Pending(
        step=str(step["step"]),
        address=parse_address(str(step["address"])),
        target=parse_address(str(step["target"])),
        kind=StepKind(str(step["kind"])),
        since=_when(at),
        panel_id=panel_id if isinstance(panel_id, int) else None,
    )


def _when(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def _owed(
    steps: Mapping[str, Mapping[str, object]], sent: Mapping[str, str], results: Mapping[str, Mapping[str, object]]
) -> Iterator[Address]:
    """Letters that were wished and never asked for although the object was made.

    A letter that this run itself took over from a former one waits for no creation.
    """
    for name, step in steps.items():
        if step["kind"] != StepKind.LETTER or name in sent:
            continue
        result = results.get(name)
        if result is not None and result.get("result") not in (Result.INTERRUPTED, Result.SKIPPED):
            continue
        needs = step.get("needs")
        created = [str(one) for one in needs if str(one).endswith(f"#{StepKind.CREATE}")] if isinstance(needs, list) else []
        made = [results.get(one, {}) for one in created if one.startswith(f"{step['target']}#")]
        if all(one.get("result") == Result.DONE or one.get("verdict") == "happened" for one in made):
            yield parse_address(str(step["target"]))

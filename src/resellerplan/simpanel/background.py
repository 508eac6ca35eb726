"""The panel's background threads: one worker that does after the reply what the reply only promised.

A job runs ``delay`` seconds after its reply (0: before the reply leaves, so that nothing need be waited for). A worker can be
told to fail: then its jobs are lost without a trace, as a real panel loses them when its process ends (``failing``), or each
ends in a fault that is in the audit log (``fault``).
"""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count

__all__ = ["Background", "ProcessEnds", "RunningTask"]


class ProcessEnds(Exception):
    """A background job ended the panel's process, as an unhandled exception in a thread of the real one does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningTask:
    """A background task until it is done, as esTasks shows it: filed under the actor's owner.

    ``attempt``: how often it has lost a deadlock so far; ``deletes``: whether it takes locks as deletions do.
    """

    number: int
    guid: str
    task_id: str
    owner_id: int
    actor_id: int
    source: str
    name: str
    item_name: str | None
    item_id: int
    package_id: int
    started: datetime
    attempt: int = 0
    deletes: bool = False


class Background:
    """Runs jobs in order of their due time, one at a time."""

    def __init__(self, delay: float = 0.1, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self.delay = delay
        self.failing = False
        self.fault: str | None = None
        self.lost = 0
        self._ticks = ticks
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()
        self._condition = threading.Condition()
        self._busy = False
        self._stopped = False
        self._thread: threading.Thread | None = None

    def submit(self, job: Callable[[], None], pause: float = 0.0) -> None:
        """Hand in a job, due after the delay and ``pause`` more seconds.

        Raises nothing of the job's own: what it raises is the job's affair (see ``Panel``).
        """
        if self.failing:
            self.lost += 1
            return
        if self.delay <= 0 and pause <= 0:
            job()
            return
        with self._condition:
            heapq.heappush(self._due, (self._ticks() + self.delay + pause, next(self._numbers), job))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="panel-background", daemon=True)
                self._thread.start()
            self._condition.notify_all()

    def wait(self, seconds: float = 30.0) -> bool:
        """Block until nothing is left to do; False when that took longer than ``seconds``."""
        with self._condition:
            return self._condition.wait_for(lambda: not self._due and not self._busy, timeout=seconds)

    def drop_all(self) -> int:
        """Forget what is waiting, as the end of a process does; says how many."""
        with self._condition:
            dropped = len(self._due)
            self._due.clear()
            self._condition.notify_all()
        self.lost += dropped
        return dropped

    def stop(self, seconds: float = 1.0) -> None:
        """End the worker; what is waiting is dropped."""
        with self._condition:
            self._stopped = True
            self._due.clear()
            self._condition.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(seconds)

    def _run(self) -> None:
        while True:
            with self._condition:
                while not self._stopped and (not self._due or self._due[0][0] > self._ticks()):
                    self._condition.wait(self._due[0][0] - self._ticks() if self._due else None)
                if self._stopped:
                    return
                _, _, job = heapq.heappop(self._due)
                self._busy = True
            try:
                if self.failing:
                    self.lost += 1
                else:
                    job()
            finally:
                with self._condition:
                    self._busy = False
                    self._condition.notify_all()

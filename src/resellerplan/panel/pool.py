"""A small pool for reads: jobs side by side, results in order, the first failure stops the rest."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from threading import Event
from typing import TypeVar

__all__ = ["run_all"]

T = TypeVar("T")
A = TypeVar("A")

_AHEAD = 16


class _Dropped(Exception):
    """A job that was not begun, because another one has failed."""


def run_all(work: Callable[[A], T], items: Iterable[A], parallelism: int) -> Iterator[T]:
    """``work(item)`` for every item, up to ``parallelism`` at once; the results in the items' order, as they become ready.

    At most a few results per worker wait in memory. What a job raises is raised here, once the jobs before it have ended; jobs that
    had not begun when it failed are dropped.
    """
    if parallelism <= 1:
        yield from map(work, items)
        return
    failed = Event()

    def job(item: A) -> T:
        # A flag, not a wait for "the first of these to fail": that takes locks on every waiting job for every result.
        if failed.is_set():
            raise _Dropped
        try:
            return work(item)
        except BaseException:
            failed.set()
            raise

    left = iter(items)
    pool = ThreadPoolExecutor(max_workers=parallelism, thread_name_prefix="panel-read")
    waiting: deque[Future[T]] = deque()
    try:
        waiting.extend(pool.submit(job, item) for item in islice(left, parallelism * _AHEAD))
        while waiting:
            yield waiting.popleft().result()  # jobs begin in order: one that failed comes before all that were dropped
            waiting.extend(pool.submit(job, item) for item in islice(left, 1))
    finally:
        failed.set()
        pool.shutdown(wait=True, cancel_futures=True)

"""A small pool for reads: jobs side by side, results in order, the first failure stops the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

__all__ = ["run_all"]

T = TypeVar("T")
A = TypeVar("A")

_AHEAD = 16


def run_all(work: Callable[[A], T], items: Iterable[A], parallelism: int) -> Iterator[T]:
    """``work(item)`` for every item, up to ``parallelism`` at once; the results in the items' order, as they become ready.

    At most a few results per worker wait in memory. What a job raises is raised here; jobs that have not begun are dropped.
    """
    if parallelism <= 1:
        yield from map(work, items)
        return
    left = iter(items)
    pool = ThreadPoolExecutor(max_workers=parallelism, thread_name_prefix="panel-read")
    waiting: list[Future[T]] = []
    try:
        waiting += [pool.submit(work, item) for item in islice(left, parallelism * _AHEAD)]
        while waiting:
            head = waiting.pop(0)
            if not head.done():
                wait([head, *waiting[:parallelism]], return_when=FIRST_EXCEPTION)
            yield head.result()
            waiting += [pool.submit(work, item) for item in islice(left, 1)]
    finally:
        pool.shutdown(wait=True, cancel_futures=True)

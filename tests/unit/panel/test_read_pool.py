"""The pool for reads."""

from __future__ import annotations

import threading

import pytest

from resellerplan.panel.pool import run_all


@pytest.mark.parametrize("parallelism", [1, 4])
def test_results_come_in_the_order_of_the_items(parallelism: int) -> None:
    assert list(run_all(lambda n: n * n, range(300), parallelism)) == [n * n for n in range(300)]


def test_no_more_run_at_once_than_allowed() -> None:
    lock, running, most = threading.Lock(), 0, 0
    gate = threading.Event()

    def work(_n: int) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        gate.wait(0.005)
        with lock:
            running -= 1

    list(run_all(work, range(40), 3))
    assert most == 3


@pytest.mark.parametrize("parallelism", [1, 4])
def test_the_first_failure_is_raised_and_the_rest_is_dropped(parallelism: int) -> None:
    done: list[int] = []

    def work(n: int) -> int:
        if n == 10:
            raise ValueError("ten")
        done.append(n)
        return n

    with pytest.raises(ValueError, match="ten"):
        list(run_all(work, range(10_000), parallelism))
    assert len(done) < 1000

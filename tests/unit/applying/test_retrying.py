"""What is tried again, after how long, and when not."""

from __future__ import annotations

import pytest

from resellerplan.applying.bindings import Bindings, Unbound
from resellerplan.applying.retrying import PATIENT, RetryPolicy, is_locked, retry, when_writing
from resellerplan.errors import (
    PanelAmbiguous,
    PanelError,
    PanelFault,
    PanelNotUnderstood,
    PanelRefused,
    PanelUnauthorised,
    PanelUnreachable,
)
from resellerplan.model.address import Address
from tests.support.panel_in_memory import FakeClock


def test_pauses_grow_are_spread_and_have_an_end() -> None:
    policy = RetryPolicy(first=1, factor=2, longest=5)
    assert [policy.pause(failed, 1) for failed in (1, 2, 3, 4)] == [1, 2, 4, 5]
    assert policy.pause(1, 0) == 0.5
    assert PATIENT.attempts == 4


def given_up() -> PanelUnreachable:
    error = PanelUnreachable("a read was tried four times")
    error.given_up = True
    return error


def call(*errors: PanelError, stopped: bool = False, attempts: int = 3) -> tuple[object, list[float]]:
    left = list(errors)
    clock = FakeClock()

    def once() -> str:
        if left:
            raise left.pop(0)
        return "done"

    answer: object
    try:
        answer = retry(
            once,
            policy=RetryPolicy(attempts=attempts, first=1),
            clock=clock.clock(),
            chance=lambda: 1,
            again=when_writing,
            stopped=lambda: stopped,
        )
    except PanelError as error:
        answer = error
    return answer, clock.slept


def test_what_certainly_did_not_happen_is_sent_again() -> None:
    assert call(PanelUnreachable("x"), PanelUnreachable("y")) == ("done", [1, 2])


def test_the_last_error_is_raised_when_the_tries_are_used_up() -> None:
    last = PanelUnreachable("third")
    assert call(PanelUnreachable("x"), PanelUnreachable("y"), last) == (last, [1, 2])


def test_anything_else_is_sent_once() -> None:
    error = PanelAmbiguous("cut")
    assert call(error) == (error, [])


def test_a_run_that_is_being_stopped_tries_nothing_again() -> None:
    error = PanelUnreachable("x")
    assert call(error, stopped=True) == (error, [])


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (PanelUnreachable("x"), True),
        (given_up(), False),
        (PanelAmbiguous("x"), False),
        (PanelFault("x"), False),
        (PanelNotUnderstood("x"), False),
        (PanelUnauthorised("x"), False),
        (PanelRefused("x", code=-1, slug="x"), False),
    ],
)
def test_only_what_did_not_arrive_and_was_not_tried_for_long_is_sent_again(error: PanelError, again: bool) -> None:
    assert when_writing(error) is again


@pytest.mark.parametrize(
    ("error", "locked"),
    [
        (PanelFault("SQLite Error 5: 'database is locked'."), True),
        (PanelFault("Transaction was deadlocked on lock resources"), True),
        (PanelAmbiguous("database is locked"), True),
        (PanelFault("something else"), False),
        (PanelRefused("database is locked", code=-1, slug="x"), False),
    ],
)
def test_a_busy_database_is_recognised(error: PanelError, locked: bool) -> None:
    assert is_locked(error) is locked


def test_bindings_know_ids_and_what_the_run_touched() -> None:
    one, two = Address.customer("one"), Address.customer("two")
    bindings = Bindings({one: 1})
    bindings.bind(two, 2)
    bindings.touch([two])
    assert (bindings.of(one), bindings.get(two), bindings.touched(one), bindings.touched(two)) == (1, 2, False, True)
    with pytest.raises(Unbound, match=r"customer\.three"):
        bindings.of(Address.customer("three"))

"""What a write's answer proves, and what must be looked at before a verdict.

Every write ends as one of three: it happened (verified by a read), nothing happened (safe to send again), or unknown. A fault is an
answer like any other: the panel has finished with the request, and only a read tells what it left (contract 6.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from resellerplan.applying.ports import Clock
from resellerplan.errors import (
    PanelAmbiguous,
    PanelError,
    PanelFault,
    PanelNotUnderstood,
    PanelRefused,
    PanelUnauthorised,
)
from resellerplan.panel.answers import certainly_not_done
from resellerplan.panel.code_table import CODES, SERVER_FAILED
from resellerplan.panel.record import Record
from resellerplan.panel.result_codes import refusal
from resellerplan.soap.dataset import tables_of
from resellerplan.soap.values import read_int

__all__ = ["Doubt", "check_number", "check_result", "read_after", "send", "wait_until"]

T = TypeVar("T")


class Doubt(Exception):
    """A write's answer proves nothing. Never leaves this room: it is looked into, and becomes success or a PanelError."""

    def __init__(self, error: PanelError) -> None:
        super().__init__(error.message)
        self.error = error

    @property
    def answered(self) -> bool:
        """Whether the panel has finished with the request (it answered, if badly): what is not there now will not come."""
        return isinstance(self.error, PanelFault | PanelUnauthorised | PanelRefused)

    def unknown(self, detail: str) -> PanelAmbiguous:
        """The verdict *unknown*: what was answered, and what was seen after it."""
        error = self.error
        return PanelAmbiguous(
            error.message,
            call=error.call,
            detail="\n".join(part for part in (detail, error.detail) if part),
            hint=error.hint or "look at the object in the panel before anything else",
        )

    def verdict(self, detail: str) -> PanelError:
        """Nothing is there: certain after a fault, unknown after a lost answer."""
        return self.error if self.answered else self.unknown(detail)


def send(write: Callable[[], T]) -> T:
    """Do a write. Raises the error itself where it is certain that nothing happened, else :class:`Doubt`.

    A code that the contract does not have, or the one for a hosting server that failed, does not say what was done before it.
    """
    try:
        return write()
    except PanelRefused as refused:
        if refused.code < 0 and (refused.code == SERVER_FAILED or refused.code not in CODES):
            raise Doubt(refused) from refused
        raise
    except (PanelAmbiguous, PanelFault, PanelNotUnderstood, PanelUnauthorised) as error:
        if certainly_not_done(error):
            raise
        raise Doubt(error) from error


@contextmanager
def read_after(call: str) -> Iterator[None]:
    """Around the reads that follow a write: where they fail, what the write did is unknown, whatever they failed of."""
    try:
        yield
    except PanelAmbiguous:
        raise
    except PanelError as error:
        raise PanelAmbiguous(
            "it was sent, and could not be looked at afterwards", call=call, detail=error.message, hint=error.hint
        ) from error


def check_number(number: int, call: str, *, detail: str = "") -> int:
    """An id or 0. Raises PanelRefused for a negative code."""
    if number < 0:
        raise refusal(number, call=call, detail=detail)
    return number


def check_result(result: Record | None, call: str, allowed: Callable[[], Mapping[str, int]] = dict) -> int:
    """The number in a PackageResult. Raises PanelRefused for a negative code, with the exceeding quotas if there are any.

    ``allowed`` tells what the own package holds of each quota; it is asked only where some exceed that.
    """
    if result is None:
        raise PanelNotUnderstood("the panel gave no result", call=call)
    number = result.integer("result")
    if number >= 0:
        return number
    exceeding: list[tuple[str, int]] = []
    node = result.node.child("exceedingquotas")
    if node is not None and not node.nil:
        rows = tables_of(node, ("quotaname", "quotavalue")).rows()
        exceeding = [(row[0] or "", read_int(row[1])) for row in rows]
    raise refusal(number, call=call, exceeding=exceeding, allowed=allowed() if exceeding else {})


def wait_until(done: Callable[[], bool], clock: Clock, *, seconds: float, pause: float) -> bool:
    """Look again and again, with growing pauses, until it is so or the time is over.

    A look that fails is repeated; where the last one fails too, its error is raised: then it is not known.
    """
    ends = clock.monotonic() + seconds
    while True:
        failed: PanelError | None = None
        try:
            if done():
                return True
        except PanelError as error:
            failed = error
        left = ends - clock.monotonic()
        if left <= 0:
            if failed is not None:
                raise failed
            return False
        clock.sleep(min(pause, left))
        pause = min(pause * 1.5, 10.0)

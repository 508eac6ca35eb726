"""When something is sent again, and after how long. Only what certainly did not happen, or may happen twice without harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from resellerplan.applying.ports import Clock
from resellerplan.errors import PanelAmbiguous, PanelError, PanelFault, PanelUnreachable

__all__ = ["PATIENT", "RetryPolicy", "is_locked", "retry", "when_writing"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """At most ``attempts`` tries; pauses grow from ``first`` seconds by ``factor`` up to ``longest``, each jittered fully."""

    attempts: int = 4
    first: float = 0.5
    factor: float = 2.0
    longest: float = 20.0

    def pause(self, failed: int, chance: float) -> float:
        """Seconds to wait after the ``failed``-th failure (from 1); ``chance`` in [0, 1) spreads many clients over time."""
        ceiling = min(self.longest, self.first * self.factor ** (failed - 1))
        return ceiling * (0.5 + chance / 2)


PATIENT = RetryPolicy()


def when_writing(error: PanelError) -> bool:
    """Writes are sent again only where it is certain that nothing happened, and nobody below tried for long already.

    Reads are not repeated here at all: the panel's client does that, and attempts of both would multiply.
    """
    return isinstance(error, PanelUnreachable) and not error.given_up


def is_locked(error: PanelError) -> bool:
    """Whether the panel's database was busy with something else (seen on SQLite, and deadlocks everywhere: contract 6.5)."""
    text = f"{error.message} {getattr(error, 'text', '')}".casefold()
    return isinstance(error, PanelFault | PanelAmbiguous) and ("database is locked" in text or "deadlock" in text)


def retry(
    call: Callable[[], T],
    *,
    policy: RetryPolicy,
    clock: Clock,
    chance: Callable[[], float],
    again: Callable[[PanelError], bool],
    stopped: Callable[[], bool] = lambda: False,
) -> T:
    """Call until it goes well, fails for good, or is not to be tried again. Raises the last PanelError.

    A run that is being stopped tries nothing again.
    """
    failed = 0
    while True:
        try:
            return call()
        except PanelError as error:
            failed += 1
            if failed >= policy.attempts or not again(error) or stopped():
                raise
        clock.sleep(policy.pause(failed, chance()))

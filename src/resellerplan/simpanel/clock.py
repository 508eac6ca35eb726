"""The panel's time: server-local (UTC), without offset, and never on a whole second.

A time on a whole second is written without a fraction, which looks like another kind of value to whoever compares two runs;
about one in 300 of SQL Server's is. Here none is.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

__all__ = ["Clock", "as_text", "from_text", "stored_precision"]

_THREE_HUNDREDTHS = (0, 3, 7)


def as_text(moment: datetime) -> str:
    """A time as the store keeps it: 26 characters that sort as text."""
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds")


def from_text(text: str | None) -> datetime | None:
    """A stored time, naive; None stays None."""
    return None if text is None else datetime.fromisoformat(text)


def stored_precision(moment: datetime, digits: Literal[3, 7]) -> datetime:
    """A time as the database keeps it: SQL Server's ``datetime`` has steps of 1/300 s (.000 .003 .007), SQLite keeps all."""
    if digits == 7:
        return moment
    thousandths = round(moment.microsecond / 1000 * 0.3) / 0.3
    tens, step = divmod(round(thousandths * 0.3), 3)
    return moment.replace(microsecond=0) + timedelta(milliseconds=tens * 10 + _THREE_HUNDREDTHS[step])


class Clock:
    """Ticks on from ``start`` (an aware or naive UTC time), or shows the real time."""

    def __init__(
        self,
        start: datetime | None = None,
        *,
        digits: Literal[3, 7] = 7,
        ticks: Callable[[], float] = time.time,
    ) -> None:
        self._ticks = ticks
        self._digits: Literal[3, 7] = digits
        if start is not None and start.tzinfo is None:
            start = start.replace(tzinfo=UTC)
        self._ahead = 0.0 if start is None else start.timestamp() - ticks()

    def now(self) -> datetime:
        """The present moment, naive, in the database's precision, with a fraction."""
        moment = datetime.fromtimestamp(self._ticks() + self._ahead, UTC).replace(tzinfo=None)
        stored = moment if self._digits == 7 else stored_precision(moment, self._digits)
        if stored.microsecond == 0:
            stored += timedelta(milliseconds=3)
        return stored

    def offset(self, digits: Literal[3, 7]) -> Clock:
        """The same clock in another precision."""
        clock = Clock(digits=digits, ticks=self._ticks)
        clock._ahead = self._ahead
        return clock

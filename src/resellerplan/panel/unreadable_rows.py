"""Lists of a 1.x panel that it can't write down: one control character in a stored text, and the whole reply is a web page.

(Real panel report 1.x, 3.1.) Lists that are given page by page can be read all the same, by reading only: an empty page beyond the
end tells how many rows there are; a page that fails is halved until the rows that can't be written stand alone; all others are
read. An unreadable row is known by its place, so by the ids before and after it, and where looking is cheap by its own id.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from resellerplan.errors import PanelNotUnderstood
from resellerplan.model.address import PanelId

__all__ = ["Gap", "Page", "Readable", "ids_in", "read_around"]

T = TypeVar("T")

BEYOND = 1_000_000_000
_MOST_GAPS = 25
_MOST_PROBES = 100
_MOST_ROWS = 5_000_000

Page = Callable[[int, int], tuple[int, list[T]]]
"""Rows ``first`` to ``last``, counted from 0, both included, by rising id; and how many there are in all."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Rows in a row that can't be read: how many, and the ids of the readable rows before and after them (0: none)."""

    count: int
    after: PanelId
    before: PanelId

    def __str__(self) -> str:
        where = f"after id {self.after}" if self.after else "at the beginning"
        where += f" and before id {self.before}" if self.before else ""
        return f"{self.count} of the list, {where}"


@dataclass(slots=True)
class Readable(Generic[T]):
    """What could be read, by rising id, and where something is missing."""

    rows: list[T] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


def read_around(page: Page[T], id_of: Callable[[T], PanelId], size: int) -> Readable[T]:
    """Every row that can be read, in pages of at most ``size``.

    Raises the panel's error where even an empty page fails, or where more than a few places are broken: then it is something else.
    """
    total, _ = page(BEYOND, BEYOND)
    if total > _MOST_ROWS:
        raise PanelNotUnderstood(f"the panel says that a list has {total} rows")
    pieces: dict[int, list[T] | None] = {}
    broken = 0

    def read(first: int, last: int) -> None:
        nonlocal broken
        try:
            pieces[first] = page(first, last)[1]
        except PanelNotUnderstood:
            if first == last:
                broken += 1
                if broken > _MOST_GAPS:
                    raise
                pieces[first] = None
                return
            middle = (first + last) // 2
            read(first, middle)
            read(middle + 1, last)

    for start in range(0, total, size):
        read(start, min(start + size, total) - 1)

    found: Readable[T] = Readable()
    missing = 0
    for first in sorted(pieces):
        rows = pieces[first]
        if rows is None:
            missing += 1
            continue
        rows.sort(key=id_of)
        if missing and rows:
            found.gaps.append(Gap(missing, id_of(found.rows[-1]) if found.rows else 0, id_of(rows[0])))
            missing = 0
        found.rows += rows
    if missing:
        found.gaps.append(Gap(missing, id_of(found.rows[-1]) if found.rows else 0, 0))
    return found


def ids_in(gap: Gap, belongs: Callable[[PanelId], bool]) -> list[PanelId]:
    """The ids of a gap's objects, as far as asking for each id there finds them in a bounded number of calls."""
    end = min(gap.before or gap.after + _MOST_PROBES + 1, gap.after + _MOST_PROBES + 1)
    found: list[PanelId] = []
    for panel_id in range(gap.after + 1, end):
        if len(found) == gap.count:
            break
        if belongs(panel_id):
            found.append(panel_id)
    return found

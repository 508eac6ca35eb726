"""What the cells of a column mean: decimals with a comma or a point, days as people write them.

Decided per column and from all its cells, because one cell alone often can't tell: ``1,234`` is a bit more than one in German and
more than a thousand in English. Text stays text: a column is only rewritten where every cell fits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

__all__ = ["Doubt", "as_written_there", "evidence", "rewrite"]

_NUMBER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,2}(?:[.,' ][0-9]{3})+|[1-9][0-9]*)(?:[.,][0-9]+)?\Z")
_COMMA: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,2}(?:[. '][0-9]{3})+|[1-9][0-9]*),[0-9]+\Z")
_POINT: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,2}(?:[, '][0-9]{3})+|[1-9][0-9]*)\.[0-9]+\Z")
_EITHER: Final = re.compile(r"[-+]?[1-9][0-9]{0,2}[.,][0-9]{3}\Z")
_GERMAN_DAY: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})\Z")
_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_SLASHED_DAY: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})\Z")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A column that can't be told: the code of its finding, the row (from 0) and cell it shows at, how to settle it."""

    code: str
    row: int
    cell: str
    hint: str


def evidence(cells: Sequence[str]) -> set[str]:
    """The decimal marks that a column of numbers proves: empty for other columns, and for numbers that prove nothing."""
    marks: set[str] = set()
    for cell in cells:
        if not cell:
            continue
        if not _NUMBER.match(cell):
            return set()
        if _EITHER.match(cell):
            continue
        if _COMMA.match(cell):
            marks.add(",")
        elif _POINT.match(cell):
            marks.add(".")
    return marks


def rewrite(cells: Sequence[str], decimal: str | None, told: set[str]) -> tuple[Sequence[str], Doubt | None]:
    """The cells of one column in our spelling, and what could not be told.

    ``decimal`` is the mark the manifest names, ``told`` those that the whole table proves.
    """
    filled = [(row, cell) for row, cell in enumerate(cells) if cell]
    if not filled:
        return cells, None
    first = filled[0][1]
    if not first[0].isdigit() and first[0] not in "+-":
        return cells, None
    if any(_GERMAN_DAY.match(cell) for _, cell in filled) and all(
        _GERMAN_DAY.match(cell) or _ISO_DAY.match(cell) for _, cell in filled
    ):
        return [_day(_GERMAN_DAY.match(cell), 1, 2, cell) for cell in cells], None
    if all(_SLASHED_DAY.match(cell) for _, cell in filled):
        return _slashed(cells, filled)
    if not all(_NUMBER.match(cell) for _, cell in filled) or not any("," in cell or "." in cell for _, cell in filled):
        return cells, None
    own = evidence(cells)
    marks = {decimal} if decimal is not None else own or told
    if len(marks) != 1:
        doubtful = next((row, cell) for row, cell in filled if "," in cell or "." in cell)
        return cells, Doubt("RP1116", *doubtful, 'say `decimal: ","` or `decimal: "."` beside the file name')
    mark = marks.pop()
    fits = _COMMA if mark == "," else _POINT
    return [_decimal(cell, mark) if fits.match(cell) or _EITHER.match(cell) else cell for cell in cells], None


def _decimal(cell: str, mark: str) -> str:
    """A number with its thousands joined and a point as decimal mark."""
    whole, found, part = cell.rpartition(mark)
    if not found:
        whole, part = cell, ""
    whole = re.sub(r"[., ']", "", whole)
    return f"{whole}.{part}" if part else whole


def _slashed(cells: Sequence[str], filled: Sequence[tuple[int, str]]) -> tuple[Sequence[str], Doubt | None]:
    matches = [(row, _SLASHED_DAY.match(cell), cell) for row, cell in filled]
    day_first = any(match is not None and int(match[1]) > 12 for _, match, _ in matches)
    month_first = any(match is not None and int(match[2]) > 12 for _, match, _ in matches)
    if day_first == month_first:
        row, _, cell = matches[0]
        return cells, Doubt("RP1124", row, cell, "write days as 2026-12-31 or 31.12.2026")
    day, month = (1, 2) if day_first else (2, 1)
    return [_day(_SLASHED_DAY.match(cell), day, month, cell) for cell in cells], None


def _day(match: re.Match[str] | None, day: int, month: int, cell: str) -> str:
    """The day as YAML people write it; a day that does not exist stays as it is, and is told where it is used."""
    if match is None:
        return cell
    try:
        return date(int(match[3]), int(match[month]), int(match[day])).isoformat()
    except ValueError:
        return cell


def as_written_there(cell: str, neighbour: str) -> str:
    """A new cell in the spelling of one above it: a day as 31.12.2026 where that is how the table writes days."""
    if _ISO_DAY.match(cell) and _GERMAN_DAY.match(neighbour):
        return date.fromisoformat(cell).strftime("%d.%m.%Y")
    return cell

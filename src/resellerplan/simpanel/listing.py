"""Paged calls: filter, sort and page, in both logics (contract 2.2, 2.4, 2.5; 1.x database report 6.5-6.8).

A paged call has a :class:`Source`: what is selected from where, and which column names a caller may use. ``page`` answers how
many rows there are and those of the page. What the logics do differently:

===================  ==============================================  =========================================================
                     stored procedures                               EF Core
===================  ==============================================  =========================================================
column names         those of all joined tables; one that several    members of the row, without case; another name is a .NET
                     tables have is an error, unless it is sorted    fault
                     by and selected
filter               LIKE of SQL Server, 50 characters               LIKE of SQLite (ASCII letters without case)
order of text        the server's collation                          bytes, but for columns that are ``NOCASE``
window               see :class:`Window`                             0-based, exact
start + maximum      an error beyond 2147483647                      no limit
===================  ==============================================  =========================================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, assert_never

from resellerplan.simpanel import faults
from resellerplan.simpanel.collation import LIKE, SORT_KEY
from resellerplan.simpanel.rules import rule

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call

__all__ = ["Page", "Source", "Window", "filter_condition", "page", "window_of"]

_LARGEST_INT = 2**31 - 1
_FILTER_LENGTH = 50

INCLUSIVE = rule(
    "paging.last_row_inclusive",
    "2.2, 2.4",
    "Stored procedures return one row more than asked: positions start to start + maximum, both included.",
)
PATTERN = rule("paging.filter_pattern", "2.2, 1x db 6.5", "A filter value is a pattern of LIKE, compared without case.")
OVERFLOW = rule("paging.overflow", "2.2", "Stored procedures add start and maximum as 32-bit numbers: an overflow is a fault.")
NEGATIVE = rule(
    "paging.negative_numbers",
    "2.2, 2.6",
    "By EF a negative maximum is no limit; by stored procedure a negative start takes rows off the page.",
)
AMBIGUOUS = rule(
    "paging.ambiguous_column",
    "2.4",
    "Stored procedures fault on a column name that several of the joined tables have.",
)
UNKNOWN_COLUMN = rule("paging.unknown_column", "2.2", "A filter or sort column that does not exist is a fault.")
FILTER_IGNORED = rule(
    "paging.filter_value_without_column",
    "2.4",
    "Stored procedures ignore a filter value without a column where the call does not search names.",
)


class Window(StrEnum):
    """Which positions a stored procedure puts on the page."""

    ZERO_BASED = "zero_based"  # users: start ... start + maximum, counted from 0
    ONE_BASED = "one_based"  # spaces: start ... start + maximum, counted from 1
    EXACT = "exact"  # domains, audit log


@dataclass(frozen=True, slots=True)
class Page:
    """The number of all rows, and the rows of the page."""

    count: int
    rows: list[tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a paged call lists.

    ``select``: the expressions of a row; ``origin``: FROM with its joins; ``names``: folded column name -> expression, all
    that a caller may name; ``ambiguous``: folded names that several joined tables have; ``sortable``: those of them that the
    procedure's own SELECT names, so that sorting by them works; ``text``: expressions whose order is text order;
    ``any_columns``: searched where the caller names no column (empty: a value without a column is ignored);
    ``nocase``: expressions that EF sorts without case; ``tie``: the order among equals, and where nothing is asked;
    ``updated``: when a row was last written, for databases that list it last then.
    """

    select: Sequence[str]
    origin: str
    names: Mapping[str, str]
    window: Window
    tie: str
    ef_tie: str = ""
    updated: str = ""
    ambiguous: frozenset[str] = frozenset()
    sortable: frozenset[str] = frozenset()
    text: frozenset[str] = frozenset()
    nocase: frozenset[str] = frozenset()
    any_columns: Sequence[str] = ()
    default_sort: str = ""
    ef_type: str = ""
    aliases: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def _verified(name: str) -> str:
    """A column name as the panel cleans it: word characters, dot and blank."""
    return re.sub(r"[^\w. ]", "", name)


def _resolved(call: Call, source: Source, name: str, *, sorting: bool) -> str:
    """The expression of a caller's column name. Raises the fault of a name that does not exist or is ambiguous."""
    folded = name.strip().lower()
    if call.ef:
        if folded in source.names:
            return source.names[folded]
        if not call.on(UNKNOWN_COLUMN):
            return source.tie
        raise faults.plain(
            f"Instance property '{name.strip()}' is not defined for type '{source.ef_type}' (Parameter 'propertyName')",
            "System.ArgumentException",
        )
    alias, dot, plain = folded.rpartition(".")
    if dot:
        expression = f"{alias}.{plain}"
        if expression in source.aliases:
            return source.aliases[expression]
    elif folded in source.ambiguous and not (sorting and folded in source.sortable):
        if call.on(AMBIGUOUS):
            raise faults.sql_error(call.flavour, f"Ambiguous column name '{name.strip()}'.")
        return source.names.get(folded, source.tie)
    elif folded in source.names:
        return source.names[folded]
    if not call.on(UNKNOWN_COLUMN):
        return source.tie
    raise faults.sql_error(call.flavour, f"Invalid column name '{name.strip()}'.")


def filter_condition(call: Call, source: Source, column: str | None, value: str | None) -> tuple[str, list[object]]:
    """The condition of a filter and its parameters; an empty condition where nothing is filtered."""
    if not value:
        return "", []
    column = _verified(column or "")
    if column.strip():
        wanted = [_resolved(call, source, column, sorting=False)]
    elif source.any_columns:
        wanted = list(source.any_columns)
    elif call.ef or call.on(FILTER_IGNORED):
        return "", []
    else:
        wanted = [source.tie]
    if not call.on(PATTERN):
        return "(" + " OR ".join(f"{name} = ?" for name in wanted) + ")", [value] * len(wanted)
    if call.ef:
        return "(" + " OR ".join(f"{name} LIKE ?" for name in wanted) + ")", [value] * len(wanted)
    cut = call.cut(value, _FILTER_LENGTH)
    return "(" + " OR ".join(f"{LIKE}({name}, ?)" for name in wanted) + ")", [cut] * len(wanted)


def _order(call: Call, source: Source, sort_column: str | None) -> str:
    """The ORDER BY of a caller's sort column (``"Name"``, ``"Name DESC"``), ties by the source's key."""
    tie = source.ef_tie if call.ef and source.ef_tie else source.tie
    if source.updated and call.flavour.database.row_order == "updated":
        tie = f"{source.updated}, {tie}"
    asked = _verified(sort_column or "").strip() or source.default_sort
    if not asked:
        return tie
    parts = []
    for word in (part for part in asked.split(",") if part.strip()):
        name, _, direction = word.strip().partition(" ")
        descending = direction.strip().lower() in ("desc", "descending")
        expression = _resolved(call, source, name, sorting=True)
        if expression in source.text:
            if not call.ef:
                expression = f"{SORT_KEY}({expression})"
            elif expression in source.nocase:
                expression = f"{expression} COLLATE NOCASE"
        parts.append(f"{expression}{' DESC' if descending else ''}")
    return ", ".join([*parts, source.tie])


def window_of(call: Call, window: Window, start: int, maximum: int) -> tuple[int, int]:
    """LIMIT and OFFSET of a page. Raises the overflow fault of a stored procedure."""
    if call.ef:
        # SQLite takes a negative LIMIT for none, and a negative OFFSET for 0.
        return (maximum if maximum >= 0 or not call.on(NEGATIVE) else -1), max(start, 0)
    if window is Window.EXACT:
        return max(maximum + (min(start, 0) if call.on(NEGATIVE) else 0), 0), max(start, 0)
    if call.on(OVERFLOW) and start + maximum > _LARGEST_INT:
        raise faults.sql_error(call.flavour, "Arithmetic overflow error converting expression to data type int.")
    match window:
        case Window.ZERO_BASED:
            first = max(start, 0)
        case Window.ONE_BASED:
            first = max(start, 1)
        case _:
            assert_never(window)
    rows = start + maximum - first + (1 if call.on(INCLUSIVE) else 0)
    return max(rows, 0), first if window is Window.ZERO_BASED else first - 1


def page(
    call: Call,
    source: Source,
    *,
    where: str,
    parameters: Sequence[object],
    filter_column: str | None,
    filter_value: str | None,
    sort_column: str | None,
    start: int,
    maximum: int,
) -> Page:
    """Count what ``where`` and the filter leave, and read the page. Raises the faults of bad column names and overflow."""
    condition, values = filter_condition(call, source, filter_column, filter_value)
    order = _order(call, source, sort_column)
    limit, offset = window_of(call, source.window, start, maximum)
    wheres = " AND ".join(part for part in (where, condition) if part) or "1"
    given = [*parameters, *values]
    count = call.db.execute(f"SELECT count(*) FROM {source.origin} WHERE {wheres}", given).fetchone()[0]
    cursor = call.db.cursor()
    cursor.row_factory = None
    rows = cursor.execute(
        f"SELECT {', '.join(source.select)} FROM {source.origin} WHERE {wheres} ORDER BY {order} LIMIT ? OFFSET ?",
        [*given, limit, offset],
    ).fetchall()
    return Page(count, rows)

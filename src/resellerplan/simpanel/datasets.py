"""The DataSets that services give back: their columns, and how the two logics name them.

A column list is written once, in the form of 2.x-EF (``PackageId``), with ``!`` where EF's column can't be null. Stored
procedures say ``PackageID`` and ``StatusIDchangeDate``, and declare no column as not null (contract 1.5).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from resellerplan.simpanel.clock import from_text
from resellerplan.simpanel.wire import Column, DataSet, Table

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call

__all__ = ["COUNT", "columns", "count_table", "dataset", "paged", "sp_name", "table"]

_SP_NAMES = {"StatusIdChangeDate": "StatusIDchangeDate", "LoginStatusId": "LoginStatusId"}

COUNT = (Column("Column1", "int"),)
"""The first table of every paged call: one row, the number of all rows, in a column that the query left unnamed."""


def sp_name(name: str) -> str:
    """A column's name in stored-procedure replies."""
    return _SP_NAMES.get(name) or re.sub(r"Id(?=$|[A-Z0-9])", "ID", name)


@lru_cache(maxsize=256)
def columns(specification: str, ef: bool) -> tuple[Column, ...]:
    """``"PackageId:int! PackageName:string"`` as columns of the logic."""
    made = []
    for word in specification.split():
        name, _, kind = word.partition(":")
        if ef:
            made.append(Column(name, kind.rstrip("!"), not kind.endswith("!")))
        else:
            made.append(Column(sp_name(name), kind.rstrip("!")))
    return tuple(made)


def table(call: Call, specification: str, rows: Iterable[Sequence[object]]) -> Table:
    """A table from rows as the store gives them: 0 and 1, times and prices as text become what the columns say."""
    shape = columns(specification, call.ef)
    kinds: dict[str, Callable[..., object]] = {"boolean": bool, "dateTime": from_text, "decimal": call.money}
    turn = [kinds.get(column.type) for column in shape]
    if not any(turn):
        return Table(shape, [tuple(row) for row in rows])
    return Table(
        shape,
        [
            tuple(value if convert is None or value is None else convert(value) for convert, value in zip(turn, row, strict=True))
            for row in rows
        ],
    )


def dataset(call: Call, *tables: tuple[str, Iterable[Sequence[object]]]) -> DataSet:
    """A DataSet of tables, each a column list and its rows as the store gives them."""
    return DataSet(tuple(table(call, specification, rows) for specification, rows in tables))


def count_table(count: int) -> Table:
    """The table that tells a paged call's whole number of rows."""
    return Table(COUNT, [(count,)])


def paged(call: Call, specification: str, count: int, rows: Iterable[Sequence[object]]) -> DataSet:
    """A paged call's DataSet: the count, then the rows."""
    return DataSet((count_table(count), table(call, specification, rows)))

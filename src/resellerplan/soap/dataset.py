"""Rows: what a .NET DataSet, or a typed list, boils down to once only the wanted columns are kept (contract 1.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from resellerplan.soap.node import Node, plain_name

__all__ = ["Row", "Table", "Tables", "tables_of"]

Row = list[str | None]
"""The texts of the wanted columns in the wanted order; None where the column is null or the panel does not send it."""


@dataclass(slots=True)
class Table:
    """One table: the panel's column names (plain, see :func:`plain_name`), and its rows."""

    columns: frozenset[str] = frozenset()
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Tables:
    """The tables of one reply in the order of its schema: never look one up by name, the names differ (contract 1.5).

    ``first_name`` is the first table's name on the wire: ``Table`` with stored procedures, ``Table1`` with EF Core. ``mended``
    says that the reply held characters XML does not have; U+FFFD stands in their place.
    """

    tables: list[Table] = field(default_factory=list)
    first_name: str = ""
    mended: bool = False

    def rows(self, index: int = 0) -> list[Row]:
        """The rows of a table; none where the reply holds fewer tables."""
        return self.tables[index].rows if index < len(self.tables) else []


def tables_of(node: Node, wanted: Sequence[str]) -> Tables:
    """A DataSet that stands inside a class (``PackageResult.ExceedingQuotas``), already read as nodes."""
    found = Tables()
    positions: dict[str, int] = {}
    order = {name: index for index, name in enumerate(wanted)}
    for part in node:
        if part.name == "schema":
            for element in _below(part, 3):
                if element.name == "element":
                    name = element.text or ""
                    positions[name] = len(found.tables)
                    found.tables.append(Table())
        elif part.name == "diffgram":
            for dataset in part:
                for item in dataset:
                    index = positions.setdefault(item.name, len(found.tables))
                    while len(found.tables) <= index:
                        found.tables.append(Table())
                    row: Row = [None] * len(order)
                    for column in item:
                        position = order.get(plain_name(column.name))
                        if position is not None:
                            row[position] = column.text or ""
                    found.tables[index].rows.append(row)
    return found


def _below(node: Node, depth: int) -> list[Node]:
    level = [node]
    for _ in range(depth + 1):
        level = [child for parent in level for child in parent]
    return level

"""A table as the manifest sees it: named columns, rows of texts, and a place for every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from resellerplan.diagnostics import Finding, Place
from resellerplan.manifest.document import Iteration

__all__ = ["Table", "TableOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOptions:
    """What a manifest says about a table; None = to be told from the table. ``columns``: our name -> its heading."""

    separator: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    sheet: str | None = None
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What was read. All cells are text: decimals with a point, days as 2026-12-31, what was empty as ``""``.

    ``names`` are the columns by our names where ``columns`` maps them, else by their headings. ``lines`` holds the line (from 1)
    that a row begins in. ``doubts`` are findings about single columns, to be told only where the column is used.
    """

    file: str
    names: tuple[str, ...]
    rows: Sequence[dict[str, str]]
    lines: Sequence[int]
    doubts: Mapping[str, Finding] = field(default_factory=lambda: MappingProxyType({}))

    def place(self, row: int) -> Place:
        """Where a row (from 0) stands."""
        return Place(self.file, self.lines[row], 1)

    def turn(self, number: int) -> Iteration:
        """A row as a turn of ``for_each``: its key is its number among the rows, from 1."""
        return Iteration(f"row {number + 1}", self.place(number))

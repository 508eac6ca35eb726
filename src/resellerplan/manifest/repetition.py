"""What a ``for_each`` goes through: a list, a mapping or a table, as pairs of ``each.key`` and ``each.value``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from resellerplan.diagnostics import Place
from resellerplan.manifest.document import Document, Iteration, Turns
from resellerplan.manifest.scalars import shown
from resellerplan.manifest.table import Table, TableOptions

__all__ = ["Repetition", "TableWish", "table_wish"]

_KINDS: Final = ("csv", "xlsx", "ods")
_HINTS: Final[Mapping[str, str]] = {
    "separator": 'one character: ";", "," or "\\t"',
    "encoding": "the name of an encoding, for example utf-8 or windows-1252",
    "decimal": '"," or "."',
    "columns": "a mapping of our names to headings: {username: Benutzername}",
    "sheet": "the name of a sheet",
}


@dataclass(frozen=True, slots=True)
class TableWish:
    """A table as a manifest names it. ``unknown`` and ``wrong`` are option keys that can't be used."""

    kind: str
    name: str
    options: TableOptions
    unknown: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    @staticmethod
    def hint(key: str) -> str:
        """What an option takes."""
        return _HINTS.get(key, "")


def table_wish(named: Mapping[str, object]) -> TableWish | None:
    """The table that a mapping names (``{csv: customers.csv, separator: ";"}``); None for a mapping that names none."""
    kind = next((kind for kind in _KINDS if isinstance(named.get(kind), str)), None)
    if kind is None:
        return None
    rest = {key: value for key, value in named.items() if key != kind}
    columns = rest.get("columns", {})
    fits = {
        "separator": lambda value: isinstance(value, str) and len(value) == 1 and value not in '"\r\n\0',
        "encoding": lambda value: isinstance(value, str) and "\0" not in value,
        "decimal": lambda value: value in (",", "."),
        "sheet": lambda value: isinstance(value, str) and kind != "csv",
        "columns": lambda value: isinstance(value, dict) and all(isinstance(heading, str | int) for heading in value.values()),
    }
    unknown = tuple(key for key in rest if key not in fits)
    wrong = tuple(key for key, value in rest.items() if key in fits and not fits[key](value))
    texts = {key: value for key, value in rest.items() if isinstance(value, str) and key not in wrong}
    options = TableOptions(
        separator=texts.get("separator"),
        encoding=texts.get("encoding"),
        decimal=texts.get("decimal"),
        sheet=texts.get("sheet"),
        columns={ours: shown(theirs) for ours, theirs in columns.items()} if isinstance(columns, dict) else {},
    )
    return TableWish(kind, str(named[kind]), options, unknown, wrong)


@dataclass(frozen=True, slots=True)
class Repetition:
    """What is gone through: the pairs, their number, the places, and where the manifest asks for it."""

    pairs: Iterable[tuple[object, object]]
    count: int
    turns: Turns
    asked: Place

    def __len__(self) -> int:
        return self.count

    @classmethod
    def of_table(cls, table: Table, asked: Place) -> Repetition:
        """Rows: ``each.key`` is the row's number from 1, ``each.value`` its cells by column."""
        return cls(enumerate(table.rows, 1), len(table.rows), table, asked)

    @classmethod
    def of_list(cls, values: Sequence[object], document: Document, path: tuple[str | int, ...], *, written: bool) -> Repetition:
        """Entries: ``each.key`` is the position from 1."""
        turns = _Entries(document, path, tuple(range(len(values))) if written else ())
        return cls(enumerate(values, 1), len(values), turns, document.place_of(path))

    @classmethod
    def of_mapping(
        cls, values: Mapping[str, object], document: Document, path: tuple[str | int, ...], *, written: bool
    ) -> Repetition:
        """Keys and their values."""
        return cls(values.items(), len(values), _Entries(document, path, tuple(values), written), document.place_of(path))


@dataclass(frozen=True, slots=True)
class _Entries:
    """The turns over a list or mapping. ``steps`` are the keys; those of a value that is written out have a place of their own."""

    document: Document
    path: tuple[str | int, ...]
    steps: Sequence[str | int]
    written: bool = True

    def turn(self, number: int) -> Iteration:
        """One entry."""
        step = self.steps[number] if number < len(self.steps) else number
        place = self.document.key_place((*self.path, step) if self.written else self.path)
        return Iteration(f"entry {step + 1}" if isinstance(step, int) else f"key {step!r}", place)

"""A YAML text becomes plain data, and every key and value keeps its place.

`parsing.parse` reads libyaml's events (never ``yaml.load``: no tag makes an object) and returns a `Document`: ``data`` is made of
``dict`` (keys are always text, as written), ``list``, ``str``, ``int``, ``float``, ``bool`` and ``None``, and ``place_of(path)``
says where a value stands. Templates, tables and defaults are worked in afterwards (`expand`), which gives another `Document` with
the same questions.

What the reader must know: an alias shares the container of its anchor, so data is never changed in place. Keys are text even
where YAML would read a number or a truth value (``10115: ...`` is the key ``"10115"``). A value of a telephone number or postcode
may be an ``int`` where nothing gets lost by it (``zip: 10115``): whoever wants text takes ``str(value)``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from resellerplan.diagnostics import Note, Place
from resellerplan.manifest.marks import Lines, Marks, Path

__all__ = ["Document", "Expansion", "Iteration", "Origin", "Path", "Stretch", "Turns"]


@dataclass(frozen=True, slots=True)
class Iteration:
    """One turn of a ``for_each``: its ``each.key`` as text, and the place of the table's row or the list's entry."""

    key: str
    place: Place | None


class Turns(Protocol):
    """The turns of one ``for_each``, by number from 0."""

    def turn(self, number: int) -> Iteration:
        """One turn: its key and its place."""
        ...


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of entries of an expanded list: ``count`` entries from ``start`` on come from the entry ``index`` of the written list.

    ``turns`` are those of its ``for_each``; None for an entry that is written out.
    """

    start: int
    count: int
    index: int
    turns: Turns | None = None


@dataclass(frozen=True, slots=True)
class Expansion:
    """What was worked into a document after it was parsed.

    ``lists``: for each list that holds entries made by a ``for_each`` its stretches, by the ``id()`` of the list (the document
    holds it). ``expressions``: the text of a rendered value by its path in the *written* data (where ``for_each`` entries are
    counted once). ``tables``: for a list that was read from a table, by its path: the table's turns.
    ``failed``: the written paths of values that could not be rendered; a finding has been told, and what stands there means
    nothing. ``defaults``: for each kind of objects (``customers``), the document and the path its defaults were taken from.
    """

    lists: Mapping[int, Sequence[Stretch]] = field(default_factory=lambda: MappingProxyType({}))
    expressions: Mapping[tuple[str | int, ...], str] = field(default_factory=lambda: MappingProxyType({}))
    failed: Set[tuple[str | int, ...]] = frozenset()
    defaults: Mapping[str, tuple[Document, tuple[str | int, ...]]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from: the place in the YAML, the row it was expanded for, the template it was rendered from.

    ``outer`` are the rows of the ``for_each`` around it, the nearest first.
    """

    place: Place
    row: Iteration | None = None
    expression: str = ""
    by_default: bool = False
    outer: tuple[Iteration, ...] = ()

    @property
    def notes(self) -> tuple[Note, ...]:
        """What to say below a Finding about such a value, ready to be shown: nothing for a value that is written out."""
        notes = []
        if self.expression:
            notes.append(Note(f"made by the template {self.expression}"))
        if self.row is not None:
            notes.append(Note(f"expanded for {self.row.key}", self.row.place))
        notes.extend(Note(f"of {turn.key}", turn.place) for turn in self.outer)
        if self.by_default:
            notes.append(Note("set by `defaults:`"))
        return tuple(notes)


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One file of a manifest. ``file`` is its name as the user knows it, ``folder`` what its relative paths start from.

    ``data`` is what the stages after reading look at; paths below are paths in it. No path is an error: where it leads to nothing
    (an omitted key), the answer is the nearest thing above that is there.
    """

    file: str
    folder: str
    lines: Lines
    marks: Marks
    data: object
    expansion: Expansion | None = None

    def place_of(self, path: Path) -> Place:
        """Where the value at ``path`` stands (its template, where it was made by one)."""
        return self.origin_of(path).place

    def key_place(self, path: Path) -> Place:
        """Where the key at ``path`` stands; the value's place where it has none (an entry of a list, the whole document)."""
        document, written, _, _ = self._written(path)
        key, value, walked = document.marks.find(written)
        return document.span(value if key is None or walked < len(written) else key)

    def origin_of(self, path: Path) -> Origin:
        """Where the value at ``path`` comes from, with the row and the expression."""
        document, written, turns, by_default = self._written(path)
        _, value, _ = document.marks.find(written)
        expression = ""
        if document.expansion is not None:
            expression = document.expansion.expressions.get(tuple(written), "")
        row, outer = (turns[-1], turns[-2::-1]) if turns else (None, ())
        return Origin(document.span(value), row, expression, by_default, outer)

    def failed_at(self, path: Path) -> bool:
        """Whether the value at ``path`` could not be rendered: nothing more is to be said about it."""
        if self.expansion is None or not self.expansion.failed:
            return False
        document, written, _, _ = self._written(path)
        return document.expansion is not None and tuple(written) in document.expansion.failed

    def written_path(self, path: Path) -> tuple[Path, bool]:
        """The path in the *written* data of what stands at ``path``, and whether a ``for_each`` or a default made it."""
        document, written, turns, by_default = self._written(path)
        return written, bool(turns) or by_default or document is not self

    def span(self, number: int) -> Place:
        """The place of a node by its number (`Marks`)."""
        if not self.marks.starts:
            return self.lines.place(0)
        return self.lines.place(self.marks.starts[number], self.marks.ends[number])

    def _written(self, path: Path) -> tuple[Document, Path, tuple[Iteration, ...], bool]:
        """A path in ``data`` as a path in the text: where, the turns of each ``for_each``, and whether ``defaults:`` gave it."""
        expansion = self.expansion
        if expansion is None:
            return self, path, (), False
        turns: list[Iteration] = []
        written: list[str | int] = []
        data = self.data
        for step in path:
            here = step
            if isinstance(step, int) and isinstance(data, list):
                stretch = _stretch(expansion.lists.get(id(data), ()), step)
                if stretch is not None:
                    here = stretch.index
                    if stretch.turns is not None:
                        turns.append(stretch.turns.turn(step - stretch.start))
            written.append(here)
            data = _child(data, step)
        given = self._by_default(path, written)
        if given is not None:
            return given[0], given[1], (), True
        return self, written, tuple(turns), False

    def _by_default(self, path: Path, written: Path) -> tuple[Document, Path] | None:
        """Document and path of the default that stands at ``path``; None where the object says it itself."""
        assert self.expansion is not None
        defaults = self.expansion.defaults
        kind = next((index for index in range(len(path) - 2, -1, -1) if path[index] in defaults), None)
        if kind is None or not isinstance(path[kind + 1], int) or len(path) <= kind + 2:
            return None
        _, _, walked = self.marks.find(written)
        if walked == len(written) or walked < kind + 2:
            return None
        document, root = defaults[str(path[kind])]
        rest = (*root, *path[kind + 2 :])
        return (document, rest) if document.marks.find(rest)[2] == len(rest) else None


def _stretch(stretches: Sequence[Stretch], number: int) -> Stretch | None:
    """The stretch that holds an entry."""
    at = bisect_right(stretches, number, key=lambda stretch: stretch.start) - 1
    return stretches[at] if at >= 0 and number < stretches[at].start + stretches[at].count else None


def _child(data: object, step: str | int) -> object:
    if isinstance(data, dict):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data):
        return data[step]
    return None

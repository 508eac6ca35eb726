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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from resellerplan.diagnostics import Note, Place
from resellerplan.manifest.marks import Lines, Marks, Path

__all__ = ["Document", "Expansion", "Iteration", "Made", "Origin", "Path"]


@dataclass(frozen=True, slots=True)
class Iteration:
    """One turn of a ``for_each``: its ``each.key`` as text, and the place of the table's row or the list's entry."""

    key: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Made:
    """An entry of an expanded list: which entry of the written list it comes from, and by which turn (None = written out)."""

    index: int
    turn: Iteration | None = None


@dataclass(frozen=True, slots=True)
class Expansion:
    """What was worked into a document after it was parsed.

    ``lists``: for each list (by its path in the *expanded* data) that holds entries made by a ``for_each``, one `Made` per entry.
    ``expressions``: the text of a rendered value by its path in the *written* data (where ``for_each`` entries are counted once).
    ``defaults``: for each list of objects (``("customers",)``), the document and the path its defaults were taken from.
    """

    lists: Mapping[tuple[str | int, ...], Sequence[Made]] = field(default_factory=lambda: MappingProxyType({}))
    expressions: Mapping[tuple[str | int, ...], str] = field(default_factory=lambda: MappingProxyType({}))
    defaults: Mapping[str, tuple[Document, tuple[str | int, ...]]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from: the place in the YAML, the row it was expanded for, the template it was rendered from."""

    place: Place
    row: Iteration | None = None
    expression: str = ""
    by_default: bool = False

    @property
    def notes(self) -> tuple[Note, ...]:
        """What to say below a Finding about such a value, ready to be shown: nothing for a value that is written out."""
        notes = []
        if self.expression:
            notes.append(Note(f"made by the template {self.expression}"))
        if self.row is not None:
            notes.append(Note(f"expanded for {self.row.key}", self.row.place))
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
        document, written, turn, by_default = self._written(path)
        _, value, _ = document.marks.find(written)
        expression = ""
        if document.expansion is not None:
            expression = document.expansion.expressions.get(tuple(written), "")
        return Origin(document.span(value), turn, expression, by_default)

    def span(self, number: int) -> Place:
        """The place of a node by its number (`Marks`)."""
        return self.lines.place(self.marks.starts[number], self.marks.ends[number]) if self.marks.starts else self.lines.place(0)

    def _written(self, path: Path) -> tuple[Document, Path, Iteration | None, bool]:
        """A path in ``data`` as a path in the text: where, the turn of a ``for_each``, and whether ``defaults:`` gave it."""
        expansion = self.expansion
        if expansion is None:
            return self, path, None, False
        turn: Iteration | None = None
        written: list[str | int] = []
        for depth, step in enumerate(path):
            made = expansion.lists.get(tuple(path[:depth])) if isinstance(step, int) and expansion.lists else None
            if made is not None and isinstance(step, int) and 0 <= step < len(made):
                written.append(made[step].index)
                turn = made[step].turn or turn
            else:
                written.append(step)
        given = self._by_default(path, written)
        if given is not None:
            return given[0], given[1], None, True
        return self, written, turn, False

    def _by_default(self, path: Path, written: Path) -> tuple[Document, Path] | None:
        """Document and path of the default that stands at ``path``; None where the object says it itself."""
        assert self.expansion is not None
        kind = next((index for index in range(len(path) - 2, -1, -1) if path[index] in self.expansion.defaults), None)
        if kind is None or not isinstance(path[kind + 1], int) or len(path) <= kind + 2:
            return None
        _, _, walked = self.marks.find(written)
        if walked == len(written) or walked < kind + 2:
            return None
        document, root = self.expansion.defaults[str(path[kind])]
        rest = (*root, *path[kind + 2 :])
        return (document, rest) if document.marks.find(rest)[2] == len(rest) else None

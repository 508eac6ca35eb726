"""Templates, tables and defaults are worked into the documents: written data in, meant data out, every place kept.

The order: the values of ``vars:`` (each may use those before it), then everything else of each document, each ``for_each`` with a
copy per turn, then the ``defaults:`` of their kind below every object. A document without any of these is handed on untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from resellerplan.diagnostics import Finding, Note, Place
from resellerplan.manifest.codes import finding
from resellerplan.manifest.defaults import with_defaults
from resellerplan.manifest.document import Document, Expansion, Stretch, Turns
from resellerplan.manifest.files import Files, display
from resellerplan.manifest.limits import LIMITS, Limits
from resellerplan.manifest.recipe import Scope, WrittenPath, recipe
from resellerplan.manifest.rendering import TemplateError, Templates, is_template, nearest

if TYPE_CHECKING:
    from resellerplan.manifest.repetition import Repetition, TableWish
    from resellerplan.manifest.table import Table

__all__ = ["Expanded", "Register", "expand"]

_MOST_TOLD = 1000
"""Findings about the templates of one document; more would not fit on any screen."""

_NOT_EXPANDED = frozenset(["vars", "include", "version", "defaults"])


@dataclass(frozen=True, slots=True)
class Register:
    """A table that a document names outside of a ``for_each``: the suspension register. ``path`` is where it is named."""

    document: Document
    path: WrittenPath
    table: Table


@dataclass(frozen=True, slots=True)
class Expanded:
    """The documents as they are meant, and what there is to tell."""

    documents: tuple[Document, ...]
    registers: tuple[Register, ...]
    findings: tuple[Finding, ...]


def expand(documents: Sequence[Document], given: Mapping[str, object], files: Files, limits: Limits = LIMITS) -> Expanded:
    """Work in what the documents say about values and repetition.

    ``given`` are the variables from outside; they win over ``vars:``. Tables are read through ``files``.
    """
    work = _Work(files, Templates(limits), limits)
    variables = _variables(documents, given, work)
    scope: Scope = {**variables, "vars": variables}
    made = [_expanded(document, scope, work) for document in documents]
    registers = tuple(entry for document in made for entry in _registers(document, work))
    finished = with_defaults(made, work.findings)
    return Expanded(tuple(finished), registers, tuple(work.findings))


class _Work:
    """What all documents of one run share: the files, the templates, the tables read so far, the count of what was made."""

    def __init__(self, files: Files, templates: Templates, limits: Limits) -> None:
        self.files = files
        self.templates = templates
        self.limits = limits
        self.findings: list[Finding] = []
        self.items = 0
        self._tables: dict[object, Table | None] = {}
        self._told: set[object] = set()

    def table(self, wish: TableWish, folder: str, asked: Place) -> Table | None:
        """The table that is wished for; read once, however often it is named."""
        name = display(folder, wish.name)
        options = wish.options
        key = (name, wish.kind, options.separator, options.encoding, options.decimal, options.sheet, tuple(options.columns.items()))
        if key not in self._tables:
            # Most manifests name no table; what reads them costs a start of its own.
            from resellerplan.manifest.tables import read_table

            table, trouble = read_table(self.files, name, wish.kind, options, asked, self.limits)
            self._tables[key] = table
            self.findings.extend(trouble)
        return self._tables[key]

    def doubt(self, table: Table, column: str) -> None:
        """Tell what could not be told about a column, once somebody uses it."""
        if column in table.doubts and (table.file, column) not in self._told:
            self._told.add((table.file, column))
            self.findings.append(table.doubts[column])


# -- variables ---------------------------------------------------------------------------------------------------------------------


def _variables(documents: Sequence[Document], given: Mapping[str, object], work: _Work) -> dict[str, object]:
    """The values of all ``vars:``, with those given from outside in their place."""
    values: dict[str, object] = {}
    places: dict[str, Place] = {}
    declared = {name.casefold(): name for document in documents for name in _mapping_at(document, "vars")}
    outside = {declared.get(name.casefold(), name) if name not in declared.values() else name: given[name] for name in given}
    values.update(outside)
    for document in documents:
        book = _Book(document, work)
        for name, written in _mapping_at(document, "vars").items():
            place = document.key_place(("vars", name))
            if name in places:
                notes = (Note("declared here too", places[name]),)
                work.findings.append(finding("RP1027", place, f"the variable {name!r}", notes=notes))
                continue
            places[name] = place
            if name in outside:
                continue
            maker = recipe(written, ("vars", name), book)
            values[name] = written if maker is None else maker({**values, "vars": values})
    return values


def _mapping_at(document: Document, key: str) -> Mapping[str, object]:
    found = document.data.get(key) if isinstance(document.data, dict) else None
    return found if isinstance(found, dict) else {}


# -- one document ------------------------------------------------------------------------------------------------------------------


def _expanded(document: Document, scope: Scope, work: _Work) -> Document:
    """The document with its templates rendered and its repetitions made."""
    text = document.lines.text
    if not isinstance(document.data, dict) or not (is_template(text) or "for_each" in text):
        return document
    book = _Book(document, work)
    made: dict[str, object] = {}
    for key, value in document.data.items():
        if key == "for_each" or (isinstance(value, dict) and "for_each" in value):
            place = document.key_place((key,) if key == "for_each" else (key, "for_each"))
            work.findings.append(finding("RP1108", place))
        maker = None if key in _NOT_EXPANDED else recipe(value, (key,), book)
        made[key] = value if maker is None else maker(scope)
    if isinstance(defaults := made.get("defaults"), dict):
        maker = recipe(defaults, ("defaults",), book)
        made["defaults"] = defaults if maker is None else maker(scope)
    expansion = Expansion(
        lists=MappingProxyType(book.lists), expressions=MappingProxyType(book.expressions), failed=frozenset(book.failed)
    )
    return replace(document, data=made, expansion=expansion)


class _Book:
    """What the recipes of one document share (`recipe.Book`)."""

    def __init__(self, document: Document, work: _Work) -> None:
        self.document = document
        self.templates = work.templates
        self.expressions: dict[WrittenPath, str] = {}
        self.lists: dict[int, Sequence[Stretch]] = {}
        self._work = work
        self._turn: _CurrentTurn | None = None
        self.failed: set[WrittenPath] = set()
        self._told: set[tuple[object, ...]] = set()

    def wrong(self, path: WrittenPath, error: TemplateError, text: str, *, at_key: bool = False) -> None:
        """A finding at the template's place. The same mistake in many rows is told once, with the first of them."""
        self.failed.add(path)
        key = (path, error.code, error.label)
        if key in self._told or len(self._told) >= _MOST_TOLD:
            return
        self._told.add(key)
        place = self.document.key_place(path) if at_key else self.document.place_of(path)
        hint = error.hint
        if path[0] == "vars" and error.code == "RP1101":
            later = next((name for name in _mapping_at(self.document, "vars") if error.label == f"there is no {name!r}"), None)
            hint = f"a variable may use those above it: put `{later}` above" if later not in (None, path[1]) else hint
        notes: list[Note] = []
        turn, words = self._turn, "expanded for"
        while turn is not None:
            notes.append(Note(f"{words} {turn.key}", turn.place))
            turn, words = turn.outer, "of"
        shown = text if len(text) <= 60 else text[:57] + "..."
        label = f"{error.label} in {shown}" if error.label else shown
        self._work.findings.append(finding(error.code, place, label, notes=tuple(notes), hint=hint))

    def repeated(self, entry: Mapping[str, object], path: WrittenPath) -> Callable[[Scope], tuple[list[object], Turns | None]]:
        """The entries that ``for_each`` makes of one, as a function of the variables."""
        source = entry["for_each"]
        wish = self._wish(source, path)
        source_maker = None if wish is not None else recipe(source, (*path, "for_each"), self)
        template = {key: value for key, value in entry.items() if key != "for_each"}
        maker = recipe(template, path, self)

        def make(scope: Scope) -> tuple[list[object], Turns | None]:
            if wish is not None:
                repetition = self._table_turns(wish, path, template)
            else:
                value = source if source_maker is None else source_maker(scope)
                repetition = self._value_turns(value, path, written=source_maker is None)
            if repetition is None:
                return [], None
            return self._made(repetition, template, maker, scope), repetition.turns

        return make

    def _made(
        self, repetition: Repetition, template: object, maker: Callable[[Scope], object] | None, scope: Scope
    ) -> list[object]:
        """One entry per turn."""
        work = self._work
        work.items += len(repetition)
        if work.items > work.limits.items:
            place = repetition.asked
            work.findings.append(finding("RP1110", place, f"more than {work.limits.items:,} entries"))
            return []
        if maker is None:
            return [template] * len(repetition)
        made: list[object] = []
        outer, before = scope.get("each"), self._turn
        inner: Scope = dict(scope)
        # Looked at only when something goes wrong in a row: which one it was.
        self._turn = turn = _CurrentTurn(repetition.turns, before)
        for number, (key, value) in enumerate(repetition.pairs):
            turn.number = number
            inner["each"] = {"key": key, "value": value, "outer": outer} if outer is not None else {"key": key, "value": value}
            made.append(maker(inner))
        self._turn = before
        return made

    # -- what is gone through ----------------------------------------------------------------------------------------------------

    def _wish(self, source: object, path: WrittenPath) -> TableWish | None:
        """The table that a ``for_each`` names; None where it names none (findings are told)."""
        from resellerplan.manifest.repetition import table_wish  # many manifests repeat nothing; it costs a start of its own

        where = (*path, "for_each")
        if isinstance(source, dict) and table_wish(source) is not None:
            maker = recipe(source, where, self)
            wish = table_wish(source)
            assert wish is not None
            if maker is not None:
                text = next(str(value) for value in source.values() if isinstance(value, str))
                self.wrong(where, TemplateError("RP1111", "a template", "write the table's name and options out"), text)
            for key in wish.unknown:
                close = nearest(key, ("columns", "separator", "encoding", "decimal", "sheet"))
                self._work.findings.append(finding("RP1111", self.document.key_place((*where, key)), key, hint=close))
            for key in wish.wrong:
                place = self.document.place_of((*where, key))
                self._work.findings.append(finding("RP1111", place, f"{key} does not take this", hint=wish.hint(key)))
            return wish if maker is None else replace(wish, wrong=(*wish.wrong, wish.kind))
        return None

    def _table_turns(self, wish: TableWish, path: WrittenPath, template: object) -> Repetition | None:
        from resellerplan.manifest.repetition import Repetition

        asked = self.document.place_of((*path, "for_each", wish.kind))
        if wish.unknown or wish.wrong:
            return None
        table = self._work.table(wish, self.document.folder, asked)
        if table is None:
            return None
        if table.doubts:
            used = str(template)
            for column in table.doubts:
                if column in used:
                    self._work.doubt(table, column)
        return Repetition.of_table(table, asked)

    def _value_turns(self, value: object, path: WrittenPath, *, written: bool) -> Repetition | None:
        from resellerplan.manifest.repetition import Repetition

        where = (*path, "for_each")
        place = self.document.place_of(where)
        if isinstance(value, list):
            return Repetition.of_list(value, self.document, where, written=written)
        if isinstance(value, dict):
            return Repetition.of_mapping(value, self.document, where, written=written)
        if value is not None or written:
            self._work.findings.append(finding("RP1107", place))
        return None


class _CurrentTurn:
    """The turn that is being made, worked out only when it is asked for; ``outer`` is the one around it."""

    def __init__(self, turns: Turns, outer: _CurrentTurn | None) -> None:
        self._turns = turns
        self.outer = outer
        self.number = 0

    @property
    def key(self) -> str:
        """Its key, in words."""
        return self._turns.turn(self.number).key

    @property
    def place(self) -> Place | None:
        """Its place."""
        return self._turns.turn(self.number).place


# -- the suspension register -------------------------------------------------------------------------------------------------------


def _registers(document: Document, work: _Work) -> list[Register]:
    """The tables named by ``suspensions:``."""
    named = _mapping_at(document, "suspensions")
    if not named:
        return []
    from resellerplan.manifest.repetition import table_wish

    wish = table_wish(named)
    if wish is None or wish.unknown or wish.wrong:
        return []  # what does not fit its form is told there
    path: WrittenPath = ("suspensions",)
    table = work.table(wish, document.folder, document.place_of((*path, wish.kind)))
    if table is None:
        return []
    for column in table.doubts:
        work.doubt(table, column)
    return [Register(document, path, table)]

"""How a part of a manifest is made from its variables: written data, looked through once, becomes a function that is run per row.

A part without a template is kept as it is and shared by all its copies, so that 10,000 rows cost only what differs between them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias

from resellerplan.manifest.document import Document, Stretch
from resellerplan.manifest.rendering import Template, TemplateError, Templates, is_template

__all__ = ["Book", "Maker", "Scope", "WrittenPath", "recipe"]

LEFT_OUT: Final = frozenset(
    [
        *("status", "login_status", "role", "html_mail", "demo", "ecommerce"),
        *("from", "ends", "id", "state", "reason"),
    ]
)
"""Keys of an object that say nothing where their template gives nothing: an empty cell of a table leaves them out.

They have no empty value that could be meant, and leaving them out decides nothing. (A quota, a plan or a reason to protect is
another matter: there an empty cell is told.)
"""
_OBJECTS: Final = frozenset(["customers", "plans", "spaces"])

Scope: TypeAlias = dict[str, object]
Maker: TypeAlias = Callable[[Scope], object]
WrittenPath: TypeAlias = tuple[str | int, ...]


class Book(Protocol):
    """What a recipe needs besides the data: where findings go, and how a ``for_each`` is worked out."""

    document: Document
    templates: Templates
    expressions: dict[WrittenPath, str]
    lists: dict[int, Sequence[Stretch]]

    def wrong(self, path: WrittenPath, error: TemplateError, text: str, *, at_key: bool = False) -> None:
        """Tell what is wrong with the template at a written path (for the row that is being expanded, if there is one)."""
        ...

    def repeated(self, entry: Mapping[str, object], path: WrittenPath) -> Callable[[Scope], tuple[list[object], Any]]:
        """The entries a ``for_each`` makes, as a function, with its turns."""
        ...


def recipe(data: object, path: WrittenPath, book: Book) -> Maker | None:
    """The function that makes the data; None where there is nothing to make, so that the data itself can be used."""
    if type(data) is str:
        return _scalar(data, path, book) if is_template(data) else None
    if type(data) is dict:
        return _mapping(data, path, book)
    if type(data) is list:
        return _list(data, path, book)
    return None


def _scalar(text: str, path: WrittenPath, book: Book) -> Maker | None:
    try:
        template = book.templates.template(text)
    except TemplateError as error:
        book.wrong(path, error, text)
        return _nothing
    book.expressions[path] = text
    return _rendering(template, path, book)


def _nothing(_: Scope) -> object:
    """What stands for a value that a finding has been told about."""
    return None


def _rendering(template: Template, path: WrittenPath, book: Book) -> Maker:
    render, text = template.render, template.text

    def make(scope: Scope) -> object:
        try:
            return render(scope)
        except TemplateError as error:
            book.wrong(path, error, text)
            return None

    return make


def _mapping(data: Mapping[str, object], path: WrittenPath, book: Book) -> Maker | None:
    parts: list[tuple[str, Maker]] = []
    optional: list[str] = []
    # An object is an entry of a list that holds objects: ("customers", 3), ("customers", 3, "spaces", 0).
    of_object = len(path) > 1 and path[0] in _OBJECTS and type(path[-1]) is int and path[-2] in _OBJECTS
    for key, value in data.items():
        if is_template(key):
            book.wrong((*path, key), TemplateError("RP1106", "", "write the key out"), key, at_key=True)
        if (maker := recipe(value, (*path, key), book)) is not None:
            parts.append((key, maker))
            if of_object and key in LEFT_OUT and type(value) is str:
                optional.append(key)
    if not parts:
        return None

    def make(scope: Scope) -> object:
        made = dict(data)
        for key, maker in parts:
            made[key] = maker(scope)
        for key in optional:
            if made[key] is None:
                del made[key]
        return made

    return make


def _list(data: Sequence[object], path: WrittenPath, book: Book) -> Maker | None:
    if any(type(entry) is dict and "for_each" in entry for entry in data):
        return _expanded_list(data, path, book)
    parts = [(number, maker) for number, entry in enumerate(data) if (maker := recipe(entry, (*path, number), book)) is not None]
    if not parts:
        return None

    def make(scope: Scope) -> object:
        made = list(data)
        for number, maker in parts:
            made[number] = maker(scope)
        return made

    return make


def _expanded_list(data: Sequence[object], path: WrittenPath, book: Book) -> Maker:
    """A list with entries that are made several times: the entries, and the stretches that say which is whose."""
    single: dict[int, Maker | None] = {}
    repeated: dict[int, Callable[[Scope], tuple[list[object], Any]]] = {}
    for number, entry in enumerate(data):
        if type(entry) is dict and "for_each" in entry:
            repeated[number] = book.repeated(entry, (*path, number))
        else:
            single[number] = recipe(entry, (*path, number), book)

    def make(scope: Scope) -> object:
        made: list[object] = []
        stretches: list[Stretch] = []
        for number, entry in enumerate(data):
            if number in repeated:
                entries, turns = repeated[number](scope)
                if entries:
                    stretches.append(Stretch(len(made), len(entries), number, turns))
                made.extend(entries)
            else:
                maker = single[number]
                stretches.append(Stretch(len(made), 1, number))
                made.append(entry if maker is None else maker(scope))
        book.lists[id(made)] = stretches
        return made

    return make

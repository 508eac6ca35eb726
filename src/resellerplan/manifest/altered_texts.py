"""Texts that YAML has read as fractions which come out whole: ``2.00`` is the number 2, and as a text it would become ``2.0``.

No schema can tell it, because to JSON 2.00 and 2 are one number. A price may be written so; a name or a comment needs quotes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from resellerplan.manifest.forms import Record, Text
from resellerplan.manifest.language import Language
from resellerplan.manifest.misfits import Misfit

__all__ = ["altered_texts"]

_BELOW: Final = ("initial", "spaces", "addons", "moved_from")
"""Keys of objects that hold texts further down."""


@dataclass(frozen=True, slots=True)
class _Level:
    """A mapping with the mappings below it; worked out once, because every object of a manifest is looked at."""

    form: Record
    below: tuple[tuple[str, _Level], ...]


def altered_texts(data: object, language: Language) -> Iterator[Misfit]:
    """RP1206 for each such text of an object of a document that fits its form otherwise."""
    if not isinstance(data, dict):
        return
    for kind, form in (("plans", language.plan), ("customers", language.customer), ("spaces", language.space)):
        entries = data.get(kind)
        if isinstance(entries, list) and entries:
            yield from _of_list(_level(form), entries, (kind,))


def _level(form: Record) -> _Level:
    below = ((key, _mapping(_form(form, key))) for key in _BELOW)
    return _Level(form, tuple((key, _level(record)) for key, record in below if record is not None))


def _mapping(form: object) -> Record | None:
    """The mapping a form leads to: itself, an entry of its list, or the mapping among its kinds."""
    held = form if isinstance(form, Record) else getattr(form, "of", None) or getattr(form, "mapping", None)
    return held if isinstance(held, Record) else None


def _form(form: Record, key: str) -> object:
    entry = form.entries.get(key) or form.entries.get(form.aliases.get(key, ""))
    return entry.form if entry is not None else None


def _of_list(level: _Level, entries: list[object], path: tuple[str | int, ...]) -> Iterator[Misfit]:
    below = level.below
    for number, entry in enumerate(entries):
        if type(entry) is not dict:
            continue
        if float in map(type, entry.values()):
            yield from _of(level.form, entry, (*path, number))
        for key, inner in below:
            if key in entry:
                held = entry[key]
                if type(held) is list:
                    yield from _of_list(inner, held, (*path, number, key))
                elif type(held) is dict:
                    yield from _of(inner.form, held, (*path, number, key))


def _of(form: Record, data: Mapping[str, object], path: tuple[str | int, ...]) -> Iterator[Misfit]:
    for key, value in data.items():
        if isinstance(value, float) and value.is_integer() and isinstance(_form(form, key), Text):
            drop = path if key in form.required else None
            yield Misfit("RP1206", (*path, key), False, "a text is needed, not a fraction", "put quotes around it", drop)

"""Texts that YAML has read as fractions which come out whole: ``2.00`` is the number 2, and as a text it would become ``2.0``.

No schema can tell it, because to JSON 2.00 and 2 are one number. A price may be written so; a name or a comment needs quotes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from resellerplan.manifest.forms import Record, Text
from resellerplan.manifest.language import Language
from resellerplan.manifest.misfits import Misfit

__all__ = ["altered_texts"]

_BELOW = frozenset(["initial", "spaces", "addons", "moved_from"])
"""Keys of objects that hold texts further down."""


def altered_texts(data: object, language: Language) -> Iterator[Misfit]:
    """RP1206 for each such text of an object of a document that fits its form otherwise."""
    if not isinstance(data, dict):
        return
    for kind, form in (("plans", language.plan), ("customers", language.customer), ("spaces", language.space)):
        entries = data.get(kind)
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict):
                yield from _of(form, entry, (kind, number))


def _of(form: Record, data: Mapping[str, object], path: tuple[str | int, ...]) -> Iterator[Misfit]:
    if float in map(type, data.values()):
        for key, value in data.items():
            if isinstance(value, float) and value.is_integer() and isinstance(_form(form, key), Text):
                drop = path if key in form.required else None
                yield Misfit("RP1206", (*path, key), False, "a text is needed, not a fraction", "put quotes around it", drop)
    if not _BELOW.isdisjoint(data):
        for key in _BELOW.intersection(data):
            yield from _below(_form(form, key), data[key], (*path, key))


def _form(form: Record, key: str) -> object:
    entry = form.entries.get(key) or form.entries.get(form.aliases.get(key, ""))
    return entry.form if entry is not None else None


def _below(form: object, value: object, path: tuple[str | int, ...]) -> Iterator[Misfit]:
    mapping = form if isinstance(form, Record) else getattr(form, "of", None) or getattr(form, "mapping", None)
    if not isinstance(mapping, Record):
        return
    if isinstance(value, dict):
        yield from _of(mapping, value, path)
    elif isinstance(value, list):
        for number, held in enumerate(value):
            if isinstance(held, dict):
                yield from _of(mapping, held, (*path, number))

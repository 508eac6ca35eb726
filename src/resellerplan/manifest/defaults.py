"""``defaults:`` below every object of their kind: what an object does not say, its defaults say for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from resellerplan.diagnostics import Finding, Note
from resellerplan.manifest.codes import finding
from resellerplan.manifest.document import Document, Expansion, Stretch

__all__ = ["KINDS", "with_defaults"]

KINDS: Final = ("customers", "plans", "spaces")
_WHOLE: Final = frozenset(["password", "moved_from", "only_if", "overrides"])
"""Mappings that are one statement: an object's own replaces the default's, instead of being worked into it."""

_Given = Mapping[str, tuple[Document, Mapping[str, object]]]


def with_defaults(documents: Sequence[Document], findings: list[Finding]) -> list[Document]:
    """The documents with the defaults of all of them below every object; those without a default are the same as before."""
    given = _collect(documents, findings)
    if not given:
        return list(documents)
    return [_applied(document, given) for document in documents]


def _collect(documents: Sequence[Document], findings: list[Finding]) -> _Given:
    """The defaults by kind. A kind has them from one file only: of two, neither could be said to win."""
    given: dict[str, tuple[Document, Mapping[str, object]]] = {}
    for document in documents:
        data = document.data.get("defaults") if isinstance(document.data, dict) else None
        if not isinstance(data, dict):
            continue
        for kind in KINDS:
            values = data.get(kind)
            if not isinstance(values, dict) or not values:
                continue
            if kind in given:
                notes = (Note("declared here too", given[kind][0].key_place(("defaults", kind))),)
                place = document.key_place(("defaults", kind))
                findings.append(finding("RP1027", place, f"the defaults of {kind}", notes=notes))
            else:
                given[kind] = (document, values)
    return given


def _applied(document: Document, given: _Given) -> Document:
    """One document with the defaults worked in."""
    if not isinstance(document.data, dict):
        return document
    made = dict(document.data)
    expansion = document.expansion or Expansion()
    lists = dict(expansion.lists)
    for kind in KINDS:
        entries = made.get(kind)
        if isinstance(entries, list) and (kind in given or (kind == "customers" and "spaces" in given)):
            made[kind] = _entries(entries, kind, given, lists)
    where = {kind: (source, ("defaults", kind)) for kind, (source, _) in given.items()}
    return replace(document, data=made, expansion=replace(expansion, lists=lists, defaults=where))


def _entries(entries: Sequence[object], kind: str, given: _Given, lists: dict[int, Sequence[Stretch]]) -> list[object]:
    """A list of objects with the defaults worked in; it takes over the stretches of the one it stands for."""
    values = given[kind][1] if kind in given else {}
    nested = kind == "customers" and "spaces" in given
    made: list[object] = []
    for entry in entries:
        if not isinstance(entry, dict) or entry.get("state") == "absent" or entry.get("existing") is True:
            made.append(entry)
            continue
        merged = _merged(entry, values) if values else entry
        spaces = entry.get("spaces") if nested else None
        if isinstance(spaces, list):
            merged = {**merged, "spaces": _entries(spaces, "spaces", given, lists)}
        made.append(merged)
    stretches = lists.pop(id(entries), None)
    if stretches is not None:
        lists[id(made)] = stretches
    return made


def _merged(own: Mapping[str, object], default: Mapping[str, object]) -> Mapping[str, object]:
    """Own values first, in their order; mappings are worked into one another but for those that are one statement."""
    made = dict(own)
    for key, value in default.items():
        held = made.get(key, made)
        if held is made:
            made[key] = value
        elif isinstance(held, dict) and isinstance(value, dict) and key not in _WHOLE:
            made[key] = _merged(held, value)
    return made

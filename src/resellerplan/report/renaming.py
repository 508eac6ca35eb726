"""Findings with other names for their files: what machines join to a checkout must be named from its root."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from resellerplan.diagnostics import Finding, Note, Place, Sources

__all__ = ["renamed"]


def renamed(findings: Sequence[Finding], sources: Sources, name_of: Callable[[str], str]) -> tuple[tuple[Finding, ...], Sources]:
    """The findings and the texts, with every file named as ``name_of`` says."""

    def at(place: Place | None) -> Place | None:
        return place and replace(place, file=name_of(place.file))

    def notes(one: Finding) -> tuple[Note, ...]:
        return tuple(replace(note, place=at(note.place)) for note in one.notes)

    made = tuple(replace(one, place=at(one.place), notes=notes(one)) for one in findings)
    return made, replace(sources, texts={name_of(name): text for name, text in sources.texts.items()})

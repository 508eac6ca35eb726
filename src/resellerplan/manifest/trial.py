"""A new entry on trial: everything that would be wrong with it, found before any file is touched.

The entry is looked at beside the plans, the defaults and the settings of the manifest, but not beside its 10,000 other customers:
what those say about each other has been checked when the manifest was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from resellerplan.diagnostics import Finding, Severity
from resellerplan.manifest.build import build
from resellerplan.manifest.checks import Declarations, check
from resellerplan.manifest.defaults import with_defaults
from resellerplan.manifest.document import Document
from resellerplan.manifest.edit import block_lines
from resellerplan.manifest.load import Loaded, LoadOptions
from resellerplan.manifest.parsing import parse
from resellerplan.manifest.shape import Shapes
from resellerplan.manifest.telling import told

__all__ = ["NEW", "text_of", "trial"]

NEW: Final = "<new>"
"""The name of what is not in a file yet, in places."""

_SURROUNDINGS: Final = frozenset(["version", "panel", "plans", "currency", "timezone", "recipients"])


def text_of(additions: Mapping[str, Sequence[Mapping[str, object]]]) -> str:
    """New entries as the text of a manifest."""
    lines: list[str] = []
    for kind, entries in additions.items():
        lines.append(f"{kind}:")
        lines += [f"  {line}" for entry in entries for line in block_lines(entry, 2)]
    return "\n".join(lines) + "\n"


def trial(
    loaded: Loaded,
    options: LoadOptions,
    additions: Mapping[str, Sequence[Mapping[str, object]]],
    beside: Mapping[str, Sequence[object]] | None = None,
) -> tuple[Finding, ...]:
    """The errors in new entries. ``beside`` are entries of the manifest that they hang on (a space's customer)."""
    document, findings = parse(NEW, text_of(additions))
    if document is None:
        return findings
    surroundings = [_pruned(each) for each in loaded.documents]
    around, _ = parse("", "version: 1\n")
    if beside and around is not None:
        surroundings.append(replace(around, data=dict(beside)))
    *around_it, made = with_defaults([*surroundings, document], [])
    shapes = Shapes.of(loaded.settings.catalogue, literal_passwords=options.literal_passwords, gate=options.gate)
    misfits = list(shapes.misfits(made.data))
    if misfits:
        return (*findings, *(told(made, misfit, shapes.language) for misfit in misfits))
    built = build([*around_it, made], loaded.settings.catalogue, loaded.settings.recipients)
    found = [*findings, *built.findings, *check(Declarations.of(built, loaded.settings, options))]
    return tuple(one for one in found if one.severity is Severity.ERROR and one.place is not None and one.place.file == NEW)


def _pruned(document: Document) -> Document:
    """A document with what new entries refer to, and nothing else."""
    data = document.data if isinstance(document.data, dict) else {}
    kept = {key: value for key, value in data.items() if key in _SURROUNDINGS}
    if isinstance(data.get("defaults"), dict):
        kept["defaults"] = data["defaults"]
    return replace(document, data=kept)

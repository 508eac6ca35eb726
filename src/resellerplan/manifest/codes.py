"""THE TABLE of diagnostic codes: every Finding about a manifest is one of these rows.

A code is stable: it is never given to another meaning. Its summary is the same sentence every time and holds no words of the
user's.
``docs/diagnostics.md`` and ``resellerplan explain CODE`` are printed from here; a test holds one broken manifest for every row.

Ranges: RP10 reading files and YAML, RP11 values and repetition (codes_reading.py); RP12 shape and values, RP13 references and what
the panel would refuse, RP14 names and life cycles, RP15 secrets, RP16 remarks on a manifest that is accepted, RP17 settings, policy
and catalogue (codes_meaning.py), RP18 edits from the command line (codes_editing.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from resellerplan.diagnostics import Finding, Note, Place
from resellerplan.manifest.code_row import Code
from resellerplan.manifest.codes_editing import EDITING
from resellerplan.manifest.codes_meaning import MEANING
from resellerplan.manifest.codes_reading import READING

__all__ = ["CODES", "RANGES", "finding"]

CODES: Final[Mapping[str, Code]] = MappingProxyType({entry.code: entry for entry in (*READING, *MEANING, *EDITING)})
"""All rows by their code, in order of the codes."""

RANGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "RP10": "Reading files and YAML",
        "RP11": "Values and repetition",
        "RP12": "Shape and values",
        "RP13": "References, and what the panel would refuse",
        "RP14": "Names and life cycles",
        "RP15": "Secrets",
        "RP16": "Remarks on a manifest that is accepted",
        "RP17": "Settings, policy and catalogue",
        "RP18": "Edits from the command line",
    }
)
"""What the first digits of a code stand for."""


def finding(
    code: str,
    place: Place | None,
    label: str = "",
    *,
    notes: tuple[Note, ...] = (),
    hint: str = "",
    address: str | None = None,
) -> Finding:
    """A Finding of the row ``code``, with the row's severity and summary. Raises KeyError for a code that is not in the table."""
    entry = CODES[code]
    return Finding(
        code=code,
        severity=entry.severity,
        summary=entry.summary,
        label=label,
        place=place,
        notes=notes,
        hint=hint,
        address=address,
    )

"""Rows of the table of codes: RP10 reading files and YAML, RP11 values and repetition."""

from __future__ import annotations

from typing import Final

from resellerplan.manifest.code_row import Code

__all__ = ["READING"]

READING: Final[tuple[Code, ...]] = ()
"""In order of the codes."""

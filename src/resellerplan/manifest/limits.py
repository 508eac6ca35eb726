"""How much a manifest may hold before reading stops: a hand-written estate stays far below, a bomb does not get far.

Sizes are chosen so that reading the largest accepted input stays below about 2 GB of memory on a 64-bit Python, and so that an
estate of 100,000 customers and 100,000 spaces fits several times over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["LIMITS", "Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Upper bounds of reading.

    ``file_bytes`` and ``total_bytes``: one file, and all files of an estate together. ``files`` that ``include:`` may bring in.
    ``nodes`` of one document (keys count), ``depth`` of nesting, ``scalar`` in characters, ``aliases`` by number and
    ``expanded`` by the nodes they stand for. ``rows``, ``columns`` and ``cell`` (characters) of a table; ``sheet_bytes`` of a
    packed spreadsheet when unpacked. ``items`` that one estate may be expanded to, ``output`` characters of one rendered value,
    ``template`` characters of one, ``loop`` turns of a template's loops and ``range()``.
    """

    file_bytes: int = 64 * 1024 * 1024
    total_bytes: int = 128 * 1024 * 1024
    files: int = 10_000
    nodes: int = 8_000_000
    depth: int = 64
    scalar: int = 1_000_000
    aliases: int = 500_000
    expanded: int = 4_000_000
    rows: int = 1_000_000
    columns: int = 500
    cell: int = 32_767
    sheet_bytes: int = 256 * 1024 * 1024
    items: int = 1_000_000
    template: int = 20_000
    output: int = 40_000
    loop: int = 10_000


LIMITS: Final = Limits()
"""The bounds of every run."""

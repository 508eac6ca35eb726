"""Spreadsheets themselves (.xlsx, .ods), by the extra ``sheets``: the same rows a CSV would give, imported when one is named."""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from resellerplan.diagnostics import Finding, Place
from resellerplan.manifest.codes import finding
from resellerplan.manifest.limits import Limits
from resellerplan.manifest.sheet_errors import failed_cells

__all__ = ["Sheet", "read_sheet"]

_PIECE = 1 << 20
_FAILED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells as text (the headings first), and the line of the file each begins in.

    ``typed`` are the columns (from 0) whose cells below the heading are no texts in the spreadsheet: numbers, days, truth values.
    Nothing is to be guessed about their spelling.
    """

    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    typed: frozenset[int] = frozenset()


def read_sheet(
    name: str, data: bytes, kind: str, wanted: str | None, asked: Place, limits: Limits
) -> tuple[Sheet | None, tuple[Finding, ...]]:
    """The cells of a sheet: the one of the name ``wanted``, or the only one, or the first (which is told)."""
    at = Place(name, 1, 1)
    if not _unpacks_within(data, limits.sheet_bytes):
        return None, (
            finding("RP1121", at, f"no .{kind}, damaged, or bigger than {limits.sheet_bytes // 1024 // 1024} MB unpacked"),
        )
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        hint = "pip install 'resellerplan[sheets]', or save the table as CSV"
        return None, (finding("RP1120", asked, f"{name} is a .{kind}", hint=hint),)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
        if wanted is not None and wanted not in names:
            return None, (finding("RP1121", asked, f"no sheet {wanted!r}", hint=f"the sheets are {', '.join(names)}"),)
        if not names:
            return None, (finding("RP1121", at, "no sheet in it"),)
        chosen = wanted or names[0]
        cells = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        return None, (finding("RP1121", at, str(error)[:200]),)
    told: tuple[Finding, ...] = ()
    if wanted is None and len(names) > 1:
        told = (finding("RP1119", at, f"the first of {len(names)} sheets, {names[0]!r}", hint="say `sheet:` beside the file name"),)
    if len(cells) > limits.rows:
        return None, (*told, finding("RP1123", at, f"more than {limits.rows:,} rows"))
    failed = failed_cells(data, kind, chosen)
    told += tuple(
        finding("RP1125", Place(name, line, 1), f"{error} in cell {cell}") for line, cell, error in failed[:_FAILED_SHOWN]
    )
    if len(failed) > _FAILED_SHOWN:
        told += (finding("RP1125", at, f"and {len(failed) - _FAILED_SHOWN:,} further cells"),)
    rows: list[list[str]] = []
    lines = array("L")
    for number, row in enumerate(cells, 1):
        texts = [_text(cell) for cell in row]
        if any(texts):
            rows.append(texts)
            lines.append(number)
    return Sheet(rows, lines, _typed(cells[lines[0] :] if lines else ())), told


def _typed(cells: Sequence[Sequence[Any]]) -> frozenset[int]:
    """Columns that hold something, and no text."""
    width = max(map(len, cells), default=0)
    columns = ([row[number] for row in cells if number < len(row) and row[number] != ""] for number in range(width))
    return frozenset(number for number, held in enumerate(columns) if held and not any(isinstance(cell, str) for cell in held))


def _text(cell: Any) -> str:
    """A cell as a CSV in our spelling would hold it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if math.isfinite(cell) and cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, int | timedelta):
        return str(cell)
    return ""


def _unpacks_within(data: bytes, bound: int) -> bool:
    """Whether the archive is one and unpacks to no more than ``bound`` bytes, whatever its directory says."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            left = bound
            for entry in archive.infolist():
                if entry.compress_type == zipfile.ZIP_STORED:
                    left -= entry.compress_size
                elif entry.compress_type == zipfile.ZIP_DEFLATED:
                    left -= _unpacked(data, entry, left)
                else:
                    return False
                if left < 0:
                    return False
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, IndexError, RuntimeError):
        return False
    return True


def _unpacked(data: bytes, entry: zipfile.ZipInfo, bound: int) -> int:
    """How many bytes an entry unpacks to, counted no further than just beyond ``bound``."""
    header = entry.header_offset
    start = (
        header
        + 30
        + int.from_bytes(data[header + 26 : header + 28], "little")
        + int.from_bytes(data[header + 28 : header + 30], "little")
    )
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    packed = data[start : start + entry.compress_size]
    length = 0
    while packed and length <= bound and not unpacker.eof:
        length += len(unpacker.decompress(packed, _PIECE))
        packed = unpacker.unconsumed_tail
    return length

"""Cells whose formula failed (``#REF!``): the reader of spreadsheets gives nothing for them, or 0, as for cells that hold that.

Read from the sheet's own XML by patterns, without a parser, so that a file that a stranger made can do nothing but not match. In an
.xlsx it is one attribute of one element (ECMA-376 part 1, 18.3.1.4: ``t="e"``); in an .ods a cell with a formula shows the error's
name (OpenDocument 1.3 part 4, 5.12; LibreOffice has its own ``Err:502`` besides).
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from html import unescape
from typing import Final

__all__ = ["failed_cells"]

# Every repetition is bounded, so that no file makes a search of more than one step per byte worth mentioning.
_SHEET: Final = re.compile(rb"<(?:\w{1,20}:)?sheet\b([^>]{0,2000})>")
_RELATION: Final = re.compile(rb"<(?:\w{1,20}:)?Relationship\b([^>]{0,2000})>")
_ATTRIBUTE: Final = re.compile(rb"""([\w:.-]{1,100})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)')""")
_FAILED: Final = re.compile(
    rb"""<(?:\w{1,20}:)?c\b([^>/]{0,200}\bt=["']e["'][^>/]{0,200})>(?:(?!</(?:\w{1,20}:)?c>).){0,9000}?<(?:\w{1,20}:)?v>([^<]{1,20})<""",
    re.DOTALL,
)
_CELL: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})\Z")


_ODS_ERROR: Final = re.compile(rb"<text:p>(#[A-Z0-9/!?]{2,10}|Err:[0-9]{3})</text:p>")
_TABLE: Final = re.compile(rb"<table:table\b([^>]{0,2000})>")
_ODS_PIECE: Final = re.compile(rb"<table:(table-row|table-cell|covered-table-cell)\b([^>]{0,9000})>")


def failed_cells(data: bytes, kind: str, sheet: str) -> list[tuple[int, str, str]]:
    """Row, cell (``C7``) and error of all such cells of a sheet; none where the file is not built as usual.

    ``data`` unpacks to a bounded size: that was looked at before. ``kind`` is ``xlsx`` or ``ods``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if kind == "ods":
                return _of_ods(archive.read("content.xml"), sheet)
            path = _path_of(archive, sheet)
            return _of_xlsx(archive.read(path)) if path is not None else []
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, RuntimeError):
        return []


def _of_xlsx(text: bytes) -> list[tuple[int, str, str]]:
    found = []
    if b'"e"' in text or b"'e'" in text:
        for match in _FAILED.finditer(text):
            cell = _CELL.match(_attributes(match[1]).get("r", ""))
            if cell is not None:
                found.append((int(cell[2]), cell[0], unescape(match[2].decode("utf-8", "replace"))))
    return found


def _path_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The archive's entry that holds a sheet: by its name in the workbook, and the relation it names."""
    listed = (_attributes(match[1]) for match in _SHEET.finditer(archive.read("xl/workbook.xml")))
    relation = next((one.get("id", "") for one in listed if one.get("name") == sheet), None)
    related = (_attributes(match[1]) for match in _RELATION.finditer(archive.read("xl/_rels/workbook.xml.rels")))
    target = next((one.get("Target", "") for one in related if one.get("Id") == relation), None)
    if target is None:
        return None
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _of_ods(text: bytes, sheet: str) -> list[tuple[int, str, str]]:
    if _ODS_ERROR.search(text) is None:
        return []
    begin = next((match.end() for match in _TABLE.finditer(text) if _attributes(match[1]).get("name") == sheet), None)
    if begin is None:
        return []
    end = text.find(b"</table:table>", begin)
    found = []
    row = next_row = column = 0
    for match in _ODS_PIECE.finditer(text, begin, end if end >= 0 else len(text)):
        attributes = match[2]
        if match[1] == b"table-row":
            row, column = next_row + 1, 0
            next_row += _repeated(attributes, "number-rows-repeated")
            continue
        column += 1
        if b"table:formula" in attributes and not attributes.endswith(b"/"):
            close = text.find(b"</table:table-cell>", match.end(), match.end() + 9000)
            shown = _ODS_ERROR.search(text, match.end(), close) if close >= 0 else None
            if shown is not None:
                found.append((row, f"{_letters(column)}{row}", shown[1].decode("ascii")))
        column += _repeated(attributes, "number-columns-repeated") - 1
    return found


def _repeated(attributes: bytes, name: str) -> int:
    """How often a row or cell stands for itself."""
    if name.encode("ascii") not in attributes:
        return 1
    said = _attributes(attributes).get(name, "1")
    return int(said) if said.isdecimal() and len(said) <= 7 and int(said) > 0 else 1


def _letters(column: int) -> str:
    """The name of a column (from 1): ``A``, ``Z``, ``AA``."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _attributes(text: bytes) -> dict[str, str]:
    """Attributes by their name without its prefix (``r:id`` is ``id``)."""
    return {
        name.decode("utf-8", "replace").rpartition(":")[2]: unescape((one or other).decode("utf-8", "replace"))
        for name, one, other in _ATTRIBUTE.findall(text)
    }

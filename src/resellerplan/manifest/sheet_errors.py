"""Cells of an .xlsx whose formula failed (``#REF!``): the reader of spreadsheets gives nothing for them, as for empty ones.

Read from the sheet's own XML by patterns, without a parser: what is looked for is one attribute of one element (ECMA-376 part 1,
18.3.1.4: ``t="e"``), and a file that a stranger made can then do nothing but not match.
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
_ATTRIBUTE: Final = re.compile(rb"""([\w:]{1,100})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)')""")
_FAILED: Final = re.compile(
    rb"""<(?:\w{1,20}:)?c\b([^>/]{0,200}\bt=["']e["'][^>/]{0,200})>(?:(?!</(?:\w{1,20}:)?c>).){0,9000}?<(?:\w{1,20}:)?v>([^<]{1,20})<""",
    re.DOTALL,
)
_CELL: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})\Z")


def failed_cells(data: bytes, sheet: str) -> list[tuple[int, str, str]]:
    """Row, cell (``C7``) and error of all such cells of a sheet; none where the file is not built as usual.

    ``data`` unpacks to a bounded size: that was looked at before.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            path = _path_of(archive, sheet)
            text = archive.read(path) if path is not None else b""
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, NotImplementedError, RuntimeError):
        return []
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


def _attributes(text: bytes) -> dict[str, str]:
    """Attributes by their name without its prefix (``r:id`` is ``id``)."""
    return {
        name.decode("utf-8", "replace").rpartition(":")[2]: unescape((one or other).decode("utf-8", "replace"))
        for name, one, other in _ATTRIBUTE.findall(text)
    }

"""Tables as spreadsheets save them: which encoding, which separator, which decimal mark, and what is ragged.

A German Excel saves ``;``, Windows-1252 and decimal commas; an English one ``,``, UTF-8 with a mark and points; both are read as
they are, and what was taken for granted is told as a note. Where a file could be read in more than one way, the reading that was
taken and the way to settle it are in a Finding, because a customer list that is read in the wrong way makes wrong customers.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from resellerplan.diagnostics import Finding, Note, Place
from resellerplan.manifest.cells import evidence, rewrite
from resellerplan.manifest.codes import finding
from resellerplan.manifest.files import BOM, Files
from resellerplan.manifest.limits import LIMITS, Limits
from resellerplan.manifest.nearest import nearest
from resellerplan.manifest.scalars import CONTROL
from resellerplan.manifest.sheets import Sheet, read_sheet
from resellerplan.manifest.table import Table, TableOptions

__all__ = ["read_csv", "read_table", "separator_of", "text_of_table"]

SEPARATORS: Final = (";", ",", "\t")
_BAR: Final = "|"
"""Databases like to write it; a heading hardly ever holds it. It counts only where none of the three is there, and is told."""
_NAMES: Final = {";": "semicolon", ",": "comma", "\t": "tab"}
_SEP_LINE: Final = re.compile(r'"?sep=(.)"?\Z')
_NO_ENCODINGS: Final = frozenset(["idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7"])
"""Codecs of Python that are no encoding of a file that a person saved."""
_SHOWN = 20
"""Findings about rows that are told one by one; the rest is counted."""
_CHAR_IN_WORD: Final = re.compile(rb"[A-Za-z][\x84\x94][A-Za-z]")
"""Quotation marks of Windows-1252 inside a word are ``ä`` and ``ö`` of DOS (code page 850)."""
_UTF8_PAIR: Final = re.compile(rb"\xc3[\x80-\xbf]|\xe2\x80[\x90-\xbf]|\xe2\x82\xac")
"""Umlauts, dashes and the euro in UTF-8; in Windows-1252 they would be a capital A with a tilde or circumflex before a sign."""


def read_table(
    files: Files, name: str, kind: str, options: TableOptions, asked: Place, limits: Limits = LIMITS
) -> tuple[Table | None, tuple[Finding, ...]]:
    """The table in a file. ``kind`` is ``csv``, ``xlsx`` or ``ods``; ``asked`` is where the manifest names it.

    None where it can't be used at all: then a finding here, or in ``files``, says why.
    """
    data = files.bytes_of(name, asked=asked)
    if data is None:
        return None, ()
    if kind != "csv":
        sheet, trouble = read_sheet(name, data, kind, options.sheet, asked, limits)
        return (None, trouble) if sheet is None else _table(name, sheet, options, limits, trouble)
    text, told = text_of_table(name, data, options.encoding)
    if text is None:
        files.texts[name] = data[:100_000].decode("cp1252", "replace")
        return None, told
    files.texts[name] = text
    return read_csv(name, text, options, limits, told)


def read_csv(
    name: str, text: str, options: TableOptions, limits: Limits = LIMITS, told: tuple[Finding, ...] = ()
) -> tuple[Table | None, tuple[Finding, ...]]:
    """The table in a text. ``told`` are the findings about its encoding; they come first."""
    separator, trouble = separator_of(name, text, options.separator)
    told = (*told, *trouble)
    rows: list[list[str]] = []
    lines = array("L")
    try:
        for line, row in _rows(text, separator, limits):
            rows.append(row)
            lines.append(line)
            if len(rows) > limits.rows:
                return None, (*told, finding("RP1123", Place(name, line, 1), f"more than {limits.rows:,} rows"))
    except _Broken as error:
        return None, (*told, finding(error.code, Place(name, error.line, 1), error.label))
    return _table(name, Sheet(rows, lines), options, limits, told)


class _Broken(Exception):
    """The table can't be read any further."""

    def __init__(self, code: str, line: int, label: str) -> None:
        super().__init__(label)
        self.code, self.line, self.label = code, line, label


# -- the text ----------------------------------------------------------------------------------------------------------------------


def text_of_table(name: str, data: bytes, encoding: str | None) -> tuple[str | None, tuple[Finding, ...]]:
    """The text of a table's bytes: UTF-8 where it is that, else Windows-1252, else a finding."""
    at = Place(name, 1, 1)
    if encoding is not None:
        return _as_said(name, data, encoding)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        hint = "save the table as CSV UTF-8, or say `encoding: utf-16` beside the file name"
        return None, (finding("RP1115", at, "UTF-16, by its byte-order mark", hint=hint),)
    if (nul := data.find(b"\0")) >= 0:
        return None, (finding("RP1020", _at(name, data, nul), "a NUL byte"),)
    if data.startswith(BOM):
        try:
            return data[len(BOM) :].decode("utf-8"), ()
        except UnicodeDecodeError as error:
            return None, (finding("RP1115", _at(name, data, error.start), "the mark says UTF-8, but this is not"),)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        broken = _at(name, data, error.start)
    hint = "save the table as CSV UTF-8, or say `encoding:` beside the file name"
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        label = f"neither UTF-8 nor Windows-1252: the byte 0x{data[error.start]:02X}"
        return None, (finding("RP1115", _at(name, data, error.start), label, hint=hint),)
    mixed = _UTF8_PAIR.search(data)
    if mixed is not None:
        label = "partly UTF-8 and partly Windows-1252; it was not read"
        notes = (Note("this is UTF-8", _at(name, data, mixed.start())),)
        return None, (finding("RP1115", broken, label, notes=notes, hint=hint),)
    if (dos := _CHAR_IN_WORD.search(data)) is not None:
        label = "read as Windows-1252, but it may come from DOS (code page 850)"
        return text, (finding("RP1115", _at(name, data, dos.start() + 1), label, hint=hint),)
    return text, (finding("RP1119", at, "read as Windows-1252, because it is not UTF-8", hint=hint),)


def _as_said(name: str, data: bytes, encoding: str) -> tuple[str | None, tuple[Finding, ...]]:
    """The text in the encoding that the manifest names."""
    at = Place(name, 1, 1)
    try:
        known = codecs.lookup(encoding).name.replace("_", "-")
        text = data.removeprefix(BOM).decode(encoding) if known not in _NO_ENCODINGS else None
    except LookupError:
        text = None
    except UnicodeError:
        return None, (finding("RP1115", at, f"it is not {encoding}"),)
    if text is None:
        hint = "utf-8, windows-1252, iso-8859-15, cp850 or utf-16, say"
        return None, (finding("RP1115", at, f"there is no encoding {encoding!r}", hint=hint),)
    if (nul := text.find("\0")) >= 0:
        start = text.rfind("\n", 0, nul) + 1
        return None, (finding("RP1020", Place(name, text.count("\n", 0, nul) + 1, nul - start + 1), "a NUL character"),)
    return text.removeprefix("\ufeff"), ()


def _at(name: str, data: bytes, offset: int) -> Place:
    start = max(data.rfind(b"\n", 0, offset), data.rfind(b"\r", 0, offset)) + 1
    before = data[:start]
    line = before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n") + 1
    return Place(name, line, offset - start + 1)


def separator_of(name: str, text: str, wanted: str | None) -> tuple[str, tuple[Finding, ...]]:
    """What separates the cells, told from the first row: it holds names, and names hold none of the three as a rule."""
    if wanted is not None:
        return wanted, ()
    head = text[: text.find("\n")] if "\n" in text else text
    head = head.rstrip("\r")
    said = _SEP_LINE.match(head)
    if said is not None:
        return said[1], ()
    counts = {mark: len(_header(text, mark)) for mark in SEPARATORS}
    candidates = [mark for mark in SEPARATORS if counts[mark] > 1]
    place = Place(name, 1, 1)
    if not candidates:
        width = len(_header(text, _BAR))
        if width > 1 and _fits(text, _BAR, width):
            hint = f'say `separator: "{_BAR}"` beside the file name, if that is right'
            return _BAR, (finding("RP1114", place, "read with |, because nothing else separates the headings", hint=hint),)
        return ",", ()
    best = candidates[0]
    if len(candidates) > 1:
        fitting = [mark for mark in candidates if _fits(text, mark, counts[mark])]
        best = max(fitting or candidates, key=lambda mark: counts[mark])
        if len(fitting) != 1:
            label = f"read with {_NAMES[best]}; {' and '.join(_NAMES[mark] for mark in candidates)} are possible"
            mark = "\\t" if best == "\t" else best
            hint = f'say `separator: "{mark}"` beside the file name, if that is right'
            return best, (finding("RP1114", place, label, hint=hint),)
    return best, (finding("RP1119", place, f"cells are separated by {_NAMES[best]}"),)


def _header(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=separator), [])
    except csv.Error:
        return []


def _fits(text: str, separator: str, width: int) -> bool:
    """Whether the first rows have as many cells as the first."""
    sample = text[:100_000]
    if len(text) > len(sample):
        sample = sample[: sample.rfind("\n") + 1]
    try:
        rows = [row for row, _ in zip(csv.reader(io.StringIO(sample, newline=""), delimiter=separator), range(200), strict=False)]
    except csv.Error:
        return False
    return all(len(row) == width for row in rows if row)


def _rows(text: str, separator: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line they begin in; empty lines, and Excel's ``sep=`` line, left out."""
    # The csv module's own limit is one for the whole process and below ours only by accident; the size of a file bounds a cell.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            if "field larger" in str(error):
                raise _Broken("RP1123", line, "a cell of more than 131,072 characters") from None
            label = "it begins in this row" if "unexpected end" in str(error) else "text stands behind the closing quote"
            raise _Broken("RP1122", line, label) from None
        if row is None:
            return
        if row and any(row) and not (line == 1 and len(row) <= 2 and _SEP_LINE.match(separator.join(row).strip('"'))):
            yield line, row
        line = reader.line_num + 1


# -- the table ---------------------------------------------------------------------------------------------------------------------


def _table(
    name: str, sheet: Sheet, options: TableOptions, limits: Limits, told: tuple[Finding, ...]
) -> tuple[Table | None, tuple[Finding, ...]]:
    """Headings, columns and rows of what was read."""
    if not sheet.rows:
        return None, (*told, finding("RP1118", Place(name, 1, 1), "it is empty"))
    head = [heading.strip() for heading in sheet.rows[0]]
    body, lines = sheet.rows[1:], sheet.lines[1:]
    while head and not head[-1] and not any(len(row) >= len(head) and row[len(head) - 1].strip() for row in body):
        head.pop()
    if len(head) > limits.columns:
        return None, (*told, finding("RP1123", Place(name, sheet.lines[0], 1), f"{len(head):,} columns"))
    place = Place(name, sheet.lines[0], 1)
    findings = [*told, *_headings(head, place)]
    names, trouble = _named(head, options, place)
    findings += trouble
    if len(findings) > len(told):
        return None, tuple(findings)
    findings += _ragged(name, body, lines, len(head))
    if any(entry.code == "RP1112" for entry in findings):
        return None, tuple(findings)
    columns = _columns(body, len(head))
    for number, column in enumerate(columns):
        findings += _bad_cells(name, names[number], column, lines, limits)
    shown = _in_our_spelling(name, names, columns, lines, options, sheet.typed)
    rows = [dict(zip(names, cells, strict=True)) for cells in zip(*shown.columns, strict=True)]
    table = Table(file=name, names=tuple(names), rows=rows, lines=lines, doubts=MappingProxyType(shown.doubts))
    return table, (*findings, *shown.notes)


def _headings(head: Sequence[str], place: Place) -> Iterator[Finding]:
    if not all(head):
        yield finding("RP1118", place, f"column {list(head).index('') + 1} has none")
    seen: dict[str, int] = {}
    for number, heading in enumerate(head):
        first = seen.setdefault(heading.casefold(), number)
        if heading and first != number:
            yield finding("RP1113", place, f"{heading!r} is the heading of columns {first + 1} and {number + 1}")


def _named(head: Sequence[str], options: TableOptions, place: Place) -> tuple[list[str], list[Finding]]:
    """The columns' names: ours where ``columns:`` gives them."""
    names, findings = list(head), []
    for ours, theirs in options.columns.items():
        number = next((at for at, heading in enumerate(head) if heading == theirs), None)
        if number is None:
            number = next((at for at, heading in enumerate(head) if heading.casefold() == theirs.strip().casefold()), None)
        if number is None:
            close = nearest(theirs, head)
            hint = f'did you mean "{close}"?' if close else f"the headings are {', '.join(head[:20])}"
            findings.append(finding("RP1117", place, f"there is no {theirs!r}", hint=hint))
        else:
            names[number] = ours
    doubled = {name for name in names if names.count(name) > 1}
    if doubled and not findings and names != list(head):
        findings.append(finding("RP1113", place, f"{sorted(doubled)[0]!r} by `columns:`, and a heading of that name"))
    return names, findings


def _ragged(name: str, body: Sequence[Sequence[str]], lines: Sequence[int], width: int) -> Iterator[Finding]:
    told = 0
    for row, line in zip(body, lines, strict=True):
        if len(row) == width or (len(row) > width and not any(cell.strip() for cell in row[width:])):
            continue
        told += 1
        if told <= _SHOWN:
            yield finding("RP1112", Place(name, line, 1), f"{len(row)} cells under {width} headings")
    if told > _SHOWN:
        yield finding("RP1112", Place(name, 1, 1), f"and {told - _SHOWN:,} further rows")


def _columns(body: Sequence[Sequence[str]], width: int) -> list[Sequence[str]]:
    """The cells by column, without blanks around them."""
    if not body:
        return [()] * width
    return [[cell.strip().replace("\r\n", "\n") for cell in column] for column in list(zip(*body, strict=False))[:width]]


def _bad_cells(name: str, heading: str, column: Sequence[str], lines: Sequence[int], limits: Limits) -> Iterator[Finding]:
    if CONTROL.search("".join(column)) is None and max(map(len, column), default=0) <= limits.cell:
        return
    for row, cell in enumerate(column):
        if (control := CONTROL.search(cell)) is not None:
            yield finding("RP1016", Place(name, lines[row], 1), f"U+{ord(control[0]):04X} in column {heading!r}")
            return
        if len(cell) > limits.cell:
            yield finding("RP1123", Place(name, lines[row], 1), f"a cell of {len(cell):,} characters in column {heading!r}")
            return


@dataclass(frozen=True, slots=True)
class _Spelled:
    columns: list[Sequence[str]]
    doubts: dict[str, Finding]
    notes: list[Finding]


def _in_our_spelling(
    name: str,
    names: Sequence[str],
    columns: Sequence[Sequence[str]],
    lines: Sequence[int],
    options: TableOptions,
    typed: frozenset[int],
) -> _Spelled:
    """Decimals and days as YAML writes them, column by column; those that are ``typed`` are spelled so already."""
    told: set[str] = set()
    if options.decimal is None:
        for number, column in enumerate(columns):
            told |= evidence(column) if number not in typed else set()
    made: list[Sequence[str]] = []
    doubts: dict[str, Finding] = {}
    changed: list[str] = []
    for number, (heading, column) in enumerate(zip(names, columns, strict=True)):
        cells, doubt = rewrite(column, options.decimal, told) if number not in typed else (column, None)
        made.append(cells)
        if doubt is not None:
            label = f"{doubt.cell!r} in column {heading!r}"
            doubts[heading] = finding(doubt.code, Place(name, lines[doubt.row], 1), label, hint=doubt.hint)
        elif cells is not column and list(cells) != list(column):
            changed.append(heading)
    notes = []
    if changed:
        label = f"numbers and days rewritten in {', '.join(repr(heading) for heading in changed)}"
        hint = "" if options.decimal is not None else 'say `decimal:` ("," or ".") beside the file name to be sure'
        notes.append(finding("RP1119", Place(name, 1, 1), label, hint=hint))
    return _Spelled(made, doubts, notes)

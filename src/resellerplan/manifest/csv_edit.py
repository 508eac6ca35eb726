"""Rows of a person's CSV put in and taken out: separator, quoting, encoding, mark and line ends stay as they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resellerplan.diagnostics import Place
from resellerplan.manifest.cells import as_written_there
from resellerplan.manifest.edit import EditRefused, Splice, line_end_of
from resellerplan.manifest.files import BOM
from resellerplan.manifest.table import Table, TableOptions
from resellerplan.manifest.tables import read_csv, separator_of, text_of_table

_SOME_DAY = "2000-01-01"

__all__ = ["CsvFile", "begin_csv", "read_csv_file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvFile:
    """A CSV as it lies on the disk: its text and how it is written. ``table`` is what it says."""

    name: str
    text: str
    encoding: str
    marked: bool
    separator: str
    table: Table
    data: bytes
    options: TableOptions

    def again(self, data: bytes) -> CsvFile:
        """The same file with other bytes. Raises EditRefused where they can't be read."""
        return read_csv_file(self.name, data, self.options)

    def encoded(self, text: str) -> bytes:
        """A text of this file as bytes. Raises EditRefused for a character its encoding lacks."""
        try:
            return (BOM if self.marked else b"") + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            lacking = text[error.start]
            raise EditRefused(
                f"the file is {self.encoding}, which has no {lacking!r}",
                Place(self.name, 1, 1),
                "save the table as CSV UTF-8 first",
            ) from None

    def append(self, cells: Mapping[str, str]) -> Splice:
        """A row behind the last one, with ``cells`` by the table's names; other cells stay empty."""
        above = self._last_row()
        row = [cells.get(name, "") for name in self.table.names]
        row = [as_written_there(cell, neighbour) for cell, neighbour in zip(row, above, strict=False)] + row[len(above) :]
        row += [""] * (self._width - len(row))
        line = self._line(row)
        end = line_end_of(self.text)
        body = self.text
        if body.endswith(("\n", "\r")) or not body:
            return Splice(len(body), len(body), line + end)
        return Splice(len(body), len(body), end + line)

    def without(self, rows: Sequence[int]) -> tuple[Splice, ...]:
        """The rows (from 0) taken out, each with its line end."""
        starts = _line_starts(self.text)
        splices = []
        for row in sorted(rows):
            begin = starts[self.table.lines[row] - 1]
            last = self._last_line(self.table.lines[row])
            splices.append(Splice(begin, starts[last] if last < len(starts) else len(self.text), ""))
        return tuple(splices)

    def replaced(self, row: int, cells: Mapping[str, str]) -> Splice:
        """A row (from 0) with ``cells`` by the table's names in the place of what it has; its other cells stay."""
        starts = _line_starts(self.text)
        begin, last = starts[self.table.lines[row] - 1], self._last_line(self.table.lines[row])
        end = starts[last] if last < len(starts) else len(self.text)
        written = next(csv.reader(io.StringIO(self.text[begin:end], newline=""), delimiter=self.separator))
        written += [""] * (self._width - len(written))
        days = next((cell for cell in written if as_written_there(_SOME_DAY, cell) != _SOME_DAY), "")
        for name, cell in cells.items():
            written[self.table.names.index(name)] = as_written_there(cell, days)
        line = self.text[begin:end]
        return Splice(begin, end, self._line(written) + line[len(line.rstrip("\r\n")) :])

    @property
    def _width(self) -> int:
        """How many cells a row has in the file, columns without a heading at the end included."""
        return len(next(csv.reader(io.StringIO(self._first_row(), newline=""), delimiter=self.separator), []))

    def _last_row(self) -> list[str]:
        """The cells of the last row as they stand in the file."""
        if not self.table.lines:
            return []
        text = self.text[_line_starts(self.text)[self.table.lines[-1] - 1] :]
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=self.separator), [])

    def _first_row(self) -> str:
        first = self.text.split("\n", 1)
        return first[1] if first[0].strip('"\r').startswith("sep=") and len(first) > 1 else self.text

    def _last_line(self, line: int) -> int:
        """The line (from 1) that a row beginning in ``line`` ends in."""
        starts = _line_starts(self.text)
        reader = csv.reader(io.StringIO(self.text[starts[line - 1] :], newline=""), delimiter=self.separator)
        next(reader, None)
        return line - 1 + reader.line_num

    def _line(self, row: Sequence[str]) -> str:
        """A row as the hand that wrote the last one would write it: every cell in quotes, or those that need it."""
        starts = _line_starts(self.text)
        lines = [*self.table.lines]
        sample = self.text[starts[lines[-1] - 1] :] if lines else self._first_row()
        quoted = sample.startswith('"') and f'"{self.separator}"' in sample.split("\n", 1)[0]
        out = io.StringIO(newline="")
        csv.writer(
            out, delimiter=self.separator, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL, lineterminator=""
        ).writerow(row)
        return out.getvalue()


def read_csv_file(name: str, data: bytes, options: TableOptions) -> CsvFile:
    """A CSV that is to be edited. Raises EditRefused where it can't be read without doubt."""
    text, findings = text_of_table(name, data, options.encoding)
    wrong = next((one for one in findings if one.severity == "error"), None)
    if text is None or wrong is not None:
        raise EditRefused(wrong.label if wrong else "it can't be read", wrong.place if wrong else None, wrong.hint if wrong else "")
    separator, _ = separator_of(name, text, options.separator)
    table, findings = read_csv(name, text, options)
    wrong = next((one for one in findings if one.severity == "error"), None)
    if table is None or wrong is not None:
        label = f"{wrong.summary}: {wrong.label}" if wrong else "it can't be read"
        raise EditRefused(label, wrong.place if wrong else None, wrong.hint if wrong else "")
    marked = data.startswith(BOM)
    encoding = options.encoding or "utf-8"
    if options.encoding is None:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            encoding = "windows-1252"
    return CsvFile(
        name=name, text=text, encoding=encoding, marked=marked, separator=separator, table=table, data=data, options=options
    )


def begin_csv(names: Sequence[str], rows: Sequence[Sequence[str]], line_end: str = "\n") -> str:
    """The text of a new table."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator=line_end)
    writer.writerow(names)
    writer.writerows(rows)
    return out.getvalue()


def _line_starts(text: str) -> list[int]:
    starts, at = [], 0
    for line in io.StringIO(text, newline=""):
        starts.append(at)
        at += len(line)
    return starts

"""Lines cut from the user's files, with what is meant in them marked: safe to show, and quick for many findings in a big file."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from resellerplan.diagnostics import Place, Sources
from resellerplan.neutralise import escape_invisible

__all__ = ["Excerpt", "Excerpts", "display_width"]

_LINE_END = re.compile("\r\n|\n|\r")
_WIDTH = 76
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One line, harmless: the text before what is meant, what is meant, the text behind it. Cut to fit a terminal."""

    before: str
    marked: str
    behind: str

    @property
    def line(self) -> str:
        """The whole line."""
        return self.before + self.marked + self.behind


class Excerpts:
    """Cuts excerpts; splits each text once, however many findings there are in it."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._lines: dict[str, list[str]] = {}
        self._bytes: dict[str, Sequence[int]] = {}

    def raw_line(self, place: Place) -> str | None:
        """The line as it is; None where the text is not held or has no such line."""
        text = self._sources.texts.get(place.file)
        if text is None:
            return None
        lines = self._lines.get(place.file)
        if lines is None:
            lines = self._lines[place.file] = _LINE_END.split(text) if "\r" in text else text.split("\n")
        return self._without_secrets(lines[place.line - 1]) if 0 < place.line <= len(lines) else None

    def _without_secrets(self, line: str) -> str:
        """The line with every password in it as dots: as many, so that columns stay where they are."""
        for secret in self._sources.secrets:
            if secret in line:
                line = line.replace(secret, "•" * len(secret))
        return line

    def cut(self, place: Place) -> Excerpt | None:
        """The line a place points at, with what it points at; None where there is no text to show."""
        line = self.raw_line(place)
        if line is None:
            return None
        start = min(place.column - 1, len(line))
        end = place.end_column - 1 if place.end_line == place.line else len(line) if place.end_line > place.line else start + 1
        end = max(start, min(end, len(line)))
        return _fitted(line.replace("\t", " "), start, end)

    def byte_offset(self, place: Place) -> int:
        """How many bytes of UTF-8 stand before a place in its text; 0 where the text is not held."""
        if self.raw_line(place) is None:
            return 0
        line = self._lines[place.file][place.line - 1]
        starts = self._bytes.get(place.file)
        if starts is None:
            starts = self._bytes[place.file] = _byte_starts(self._sources.texts[place.file], self._lines[place.file])
        return starts[place.line - 1] + len(line[: place.column - 1].encode("utf-8", "replace"))


def _byte_starts(text: str, lines: Sequence[str]) -> Sequence[int]:
    """How many bytes of UTF-8 stand before each line of a text."""
    if "\r" in text:
        ends = [len(match[0]) for match in _LINE_END.finditer(text)]
        lengths: Iterator[int] = (len(line.encode("utf-8", "replace")) + end for line, end in zip(lines, [*ends, 0], strict=True))
    else:  # the usual case without a step of ours per line: a file may have a hundred thousand, and one finding
        lengths = map((1).__add__, map(len, text.encode("utf-8", "replace").split(b"\n")))
    return array("Q", accumulate(lengths, initial=0))


def _fitted(line: str, start: int, end: int) -> Excerpt:
    """The part of a line that fits, with the marked text near its middle."""
    marked = line[start:end] if end - start <= _WIDTH else line[start : start + _WIDTH - 1] + _CUT
    room = max(_WIDTH - len(marked), 0)
    before, behind = line[:start], line[end:]
    if len(before) + len(behind) > room:
        left = max(room - min(len(behind), room // 2), 0)
        if len(before) > left:
            before = _CUT + before[len(before) - max(left - 1, 0) :] if left else ""
        right = max(room - len(before), 0)
        if len(behind) > right:
            behind = behind[: max(right - 1, 0)] + _CUT if right else ""
    return Excerpt(escape_invisible(before), escape_invisible(marked), escape_invisible(behind.rstrip()))


def display_width(text: str) -> int:
    """How many columns of a terminal a text takes: wide letters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)

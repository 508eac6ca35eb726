"""Edits of a person's file: pieces of its text are replaced at the parser's marks, and every other byte stays as it is.

A `Splice` says what goes where; `spliced` carries splices out. The functions here find the places: behind the last entry of a list,
in the hand of those who wrote the entries before (block or flow, their indentation, their line ends, their blank lines). What was
made is read back before anybody writes it: data before + the edit = data after, or the edit is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from resellerplan.diagnostics import Place
from resellerplan.manifest.document import Document
from resellerplan.manifest.marks import Path
from resellerplan.manifest.parsing import parse
from resellerplan.manifest.yaml_text import flow_text, value_text

__all__ = [
    "EditRefused",
    "Splice",
    "add_entry",
    "add_key",
    "behind_line",
    "block_lines",
    "column_of",
    "dash_of",
    "is_flow",
    "line_end_of",
    "spliced",
    "verified",
    "with_value",
]

_LINE_END: Final = re.compile("\r\n|\n|\r")
_KEEPS: Final = re.compile(r"(?:[&!][^\s]*\s+)*[|>][0-9]?\+")
_VERIFIED_WHOLE: Final = 500_000
"""Characters up to which a file is read again as a whole after an edit; beyond, the lines around it are."""


class EditRefused(Exception):
    """The edit can't be made safely; ``label`` says why, ``place`` where."""

    def __init__(self, label: str, place: Place | None = None, hint: str = "") -> None:
        super().__init__(label)
        self.label: Final = label
        self.place: Final = place
        self.hint: Final = hint


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """The text from ``start`` up to ``end`` (offsets in characters) becomes ``text``."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with all splices carried out. They must not overlap."""
    pieces: list[str] = []
    at = 0
    for splice in sorted(splices):
        if splice.start < at:
            raise ValueError("splices overlap")
        pieces += [text[at : splice.start], splice.text]
        at = splice.end
    pieces.append(text[at:])
    return "".join(pieces)


def line_end_of(text: str) -> str:
    """How lines end in a text: as its first one does."""
    found = _LINE_END.search(text)
    return found[0] if found is not None else "\n"


def add_entry(document: Document, path: Path, entry: Mapping[str, object]) -> tuple[Splice, ...]:
    """Splices that put an entry behind the last one of the list at ``path`` (in the written data).

    A list that is not there, is empty or null is begun. Raises EditRefused where the text is written in a way that leaves no safe
    place.
    """
    written = document.marks.data
    key_number, number, walked = document.marks.find(path)
    if walked == len(path):
        held = _held(written, path)
        if number in document.marks.aliases:
            raise EditRefused("the list is an alias: it stands somewhere else", document.span(number))
        if isinstance(held, list) and held:
            return (_behind_last(document, number, held, entry),)
        if held is None or held == []:
            return _begun(document, key_number, number, entry)
        raise EditRefused("this is no list", document.span(number))
    if walked == len(path) - 1 and isinstance(path[-1], str) and isinstance(_held(written, path[:-1]), dict):
        return (_new_key(document, number, path, entry),)
    raise EditRefused("there is no such place in this file", document.span(number))


def _held(data: object, path: Path) -> object:
    for step in path:
        if isinstance(data, dict) and isinstance(step, str):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data):
            data = data[step]
        else:
            return None
    return data


# -- behind the last entry ---------------------------------------------------------------------------------------------------------


def _behind_last(document: Document, number: int, held: Sequence[object], entry: Mapping[str, object]) -> Splice:
    marks, text = document.marks, document.lines.text
    entries = marks.entries_of(number)
    last = entries[-1]
    if is_flow(document, number):
        return _into_flow(document, number, last, entry)
    dash = dash_of(document, number, len(entries) - 1)
    column = column_of(text, dash)
    style = _entry_style(document, last, held[-1], column)
    lines = ["- " + flow_text(entry)] if style is None else block_lines(entry, style - column)
    at, lead = behind_line(document, last, column)
    end = line_end_of(text)
    blank = _blank_between(document, number)
    return _lines_at(text, at, lead, ([""] if blank else []) + [" " * column + line for line in lines], end)


def is_flow(document: Document, number: int) -> bool:
    """Whether a collection is written in brackets (an anchor or tag may stand before them)."""
    start, end = document.marks.starts[number], document.marks.ends[number]
    return document.lines.text[end - 1 : end] in ("]", "}") and _first_sign(document.lines.text, start) in ("[", "{")


def _first_sign(text: str, at: int) -> str:
    """The first character of a node behind its anchor and tag."""
    match = re.compile(r"(?:[&!][^\s]*\s+)*").match(text, at)
    at = match.end() if match is not None else at
    return text[at : at + 1]


def dash_of(document: Document, number: int, index: int) -> int:
    """The offset of the dash of a block sequence's entry."""
    marks, text = document.marks, document.lines.text
    entries = marks.entries_of(number)
    start = marks.starts[entries[index]]
    begin = marks.starts[number] if index == 0 else marks.ends[entries[index - 1]]
    between = text[begin:start]
    if index == 0 and between.startswith("-"):
        return begin
    found = [match.end() - 1 for match in re.finditer(r"(?:^|\n|\r)[ \t]*-(?=\s|$)", between)]
    if not found:
        raise EditRefused("the dash of this entry was not found", document.span(entries[index]))
    return begin + found[-1]


def column_of(text: str, at: int) -> int:
    """How many characters stand before an offset in its line."""
    return at - (max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1)


def _entry_style(document: Document, entry: int, held: object, dash: int) -> int | None:
    """The column of the keys of a block entry; None where entries are written in braces."""
    if not isinstance(held, dict) or entry in document.marks.aliases:
        return dash + 2
    if is_flow(document, entry):
        return None
    first = document.marks.starts[entry + 1]
    column = column_of(document.lines.text, first)
    return column if column > dash + 1 else dash + 2


def block_lines(entry: Mapping[str, object], indent: int) -> list[str]:
    """An entry as lines, to stand at the dash's column; keys ``indent`` to the right of it."""
    lines = [f"{key}: {value_text(value)}".rstrip() for key, value in entry.items()]
    return ["-" + " " * (indent - 1) + lines[0], *(" " * indent + line for line in lines[1:])]


def behind_line(document: Document, number: int, column: int) -> tuple[int, bool]:
    """Where lines can be put in behind a node: the offset, and whether the line before it still needs its end.

    Comments below the node that are indented deeper than ``column`` are the node's own and stay with it.
    """
    text, marks = document.lines.text, document.marks
    at = marks.ends[number]
    if at > marks.starts[number] and text[at - 1] in "\r\n":
        # A block text: blank lines below it are not its own, unless it keeps them.
        if _KEEPS.match(text, marks.starts[marks.skips[number] - 1]) is None:
            body = len(text[:at].rstrip(" \t\r\n"))
            found = _LINE_END.search(text, body)
            at = found.end() if found is not None else len(text)
    else:
        found = _LINE_END.search(text, at)
        if found is None:
            return len(text), True
        at = found.end()
    own = re.compile(rf"[ ]{{{column + 1},}}#[^\r\n]*(?:\r\n|\n|\r|$)")
    while (match := own.match(text, at)) is not None and match.end() > at:
        at = match.end()
    return at, at == len(text) and not text.endswith(("\n", "\r"))


def _blank_between(document: Document, number: int) -> bool:
    """Whether the last two entries have a blank line between them."""
    entries = document.marks.entries_of(number)
    if len(entries) < 2:
        return False
    before = document.marks.ends[entries[-2]]
    between = document.lines.text[max(0, before - 1) : dash_of(document, number, len(entries) - 1)]
    return re.search(r"(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)", between) is not None


def _lines_at(text: str, at: int, lead: bool, lines: Sequence[str], end: str) -> Splice:
    """Whole lines at an offset. Where the file has no final line end, it keeps none."""
    block = end.join(lines)
    if lead:
        return Splice(at, at, end + block)
    return Splice(at, at, block + end)


def _into_flow(document: Document, number: int, last: int, entry: Mapping[str, object]) -> Splice:
    """Behind the last entry of ``[a, b]``, before a comma that may stand behind it."""
    at = document.marks.ends[last]
    text = document.lines.text
    start = document.marks.starts[last]
    line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    if text[line:start].strip() == "" and line > document.marks.starts[number]:
        return Splice(at, at, "," + line_end_of(text) + text[line:start] + flow_text(entry))
    return Splice(at, at, ", " + flow_text(entry))


# -- a list that is begun ----------------------------------------------------------------------------------------------------------


def _begun(document: Document, key: int | None, number: int, entry: Mapping[str, object]) -> tuple[Splice, ...]:
    """``customers:`` and ``customers: []`` get their first entry below."""
    marks, text = document.marks, document.lines.text
    if key is None:
        raise EditRefused("the list has no key of its own", document.span(number))
    start, end = marks.starts[number], marks.ends[number]
    if _inside_flow(document, key):
        return (Splice(start, end, ("" if text[start - 1 : start] in " \n" else " ") + f"[{flow_text(entry)}]"),)
    if re.match(r"[&!]", text[start : start + 1]):
        raise EditRefused("an empty list with an anchor or a tag", document.span(number))
    column = column_of(text, marks.starts[key])
    dash = " " * (column + 2)
    lines = [dash + line for line in block_lines(entry, 2)]
    at, lead = behind_line(document, number, column)
    splices = [_lines_at(text, at, lead, lines, line_end_of(text))]
    if end > start:
        blanks = len(text[:start]) - len(text[:start].rstrip(" \t"))
        splices.append(Splice(start - blanks, end, ""))
    return tuple(splices)


def _inside_flow(document: Document, number: int) -> bool:
    """Whether a node stands inside braces or brackets."""
    marks = document.marks
    above = 0
    while True:
        if marks.skips[above] > above + 1 and is_flow(document, above):
            return True
        child = above + 1
        while child < marks.skips[above] and marks.skips[child] <= number:
            child = marks.skips[child]
        if child >= marks.skips[above] or child == number or marks.skips[child] <= child + 1:
            return False
        above = child


def _new_key(document: Document, number: int, path: Path, entry: Mapping[str, object]) -> Splice:
    """A key that is not there yet, with its list, behind the last key of its mapping."""
    marks, text = document.marks, document.lines.text
    key = str(path[-1])
    end = line_end_of(text)
    if number in marks.aliases:
        raise EditRefused("the mapping is an alias: it stands somewhere else", document.span(number))
    if is_flow(document, number):
        inner = text[: marks.ends[number] - 1].rstrip()
        comma = "" if inner.endswith(("{", ",")) else ","
        at = len(inner)
        return Splice(
            at, at, f"{comma} {key}: [{flow_text(entry)}]" if comma or inner.endswith(",") else f"{key}: [{flow_text(entry)}]"
        )
    first = number + 1
    if first >= marks.skips[number]:
        raise EditRefused("an empty mapping", document.span(number))
    column = column_of(text, marks.starts[first])
    indent = " " * column
    lines = [f"{indent}{key}:", *(f"{indent}  {line}" for line in block_lines(entry, 2))]
    if len(path) == 1 and not re.search(r"^(?:\.\.\.|---)", text[marks.ends[number] :], re.MULTILINE):
        at, lead = len(text), not text.endswith(("\n", "\r"))
        blank = [""] if re.search(r"(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)", text) else []
        return _lines_at(text, at, lead, blank + lines, end)
    at, lead = behind_line(document, number, column)
    return _lines_at(text, at, lead, lines, end)


def add_key(document: Document, key: str, value: Mapping[str, object]) -> Splice:
    """A key of the manifest itself that is not there yet, with a mapping in braces, behind the last one."""
    marks, text = document.marks, document.lines.text
    if not isinstance(marks.data, dict) or not marks.data:
        raise EditRefused("the file is no mapping", document.span(0))
    if is_flow(document, 0):
        at = len(text[: marks.ends[0] - 1].rstrip())
        return Splice(at, at, f", {key}: {flow_text(value)}")
    line = " " * column_of(text, marks.starts[1]) + f"{key}: {flow_text(value)}"
    at, lead = behind_line(document, 0, column_of(text, marks.starts[1]))
    return _lines_at(text, at, lead, [line], line_end_of(text))


# -- reading back ------------------------------------------------------------------------------------------------------------------


def verified(document: Document, splices: Sequence[Splice], expected: object, path: Path) -> str:
    """The text after the splices, read back: its data must be ``expected`` at ``path`` and unchanged everywhere else.

    A long file is read back around the edit only: the lines of the list's last entry and those that were put in. Raises
    EditRefused.
    """
    text = spliced(document.lines.text, splices)
    if len(text) > _VERIFIED_WHOLE and (window := _window(document, splices, expected, path)) is not None:
        found, wanted = window
        if found == wanted:
            return text
    after, findings = parse(document.file, text)
    if after is None or findings:
        raise EditRefused("the file would not be valid YAML any more", findings[0].place if findings else None)
    if after.data != with_value(document.marks.data, path, expected):
        raise EditRefused("the file would not say what is meant", document.place_of(path))
    return text


def _window(document: Document, splices: Sequence[Splice], expected: object, path: Path) -> tuple[object, object] | None:
    """What the lines around an edit say, and what they should say; None where the edit is no plain addition to a block list."""
    _, number, walked = document.marks.find(path)
    held = _held(document.marks.data, path)
    if walked < len(path) or len(splices) != 1 or not isinstance(held, list) or not held or not isinstance(expected, list):
        return None
    if splices[0].start != splices[0].end or is_flow(document, number) or document.marks.aliases:
        return None
    dash = dash_of(document, number, len(held) - 1)
    text = document.lines.text
    line = dash - column_of(text, dash)
    made, findings = parse("", text[line : splices[0].start] + splices[0].text)
    return None if made is None or findings else (made.data, expected[len(held) - 1 :])


def with_value(data: object, path: Path, value: object) -> object:
    """A copy of the data with another value at ``path``; a key that is not there comes last."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(data, dict) and isinstance(step, str):
        return {**data, step: with_value(data.get(step), rest, value)}
    if isinstance(data, list) and isinstance(step, int):
        return [with_value(entry, rest, value) if number == step else entry for number, entry in enumerate(data)]
    raise ValueError(f"no such place: {path!r}")

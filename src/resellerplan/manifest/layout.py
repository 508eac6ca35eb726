"""``fmt``: the canonical order and style of a manifest, by splices, with comments, anchors, quotes and blank lines kept.

Four steps, each small enough to be seen through: no blanks at line ends and one line end at the end of the file; two blanks of
indentation a level; the keys of the manifest and of its objects in the order of the documentation; quotes around digits that are
text. After each step the text is read again: a step that would change what the file says is left out, for that file and that step
alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from resellerplan.manifest.document import Document
from resellerplan.manifest.edit import EditRefused, Splice, behind_line, column_of, dash_of, is_flow, line_end_of, spliced
from resellerplan.manifest.parsing import parse

__all__ = ["KeyOrder", "canonical"]

_TRAILING: Final = re.compile(r"[ \t]+(?=\r\n|\n|\r|\Z)")
_TEXT_DIGITS: Final = re.compile(r"(?:\+|0)[0-9]+\Z")
_ROUNDS: Final = 5
"""A step may make room for an earlier one; after the second round nothing is left to do as a rule."""
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")


@dataclass(frozen=True, slots=True)
class KeyOrder:
    """The canonical order of keys: of the manifest itself, and of the objects of each list. Others come last, as they stand."""

    manifest: Sequence[str]
    objects: Mapping[str, Sequence[str]]


def canonical(document: Document, order: KeyOrder) -> str:
    """The text of the document in canonical form; the same text where it is already."""
    for _ in range(_ROUNDS):
        before = document
        for step in _STEPS:
            document = _after(step, document, order)
        if document is before:
            break
    return document.lines.text


def _after(step: Callable[[Document, KeyOrder], Iterator[Splice]], document: Document, order: KeyOrder) -> Document:
    """The document after a step; the same one where the step has nothing to do or may not be done."""
    try:
        splices = list(step(document, order))
    except EditRefused:
        return document
    text = spliced(document.lines.text, splices)
    if text == document.lines.text:
        return document
    made, findings = parse(document.file, text, folder=document.folder)
    return document if made is None or findings or made.data != document.marks.data else made


# -- blanks ------------------------------------------------------------------------------------------------------------------------


def _without_trailing_blanks(document: Document, _: KeyOrder) -> Iterator[Splice]:
    text = document.lines.text
    kept = list(_long_scalars(document))
    body = text.rstrip()
    if _in_any(kept, len(body) - 1) and text[len(body) :].strip(" \t") not in ("\n", "\r\n", "\r", ""):
        body = text  # the line ends belong to a text of several lines, perhaps
    at = 0
    for match in _TRAILING.finditer(text, 0, len(body)):
        while at < len(kept) and kept[at][1] <= match.start():
            at += 1
        if at < len(kept) and kept[at][0] < match.start():
            continue
        yield Splice(match.start(), match.end(), "")
    if body and len(body) < len(text):
        tail = text[len(body) :]
        if tail != line_end_of(text):
            yield Splice(len(body), len(text), line_end_of(text))
    elif body and not text.endswith(("\n", "\r")):
        yield Splice(len(text), len(text), line_end_of(text))


def _long_scalars(document: Document) -> Iterator[tuple[int, int]]:
    """Where texts of several lines stand: what is inside belongs to them."""
    marks, text = document.marks, document.lines.text
    for number, (start, end) in enumerate(zip(marks.starts, marks.ends, strict=True)):
        skip = marks.skips[number]
        if skip == number + 1 and end - start > 1 and ("\n" in text[start:end] or "\r" in text[start:end]):
            yield start, end


def _in_any(ranges: Sequence[tuple[int, int]], at: int) -> bool:
    return any(start <= at < end for start, end in ranges)


# -- indentation -------------------------------------------------------------------------------------------------------------------


def _indented(document: Document, _: KeyOrder) -> Iterator[Splice]:
    """Lines where an item of a block begins move to their level's column, and take those that go on with them."""
    text = document.lines.text
    columns: dict[int, int] = {}
    inner: list[Splice] = []
    _levels(document, 0, 0, columns, inner)
    yield from inner
    lines = [(match.start(), match.end()) for match in _LINE.finditer(text) if match.end() > match.start()]
    shifts: list[int | None] = []
    shift = 0
    kept = list(_long_scalars(document))
    begins = [start for start, _ in kept]
    for start, end in lines:
        first = _first_of(text, start, end)
        if first in columns:
            shift = columns[first] - (first - start)
            shifts.append(shift)
        elif first == end or text[first] in "\r\n":
            shifts.append(0)
        elif text[first] == "#" and not (kept and (at := bisect_right(begins, first) - 1) >= 0 and first < kept[at][1]):
            shifts.append(None)
        else:
            shifts.append(shift)
    for number, (start, end) in enumerate(lines):
        first = _first_of(text, start, end)
        by = shifts[number]
        if by is None:
            by = _shift_of_comment(text, lines, shifts, number)
        target = max(0, first - start + by)
        if target != first - start and not (first == end or text[first] in "\r\n"):
            yield Splice(start, first, " " * target)


def _first_of(text: str, start: int, end: int) -> int:
    """The first character of a line that is no blank."""
    first = start
    while first < end and text[first] == " ":
        first += 1
    return first


def _shift_of_comment(text: str, lines: Sequence[tuple[int, int]], shifts: Sequence[int | None], number: int) -> int:
    """How far a comment line moves: with the next item where it stands in its column, else with what is before it."""
    column = _first_of(text, *lines[number]) - lines[number][0]
    for later in range(number + 1, len(lines)):
        start, end = lines[later]
        first = _first_of(text, start, end)
        if shifts[later] is not None and first < end and text[first] not in "\r\n":
            if first - start == column:
                return shifts[later] or 0
            break
    for earlier in range(number - 1, max(-1, number - 200), -1):
        if shifts[earlier]:
            return shifts[earlier] or 0
    return 0


def _levels(document: Document, number: int, column: int, columns: dict[int, int], inner: list[Splice]) -> None:
    """The wanted column of every item below a block collection, by the offset it begins at; ``inner``: blanks behind dashes."""
    marks, text = document.marks, document.lines.text
    if marks.skips[number] == number + 1 or number in marks.aliases or is_flow(document, number):
        return
    if _is_sequence(document, number):
        for index, child in enumerate(marks.entries_of(number)):
            dash = dash_of(document, number, index)
            columns[dash] = column
            start = marks.starts[child]
            blanks = text[dash + 1 : start]
            if blanks.strip(" ") == "" and len(blanks) > 1:
                inner.append(Splice(dash + 1, start, " "))
            _levels(document, child, column + 2, columns, inner)
        return
    key = number + 1
    while key < marks.skips[number]:
        value = marks.skips[key]
        columns[marks.starts[key]] = column
        _levels(document, value, column + 2, columns, inner)
        key = marks.skips[value]


def _is_sequence(document: Document, number: int) -> bool:
    text = document.lines.text
    at = document.marks.starts[number]
    match = re.compile(r"(?:[&!][^\s]*(?:\s+|\s*#[^\r\n]*)+)*-(?=\s|\Z)").match(text, at)
    return match is not None


# -- order -------------------------------------------------------------------------------------------------------------------------


def _ordered_spaces(document: Document, order: KeyOrder) -> Iterator[Splice]:
    """The spaces inside of customers. (One step per level: splices of nested mappings would overlap.)"""
    data, marks = document.marks.data, document.marks
    customers = data.get("customers") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(customers, list):
        return
    number = marks.keys_of(0, data)["customers"][1]
    if is_flow(document, number) or number in marks.aliases:
        return
    for child, entry in zip(marks.entries_of(number), customers, strict=True):
        spaces = entry.get("spaces") if isinstance(entry, dict) else None
        if isinstance(entry, dict) and isinstance(spaces, list) and child not in marks.irregular and child not in marks.aliases:
            yield from _ordered_list(document, marks.keys_of(child, entry)["spaces"][1], spaces, order.objects["spaces"])


def _ordered_objects(document: Document, order: KeyOrder) -> Iterator[Splice]:
    """Plans, customers and spaces."""
    data = document.marks.data
    for kind, keys in order.objects.items():
        entries = data.get(kind) if isinstance(data, dict) else None
        if isinstance(data, dict) and isinstance(entries, list):
            yield from _ordered_list(document, document.marks.keys_of(0, data)[kind][1], entries, keys)


def _ordered_manifest(document: Document, order: KeyOrder) -> Iterator[Splice]:
    """The manifest's own keys."""
    data = document.marks.data
    splice = _reordered(document, 0, data, order.manifest, in_list=False) if isinstance(data, dict) else None
    if splice is not None:
        yield splice


def _ordered_list(document: Document, number: int, entries: Sequence[object], keys: Sequence[str]) -> Iterator[Splice]:
    if is_flow(document, number) or number in document.marks.aliases:
        return
    for child, entry in zip(document.marks.entries_of(number), entries, strict=True):
        if isinstance(entry, dict) and child not in document.marks.aliases:
            splice = _reordered(document, child, entry, keys, in_list=True)
            if splice is not None:
                yield splice


def _reordered(document: Document, number: int, data: Mapping[str, object], keys: Sequence[str], *, in_list: bool) -> Splice | None:
    """The keys of a block mapping in order, each with its comments; None where they are, or where moving them is not safe."""
    marks, text = document.marks, document.lines.text
    rank = {"for_each": -1, **{key: at for at, key in enumerate(keys)}}
    wanted = sorted(data, key=lambda key: rank.get(key, len(rank)))
    if wanted == list(data) or number in marks.irregular or is_flow(document, number):
        return None
    if any(number <= alias < marks.skips[number] for pair in marks.aliases.items() for alias in pair):
        return None
    numbers = marks.keys_of(number, data)
    first = marks.starts[numbers[next(iter(data))][0]]
    column = column_of(text, first)
    bodies: dict[str, str] = {}
    leads: dict[str, str] = {}
    at = first
    for key in data:
        key_number, value = numbers[key]
        start = marks.starts[key_number]
        behind, _ = behind_line(document, value, column)
        leads[key] = text[at:start]
        bodies[key] = text[start:behind]
        at = behind
    blank = " " * column
    if not all(lead.endswith(blank) and _only_comments(lead) for lead in list(leads.values())[1:]):
        return None
    if in_list and wanted[0] != next(iter(data)) and leads[wanted[0]] != blank:
        return None
    end = line_end_of(text)
    leads[next(iter(data))] = blank
    if not in_list:
        # The head of the file stays above whatever comes first now; blank lines go where the head was.
        lead = leads[wanted[0]]
        kept = lead.lstrip("\r\n")
        leads[next(iter(data))] = lead[: len(lead) - len(kept)] + blank
        leads[wanted[0]] = kept
    made = "".join(leads[key] + (bodies[key] if bodies[key].endswith(("\n", "\r")) else bodies[key] + end) for key in wanted)
    made = made.removeprefix(blank)
    if not text[first:at].endswith(("\n", "\r")):
        made = made.removesuffix(end)
    return Splice(first, at, made)


def _only_comments(lead: str) -> bool:
    return all(not line.strip() or line.lstrip().startswith("#") for line in re.split("\r\n|\n|\r", lead))


# -- quotes ------------------------------------------------------------------------------------------------------------------------


def _with_quotes(document: Document, _: KeyOrder) -> Iterator[Splice]:
    """Digits that are text (``01067``) in quotes, so that every other reader of YAML takes them for text too."""
    yield from _quoted(document, 0, document.marks.data)


def _quoted(document: Document, number: int, data: object) -> Iterator[Splice]:
    marks = document.marks
    if number in marks.aliases:
        return
    if isinstance(data, dict) and number not in marks.irregular:
        for key, (_, value) in marks.keys_of(number, data).items():
            yield from _quoted(document, value, data[key])
    elif isinstance(data, dict):
        inside = range(number, marks.skips[number])
        for key, (_, value) in marks.irregular[number].items():
            if value in inside:
                yield from _quoted(document, value, data[key])
    elif isinstance(data, list):
        for child, entry in zip(marks.entries_of(number), data, strict=True):
            yield from _quoted(document, child, entry)
    elif isinstance(data, str) and _TEXT_DIGITS.match(data):
        start, end = marks.starts[number], marks.ends[number]
        if document.lines.text[start:end] == data:
            yield Splice(start, end, f'"{data}"')


_STEPS: Final = (_without_trailing_blanks, _indented, _ordered_spaces, _ordered_objects, _ordered_manifest, _with_quotes)

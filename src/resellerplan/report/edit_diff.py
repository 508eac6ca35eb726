"""What an edit changes in a file, as a unified diff: made from the edit itself, so that a long file costs no comparing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from resellerplan.neutralise import escape_invisible

__all__ = ["Replaced", "edit_diff"]

_CONTEXT = 3
_LINE = re.compile("[^\r\n]*(?:\r\n|\n|\r|\\Z)")


@dataclass(frozen=True, slots=True)
class Replaced:
    """The characters from ``start`` up to ``end`` of the old text became ``text``."""

    start: int
    end: int
    text: str


def edit_diff(file: str, before: str, replaced: Sequence[Replaced], *, new: bool = False) -> str:
    """The diff of one file; empty where nothing changes. ``new`` = there was no file before."""
    lines = _lines(before)
    starts = list(accumulate(map(len, lines), initial=0))
    blocks = list(_blocks(before, lines, starts, sorted(replaced, key=lambda one: (one.start, one.end))))
    blocks = [block for block in blocks if block.old != block.new]
    if not blocks:
        return ""
    shown = [f"--- {'/dev/null' if new else file}", f"+++ {file}"]
    shift = 0
    for group in _grouped(blocks):
        first = max(0, group[0].first - _CONTEXT)
        last = min(len(lines), group[-1].last + _CONTEXT)
        body: list[str] = []
        at = first
        for block in group:
            body += [" " + line for line in lines[at : block.first]]
            body += ["-" + line for line in block.old]
            body += ["+" + line for line in block.new]
            at = block.last
        body += [" " + line for line in lines[at:last]]
        added = sum(len(block.new) - len(block.old) for block in group)
        old, made = last - first, last - first + added
        shown.append(f"@@ -{_range(first, old)} +{_range(first + shift, made)} @@")
        shift += added
        shown += [_printed(line) for line in body]
    return "\n".join(shown) + "\n"


@dataclass(frozen=True, slots=True)
class _Block:
    """Old lines from ``first`` up to ``last`` and what stands in their place."""

    first: int
    last: int
    old: Sequence[str]
    new: Sequence[str]


def _lines(text: str) -> list[str]:
    """Lines with their ends, as editors count them."""
    if "\r" in text:
        return [match[0] for match in _LINE.finditer(text) if match[0]]
    *ended, last = text.split("\n")  # the usual case, in a fifth of the time
    return [*(f"{line}\n" for line in ended), *([last] if last else [])]


def _blocks(before: str, lines: Sequence[str], starts: Sequence[int], replaced: Sequence[Replaced]) -> Iterator[_Block]:
    """Whole lines for replaced characters; replacements that touch one line are one block."""
    waiting: list[Replaced] = []
    span = (0, 0)
    at_end = not lines or before.endswith(("\n", "\r"))
    for one in replaced:
        first = len(lines) if at_end and one.start == len(before) else bisect_right(starts, one.start, hi=len(lines)) - 1
        last = min(len(lines), bisect_right(starts, one.end))
        if waiting and first < span[1]:
            span = (span[0], max(span[1], last))
        else:
            if waiting:
                yield _block(before, lines, starts, span, waiting)
            waiting, span = [], (first, last)
        waiting.append(one)
    if waiting:
        yield _block(before, lines, starts, span, waiting)


def _block(before: str, lines: Sequence[str], starts: Sequence[int], span: tuple[int, int], inside: Sequence[Replaced]) -> _Block:
    first, last = span
    begin = starts[first] if first < len(starts) else len(before)
    end = starts[last] if last < len(starts) else len(before)
    pieces, at = [], begin
    for one in inside:
        pieces += [before[at : one.start], one.text]
        at = one.end
    pieces.append(before[at : max(end, at)])
    old, new = list(lines[first:last]), _lines("".join(pieces))
    # What is the same at both ends is no part of the change (a last line that only got its line end keeps being one).
    while old and new and old[0] == new[0]:
        old, new, first = old[1:], new[1:], first + 1
    while old and new and old[-1] == new[-1]:
        old, new, last = old[:-1], new[:-1], last - 1
    return _Block(first, last, old, new)


def _grouped(blocks: Sequence[_Block]) -> Iterator[list[_Block]]:
    """Blocks whose surroundings meet are shown as one."""
    group: list[_Block] = []
    for block in blocks:
        if group and block.first - group[-1].last > 2 * _CONTEXT:
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _range(first: int, count: int) -> str:
    if count == 1:
        return str(first + 1)
    return f"{first if count == 0 else first + 1},{count}"


def _printed(line: str) -> str:
    ends = line.endswith(("\n", "\r"))
    text = escape_invisible(line.rstrip("\r\n"))
    return text if ends else f"{text}\n\\ No newline at end of file"

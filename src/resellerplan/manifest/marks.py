"""Where every node of a document stands: two numbers per node, and the walk from a path to them.

Nodes are numbered as they are read: a sequence ``n`` has its first entry at ``n + 1``; a mapping ``n`` has its first key at ``n +
1`` and that key's value at ``n + 2``; the number behind a node and all below it is ``skips[n]``. So the place of a path is found
by walking the data and the numbers side by side, and nothing is stored per path.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final, TypeAlias

from resellerplan.diagnostics import Place

__all__ = ["Lines", "Marks", "Path"]

Path: TypeAlias = Sequence[str | int]
"""Steps from the root: keys of mappings and positions (from 0) in sequences."""

_LINE_END = re.compile("\r\n|\n|\r")


class Lines:
    """The lines of a text: offsets (in characters, from 0) to lines and columns (from 1), as an editor counts them."""

    __slots__ = ("_starts", "file", "text")

    def __init__(self, file: str, text: str) -> None:
        self.file: Final = file
        self.text: Final = text
        self._starts: array[int] | None = None

    @property
    def starts(self) -> array[int]:
        """The offset of each line's first character."""
        if self._starts is None:
            text = self.text
            if "\r" in text:
                self._starts = array("I", [0, *(match.end() for match in _LINE_END.finditer(text))])
            else:  # without a step of ours per line
                self._starts = array("I", accumulate(map((1).__add__, map(len, text.split("\n"))), initial=0))
                self._starts.pop()
        return self._starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        starts = self.starts
        low, high = 0, len(starts)
        while low < high:
            middle = (low + high) // 2
            if starts[middle] <= offset:
                low = middle + 1
            else:
                high = middle
        return low, offset - starts[low - 1] + 1

    def place(self, start: int, end: int | None = None) -> Place:
        """The place from ``start`` up to, not including, ``end``."""
        line, column = self.position(start)
        if end is None or end <= start:
            return Place(self.file, line, column)
        end_line, end_column = self.position(end)
        return Place(self.file, line, column, end_line, end_column)


class _Skips(dict[int, int]):
    """The number behind a node and all below it. Kept for nodes with something below them; nine of ten are scalars."""

    __slots__ = ()

    def __missing__(self, number: int) -> int:
        return number + 1


class Marks:
    """The numbers of one document's nodes.

    ``starts`` and ``ends`` are offsets in characters. ``irregular`` holds the (key, value) numbers of mappings whose keys do not
    stand in the order of the data: with ``<<`` or a doubled key. ``aliases`` leads from an alias to the node it stands for.
    """

    __slots__ = ("_children", "aliases", "data", "ends", "irregular", "skips", "starts")

    def __init__(self) -> None:
        self.starts: Final = array("I")
        self.ends: Final = array("I")
        self.skips: Final = _Skips()
        self.irregular: Final[dict[int, dict[str, tuple[int, int]]]] = {}
        self.aliases: Final[dict[int, int]] = {}
        self.data: object = None
        self._children: Final[dict[int, array[int] | dict[str, tuple[int, int]]]] = {}

    def keys_of(self, number: int, data: Mapping[str, object]) -> Mapping[str, tuple[int, int]]:
        """The numbers of key and value for each key of the mapping ``number``, which holds ``data``."""
        number = self.aliases.get(number, number)
        table = self.irregular.get(number) or self._children.get(number)
        if not isinstance(table, dict):
            table = self.regular_keys(number, data)
            self._children[number] = table
        return table

    def regular_keys(self, number: int, data: Mapping[str, object]) -> dict[str, tuple[int, int]]:
        """The same for a mapping whose keys stand in the order of ``data`` (so far, while it is being read)."""
        table = {}
        child = number + 1
        for key in data:
            table[key] = (child, child + 1)
            child = self.skips[child + 1]
        return table

    def entries_of(self, number: int) -> Sequence[int]:
        """The numbers of a sequence's entries."""
        number = self.aliases.get(number, number)
        table = self._children.get(number)
        if not isinstance(table, array):
            table = array("I")
            child, behind = number + 1, self.skips[number]
            while child < behind:
                table.append(child)
                child = self.skips[child]
            self._children[number] = table
        return table

    def find(self, path: Path) -> tuple[int | None, int, int]:
        """The numbers of key and value at ``path``, and how many steps could be walked.

        Where the path leads to nothing (an omitted key), the answer is the last node that is there. A sequence's entry has no key.
        """
        key: int | None = None
        value = 0
        data = self.data
        for walked, step in enumerate(path):
            if isinstance(step, str) and isinstance(data, dict):
                found = self.keys_of(value, data).get(step)
                if found is None:
                    return key, value, walked
                key, value = found
                data = data[step]
            elif isinstance(step, int) and isinstance(data, list):
                if not 0 <= step < len(data):
                    return key, value, walked
                key, value = None, self.entries_of(value)[step]
                data = data[step]
            else:
                return key, value, walked
        return key, value, len(path)

"""Sentences that fit the reader's terminal. What stands in backticks is a command to copy, so it is never broken.

A width of 0 is no terminal (a pipe, a file, a pipeline's log): there a sentence stays one line, which is what people search for.
"""

from __future__ import annotations

import re

__all__ = ["fitted"]

_WORDS = re.compile(r"(?:`[^`]*`|\S)+")
"""Words between blanks; a stretch in backticks belongs to one word, blanks and all."""

_LEAST = 40
"""Below so many columns nothing is broken: that would be a column of single words."""


def fitted(text: str, width: int, *, head: str = "", hang: str | None = None) -> list[str]:
    """``head`` and the text as lines of at most ``width`` columns; every line but the first begins with ``hang``.

    ``hang`` None = as many blanks as ``head`` has characters. A word that is longer than a line has a line of its own.
    """
    if width < _LEAST or len(head) + len(text) <= width:
        return [head + text]
    hang = " " * len(head) if hang is None else hang
    lines: list[str] = []
    line = head
    empty = True
    for word in _WORDS.findall(text):
        if not empty and len(line) + 1 + len(word) > width:
            lines.append(line)
            line, empty = hang, True
        line += word if empty else f" {word}"
        empty = False
    return [*lines, line]

"""How SQL Server compares text, for sorting and for LIKE: keys and a matcher that SQLite calls as functions.

SQL Server's Latin1_General_CI_AS: case does not count, accents do, trailing blanks don't. SQLite (below FuseCP 2.x EF) sorts and
matches by itself: bytes, or ASCII letters without case where a column says ``NOCASE``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

__all__ = ["LIKE", "SORT_KEY", "like_pattern", "register", "sort_key"]

SORT_KEY = "nt_sort_key"
LIKE = "nt_like"

_PUNCTUATION = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
_LETTERS_OF_TWO = {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ð": "d", "ı": "i"}
_UNACCENTED = "\x01"


@lru_cache(maxsize=4096)
def _weight(character: str) -> str:
    """The primary weight of one folded character: blanks, punctuation, other signs, digits, Latin letters, other letters."""
    if character.isspace():
        return "\x10"
    place = _PUNCTUATION.find(character)
    if place >= 0:
        return chr(0x20 + place)
    category = unicodedata.category(character)[0]
    if category in "PSCZ":
        return "\x60" + character
    if character.isdigit() and character.isascii():
        return chr(0x70 + int(character))
    if "a" <= character <= "z":
        return chr(0x100 + ord(character))
    return "\u0200" + character


@lru_cache(maxsize=65536)
def sort_key(text: str | None) -> str | None:
    """A key whose plain order is the collation's; equal keys are equal texts. Null stays null (and sorts first)."""
    if text is None:
        return None
    base: list[str] = []
    accents: list[str] = []
    for character in unicodedata.normalize("NFKD", text.rstrip(" ").casefold()):
        if unicodedata.combining(character):
            accents.append(character)
            continue
        for letter in _LETTERS_OF_TWO.get(character, character):
            base.append(_weight(letter))
            accents.append(_UNACCENTED)
    return "".join(base) + "\x02" + "".join(accents)


@lru_cache(maxsize=256)
def like_pattern(pattern: str) -> re.Pattern[str]:
    """A LIKE pattern of T-SQL (``%``, ``_``, ``[a-f]``, ``[^a]``) as a regular expression without case."""
    out: list[str] = []
    place = 0
    while place < len(pattern):
        character = pattern[place]
        if character == "%":
            out.append(".*")
        elif character == "_":
            out.append(".")
        elif character == "[" and (end := pattern.find("]", place + 2)) > 0:
            inner = pattern[place + 1 : end]
            negated = inner.startswith("^")
            body = re.sub(r"([\\\[\]^&~|])", r"\\\1", inner[negated:])
            out.append(f"[{'^' if negated else ''}{body}]")
            place = end
        else:
            out.append(re.escape(character))
        place += 1
    return re.compile("".join(out), re.IGNORECASE | re.DOTALL)


def _like(value: object, pattern: object) -> int | None:
    if value is None or pattern is None:
        return None
    return 1 if like_pattern(str(pattern)).fullmatch(str(value)) else 0


class _Connection(Protocol):
    def create_function(
        self, name: str, narg: int, func: Callable[..., str | int | None] | None, /, *, deterministic: bool = False
    ) -> None: ...


def register(connection: _Connection) -> None:
    """Let SQL on this connection call :data:`SORT_KEY` and :data:`LIKE`."""
    connection.create_function(SORT_KEY, 1, sort_key, deterministic=True)
    connection.create_function(LIKE, 2, _like, deterministic=True)

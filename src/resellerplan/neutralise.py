"""Hostile text made harmless before a person or a terminal sees it.

What a panel, a customer or a file says may hold escape sequences that move the cursor, characters that turn the direction of
writing, or no end of text. Every function here returns text that shows what was there and does nothing.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["escape_invisible", "fragment_of", "one_line"]

# Cc without tab and line feed, all of Cf (bidi marks and overrides, zero-width characters, tags), line and paragraph separators,
# surrogates, private use and the byte-order mark. A soft hyphen is Cf too: shown, it can't hide in a name.
_SUSPECT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f"
                      "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufff0-\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]")
_VISIBLE_REPLACEMENT = "\ufffd"


def _shown(match: re.Match[str]) -> str:
    character = match[0]
    if character == _VISIBLE_REPLACEMENT or unicodedata.category(character) == "Zs":
        return character
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def escape_invisible(text: str) -> str:
    """Text with every control, direction-turning or invisible character written as its number (``\\x1b``).

    Tab and line feed stay. What comes out holds no escape sequence a terminal would obey.
    """
    return _SUSPECT.sub(_shown, text)


def one_line(text: str, limit: int = 200) -> str:
    """Text for the middle of a sentence: one line, blanks folded, harmless, at most ``limit`` characters (cut with ``…``)."""
    folded = " ".join(escape_invisible(text[: limit * 4]).split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def fragment_of(data: bytes, limit: int = 160) -> str:
    """The beginning of bytes that could not be read, for an error message: decoded as far as it goes, one line, harmless."""
    return one_line(data[: limit * 4].decode("utf-8", "replace"), limit)

"""Colours for a terminal, laid over a finished text by the sign at the beginning of a line. Nothing is said by colour alone."""

from __future__ import annotations

import re

__all__ = ["painted"]

_GREEN, _RED, _YELLOW, _BOLD, _PLAIN = "\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[1m", "\x1b[0m"
_SIGN = re.compile(r"^(\s*)([+~-])( )", re.MULTILINE)
_WORD = re.compile(r"^(Error|Warning)(:|\[)", re.MULTILINE | re.IGNORECASE)
_HEAD = re.compile(r"^( {2}# .*|Plan: .*|No changes\. .*|Apply [a-z]+! .*)$", re.MULTILINE)
_COLOUR = {"+": _GREEN, "~": _YELLOW, "-": _RED}


def painted(text: str, *, colour: bool) -> str:
    """The text with colours, or as it is."""
    if not colour:
        return text
    text = _SIGN.sub(lambda sign: f"{sign[1]}{_COLOUR[sign[2]]}{sign[2]}{_PLAIN}{sign[3]}", text)
    text = _WORD.sub(lambda word: f"{_RED if word[1].lower() == 'error' else _YELLOW}{word[1]}{_PLAIN}{word[2]}", text)
    return _HEAD.sub(lambda line: f"{_BOLD}{line[1]}{_PLAIN}", text)

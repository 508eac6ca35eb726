"""Plain scalars by the core rules of YAML 1.2, with the exceptions that people who keep customers in YAML need.

``no``, ``on`` and ``12:30`` are text, as YAML 1.2 says. Beyond that, digits behind a leading zero (``01067``, a postcode), digits
behind a plus (``+49351...``, a telephone) and digits with an exponent but no point (``5E10``, a flat or an article; YAML 1.1 takes
it for text too) stay text, because a number would lose what was written.
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

__all__ = ["CONTROL", "Scalar", "plain", "shown"]

Scalar: TypeAlias = str | int | float | bool | None
"""What a scalar of a manifest may be."""

CONSTANTS: Final[dict[str, Scalar]] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
SPECIAL: Final[frozenset[str]] = frozenset(["", *"0123456789-.~nNtTfF"])
"""First characters (or none) of all texts that may be something else than text."""

CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that no value may hold: the panel stores some of them and then answers with XML that nobody can read."""

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)\Z")
_OTHER_BASE = re.compile(r"0(?:o[0-7]+|x[0-9a-fA-F]+)\Z")
_FLOAT = re.compile(r"-?(?:(?:0|[1-9][0-9]*)\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")
_LONGEST_NUMBER = 18
"""Digits beyond this are a number of something, not an amount: text, so that none is lost."""


def plain(text: str) -> Scalar:
    """The value of a plain (unquoted) scalar.

    ``.inf`` and ``.nan`` become floats as YAML says; who builds a document refuses them.
    """
    if text[:1] not in SPECIAL:
        return text
    if text in CONSTANTS:
        return CONSTANTS[text]
    if _INTEGER.match(text):
        return int(text) if len(text) <= _LONGEST_NUMBER else text
    if _FLOAT.match(text):
        return float(text) if len(text) <= 4 * _LONGEST_NUMBER else text
    if _OTHER_BASE.match(text):
        return int(text, 0) if len(text) <= _LONGEST_NUMBER else text
    if _NOT_FINITE.match(text):
        return float(text.lower().replace(".", ""))
    return text


def shown(value: object) -> str:
    """A value as it stands inside a text: ``true`` and ``false`` as YAML spells them, nothing for null."""
    if value is None:
        return ""
    if value is True:
        return "true"
    if value is False:
        return "false"
    return str(value)

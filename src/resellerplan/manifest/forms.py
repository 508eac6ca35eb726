"""Forms: what may stand in a value of a manifest, as a closed union.

One table (language.py) says which form each key has. From it come the published schema, the gate, the words for what does not fit,
the documentation and ``explain``; so they can't disagree about what is accepted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Final, assert_never

__all__ = [
    "BIGGEST",
    "MOST_DIGITS",
    "NOT_GIVEN",
    "Amount",
    "Anything",
    "Choice",
    "Either",
    "Entry",
    "Flag",
    "Form",
    "Keyed",
    "Listing",
    "NotGiven",
    "Number",
    "Pattern",
    "Record",
    "Shape",
    "Switch",
    "Text",
    "Variants",
    "example_of",
]

BIGGEST: Final = 2_147_483_647
"""The panel's numbers have 32 bits."""

MOST_DIGITS: Final = 10**18
"""Up to here a whole number may stand for a text: longer ones stay text when they are read, and `1e300` is no name."""


class Shape(Enum):
    """Texts of a fixed shape: the code of the finding, an expression that reads the same in Python, Rust and JavaScript, and words.

    The expressions use no class whose meaning differs between the three (no backslash-s, no backslash-w, no dot).
    """

    EMAIL = ("RP1215", r"[^@ \t\r\n\u00a0]+@[^@ \t\r\n\u00a0.]+(?:\.[^@ \t\r\n\u00a0.]+)+", "an e-mail address")
    DOMAIN = (
        "RP1218",
        r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?",
        "a domain name",
    )
    HOST = ("RP1218", r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)?", "one label of a domain name, or nothing")
    DAY = (
        "RP1219",
        r"(?:(?:19|2[0-9])[0-9]{2}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
        r"|02-(?:0[1-9]|1[0-9]|2[0-8]))|(?:(?:19|2[0-9])(?:0[48]|[2468][048]|[13579][26])|2[048]00)-02-29)",
        "a day, as in 2027-03-31",
    )
    DAYS = ("RP1220", r"[1-9][0-9]{0,3} days?", "a number of days, as in `30 days`")
    RECURRENCE = ("RP1220", r"[1-9][0-9]{0,2} (?:months?|years?)", "a number of months or years, as in `1 month`")
    SHARE = ("RP1222", r"(?:100(?:\.0+)?|[0-9]{1,2}(?:\.[0-9]+)?)%", "a percentage, as in `5%`")
    SIZE = ("RP1209", r"[0-9]{1,10}(?:\.[0-9]{1,3})? ?(?:MB|GB|TB)", "a size, as in `5 GB`")
    URL = ("RP1706", r"(?:https?://[^ \t\r\n/?#@]+(?:/[^ \t\r\n?#]*)?|embedded:[^\r\n]*)", "an address, as in https://panel:9002")
    CURRENCY = ("RP1707", r"[A-Z]{3}", "a currency, as in EUR")
    ENV_NAME = ("RP1507", r"[A-Za-z_][A-Za-z0-9_]*", "the name of an environment variable")
    RECIPIENT = ("RP1506", r"(?:age1[a-z0-9]{20,}|ssh-(?:ed25519|rsa) [A-Za-z0-9+/=]+(?: [^\r\n]*)?)", "a public key for age")

    SEPARATOR = ("RP1111", r"[^\r\n\x22]", 'one character, as in `";"`')
    ENCODING = ("RP1111", r"[A-Za-z][A-Za-z0-9._-]{0,39}", "the name of an encoding, as in `windows-1252`")

    def __init__(self, code: str, expression: str, words: str) -> None:
        self.code = code
        self.expression = expression
        self.words = words

    def matches(self, text: str) -> bool:
        """Whether the whole of the text has this shape. (Compiled when first asked: the gate answers for most manifests.)"""
        return _compiled(self.expression).fullmatch(text) is not None


_compiled = cache(re.compile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text. Whole numbers are taken as the text they were written with (``zip: 10115``).

    ``max_length`` in characters (0 = none); ``name`` = a name: not empty, one line, no blanks at its ends, none of the characters
    in ``refused``; ``narrow`` = stored in an 8-bit column of code page 1252.
    """

    max_length: int = 0
    name: bool = False
    refused: str = ""
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text of a fixed shape."""

    shape: Shape
    max_length: int = 0


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A whole number from ``least`` to ``most``; ``unlimited`` and ``size`` say whether that word, or a size, may stand there too.

    ``quota`` = the value of a quota, which has a finding of its own for a wrong type.
    """

    least: int = 0
    most: int = BIGGEST
    unlimited: bool = False
    size: bool = False
    quota: bool = False


@dataclass(frozen=True, slots=True)
class Switch:
    """The value of a quota that is on or off."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money: a number from 0 on."""

    most: int = 900_000_000_000


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Anything:
    """Any value (``vars:``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list. ``least`` entries at least."""

    of: Form
    least: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """A mapping with free keys."""

    of: Form


class NotGiven(Enum):
    """The singleton for "no default"."""

    NOT_GIVEN = "not given"


NOT_GIVEN: Final = NotGiven.NOT_GIVEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A key of a mapping: its form, what it says to the reader, an example, the default, and whether ``null`` may stand there."""

    form: Form
    says: str
    example: object = NOT_GIVEN
    default: object = NOT_GIVEN
    nullable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A mapping with known keys. ``what`` names it for the reader; ``unknown`` is the code for a key it does not have.

    ``aliases`` are other spellings of a key.
    """

    what: str
    entries: Mapping[str, Entry]
    required: tuple[str, ...] = ()
    unknown: str = "RP1201"
    aliases: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """A mapping that is one of several records, told apart by the key that only this one has. ``code`` for none or several."""

    what: str
    by_key: Mapping[str, Record]
    code: str = "RP1507"


@dataclass(frozen=True, slots=True, kw_only=True)
class Either:
    """One of several forms, told apart by their type: at most one for scalars, one for lists, one for mappings."""

    scalar: Form | None = None
    listing: Listing | None = None
    mapping: Record | Variants | Keyed | None = None


Form = Text | Pattern | Flag | Number | Switch | Amount | Choice | Anything | Listing | Keyed | Record | Variants | Either


def example_of(entry: Entry) -> object:
    """The key's example; where none is given, one that is put together from what may stand there."""
    return entry.example if entry.example is not NOT_GIVEN else _example(entry.form)


def _example(form: Form) -> object:
    match form:
        case Record():
            given = [key for key, held in form.entries.items() if held.example is not NOT_GIVEN and key not in form.required]
            return {key: example_of(form.entries[key]) for key in (*form.required, *given[:2])}
        case Variants():
            return _example(next(iter(form.by_key.values())))
        case Listing():
            return [_example(form.of)]
        case Keyed():
            return {"name": _example(form.of)}
        case Either():
            chosen = next(one for one in (form.scalar, form.mapping, form.listing) if one is not None)
            return _example(chosen)
        case Flag() | Switch():
            return True
        case Number():
            return form.least
        case Amount():
            return 4.9
        case Choice():
            return form.words[0]
        case Pattern():
            return _EXAMPLES[form.shape]
        case Text():
            return "text"
        case Anything():
            return "value"
        case _:
            assert_never(form)


_EXAMPLES: Final = {
    Shape.EMAIL: "petra@mueller.example",
    Shape.DOMAIN: "mueller.example",
    Shape.HOST: "www",
    Shape.DAY: "2027-03-31",
    Shape.DAYS: "30 days",
    Shape.RECURRENCE: "1 month",
    Shape.SHARE: "5%",
    Shape.SIZE: "5 GB",
    Shape.URL: "https://panel.example.net:9002",
    Shape.CURRENCY: "EUR",
    Shape.ENV_NAME: "PASSWORD",
    Shape.RECIPIENT: "age1" + "q" * 58,
    Shape.SEPARATOR: ";",
    Shape.ENCODING: "windows-1252",
}

"""What templates give: the error that says why not, and a value that is typed again by YAML's core rules."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from resellerplan.manifest.limits import LIMITS, Limits
from resellerplan.manifest.scalars import plain

__all__ = ["Scope", "TemplateError", "Text", "nearest", "typed_again"]

Scope = Mapping[str, object]
"""The variables a template sees."""


class TemplateError(Exception):
    """A template can't be used or rendered: the code of the finding, what stands under the caret, and a hint."""

    def __init__(self, code: str, label: str, hint: str = "") -> None:
        super().__init__(label)
        self.code: Final = code
        self.label: Final = label
        self.hint: Final = hint


class Text(str):
    """A text that stays one, whatever it looks like: what the filter ``text`` gives (``{{ each.value.number | text }}``)."""

    __slots__ = ()


_MOST_VALUES = 100_000
_BIGGEST: Final = 10**18


def typed_again(value: object, limits: Limits = LIMITS) -> object:
    """The value of a single expression: a text by YAML's core rules, all else as it is, if it is something YAML can say."""
    kind = type(value)
    if kind is str:
        if len(value) > limits.output:  # type: ignore[arg-type]  # see below
            raise TemplateError("RP1105", f"a text of more than {limits.output:,} characters")
        made = plain(value)  # type: ignore[arg-type]  # a type comparison, quicker than isinstance, does not narrow
        return value if type(made) is float and not math.isfinite(made) else made
    if kind is Text:
        return str(value)
    if value is None or kind is bool:
        return value
    if kind is int or kind is float:
        return _sensible(value)  # type: ignore[arg-type]  # as above
    left = [_MOST_VALUES]
    return _plain_data(value, left, limits)


def _sensible(value: int | float) -> int | float:
    """A number that something can be done with: finite, and no longer than those that are written out."""
    if type(value) is float:
        if not math.isfinite(value):
            raise TemplateError("RP1013", "the result")
    elif abs(value) >= _BIGGEST:
        raise TemplateError("RP1105", "a number of more than 18 digits")
    return value


def _plain_data(value: object, left: list[int], limits: Limits) -> object:
    """Lists and mappings as plain data; what YAML can't say is an error. ``left`` bounds what shared parts add up to."""
    left[0] -= 1
    if left[0] < 0:
        raise TemplateError("RP1105", f"a value of more than {_MOST_VALUES:,} parts")
    if isinstance(value, str):
        if len(value) > limits.output:
            raise TemplateError("RP1105", f"a text of {len(value):,} characters; at most {limits.output:,}")
        return str(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return _sensible(value)
    if isinstance(value, Mapping):
        return {str(key): _plain_data(entry, left, limits) for key, entry in value.items()}
    if isinstance(value, list | tuple | range | Iterator):
        return [_plain_data(entry, left, limits) for entry in value]
    raise TemplateError("RP1104", f"the result is no value but {type(value).__name__}")


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint with the known names, the nearest first."""
    from difflib import get_close_matches  # costs a start of its own; most runs need no hint

    names = [str(entry) for entry in known]
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f'did you mean "{close[0]}"?'
    return f"known here: {', '.join(sorted(names)[:20])}" if names else ""

"""Values as YAML text, one line each: plain where every reader takes it for the same, quoted else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from resellerplan.manifest.scalars import plain

__all__ = ["flow_text", "text_in_quotes", "value_text"]

_PLAIN: Final = re.compile(r"[^\W_](?:[\w .+@/()&-]*[\w.+@/()&])?\Z")
"""Letters, digits and harmless signs: no colon, no hash, no bracket, no comma, no quote, no line end."""
_OTHER_READERS: Final = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])
"""Words that YAML 1.1 takes for truth values: quoted, for those who read the file with something else."""
_ESCAPED: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def value_text(value: object) -> str:
    """A value on one line, as it may stand behind a key or a dash, in a block or in braces."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return flow_text(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(value_text(entry) for entry in value) + "]"
    return _scalar_text(str(value))


def flow_text(value: Mapping[str, object]) -> str:
    """A mapping in braces."""
    return "{" + ", ".join(f"{_scalar_text(key)}: {value_text(entry)}" for key, entry in value.items()) + "}"


def _scalar_text(text: str) -> str:
    looks_plain = _PLAIN.match(text) is not None and text.casefold() not in _OTHER_READERS and plain(text) == text
    if looks_plain and not text[0].isdigit():
        return text
    # Days and names that begin with a digit are fine too; digits with a leading zero or a plus are not, for other readers.
    if (
        looks_plain
        and re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z|[0-9]+ ?[A-Za-z]", text)
        and not re.match(r"0[0-9x]|[0-9]+[eE]", text)
    ):
        return text
    return text_in_quotes(text)


def text_in_quotes(text: str) -> str:
    """A text in double quotes."""
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)

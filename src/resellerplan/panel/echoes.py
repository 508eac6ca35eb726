"""A server that repeats a request in its answer (an error page of a proxy, a fault that quotes a value) repeats its secrets.

Everything else keeps secrets out by construction; what a stranger's text may hold can only be looked at. So what is shown of a
reply that could not be read, and what a trace keeps of it, is searched for the secrets of the very request it answers.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import quote, quote_plus

from resellerplan.errors import PanelError
from resellerplan.soap.node import Node

__all__ = ["clean_error", "clean_text", "forms_of", "secrets_in"]

LEFT_OUT = "•••"
_SHORTEST = 4


def secrets_in(nodes: Iterable[Node]) -> Iterator[str]:
    """The secret texts of a request's elements, in all forms in which a server may repeat them."""
    for node in nodes:
        if node.secret and node.text:
            yield from forms_of(node.text)
        yield from secrets_in(node.children)


def forms_of(secret: str) -> Iterator[str]:
    """A secret as it is, and as it looks inside XML, JSON, a URL, a form, and Base64."""
    yield secret
    yield escape(secret)
    yield escape(secret, quote=False)
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield quote(secret, safe="", errors="replace")
    yield quote_plus(secret, errors="replace")
    yield secret.encode("ascii", "xmlcharrefreplace").decode("ascii")
    yield b64encode(secret.encode("utf-8", "replace")).decode("ascii").rstrip("=")


def clean_text(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret left out, also one that is cut off at the end. Those under four characters are not looked for."""
    for secret in sorted(set(secrets), key=len, reverse=True):
        if len(secret) < _SHORTEST:
            continue
        text = text.replace(secret, LEFT_OUT)
        kept = text.removesuffix("…")
        for length in range(len(secret) - 1, _SHORTEST - 1, -1):
            if kept.endswith(secret[:length]):
                text = kept[:-length] + LEFT_OUT
                break
    return text


def clean_error(error: PanelError, secrets: Iterable[str]) -> None:
    """Leave secrets out of everything that an error says."""
    known = tuple(secrets)
    for name, value in vars(error).items():
        if isinstance(value, str):
            setattr(error, name, clean_text(value, known))
    error.args = tuple(clean_text(value, known) if isinstance(value, str) else value for value in error.args)

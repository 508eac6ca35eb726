"""An element of a message, for reading and for writing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

__all__ = ["Node", "plain_name"]

_BACKING_FIELD = re.compile(r"_x003C_(.+)_x003E_k__BackingField\Z")


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """A member's name as both dialects agree on it: compiler decoration gone, lower case (contract 3.3).

    ``UserId``, ``userId``, ``UserID`` are ``userid``; ``_x003C_MfaMode_x003E_k__BackingField`` is ``mfamode``.
    """
    match = _BACKING_FIELD.match(name)
    return (match[1] if match else name).lower()


class Node:
    """An element: local name, namespace, text or children. ``nil`` is xsi:nil; a ``secret`` text is never written into a trace.

    ``text`` is None where the element has children or is nil, and ``""`` where it is empty.
    """

    __slots__ = ("children", "name", "namespace", "nil", "secret", "text")

    def __init__(
        self,
        name: str,
        text: str | None = None,
        children: list[Node] | None = None,
        namespace: str = "",
        nil: bool = False,
        secret: bool = False,
    ) -> None:
        self.name = name
        self.namespace = namespace
        self.text = text
        self.children = children if children is not None else []
        self.nil = nil
        self.secret = secret

    def __repr__(self) -> str:
        shown = "•••" if self.secret else self.text
        return f"Node({self.name!r}, {shown!r}, {len(self.children)} children)"

    def __iter__(self) -> Iterator[Node]:
        return iter(self.children)

    def child(self, plain: str) -> Node | None:
        """The first child of that plain name (see :func:`plain_name`)."""
        for node in self.children:
            if plain_name(node.name) == plain:
                return node
        return None

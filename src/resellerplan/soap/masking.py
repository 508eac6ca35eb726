"""A message read by a parser and written again without its secrets."""

from __future__ import annotations

from xml.parsers import expat

from resellerplan.soap.envelope import MASK
from resellerplan.soap.node import plain_name
from resellerplan.soap.reply import SECRET_MEMBERS, mend_references

__all__ = ["NotXml", "masked_copy"]

_SECRET_RESULTS = frozenset(
    {"getevaluatedaccounttemplatebodyresult", "getevaluatedpackagetemplatebodyresult", "getcryptokeyresult"}
)


class NotXml(Exception):
    """The bytes are no XML document."""


def masked_copy(data: bytes) -> str:
    """The message as text, elements and attributes in order, the texts of secret members replaced by :data:`MASK`.

    Document types are refused like anything else that is no plain XML: raises :class:`NotXml`.
    """
    into: list[str] = []
    depth_of_secret = 0
    depth = 0
    open_tag = False

    def start(name: str, attributes: list[str]) -> None:
        nonlocal depth, depth_of_secret, open_tag
        depth += 1
        if depth_of_secret:
            return
        if open_tag:
            into.append(">")
        shown = "".join(
            f' {attributes[i]}="{_escape(attributes[i + 1]).replace(chr(34), "&quot;")}"' for i in range(0, len(attributes), 2)
        )
        into.append(f"<{name}{shown}")
        open_tag = True
        plain = plain_name(name.rpartition(":")[2])
        if plain in SECRET_MEMBERS or plain in _SECRET_RESULTS:
            depth_of_secret = depth
            into.append(f">{MASK}")
            open_tag = False

    def end(name: str) -> None:
        nonlocal depth, depth_of_secret, open_tag
        if depth_of_secret in {0, depth}:
            into.append("/>" if open_tag else f"</{name}>")
            open_tag = False
            depth_of_secret = 0
        depth -= 1

    def text(characters: str) -> None:
        nonlocal open_tag
        if depth_of_secret:
            return
        if open_tag:
            into.append(">")
            open_tag = False
        into.append(_escape(characters))

    def refuse(*_: object) -> None:
        raise NotXml

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(mend_references(data), True)
    except expat.ExpatError:
        raise NotXml from None
    return "".join(into)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

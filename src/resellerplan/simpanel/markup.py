"""Reading XML the way .NET's readers do where they differ from XML 1.0: what the panels accept, a strict parser refuses.

Character references to control characters and to halves of surrogate pairs are accepted (real panel report 2, 1.x report
1.2), comments inside values are seen, every node knows where it ended (2.x faults state positions), and a document that
breaks off keeps what was read before. A DTD is refused, so no entity is ever expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

__all__ = ["Broken", "Element", "Markup", "parse", "text_of"]

XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"

_NAME = r"[^\s<>/=&\"'!?\[\](){};,]+"
_TEXT = re.compile(r"[^<]+")
_COMMENT = re.compile(r"<!--(?:(?!--).)*-->", re.S)
_INSTRUCTION = re.compile(rf"<\?{_NAME}.*?\?>", re.S)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_START = re.compile(rf"<({_NAME})((?:\s+{_NAME}\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(/?)>")
_END = re.compile(rf"</({_NAME})\s*>")
# An element without attributes whose text needs no decoding: most of a request, read in one step.
_LEAF = re.compile(rf"<({_NAME})>([^<&\r]*)</\1\s*>")
_ATTRIBUTE = re.compile(rf"\s+({_NAME})\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(\w+));?")
_WELL_FORMED_REFERENCE = re.compile(r"&(?:#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|lt|gt|amp|quot|apos);")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_DECLARATION = re.compile(r"<\?xml\s.*?\?>", re.S)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_NO_ATTRIBUTES: Mapping[tuple[str, str], str] = MappingProxyType({})
MAXIMUM_DEPTH = 1024
_LONG_NAME = 200


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a document could not be read to its end, and the offset (in characters) where reading stopped."""

    message: str
    offset: int


@dataclass(slots=True)
class Element:
    """An element as read.

    ``pieces``: text pieces and child elements in order. ``opened`` and ``ended`` are the offsets
    behind the start tag and behind the end tag; ``ended`` is -1 where the document broke off inside.
    ``odd``: a comment or processing instruction stands directly inside.
    """

    namespace: str
    name: str
    attributes: Mapping[tuple[str, str], str]
    opened: int
    scope: Mapping[str, str]
    pieces: list[Element | str] = field(default_factory=list)
    ended: int = -1
    odd: bool = False

    def __iter__(self) -> Iterator[Element]:
        return iter([p for p in self.pieces if isinstance(p, Element)])

    def child(self, namespace: str, name: str) -> Element | None:
        """The first child of this name."""
        for piece in self.pieces:
            if isinstance(piece, Element) and piece.name == name and piece.namespace == namespace:
                return piece
        return None

    @property
    def has_children(self) -> bool:
        """Whether there is an element inside."""
        return any(isinstance(p, Element) for p in self.pieces)


@dataclass(frozen=True, slots=True)
class Markup:
    """A parsed document: its root (``None`` when not even that was readable), and why reading stopped early, if it did."""

    text: str
    root: Element | None
    broken: Broken | None

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset as .NET's UTF-8 reader counts them: from 1, columns in bytes."""
        before = self.text[:offset]
        line = before.count("\n") + 1
        return line, len(before.rpartition("\n")[2].encode("utf-8", "surrogatepass")) + 1


class _Stop(Exception):
    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.broken = Broken(message, offset)


def text_of(element: Element) -> str:
    """The character data directly inside."""
    pieces = element.pieces
    if not pieces:
        return ""
    if len(pieces) == 1 and isinstance(pieces[0], str):
        found = pieces[0]
    else:
        found = "".join([p for p in pieces if not isinstance(p, Element)])
    if not found.isascii() and _SURROGATES.search(found):
        return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return found


def _unescape(text: str, offset: int) -> str:
    def replace(match: re.Match[str]) -> str:
        if not _WELL_FORMED_REFERENCE.fullmatch(match[0]):
            name = match[3] or match[0]
            raise _Stop(f"Reference to undeclared entity '{name}'.", offset + match.start())
        if match[3]:
            return _NAMED[match[3]]
        number = int(match[1], 16) if match[1] else int(match[2])
        if number > 0x10FFFF:
            raise _Stop("Invalid character entity.", offset + match.start())
        return chr(number)

    if "&" not in text:
        return text
    found = _REFERENCE.sub(replace, text)
    if text.count("&") != len(_WELL_FORMED_REFERENCE.findall(text)):
        raise _Stop("An error occurred while parsing EntityName.", offset)
    return found


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _first_forbidden(text: str) -> _Stop | None:
    """The refusal of the first character that XML does not allow; it is raised once reading gets there."""
    bad = _FORBIDDEN.search(text)
    if bad is None:
        return None
    return _Stop(f"'{bad[0]}', hexadecimal value 0x{ord(bad[0]):02X}, is an invalid character.", bad.start())


@lru_cache(maxsize=2048)
def _parts(name: str) -> tuple[str, str] | None:
    """Prefix and local part of a name; None where it is none."""
    prefix, colon, local = name.rpartition(":")
    if (colon and not prefix) or not local or ":" in prefix or local[0] in "-.0123456789":
        return None
    return prefix, local


def _split(name: str, offset: int) -> tuple[str, str]:
    parts = _parts(name) if len(name) < _LONG_NAME else _parts.__wrapped__(name)
    if parts is None:
        raise _Stop(f"Name cannot begin with the '{name[:1]}' character.", offset)
    return parts


def _plain(name: str, offset: int, opened: int, scope: Mapping[str, str]) -> Element:
    """An element without attributes."""
    prefix, local = _split(name, offset)
    if prefix and prefix not in scope:
        raise _Stop(f"'{prefix}' is an undeclared prefix.", offset)
    return Element(scope.get(prefix, ""), local, _NO_ATTRIBUTES, opened, scope)


_Attributes = Mapping[tuple[str, str], str]
_Known = dict[tuple[str, int], _Attributes]
"""Attributes without declarations that were read before, by their text and the scope they stood in."""


def _open(match: re.Match[str], scope: Mapping[str, str], known: _Known) -> Element:
    offset = match.start()
    written = match[2]
    if not written:
        return _plain(match[1], offset, match.end(), scope)
    before = known.get((written, id(scope)))
    if before is not None:
        element = _plain(match[1], offset, match.end(), scope)
        element.attributes = before
        return element
    raw: dict[str, str] = {}
    for found in _ATTRIBUTE.finditer(written):
        if found[1] in raw:
            raise _Stop(f"'{found[1]}' is a duplicate attribute name.", offset)
        value = found[2] if found[2] is not None else found[3]
        raw[found[1]] = _unescape(value, offset)
    fresh = {k[6:] if k != "xmlns" else "": v for k, v in raw.items() if k == "xmlns" or k.startswith("xmlns:")}
    if fresh:
        scope = {**scope, **fresh}
    attributes: dict[tuple[str, str], str] = {}
    for name, value in raw.items():
        if name == "xmlns" or name.startswith("xmlns:"):
            continue
        prefix, local = _split(name, offset)
        if prefix and prefix not in scope:
            raise _Stop(f"'{prefix}' is an undeclared prefix.", offset)
        attributes[scope[prefix] if prefix else "", local] = value
    element = _plain(match[1], offset, match.end(), scope)
    element.attributes = attributes
    if not fresh:
        known[written, id(scope)] = attributes
    return element


def parse(text: str, *, normalise: bool = False) -> Markup:
    """Parse a document as far as it can be read; nothing is raised.

    ``normalise``: line ends become line feeds as XML 1.0 asks (2.x does so; WSE's reader of 1.x keeps them).
    """
    stack: list[tuple[Element, str]] = []
    known: _Known = {}
    root: Element | None = None
    at = 0
    forbidden = _first_forbidden(text)
    limit = len(text) if forbidden is None else forbidden.broken.offset
    try:
        declaration = _DECLARATION.match(text)
        if declaration:
            at = declaration.end()
        while at < len(text):
            if text[at] != "<":
                match = _TEXT.match(text, at)
                if match is None:
                    raise _Stop("Data at the root level is invalid.", at)
                if stack:
                    written = _line_ends(match[0]) if normalise else match[0]
                    stack[-1][0].pieces.append(_unescape(written, at))
                elif match[0].strip():
                    raise _Stop("Data at the root level is invalid.", at)
            elif forbidden is None and stack and len(stack) < MAXIMUM_DEPTH and (match := _LEAF.match(text, at)) is not None:
                parent = stack[-1][0]
                element = _plain(match[1], at, match.start(2), parent.scope)
                parent.pieces.append(element)
                if match[2]:
                    element.pieces.append(match[2])
                element.ended = match.end()
            elif (match := _START.match(text, at)) is not None:
                if root is not None and not stack:
                    raise _Stop("There are multiple root elements.", at)
                element = _open(match, stack[-1][0].scope if stack else {"xml": XML_NAMESPACE}, known)
                if stack:
                    stack[-1][0].pieces.append(element)
                root = root or element
                if match[3]:
                    element.ended = match.end()
                elif len(stack) >= MAXIMUM_DEPTH:
                    raise _Stop("The maximum read depth has been exceeded.", at)
                else:
                    stack.append((element, match[1]))
            elif (match := _END.match(text, at)) is not None:
                if not stack or stack[-1][1] != match[1]:
                    open_name = stack[-1][1] if stack else ""
                    raise _Stop(f"End element '{open_name}' expected. Found element '{match[1]}'.", at + 2)
                stack.pop()[0].ended = match.end()
            elif (match := _CDATA.match(text, at)) is not None:
                if not stack:
                    raise _Stop("Data at the root level is invalid.", at)
                stack[-1][0].pieces.append(_line_ends(match[1]) if normalise else match[1])
            elif (match := _COMMENT.match(text, at) or _INSTRUCTION.match(text, at)) is not None:
                if stack:
                    stack[-1][0].odd = True
            else:
                raise _Stop(_reason(text, at, stack), at + (2 if text.startswith("</", at) else 1))
            at = match.end()
            if forbidden is not None and at > limit:
                raise forbidden
        if stack or root is None:
            raise _Stop(_unclosed(stack), at)
    except _Stop as stop:
        return Markup(text, root, stop.broken)
    return Markup(text, root, None)


def _unclosed(stack: list[tuple[Element, str]]) -> str:
    if not stack:
        return "Root element is missing."
    names = ", ".join(e.name for e, _ in reversed(stack))
    return f"Unexpected end of file. Following elements are not closed: {names}."


def _reason(text: str, at: int, stack: list[tuple[Element, str]]) -> str:
    if text.startswith("<!DOCTYPE", at):
        return "DTD is not supported."
    if ">" not in text[at:]:
        return _unclosed(stack)
    return "The markup is not well-formed."

"""Replies: bytes, piece by piece -> a result or a :class:`Fault`. Strict, bounded, and streamed where it can be long.

A result is read in one of two ways. As a *tree* (:class:`Node`), for objects: every member is kept, so that it can be written back
untouched. As *rows*, for lists of any length: a DataSet or a typed list, of which only the wanted columns are kept; memory
grows with what is kept, not with the reply.

Refused, always with a short harmless fragment: document types and entities, another charset than UTF-8, web pages, replies over a
size, elements over a depth, XML that does not end. Read leniently: references to characters that XML 1.0 does not have
(``&#x8;``), which real panels store and write back (contract 1.4); each becomes U+FFFD, and ``mended`` counts them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from xml.parsers import expat

from resellerplan.errors import PanelNotUnderstood
from resellerplan.neutralise import fragment_of, one_line
from resellerplan.soap.dataset import Row, Table, Tables
from resellerplan.soap.envelope import SOAP11, SOAP12, XSI
from resellerplan.soap.fault import Fault, read_fault
from resellerplan.soap.node import Node, plain_name

__all__ = ["DEFAULT_MAX_BYTES", "MAX_DEPTH", "SECRET_MEMBERS", "ReplyReader", "mend_references"]

DEFAULT_MAX_BYTES = 512 * 1024 * 1024
MAX_DEPTH = 100

SECRET_MEMBERS = frozenset(
    {"password", "adpassword", "pinsecret", "onetimepasswordstate", "cryptokey", "passwordhash", "serverpassword"}
)
"""Members whose text is never kept, by plain name: oldest panels return the plain password of every user (contract 1.3)."""

_REFERENCE = re.compile(rb"&#(?:x([0-9A-Fa-f]{1,8})|([0-9]{1,10}));")
_UTF8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_SCHEMA = "http://www.w3.org/2001/XMLSchema"
_SEPARATOR = "}"
_NIL = f"{XSI}{_SEPARATOR}nil"
_SPECIAL = {"schema", "diffgram"}


def _mend(match: re.Match[bytes]) -> bytes:
    number = int(match[1], 16) if match[1] else int(match[2])
    allowed = number in {9, 10, 13} or 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD or 0x10000 <= number <= 0x10FFFF
    return match[0] if allowed else b"&#xFFFD;"


def mend_references(data: bytes) -> bytes:
    """The bytes with every reference to a character that XML 1.0 does not have replaced by one to U+FFFD."""
    return _REFERENCE.sub(_mend, data) if b"&#" in data else data


@lru_cache(maxsize=4096)
def _taken_apart(name: str) -> tuple[str, str, bool]:
    """An element's namespace, its local name, and whether its text is a secret."""
    namespace, _, local = name.rpartition(_SEPARATOR)
    return namespace, local, plain_name(local) in SECRET_MEMBERS


class ReplyReader:
    """Reads one reply of ``operation``. Feed it pieces, then ``close()``; then look at ``fault``, ``result`` or ``tables``.

    ``wanted`` are the plain names of the columns to keep (rows), or None for a tree. ``on_row(table, row)`` takes each row as it
    comes instead of collecting it. All errors are :class:`PanelNotUnderstood`.
    """

    def __init__(
        self,
        operation: str,
        *,
        wanted: Sequence[str] | None = None,
        on_row: Callable[[int, Row], None] | None = None,
        max_bytes: int = DEFAULT_MAX_BYTES,
    ) -> None:
        self.operation = operation
        self.fault: Fault | None = None
        self.result: Node | None = None
        self.tables = Tables()
        self.listed = False
        """Whether there is a list (of rows), be it an empty one: a result that is missing or null is none."""
        self.mended = 0
        self.received = 0
        self._wanted = {name: index for index, name in enumerate(wanted)} if wanted is not None else None
        self._on_row = on_row
        self._max_bytes = max_bytes
        self._beginning = b""
        self._held = b""
        self._depth = 0
        self._body_seen = False
        self._answered = False
        self._parts: list[str] = []
        parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.XmlDeclHandler = self._declaration
        parser.StartElementHandler = self._start_envelope
        parser.EndElementHandler = self._end_envelope
        self._parser = parser

    # -- feeding ---------------------------------------------------------------------------------------------------------------

    def feed(self, data: bytes) -> None:
        """Take the next piece."""
        if not data:
            return
        self.received += len(data)
        if len(self._beginning) < 400:
            self._beginning += data[:400]
            self._look_at_beginning()
        if self.received > self._max_bytes:
            raise self._refused(f"the reply is longer than {self._max_bytes} bytes")
        if self._held:
            data, self._held = self._held + data, b""
        cut = data.rfind(b"&", max(0, len(data) - 16))
        if cut >= 0 and data.find(b";", cut) < 0:
            data, self._held = data[:cut], data[cut:]
        self._parse(data, last=False)

    def close(self) -> None:
        """The reply has ended. Raises where it should not have ended yet, or holds neither a result nor a fault."""
        self._parse(self._held, last=True)
        self._held = b""
        self.tables.mended = self.mended > 0
        if not self._answered and self.fault is None:
            raise self._refused(f"the reply holds no {self.operation}Response")

    def _parse(self, data: bytes, *, last: bool) -> None:
        mended = mend_references(data)
        if mended is not data and mended != data:
            self.mended += 1
        data = mended
        try:
            self._parser.Parse(data, last)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            if self.received == 0:
                raise self._refused("the reply is empty") from None
            if last and error.code in {3, 5, 6}:
                raise self._refused("the reply ends in the middle") from None
            raise self._refused(f"the reply is not well-formed XML ({reason}, line {error.lineno})") from None

    def _look_at_beginning(self) -> None:
        start = self._beginning.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
        if self._beginning[:2] in {b"\xff\xfe", b"\xfe\xff"} or self._beginning[:1] == b"\x00":
            raise self._refused("the reply is not in UTF-8")
        if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
            raise self._refused("the reply is a web page, not SOAP")
        if start and not start.startswith(b"<"):
            raise self._refused("the reply is not XML")

    def _refused(self, why: str) -> PanelNotUnderstood:
        return PanelNotUnderstood(why, fragment=fragment_of(self._beginning))

    def _doctype(self, *_: object) -> None:
        raise self._refused("the reply holds a document type, which no panel sends")

    def _entity(self, *_: object) -> None:
        raise self._refused("the reply declares entities, which no panel does")

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _UTF8:
            raise self._refused(f"the reply is in {one_line(encoding, 20)}, not in UTF-8")

    # -- from the envelope to the result ---------------------------------------------------------------------------------------

    def _start_envelope(self, name: str, attributes: list[str]) -> None:
        self._depth += 1
        namespace, _, local = name.rpartition(_SEPARATOR)
        if self._depth > MAX_DEPTH:
            raise self._refused("the reply is nested too deeply")
        if self._depth == 1 and (local != "Envelope" or namespace not in {SOAP11, SOAP12}):
            raise self._refused("the reply is XML, but no SOAP envelope")
        if self._depth == 2 and local == "Body" and namespace in {SOAP11, SOAP12}:
            if self._body_seen:
                raise self._refused("the reply has two bodies")
            self._body_seen = True
        elif self._depth == 3 and self._body_seen:
            self._start_answer(name, attributes)

    def _end_envelope(self, _name: str) -> None:
        self._depth -= 1

    def _start_answer(self, name: str, attributes: list[str]) -> None:
        namespace, _, local = name.rpartition(_SEPARATOR)
        if self._answered or self.fault is not None:
            raise self._refused("the reply holds two answers")
        if local == "Fault" and namespace in {SOAP11, SOAP12}:
            self._begin_tree(self._take_fault)
            self._open(name, attributes)
            return
        if local != f"{self.operation}Response":
            raise self._refused(f"the reply answers {one_line(local, 60)}, not {self.operation}")
        self._answered = True
        self._parser.StartElementHandler = self._start_result
        self._parser.EndElementHandler = self._end_response

    def _start_result(self, name: str, attributes: list[str]) -> None:
        self._depth += 1
        if self._wanted is None:
            self._begin_tree(self._take_result)
            self._open(name, attributes)
        elif _is_nil(attributes):
            self._parser.EndElementHandler = self._end_nil_rows
            self._parser.StartElementHandler = self._start_nowhere
        else:
            self.listed = True
            self._parser.StartElementHandler = self._start_rows
            self._parser.EndElementHandler = self._end_rows

    def _end_response(self, name: str) -> None:
        self._depth -= 1
        self._parser.StartElementHandler = self._start_envelope
        self._parser.EndElementHandler = self._end_envelope

    def _start_nowhere(self, _name: str, _attributes: list[str]) -> None:
        raise self._refused("the reply holds an element inside a nil one")

    def _end_nil_rows(self, _name: str) -> None:
        self._back_to_response()

    def _back_to_response(self) -> None:
        self._depth -= 1
        self._parser.StartElementHandler = self._start_nowhere_else
        self._parser.EndElementHandler = self._end_response
        self._parser.CharacterDataHandler = None

    def _start_nowhere_else(self, name: str, attributes: list[str]) -> None:
        # ``out`` parameters of a method follow its result; none of ours has any, so a second element is skipped as a tree.
        self._depth += 1
        self._begin_tree(self._skip)
        self._open(name, attributes)

    # -- trees -----------------------------------------------------------------------------------------------------------------

    def _begin_tree(self, take: Callable[[Node], None]) -> None:
        """From the element that was opened last to its end three functions run per element: closures over locals, for speed."""
        parser, parts = self._parser, self._parts
        clear, join, collect = parts.clear, "".join, parts.append
        stack: list[Node] = []
        push, pop = stack.append, stack.pop
        most = MAX_DEPTH - self._depth

        def start(name: str, attributes: list[str]) -> None:
            namespace, local, secret = _taken_apart(name)
            node = Node(local, None, None, namespace, bool(attributes) and _is_nil(attributes), secret)
            if stack:
                if len(stack) > most:
                    raise self._refused("the reply is nested too deeply")
                stack[-1].children.append(node)
            push(node)
            clear()
            if secret:
                parser.CharacterDataHandler = None
            elif local == "element" and namespace == _SCHEMA:
                node.text = next((attributes[i + 1] for i in range(0, len(attributes), 2) if attributes[i] == "name"), "")

        def end(_name: str) -> None:
            node = pop()
            if node.secret:
                node.text = ""
                parser.CharacterDataHandler = collect
            elif not node.children and not node.nil and node.text is None:
                node.text = join(parts)
            clear()
            if not stack:
                take(node)

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = collect
        self._open = start

    def _take_fault(self, node: Node) -> None:
        self.fault = read_fault(node)
        self._depth -= 1
        self._parser.StartElementHandler = self._start_envelope
        self._parser.EndElementHandler = self._end_envelope
        self._parser.CharacterDataHandler = None

    def _skip(self, _node: Node) -> None:
        self._back_to_response()

    def _take_result(self, node: Node) -> None:
        self.result = node
        self._back_to_response()

    # -- rows ------------------------------------------------------------------------------------------------------------------

    def _start_rows(self, name: str, attributes: list[str]) -> None:
        namespace, _, local = name.rpartition(_SEPARATOR)
        self._depth += 1
        if local == "schema" and namespace == _SCHEMA:
            self._schema_depth = self._depth
            self._columns: set[str] = set()
            self._names: list[str] = []
            self._parser.StartElementHandler = self._start_schema
            self._parser.EndElementHandler = self._end_schema
        elif local == "diffgram":
            self._row_depth = self._depth + 2
            self._begin_table_rows()
        else:
            self.tables.tables = self.tables.tables or [Table()]
            self._names = [""]
            self._row_depth = self._depth
            self._depth -= 1
            self._begin_table_rows()
            self._start_column(name, attributes)

    def _end_rows(self, _name: str) -> None:
        self._back_to_response()

    def _start_schema(self, name: str, attributes: list[str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._refused("the reply is nested too deeply")
        level = self._depth - self._schema_depth
        if level not in {4, 7} or not name.endswith("}element"):
            return
        named = next((attributes[i + 1] for i in range(0, len(attributes), 2) if attributes[i] == "name"), "")
        if level == 4:
            if not self.tables.first_name:
                self.tables.first_name = named
            self._names.append(named)
            self.tables.tables.append(Table())
        elif self.tables.tables:
            table = self.tables.tables[-1]
            table.columns = table.columns | {plain_name(named)}

    def _end_schema(self, _name: str) -> None:
        if self._depth == self._schema_depth:
            self._parser.StartElementHandler = self._start_rows
            self._parser.EndElementHandler = self._end_rows
        self._depth -= 1

    def _begin_table_rows(self) -> None:
        """From here on to the end of the rows two functions run once per element: they are closures over locals for speed."""
        assert self._wanted is not None
        parser = self._parser
        wanted = self._wanted
        width = len(wanted)
        parts = self._parts
        clear, join = parts.clear, "".join
        row_depth = self._row_depth
        level = self._depth - row_depth  # 0 = a row is open, 1 = a column is
        known: dict[str, int] = {}
        tables = self.tables.tables
        positions = {name: index for index, name in enumerate(self._names)}
        deepest = MAX_DEPTH - row_depth
        row: Row = [None] * width
        index = -1  # of the column that is open
        secret = False
        nil = False
        on_row = self._on_row

        def position(name: str) -> int:
            local = plain_name(name.rpartition(_SEPARATOR)[2])
            if local in SECRET_MEMBERS:
                return -2
            return wanted.get(local, -1)

        def start(name: str, attributes: list[str]) -> None:
            nonlocal level, row, secret, nil, index
            level += 1
            if level == 1:
                clear()
                try:
                    index = known[name]
                except KeyError:
                    index = known[name] = position(name)
                if index == -2:
                    secret = True
                    parser.CharacterDataHandler = None
                elif attributes and _is_nil(attributes):
                    nil = True
            elif level == 0:
                row = [None] * width
            elif level > deepest:
                raise self._refused("the reply is nested too deeply")

        def end(name: str) -> None:
            nonlocal level, secret, nil
            if level == 1:
                if secret:
                    secret = False
                    parser.CharacterDataHandler = parts.append
                elif nil:
                    nil = False
                elif index >= 0:
                    row[index] = join(parts)
            elif level == 0:
                table = positions.get(name.rpartition(_SEPARATOR)[2], 0) if len(tables) != 1 else 0
                if on_row is None:
                    tables[table].rows.append(row)
                else:
                    on_row(table, row)
            level -= 1
            if level + row_depth < result_depth:
                self._depth = result_depth
                self._back_to_response()

        result_depth = 4
        parser.CharacterDataHandler = parts.append
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        self._start_column = start


def _is_nil(attributes: list[str]) -> bool:
    return any(attributes[i] == _NIL and attributes[i + 1] in {"true", "1"} for i in range(0, len(attributes), 2))

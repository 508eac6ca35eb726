"""The panel's template language, an implementation of our own: ``#user.Username#`` and the ``ad:`` tags.

Texts of errors are the recorded ones; an error is no exception for the panel's callers, it *is* the evaluated text (real panel
report 6). Supported: ``#expression#`` (members, ``[n]``, string and number literals, comparisons, ``and``, ``or``, ``not``),
``##`` for a number sign, ``<ad:if test="...">`` with ``<ad:elseif test="...">`` and ``<ad:else>``, ``<ad:foreach collection="#...#"
var="x" index="i">``, ``<ad:set name="x" value="#...#"/>``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

__all__ = ["TemplateError", "TemplateObject", "evaluate", "evaluate_or_error"]


class TemplateError(Exception):
    """What is wrong, and where (line and column count from 1)."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"Error in template (Line {line}, Column {column}): {message}")


@dataclass(frozen=True, slots=True)
class TemplateObject:
    """An object of the panel: its members in the order in which an error lists them. ``load`` gives a member's value."""

    members: tuple[str, ...]
    load: Callable[[str], object]


@dataclass(frozen=True, slots=True)
class _Place:
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    place: _Place


@dataclass(slots=True)
class _Text:
    text: str


@dataclass(slots=True)
class _Output:
    expression: _Expression


@dataclass(slots=True)
class _If:
    branches: list[tuple[_Expression | None, list[_Node]]]


@dataclass(slots=True)
class _ForEach:
    collection: _Expression
    variable: str
    index: str
    body: list[_Node]


@dataclass(slots=True)
class _Set:
    name: str
    value: _Expression


_Node = _Text | _Output | _If | _ForEach | _Set


@dataclass(slots=True)
class _Expression:
    """A parsed expression: ``evaluate`` runs it on the variables."""

    place: _Place
    evaluate: Callable[[Mapping[str, object]], object]


_TAG = re.compile(r"<(/?)ad:(\w+)((?:\s+\w+\s*=\s*\"[^\"]*\")*)\s*(/?)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(\w+)\s*=\s*\"([^\"]*)\"")
_TOKEN = re.compile(
    r"(?P<blank>\s+)|(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<compare><=|>=|!=|==|<>|[=<>])|(?P<sign>[.\[\](),+\-*/&|!])"
)


def _place(source: str, offset: int) -> _Place:
    line = source.count("\n", 0, offset) + 1
    return _Place(line, offset - (source.rfind("\n", 0, offset) + 1) + 1)


class _Parser:
    """Text to nodes. One pass; positions are those of the whole source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.offset = 0

    def parse(self, until: frozenset[str] = frozenset()) -> tuple[list[_Node], re.Match[str] | None]:
        """Nodes up to the end, or to one of the tags in ``until`` (``else``, ``/if`` ...), which is returned."""
        nodes: list[_Node] = []
        start = self.offset
        while self.offset < len(self.source):
            character = self.source[self.offset]
            tag = _TAG.match(self.source, self.offset) if character == "<" else None
            if tag is not None:
                self._flush(nodes, start)
                name = tag[1] + tag[2].lower()
                self.offset = tag.end()
                if name in until:
                    return nodes, tag
                nodes.append(self._tag(tag))
                start = self.offset
            elif character == "#":
                self._flush(nodes, start)
                if self.source.startswith("##", self.offset):
                    nodes.append(_Text("#"))
                    self.offset += 2
                else:
                    nodes.append(_Output(self._embedded()))
                start = self.offset
            else:
                self.offset += 1
        self._flush(nodes, start)
        if until:
            raise self._error(f"Tag '{sorted(until)[0]}' was expected.", len(self.source))
        return nodes, None

    def _flush(self, nodes: list[_Node], start: int) -> None:
        if start < self.offset:
            nodes.append(_Text(self.source[start : self.offset]))

    def _error(self, message: str, offset: int) -> TemplateError:
        place = _place(self.source, offset)
        return TemplateError(message, place.line, place.column)

    def _embedded(self) -> _Expression:
        start = self.offset + 1
        end = self.source.find("#", start)
        expression = _ExpressionParser(self.source, start, len(self.source) if end < 0 else end).parse()
        if end < 0:
            raise self._error("Closing '#' was expected.", len(self.source))
        self.offset = end + 1
        return expression

    def _attribute(self, tag: re.Match[str], name: str) -> _Expression:
        for attribute in _ATTRIBUTE.finditer(tag[3]):
            if attribute[1].lower() == name:
                start = tag.start(3) + attribute.start(2)
                end = tag.start(3) + attribute.end(2)
                if self.source[start:end].startswith("#") and self.source[start:end].endswith("#") and end - start > 1:
                    start, end = start + 1, end - 1
                return _ExpressionParser(self.source, start, end).parse()
        raise self._error(f"Attribute '{name}' was expected.", tag.start())

    def _word(self, tag: re.Match[str], name: str) -> str:
        return next((a[2] for a in _ATTRIBUTE.finditer(tag[3]) if a[1].lower() == name), "")

    def _tag(self, tag: re.Match[str]) -> _Node:
        name = tag[1] + tag[2].lower()
        if name == "if":
            return self._branches(tag)
        if name == "foreach":
            collection = self._attribute(tag, "collection")
            body, _ = self.parse(frozenset({"/foreach"}))
            return _ForEach(collection, self._word(tag, "var"), self._word(tag, "index"), body)
        if name == "set":
            return _Set(self._word(tag, "name"), self._attribute(tag, "value"))
        raise self._error(f"Unknown tag 'ad:{tag[2]}'.", tag.start())

    def _branches(self, tag: re.Match[str]) -> _If:
        branches: list[tuple[_Expression | None, list[_Node]]] = []
        condition: _Expression | None = self._attribute(tag, "test")
        while True:
            body, end = self.parse(frozenset({"else", "elseif", "/if"}))
            branches.append((condition, body))
            word = "" if end is None else end[1] + end[2].lower()
            if end is None or word == "/if":
                return _If(branches)
            condition = self._attribute(end, "test") if word == "elseif" else None


class _ExpressionParser:
    """``or`` over ``and`` over comparisons over sums over members."""

    def __init__(self, source: str, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.tokens = list(self._tokens())
        self.at = 0

    def _tokens(self) -> list[_Token]:
        found: list[_Token] = []
        offset = self.start
        while offset < self.end:
            match = _TOKEN.match(self.source, offset, self.end)
            if match is None:
                place = _place(self.source, offset)
                raise TemplateError(f"Unexpected symbol '{self.source[offset]}'.", place.line, place.column)
            kind = match.lastgroup or ""
            if kind != "blank":
                found.append(_Token(kind, match[0], _place(self.source, offset)))
            offset = match.end()
        return found

    def parse(self) -> _Expression:
        expression = self._either()
        if self.at < len(self.tokens):
            raise self._error(f"Unexpected symbol '{self.tokens[self.at].text}'.")
        return expression

    def _here(self) -> _Place:
        if self.at < len(self.tokens):
            return self.tokens[self.at].place
        return _place(self.source, self.end)

    def _error(self, message: str) -> TemplateError:
        place = self._here()
        return TemplateError(message, place.line, place.column)

    def _peek(self, *texts: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].text.lower() in texts

    def _take(self, *texts: str) -> bool:
        if self._peek(*texts):
            self.at += 1
            return True
        return False

    def _either(self) -> _Expression:
        left = self._both()
        while self._take("or", "|"):
            left = _any(left, self._both())
        return left

    def _both(self) -> _Expression:
        left = self._negated()
        while self._take("and", "&"):
            left = _all(left, self._negated())
        return left

    def _negated(self) -> _Expression:
        if self._take("not", "!"):
            inner = self._negated()
            return _Expression(inner.place, lambda v: not _truth(inner.evaluate(v)))
        return self._compared()

    def _compared(self) -> _Expression:
        left = self._operand()
        if self.at < len(self.tokens) and self.tokens[self.at].kind == "compare":
            sign = self.tokens[self.at].text
            self.at += 1
            right = self._operand()
            return _Expression(left.place, lambda v: _compare(sign, left.evaluate(v), right.evaluate(v)))
        return left

    def _operand(self) -> _Expression:
        place = self._here()
        if self._take("("):
            inner = self._either()
            if not self._take(")"):
                raise self._error("Closing bracket was expected.")
            return inner
        if self.at >= len(self.tokens):
            raise self._error("Expression was expected.")
        token = self.tokens[self.at]
        self.at += 1
        if token.kind == "number":
            number: object = Decimal(token.text) if "." in token.text else int(token.text)
            return _Expression(place, lambda _: number)
        if token.kind == "text":
            return _Expression(place, lambda _: token.text[1:-1])
        if token.kind != "name":
            self.at -= 1
            raise self._error(f"Unexpected symbol '{token.text}'.")
        if token.text.lower() in ("true", "false"):
            return _Expression(place, lambda _: token.text.lower() == "true")
        return self._member(_Expression(place, lambda v: _variable(v, token)))

    def _member(self, owner: _Expression) -> _Expression:
        while True:
            if self._take("."):
                if self.at >= len(self.tokens) or self.tokens[self.at].kind != "name":
                    raise self._error("Wrong usage of period. Identifier was expected.")
                name = self.tokens[self.at].text
                self.at += 1
                owner = self._property(owner, name)
            elif self._take("["):
                index = self._either()
                if not self._take("]"):
                    raise self._error("Closing bracket was expected.")
                owner = self._item(owner, index)
            else:
                return owner

    def _property(self, owner: _Expression, name: str) -> _Expression:
        return _Expression(owner.place, lambda v: _load(owner.evaluate(v), name, owner.place))

    def _item(self, owner: _Expression, index: _Expression) -> _Expression:
        return _Expression(owner.place, lambda v: _indexed(owner.evaluate(v), index.evaluate(v), owner.place))


def _any(left: _Expression, right: _Expression) -> _Expression:
    return _Expression(left.place, lambda v: _truth(left.evaluate(v)) or _truth(right.evaluate(v)))


def _all(left: _Expression, right: _Expression) -> _Expression:
    return _Expression(left.place, lambda v: _truth(left.evaluate(v)) and _truth(right.evaluate(v)))


def _variable(variables: Mapping[str, object], token: _Token) -> object:
    for name, value in variables.items():
        if name.lower() == token.text.lower():
            return value
    raise TemplateError(f"Variable could not be found: {token.text}", token.place.line, token.place.column)


def _load(owner: object, name: str, place: _Place) -> object:
    members: Sequence[str] = ()
    if isinstance(owner, TemplateObject):
        members = owner.members
        for member in members:
            if member.lower() == name.lower():
                return owner.load(member)
    elif isinstance(owner, Sequence) and not isinstance(owner, str):
        members = ("Count", "Length")
        if name.lower() in ("count", "length"):
            return len(owner)
    raise TemplateError(
        f"Public property could not be found: {name}. Supported properties: {','.join(members)}", place.line, place.column
    )


def _indexed(owner: object, index: object, place: _Place) -> object:
    if isinstance(owner, Mapping):
        if index in owner:
            return owner[index]
    elif isinstance(owner, Sequence) and isinstance(index, int) and 0 <= index < len(owner):
        return owner[index]
    raise TemplateError(f"Index is out of range: {_shown(index)}", place.line, place.column)


def _truth(value: object) -> bool:
    return value.lower() == "true" if isinstance(value, str) else bool(value)


def _compare(sign: str, left: object, right: object) -> bool:
    if sign in ("=", "==", "!=", "<>"):
        equal = left == right or _shown(left).lower() == _shown(right).lower()
        return equal == (sign in ("=", "=="))
    try:
        first, second = Decimal(_shown(left)), Decimal(_shown(right))
    except ArithmeticError:
        return False
    return {"<": first < second, ">": first > second, "<=": first <= second, ">=": first >= second}[sign]


def _shown(value: object) -> str:
    """A value as .NET's en-US culture writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, datetime):
        return f"{value.month}/{value.day}/{value.year} {value.hour % 12 or 12}:{value:%M:%S} {'AM' if value.hour < 12 else 'PM'}"
    return str(value)


@dataclass(slots=True)
class _Run:
    variables: dict[str, object]
    out: list[str] = field(default_factory=list)

    def nodes(self, nodes: Sequence[_Node]) -> None:
        for node in nodes:
            match node:
                case _Text(text):
                    self.out.append(text)
                case _Output(expression):
                    self.out.append(_shown(expression.evaluate(self.variables)))
                case _If(branches):
                    for condition, body in branches:
                        if condition is None or _truth(condition.evaluate(self.variables)):
                            self.nodes(body)
                            break
                case _ForEach(collection, variable, index, body):
                    values = collection.evaluate(self.variables)
                    for number, value in enumerate(values if isinstance(values, Sequence) else ()):
                        self.variables |= {variable: value, index: number} if index else {variable: value}
                        self.nodes(body)
                case _Set(name, value):
                    self.variables[name] = value.evaluate(self.variables)


def evaluate(template: str, variables: Mapping[str, object]) -> str:
    """The text that a template gives with these variables. Raises :class:`TemplateError`."""
    nodes, _ = _Parser(template).parse()
    run = _Run(dict(variables))
    run.nodes(nodes)
    return "".join(run.out)


def evaluate_or_error(template: str, variables: Mapping[str, object]) -> str:
    """The text that a template gives, or the text of its error: the panel makes no difference."""
    try:
        return evaluate(template, variables)
    except TemplateError as error:
        return str(error)

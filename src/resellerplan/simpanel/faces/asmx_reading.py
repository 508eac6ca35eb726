"""Reading a request's body as ASMX does: XmlSerializer over a DOM (contract 1.1.3, 1.x report 1.2 and 3.1).

Order does not matter, unknown elements are skipped, what is missing is .NET's default. Of a repeated element the first
counts, of a repeated array *member* the last that is not nil. ``xsi:nil`` on a string is the empty string. Line ends are kept
as they were sent and so are blanks, because WSE's DOM keeps both (recording 073 of the 1.x scenario: a name of blanks passes
the check that an empty one does not).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo

from resellerplan.simpanel.faces import asmx_rules as rules
from resellerplan.simpanel.faces.enumerations import PAIRED, enum_name, enum_number
from resellerplan.simpanel.faces.scalars import DEFAULTS, Unreadable, is_reference, parse_scalar
from resellerplan.simpanel.markup import Element, text_of
from resellerplan.simpanel.operations import ArrayType, Catalogue, ClassType, EnumType, Member, Operation
from resellerplan.simpanel.rules import Rule

__all__ = ["NotLoadable", "NotReadable", "read_parameters", "read_result"]

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
_NUMBERS = frozenset({"xs:int", "xs:long", "xs:short", "xs:decimal", "xs:double"})
_OFFSET = re.compile(r"[+-][0-9]{2}:[0-9]{2}$")


@dataclass(slots=True)
class NotReadable(Exception):
    """The serializer refused a value: the innermost message."""

    message: str

    def __str__(self) -> str:
        return self.message


class NotLoadable(Exception):
    """A comment or processing instruction inside a value: WSE answers HTTP 400 without a body (1.x report 1.2)."""


@dataclass(frozen=True, slots=True)
class _Reader:
    panel: Catalogue
    namespace: str
    zone: tzinfo
    off: frozenset[str] = frozenset()

    def on(self, rule: Rule) -> bool:
        """Whether a rule is in force."""
        return rules.in_force(rule, self.off)

    def members(self, holder: Element | None, members: tuple[Member, ...], *, parameters: bool) -> dict[str, object]:
        """Members or parameters by property name, every one present."""
        found: dict[str, object] = {}
        by_name = {m.name: m for m in members}
        order = [m.name for m in members]
        for element in holder or ():
            member = by_name.get(element.name) if element.namespace == self.namespace else None
            if member is None:
                if not self.on(rules.UNKNOWN_SKIPPED):
                    raise NotReadable(f"<{element.name} xmlns='{element.namespace}'> was not expected.")
                continue
            if self.off and not self.on(rules.ORDER_FREE):
                if member.name not in order:
                    continue
                del order[: order.index(member.name) + 1]
            array = isinstance(self.panel.types.get(member.type), ArrayType)
            if array and not parameters:
                if not self._nil(element):
                    found[member.property] = self.value(element, member)
            elif member.property not in found or not self.on(rules.FIRST_COUNTS):
                found[member.property] = self.value(element, member)
        if parameters and len(found) < len(members) and not self.on(rules.MISSING_DEFAULT):
            raise NotReadable("Element is missing.")
        for member in members:
            found.setdefault(member.property, self.default(member))
        return found

    def default(self, member: Member) -> object:
        """What a missing element is."""
        if member.type.startswith("xs:") or member.type in ("guid", "char"):
            nullable = member.nillable and not is_reference(member.type)
            return None if nullable else DEFAULTS.get(member.type)
        found = self.panel.types.get(member.type)
        return enum_name(found, 0) if isinstance(found, EnumType) else None

    def value(self, element: Element, member: Member) -> object:
        """The value of a present element."""
        found = self.panel.types.get(member.type)
        match found:
            case ClassType():
                self._check_type(element, found)
                return self.instance(element, found)
            case ArrayType():
                return None if self._nil(element) else self.items(element, found)
            case EnumType():
                text = self._text(element)
                if not self.on(rules.ENUM_NAMES):
                    text = next((name for name in found.values if name.lower() == text.lower()), text)
                if text not in found.values:
                    raise NotReadable(f"Instance validation error: '{text}' is not a valid value for {found.name}.")
                return text
            case None if member.type == "DataSet":
                return None
            case None:
                return self.scalar(element, member)

    def scalar(self, element: Element, member: Member) -> object:
        """A scalar; nil on a nullable one is null."""
        if member.nillable and not is_reference(member.type) and self._nil(element):
            return None
        if member.type == "xs:string" and not self.on(rules.NIL_STRING) and self._nil(element):
            return None
        text = self._text(element, string=member.type == "xs:string")
        if member.type in _NUMBERS and not self.on(rules.BLANKS_AROUND) and text != text.strip():
            raise NotReadable("Input string was not in a correct format.")
        if member.type == "xs:dateTime" and not self.on(rules.DATE_ZONES):
            text = _OFFSET.sub("", text)
        try:
            return parse_scalar(member.type, text, self.zone)
        except Unreadable as problem:
            raise NotReadable(problem.text(quoted=False)) from None

    def items(self, element: Element, array: ArrayType) -> list[object]:
        """The items of an array; elements of another name are skipped."""
        item = Member(array.item, array.type, required=False, nillable=array.nillable, property=array.item)
        return [
            None if array.nillable and self._nil(child) else self.value(child, item)
            for child in element
            if child.name == array.item and child.namespace == self.namespace
        ]

    def instance(self, element: Element, found: ClassType) -> dict[str, object]:
        """An object with every member; nil is an object of defaults."""
        members = self.panel.members(found.name)
        read = self.members(element, members, parameters=False)
        if found.name == "UserInfo":
            self._pair(element, read)
            if "Vlans" in read:
                read["Vlans"] = []
        return read

    def _pair(self, element: Element, read: dict[str, object]) -> None:
        """Members that write one stored number: the one that comes last in the document wins (contract 1.4)."""
        order = [c.name for c in element if c.namespace == self.namespace]
        types = {m.property: m.type for m in self.panel.members("UserInfo")}
        for (_, name), number in PAIRED.items():
            enum = self.panel.types.get(types.get(name, ""))
            if not isinstance(enum, EnumType):
                continue
            last = next((n for n in reversed(order) if n in (name, number)), number)
            if not self.on(rules.LATER_OF_PAIR):
                last = number
            if last == name:
                read[number] = enum_number(enum, str(read[name]))
            else:
                read[name] = enum_name(enum, int(str(read[number])))

    def _check_type(self, element: Element, found: ClassType) -> None:
        stated = element.attributes.get((XSI, "type"))
        if stated is None:
            return
        prefix, _, local = stated.strip().rpartition(":")
        space = element.scope.get(prefix, "")
        if (space, local) != (self.namespace, found.name):
            raise NotReadable(
                f"The specified type was not recognized: name='{local}', namespace='{space}', "
                f"at <{element.name} xmlns='{element.namespace}'>."
            )

    def _nil(self, element: Element) -> bool:
        return element.attributes.get((XSI, "nil"), "").strip() in ("true", "1")

    def _text(self, element: Element, *, string: bool = False) -> str:
        if element.odd and self.on(rules.ODD_CONTENT):
            raise NotLoadable
        text = text_of(element)
        if element.has_children and (text or not string or not self.on(rules.CHILD_SKIPPED)):
            raise NotReadable("'Element' is an invalid XmlNodeType.")
        return text


def read_parameters(
    body: Element,
    operation: Operation,
    namespace: str,
    panel: Catalogue,
    zone: tzinfo = UTC,
    off: frozenset[str] = frozenset(),
) -> Mapping[str, object]:
    """The parameters in a SOAP body. A body element that does not fit means default parameters (contract 1.1.3).

    ``off``: names of rules that are not in force.

    Raises :class:`NotReadable` and :class:`NotLoadable`.
    """
    fitting = [e for e in body if e.name == operation.name and e.namespace == namespace]
    reader = _Reader(panel, namespace, zone, off)
    return reader.members(fitting[-1] if fitting else None, operation.parameters, parameters=True)


def read_result(response: Element, operation: Operation, namespace: str, panel: Catalogue) -> object:
    """The result inside a response element, as a client reads it."""
    if operation.result is None:
        return None
    element = response.child(namespace, operation.result.name)
    return None if element is None else _Reader(panel, namespace, UTC).value(element, operation.result)

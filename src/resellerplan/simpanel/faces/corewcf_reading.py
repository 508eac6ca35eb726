"""Reading a request's body as CoreWCF does: DataContractSerializer, order enforced (contract 1.2, 3.3; real panel report 2).

Parameters are never checked: a missing, misspelt or misplaced one is its default. Members of kind (a) classes (required in
the schema) must stand in their places, else the fault names the element that was expected and the position; members of
kind (b) classes that stand in a wrong place are lost. Unknown elements are skipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo

from resellerplan.simpanel.faces.enumerations import enum_name, enum_type_name
from resellerplan.simpanel.faces.scalars import DEFAULTS, Unreadable, is_reference, net_name, parse_scalar
from resellerplan.simpanel.markup import Broken, Element, Markup, text_of
from resellerplan.simpanel.operations import ArrayType, Catalogue, ClassType, EnumType, Member, NamedType, Operation

__all__ = ["DESERIALIZATION_FAILED", "BodyFault", "read_parameters", "read_result"]

XSI = "http://www.w3.org/2001/XMLSchema-instance"
LARGEST_STRING = 16 * 1024 * 1024
"""Bytes of one string that are taken (real panel report 2: 16 MiB)."""

DESERIALIZATION_FAILED = "DeserializationFailed"
_SERIALIZATION = "System.Runtime.Serialization.SerializationException"
_XML = "System.Xml.XmlException"
_DISPATCHER = "CoreWCF.Dispatcher.NetDispatcherFaultException"


@dataclass(slots=True)
class BodyFault(Exception):
    """The body can't be read: the fault code's local name, the messages outermost first and their exceptions' types."""

    code: str
    messages: tuple[str, ...]
    types: tuple[str, ...]

    def __str__(self) -> str:
        return " ---> ".join(self.messages)


@dataclass(slots=True)
class _Bad(Exception):
    """An exception of the serializer: messages and types, outermost first. ``wrapped``: it names the root type besides."""

    messages: tuple[str, ...]
    types: tuple[str, ...]
    wrapped: bool


def _serialization(message: str) -> _Bad:
    return _Bad((message,), (_SERIALIZATION,), wrapped=False)


@dataclass(frozen=True, slots=True)
class _Reader:
    markup: Markup
    panel: Catalogue
    zone: tzinfo

    def check_read(self, element: Element) -> None:
        """Refuse an element inside which, or directly behind which, the document breaks off."""
        broken = self.markup.broken
        if broken is None:
            return
        if element.ended < 0 or not self._markup_follows(element.ended, broken):
            raise _Bad((self._broken_text(broken),), (_XML,), wrapped=True)

    def _markup_follows(self, offset: int, broken: Broken) -> bool:
        """Whether the node behind ``offset`` was still readable."""
        following = self.markup.text[offset : broken.offset]
        return bool(following.strip()) and following.lstrip() not in ("<", "</")

    def _broken_text(self, broken: Broken) -> str:
        line, column = self.markup.line_and_column(broken.offset)
        return f"{broken.message} Line {line}, position {column}."

    def value(self, element: Element, member: Member) -> object:
        """The value of a present element."""
        found = self.panel.types.get(member.type)
        nil = bool(element.attributes) and element.attributes.get((XSI, "nil"), "").strip() in ("true", "1")
        if self.markup.broken is not None:
            self.check_read(element)
        if nil:
            if isinstance(found, EnumType) or not (found or is_reference(member.type) or member.nillable):
                raise _serialization(f"ValueType '{self.type_name(member.type)}' cannot be null.")
            return None
        match found:
            case ClassType():
                return self.instance(element, found)
            case ArrayType():
                return self.items(element, found)
            case EnumType():
                return self.enumeration(element, found)
            case None if member.type == "DataSet":
                return None
            case None:
                return self.scalar(element, member.type)

    def scalar(self, element: Element, type_: str) -> object:
        """A scalar; what can't be parsed is named with the root type around it."""
        if element.has_children:
            child = next(iter(element))
            raise _Bad((f"End element '{element.name}' from namespace '{element.namespace}' expected. Found element "
                        f"'{child.name}' from namespace '{child.namespace}'.",), (_XML,), wrapped=True)  # fmt: skip
        text = text_of(element)
        if type_ == "xs:string" and len(text) > LARGEST_STRING // 4 and len(text.encode()) > LARGEST_STRING:
            message = (
                "The maximum string content length quota (16777216) has been exceeded while reading XML data. This quota may "
                "be increased by changing the MaxStringContentLength property on the XmlDictionaryReaderQuotas object used "
                "when creating the XML reader."
            )
            raise _Bad((message,), (_XML,), wrapped=True)
        try:
            return parse_scalar(type_, text, self.zone)
        except Unreadable as problem:
            outer = f"The value '{problem.value}' cannot be parsed as the type '{problem.target}'."
            raise _Bad((outer, str(problem)), (_XML, problem.exception), wrapped=True) from None

    def enumeration(self, element: Element, found: EnumType) -> str:
        """An enumeration's member by its exact name."""
        text = text_of(element)
        if text not in found.values:
            full = enum_type_name(found, self.panel)
            raise _serialization(
                f"Invalid enum value '{text}' cannot be deserialized into type '{full}'. Ensure that the necessary enum "
                "values are present and are marked with EnumMemberAttribute attribute if the type has DataContractAttribute "
                "attribute."
            )
        return text

    def items(self, element: Element, array: ArrayType) -> list[object]:
        """The items of an array; elements of another name are skipped."""
        item = Member(array.item, array.type, required=False, nillable=array.nillable, property=array.item)
        return [
            self.value(child, item)
            for child in element
            if child.name == array.item and child.namespace == array.namespace
        ]

    def instance(self, element: Element, found: ClassType) -> dict[str, object]:
        """An object with every member, read in order."""
        members = [(m, owner) for owner in self._line(found) for m in owner.members]
        found_values: dict[str, object] = {}
        following = 0
        for child in element:
            for index in range(following, len(members)):
                member, owner = members[index]
                if member.name == child.name and owner.namespace == child.namespace:
                    break
            else:
                continue
            missing = self._required(members[following:index])
            if missing is not None:
                raise self._unexpected("Element", child, child.opened, missing)
            found_values[member.property] = self.value(child, member)
            following = index + 1
        missing = self._required(members[following:])
        if missing is not None:
            raise self._unexpected("EndElement", element, element.ended, missing)
        return {m.property: found_values[m.property] if m.property in found_values else self.default(m) for m, _ in members}

    @staticmethod
    def _required(skipped: list[tuple[Member, ClassType]]) -> Member | None:
        """The first member that may not be left out."""
        for member, _ in skipped:
            if member.required:
                return member
        return None

    def _line(self, found: ClassType) -> tuple[ClassType, ...]:
        base = self.panel.types.get(found.base or "")
        return (*self._line(base), found) if isinstance(base, ClassType) else (found,)

    def _unexpected(self, node: str, element: Element, offset: int, expected: Member) -> _Bad:
        line, column = self.markup.line_and_column(offset)
        return _serialization(
            f"Error in line {line} position {column}. '{node}' '{element.name}' from namespace '{element.namespace}' is not "
            f"expected. Expecting element '{expected.name}'."
        )

    def default(self, member: Member) -> object:
        """What a missing element is."""
        found = self.panel.types.get(member.type)
        if isinstance(found, EnumType):
            return enum_name(found, 0)
        return None if member.nillable and found is None else DEFAULTS.get(member.type)

    def type_name(self, type_: str) -> str:
        """The full .NET name of a parameter's type, as faults state it."""
        found: NamedType | None = self.panel.types.get(type_)
        match found:
            case None:
                return "System.Data.DataSet" if type_ == "DataSet" else f"System.{net_name(type_)}"
            case ArrayType():
                return f"{self.type_name(found.type)}[]"
            case EnumType():
                return enum_type_name(found, self.panel)
            case ClassType():
                return f"{found.namespace.rpartition('/')[2]}.{found.name}"


def _refused(namespace: str, parameter: str, bad: _Bad, root: str) -> BodyFault:
    messages, types = bad.messages, bad.types
    if bad.wrapped:
        messages = (f"There was an error deserializing the object of type {root}. {messages[0]}", *messages)
        types = (_SERIALIZATION, *types)
    outer = (
        "The formatter threw an exception while trying to deserialize the message: There was an error while trying to "
        f"deserialize parameter {namespace}:{parameter}. The InnerException message was '{messages[0]}'.  Please see "
        "InnerException for more details."
    )
    return BodyFault(DESERIALIZATION_FAILED, (outer, *messages), (_DISPATCHER, *types))


def _invalid_body(operation: Operation, namespace: str, wrapper: Element | None) -> BodyFault:
    found = "Found node type 'EndElement' with name 'Body' and namespace 'http://schemas.xmlsoap.org/soap/envelope/'"
    if wrapper is not None:
        found = f"Found node type 'Element' with name '{wrapper.name}' and namespace '{wrapper.namespace}'"
    inner = (
        "OperationFormatter encountered an invalid Message body. Expected to find node type 'Element' with name "
        f"'{operation.name}' and namespace '{namespace}'. {found}"
    )
    outer = f"Error in deserializing body of request message for operation '{operation.name}'. {inner}"
    return BodyFault("InternalServiceFault", (outer, inner), ("CoreWCF.CommunicationException", _SERIALIZATION))


def read_parameters(
    body: Element, operation: Operation, namespace: str, markup: Markup, panel: Catalogue, zone: tzinfo = UTC
) -> Mapping[str, object]:
    """The parameters in a SOAP body. Raises :class:`BodyFault`."""
    wrapper = next(iter(body), None)
    if wrapper is None or (wrapper.name, wrapper.namespace) != (operation.name, namespace):
        raise _invalid_body(operation, namespace, wrapper)
    reader = _Reader(markup, panel, zone)
    members = operation.parameters
    read = {m.property: reader.default(m) for m in members}
    following = 0
    for child in wrapper:
        index = next(
            (i for i in range(following, len(members)) if members[i].name == child.name and child.namespace == namespace),
            None,
        )
        if index is None:
            continue
        member = members[index]
        try:
            read[member.property] = reader.value(child, member)
        except _Bad as bad:
            raise _refused(namespace, member.name, bad, reader.type_name(member.type)) from None
        following = index + 1
    if markup.broken is not None:
        line, column = markup.line_and_column(markup.broken.offset)
        inner = f"{markup.broken.message} Line {line}, position {column}."
        outer = f"Error in deserializing body of request message for operation '{operation.name}'. {inner}"
        raise BodyFault("InternalServiceFault", (outer, inner), ("CoreWCF.CommunicationException", _XML))
    return read


def read_result(response: Element, operation: Operation, namespace: str, markup: Markup, panel: Catalogue) -> object:
    """The result inside a response element, as a client reads it."""
    if operation.result is None:
        return None
    element = response.child(namespace, operation.result.name)
    return None if element is None else _Reader(markup, panel, UTC).value(element, operation.result)

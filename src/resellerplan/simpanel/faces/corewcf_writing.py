"""Writing a reply's body as CoreWCF does: DataContractSerializer's members in ordinal order, nulls as ``i:nil`` (contract 3.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache

from resellerplan.simpanel.faces.datasets import DataSetStyle, write_data_set
from resellerplan.simpanel.faces.enumerations import enum_name, enum_type_name
from resellerplan.simpanel.faces.scalars import DEFAULTS, escape, format_date_with_offset, format_scalar, is_reference
from resellerplan.simpanel.operations import ArrayType, Catalogue, ClassType, EnumType, Member, NamedType, Operation
from resellerplan.simpanel.wire import DataSet, ServiceFault

__all__ = ["CoreWcfWriter"]

_Writer = Callable[[object], str]
_BLOCK = 200
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_XSD = "http://www.w3.org/2001/XMLSchema"
_PREFIXES = "abcdefghijklmnopqrstuvwxyz"


class CoreWcfWriter:
    """Writes results of one flavour."""

    def __init__(
        self, panel: Catalogue, style: DataSetStyle, outer: tuple[str, ...] = (), *, date_offset: bool = False
    ) -> None:
        """``panel``: the flavour's catalogue; ``style``: how it writes DataSets; ``outer``: namespaces prefixed further out;
        ``date_offset``: typed dates carry the server's offset, but for the year 1 (real panel report 12)."""
        self._date_offset = date_offset
        self._panel = panel
        self._outer = outer
        self._style = style
        self._element = lru_cache(maxsize=None)(self._element_writer)

    def response(self, operation: Operation, namespace: str, result: object) -> Iterator[str]:
        """The body's content in blocks. Raises :class:`ServiceFault` where the serializer refuses a value."""
        wrapper = f"{operation.name}Response"
        member = operation.result
        if member is None:
            yield f'<{wrapper} xmlns="{namespace}"/>'
            return
        yield f'<{wrapper} xmlns="{namespace}">'
        yield from self._result(member, result)
        yield f"</{wrapper}>"

    def request(self, operation: Operation, namespace: str, parameters: Mapping[str, object]) -> str:
        """The body of a request, as a client writes it: every parameter in order."""
        written = "".join(
            piece for m in operation.parameters for piece in self._result(m, parameters.get(m.property))
        )
        return f'<{operation.name} xmlns="{namespace}">{written}</{operation.name}>'

    def _result(self, member: Member, result: object) -> Iterator[str]:
        name = member.name
        found = self._panel.types.get(member.type)
        if isinstance(found, ClassType | ArrayType):
            space = found.namespace
            marks = f' xmlns:{_PREFIXES[len(self._outer)]}="{space}" xmlns:i="{_XSI}"'
            if result is None:
                yield f'<{name} i:nil="true"{marks}/>'
                return
            content = self._content(found, (*self._outer, space))
            if isinstance(found, ArrayType) and isinstance(result, list) and result:
                yield f"<{name}{marks}>"
                for start in range(0, len(result), _BLOCK):
                    yield content(result[start : start + _BLOCK])
                yield f"</{name}>"
                return
            text = content(result)
            yield f"<{name}{marks}>{text}</{name}>" if text else f"<{name}{marks}/>"
        elif result is None and (member.type == "DataSet" or (found is None and is_reference(member.type))):
            prefix = _PREFIXES[len(self._outer)]
            yield f'<{name} {prefix}:nil="true" xmlns:{prefix}="{_XSI}"/>'
        elif isinstance(result, DataSet):
            yield f"<{name}>"
            yield from write_data_set(result, self._style)
            yield f"</{name}>"
        elif isinstance(found, EnumType):
            yield f"<{name}>{self._enum_text(found, result)}</{name}>"
        else:
            text = self._scalar_text(member.type, result)
            yield f"<{name}>{text}</{name}>" if text else f"<{name}/>"

    def _content(self, found: NamedType, scope: tuple[str, ...]) -> Callable[[object], str]:
        """The function that writes the inside of an object or an array; ``scope``: namespaces with a prefix, a first."""
        if isinstance(found, ArrayType):
            prefix = _PREFIXES[scope.index(found.namespace)]
            item = self._element(f"{prefix}:{found.item}", found.type, scope, found.nillable, "")

            def items(value: object) -> str:
                if not isinstance(value, list | tuple):
                    raise TypeError(f"{found.name} is to be a list")
                return "".join([item(v) for v in value])

            return items
        if not isinstance(found, ClassType):
            raise TypeError(f"{found.name} has no content")
        writers: list[tuple[str, _Writer]] = []
        for owner in self._line(found):
            inside, marks = scope, ""
            if owner.namespace not in scope:
                inside = (*scope, owner.namespace)
                marks = f' xmlns:{_PREFIXES[len(scope)]}="{owner.namespace}"'
            prefix = _PREFIXES[inside.index(owner.namespace)]
            for member in owner.members:
                write = self._element(f"{prefix}:{member.name}", member.type, inside, member.nillable, marks)
                writers.append((member.property, write))

        def members(value: object) -> str:
            if not isinstance(value, Mapping):
                raise TypeError(f"{found.name} is to be an object")
            get = value.get
            return "".join([write(get(name)) for name, write in writers])

        return members

    def _line(self, found: ClassType) -> tuple[ClassType, ...]:
        """The class and its bases, the root of the line first."""
        if found.base is None:
            return (found,)
        base = self._panel.types[found.base]
        if not isinstance(base, ClassType):
            raise TypeError(f"{found.base} is not a class")
        return (*self._line(base), found)

    def _element_writer(self, name: str, type_: str, scope: tuple[str, ...], nillable: bool, marks: str) -> _Writer:
        """The function that writes a prefixed member of this type; ``marks``: a declaration that its prefix needs."""
        found = self._panel.types.get(type_)
        match found:
            case EnumType():
                return lambda value: f"<{name}{marks}>{self._enum_text(found, value)}</{name}>"
            case ClassType() | ArrayType():
                if found.namespace not in scope:
                    marks += f' xmlns:{_PREFIXES[len(scope)]}="{found.namespace}"'
                    scope = (*scope, found.namespace)
                null = f'<{name} i:nil="true"{marks}/>'
                content = self._content(found, scope)

                def write(value: object) -> str:
                    if value is None:
                        return null
                    text = content(value)
                    return f"<{name}{marks}>{text}</{name}>" if text else f"<{name}{marks}/>"

                return write
            case None:
                return self._scalar_writer(name, type_, scope, nillable, marks)

    def _scalar_writer(self, name: str, type_: str, scope: tuple[str, ...], nillable: bool, marks: str) -> _Writer:
        null = f'<{name} i:nil="true"{marks}/>'
        if type_ == "DataSet":

            def data_set(value: object) -> str:
                if value is None:
                    return null
                if not isinstance(value, DataSet):
                    raise TypeError(f"{name} is to be a DataSet")
                return f"<{name}>{''.join(write_data_set(value, self._style))}</{name}>"

            return data_set
        if type_ == "xs:anyType":
            prefix = _PREFIXES[len(scope)]

            def anything(value: object) -> str:
                if value is None:
                    return null
                kind = {bool: "boolean", int: "int"}.get(type(value), "string")
                text = self._scalar_text(f"xs:{kind}", value)
                return f'<{name} i:type="{prefix}:{kind}" xmlns:{prefix}="{_XSD}">{text}</{name}>'

            return anything
        if type_ == "xs:int" and not nillable:
            whole = f"<{name}{marks}>%d</{name}>"
            return lambda value: whole % (value or 0)
        nullable = nillable or is_reference(type_)
        empty = f"<{name}{marks}/>"
        filled = f"<{name}{marks}>%s</{name}>"

        def scalar(value: object) -> str:
            if value is None and nullable:
                return null
            text = self._scalar_text(type_, value)
            return filled % text if text else empty

        return scalar

    def _scalar_text(self, type_: str, value: object) -> str:
        if type_ == "xs:string":
            return escape(value if type(value) is str else str(value))
        if self._date_offset and isinstance(value, datetime) and value.year > 1:
            return format_date_with_offset(value, self._style.zone)
        return escape(format_scalar(type_, DEFAULTS.get(type_) if value is None else value))

    def _enum_text(self, found: EnumType, value: object) -> str:
        if value is None:
            value = enum_name(found, 0)
        text = enum_name(found, value) if isinstance(value, int) else str(value)
        if text not in found.values:
            full = enum_type_name(found, self._panel)
            message = (
                f"Enum value '{text}' is invalid for type '{full}' and cannot be serialized. Ensure that the necessary enum "
                "values are present and are marked with EnumMemberAttribute attribute if the type has DataContractAttribute "
                "attribute."
            )
            raise ServiceFault((message,), ("System.Runtime.Serialization.SerializationException",))
        return text

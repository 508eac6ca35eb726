"""Writing a reply's body as ASMX does: XmlSerializer's members in schema order, nulls left out (contract 1.4, 3.2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from resellerplan.simpanel.faces import asmx_rules as rules
from resellerplan.simpanel.faces.datasets import DataSetStyle, write_data_set
from resellerplan.simpanel.faces.enumerations import PAIRED, enum_name, enum_type_name
from resellerplan.simpanel.faces.scalars import DEFAULTS, escape, format_scalar, is_reference
from resellerplan.simpanel.operations import ArrayType, Catalogue, ClassType, EnumType, Member, Operation
from resellerplan.simpanel.wire import DataSet, ServiceFault

__all__ = ["AsmxWriter"]

_Writer = Callable[[object], str]
_BLOCK = 200
_GENERATING = "There was an error generating the XML document."
_INVALID = "System.InvalidOperationException"
_HIGH = re.compile("[\ud800-\udbff](?![\udc00-\udfff])")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ALWAYS_THERE = frozenset({("UserInfo", "Vlans")})


def _not_serializable(message: str) -> ServiceFault:
    return ServiceFault((_GENERATING, message), (_INVALID, _INVALID))


def _string(name: str, value: object) -> str:
    text = value if type(value) is str else str(value)
    if not text:
        return f"<{name} />"
    if _SURROGATE.search(text):
        high = _HIGH.search(text)
        if high:
            following = ord(text[high.end()]) if high.end() < len(text) else 0
            raise _not_serializable(
                f"The surrogate pair (0x{following:X}, 0x{ord(high[0]):X}) is invalid. A high surrogate character "
                "(0xD800 - 0xDBFF) must always be paired with a low surrogate character (0xDC00 - 0xDFFF)."
            )
        raise _not_serializable(f"Invalid low surrogate character (0x{ord(_SURROGATE.findall(text)[0]):X}).")
    return f"<{name}>{escape(text, keep_return=True)}</{name}>"


class AsmxWriter:
    """Writes results of one flavour."""

    def __init__(self, panel: Catalogue, style: DataSetStyle, rules_off: frozenset[str] = frozenset()) -> None:
        """``panel``: the flavour's catalogue; ``style``: how it writes DataSets; ``rules_off``: names of rules not in force."""
        self._off = rules_off
        self._panel = panel
        self._style = style
        self._element = lru_cache(maxsize=None)(self._element_writer)

    def response(self, operation: Operation, namespace: str, result: object) -> Iterator[str]:
        """The body's content in blocks. Raises :class:`ServiceFault` where the serializer refuses a value."""
        wrapper = f"{operation.name}Response"
        member = operation.result
        if member is None or (result is None and self._null_is_left_out(member)):
            yield f'<{wrapper} xmlns="{namespace}" />'
            return
        yield f'<{wrapper} xmlns="{namespace}">'
        if isinstance(result, DataSet):
            yield f"<{member.name}>"
            yield from write_data_set(result, self._style)
            yield f"</{member.name}>"
        elif isinstance(result, list) and result:
            yield from self._long_list(member, result)
        else:
            yield self._element(member.name, member.type, member.required, member.nillable, False)(result)
        yield f"</{wrapper}>"

    def request(self, operation: Operation, namespace: str, parameters: Mapping[str, object]) -> str:
        """The body of a request, as a client writes it: what is null is left out."""
        written = [
            self._element(m.name, m.type, m.required, m.nillable, False)(parameters.get(m.property))
            for m in operation.parameters
        ]
        return f'<{operation.name} xmlns="{namespace}">{"".join(written)}</{operation.name}>'

    def _long_list(self, member: Member, items: list[object]) -> Iterator[str]:
        array = self._panel.types[member.type]
        if not isinstance(array, ArrayType):
            raise TypeError(f"{member.name} is no array")
        write = self._item(array)
        yield f"<{member.name}>"
        for start in range(0, len(items), _BLOCK):
            yield "".join([write(item) for item in items[start : start + _BLOCK]])
        yield f"</{member.name}>"

    def _null_is_left_out(self, member: Member) -> bool:
        found = self._panel.types.get(member.type)
        if isinstance(found, EnumType) or not rules.in_force(rules.NULL_OMITTED, self._off):
            return False
        return found is not None or member.type == "DataSet" or is_reference(member.type)

    def _element_writer(self, name: str, type_: str, required: bool, nillable: bool, always: bool) -> _Writer:
        """The function that writes a member of this name and type; of null it writes what the schema says."""
        stated = nillable or not rules.in_force(rules.NULL_OMITTED, self._off)
        null = f'<{name} xsi:nil="true" />' if stated else ""
        found = self._panel.types.get(type_)
        match found:
            case EnumType():
                write = self._enumeration(name, found)
            case ArrayType():
                item = self._item(found)
                if always:
                    null = f"<{name} />"

                def write(value: object) -> str:
                    if not isinstance(value, list | tuple):
                        raise TypeError(f"{name} is to be a list")
                    return f"<{name}>{''.join([item(v) for v in value])}</{name}>" if value else f"<{name} />"

            case ClassType():
                members = self._members(found)

                def write(value: object) -> str:
                    if not isinstance(value, Mapping):
                        raise TypeError(f"{name} is to be an object")
                    return f"<{name}>{members(value)}</{name}>"

            case None:
                return self._scalar(name, type_, null, nullable=nillable and required)
        return lambda value: null if value is None else write(value)

    def _enumeration(self, name: str, found: EnumType) -> _Writer:
        known = {v: f"<{name}>{v}</{name}>" for v in found.values}

        def write(value: object) -> str:
            text = enum_name(found, value) if isinstance(value, int) else str(value)
            if text not in known and not rules.in_force(rules.ENUM_VALUES, self._off):
                return f"<{name}>{text}</{name}>"
            if text not in known:
                full = enum_type_name(found, self._panel)
                raise _not_serializable(f"Instance validation error: '{text}' is not a valid value for {full}.")
            return known[text]

        zero = enum_name(found, 0)
        return lambda value: write(zero if value is None else value)

    def _scalar(self, name: str, type_: str, null: str, *, nullable: bool) -> _Writer:
        if type_ == "xs:string":
            return lambda value: null if value is None else _string(name, value)
        if type_ == "DataSet":

            def data_set(value: object) -> str:
                if value is None:
                    return ""
                if not isinstance(value, DataSet):
                    raise TypeError(f"{name} is to be a DataSet")
                return f"<{name}>{''.join(write_data_set(value, self._style))}</{name}>"

            return data_set
        if type_ == "xs:anyType":

            def anything(value: object) -> str:
                if value is None:
                    return ""
                kind = {bool: "boolean", int: "int"}.get(type(value), "string")
                text = escape(format_scalar(f"xs:{kind}", value), keep_return=True)
                return f'<{name} xsi:type="xsd:{kind}">{text}</{name}>'

            return anything
        if type_ == "xs:int":
            whole = f"<{name}>%d</{name}>"
            return lambda value: null if value is None and nullable else whole % (value or 0)
        default = DEFAULTS.get(type_)
        offset = "+00:00" if type_ == "xs:dateTime" and not rules.in_force(rules.NO_OFFSET, self._off) else ""

        def scalar(value: object) -> str:
            if value is None:
                if nullable or default is None:
                    return null
                value = default
            return f"<{name}>{escape(format_scalar(type_, value), keep_return=True)}{offset}</{name}>"

        return scalar

    def _item(self, array: ArrayType) -> _Writer:
        return self._element(array.item, array.type, False, array.nillable, False)

    def _members(self, found: ClassType) -> Callable[[Mapping[str, object]], str]:
        writers = []
        for member in self._panel.members(found.name):
            always = (found.name, member.property) in _ALWAYS_THERE
            source = PAIRED.get((found.name, member.property), member.property)
            write = self._element(member.name, member.type, member.required, member.nillable, always)
            writers.append((source, write))

        def members(value: Mapping[str, object]) -> str:
            get = value.get
            return "".join([write(get(source)) for source, write in writers])

        return members

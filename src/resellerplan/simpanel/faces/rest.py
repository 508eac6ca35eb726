"""A little of 2.x's REST: calls by GET that take scalars, answered as JSON (contract 1.2; real panel report 2).

Only what was recorded is meant to hold: status, content type, the names and the forms of members. What it does not serve it
refuses with 501.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import parse_qs, unquote

from resellerplan.simpanel.faces.enumerations import enum_number
from resellerplan.simpanel.faces.scalars import DEFAULTS, Unreadable, parse_scalar
from resellerplan.simpanel.operations import ArrayType, Catalogue, ClassType, EnumType, Member, Operation

__all__ = ["NotServed", "rest_parameters", "rest_result"]

_WRITING = ("Add", "Insert", "Create", "Exe", "Update", "Set", "Delete", "Remove", "Drop")


class NotServed(Exception):
    """This panel's REST does not have the call."""


def rest_parameters(operation: Operation, segments: list[str], query: str) -> dict[str, object]:
    """Parameters from a URL: texts are segments of the path, everything else stands in the query. Raises :class:`NotServed`."""
    if operation.name.startswith(_WRITING) or any(not m.type.startswith("xs:") for m in operation.parameters):
        raise NotServed
    texts = [m for m in operation.parameters if m.type == "xs:string"]
    given = {name.lower(): values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
    read: dict[str, object] = {m.property: DEFAULTS.get(m.type) for m in operation.parameters}
    read.update({m.property: unquote(s) for m, s in zip(texts, segments, strict=False)})
    try:
        for member in operation.parameters:
            if member.type != "xs:string" and member.name.lower() in given:
                read[member.property] = parse_scalar(member.type, given[member.name.lower()])
    except Unreadable:
        raise NotServed from None
    return read


def rest_result(operation: Operation, result: object, panel: Catalogue) -> bytes:
    """The result as JSON. Raises :class:`NotServed` for a DataSet."""
    found = None if operation.result is None else _value(operation.result, result, panel)
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")
    return text.encode("utf-8")


def _plain(name: str) -> str:
    """A backing field's name as JSON shows it: ``<MfaMode>k__BackingField``."""
    return name.replace("_x003C_", "<").replace("_x003E_k__", ">k__")


def _value(member: Member, value: object, panel: Catalogue) -> object:
    found = panel.types.get(member.type)
    if member.type == "DataSet":
        raise NotServed
    match found:
        case ClassType():
            if not isinstance(value, Mapping):
                return None
            return {_plain(m.name): _value(m, value.get(m.property), panel) for m in panel.members(found.name)}
        case ArrayType():
            item = Member(found.item, found.type, required=False, nillable=True, property=found.item)
            return [_value(item, v, panel) for v in value] if isinstance(value, list) else None
        case EnumType():
            return enum_number(found, str(value)) if value is not None else 0
        case None:
            plain = DEFAULTS.get(member.type) if value is None and not member.nillable else value
            if isinstance(plain, datetime):
                milliseconds = round(plain.replace(tzinfo=UTC).timestamp() * 1000)
                return f"/Date({milliseconds}+0000)/"
            return float(plain) if isinstance(plain, Decimal) else plain

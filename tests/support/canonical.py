"""Recorded replies as the canonical values of ``simpanel.wire``, read by the table of operations and by nothing of the faces.

So that a recorded reply can be fed back: decode here, encode by the face, compare with the recorded bytes.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from resellerplan.simpanel.markup import Element, parse, text_of
from resellerplan.simpanel.operations import ArrayType, Catalogue, ClassType, EnumType, Member, Operation
from resellerplan.simpanel.wire import Column, DataSet, Table

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XS = "http://www.w3.org/2001/XMLSchema"
ENVELOPES = ("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope")
OFFSET = re.compile(r"(Z|[+-]\d\d:\d\d)$")


def reply_body(document: str) -> Element:
    """The first element inside the SOAP body of a reply."""
    markup = parse(document)
    assert markup.root is not None, markup.broken
    assert markup.broken is None, markup.broken
    body = next(c for c in markup.root if c.name == "Body" and c.namespace in ENVELOPES)
    return next(iter(body))


def result_of(response: Element, operation: Operation, panel: Catalogue) -> object:
    """The canonical result inside a response element."""
    member = operation.result
    if member is None:
        return None
    element = next((c for c in response if c.name == member.name), None)
    return None if element is None else _value(element, member, panel)


def _nil(element: Element) -> bool:
    return element.attributes.get((XSI, "nil")) in ("true", "1")


def _value(element: Element, member: Member, panel: Catalogue) -> object:
    if member.type == "DataSet":
        return None if _nil(element) else data_set(element)
    found = panel.types.get(member.type)
    if _nil(element):
        return None
    match found:
        case ClassType():
            by_name = {m.name: m for m in panel.members(found.name)}
            return {by_name[c.name].property: _value(c, by_name[c.name], panel) for c in element}
        case ArrayType():
            item = Member(found.item, found.type, required=False, nillable=True, property=found.item)
            return [_value(c, item, panel) for c in element]
        case EnumType():
            return text_of(element)
        case None if member.type == "xs:anyType":
            stated = element.attributes.get((XSI, "type"), "xsd:string")
            return _scalar(stated.rpartition(":")[2], text_of(element))
        case None:
            return _scalar(member.type, text_of(element))


def _scalar(type_: str, text: str) -> object:
    match type_.removeprefix("xs:"):
        case "int" | "long" | "short" | "unsignedShort" | "unsignedLong" | "unsignedByte":
            return int(text)
        case "boolean":
            return text == "true"
        case "decimal":
            return Decimal(text)
        case "dateTime":
            return date(text)
        case "float" | "double":
            return float(text)
        case _:
            return text


def date(text: str) -> datetime:
    """A date without its offset; a seventh digit of the fraction is lost."""
    plain = OFFSET.sub("", text)
    whole, _, fraction = plain.partition(".")
    return datetime.fromisoformat(f"{whole}.{fraction[:6].ljust(6, '0')}" if fraction else whole)


def data_set(element: Element) -> DataSet:
    """A DataSet from its schema and diffgram."""
    schema = next(c for c in element if c.name == "schema")
    gram = next(c for c in element if c.name == "diffgram")
    choice = next(e for e in _walk(schema) if e.name == "choice")
    rows: dict[str, list[Element]] = {}
    for holder in gram:
        for row in holder:
            rows.setdefault(row.name, []).append(row)
    tables = []
    for declared in choice:
        name = declared.attributes["", "name"]
        sequence = next(e for e in _walk(declared) if e.name == "sequence")
        columns = tuple(
            Column(
                c.attributes["", "name"],
                c.attributes["", "type"].rpartition(":")[2],
                c.attributes.get(("", "minOccurs")) == "0",
            )
            for c in sequence
        )
        found = []
        for row in rows.get(name, []):
            cells = {c.name: text_of(c) for c in row}
            found.append(tuple(_scalar(c.type, cells[c.name]) if c.name in cells else None for c in columns))
        tables.append(Table(columns, found))
    return DataSet(tuple(tables))


def _walk(element: Element) -> list[Element]:
    found = [element]
    for child in element:
        found.extend(_walk(child))
    return found

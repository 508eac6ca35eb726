"""Writing a .NET DataSet: a schema, then a diffgram (contract 1.5), as each face and each logic writes it.

Rows are rendered column by column with a function chosen once per column and joined in blocks of some hundred, so that a
list of ten thousand rows costs no more memory than its own bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from resellerplan.simpanel.faces.scalars import escape, format_date_with_offset, format_scalar
from resellerplan.simpanel.wire import Column, DataSet, Table

__all__ = ["DataSetStyle", "write_data_set"]

_ROWS_PER_BLOCK = 500
_MARKED = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NET_TYPES = {
    "int": "System.Int32",
    "long": "System.Int64",
    "short": "System.Int16",
    "boolean": "System.Boolean",
    "dateTime": "System.DateTime",
    "decimal": "System.Decimal",
    "double": "System.Double",
    "string": "System.String",
}


@dataclass(frozen=True, slots=True)
class DataSetStyle:
    """How a face and a logic write a DataSet.

    ``spaced``: empty elements end in `` />`` (1.x; 2.x: ``/>``). ``entities``: the logic is EF Core, whose tables are made
    from objects: ``Table1`` for the first, nullability stated, rows marked as inserted. ``zone``: the server's; ``offsets``:
    whether dates carry its offset.
    """

    spaced: bool
    entities: bool
    zone: tzinfo = field(default=UTC)
    offsets: bool = True

    @property
    def end(self) -> str:
        """How an empty element is closed."""
        return " />" if self.spaced else "/>"

    def table_name(self, index: int) -> str:
        """The name of table number ``index`` from 0."""
        if self.entities:
            return f"Table{index + 1}"
        return f"Table{index or ''}"


def _is_count(table: Table) -> bool:
    """Whether a table holds one number that no class stands behind (an unnamed column)."""
    return [c.name for c in table.columns] == ["Column1"]


def _row_type(table: Table) -> str:
    """The name that the compiler gives the rows' class; its number is arbitrary (clients are told to ignore it)."""
    names = []
    for column in table.columns:
        name = _NET_TYPES.get(column.type, "System.Object")
        nullable = column.nullable and column.type != "string"
        names.append(f"System.Nullable`1[{name}]" if nullable else name)
    return escape(f"<>f__AnonymousType0`{len(names)}[{','.join(names)}]")


def _schema(data: DataSet, style: DataSetStyle) -> str:
    end = style.end
    first = 'id="NewDataSet" xmlns="" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    if not style.spaced:
        first = 'id="NewDataSet" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns=""'
    parts = [
        f'<xs:schema {first} xmlns:msdata="urn:schemas-microsoft-com:xml-msdata">'
        '<xs:element name="NewDataSet" msdata:IsDataSet="true" msdata:UseCurrentLocale="true"><xs:complexType>'
    ]
    if not data.tables:
        parts.append(f'<xs:choice minOccurs="0" maxOccurs="unbounded"{end}</xs:complexType></xs:element></xs:schema>')
        return "".join(parts)
    parts.append('<xs:choice minOccurs="0" maxOccurs="unbounded">')
    for index, table in enumerate(data.tables):
        marks = ""
        if style.entities and not _is_count(table):
            marks = f' msdata:CaseSensitive="False" msdata:Type="{_row_type(table)}"'
        parts.append(f'<xs:element name="{style.table_name(index)}"{marks}><xs:complexType><xs:sequence>')
        for column in table.columns:
            optional = "" if style.entities and not column.nullable else ' minOccurs="0"'
            parts.append(f'<xs:element name="{column.name}" type="xs:{column.type}"{optional}{end}')
        parts.append("</xs:sequence></xs:complexType></xs:element>")
    parts.append("</xs:choice></xs:complexType></xs:element></xs:schema>")
    return "".join(parts)


def _text(column: Column, style: DataSetStyle) -> Callable[[object], str]:
    name = column.name
    filled = f"<{name}>%s</{name}>"
    empty = f"<{name}></{name}>" if style.spaced else f"<{name}/>"
    blank = f'<{name} xml:space="preserve">%s</{name}>'
    marked = _MARKED.search
    keep_return = style.spaced

    def render(value: object) -> str:
        if not value:
            return empty
        text = value if type(value) is str else str(value)
        template = filled if not text.isspace() else blank
        if marked(text) is None:
            return template % text
        return template % escape(text, keep_return=keep_return)

    return render


def _renderer(column: Column, style: DataSetStyle) -> Callable[[object], str]:
    """The function that writes one cell of this column."""
    name = column.name
    filled = f"<{name}>%s</{name}>"
    match column.type:
        case "int" | "long" | "short" | "unsignedByte" | "unsignedShort" | "unsignedLong":
            whole = f"<{name}>%d</{name}>"
            return lambda value: whole % value
        case "boolean":
            true, false = filled % "true", filled % "false"
            return lambda value: true if value else false
        case "dateTime":
            zone = style.zone
            if not style.offsets:
                return lambda value: filled % format_scalar("xs:dateTime", value)
            if zone is UTC:
                utc = f"<{name}>%s+00:00</{name}>"

                def fast(value: object) -> str:
                    if not isinstance(value, datetime):
                        return filled % value
                    text = value.isoformat()
                    return utc % (text.rstrip("0") if value.microsecond else text)

                return fast
            return lambda value: (
                filled % (format_date_with_offset(value, zone) if isinstance(value, datetime) else value)
            )
        case "decimal" | "double" | "base64Binary":
            type_ = f"xs:{column.type}"
            return lambda value: filled % format_scalar(type_, value)
        case _:
            return _text(column, style)


def write_data_set(data: DataSet, style: DataSetStyle) -> Iterator[str]:
    """The content of an element that holds a DataSet, in blocks."""
    yield _schema(data, style)
    head = (
        'xmlns:msdata="urn:schemas-microsoft-com:xml-msdata" xmlns:diffgr="urn:schemas-microsoft-com:xml-diffgram-v1"'
        if style.spaced
        else 'xmlns:diffgr="urn:schemas-microsoft-com:xml-diffgram-v1" xmlns:msdata="urn:schemas-microsoft-com:xml-msdata"'
    )
    if not any(table.rows for table in data.tables):
        yield f"<diffgr:diffgram {head}{style.end}"
        return
    yield f'<diffgr:diffgram {head}><NewDataSet xmlns="">'
    for index, table in enumerate(data.tables):
        yield from _rows(table, style.table_name(index), style)
    yield "</NewDataSet></diffgr:diffgram>"


def _rows(table: Table, name: str, style: DataSetStyle) -> Iterator[str]:
    renderers = [_renderer(column, style) for column in table.columns]
    inserted = ' diffgr:hasChanges="inserted"' if style.entities else ""
    start = f'<{name} diffgr:id="{name}%d" msdata:rowOrder="%d"{inserted}'
    end = f"</{name}>"
    block: list[str] = []
    for order, row in enumerate(table.rows):
        cells = [render(value) for render, value in zip(renderers, row, strict=True) if value is not None]
        head = start % (order + 1, order)
        if cells:
            block.append(f"{head}>{''.join(cells)}{end}")
        else:
            block.append(head + style.end)
        if len(block) >= _ROWS_PER_BLOCK:
            yield "".join(block)
            block = []
    if block:
        yield "".join(block)

"""Values that cross between a face (bytes) and a service (rules): the panel's words, no bytes, no rows of the store.

A *face* decodes a request into an operation's parameters and encodes what the service returns. Both sides speak this:

* scalars: ``int``, ``bool``, ``str``, ``decimal.Decimal``, ``datetime.datetime`` (naive = server-local), ``None`` for null;
* enumerations: the member's name as ``str`` (``"Active"``); the numeric twins (``StatusId``) are separate members;
* an object of a class of the panel: ``dict`` keyed by the *public property name* of the 1.x WSDL (``"UserId"``), whatever the
  face writes on the wire (2.x writes private field names); a member that the flavour does not have is left out by the face;
* an array: ``list``; ``string[][]`` (settings) is a list of two-element lists; a null array is ``None``;
* a .NET DataSet: :class:`DataSet`.

A service raises :class:`ServiceFault` for what the real panel answers as a SOAP fault. Nothing else may leave a service.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Column", "DataSet", "ServiceFault", "Table"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a DataSet table: name as on the wire, XSD type (``"int"``, ``"string"``, ``"dateTime"`` ...), nullability.

    ``nullable`` matters on 2.x only, where a column that can't be null has no ``minOccurs`` (real panel report, 1.5);
    1.x declares every column optional.
    """

    name: str
    type: str
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a DataSet: its columns in order, and rows as tuples in the same order (``None`` = the element is left out)."""

    columns: tuple[Column, ...]
    rows: list[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class DataSet:
    """A .NET DataSet: its tables in order. Their wire names (Table/Table1 on 1.x, Table1/Table2 on 2.x) are the face's affair."""

    tables: tuple[Table, ...]


@dataclass(slots=True)
class ServiceFault(Exception):
    """What the panel answers as a fault: the chain of messages, outermost first, and the .NET type of each exception.

    1.x joins the chain by `` ---> `` into one faultstring; 2.x writes the outermost as faultstring and the chain into
    ExceptionDetail. ``kind`` tells apart faults that are the caller's (``soap:Client`` / DeserializationFailed) from the call's own.
    """

    messages: tuple[str, ...]
    types: tuple[str, ...] = field(default=("System.Exception",))
    kind: str = "server"

    def __str__(self) -> str:
        return " ---> ".join(self.messages)

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

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

__all__ = ["Column", "Credentials", "DataSet", "NotAuthenticated", "Panel", "ServiceFault", "Table"]


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


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request carried to say who calls, after the face parsed it.

    ``form``: ``"basic"`` (HTTP Basic, 1.x), ``"header"`` (SOAP header Credentials, 2.x), ``"none"`` (the request carried none).
    """

    username: str = ""
    password: str = field(default="", repr=False)
    form: Literal["basic", "header", "none"] = "none"


@dataclass(slots=True)
class NotAuthenticated(Exception):
    """The caller is not known: ``missing`` (no credentials) or ``wrong``. The face makes 401 (1.x) or a fault (2.x) of it."""

    reason: Literal["missing", "wrong"]

    def __str__(self) -> str:
        return f"credentials are {self.reason}"


class Panel(Protocol):
    """What a face needs of the panel behind it."""

    def call(
        self,
        service: str,
        operation: str,
        credentials: Credentials,
        parameters: Callable[[], Mapping[str, object]],
        *,
        peer_address: str = "",
    ) -> object:
        """Authenticate, run the operation in a transaction, return its canonical result.

        ``parameters`` decodes the request: it is called once, after the caller is known, because real panels refuse
        unknown callers before they read the body (what they answer to an unreadable body, nobody unknown gets to see).
        What it raises is the face's own and passes through, the transaction rolled back.
        Raises :class:`NotAuthenticated`, and :class:`ServiceFault` for everything the operation answers as a fault.
        """

    def is_down(self) -> bool:
        """Whether the panel's process "ended": nobody is answered while this holds."""


@dataclass(slots=True)
class ServiceFault(Exception):
    """What the panel answers as a fault: the chain of messages, outermost first, and the .NET type of each exception.

    1.x joins the chain by `` ---> `` into one faultstring; 2.x writes the outermost as faultstring and the chain into
    ExceptionDetail. ``kind`` tells apart faults that are the caller's (``soap:Client`` / DeserializationFailed) from
    the call's own.
    """

    messages: tuple[str, ...]
    types: tuple[str, ...] = field(default=("System.Exception",))
    kind: str = "server"

    def __str__(self) -> str:
        return " ---> ".join(self.messages)

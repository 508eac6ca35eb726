"""Scalars on the wire: what .NET reads and writes for each XSD type, the same on both faces but for the texts of errors.

Sources: the serializer's inputs (recordings/solidcp-1.x-serializer/deserialize.json), real panel report 2 and 10.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import ROUND_HALF_EVEN, Context, Decimal

__all__ = [
    "DEFAULTS",
    "NULL_DATE",
    "Unreadable",
    "escape",
    "format_date",
    "format_date_with_offset",
    "format_scalar",
    "is_reference",
    "net_name",
    "parse_scalar",
]

NULL_DATE = datetime(1, 1, 1)
"""``DateTime.MinValue``: what a missing date is."""

_EMPTY_GUID = "00000000-0000-0000-0000-000000000000"

DEFAULTS: dict[str, object] = {
    "xs:int": 0,
    "xs:long": 0,
    "xs:short": 0,
    "xs:unsignedLong": 0,
    "xs:unsignedShort": 0,
    "xs:boolean": False,
    "xs:decimal": Decimal(0),
    "xs:float": 0.0,
    "xs:double": 0.0,
    "xs:dateTime": NULL_DATE,
    "guid": _EMPTY_GUID,
}
"""The value of a missing element, for value types; a missing reference is ``None``."""

_RANGES = {
    "xs:int": ("Int32", -(2**31), 2**31 - 1),
    "xs:long": ("Int64", -(2**63), 2**63 - 1),
    "xs:short": ("Int16", -(2**15), 2**15 - 1),
    "xs:unsignedLong": ("UInt64", 0, 2**64 - 1),
    "xs:unsignedShort": ("UInt16", 0, 2**16 - 1),
}
_NET_NAMES = {
    **{k: v[0] for k, v in _RANGES.items()},
    "xs:boolean": "Boolean",
    "xs:decimal": "Decimal",
    "xs:float": "Single",
    "xs:double": "Double",
    "xs:dateTime": "DateTime",
    "xs:string": "String",
    "guid": "Guid",
    "xs:base64Binary": "Byte[]",
    "xs:anyType": "Object",
}

_BLANKS = " \t\r\n"
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_LARGEST_DECIMAL = Decimal(79228162514264337593543950335)
_DATE = re.compile(
    r"(?:(?P<date>\d{4}-\d\d-\d\d)(?:T(?P<time>\d\d:\d\d:\d\d)(?P<fraction>\.\d+)?)?"
    r"|(?P<year>\d{4})(?:-(?P<month>\d\d))?|(?P<only_time>\d\d:\d\d:\d\d)(?P<only_fraction>\.\d+)?)"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?"
)
"""The forms of "AllXsd" that clients send: a date and time, a date, a year, a month, a time of today."""
_WIDE = Context(prec=60)
_GUID = re.compile(r"\{?([0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})\}?")


@dataclass(slots=True)
class Unreadable(Exception):
    """A text that is not a value of its type.

    ``error``: ``format``, ``overflow``, ``boolean``, ``date`` or ``guid``; ``target``: the .NET type's short name.
    """

    error: str
    value: str
    target: str

    def __str__(self) -> str:
        return self.text(quoted=True)

    def text(self, *, quoted: bool) -> str:
        """The message of the .NET exception: ``quoted`` as .NET 10 words number errors, otherwise as .NET Framework does."""
        match self.error:
            case "overflow":
                article = "an" if self.target.startswith(("I", "U")) else "a"
                return f"Value was either too large or too small for {article} {self.target}."
            case "boolean":
                return f"The string '{self.value}' is not a valid Boolean value."
            case "date":
                return f"The string '{self.value}' is not a valid AllXsd value."
            case "guid":
                return "Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx)."
            case _:
                if quoted:
                    return f"The input string '{self.value}' was not in a correct format."
                return "Input string was not in a correct format."

    @property
    def exception(self) -> str:
        """The .NET exception's type."""
        return "System.OverflowException" if self.error == "overflow" else "System.FormatException"


def net_name(type_: str) -> str:
    """The short .NET name of a scalar type (``xs:int``: ``Int32``)."""
    return _NET_NAMES[type_]


def is_reference(type_: str) -> bool:
    """Whether a scalar type is a reference type, so that a missing value is null."""
    return type_ not in DEFAULTS


def parse_scalar(type_: str, text: str, zone: tzinfo = UTC) -> object:
    """Read a scalar. Dates with an offset become local time in ``zone``; ``Z`` keeps its digits (contract 1.4).

    Raises :class:`Unreadable`.
    """
    match type_:
        case "xs:string" | "xs:anyType" | "char":
            return text
        case "xs:boolean":
            return _boolean(text)
        case "xs:dateTime":
            return _date(text, zone)
        case "xs:decimal":
            return _decimal(text)
        case "xs:float" | "xs:double":
            return _float(type_, text)
        case "guid":
            found = _GUID.fullmatch(text.strip(_BLANKS))
            if found is None:
                raise Unreadable("guid", text, "Guid")
            return found[1].lower()
        case "xs:base64Binary":
            try:
                return base64.b64decode(text, validate=False)
            except binascii.Error:
                raise Unreadable("format", text, "Byte[]") from None
        case _:
            return _integer(type_, text)


def _integer(type_: str, text: str) -> int:
    name, low, high = _RANGES[type_]
    if len(text) < 5 and text.isascii() and text.isdigit() and int(text) <= high:
        return int(text)
    plain = text.strip(_BLANKS)
    if not _INTEGER.fullmatch(plain):
        raise Unreadable("format", text, name)
    if len(plain) > 40 or not low <= int(plain) <= high:
        raise Unreadable("overflow", text, name)
    return int(plain)


def _boolean(text: str) -> bool:
    match text.strip(_BLANKS):
        case "true" | "1":
            return True
        case "false" | "0":
            return False
        case _:
            raise Unreadable("boolean", text, "Boolean")


def _decimal(text: str) -> Decimal:
    plain = text.strip(_BLANKS)
    if not _DECIMAL.fullmatch(plain):
        raise Unreadable("format", text, "Decimal")
    if len(plain) > 200:
        raise Unreadable("overflow", text, "Decimal")
    value = Decimal(plain.rstrip(".") or "0")
    if value.copy_abs() > _LARGEST_DECIMAL:
        raise Unreadable("overflow", text, "Decimal")
    if _scale(value) <= 28:
        return value
    return value.quantize(Decimal(1).scaleb(-28), ROUND_HALF_EVEN, _WIDE).normalize(_WIDE)


def _scale(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _float(type_: str, text: str) -> float:
    plain = text.strip(_BLANKS)
    special = {"INF": float("inf"), "-INF": float("-inf"), "NaN": float("nan")}
    if plain in special:
        return special[plain]
    try:
        return float(plain) if not re.search(r"[a-df-zA-DF-Z_]", plain) else _bad_float(type_, text)
    except ValueError:
        raise Unreadable("format", text, _NET_NAMES[type_]) from None


def _bad_float(type_: str, text: str) -> float:
    raise Unreadable("format", text, _NET_NAMES[type_])


def _date(text: str, zone: tzinfo) -> datetime:
    found = _DATE.fullmatch(text.strip(_BLANKS))
    if found is None:
        raise Unreadable("date", text, "DateTime")
    day = found["date"] or (f"{found['year']}-{found['month'] or '01'}-01" if found["year"] else "")
    try:
        at = found["time"] or found["only_time"] or "00:00:00"
        value = datetime.fromisoformat(f"{day or datetime.now(zone).date().isoformat()}T{at}")
    except ValueError:
        raise Unreadable("date", text, "DateTime") from None
    fraction = found["fraction"] or found["only_fraction"]
    if fraction:
        value = value.replace(microsecond=int(Decimal(fraction) * 10**6))
    offset = found["zone"]
    if not offset or offset == "Z":
        return value
    hours, minutes = int(offset[1:3]), int(offset[4:6])
    if hours > 14 or minutes > 59:
        raise Unreadable("date", text, "DateTime")
    shift = timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1)
    try:
        return value.replace(tzinfo=timezone(shift)).astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        return NULL_DATE if value.year == 1 else datetime.max.replace(microsecond=0)


def format_date(value: datetime) -> str:
    """A typed date: no offset, the fraction only where there is one, without trailing zeros (contract 1.4)."""
    text = value.isoformat(timespec="seconds")
    return f"{text}.{value.microsecond:06d}".rstrip("0") if value.microsecond else text


def format_date_with_offset(value: datetime, zone: tzinfo = UTC) -> str:
    """A date in a DataSet: with the server's offset on that day (contract 1.5)."""
    if zone is UTC:
        return format_date(value) + "+00:00"
    try:
        offset = value.replace(tzinfo=zone).utcoffset() or timedelta()
    except OverflowError:
        offset = timedelta()
    minutes = int(offset.total_seconds()) // 60
    return f"{format_date(value)}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _format_float(value: object) -> str:
    number = float(str(value))
    if number != number:
        return "NaN"
    if number in (float("inf"), float("-inf")):
        return "INF" if number > 0 else "-INF"
    return repr(number).removesuffix(".0")


_FORMATS: dict[str, Callable[[object], str]] = {
    "xs:boolean": lambda v: "true" if v else "false",
    "xs:dateTime": lambda v: format_date(v) if isinstance(v, datetime) else str(v),
    "xs:decimal": lambda v: format(v, "f") if isinstance(v, Decimal) else str(v),
    "xs:float": _format_float,
    "xs:double": _format_float,
    "xs:base64Binary": lambda v: base64.b64encode(v).decode("ascii") if isinstance(v, bytes) else str(v),
}


def format_scalar(type_: str, value: object) -> str:
    """A scalar as .NET writes it, unescaped."""
    found = _FORMATS.get(type_)
    return str(value) if found is None else found(value)


_SPECIAL = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def _reference(match: re.Match[str]) -> str:
    match match[0]:
        case "&":
            return "&amp;"
        case "<":
            return "&lt;"
        case ">":
            return "&gt;"
        case character:
            return f"&#x{ord(character):X};"


def escape(text: str, *, keep_return: bool = False) -> str:
    """Text as element content. Control characters become references although XML 1.0 forbids them, as .NET writes them.

    ``keep_return``: 1.x writes a carriage return raw (real panel report 10), 2.x as ``&#xD;``.
    """
    if _SPECIAL.search(text) is None:
        return text
    found = _SPECIAL.sub(_reference, text)
    return found.replace("&#xD;", "\r") if keep_return else found

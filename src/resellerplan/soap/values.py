"""Python values <-> the texts of XML Schema's simple types, as .NET writes and reads them (contract 1.4)."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation

from resellerplan.errors import PanelNotUnderstood
from resellerplan.neutralise import one_line

__all__ = [
    "NotAValue",
    "Scalar",
    "is_sendable",
    "read_bool",
    "read_datetime",
    "read_decimal",
    "read_int",
    "write_scalar",
]

Scalar = str | bool | int | Decimal | datetime

_LARGEST_EXPONENT = 30
"""Amounts have at most 29 digits on any database (real panel report 12); more would only be work."""


class NotAValue(PanelNotUnderstood, ValueError):
    """A text that is not of the type that stands there by contract. Whoever knows which member it is says so instead."""

    def __init__(self, text: str, what: str) -> None:
        super().__init__(f"the panel's answer holds no {what} where one belongs", fragment=one_line(text, 40))

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?)?(?:Z|[+-]\d\d:\d\d)?\Z")
_UNSENDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_scalar(value: Scalar) -> str:
    """The text of a value on the wire.

    Dates go without an offset, because the panel keeps server-local time and converts what carries one (contract 6.6);
    the fraction is written only where there is one.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.replace(tzinfo=None).isoformat()
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)


def is_sendable(text: str) -> bool:
    """Whether XML 1.0 can carry every character of a text."""
    return _UNSENDABLE.search(text) is None


def read_int(text: str | None) -> int:
    """A whole number; a missing one is 0, as .NET's default. Raises :class:`NotAValue` for anything else."""
    try:
        return int(text) if text else 0
    except ValueError:
        raise NotAValue(text or "", "number") from None


def read_bool(text: str | None) -> bool:
    """A boolean; a missing one is false. Raises :class:`NotAValue` for anything but true, false, 1, 0."""
    if text is None or text in {"false", "0", ""}:
        return False
    if text in {"true", "1"}:
        return True
    raise NotAValue(text, "truth")


def read_decimal(text: str | None) -> Decimal:
    """A decimal with whatever number of digits (one database sends 29); a missing one is 0. Raises :class:`NotAValue`."""
    if not text:
        return Decimal(0)
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise NotAValue(text, "amount") from None
    if not found.is_finite() or abs(found.adjusted()) > _LARGEST_EXPONENT:
        raise NotAValue(text, "amount")
    return found


def read_datetime(text: str | None) -> datetime | None:
    """A date as the server's wall clock, to whole seconds; None where it is missing or .NET's 0001-01-01.

    The digits are kept and an offset is dropped: DataSets carry the server's own, typed values none (contract 6.6). Fractions
    differ between reads of one value (contract 1.4), so they are cut. Raises :class:`NotAValue` for what is no date.
    """
    if not text:
        return None
    match = _DATE.match(text)
    if match is None:
        raise NotAValue(text, "date")
    year, month, day, hour, minute, second, _fraction = match.groups()
    if year == "0001":
        return None
    try:
        return datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError:
        raise NotAValue(text, "date") from None

"""Data that fits its form becomes values of the model: small functions, one per kind of value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from resellerplan.model.customer import (
    AgeSink,
    CommandSink,
    FileSink,
    FromCommand,
    FromEnv,
    FromFile,
    Generated,
    InText,
    PasswordSource,
    Sink,
)
from resellerplan.model.quotas import SizeUnit
from resellerplan.model.values import NULL, UNLIMITED, Money, Null, Recurrence, Secret

__all__ = [
    "as_day",
    "as_days",
    "as_money",
    "as_number",
    "as_password",
    "as_recurrence",
    "as_size",
    "as_text",
    "as_text_or_null",
]

Data = Mapping[str, object]


def as_text(value: object) -> str:
    """A text; whole numbers are what was written."""
    return value if isinstance(value, str) else str(value)


def as_text_or_null(value: object) -> str | Null:
    """A text of a field that the panel may hold empty: ``null`` and the empty text are its empty value."""
    return NULL if value is None or value == "" else as_text(value)


def as_number(value: object) -> int:
    """A whole number; ``unlimited`` is the panel's -1."""
    return UNLIMITED if value == "unlimited" else int(cast(int, value))


def as_money(value: object) -> Money:
    """An amount. A float's shortest spelling is what was written, so no binary fraction gets in."""
    return Money.of(Decimal(repr(value)))


def as_recurrence(value: object) -> Recurrence:
    """``1 month``, ``12 months``, ``1 year``."""
    number, unit = as_text(value).split(" ")
    return Recurrence(int(number) * (12 if unit.startswith("year") else 1))


def as_day(value: object) -> date:
    """``2027-03-31``."""
    return date.fromisoformat(as_text(value))


def as_days(value: object) -> int:
    """``30 days``."""
    return int(as_text(value).split(" ")[0])


def as_size(text: str) -> tuple[Decimal, SizeUnit]:
    """``5 GB`` as its number and its unit."""
    return Decimal(text[:-2].strip()), SizeUnit(text[-2:])


def _argv(value: object) -> tuple[str, ...]:
    return tuple(as_text(part) for part in cast(Sequence[object], value) if part is not None)


def _sink(value: object, recipients: Sequence[str]) -> Sink:
    if isinstance(value, dict):
        data = cast(Data, value)
        if "command" in data:
            return CommandSink(_argv(data["command"]))
        if "file" in data:
            return FileSink(as_text(data["file"]))
        own = cast(Sequence[str], data.get("recipients", recipients))
        return AgeSink(as_text(data["age"]), tuple(key for key in own if key))
    path = as_text(value)
    return AgeSink(path, tuple(recipients)) if path.endswith(".age") else FileSink(path)


def as_password(value: object, recipients: Sequence[str]) -> PasswordSource:
    """Where a password comes from; paths are kept as written, ``recipients`` are those of the estate."""
    if not isinstance(value, dict):
        return InText(Secret(as_text(value)))
    data = cast(Data, value)
    if "env" in data:
        return FromEnv(as_text(data["env"]))
    if "file" in data:
        return FromFile(as_text(data["file"]))
    if "command" in data:
        return FromCommand(_argv(data["command"]))
    terms = cast(Data, data["generate"])
    return Generated(as_number(terms.get("length", 20)), _sink(data["to"], recipients))

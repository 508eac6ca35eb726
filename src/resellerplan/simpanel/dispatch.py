"""The seam between faces and services: which function answers which operation.

A service module registers plain functions::

    @operation("esUsers", "AddUser")
    def add_user(call: Call, *, user: Mapping[str, object] | None, sendLetter: bool,
                 password: str | None, notes: list[str] | None) -> int:
        ...

Keyword arguments are named as the wire's parameters (of the 1.x WSDL; a name that is a Python keyword gets a trailing
underscore); values are those of :mod:`resellerplan.simpanel.wire`. A parameter that a flavour lacks arrives as ``None``.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

__all__ = ["Handler", "arguments", "handler", "operation", "registered", "storable_text"]

Handler = Callable[..., object]
_Function = TypeVar("_Function", bound=Callable[..., Any])

_HANDLERS: dict[tuple[str, str], Handler] = {}


def operation(service: str, name: str) -> Callable[[_Function], _Function]:
    """Register the decorated function as what answers ``service.name``. A second registration is a mistake and raises."""

    def register(function: _Function) -> _Function:
        if (service, name) in _HANDLERS:
            raise ValueError(f"{service}.{name} is registered twice")
        _HANDLERS[service, name] = function
        return function

    return register


def handler(service: str, name: str) -> Handler | None:
    """The function that answers ``service.name``, or ``None``: the panel then faults by name, it never invents a success."""
    return _HANDLERS.get((service, name))


def registered() -> frozenset[tuple[str, str]]:
    """All operations that have a function."""
    return frozenset(_HANDLERS)


def arguments(parameters: Mapping[str, object]) -> dict[str, object]:
    """Wire parameters as keyword arguments of a registered function, their texts as the store can keep them."""
    return {f"{name}_" if keyword.iskeyword(name) else name: _storable(value) for name, value in parameters.items()}


def storable_text(text: str) -> str:
    """A text with U+FFFD for each half of a surrogate pair that stands alone."""
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _storable(value: object) -> object:
    """A value with U+FFFD for each half of a surrogate pair that stands alone.

    Both faces read such halves (1.x report 1.2), and .NET's UTF-8, in which SQLite's driver writes, puts that character for them.
    SQL Server keeps the half and every reply with it fails from then on; here it can be stored by neither.
    """
    match value:
        case str():
            return storable_text(value)
        case Mapping():
            return {key: _storable(member) for key, member in value.items()}
        case list():
            return [_storable(item) for item in value]
        case _:
            return value

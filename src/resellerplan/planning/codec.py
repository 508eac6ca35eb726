"""Model and plan values <-> JSON, exactly: what is decoded equals what was encoded.

Values of our own types are objects with a ``$`` that names the type; fields that hold their default are left out. A Secret is never
encoded. Only the types listed here can come out of a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from resellerplan.diagnostics import Finding, Note, Place, Severity
from resellerplan.errors import PlanFileInvalid
from resellerplan.model.address import Address, Kind
from resellerplan.model.customer import (
    AgeSink,
    CommandSink,
    Customer,
    FileSink,
    FromCommand,
    FromEnv,
    FromFile,
    Generated,
    InText,
)
from resellerplan.model.hosting_plan import Addon, GroupTerms, HostingPlan, Unlisted
from resellerplan.model.lifecycle import Condition, Lifecycle, Tombstone
from resellerplan.model.space import Domain, PlanTerms, Resources, Space
from resellerplan.model.values import LoginStatus, Money, Null, Recurrence, Role, Status, Unknown, Unset
from resellerplan.planning.capacity import CapacityRow
from resellerplan.planning.change import Action, Change, FieldChange, Suppressed
from resellerplan.planning.plan import Plan
from resellerplan.planning.scope import Scope

__all__ = ["decode", "encode"]

_SHAPES: Final[Mapping[str, type]] = MappingProxyType(
    {
        shape.__name__: shape
        for shape in (
            Addon,
            Address,
            AgeSink,
            CapacityRow,
            Change,
            CommandSink,
            Condition,
            Customer,
            Domain,
            FieldChange,
            FileSink,
            Finding,
            FromCommand,
            FromEnv,
            FromFile,
            Generated,
            GroupTerms,
            HostingPlan,
            Lifecycle,
            Money,
            Note,
            Place,
            Plan,
            Recurrence,
            Resources,
            Scope,
            Space,
            Suppressed,
            Tombstone,
        )
    }
)

_ENUMS: Final[Mapping[str, type[Enum]]] = MappingProxyType(
    {enum.__name__: enum for enum in (Action, Kind, LoginStatus, Null, PlanTerms, Role, Severity, Status, Unknown, Unlisted, Unset)}
)


def encode(value: object) -> object:
    """A value as JSON can hold it. Raises PlanFileInvalid for a password that stands in the text."""
    if isinstance(value, Enum):
        return {"$": type(value).__name__, "v": value.name}
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return {"$": "decimal", "v": str(value)}
    if isinstance(value, datetime):
        return {"$": "moment", "v": value.isoformat()}
    if isinstance(value, date):
        return {"$": "day", "v": value.isoformat()}
    if isinstance(value, Mapping):
        return {"$": "map", "v": [[encode(key), encode(item)] for key, item in value.items()]}
    if isinstance(value, frozenset):
        return {"$": "set", "v": sorted((encode(item) for item in value), key=repr)}
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    return _encoded(value)


def _encoded(value: object) -> object:
    if isinstance(value, InText):
        raise PlanFileInvalid(
            "a password that stands in the manifest's text can't be put into a plan file",
            hint="name a source instead: password: {env: NAME}",
        )
    name = type(value).__name__
    if _SHAPES.get(name) is not type(value) or not is_dataclass(value):
        raise TypeError(f"{name} has no place in a plan file")
    members: dict[str, object] = {"$": name}
    for member in fields(value):
        held = getattr(value, member.name)
        if member.init and not _is_default(member, held):
            members[member.name] = encode(held)
    return members


def _is_default(member: Field[Any], held: object) -> bool:
    if member.default is not MISSING:
        return type(held) is type(member.default) and bool(held == member.default)
    return member.default_factory is not MISSING and bool(held == member.default_factory())


def decode(value: object) -> Any:
    """The value that was encoded. Raises PlanFileInvalid for anything that ``encode`` does not write."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list):
        return tuple(decode(item) for item in value)
    if not isinstance(value, dict):
        raise _strange(type(value).__name__)
    tag = value.get("$")
    if isinstance(tag, str) and tag in _SHAPES:
        return _decoded(_SHAPES[tag], {name: decode(item) for name, item in value.items() if name != "$"})
    try:
        return _scalar(tag, value["v"])
    except (LookupError, TypeError, ValueError, InvalidOperation) as error:
        raise _strange(str(tag)) from error


def _decoded(shape: type, members: Mapping[str, object]) -> object:
    try:
        return shape(**members)
    except TypeError as error:
        raise _strange(shape.__name__) from error


def _scalar(tag: object, held: Any) -> object:
    if isinstance(tag, str) and tag in _ENUMS:
        return _ENUMS[tag][held]
    match tag:
        case "decimal":
            return Decimal(held)
        case "moment":
            return datetime.fromisoformat(held)
        case "day":
            return date.fromisoformat(held)
        case "map":
            return MappingProxyType({decode(key): decode(item) for key, item in _pairs(held)})
        case "set":
            return frozenset(decode(item) for item in held)
        case _:
            raise ValueError(tag)


def _pairs(held: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Pairs; a pair of anything else raises, and ``decode`` says so."""
    return [(pair[0], pair[1]) for pair in held]


def _strange(what: str) -> PlanFileInvalid:
    return PlanFileInvalid(f"the plan file holds something that is no plan ({what})", hint="make it again with `plan --out`")

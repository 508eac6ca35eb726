"""What an entry says about its object besides the panel's fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, cast

from resellerplan.manifest.convert import as_day, as_days, as_number, as_text
from resellerplan.model.address import Address
from resellerplan.model.lifecycle import NOTHING_SAID, Condition, Lifecycle, Tombstone

__all__ = ["LIFECYCLE_KEYS", "PRICE_FIELDS", "field_names", "lifecycle"]

LIFECYCLE_KEYS: Final = frozenset(
    {
        "id",
        "moved_from",
        "existing",
        "protect",
        "state",
        "reason",
        "quarantine",
        "only_if",
        "from",
        "ends",
        "initial",
        "ignore_changes",
    }
)
"""Keys of an entry that make up its `Lifecycle`."""

PRICE_FIELDS: Final = ("setup", "recurring", "every")
"""Fields of the model that the manifest writes as one mapping, ``price:``."""


def field_names(key: str) -> tuple[str, ...]:
    """The model's fields for a key of the manifest: ``phone`` is ``primary_phone``, ``price`` is three."""
    match key:
        case "phone":
            return ("primary_phone",)
        case "price":
            return PRICE_FIELDS
        case _:
            return (key,)


def lifecycle(
    data: Mapping[str, object],
    initial: Callable[[Mapping[str, object]], Mapping[str, object]],
    former: Callable[[object], Address],
) -> Lifecycle:
    """The life cycle of an entry. ``initial`` turns fields into the model's, ``former`` reads ``moved_from``."""
    if LIFECYCLE_KEYS.isdisjoint(data):
        return NOTHING_SAID
    first = data.get("initial")
    left = cast(Mapping[str, object], data.get("ignore_changes", {}))
    return Lifecycle(
        pin=as_number(data["id"]) if "id" in data else None,
        moved_from=former(data["moved_from"]) if "moved_from" in data else None,
        existing=data.get("existing") is True,
        protect=data.get("protect") is True,
        tombstone=_tombstone(data),
        not_before=as_day(data["from"]) if "from" in data else None,
        ends=as_day(data["ends"]) if "ends" in data else None,
        initial=MappingProxyType(dict(initial(cast(Mapping[str, object], first)))) if first else MappingProxyType({}),
        ignore_changes=MappingProxyType({name: as_text(why) for key, why in left.items() for name in field_names(key)}),
    )


def _tombstone(data: Mapping[str, object]) -> Tombstone | None:
    if data.get("state") != "absent" or "reason" not in data:
        return None
    conditions = cast(Mapping[str, object], data.get("only_if", {}))
    return Tombstone(
        reason=as_text(data["reason"]),
        quarantine_days=as_days(data["quarantine"]) if "quarantine" in data else 0,
        only_if=tuple(Condition(what=what, count=as_number(count)) for what, count in conditions.items()),
    )

"""What is on the panel as one JSON document, for scripts: the same objects as the tables show, with every field that was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from resellerplan.model.address import Address, Kind
from resellerplan.model.estate import Estate
from resellerplan.model.space import Space
from resellerplan.planning.plan_json import resource_values

__all__ = ["FORMAT_VERSION", "live_document"]

FORMAT_VERSION = "1.0"
"""A higher first number = what is there has changed; a higher second = there is more."""

_LISTS: Final[Mapping[Kind, str]] = MappingProxyType(
    {Kind.CUSTOMER: "customers", Kind.PLAN: "plans", Kind.ADDON: "addons", Kind.SPACE: "spaces"}
)

Json = dict[str, object]


def live_document(
    live: Estate, kinds: Sequence[Kind], *, panel: str, reseller: str, now: datetime, show_personal: bool = False
) -> Json:
    """A list per kind that was asked for, sorted by address; then what could not be told.

    Personal data is masked unless ``show_personal``. ``spaces`` counts those of a customer, and those on a plan.
    """
    spaces = spaces_by_owner_and_plan(live)
    document: Json = {
        "format_version": FORMAT_VERSION,
        "timestamp": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "panel": panel,
        "reseller": reseller,
    }
    for kind in kinds:
        rows: list[Json] = []
        for address, resource in sorted(live.of_kind(kind), key=lambda pair: str(pair[0]).casefold()):
            facts = live.facts.get(address)
            row: Json = {"address": str(address), "id": None if facts is None else facts.panel_id}
            row |= resource_values(resource, show_personal=show_personal)
            if kind in (Kind.CUSTOMER, Kind.PLAN):
                row["spaces"] = spaces[address]
            rows.append(row)
        document[_LISTS[kind]] = rows
    document["duplicates"] = [
        {"address": str(address), "ids": list(ids)} for address, ids in live.duplicates.items() if address.kind in kinds
    ]
    document["not_read"] = list(live.not_read)
    return document


def spaces_by_owner_and_plan(live: Estate) -> Counter[Address]:
    """How many spaces each customer has, and each plan."""
    numbers: Counter[Address] = Counter()
    for address, space in live.of_kind(Kind.SPACE):
        numbers[Address.customer(address.owner)] += 1
        if isinstance(space, Space) and isinstance(space.plan, str):
            numbers[Address.plan(space.plan)] += 1
    return numbers

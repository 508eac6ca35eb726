"""An entry of ``plans:`` becomes a HostingPlan or an Addon; groups and quotas become the panel's numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias, cast

from resellerplan.manifest.convert import as_money, as_number, as_recurrence, as_size, as_text, as_text_or_null
from resellerplan.manifest.forms import BIGGEST
from resellerplan.manifest.lifecycle import lifecycle
from resellerplan.model.address import Address
from resellerplan.model.hosting_plan import Addon, GroupTerms, HostingPlan, Terms, Unlisted
from resellerplan.model.quotas import ALWAYS_IN, Catalogue, Quota
from resellerplan.model.values import QuotaType

__all__ = ["GROUP_KEYS", "Tell", "build_plan", "build_terms"]

Tell: TypeAlias = Callable[[str, tuple[str | int, ...], str, str], None]
"""Tells a finding: its code, the steps below the entry, the label, the hint. A label that begins with "key:" means the key."""

GROUP_KEYS: Final = frozenset({"unlisted", "count_diskspace", "count_bandwidth"})
"""Keys of a group that are no quotas."""


def build_terms(data: Mapping[str, object], unlisted: Unlisted, catalogue: Catalogue, root: str, tell: Tell) -> Terms:
    """Groups with their quotas by full name; ``root`` is the key they stand under."""
    return MappingProxyType(
        {
            group: _group(group, cast(Mapping[str, object], held), unlisted, catalogue, (root, group), tell)
            for group, held in data.items()
        }
    )


def _group(
    name: str,
    data: Mapping[str, object],
    unlisted: Unlisted,
    catalogue: Catalogue,
    steps: tuple[str, ...],
    tell: Tell,
) -> GroupTerms:
    quotas: dict[str, int] = {}
    seen: set[str] = set()
    more: dict[str, Any] = {key: data[key] for key in ("count_diskspace", "count_bandwidth") if key in data}
    for written, value in data.items():
        if written in GROUP_KEYS:
            continue
        quota = catalogue.written[name, written]
        if quota.name in seen:
            tell("RP1224", (*steps, written), "key:" + quota.name, f"drop one of {quota.short} and {quota.name}")
        seen.add(quota.name)
        number = _number(quota, value, (*steps, written), tell)
        if number is not None:
            quotas[quota.name] = number
    said = Unlisted(as_text(data["unlisted"])) if "unlisted" in data else unlisted
    return GroupTerms(quotas=MappingProxyType(quotas), unlisted=said, **more)


def _number(quota: Quota, value: object, steps: tuple[str, ...], tell: Tell) -> int | None:
    """A quota's value as the panel counts it; None where it can't be one."""
    if quota.type is QuotaType.SWITCH:
        return 1 if value is True else 0
    if not isinstance(value, str) or value == "unlimited":
        return as_number(value)
    assert quota.unit is not None
    amount, unit = as_size(value)
    total = amount * unit.in_mb / quota.unit.in_mb
    if total != total.to_integral_value():
        near = int(total)
        tell(
            "RP1210",
            steps,
            f"the panel counts {quota.name} in {quota.unit}",
            f"write `{near} {quota.unit}` or `{near + 1} {quota.unit}`" if near else f"write `1 {quota.unit}`",
        )
        return None
    if total > BIGGEST:
        tell("RP1223", steps, f"at most {BIGGEST} {quota.unit}", "write `unlimited`")
        return None
    return int(total)


def _price(data: Mapping[str, object], tell: Tell, root: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    for key in ("setup", "recurring"):
        if key in data:
            places = repr(data[key]).partition(".")[2]
            if len(places) > 4 or "e-" in repr(data[key]):
                tell("RP1221", (*root, key), "", "round it to four places")
            else:
                yield key, as_money(data[key])
    if "every" in data:
        yield "every", as_recurrence(data["every"])


def _fields(data: Mapping[str, object], catalogue: Catalogue, tell: Tell, root: tuple[str, ...]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if "description" in data:
        fields["description"] = as_text_or_null(data["description"])
    if "available" in data:
        fields["available"] = data["available"]
    if "price" in data:
        fields.update(_price(cast(Mapping[str, object], data["price"]), tell, (*root, "price")))
    return fields


def build_plan(data: Mapping[str, object], catalogue: Catalogue, tell: Tell) -> HostingPlan | Addon:
    """The plan or add-on of an entry that fits its form.

    A plan is exactly what its manifest says: groups that are not listed are off, and OS and DNS are always in. An add-on is only
    what it lists: there the two are in when they are listed.
    """
    kind: type[HostingPlan] | type[Addon] = Addon if data.get("addon") is True else HostingPlan
    name = as_text(data["name"])
    address = Address.addon(name) if kind is Addon else Address.plan(name)
    unlisted = Unlisted(as_text(data["unlisted"])) if "unlisted" in data else Unlisted.OFF

    def initial(fields: Mapping[str, object]) -> dict[str, object]:
        first = _fields(fields, catalogue, tell, ("initial",))
        if "groups" in fields:
            first["groups"] = build_terms(cast(Mapping[str, object], fields["groups"]), unlisted, catalogue, "groups", tell)
        return first

    fields = _fields(data, catalogue, tell, ())
    if data.get("existing") is not True:
        listed = cast(Mapping[str, object], data.get("groups", {}))
        always: Mapping[str, object] = {group: {} for group in ALWAYS_IN if group in catalogue.groups and kind is HostingPlan}
        fields["groups"] = build_terms({**always, **listed}, unlisted, catalogue, "groups", tell)
    said = lifecycle(data, initial, lambda old: Address(address.kind, as_text(old)))
    return kind(name=name, unlisted=unlisted, lifecycle=said, **fields)

"""The inverse of ``build``: an estate as the data of a manifest, so that what is read again is equal to what was written.

What is not managed, or was not read, is left out; the panel's empty value is ``null``. Numbers of quotas become what people write:
``5 GB``, ``unlimited``, ``true``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, assert_never

from resellerplan.manifest.lifecycle import PRICE_FIELDS
from resellerplan.model.address import Address, Kind
from resellerplan.model.customer import (
    TEXT_FIELDS,
    AgeSink,
    CommandSink,
    Customer,
    FileSink,
    FromCommand,
    FromEnv,
    FromFile,
    Generated,
    InText,
    PasswordSource,
    Sink,
)
from resellerplan.model.estate import Estate
from resellerplan.model.hosting_plan import Addon, GroupTerms, HostingPlan, Terms, Unlisted
from resellerplan.model.lifecycle import NOTHING_SAID, Lifecycle
from resellerplan.model.quotas import ALWAYS_IN, Catalogue, quota_text
from resellerplan.model.space import Domain, PlanTerms, Resources, Space
from resellerplan.model.values import UNLIMITED, Money, Null, QuotaType, Recurrence, Unknown, Unset

__all__ = ["exported"]

Data = dict[str, Any]

_PLAIN_FIELDS: Final = (
    *TEXT_FIELDS,
    "html_mail",
    "role",
    "status",
    "login_status",
    "demo",
    "ecommerce",
)


def exported(estate: Estate, catalogue: Catalogue) -> Data:
    """The manifest of an estate. Passwords in the text are left out: they are never written."""
    data: Data = {"version": 1}
    plans = [_plan(resource, catalogue) for resource in estate.resources.values() if isinstance(resource, HostingPlan | Addon)]
    customers = [_customer(resource) for resource in estate.resources.values() if isinstance(resource, Customer)]
    spaces = [_space(resource, catalogue) for resource in estate.resources.values() if isinstance(resource, Space)]
    return {**data, **{key: held for key, held in (("plans", plans), ("customers", customers), ("spaces", spaces)) if held}}


# -- customers ------------------------------------------------------------------------------------------------------------------


def _customer(customer: Customer) -> Data:
    data: Data = {"username": customer.username}
    for name in _PLAIN_FIELDS:
        data.update(_value(_key(name), getattr(customer, name)))
    if customer.password is not None and not isinstance(customer.password, InText):
        data["password"] = _password(customer.password)
    if customer.summary_letter:
        data["summary_letter"] = True
    return {**data, **_lifecycle(customer.lifecycle, Kind.CUSTOMER, "")}


def _key(name: str) -> str:
    return "phone" if name == "primary_phone" else name


def _value(key: str, value: object) -> Iterator[tuple[str, object]]:
    """The key with its value; nothing for what is not managed."""
    match value:
        case Unset() | Unknown():
            return
        case Null():
            yield key, None
        case bool() | int():
            yield key, value
        case str():
            yield key, str(value)
        case Recurrence():
            yield key, str(value)
        case Money():
            yield key, _amount(value)
        case _:
            raise TypeError(f"{key} holds {type(value).__name__}, which no manifest can")


def _amount(money: Money) -> int | float:
    whole = money.amount == money.amount.to_integral_value()
    return int(money.amount) if whole else float(money.amount)


def _password(source: PasswordSource) -> Data:
    match source:
        case FromEnv(name):
            return {"env": name}
        case FromFile(path):
            return {"file": path}
        case FromCommand(argv):
            return {"command": list(argv)}
        case Generated(length=length, sink=sink):
            return {"generate": {"length": length}, "to": _sink(sink)}
        case InText():
            raise TypeError("a password in the text is never written")
        case _:
            assert_never(source)


def _sink(sink: Sink) -> Data:
    match sink:
        case AgeSink(path=path, recipients=recipients):
            return {"age": path, "recipients": list(recipients)} if recipients else {"age": path}
        case CommandSink(argv):
            return {"command": list(argv)}
        case FileSink(path):
            return {"file": path}
        case _:
            assert_never(sink)


# -- plans ----------------------------------------------------------------------------------------------------------------------


def _plan(plan: HostingPlan | Addon, catalogue: Catalogue) -> Data:
    data: Data = {"name": plan.name}
    addon = isinstance(plan, Addon)
    if addon:
        data["addon"] = True
    fields = {name: getattr(plan, name) for name in ("description", "available", *PRICE_FIELDS)}
    data.update(_sold(fields))
    if plan.unlisted is not Unlisted.OFF:
        data["unlisted"] = plan.unlisted.value
    if not isinstance(plan.groups, Null | Unset | Unknown):
        bare = GroupTerms(unlisted=plan.unlisted)
        by_itself = () if addon else ALWAYS_IN
        listed = {name: terms for name, terms in plan.groups.items() if not (name in by_itself and terms == bare)}
        if listed:
            data["groups"] = _terms(listed, plan.unlisted, catalogue)
    return {**data, **_lifecycle(plan.lifecycle, Kind.ADDON if addon else Kind.PLAN, "", catalogue, plan.unlisted)}


def _sold(fields: Mapping[str, object]) -> Data:
    data: Data = {}
    price: Data = {}
    for name, value in fields.items():
        (price if name in PRICE_FIELDS else data).update(_value(name, value))
    held = {key: value for key, value in price.items() if value is not None}
    return {**data, "price": held} if held else data


def _terms(terms: Terms, unlisted: Unlisted, catalogue: Catalogue) -> Data:
    return {name: _group(group, unlisted, catalogue) for name, group in terms.items()}


def _group(group: GroupTerms, unlisted: Unlisted, catalogue: Catalogue) -> Data:
    data: Data = {}
    for name, number in group.quotas.items():
        quota = catalogue.quotas.get(name)
        short = name if quota is None else quota.short
        if quota is not None and quota.type is QuotaType.SWITCH:
            data[short] = number != 0
        elif number == UNLIMITED or (quota is not None and quota.unit is not None and number > 0):
            data[short] = quota_text(quota, number)
        else:
            data[short] = number
    for key in ("count_diskspace", "count_bandwidth"):
        data.update(_value(key, getattr(group, key)))
    return {**data, "unlisted": group.unlisted.value} if group.unlisted is not unlisted else data


# -- spaces ---------------------------------------------------------------------------------------------------------------------


def _space(space: Space, catalogue: Catalogue) -> Data:
    data: Data = {"customer": space.customer, "name": space.name}
    for name in ("plan", "status", "comments"):
        data.update(_value(name, getattr(space, name)))
    if not isinstance(space.domains, Null | Unset | Unknown):
        data["domains"] = _domains(space.domains, space.resources)
    if space.resources is not None:
        data["resources"] = _resources(space.resources)
    if not isinstance(space.addons, Null | Unset | Unknown):
        data["addons"] = [{"plan": name, "quantity": quantity} for name, quantity in space.addons.items()]
    if isinstance(space.overrides, PlanTerms):
        data["overrides"] = "none"
    elif not isinstance(space.overrides, Null | Unset | Unknown):
        data["overrides"] = _terms(space.overrides, Unlisted.KEEP, catalogue)
    if space.summary_letter:
        data["summary_letter"] = True
    return {**data, **_lifecycle(space.lifecycle, Kind.SPACE, space.customer)}


def _domains(domains: tuple[Domain, ...], resources: Resources | None) -> list[str | Data]:
    """A domain alone where its website is what it would be anyway."""
    first = (resources or Resources()).website
    return [
        domain.name if domain.website is (first if number == 0 else False) else {"name": domain.name, "website": domain.website}
        for number, domain in enumerate(domains)
    ]


def _resources(resources: Resources) -> Data:
    ftp = resources.ftp if isinstance(resources.ftp, bool) else {"name": resources.ftp}
    data: Data = {"website": resources.website, "ftp": ftp, "mail": resources.mail}
    return {**data, "host": resources.host} if resources.host else data


# -- life cycles ----------------------------------------------------------------------------------------------------------------


def _lifecycle(
    life: Lifecycle, kind: Kind, owner: str, catalogue: Catalogue | None = None, unlisted: Unlisted = Unlisted.OFF
) -> Data:
    if life is NOTHING_SAID:
        return {}
    data: Data = {}
    if life.pin is not None:
        data["id"] = life.pin
    if life.moved_from is not None:
        data["moved_from"] = _former(life.moved_from, owner)
    for key, said in (("existing", life.existing), ("protect", life.protect)):
        if said:
            data[key] = True
    if life.tombstone is not None:
        data |= {"state": "absent", "reason": life.tombstone.reason}
        if days := life.tombstone.quarantine_days:
            data["quarantine"] = "1 day" if days == 1 else f"{days} days"
        if life.tombstone.only_if:
            data["only_if"] = {condition.what: condition.count for condition in life.tombstone.only_if}
    for key, day in (("from", life.not_before), ("ends", life.ends)):
        if day is not None:
            data[key] = day.isoformat()
    if life.initial:
        data["initial"] = _initial(life.initial, kind, catalogue, unlisted)
    if life.ignore_changes:
        data["ignore_changes"] = {
            "price" if name in PRICE_FIELDS else _key(name): reason for name, reason in life.ignore_changes.items()
        }
    return data


def _former(old: Address, owner: str) -> str | Data:
    if old.kind is not Kind.SPACE or old.owner == owner:
        return old.name
    return {"customer": old.owner, "name": old.name}


def _initial(fields: Mapping[str, object], kind: Kind, catalogue: Catalogue | None, unlisted: Unlisted) -> Data:
    if kind in (Kind.PLAN, Kind.ADDON):
        data = _sold({name: value for name, value in fields.items() if name != "groups"})
        groups = fields.get("groups")
        if isinstance(groups, Mapping) and catalogue is not None:
            data["groups"] = _terms(groups, unlisted, catalogue)
        return data
    data = {}
    for name, value in fields.items():
        data.update(_value(_key(name), value))
    return data

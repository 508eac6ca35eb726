"""THE TABLE: per kind its type, its parents, and what is special about each field, each with its reason.

Order of kinds, what waits for what, which fields are personal, which the panel fills, destroys or cuts: all of it is a row here and
nowhere else. Lengths are the panel's stored lengths (contract 3.4): longer text is cut silently, stored whole or refused,
depending on the database, so it is an error before anything is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from resellerplan.model.address import Kind
from resellerplan.model.customer import Customer
from resellerplan.model.hosting_plan import Addon, HostingPlan
from resellerplan.model.resource import Resource
from resellerplan.model.space import Space

__all__ = ["KINDS", "FieldTrait", "KindTrait", "trait_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTrait:
    """What is special about a field.

    ``max_length`` in characters, 0 = no limit. ``personal`` is masked in reports that travel. ``detail`` = only the full record
    has it, a list row does not (contract 2.2), so managing it costs a read per object. ``on_create_only`` = used on creation and
    never compared. ``word`` is the manifest's word where it is not the field's own name.
    """

    label: str
    word: str = ""
    reason: str = ""
    max_length: int = 0
    personal: bool = False
    detail: bool = False
    on_create_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KindTrait:
    """One kind: its class, the kinds it waits for, its fields, and what an update of it destroys (said in every plan)."""

    kind: Kind
    type: type[Resource]
    parents: tuple[Kind, ...]
    fields: Mapping[str, FieldTrait]
    plural: str
    destroyed_by_update: str = ""


def _fields(**fields: FieldTrait) -> Mapping[str, FieldTrait]:
    return MappingProxyType(fields)


_CUSTOMER = _fields(
    first_name=FieldTrait(label="first name", max_length=50, personal=True),
    last_name=FieldTrait(label="last name", max_length=50, personal=True),
    email=FieldTrait(label="e-mail", max_length=255, personal=True),
    secondary_email=FieldTrait(label="secondary e-mail", max_length=255, personal=True, detail=True),
    company=FieldTrait(label="company", max_length=100, personal=True),
    address=FieldTrait(label="address", max_length=200, personal=True, detail=True),
    city=FieldTrait(label="city", max_length=50, personal=True, detail=True),
    state_province=FieldTrait(label="state or province", max_length=50, personal=True, detail=True),
    country=FieldTrait(label="country", max_length=50, personal=True, detail=True),
    zip=FieldTrait(label="zip", max_length=20, personal=True, detail=True),
    primary_phone=FieldTrait(label="phone", max_length=30, personal=True, detail=True),
    secondary_phone=FieldTrait(label="second phone", max_length=30, personal=True, detail=True),
    fax=FieldTrait(label="fax", max_length=30, personal=True, detail=True),
    instant_messenger=FieldTrait(
        label="instant messenger",
        max_length=100,
        personal=True,
        detail=True,
        reason="the column holds 100; more is a fault (contract 3.4)",
    ),
    subscriber_number=FieldTrait(label="subscriber number", max_length=32),
    comments=FieldTrait(label="comments", reason="paged lists hold other comments under this name (contract 2.2)", detail=True),
    html_mail=FieldTrait(label="HTML mail", detail=True),
    role=FieldTrait(label="role"),
    status=FieldTrait(label="status", reason="a change cascades or does not, by the call (contract 6.2)"),
    login_status=FieldTrait(label="login status"),
    demo=FieldTrait(label="demo account"),
    ecommerce=FieldTrait(label="e-commerce"),
    password=FieldTrait(
        label="password",
        on_create_only=True,
        max_length=71,
        reason="longer ones are cut once encrypted and can't be used (contract 2.2)",
    ),
    summary_letter=FieldTrait(label="account summary letter", on_create_only=True),
)

_SOLD = _fields(
    description=FieldTrait(label="description"),
    available=FieldTrait(label="available", detail=True),
    setup=FieldTrait(word="price.setup", label="setup price"),
    recurring=FieldTrait(word="price.recurring", label="recurring price"),
    every=FieldTrait(word="price.every", label="recurrence"),
    groups=FieldTrait(
        label="groups and quotas", detail=True, reason="exact: what is not listed is off or 0, because quotas are what is sold"
    ),
)

_SPACE = _fields(
    plan=FieldTrait(label="plan"),
    status=FieldTrait(label="status", reason="switched by a call of its own, with all spaces nested below (contract 2.4)"),
    comments=FieldTrait(label="comments", detail=True),
    domains=FieldTrait(label="domains", reason="compared by presence; never moved or deleted by an edit"),
    resources=FieldTrait(label="resources", on_create_only=True, reason="made with the first domain; can't be read back"),
    addons=FieldTrait(label="add-ons", detail=True),
    overrides=FieldTrait(label="own terms", detail=True),
    summary_letter=FieldTrait(label="space summary letter", on_create_only=True),
)

# Contract 6.2: hidden quotas are not among those that can be read, and an update replaces all.
_HIDDEN = "an update also drops quotas that the panel never shows and no manifest holds"

KINDS: Final[Mapping[Kind, KindTrait]] = MappingProxyType(
    {
        Kind.CUSTOMER: KindTrait(
            kind=Kind.CUSTOMER,
            type=Customer,
            parents=(),
            fields=_CUSTOMER,
            plural="customers",
            # Contract 2.2: UpdateUser writes null over AdditionalParams whatever is sent.
            destroyed_by_update="an update also drops the customer's VLAN list, which no manifest holds",
        ),
        Kind.PLAN: KindTrait(
            kind=Kind.PLAN,
            type=HostingPlan,
            parents=(Kind.CUSTOMER,),
            fields=_SOLD,
            plural="plans",
            destroyed_by_update=_HIDDEN,
        ),
        Kind.ADDON: KindTrait(
            kind=Kind.ADDON,
            type=Addon,
            parents=(Kind.CUSTOMER,),
            fields=_SOLD,
            plural="add-ons",
            destroyed_by_update=_HIDDEN,
        ),
        Kind.SPACE: KindTrait(
            kind=Kind.SPACE, type=Space, parents=(Kind.CUSTOMER, Kind.PLAN, Kind.ADDON), fields=_SPACE, plural="spaces"
        ),
    }
)
"""Kinds in the order in which they are made: customers, then plans, then spaces."""


def trait_of(kind: Kind, field_name: str) -> FieldTrait:
    """The trait of a field. Raises KeyError for a field the kind does not have."""
    return KINDS[kind].fields[field_name]

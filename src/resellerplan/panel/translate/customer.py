"""Customers: the panel's UserInfo, its list rows, and the model's Customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from resellerplan.errors import PanelNotUnderstood
from resellerplan.model.address import PanelId
from resellerplan.model.customer import Customer
from resellerplan.model.drafts import maker
from resellerplan.model.values import NULL, UNKNOWN, Field, LoginStatus, Null, Role, Status, Unknown, is_value
from resellerplan.panel.dialects.dialect import Value
from resellerplan.panel.record import Record
from resellerplan.panel.translate.statuses import (
    LOGIN_STATUS_IDS,
    LOGIN_STATUSES,
    ROLE_IDS,
    ROLES,
    STATUS_IDS,
    STATUSES,
)
from resellerplan.soap.dataset import Row
from resellerplan.soap.values import read_bool, read_int

__all__ = ["CUSTOMER_COLUMNS", "CustomerRow", "customer_of_record", "customer_of_row", "made_customer", "new_user", "user_changes"]

_TEXTS: Final[Mapping[str, str]] = {
    "first_name": "firstname",
    "last_name": "lastname",
    "email": "email",
    "secondary_email": "secondaryemail",
    "company": "companyname",
    "address": "address",
    "city": "city",
    "state_province": "state",
    "country": "country",
    "zip": "zip",
    "primary_phone": "primaryphone",
    "secondary_phone": "secondaryphone",
    "fax": "fax",
    "instant_messenger": "instantmessenger",
    "subscriber_number": "subscribernumber",
    "comments": "comments",
}
_TRUTHS: Final[Mapping[str, str]] = {"html_mail": "htmlmail", "demo": "isdemo", "ecommerce": "ecommerceenabled"}

made_customer: Final = maker(Customer)

CUSTOMER_COLUMNS: Final = (
    "userid",
    "username",
    "ownerid",
    "roleid",
    "statusid",
    "loginstatusid",
    "ispeer",
    "isdemo",
    "ecommerceenabled",
    "changed",
    "firstname",
    "lastname",
    "email",
    "companyname",
    "subscribernumber",
)
"""What is kept of a row of GetRawUsers and its paged kin. Not ``comments``: paged lists hold other comments there."""


@dataclass(slots=True)
class CustomerRow:
    """A row of the list: who it is, and its fields as far as lists have them."""

    panel_id: PanelId
    owner_id: PanelId
    role_id: int
    peer: bool
    changed: str
    customer: Customer


def _text(value: str | None) -> Field[str]:
    return value if value else NULL


def _number(text: str | None) -> int:
    try:
        return read_int(text)
    except ValueError:
        raise PanelNotUnderstood("the panel's list of customers holds a row that can't be read") from None


def customer_of_row(row: Row) -> CustomerRow:
    """A customer as lists show it: contact fields are UNKNOWN there, never empty (contract 2.2)."""
    (
        user_id,
        username,
        owner,
        role,
        status,
        login_status,
        peer,
        demo,
        ecommerce,
        changed,
        first_name,
        last_name,
        email,
        company,
        subscriber,
    ) = row
    role_id = _number(role)
    return CustomerRow(
        _number(user_id),
        _number(owner),
        role_id,
        peer == "true",
        changed or "",
        made_customer(
            username=username or "",
            first_name=first_name or NULL,
            last_name=last_name or NULL,
            email=email or NULL,
            secondary_email=UNKNOWN,
            company=company or NULL,
            address=UNKNOWN,
            city=UNKNOWN,
            state_province=UNKNOWN,
            country=UNKNOWN,
            zip=UNKNOWN,
            primary_phone=UNKNOWN,
            secondary_phone=UNKNOWN,
            fax=UNKNOWN,
            instant_messenger=UNKNOWN,
            subscriber_number=subscriber or NULL,
            comments=UNKNOWN,
            html_mail=UNKNOWN,
            role=ROLES.get(role_id, UNKNOWN),
            status=STATUSES.get(_number(status), UNKNOWN),
            login_status=LOGIN_STATUSES.get(_number(login_status), UNKNOWN),
            demo=demo == "true",
            ecommerce=read_bool(ecommerce),
        ),
    )


def customer_of_record(record: Record) -> Customer:
    """A customer as GetUserById shows it: every field."""
    text = record.text
    return made_customer(
        username=text("username") or "",
        first_name=_text(text("firstname")),
        last_name=_text(text("lastname")),
        email=_text(text("email")),
        secondary_email=_text(text("secondaryemail")),
        company=_text(text("companyname")),
        address=_text(text("address")),
        city=_text(text("city")),
        state_province=_text(text("state")),
        country=_text(text("country")),
        zip=_text(text("zip")),
        primary_phone=_text(text("primaryphone")),
        secondary_phone=_text(text("secondaryphone")),
        fax=_text(text("fax")),
        instant_messenger=_text(text("instantmessenger")),
        subscriber_number=_text(text("subscribernumber")),
        comments=_text(text("comments")),
        html_mail=record.boolean("htmlmail"),
        role=ROLES.get(record.integer("roleid"), UNKNOWN),
        status=STATUSES.get(record.integer("statusid"), UNKNOWN),
        login_status=LOGIN_STATUSES.get(record.integer("loginstatusid"), UNKNOWN),
        demo=record.boolean("isdemo"),
        ecommerce=record.boolean("ecommerceenabled"),
    )


def user_changes(wanted: Mapping[str, object]) -> dict[str, Value]:
    """Members of UserInfo for the named fields. Raises TypeError for a field that no update of a customer writes."""
    changes: dict[str, Value] = {}
    for field, value in wanted.items():
        if isinstance(value, Unknown) or not is_value(value):
            raise TypeError(f"customer.{field} has no value to write")
        if field in _TEXTS:
            changes[_TEXTS[field]] = None if isinstance(value, Null) else str(value)
        elif field in _TRUTHS:
            changes[_TRUTHS[field]] = False if isinstance(value, Null) else bool(value)
        elif field == "role":
            changes["roleid"] = ROLE_IDS[Role.USER if isinstance(value, Null) else Role(str(value))]
        elif field == "status":
            changes["statusid"] = STATUS_IDS[Status.ACTIVE if isinstance(value, Null) else Status(str(value))]
        elif field == "login_status":
            changes["loginstatusid"] = LOGIN_STATUS_IDS[LoginStatus.ENABLED if isinstance(value, Null) else LoginStatus(str(value))]
        else:
            raise TypeError(f"customer.{field} is not written by an update")
    return changes


def new_user(customer: Customer, owner_id: PanelId) -> dict[str, Value]:
    """Members of UserInfo for a new customer: active whatever its status is to be (resources fail else; contract 6.7)."""
    wanted: dict[str, object] = {}
    for field in (*_TEXTS, *_TRUTHS, "role", "login_status"):
        value = getattr(customer, field)
        if not is_value(value):
            value = customer.lifecycle.initial.get(field)
            if value is None:
                continue
        wanted[field] = value
    return {
        "roleid": ROLE_IDS[Role.USER],
        **user_changes(wanted),
        "statusid": STATUS_IDS[Status.ACTIVE],
        "ownerid": owner_id,
        "username": customer.username.strip(),
    }

"""An entry of ``customers:`` becomes a Customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from resellerplan.manifest.convert import as_password, as_text, as_text_or_null
from resellerplan.manifest.lifecycle import LIFECYCLE_KEYS, lifecycle
from resellerplan.model.address import Address
from resellerplan.model.customer import TEXT_FIELDS, Customer
from resellerplan.model.drafts import maker
from resellerplan.model.lifecycle import NOTHING_SAID
from resellerplan.model.values import LoginStatus, Role, Status

__all__ = ["build_customer"]

_TEXTS: Final = {**{name: name for name in TEXT_FIELDS}, "phone": "primary_phone"}
"""Keys that hold text -> the model's fields."""
_FLAGS: Final = frozenset({"html_mail", "demo", "ecommerce"})
_made: Final = maker(Customer)


def _field(key: str, value: object) -> tuple[str, object] | None:
    name = _TEXTS.get(key)
    if name is not None:
        return name, as_text_or_null(value)
    if key in _FLAGS:
        return key, value
    match key:
        case "status":
            return key, Status(as_text(value))
        case "login_status":
            return key, LoginStatus(as_text(value))
        case "role":
            return key, Role(as_text(value))
        case _:
            return None


def _fields(data: Mapping[str, object]) -> dict[str, object]:
    return dict(pair for key, value in data.items() if (pair := _field(key, value)) is not None)


def build_customer(data: Mapping[str, object], recipients: Sequence[str]) -> Customer:
    """The customer of an entry that fits its form."""
    # Most entries hold texts, their name and their spaces, and nothing else: those are taken in one go.
    texts = _TEXTS
    fields: dict[str, Any] = {texts[key]: value for key, value in data.items() if key in texts and type(value) is str and value}
    if len(fields) + 1 + ("spaces" in data) == len(data):
        return _made(username=as_text(data["username"]), **fields)
    fields.clear()
    alive = False
    for key, value in data.items():
        if key in LIFECYCLE_KEYS:
            alive = True
        elif (pair := _field(key, value)) is not None:
            fields[pair[0]] = pair[1]
    if "password" in data:
        fields["password"] = as_password(data["password"], recipients)
    if data.get("summary_letter") is True:
        fields["summary_letter"] = True
    said = lifecycle(data, _fields, lambda old: Address.customer(as_text(old))) if alive else NOTHING_SAID
    return _made(username=as_text(data["username"]), lifecycle=said, **fields)

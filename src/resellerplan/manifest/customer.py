"""An entry of ``customers:`` becomes a Customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from resellerplan.manifest.convert import as_password, as_text, as_text_or_null
from resellerplan.manifest.drafts import maker
from resellerplan.manifest.lifecycle import LIFECYCLE_KEYS, lifecycle
from resellerplan.model.address import Address
from resellerplan.model.customer import TEXT_FIELDS, Customer
from resellerplan.model.lifecycle import NOTHING_SAID
from resellerplan.model.values import LoginStatus, Role, Status

__all__ = ["build_customer"]

_TEXTS: Final = {**{name: name for name in TEXT_FIELDS}, "phone": "primary_phone"}
"""Keys that hold text -> the model's fields."""
_FLAGS: Final = frozenset({"html_mail", "demo", "ecommerce"})
_NEITHER: Final = frozenset({"username", "spaces", "password", "summary_letter"})
"""Keys that are no field of their own, or are read apart: most entries have two of them, so they are not asked about one by one."""

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
    fields: dict[str, Any] = {}
    alive = False
    texts = _TEXTS
    for key, value in data.items():
        if key in texts:
            fields[texts[key]] = value if type(value) is str and value else as_text_or_null(value)
        elif key in LIFECYCLE_KEYS:
            alive = True
        elif key not in _NEITHER and (pair := _field(key, value)) is not None:
            fields[pair[0]] = pair[1]
    if "password" in data:
        fields["password"] = as_password(data["password"], recipients)
    if data.get("summary_letter") is True:
        fields["summary_letter"] = True
    said = lifecycle(data, _fields, lambda old: Address.customer(as_text(old))) if alive else NOTHING_SAID
    return _made(username=as_text(data["username"]), lifecycle=said, **fields)

"""What was probably meant by a value that does not fit: the same, in words that do. Every hint that begins with "write" can be
followed as it stands.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Final

from resellerplan.manifest.forms import Listing, Record, Shape, Text
from resellerplan.manifest.nearest import nearest

__all__ = [
    "as_amount",
    "as_flag",
    "as_list",
    "as_mapping",
    "as_shape",
    "as_size",
    "listing_of",
    "meant_key",
    "without_quotes",
]

_YES: Final = frozenset(["yes", "y", "on", "true", "ja", "j", "1"])
_NO: Final = frozenset(["no", "n", "off", "false", "nein", "0"])
_SIZE: Final = re.compile(r"([0-9]+(?:[.,][0-9]+)?) *([kmgt])(?:i?b|bytes?|egabytes?|igabytes?|erabytes?)?\Z", re.IGNORECASE)
_AMOUNT: Final = re.compile(r"([0-9]+)(?:[.,]([0-9]{1,4}))? ?(?:€|\$|[A-Za-z]{3})?\Z")
_ISO_DAY: Final = re.compile(r"([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})\Z")
_GERMAN_DAY: Final = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})\Z")
_COUNTED: Final = re.compile(r"([1-9][0-9]*) *([A-Za-z]*)\Z")

_OTHER_WORDS: Final = MappingProxyType(
    {
        "account": "username",
        "accounts": "customers",
        "comment": "comments",
        "company_name": "company",
        "companyname": "company",
        "domain_name": "domain",
        "hosting_plan": "plan",
        "hosting_plans": "plans",
        "login": "username",
        "mail": "email",
        "note": "comments",
        "notes": "comments",
        "organisation": "company",
        "organization": "company",
        "owner": "customer",
        "package": "plan",
        "packages": "spaces",
        "plz": "zip",
        "postal_code": "zip",
        "postcode": "zip",
        "province": "state_province",
        "quotas": "groups",
        "region": "state_province",
        "street": "address",
        "subscriptions": "spaces",
        "surname": "last_name",
        "tel": "phone",
        "telephone": "phone",
        "telefon": "phone",
        "user": "username",
        "users": "customers",
        "zip_code": "zip",
        "zipcode": "zip",
    }
)
"""Words of other programs, of the panel's own forms, and of letters in other languages."""

_PLURALS: Final = MappingProxyType({"customer": "customers", "plan": "plans", "space": "spaces"})


def meant_key(form: Record, written: str) -> str | None:
    """The key of the mapping that was probably meant."""
    near = nearest(written, form.entries) or nearest(written, form.aliases)
    if near is None:
        other = _OTHER_WORDS.get(written.casefold().replace("-", "_").replace(" ", "_"))
        near = other if other in form.entries else None
    if near is None and form.unknown == "RP1203" and written.casefold() == "system":
        near = "OS" if "OS" in form.entries else None  # what the panel's portal calls the group
    return near


def listing_of(form: Record) -> str:
    """Where all keys of a big mapping are listed."""
    if form.what == "manifest":
        return "`resellerplan explain` lists all"
    kind = _PLURALS.get(form.what.removeprefix("default of a "))
    return f"`resellerplan explain {kind}` lists all" if kind else ""


def as_flag(value: object) -> str:
    """``yes`` is a text in YAML 1.2."""
    word = str(value).casefold()
    if word in _YES:
        return "write `true`"
    return "write `false`" if word in _NO else ""


def as_size(value: str) -> str:
    """``20 Gb``, ``1,5 GB``, ``5G`` and ``512 kB`` as a size with one of our units."""
    found = _SIZE.match(value.strip())
    if found is None:
        return ""
    amount = Decimal(found[1].replace(",", "."))
    unit = found[2].upper()
    if unit == "K":
        amount, unit = amount / 1024, "M"
    while amount != round(amount, 3) and unit != "M":
        amount, unit = amount * 1024, "GM"["TG".index(unit)]
    if amount != amount.to_integral_value():
        amount = round(amount, 3) if unit != "M" else amount.to_integral_value("ROUND_CEILING")
    return f"write `{format(amount.normalize(), 'f')} {unit}B`"


def as_amount(value: object) -> str:
    """``4,90 EUR`` as a number."""
    found = _AMOUNT.match(value.strip()) if isinstance(value, str) else None
    if found is None:
        return ""
    return f"write `{found[1]}.{found[2]}`" if found[2] else f"write `{found[1]}`"


def without_quotes(value: object) -> str:
    """A number that was written as a text."""
    if isinstance(value, str) and re.fullmatch("0|[1-9][0-9]{0,9}", value):
        return "take the quotes away"
    return ""


def as_list(form: Listing, value: object) -> str:
    """One value where several may stand."""
    if isinstance(value, dict):
        return "begin it with `- `: it is one entry of a list"
    if isinstance(form.of, Text) and isinstance(value, str):
        return "write each word as an entry of its own, as in [pass, show, mueller]" if " " in value else "put it in brackets: [ ]"
    return ""


def as_mapping(form: Record, value: object) -> str:
    """A bare value where a mapping is needed that could hold it."""
    key = form.required[0] if len(form.required) == 1 else next(iter(form.entries)) if len(form.entries) == 1 else None
    if key is None or value is None or isinstance(value, list | dict):
        return ""
    shown = str(value) if isinstance(value, str | int) and not isinstance(value, bool) and len(str(value)) <= 40 else "..."
    return f"write `{{{key}: {shown}}}`" if re.fullmatch(r"[\w .-]+", shown) else f"write `{{{key}: ...}}`"


def as_shape(shape: Shape, value: object) -> str:
    """A value in the shape that was probably meant; empty where that can't be told."""
    text = str(value).strip()
    made = ""
    match shape:
        case Shape.DOMAIN:
            return _domain(text)
        case Shape.URL if "@" in text:
            return "the log-in never stands in the address: it comes with the credentials"
        case Shape.URL:
            made = f"https://{text}" if "." in text and "://" not in text else ""
        case Shape.DAY:
            made = _day(text)
        case Shape.DAYS:
            made = _counted(text, {"": 1, "d": 1, "day": 1, "tag": 1, "w": 7, "week": 7, "woche": 7, "month": 30}, "day")
        case Shape.RECURRENCE:
            made = _counted(text, {"": 1, "m": 1, "month": 1, "monat": 1, "y": 12, "year": 12, "jahr": 12}, "month")
        case Shape.SHARE:
            made = _share(value)
        case Shape.CURRENCY:
            made = text.upper()
        case _:
            pass
    return f"write `{made}`" if made and shape.matches(made) else ""


def _domain(text: str) -> str:
    bare = re.sub(r"\A[A-Za-z]+://", "", text).partition("/")[0].rstrip(".").removeprefix("*.")
    if not bare.isascii():
        try:
            bare = bare.lower().encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    return f'write "{bare}"' if bare != text and Shape.DOMAIN.matches(bare) else ""


def _day(text: str) -> str:
    german = _GERMAN_DAY.match(text)
    iso = _ISO_DAY.match(text.partition("T")[0].partition(" ")[0])
    parts = (german[3], german[2], german[1]) if german else iso.groups() if iso else None
    if parts is None:
        return ""
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2])).isoformat()
    except ValueError:
        return ""


def _counted(text: str, units: dict[str, int], unit: str) -> str:
    found = _COUNTED.match(text)
    word = found[2].casefold() if found else ""
    factor = units.get(word) or units.get(word.rstrip("s")) or units.get(word.removesuffix("e").removesuffix("en"))
    if found is None or factor is None or len(found[1]) > 6:
        return ""
    count = int(found[1]) * factor
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _share(value: object) -> str:
    if isinstance(value, bool):
        return ""
    try:
        number = Decimal(str(value).replace("%", "").replace(",", ".").strip())
    except InvalidOperation:
        return ""
    if not number.is_finite():
        return ""
    if isinstance(value, float) and 0 < number < 1:
        number *= 100
    return f"{format(number.normalize(), 'f')}%"

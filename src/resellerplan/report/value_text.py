"""One value of a field in the manifest's words: sizes with their unit, money with its currency, secrets by their source."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from resellerplan.model.customer import FromCommand, FromEnv, FromFile, Generated, InText, PasswordSource
from resellerplan.model.hosting_plan import GroupTerms
from resellerplan.model.quotas import Catalogue, quota_text, shipped_catalogue
from resellerplan.model.space import PLAN_TERMS, Domain, Resources
from resellerplan.model.values import NULL, UNKNOWN, UNSET, Money, Secret
from resellerplan.neutralise import escape_invisible

__all__ = ["Wording", "field_name", "harmless", "password_text", "quoted", "seconds_text"]

_SHOWN_AS = {"setup": "price.setup", "recurring": "price.recurring", "every": "price.every"}


def harmless(text: str) -> str:
    """A name on one line of a terminal: nothing in it moves the cursor, turns the direction, or breaks the line."""
    return escape_invisible(text).replace("\n", "\\n")


def quoted(text: str) -> str:
    """A text in double quotes, as the manifest would hold it; line breaks as ``\\n``."""
    return escape_invisible(json.dumps(text, ensure_ascii=False))


def field_name(path: str) -> str:
    """A field's path as the manifest spells it: ``recurring`` stands under ``price``, quotas go by their full name."""
    if path.startswith("groups."):
        return harmless(path.removeprefix("groups."))
    return harmless(_SHOWN_AS.get(path, path))


def password_text(source: PasswordSource) -> str:
    """Where a password will come from; never what it is."""
    match source:
        case FromEnv(name):
            return f"(from env {harmless(name)}, asked for at apply)"
        case FromFile(path):
            return f"(from file {harmless(path)}, read at apply)"
        case FromCommand(argv):
            return f"(from command {harmless(argv[0]) if argv else ''}, run at apply)"
        case Generated(length, _):
            return f"(generated at apply, {length} characters)"
        case InText():
            return "(sensitive value)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How values are written: by which catalogue of quotas, in which currency, and whether personal data is shown."""

    catalogue: Catalogue = field(default_factory=shipped_catalogue)
    currency: str = ""

    def value(self, path: str, value: object) -> str:
        """A value of the field at ``path``; ``null`` for the panel's empty value, ``(not read)`` for what is unknown."""
        if value is NULL:
            return "null"
        if value is UNSET:
            return "(unset)"
        if value is UNKNOWN:
            return "(not read)"
        if isinstance(value, bool):
            return switch_text(path, on=value)
        if isinstance(value, int):
            return self.number(path, value)
        if isinstance(value, Money):
            return self.money(path, value)
        return self.compound(path, value)

    def number(self, path: str, number: int) -> str:
        """A number: a quota's in its unit, any other as it is."""
        quota = self.catalogue.quotas.get(path.partition(".")[2]) if path.startswith(("groups.", "overrides.")) else None
        is_quota = quota is not None or path.startswith(("groups.", "overrides."))
        return quota_text(quota, number) if is_quota else str(number)

    def money(self, path: str, amount: Money) -> str:
        """An amount with its currency, and how often it recurs."""
        text = f"{amount} {harmless(self.currency)}".rstrip()
        return f"{text} per month" if path == "per-month" else text

    def compound(self, path: str, value: object) -> str:
        """Text and everything that is made of several values."""
        match value:
            case Secret():
                return "(sensitive value)"
            case FromEnv() | FromFile() | FromCommand() | Generated() | InText():
                return password_text(value)
            case Resources():
                return resources_text(value)
            case Domain(name=name):
                return f"{quoted(name)} with a website" if value.website else quoted(name)
            case GroupTerms():
                return "{" + ", ".join(self.quota_lines(value)) + "}"
            case tuple() | list():
                return ", ".join(self.value(path, each) for each in value) or "none"
            case Mapping():
                return ", ".join(f"{harmless(str(name))}: {self.value(path, each)}" for name, each in value.items()) or "none"
            case str() if type(value) is str:
                return quoted(value)
            case date() | float():
                return str(value)
            case _ if value is PLAN_TERMS:
                return "none (the plan's terms)"
            case _:
                return harmless(str(value))

    def quota_lines(self, terms: GroupTerms) -> list[str]:
        """The quotas of one group, each ``OS.Diskspace: 5 GB``."""
        quotas = self.catalogue.quotas
        return [f"{harmless(name)}: {quota_text(quotas.get(name), number)}" for name, number in terms.quotas.items()]


def resources_text(resources: Resources) -> str:
    """What is made with the domain: ``website, ftp``."""
    made = []
    if resources.website:
        host = f" at {harmless(resources.host)}" if resources.host else ""
        made.append(f"website{host}")
    if resources.ftp:
        made.append("ftp" if resources.ftp is True else f"ftp {harmless(resources.ftp)}")
    if resources.mail:
        made.append("mail")
    return ", ".join(made) or "none"


def switch_text(path: str, *, on: bool) -> str:
    """A truth value; a whole group of a plan is ``on`` or ``off``."""
    if path.startswith(("groups.", "overrides.")):
        return "on" if on else "off"
    return "true" if on else "false"


def seconds_text(seconds: float) -> str:
    """``0.3s``; whole minutes as ``02m10s`` for what takes long."""
    if seconds < 60:
        return f"{seconds:.1f}s"
    minutes, rest = divmod(math.floor(seconds), 60)
    return f"{minutes:02}m{rest:02}s"

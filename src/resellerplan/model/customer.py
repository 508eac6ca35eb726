"""A customer: the panel's user below the reseller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from resellerplan.model.address import Address
from resellerplan.model.lifecycle import NOTHING_SAID, Lifecycle
from resellerplan.model.values import UNSET, Field, LoginStatus, Role, Secret, Status

__all__ = [
    "TEXT_FIELDS",
    "AgeSink",
    "CommandSink",
    "Customer",
    "FileSink",
    "FromCommand",
    "FromEnv",
    "FromFile",
    "Generated",
    "InText",
    "PasswordSource",
    "Sink",
]


@dataclass(frozen=True, slots=True)
class FromEnv:
    """The password is in an environment variable when apply runs."""

    name: str


@dataclass(frozen=True, slots=True)
class FromFile:
    """The password is the first line of a file; ``path`` is relative to the manifest that names it."""

    path: str


@dataclass(frozen=True, slots=True)
class FromCommand:
    """The password is what a command prints."""

    argv: Sequence[str]


@dataclass(frozen=True, slots=True)
class AgeSink:
    """A file encrypted with age for the recipients."""

    path: str
    recipients: Sequence[str]


@dataclass(frozen=True, slots=True)
class CommandSink:
    """A command that takes the password on its standard input."""

    argv: Sequence[str]


@dataclass(frozen=True, slots=True)
class FileSink:
    """A file of mode 0600 outside the repository."""

    path: str


Sink = AgeSink | CommandSink | FileSink


@dataclass(frozen=True, slots=True)
class Generated:
    """A password that apply makes up (``length`` characters) and hands to its sink before the create is sent."""

    length: int
    sink: Sink


@dataclass(frozen=True, slots=True)
class InText:
    """A password in the manifest's text: only with ``--allow-literal-passwords`` (tests and the demo)."""

    secret: Secret


PasswordSource = FromEnv | FromFile | FromCommand | Generated | InText


TEXT_FIELDS: Final = (
    "first_name",
    "last_name",
    "email",
    "secondary_email",
    "company",
    "address",
    "city",
    "state_province",
    "country",
    "zip",
    "primary_phone",
    "secondary_phone",
    "fax",
    "instant_messenger",
    "subscriber_number",
    "comments",
)
"""The fields of a customer that hold text, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer, desired or live (which of the three states a field may take: see values.py).

    Fields are named as in the manifest; ``traits.py`` says what is special about each. ``password`` and ``summary_letter``
    stand in the desired estate only: the first is used on creation, the second is one letter after it.
    """

    username: str
    first_name: Field[str] = UNSET
    last_name: Field[str] = UNSET
    email: Field[str] = UNSET
    secondary_email: Field[str] = UNSET
    company: Field[str] = UNSET
    address: Field[str] = UNSET
    city: Field[str] = UNSET
    state_province: Field[str] = UNSET
    country: Field[str] = UNSET
    zip: Field[str] = UNSET
    primary_phone: Field[str] = UNSET
    secondary_phone: Field[str] = UNSET
    fax: Field[str] = UNSET
    instant_messenger: Field[str] = UNSET
    subscriber_number: Field[str] = UNSET
    comments: Field[str] = UNSET
    html_mail: Field[bool] = UNSET
    role: Field[Role] = UNSET
    status: Field[Status] = UNSET
    login_status: Field[LoginStatus] = UNSET
    demo: Field[bool] = UNSET
    ecommerce: Field[bool] = UNSET
    password: PasswordSource | None = None
    summary_letter: bool = False
    lifecycle: Lifecycle = NOTHING_SAID

    @property
    def self_address(self) -> Address:
        """``customer.mueller``."""
        return Address.customer(self.username)

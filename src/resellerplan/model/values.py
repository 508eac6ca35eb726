"""Values that need more than a built-in: the three states of a field, secrets, money, sizes, days of the panel's statuses.

In the *desired* estate a field is a value, ``NULL`` (the panel's empty value) or ``UNSET`` (unmanaged: the panel keeps what it
has). In the *live* estate it is a value, ``NULL`` (the panel holds nothing, an empty text included) or ``UNKNOWN`` (not read).
``UNSET`` never stands in a live estate: "not read" and "unmanaged" must not be mixed up in the diff.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Final, TypeAlias, TypeVar, Union

__all__ = [
    "NULL",
    "UNKNOWN",
    "UNLIMITED",
    "UNSET",
    "Field",
    "LoginStatus",
    "Money",
    "Null",
    "QuotaType",
    "Recurrence",
    "Role",
    "Secret",
    "Status",
    "Unknown",
    "Unset",
    "is_value",
]


class Unset(Enum):
    """The singleton for "not declared, so not managed"."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"


class Null(Enum):
    """The singleton for "the panel's empty value"."""

    NULL = "null"

    def __repr__(self) -> str:
        return "NULL"


class Unknown(Enum):
    """The singleton for "not read from the panel"."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNSET: Final = Unset.UNSET
NULL: Final = Null.NULL
UNKNOWN: Final = Unknown.UNKNOWN

T = TypeVar("T")
Field: TypeAlias = Union[T, Null, Unset, Unknown]  # noqa: UP007  # a generic alias needs Union before 3.12
"""A field of a resource: its value, or one of the three singletons."""


def is_value(field: object) -> bool:
    """Whether a field holds a value or ``NULL``, that is: something to compare or to write."""
    return field is not UNSET and field is not UNKNOWN


UNLIMITED: Final = -1
"""The panel's number for "no limit" in a quota (contract 3.1)."""


class Secret:
    """A text that nobody prints. ``reveal()`` is called where the request is encoded, and at sinks, and nowhere else."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(•••)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "•••"

    def __eq__(self, other: object) -> bool:
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]  # never compared, so never a key

    def __reduce__(self) -> str:
        raise TypeError("a Secret is never pickled")


_WIDE = Context(prec=60)
"""One database takes amounts of 27 digits (real panel report 12), which Python's usual 28 can't round to four places."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount with four places, as the panel stores it; never a binary float (contract 1.4: `4.9`, `4.9000` are the same)."""

    amount: Decimal

    @classmethod
    def of(cls, amount: str | int | Decimal) -> Money:
        """Round to four places, half up as SQL Server's money does."""
        return cls(Decimal(amount).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP, context=_WIDE))

    def __str__(self) -> str:
        text = f"{self.amount:.4f}"
        return text[:-2] if text.endswith("00") else text.rstrip("0")


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often a price recurs: ``length`` times the panel's ``unit``.

    2 = month, the only unit with a meaning (contract 3.1).
    """

    length: int
    unit: int = 2

    def __str__(self) -> str:
        if self.unit != 2:
            return f"{self.length} x unit {self.unit} of the panel"
        return "1 month" if self.length == 1 else f"{self.length} months"


class Role(StrEnum):
    """What a managed customer may be."""

    USER = "user"
    RESELLER = "reseller"


class Status(StrEnum):
    """The status of a customer or a space, in the manifest's words.

    The panel's number 4 is Pending for users and New for spaces.
    """

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    PENDING = "pending"


class LoginStatus(StrEnum):
    """Whether the customer may log in to the web panel (it does not stop SOAP calls: contract 1.7)."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    LOCKED_OUT = "locked_out"


class QuotaType(IntEnum):
    """How a quota's number is meant (contract 3.1)."""

    SWITCH = 1
    COUNTED = 2
    MAXIMUM = 3

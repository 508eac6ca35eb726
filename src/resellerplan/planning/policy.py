"""How much may change in one run, and what a person said yes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

__all__ = ["Overcommit", "Policy", "Unmanaged"]


class Overcommit(StrEnum):
    """What becomes of a plan that sells more than the own package holds."""

    WARN = "warn"
    REFUSE = "refuse"
    ALLOW = "allow"


class Unmanaged(StrEnum):
    """What becomes of a plan while the panel holds objects that no manifest names."""

    REPORT = "report"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Thresholds and permissions. Shares are between 0 and 1. ``today`` is the clock by which days are judged (an argument).

    ``dangerous`` holds the names of the ``--dangerous-...`` flags that were given, without the prefix: ``reduce-plan``,
    ``many-deletes``, ``many-updates``, ``drop-own-terms``.
    """

    max_deletes: int = 5
    delete_share: float = 0.3
    update_share: float | None = None
    overcommit: Overcommit = Overcommit.WARN
    unmanaged: Unmanaged = Unmanaged.REPORT
    today: date | None = None
    reactivate_all: bool = False
    dangerous: frozenset[str] = frozenset()

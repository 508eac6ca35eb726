"""Days: what is not due yet, and what is over. The clock is an argument, so that a saved plan keeps the day it was reviewed on."""

from __future__ import annotations

from datetime import date, timedelta

from resellerplan.model.customer import Customer
from resellerplan.model.estate import Facts
from resellerplan.model.lifecycle import Lifecycle, Tombstone
from resellerplan.model.resource import Resource
from resellerplan.model.space import Space
from resellerplan.model.values import UNSET, Field, Status

__all__ = ["has_days", "is_over", "not_yet", "quarantine_ends", "wanted_status"]


def has_days(lifecycle: Lifecycle) -> bool:
    """Whether anything said of an object depends on the day."""
    waits = lifecycle.tombstone is not None and lifecycle.tombstone.quarantine_days > 0
    return waits or lifecycle.not_before is not None or lifecycle.ends is not None


def not_yet(lifecycle: Lifecycle, today: date | None) -> bool:
    """Whether ``from`` lies in the future: the object is not created before that day."""
    return today is not None and lifecycle.not_before is not None and today < lifecycle.not_before


def is_over(lifecycle: Lifecycle, today: date | None) -> bool:
    """Whether ``ends`` has come: the object is suspended from that day on."""
    return today is not None and lifecycle.ends is not None and today >= lifecycle.ends


def wanted_status(resource: Resource, today: date | None) -> Field[Status]:
    """The status that is asked for, the days considered; UNSET where it is not managed. ``ends`` wins over ``status: active``.

    Something cancelled stays cancelled when its end comes.
    """
    if not isinstance(resource, Customer | Space):
        return UNSET
    if is_over(resource.lifecycle, today) and resource.status is not Status.CANCELLED:
        return Status.SUSPENDED
    return resource.status


def quarantine_ends(tombstone: Tombstone, facts: Facts) -> date | None:
    """The first day on which a suspended object may be deleted; None where the panel does not say since when it is suspended."""
    if facts.status_since is None:
        return None
    return facts.status_since.date() + timedelta(days=tombstone.quarantine_days)

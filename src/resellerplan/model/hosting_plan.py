"""Hosting plans and add-ons: what the reseller sells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from resellerplan.model.address import Address
from resellerplan.model.lifecycle import NOTHING_SAID, Lifecycle
from resellerplan.model.values import UNSET, Field, Money, Recurrence

__all__ = ["Addon", "GroupTerms", "HostingPlan", "Terms", "Unlisted"]


class Unlisted(StrEnum):
    """What becomes of groups and quotas that the manifest does not list."""

    OFF = "off"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTerms:
    """One resource group: its quotas by the panel's full name (``OS.Diskspace``), in the panel's numbers.

    -1 is unlimited, switches are 0 or 1, sizes are MB.

    ``count_diskspace``/``count_bandwidth``: whether the group's use counts towards the plan's disk space and traffic.
    """

    quotas: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    unlisted: Unlisted = Unlisted.OFF
    count_diskspace: Field[bool] = UNSET
    count_bandwidth: Field[bool] = UNSET


Terms = Mapping[str, GroupTerms]
"""Groups by the panel's name (``OS``, ``Web``, ``DNS`` ...)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostingPlan:
    """A hosting plan. It always hangs on the reseller's own package; OS and DNS are always in (``build`` puts them there).

    ``setup`` and ``recurring`` are in the reseller's currency, which the panel does not know; ``every`` is how often
    ``recurring`` recurs. ``unlisted`` decides about whole groups that are not listed.
    """

    name: str
    description: Field[str] = UNSET
    available: Field[bool] = UNSET
    setup: Field[Money] = UNSET
    recurring: Field[Money] = UNSET
    every: Field[Recurrence] = UNSET
    groups: Field[Terms] = UNSET
    unlisted: Unlisted = Unlisted.OFF
    lifecycle: Lifecycle = NOTHING_SAID

    @property
    def self_address(self) -> Address:
        """``plan["Web S"]``."""
        return Address.plan(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addon:
    """A hosting plan of the panel's add-on kind: what it holds is added to a space, times its quantity."""

    name: str
    description: Field[str] = UNSET
    available: Field[bool] = UNSET
    setup: Field[Money] = UNSET
    recurring: Field[Money] = UNSET
    every: Field[Recurrence] = UNSET
    groups: Field[Terms] = UNSET
    unlisted: Unlisted = Unlisted.OFF
    lifecycle: Lifecycle = NOTHING_SAID

    @property
    def self_address(self) -> Address:
        """``addon["Extra 10 GB"]``."""
        return Address.addon(self.name)

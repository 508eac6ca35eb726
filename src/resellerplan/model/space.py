"""A hosting space: a plan given to a customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from resellerplan.model.address import Address
from resellerplan.model.hosting_plan import Terms
from resellerplan.model.lifecycle import NOTHING_SAID, Lifecycle
from resellerplan.model.values import UNSET, Field, Status

__all__ = ["PLAN_TERMS", "Domain", "PlanTerms", "Resources", "Space"]


class PlanTerms(Enum):
    """The singleton for ``overrides: none``: the space has the terms of its plan."""

    PLAN_TERMS = "none"

    def __repr__(self) -> str:
        return "PLAN_TERMS"


PLAN_TERMS: Final = PlanTerms.PLAN_TERMS


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What is made together with the space's first domain. ``ftp`` is the account's name, ``True`` = the customer's user name.

    ``host`` is the host part of the web site (``""`` = the bare domain, ``"www"``).
    """

    website: bool = True
    ftp: bool | str = False
    mail: bool = False
    host: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A domain of a space; the first is created with the space. ``website`` is for domains that are added later."""

    name: str
    website: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """A hosting space, desired or live.

    ``plan`` is the name of its hosting plan; in a live estate ``UNKNOWN`` where the panel's plan can't be named. ``domains`` are
    compared by presence, ``addons`` map an add-on's name to its summed active quantity (unlisted = unmanaged), ``overrides`` are
    the space's own terms, ``PLAN_TERMS`` for none.
    """

    customer: str
    name: str
    plan: Field[str] = UNSET
    status: Field[Status] = UNSET
    comments: Field[str] = UNSET
    domains: Field[tuple[Domain, ...]] = UNSET
    resources: Resources | None = None
    addons: Field[Mapping[str, int]] = UNSET
    overrides: Field[Terms | PlanTerms] = UNSET
    summary_letter: bool = False
    lifecycle: Lifecycle = NOTHING_SAID

    @property
    def self_address(self) -> Address:
        """``space["mueller/Web S"]``."""
        return Address.space(self.customer, self.name)

"""What is sold of the own package, before and after: the panel mostly does not stop who sells more than there is (contract 6.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from resellerplan.model.address import Address
from resellerplan.model.estate import OwnPackage
from resellerplan.model.hosting_plan import Terms
from resellerplan.model.quotas import shipped_catalogue
from resellerplan.model.values import UNLIMITED, QuotaType
from resellerplan.planning.holdings import Holding, World

__all__ = ["CapacityRow", "capacity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityRow:
    """One quota of the own package: what is allocated, and what all spaces together were and will be sold.

    ``quota`` is the full name (``OS.Diskspace``), numbers are the panel's (MB for sizes). ``unlimited`` spaces hold it without a
    limit after the plan and are not in the sums; no more are the ``unread`` spaces of the whole package, mostly
    because no manifest names their plan, so that nobody asked what is in it.
    """

    quota: str
    allocated: int
    sold_before: int
    sold_after: int
    unlimited: int = 0
    unread: int = 0

    @property
    def oversold(self) -> int:
        """By how much more is sold than there is, after the plan; 0 or less = nothing."""
        return self.sold_after - self.allocated


def capacity(own: OwnPackage | None, before: World, after: World) -> tuple[CapacityRow, ...]:
    """The quotas whose sold amount changes, where the own package has a limit for them. Empty where that was not read.

    Summed like the panel does: plan or own terms, plus add-ons times their quantity; only quotas that are counted (type 2).
    """
    if own is None or not own.allocated:
        return ()
    sold_before, _ = _sold(before)
    sold_after, unlimited = _sold(after)
    unread = _unread(after)
    kinds = shipped_catalogue().quotas
    rows = [
        CapacityRow(
            quota=quota,
            allocated=allocated,
            sold_before=sold_before[quota],
            sold_after=sold_after[quota],
            unlimited=unlimited[quota],
            unread=unread,
        )
        for quota, allocated in own.allocated.items()
        if allocated != UNLIMITED and (quota not in kinds or kinds[quota].type is QuotaType.COUNTED)
    ]
    return tuple(row for row in rows if row.sold_before != row.sold_after)


def _sold(world: World) -> tuple[Counter[str], Counter[str]]:
    """(sum, spaces without a limit) per quota. Spaces on one plan without own terms are counted together."""
    alike: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    unlimited: Counter[str] = Counter()
    for holding in world.holdings.values():
        if holding.own_terms:
            _add(sums, unlimited, holding.own, 1)
        elif holding.plan is not None:
            alike[holding.plan] += 1
        _addons(world, holding, sums, unlimited)
    for plan, spaces in alike.items():
        _add(sums, unlimited, world.terms_of(plan), spaces)
    return sums, unlimited


def _unread(world: World) -> int:
    """How many spaces hold something that is not known."""
    return sum(
        1
        for holding in world.holdings.values()
        if (holding.own is None if holding.own_terms else world.terms_of(holding.plan) is None)
    )


def _addons(world: World, holding: Holding, sums: Counter[str], unlimited: Counter[str]) -> None:
    for name, quantity in holding.addons.items():
        offer = world.offers.get(Address.addon(name))
        if offer is not None and quantity:
            _add(sums, unlimited, offer.terms, quantity)


def _add(sums: Counter[str], unlimited: Counter[str], terms: Terms | None, times: int) -> None:
    for group in (terms or {}).values():
        quotas: Mapping[str, int] = group.quotas
        for quota, number in quotas.items():
            if number == UNLIMITED:
                unlimited[quota] += times
            else:
                sums[quota] += number * times

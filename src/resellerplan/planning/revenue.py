"""What a plan changes in the money that comes in per month. Only where a currency is declared: the panel knows none."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from resellerplan.model.address import Address
from resellerplan.model.values import Money, Recurrence
from resellerplan.planning.holdings import Offer, World

__all__ = ["monthly", "revenue_delta"]

_MONTHS = 2
"""The panel's unit for months, the only one with a meaning (contract 3.1)."""


def monthly(offer: Offer) -> Decimal | None:
    """What an offer brings per month; None where its price or its recurrence can't be told."""
    if not isinstance(offer.recurring, Money):
        return None
    every = offer.every if isinstance(offer.every, Recurrence) else Recurrence(1)
    if every.unit != _MONTHS or every.length < 1:
        return None
    return offer.recurring.amount / every.length


def revenue_delta(before: World, after: World) -> Money:
    """Per month, over all spaces, own terms included (they pay their plan's price); set-up fees are not in."""
    return Money.of(sum(_income(after), Decimal(0)) - sum(_income(before), Decimal(0)))


def _income(world: World) -> Iterator[Decimal]:
    prices = {address: monthly(offer) or Decimal(0) for address, offer in world.offers.items()}
    for holding in world.holdings.values():
        if holding.plan is not None:
            yield prices.get(Address.plan(holding.plan), Decimal(0))
        for name, quantity in holding.addons.items():
            yield prices.get(Address.addon(name), Decimal(0)) * quantity

"""The closed union of what a reseller can declare. Every ``match`` over it ends in ``assert_never``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from resellerplan.model.address import Address
from resellerplan.model.customer import Customer
from resellerplan.model.hosting_plan import Addon, HostingPlan
from resellerplan.model.space import Space

__all__ = ["Resource", "Sold", "references"]

Resource = Customer | HostingPlan | Addon | Space

Sold = HostingPlan | Addon
"""What has groups, quotas and a price."""


def references(resource: Resource) -> tuple[Address, ...]:
    """What must be there before this can be made: a space's customer, plan and add-ons. An add-on of quantity 0 is not needed."""
    match resource:
        case Customer() | HostingPlan() | Addon():
            return ()
        case Space():
            wanted = [Address.customer(resource.customer)]
            if isinstance(resource.plan, str):
                wanted.append(Address.plan(resource.plan))
            if isinstance(resource.addons, Mapping):
                wanted += [Address.addon(name) for name, quantity in resource.addons.items() if quantity > 0]
            return tuple(wanted)
    assert_never(resource)

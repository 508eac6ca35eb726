"""The closed union of what a reseller can declare. Every ``match`` over it ends in ``assert_never``."""

from __future__ import annotations

from resellerplan.model.customer import Customer
from resellerplan.model.hosting_plan import Addon, HostingPlan
from resellerplan.model.space import Space

__all__ = ["Resource"]

Resource = Customer | HostingPlan | Addon | Space

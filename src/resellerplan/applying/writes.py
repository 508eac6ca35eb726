"""What a step writes: one call on the panel each, as a closed union that carries everything the call needs but the panel's ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from resellerplan.model.address import Address
from resellerplan.model.customer import Customer
from resellerplan.model.lifecycle import Condition
from resellerplan.model.resource import Sold
from resellerplan.model.space import Domain, Space
from resellerplan.model.values import Status

__all__ = [
    "AddDomain",
    "Changing",
    "CreateCustomer",
    "CreateSold",
    "CreateSpace",
    "Delete",
    "MoveSpace",
    "SendLetter",
    "SetAddons",
    "SetStatus",
    "UpdateCustomer",
    "UpdateSold",
    "UpdateSpace",
    "Work",
]


@dataclass(frozen=True, slots=True)
class CreateCustomer:
    """AddUser. The only creation that may be sent again after a look-up: the name is unique on the panel."""

    customer: Customer


@dataclass(frozen=True, slots=True)
class CreateSold:
    """AddHostingPlan, with the whole set of terms."""

    sold: Sold


@dataclass(frozen=True, slots=True)
class CreateSpace:
    """AddPackageWithResources, with the first domain and its resources."""

    space: Space
    customer: Address
    plan: Address


@dataclass(frozen=True, slots=True)
class UpdateCustomer:
    """UpdateUser: these fields, all others as they are."""

    wanted: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class UpdateSold:
    """UpdateHostingPlan: these fields; ``groups`` is the whole set."""

    wanted: Mapping[str, object]
    addon: bool


@dataclass(frozen=True, slots=True)
class UpdateSpace:
    """UpdatePackage: these fields; ``plan`` is the address of the plan it goes to."""

    wanted: Mapping[str, object]
    plan: Address | None = None


@dataclass(frozen=True, slots=True)
class MoveSpace:
    """ChangePackageUser."""

    customer: Address


@dataclass(frozen=True, slots=True)
class SetStatus:
    """A status, of the step's target; ``reaches`` are what a cascade changes too."""

    status: Status
    reaches: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class AddDomain:
    """A domain that comes after the first, or later."""

    domain: Domain


@dataclass(frozen=True, slots=True)
class SetAddons:
    """Quantities per add-on; ``addons`` are their addresses."""

    wanted: Mapping[str, int]
    addons: Mapping[str, Address]


@dataclass(frozen=True, slots=True)
class Delete:
    """A delete, with what must hold right before it."""

    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class SendLetter:
    """The summary letter of an account or a space."""


Changing = UpdateCustomer | UpdateSold | UpdateSpace | MoveSpace | SetStatus | AddDomain | SetAddons
"""What is done to an object that is there, and can be seen afterwards."""

Work = CreateCustomer | CreateSold | CreateSpace | Changing | Delete | SendLetter

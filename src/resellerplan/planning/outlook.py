"""What the run itself will do to objects before it comes to them: statuses that cascade, customers that come back, waits.

Suspending or cancelling a customer takes everything below along (the panel cascades); re-activating does not. So what a
space's status will be when its turn comes depends on its customer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property

from resellerplan.model.address import Address, Kind, PanelId
from resellerplan.model.customer import Customer
from resellerplan.model.resource import Resource, references
from resellerplan.model.space import Space
from resellerplan.model.values import Status
from resellerplan.planning.due import not_yet, quarantine_ends, wanted_status
from resellerplan.planning.match import Matches
from resellerplan.planning.policy import Policy

__all__ = ["CASCADING", "TOGETHER", "Outlook"]

CASCADING = frozenset({Status.SUSPENDED, Status.CANCELLED})
"""Statuses of a customer that the panel gives to everything below (contract 2.2)."""

TOGETHER = timedelta(minutes=5)
"""How near two status changes must be for one to be the other's cascade: the panel writes them one after the other."""


class Outlook:
    """Answers about the run ahead; every answer is computed once and only if asked."""

    def __init__(self, matches: Matches, wanted: frozenset[Address] | None, policy: Policy) -> None:
        self.matches = matches
        self.policy = policy
        self._wanted = wanted

    @property
    def today(self) -> date | None:
        """The clock by which days are judged."""
        return self.policy.today

    def takes_in(self, address: Address, resource: Resource) -> bool:
        """Whether a change of this declared object may be planned in this run."""
        if resource.lifecycle.existing or (self._wanted is not None and address not in self._wanted):
            return False
        return not self.matches.blocked or address not in self.matches.blocked

    @cached_property
    def spaces_of(self) -> Mapping[str, tuple[Address, ...]]:
        """The live spaces of each customer, by folded user name."""
        found: dict[str, list[Address]] = defaultdict(list)
        for address in self.matches.live.resources:
            if address.kind is Kind.SPACE:
                found[address.key[1]].append(address)
        return {owner: tuple(spaces) for owner, spaces in found.items()}

    @cached_property
    def coming(self) -> Mapping[str, tuple[Status, Status]]:
        """Customers on the panel whose status changes in this run: folded user name -> (from, to)."""
        found: dict[str, tuple[Status, Status]] = {}
        for address, resource in self.matches.desired.of_kind(Kind.CUSTOMER):
            wanted = self.status_of(address, resource)
            live = None if wanted is None else self.matches.live_of(address)
            if wanted is None or not isinstance(live, Customer) or not isinstance(live.status, Status):
                continue
            if wanted is not live.status and self.takes_in(address, resource):
                found[address.key[1]] = (live.status, wanted)
        return found

    def status_of(self, address: Address, resource: Resource) -> Status | None:
        """The status this object is asked to have after the run; None where it is not managed (or left to another system)."""
        lifecycle = resource.lifecycle
        if lifecycle.tombstone is not None:
            return Status.SUSPENDED if self.quarantine(address, resource) == "begins" else None
        if "status" in lifecycle.ignore_changes and address in self.matches.pairs:
            return None
        wanted = wanted_status(resource, self.today)
        return wanted if isinstance(wanted, Status) else None

    def quarantine(self, address: Address, resource: Resource) -> str:
        """Where a tombstone with quarantine stands: ``none``, ``begins``, ``waits``, ``over``, or ``untold``."""
        tombstone = resource.lifecycle.tombstone
        live = self.matches.live_of(address)
        if tombstone is None or not tombstone.quarantine_days or not isinstance(live, Customer | Space):
            return "none"
        if live.status not in CASCADING:
            return "begins"
        ends = quarantine_ends(tombstone, self.matches.live.facts[self.matches.pairs[address]])
        if ends is None or self.today is None:
            return "untold"
        return "over" if self.today >= ends else "waits"

    def customer_after(self, username: str) -> Status | None:
        """The status a customer will have after the run, whether on the panel or created; None where it is not known."""
        address = Address.customer(username)
        change = self.coming.get(address.key[1])
        if change is not None:
            return change[1]
        live_address = self.matches.pairs.get(address, address)
        live = self.matches.live.resources.get(live_address)
        if isinstance(live, Customer):
            return live.status if isinstance(live.status, Status) else None
        resource = self.matches.desired.resources.get(address)
        return None if resource is None else self.status_of(address, resource) or Status.ACTIVE

    def status_when_reached(self, address: Address, live: Space) -> object:
        """What status a live space will have when its own turn comes: its customer's, where that one cascades in this run."""
        change = self.coming.get(address.key[1])
        return change[1] if change is not None and change[1] in CASCADING else live.status

    def below(self, username: str, panel_id: PanelId) -> tuple[Address, ...]:
        """Everything a cascade from this customer reaches on the panel: its spaces, and foreign accounts and spaces below it."""
        found = list(self.spaces_of.get(Address.customer(username).key[1], ()))
        owners = {panel_id}
        grown = True
        while grown:
            grown = False
            for foreign in self.matches.live.foreign:
                if foreign.owner_id in owners and foreign.address not in found:
                    found.append(foreign.address)
                    if foreign.address.kind is Kind.CUSTOMER:
                        owners.add(foreign.panel_id)
                    grown = True
        return tuple(found)

    def comes_back(self, address: Address) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
        """What a re-activation of this customer does to its spaces that say nothing about their status: (come back, stay).

        A space comes back if its status changed together with the customer's; where that can't be told it stays.
        """
        matches = self.matches
        live_address = matches.pairs[address]
        went_down = matches.live.facts[live_address].status_since
        before, after = self.coming[address.key[1]]
        back: list[Address] = []
        stay: list[Address] = []
        if after is not Status.ACTIVE or before not in CASCADING:
            return (), ()
        for space_address in self._silent_spaces(address.key[1]):
            space = matches.live.resources[space_address]
            assert isinstance(space, Space)
            if space.status not in CASCADING:
                continue
            since = matches.live.facts[space_address].status_since
            together = went_down is not None and since is not None and abs(since - went_down) <= TOGETHER
            comes = self.policy.reactivate_all or (together and space.status is before)
            (back if comes else stay).append(matches.desired_of.get(space_address, space_address))
        return tuple(back), tuple(stay)

    def _silent_spaces(self, owner: str) -> Iterator[Address]:
        """Live spaces of a customer whose status nobody declares and no other system owns."""
        for space_address in self.spaces_of.get(owner, ()):
            declared = self.matches.desired_of.get(space_address)
            if declared is None:
                yield space_address
                continue
            resource = self.matches.desired.resources[declared]
            left = resource.lifecycle.tombstone is not None or "status" in resource.lifecycle.ignore_changes
            if not left and self.status_of(declared, resource) is None:
                yield space_address

    def waits_for(self, resource: Resource) -> str:
        """Why an object is not created yet, as a sentence; empty where nothing is in the way."""
        day = resource.lifecycle.not_before
        if not_yet(resource.lifecycle, self.today):
            return f"not created before {day} (`from`)"
        for needed in references(resource):
            parent = self.matches.desired.resources.get(needed)
            if parent is not None and needed not in self.matches.pairs and not_yet(parent.lifecycle, self.today):
                return f"waits for {needed}, which is not created before {parent.lifecycle.not_before} (`from`)"
        return ""

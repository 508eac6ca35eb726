"""A panel in memory that implements the writer's port, for tests of planning and applying. It knows no SOAP.

It keeps what the real one keeps as far as a run can see: ids that are never reused, cascades of statuses, hosting plans that are in
use, sums of add-ons. Faults are scripted per call: before the commit, after it, or instead of it.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from resellerplan.applying.events import Event
from resellerplan.applying.ports import Base, Clock, LetterReceipt
from resellerplan.errors import PanelRefused, SecretUnavailable
from resellerplan.model.address import Address, Kind, PanelId
from resellerplan.model.customer import Customer
from resellerplan.model.estate import Estate, Facts
from resellerplan.model.hosting_plan import Addon, HostingPlan
from resellerplan.model.resource import Resource
from resellerplan.model.space import Domain, Space
from resellerplan.model.values import UNSET, Role, Secret, Status
from resellerplan.planning.terms import wanted_overrides
from tests.support.estates import NOW, live_customer, live_plan, live_space

__all__ = ["FakeClock", "FakeSecrets", "Fault", "Hears", "PanelInMemory"]


@dataclass
class Fault:
    """What happens to one call.

    ``commit`` says whether the panel does it all the same; ``then`` runs before the error is raised.
    """

    error: BaseException
    commit: bool = False
    then: Callable[[], object] | None = None


@dataclass
class FakeClock:
    """Time that only moves when somebody sleeps."""

    at: datetime = NOW
    slept: list[float] = field(default_factory=list)

    def clock(self) -> Clock:
        """The port."""
        return Clock(now=lambda: self.at, monotonic=lambda: (self.at - NOW).total_seconds(), sleep=self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


@dataclass
class FakeSecrets:
    """Gives every customer the same password, but those in ``without``."""

    without: set[str] = field(default_factory=set)
    given: list[str] = field(default_factory=list)

    def password_for(self, customer: Customer) -> Secret:
        """The port."""
        if customer.username in self.without:
            raise SecretUnavailable(f"no password for {customer.username}", hint="set the variable")
        self.given.append(customer.username)
        return Secret("correct horse")


@dataclass
class Hears:
    """A listener that keeps what it heard."""

    events: list[Event] = field(default_factory=list)

    def hear(self, event: Event) -> None:
        """The port."""
        self.events.append(event)


P = ParamSpec("P")
R = TypeVar("R")


def _port(method: Callable[Concatenate[PanelInMemory, P], R]) -> Callable[Concatenate[PanelInMemory, P], R]:
    """One call of the port: counted, held up, and failed as the test says; the panel itself does one thing at a time."""
    name = method.__name__

    @wraps(method)
    def call(self: PanelInMemory, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self.lock:
            self.flying[name] += 1
            self.most_flying[name] = max(self.most_flying[name], self.flying[name])
            self.together.add(frozenset(one for one, number in self.flying.items() if number))
            self.calls.append((name, args))
            queued = self.faults[name]
            fault = queued.pop(0) if queued else None
        try:
            self.delay(name)
            with self.lock:
                fault = fault or self.fault_for(name)
                if fault is None:
                    return method(self, *args, **kwargs)
                if fault.commit:
                    method(self, *args, **kwargs)
                if fault.then is not None:
                    fault.then()
                raise fault.error
        finally:
            with self.lock:
                self.flying[name] -= 1

    return call


READS = frozenset({"read", "find", "count_domains", "count_used"})


class PanelInMemory:
    """The port ``PanelWriter`` over dictionaries."""

    def __init__(self, found: Estate) -> None:
        self.lock = threading.RLock()
        self._estate = found
        self._objects: dict[PanelId, Resource] = {}
        self._facts: dict[PanelId, Facts] = {}
        for address, resource in found.resources.items():
            facts = found.facts[address]
            self._objects[facts.panel_id] = resource
            self._facts[facts.panel_id] = facts
        self._next = max([10, *self._objects]) + 1
        self._version = 0
        self.faults: dict[str, list[Fault | None]] = defaultdict(list)
        self.flying: Counter[str] = Counter()
        self.most_flying: Counter[str] = Counter()
        self.together: set[frozenset[str]] = set()
        self.calls: list[tuple[str, Any]] = []
        self.letters: list[Address] = []
        self.passwords: dict[str, str] = {}
        self.letters_empty = False
        self.used: dict[str, int] = {}
        self.delay: Callable[[str], None] = lambda call: None

    # --- the test's side

    def fault_for(self, call: str) -> Fault | None:
        """What happens to a call for which nothing is queued: a test may say more."""
        return None

    def script(self, call: str, *faults: Fault | None) -> None:
        """What happens to the next calls of this name, one after the other; None = nothing special."""
        self.faults[call].extend(faults)

    def writes(self) -> list[str]:
        """The names of the writes that were sent, in order."""
        return [name for name, _ in self.calls if name not in READS]

    def holds(self, address: Address) -> list[PanelId]:
        """All ids of a name (more than one: a duplicate came to be)."""
        return [one for one, resource in self._objects.items() if resource.self_address == address]

    def at(self, address: Address) -> Any:
        """The one object of that name."""
        (panel_id,) = self.holds(address)
        return self._objects[panel_id]

    def addresses(self) -> set[Address]:
        """Everything that is there."""
        return {resource.self_address for resource in self._objects.values()}

    def poke(self, address: Address, **fields: Any) -> None:
        """Somebody else changes an object."""
        (panel_id,) = self.holds(address)
        self._put(panel_id, replace(self._objects[panel_id], **fields))

    def add(self, resource: Resource, *, owner: PanelId = 2) -> PanelId:
        """Somebody else makes an object."""
        return self._new(resource, Facts(panel_id=0, owner_id=owner, parent_id=3, server_id=1))

    def remove(self, address: Address) -> None:
        """Somebody else deletes an object."""
        (panel_id,) = self.holds(address)
        del self._objects[panel_id], self._facts[panel_id]

    def snapshot(self) -> Estate:
        """The live estate as a plan reads it."""
        with self.lock:
            names = Counter(resource.self_address for resource in self._objects.values())
            doubled = {address for address, number in names.items() if number > 1}
            single = {one: resource for one, resource in self._objects.items() if resource.self_address not in doubled}
            return replace(
                self._estate,
                resources={resource.self_address: resource for resource in single.values()},
                facts={resource.self_address: self._facts[one] for one, resource in single.items()},
                duplicates={address: tuple(self.holds(address)) for address in doubled},
            )

    # --- the port: reads

    @_port
    def read(self, address: Address, panel_id: PanelId) -> Base | None:
        resource = self._objects.get(panel_id)
        if resource is None:
            return None
        return Base(resource=resource, panel_id=panel_id, fingerprint=str(self._facts[panel_id].fingerprint))

    @_port
    def find(self, address: Address) -> PanelId | None:
        ids = self.holds(address)
        if len(ids) > 1:
            raise PanelRefused("there are several of this name", code=0, slug="ambiguous-name")
        if address.kind is Kind.CUSTOMER and address.key[1] in self._estate.taken_usernames:
            raise PanelRefused("the name is taken outside your reach", code=-100, slug="name-taken")
        return ids[0] if ids else None

    @_port
    def count_domains(self, panel_id: PanelId) -> int:
        space = self._space(panel_id)
        return len(space.domains) if isinstance(space.domains, tuple) else 0

    @_port
    def count_used(self, panel_id: PanelId, quota: str) -> int:
        return self.used.get(quota, 0)

    # --- the port: writes

    @_port
    def create_customer(self, customer: Customer, password: Secret) -> PanelId:
        if self.holds(customer.self_address):
            raise PanelRefused("the name is taken", code=-100, slug="name-taken")
        made = live_customer(customer.username, **_given(customer, skip={"username", "password", "lifecycle"}))
        if made.role is UNSET:
            made = replace(made, role=Role.USER)
        self.passwords[customer.username] = password.reveal()
        return self._new(made, Facts(panel_id=0, owner_id=2))

    @_port
    def create_hosting_plan(self, plan: HostingPlan | Addon) -> PanelId:
        made = live_plan(plan.name, as_addon=isinstance(plan, Addon), **_given(plan, skip={"name", "lifecycle"}))
        return self._new(made, Facts(panel_id=0, owner_id=2, parent_id=3, server_id=1))

    @_port
    def create_space(self, space: Space, customer_id: PanelId, plan_id: PanelId) -> PanelId:
        customer, plan = self._objects[customer_id], self._objects[plan_id]
        assert isinstance(customer, Customer)
        assert isinstance(plan, HostingPlan)
        assert space.status is Status.ACTIVE, "a space is created active"
        given = _given(space, skip={"customer", "name", "plan", "resources", "lifecycle"})
        made = live_space(customer.username, space.name, plan=plan.name, **given)
        return self._new(made, Facts(panel_id=0, owner_id=customer_id, parent_id=3, server_id=1, plan_id=plan_id))

    @_port
    def update_customer(self, panel_id: PanelId, wanted: Mapping[str, object]) -> None:
        assert "status" not in wanted
        self._put(panel_id, replace(self._objects[panel_id], **_any(wanted)))

    @_port
    def update_hosting_plan(self, panel_id: PanelId, wanted: Mapping[str, object], *, addon: bool) -> None:
        former = self._objects[panel_id]
        assert isinstance(former, Addon if addon else HostingPlan)
        self._put(panel_id, replace(former, **_any(wanted)))
        self._follow_rename(former.self_address, str(wanted.get("name", former.self_address.name)))

    def _follow_rename(self, former: Address, name: str) -> None:
        """Spaces hold their plan and add-ons by id, so they go with a rename."""
        for panel_id, resource in list(self._objects.items()):
            if not isinstance(resource, Space):
                continue
            if former.kind is Kind.PLAN and resource.plan == former.name:
                self._objects[panel_id] = replace(resource, plan=name)
            if former.kind is Kind.ADDON and isinstance(resource.addons, Mapping):
                held = {name if one == former.name else one: number for one, number in resource.addons.items()}
                self._objects[panel_id] = replace(resource, addons=held)

    @_port
    def update_space(self, panel_id: PanelId, wanted: Mapping[str, object], *, plan_id: PanelId | None = None) -> None:
        space = self._space(panel_id)
        if plan_id is not None:
            self._facts[panel_id] = replace(self._facts[panel_id], plan_id=plan_id)
        changes = _any(wanted)
        if isinstance(changes.get("overrides"), Mapping):
            plan = self._objects[self._facts[panel_id].plan_id]
            assert isinstance(plan, HostingPlan)
            assert isinstance(plan.groups, Mapping)
            changes["overrides"] = wanted_overrides(changes["overrides"], plan.groups)
        made = replace(space, **changes)
        self._facts[panel_id] = replace(self._facts[panel_id], own_terms=isinstance(made.overrides, Mapping))
        self._put(panel_id, made)

    @_port
    def move_space(self, panel_id: PanelId, customer_id: PanelId) -> None:
        customer = self._objects[customer_id]
        assert isinstance(customer, Customer)
        self._facts[panel_id] = replace(self._facts[panel_id], owner_id=customer_id)
        self._put(panel_id, replace(self._space(panel_id), customer=customer.username))

    @_port
    def set_customer_status(self, panel_id: PanelId, status: Status) -> None:
        customer = self._objects[panel_id]
        assert isinstance(customer, Customer)
        self._status(panel_id, replace(customer, status=status))
        if status in (Status.SUSPENDED, Status.CANCELLED):
            for one, resource in list(self._objects.items()):
                if isinstance(resource, Space) and self._facts[one].owner_id == panel_id:
                    self._status(one, replace(resource, status=status))

    @_port
    def set_space_status(self, panel_id: PanelId, status: Status) -> None:
        self._status(panel_id, replace(self._space(panel_id), status=status))

    def _status(self, panel_id: PanelId, made: Resource) -> None:
        self._facts[panel_id] = replace(self._facts[panel_id], status_since=NOW.replace(tzinfo=None))
        self._put(panel_id, made)

    @_port
    def change_password(self, panel_id: PanelId, password: Secret) -> None:
        customer = self._objects[panel_id]
        assert isinstance(customer, Customer)
        self.passwords[customer.username] = password.reveal()

    @_port
    def add_domain(self, panel_id: PanelId, domain: Domain) -> None:
        space = self._space(panel_id)
        held = space.domains if isinstance(space.domains, tuple) else ()
        assert all(one.name != domain.name for one in held), "a domain twice"
        self._put(panel_id, replace(space, domains=(*held, domain)))

    @_port
    def set_addons(self, panel_id: PanelId, wanted: Mapping[str, int], addon_ids: Mapping[str, PanelId]) -> None:
        assert set(wanted) == set(addon_ids)
        space = self._space(panel_id)
        held = space.addons if isinstance(space.addons, Mapping) else {}
        merged = {**held, **wanted}
        self._put(panel_id, replace(space, addons={name: number for name, number in merged.items() if number}))

    @_port
    def delete_space(self, panel_id: PanelId, *, wait_seconds: float) -> None:
        self._space(panel_id)
        del self._objects[panel_id], self._facts[panel_id]

    @_port
    def delete_hosting_plan(self, panel_id: PanelId) -> None:
        if any(facts.plan_id == panel_id for facts in self._facts.values()):
            raise PanelRefused("the plan is in use", code=-1501, slug="plan-in-use")
        del self._objects[panel_id], self._facts[panel_id]

    @_port
    def delete_customer(self, panel_id: PanelId, *, wait_seconds: float) -> None:
        assert not any(facts.owner_id == panel_id for facts in self._facts.values()), "spaces first"
        del self._objects[panel_id], self._facts[panel_id]

    @_port
    def send_account_letter(self, panel_id: PanelId) -> LetterReceipt:
        return self._letter(panel_id)

    @_port
    def send_space_letter(self, panel_id: PanelId) -> LetterReceipt:
        return self._letter(panel_id)

    # --- inside

    def _letter(self, panel_id: PanelId) -> LetterReceipt:
        if self.letters_empty:
            return LetterReceipt(sent=False)
        self.letters.append(self._objects[panel_id].self_address)
        return LetterReceipt(sent=True)

    def _space(self, panel_id: PanelId) -> Space:
        space = self._objects[panel_id]
        assert isinstance(space, Space)
        return space

    def _new(self, resource: Resource, facts: Facts) -> PanelId:
        with self.lock:
            panel_id = self._next
            self._next += 1
            self._objects[panel_id] = resource
            self._facts[panel_id] = replace(facts, panel_id=panel_id)
            self._stamp(panel_id)
            return panel_id

    def _put(self, panel_id: PanelId, resource: Resource) -> None:
        self._objects[panel_id] = resource
        self._stamp(panel_id)

    def _stamp(self, panel_id: PanelId) -> None:
        self._version += 1
        self._facts[panel_id] = replace(self._facts[panel_id], fingerprint=f"fp-{panel_id}.{self._version}")


def _given(resource: Resource, *, skip: set[str]) -> dict[str, Any]:
    """The fields that a creation sends, by name."""
    names = [name for name in type(resource).__dataclass_fields__ if name not in {*skip, "summary_letter", "unlisted"}]
    return {name: getattr(resource, name) for name in names if getattr(resource, name) is not UNSET}


def _any(fields: Mapping[str, object]) -> dict[str, Any]:
    return dict(fields)

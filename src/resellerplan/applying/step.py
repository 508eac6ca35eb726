"""Lowering a plan to steps: one write on the panel each, with what must have gone well before it.

A creation makes the object active, whatever status is wanted: the panel refuses resources under any other (contract 6.7). What
the creating call can't carry follows in steps of its own; the status comes last; a letter is a step of its own, after the object
is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import assert_never

from resellerplan.applying.outcome import StepKind
from resellerplan.applying.writes import (
    AddDomain,
    CreateCustomer,
    CreateSold,
    CreateSpace,
    Delete,
    MoveSpace,
    SendLetter,
    SetAddons,
    SetStatus,
    UpdateCustomer,
    UpdateSold,
    UpdateSpace,
    Work,
)
from resellerplan.model.address import Address, Kind
from resellerplan.model.customer import Customer
from resellerplan.model.hosting_plan import Addon, HostingPlan
from resellerplan.model.resource import Resource, Sold
from resellerplan.model.space import Domain, Space
from resellerplan.model.values import UNSET, Status
from resellerplan.planning.change import Action, Change, FieldChange
from resellerplan.planning.differences import with_initial
from resellerplan.planning.order import needs
from resellerplan.planning.outlook import CASCADING
from resellerplan.planning.plan import Plan
from resellerplan.planning.terms import terms_if_known, wanted_terms

__all__ = ["Step", "letter_step", "lower"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One write.

    ``address`` is the object whose change this belongs to, ``target`` the one that is written (another only for spaces that come
    back with their customer). ``needs`` are steps that must have gone well, ``after`` steps that must be over, however they ended.
    ``expects`` are the field changes this step makes: what *same*, *already done* and *moved* are judged by. ``live`` is the object
    the plan was made on. ``wave`` orders what is ready.
    """

    name: str
    address: Address
    target: Address
    kind: StepKind
    action: Action
    work: Work
    needs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    expects: tuple[FieldChange, ...] = ()
    fingerprint: str | None = None
    live: Resource | None = None
    wave: int = 0
    not_verifiable: tuple[str, ...] = ()

    @property
    def parallel(self) -> bool:
        """Whether several of these may be in flight: the panel takes parallel AddUser, and races on everything else."""
        return isinstance(self.work, CreateCustomer)


@dataclass(slots=True)
class _Draft:
    """The steps of one change while they are put together."""

    change: Change
    wave: int
    steps: list[Step] = field(default_factory=list)

    def add(
        self,
        kind: StepKind,
        work: Work,
        *,
        detail: str = "",
        needs: Iterable[str] = (),
        expects: Iterable[FieldChange] = (),
        target: Address | None = None,
        not_verifiable: tuple[str, ...] = (),
    ) -> str:
        name = f"{self.change.address}#{kind}" + (f":{detail}" if detail else "")
        letter = 1 if kind is StepKind.LETTER else 0
        self.steps.append(
            Step(
                name=name,
                address=self.change.address,
                target=target or self.change.address,
                kind=kind,
                action=self.change.action,
                work=work,
                needs=tuple(needs),
                expects=tuple(expects),
                fingerprint=self.change.fingerprint if target is None else None,
                live=self.change.live if target is None else None,
                wave=2 * self.wave + letter,
                not_verifiable=not_verifiable,
            )
        )
        return name

    @property
    def main(self) -> tuple[str, ...]:
        """The steps that others wait for: all but statuses and letters."""
        aside = {StepKind.STATUS, StepKind.REVIVE, StepKind.LETTER}
        return tuple(step.name for step in self.steps if step.kind not in aside)


def lower(plan: Plan) -> tuple[Step, ...]:
    """All steps of a plan, in the order of doing where nothing waits for anything."""
    by_address = {change.address: change for change in plan.changes}
    drafts: dict[Address, _Draft] = {}
    for number, wave in enumerate(plan.waves):
        for address in wave:
            draft = _Draft(by_address[address], number)
            _fill(draft)
            drafts[address] = draft
    _wire(drafts)
    steps = [step for draft in drafts.values() for step in draft.steps]
    return tuple(sorted(steps, key=lambda step: step.wave))


def _fill(draft: _Draft) -> None:
    change = draft.change
    match change.action:
        case Action.CREATE:
            _create(draft)
        case Action.UPDATE:
            _update(draft)
        case Action.DELETE:
            draft.add(StepKind.DELETE, Delete(change.conditions))
        case Action.NO_OP:
            raise AssertionError(f"{change.address} is in a wave and does nothing")
        case _:
            assert_never(change.action)


def _create(draft: _Draft) -> None:
    desired = draft.change.desired
    assert desired is not None
    resource = with_initial(desired)
    match resource:
        case Customer():
            made = draft.add(StepKind.CREATE, CreateCustomer(replace(resource, status=Status.ACTIVE)))
            letter = resource.summary_letter
        case HostingPlan() | Addon():
            whole = replace(resource, groups=wanted_terms(resource, None))
            made = draft.add(StepKind.CREATE, CreateSold(whole))
            letter = False
        case Space():
            made = _create_space(draft, resource)
            letter = resource.summary_letter
        case _:
            assert_never(resource)
    status = draft.change.of("status")
    if status is not None and isinstance(status.after, Status) and status.after is not Status.ACTIVE:
        draft.add(StepKind.STATUS, SetStatus(status.after), needs=[made])
    if letter:
        draft.add(StepKind.LETTER, SendLetter(), needs=[made])


def _create_space(draft: _Draft, space: Space) -> str:
    assert isinstance(space.plan, str)
    domains = space.domains if isinstance(space.domains, tuple) else ()
    resources = space.resources
    unseen = tuple(
        word
        for word, wished in (("ftp account", resources and resources.ftp), ("mail account", resources and resources.mail))
        if wished and domains
    )
    first = replace(
        space,
        status=Status.ACTIVE,
        domains=domains[:1] if domains else space.domains,
        comments=UNSET,
        addons=UNSET,
        overrides=UNSET,
    )
    work = CreateSpace(first, Address.customer(space.customer), Address.plan(space.plan))
    made = draft.add(StepKind.CREATE, work, not_verifiable=unseen)
    later = {
        name: value
        for name, value in (("comments", space.comments), ("overrides", space.overrides))
        if value is not UNSET and not (name == "overrides" and not isinstance(value, Mapping))
    }
    if later:
        expects = [one for one in draft.change.fields if one.path.partition(".")[0] in later]
        draft.add(StepKind.UPDATE, UpdateSpace(MappingProxyType(later)), needs=[made], expects=expects)
    for domain in domains[1:]:
        added = FieldChange(path=f"domains.{domain.name}", before=UNSET, after=domain)
        draft.add(StepKind.ADD_DOMAIN, AddDomain(domain), detail=domain.name, needs=[made], expects=[added])
    _addons(draft, needs=[made])
    return made


def _addons(draft: _Draft, *, needs: Iterable[str]) -> None:
    expects = [one for one in draft.change.fields if one.path.startswith("addons.")]
    wanted = {one.path.partition(".")[2]: one.after for one in expects if isinstance(one.after, int)}
    if wanted:
        addresses = {name: Address.addon(name) for name in wanted}
        work = SetAddons(MappingProxyType(wanted), MappingProxyType(addresses))
        draft.add(StepKind.ADDONS, work, needs=needs, expects=expects)


def _update(draft: _Draft) -> None:
    change = draft.change
    desired = change.desired
    plain = [one for one in change.fields if one.path != "status"]
    match desired:
        case Customer():
            if plain:
                draft.add(StepKind.UPDATE, UpdateCustomer(_after(plain)), expects=plain)
            _customer_status(draft)
        case HostingPlan() | Addon():
            draft.add(StepKind.UPDATE, UpdateSold(_sold(change, desired), addon=isinstance(desired, Addon)), expects=plain)
        case Space():
            _update_space(draft, desired)
        case None:
            raise AssertionError(f"{change.address} is to be updated to nothing")
        case _:
            assert_never(desired)


def _after(fields: Iterable[FieldChange]) -> Mapping[str, object]:
    return MappingProxyType({one.path: one.after for one in fields})


def _sold(change: Change, desired: Sold) -> Mapping[str, object]:
    """What of a plan is written: changed fields, and the whole set of terms where any group or quota changes."""
    wanted = {one.path: one.after for one in change.fields if "." not in one.path}
    if any("." in one.path for one in change.fields):
        live = change.live
        assert isinstance(live, HostingPlan | Addon)
        wanted["groups"] = wanted_terms(desired, terms_if_known(live.groups))
    return MappingProxyType(wanted)


def _customer_status(draft: _Draft) -> None:
    status = draft.change.of("status")
    if status is None or not isinstance(status.after, Status):
        return
    done = draft.add(StepKind.STATUS, SetStatus(status.after, draft.change.cascade), expects=[status])
    for space in draft.change.revives:
        draft.add(StepKind.REVIVE, SetStatus(Status.ACTIVE), detail=str(space), needs=[done], target=space)


def _update_space(draft: _Draft, space: Space) -> None:
    change = draft.change
    before: list[str] = []
    owner = change.of("customer")
    if owner is not None:
        before = [draft.add(StepKind.MOVE_OWNER, MoveSpace(Address.customer(space.customer)), expects=[owner])]
    own = [one for one in change.fields if one.path.partition(".")[0] in {"name", "plan", "comments", "overrides"}]
    if own:
        plan = change.of("plan")
        wanted = {one.path: one.after for one in own if "." not in one.path}
        if any(one.path.startswith("overrides") for one in own):
            wanted["overrides"] = space.overrides
        to_plan = Address.plan(plan.after) if plan is not None and isinstance(plan.after, str) else None
        draft.add(StepKind.UPDATE, UpdateSpace(MappingProxyType(wanted), to_plan), needs=before, expects=own)
    for one in change.fields:
        if isinstance(one.after, Domain):
            draft.add(StepKind.ADD_DOMAIN, AddDomain(one.after), detail=one.after.name, needs=before, expects=[one])
    _addons(draft, needs=before)
    status = change.of("status")
    if status is not None and isinstance(status.after, Status):
        draft.add(StepKind.STATUS, SetStatus(status.after), needs=before, expects=[status])


def _wire(drafts: Mapping[Address, _Draft]) -> None:
    """Add what waits for what across objects."""
    waits = needs(draft.change for draft in drafts.values())
    spaces: dict[Address, list[_Draft]] = defaultdict(list)
    for draft in drafts.values():
        if draft.change.address.kind is Kind.SPACE:
            for owner in _owners(draft.change):
                spaces[owner].append(draft)
    for address, draft in drafts.items():
        hard = [name for other in waits[address] for name in drafts[other].main]
        draft.steps = [replace(step, needs=tuple(dict.fromkeys([*step.needs, *hard]))) for step in draft.steps]
    for address, draft in drafts.items():
        if address.kind is Kind.CUSTOMER:
            _wire_status(draft, spaces.get(address, []))


def _owners(change: Change) -> Iterable[Address]:
    yield Address.customer(change.address.owner)
    if change.previous is not None and change.previous.key[1] != change.address.key[1]:
        yield Address.customer(change.previous.owner)


def _wire_status(draft: _Draft, spaces: list[_Draft]) -> None:
    """A cascade comes after everything else that happens to the customer's spaces, and before statuses of their own.

    A customer that comes back comes back before its spaces.
    """
    for index, step in enumerate(draft.steps):
        if not isinstance(step.work, SetStatus) or step.kind is not StepKind.STATUS:
            continue
        status = step.work.status
        for space in spaces:
            if status in CASCADING:
                step = replace(step, after=(*step.after, *space.main))
                space.steps = [
                    replace(one, after=(*one.after, step.name)) if one.kind is StepKind.STATUS else one
                    for one in space.steps
                    if not _covered(one, status)
                ]
            else:
                space.steps = [
                    one if one.kind is StepKind.DELETE else replace(one, needs=(*one.needs, step.name)) for one in space.steps
                ]
        draft.steps[index] = step


def _covered(step: Step, status: Status) -> bool:
    """Whether the cascade itself gives a freshly made space the status it is to have."""
    return (
        step.kind is StepKind.STATUS
        and step.action is Action.CREATE
        and isinstance(step.work, SetStatus)
        and step.work.status is status
    )


def letter_step(address: Address) -> Step:
    """The step for a letter that a former run owes: the object was made, and the letter was certainly never asked for."""
    return Step(
        name=f"{address}#{StepKind.LETTER}",
        address=address,
        target=address,
        kind=StepKind.LETTER,
        action=Action.CREATE,
        work=SendLetter(),
    )

"""Lowering: one write per step, creations active, status last, letters apart, and what waits for what."""

from __future__ import annotations

from typing import Any

import pytest

from resellerplan.applying.outcome import StepKind
from resellerplan.applying.step import Step, letter_step, lower
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
)
from resellerplan.model.address import Address
from resellerplan.model.hosting_plan import GroupTerms
from resellerplan.model.lifecycle import Condition
from resellerplan.model.space import PLAN_TERMS, Resources
from resellerplan.model.values import NULL, UNSET, Status
from resellerplan.planning.change import Action, Change
from resellerplan.planning.plan import Plan
from tests.support.estates import (
    absent,
    addon,
    customer,
    desired,
    domains,
    hosting_plan,
    live,
    live_customer,
    live_plan,
    live_space,
    money,
    plan_of,
    says,
    space,
    terms,
)

SPACE = 'space["mueller/Web S"]'


def steps_of(*wanted: Any, found: tuple[Any, ...] = (), **said: Any) -> dict[str, Step]:
    plan = plan_of(desired(*wanted), live(*found, **said))
    assert plan.refusals == ()
    return {step.name: step for step in lower(plan)}


def names(steps: dict[str, Step]) -> list[str]:
    return list(steps)


def test_a_customer_is_created_active_whatever_is_declared_and_its_status_comes_last() -> None:
    wanted = customer(status=Status.SUSPENDED, summary_letter=True, lifecycle=says(initial={"zip": "01067"}))
    steps = steps_of(wanted)
    assert names(steps) == ["customer.mueller#create", "customer.mueller#status", "customer.mueller#letter"]
    made, status, letter = steps.values()
    assert isinstance(made.work, CreateCustomer)
    assert (made.work.customer.status, made.work.customer.zip) == (Status.ACTIVE, "01067")
    assert status.work == SetStatus(Status.SUSPENDED)
    assert letter.work == SendLetter()
    assert status.needs == letter.needs == ("customer.mueller#create",)
    assert made.parallel
    assert not status.parallel


def test_a_plan_is_created_with_its_whole_terms() -> None:
    (step,) = steps_of(hosting_plan(groups=terms(Web={"Sites": 1}))).values()
    assert isinstance(step.work, CreateSold)
    assert list(step.work.sold.groups) == ["OS", "DNS", "Web"]  # type: ignore[arg-type]  # terms, as declared


def test_a_space_is_created_with_its_first_domain_and_the_rest_follows() -> None:
    wanted = space(
        domains=domains("a.example", "b.example"),
        resources=Resources(ftp=True),
        comments="hi",
        addons={"Extra": 2, "Old": 0},
        overrides=terms(OS={"Diskspace": 9}),
        status=Status.SUSPENDED,
        summary_letter=True,
    )
    groups = terms(OS={"Domains": 2}, Web={"Sites": 1}, FTP={"Accounts": 1})
    steps = steps_of(customer(), hosting_plan(groups=groups), addon(), wanted)
    of_space = [name.partition("#")[2] for name in names(steps) if name.startswith(SPACE)]
    assert of_space == ["create", "update", "add-domain:b.example", "addons", "status", "letter"]
    made = steps[f"{SPACE}#create"]
    assert isinstance(made.work, CreateSpace)
    created = made.work.space
    assert (created.domains, created.status) == (domains("a.example"), Status.ACTIVE)
    assert created.comments is created.addons is created.overrides is UNSET
    assert made.not_verifiable == ("ftp account",)
    assert set(made.needs) == {"customer.mueller#create", 'plan["Web S"]#create', "addon.Extra#create"}
    update = steps[f"{SPACE}#update"]
    assert update.work == UpdateSpace({"comments": "hi", "overrides": terms(OS={"Diskspace": 9})})
    assert {one.path for one in update.expects} == {"comments", "overrides.OS", "overrides.OS.Diskspace"}
    assert steps[f"{SPACE}#addons"].work == SetAddons({"Extra": 2}, {"Extra": Address.addon("Extra")})
    assert all(f"{SPACE}#create" in steps[f"{SPACE}#{rest}"].needs for rest in of_space[1:])


def test_a_space_without_extras_is_one_step_and_mentions_nothing_unverifiable() -> None:
    wanted = space(overrides=PLAN_TERMS, resources=Resources(ftp=True, mail=True))
    steps = steps_of(customer(), hosting_plan(), wanted)
    assert names(steps)[-1] == f"{SPACE}#create"
    assert steps[f"{SPACE}#create"].not_verifiable == ()


def test_an_update_writes_only_what_differs() -> None:
    found = (live_customer(city="Leipzig"), live_plan(), live_space())
    steps = steps_of(customer(city="Dresden"), hosting_plan(recurring=money("1")), space(comments="x"), found=found)
    update, sold, placed = steps.values()
    assert update.work == UpdateCustomer({"city": "Dresden"})
    assert update.fingerprint == "fp-11"
    assert sold.work == UpdateSold({"recurring": money("1")}, addon=False)
    assert placed.work == UpdateSpace({"comments": "x"})


def test_a_changed_quota_writes_the_whole_terms_with_what_is_kept() -> None:
    held = {**terms(OS={"Diskspace": 5}, DNS=None), "Web": GroupTerms(quotas={"Web.Sites": 1}, count_diskspace=True)}
    wanted = addon(groups={"Web": GroupTerms(quotas={"Web.Sites": 2})})
    (step,) = steps_of(wanted, found=(live_plan("Extra", as_addon=True, groups=held),)).values()
    assert isinstance(step.work, UpdateSold)
    assert step.work.addon
    assert step.work.wanted["groups"] == {"Web": GroupTerms(quotas={"Web.Sites": 2}, count_diskspace=True)}


def test_a_space_changes_hands_before_anything_else_of_it() -> None:
    moved = space(
        "schmidt",
        "Shop",
        plan="Web M",
        domains=domains("a.example"),
        addons={"Extra": 1},
        overrides=PLAN_TERMS,
        status=Status.SUSPENDED,
        lifecycle=says(moved=Address.space("mueller", "Web S")),
    )
    extra = live_plan("Extra", as_addon=True, groups=addon().groups)
    found = (live_customer(), live_plan(), live_plan("Web M"), extra, live_space(overrides=terms(OS={"Diskspace": 1})))
    steps = steps_of(customer(), customer("schmidt"), moved, found=found)
    name = 'space["schmidt/Shop"]'
    move = steps[f"{name}#move-owner"]
    assert move.work == MoveSpace(Address.customer("schmidt"))
    assert move.needs == ("customer.schmidt#create",)
    update = steps[f"{name}#update"]
    assert update.work == UpdateSpace({"name": "Shop", "plan": "Web M", "overrides": PLAN_TERMS}, Address.plan("Web M"))
    rest = [step for step in steps.values() if step.name.startswith(name) and step is not move]
    assert [step.kind for step in rest] == [StepKind.UPDATE, StepKind.ADD_DOMAIN, StepKind.ADDONS, StepKind.STATUS]
    assert all(f"{name}#move-owner" in step.needs for step in rest)
    assert isinstance(rest[1].work, AddDomain)


def test_a_delete_carries_its_conditions_and_waits_for_what_hangs_on_it() -> None:
    wanted = (customer(lifecycle=absent()), space(lifecycle=absent(domains=0)))
    steps = steps_of(*wanted, found=(live_customer(), live_plan(), live_space()))
    gone, last = steps.values()
    assert gone.work == Delete((Condition(what="domains", count=0),))
    assert last.needs == (gone.name,)


def test_a_cascade_comes_after_everything_else_of_the_spaces_and_before_their_own_statuses() -> None:
    found = (live_customer(), live_plan(), live_space(), live_space(name="two"))
    wanted = (
        customer(status=Status.SUSPENDED),
        hosting_plan(),
        space(comments="x"),
        space(name="two", status=Status.CANCELLED),
        space(name="new"),
    )
    steps = steps_of(*wanted, found=found)
    cascade = steps["customer.mueller#status"]
    assert set(cascade.after) == {f"{SPACE}#update", 'space["mueller/new"]#create'}
    own = steps['space["mueller/two"]#status']
    assert own.after == ("customer.mueller#status",)
    assert 'space["mueller/new"]#status' not in steps
    assert cascade.work == SetStatus(Status.SUSPENDED, (Address.space("mueller", "Web S"), Address.space("mueller", "two")))


def test_a_customer_comes_back_before_its_spaces() -> None:
    down = Status.SUSPENDED
    found = (live_customer(status=down), live_plan(), live_space(status=down), live_space(name="two", status=down))
    wanted = (
        customer(status=Status.ACTIVE),
        space(status=Status.ACTIVE),
        space(name="new"),
        space(name="two", lifecycle=absent()),
    )
    steps = steps_of(*wanted, found=found)
    assert steps[f"{SPACE}#status"].needs == ("customer.mueller#status",)
    assert "customer.mueller#status" in steps['space["mueller/new"]#create'].needs
    assert steps['space["mueller/two"]#delete'].needs == ()


def test_what_comes_back_with_its_customer_is_a_step_per_space() -> None:
    found = live(live_customer(status=Status.SUSPENDED), live_plan(), live_space(status=Status.SUSPENDED))
    plan = plan_of(desired(customer(status=Status.ACTIVE, city="x")), found, reactivate_all=True)
    update, status, back = lower(plan)
    assert (update.kind, status.kind, back.kind) == (StepKind.UPDATE, StepKind.STATUS, StepKind.REVIVE)
    assert (back.address, back.target) == (Address.customer("mueller"), Address.space("mueller", "Web S"))
    assert back.needs == (status.name,)
    assert back.fingerprint is None


def test_steps_come_customers_first_then_their_letters_then_plans() -> None:
    steps = steps_of(customer(summary_letter=True), customer("b"), hosting_plan())
    assert names(steps) == ["customer.mueller#create", "customer.b#create", "customer.mueller#letter", 'plan["Web S"]#create']


def test_a_space_that_changes_hands_concerns_both_customers() -> None:
    moved = space("schmidt", lifecycle=says(moved=Address.space("mueller", "Web S")))
    found = (live_customer(), live_customer("schmidt"), live_plan(), live_space())
    steps = steps_of(customer(status=Status.SUSPENDED), customer("schmidt"), moved, found=found)
    assert steps["customer.mueller#status"].after == ('space["schmidt/Web S"]#move-owner',)


def test_an_owed_letter_needs_nothing() -> None:
    step = letter_step(Address.customer("mueller"))
    assert (step.name, step.needs, step.kind) == ("customer.mueller#letter", (), StepKind.LETTER)


@pytest.mark.parametrize("action", [Action.NO_OP, Action.UPDATE])
def test_a_change_that_does_nothing_is_a_bug_in_a_wave(action: Action) -> None:
    address = Address.customer("mueller")
    change = Change(address=address, action=action, desired=None, live=None)
    with pytest.raises(AssertionError, match="nothing"):
        lower(Plan(changes=(change,), waves=((address,),)))


def test_an_empty_list_of_domains_is_created_as_no_domain() -> None:
    steps = steps_of(customer(), hosting_plan(), space(domains=NULL))
    work = steps[f"{SPACE}#create"].work
    assert isinstance(work, CreateSpace)
    assert work.space.domains is NULL

"""Law: nothing is done before what it needs; customers, then plans, then spaces, then deletes the other way round."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from resellerplan.applying.step import lower
from resellerplan.planning.change import Action
from resellerplan.planning.order import needs, rank
from tests.support.estates import live
from tests.support.panel_in_memory import PanelInMemory
from tests.support.random_estates import ALLOWED, edits, estates
from tests.support.running import World


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_order_respects_parents(data: st.DataObject) -> None:
    here = World(PanelInMemory(live()))
    wanted = data.draw(estates())
    plan = here.plan(wanted, **ALLOWED)
    if not plan.refusals:
        here.apply(plan)
    plan = here.plan(data.draw(edits(wanted)), **ALLOWED)
    number = {address: index for index, wave in enumerate(plan.waves) for address in wave}
    by_address = {change.address: change for change in plan.changes}
    assert sorted(number) == sorted(address for address, change in by_address.items() if change.action is not Action.NO_OP)
    for address, before in needs(plan.changes).items():
        assert all(number[other] < number[address] for other in before)
    order = [(by_address[a].action is Action.DELETE, rank(a.kind)) for wave in plan.waves for a in wave]
    making = [one for gone, one in order if not gone]
    deleting = [one for gone, one in order if gone]
    assert order == sorted(order, key=lambda row: row[0])
    assert making == sorted(making)
    assert deleting == sorted(deleting, reverse=True)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_steps_wait_for_steps_that_come_and_never_for_each_other(data: st.DataObject) -> None:
    here = World(PanelInMemory(live()))
    wanted = data.draw(estates())
    plan = here.plan(wanted, **ALLOWED)
    if not plan.refusals:
        here.apply(plan)
    steps = lower(here.plan(data.draw(edits(wanted)), **ALLOWED))
    names = {step.name for step in steps}
    assert len(names) == len(steps)
    over: set[str] = set()
    left = list(steps)
    while left:
        ready = [step for step in left if {*step.needs, *step.after} <= over]
        assert ready, "steps wait for each other"
        over |= {step.name for step in ready}
        left = [step for step in left if step.name not in over]
    assert all({*step.needs, *step.after} <= names for step in steps)

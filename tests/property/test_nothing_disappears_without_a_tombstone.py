"""Law: over any sequence of edits and applies, only what was marked absent is ever gone; a shortened manifest deletes nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from resellerplan.model.estate import Estate
from resellerplan.planning.change import Action
from tests.support.estates import desired, live
from tests.support.panel_in_memory import PanelInMemory
from tests.support.random_estates import ALLOWED, edits, estates
from tests.support.running import World


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_nothing_disappears_without_a_tombstone(data: st.DataObject) -> None:
    here = World(PanelInMemory(live()))
    wanted: Estate = data.draw(estates())
    for _ in range(4):
        plan = here.plan(wanted, **ALLOWED)
        before = here.panel.addresses()
        if not plan.refusals:
            here.apply(plan)
        marked = {address for address, one in wanted.resources.items() if one.lifecycle.tombstone is not None}
        assert before - here.panel.addresses() <= marked
        wanted = data.draw(edits(wanted))


@settings(max_examples=100, deadline=None)
@given(estates(), st.data())
def test_an_empty_or_shortened_manifest_deletes_nothing(wanted: Estate, data: st.DataObject) -> None:
    here = World(PanelInMemory(live()))
    plan = here.plan(wanted, **ALLOWED)
    if not plan.refusals:
        here.apply(plan)
    resources = list(wanted.resources.values())
    shortened = desired(*resources[: data.draw(st.integers(0, len(resources)))])
    for rest in (desired(), shortened):
        after = here.plan(rest, **ALLOWED)
        assert after.counts.destroy == 0
        assert all(change.action is not Action.DELETE for change in after.changes)

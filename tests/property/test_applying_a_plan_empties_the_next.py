"""Law: after a plan was applied, the next one has nothing to do; and a run of nothing writes nothing."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.support.estates import live
from tests.support.panel_in_memory import PanelInMemory
from tests.support.random_estates import ALLOWED, edits, estates
from tests.support.running import World


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_applying_a_plan_empties_the_next(data: st.DataObject) -> None:
    here = World(PanelInMemory(live()))
    first = data.draw(estates())
    plan = here.plan(first, **ALLOWED)
    assume(not plan.refusals)
    assert here.apply(plan).good
    assert not here.plan(first, **ALLOWED).counts.anything
    second = data.draw(edits(first))
    plan = here.plan(second, **ALLOWED)
    assume(not plan.refusals)
    report = here.apply(plan)
    assert report.good
    assert len(report.outcomes) >= plan.counts.add + plan.counts.change + plan.counts.destroy
    after = here.plan(second, **ALLOWED)
    assert [(change.address, change.fields) for change in after.pending] == []
    writes = len(here.panel.writes())
    assert here.apply(after).outcomes == ()
    assert len(here.panel.writes()) == writes

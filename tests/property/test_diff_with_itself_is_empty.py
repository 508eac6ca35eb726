"""Law: what is live, declared word for word, differs in nothing."""

from __future__ import annotations

from hypothesis import assume, given, settings

from resellerplan.model.estate import Estate
from resellerplan.model.space import Space
from resellerplan.model.values import Status
from tests.support.estates import desired, live
from tests.support.panel_in_memory import PanelInMemory
from tests.support.random_estates import ALLOWED, estates
from tests.support.running import World


@settings(max_examples=150, deadline=None)
@given(estates())
def test_diff_with_itself_is_empty(wanted: Estate) -> None:
    here = World(PanelInMemory(live()))
    plan = here.plan(wanted, **ALLOWED)
    assume(not plan.refusals)
    assert here.apply(plan).good
    found = here.panel.snapshot()
    again = here.plan(desired(*found.resources.values()), **ALLOWED)
    assert [(change.address, change.fields) for change in again.pending] == []
    assert again.unmanaged == ()
    active = [one for one in found.resources.values() if isinstance(one, Space) and one.status is Status.ACTIVE]
    assert all(finding.code == "RP3041" for finding in again.refusals) if active else again.refusals == ()

"""Law: a plan that is saved and read back is the plan, signed or not; and what follows from it is the same."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from resellerplan.applying.step import lower
from resellerplan.planning.plan_file import Header, dump_plan, load_plan, plan_digest
from resellerplan.planning.plan_json import as_document
from tests.support.estates import NOW, live
from tests.support.panel_in_memory import PanelInMemory
from tests.support.random_estates import ALLOWED, edits, estates
from tests.support.running import World

HEADER = Header(program="resellerplan 0", panel="https://panel.example", made_at=NOW)


@settings(max_examples=100, deadline=None)
@given(st.data(), st.one_of(st.none(), st.binary(min_size=1)))
def test_a_saved_plan_is_the_plan(data: st.DataObject, key: bytes | None) -> None:
    here = World(PanelInMemory(live()))
    wanted = data.draw(estates())
    plan = here.plan(wanted, **ALLOWED)
    if not plan.refusals:
        here.apply(plan)
    plan = here.plan(data.draw(edits(wanted)), **ALLOWED)
    saved = load_plan(dump_plan(plan, HEADER, key=key), key=key)
    assert saved.plan == plan
    assert saved.digest == plan_digest(plan)
    assert lower(saved.plan) == lower(plan)
    assert as_document(saved.plan, HEADER) == as_document(plan, HEADER)
    assert json.loads(json.dumps(as_document(plan, HEADER)))["resource_changes"] is not None

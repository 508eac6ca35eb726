"""Law: a run that dies at any write, before or after the panel did it, is resumed without duplicates and converges.

And whatever an answer to any write is cut off: what a run calls done is so, and nothing is there twice.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from resellerplan.applying.outcome import Result, StepKind
from resellerplan.applying.resume import STILL_WORKING, take_up
from resellerplan.errors import PanelAmbiguous
from resellerplan.model.estate import Estate
from tests.support.estates import live
from tests.support.panel_in_memory import READS, Fault, PanelInMemory
from tests.support.random_estates import ALLOWED, edits, estates
from tests.support.running import World


class Killed(BaseException):
    """The process ends here."""


class Unlucky(PanelInMemory):
    """A panel that fails the k-th write."""

    fails_at = -1
    commit = False
    error: BaseException = Killed()
    written = 0

    def fail_at(self, at: int, error: BaseException, *, commit: bool) -> None:
        """Fail the ``at``-th write from now on."""
        self.fails_at, self.error, self.commit, self.written = at, error, commit, 0

    def fault_for(self, call: str) -> Fault | None:
        """The fault of the one write that is to fail."""
        if call in READS:
            return None
        self.written += 1
        return Fault(self.error, commit=self.commit) if self.written == self.fails_at else None


@st.composite
def to_reach(draw: st.DrawFn, here: World) -> Estate:
    """A manifest for an empty panel, or one that was edited after its former version was applied."""
    wanted: Estate = draw(estates())
    plan = here.plan(wanted, **ALLOWED)
    settled = bool(plan.refusals)
    if settled or draw(st.booleans()):
        return wanted
    here.apply(plan)
    return draw(edits(wanted))


def no_duplicates(panel: PanelInMemory) -> bool:
    return panel.snapshot().duplicates == {}


@settings(max_examples=120, deadline=None)
@given(st.data(), st.integers(1, 12), st.booleans())
def test_a_crash_at_any_write_converges(data: st.DataObject, at: int, commit: bool) -> None:
    panel = Unlucky(live())
    with tempfile.TemporaryDirectory() as folder:
        here = World(panel, Path(folder))
        wanted = data.draw(to_reach(here))
        plan = here.plan(wanted, **ALLOWED)
        assume(not plan.refusals)
        panel.fail_at(at, Killed(), commit=commit)
        try:
            here.apply(plan, parallelism=1)
        except Killed:
            here.stop.clear()
        here.clock.at += STILL_WORKING
        assert here.runs is not None
        resumption = take_up(here.runs.unfinished(), here.runs, panel, here.clock.clock())
        assert resumption.blocked == {}
        assert here.apply(here.plan(wanted, **ALLOWED), resumption=resumption).good
        assert no_duplicates(panel)
        assert not here.plan(wanted, **ALLOWED).counts.anything
        assert len(panel.letters) == len(set(panel.letters))
        assert take_up(here.runs.unfinished(), here.runs, panel, here.clock.clock()).owed_letters == ()


@settings(max_examples=120, deadline=None)
@given(st.data(), st.integers(1, 12), st.booleans())
def test_what_a_run_calls_done_is_done_and_nothing_is_there_twice(data: st.DataObject, at: int, commit: bool) -> None:
    panel = Unlucky(live())
    here = World(panel)
    wanted = data.draw(to_reach(here))
    plan = here.plan(wanted, **ALLOWED)
    assume(not plan.refusals)
    panel.fail_at(at, PanelAmbiguous("cut"), commit=commit)
    report = here.apply(plan, parallelism=1)
    assert no_duplicates(panel)
    for outcome in report.outcomes:
        if outcome.kind is StepKind.CREATE and outcome.result is Result.DONE:
            assert panel.holds(outcome.address) == [outcome.panel_id]
        if outcome.kind is StepKind.CREATE and outcome.result in (Result.SKIPPED, Result.FAILED):
            assert panel.holds(outcome.address) == []
    if report.good:
        assert not here.plan(wanted, **ALLOWED).counts.anything

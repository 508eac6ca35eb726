"""Runs that meet trouble: refusals, ambiguous answers, locked databases, interruptions. At most once, and converging or unknown."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest

from resellerplan.applying.events import Listeners, Notice, RunFinished, RunStarted, StepFinished, StepStarted, StillRunning
from resellerplan.applying.outcome import Outcome, Result
from resellerplan.applying.run import HEARTBEAT, STEADY, Ports, run
from resellerplan.errors import (
    CallForbidden,
    PanelAmbiguous,
    PanelFault,
    PanelNotUnderstood,
    PanelRefused,
    PanelUnauthorised,
    PanelUnreachable,
    PlanRefused,
)
from resellerplan.model.address import Address
from resellerplan.model.values import Status
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
    plan_of,
    space,
)
from tests.support.panel_in_memory import Fault, Hears, PanelInMemory
from tests.support.running import World, results

MUELLER, WEB_S = Address.customer("mueller"), Address.plan("Web S")
SPACE = Address.space("mueller", "Web S")
CUT = PanelAmbiguous("the connection was cut")
LOCKED = PanelFault("database is locked")


def world(*found: Any, **said: Any) -> World:
    return World(PanelInMemory(live(*found, **said)))


def only(report: Any, name: str) -> Outcome:
    (found,) = [outcome for outcome in report.outcomes if outcome.step == name]
    assert isinstance(found, Outcome)
    return found


# --- refusals and failures


def test_a_refused_plan_is_never_run() -> None:
    here = world(taken=["mueller"])
    with pytest.raises(PlanRefused):
        here.make_so(desired(customer()))
    assert here.panel.calls == []


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PanelRefused("no", code=-2, slug="bad-name", hint="another"), "bad-name"),
        (PanelUnauthorised("no"), "PanelUnauthorised"),
        (CallForbidden("outside"), "CallForbidden"),
        (PanelFault("Object reference"), "PanelFault"),
    ],
)
@pytest.mark.parametrize("call", ["create_customer", "create_hosting_plan"])
def test_a_failed_step_skips_what_needs_it_and_the_rest_goes_on(error: Exception, code: str, call: str) -> None:
    here = world()
    here.panel.script(call, Fault(error))
    report = here.make_so(desired(customer(), customer("b"), hosting_plan(), space(), addon()))
    failed = [outcome for outcome in report.outcomes if outcome.result is Result.FAILED]
    assert [(outcome.code, outcome.message) for outcome in failed] == [(code, str(error))]
    skipped = only(report, f"{SPACE}#create")
    assert (skipped.result, skipped.because) == (Result.SKIPPED, failed[0].address)
    assert skipped.message == f"not tried, because of {failed[0].address}"
    assert report.counts.added == 3
    assert (report.counts.failed, report.counts.skipped) == (1, 1)
    assert here.panel.writes().count(call) == 2


def test_a_password_that_cant_be_had_fails_its_customer_before_anything_is_sent() -> None:
    here = world()
    here.secrets.without = {"mueller"}
    report = here.make_so(desired(customer(), customer("b")))
    assert only(report, "customer.mueller#create").code == "SecretUnavailable"
    assert here.panel.writes() == ["create_customer"]


def test_what_certainly_did_not_arrive_is_sent_again() -> None:
    here = world()
    here.panel.script("create_customer", Fault(PanelUnreachable("refused")), Fault(PanelUnreachable("refused")))
    first = here.make_so(desired(customer()))
    assert first.good
    assert len(here.clock.slept) == 2
    here.panel.script("create_customer", Fault(PanelUnreachable("refused")))
    second = here.make_so(desired(customer(), customer("b")))
    assert (first.outcomes[0].seconds, second.outcomes[0].seconds) == (sum(here.clock.slept[:2]), here.clock.slept[2])
    assert (first.seconds, second.seconds) == (sum(here.clock.slept[:2]), here.clock.slept[2])


def test_a_panel_that_stays_away_is_a_failure_and_nothing_is_unknown() -> None:
    here = world()
    here.panel.script("create_hosting_plan", *[Fault(PanelUnreachable("refused"))] * 3)
    assert results(here.make_so(desired(hosting_plan()))) == {'plan["Web S"]#create': Result.FAILED}


@pytest.mark.parametrize("error", [PanelAmbiguous("timeout"), PanelUnreachable("refused")])
def test_reads_are_asked_once_because_the_client_repeats_them(error: PanelAmbiguous | PanelUnreachable) -> None:
    here = world(live_customer(city="x"))
    here.panel.script("read", Fault(error))
    assert results(here.make_so(desired(customer(city="y")))) == {"customer.mueller#update": Result.FAILED}
    assert (here.panel.writes(), here.clock.slept) == ([], [])


def test_a_read_that_fails_writes_nothing() -> None:
    here = world(live_customer(city="x"))
    here.panel.script("read", Fault(PanelFault("no")))
    assert results(here.make_so(desired(customer(city="y")))) == {"customer.mueller#update": Result.FAILED}
    assert here.panel.writes() == []


def test_a_name_that_turns_out_to_be_taken_is_told() -> None:
    here = world()
    plan = here.plan(desired(customer()))
    here.panel.script("find", Fault(PanelRefused("taken outside your reach", code=-100, slug="name-taken")))
    assert only(here.apply(plan), "customer.mueller#create").code == "name-taken"


def test_what_can_be_found_and_not_read_is_not_made_again() -> None:
    here = world()
    plan = here.plan(desired(hosting_plan()))
    here.panel.add(live_plan())
    here.panel.script("find", None)
    here.panel.delay = lambda call: here.panel.remove(WEB_S) if call == "read" else None
    outcome = only(here.apply(plan), 'plan["Web S"]#create')
    assert (outcome.result, outcome.message) == (Result.MOVED, "something of this name is on the panel and can't be read")


# --- ambiguity


@pytest.mark.parametrize("error", [CUT, PanelNotUnderstood("?"), LOCKED])
@pytest.mark.parametrize("commit", [True, False])
def test_an_ambiguous_customer_is_looked_up_and_made_once(error: Exception, commit: bool) -> None:
    here = world()
    here.panel.script("create_customer", Fault(error, commit=commit))
    report = here.make_so(desired(customer()))
    assert report.good
    assert len(here.panel.holds(MUELLER)) == 1
    assert here.panel.writes().count("create_customer") == (1 if commit else 2)
    assert here.secrets.given == ["mueller"]


def test_a_customer_that_can_never_be_told_ends_unknown() -> None:
    here = world()
    here.panel.script("create_customer", *[Fault(CUT)] * 3)
    outcome = only(here.make_so(desired(customer())), "customer.mueller#create")
    assert outcome.result is Result.UNKNOWN
    assert "so nothing is written twice" in outcome.detail
    assert outcome.hint.startswith("`resellerplan apply --resume` decides it"), "at once: the name is unique on the panel"


def test_a_database_that_stays_locked_is_a_failure() -> None:
    here = world()
    here.panel.script("create_customer", *[Fault(LOCKED)] * 3)
    report = here.make_so(desired(customer()))
    assert only(report, "customer.mueller#create").result is Result.FAILED
    assert len(report.notices) == 1


def test_a_look_up_that_fails_leaves_it_unknown_and_a_taken_name_is_told() -> None:
    here = world()
    here.panel.script("create_customer", Fault(CUT))
    here.panel.script("find", None, Fault(PanelFault("no")))
    assert only(here.make_so(desired(customer())), "customer.mueller#create").result is Result.UNKNOWN
    there = world()
    there.panel.script("create_customer", Fault(CUT))
    there.panel.script("find", None, Fault(PanelRefused("taken", code=-100, slug="name-taken")))
    assert only(there.make_so(desired(customer())), "customer.mueller#create").result is Result.FAILED


@pytest.mark.parametrize("kind", ["plan", "space"])
@pytest.mark.parametrize("commit", [True, False])
def test_plans_and_spaces_are_never_sent_again(kind: str, commit: bool) -> None:
    here = world(live_customer(), *([live_plan()] if kind == "space" else []))
    call = "create_hosting_plan" if kind == "plan" else "create_space"
    here.panel.script(call, Fault(CUT, commit=commit))
    wanted = desired(customer(), hosting_plan(), space(domains=domains("a.example")) if kind == "space" else addon())
    report = here.make_so(wanted)
    name = 'plan["Web S"]#create' if kind == "plan" else f"{SPACE}#create"
    outcome = only(report, name)
    assert here.panel.writes().count(call) == (2 if kind == "plan" else 1)
    assert outcome.result is (Result.DONE if commit else Result.UNKNOWN)
    if commit and kind == "space":
        assert outcome.not_verifiable == ("resources made with the domain",)
    if not commit:
        assert report.counts.unknown == 1
        assert "no second one can come to be" in outcome.detail
        assert re.match(r"`resellerplan apply --resume` after \d\d:\d\d decides it", outcome.hint), "it may still be under way"


def test_a_space_found_without_a_domain_needs_no_proviso() -> None:
    here = world(live_customer(), live_plan())
    here.panel.script("create_space", Fault(CUT, commit=True))
    assert only(here.make_so(desired(customer(), hosting_plan(), space())), f"{SPACE}#create").not_verifiable == ()


def test_what_is_found_incomplete_or_unreadable_is_unknown() -> None:
    here = world()
    half = Fault(CUT, then=lambda: here.panel.add(live_plan(groups={})))
    here.panel.script("create_hosting_plan", half)
    outcome = only(here.make_so(desired(hosting_plan())), 'plan["Web S"]#create')
    assert (outcome.result, outcome.panel_id) == (Result.UNKNOWN, 11)
    there = world()
    there.panel.script("create_hosting_plan", Fault(CUT, commit=True))
    there.panel.script("read", Fault(PanelFault("no")))
    assert only(there.make_so(desired(hosting_plan())), 'plan["Web S"]#create').result is Result.UNKNOWN


def test_what_depends_on_an_unknown_is_skipped() -> None:
    here = world()
    here.panel.script("create_hosting_plan", Fault(CUT))
    report = here.make_so(desired(customer(), hosting_plan(), space(summary_letter=True)))
    assert only(report, f"{SPACE}#letter").because == WEB_S
    assert report.counts.skipped == 1
    assert here.panel.letters == []


@pytest.mark.parametrize("commit", [True, False])
def test_an_ambiguous_update_is_read_back(commit: bool) -> None:
    here = world(live_customer(city="x"))
    here.panel.script("update_customer", Fault(CUT, commit=commit))
    outcome = only(here.make_so(desired(customer(city="y"))), "customer.mueller#update")
    assert outcome.result is (Result.DONE if commit else Result.UNKNOWN)


def test_an_ambiguous_update_that_cant_be_read_back_is_unknown() -> None:
    here = world(live_customer(city="x"))
    here.panel.script("update_customer", Fault(CUT, commit=True))
    here.panel.script("read", None, Fault(PanelFault("no")))
    assert only(here.make_so(desired(customer(city="y"))), "customer.mueller#update").result is Result.UNKNOWN
    there = world(live_customer(city="x"))
    there.panel.script("update_customer", Fault(CUT, then=lambda: there.panel.remove(MUELLER)))
    assert only(there.make_so(desired(customer(city="y"))), "customer.mueller#update").result is Result.UNKNOWN


@pytest.mark.parametrize("commit", [True, False])
def test_an_ambiguous_delete_is_read_back(commit: bool) -> None:
    here = world(live_plan())
    here.panel.script("delete_hosting_plan", Fault(CUT, commit=commit))
    outcome = only(here.make_so(desired(hosting_plan(lifecycle=absent()))), 'plan["Web S"]#delete')
    assert outcome.result is (Result.DONE if commit else Result.UNKNOWN)


def test_an_ambiguous_delete_that_cant_be_read_back_is_unknown() -> None:
    here = world(live_plan())
    here.panel.script("delete_hosting_plan", Fault(CUT, commit=True))
    here.panel.script("read", None, Fault(PanelFault("no")))
    report = here.make_so(desired(hosting_plan(lifecycle=absent())))
    assert only(report, 'plan["Web S"]#delete').result is Result.UNKNOWN


def test_a_letter_of_which_nothing_is_known_is_never_sent_again_by_itself() -> None:
    here = world()
    here.panel.script("send_account_letter", Fault(CUT))
    outcome = only(here.make_so(desired(customer(summary_letter=True))), "customer.mueller#letter")
    assert outcome.result is Result.UNKNOWN
    assert "letter send customer.mueller" in outcome.hint
    assert here.panel.writes().count("send_account_letter") == 1


# --- what is in flight together


def _meet(panel: PanelInMemory, call: str, number: int) -> None:
    """Let ``number`` calls of this name be in flight together before any goes on (or two seconds pass)."""
    gate = threading.Barrier(number)

    def hold(name: str) -> None:
        if name == call:
            try:
                gate.wait(timeout=2)
            except threading.BrokenBarrierError:
                return

    panel.delay = hold


def test_customers_are_created_together_and_plans_alone() -> None:
    here = world()
    _meet(here.panel, "create_customer", 3)
    wanted = desired(*(customer(f"c{number}") for number in range(6)), hosting_plan(), hosting_plan("Web M"), addon())
    report = here.apply(here.plan(wanted), parallelism=3)
    assert report.good
    assert here.panel.most_flying["create_customer"] == 3
    assert here.panel.most_flying["create_hosting_plan"] == 1
    assert not any({"create_customer", "create_hosting_plan"} <= together for together in here.panel.together)


def test_after_a_locked_database_customers_are_created_one_at_a_time_and_that_is_said() -> None:
    here = world()
    here.panel.script("create_customer", Fault(LOCKED))
    report = here.apply(here.plan(desired(*(customer(f"c{number}") for number in range(8)))), parallelism=2)
    assert report.good
    assert report.notices == ("the panel's database was locked: customers are created one at a time for the rest of the run",)
    assert [event for event in here.heard.events if isinstance(event, Notice)] == [Notice(text=report.notices[0])]
    started = [index for index, event in enumerate(here.heard.events) if isinstance(event, StepStarted)]
    late = here.heard.events[started[-3] :]
    assert [type(event) for event in late[:6]] == [StepStarted, StepFinished] * 3


def test_a_parallelism_of_nothing_is_one() -> None:
    here = world()
    assert here.apply(here.plan(desired(customer(), customer("b"))), parallelism=0).good
    assert here.panel.most_flying["create_customer"] == 1


# --- being stopped, being heard


def test_a_run_that_is_stopped_finishes_what_runs_and_names_the_rest() -> None:
    here = world()
    here.panel.delay = lambda call: here.stop.set() if call == "create_hosting_plan" else None
    report = here.make_so(desired(customer(), hosting_plan(), space()))
    assert report.interrupted
    assert not report.good
    assert results(report) == {
        "customer.mueller#create": Result.DONE,
        'plan["Web S"]#create': Result.DONE,
        f"{SPACE}#create": Result.INTERRUPTED,
    }
    assert report.counts.interrupted == 1


def test_a_run_that_is_stopped_tries_nothing_again() -> None:
    here = world()
    here.panel.script("create_customer", *[Fault(CUT)] * 3)
    here.panel.delay = lambda call: here.stop.set() if call == "create_customer" else None
    report = here.make_so(desired(customer()))
    assert only(report, "customer.mueller#create").result is Result.UNKNOWN
    assert here.panel.writes() == ["create_customer"]


class Interrupts(Hears):
    """A listener during whose work Ctrl-C arrives."""

    def hear(self, event: object) -> None:
        super().hear(event)  # type: ignore[arg-type]  # an event
        if isinstance(event, StepStarted):
            raise KeyboardInterrupt


def test_a_bug_or_an_interrupt_in_the_loop_waits_for_what_runs_and_is_raised() -> None:
    here = world()
    ports = Ports(
        panel=here.panel,
        secrets=here.secrets,
        clock=here.clock.clock(),
        chance=lambda: 0.5,
        listener=Listeners([Interrupts()]),
        stop=here.stop,
    )
    with pytest.raises(KeyboardInterrupt):
        run(here.plan(desired(customer())), ports, pace=STEADY)
    assert here.stop.is_set()


def test_a_bug_in_a_step_is_no_outcome() -> None:
    here = world()
    here.panel.script("create_customer", Fault(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        here.make_so(desired(customer()))


def test_listeners_hear_a_run_in_order() -> None:
    here = world()
    here.make_so(desired(customer()))
    assert [type(event) for event in here.heard.events] == [RunStarted, StepStarted, StepFinished, RunFinished]
    started = here.heard.events[0]
    assert started == RunStarted(steps=1, objects=1)


def test_what_takes_long_is_mentioned_again() -> None:
    here = world()
    told = threading.Event()

    class Waits(Hears):
        def hear(self, event: object) -> None:
            super().hear(event)  # type: ignore[arg-type]  # an event
            if isinstance(event, StillRunning):
                told.set()

    here.heard = Waits()

    def hold(call: str) -> None:
        if call == "create_customer":
            here.clock.clock().sleep(HEARTBEAT)
            assert told.wait(timeout=5)

    here.panel.delay = hold
    assert here.make_so(desired(customer())).good
    (event,) = [event for event in here.heard.events if isinstance(event, StillRunning)]
    assert event.seconds == HEARTBEAT


def test_a_step_whose_parent_has_no_id_fails_and_says_which() -> None:
    here = world(live_customer(), live_plan())
    plan = here.plan(desired(customer(), hosting_plan(), space()))
    from dataclasses import replace

    report = here.apply(replace(plan, bindings={}))
    outcome = only(report, f"{SPACE}#create")
    assert (outcome.result, outcome.code) == (Result.FAILED, "unbound")
    assert "customer.mueller" in outcome.message
    assert here.panel.writes() == []


def test_a_status_that_another_person_changed_meanwhile_is_left() -> None:
    here = world(live_customer(), live_plan(), live_space())
    plan = plan_of(desired(customer(status=Status.SUSPENDED)), here.panel.snapshot())
    here.panel.poke(MUELLER, status=Status.CANCELLED)
    assert only(here.apply(plan), "customer.mueller#status").result is Result.MOVED

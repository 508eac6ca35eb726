"""Runs that go well, and objects that are not what they were: same, already done, moved; conditions; letters."""

from __future__ import annotations

from typing import Any

import pytest

from resellerplan.applying.outcome import Drifted, Outcome, Result
from resellerplan.applying.run import Pace, run
from resellerplan.model.address import Address
from resellerplan.model.estate import Estate
from resellerplan.model.space import PLAN_TERMS
from resellerplan.model.values import NULL, UNKNOWN, UNSET, Status
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
    says,
    space,
    terms,
)
from tests.support.panel_in_memory import PanelInMemory
from tests.support.running import World, results

MUELLER, WEB_S, EXTRA = Address.customer("mueller"), Address.plan("Web S"), Address.addon("Extra")
SPACE = Address.space("mueller", "Web S")
EXTRA_LIVE = live_plan("Extra", as_addon=True, groups=addon().groups)


def world(*found: Any, **said: Any) -> World:
    return World(PanelInMemory(live(*found, **said)))


def everything() -> Estate:
    return desired(
        customer(status=Status.SUSPENDED, summary_letter=True),
        hosting_plan(recurring=money("4.90")),
        addon(),
        space(
            domains=domains("a.example", "b.example"),
            addons={"Extra": 2},
            comments="hi",
            overrides=terms(OS={"Diskspace": 9}),
            summary_letter=True,
        ),
    )


def only(report: Any, name: str) -> Outcome:
    (found,) = [outcome for outcome in report.outcomes if outcome.step == name]
    assert isinstance(found, Outcome)
    return found


def test_an_empty_panel_gets_everything_and_a_second_run_writes_nothing() -> None:
    here = world()
    report = here.make_so(everything())
    assert report.good
    assert (report.counts.added, report.counts.letters_sent) == (4, 2)
    assert here.panel.at(MUELLER).status is Status.SUSPENDED
    assert here.panel.at(SPACE).status is Status.SUSPENDED
    assert here.panel.letters == [MUELLER, SPACE]
    assert here.panel.passwords == {"mueller": "correct horse"}
    first = len(here.panel.writes())
    assert first > 0
    again = here.make_so(everything())
    assert again.outcomes == ()
    assert len(here.panel.writes()) == first


def test_a_letter_is_sent_after_its_object_and_never_with_it() -> None:
    here = world()
    here.make_so(desired(customer(summary_letter=True)))
    assert here.panel.writes() == ["create_customer", "send_account_letter"]


def test_an_empty_template_sends_nothing_and_that_is_said() -> None:
    here = world()
    here.panel.letters_empty = True
    report = here.make_so(desired(customer(summary_letter=True)))
    letter = only(report, "customer.mueller#letter")
    assert (letter.result, letter.code) == (Result.NOT_SENT, "letter-empty")
    assert report.good
    assert report.counts.letters_sent == 0


def test_every_kind_of_update_is_written_and_seen() -> None:
    here = world(
        live_customer(city="Leipzig"),
        live_plan(),
        live_plan("Web M"),
        EXTRA_LIVE,
        live_space(domains=domains("a.example"), overrides=terms(OS={"Diskspace": 1})),
    )
    wanted = desired(
        customer(city=NULL),
        hosting_plan(groups=terms(OS={"Diskspace": 9999, "Domains": 3}, Web={"Sites": 1}, DNS=None)),
        hosting_plan("Web M"),
        addon(description="more"),
        space(plan="Web M", domains=domains("b.example"), addons={"Extra": 1}, overrides=PLAN_TERMS, status=Status.SUSPENDED),
    )
    report = here.make_so(wanted)
    assert report.good
    assert report.counts.changed == 4
    assert here.panel.at(SPACE).plan == "Web M"
    assert here.panel.at(SPACE).domains == domains("a.example", "b.example")
    assert not here.plan(wanted).counts.anything


def test_a_space_changes_hands_and_everything_is_deleted_in_order() -> None:
    here = world(live_customer(), live_plan(), live_space())
    moved = space("schmidt", lifecycle=says(moved=SPACE))
    assert here.make_so(desired(customer(lifecycle=absent()), customer("schmidt"), hosting_plan(), moved)).good
    assert here.panel.addresses() == {Address.customer("schmidt"), WEB_S, Address.space("schmidt", "Web S")}
    gone = absent("closed")
    wanted = desired(customer("schmidt", lifecycle=gone), hosting_plan(lifecycle=gone), space("schmidt", lifecycle=gone))
    report = here.make_so(wanted)
    assert report.good
    assert report.counts.destroyed == 3
    assert here.panel.addresses() == set()
    assert here.panel.writes()[-3:] == ["delete_space", "delete_hosting_plan", "delete_customer"]


def test_what_somebody_made_meanwhile_as_declared_is_taken_and_gets_no_letter() -> None:
    here = world()
    wanted = desired(customer(city="Dresden", summary_letter=True), hosting_plan())
    plan = here.plan(wanted)
    here.panel.add(live_customer(city="Dresden"))
    report = here.apply(plan)
    assert only(report, "customer.mueller#create").result is Result.ALREADY_DONE
    letter = only(report, "customer.mueller#letter")
    assert (letter.result, letter.message) == (
        Result.ALREADY_DONE,
        "no letter: it goes out once, on creation, and this was there already",
    )
    assert here.panel.letters == []
    assert report.good


def test_a_saved_plan_that_is_applied_twice_writes_and_sends_once() -> None:
    here = world()
    plan = here.plan(everything())
    here.apply(plan)
    writes = len(here.panel.writes())
    again = here.apply(plan)
    assert again.good
    assert len(here.panel.writes()) == writes
    assert here.panel.letters == [MUELLER, SPACE]


def test_what_somebody_made_meanwhile_otherwise_is_not_touched() -> None:
    here = world(live_plan())
    wanted = desired(customer(city="Dresden"), hosting_plan(), space())
    plan = here.plan(wanted)
    here.panel.add(live_customer(city="Leipzig"))
    report = here.apply(plan)
    made = only(report, "customer.mueller#create")
    assert made.result is Result.MOVED
    assert made.drifted == (Drifted(path="city", planned_on=UNSET, planned_to="Dresden", now="Leipzig"),)
    skipped = only(report, f"{SPACE}#create")
    assert (skipped.result, skipped.because) == (Result.SKIPPED, MUELLER)
    assert here.panel.writes() == []


def test_what_is_already_as_wanted_is_not_written_again() -> None:
    here = world(live_customer(city="Leipzig"))
    plan = here.plan(desired(customer(city="Dresden")))
    here.panel.poke(MUELLER, city="Dresden")
    report = here.apply(plan)
    assert only(report, "customer.mueller#update").result is Result.ALREADY_DONE
    assert report.good
    assert here.panel.writes() == []


def test_what_moved_is_left_with_planned_on_planned_to_and_now() -> None:
    here = world(live_customer(city="Leipzig"), live_customer("b", city="Leipzig"))
    plan = here.plan(desired(customer(city="Dresden"), customer("b", city="Dresden")))
    here.panel.poke(MUELLER, city="Chemnitz", zip="09111")
    report = here.apply(plan)
    moved = only(report, "customer.mueller#update")
    assert moved.result is Result.MOVED
    assert moved.drifted == (
        Drifted(path="city", planned_on="Leipzig", planned_to="Dresden", now="Chemnitz"),
        Drifted(path="zip", planned_on=NULL, planned_to=NULL, now="09111"),
    )
    assert only(report, "customer.b#update").result is Result.DONE
    assert not report.good
    assert (report.counts.moved, report.counts.changed) == (1, 1)


def test_where_it_was_asked_for_nothing_more_begins_once_something_moved() -> None:
    here = world(live_customer(city="Leipzig"), live_customer("b", city="Leipzig"), live_customer("c", city="Leipzig"))
    plan = here.plan(desired(*(customer(name, city="Dresden") for name in ("mueller", "b", "c"))))
    here.panel.poke(Address.customer("b"), city="Chemnitz")
    pace = Pace(parallelism=1, poll_seconds=0.01, stop_at_moved=True)
    report = run(plan, here.ports(), pace=pace)
    assert results(report) == {
        "customer.mueller#update": Result.DONE,
        "customer.b#update": Result.MOVED,
        "customer.c#update": Result.SKIPPED,
    }
    assert only(report, "customer.c#update").because == Address.customer("b")
    assert not report.good
    assert not report.interrupted
    assert here.panel.at(Address.customer("c")).city == "Leipzig"


def test_another_field_that_moved_counts_too_because_nobody_reviewed_that_object() -> None:
    here = world(live_customer(city="Leipzig"))
    plan = here.plan(desired(customer(city="Dresden")))
    here.panel.poke(MUELLER, zip="01067")
    outcome = only(here.apply(plan), "customer.mueller#update")
    assert (outcome.result, [one.path for one in outcome.drifted]) == (Result.MOVED, ["zip"])


def test_without_a_fingerprint_the_planned_fields_decide() -> None:
    rows = {MUELLER: {"fingerprint": None}}
    for poked, result in (({"zip": "01067"}, Result.DONE), ({"city": "Chemnitz"}, Result.MOVED)):
        here = world(live_customer(city="Leipzig"), facts=rows)
        plan = here.plan(desired(customer(city="Dresden")))
        here.panel.poke(MUELLER, **poked)
        assert only(here.apply(plan), "customer.mueller#update").result is result


def test_a_plan_that_could_not_be_named_and_a_field_that_cant_be_read_now_are_no_drift() -> None:
    rows = {SPACE: {"fingerprint": None}, MUELLER: {"fingerprint": None}}
    here = world(live_customer(city="Leipzig"), live_plan(), live_space(plan=UNKNOWN), facts=rows)
    plan = here.plan(desired(customer(city="Dresden"), hosting_plan(), space()))
    here.panel.poke(MUELLER, city=UNKNOWN)
    report = here.apply(plan)
    assert report.good
    assert here.panel.at(SPACE).plan == "Web S"


def test_what_is_gone_is_not_updated() -> None:
    here = world(live_customer(city="Leipzig"))
    plan = here.plan(desired(customer(city="Dresden")))
    here.panel.remove(MUELLER)
    outcome = only(here.apply(plan), "customer.mueller#update")
    assert (outcome.result, outcome.message) == (Result.MOVED, "it is gone from the panel since the plan was made")


def test_a_delete_of_what_is_gone_is_done_and_of_what_moved_is_not() -> None:
    here = world(live_plan("A"), live_plan("B"), live_plan("C"))
    gone = absent()
    wanted = desired(*(hosting_plan(name, lifecycle=gone) for name in "ABC"))
    plan = here.plan(wanted, delete_share=1.0)
    here.panel.remove(Address.plan("A"))
    here.panel.poke(Address.plan("B"), description="in use again")
    here.panel.poke(Address.plan("C"), name="Renamed")
    report = here.apply(plan)
    assert results(report) == {
        "plan.A#delete": Result.ALREADY_DONE,
        "plan.B#delete": Result.MOVED,
        "plan.C#delete": Result.MOVED,
    }
    assert "description" in [one.path for one in only(report, "plan.B#delete").drifted]


@pytest.mark.parametrize(
    ("held", "used", "result"),
    [
        ((), 0, Result.DONE),
        (domains("a.example"), 0, Result.CONDITION),
        ((), 3, Result.CONDITION),
    ],
)
def test_a_condition_is_read_again_right_before_the_delete(held: Any, used: int, result: Result) -> None:
    here = world(live_customer(), live_plan(), live_space(domains=held))
    here.panel.used = {"Mail.Accounts": used}
    report = here.make_so(desired(customer(), hosting_plan(), space(lifecycle=absent(domains=0, Mail__Accounts=0))))
    outcome = only(report, f"{SPACE}#delete")
    assert outcome.result is result
    assert report.good is (result is Result.DONE)
    assert bool(here.panel.holds(SPACE)) is (result is not Result.DONE)
    if result is Result.CONDITION:
        assert report.counts.skipped == 1
        assert "and now it is" in outcome.message


def test_what_earlier_steps_of_the_same_run_change_is_expected() -> None:
    here = world(live_customer(), live_plan(), live_space(status=Status.CANCELLED), live_space(name="two"))
    wanted = desired(
        customer(city="x", status=Status.SUSPENDED), hosting_plan(), space(status=Status.CANCELLED), space(name="two", comments="x")
    )
    report = here.make_so(wanted)
    assert report.good
    assert here.panel.at(SPACE).status is Status.CANCELLED
    assert here.panel.at(Address.space("mueller", "two")).status is Status.SUSPENDED
    assert here.panel.writes() == ["update_customer", "update_space", "set_customer_status", "set_space_status"]
    assert not here.plan(wanted).counts.anything


def test_a_customer_that_comes_back_brings_its_spaces() -> None:
    here = world(live_customer(status=Status.SUSPENDED), live_plan(), live_space(status=Status.SUSPENDED))
    report = here.make_so(desired(customer(status=Status.ACTIVE)), reactivate_all=True)
    assert report.good
    assert here.panel.at(SPACE).status is Status.ACTIVE
    assert report.counts.changed == 1


def test_the_same_plan_with_accounts_that_come_back_twice_writes_once() -> None:
    here = world(live_customer(status=Status.SUSPENDED), live_plan(), live_space(status=Status.SUSPENDED))
    plan = here.plan(desired(customer(status=Status.ACTIVE)), reactivate_all=True)
    here.apply(plan)
    again = here.apply(plan)
    assert set(results(again).values()) == {Result.ALREADY_DONE}


def test_what_was_asked_for_and_cant_be_read_back_is_named() -> None:
    from resellerplan.model.space import Resources

    groups = terms(OS={"Domains": 1}, Web={"Sites": 1}, FTP={"Accounts": 1})
    here = world()
    wanted = desired(customer(), hosting_plan(groups=groups), space(domains=domains("a.example"), resources=Resources(ftp=True)))
    assert only(here.make_so(wanted), f"{SPACE}#create").not_verifiable == ("ftp account",)

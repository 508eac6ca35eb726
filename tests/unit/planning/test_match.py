"""Who is who: pins, renames, doubled and nearly equal names, spaces that seem to change hands."""

from __future__ import annotations

import pytest

from resellerplan.diagnostics import Severity
from resellerplan.model.address import Address
from resellerplan.planning.change import Action
from resellerplan.planning.plan import Plan
from tests.support.estates import (
    absent,
    addon,
    customer,
    desired,
    hosting_plan,
    live,
    live_customer,
    live_plan,
    live_space,
    plan_of,
    says,
    space,
)

WEB_S = Address.plan("Web S")
SPACE = Address.space("mueller", "Web S")


def told(plan: Plan) -> list[tuple[str, Severity]]:
    return [(finding.code, finding.severity) for finding in plan.findings]


ERROR, WARNING = Severity.ERROR, Severity.WARNING


def test_a_doubled_name_is_a_finding_that_names_the_ids_and_nothing_is_planned() -> None:
    plan = plan_of(desired(hosting_plan()), live(duplicates={WEB_S: (41, 42)}))
    assert told(plan) == [("RP3001", ERROR)]
    assert plan.changes == ()
    assert "41, 42" in plan.findings[0].label
    assert "`id: 41`" in plan.findings[0].hint
    assert str(plan.findings[0].place) == "plan.yaml:1:3"


def test_a_pin_says_which_of_two_is_meant() -> None:
    found = live(live_plan(), duplicates={WEB_S: (11, 42)})
    plan = plan_of(desired(hosting_plan(lifecycle=says(pin=11))), found)
    assert [change.action for change in plan.changes] == [Action.NO_OP]
    assert told(plan) == []


def test_a_doubled_name_that_nobody_declares_is_a_warning() -> None:
    assert told(plan_of(desired(), live(duplicates={WEB_S: (41, 42)}))) == [("RP3001", WARNING)]


@pytest.mark.parametrize("held", ["web s", "Web  S", " Web S"])
def test_a_name_that_differs_only_in_case_or_blanks_never_makes_a_second_object(held: str) -> None:
    plan = plan_of(desired(hosting_plan()), live(live_plan(held)))
    assert told(plan) == [("RP3002", ERROR)]
    assert plan.changes == ()
    assert plan.unmanaged == ()


def test_a_pin_to_nothing_and_a_pin_to_another_name_are_findings() -> None:
    assert told(plan_of(desired(hosting_plan(lifecycle=says(pin=99))), live())) == [("RP3003", ERROR)]
    plan = plan_of(desired(hosting_plan(lifecycle=says(pin=11))), live(live_plan("Other")))
    assert told(plan) == [("RP3004", ERROR)]
    assert "moved_from: Other" in plan.findings[0].hint
    agreed = says(pin=11, moved=Address.plan("Other"))
    assert told(plan_of(desired(hosting_plan(lifecycle=agreed)), live(live_plan("Other")))) == []


def test_two_entries_for_one_object_are_a_finding() -> None:
    twice = desired(*(hosting_plan(name, lifecycle=says(moved=WEB_S)) for name in ("Web M", "Web L")))
    plan = plan_of(twice, live(live_plan()))
    assert told(plan) == [("RP3008", ERROR)]


def test_a_move_whose_old_and_new_name_are_both_there_asks() -> None:
    wanted = desired(hosting_plan("Web M", lifecycle=says(moved=WEB_S)))
    plan = plan_of(wanted, live(live_plan("Web S"), live_plan("Web M")))
    assert told(plan) == [("RP3005", ERROR)]
    assert plan.unmanaged == (Address.plan("Web M"),)


def test_a_move_that_is_done_is_no_difference() -> None:
    wanted = desired(hosting_plan("Web M", lifecycle=says(moved=WEB_S)))
    assert not plan_of(wanted, live(live_plan("Web M"))).counts.anything


def test_a_move_from_nothing_to_nothing_creates_and_warns() -> None:
    plan = plan_of(desired(hosting_plan("Web M", lifecycle=says(moved=WEB_S))), live())
    assert told(plan) == [("RP3006", WARNING)]
    assert [change.action for change in plan.changes] == [Action.CREATE]


def test_a_name_that_was_given_away_can_be_used_anew() -> None:
    wanted = desired(hosting_plan("Web M", lifecycle=says(moved=WEB_S)), hosting_plan("Web S"))
    before = plan_of(wanted, live(live_plan("Web S")))
    assert [change.action for change in before.changes] == [Action.UPDATE, Action.CREATE]
    assert before.waves == ((Address.plan("Web M"),), (WEB_S,))
    after = plan_of(wanted, live(live_plan("Web M"), live_plan("Web S")))
    assert not after.counts.anything
    assert told(after) == []


def test_a_move_from_a_doubled_name_asks_for_a_pin() -> None:
    wanted = desired(hosting_plan("Web M", lifecycle=says(moved=WEB_S)))
    assert told(plan_of(wanted, live(duplicates={WEB_S: (41, 42)}))) == [("RP3001", ERROR)]
    there = plan_of(wanted, live(live_plan("Web M"), duplicates={WEB_S: (41, 42)}))
    assert told(there) == [("RP3001", WARNING)]


def test_a_move_from_itself_means_nothing() -> None:
    assert not plan_of(desired(hosting_plan(lifecycle=says(moved=WEB_S))), live(live_plan())).counts.anything


def test_a_space_that_seems_to_change_hands_is_asked_about() -> None:
    wanted = desired(customer(), customer("schmidt"), hosting_plan(), space("schmidt"))
    plan = plan_of(wanted, live(live_customer(), live_customer("schmidt"), live_plan(), live_space()))
    assert told(plan) == [("RP3007", ERROR)]
    assert "moved_from: {customer: mueller, name: Web S}" in plan.findings[0].hint
    assert all(change.address.kind != "space" for change in plan.changes)


def test_a_space_that_is_named_by_its_renamed_plan_is_not_made_a_second_time() -> None:
    renamed = hosting_plan("Web M", lifecycle=says(moved=WEB_S))
    wanted = desired(customer(), renamed, space(name="Web M", plan="Web M"))
    found = live(live_customer(), live_plan(), live_space())
    plan = plan_of(wanted, found)
    assert told(plan) == [("RP3009", ERROR)]
    assert "`name: Web S`" in plan.findings[0].hint
    assert "`moved_from: Web S`" in plan.findings[0].hint
    kept = desired(customer(), renamed, space(name="Web S", plan="Web M"))
    assert told(plan_of(kept, found)) == []
    both = desired(customer(), renamed, space(name="Web M", plan="Web M"), space(name="Web S", plan="Web M"))
    assert told(plan_of(both, found)) == []


def test_where_no_customer_of_the_manifest_is_concerned_it_is_a_warning() -> None:
    wanted = desired(customer("schmidt"), hosting_plan(), space("schmidt"))
    found = live(live_customer(), live_customer("other"), live_plan(), live_space(), live_space("other"))
    plan = plan_of(wanted, found)
    assert told(plan) == [("RP3007", WARNING)]
    assert "and 1 more" in plan.findings[0].label
    assert plan.counts.add == 2


@pytest.mark.parametrize("lifecycle", [says(existing=True), absent()])
def test_declaring_the_other_space_answers_the_question(lifecycle: object) -> None:
    wanted = desired(customer(), customer("schmidt"), hosting_plan(), space(lifecycle=lifecycle), space("schmidt"))
    plan = plan_of(wanted, live(live_customer(), live_customer("schmidt"), live_plan(), live_space()))
    assert told(plan) == []


def test_a_space_that_is_there_already_is_no_question_whoever_else_has_one_of_its_name() -> None:
    wanted = desired(customer(), customer("schmidt"), hosting_plan(), space())
    found = live(live_customer(), live_customer("schmidt"), live_plan(), live_space(), live_space("schmidt"))
    assert told(plan_of(wanted, found)) == []
    blocked = live(live_customer(), live_customer("schmidt"), live_plan(), live_space(name="web s"), live_space("schmidt"))
    assert told(plan_of(wanted, blocked)) == [("RP3002", ERROR)]
    gone = desired(customer(), customer("schmidt"), hosting_plan(), space(lifecycle=absent()))
    assert told(plan_of(gone, live(live_customer(), live_customer("schmidt"), live_plan(), live_space("schmidt")))) == []
    existing = desired(customer(), customer("schmidt"), hosting_plan(), space(lifecycle=says(existing=True)))
    only_there = live(live_customer(), live_customer("schmidt"), live_plan(), live_space("schmidt"))
    assert told(plan_of(existing, only_there)) == [("RP3013", ERROR)]


def test_a_second_space_of_the_same_customer_is_no_question() -> None:
    wanted = desired(customer(), hosting_plan(), addon(), space(name="new"))
    found = live(live_customer(), live_plan(), live_plan("Extra", as_addon=True, groups=addon().groups), live_space())
    assert told(plan_of(wanted, found)) == []


def test_a_peer_is_neither_managed_nor_counted() -> None:
    found = live(live_customer("assistant"), facts={Address.customer("assistant"): {"peer": True}})
    assert plan_of(desired(), found).unmanaged == ()
    assert told(plan_of(desired(customer("assistant")), found)) == [("RP3011", ERROR)]

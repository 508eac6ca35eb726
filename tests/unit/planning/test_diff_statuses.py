"""Statuses: what a suspension takes along, what comes back, what is left as it is; quarantine."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from resellerplan.model.address import Address
from resellerplan.model.estate import Abilities, Foreign
from resellerplan.model.resource import Resource
from resellerplan.model.values import NULL, UNKNOWN, UNSET, Status
from resellerplan.planning.change import Action, FieldChange
from resellerplan.planning.plan import Plan
from resellerplan.planning.remarks import listed
from tests.support.estates import (
    absent,
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
    terms,
)

DOWN = datetime(2026, 11, 1, 12, 0)
MUELLER = Address.customer("mueller")
ONE, TWO = Address.space("mueller", "one"), Address.space("mueller", "two")


def codes(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.findings]


def planned(*wanted: Resource, found: tuple[Resource, ...], facts: Any = None, **policy: Any) -> Plan:
    return plan_of(desired(*wanted), live(live_plan(), *found, facts=facts), **policy)


def test_a_suspension_lists_everything_below_unmanaged_and_foreign_too() -> None:
    below = Address.customer("sub")
    foreign = [
        Foreign(address=below, panel_id=90, owner_id=12),
        Foreign(address=Address.space("sub", "deep"), panel_id=91, owner_id=90),
        Foreign(address=Address.plan("theirs"), panel_id=92, owner_id=77),
    ]
    found = live(live_plan(), live_customer(), live_space(name="one"), live_space(name="two"), foreign=foreign)
    plan = plan_of(desired(customer(status=Status.SUSPENDED), space(name="one")), found)
    change = plan.changes[0]
    assert change.fields == (FieldChange(path="status", before=Status.ACTIVE, after=Status.SUSPENDED),)
    assert change.cascade == (ONE, TWO, below, Address.space("sub", "deep"))
    assert change.remarks == (f"suspends everything below at once: {listed(change.cascade)}",)
    assert plan.changes[1].action is Action.NO_OP


def test_a_suspension_of_a_customer_with_nothing_says_nothing_more() -> None:
    plan = planned(customer(status=Status.CANCELLED), found=(live_customer(),))
    assert plan.changes[0].remarks == ()


def test_a_space_with_a_status_of_its_own_is_compared_with_what_the_cascade_makes_of_it() -> None:
    found = (live_customer(), live_space(name="one", status=Status.CANCELLED), live_space(name="two"))
    plan = planned(
        customer(status=Status.SUSPENDED),
        space(name="one", status=Status.CANCELLED),
        space(name="two", status=Status.SUSPENDED),
        found=found,
    )
    assert plan.changes[1].fields == (FieldChange(path="status", before=Status.SUSPENDED, after=Status.CANCELLED),)
    assert plan.changes[2].action is Action.NO_OP


def back_facts(space_since: datetime | None, customer_since: datetime | None = DOWN) -> dict[Address, dict[str, Any]]:
    return {MUELLER: {"status_since": customer_since}, ONE: {"status_since": space_since}}


@pytest.mark.parametrize(
    ("since", "customer_since", "comes"),
    [
        (DOWN, DOWN, True),
        (DOWN + timedelta(minutes=5), DOWN, True),
        (DOWN + timedelta(minutes=6), DOWN, False),
        (DOWN - timedelta(days=30), DOWN, False),
        (None, DOWN, False),
        (DOWN, None, False),
    ],
)
@pytest.mark.parametrize("declared", [True, False])
def test_a_space_comes_back_if_it_went_down_with_its_customer(
    since: datetime | None, customer_since: datetime | None, comes: bool, declared: bool
) -> None:
    found = (live_customer(status=Status.SUSPENDED), live_space(name="one", status=Status.SUSPENDED))
    wanted: list[Resource] = [customer(status=Status.ACTIVE), *([space(name="one")] if declared else [])]
    change = planned(*wanted, found=found, facts=back_facts(since, customer_since)).changes[0]
    assert change.revives == ((ONE,) if comes else ())
    assert any("brings back 1 space" in said for said in change.remarks) is comes
    assert any("--reactivate-all" in said for said in change.remarks) is not comes


def test_all_come_back_where_a_person_says_so() -> None:
    found = (live_customer(status=Status.SUSPENDED), live_space(name="one", status=Status.CANCELLED))
    plan = planned(customer(status=Status.ACTIVE), found=found, reactivate_all=True)
    assert plan.changes[0].revives == (ONE,)
    kept = planned(customer(status=Status.ACTIVE), found=found, facts=back_facts(DOWN))
    assert kept.changes[0].revives == ()


def test_spaces_that_say_something_or_belong_to_another_system_do_not_come_back_by_themselves() -> None:
    found = (
        live_customer(status=Status.SUSPENDED),
        live_space(name="one", status=Status.SUSPENDED),
        live_space(name="two", status=Status.SUSPENDED),
        live_space(name="three", status=Status.SUSPENDED),
        live_space(name="four", status=Status.ACTIVE),
    )
    facts = {address: {"status_since": DOWN} for address in (MUELLER, ONE, TWO, Address.space("mueller", "three"))}
    plan = planned(
        customer(status=Status.ACTIVE),
        space(name="one", status=Status.ACTIVE),
        space(name="two", lifecycle=says(ignore={"status": "owned by WHMCS"})),
        space(name="three", status=Status.SUSPENDED),
        found=found,
        facts=facts,
    )
    assert plan.changes[0].revives == ()
    assert plan.changes[1].of("status") is not None
    assert plan.changes[2].action is plan.changes[3].action is Action.NO_OP


def test_other_changes_of_status_bring_nothing_back() -> None:
    found = (live_customer(status=Status.PENDING), live_space(name="one", status=Status.SUSPENDED))
    plan = planned(customer(status=Status.ACTIVE), found=found, reactivate_all=True)
    assert plan.changes[0].revives == ()
    plan = planned(customer(status=Status.PENDING), found=(live_customer(), live_space(name="one")))
    assert plan.changes[0].cascade == ()
    assert "VLAN list" in plan.changes[0].remarks[0]


def test_an_omitted_or_unread_status_is_unmanaged() -> None:
    assert not planned(customer(), found=(live_customer(status=Status.SUSPENDED),)).counts.anything
    assert planned(customer(status=Status.SUSPENDED), found=(live_customer(status=UNKNOWN),)).changes[0].cascade == ()
    assert not planned(customer(status=NULL), found=(live_customer(),)).counts.anything


def test_something_suspended_is_created_active_first_and_that_is_said() -> None:
    plan = planned(customer(status=Status.SUSPENDED), space(name="one"), hosting_plan(), found=())
    one, two, _ = plan.changes
    assert "created active first; the status suspended is set last" in one.remarks
    assert two.of("status") == FieldChange(path="status", before=UNSET, after=Status.SUSPENDED)
    assert "its customer is suspended, so the space ends suspended too" in two.remarks


def test_a_new_space_under_a_suspended_customer_ends_suspended() -> None:
    plan = planned(customer(), space(name="one"), found=(live_customer(status=Status.SUSPENDED),))
    assert plan.changes[1].of("status") is not None
    unknown = planned(customer(), space(name="one"), found=(live_customer(status=UNKNOWN),))
    assert unknown.changes[1].of("status") is None
    stranger = planned(space(name="one"), found=())
    assert stranger.changes[0].of("status") is None


def test_active_below_a_customer_that_is_down_is_refused() -> None:
    found = (live_customer(), live_space(name="one"))
    plan = planned(customer(status=Status.SUSPENDED), space(name="one", status=Status.ACTIVE), found=found)
    assert codes(plan) == ["RP3041"]
    fine = planned(customer(status=Status.ACTIVE), space(name="one", status=Status.ACTIVE), found=found)
    assert codes(fine) == []
    buried = planned(customer(status=Status.SUSPENDED), space(name="one", status=Status.ACTIVE, lifecycle=absent()), found=found)
    assert codes(buried) == []


OWN = live_space(name="one", overrides=terms(OS={"Diskspace": 1}))
STUCK = Abilities(own_terms_block_status=True)


@pytest.mark.parametrize(
    ("wanted", "refused"),
    [
        ((customer(status=Status.SUSPENDED),), True),
        ((customer(), space(name="one", status=Status.SUSPENDED)), True),
        ((customer(), space(name="one", lifecycle=says(ends=date(2026, 1, 1)))), True),
        ((customer(), space(name="one", lifecycle=absent(quarantine=30))), True),
        ((customer(city="Dresden"), space(name="two", status=Status.SUSPENDED)), False),
        ((customer(), space(name="one", lifecycle=absent())), False),
        ((customer("new"),), False),
    ],
)
def test_where_own_terms_block_a_status_it_is_refused_with_the_reason(wanted: tuple[Resource, ...], refused: bool) -> None:
    below = [Foreign(address=Address.customer("sub"), panel_id=90, owner_id=12)]
    found = live(live_plan(), live_customer(), OWN, live_space(name="two"), abilities=STUCK, foreign=below)
    assert codes(plan_of(desired(*wanted), found)) == (["RP3040"] if refused else [])
    elsewhere = live(live_plan(), live_customer(), OWN, live_space(name="two"))
    assert codes(plan_of(desired(*wanted), elsewhere)) == []


def test_quarantine_suspends_first_waits_and_then_deletes() -> None:
    wanted = desired(customer(), space(name="one", lifecycle=absent("closed", quarantine=30)))
    first = plan_of(wanted, live(live_plan(), live_customer(), live_space(name="one"))).changes[1]
    assert (first.action, first.reason) == (Action.UPDATE, "closed")
    assert first.fields == (FieldChange(path="status", before=Status.ACTIVE, after=Status.SUSPENDED),)
    assert first.remarks == ("suspended first; an apply 30 days later deletes it",)
    down = live(live_plan(), live_customer(), live_space(name="one", status=Status.SUSPENDED), facts={ONE: {"status_since": DOWN}})
    waits = plan_of(wanted, down).changes[1]
    assert (waits.action, waits.remarks) == (Action.NO_OP, ("in quarantine until 2026-12-01",))
    over = plan_of(wanted, down, today=date(2026, 12, 1)).changes[1]
    assert over.action is Action.DELETE


def test_a_quarantined_customer_takes_its_spaces_along() -> None:
    wanted = desired(customer(lifecycle=absent(quarantine=30)), space(name="one", lifecycle=absent(quarantine=30)))
    plan = plan_of(wanted, live(live_plan(), live_customer(), live_space(name="one")))
    assert plan.changes[0].cascade == (ONE,)
    assert plan.changes[1].action is Action.NO_OP
    assert plan.refusals == ()


def test_where_the_panel_does_not_say_since_when_it_is_a_finding() -> None:
    wanted = desired(customer(), space(name="one", lifecycle=absent(quarantine=30)))
    plan = plan_of(wanted, live(live_plan(), live_customer(), live_space(name="one", status=Status.SUSPENDED)))
    assert codes(plan) == ["RP3055"]
    assert plan.changes[1].remarks == ("in quarantine; the panel does not say since when",)


def test_a_day_needs_a_clock() -> None:
    wanted = desired(customer(lifecycle=says(ends=date(2026, 1, 1))))
    plan = plan_of(wanted, live(live_customer()), today=None)
    assert codes(plan) == ["RP3057"]
    assert plan.changes[0].action is Action.NO_OP


def test_a_plan_cant_be_in_quarantine() -> None:
    plan = plan_of(desired(hosting_plan(lifecycle=absent(quarantine=30))), live(live_plan()))
    assert codes(plan) == ["RP3056"]


def test_a_quarantine_of_what_is_gone_asks_nothing() -> None:
    plan = plan_of(desired(space(name="one", lifecycle=absent(quarantine=30))), live(live_plan()))
    assert codes(plan) == []


def test_long_lists_are_counted() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed([str(number) for number in range(23)]).endswith("19 and 3 more")

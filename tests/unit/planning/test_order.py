"""The order: parents first, deletes last and the other way round, names free before they are taken; circles are told."""

from __future__ import annotations

import pytest

from resellerplan.errors import DependencyCycle
from resellerplan.model.address import Address, Kind
from resellerplan.model.values import UNKNOWN
from resellerplan.planning.change import Action, Change
from resellerplan.planning.order import needs, order, rank
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

MUELLER, WEB_S, EXTRA = Address.customer("mueller"), Address.plan("Web S"), Address.addon("Extra")
SPACE = Address.space("mueller", "Web S")
EXTRA_LIVE = live_plan("Extra", as_addon=True, groups=addon().groups)


def test_ranks_come_from_the_table() -> None:
    assert [rank(kind) for kind in Kind] == [0, 1, 1, 2]


def test_customers_then_plans_then_spaces_whatever_the_manifests_order() -> None:
    plan = plan_of(desired(space(addons={"Extra": 1}), addon(), hosting_plan(), customer()), live())
    assert plan.waves == ((MUELLER,), (EXTRA, WEB_S), (SPACE,))
    assert [change.address for change in plan.pending] == [MUELLER, EXTRA, WEB_S, SPACE]


def test_only_what_is_referred_to_is_waited_for() -> None:
    plan = plan_of(desired(customer(), customer("b"), hosting_plan(), space()), live())
    assert needs(plan.changes)[SPACE] == (MUELLER, WEB_S)
    assert needs(plan.changes)[WEB_S] == ()


def test_deletes_come_last_spaces_before_plans_before_customers() -> None:
    gone = absent()
    wanted = desired(
        customer(lifecycle=gone), hosting_plan(lifecycle=gone), addon(lifecycle=gone), space(lifecycle=gone), customer("new")
    )
    found = live(live_customer(), live_plan(), EXTRA_LIVE, live_space(addons={"Extra": 1}))
    plan = plan_of(wanted, found)
    assert plan.waves == ((Address.customer("new"),), (SPACE,), (WEB_S, EXTRA), (MUELLER,))
    waits = needs(plan.changes)
    assert waits[MUELLER] == waits[WEB_S] == waits[EXTRA] == (SPACE,)


def test_a_plan_is_deleted_after_its_spaces_moved_off_it_and_an_addon_after_it_was_taken_off() -> None:
    wanted = desired(
        hosting_plan(lifecycle=absent()),
        addon(lifecycle=absent()),
        hosting_plan("Web M"),
        customer(),
        space(plan="Web M", addons={"Extra": 0}),
    )
    found = live(live_customer(), live_plan(), EXTRA_LIVE, live_space(addons={"Extra": 1}))
    waits = needs(plan_of(wanted, found).changes)
    assert waits[WEB_S] == waits[EXTRA] == (SPACE,)
    assert waits[SPACE] == (Address.plan("Web M"),)


def test_a_space_whose_plan_cant_be_named_holds_up_no_plan() -> None:
    change = Change(address=SPACE, action=Action.DELETE, desired=None, live=live_space(plan=UNKNOWN, addons=UNKNOWN))
    assert needs([change]) == {SPACE: ()}


def test_names_that_are_swapped_wait_for_each_other_and_every_edge_is_told() -> None:
    one = hosting_plan("A", lifecycle=says(pin=12, moved=Address.plan("B")))
    two = hosting_plan("B", lifecycle=says(pin=11, moved=Address.plan("A")))
    with pytest.raises(DependencyCycle) as caught:
        plan_of(desired(one, two, customer(), space(plan="A")), live(live_plan("A"), live_plan("B")))
    assert sorted(caught.value.edges) == [("plan.A", "plan.B"), ("plan.B", "plan.A")]
    assert "plan.A waits for plan.B" in caught.value.detail


def test_an_action_owns_its_sign() -> None:
    assert [action.symbol for action in Action] == [" ", "+", "~", "-"]


def test_nothing_to_do_has_no_waves() -> None:
    assert order(()) == ()
    assert plan_of(desired(customer()), live(live_customer())).waves == ()

"""What a plan means in numbers: capacity of the own package, income per month; what it covers and what it binds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from resellerplan.model.address import Address, Kind
from resellerplan.model.hosting_plan import Addon, HostingPlan
from resellerplan.model.space import PLAN_TERMS
from resellerplan.model.values import NULL, UNKNOWN, UNSET, Recurrence
from resellerplan.planning.capacity import CapacityRow
from resellerplan.planning.holdings import Offer
from resellerplan.planning.plan import Plan
from resellerplan.planning.revenue import monthly
from resellerplan.planning.scope import Scope
from resellerplan.planning.targets import within
from tests.support.estates import (
    OWN,
    absent,
    addon,
    customer,
    desired,
    hosting_plan,
    live,
    live_customer,
    live_plan,
    live_space,
    money,
    plan_of,
    says,
    space,
    terms,
)

DISK = replace(OWN, allocated={"OS.Diskspace": 50_000, "OS.MaximumFileSize": 3, "Web.AspNet40": 1, "OS.Domains": -1})


def extra(**fields: Any) -> HostingPlan | Addon:
    return live_plan("Extra", as_addon=True, **{"groups": addon().groups, **fields})


def disk(plan: Plan) -> tuple[int, int]:
    (row,) = [row for row in plan.capacity if row.quota == "OS.Diskspace"]
    return row.sold_before, row.sold_after


FOUND = (live_customer(), live_plan(), extra(), live_space(addons={"Extra": 1}), live_space(name="two"))
BEFORE = 2 * 5120 + 10240


@pytest.mark.parametrize(
    ("wanted", "after"),
    [
        ([hosting_plan(groups=terms(OS={"Diskspace": 6000}))], 2 * 6000 + 10240),
        ([addon(groups=terms(OS={"Diskspace": 1}))], 2 * 5120 + 1),
        ([space(name="three")], 3 * 5120 + 10240),
        ([space(addons={"Extra": 3})], 2 * 5120 + 3 * 10240),
        ([space(addons={"Extra": 0})], 2 * 5120),
        ([space(lifecycle=absent())], 5120),
        ([space(overrides=terms(OS={"Diskspace": 1}))], 1 + 10240 + 5120),
        ([space(plan="Web M"), hosting_plan("Web M", groups=terms(OS={"Diskspace": 7}))], 7 + 10240 + 5120),
        ([hosting_plan("Web L", lifecycle=says(moved=Address.plan("Web S")), groups=terms(OS={"Diskspace": 1}))], 2 + 10240),
        ([addon("More", lifecycle=says(moved=Address.addon("Extra")), groups=terms(OS={"Diskspace": 2}))], 2 * 5120 + 2),
    ],
)
def test_what_is_sold_is_summed_over_all_spaces_before_and_after(wanted: list[Any], after: int) -> None:
    plan = plan_of(desired(customer(), *wanted), live(*FOUND, own=DISK), dangerous=frozenset({"reduce-plan"}))
    assert disk(plan) == (BEFORE, after)


def test_a_space_goes_back_to_its_plan() -> None:
    found = live(live_customer(), live_plan(), live_space(overrides=terms(OS={"Diskspace": 9})), own=DISK)
    assert disk(plan_of(desired(customer(), space(overrides=PLAN_TERMS)), found)) == (9, 5120)


def test_what_was_not_read_is_not_in_the_sums() -> None:
    found = live(
        live_customer(),
        live_plan(groups=UNKNOWN),
        live_plan("Web M"),
        live_space(overrides=UNKNOWN, addons=UNKNOWN),
        live_space(name="nameless", plan=UNKNOWN),
        facts={Address.space("mueller", "Web S"): {"own_terms": True}},
        own=DISK,
    )
    own = space(overrides=terms(OS={"Diskspace": 4}), name="three")
    wanted = desired(customer(), space(name="two", plan="Web M"), own)
    plan = plan_of(wanted, found)
    assert disk(plan) == (0, 5120)
    assert {row.unread for row in plan.capacity} == {3}


def test_spaces_without_a_limit_are_counted_apart() -> None:
    wanted = desired(customer(), hosting_plan(groups=terms(OS={"Diskspace": -1})))
    plan = plan_of(wanted, live(*FOUND, own=DISK))
    (row,) = plan.capacity
    assert row == CapacityRow(quota="OS.Diskspace", allocated=50_000, sold_before=BEFORE, sold_after=10240, unlimited=2)
    assert row.oversold == 10240 - 50_000


def test_only_quotas_that_are_counted_together_and_limited_have_a_row() -> None:
    rich = terms(OS={"Diskspace": 5120, "MaximumFileSize": 9, "Domains": 9}, Web={"AspNet40": 1})
    plan = plan_of(desired(customer(), hosting_plan(groups=rich), space(name="three")), live(*FOUND, own=DISK))
    assert [row.quota for row in plan.capacity] in (["OS.Diskspace"], ["OS.Diskspace", "OS.MaximumFileSize"])
    assert plan_of(desired(customer("new")), live(*FOUND, own=None)).capacity == ()
    assert plan_of(desired(customer("new")), live(*FOUND, own=DISK)).capacity == ()


def test_income_is_per_month_over_all_spaces_and_only_with_a_currency() -> None:
    priced = live_plan(recurring=money("12"), every=Recurrence(12))
    found = live(live_customer(), priced, extra(recurring=money("2")), live_space(addons={"Extra": 2}), live_space(name="two"))
    dearer = hosting_plan(recurring=money("24"))
    plan = plan_of(desired(dearer, currency="EUR"), found)
    assert (str(plan.revenue_delta), plan.currency) == ("2.00", "EUR")
    assert plan_of(desired(dearer), found).revenue_delta is None
    nameless = live(live_customer(), priced, live_space(plan=UNKNOWN), own=DISK)
    assert str(plan_of(desired(dearer, currency="EUR"), nameless).revenue_delta) == "0.00"
    fewer = plan_of(desired(customer(), space(lifecycle=absent()), currency="EUR"), found)
    assert str(fewer.revenue_delta) == "-5.00"


@pytest.mark.parametrize(
    ("recurring", "every", "per_month"),
    [
        (money("12"), Recurrence(12), Decimal(1)),
        (money("12"), UNSET, Decimal(12)),
        (money("12"), NULL, Decimal(12)),
        (money("12"), Recurrence(1, 3), None),
        (money("12"), Recurrence(0), None),
        (UNKNOWN, Recurrence(1), None),
    ],
)
def test_a_price_is_told_per_month_where_it_can_be(recurring: Any, every: Any, per_month: Decimal | None) -> None:
    assert monthly(Offer(terms=None, recurring=recurring, every=every)) == per_month


def test_targets_pull_in_what_they_need_and_excludes_drop_what_needs_them() -> None:
    wanted = desired(customer("a"), customer("b"), hosting_plan(), space("a"), space("b"))
    space_a = Address.space("a", "Web S")
    targets = within(wanted, Scope(targets=frozenset({space_a, Address.customer("nobody")})))
    assert set(targets or ()) == {space_a, Address.customer("a"), Address.plan("Web S")}
    left = within(wanted, Scope(excludes=frozenset({Address.customer("a")})))
    assert set(left or ()) == {Address.customer("b"), Address.plan("Web S"), Address.space("b", "Web S")}
    both = within(wanted, Scope(targets=frozenset({space_a, Address.space("b", "Web S")})))
    assert len(both or ()) == 5
    assert within(wanted, Scope()) is None
    assert not Scope(targets=frozenset({space_a})).everything


def test_a_plan_binds_what_it_touches_and_refers_to() -> None:
    wanted = desired(customer(), customer("new"), hosting_plan(), space(comments="x"))
    plan = plan_of(wanted, live(*FOUND))
    assert dict(plan.bindings) == {
        Address.space("mueller", "Web S"): 14,
        Address.customer("mueller"): 11,
        Address.plan("Web S"): 12,
    }
    assert [address for address in plan.unmanaged if address.kind is Kind.SPACE] == [Address.space("mueller", "two")]
    assert plan.reseller == "brightweb"
    assert (plan.counts.add, plan.counts.change, plan.counts.same, plan.counts.anything) == (1, 1, 2, True)

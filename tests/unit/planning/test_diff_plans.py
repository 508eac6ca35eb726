"""What differs in a hosting plan or add-on: exact terms, prices, renames."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from resellerplan.model.address import Address
from resellerplan.model.hosting_plan import GroupTerms, Unlisted
from resellerplan.model.values import NULL, UNKNOWN, UNSET, Recurrence
from resellerplan.planning.change import Action, FieldChange
from resellerplan.planning.terms import lowers, terms_if_known, wanted_overrides, wanted_terms
from tests.support.estates import (
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


def paths(fields: tuple[FieldChange, ...]) -> dict[str, tuple[object, object]]:
    return {one.path: (one.before, one.after) for one in fields}


def test_what_is_not_listed_is_off() -> None:
    wanted = hosting_plan(groups=terms(OS={"Diskspace": 5120}, DNS=None))
    (change,) = plan_of(desired(wanted), live(live_plan())).changes
    assert paths(change.fields) == {
        "groups.OS.Domains": (3, 0),
        "groups.Web": (True, False),
        "groups.Web.Sites": (1, 0),
    }


@pytest.mark.parametrize("where", ["plan", "group"])
def test_unlisted_keep_leaves_what_is_not_listed(where: str) -> None:
    if where == "plan":
        wanted = hosting_plan(groups=terms(OS={"Diskspace": 1}, DNS=None), unlisted=Unlisted.KEEP)
        expected = {"groups.OS.Diskspace": (5120, 1)}
    else:
        groups = {"OS": GroupTerms(quotas={"OS.Diskspace": 1}, unlisted=Unlisted.KEEP), "DNS": GroupTerms()}
        wanted = hosting_plan(groups=groups)
        expected = {"groups.OS.Diskspace": (5120, 1), "groups.Web": (True, False), "groups.Web.Sites": (1, 0)}
    (change,) = plan_of(desired(wanted), live(live_plan())).changes
    assert paths(change.fields) == expected


def test_os_and_dns_are_in_every_plan_and_not_in_every_addon() -> None:
    assert list(wanted_terms(hosting_plan(groups=terms(Web={"Sites": 1})), None)) == ["OS", "DNS", "Web"]
    assert list(wanted_terms(addon(groups=terms(Web={"Sites": 1})), None)) == ["Web"]
    assert list(wanted_terms(hosting_plan(groups=UNSET), None)) == ["OS", "DNS"]


def test_groups_that_are_not_declared_at_all_are_unmanaged() -> None:
    (change,) = plan_of(desired(hosting_plan(groups=UNSET)), live(live_plan())).changes
    assert change.action is Action.NO_OP
    assert wanted_terms(hosting_plan(groups=UNSET), terms(OS={"Diskspace": 7})) == {
        "OS": GroupTerms(quotas={"OS.Diskspace": 7}),
        "DNS": GroupTerms(),
    }


def test_groups_that_were_not_read_are_not_compared() -> None:
    (change,) = plan_of(desired(hosting_plan()), live(live_plan(groups=UNKNOWN))).changes
    assert change.action is Action.NO_OP
    assert [one.path for one in change.suppressed] == ["groups"]


def test_a_stored_zero_and_a_missing_row_are_the_same() -> None:
    wanted = hosting_plan(groups=terms(OS={"Diskspace": 5120, "Domains": 3, "SubDomains": 0}, Web={"Sites": 1}, DNS=None))
    (change,) = plan_of(desired(wanted), live(live_plan())).changes
    assert change.action is Action.NO_OP


def test_a_plan_without_anything_on_the_panel_gets_everything() -> None:
    (change,) = plan_of(desired(hosting_plan(groups=terms(OS={"Diskspace": 5}))), live(live_plan(groups=NULL))).changes
    assert paths(change.fields) == {
        "groups.OS": (False, True),
        "groups.OS.Diskspace": (0, 5),
        "groups.DNS": (False, True),
    }


def test_what_counts_towards_the_plan_is_compared_only_where_declared() -> None:
    held = {"OS": GroupTerms(quotas={"OS.Diskspace": 5}, count_diskspace=True), "DNS": GroupTerms()}
    wanted = {"OS": GroupTerms(quotas={"OS.Diskspace": 5}, count_diskspace=False, count_bandwidth=True), "DNS": GroupTerms()}
    (change,) = plan_of(desired(hosting_plan(groups=wanted)), live(live_plan(groups=held))).changes
    assert paths(change.fields) == {"count_diskspace.OS": (True, False), "count_bandwidth.OS": (UNSET, True)}
    (same,) = plan_of(desired(hosting_plan(groups=terms(OS={"Diskspace": 5}))), live(live_plan(groups=held))).changes
    assert same.action is Action.NO_OP
    (new,) = plan_of(desired(hosting_plan(groups=wanted)), live()).changes
    assert paths(new.fields)["count_bandwidth.OS"] == (UNSET, True)


def test_prices_are_decimals_and_a_free_plan_is_an_empty_price() -> None:
    found = live(live_plan(recurring=money("4.9000"), setup=money("0"), every=Recurrence(1)))
    (same,) = plan_of(desired(hosting_plan(recurring=money("4.9"), setup=NULL, every=Recurrence(1))), found).changes
    assert same.action is Action.NO_OP
    (change,) = plan_of(desired(hosting_plan(recurring=money("5.9"), every=Recurrence(12))), found).changes
    assert paths(change.fields) == {"recurring": (money("4.9"), money("5.9")), "every": (Recurrence(1), Recurrence(12))}


def test_a_plan_and_an_addon_may_share_a_name() -> None:
    plan = plan_of(desired(hosting_plan("Both"), addon("Both")), live(live_plan("Both"), live_plan("Both", as_addon=True)))
    assert len(plan.changes) == 2
    assert plan.unmanaged == ()


def test_a_rename_is_said_and_its_spaces_go_with_it() -> None:
    wanted = desired(hosting_plan("Web M", lifecycle=says(moved=Address.plan("Web S"))), customer(), space(plan="Web M"))
    plan = plan_of(wanted, live(live_customer(), live_plan("Web S"), live_space()))
    renamed, _, moved = plan.changes
    assert paths(renamed.fields) == {"name": ("Web S", "Web M")}
    assert renamed.previous == Address.plan("Web S")
    assert moved.action is Action.NO_OP
    assert plan.unmanaged == ()


def test_a_rename_of_an_addon_takes_the_quantities_along() -> None:
    wanted = desired(addon("New", lifecycle=says(moved=Address.addon("Old"))), customer(), space(addons={"New": 2}))
    extra = live_plan("Old", as_addon=True, groups=addon().groups)
    plan = plan_of(wanted, live(live_customer(), live_plan(), extra, live_space(addons={"Old": 2})))
    assert [change.action for change in plan.changes] == [Action.UPDATE, Action.NO_OP, Action.NO_OP]


def test_an_update_says_what_it_touches_and_what_stays() -> None:
    found = live(
        live_customer("a"),
        live_customer("b"),
        live_plan(),
        live_space("a", "one"),
        live_space("a", "two"),
        live_space("b", "three", overrides=terms(OS={"Diskspace": 9})),
    )
    (change,) = plan_of(desired(hosting_plan(groups=terms(OS={"Diskspace": 9999, "Domains": 3}, Web={"Sites": 1}))), found).changes
    assert change.remarks[0] == "touches 2 spaces of 1 customer at once; 1 space with own terms stays"
    assert change.remarks[1] == "an update also drops quotas that the panel never shows and no manifest holds"


def test_a_new_price_says_who_has_the_plan_and_that_quotas_stay() -> None:
    spaces = [live_space("a", "one"), live_space("a", "two"), live_space("b", "three", overrides=terms(OS={"Diskspace": 9}))]
    found = live(live_customer("a"), live_customer("b"), live_plan(), *spaces)
    (change,) = plan_of(desired(hosting_plan(recurring=money("5.9"))), found).changes
    assert change.remarks[0] == "3 spaces of 2 customers have this plan; their quotas stay as they are"
    alone = live(live_customer("a"), live_plan(), live_space("a", "one"))
    (change,) = plan_of(desired(hosting_plan(recurring=money("5.9"))), alone).changes
    assert change.remarks[0] == "1 space of 1 customer has this plan; its quotas stay as they are"


def test_a_new_plan_that_takes_the_spaces_of_one_that_nobody_names_any_more_asks_for_a_rename() -> None:
    found = live(live_customer(), live_plan("Web S"), live_plan("Web L"), live_space())
    renamed = desired(hosting_plan("Web M"), customer(), space(plan="Web M"))
    said = plan_of(renamed, found).changes[0].remarks
    assert said[-1] == (
        '1 space comes to it from plan["Web S"], which no manifest names any more:'
        " if it is that plan under a new name, say `moved_from: Web S` here"
    )
    both = desired(hosting_plan("Web M"), hosting_plan("Web S"), customer(), space(plan="Web M"))
    assert not any("moved_from" in remark for remark in plan_of(both, found).changes[0].remarks)


def test_an_update_names_the_hidden_quotas_it_drops() -> None:
    facts = {Address.plan("Web S"): {"hidden_quotas": ("OS.DomainPointers", "Mail.AllowAccessControls")}}
    (change,) = plan_of(desired(hosting_plan(description="x")), live(live_plan(), facts=facts)).changes
    assert change.remarks == (
        "no space has this plan yet",
        "can be undone, but for 2 quotas that the panel never shows and any update drops"
        " (OS.DomainPointers, Mail.AllowAccessControls)",
    )
    (quota,) = plan_of(
        desired(hosting_plan(groups=terms(OS={"Diskspace": 6000, "Domains": 3}, Web={"Sites": 1}))), live(live_plan())
    ).changes
    assert quota.remarks[0] == "no space has this plan yet"


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        (5, 4, True),
        (5, 6, False),
        (5, 5, False),
        (-1, 5, True),
        (5, -1, False),
        (True, False, True),
        (False, True, False),
        (UNSET, 5, False),
        (5, NULL, False),
    ],
)
def test_lowering_knows_that_unlimited_is_more_than_anything(before: object, after: object, answer: bool) -> None:
    assert lowers(FieldChange(path="groups.OS.Diskspace", before=before, after=after)) is answer


def test_own_terms_are_filled_with_the_plans_values() -> None:
    full = wanted_overrides(terms(OS={"Diskspace": 9}), terms(OS={"Diskspace": 5, "Domains": 1}, Web={"Sites": 2}))
    assert {name: dict(group.quotas) for name, group in full.items()} == {
        "OS": {"OS.Diskspace": 9, "OS.Domains": 1},
        "Web": {"Web.Sites": 2},
    }
    assert isinstance(full, MappingProxyType)
    assert terms_if_known(UNKNOWN) is None

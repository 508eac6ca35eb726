"""What differs in a space: plan, domains, add-ons, own terms, owner; and what waits."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from resellerplan.model.address import Address
from resellerplan.model.resource import Resource
from resellerplan.model.space import PLAN_TERMS, Domain, Resources, Space
from resellerplan.model.values import NULL, UNKNOWN, UNSET, Status
from resellerplan.planning.change import Action, Change, FieldChange
from resellerplan.planning.scope import Scope
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
    says,
    space,
    terms,
)

SPACE = Address.space("mueller", "Web S")
HERE = (live_customer(), live_plan())
WANTED = (customer(), hosting_plan())


def change_of(wanted: Resource, *found: Resource, **policy: Any) -> Change:
    plan = plan_of(desired(*WANTED, wanted), live(*HERE, *found), **policy)
    return next(change for change in plan.changes if change.address.kind == "space")


def fields_of(wanted: Resource, *found: Resource) -> dict[str, tuple[object, object]]:
    change = change_of(wanted, *found)
    return {one.path: (one.before, one.after) for one in change.fields}


def test_a_creation_holds_plan_domains_resources_addons_and_terms() -> None:
    wanted = space(
        domains=domains("a.example", "b.example"),
        resources=Resources(ftp=True),
        addons={"Extra": 2, "Old": 0},
        overrides=terms(OS={"Diskspace": 9}),
        comments="hi",
    )
    assert fields_of(wanted) == {
        "plan": (UNSET, "Web S"),
        "comments": (UNSET, "hi"),
        "resources": (UNSET, Resources(ftp=True)),
        "domains.a.example": (UNSET, Domain(name="a.example")),
        "domains.b.example": (UNSET, Domain(name="b.example")),
        "addons.Extra": (UNSET, 2),
        "overrides.OS": (UNSET, True),
        "overrides.OS.Diskspace": (UNSET, 9),
    }


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (space(), ("no space summary is sent; no domain, so no resources are created",)),
        (
            space(domains=domains("a.example"), summary_letter=True),
            (
                "the space summary is sent once, after the space is verified; the domain and its resources are"
                " created with the space",
            ),
        ),
        (
            space(domains=domains("a.example", "b.example")),
            (
                "no space summary is sent; the domain and its resources are created with the space",
                "1 further domain added after it",
            ),
        ),
    ],
)
def test_a_creation_says_what_is_not_done(wanted: Space, said: tuple[str, ...]) -> None:
    assert change_of(wanted).remarks == said


def test_domains_are_compared_by_presence_without_case_and_never_removed() -> None:
    held = live_space(domains=domains("A.example", "other.example"))
    assert fields_of(space(domains=domains("a.example")), held) == {}
    assert fields_of(space(domains=domains("a.example", "new.example")), held) == {
        "domains.new.example": (NULL, Domain(name="new.example"))
    }
    assert fields_of(space(domains=()), held) == {}
    assert fields_of(space(domains=domains("a.example")), live_space(domains=NULL)) == {
        "domains.a.example": (NULL, Domain(name="a.example"))
    }


def test_addons_are_sums_and_what_is_not_listed_is_unmanaged() -> None:
    held = live_space(addons={"Extra": 3, "Other": 1})
    assert fields_of(space(addons={"Extra": 3}), held) == {}
    assert fields_of(space(addons={"Extra": 0}), held) == {"addons.Extra": (3, 0)}
    assert fields_of(space(addons={"New": 1}), held) == {"addons.New": (0, 1)}
    assert fields_of(space(addons={"New": 1}), live_space(addons=NULL)) == {"addons.New": (0, 1)}
    assert fields_of(space(addons={}), held) == {}


def test_own_terms_are_compared_as_far_as_they_are_declared() -> None:
    held = live_space(overrides=terms(OS={"Diskspace": 9, "Domains": 3}))
    assert fields_of(space(overrides=terms(OS={"Diskspace": 9})), held) == {}
    assert fields_of(space(overrides=terms(OS={"Diskspace": 8})), held) == {"overrides.OS.Diskspace": (9, 8)}
    assert fields_of(space(overrides=terms(Web={"Sites": 2})), held) == {
        "overrides.Web": (False, True),
        "overrides.Web.Sites": (PLAN_TERMS, 2),
    }
    assert fields_of(space(), held) == {}


def test_a_space_gets_own_terms_and_goes_back_to_its_plan() -> None:
    assert fields_of(space(overrides=terms(OS={"Diskspace": 9})), live_space()) == {
        "overrides.OS": (PLAN_TERMS, True),
        "overrides.OS.Diskspace": (PLAN_TERMS, 9),
    }
    own = terms(OS={"Diskspace": 9})
    assert fields_of(space(overrides=PLAN_TERMS), live_space(overrides=own)) == {"overrides": (own, PLAN_TERMS)}
    assert fields_of(space(overrides=PLAN_TERMS), live_space()) == {}
    change = change_of(space(overrides=own), live_space())
    assert "groups and quotas not listed in overrides follow the plan's values of the moment of writing" in change.remarks


@pytest.mark.parametrize("field", ["domains", "addons", "overrides"])
def test_what_was_not_read_is_not_compared(field: str) -> None:
    said: dict[str, Any] = {"domains": domains("a.example"), "addons": {"Extra": 1}, "overrides": PLAN_TERMS}
    unread: dict[str, Any] = {field: UNKNOWN}
    change = change_of(space(**{field: said[field]}), live_space(**unread))
    assert (change.action, [one.path for one in change.suppressed]) == (Action.NO_OP, [field])


def test_a_move_to_another_plan_keeps_own_terms_and_says_so() -> None:
    wanted = desired(*WANTED, hosting_plan("Web M"), space(plan="Web M"))
    found = live(*HERE, live_plan("Web M"), live_space(overrides=terms(OS={"Diskspace": 9})))
    change = plan_of(wanted, found).changes[-1]
    assert change.fields == (FieldChange(path="plan", before="Web S", after="Web M"),)
    assert change.remarks == ("its own terms stay as they are (say `overrides: none` to return it to the plan)",)


def test_a_space_on_a_plan_that_cant_be_named_is_moved_to_the_declared_one() -> None:
    assert fields_of(space(), live_space(plan=UNKNOWN)) == {"plan": (UNKNOWN, "Web S")}
    assert fields_of(space(plan=UNSET), live_space(plan=UNKNOWN)) == {}


def test_no_more_spaces_move_than_the_limit_says() -> None:
    wanted = desired(customer(), hosting_plan("Web M"), space(name="one", plan="Web M"), space(name="two", plan="Web M"))
    found = live(*HERE, live_plan("Web M"), live_space(name="one"), live_space(name="two"))
    plan = plan_of(wanted, found, Scope(limit_moves=1))
    assert [change.action for change in plan.changes][-2:] == [Action.UPDATE, Action.NO_OP]
    assert "--limit" in plan.changes[-1].suppressed[0].reason
    assert [finding.code for finding in plan.findings] == ["RP3029"]


def test_a_space_changes_hands_and_name_in_place() -> None:
    moved = space("schmidt", "Shop", lifecycle=says(moved=SPACE))
    plan = plan_of(desired(*WANTED, customer("schmidt"), moved), live(*HERE, live_space()))
    change = plan.changes[-1]
    assert {one.path: (one.before, one.after) for one in change.fields} == {
        "name": ("Web S", "Shop"),
        "customer": ("mueller", "schmidt"),
    }
    assert change.previous == SPACE
    assert plan.refusals == ()


def test_added_domains_are_announced() -> None:
    change = change_of(space(domains=domains("a.example")), live_space())
    assert change.remarks == ("domains are added; an edit never moves or deletes one",)


def test_a_delete_of_a_space_says_what_goes_with_it() -> None:
    change = change_of(space(lifecycle=absent("closed")), live_space(domains=domains("a.example")))
    assert change.action is Action.DELETE
    assert "domains (a.example); this can't be undone" in change.remarks[0]
    bare = change_of(space(lifecycle=absent("closed")), live_space(domains=UNKNOWN))
    assert "domains; this" in bare.remarks[0]


def test_nothing_is_created_before_its_day_or_before_its_customers() -> None:
    later = says(from_=date(2027, 1, 1))
    plan = plan_of(desired(customer(lifecycle=later), hosting_plan(), space()), live(live_plan()))
    assert [change.action for change in plan.changes] == [Action.NO_OP] * 3
    assert plan.changes[0].remarks == ("not created before 2027-01-01 (`from`)",)
    assert plan.changes[2].remarks == ("waits for customer.mueller, which is not created before 2027-01-01 (`from`)",)
    due = plan_of(desired(customer(lifecycle=later), hosting_plan(), space()), live(live_plan()), today=date(2027, 1, 1))
    assert [change.action for change in due.changes] == [Action.CREATE, Action.NO_OP, Action.CREATE]


def test_what_is_there_already_is_compared_whatever_its_first_day() -> None:
    wanted = space(comments="x", lifecycle=says(from_=date(2027, 1, 1)))
    assert fields_of(wanted, live_space()) == {"comments": (NULL, "x")}


def test_ends_suspends_from_that_day_on_and_wins_over_active() -> None:
    wanted = space(status=Status.ACTIVE, lifecycle=says(ends=date(2026, 11, 24)))
    change = change_of(wanted, live_space())
    assert change.fields == (FieldChange(path="status", before=Status.ACTIVE, after=Status.SUSPENDED),)
    assert change.remarks == ("`ends: 2026-11-24` has come",)
    day_before = change_of(wanted, live_space(), today=date(2026, 11, 23))
    assert day_before.action is Action.NO_OP
    cancelled = space(status=Status.CANCELLED, lifecycle=says(ends=date(2026, 11, 24)))
    assert fields_of(cancelled, live_space(status=Status.CANCELLED)) == {}


def test_a_part_of_a_field_can_be_left_to_another_system() -> None:
    wanted = space(addons={"Extra": 1, "New": 1}, lifecycle=says(ignore={"addons.Extra": "sold by WHMCS"}))
    change = change_of(wanted, live_space(addons={"Extra": 5}))
    assert [one.path for one in change.fields] == ["addons.New"]
    assert [one.reason for one in change.suppressed] == ["sold by WHMCS"]


def test_a_field_is_left_alone_by_the_manifests_word_for_it_too() -> None:
    wanted = hosting_plan(
        groups=terms(OS={"Diskspace": 1, "Domains": 3}, Web={"Sites": 1}), lifecycle=says(ignore={"OS.Diskspace": "x"})
    )
    (change,) = plan_of(desired(wanted), live(live_plan())).changes
    assert change.action is Action.NO_OP
    extra = addon(lifecycle=says(ignore={"groups": "y"}), groups=terms(OS={"Diskspace": 1}))
    (left,) = plan_of(desired(extra), live(live_plan("Extra", as_addon=True))).changes
    assert left.action is Action.NO_OP

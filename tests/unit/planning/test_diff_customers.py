"""What differs in a customer: three states, initial values, what is left alone, tombstones."""

from __future__ import annotations

from typing import Any

import pytest

from resellerplan.model.address import Address
from resellerplan.model.customer import FromEnv
from resellerplan.model.values import NULL, UNKNOWN, UNSET, Status
from resellerplan.planning.change import Action, FieldChange
from resellerplan.planning.diff import NOT_READ
from resellerplan.planning.scope import Scope
from tests.support.estates import absent, customer, desired, live, live_customer, plan_of, says

MUELLER = Address.customer("mueller")


def test_what_is_not_there_is_created_with_everything_that_is_declared() -> None:
    (change,) = plan_of(desired(customer(first_name="Petra", company=NULL)), live()).changes
    assert change.action is Action.CREATE
    assert change.live is None
    assert change.fields == (
        FieldChange(path="first_name", before=UNSET, after="Petra"),
        FieldChange(path="company", before=UNSET, after=NULL),
        FieldChange(path="password", before=UNSET, after=FromEnv("MUELLER_PASSWORD")),
    )
    assert change.remarks == ("no account summary is sent (summary_letter: false)",)
    assert str(change.place) == "plan.yaml:1:3"


def test_initial_values_are_used_on_creation_and_never_compared() -> None:
    wanted = customer(company="ACME", lifecycle=says(initial={"primary_phone": "+49 351 0", "company": "Old"}))
    (created,) = plan_of(desired(wanted), live()).changes
    assert {one.path: one.after for one in created.fields if one.path != "password"} == {
        "primary_phone": "+49 351 0",
        "company": "ACME",
    }
    (kept,) = plan_of(desired(wanted), live(live_customer(company="ACME", primary_phone="other"))).changes
    assert kept.action is Action.NO_OP


def test_a_wished_letter_is_announced() -> None:
    (change,) = plan_of(desired(customer(summary_letter=True)), live()).changes
    assert change.remarks == ("the account summary is sent once, after the customer is verified",)


@pytest.mark.parametrize(
    ("wanted", "held", "differs"),
    [
        ({}, {"email": "a@b.example"}, False),
        ({"email": NULL}, {"email": "a@b.example"}, True),
        ({"email": NULL}, {"email": NULL}, False),
        ({"email": ""}, {"email": NULL}, False),
        ({"email": ""}, {"email": "x@y.example"}, True),
        ({"html_mail": NULL}, {"html_mail": False}, False),
        ({"html_mail": False}, {"html_mail": NULL}, False),
        ({"html_mail": True}, {"html_mail": NULL}, True),
        ({"city": "Dresden"}, {"city": "dresden"}, True),
    ],
)
def test_omitted_null_and_empty_are_three_things(wanted: dict[str, Any], held: dict[str, Any], differs: bool) -> None:
    (change,) = plan_of(desired(customer(**wanted)), live(live_customer(**held))).changes
    assert change.action is (Action.UPDATE if differs else Action.NO_OP)


def test_an_update_names_fields_id_fingerprint_and_what_it_destroys() -> None:
    (change,) = plan_of(desired(customer(city="Dresden", password=None)), live(live_customer(city="Leipzig"))).changes
    assert change.fields == (FieldChange(path="city", before="Leipzig", after="Dresden"),)
    assert change.of("city") is change.fields[0]
    assert change.of("zip") is None
    assert (change.panel_id, change.fingerprint) == (11, "fp-11")
    assert change.remarks[0] == "an update also drops the customer's VLAN list, which no manifest holds"


def test_an_empty_text_is_written_as_the_panels_empty_value() -> None:
    (change,) = plan_of(desired(customer(city="")), live(live_customer(city="Leipzig"))).changes
    assert change.fields == (FieldChange(path="city", before="Leipzig", after=NULL),)


def test_the_spelling_of_the_manifest_is_shown_and_case_makes_no_second_customer() -> None:
    plan = plan_of(desired(customer("Mueller")), live(live_customer("mueller")))
    assert [change.action for change in plan.changes] == [Action.NO_OP]
    assert str(plan.changes[0].address) == "customer.Mueller"
    assert plan.unmanaged == ()


def test_what_another_system_owns_is_reported_with_the_reason_and_not_written() -> None:
    wanted = customer(status=Status.ACTIVE, city="Dresden", lifecycle=says(ignore={"status": "owned by WHMCS"}))
    (change,) = plan_of(desired(wanted), live(live_customer(status=Status.SUSPENDED, city="Leipzig"))).changes
    assert [one.path for one in change.fields] == ["city"]
    (kept,) = change.suppressed
    assert (kept.path, kept.before, kept.after, kept.reason) == ("status", Status.SUSPENDED, Status.ACTIVE, "owned by WHMCS")


def test_ignored_fields_are_used_on_creation() -> None:
    wanted = customer(status=Status.SUSPENDED, lifecycle=says(ignore={"status": "owned by WHMCS"}))
    (change,) = plan_of(desired(wanted), live()).changes
    assert change.of("status") == FieldChange(path="status", before=UNSET, after=Status.SUSPENDED)


def test_a_field_that_could_not_be_read_is_not_compared_and_that_is_said() -> None:
    plan = plan_of(desired(customer(city="Dresden")), live(live_customer(city=UNKNOWN)))
    (change,) = plan.changes
    assert change.action is Action.NO_OP
    assert [one.reason for one in change.suppressed] == [NOT_READ]
    assert [finding.code for finding in plan.findings] == ["RP3066"]


def test_removing_a_line_deletes_nothing_and_is_counted_as_unmanaged() -> None:
    plan = plan_of(desired(), live(live_customer("mueller"), live_customer("schmidt")))
    assert plan.changes == ()
    assert plan.unmanaged == (MUELLER, Address.customer("schmidt"))


def test_a_tombstone_deletes_with_its_reason() -> None:
    (change,) = plan_of(desired(customer(lifecycle=absent("moved away"))), live(live_customer())).changes
    assert (change.action, change.reason, change.desired) == (Action.DELETE, "moved away", None)
    assert "can't be undone" in change.remarks[0]


def test_a_tombstone_of_what_is_gone_does_nothing() -> None:
    plan = plan_of(desired(customer(lifecycle=absent())), live())
    assert not plan.counts.anything
    assert plan.changes[0].remarks == ("gone already",)


def test_what_exists_elsewhere_and_is_only_referred_to_gets_no_change() -> None:
    plan = plan_of(desired(customer(lifecycle=says(existing=True))), live(live_customer()))
    assert plan.changes == ()
    assert plan.unmanaged == ()


def test_a_target_takes_in_only_itself_and_what_it_needs() -> None:
    wanted = desired(customer("a"), customer("b"))
    plan = plan_of(wanted, live(), Scope(targets=frozenset({Address.customer("a")})))
    assert [str(change.address) for change in plan.changes] == ["customer.a"]

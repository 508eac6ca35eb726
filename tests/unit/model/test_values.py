"""Values: the states of a field, secrets, money, recurrences; and personal data."""

from __future__ import annotations

import copy
import pickle

import pytest

from resellerplan.model.address import Address, Kind
from resellerplan.model.personal import is_personal, mask, mask_emails
from resellerplan.model.resource import references
from resellerplan.model.traits import trait_of
from resellerplan.model.values import NULL, UNKNOWN, UNSET, Money, Recurrence, Secret, is_value
from tests.support.estates import addon, customer, desired, hosting_plan, space


def test_a_secret_shows_itself_to_nobody() -> None:
    secret = Secret("hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {secret!s} {secret:>20}"
    assert secret.reveal() == "hunter2"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        copy.copy(secret)
    with pytest.raises(TypeError):
        hash(secret)
    assert (secret == Secret("hunter2")) is False


def test_money_has_four_places_and_is_rounded_half_up() -> None:
    assert Money.of("4.9") == Money.of("4.9000000000000000000000000000")
    assert Money.of("0.00005") == Money.of("0.0001")
    assert [str(Money.of(text)) for text in ("4.9", "4", "4.125", "0.0001")] == ["4.90", "4.00", "4.125", "0.0001"]


def test_a_recurrence_is_in_months_or_shown_raw() -> None:
    assert [str(Recurrence(1)), str(Recurrence(3)), str(Recurrence(2, 3))] == ["1 month", "3 months", "2 x unit 3 of the panel"]


def test_unset_and_unknown_are_no_values_and_null_is_one() -> None:
    assert [is_value(one) for one in (UNSET, UNKNOWN, NULL, "", 0)] == [False, False, True, True, True]
    assert [repr(one) for one in (UNSET, UNKNOWN, NULL)] == ["UNSET", "UNKNOWN", "NULL"]


def test_a_space_refers_to_its_customer_its_plan_and_the_addons_it_has() -> None:
    named = space(addons={"Extra": 2, "Old": 0})
    assert references(named) == (Address.customer("mueller"), Address.plan("Web S"), Address.addon("Extra"))
    assert references(customer()) == references(hosting_plan()) == references(addon()) == ()
    assert references(space(plan=UNSET)) == (Address.customer("mueller"),)


def test_personal_fields_are_masked_and_user_names_are_not() -> None:
    assert is_personal(Kind.CUSTOMER, "email")
    assert not is_personal(Kind.CUSTOMER, "username")
    assert not is_personal(Kind.PLAN, "description")
    assert mask("petra@mueller.example") == "p…@mueller.example"
    assert [mask("Petra"), mask("")] == ["P…", ""]
    assert mask_emails("to petra@mueller.example, please") == "to p…@mueller.example, please"


def test_an_estate_finds_places_by_field_and_else_by_object() -> None:
    estate = desired(customer(), space())
    assert len(estate) == 2
    assert Address.customer("MUELLER") in estate
    assert list(estate) == [Address.customer("mueller"), Address.space("mueller", "Web S")]
    assert str(estate.place(Address.customer("mueller"), "email")) == "plan.yaml:1:3"
    assert estate.place(Address.customer("nobody")) is None
    assert [address.name for address, _ in estate.of_kind(Kind.SPACE)] == ["Web S"]


def test_a_field_has_a_trait_or_is_an_error() -> None:
    assert trait_of(Kind.CUSTOMER, "password").on_create_only
    with pytest.raises(KeyError):
        trait_of(Kind.CUSTOMER, "quota")

"""Objects that are made through drafts are those that a call of their class makes."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass

import pytest

from resellerplan.model.address import Address
from resellerplan.model.customer import Customer
from resellerplan.model.drafts import maker
from resellerplan.model.lifecycle import Lifecycle
from resellerplan.model.space import Space


def test_a_drafted_object_is_the_one_its_class_makes() -> None:
    customer = maker(Customer)(username="mueller", email="m@mueller.example")
    assert type(customer) is Customer
    assert customer == Customer(username="mueller", email="m@mueller.example")
    assert repr(customer) == repr(Customer(username="mueller", email="m@mueller.example"))
    assert customer.self_address == Address.customer("mueller")
    assert maker(Space)(customer="mueller", name="Web S") == Space(customer="mueller", name="Web S")


def test_a_drafted_object_is_frozen() -> None:
    customer = maker(Customer)(username="mueller")
    with pytest.raises(FrozenInstanceError):
        customer.username = "schmidt"  # type: ignore[misc]  # what is tried
    assert not hasattr(customer, "__dict__")


def test_defaults_that_are_made_anew_are_made_anew() -> None:
    make = maker(Lifecycle)
    assert make() == Lifecycle()
    assert make().initial is not make().initial


def test_what_a_class_would_refuse_is_refused() -> None:
    with pytest.raises(TypeError, match="username"):
        maker(Customer)()  # type: ignore[call-arg]  # what is tried
    with pytest.raises(TypeError, match="colour"):
        maker(Customer)(username="mueller", colour="red")  # type: ignore[call-arg]  # what is tried


def test_classes_that_do_more_than_hold_fields_are_not_drafted() -> None:
    with pytest.raises(TypeError, match="Address"):
        maker(Address)

    @dataclass(frozen=True)
    class Loose:
        name: str

    with pytest.raises(TypeError, match="Loose"):
        maker(Loose)

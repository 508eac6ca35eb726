"""The customer's fields."""

from __future__ import annotations

import dataclasses

from resellerplan.model.customer import TEXT_FIELDS, Customer


def test_the_fields_that_hold_text_are_listed_once_and_in_order() -> None:
    assert [one.name for one in dataclasses.fields(Customer) if one.type == "Field[str]"] == list(TEXT_FIELDS)

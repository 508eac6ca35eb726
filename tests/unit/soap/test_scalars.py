"""Scalars of the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resellerplan.errors import PanelNotUnderstood
from resellerplan.soap.values import read_bool, read_datetime, read_decimal, read_int, write_scalar


@given(st.integers())
def test_whole_numbers_come_back(number: int) -> None:
    assert read_int(write_scalar(number)) == number


@given(st.booleans())
def test_truths_come_back(truth: bool) -> None:
    assert read_bool(write_scalar(truth)) is truth


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_amounts_come_back_without_an_exponent(amount: Decimal) -> None:
    assert "e" not in write_scalar(amount).lower()
    assert read_decimal(write_scalar(amount)) == amount


@given(st.datetimes(min_value=datetime(2, 1, 1)))
def test_dates_come_back_to_the_second_and_without_an_offset(moment: datetime) -> None:
    assert read_datetime(write_scalar(moment)) == moment.replace(microsecond=0)
    assert write_scalar(moment.replace(tzinfo=UTC)) == write_scalar(moment)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-23T23:28:14.2720441+01:00", datetime(2026, 11, 23, 23, 28, 14)),
        ("2026-11-23T23:28:14Z", datetime(2026, 11, 23, 23, 28, 14)),
        ("2026-11-23", datetime(2026, 11, 23)),
        ("0001-01-01T00:00:00", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_keeps_its_digits(text: str | None, moment: datetime | None) -> None:
    assert read_datetime(text) == moment


def test_one_database_writes_amounts_with_29_digits() -> None:
    assert read_decimal("4.9000000000000000000000000000") == Decimal("4.9")


@pytest.mark.parametrize("text", ["x", "1.5.2", "NaN", "Infinity", "1,5", "1e999999"])
def test_what_is_no_number_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):
        read_decimal(text)
    with pytest.raises(ValueError):
        read_int(text)


@pytest.mark.parametrize("text", ["yes", "True", "2"])
def test_what_is_no_truth_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):
        read_bool(text)


@pytest.mark.parametrize("text", ["yesterday", "23.11.2026", "2026-11-23 10:00:00", "2026-13-40T10:00:00", "0000-01-01T00:00:00"])
def test_what_is_no_date_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):
        read_datetime(text)


def test_a_value_that_can_not_be_read_is_a_reply_that_is_not_understood() -> None:
    with pytest.raises(PanelNotUnderstood, match="no number where one belongs") as caught:
        read_int("\x1b[2Jabc")
    assert "\x1b" not in caught.value.fragment


def test_what_is_missing_is_nets_default() -> None:
    assert (read_int(None), read_bool(None), read_decimal(None)) == (0, False, Decimal(0))

"""Hostile text made harmless."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resellerplan.neutralise import escape_invisible, fragment_of, one_line


@given(st.text())
def test_what_comes_out_obeys_no_terminal_and_turns_no_direction(text: str) -> None:
    for character in escape_invisible(text):
        assert character in "\t\n" or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_what_a_person_can_read_stays(text: str) -> None:
    assert escape_invisible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("a\u202eb", "a\\u202eb"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("Müller", "Müller"),
    ],
)
def test_what_was_there_is_shown_as_its_number(text: str, shown: str) -> None:
    assert escape_invisible(text) == shown


@given(st.text(), st.integers(2, 80))
def test_one_line_is_one_line_and_no_longer(text: str, limit: int) -> None:
    shown = one_line(text, limit)
    assert len(shown) <= limit
    assert "\n" not in shown


@given(st.binary())
def test_a_fragment_of_any_bytes_can_be_printed(data: bytes) -> None:
    fragment_of(data).encode("utf-8")

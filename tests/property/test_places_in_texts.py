"""Lines, columns and bytes of a place, whatever the ends of the lines and the letters are."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from resellerplan.diagnostics import Place, Sources
from resellerplan.manifest.marks import Lines
from resellerplan.report.excerpt import Excerpts

TEXTS = st.one_of(
    st.lists(st.sampled_from(["a", "ü", "😀", " ", "\n"]), max_size=40).map("".join),
    st.lists(st.sampled_from(["a", "ü", "😀", "\u2028", "\x0b", "\n", "\r", "\r\n"]), max_size=40).map("".join),
)


def lines_before(text: str, offset: int) -> tuple[int, int]:
    """Line and column by the plainest means: one look at each line end."""
    ends = [match.end() for match in re.finditer("\r\n|\n|\r", text) if match.end() <= offset]
    return len(ends) + 1, offset - (ends[-1] if ends else 0) + 1


@given(TEXTS, st.data())
def test_an_offset_has_the_line_and_column_that_an_editor_shows(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    assert Lines("m.yaml", text).position(offset) == lines_before(text, offset)


@given(TEXTS, st.data())
def test_the_bytes_before_a_place_are_those_of_the_text_before_it(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    line, column = lines_before(text, offset)
    if text[offset - 1 : offset + 1] == "\r\n":  # no place lies between the two halves of a line end
        return
    found = Excerpts(Sources({"m.yaml": text})).byte_offset(Place("m.yaml", line, column))
    assert found == len(text[:offset].encode())

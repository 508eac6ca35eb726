"""Every business code of contract 4 has words of its own."""

from __future__ import annotations

import re

import pytest

from resellerplan.panel.code_table import CODES
from resellerplan.panel.result_codes import code_of, refusal

# The codes of contract 4, ranges as (first, last).
SINGLE = (
    -1, -2, *range(-116, -99), -200, -201, -202, *range(-305, -299), *range(-511, -499), -600, -601, -602, -610, -611,
    *range(-704, -699), -723, -724, -725, -726, *range(-806, -800), -999,
    -1100, -1101, -1501, -1502, *range(-1921, -1900), -2200, -2705,
)  # fmt: skip
RANGES = (
    (-409, -400), (-609, -603), (-722, -705), (-909, -901), (-1011, -1001), (-1305, -1301), (-1410, -1402), (-2004, -2001),
    (-1204, -1201), (-1602, -1601), (-1703, -1701), (-1802, -1801), (-2105, -2101), (-2402, -2400), (-2503, -2501), (-2614, -2602),
    (-2711, -2701), (-3004, -3000), (-3333, -3333),
)  # fmt: skip


@pytest.mark.parametrize("number", SINGLE)
def test_a_code_of_the_contract_has_a_slug_and_a_sentence(number: int) -> None:
    code = CODES[number]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code.slug)
    assert code.sentence
    assert not code.sentence.endswith(".")
    assert code.hint
    assert not code.sentence[0].isupper() or code.sentence.split()[0] == "DNS"


def test_no_two_codes_share_a_slug() -> None:
    slugs = [code.slug for code in CODES.values()]
    assert len(slugs) == len(set(slugs))


@pytest.mark.parametrize("bounds", RANGES)
def test_a_code_of_a_range_says_its_area_and_its_number(bounds: tuple[int, int]) -> None:
    for number in range(bounds[0], bounds[1] + 1):
        code = code_of(number)
        assert str(-number) in code.slug or number in CODES
        assert not code.slug.startswith("unknown")


def test_a_code_nobody_knows_says_its_number() -> None:
    error = refusal(-4711, call="esUsers.AddUser")
    assert (error.code, error.slug) == (-4711, "unknown-4711")
    assert "-4711" in error.detail


def test_a_refusal_names_the_panels_own_name_and_what_to_do() -> None:
    error = refusal(-100, call="esUsers.AddUser")
    assert error.slug == "user-exists"
    assert "ERROR_USER_ALREADY_EXISTS" in error.detail
    assert "`username`" in error.hint


def test_exceeding_quotas_are_shown_as_a_table() -> None:
    error = refusal(-305, call="x", exceeding=[("OS.Domains", 3), ("OS.Diskspace\x1b[2J", 500)], allowed={"OS.Domains": 50})
    assert error.exceeding == (("OS.Domains", 3), ("OS.Diskspace\x1b[2J", 500))
    head, *rows = error.detail.splitlines()[1:]
    assert head.split() == ["quota", "allowed", "wanted", "too", "much"]
    assert [row.split()[-3:] for row in rows] == [["50", "53", "3"], ["?", "?", "500"]]
    assert len({len(line) for line in (head, *rows)}) == 1
    assert "\x1b" not in error.detail

"""Lists page by page: no panel's word is taken for how long that can go on."""

from __future__ import annotations

import pytest

from resellerplan.errors import PanelAmbiguous, PanelError, PanelNotUnderstood
from resellerplan.panel.bulk import _whole_or_paged
from resellerplan.panel.unreadable_rows import read_around


class Pages:
    """A list of numbers, read whole only to fail; ``overlap`` rows come twice."""

    def __init__(self, rows: list[int], total: int, overlap: int = 0) -> None:
        self.rows = rows
        self.total = total
        self.overlap = overlap
        self.asked = 0

    def __call__(self, start: int, most: int) -> tuple[int, list[int]]:
        self.asked += 1
        if most > 1000:
            raise PanelAmbiguous("the panel did not answer within 300 s")
        first = max(0, start - self.overlap)
        return self.total, self.rows[first : start + most]


@pytest.mark.parametrize("overlap", [0, 1])
@pytest.mark.parametrize("size", [1, 3, 10, 100])
def test_all_rows_are_found_once(size: int, overlap: int) -> None:
    pages = Pages(list(range(10)), 10, overlap)
    assert _whole_or_paged(pages, lambda row: row, size, "GetUsersPaged") == list(range(10))
    assert pages.asked <= 12


@pytest.mark.parametrize("total", [11, 10**14])
def test_a_list_that_ends_before_its_total_ends_the_reading(total: int) -> None:
    pages = Pages(list(range(10)), total)
    with pytest.raises(PanelError, match=f"there are {total} and shows 10"):
        _whole_or_paged(pages, lambda row: row, 4, "GetUsersPaged")
    assert pages.asked <= 6


def test_a_total_that_can_not_be_is_refused_where_pages_are_halved() -> None:
    with pytest.raises(PanelNotUnderstood, match="100000000000000 rows"):
        read_around(lambda _first, _last: (10**14, []), lambda row: int(str(row)), 1000)

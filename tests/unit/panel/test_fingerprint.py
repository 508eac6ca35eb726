"""Fingerprints of live objects."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from resellerplan.panel.fingerprint import fingerprint_of
from resellerplan.panel.record import Record
from resellerplan.soap.node import Node


def record(**members: str | None) -> Record:
    return Record(Node("X", children=[Node(name, text, nil=text is None) for name, text in members.items()]))


BASE = {"planName": "Web S", "setupPrice": "4.9", "purchaseDate": "2026-01-02T03:04:05", "comments": "", "newMember": "1"}


def test_what_panels_write_differently_is_the_same() -> None:
    other = {
        "PlanName": "Web S",
        "SetupPrice": "4.9000000000000000000000000000",
        "PurchaseDate": "2026-01-02T03:04:05.1234567+01:00",
        "Comments": None,
        "NewMember": "1",
        "Changed": "2026-05-05T05:05:05",
    }
    assert fingerprint_of(record(**BASE)) == fingerprint_of(record(**other))


@given(st.sampled_from(sorted(BASE)), st.text("abc1", min_size=1))
def test_every_member_counts_one_of_a_newer_panel_too(member: str, text: str) -> None:
    changed = {**BASE, member: BASE[member] + "x" + text}
    assert fingerprint_of(record(**BASE)) != fingerprint_of(record(**changed))


def test_groups_and_quotas_count_in_any_order() -> None:
    one = fingerprint_of(record(**BASE), [(1, 1, 1, 1), (2, 53, 5)])
    assert one == fingerprint_of(record(**BASE), [(2, 53, 5), (1, 1, 1, 1)])
    assert one != fingerprint_of(record(**BASE), [(2, 53, 6), (1, 1, 1, 1)])

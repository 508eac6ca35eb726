"""Addresses: shown as written, compared as the panel compares."""

from __future__ import annotations

import pickle

import pytest

from resellerplan.model.address import Address, Kind, fold_username, parse_address


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (Address.customer("mueller"), "customer.mueller"),
        (Address.customer("p.müller"), 'customer["p.müller"]'),
        (Address.plan("Web S"), 'plan["Web S"]'),
        (Address.addon("Extra 10 GB"), 'addon["Extra 10 GB"]'),
        (Address.space("mueller", "Web S"), 'space["mueller/Web S"]'),
        (Address.plan('a "quoted" one'), 'plan["a \\"quoted\\" one"]'),
    ],
)
def test_an_address_is_written_bare_or_quoted_and_read_back(address: Address, text: str) -> None:
    assert str(address) == text
    assert parse_address(text) == address


def test_user_names_have_no_case_and_no_blanks_at_their_ends_but_plan_names_do() -> None:
    assert Address.customer("Mueller ") == Address.customer("mueller")
    assert hash(Address.space("MUELLER", "Web S")) == hash(Address.space("mueller", "Web S"))
    assert Address.space("mueller", "web s") != Address.space("mueller", "Web S")
    assert Address.plan("Web S") != Address.plan("web s")
    assert Address.plan("Web S") != Address.addon("Web S")
    assert Address.plan("Web S") != "plan"
    assert fold_username(" Joe ") == "joe"


def test_the_spelling_of_the_manifest_is_shown() -> None:
    assert str(Address.customer("Mueller")) == "customer.Mueller"


def test_a_copy_is_made_anew_because_hashes_differ_from_process_to_process() -> None:
    address = Address.space("Mueller", "Web S")
    copied = pickle.loads(pickle.dumps(address))
    assert (copied, hash(copied), str(copied)) == (address, hash(address), str(address))


def test_addresses_sort_by_kind_and_name() -> None:
    unsorted = [Address.space("a", "x"), Address.customer("b"), Address.customer("a")]
    assert [str(one) for one in sorted(unsorted)] == ["customer.a", "customer.b", 'space["a/x"]']


@pytest.mark.parametrize("text", ["customer", "server.x", "customer.a b", 'space["noslash"]', 'space["/x"]', 'space["a/"]'])
def test_what_is_no_address_is_refused_with_how_one_looks(text: str) -> None:
    with pytest.raises(ValueError, match=r"write|space"):
        parse_address(text)


def test_the_kinds_are_in_the_order_in_which_they_are_made() -> None:
    assert list(Kind) == [Kind.CUSTOMER, Kind.PLAN, Kind.ADDON, Kind.SPACE]

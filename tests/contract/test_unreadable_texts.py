"""One control character in a stored text: on 1.x every reply that holds it is a web page, on 2.x it is not well-formed XML.

Each bulk read is tried with one in each kind of text it shows. What can be read is read, what can't is told with its id, nothing is
taken for gone, and nothing is written.
"""

from __future__ import annotations

from typing import Any

import pytest

from resellerplan.errors import PanelNotUnderstood
from resellerplan.model.address import Address, Kind
from resellerplan.model.customer import Customer
from resellerplan.model.estate import Estate
from resellerplan.panel.bulk import (
    read_customers,
    read_spaces,
    read_spaces_of_everybody,
    read_spaces_one_by_one,
)
from resellerplan.panel.snapshot import read_estate
from resellerplan.panel.unreadable_rows import BEYOND, Gap, ids_in, read_around
from tests.support.opened import FLAVOURS, RESELLER, WORLD, Opened, opened

ONE = ("solidcp-1.5", "solidcp-1.4.6", "websitepanel-2.1")
TWO = ("fusecp-2-ef", "fusecp-2-sql")
MANY: dict[str, Any] = {
    **WORLD,
    "users": [
        *WORLD["users"],
        *({"username": f"k{i:02}", "owner": RESELLER, "password": "Kunde-Pw1!", "email": f"k{i}@k.example"} for i in range(20)),
    ],
    "spaces": [*WORLD["spaces"], *({"user": f"k{i:02}", "plan": "Start", "name": f"Raum {i}"} for i in range(20))],
}


def spoil(panel: Opened, table: str, column: str, key: str, *values: str) -> list[int]:
    """Put a control character into a text of some rows, past the panel. Gives their ids."""
    identity = {"users": "user_id", "packages": "package_id", "hosting_plans": "plan_id"}[table]
    with panel.site.panel.store.writing() as db:
        for value in values:
            changed = db.execute(f"UPDATE {table} SET {column} = {column} || ? WHERE {key} = ?", ("\x08", value)).rowcount
            assert changed == 1
    marks = ", ".join("?" * len(values))
    rows = panel.rows(f"SELECT {identity} AS n FROM {table} WHERE {key} IN ({marks}) ORDER BY n", *values)
    return [int(str(row["n"])) for row in rows] if key != column else []


@pytest.mark.parametrize("flavour", ONE)
@pytest.mark.parametrize("size", [3, 8, 500])
@pytest.mark.parametrize("broken", [("k00",), ("k07", "k08", "k15"), ("k19",), ("mueller",)], ids=lambda broken: "+".join(broken))
def test_on_1x_all_but_the_broken_customers_are_read(flavour: str, size: int, broken: tuple[str, ...]) -> None:
    with opened(flavour, MANY, may_write=False, page_size=size) as panel:
        whole = read_estate(panel.session, Estate())
        ids = spoil(panel, "users", "email", "username", *broken)
        live = read_estate(panel.session, Estate())
    gone = {str(address) for address in whole} - {str(address) for address in live}
    expected = {address for address in whole if address.kind is Kind.CUSTOMER and address.name in broken}
    expected |= {address for address in whole if address.kind is Kind.SPACE and address.owner in broken}
    assert gone == {str(address) for address in expected}
    told = " ".join(live.not_read)
    for number in ids:
        assert str(number) in told
    assert "NOT READ" in told
    assert "control character" in told
    # Their spaces are not taken for gone, nor for anybody else's: they are foreign, and never changed.
    foreign = {(one.address.kind, one.owner_id) for one in live.foreign}
    for address in expected:
        if address.kind is Kind.SPACE:
            assert (Kind.SPACE, whole.facts[Address.customer(address.owner)].panel_id) in foreign


@pytest.mark.parametrize("flavour", ONE)
def test_on_1x_a_declared_customer_that_can_not_be_read_is_never_created(flavour: str) -> None:
    with opened(flavour, may_write=False) as panel:
        spoil(panel, "users", "first_name", "username", "leer")
        live = read_estate(panel.session, Estate(resources={one.self_address: one for one in (Customer(username="leer"),)}))
    assert live.taken_usernames == {"leer"}
    assert Address.customer("leer") not in live


@pytest.mark.parametrize("flavour", ONE)
@pytest.mark.parametrize("column", ["package_name", "package_comments"])
def test_on_1x_all_but_the_broken_spaces_are_read(flavour: str, column: str) -> None:
    with opened(flavour, MANY, may_write=False, page_size=5) as panel:
        whole = read_estate(panel.session, Estate())
        number = int(str(panel.rows("SELECT package_id FROM packages WHERE package_name = 'Raum 4'")[0]["package_id"]))
        spoil(panel, "packages", column, "package_id", str(number))
        live = read_estate(panel.session, Estate())
    missing = {str(address) for address in whole} - {str(address) for address in live}
    if column == "package_name":
        assert missing == {'space["k04/Raum 4"]'}
        assert any(f"1 space (ids {number})" in sentence for sentence in live.not_read)
    else:
        assert missing <= {'space["k04/Raum 4"]'}


@pytest.mark.parametrize("flavour", ONE)
def test_on_1x_a_broken_plan_is_told_with_the_cause(flavour: str) -> None:
    """Plans are listed by no paged read, so there is no way around one of them."""
    with opened(flavour, may_write=False) as panel:
        spoil(panel, "hosting_plans", "plan_description", "plan_name", "Groß")
        with pytest.raises(PanelNotUnderstood) as caught:
            read_estate(panel.session, Estate())
    assert caught.value.call == "esPackages.GetHostingPlans"
    assert "control character in a stored name" in caught.value.hint


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_mended_text_is_read_as_ever(flavour: str) -> None:
    with opened(flavour, may_write=False) as panel:
        spoil(panel, "users", "last_name", "username", "leer")
        with panel.site.panel.store.writing() as db:
            db.execute("UPDATE users SET last_name = 'Leer' WHERE username = 'leer'")
        assert read_estate(panel.session, Estate()).not_read == ()


SPOILT = {
    "a customer": ("users", "first_name", "username", "mueller"),
    "a customer of a customer": ("users", "last_name", "username", "enkel"),
    "a space": ("packages", "package_name", "package_name", "Eigen"),
    "a plan": ("hosting_plans", "plan_description", "plan_name", "Groß"),
}


@pytest.mark.parametrize("flavour", TWO)
@pytest.mark.parametrize("what", SPOILT)
def test_on_2x_every_bulk_read_is_read_leniently(flavour: str, what: str) -> None:
    with opened(flavour, may_write=False) as panel:
        session, client, me = panel.session, panel.session.client, panel.session.reseller.user_id
        assert session.own.panel_id  # found before the panel is spoilt

        def everything() -> list[list[int]]:
            said: list[str] = []
            customers = read_customers(session, said.append)
            spaces = [
                read_spaces(session, said.append) or [],
                read_spaces_of_everybody(session, said.append) or [],
                read_spaces_one_by_one(session, [row.panel_id for row in customers]),
            ]
            paged = client.rows(
                "GetUsersPaged",
                ("userid",),
                userId=me,
                filterColumn="",
                filterValue="",
                statusId=0,
                roleId=0,
                sortColumn="UserId",
                startRow=0,
                maximumRows=2147483647,
            )
            tables = [
                *(client.rows(name, ("planid",), userId=me).rows() for name in ("GetHostingPlans", "GetHostingAddons")),
                client.rows("GetPackagePackages", ("packageid",), packageId=session.own.panel_id).rows(),
                client.rows("GetDomains", ("domainid",), packageId=session.own.panel_id).rows(),
                paged.rows(1),
            ]
            assert not any("failed here" in sentence for sentence in said)
            ids = [sorted(row.panel_id for row in customers), *(sorted(row.panel_id for row in rows) for rows in spaces)]
            return [*ids, *(sorted(int(r[0] or 0) for r in t) for t in tables)]

        sound = everything()
        spoil(panel, *SPOILT[what])
        assert everything() == sound


# -- the halving, alone --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("broken", [set(), {0}, {9}, {4, 5}, {0, 1, 2, 9}, {3, 7}])
@pytest.mark.parametrize("size", [1, 4, 100])
def test_rows_around_those_that_can_not_be_read(broken: set[int], size: int) -> None:
    asked = []

    def page(first: int, last: int) -> tuple[int, list[int]]:
        if first == BEYOND:
            return 10, []
        asked.append((first, last))
        if any(place in broken for place in range(first, last + 1)):
            raise PanelNotUnderstood("a web page")
        return 10, [100 + 10 * place for place in range(first, last + 1)]

    found = read_around(page, lambda row: row, size)
    assert found.rows == [100 + 10 * place for place in range(10) if place not in broken]
    assert sum(gap.count for gap in found.gaps) == len(broken)
    for gap in found.gaps:
        ids = (100 + 10 * place for place in broken)
        assert sum(gap.after < panel_id and (not gap.before or panel_id < gap.before) for panel_id in ids) == gap.count
    assert len(asked) <= 10 + 8 * max(1, len(broken))


def test_a_panel_that_fails_everywhere_is_given_up_after_few_calls() -> None:
    asked = []

    def page(first: int, _last: int) -> tuple[int, list[int]]:
        if first == BEYOND:
            return 10_000, []
        asked.append(first)
        raise PanelNotUnderstood("a web page")

    with pytest.raises(PanelNotUnderstood):
        read_around(page, lambda row: row, 500)
    assert len(asked) < 100


def test_ids_in_a_gap_are_looked_for_in_a_bounded_number_of_calls() -> None:
    asked: list[int] = []

    def belongs(panel_id: int) -> bool:
        asked.append(panel_id)
        return panel_id in {7, 9, 5000}

    assert ids_in(Gap(2, 5, 12), belongs) == [7, 9]
    assert asked == [6, 7, 8, 9]
    asked.clear()
    assert ids_in(Gap(1, 4900, 0), belongs) == [5000]
    assert ids_in(Gap(1, 100, 100_000), belongs) == []
    assert len(asked) <= 200

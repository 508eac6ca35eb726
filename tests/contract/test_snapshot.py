"""The live estate as it is read from every flavour, with every defect of real panels, and against the panel's own tables."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from resellerplan.errors import CallForbidden, PanelError, PanelUnauthorised
from resellerplan.model.address import Address, Kind
from resellerplan.model.customer import Customer
from resellerplan.model.estate import Estate, Facts
from resellerplan.model.hosting_plan import GroupTerms, HostingPlan
from resellerplan.model.lifecycle import Lifecycle, Tombstone
from resellerplan.model.resource import Resource
from resellerplan.model.space import PLAN_TERMS, Domain, Space
from resellerplan.model.values import NULL, UNKNOWN, Role, Status
from resellerplan.panel.snapshot import Progress, read_estate
from resellerplan.simpanel.chaos import Chaos
from resellerplan.simpanel.flavours import Defect
from tests.support.opened import ALL_FLAVOURS, FLAVOURS, WORLD, Opened, opened

NOBODY = Estate()


def desired(*resources: Resource) -> Estate:
    return Estate(resources={resource.self_address: resource for resource in resources})


MANAGED = desired(
    Customer(username="mueller", city="Köln", comments=NULL),
    HostingPlan(name="Start", groups={"OS": GroupTerms(quotas={"OS.Diskspace": 1000, "OS.Domains": 2})}),
    Space(customer="mueller", name="Seite", comments=NULL, addons={"Extra": 1}, domains=(Domain(name="mueller.example"),)),
    Space(customer="mueller", name="Eigen", overrides={"OS": GroupTerms(quotas={"OS.Diskspace": 1500})}),
)


@pytest.mark.parametrize("flavour", ALL_FLAVOURS)
def test_what_is_managed_is_read_whole_and_the_rest_from_lists(flavour: str) -> None:
    with opened(flavour, may_write=False) as panel:
        live = read_estate(panel.session, MANAGED)
    addresses = {str(address) for address in live}
    assert addresses == {
        "customer.mueller",
        "customer.leer",
        "plan.Start",
        'plan["Groß"]',
        "addon.Extra",
        'space["mueller/Seite"]',
        'space["mueller/Eigen"]',
    }
    mueller, leer = (live.resources[Address.customer(name)] for name in ("mueller", "leer"))
    assert isinstance(mueller, Customer)
    assert isinstance(leer, Customer)
    assert (mueller.city, mueller.comments, mueller.first_name) == ("Köln", NULL, "Petra")
    assert (leer.city, leer.first_name, leer.status, leer.role) == (UNKNOWN, "Leo", Status.ACTIVE, Role.USER)
    assert live.facts[mueller.self_address].fingerprint
    assert live.facts[leer.self_address].fingerprint is None
    plan, other = (live.resources[Address.plan(name)] for name in ("Start", "Groß"))
    assert isinstance(plan, HostingPlan)
    assert isinstance(other, HostingPlan)
    assert isinstance(plan.groups, dict | type(plan.groups))
    assert plan.groups["OS"].quotas == {"OS.Diskspace": 1000, "OS.Domains": 2}  # type: ignore[index]  # they were read
    assert other.groups is UNKNOWN
    space, own = (live.resources[Address.space("mueller", name)] for name in ("Seite", "Eigen"))
    assert isinstance(space, Space)
    assert isinstance(own, Space)
    assert space.plan == "Start"
    assert space.domains == (Domain(name="mueller.example"),)
    assert (space.comments, space.addons, space.overrides) == (NULL, {}, PLAN_TERMS)
    assert own.overrides["OS"].quotas == {"OS.Diskspace": 1500, "OS.Domains": 3}  # type: ignore[index]  # they were read
    assert live.facts[own.self_address].own_terms
    assert not live.facts[space.self_address].own_terms
    assert [str(foreign.address) for foreign in live.foreign] == ["customer.enkel"]
    assert live.own is not None
    assert {"OS", "Web", "FTP", "Mail", "DNS"} <= live.own.groups
    assert live.own.allocated["OS.Diskspace"] == 500000
    assert live.reseller == "brightweb"
    assert live.not_read == ()


@pytest.mark.parametrize("flavour", ALL_FLAVOURS)
def test_reading_writes_nothing(flavour: str) -> None:
    with opened(flavour, may_write=False) as panel:
        tables = ("users", "packages", "hosting_plans", "domains", "package_addons", "user_settings")
        before = [panel.rows(f"SELECT * FROM {table}") for table in tables]
        read_estate(panel.session, MANAGED)
        assert [panel.rows(f"SELECT * FROM {table}") for table in tables] == before


SAME_ROWS: dict[str, tuple[str, set[Defect], str]] = {
    "recursive reads fault": ("fusecp-2-ef", {Defect.RECURSIVE_FAULT}, "the slow way"),
    "the stock panel": ("fusecp-2-ef-stock", set(), "the slow way"),
    "a name look-up faults for others": ("fusecp-2-ef", {Defect.READER_IN_USE_FAULT}, ""),
}


@pytest.mark.parametrize("case", SAME_ROWS)
def test_a_defect_makes_it_slower_and_not_emptier(case: str) -> None:
    flavour, defects, said = SAME_ROWS[case]
    with opened("fusecp-2-ef", may_write=False) as panel:
        sound = read_estate(panel.session, NOBODY)
    with opened(flavour, panel={"defects": defects}, may_write=False) as panel:
        live = read_estate(panel.session, NOBODY)
    assert set(live.resources) == set(sound.resources)
    assert any(said in sentence for sentence in live.not_read) or not said


def test_a_space_without_a_server_does_not_blind_the_reading() -> None:
    with opened("fusecp-2-ef", may_write=False) as panel:
        with panel.site.panel.store.writing() as db:
            db.execute("UPDATE packages SET server_id = NULL WHERE package_name = 'Eigen'")
        live = read_estate(panel.session, NOBODY)
    assert Address.space("mueller", "Seite") in live
    assert any("GetNestedPackagesPaged failed" in sentence for sentence in live.not_read)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_peer_sees_the_resellers_estate(flavour: str) -> None:
    with opened(flavour, may_write=False) as panel:
        expected = read_estate(panel.session, NOBODY)
    with opened(flavour, username="kollege", password="Peer-Pw1!", may_write=False) as panel:
        live = read_estate(panel.session, NOBODY)
    assert live.reseller == "brightweb"
    assert set(live.resources) == set(expected.resources)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_names_that_stand_for_two_objects_are_told_with_their_ids(flavour: str) -> None:
    world: dict[str, Any] = {
        **WORLD,
        "plans": [*WORLD["plans"], {"name": "Start", "owner": "brightweb", "groups": {"OS": {}}}],
        "spaces": [*WORLD["spaces"], {"user": "mueller", "plan": "Groß", "name": "Seite"}],
    }
    with opened(flavour, world, may_write=False) as panel:
        live = read_estate(panel.session, NOBODY)
        plan, space = Address.plan("Start"), Address.space("mueller", "Seite")
        assert len(live.duplicates[plan]) == 2
        assert len(live.duplicates[space]) == 2
        assert plan not in live
        pin = live.duplicates[plan][1]
        pinned = read_estate(panel.session, desired(HostingPlan(name="Start", lifecycle=Lifecycle(pin=pin))))
        assert pinned.facts[plan].panel_id == pin


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_name_that_is_taken_out_of_reach_is_told_at_plan_time(flavour: str) -> None:
    with opened(flavour, may_write=False) as panel:
        live = read_estate(
            panel.session, desired(Customer(username="Fremd" if flavour != "fusecp-2-ef" else "fremd"), Customer(username="frei"))
        )
    assert live.taken_usernames == {"fremd"}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_the_number_of_calls_is_known_before_the_first_and_never_exceeded(flavour: str) -> None:
    told: list[Progress] = []
    with opened(flavour, may_write=False) as panel:
        before = panel.session.client.calls_sent
        read_estate(panel.session, MANAGED, listener=told.append)
        made = panel.session.client.calls_sent - before
    assert told[0].done == 0
    assert made <= told[0].at_most
    assert {progress.at_most for progress in told} == {told[0].at_most}
    assert [progress.done for progress in told] == sorted(progress.done for progress in told)


def test_a_plan_may_ask_no_more_often_than_it_may() -> None:
    with opened("fusecp-2-ef", may_write=False, max_calls=5) as panel, pytest.raises(CallForbidden, match="5 times here"):
        read_estate(panel.session, MANAGED)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_contacts_are_kept_between_runs_until_the_customer_changes(flavour: str, tmp_path: Path) -> None:
    def calls(panel: Opened) -> int:
        before = panel.session.client.calls_sent
        live = read_estate(panel.session, MANAGED, cache_folder=tmp_path)
        customer = live.resources[Address.customer("mueller")]
        assert isinstance(customer, Customer)
        cities.append(customer.city)
        fingerprints.append(live.facts[customer.self_address].fingerprint)
        return panel.session.client.calls_sent - before

    cities: list[object] = []
    fingerprints: list[object] = []
    with opened(flavour, may_write=True) as panel:
        cold, warm = calls(panel), calls(panel)
        assert warm < cold
        number = int(str(panel.rows("SELECT user_id FROM users WHERE username = 'mueller'")[0]["user_id"]))
        panel.writer.update_customer(number, {"city": "Bonn"})
        assert calls(panel) == warm + 1
    assert cities == ["Köln", "Köln", "Bonn"]
    assert fingerprints[0] == fingerprints[1] != fingerprints[2]
    (kept,) = tmp_path.glob("customers-*.json")
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_broken_name_does_not_blind_the_reading(flavour: str) -> None:
    with opened(flavour, may_write=False) as panel:
        with panel.site.panel.store.writing() as db:
            db.execute("UPDATE users SET first_name = ? WHERE username = 'leer'", ("L\x08eo",))
        live = read_estate(panel.session, NOBODY)
        assert Address.customer("mueller") in live
        if flavour == "solidcp-1.5":  # it can't send him at all
            assert Address.customer("leer") not in live
            assert any("1 customer (ids 6)" in sentence for sentence in live.not_read)
            return
        assert Address.customer("leer") in live
        assert any("customer.leer" in sentence and "first name" in sentence for sentence in live.not_read)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_customer_that_made_itself_a_reseller_is_told(flavour: str) -> None:
    with opened(flavour, may_write=False) as panel:
        with panel.site.panel.store.writing() as db:
            db.execute("UPDATE users SET role_id = 2 WHERE username = 'leer'")
        declared = read_estate(panel.session, desired(Customer(username="leer")))
        undeclared = read_estate(panel.session, NOBODY)
    assert Address.customer("leer") in declared
    assert any("customer.leer is a reseller" in sentence for sentence in declared.not_read)
    assert Address.customer("leer") not in undeclared
    assert Address.customer("leer") in {foreign.address for foreign in undeclared.foreign}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_spaces_of_a_customer_that_is_to_go_are_read_whole(flavour: str) -> None:
    going = Customer(username="mueller", lifecycle=Lifecycle(tombstone=Tombstone(reason="left")))
    with opened(flavour, may_write=False) as panel:
        live = read_estate(panel.session, desired(going))
    spaces = [address for address in live if address.kind is Kind.SPACE]
    assert len(spaces) == 2
    assert all(live.facts[address].fingerprint for address in spaces)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_since_when_a_customer_is_suspended_comes_from_the_audit_log(flavour: str) -> None:
    with opened(flavour) as panel:
        number = int(str(panel.rows("SELECT user_id FROM users WHERE username = 'mueller'")[0]["user_id"]))
        with panel.site.panel.store.writing() as db:
            db.execute("UPDATE packages SET override_quotas = 0")  # on Entity Framework own terms block a change of status
        panel.writer.set_customer_status(number, Status.SUSPENDED)
        live = read_estate(panel.session, desired(Customer(username="mueller", status=Status.ACTIVE)))
        facts = live.facts[Address.customer("mueller")]
        assert facts.status_since is not None


def without_dates(live: Estate) -> dict[Address, Facts]:
    """Facts of two panels can be compared but for the moment at which each was seeded."""
    return {address: replace(facts, status_since=None) for address, facts in live.facts.items()}


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_bulk_read_that_times_out_is_paged_without_losing_or_doubling_a_row(flavour: str, size: int) -> None:
    rules = [
        {"what": "fault", "call": call, "occurrence": 1}
        for call in ("GetRawUsers", "GetUsersPagedRecursive", "GetNestedPackagesPaged")
    ]
    chaos = Chaos.from_data({"rules": rules}, ticks=time.monotonic)
    with opened(flavour, may_write=False) as panel:
        whole = read_estate(panel.session, NOBODY)
    with opened(flavour, may_write=False, chaos=chaos, page_size=size) as panel:
        paged = read_estate(panel.session, NOBODY)
    assert set(paged.resources) == set(whole.resources)
    assert without_dates(paged) == without_dates(whole)


# -- who logs in ---------------------------------------------------------------------------------------------------------------


def refused(flavour: str, **log_in_as: Any) -> PanelError:
    with pytest.raises(PanelError) as caught, opened(flavour, may_write=False, **log_in_as):
        pass
    return caught.value


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_wrong_password_is_told_in_one_sentence(flavour: str) -> None:
    error = refused(flavour, password="falsch")
    assert isinstance(error, PanelUnauthorised)
    assert "falsch" not in f"{error.message}{error.detail}{error.hint}"


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_customers_log_in_is_refused(flavour: str) -> None:
    assert "no reseller" in refused(flavour, username="mueller", password="Kunde-Pw1!").message


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_an_administrator_is_refused_unless_he_says_for_whom(flavour: str) -> None:
    assert "administrator" in refused(flavour, username="serveradmin", password="Admin-Pw1!").message
    with opened(flavour, username="serveradmin", password="Admin-Pw1!", as_administrator_for="brightweb", may_write=False) as panel:
        assert panel.session.reseller.username == "brightweb"
        assert Address.customer("mueller") in read_estate(panel.session, NOBODY)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_manifest_of_another_reseller_is_refused(flavour: str) -> None:
    assert "darkweb" in refused(flavour, reseller="darkweb").message


def test_two_own_packages_ask_for_a_name() -> None:
    world = {**WORLD, "spaces": [*WORLD["spaces"], {"user": "brightweb", "plan": "Reseller L", "name": "Zweites"}]}
    with opened("fusecp-2-ef", world, may_write=False) as panel, pytest.raises(PanelError, match="Zweites"):
        read_estate(panel.session, NOBODY)
    with opened("fusecp-2-ef", world, may_write=False, own_space="Reseller L") as panel:
        live = read_estate(panel.session, NOBODY)
        assert live.own is not None
        assert live.own.name == "Reseller L"

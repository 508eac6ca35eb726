"""Each kind from missing to gone: created, read back, each field changed alone, its status, its end.

Over every flavour of the embedded panel, in process and on a socket; and over a real panel where RESELLERPLAN_TEST_URL,
RESELLERPLAN_TEST_USERNAME and RESELLERPLAN_TEST_PASSWORD name one: there only with objects it made itself, under a prefix.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest

from resellerplan.errors import PanelRefused
from resellerplan.model.address import Address
from resellerplan.model.customer import Customer
from resellerplan.model.hosting_plan import Addon, GroupTerms, HostingPlan
from resellerplan.model.space import PLAN_TERMS, Domain, Resources, Space
from resellerplan.model.values import NULL, LoginStatus, Money, Recurrence, Role, Secret, Status
from resellerplan.panel.session import Session
from resellerplan.panel.writer import Writer
from tests.support.clean_up import sweep
from tests.support.opened import ALL_FLAVOURS, log_in, opened

DOORS = [
    *[pytest.param((name, "in process"), id=f"{name} in process") for name in ALL_FLAVOURS],
    *[pytest.param((name, "socket"), id=f"{name} on a socket", marks=pytest.mark.loopback) for name in ALL_FLAVOURS],
]
if "RESELLERPLAN_TEST_URL" in os.environ:
    DOORS.append(pytest.param(("real", ""), id="a real panel", marks=[pytest.mark.enable_socket]))


@pytest.fixture(params=DOORS)
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    name, door = request.param
    if name == "real":
        found = log_in(
            None,
            url=os.environ["RESELLERPLAN_TEST_URL"],
            username=os.environ["RESELLERPLAN_TEST_USERNAME"],
            password=os.environ["RESELLERPLAN_TEST_PASSWORD"],
            poll=0.5,
        )
        yield found
        found.close()
        return
    with opened(name, on_socket=door == "socket") as panel:
        yield panel.session


@pytest.fixture
def writer(session: Session) -> Writer:
    return Writer(session)


@pytest.fixture
def prefix(session: Session) -> Iterator[str]:
    """The beginning of all names; what has it is gone at the end, also where a test stops in the middle."""
    found = f"rpt{secrets.token_hex(3)}"
    yield found
    assert sweep(session, found) == []


CONTACT = {
    "first_name": "Jörg <&>",
    "last_name": "Weiß",
    "email": "joerg@weiss.example",
    "secondary_email": "zwei@weiss.example",
    "company": 'Weiß "& Söhne"',
    "address": "Straße 1\nHinterhaus",
    "city": "Köln",
    "state_province": "NRW",
    "country": "DE",
    "zip": "01067",
    "primary_phone": "+49 221 1",
    "secondary_phone": "+49 221 2",
    "fax": "+49 221 3",
    "instant_messenger": "xmpp:j@weiss.example",
    "subscriber_number": "K-007",
    "comments": "eins\nzwei\tdrei",
}


def changed_fields(before: object, after: object) -> set[str]:
    return {f.name for f in fields(before) if getattr(before, f.name) != getattr(after, f.name)}  # type: ignore[arg-type]  # a dataclass


def test_a_customer_from_missing_to_gone(session: Session, writer: Writer, prefix: str) -> None:
    name = f"{prefix}kunde"
    address = Address.customer(name)
    assert writer.find(address) is None
    wanted = Customer(username=name, **CONTACT, html_mail=True, role=Role.USER, login_status=LoginStatus.ENABLED)  # type: ignore[arg-type]  # texts
    panel_id = writer.create_customer(wanted, Secret("Kunden-Pw1!"))
    try:
        assert writer.find(address) == panel_id
        assert writer.find(Address.customer(name.upper() if session.detected.product != "fusecp" else name)) == panel_id
        base = writer.read(address, panel_id)
        assert base is not None
        assert base.resource == replace(wanted, status=Status.ACTIVE, demo=False, ecommerce=False)
        for field, value in CONTACT.items():
            for new in (f"{value}2", NULL, value):
                before = writer.read(address, panel_id)
                writer.update_customer(panel_id, {field: new})
                after = writer.read(address, panel_id)
                assert before is not None
                assert after is not None
                assert changed_fields(before.resource, after.resource) == {field}
                assert getattr(after.resource, field) == new
                assert before.fingerprint != after.fingerprint
        for field, other in (
            ("html_mail", False),
            ("demo", True),
            ("login_status", LoginStatus.LOCKED_OUT),
            ("role", Role.RESELLER),
        ):
            before = writer.read(address, panel_id)
            writer.update_customer(panel_id, {field: other})
            after = writer.read(address, panel_id)
            assert before is not None
            assert after is not None
            assert changed_fields(before.resource, after.resource) == {field}
        writer.update_customer(panel_id, {"role": Role.USER, "demo": False, "login_status": LoginStatus.ENABLED})
        for status in (Status.SUSPENDED, Status.CANCELLED, Status.PENDING, Status.ACTIVE):
            writer.set_customer_status(panel_id, status)
            after = writer.read(address, panel_id)
            assert after is not None
            assert isinstance(after.resource, Customer)
            assert after.resource.status is status
        writer.change_password(panel_id, Secret("Neues-Pw2!"))
    finally:
        writer.delete_customer(panel_id, wait_seconds=60)
    assert writer.find(address) is None
    assert writer.read(address, panel_id) is None


@pytest.mark.parametrize("kind", [HostingPlan, Addon])
def test_a_plan_from_missing_to_gone(writer: Writer, prefix: str, kind: type[HostingPlan] | type[Addon]) -> None:
    wanted = kind(
        name=f"{prefix} Web S",
        description="klein <&>",
        available=True,
        setup=Money.of("9.5"),
        recurring=Money.of("4.90"),
        every=Recurrence(3),
        groups={
            "OS": GroupTerms(quotas={"OS.Diskspace": 100, "OS.Domains": 2}, count_bandwidth=False),
            "Web": GroupTerms(quotas={"Web.Sites": 3}),
        },
    )
    address = wanted.self_address
    addon = kind is Addon
    assert writer.find(address) is None
    panel_id = writer.create_hosting_plan(wanted)
    try:
        assert writer.find(address) == panel_id
        with pytest.raises(PanelRefused, match="there already"):
            writer.create_hosting_plan(wanted)
        base = writer.read(address, panel_id)
        assert base is not None
        assert isinstance(base.resource, kind)
        held = base.resource.groups
        assert isinstance(held, dict | type(held))
        groups = {name: dict(terms.quotas) for name, terms in held.items()}  # type: ignore[union-attr]  # they were read
        expected: dict[str, dict[str, int]] = {"OS": {"OS.Diskspace": 100, "OS.Domains": 2}, "Web": {"Web.Sites": 3}}
        assert groups == (expected if addon else {**expected, "DNS": {}})
        assert held["OS"].count_bandwidth is False  # type: ignore[index]  # they were read
        assert changed_fields(base.resource, wanted) <= {"groups"}
        changes = {
            "description": "größer",
            "available": False,
            "setup": Money.of(0),
            "recurring": Money(Decimal("12.3456")),
            "every": Recurrence(12),
            "name": f"{prefix} Web M",
        }
        for field, new in changes.items():
            before = writer.read(address, panel_id)
            writer.update_hosting_plan(panel_id, {field: new}, addon=addon)
            after = writer.read(address, panel_id)
            assert before is not None
            assert after is not None
            assert changed_fields(before.resource, after.resource) == {field}
            assert getattr(after.resource, field) == new
            assert before.fingerprint != after.fingerprint
        before = writer.read(address, panel_id)
        writer.update_hosting_plan(panel_id, {"groups": {"OS": GroupTerms(quotas={"OS.Diskspace": -1})}}, addon=addon)
        after = writer.read(address, panel_id)
        assert before is not None
        assert after is not None
        assert changed_fields(before.resource, after.resource) == {"groups"}
        held = after.resource.groups  # type: ignore[union-attr]  # a plan
        assert set(held) == ({"OS"} if addon else {"OS", "DNS"})  # type: ignore[arg-type]  # they were read
        assert held["OS"].quotas == {"OS.Diskspace": -1}  # type: ignore[index]  # they were read
    finally:
        writer.delete_hosting_plan(panel_id)
    assert writer.read(address, panel_id) is None
    assert writer.find(address) is None


def test_a_space_from_missing_to_gone(session: Session, writer: Writer, prefix: str) -> None:
    customer = writer.create_customer(Customer(username=f"{prefix}k", first_name="K"), Secret("Kunden-Pw1!"))
    other = writer.create_customer(Customer(username=f"{prefix}l", first_name="L"), Secret("Kunden-Pw1!"))
    terms = {"OS": GroupTerms(quotas={"OS.Diskspace": 100, "OS.Domains": 4}), "Web": GroupTerms(quotas={"Web.Sites": 3})}
    small = writer.create_hosting_plan(HostingPlan(name=f"{prefix} S", groups=terms))
    large = writer.create_hosting_plan(HostingPlan(name=f"{prefix} L", groups=terms))
    addon = writer.create_hosting_plan(Addon(name=f"{prefix} +", groups={"OS": GroupTerms(quotas={"OS.Diskspace": 10})}))
    wanted = Space(
        customer=f"{prefix}k",
        name="Seite ä",
        plan=f"{prefix} S",
        domains=(Domain(name=f"{prefix}.example", website=True),),
        resources=Resources(website=True),
    )
    address = wanted.self_address
    space: int | None = None
    try:
        assert writer.find(address) is None
        space = writer.create_space(wanted, customer, small)
        assert writer.find(address) == space
        with pytest.raises(PanelRefused, match="there already"):
            writer.create_space(wanted, customer, small)
        base = writer.read(address, space)
        assert base is not None
        assert base.resource == replace(
            wanted, status=Status.ACTIVE, comments=NULL, addons={}, overrides=PLAN_TERMS, resources=None
        )
        for wish, field, new in (
            ({"comments": "Notiz\nzwei"}, "comments", "Notiz\nzwei"),
            ({"name": "Seite ö"}, "name", "Seite ö"),
            ({"comments": NULL}, "comments", NULL),
        ):
            before = writer.read(address, space)
            writer.update_space(space, wish)
            after = writer.read(address, space)
            assert before is not None
            assert after is not None
            assert changed_fields(before.resource, after.resource) == {field}
            assert getattr(after.resource, field) == new
        writer.update_space(space, {"plan": f"{prefix} L"}, plan_id=large)
        writer.add_domain(space, Domain(name=f"zwei.{prefix}.example"))
        writer.add_domain(space, Domain(name=f"zwei.{prefix}.example"))
        for quantity in (2, 5, 0, 1, 0):
            writer.set_addons(space, {f"{prefix} +": quantity}, {f"{prefix} +": addon})
            after = writer.read(address, space)
            assert after is not None
            assert after.resource.addons == ({f"{prefix} +": quantity} if quantity else {})  # type: ignore[union-attr]  # a space
        for status in (Status.SUSPENDED, Status.ACTIVE, Status.CANCELLED, Status.ACTIVE):
            writer.set_space_status(space, status)
            after = writer.read(address, space)
            assert after is not None
            assert after.resource.status is status  # type: ignore[union-attr]  # a space
        writer.update_space(space, {"overrides": {"OS": GroupTerms(quotas={"OS.Diskspace": 77})}})
        for wish in ({}, {"comments": "bleibt eigen"}):
            if wish:
                writer.update_space(space, wish)
            after = writer.read(address, space)
            assert after is not None
            own: Any = after.resource.overrides  # type: ignore[union-attr]  # a space
            assert own["OS"].quotas == {"OS.Diskspace": 77, "OS.Domains": 4}
            assert own["Web"].quotas == {"Web.Sites": 3}
        writer.update_space(space, {"overrides": PLAN_TERMS})
        after = writer.read(address, space)
        assert after is not None
        assert after.resource.overrides is PLAN_TERMS  # type: ignore[union-attr]  # a space
        assert after.resource.plan == f"{prefix} L"  # type: ignore[union-attr]  # a space
        assert after.resource.domains == (  # type: ignore[union-attr]  # a space
            Domain(name=f"{prefix}.example", website=True),
            Domain(name=f"zwei.{prefix}.example", website=False),
        )
        assert writer.count_domains(space) == 2
        if session.detected.moves_spaces:
            writer.move_space(space, other)
            assert writer.find(Address.space(f"{prefix}l", "Seite ö")) == space
        else:
            with pytest.raises(PanelRefused, match="can't give a space"):
                writer.move_space(space, other)
    finally:
        if space is not None:
            writer.delete_space(space, wait_seconds=60)
        for plan in (small, large, addon):
            writer.delete_hosting_plan(plan)
        for user in (customer, other):
            writer.delete_customer(user, wait_seconds=60)
    assert writer.read(address, space) is None
    assert writer.find(address) is None


def test_what_a_test_left_behind_is_taken_away_and_nothing_else(session: Session, writer: Writer, prefix: str) -> None:
    other = f"{prefix[:-1]}-"
    for name in (prefix, other):
        customer = writer.create_customer(Customer(username=f"{name}k", first_name="K"), Secret("Kunden-Pw1!"))
        plan = writer.create_hosting_plan(HostingPlan(name=f"{name} S", groups={}))
        writer.create_hosting_plan(Addon(name=f"{name} +", groups={}))
        writer.create_space(Space(customer=f"{name}k", name="Seite", plan=f"{name} S"), customer, plan)
    try:
        assert sweep(session, prefix) == []
        names = (Address.customer(f"{prefix}k"), Address.plan(f"{prefix} S"), Address.addon(f"{prefix} +"))
        assert [writer.find(address) for address in names] == [None, None, None]
        assert writer.find(Address.space(f"{other}k", "Seite")) is not None
        assert writer.find(Address.addon(f"{other} +")) is not None
    finally:
        assert sweep(session, other) == []


def test_a_letter_is_sent_on_demand_and_an_empty_one_is_said_not_to_be(writer: Writer, prefix: str) -> None:
    customer = writer.create_customer(Customer(username=f"{prefix}k", email="k@example.org"), Secret("Kunden-Pw1!"))
    try:
        assert writer.send_account_letter(customer).sent
    finally:
        writer.delete_customer(customer, wait_seconds=60)

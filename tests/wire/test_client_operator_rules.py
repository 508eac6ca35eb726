"""The rules of the reseller guide as bytes: what a request holds, and what it never holds (contract 6.1)."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from resellerplan.model.customer import Customer
from resellerplan.model.hosting_plan import GroupTerms, HostingPlan
from resellerplan.model.space import Domain, Resources, Space
from resellerplan.model.values import Secret, Status
from resellerplan.soap.envelope import XSI
from tests.contract.test_writer_verdicts import plan, user
from tests.support.opened import FLAVOURS, Opened, opened
from tests.support.recorded import body_of

NIL = f"{{{XSI}}}nil"


@pytest.fixture(params=FLAVOURS)
def panel(request: pytest.FixtureRequest) -> Iterator[Opened]:
    with opened(request.param, panel={"raw": True}) as found:
        yield found


def requests(panel: Opened, operation: str) -> list[ElementTree.Element]:
    """The bodies of the requests of one operation, in order."""
    return [body_of(entry.request) for entry in panel.site.app.log if entry.operation == operation and entry.request is not None]


def members(element: ElementTree.Element) -> dict[str, str | None]:
    return {child.tag.rpartition("}")[2]: None if child.get(NIL) == "true" else child.text or "" for child in element}


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2].lower()


def numbers(plan_element: ElementTree.Element, items: str, member: str) -> set[int]:
    """The ids in a list of a plan, whatever the dialect calls its members."""
    found = next(child for child in plan_element if local(child) == items)
    return {int(value.text or "0") for item in found for value in item if local(value) == member}


def test_a_customer_is_added_without_a_letter(panel: Opened) -> None:
    panel.writer.create_customer(Customer(username="neu", email="n@neu.example"), Secret("Pw-1!"))
    (request,) = requests(panel, "AddUser")
    assert members(request)["sendLetter"] == "false"
    assert panel.rows("SELECT * FROM outbox") == []


def test_a_plan_hangs_on_the_own_package_and_has_os_and_dns_whatever_is_listed(panel: Opened) -> None:
    panel.writer.create_hosting_plan(HostingPlan(name="N", groups={"Web": GroupTerms(quotas={"Web.Sites": 1})}))
    (request,) = requests(panel, "AddHostingPlan")
    values = {local(child): child.text for child in request[0]}
    own = panel.session.own
    assert values["packageid"] == str(own.panel_id)
    assert values["serverid"] == str(own.server_id)
    assert values["userid"] == str(panel.session.reseller.user_id)
    assert numbers(request[0], "groups", "groupid") == {1, 2, 7}


def test_a_space_without_a_domain_gets_no_resources_and_no_letter(panel: Opened) -> None:
    panel.writer.create_space(
        Space(customer="leer", name="N", resources=Resources(website=True, ftp=True, mail=True)),
        user(panel, "leer"),
        plan(panel, "Start"),
    )
    (request,) = requests(panel, "AddPackageWithResources")
    sent = members(request)
    for name in ("sendLetter", "createResources", "createWebSite", "createFtpAccount", "createMailAccount", "tempDomain"):
        assert sent[name] == "false", name
    assert sent["domainName"] == ("" if panel.session.detected.product != "fusecp" else None)
    assert sent["statusId"] == "1"
    assert panel.rows("SELECT * FROM outbox") == []


def test_a_space_with_a_domain_gets_the_wished_resources_and_no_letter(panel: Opened) -> None:
    panel.writer.create_space(
        Space(
            customer="leer",
            name="N",
            domains=(Domain(name="n.example"),),
            resources=Resources(website=True, ftp="leerftp", mail=True, host="www"),
        ),
        user(panel, "leer"),
        plan(panel, "Start"),
    )
    (request,) = requests(panel, "AddPackageWithResources")
    sent = members(request)
    assert sent["sendLetter"] == "false"
    assert (sent["createResources"], sent["domainName"], sent["hostName"]) == ("true", "n.example", "www")
    assert (sent["createWebSite"], sent["createMailAccount"]) == ("true", "true")
    assert (sent["createFtpAccount"], sent["ftpAccountName"]) == ("true", "leerftp")
    assert panel.rows("SELECT * FROM outbox") == []


def test_a_wished_letter_is_a_call_of_its_own_without_recipients(panel: Opened) -> None:
    panel.writer.send_account_letter(user(panel, "leer"))
    (request,) = requests(panel, "SendAccountSummaryLetter")
    sent = members(request)
    if panel.session.detected.product == "fusecp":
        assert (sent["to"], sent["cc"]) == (None, None)
        assert len(request) == 3
    else:
        assert set(sent) == {"userId"}


def test_a_customer_is_suspended_with_the_cascade_and_activated_without(panel: Opened) -> None:
    number = user(panel, "leer")
    panel.writer.set_customer_status(number, Status.SUSPENDED)
    panel.writer.set_customer_status(number, Status.ACTIVE)
    (suspended,) = requests(panel, "ChangeUserStatus")
    assert members(suspended)["status"] == "Suspended"
    (activated,) = requests(panel, "UpdateUser")
    assert {local(child): child.text for child in activated[0]}["statusid"] == "1"


def test_calls_with_a_letter_of_their_own_are_never_sent(panel: Opened) -> None:
    panel.writer.create_customer(Customer(username="neu"), Secret("Pw-1!"))
    panel.writer.create_space(Space(customer="leer", name="N"), user(panel, "leer"), plan(panel, "Start"))
    sent = {entry.operation for entry in panel.site.app.log}
    assert "AddUser" in sent
    assert not sent & {"AddPackage", "CreateUserWizard", "AddUserLiteral", "AuthenticateUser"}

"""Every recorded reply becomes the typed values that stand in it: numbers, dates, amounts, statuses, names.

What is expected is read by another parser, member by member, with the names of contract 3.1 to 3.3 written out here again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from resellerplan.errors import PanelNotUnderstood, PanelRefused
from resellerplan.model.customer import Customer
from resellerplan.model.hosting_plan import Addon, HostingPlan
from resellerplan.model.values import NULL, UNKNOWN, LoginStatus, Recurrence, Role, Status
from resellerplan.panel.calls import CALLS, Result
from resellerplan.panel.session import account_of
from resellerplan.panel.settling import check_result
from resellerplan.panel.translate.customer import CUSTOMER_COLUMNS, customer_of_record, customer_of_row
from resellerplan.panel.translate.hosting_plan import (
    CATALOGUE_COLUMNS,
    PLAN_COLUMNS,
    catalogue_of,
    plan_of_record,
    plan_of_row,
    terms_of_context,
)
from resellerplan.panel.translate.space import (
    ADDON_COLUMNS,
    DOMAIN_COLUMNS,
    EDIT_COLUMNS,
    SPACE_COLUMNS,
    SpaceRow,
    addon_of_row,
    domain_of_row,
    own_terms_of,
    space_of_record,
    space_of_row,
    space_row_of_record,
)
from resellerplan.soap.node import plain_name
from tests.support.panel_client import AnyCallClient, client_answering
from tests.support.recorded import Exchange, body_of
from tests.wire.test_client_replies import NIL, local, ours

STATUSES = {"1": Status.ACTIVE, "2": Status.SUSPENDED, "3": Status.CANCELLED, "4": Status.PENDING}
ROLES = {"2": Role.RESELLER, "3": Role.USER}
LOG_INS = {"0": LoginStatus.ENABLED, "1": LoginStatus.DISABLED, "2": LoginStatus.LOCKED_OUT}
CONTACT = {
    "first_name": "firstname",
    "last_name": "lastname",
    "email": "email",
    "secondary_email": "secondaryemail",
    "company": "companyname",
    "address": "address",
    "city": "city",
    "state_province": "state",
    "country": "country",
    "zip": "zip",
    "primary_phone": "primaryphone",
    "secondary_phone": "secondaryphone",
    "fax": "fax",
    "instant_messenger": "instantmessenger",
    "subscriber_number": "subscribernumber",
    "comments": "comments",
}
LISTED = ("first_name", "last_name", "email", "company", "subscriber_number")

Members = Mapping[str, str | None]


def members(element: ElementTree.Element) -> Members:
    """The members of an object, or the columns of a row, by plain name."""
    found: dict[str, str | None] = {}
    for child in element:
        found.setdefault(plain_name(local(child)), None if child.get(NIL) == "true" else child.text or "")
    return found


def number(of: Members, name: str) -> int:
    return int(of.get(name) or "0")


def truth(of: Members, name: str) -> bool:
    return of.get(name) == "true"


def text(of: Members, name: str) -> object:
    return of.get(name) or NULL


def moment(of: Members, name: str) -> datetime | None:
    """A date's digits to the second, without an offset; .NET's first day is none."""
    digits = (of.get(name) or "")[:19]
    return datetime.fromisoformat(digits) if digits and not digits.startswith("0001") else None


def tables(result: ElementTree.Element) -> list[list[Members]]:
    """The rows of a DataSet, by the order of its schema; or of a typed list."""
    diffgram = next((child for child in result if local(child) == "diffgram"), None)
    if diffgram is None:
        return [[members(item) for item in result]]
    schema = next(child for child in result if local(child) == "schema")
    names = [element.get("name") for element in schema.findall("./*/*/*/*") if local(element) == "element"]
    rows = [row for dataset in diffgram for row in dataset]
    return [[members(row) for row in rows if local(row) == name] for name in names] or [[]]


# -- one check per call: what our code makes of it, against the members ------------------------------------------------------------


def check_customer(made: Customer, of: Members, *, listed: bool) -> None:
    assert made.username == (of.get("username") or "")
    for field, member in CONTACT.items():
        expected = text(of, member) if not listed or field in LISTED else UNKNOWN
        assert getattr(made, field) == expected, field
    assert made.html_mail == (UNKNOWN if listed else truth(of, "htmlmail"))
    assert (made.demo, made.ecommerce) == (truth(of, "isdemo"), truth(of, "ecommerceenabled"))
    assert made.role == ROLES.get(of["roleid"] or "", UNKNOWN)
    assert made.status == STATUSES.get(of["statusid"] or "", UNKNOWN)
    assert made.login_status == LOG_INS.get(of.get("loginstatusid") or "0", UNKNOWN)


def user(client: AnyCallClient, call: str, result: ElementTree.Element) -> int:
    record, of = client.any_record(call), members(result)
    check_customer(customer_of_record(record), of, listed=False)
    account = account_of(record)
    assert (account.user_id, account.owner_id) == (number(of, "userid"), number(of, "ownerid"))
    assert (account.peer, account.demo, account.role_id) == (truth(of, "ispeer"), truth(of, "isdemo"), number(of, "roleid"))
    return 1


def users(client: AnyCallClient, call: str, result: ElementTree.Element) -> int:
    expected = tables(result)[-1]
    read = client.any_rows(call, CUSTOMER_COLUMNS)
    found = [customer_of_row(row) for row in read.rows(max(0, len(read.tables) - 1))]
    assert len(found) == len(expected)
    for made, of in zip(found, expected, strict=True):
        check_customer(made.customer, of, listed=True)
        assert (made.panel_id, made.owner_id, made.role_id) == tuple(number(of, name) for name in ("userid", "ownerid", "roleid"))
        assert (made.peer, made.changed) == (truth(of, "ispeer"), of.get("changed") or "")
    return len(found)


def check_plan(made: HostingPlan | Addon, of: Members) -> None:
    assert (made.name, made.description) == (of.get("planname") or "", text(of, "plandescription"))
    assert made.available == truth(of, "available")
    for field in ("setup", "recurring"):
        assert getattr(made, field).amount == Decimal(of.get(f"{field}price") or "0").quantize(Decimal("0.0001"))
    length = number(of, "recurrencelength")
    assert made.every == (Recurrence(length, number(of, "recurrenceunit")) if length else NULL)


def hosting_plan(client: AnyCallClient, call: str, result: ElementTree.Element) -> int:
    made = plan_of_record(client.any_record(call), UNKNOWN, addon=False)
    check_plan(made, members(result))
    return 1


def plans(client: AnyCallClient, call: str, result: ElementTree.Element) -> int:
    expected = tables(result)[0]
    found = [plan_of_row(row, addon="Addons" in call) for row in client.any_rows(call, PLAN_COLUMNS).rows()]
    assert len(found) == len(expected)
    for made, of in zip(found, expected, strict=True):
        check_plan(made.plan, of)
        ids = tuple(number(of, name) for name in ("planid", "userid", "packageid", "serverid"))
        assert (made.panel_id, made.owner_id, made.package_id, made.server_id) == ids
    return len(found)


def context(client: AnyCallClient, call: str, result: ElementTree.Element) -> int:
    record = client.any_record(call)
    parts = {plain_name(local(child)): child for child in result}
    plan = record.record("hostingplan")
    assert plan is not None
    check_plan(plan_of_record(plan, UNKNOWN, addon=False), members(parts["hostingplan"]))
    terms, numbers = terms_of_context(record)
    groups = [members(item) for item in parts["groupsarray"]]
    quotas = [of for of in map(members, parts["quotasarray"]) if number(of, "quotaallocatedvalue")]
    assert set(terms) == {of["groupname"] for of in groups}
    for of in groups:
        assert terms[of["groupname"] or ""].quotas == {
            quota["quotaname"]: number(quota, "quotaallocatedvalue") for quota in quotas if quota["groupid"] == of["groupid"]
        }
        assert numbers.groups[number(of, "groupid")] == (truth(of, "calculatediskspace"), truth(of, "calculatebandwidth"))
    assert numbers.quotas == {number(of, "quotaid"): number(of, "quotaallocatedvalue") for of in quotas}
    return len(groups) + len(quotas)


def space(client: AnyCallClient, call: str, result: ElementTree.Element) -> int:
    record, of = client.any_record(call), members(result)
    made, row = space_of_record(record, "somebody", UNKNOWN), space_row_of_record(record)
    assert (made.name, made.comments) == (of.get("packagename") or "", text(of, "packagecomments"))
    assert made.status == STATUSES.get(of["statusid"] or "", UNKNOWN)
    check_space(row, of, without=("username",))
    return 1


def check_space(row: SpaceRow, of: Members, *, without: tuple[str, ...] = ()) -> None:
    numbers = {
        "panel_id": "packageid",
        "status_id": "statusid",
        "server_id": "serverid",
        "plan_id": "planid",
        "user_id": "userid",
        "parent_id": "parentpackageid",
    }
    for field, member in numbers.items():
        assert getattr(row, field) == number(of, member), field
    assert row.name == (of.get("packagename") or "")
    assert "username" in without or row.username == (of.get("username") or "")
    assert row.status_since == moment(of, "statusidchangedate")


def spaces(client: AnyCallClient, call: str, result: ElementTree.Element) -> int:
    expected = tables(result)[-1]
    read = client.any_rows(call, SPACE_COLUMNS)
    found = [space_of_row(row) for row in read.rows(max(0, len(read.tables) - 1))]
    assert len(found) == len(expected)
    for row, of in zip(found, expected, strict=True):
        check_space(row, of)
    return len(found)


def domains(client: AnyCallClient, call: str, result: ElementTree.Element) -> int:
    expected = tables(result)[0]
    found = [domain_of_row(row) for row in client.any_rows(call, DOMAIN_COLUMNS).rows()]
    assert len(found) == len(expected)
    for made, of in zip(found, expected, strict=True):
        assert (made.panel_id, made.space_id) == (number(of, "domainid"), number(of, "packageid"))
        assert (made.domain.name, made.domain.website) == ((of["domainname"] or "").lower(), number(of, "websiteid") > 0)
        assert made.counts is not (truth(of, "ispreviewdomain") or truth(of, "isdomainpointer"))
    return len(found)


def addons(client: AnyCallClient, call: str, result: ElementTree.Element) -> int:
    expected = tables(result)[0]
    found = [addon_of_row(row) for row in client.any_rows(call, ADDON_COLUMNS).rows()]
    assert [(made.panel_id, made.plan_id, made.quantity, made.active, made.name) for made in found] == [
        (number(of, "packageaddonid"), number(of, "planid"), number(of, "quantity"), of["statusid"] == "1", of["planname"])
        for of in expected
    ]
    return len(found)


def catalogue(client: AnyCallClient, call: str, result: ElementTree.Element) -> int:
    groups, quotas = tables(result)[:2]
    made = catalogue_of(client.any_rows(call, CATALOGUE_COLUMNS))
    assert made.group_ids == {of["groupname"]: number(of, "groupid") for of in groups}
    assert made.quota_ids == {of["quotaname"]: number(of, "quotaid") for of in quotas}
    assert made.available == {of["groupname"] for of in groups if truth(of, "parentenabled")}
    assert made.allocated == {of["quotaname"]: number(of, "parentquotavalue") for of in quotas}
    return len(quotas)


def own_terms(client: AnyCallClient, call: str, result: ElementTree.Element) -> int:
    groups, quotas = tables(result)[:2]
    read = client.any_rows(call, EDIT_COLUMNS)
    terms, numbers = own_terms_of(read, stored_procedures=read.first_name == "Table")
    assert numbers.quotas == {number(of, "quotaid"): number(of, "quotavalue") for of in quotas if number(of, "quotavalue")}
    assert set(terms) <= {of["groupname"] for of in groups}
    return len(quotas)


def package_result(client: AnyCallClient, call: str, result: ElementTree.Element) -> int:
    record, of = client.any_record(call), members(result)
    expected = number(of, "result")
    if expected >= 0:
        assert check_result(record, call) == expected
        return 1
    with pytest.raises(PanelRefused) as caught:
        check_result(record, call)
    exceeding = next((child for child in result if local(child) == "ExceedingQuotas"), None)
    rows = tables(exceeding)[0] if exceeding is not None and len(exceeding) else []
    assert caught.value.code == expected
    assert list(caught.value.exceeding) == [(row["quotaname"], number(row, "quotavalue")) for row in rows]
    return 1


def plain(client: AnyCallClient, call: str, result: ElementTree.Element) -> int:
    found = client.send_any(call)
    match CALLS[call].result:
        case Result.INT:
            assert found == int(result.text or "x")
        case Result.BOOL:
            assert found is {"true": True, "false": False}[result.text or ""]
        case _:
            assert found == (None if result.get(NIL) == "true" else result.text or "")
    return 1


CHECKS: dict[str, Callable[[AnyCallClient, str, ElementTree.Element], int]] = {
    **dict.fromkeys(("GetUserById", "GetUserByUsername"), user),
    **dict.fromkeys(("GetRawUsers", "GetUsersPaged", "GetUsersPagedRecursive"), users),
    **dict.fromkeys(("GetHostingPlans", "GetHostingAddons"), plans),
    **dict.fromkeys(("GetPackagesPaged", "GetNestedPackagesPaged", "GetRawMyPackages", "GetPackagePackages"), spaces),
    **dict.fromkeys(("GetDomains", "GetMyDomains"), domains),
    **dict.fromkeys(("AddPackageWithResources", "UpdatePackage", "UpdateHostingPlan"), package_result),
    **dict.fromkeys(("AddPackageAddonById", "UpdatePackageAddon"), package_result),
    "GetHostingPlan": hosting_plan,
    "GetHostingPlanContext": context,
    "GetPackage": space,
    "GetPackageAddons": addons,
    "GetHostingPlanQuotas": catalogue,
    "GetPackageQuotasForEdit": own_terms,
    **{name: plain for name, call in CALLS.items() if call.result in {Result.INT, Result.BOOL, Result.TEXT}},
}

ELSEWHERE = {
    "GetAuditLogRecordsPaged": "read only with a session (test_snapshot.py, test_writer_verdicts.py)",
    "GetPackageAddon": "goes back as it came (test_client_requests.py)",
    "GetPackageContext": "only whether it faults is looked at",
    "GetPackageQuota": "one number (test_writer_lifecycle.py)",
    "GetResourceGroups": "compared as texts (test_client_replies.py)",
    "GetUserSettings": "a letter's texts (test_writer_rules.py)",
}
"""Calls without a check here, with the reason."""


def results(dialect: str) -> Iterator[tuple[Exchange, ElementTree.Element]]:
    for exchange in ours(dialect):
        assert exchange.reply is not None
        try:
            response = body_of(exchange.reply)
        except ElementTree.ParseError:
            continue
        if exchange.status == 200 and local(response) != "Fault" and len(response):
            yield exchange, response[0]


@pytest.mark.parametrize("dialect", ["fusecp2", "solidcp1"])
def test_every_recorded_reply_becomes_the_values_that_stand_in_it(dialect: str) -> None:
    compared: Counter[str] = Counter()
    for exchange, result in results(dialect):
        call = exchange.operation
        if exchange.name == NO_TABLES:
            with pytest.raises(PanelNotUnderstood, match="no list"):
                client_answering(dialect, 200, exchange.content_type, exchange.reply or b"").send_any(call)
            continue
        if call in ELSEWHERE or (CALLS[call].result is Result.OBJECT and result.get(NIL) == "true"):
            continue
        assert exchange.reply is not None
        client = client_answering(dialect, 200, exchange.content_type, exchange.reply)
        try:
            CHECKS[call](client, call, result)
        except Exception as error:
            raise AssertionError(f"{exchange}") from error
        compared[call] += 1
    assert set(CALLS) == set(CHECKS) | set(ELSEWHERE)
    assert sum(compared.values()) == COMPARED[dialect]


NO_TABLES = "022-GetRawUsers-no-tables"
"""A DataSet that only the serializer was asked to write: a panel's has the tables of its query, with or without rows."""

COMPARED = {"fusecp2": 392, "solidcp1": 336}
"""How many recorded replies are compared: all of our calls that were answered with a result."""

"""What .NET's XmlSerializer writes and reads for 1.x's own types (real panel report 10), against our face.

Ten inputs are treated otherwise by the running panel, because WSE reads a message into a DOM first (1.x report 1.2); they are
listed here, each with what it does to them.
"""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from resellerplan.simpanel.faces.asmx import SOAP_11, AsmxFace
from resellerplan.simpanel.faces.asmx_writing import AsmxWriter
from resellerplan.simpanel.faces.datasets import DataSetStyle
from resellerplan.simpanel.faces.enumerations import enum_name
from resellerplan.simpanel.faces.exchange import Reply, Request
from resellerplan.simpanel.faces.scalars import DEFAULTS
from resellerplan.simpanel.flavours import flavour
from resellerplan.simpanel.markup import Element, parse, text_of
from resellerplan.simpanel.operations import ArrayType, EnumType, Member, Operation, catalogue
from resellerplan.simpanel.wire import ServiceFault
from tests.support.canonical import reply_body, result_of
from tests.support.fake_panel import FakePanel

FOLDER = Path(__file__).resolve().parents[1] / "recordings" / "solidcp-1.x-serializer"
BERLIN = ZoneInfo("Europe/Berlin")
PANEL = catalogue("asmx")
CASES: list[dict[str, Any]] = json.loads((FOLDER / "deserialize.json").read_text("utf-8"))
INDEX: list[dict[str, Any]] = json.loads((FOLDER / "index.json").read_text("utf-8"))

BY_WSE = {
    "int: comment inside": "400",
    "int: processing instruction inside": "400",
    "string: comment inside": "400",
    "int: undefined entity": "400",
    "string: U+0001 raw": "400",
    "string: U+FFFF raw": "400",
    "string: surrogate pair as two references": "accepted",
    "string: U+0001 as character reference": "accepted",
    "lone surrogate in a string as character reference": "accepted",
    "string: child element only": "accepted",
}
"""The ten inputs of 1.x report 1.2: what the running panel does with them."""


def service_of(operation: str) -> str:
    """The service that has an operation."""
    return next(s.name for s in PANEL.services.values() if operation in s.operations)


def send(case: dict[str, Any]) -> tuple[Reply, FakePanel]:
    """Send an input as the body of a real request."""
    service = PANEL.services[service_of(case["operation"])]
    envelope = (
        f'<soap:Envelope xmlns:soap="{SOAP_11}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>{case["input"]}</soap:Body></soap:Envelope>'
    )
    headers = {
        "content-type": "text/xml; charset=utf-8",
        "soapaction": f'"{service.namespace}/{case["operation"]}"',
        "authorization": "Basic cmVzMTpwdw==",
    }
    panel = FakePanel(ServiceFault(("reached the panel",)))
    face = AsmxFace(panel, flavour("solidcp-1.5"), zone=BERLIN)
    body = envelope.encode("utf-8", "surrogatepass")
    return face.answer(Request("POST", f"/{service.name}.asmx", headers=headers, body=body)), panel


def shown(value: object, member: Member) -> object:
    """A value as the recording shows it; members with their default are left out there."""
    found = PANEL.types.get(member.type)
    match value:
        case datetime():
            return value.isoformat()
        case list() if isinstance(found, ArrayType):
            item = Member(found.item, found.type, required=False, nillable=True, property=found.item)
            return [shown(v, item) for v in value]
        case Decimal():
            return f"decimal {value}"
        case dict():
            members = {m.property: m for m in PANEL.members(member.type)}
            return {k: shown(v, members[k]) for k, v in value.items() if not is_default(v, members[k])}
        case _ if isinstance(found, EnumType) and value is not None:
            return str(value)
        case _:
            return value


def is_default(value: object, member: Member) -> bool:
    """Whether a member would be left out of a recording."""
    if isinstance(PANEL.types.get(member.type), EnumType):
        return True  # the recording always shows them; they are compared through their numbers
    if member.name == "Vlans":
        return True  # ignored on input; what AdditionalParams makes of it is the panel's affair
    return value is None or (member.type in DEFAULTS and str(value) == str(DEFAULTS[member.type]))


def expected(value: object) -> object:
    """A recorded value in our form: dates without their kind, enumerations by name, no default enumerations."""
    match value:
        case dict():
            enums = ("Role", "Status", "LoginStatus", "Vlans")
            return {k: expected(v) for k, v in value.items() if k not in enums}
        case list():
            return [expected(v) for v in value]
        case str() if " Kind " in value:
            text = value.partition(" Kind ")[0]
            return datetime.fromisoformat(text[:26]).isoformat()
        case str() if value.endswith(")") and "." in value:
            return value.partition(".")[2].partition(" ")[0]
        case str() if "unpaired surrogate" in value:
            return "a\ud83d"
        case _:
            return value


def top_level(value: object) -> object:
    """Parameters: enumerations are shown by name."""
    if not isinstance(value, dict):
        return value
    return {k: expected(v) for k, v in value.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['operation']}-{c['case']}")
def test_an_input_is_accepted_or_refused_as_recorded(case: dict[str, Any]) -> None:
    reply, panel = send(case)
    by_wse = BY_WSE.get(case["case"])
    if by_wse == "400":
        assert (reply.status, reply.header("Content-Type"), reply.length) == (400, "text/xml", 0)
        return
    if "exception" in case and by_wse is None:
        text = b"".join(reply.blocks).decode()
        assert "<faultcode>soap:Client</faultcode>" in text
        inner = case["exception"].partition("---> ")[2].partition(": ")[2]
        if "input string" in inner:
            inner = "Input string was not in a correct format."
        start = "Server was unable to read request. ---> There is an error in the XML document. ---> "
        fault = next(e for e in reply_body(text) if e.name == "faultstring")
        assert text_of(fault) == start + inner
        assert not panel.asked
        return
    recorded = case.get("via_dom", case).get("result") if case["case"] not in BLANK else case["result"]
    operation = PANEL.services[service_of(case["operation"])].operations[case["operation"]]
    if recorded is None:
        assert panel.asked  # accepted; what it means to the panel was not recorded
        return
    read = {m.property: shown(panel.parameters[m.property], m) for m in operation.parameters}
    if case["case"] == TIME_ALONE:
        assert str(read.pop("purchaseDate")).endswith("T10:20:30")  # of the day of the call
        recorded = {k: v for k, v in recorded.items() if k != "purchaseDate"}
    assert read == top_level(recorded)


def test_the_paired_members_of_a_user_follow_the_one_that_comes_last() -> None:
    for case in CASES:
        user = (case.get("result") or {}).get("user")
        if case["operation"] != "AddUser" or not isinstance(user, dict):
            continue
        _, panel = send(case)
        read = panel.parameters["user"]
        assert isinstance(read, dict)
        for name in ("Role", "Status", "LoginStatus"):
            member, _, number = user[name].partition(".")[2].partition(" ")
            assert read[f"{name}Id"] == int(number.strip("()"))
            enum = PANEL.types[f"User{name}"]
            assert isinstance(enum, EnumType)
            assert read[name] == member == enum_name(enum, read[f"{name}Id"])


def test_the_ten_inputs_that_wse_treats_otherwise_are_among_the_cases() -> None:
    assert set(BY_WSE) <= {c["case"] for c in CASES}
    assert len(BY_WSE) == 10
    assert len(CASES) == 264


# -- writing ------------------------------------------------------------------------------------------------------------------

BLANK = {
    "string: one blank",
    "string: line break only",
    "user: blanks and line breaks between and in members",
    "notes items",
}
"""A DOM made for the recording dropped blanks, the one of the running panel keeps them (recording 073 of the 1.x scenario)."""

TIME_ALONE = "dateTime: '10:20:30'"
KINDS_OF_DATES = "009-GetUserById-date-kinds"
"""Holds dates of kinds that a panel never sends (UTC, local): what .NET does with them is not our affair."""


def written() -> list[dict[str, Any]]:
    """The recorded replies."""
    return [e for e in INDEX if (FOLDER / f"{e['name']}.reply.xml").exists() and e["name"] != KINDS_OF_DATES]


def meaning(element: Element) -> object:
    """An element without prefixes, declarations and the two forms of emptiness."""
    attributes = sorted((k, v) for k, v in element.attributes.items())
    text = "" if element.has_children else text_of(element)
    return (element.namespace, element.name), attributes, text, [meaning(c) for c in element]


@pytest.mark.parametrize("entry", written(), ids=lambda e: e["name"])
def test_a_recorded_body_is_written_again_equal_as_xml(entry: dict[str, Any]) -> None:
    recorded = (FOLDER / f"{entry['name']}.reply.xml").read_bytes().decode("utf-8")
    service = PANEL.services[entry["service"]]
    operation: Operation = service.operations[entry["operation"]]
    body = reply_body(recorded)
    writer = AsmxWriter(PANEL, DataSetStyle(spaced=True, entities=False, zone=BERLIN))
    made = "".join(writer.response(operation, service.namespace, result_of(body, operation, PANEL)))
    wrapped = f'<x xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">{made}</x>'
    root = parse(wrapped).root
    assert root is not None
    assert meaning(next(iter(root))) == meaning(body)


def test_a_half_pair_of_surrogates_makes_the_whole_reply_fail() -> None:
    service = PANEL.services["esUsers"]
    writer = AsmxWriter(PANEL, DataSetStyle(spaced=True, entities=False))
    user = {"UserId": 1, "RoleId": 3, "StatusId": 1, "Comments": "cut \ud83d"}
    with pytest.raises(ServiceFault, match=r"There was an error generating the XML document. ---> The surrogate pair"):
        list(writer.response(service.operations["GetUserById"], service.namespace, user))

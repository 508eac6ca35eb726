"""The table of calls against the WSDL of both kinds of panel: parameters are positional and silent, so each must be exact."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from resellerplan.panel.calls import CALLS, Access
from resellerplan.panel.calls_never import FORBIDDEN, NEVER
from resellerplan.panel.dialects.dialect import Dialect
from resellerplan.panel.dialects.fusecp2 import FUSECP2
from resellerplan.panel.dialects.solidcp1 import SOLIDCP1
from tests.support.recorded import RECORDINGS

XS = "{http://www.w3.org/2001/XMLSchema}"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
DIALECTS: dict[str, Dialect] = {"fusecp2": FUSECP2, "solidcp1": SOLIDCP1}
SERVICES = {
    "esAuditLog",
    "esAuthentication",
    "esComments",
    "esPackages",
    "esScheduler",
    "esServers",
    "esSystem",
    "esTasks",
    "esTest",
    "esUsers",
}


def documents(dialect: str, service: str) -> list[ElementTree.Element]:
    if dialect == "solidcp1":
        paths = [RECORDINGS / "wsdl-solidcp-1x" / f"{service}.wsdl"]
    else:
        paths = sorted((RECORDINGS / "fusecp-2.x" / "wsdl").glob(f"{service}.*"))
    return [ElementTree.fromstring(path.read_bytes()) for path in paths if path.exists() and is_xml(path)]


def is_xml(path: Path) -> bool:
    return path.suffix in {".wsdl", ".xsd"}


def operations(dialect: str, service: str) -> set[str]:
    found = set()
    for document in documents(dialect, service):
        found |= {op.get("name", "") for port in document.iter(f"{WSDL}portType") for op in port.iter(f"{WSDL}operation")}
    return found


def parameters(dialect: str, service: str, operation: str) -> list[tuple[str, str]]:
    """The declared parameters of an operation: (name, type without prefix)."""
    for document in documents(dialect, service):
        for schema in document.iter(f"{XS}schema"):
            for element in schema.findall(f"{XS}element[@name='{operation}']"):
                parts = element.findall(f"{XS}complexType/{XS}sequence/{XS}element")
                return [(part.get("name", ""), part.get("type", "").rpartition(":")[2]) for part in parts]
    raise AssertionError(f"{service}.{operation} is not in the WSDL")


TYPES = {"int": "int", "boolean": "bool", "string": "str", "dateTime": "date"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_call_has_the_parameters_of_the_wsdl_in_order(dialect: str) -> None:
    compared = 0
    for call in CALLS.values():
        if call.name not in operations(dialect, call.service):
            assert dialect == "solidcp1", call
            assert call.name in {"Echo", "GetUseEntityFramework"}, call
            continue
        declared = parameters(dialect, call.service, call.name)
        assert [name for name, _ in declared] == [parameter.name for parameter in call.parameters], call
        for (name, type_), parameter in zip(declared, call.parameters, strict=True):
            ours = "str" if parameter.type == "secret" else parameter.type
            ours = "ArrayOfString" if ours == "strings" else ours
            theirs = TYPES.get(type_, "str" if type_ in {"UserStatus", "PackageStatus", "DomainType"} else type_)
            assert theirs.lower() == ours.lower(), (call, name)
        compared += 1
    assert compared >= len(CALLS) - 2


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_operation_of_the_panel_is_in_exactly_one_list(dialect: str) -> None:
    seen = 0
    for service in SERVICES:
        for operation in operations(dialect, service):
            sent = operation in CALLS and CALLS[operation].service == service
            never = operation in NEVER.get(service, ())
            assert sent != never, f"{service}.{operation} is in {'both lists' if sent else 'neither list'}"
            seen += 1
    assert seen > 250


def test_the_lists_name_only_operations_that_exist_somewhere() -> None:
    for service, names in NEVER.items():
        known = operations("solidcp1", service) | operations("fusecp2", service)
        assert names <= known, names - known


def test_what_is_forbidden_is_on_the_list_of_calls_never_sent() -> None:
    assert {("esAuthentication", "AuthenticateUser"), ("esSystem", "GetCryptoKey")} <= set(FORBIDDEN)
    for service, operation in FORBIDDEN:
        assert operation in NEVER[service]


def test_a_call_that_begins_with_a_reading_word_reads_and_no_other_does() -> None:
    reading = ("Get", "UserExists", "Echo")
    for call in CALLS.values():
        assert (call.access is Access.READ) == call.name.startswith(reading), call


@pytest.mark.parametrize("dialect", DIALECTS)
def test_members_of_objects_stand_in_the_order_of_the_wsdl(dialect: str) -> None:
    """On 1.x the enum twins and the list of VLANs are not ours to send; on 2.x every member is, in order."""
    left_out = {"Role", "Status", "LoginStatus", "Vlans"} if dialect == "solidcp1" else set()
    types: dict[str, list[str]] = {}
    for service in ("esUsers", "esPackages"):
        for document in documents(dialect, service):
            for schema in document.iter(f"{XS}schema"):
                for declared in schema.findall(f"{XS}complexType"):
                    names = [e.get("name", "") for e in declared.findall(f"{XS}sequence/{XS}element")]
                    types.setdefault(declared.get("name", ""), names)
    for name, members in DIALECTS[dialect].classes.items():
        assert [m.name for m in members] == [n for n in types[name] if n not in left_out], name

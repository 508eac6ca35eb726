"""Every call that the panel answers is sent extreme parameters by everybody, on every flavour.

What comes back is a value that the flavour's face can write as well-formed XML, or a fault that a panel could give: never an
error of our own. So the server stays up, and nobody sees an internal text.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from xml.etree import ElementTree

import pytest

from resellerplan.simpanel.background import ProcessEnds
from resellerplan.simpanel.dispatch import registered
from resellerplan.simpanel.faces.asmx_writing import AsmxWriter
from resellerplan.simpanel.faces.corewcf_writing import CoreWcfWriter
from resellerplan.simpanel.faces.datasets import DataSetStyle
from resellerplan.simpanel.faces.exchange import CONTROL_REFERENCE
from resellerplan.simpanel.flavours import FLAVOURS
from resellerplan.simpanel.operations import ArrayType, Catalogue, ClassType, EnumType, Operation
from resellerplan.simpanel.panel import Unauthenticated, reads_only
from resellerplan.simpanel.services import load_all
from resellerplan.simpanel.wire import ServiceFault
from tests.contract.lab import Lab

ACTORS = ("serveradmin", "brightweb", "mueller", "kollege", None)
OF_OURS = ("sqlite3", "Traceback", "NoneType", "no such column", "no such table", "datatype mismatch", "Error code")
"""What no fault of a panel says. (Its own database's errors are worded by :mod:`resellerplan.simpanel.faults`.)"""

LARGEST = 2**31 - 1
NUMBERS: dict[str, dict[str, object]] = {
    "nothing": {"int": 0, "text": None, "date": datetime(1, 1, 1), "flag": False, "price": Decimal(0)},
    "empty": {"int": 0, "text": "", "date": datetime(1753, 1, 1), "flag": True, "price": Decimal(0)},
    "minus": {"int": -1, "text": " ", "date": datetime(1752, 12, 31, 23, 59, 59), "flag": True, "price": Decimal("-1.5")},
    "smallest": {
        "int": -(2**31),
        "text": "a'b\x08%_[^]\"\ud83d",
        "date": datetime(1, 1, 1, 0, 0, 1),
        "flag": False,
        "price": Decimal("1E-28"),
    },
    "largest": {
        "int": LARGEST,
        "text": "\U0001f600x" * 600,
        "date": datetime(9999, 12, 31, 23, 59, 59, 999999),
        "flag": True,
        "price": Decimal("79228162514264337593543950335"),
    },
    "space": {"int": 4, "text": "mueller", "date": datetime(2026, 1, 1), "flag": False, "price": Decimal("9.99")},
    "reseller": {"int": 2, "text": "PackageName DESC", "date": datetime(2026, 1, 1), "flag": True, "price": Decimal("0.00005")},
    "root": {"int": 1, "text": "PACKAGE", "date": datetime(2026, 1, 1), "flag": True, "price": Decimal(1)},
}
"""Name of an attempt -> what every parameter and every member of its type is."""

_WHOLE = {"xs:int": 31, "xs:long": 63, "xs:short": 15, "xs:unsignedShort": 16, "xs:byte": 7, "xs:unsignedByte": 8}


def _value(panel: Catalogue, kind: str, attempt: str, depth: int = 0) -> object:
    given = NUMBERS[attempt]
    named = panel.types.get(kind)
    match named:
        case EnumType():
            return named.values[-1 if attempt in ("largest", "reseller") else 0]
        case ArrayType():
            if attempt == "nothing":
                return None
            return [] if attempt == "empty" or depth > 2 else [_value(panel, named.type, attempt, depth + 1)] * 2
        case ClassType():
            if attempt == "nothing" or depth > 2:
                return None
            return {member.property: _value(panel, member.type, attempt, depth + 1) for member in panel.members(kind)}
        case None:
            pass
    if kind in _WHOLE:
        wanted, top = given["int"], 2 ** _WHOLE[kind] - 1
        assert isinstance(wanted, int)
        return max(min(wanted, top), 0 if "unsigned" in kind else -top - 1)
    match kind:
        case "xs:dateTime":
            return given["date"]
        case "xs:boolean":
            return given["flag"]
        case "xs:decimal":
            return given["price"]
        case "xs:double" | "xs:float":
            return float(LARGEST)
        case "xs:string":
            return given["text"]
        case _:
            return None


@cache
def _panel(flavour_name: str) -> Catalogue:
    return FLAVOURS[flavour_name].catalogue()


@cache
def _writer(flavour_name: str) -> AsmxWriter | CoreWcfWriter:
    flavour = FLAVOURS[flavour_name]
    asmx = flavour.face == "asmx"
    style = DataSetStyle(spaced=asmx, entities=flavour.logic == "ef", zone=UTC)
    return AsmxWriter(_panel(flavour_name), style) if asmx else CoreWcfWriter(_panel(flavour_name), style)


def _offered(panel: Catalogue) -> Iterator[Operation]:
    load_all()
    for service, name in sorted(registered()):
        found = panel.services.get(service)
        if found is not None and name in found.operations:
            yield found.operations[name]


def _problem(lab: Lab, flavour_name: str, operation: Operation, actor: str | None, attempt: str) -> str | None:
    """What is wrong with the answer, or None."""
    panel = _panel(flavour_name)
    given = {member.property: _value(panel, member.type, attempt) for member in operation.parameters}
    try:
        result = lab.call(f"{operation.service}.{operation.name}", actor, parameters=given)
        text = "".join(_writer(flavour_name).response(operation, panel.services[operation.service].namespace, result))
        body = CONTROL_REFERENCE.sub(b"", text.encode("utf-8", "surrogatepass"))
        spaces = " ".join(f'xmlns:{prefix}="urn:{prefix}"' for prefix in ("s", "i", "soap", "xsi", "xsd", "wsa"))
        ElementTree.fromstring(f"<reply {spaces}>{body.decode()}</reply>")
    except (ServiceFault, ProcessEnds) as fault:
        told = str(fault)
        return next((f"says {told!r}" for ours in OF_OURS if ours in told), None)
    except Unauthenticated:
        return None if actor is None else "was not let in"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def _shape(lab: Lab) -> tuple[object, ...]:
    """What must stay for the next call to meet the same small world."""
    tables = ("users", "packages", "hosting_plans", "package_addons", "servers", "services")
    counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
    columns = ("username", "status_id", "login_status_id", "role_id", "is_demo", "hex(password)")
    logins = f"(SELECT group_concat({' || '.join(f'coalesce({column}, 0)' for column in columns)}) FROM users)"
    return tuple(lab.rows(f"SELECT {counts}, {logins}, (SELECT group_concat(status_id || user_id) FROM packages)")[0])


def _fresh(flavour_name: str) -> Lab:
    return Lab(flavour_name, loop_seconds=0.0, end_seconds=0.0, pause=lambda _: None)


@pytest.mark.parametrize("attempt", sorted(NUMBERS))
@pytest.mark.parametrize("flavour_name", ["fusecp-2-ef", "fusecp-2-ef-stock", "fusecp-2-sql", "solidcp-1.5", "websitepanel-2.1"])
def test_extreme_parameters_are_answered_or_refused_as_a_panel_would(flavour_name: str, attempt: str) -> None:
    problems: list[str] = []
    sent = 0
    for actor in ACTORS:
        lab = _fresh(flavour_name)
        shape = _shape(lab)
        for operation in _offered(_panel(flavour_name)):
            problem = _problem(lab, flavour_name, operation, actor, attempt)
            sent += 1
            if problem is not None:
                problems.append(f"{operation.service}.{operation.name} by {actor} {problem}")
            if not reads_only(operation.name) and _shape(lab) != shape:
                lab.__exit__()
                lab = _fresh(flavour_name)
        lab.__exit__()
    assert problems == []
    assert sent >= len(ACTORS) * 130


def test_what_only_python_would_say_is_noticed() -> None:
    """The check above can fail: an answer that no face can write is a problem."""
    operation = FLAVOURS["fusecp-2-ef"].catalogue().services["esUsers"].operations["GetUserById"]
    with Lab("fusecp-2-ef") as lab:
        lab.write("UPDATE users SET created = 'never' WHERE user_id = 4")
        assert "ValueError" in (_problem(lab, "fusecp-2-ef", operation, "brightweb", "space") or "")

"""Calls that the panel runs as readers write nothing: their connection refuses every write."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from resellerplan.simpanel.dispatch import registered
from resellerplan.simpanel.operations import catalogue
from resellerplan.simpanel.panel import reads_only
from resellerplan.simpanel.wire import ServiceFault
from tests.contract.lab import EF, SP, SP2, Lab

ANSWERED_AT_LEAST = 60
"""So many of them answer with a value, and not with a fault, for the ids and names below."""


def _likely(name: str) -> dict[str, Any]:
    """A value by which a parameter of that name finds something in the small world."""
    match name.lower():
        case "username":
            return {name: "mueller"}
        case "settingsname":
            return {name: "PackageSummaryLetter"}
        case "maximumrows" | "maximum":
            return {name: 20}
        case "userid" | "packageid" | "itemid" | "ownerid":
            return {name: 4}
        case lower if lower.endswith("id"):
            return {name: 1}
        case _:
            return {}


@pytest.mark.parametrize("flavour_name", [EF, SP, SP2])
def test_no_reading_call_writes(flavour_name: str) -> None:
    answered, writing = 0, []
    with Lab(flavour_name) as lab:
        offered = catalogue(lab.flavour.face).services
        reading = [
            (service, operation)
            for service, operation in sorted(registered())
            if reads_only(operation) and service in offered and operation in offered[service].operations
        ]
        before = lab.rows("SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM packages)")[0]
        for service, operation in reading:
            given: dict[str, Any] = {}
            for parameter in offered[service].operations[operation].parameters:
                given |= _likely(parameter.name)
            try:
                lab.call(f"{service}.{operation}", "serveradmin", parameters=given)
                answered += 1
            except ServiceFault as fault:
                if "readonly" in str(fault):
                    writing.append(f"{service}.{operation}: {fault}")
            except sqlite3.OperationalError as error:
                writing.append(f"{service}.{operation}: {error}")
        assert lab.rows("SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM packages)")[0][:] == before[:]
    assert writing == []
    assert answered >= ANSWERED_AT_LEAST

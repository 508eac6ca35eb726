"""The suspension register: who is to be suspended, as a table beside the manifest, and what that makes of the customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from resellerplan.diagnostics import Finding, Place
from resellerplan.manifest.codes import finding
from resellerplan.manifest.expand import Register
from resellerplan.manifest.settings import Suspension
from resellerplan.manifest.table import Table
from resellerplan.model.address import Address, fold_username
from resellerplan.model.customer import Customer
from resellerplan.model.resource import Resource
from resellerplan.model.values import Status

__all__ = ["COLUMNS", "read_registers", "with_suspensions"]

COLUMNS = ("username", "since", "reason")


def read_registers(registers: Sequence[Register]) -> tuple[tuple[Suspension, ...], tuple[Finding, ...]]:
    """The rows of all registers that the documents name."""
    rows: list[Suspension] = []
    findings: list[Finding] = []
    for register in registers:
        found, wrong = _rows(register.table, register.document.place_of((*register.path, "csv")))
        rows.extend(found)
        findings.extend(wrong)
    return tuple(rows), tuple(findings)


def _rows(table: Table, asked: Place) -> tuple[list[Suspension], list[Finding]]:
    missing = [name for name in COLUMNS if name not in table.names]
    if missing:
        hint = "name it with `columns: {" + f"{missing[0]}: HEADING" + "}`"
        return [], [finding("RP1419", asked, f"the table has no column `{missing[0]}`", hint=hint)]
    rows: list[Suspension] = []
    findings: list[Finding] = []
    for number, cells in enumerate(table.rows):
        place = table.place(number)
        trouble = next(_wrong(cells), None)
        if trouble is not None:
            findings.append(finding("RP1419", place, trouble))
        else:
            since = date.fromisoformat(cells["since"])
            rows.append(Suspension(username=cells["username"], since=since, reason=cells["reason"], place=place))
    return rows, findings


def _wrong(cells: Mapping[str, str]) -> Iterator[str]:
    for name in COLUMNS:
        if not cells.get(name):
            yield f"`{name}` is empty"
    try:
        date.fromisoformat(cells["since"])
    except ValueError:
        yield "`since` is not a day"


def with_suspensions(resources: Mapping[Address, Resource], suspensions: Sequence[Suspension]) -> Mapping[Address, Resource]:
    """The resources with every listed customer suspended."""
    if not suspensions:
        return resources
    listed = {fold_username(row.username) for row in suspensions}
    return {
        address: replace(resource, status=Status.SUSPENDED)
        if isinstance(resource, Customer) and fold_username(resource.username) in listed
        else resource
        for address, resource in resources.items()
    }

"""The suspension register: who is to be suspended, as a table beside the manifest, and what that makes of the customers."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
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
from resellerplan.model.values import UNSET, Status

__all__ = ["COLUMNS", "RESUMED", "read_registers", "with_suspensions"]

COLUMNS = ("username", "since", "reason")
RESUMED = "resumed"
"""The column that a register may have besides: the day since when the customer is to be active again."""


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
        hint = "add it to the table, or name its heading with `columns: {" + f"{missing[0]}: HEADING" + "}`"
        return [], [finding("RP1419", asked, f"the table has no column `{missing[0]}`", hint=hint)]
    rows: list[Suspension] = []
    findings: list[Finding] = []
    for number, cells in enumerate(table.rows):
        place = table.place(number)
        trouble = next(_wrong(cells), None)
        if trouble is not None:
            if not table.doubts:  # then it follows from what is told about the column
                findings.append(finding("RP1419", place, trouble))
        else:
            rows.append(
                Suspension(
                    username=cells["username"],
                    since=date.fromisoformat(cells["since"]),
                    reason=cells["reason"],
                    resumed=date.fromisoformat(cells[RESUMED]) if cells.get(RESUMED) else None,
                    place=place,
                )
            )
    return rows, findings


def _wrong(cells: Mapping[str, str]) -> Iterator[str]:
    for name in COLUMNS:
        if not cells.get(name):
            yield f"`{name}` is empty"
    for name in ("since", RESUMED):
        try:
            date.fromisoformat(cells.get(name) or "2000-01-01")
        except ValueError:
            yield f"`{name}` is not a day"
            return
    if cells.get(RESUMED) and cells[RESUMED] < cells["since"]:
        yield f"`{RESUMED}` is before `since`"


def with_suspensions(resources: Mapping[Address, Resource], suspensions: Sequence[Suspension]) -> Mapping[Address, Resource]:
    """The resources with every listed customer suspended, and who is resumed active, unless the manifest says another status."""
    if not suspensions:
        return resources
    resumed = {fold_username(row.username) for row in suspensions}
    listed = {fold_username(row.username) for row in suspensions if row.resumed is None}
    return {
        address: _with_status(resource, fold_username(resource.username), listed, resumed)
        if isinstance(resource, Customer)
        else resource
        for address, resource in resources.items()
    }


def _with_status(customer: Customer, folded: str, listed: Container[str], resumed: Container[str]) -> Customer:
    if folded in listed:
        return replace(customer, status=Status.SUSPENDED)
    if folded in resumed and customer.status is UNSET and customer.lifecycle.tombstone is None:
        return replace(customer, status=Status.ACTIVE)
    return customer

"""Statuses that the panel would leave half done, or undo at once."""

from __future__ import annotations

from collections.abc import Iterator

from resellerplan.diagnostics import Finding, Note, Severity
from resellerplan.model.address import Address, Kind
from resellerplan.model.space import Space
from resellerplan.model.values import Status
from resellerplan.planning.change import Action, Change
from resellerplan.planning.guards.case import Case
from resellerplan.planning.outlook import CASCADING, Outlook
from resellerplan.planning.remarks import listed

__all__ = ["CODES", "check"]

CODES = {
    "RP3040": "this panel can't change the status of a space with own terms",
    "RP3041": "an active space under a customer that is not active",
}


def check(case: Case) -> Iterator[Finding]:
    """Own terms where the panel's logic trips over them; spaces that are to be active while their customer is down."""
    if case.matches.live.abilities.own_terms_block_status:
        yield from _own_terms(case)
    yield from _active_below(case)


def _own_terms(case: Case) -> Iterator[Finding]:
    """Such a change faults and leaves things half done (contract 7.4): refused before anything is written."""
    for change in case.acting:
        status = change.of("status")
        if change.action is Action.UPDATE and status is None:
            continue
        stuck = [address for address in _reached(case, change) if case.facts(address).own_terms]
        if stuck:
            yield case.finding(
                "RP3040",
                Severity.ERROR,
                CODES["RP3040"],
                change.address,
                label=f"{change.address} reaches {listed(stuck)}, which has own terms",
                field="status",
                notes=(Note("the panel would report a fault and leave the change half done"),),
                hint="return the space to its plan first (`overrides: none`), or change the status in the web panel",
            )


def _reached(case: Case, change: Change) -> Iterator[Address]:
    """The live spaces whose status this change touches."""
    if change.action is not Action.UPDATE:
        return
    if change.address.kind is Kind.SPACE:
        yield change.previous or change.address
    for address in (*change.cascade, *change.revives):
        if address.kind is Kind.SPACE:
            yield case.matches.pairs.get(address, address)


def _active_below(case: Case) -> Iterator[Finding]:
    outlook = Outlook(case.matches, None, case.policy)
    for address, resource in case.matches.desired.of_kind(Kind.SPACE):
        if not isinstance(resource, Space) or address not in case.by_address or resource.lifecycle.tombstone:
            continue
        if outlook.status_of(address, resource) is Status.ACTIVE:
            above = outlook.customer_after(resource.customer)
            if above in CASCADING:
                label = f"{address} is to be active, its customer is {above}"
                hint = "take `status: active` out of the space, or re-activate the customer"
                yield case.finding("RP3041", Severity.ERROR, CODES["RP3041"], address, label=label, field="status", hint=hint)

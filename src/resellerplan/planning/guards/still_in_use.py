"""What a delete would take along or trip over: spaces and accounts below a customer, spaces on a plan."""

from __future__ import annotations

from collections.abc import Iterator

from resellerplan.diagnostics import Finding, Note, Severity
from resellerplan.model.address import Address, Kind
from resellerplan.planning.change import Change
from resellerplan.planning.guards.case import Case
from resellerplan.planning.remarks import listed

__all__ = ["CODES", "check"]

CODES = {
    "RP3051": "the customer still has something that is not marked absent",
    "RP3052": "the plan is still in use",
}


def check(case: Case) -> Iterator[Finding]:
    """For every delete of a customer, a plan or an add-on."""
    for change in case.deletes:
        address = change.previous or change.address
        if address.kind is Kind.CUSTOMER:
            yield from _customer(case, change, address)
        elif address.kind is Kind.PLAN or address.kind is Kind.ADDON:
            yield from _sold(case, change, address)


def _customer(case: Case, change: Change, address: Address) -> Iterator[Finding]:
    panel_id = case.facts(address).panel_id
    left = [space for space in case.spaces_of.get(address, ()) if not case.leaves(space)]
    left += [foreign.address for foreign in case.matches.live.foreign if foreign.owner_id == panel_id]
    coming = [
        other.address
        for other in case.acting
        if other.address.kind is Kind.SPACE and Address.customer(other.address.owner) == change.address
        if other.desired is not None and (other.live is None or other.of("customer") is not None)
    ]
    if left or coming:
        yield case.finding(
            "RP3051",
            Severity.ERROR,
            CODES["RP3051"],
            change.address,
            label=f"{change.address} has {listed([*left, *coming])}",
            field="state",
            notes=(Note("deleting the account would destroy it silently"),),
            hint="mark each of them absent with a reason, or give it to another customer (`moved_from`)",
        )


def _sold(case: Case, change: Change, address: Address) -> Iterator[Finding]:
    panel_id = case.facts(address).panel_id
    if address.kind is Kind.PLAN:
        using = [space for space in case.spaces_on.get(panel_id, ()) if not _off(case, space)]
    else:
        using = [space for space, _ in case.matches.live.of_kind(Kind.SPACE) if _keeps(case, space, address.name)]
    using += [foreign.address for foreign in case.matches.live.foreign if panel_id and foreign.plan_id == panel_id]
    if using:
        yield case.finding(
            "RP3052",
            Severity.ERROR,
            CODES["RP3052"],
            change.address,
            label=f"{change.address} is the plan of {listed(using)}",
            field="state",
            notes=(Note("the panel refuses to delete a plan that is in use (code -1501)"),),
            hint="move these spaces to another plan first, in this manifest or by hand",
        )


def _off(case: Case, space: Address) -> bool:
    """Whether a space will not have its plan any more."""
    change = case.by_live.get(space)
    return change is not None and (change in case.deletes or change.of("plan") is not None)


def _keeps(case: Case, space: Address, addon: str) -> bool:
    """Whether a space will still have an add-on."""
    addons = case.addons_of(space)
    change = case.by_live.get(space)
    if change is None:
        return bool(addons.get(addon))
    field = change.of(f"addons.{addon}")
    return change not in case.deletes and bool(addons.get(addon) if field is None else field.after)

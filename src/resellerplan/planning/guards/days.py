"""Days that can't be judged: no clock, or a panel that does not say since when something is suspended."""

from __future__ import annotations

from collections.abc import Iterator

from resellerplan.diagnostics import Finding, Severity
from resellerplan.model.address import Kind
from resellerplan.planning.due import has_days
from resellerplan.planning.guards.case import Case
from resellerplan.planning.outlook import Outlook

__all__ = ["CODES", "check"]

CODES = {
    "RP3055": "it can't be told since when this is suspended",
    "RP3056": "only customers and spaces can be suspended before they are deleted",
    "RP3057": "there is no clock to judge days by",
}


def check(case: Case) -> Iterator[Finding]:
    """For what is declared with days, within the scope."""
    outlook = Outlook(case.matches, None, case.policy)
    for address, resource in case.matches.desired.resources.items():
        if not has_days(resource.lifecycle) or address not in case.by_address:
            continue
        if case.policy.today is None:
            yield case.finding("RP3057", Severity.ERROR, CODES["RP3057"], address, hint="say `--now 2027-01-31`")
            continue
        tombstone = resource.lifecycle.tombstone
        if tombstone is None or not tombstone.quarantine_days or address not in case.matches.pairs:
            continue
        if address.kind not in (Kind.CUSTOMER, Kind.SPACE):
            hint = "take `quarantine` out; a plan that is in use can't be deleted anyway"
            yield case.finding("RP3056", Severity.ERROR, CODES["RP3056"], address, field="quarantine", hint=hint)
        elif outlook.quarantine(address, resource) == "untold":
            label = f"{address} is suspended; neither the status date nor the audit log says since when"
            hint = "look in the web panel, then take `quarantine` out so that it is deleted now"
            yield case.finding("RP3055", Severity.ERROR, CODES["RP3055"], address, label=label, field="quarantine", hint=hint)

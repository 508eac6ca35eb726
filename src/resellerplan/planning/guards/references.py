"""What is referred to and is not there, or is about to go."""

from __future__ import annotations

from collections.abc import Iterator

from resellerplan.diagnostics import Finding, Severity
from resellerplan.model.address import Address
from resellerplan.model.resource import references
from resellerplan.planning.change import Action, Change
from resellerplan.planning.guards.case import Case

__all__ = ["CODES", "check"]

CODES = {
    "RP3013": "declared as existing, but not on the panel",
    "RP3014": "refers to something that is marked absent",
    "RP3015": "refers to something that is neither declared nor on the panel",
}


def check(case: Case) -> Iterator[Finding]:
    """``existing: true`` that does not exist, and references that lead nowhere."""
    matches = case.matches
    for address, resource in matches.desired.resources.items():
        if resource.lifecycle.existing and address not in matches.pairs and address not in matches.blocked:
            hint = "correct the name, or take `existing: true` out so that it is created"
            yield case.finding("RP3013", Severity.ERROR, CODES["RP3013"], address, field="existing", hint=hint)
    for change in case.acting:
        if change.desired is not None and change.action is not Action.DELETE and not change.reason:
            for needed in references(change.desired):
                yield from _needed(case, change, needed)


def _needed(case: Case, change: Change, needed: Address) -> Iterator[Finding]:
    matches = case.matches
    declared = matches.desired.resources.get(needed)
    if declared is not None and declared.lifecycle.tombstone is not None:
        label = f"{change.address} needs {needed}"
        hint = f"mark {change.address} absent too, or keep {needed}"
        yield case.finding("RP3014", Severity.ERROR, CODES["RP3014"], change.address, label=label, field=needed.kind, hint=hint)
    elif declared is None and needed not in matches.live.resources:
        label = f"{change.address} needs {needed}"
        hint = "declare it, or correct the name"
        yield case.finding("RP3015", Severity.ERROR, CODES["RP3015"], change.address, label=label, field=needed.kind, hint=hint)

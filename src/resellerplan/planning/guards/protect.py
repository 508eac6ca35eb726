"""``protect: true`` refuses any delete of an object, and of what it lies in."""

from __future__ import annotations

from collections.abc import Iterator

from resellerplan.diagnostics import Finding, Severity
from resellerplan.planning.guards.case import Case

__all__ = ["CODES", "check"]

CODES = {"RP3050": "protected objects are never deleted"}


def check(case: Case) -> Iterator[Finding]:
    """A tombstone on a protected object, in quarantine or not."""
    for address, resource in case.matches.desired.resources.items():
        lifecycle = resource.lifecycle
        if lifecycle.protect and lifecycle.tombstone is not None and address in case.matches.pairs:
            hint = "take `protect: true` out in a change of its own, then mark it absent"
            yield case.finding("RP3050", Severity.ERROR, CODES["RP3050"], address, field="protect", hint=hint)

"""Fields that are managed and could not be read: not compared, and that is said."""

from __future__ import annotations

from collections.abc import Iterator

from resellerplan.diagnostics import Finding, Severity
from resellerplan.planning.compare import manifest_word
from resellerplan.planning.diff import NOT_READ
from resellerplan.planning.guards.case import Case
from resellerplan.planning.remarks import listed

__all__ = ["CODES", "check"]

CODES = {"RP3066": "fields could not be read, so they are not compared"}


def check(case: Case) -> Iterator[Finding]:
    """One finding per object."""
    for change in case.changes:
        unread = [one.path for one in change.suppressed if one.reason == NOT_READ]
        if unread:
            words = listed([manifest_word(change.address.kind, path) for path in unread])
            yield case.finding(
                "RP3066", Severity.WARNING, CODES["RP3066"], change.address, label=f"{change.address}: {words}", field=unread[0]
            )

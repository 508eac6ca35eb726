"""``only_if`` on a tombstone: a quota may stand there only where the panel's usage can be trusted."""

from __future__ import annotations

from collections.abc import Iterator

from resellerplan.diagnostics import Finding, Note, Severity
from resellerplan.model.address import Kind
from resellerplan.planning.guards.case import Case

__all__ = ["CODES", "check"]

CODES = {
    "RP3053": "the condition can't be told on this panel",
    "RP3054": "only a space's delete can have a condition",
}


def check(case: Case) -> Iterator[Finding]:
    """Domains are counted by themselves; everything else is usage, which EF logic always counts as 0 (contract 7.4)."""
    for change in case.deletes:
        if change.conditions and change.address.kind is not Kind.SPACE:
            hint = "put the condition on its spaces"
            yield case.finding("RP3054", Severity.ERROR, CODES["RP3054"], change.address, field="only_if", hint=hint)
            continue
        for condition in change.conditions:
            if condition.what != "domains" and not case.matches.live.abilities.usage_trusted:
                yield case.finding(
                    "RP3053",
                    Severity.ERROR,
                    CODES["RP3053"],
                    change.address,
                    label=f"only_if {condition.what}: {condition.count}",
                    field="only_if",
                    notes=(Note("this panel counts a space's own usage as 0 whatever is in it, so it would always hold"),),
                    hint="leave only `domains` there, or look by hand and take the condition out",
                )

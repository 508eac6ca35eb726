"""The sentences that other tools read, and the counts behind them: made once here, for text, JSON and all other forms.

The lines are byte-exact on purpose: wrappers of plan/apply tools match ``Plan: N to add, ...``, ``No changes. ...`` and
``Apply complete! ...``.
"""

from __future__ import annotations

from collections.abc import Iterable

from resellerplan.applying.outcome import ApplyReport, Result
from resellerplan.model.address import Address, Kind
from resellerplan.model.traits import KINDS
from resellerplan.planning.plan import Counts

__all__ = ["NO_CHANGES", "apply_sentence", "by_kind", "change_summary", "counted", "gitlab_report", "plan_sentence"]

NO_CHANGES = "No changes. Your infrastructure matches the configuration."


def plan_sentence(counts: Counts) -> str:
    """``Plan: 2 to add, 1 to change, 0 to destroy.``, or the sentence for nothing to do."""
    if not counts.anything:
        return NO_CHANGES
    return f"Plan: {counts.add} to add, {counts.change} to change, {counts.destroy} to destroy."


def apply_sentence(report: ApplyReport) -> str:
    """``Apply complete! Resources: ...``, or ``Apply incomplete! ...`` with what did not come to be."""
    counts = report.counts
    figures = f"Resources: {counts.added} added, {counts.changed} changed, {counts.destroyed} destroyed"
    if report.good:
        return f"Apply complete! {figures}."
    rest = [
        f"{number} {word}"
        for number, word in (
            (counts.failed, "failed"),
            (counts.unknown, "unknown"),
            (counts.moved, "moved since the plan was made"),
            (counts.skipped, "skipped"),
            (counts.interrupted, "not begun"),
        )
        if number
    ]
    letters = [outcome.result for outcome in report.outcomes if outcome.kind == "letter" and not outcome.result.good]
    untried = sum(1 for result in letters if result in {Result.SKIPPED, Result.INTERRUPTED})
    for number, word in ((untried, "not sent"), (len(letters) - untried, "not known to be sent")):
        if number:
            rest.append(f"{number} letter{'s' if number > 1 else ''} {word}")
    how = "Apply interrupted!" if report.interrupted else "Apply incomplete!"
    return f"{how} {figures}; {', '.join(rest)}." if rest else f"{how} {figures}."


def change_summary(counts: Counts, operation: str) -> dict[str, int | str]:
    """The counts as the machine-readable stream holds them; ``operation`` is ``plan`` or ``apply``."""
    return {"add": counts.add, "change": counts.change, "remove": counts.destroy, "import": 0, "operation": operation}


def gitlab_report(counts: Counts) -> dict[str, int]:
    """What GitLab's widget for plans reads."""
    return {"create": counts.add, "update": counts.change, "delete": counts.destroy}


def counted(number: int, kind: Kind) -> str:
    """``1 customer``, ``14 plans``."""
    plural = KINDS[kind].plural
    return f"{number} {plural if number != 1 else plural.removesuffix('s')}"


def by_kind(addresses: Iterable[Address]) -> str:
    """``3 customers, 1 plan``, in the order of the kinds; empty for none."""
    tally: dict[Kind, int] = {}
    for address in addresses:
        tally[address.kind] = tally.get(address.kind, 0) + 1
    return ", ".join(counted(tally[kind], kind) for kind in Kind if kind in tally)

"""Taking something away from customers by editing the plan they are on: at once, for all of them, without a canary."""

from __future__ import annotations

from collections.abc import Iterator

from resellerplan.diagnostics import Finding, Note, Severity
from resellerplan.model.address import Address, Kind
from resellerplan.planning.change import Change
from resellerplan.planning.compare import manifest_word
from resellerplan.planning.guards.case import Case
from resellerplan.planning.remarks import counted, listed
from resellerplan.planning.terms import lowers

__all__ = ["CODES", "FLAG", "check"]

CODES = {"RP3062": "the plan would take something away from spaces that have it"}
FLAG = "reduce-plan"


def check(case: Case) -> Iterator[Finding]:
    """For plans and add-ons in use; spaces with own terms are not touched and not counted."""
    allowed = FLAG in case.policy.dangerous
    severity = Severity.WARNING if allowed else Severity.ERROR
    hint = "make a new plan and move spaces to it" + ("" if allowed else f", or say --dangerous-{FLAG}")
    for kind in (Kind.PLAN, Kind.ADDON):
        for change in case.updates(kind):
            lowered = [field for field in change.fields if field.path.startswith("groups.") and lowers(field)]
            using = _using(case, change) if lowered else []
            if using:
                words = listed([manifest_word(kind, field.path) for field in lowered])
                yield case.finding(
                    "RP3062",
                    severity,
                    CODES["RP3062"],
                    change.address,
                    label=f"{change.address} lowers {words}",
                    field=lowered[0].path,
                    notes=(Note(f"it is the {kind} of {counted(len(using), 'space')}: {listed(using)}"),),
                    hint=hint,
                )


def _using(case: Case, change: Change) -> list[Address]:
    live = change.previous or change.address
    panel_id = case.facts(live).panel_id
    if live.kind is Kind.PLAN:
        using = [space for space in case.spaces_on.get(panel_id, ()) if not case.facts(space).own_terms]
        return using + [foreign.address for foreign in case.matches.live.foreign if foreign.plan_id == panel_id]
    return [space for space, _ in case.matches.live.of_kind(Kind.SPACE) if case.addons_of(space).get(live.name)]

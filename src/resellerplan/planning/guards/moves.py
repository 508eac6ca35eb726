"""Moves that the panel does not really make: to a plan on another server or package, to another customer without the call."""

from __future__ import annotations

from collections.abc import Iterator

from resellerplan.diagnostics import Finding, Note, Severity
from resellerplan.model.address import Address, Kind, PanelId
from resellerplan.planning.change import Action, Change
from resellerplan.planning.guards.case import Case

__all__ = ["CODES", "check"]

CODES = {
    "RP3027": "the plan is on another server or package",
    "RP3028": "this panel can't give a space to another customer",
    "RP3029": "spaces wait for a later run",
}


def check(case: Case) -> Iterator[Finding]:
    """Plan moves across servers, changes of owner, and what --limit left for later."""
    for change in case.updates(Kind.SPACE):
        if change.of("plan") is not None:
            yield from _across(case, change)
        if change.of("customer") is not None and not case.matches.live.abilities.change_owner:
            hint = "move it by hand, or create a new space and move the content"
            yield case.finding("RP3028", Severity.ERROR, CODES["RP3028"], change.address, field="moved_from", hint=hint)
    waiting = [change for change in case.changes if _waits(change)]
    if waiting:
        yield Finding(
            code="RP3029",
            severity=Severity.NOTE,
            summary=CODES["RP3029"],
            label=f"{len(waiting)} more are to move to another plan",
            hint=f"--limit {case.scope.limit_moves} moves no more at once; run `resellerplan apply` again",
        )


def _waits(change: Change) -> bool:
    return any(one.path == "plan" and "--limit" in one.reason for one in change.suppressed)


def _across(case: Case, change: Change) -> Iterator[Finding]:
    assert change.desired is not None
    plan = Address.plan(getattr(change.desired, "plan", ""))
    stands = _standing(case, plan)
    here = case.facts(change.previous or change.address)
    if stands is None:
        return
    package, server = stands
    other_package = bool(package and here.parent_id and package != here.parent_id)
    other_server = bool(server and here.server_id and server != here.server_id)
    if other_package or other_server:
        what = "server" if other_server else "package"
        yield case.finding(
            "RP3027",
            Severity.ERROR,
            CODES["RP3027"],
            change.address,
            label=f"{plan} is on another {what} than {change.address}",
            field="plan",
            notes=(Note("the panel would write the new plan and leave the space where it is"),),
            hint="create a new space on that plan and move the content",
        )


def _standing(case: Case, plan: Address) -> tuple[PanelId, PanelId] | None:
    """(package, server) a plan hangs on; a new plan hangs on the own package."""
    change = case.by_address.get(plan)
    if change is not None and change.action is Action.CREATE:
        own = case.matches.live.own
        return None if own is None else (own.panel_id, own.server_id)
    facts = case.matches.live.facts.get(case.matches.pairs.get(plan, plan))
    return None if facts is None else (facts.parent_id, facts.server_id)

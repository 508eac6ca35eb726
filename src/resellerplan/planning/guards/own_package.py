"""What stands on the reseller's own package: whether it is known, whether it has the groups a plan needs, what it can't give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from resellerplan.diagnostics import Finding, Severity
from resellerplan.model.address import Kind
from resellerplan.model.estate import OwnPackage
from resellerplan.model.hosting_plan import Addon, HostingPlan
from resellerplan.model.quotas import ALWAYS_IN, quota_text, shipped_catalogue
from resellerplan.model.values import UNLIMITED
from resellerplan.planning.change import Action, Change
from resellerplan.planning.guards.case import Case

__all__ = ["CODES", "check"]

CODES = {
    "RP3020": "it is not known which of your own packages this hangs on",
    "RP3021": "your own package lacks a group that every plan needs",
    "RP3022": "your own package lacks this group",
    "RP3023": "your own package has less of this quota",
}


def check(case: Case) -> Iterator[Finding]:
    """Only for plans and add-ons that are made or changed now."""
    for kind in (Kind.PLAN, Kind.ADDON):
        for change in (*case.creations(kind), *case.updates(kind)):
            own = case.matches.live.own
            if own is None:
                if change.action is Action.CREATE:
                    hint = "name it in the manifest: `panel: {space: NAME}`"
                    yield case.finding("RP3020", Severity.ERROR, CODES["RP3020"], change.address, hint=hint)
            elif own.groups:
                yield from _groups(case, change, own)
                yield from _quotas(case, change, own)


def _groups(case: Case, change: Change, own: OwnPackage) -> Iterator[Finding]:
    if change.address.kind is Kind.PLAN:
        for group in ALWAYS_IN:
            if group not in own.groups:
                label = f"{change.address} needs {group}, and {own.name!r} does not have it"
                hint = "ask the operator of the panel to add the group to your package; without it the group has no effect"
                yield case.finding("RP3021", Severity.ERROR, CODES["RP3021"], change.address, label=label, hint=hint)
    for group in _declared(change):
        if group not in own.groups and group not in ALWAYS_IN:
            label = f"group {group}: the panel stores it, and it has no effect"
            hint = "take the group out, or ask the operator to add it to your package"
            field = f"groups.{group}"
            yield case.finding("RP3022", Severity.WARNING, CODES["RP3022"], change.address, label=label, field=field, hint=hint)


def _declared(change: Change) -> Iterator[str]:
    """The groups that come in with this change."""
    for field in change.fields:
        head, _, name = field.path.partition(".")
        if head == "groups" and field.after is True and "." not in name:
            yield name


def _quotas(case: Case, change: Change, own: OwnPackage) -> Iterator[Finding]:
    """A single space never gets more than the own package has: the panel takes the smaller number (contract 6.4)."""
    if not isinstance(change.desired, HostingPlan | Addon) or not isinstance(change.desired.groups, Mapping):
        return
    for field in change.fields:
        quota = field.path.removeprefix("groups.")
        allowed = own.allocated.get(quota, UNLIMITED)
        if isinstance(field.after, bool) or not isinstance(field.after, int) or allowed == UNLIMITED:
            continue
        if field.after > allowed:
            kind = shipped_catalogue().quotas.get(quota)
            label = f"{quota}: {quota_text(kind, field.after)} wanted, {quota_text(kind, allowed)} in {own.name!r}"
            hint = "a space gets the smaller of the two"
            yield case.finding(
                "RP3023", Severity.WARNING, CODES["RP3023"], change.address, label=label, field=field.path, hint=hint
            )

"""A plan as the JSON that plan/apply tools read (format 1.2): policies, widgets and scripts look at ``resource_changes``.

Never a sensitive value, in ``before`` or ``after``: a password is only marked as one. Personal data is masked unless asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from decimal import Decimal
from enum import Enum

from resellerplan.diagnostics import Finding, Place
from resellerplan.model.address import Kind
from resellerplan.model.customer import Customer
from resellerplan.model.hosting_plan import Addon, GroupTerms, HostingPlan
from resellerplan.model.personal import is_personal, mask
from resellerplan.model.resource import Resource
from resellerplan.model.space import Domain, PlanTerms, Resources
from resellerplan.model.values import NULL, UNKNOWN, UNSET, Money, Recurrence
from resellerplan.planning.change import Action, Change
from resellerplan.planning.compare import manifest_word
from resellerplan.planning.differences import with_initial
from resellerplan.planning.plan import Plan
from resellerplan.planning.plan_file import Header
from resellerplan.planning.terms import terms_if_known, wanted_terms

__all__ = ["FORMAT_VERSION", "as_document", "resource_values"]

FORMAT_VERSION = "1.2"
_COMPATIBLE = "1.9.0"
"""Readers ask for the version of the tool whose format this is; it says how to read, not who wrote."""
_PROVIDER = "resellerplan"
_ACTIONS: Mapping[Action, list[str]] = {
    Action.NO_OP: ["no-op"],
    Action.CREATE: ["create"],
    Action.UPDATE: ["update"],
    Action.DELETE: ["delete"],
}

Json = dict[str, object]


def as_document(plan: Plan, header: Header, *, show_personal: bool = False) -> Json:
    """The whole document, ready for ``json.dumps``."""
    rows = [_resource_change(change, show_personal) for change in plan.changes]
    return {
        "format_version": FORMAT_VERSION,
        "terraform_version": _COMPATIBLE,
        "planned_values": {"root_module": {"resources": list(_values(plan.changes, rows, "after"))}},
        "resource_changes": rows,
        "resource_drift": [],
        "relevant_attributes": [],
        "output_changes": {},
        "prior_state": {
            "format_version": "1.0",
            "terraform_version": _COMPATIBLE,
            "values": {"root_module": {"resources": list(_values(plan.changes, rows, "before"))}},
        },
        "configuration": {"root_module": {}},
        "checks": [],
        "errored": bool(plan.refusals),
        "applyable": plan.counts.anything and not plan.refusals,
        "complete": plan.scope.everything,
        "timestamp": header.made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "resellerplan": {
            "version": header.program,
            "panel": header.panel,
            "reseller": plan.reseller,
            "today": None if plan.today is None else plan.today.isoformat(),
            "findings": [_finding(finding) for finding in plan.findings],
            "unmanaged": [str(address) for address in plan.unmanaged],
            "not_read": list(plan.not_read),
            "capacity": [
                {
                    "quota": row.quota,
                    "allocated": row.allocated,
                    "sold_before": row.sold_before,
                    "sold_after": row.sold_after,
                    "unlimited": row.unlimited,
                    "unread": row.unread,
                }
                for row in plan.capacity
            ],
            "waves": [[str(address) for address in wave] for wave in plan.waves],
        },
        **_price_delta(plan),
    }


def resource_values(resource: Resource, *, show_personal: bool = False) -> Json:
    """The fields of one object that say something, ready for ``json.dumps``; personal data is masked unless asked for."""
    values = _plain(resource)
    return values if show_personal else _masked(resource.self_address.kind, values)


def _price_delta(plan: Plan) -> Json:
    if plan.revenue_delta is None:
        return {}
    return {"price_delta": {"currency": plan.currency, "per_month": str(plan.revenue_delta)}}


def _resource_change(change: Change, show_personal: bool) -> Json:
    before = None if change.live is None else {"id": change.panel_id, **_plain(change.live)}
    after = _after(change, before)
    kind = change.address.kind
    if not show_personal:
        before = None if before is None else _masked(kind, before)
        after = None if after is None else _masked(kind, after)
    creates = change.action is Action.CREATE
    password = isinstance(change.desired, Customer) and change.desired.password is not None
    row: Json = {
        "address": str(change.address),
        "mode": "managed",
        "type": kind.value,
        "name": change.address.label,
        "provider_name": _PROVIDER,
        "change": {
            "actions": _ACTIONS[change.action],
            "before": before,
            "after": after,
            "after_unknown": {"id": True} if creates else {},
            "before_sensitive": {},
            "after_sensitive": {"password": True} if creates and password else {},
        },
    }
    if change.previous is not None:
        row["previous_address"] = str(change.previous)
    if change.action is Action.DELETE:
        row["action_reason"] = "delete_because_marked_absent"
    said: Json = {
        "reason": change.reason,
        "remarks": list(change.remarks),
        "left_alone": [{"field": manifest_word(kind, one.path), "reason": one.reason} for one in change.suppressed],
        "cascade": [str(address) for address in (*change.cascade, *change.revives)],
        "place": _place(change.place),
    }
    row["resellerplan"] = {name: value for name, value in said.items() if value}
    return row


def _after(change: Change, before: Json | None) -> Json | None:
    """What the object will be: only what is managed and differs is laid over what is there."""
    if change.action is Action.DELETE:
        return None
    if change.action is Action.NO_OP:
        return before
    desired = change.desired
    assert desired is not None
    if isinstance(desired, HostingPlan | Addon):
        live = change.live if isinstance(change.live, HostingPlan | Addon) else None
        groups = _terms(wanted_terms(desired, None if live is None else terms_if_known(live.groups)))
    else:
        groups = {}
    wanted = {**_plain(with_initial(desired)), **({"groups": groups} if groups else {})}
    after: Json = dict(before or {name: wanted[name] for name in ("username", "customer", "name") if name in wanted})
    for field in change.fields:
        head = field.path.partition(".")[0]
        if head.startswith("count_"):
            continue
        if head in ("domains", "addons") and change.action is Action.UPDATE:
            after[head] = _with_part(after.get(head), field.path.partition(".")[2], field.after)
        elif head == "status":
            after["status"] = _value(field.after)
        elif head in wanted:
            after[head] = wanted[head]
    return after


def _with_part(held: object, name: str, part: object) -> object:
    if isinstance(part, Domain):
        return [*(held if isinstance(held, list) else []), part.name]
    return {**(held if isinstance(held, dict) else {}), name: part}


def _values(changes: Iterable[Change], rows: Iterable[Json], side: str) -> Iterable[Json]:
    for change, row in zip(changes, rows, strict=True):
        inner = row["change"]
        values = inner[side] if isinstance(inner, dict) else None
        if values is not None:
            yield {
                "address": row["address"],
                "mode": "managed",
                "type": change.address.kind.value,
                "name": change.address.label,
                "provider_name": _PROVIDER,
                "schema_version": 0,
                "values": values,
                "sensitive_values": {},
            }


_NOT_SHOWN = frozenset({"lifecycle", "password", "summary_letter", "unlisted"})


def _plain(resource: Resource) -> Json:
    """Every field that says something; a password never."""
    shown: Json = {}
    for member in fields(resource):
        held = getattr(resource, member.name)
        if member.name in _NOT_SHOWN or held is UNSET or held is UNKNOWN or held is None:
            continue
        shown[member.name] = _value(held)
    return shown


def _value(held: object) -> object:
    if held is NULL:
        return None
    if isinstance(held, PlanTerms):
        return "none"
    if isinstance(held, Enum):
        return held.value
    if isinstance(held, Money | Recurrence | Decimal):
        return str(held)
    if isinstance(held, Resources):
        return {"website": held.website, "ftp": held.ftp, "mail": held.mail, "host": held.host}
    if isinstance(held, tuple):
        return [domain.name for domain in held if isinstance(domain, Domain)]
    if isinstance(held, Mapping):
        if any(isinstance(item, GroupTerms) for item in held.values()):
            return _terms(held)
        return dict(held)
    return held


def _terms(terms: Mapping[str, GroupTerms]) -> Json:
    return {name: dict(group.quotas) for name, group in terms.items()}


def _masked(kind: Kind, values: Json) -> Json:
    return {name: mask(held) if isinstance(held, str) and is_personal(kind, name) else held for name, held in values.items()}


def _finding(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "summary": finding.summary,
        "detail": "\n".join([finding.label, *(note.text for note in finding.notes)]),
        "hint": finding.hint,
        "address": finding.address,
        "place": _place(finding.place),
    }


def _place(place: Place | None) -> Json | None:
    return None if place is None else {"file": place.file, "line": place.line, "column": place.column}

"""Plans and add-ons: list rows, and groups and quotas of those that are managed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from resellerplan.model.address import Address, PanelId
from resellerplan.model.estate import Facts
from resellerplan.model.hosting_plan import HostingPlan
from resellerplan.model.values import is_value
from resellerplan.panel.fingerprint import fingerprint_of
from resellerplan.panel.gathering.gathered import Gathered
from resellerplan.panel.record import Record
from resellerplan.panel.translate.hosting_plan import PlanRow, terms_of_context

__all__ = ["plans_that_change", "take_plans"]


def take_plans(gathered: Gathered, listed: Sequence[PlanRow]) -> Mapping[PanelId, PlanRow]:
    """Gather the plans and add-ons; gives the rows by the panel's id."""
    managed: dict[Address, list[PlanRow]] = {}
    for row in listed:
        managed.setdefault(row.plan.self_address, []).append(row)
    chosen = gathered.unambiguous(managed, lambda row: row.panel_id)
    for address, row in chosen.items():
        gathered.resources[address] = row.plan
        gathered.facts[address] = _facts(row, None)

    def read(row: PlanRow) -> Record | None:
        return gathered.client.record("GetHostingPlanContext", planId=row.panel_id)

    full = [row for address, row in chosen.items() if _needs_terms(gathered, address)]
    for row, context in gathered.side_by_side(read, full):
        address = row.plan.self_address
        hosting_plan = context.record("hostingplan") if context is not None else None
        if context is None or hosting_plan is None:
            continue
        terms, numbers = terms_of_context(context)
        gathered.resources[address] = replace(row.plan, groups=terms)
        gathered.facts[address] = _facts(row, fingerprint_of(hosting_plan, numbers.rows))
    return {row.panel_id: row for row in listed}


def _facts(row: PlanRow, fingerprint: str | None) -> Facts:
    return Facts(
        panel_id=row.panel_id,
        owner_id=row.owner_id,
        fingerprint=fingerprint,
        parent_id=row.package_id,
        server_id=row.server_id,
        complete=fingerprint is not None,
    )


def _needs_terms(gathered: Gathered, address: Address) -> bool:
    declared = gathered.declared_by(address)
    return declared is not None and not declared.lifecycle.existing


def plans_that_change(gathered: Gathered, rows: Mapping[PanelId, PlanRow]) -> frozenset[PanelId]:
    """Plans whose groups or quotas differ: their spaces must be told apart by whether they have own terms."""
    found = set()
    for row in rows.values():
        address = row.plan.self_address
        declared = gathered.declared_by(address)
        live = gathered.resources.get(address)
        if (
            isinstance(declared, HostingPlan)
            and isinstance(live, HostingPlan)
            and is_value(declared.groups)
            and is_value(live.groups)
            and _terms_differ(declared, live)
        ):
            found.add(row.panel_id)
    return frozenset(found)


def _terms_differ(declared: HostingPlan, live: HostingPlan) -> bool:
    wanted, held = declared.groups, live.groups
    if not isinstance(wanted, Mapping) or not isinstance(held, Mapping):
        return False
    return any(_values(wanted.get(name)) != _values(held.get(name)) for name in {*wanted, *held})


def _values(terms: object) -> Iterable[tuple[str, int]]:
    quotas = getattr(terms, "quotas", {})
    return sorted((name, value) for name, value in quotas.items() if value)

"""Spaces: list rows, and of those that are managed or touched the full record, add-ons and own terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from resellerplan.errors import PanelFault
from resellerplan.model.address import Address, Kind, PanelId
from resellerplan.model.drafts import maker
from resellerplan.model.estate import Facts, Foreign
from resellerplan.model.hosting_plan import Addon, HostingPlan, Terms
from resellerplan.model.space import PLAN_TERMS, Space
from resellerplan.model.values import UNKNOWN, Field, is_value
from resellerplan.panel.bulk import read_spaces_of_everybody, read_spaces_one_by_one
from resellerplan.panel.fingerprint import fingerprint_of
from resellerplan.panel.gathering.gathered import Gathered, made_facts
from resellerplan.panel.gathering.hosting_plans import plans_that_change
from resellerplan.panel.record import Record
from resellerplan.panel.translate.customer import CustomerRow
from resellerplan.panel.translate.hosting_plan import PlanRow
from resellerplan.panel.translate.space import (
    ADDON_COLUMNS,
    EDIT_COLUMNS,
    AddonRow,
    SpaceRow,
    addon_of_row,
    own_terms_of,
    space_of_record,
)
from resellerplan.panel.translate.statuses import STATUSES

__all__ = ["Spaces"]

_made_space: Final = maker(Space)


class Spaces:
    """The spaces of one snapshot: their rows, and the declarations that are about them."""

    def __init__(self, gathered: Gathered, customers: Mapping[PanelId, CustomerRow], plans: Mapping[PanelId, PlanRow]) -> None:
        self.rows: dict[Address, SpaceRow] = {}
        self.declared: dict[Address, Space] = {}
        self._gathered = gathered
        self._customers = customers
        self._plans = plans

    def take(self, listed: list[SpaceRow] | None, changing: frozenset[PanelId]) -> None:
        """Gather them. ``listed`` None: there is no list. ``changing`` are customers whose change touches their spaces."""
        gathered = self._gathered
        managed = self._told_apart(listed if listed is not None else read_spaces_one_by_one(gathered.session, self._customers))
        gathered.tell()
        self.rows = gathered.unambiguous(managed, lambda row: row.panel_id)
        for address, row in self.rows.items():
            declared = gathered.declared_by(address)
            if isinstance(declared, Space) and not declared.lifecycle.existing:
                self.declared[address] = declared
            gathered.resources[address] = self._listed(address, row)
            gathered.facts[address] = self._facts(row, None)
        self._read_full(changing)
        self._read_addons()
        self._read_own_terms()

    def at(self, address: Address) -> Space:
        """A space as far as it has been gathered."""
        found = self._gathered.resources[address]
        assert isinstance(found, Space)
        return found

    def _told_apart(self, listed: list[SpaceRow]) -> Mapping[Address, list[SpaceRow]]:
        """The reseller's customers' spaces by address; all others are noted as foreign."""
        gathered = self._gathered
        ours = {facts.panel_id: address for address, facts in gathered.facts.items() if address.kind is Kind.CUSTOMER}
        managed: dict[Address, list[SpaceRow]] = {}
        seen: set[PanelId] = set()
        for row in listed:
            seen.add(row.panel_id)
            customer = ours.get(row.user_id)
            if customer is not None:
                managed.setdefault(Address.space(customer.name, row.name), []).append(row)
            else:
                owner = self._customers.get(row.user_id)
                username = owner.customer.username if owner is not None else row.username or f"id {row.user_id}"
                self._add_foreign(Address.space(username, row.name), row)
        if gathered.foreign or len(gathered.session.own_packages) > 1:
            everywhere = read_spaces_of_everybody(gathered.session, gathered.remark)
            if everywhere is None:
                gathered.remark("spaces of customers' customers were not read: this panel faults on it")
            for row in everywhere or ():
                if row.panel_id not in seen:
                    self._add_foreign(Address.space(row.username, row.name), row)
        return managed

    def _add_foreign(self, address: Address, row: SpaceRow) -> None:
        self._gathered.foreign.append(
            Foreign(address=address, panel_id=row.panel_id, owner_id=row.user_id, parent_id=row.parent_id, plan_id=row.plan_id)
        )

    def _plan_name(self, plan_id: PanelId) -> Field[str]:
        row = self._plans.get(plan_id)
        return row.plan.name if row is not None and isinstance(row.plan, HostingPlan) else UNKNOWN

    def _listed(self, address: Address, row: SpaceRow) -> Space:
        return _made_space(
            customer=address.owner,
            name=row.name,
            plan=self._plan_name(row.plan_id),
            status=STATUSES.get(row.status_id, UNKNOWN),
            comments=UNKNOWN,
            domains=UNKNOWN,
            addons=UNKNOWN,
            overrides=UNKNOWN,
        )

    def _facts(self, row: SpaceRow, record: Record | None) -> Facts:
        since = row.status_since
        if record is not None and since is None:
            since = record.moment("statusidchangedate")
        return made_facts(
            panel_id=row.panel_id,
            owner_id=row.user_id,
            fingerprint=fingerprint_of(record) if record is not None else None,
            parent_id=row.parent_id,
            server_id=row.server_id,
            plan_id=row.plan_id,
            own_terms=record is not None and record.boolean("overridequotas"),
            status_since=None if self._gathered.session.entity_framework else since,
            complete=record is not None,
        )

    # -- what only full records tell -------------------------------------------------------------------------------------------

    def _read_full(self, changing: frozenset[PanelId]) -> None:
        gathered = self._gathered
        plans = plans_that_change(gathered, self._plans)
        full = [(address, row) for address, row in self.rows.items() if self._needs_full(address, row, plans, changing)]

        def read(item: tuple[Address, SpaceRow]) -> Record | None:
            return gathered.client.record("GetPackage", packageId=item[1].panel_id)

        for (address, row), record in gathered.side_by_side(read, full):
            if record is None:
                continue
            gathered.resources[address] = space_of_record(record, address.owner, self._plan_name(row.plan_id))
            gathered.facts[address] = self._facts(row, record)
            if not record.boolean("overridequotas"):
                gathered.resources[address] = replace(self.at(address), overrides=PLAN_TERMS)

    def _needs_full(self, address: Address, row: SpaceRow, plans: frozenset[PanelId], customers: frozenset[PanelId]) -> bool:
        if row.plan_id in plans or row.user_id in customers:
            return True
        declared = self.declared.get(address)
        if declared is None:
            return False
        lifecycle = declared.lifecycle
        if lifecycle.tombstone is not None or lifecycle.ends is not None or lifecycle.moved_from is not None:
            return True
        if is_value(declared.comments) or is_value(declared.overrides):
            return True
        listed = self.at(address)
        return any(is_value(w := getattr(declared, n)) and w != getattr(listed, n) for n in ("plan", "status"))

    def _read_addons(self) -> None:
        gathered = self._gathered
        names = {row.panel_id: row.plan.name for row in self._plans.values() if isinstance(row.plan, Addon)}
        wanted = [address for address, declared in self.declared.items() if is_value(declared.addons)]

        def read(address: Address) -> list[AddonRow]:
            tables = gathered.client.rows("GetPackageAddons", ADDON_COLUMNS, packageId=self.rows[address].panel_id)
            return [addon_of_row(row) for row in tables.rows()]

        for address, rows in gathered.side_by_side(read, wanted):
            sums: dict[str, int] = {}
            for row in rows:
                if row.active and row.plan_id in names:
                    sums[names[row.plan_id]] = sums.get(names[row.plan_id], 0) + row.quantity
            gathered.resources[address] = replace(self.at(address), addons=sums)

    def _read_own_terms(self) -> None:
        gathered = self._gathered
        stored_procedures = not gathered.session.entity_framework
        wanted = [
            address
            for address, declared in self.declared.items()
            if is_value(declared.overrides) and gathered.facts[address].own_terms
        ]

        def read(address: Address) -> Terms | None:
            try:
                tables = gathered.client.rows("GetPackageQuotasForEdit", EDIT_COLUMNS, packageId=self.rows[address].panel_id)
            except PanelFault:
                return None
            return own_terms_of(tables, stored_procedures=stored_procedures)[0]

        for address, terms in gathered.side_by_side(read, wanted):
            if terms is None:
                gathered.remark(f"the own terms of {address} were not read: this panel faults on it")
            else:
                gathered.resources[address] = replace(self.at(address), overrides=terms)

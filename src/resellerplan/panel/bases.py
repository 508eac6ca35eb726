"""Fresh full reads of single objects: what an update is based on and what it is checked against afterwards."""

from __future__ import annotations

from resellerplan.applying.ports import Base
from resellerplan.errors import PanelFault
from resellerplan.model.address import Address, Kind, PanelId
from resellerplan.model.hosting_plan import Terms
from resellerplan.model.space import PLAN_TERMS, Domain, PlanTerms, Space
from resellerplan.model.values import UNKNOWN, Field
from resellerplan.panel.fingerprint import fingerprint_of
from resellerplan.panel.record import Record
from resellerplan.panel.session import Session
from resellerplan.panel.translate.customer import customer_of_record
from resellerplan.panel.translate.hosting_plan import PanelTerms, plan_of_record, terms_of_context
from resellerplan.panel.translate.space import (
    ADDON_COLUMNS,
    DOMAIN_COLUMNS,
    EDIT_COLUMNS,
    AddonRow,
    addon_of_row,
    domain_of_row,
    own_terms_of,
    space_of_record,
)
from resellerplan.soap.values import read_int

__all__ = ["Bases"]


class Bases:
    """Reads objects whole. Names of plans are asked for once and again when an unknown id appears."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._client = session.client
        self._plan_names: dict[PanelId, str] = {}
        self._addon_names: dict[PanelId, str] = {}
        self._owner_names: dict[PanelId, str] = {}

    def forget_names(self) -> None:
        """A plan was renamed, made or removed."""
        self._plan_names = {}
        self._addon_names = {}

    def read(self, address: Address, panel_id: PanelId) -> Base | None:
        """See ``PanelWriter.read``."""
        match address.kind:
            case Kind.CUSTOMER:
                record = self._client.record("GetUserById", userId=panel_id)
                return (
                    None
                    if record is None
                    else Base(resource=customer_of_record(record), panel_id=panel_id, fingerprint=fingerprint_of(record))
                )
            case Kind.PLAN | Kind.ADDON:
                context = self._client.record("GetHostingPlanContext", planId=panel_id)
                plan = context.record("hostingplan") if context is not None else None
                if context is None or plan is None:
                    return None
                terms, numbers = terms_of_context(context)
                return Base(
                    resource=plan_of_record(plan, terms, addon=address.kind is Kind.ADDON),
                    panel_id=panel_id,
                    fingerprint=fingerprint_of(plan, numbers.rows),
                )
            case Kind.SPACE:
                record = self._client.record("GetPackage", packageId=panel_id)
                return (
                    None
                    if record is None
                    else Base(
                        resource=self._space(address, panel_id, record), panel_id=panel_id, fingerprint=fingerprint_of(record)
                    )
                )

    def _space(self, address: Address, panel_id: PanelId, record: Record) -> Space:
        owner = self._owner_name(record.integer("userid")) or address.owner
        space = space_of_record(record, owner, self._plan_name(record.integer("planid")))
        overrides: Field[Terms | PlanTerms] = PLAN_TERMS
        if record.boolean("overridequotas"):
            own = self.own_terms(panel_id)
            overrides = UNKNOWN if own is None else own[0]
        return Space(
            customer=space.customer,
            name=space.name,
            plan=space.plan,
            status=space.status,
            comments=space.comments,
            domains=self.domains(panel_id),
            addons=self._addon_sums(panel_id),
            overrides=overrides,
        )

    def domains(self, panel_id: PanelId) -> tuple[Domain, ...]:
        """The domains of one space, previews and pointers left out, by name."""
        rows = self._client.rows("GetMyDomains", DOMAIN_COLUMNS, packageId=panel_id).rows()
        found = [domain_of_row(row) for row in rows]
        return tuple(sorted((row.domain for row in found if row.counts), key=lambda domain: domain.name))

    def addons(self, panel_id: PanelId) -> list[AddonRow]:
        """The add-ons of one space, inactive ones too, in the order of their ids."""
        rows = self._client.rows("GetPackageAddons", ADDON_COLUMNS, packageId=panel_id).rows()
        return sorted((addon_of_row(row) for row in rows), key=lambda row: row.panel_id)

    def own_terms(self, panel_id: PanelId) -> tuple[Terms, PanelTerms] | None:
        """The own groups and quotas of a space that has some; None where this panel faults on the question."""
        try:
            tables = self._client.rows("GetPackageQuotasForEdit", EDIT_COLUMNS, packageId=panel_id)
        except PanelFault:
            return None
        return own_terms_of(tables, stored_procedures=not self._session.entity_framework)

    def _owner_name(self, user_id: PanelId) -> str:
        """The customer a space has now, whoever it is asked for under: user names never change. Empty where it can't be read."""
        if user_id not in self._owner_names:
            record = self._client.record("GetUserById", userId=user_id)
            self._owner_names[user_id] = "" if record is None else record.text("username") or ""
        return self._owner_names[user_id]

    def _plan_name(self, plan_id: PanelId) -> Field[str]:
        if plan_id not in self._plan_names:
            self._plan_names = self._names("GetHostingPlans")
        return self._plan_names.get(plan_id, UNKNOWN)

    def _addon_sums(self, panel_id: PanelId) -> dict[str, int]:
        sums: dict[str, int] = {}
        for row in self.addons(panel_id):
            if not row.active:
                continue
            if row.plan_id not in self._addon_names:
                self._addon_names = self._names("GetHostingAddons")
            name = self._addon_names.get(row.plan_id)
            if name is not None:
                sums[name] = sums.get(name, 0) + row.quantity
        return sums

    def _names(self, call: str) -> dict[PanelId, str]:
        rows = self._client.rows(call, ("planid", "planname"), userId=self._session.reseller.user_id).rows()
        return {read_int(row[0]): row[1] or "" for row in rows}

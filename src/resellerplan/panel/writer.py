"""The port ``PanelWriter`` on a real panel: each method checks whose the object is, writes once, and reads back."""

from __future__ import annotations

from collections.abc import Mapping

from resellerplan.applying.ports import Base, LetterReceipt
from resellerplan.errors import CallForbidden
from resellerplan.model.address import Address, PanelId
from resellerplan.model.customer import Customer
from resellerplan.model.hosting_plan import Addon, HostingPlan
from resellerplan.model.space import Domain, Space
from resellerplan.model.values import Secret, Status
from resellerplan.panel.bases import Bases
from resellerplan.panel.creating import Creating
from resellerplan.panel.deleting import Deleting
from resellerplan.panel.filling import Filling
from resellerplan.panel.letters import Letters
from resellerplan.panel.reach import Reach
from resellerplan.panel.session import Session
from resellerplan.panel.updating import Updating

__all__ = ["Writer"]


class Writer:
    """Implements :class:`resellerplan.applying.ports.PanelWriter`; its methods' meaning and errors are described there."""

    def __init__(self, session: Session) -> None:
        if not session.client.may_write:
            raise CallForbidden("this command only reads")
        reach, bases = Reach(session), Bases(session)
        self._session = session
        self._reach = reach
        self._bases = bases
        self._creating = Creating(session, reach)
        self._updating = Updating(session, reach, bases)
        self._deleting = Deleting(session, reach, bases)
        self._filling = Filling(session, reach, bases)
        self._letters = Letters(session, reach)

    def read(self, address: Address, panel_id: PanelId) -> Base | None:
        return self._bases.read(address, panel_id)

    def find(self, address: Address) -> PanelId | None:
        return self._reach.find(address)

    def create_customer(self, customer: Customer, password: Secret) -> PanelId:
        return self._creating.customer(customer, password)

    def create_hosting_plan(self, plan: HostingPlan | Addon) -> PanelId:
        self._bases.forget_names()
        return self._creating.hosting_plan(plan)

    def create_space(self, space: Space, customer_id: PanelId, plan_id: PanelId) -> PanelId:
        return self._creating.space(space, customer_id, plan_id)

    def update_customer(self, panel_id: PanelId, wanted: Mapping[str, object]) -> None:
        self._updating.customer(panel_id, wanted)

    def update_hosting_plan(self, panel_id: PanelId, wanted: Mapping[str, object], *, addon: bool) -> None:
        self._updating.hosting_plan(panel_id, wanted, addon=addon)

    def update_space(self, panel_id: PanelId, wanted: Mapping[str, object], *, plan_id: PanelId | None = None) -> None:
        self._updating.space(panel_id, wanted, plan_id)

    def move_space(self, panel_id: PanelId, customer_id: PanelId) -> None:
        self._updating.move_space(panel_id, customer_id)

    def set_customer_status(self, panel_id: PanelId, status: Status) -> None:
        self._updating.customer_status(panel_id, status)

    def set_space_status(self, panel_id: PanelId, status: Status) -> None:
        self._updating.space_status(panel_id, status)

    def change_password(self, panel_id: PanelId, password: Secret) -> None:
        self._updating.password(panel_id, password)

    def add_domain(self, panel_id: PanelId, domain: Domain) -> None:
        self._filling.domain(panel_id, domain)

    def set_addons(self, panel_id: PanelId, wanted: Mapping[str, int], addon_ids: Mapping[str, PanelId]) -> None:
        self._filling.addons(panel_id, wanted, addon_ids)

    def delete_space(self, panel_id: PanelId, *, wait_seconds: float) -> None:
        self._deleting.space(panel_id, wait_seconds)

    def delete_hosting_plan(self, panel_id: PanelId) -> None:
        self._deleting.hosting_plan(panel_id)

    def delete_customer(self, panel_id: PanelId, *, wait_seconds: float) -> None:
        self._deleting.customer(panel_id, wait_seconds)

    def count_domains(self, panel_id: PanelId) -> int:
        return len(self._bases.domains(panel_id))

    def count_used(self, panel_id: PanelId, quota: str) -> int:
        record = self._session.client.record("GetPackageQuota", packageId=panel_id, quotaName=quota)
        return record.integer("quotausedvalue") if record is not None else 0

    def send_account_letter(self, panel_id: PanelId) -> LetterReceipt:
        return self._letters.send_account(panel_id)

    def send_space_letter(self, panel_id: PanelId) -> LetterReceipt:
        return self._letters.send_space(panel_id)

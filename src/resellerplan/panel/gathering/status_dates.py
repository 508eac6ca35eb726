"""Since when somebody is suspended or cancelled: asked of the audit log, for those of whom a plan wants to know."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from resellerplan.model.address import Address, Kind, PanelId
from resellerplan.model.customer import Customer
from resellerplan.model.values import Status
from resellerplan.panel.audit_log import read_audit_log
from resellerplan.panel.gathering.gathered import Gathered
from resellerplan.panel.gathering.spaces import Spaces
from resellerplan.panel.translate.statuses import STATUSES

__all__ = ["read_status_dates"]

_DOWN: Final = frozenset({Status.SUSPENDED, Status.CANCELLED})


def read_status_dates(gathered: Gathered, spaces: Spaces, changing: frozenset[PanelId]) -> None:
    """For customers that are down and are to change or to go, and their spaces: since when (no other call tells)."""
    for address, _ in gathered.desired.of_kind(Kind.CUSTOMER) if changing else ():
        customer = gathered.resources.get(address)
        if isinstance(customer, Customer) and customer.status in _DOWN and gathered.facts[address].panel_id in changing:
            _date_customer(gathered, address)
    if not gathered.session.entity_framework:
        return
    for address, row in spaces.rows.items():
        if STATUSES.get(row.status_id) not in _DOWN:
            continue
        declared = spaces.declared.get(address)
        if row.user_id in changing or (declared is not None and declared.lifecycle.tombstone is not None):
            _date_space(gathered, address)


def _date_customer(gathered: Gathered, address: Address) -> None:
    panel_id = gathered.facts[address].panel_id
    records = read_audit_log(gathered.session, "USER", "CHANGE_STATUS", item_id=panel_id, most=1)
    gathered.tell()
    if records is None:
        gathered.remark(f"since when {address} is suspended was not read: the audit log can't be read")
    elif records and records[0].item_id == panel_id:
        gathered.facts[address] = replace(gathered.facts[address], status_since=records[0].finished)


def _date_space(gathered: Gathered, address: Address) -> None:
    """On these panels the date in the space's own record is not refreshed (contract 6.6)."""
    facts = gathered.facts[address]
    customer = gathered.facts.get(Address.customer(address.owner))
    records = read_audit_log(gathered.session, "HOSTING_SPACE", "CHANGE_STATUS", item_id=facts.panel_id, most=1) or []
    gathered.tell()
    since = records[0].finished if records and records[0].item_id == facts.panel_id else None
    if since is None and customer is not None:
        since = customer.status_since
    gathered.facts[address] = replace(facts, status_since=since)

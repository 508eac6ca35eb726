"""Customers: list rows, and full records of those whose manifest manages more than lists tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from resellerplan.model.address import Address, Kind, PanelId, fold_username
from resellerplan.model.customer import Customer
from resellerplan.model.estate import Foreign
from resellerplan.model.resource import Resource
from resellerplan.model.traits import KINDS
from resellerplan.model.values import Role, is_value
from resellerplan.panel.cache import CustomerCache, Kept
from resellerplan.panel.fingerprint import fingerprint_of
from resellerplan.panel.gathering.gathered import Gathered, made_facts
from resellerplan.panel.record import Record
from resellerplan.panel.translate.customer import CustomerRow, customer_of_record
from resellerplan.panel.translate.statuses import RESELLER, ROLES

__all__ = ["customers_that_change", "take_customers", "taken_usernames"]

_DETAILS: Final = tuple(name for name, trait in KINDS[Kind.CUSTOMER].fields.items() if trait.detail)
_LISTED: Final = tuple(name for name, trait in KINDS[Kind.CUSTOMER].fields.items() if not trait.detail and not trait.on_create_only)


def take_customers(gathered: Gathered, listed: Sequence[CustomerRow], cache: CustomerCache) -> Mapping[PanelId, CustomerRow]:
    """Gather the customers; gives everybody's row by the panel's id, who is foreign included."""
    reseller = gathered.session.reseller.user_id
    managed: dict[Address, list[CustomerRow]] = {}
    for row in listed:
        address = Address.customer(row.customer.username)
        declared = gathered.desired.resources.get(address)
        ours = row.owner_id == reseller and not row.peer and row.role_id in ROLES
        if ours and (row.role_id != RESELLER or declared is not None):
            managed.setdefault(address, []).append(row)
            _look_at_role(gathered, row, declared)
        elif not row.peer:
            gathered.foreign.append(Foreign(address=address, panel_id=row.panel_id, owner_id=row.owner_id))
    unread = []
    for address, row in gathered.unambiguous(managed, lambda row: row.panel_id).items():
        kept = None
        if _needs_record(gathered.desired.resources.get(address), row):
            kept = cache.get(row.panel_id, row.changed)
            if kept is None:
                unread.append((address, row))
        if kept is not None:
            _take_full(gathered, address, row, kept)
        else:
            gathered.resources[address] = row.customer
            gathered.facts[address] = made_facts(panel_id=row.panel_id, owner_id=row.owner_id, complete=False)

    def read(item: tuple[Address, CustomerRow]) -> Record | None:
        return gathered.client.record("GetUserById", userId=item[1].panel_id)

    for (address, row), record in gathered.side_by_side(read, unread):
        if record is None:
            continue
        full = Kept(customer_of_record(record), fingerprint_of(record), record.moment("changed"))
        _take_full(gathered, address, row, full)
        if not record.mended:
            cache.put(row.panel_id, row.changed, full)
    cache.save()
    gathered.tell()
    return {row.panel_id: row for row in listed}


def _take_full(gathered: Gathered, address: Address, row: CustomerRow, kept: Kept) -> None:
    gathered.resources[address] = kept.customer
    gathered.facts[address] = made_facts(
        panel_id=row.panel_id, owner_id=row.owner_id, fingerprint=kept.fingerprint, changed=kept.changed
    )


def _needs_record(declared: Resource | None, row: CustomerRow) -> bool:
    if not isinstance(declared, Customer) or declared.lifecycle.existing:
        return False
    if declared.lifecycle.tombstone is not None or declared.lifecycle.ends is not None:
        return True
    if any(is_value(getattr(declared, name)) for name in _DETAILS):
        return True
    return any(is_value(wanted := getattr(declared, name)) and wanted != getattr(row.customer, name) for name in _LISTED)


def _look_at_role(gathered: Gathered, row: CustomerRow, declared: Resource | None) -> None:
    if row.role_id == RESELLER and not (isinstance(declared, Customer) and declared.role is Role.RESELLER):
        gathered.remark(
            f"{Address.customer(row.customer.username)} is a reseller on the panel and not in the manifest: "
            "customers can make themselves resellers there"
        )


def customers_that_change(gathered: Gathered) -> frozenset[PanelId]:
    """Customers whose status is to change, or who are to go: their spaces are touched with them."""
    found = set()
    for address, declared in gathered.desired.of_kind(Kind.CUSTOMER):
        live = gathered.resources.get(address)
        if not isinstance(declared, Customer) or not isinstance(live, Customer):
            continue
        differs = is_value(declared.status) and declared.status is not live.status
        if differs or declared.lifecycle.tombstone is not None or declared.lifecycle.ends is not None:
            found.add(gathered.facts[address].panel_id)
    return frozenset(found)


def taken_usernames(gathered: Gathered, rows: Mapping[PanelId, CustomerRow]) -> frozenset[str]:
    """Declared user names, folded, that exist where we can't see or may not touch them."""
    visible = {fold_username(row.customer.username) for row in rows.values()}
    missing = [
        customer.username
        for address, customer in gathered.desired.of_kind(Kind.CUSTOMER)
        if isinstance(customer, Customer)
        and customer.lifecycle.tombstone is None
        and address not in gathered.resources
        and address not in gathered.duplicates
        and fold_username(customer.username) not in visible
    ]

    def exists(username: str) -> bool:
        return gathered.client.boolean("UserExists", username=username)

    taken = {fold_username(username) for username, found in gathered.side_by_side(exists, missing) if found}
    foreign = {fold_username(one.address.name) for one in gathered.foreign if one.address.kind is Kind.CUSTOMER}
    declared = {fold_username(a.name) for a, _ in gathered.desired.of_kind(Kind.CUSTOMER) if a not in gathered.resources}
    return frozenset(taken | (foreign & declared))

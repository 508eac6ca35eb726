"""The live estate: what the panel holds of this reseller, read by few calls.

    who am I -> customers, plans, add-ons, spaces (bulk) -> what only full records tell, for what the manifest manages (in parallel)

Read one by one are: quotas of managed plans; contact fields of customers whose manifest manages them, and of those that differ in
what lists show (an update needs the whole record); spaces whose comments, add-ons or own terms are managed, or which a change of
their plan, status or customer touches. What is not read is UNKNOWN in the estate and told in ``not_read``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from resellerplan.errors import PanelFault
from resellerplan.model.address import Address, Kind, PanelId, fold_username
from resellerplan.model.customer import Customer
from resellerplan.model.drafts import maker
from resellerplan.model.estate import Abilities, Estate, Facts, Foreign, OwnPackage
from resellerplan.model.hosting_plan import Addon, HostingPlan, Terms
from resellerplan.model.resource import Resource
from resellerplan.model.space import PLAN_TERMS, Domain, Space
from resellerplan.model.traits import KINDS
from resellerplan.model.values import UNKNOWN, Field, Role, Status, is_value
from resellerplan.panel.audit_log import read_audit_log
from resellerplan.panel.bulk import read_customers, read_spaces, read_spaces_of_everybody, read_spaces_one_by_one
from resellerplan.panel.cache import CustomerCache, Kept
from resellerplan.panel.fingerprint import fingerprint_of
from resellerplan.panel.pool import run_all
from resellerplan.panel.record import Record
from resellerplan.panel.session import Session
from resellerplan.panel.translate.customer import CustomerRow, customer_of_record
from resellerplan.panel.translate.hosting_plan import PLAN_COLUMNS, PlanRow, plan_of_row, terms_of_context
from resellerplan.panel.translate.space import (
    ADDON_COLUMNS,
    DOMAIN_COLUMNS,
    EDIT_COLUMNS,
    AddonRow,
    DomainRow,
    SpaceRow,
    addon_of_row,
    domain_of_row,
    own_terms_of,
    space_of_record,
)
from resellerplan.panel.translate.statuses import RESELLER, ROLES, STATUSES

__all__ = ["Progress", "ReadListener", "read_estate"]

R = TypeVar("R")

_made_facts = maker(Facts)
_made_space = maker(Space)

_CUSTOMER_DETAILS = tuple(name for name, trait in KINDS[Kind.CUSTOMER].fields.items() if trait.detail)
_CUSTOMER_LISTED = tuple(
    name for name, trait in KINDS[Kind.CUSTOMER].fields.items() if not trait.detail and not trait.on_create_only
)
_DOWN = frozenset({Status.SUSPENDED, Status.CANCELLED})


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading is: calls made, and how many it takes at most (known before the first)."""

    done: int
    at_most: int


ReadListener = Callable[[Progress], None]


def _nobody(_progress: Progress) -> None:
    """Nobody listens."""


def read_estate(
    session: Session,
    desired: Estate,
    *,
    listener: ReadListener = _nobody,
    cache_folder: Path | None = None,
) -> Estate:
    """Read what the reseller has, as far as ``desired`` needs it to be known.

    ``cache_folder`` None reads every contact anew. Raises PanelError; a bulk read that faults is replaced by slower ones first.
    """
    client, limit = session.client, session.connection.max_calls
    before = client.reading_ends_at
    if limit is not None and before is None:
        client.reading_ends_at = client.calls_sent + limit
    try:
        return _read(session, desired, listener, cache_folder)
    finally:
        client.reading_ends_at = before


def _read(session: Session, desired: Estate, listener: ReadListener, cache_folder: Path | None) -> Estate:
    return _Reading(
        session, desired, listener, CustomerCache(cache_folder, session.connection.url, session.reseller.username)
    ).run()


class _Reading:
    """One snapshot in the making."""

    def __init__(self, session: Session, desired: Estate, listener: ReadListener, cache: CustomerCache) -> None:
        self._session = session
        self._client = session.client
        self._desired = desired
        self._listener = listener
        self._cache = cache
        self._not_read: list[str] = []
        self._resources: dict[Address, Resource] = {}
        self._facts: dict[Address, Facts] = {}
        self._duplicates: dict[Address, tuple[PanelId, ...]] = {}
        self._foreign: list[Foreign] = []
        self._first_call = session.client.calls_sent
        self._at_most = self._count_calls()
        self._customer_rows: dict[PanelId, CustomerRow] = {}
        self._plan_rows: dict[PanelId, PlanRow] = {}
        self._renamed: Mapping[Address, Resource] = {
            resource.lifecycle.moved_from: resource
            for resource in desired.resources.values()
            if resource.lifecycle.moved_from is not None
        }

    # -- the road --------------------------------------------------------------------------------------------------------------

    def run(self) -> Estate:
        self._tell()
        self._read_lists()
        own = self._own()
        self._take_customers()
        self._take_plans()
        self._take_spaces(own)
        self._take_domains(own)
        self._read_status_dates()
        session = self._session
        return Estate(
            resources=self._resources,
            facts=self._facts,
            duplicates=self._duplicates,
            reseller=session.reseller.username,
            reseller_id=session.reseller.user_id,
            own=own,
            taken_usernames=self._taken(),
            foreign_domains=self._foreign_domains,
            foreign=tuple(self._foreign),
            abilities=Abilities(
                own_terms_block_status=session.entity_framework,
                change_owner=session.detected.moves_spaces,
                usage_trusted=not session.entity_framework,
            ),
            not_read=tuple(dict.fromkeys(self._not_read)),
            timezone=self._desired.timezone,
        )

    def _remark(self, text: str) -> None:
        self._not_read.append(text)

    def _tell(self) -> None:
        done = self._client.calls_sent - self._first_call
        self._listener(Progress(done, max(done, self._at_most)))

    def _count_calls(self) -> int:
        """How many calls it takes at most: per declared object one for what lists don't tell, more where more is managed."""
        count = 7
        for address, resource in self._desired.resources.items():
            match resource:
                case Customer():
                    count += 1
                case HostingPlan() | Addon():
                    count += 1
                case Space():
                    count += 1 + is_value(resource.addons) + is_value(resource.overrides)
            del address
        return count + 2

    # -- the lists -------------------------------------------------------------------------------------------------------------

    def _read_lists(self) -> None:
        """The bulk reads, side by side: each takes the panel as long as the reading of the one before takes us."""
        session = self._session
        own, reseller = session.own.panel_id, session.reseller.user_id
        self._listed_spaces: list[SpaceRow] | None = None
        self._listed_domains: list[DomainRow] = []
        self._plan_lists: dict[bool, list[PlanRow]] = {}

        def customers() -> None:
            self._listed_customers = read_customers(session, self._remark)

        def spaces() -> None:
            self._listed_spaces = read_spaces(session, self._remark)

        def plans(name: str, addon: bool) -> None:
            tables = self._client.rows(name, PLAN_COLUMNS, userId=reseller)
            session.learn(tables)
            self._plan_lists[addon] = [plan_of_row(row, addon=addon) for row in tables.rows()]

        def domains() -> None:
            rows = self._client.rows("GetDomains", DOMAIN_COLUMNS, packageId=own).rows()
            self._listed_domains = [domain_of_row(row) for row in rows]

        reads: list[Callable[[], object]] = [
            customers,
            spaces,
            lambda: plans("GetHostingPlans", False),
            lambda: plans("GetHostingAddons", True),
        ]
        if self._wants_domains():
            reads.append(domains)
        if self._sells():
            reads.append(lambda: session.catalogue)
        reads.append(self._cache.open)  # its lines become customers while the panel is being waited for
        for _ in run_all(lambda read: read(), reads, session.connection.parallelism):
            self._tell()

    def _sells(self) -> bool:
        return any(not plan.lifecycle.existing for kind in (Kind.PLAN, Kind.ADDON) for _, plan in self._desired.of_kind(kind))

    def _own(self) -> OwnPackage:
        own = self._session.own
        if not self._sells():
            return own
        catalogue = self._session.catalogue
        return replace(own, groups=catalogue.available, allocated=catalogue.allocated)

    # -- customers -------------------------------------------------------------------------------------------------------------

    def _take_customers(self) -> None:
        reseller = self._session.reseller.user_id
        managed: dict[Address, list[CustomerRow]] = {}
        for row in self._listed_customers:
            self._customer_rows[row.panel_id] = row
            address = Address.customer(row.customer.username)
            declared = self._desired.resources.get(address)
            ours = row.owner_id == reseller and not row.peer and row.role_id in ROLES
            if ours and (row.role_id != RESELLER or declared is not None):
                managed.setdefault(address, []).append(row)
                self._look_at_role(row, declared)
            elif not row.peer:
                self._foreign.append(Foreign(address=address, panel_id=row.panel_id, owner_id=row.owner_id))
        chosen = self._unambiguous(managed, lambda row: row.panel_id)
        unread = []
        for address, row in chosen.items():
            kept = None
            if self._needs_record(address, row):
                kept = self._cache.get(row.panel_id, row.changed)
                if kept is None:
                    unread.append((address, row))
            if kept is not None:
                self._take_full_customer(address, row, kept)
            else:
                self._resources[address] = row.customer
                self._facts[address] = _made_facts(panel_id=row.panel_id, owner_id=row.owner_id, complete=False)
        records = run_all(self._customer_record, unread, self._session.connection.parallelism)
        for (address, row), record in zip(unread, records, strict=True):
            self._tell()
            if record is None:
                continue
            read = Kept(customer_of_record(record), fingerprint_of(record), record.moment("changed"))
            self._take_full_customer(address, row, read)
            if not record.mended:
                self._cache.put(row.panel_id, row.changed, read)
        self._cache.save()
        self._tell()

    def _take_full_customer(self, address: Address, row: CustomerRow, kept: Kept) -> None:
        self._resources[address] = kept.customer
        self._facts[address] = _made_facts(
            panel_id=row.panel_id, owner_id=row.owner_id, fingerprint=kept.fingerprint, changed=kept.changed
        )

    def _customer_record(self, item: tuple[Address, CustomerRow]) -> Record | None:
        return self._client.record("GetUserById", userId=item[1].panel_id)

    def _needs_record(self, address: Address, row: CustomerRow) -> bool:
        declared = self._desired.resources.get(address)
        if not isinstance(declared, Customer) or declared.lifecycle.existing:
            return False
        if declared.lifecycle.tombstone is not None or declared.lifecycle.ends is not None:
            return True
        if any(is_value(getattr(declared, name)) for name in _CUSTOMER_DETAILS):
            return True
        return any(
            is_value(wanted := getattr(declared, name)) and wanted != getattr(row.customer, name) for name in _CUSTOMER_LISTED
        )

    def _look_at_role(self, row: CustomerRow, declared: Resource | None) -> None:
        if row.role_id == RESELLER and not (isinstance(declared, Customer) and declared.role is Role.RESELLER):
            self._remark(
                f"{Address.customer(row.customer.username)} is a reseller on the panel and not in the manifest: "
                "customers can make themselves resellers there"
            )

    def _taken(self) -> frozenset[str]:
        """Declared user names that exist where we can't see them."""
        visible = {fold_username(row.customer.username) for row in self._customer_rows.values()}
        missing = [
            customer.username
            for address, customer in self._desired.of_kind(Kind.CUSTOMER)
            if isinstance(customer, Customer)
            and customer.lifecycle.tombstone is None
            and address not in self._resources
            and address not in self._duplicates
            and fold_username(customer.username) not in visible
        ]

        def exists(username: str) -> bool:
            return self._client.boolean("UserExists", username=username)

        taken = set()
        for username, found in zip(missing, run_all(exists, missing, self._session.connection.parallelism), strict=True):
            self._tell()
            if found:
                taken.add(fold_username(username))
        foreign_names = {fold_username(f.address.name) for f in self._foreign if f.address.kind is Kind.CUSTOMER}
        declared = {fold_username(a.name) for a, _ in self._desired.of_kind(Kind.CUSTOMER) if a not in self._resources}
        return frozenset(taken | (foreign_names & declared))

    # -- plans -----------------------------------------------------------------------------------------------------------------

    def _take_plans(self) -> None:
        managed: dict[Address, list[PlanRow]] = {}
        for addon in (False, True):
            for plan in self._plan_lists[addon]:
                self._plan_rows[plan.panel_id] = plan
                managed.setdefault(plan.plan.self_address, []).append(plan)
        chosen = self._unambiguous(managed, lambda row: row.panel_id)
        full = [row for address, row in chosen.items() if self._needs_terms(address)]
        for address, row in chosen.items():
            self._resources[address] = row.plan
            self._facts[address] = self._plan_facts(row, None)
        for row, context in zip(full, run_all(self._context, full, self._session.connection.parallelism), strict=True):
            self._tell()
            address = row.plan.self_address
            hosting_plan = context.record("hostingplan") if context is not None else None
            if context is None or hosting_plan is None:
                continue
            terms, numbers = terms_of_context(context)
            self._resources[address] = replace(row.plan, groups=terms)
            self._facts[address] = self._plan_facts(row, fingerprint_of(hosting_plan, numbers.rows))

    def _context(self, row: PlanRow) -> Record | None:
        return self._client.record("GetHostingPlanContext", planId=row.panel_id)

    def _plan_facts(self, row: PlanRow, fingerprint: str | None) -> Facts:
        return Facts(
            panel_id=row.panel_id,
            owner_id=row.owner_id,
            fingerprint=fingerprint,
            parent_id=row.package_id,
            server_id=row.server_id,
            complete=fingerprint is not None,
        )

    def _needs_terms(self, address: Address) -> bool:
        declared = self._declared_by(address)
        return declared is not None and not declared.lifecycle.existing

    def _declared_by(self, address: Address) -> Resource | None:
        """The declaration that is about a live object: of its name, or one that says it was renamed from it."""
        found = self._desired.resources.get(address)
        return found if found is not None else self._renamed.get(address)

    # -- spaces ----------------------------------------------------------------------------------------------------------------

    def _take_spaces(self, own: OwnPackage) -> None:
        customers = self._customer_rows
        ours = {facts.panel_id: address for address, facts in self._facts.items() if address.kind is Kind.CUSTOMER}
        managed: dict[Address, list[SpaceRow]] = {}
        seen: set[PanelId] = set()
        listed = self._listed_spaces
        if listed is None:
            listed = read_spaces_one_by_one(self._session, customers)
        for row in listed:
            seen.add(row.panel_id)
            customer = ours.get(row.user_id)
            if customer is not None:
                managed.setdefault(Address.space(customer.name, row.name), []).append(row)
            else:
                owner = customers.get(row.user_id)
                username = owner.customer.username if owner is not None else row.username or f"id {row.user_id}"
                self._add_foreign_space(Address.space(username, row.name), row)
        if self._foreign or len(self._session.own_packages) > 1:
            everywhere = read_spaces_of_everybody(self._session, self._remark)
            if everywhere is None:
                self._remark("spaces of customers' customers were not read: this panel faults on it")
            for row in everywhere or ():
                if row.panel_id not in seen:
                    self._add_foreign_space(Address.space(row.username, row.name), row)
        self._tell()
        self._space_rows = self._unambiguous(managed, lambda row: row.panel_id)
        self._declared_spaces: dict[Address, Space] = {}
        for address, row in self._space_rows.items():
            declared = self._declared_by(address)
            if isinstance(declared, Space) and not declared.lifecycle.existing:
                self._declared_spaces[address] = declared
            self._resources[address] = self._listed_space(address, row)
            self._facts[address] = self._space_facts(row, None)
        self._read_full_spaces()
        self._read_addons()
        self._read_own_terms()

    def _add_foreign_space(self, address: Address, row: SpaceRow) -> None:
        self._foreign.append(
            Foreign(address=address, panel_id=row.panel_id, owner_id=row.user_id, parent_id=row.parent_id, plan_id=row.plan_id)
        )

    def _plan_name(self, plan_id: PanelId) -> Field[str]:
        row = self._plan_rows.get(plan_id)
        return row.plan.name if row is not None and isinstance(row.plan, HostingPlan) else UNKNOWN

    def _listed_space(self, address: Address, row: SpaceRow) -> Space:
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

    def _space_facts(self, row: SpaceRow, record: Record | None) -> Facts:
        since = row.status_since
        if record is not None and since is None:
            since = record.moment("statusidchangedate")
        return _made_facts(
            panel_id=row.panel_id,
            owner_id=row.user_id,
            fingerprint=fingerprint_of(record) if record is not None else None,
            parent_id=row.parent_id,
            server_id=row.server_id,
            plan_id=row.plan_id,
            own_terms=record is not None and record.boolean("overridequotas"),
            status_since=None if self._session.entity_framework else since,
            complete=record is not None,
        )

    def _read_full_spaces(self) -> None:
        moved_plans = self._plans_that_change()
        moved_customers = self._changing_customers
        full = [
            (address, row)
            for address, row in self._space_rows.items()
            if self._needs_full_space(address, row, moved_plans, moved_customers)
        ]

        def read(item: tuple[Address, SpaceRow]) -> Record | None:
            return self._client.record("GetPackage", packageId=item[1].panel_id)

        for (address, row), record in zip(full, run_all(read, full, self._session.connection.parallelism), strict=True):
            self._tell()
            if record is None:
                continue
            self._resources[address] = space_of_record(record, address.owner, self._plan_name(row.plan_id))
            self._facts[address] = self._space_facts(row, record)
            if not record.boolean("overridequotas"):
                self._resources[address] = replace(self._space(address), overrides=PLAN_TERMS)

    def _space(self, address: Address) -> Space:
        found = self._resources[address]
        assert isinstance(found, Space)
        return found

    def _needs_full_space(self, address: Address, row: SpaceRow, plans: frozenset[PanelId], customers: frozenset[PanelId]) -> bool:
        if row.plan_id in plans or row.user_id in customers:
            return True
        declared = self._declared_spaces.get(address)
        if declared is None:
            return False
        lifecycle = declared.lifecycle
        if lifecycle.tombstone is not None or lifecycle.ends is not None or lifecycle.moved_from is not None:
            return True
        if is_value(declared.comments) or is_value(declared.overrides):
            return True
        listed = self._space(address)
        return any(is_value(w := getattr(declared, n)) and w != getattr(listed, n) for n in ("plan", "status"))

    def _plans_that_change(self) -> frozenset[PanelId]:
        """Plans whose groups or quotas differ: their spaces must be told apart by whether they have own terms."""
        found = set()
        for row in self._plan_rows.values():
            address = row.plan.self_address
            declared = self._declared_by(address)
            live = self._resources.get(address)
            if (
                isinstance(declared, HostingPlan)
                and isinstance(live, HostingPlan)
                and is_value(declared.groups)
                and is_value(live.groups)
                and _terms_differ(declared, live)
            ):
                found.add(row.panel_id)
        return frozenset(found)

    @cached_property
    def _changing_customers(self) -> frozenset[PanelId]:
        """Customers whose status is to change, or who are to go: their spaces are touched with them."""
        found = set()
        for address, declared in self._desired.of_kind(Kind.CUSTOMER):
            live = self._resources.get(address)
            if not isinstance(declared, Customer) or not isinstance(live, Customer):
                continue
            differs = is_value(declared.status) and declared.status is not live.status
            if differs or declared.lifecycle.tombstone is not None or declared.lifecycle.ends is not None:
                found.add(self._facts[address].panel_id)
        return frozenset(found)

    def _read_addons(self) -> None:
        names = {row.panel_id: row.plan.name for row in self._plan_rows.values() if isinstance(row.plan, Addon)}
        wanted = [address for address, declared in self._declared_spaces.items() if is_value(declared.addons)]

        def read(address: Address) -> list[AddonRow]:
            tables = self._client.rows("GetPackageAddons", ADDON_COLUMNS, packageId=self._space_rows[address].panel_id)
            return [addon_of_row(row) for row in tables.rows()]

        for address, rows in zip(wanted, run_all(read, wanted, self._session.connection.parallelism), strict=True):
            self._tell()
            sums: dict[str, int] = {}
            for row in rows:
                if row.active and row.plan_id in names:
                    sums[names[row.plan_id]] = sums.get(names[row.plan_id], 0) + row.quantity
            self._resources[address] = replace(self._space(address), addons=sums)

    def _read_own_terms(self) -> None:
        wanted = [
            address
            for address, declared in self._declared_spaces.items()
            if is_value(declared.overrides) and self._facts[address].own_terms
        ]

        def read(address: Address) -> Terms | None:
            try:
                tables = self._client.rows("GetPackageQuotasForEdit", EDIT_COLUMNS, packageId=self._space_rows[address].panel_id)
            except PanelFault:
                return None
            return own_terms_of(tables, stored_procedures=not self._session.entity_framework)[0]

        for address, terms in zip(wanted, run_all(read, wanted, self._session.connection.parallelism), strict=True):
            self._tell()
            if terms is None:
                self._remark(f"the own terms of {address} were not read: this panel faults on it")
            else:
                self._resources[address] = replace(self._space(address), overrides=terms)

    # -- domains ---------------------------------------------------------------------------------------------------------------

    def _wants_domains(self) -> bool:
        return any(
            isinstance(space, Space) and (is_value(space.domains) or _counts_domains(space))
            for _, space in self._desired.of_kind(Kind.SPACE)
        )

    def _take_domains(self, own: OwnPackage) -> None:
        self._foreign_domains: dict[str, str] = {}
        if not self._wants_domains():
            return
        by_space: dict[PanelId, list[Domain]] = {}
        for domain in self._listed_domains:
            if domain.counts:
                by_space.setdefault(domain.space_id, []).append(domain.domain)
        for address in self._space_rows:
            domains = by_space.pop(self._facts[address].panel_id, [])
            self._resources[address] = replace(self._space(address), domains=tuple(sorted(domains, key=lambda domain: domain.name)))
        names = {foreign.panel_id: str(foreign.address) for foreign in self._foreign if foreign.address.kind is Kind.SPACE}
        names[own.panel_id] = f"the reseller's own package {own.name}"
        for space_id, elsewhere in by_space.items():
            for other in elsewhere:
                self._foreign_domains[other.name] = names.get(space_id, f"another space (id {space_id})")

    # -- when statuses changed -------------------------------------------------------------------------------------------------

    def _read_status_dates(self) -> None:
        """For customers that are down and are to change or to go: since when, from the audit log (no other call tells)."""
        changing = self._changing_customers
        for address, _ in self._desired.of_kind(Kind.CUSTOMER) if changing else ():
            customer = self._resources.get(address)
            if isinstance(customer, Customer) and customer.status in _DOWN and self._facts[address].panel_id in changing:
                self._date_customer(address)
        if not self._session.entity_framework:
            return
        for address, row in self._space_rows.items():
            if STATUSES.get(row.status_id) not in _DOWN:
                continue
            declared = self._declared_spaces.get(address)
            if row.user_id in changing or (declared is not None and declared.lifecycle.tombstone is not None):
                self._date_space(address)

    def _date_customer(self, address: Address) -> None:
        panel_id = self._facts[address].panel_id
        records = read_audit_log(self._session, "USER", "CHANGE_STATUS", item_id=panel_id, most=1)
        self._tell()
        if records is None:
            self._remark(f"since when {address} is suspended was not read: the audit log can't be read")
        elif records and records[0].item_id == panel_id:
            self._facts[address] = replace(self._facts[address], status_since=records[0].finished)

    def _date_space(self, address: Address) -> None:
        """On these panels the date in the space's own record is not refreshed (contract 6.6)."""
        facts = self._facts[address]
        customer = self._facts.get(Address.customer(address.owner))
        records = read_audit_log(self._session, "HOSTING_SPACE", "CHANGE_STATUS", item_id=facts.panel_id, most=1) or []
        self._tell()
        since = records[0].finished if records and records[0].item_id == facts.panel_id else None
        if since is None and customer is not None:
            since = customer.status_since
        self._facts[address] = replace(facts, status_since=since)

    # -- names that stand for more than one object -----------------------------------------------------------------------------

    def _unambiguous(self, found: Mapping[Address, list[R]], id_of: Callable[[R], PanelId]) -> dict[Address, R]:
        """One object per address; where there are more, the pinned one, else the address is a duplicate."""
        chosen: dict[Address, R] = {}
        for address, rows in found.items():
            if len(rows) == 1:
                chosen[address] = rows[0]
                continue
            self._duplicates[address] = tuple(sorted(id_of(row) for row in rows))
            declared = self._declared_by(address)
            pin = declared.lifecycle.pin if declared is not None else None
            for row in rows:
                if pin is not None and id_of(row) == pin:
                    chosen[address] = row
        return chosen


def _counts_domains(space: Space) -> bool:
    tombstone = space.lifecycle.tombstone
    return tombstone is not None and any(condition.what == "domains" for condition in tombstone.only_if)


def _terms_differ(declared: HostingPlan, live: HostingPlan) -> bool:
    wanted, held = declared.groups, live.groups
    if not isinstance(wanted, Mapping) or not isinstance(held, Mapping):
        return False
    return any(_values(wanted.get(name)) != _values(held.get(name)) for name in {*wanted, *held})


def _values(terms: object) -> Iterable[tuple[str, int]]:
    quotas = getattr(terms, "quotas", {})
    return sorted((name, value) for name, value in quotas.items() if value)

"""The lists: everything the panel tells of many objects at once, read side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from resellerplan.model.address import Kind
from resellerplan.model.estate import Estate
from resellerplan.panel.bulk import read_customers, read_spaces
from resellerplan.panel.gathering.domains import wants_domains
from resellerplan.panel.gathering.gathered import Gathered
from resellerplan.panel.translate.customer import CustomerRow
from resellerplan.panel.translate.hosting_plan import PLAN_COLUMNS, PlanRow, plan_of_row
from resellerplan.panel.translate.space import DOMAIN_COLUMNS, DomainRow, SpaceRow, domain_of_row

__all__ = ["Lists", "read_lists", "sells"]


@dataclass(slots=True)
class Lists:
    """The rows of each list. ``spaces`` is None where no list of spaces can be had; ``domains`` is empty where nobody asks."""

    customers: list[CustomerRow] = field(default_factory=list)
    spaces: list[SpaceRow] | None = None
    plans: list[PlanRow] = field(default_factory=list)
    addons: list[PlanRow] = field(default_factory=list)
    domains: list[DomainRow] = field(default_factory=list)


def sells(desired: Estate) -> bool:
    """Whether plans or add-ons are managed: then what the reseller himself has is asked for."""
    return any(not plan.lifecycle.existing for kind in (Kind.PLAN, Kind.ADDON) for _, plan in desired.of_kind(kind))


def read_lists(gathered: Gathered, beside: Callable[[], None]) -> Lists:
    """All lists; each takes the panel as long as the reading of the one before takes us. ``beside`` is done meanwhile."""
    session, client = gathered.session, gathered.client
    own, reseller = session.own.panel_id, session.reseller.user_id
    lists = Lists()

    def customers() -> None:
        lists.customers = read_customers(session, gathered.remark)

    def spaces() -> None:
        lists.spaces = read_spaces(session, gathered.remark)

    def plans(name: str, addon: bool) -> list[PlanRow]:
        tables = client.rows(name, PLAN_COLUMNS, userId=reseller)
        session.learn(tables)
        return [plan_of_row(row, addon=addon) for row in tables.rows()]

    def domains() -> None:
        lists.domains = [domain_of_row(row) for row in client.rows("GetDomains", DOMAIN_COLUMNS, packageId=own).rows()]

    reads: list[Callable[[], object]] = [
        customers,
        spaces,
        lambda: lists.plans.extend(plans("GetHostingPlans", False)),
        lambda: lists.addons.extend(plans("GetHostingAddons", True)),
    ]
    if wants_domains(gathered.desired):
        reads.append(domains)
    if sells(gathered.desired):
        reads.append(lambda: session.catalogue)
    for _ in gathered.side_by_side(lambda read: read(), [*reads, beside]):
        pass
    return lists

"""The live estate: what the panel holds of this reseller, read by few calls.

    who am I -> customers, plans, add-ons, spaces (bulk) -> what only full records tell, for what the manifest manages (in parallel)

Read one by one are: quotas of managed plans; contact fields of customers whose manifest manages them, and of those that differ in
what lists show (an update needs the whole record); spaces whose comments, add-ons or own terms are managed, or which a change of
their plan, status or customer touches. What is not read is UNKNOWN in the estate and told in ``not_read``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from resellerplan.model.estate import Abilities, Estate, OwnPackage
from resellerplan.model.space import Space
from resellerplan.model.values import is_value
from resellerplan.panel.cache import CustomerCache
from resellerplan.panel.gathering.customers import customers_that_change, take_customers, taken_usernames
from resellerplan.panel.gathering.domains import take_domains
from resellerplan.panel.gathering.gathered import Gathered
from resellerplan.panel.gathering.hosting_plans import take_plans
from resellerplan.panel.gathering.lists import read_lists, sells
from resellerplan.panel.gathering.spaces import Spaces
from resellerplan.panel.gathering.status_dates import read_status_dates
from resellerplan.panel.session import Session

__all__ = ["Progress", "ReadListener", "read_estate"]


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
    """The road: the lists, then kind by kind what only full records tell."""
    client, first_call, at_most = session.client, session.client.calls_sent, _most_calls(desired)

    def tell() -> None:
        done = client.calls_sent - first_call
        listener(Progress(done, max(done, at_most)))

    tell()
    gathered = Gathered(session, desired, tell)
    cache = CustomerCache(cache_folder, session.connection.url, session.reseller.username)
    lists = read_lists(gathered, cache.open)  # the cache's lines become customers while the panel is being waited for
    own = _own_package(session, desired)
    customers = take_customers(gathered, lists.customers, cache)
    changing = customers_that_change(gathered)
    plans = take_plans(gathered, [*lists.plans, *lists.addons])
    spaces = Spaces(gathered, customers, plans)
    spaces.take(lists.spaces, changing)
    foreign_domains = take_domains(gathered, lists.domains, spaces, own)
    read_status_dates(gathered, spaces, changing)
    return Estate(
        resources=gathered.resources,
        facts=gathered.facts,
        duplicates=gathered.duplicates,
        reseller=session.reseller.username,
        reseller_id=session.reseller.user_id,
        own=own,
        taken_usernames=taken_usernames(gathered, customers),
        foreign_domains=foreign_domains,
        foreign=tuple(gathered.foreign),
        abilities=Abilities(
            own_terms_block_status=session.entity_framework,
            change_owner=session.detected.moves_spaces,
            usage_trusted=not session.entity_framework,
        ),
        not_read=tuple(dict.fromkeys(gathered.remarks)),
        timezone=desired.timezone,
    )


def _most_calls(desired: Estate) -> int:
    """How many calls it takes at most: per declared object one for what lists don't tell, more where more is managed."""
    count = 9
    for resource in desired.resources.values():
        count += 1
        if isinstance(resource, Space):
            count += is_value(resource.addons) + is_value(resource.overrides)
    return count


def _own_package(session: Session, desired: Estate) -> OwnPackage:
    if not sells(desired):
        return session.own
    catalogue = session.catalogue
    return replace(session.own, groups=catalogue.available, allocated=catalogue.allocated)

"""Groups and quotas: what a plan is to hold in the end, and where two sets of terms differ.

A hosting plan is exactly what its manifest says: what is not listed is off or 0, because quotas are what is sold.
``unlisted: keep`` on a plan or a group opts out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from resellerplan.model.hosting_plan import GroupTerms, HostingPlan, Terms, Unlisted
from resellerplan.model.quotas import ALWAYS_IN
from resellerplan.model.resource import Sold
from resellerplan.model.values import UNLIMITED, UNSET, Field
from resellerplan.planning.change import FieldChange

__all__ = ["lowers", "terms_changes", "terms_if_known", "wanted_overrides", "wanted_terms"]

_NO_TERMS: Terms = MappingProxyType({})


def terms_if_known(groups: object) -> Terms | None:
    """The terms, or None where they were not read or not declared."""
    return groups if isinstance(groups, Mapping) else None


def wanted_terms(sold: Sold, live: Terms | None) -> Terms:
    """The whole set of terms that a plan or add-on is to hold, given what it holds now (None on creation).

    OS and DNS are in every hosting plan, whatever is listed (the reseller guide's rule). Where ``sold`` declares no groups at all,
    they are unmanaged: what is there stays.
    """
    declared = terms_if_known(sold.groups)
    held = live if live is not None else _NO_TERMS
    keep_all = sold.unlisted is Unlisted.KEEP or declared is None
    wanted: dict[str, GroupTerms] = {}
    if isinstance(sold, HostingPlan):
        wanted.update((name, held.get(name, GroupTerms())) if keep_all else (name, GroupTerms()) for name in ALWAYS_IN)
    if keep_all:
        wanted.update(held)
    for name, terms in (declared or {}).items():
        wanted[name] = _merged(terms, held.get(name), keep=keep_all or terms.unlisted is Unlisted.KEEP)
    return MappingProxyType(wanted)


def _merged(terms: GroupTerms, held: GroupTerms | None, *, keep: bool) -> GroupTerms:
    if held is None:
        return terms
    quotas = {**held.quotas, **terms.quotas} if keep else dict(terms.quotas)
    return GroupTerms(
        quotas=MappingProxyType(quotas),
        unlisted=terms.unlisted,
        count_diskspace=held.count_diskspace if terms.count_diskspace is UNSET else terms.count_diskspace,
        count_bandwidth=held.count_bandwidth if terms.count_bandwidth is UNSET else terms.count_bandwidth,
    )


def wanted_overrides(declared: Terms, plan: Terms) -> Terms:
    """A space's own terms in full: what is declared, and for the rest the plan's values of this moment."""
    full = {name: _merged(terms, plan.get(name), keep=True) for name, terms in declared.items()}
    return MappingProxyType({**plan, **full})


def terms_changes(before: Terms | None, after: Terms, *, prefix: str = "groups") -> Iterator[FieldChange]:
    """Where two sets of terms differ, as field changes: groups in or out, quotas by full name, what counts towards the plan.

    ``before`` None = creation: everything is new and has no value before.
    """
    if before is None:
        yield from _all_new(after, prefix)
        return
    for name in [*after, *(name for name in before if name not in after)]:
        if (name in before) is not (name in after):
            yield FieldChange(path=f"{prefix}.{name}", before=name in before, after=name in after)
        old = before.get(name, GroupTerms())
        new = after.get(name, GroupTerms())
        for quota in [*new.quotas, *(quota for quota in old.quotas if quota not in new.quotas)]:
            had, has = old.quotas.get(quota, 0), new.quotas.get(quota, 0)
            if had != has:
                yield FieldChange(path=f"{prefix}.{quota}", before=had, after=has)
        if name in after:
            yield from _flag("count_diskspace", name, old.count_diskspace, new.count_diskspace)
            yield from _flag("count_bandwidth", name, old.count_bandwidth, new.count_bandwidth)


def _flag(field: str, group: str, had: Field[bool], has: Field[bool]) -> Iterator[FieldChange]:
    if isinstance(has, bool) and had != has:
        yield FieldChange(path=f"{field}.{group}", before=had, after=has)


def _all_new(after: Terms, prefix: str) -> Iterator[FieldChange]:
    for name, group in after.items():
        yield FieldChange(path=f"{prefix}.{name}", before=UNSET, after=True)
        for quota, number in group.quotas.items():
            yield FieldChange(path=f"{prefix}.{quota}", before=UNSET, after=number)
        for field, flag in (("count_diskspace", group.count_diskspace), ("count_bandwidth", group.count_bandwidth)):
            if isinstance(flag, bool):
                yield FieldChange(path=f"{field}.{name}", before=UNSET, after=flag)


def lowers(change: FieldChange) -> bool:
    """Whether a change of a quota or group takes something away from who has it."""
    before, after = change.before, change.after
    if isinstance(before, bool) and isinstance(after, bool):
        return before and not after
    if not isinstance(before, int) or not isinstance(after, int) or before == after:
        return False
    return after != UNLIMITED and (before == UNLIMITED or after < before)

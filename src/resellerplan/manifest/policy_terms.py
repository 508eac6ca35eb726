"""Policy as it is written, and how several add up: of two, the stricter wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from resellerplan.planning.policy import Overcommit, Policy, Unmanaged

__all__ = ["NO_TERMS", "PolicyTerms", "policy_of", "share_of", "stricter", "terms_of"]

_STRICTEST_OVERCOMMIT = (Overcommit.REFUSE, Overcommit.WARN, Overcommit.ALLOW)
_STRICTEST_UNMANAGED = (Unmanaged.REFUSE, Unmanaged.REPORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTerms:
    """One ``policy:`` mapping; None where it says nothing. Shares are between 0 and 1."""

    max_deletes: int | None = None
    delete_share: float | None = None
    update_share: float | None = None
    overcommit: Overcommit | None = None
    unmanaged: Unmanaged | None = None


NO_TERMS: Final = PolicyTerms()

N = TypeVar("N", int, float)
W = TypeVar("W", Overcommit, Unmanaged)


def share_of(text: str) -> float:
    """``5%`` as 0.05."""
    return float(text.removesuffix("%")) / 100


def terms_of(data: Mapping[str, object]) -> PolicyTerms:
    """The terms of a ``policy:`` mapping that fits its form; what is not there, or of another type, says nothing."""
    deletes, updates = _mapping(data.get("deletes")), _mapping(data.get("updates"))
    limit = deletes.get("max")
    overcommit, unmanaged = data.get("overcommit"), data.get("unmanaged")
    return PolicyTerms(
        max_deletes=int(limit) if isinstance(limit, int | float) else None,
        delete_share=_share(deletes.get("share")),
        update_share=_share(updates.get("share")),
        overcommit=Overcommit(overcommit) if isinstance(overcommit, str) else None,
        unmanaged=Unmanaged(unmanaged) if isinstance(unmanaged, str) else None,
    )


def stricter(terms: Iterable[PolicyTerms]) -> PolicyTerms:
    """All terms together: of each limit the smaller, of each word the stricter."""
    result = NO_TERMS
    for one in terms:
        result = PolicyTerms(
            max_deletes=_smaller(result.max_deletes, one.max_deletes),
            delete_share=_smaller(result.delete_share, one.delete_share),
            update_share=_smaller(result.update_share, one.update_share),
            overcommit=_first(_STRICTEST_OVERCOMMIT, result.overcommit, one.overcommit),
            unmanaged=_first(_STRICTEST_UNMANAGED, result.unmanaged, one.unmanaged),
        )
    return result


def policy_of(terms: PolicyTerms, default: Policy | None = None) -> Policy:
    """The policy of a run: what the terms say, and the default for the rest."""
    policy = default or Policy()
    if terms.max_deletes is not None:
        policy = replace(policy, max_deletes=terms.max_deletes)
    if terms.delete_share is not None:
        policy = replace(policy, delete_share=terms.delete_share)
    if terms.update_share is not None:
        policy = replace(policy, update_share=terms.update_share)
    if terms.overcommit is not None:
        policy = replace(policy, overcommit=terms.overcommit)
    if terms.unmanaged is not None:
        policy = replace(policy, unmanaged=terms.unmanaged)
    return policy


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _share(value: object) -> float | None:
    return share_of(value) if isinstance(value, str) else None


def _smaller(one: N | None, other: N | None) -> N | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def _first(order: tuple[W, ...], one: W | None, other: W | None) -> W | None:
    return next((word for word in order if word in (one, other)), None)

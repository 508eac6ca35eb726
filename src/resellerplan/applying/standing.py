"""Where an object stands to a step, by a fresh read of it: *so already*, *as planned on*, or *moved*. Pure.

A step writes only what is as the plan was made on: nobody reviewed anything else.
"""

from __future__ import annotations

from resellerplan.applying.outcome import Drifted
from resellerplan.applying.ports import Base
from resellerplan.applying.step import Step
from resellerplan.applying.writes import SetStatus
from resellerplan.model.address import Address
from resellerplan.model.values import NULL, UNKNOWN, UNSET
from resellerplan.planning.change import FieldChange
from resellerplan.planning.compare import explain, same, value_at

__all__ = ["is_so", "moved_fields", "other_fields"]


def is_so(step: Step, base: Base) -> bool:
    """Whether everything that this step is to bring about is so already."""
    if isinstance(step.work, SetStatus):
        return bool(value_at(base.resource, "status") == step.work.status)
    return bool(step.expects) and all(_holds(one, _now(base, one)) for one in step.expects)


def moved_fields(step: Step, base: Base, *, touched: bool) -> tuple[Drifted, ...] | None:
    """None: the object is what the plan was made on. Else what is not, empty where only fields moved that nothing knows.

    ``touched``: an earlier step of this run wrote the object, so its fingerprint tells nothing any more.
    """
    if step.fingerprint is not None and not touched:
        return None if base.fingerprint == step.fingerprint else (*_expected_fields(step, base), *other_fields(step, base))
    return _expected_fields(step, base) or None


def other_fields(step: Step, base: Base) -> tuple[Drifted, ...]:
    """What else moved of an object: fields that the step does not write."""
    assert step.live is not None
    written = {one.path for one in step.expects}
    return tuple(
        Drifted(path=path, planned_on=before, planned_to=before, now=now)
        for path, before, now in explain(step.live, base.resource)
        if path not in written
    )


def _expected_fields(step: Step, base: Base) -> tuple[Drifted, ...]:
    moved: list[Drifted] = []
    for one in step.expects:
        now = _now(base, one)
        if one.before is UNSET or one.before is UNKNOWN or now is UNKNOWN:
            continue
        if not same(one.before, now) and not _holds(one, now):
            moved.append(Drifted(path=one.path, planned_on=one.before, planned_to=one.after, now=now))
    return tuple(moved)


def _now(base: Base, one: FieldChange) -> object:
    return value_at(base.resource, one.path)


def _holds(one: FieldChange, now: object) -> bool:
    """Whether a field is as wanted. A domain is there or not; user names have no case."""
    if one.path == "customer" and isinstance(now, str) and isinstance(one.after, str):
        return Address.customer(now) == Address.customer(one.after)
    if one.path.startswith("domains."):
        return now is not NULL and now is not UNKNOWN
    return same(one.after, now)

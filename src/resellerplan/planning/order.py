"""In which order: waves of changes that wait for those before them.

Who waits for whom comes from the table of traits (customers, then plans, then spaces; deletes the other way round) and from
what the objects refer to. A name that is being given away must be free before somebody else takes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

from resellerplan.errors import DependencyCycle
from resellerplan.model.address import Address, Kind
from resellerplan.model.resource import references
from resellerplan.model.space import Space
from resellerplan.model.traits import KINDS
from resellerplan.planning.change import Action, Change

__all__ = ["needs", "order", "rank"]


@cache
def rank(kind: Kind) -> int:
    """How many kinds come before this one, by the traits' parents: 0 for what waits for nothing."""
    return max((rank(parent) + 1 for parent in KINDS[kind].parents), default=0)


def needs(changes: Iterable[Change]) -> Mapping[Address, tuple[Address, ...]]:
    """For every change that does something: the changes that must have gone well before it, and no others."""
    acting = {change.address: change for change in changes if change.action is not Action.NO_OP}
    leaving = {change.previous: address for address, change in acting.items() if change.previous is not None}
    hanging = _hanging_on(acting.values())
    found: dict[Address, tuple[Address, ...]] = {}
    for address, change in acting.items():
        before = [*_referred(change), *_freed(change, leaving)]
        if change.action is Action.DELETE:
            before += hanging.get(change.previous or address, [])
        found[address] = tuple(dict.fromkeys(other for other in before if other in acting and other != address))
    return found


def _referred(change: Change) -> tuple[Address, ...]:
    return () if change.desired is None or change.action is Action.DELETE else references(change.desired)


def _freed(change: Change, leaving: Mapping[Address, Address]) -> Iterator[Address]:
    """Who must have left the name that this change takes."""
    takes = change.action is Action.CREATE or change.previous is not None
    if takes and change.address in leaving:
        yield leaving[change.address]


def _hanging_on(changes: Iterable[Change]) -> Mapping[Address, list[Address]]:
    """Live objects that hang on another and will not after the run: what must be gone, or moved, before that one is deleted."""
    found: dict[Address, list[Address]] = defaultdict(list)
    for change in changes:
        live = change.live
        if isinstance(live, Space) and (change.action is Action.DELETE or _moves(change)):
            found[Address.customer(live.customer)].append(change.address)
            if isinstance(live.plan, str):
                found[Address.plan(live.plan)].append(change.address)
            if isinstance(live.addons, Mapping):
                for name in live.addons:
                    found[Address.addon(name)].append(change.address)
    return found


def _moves(change: Change) -> bool:
    return any(field.path in {"plan", "customer"} or field.path.startswith("addons.") for field in change.fields)


def order(changes: Sequence[Change]) -> tuple[tuple[Address, ...], ...]:
    """The changes that do something, in waves: what waits for nothing first, deletes last.

    Raises DependencyCycle, with every edge of the circle.
    """
    waits = needs(changes)
    acting = {change.address: change for change in changes if change.address in waits}
    depth = _depths(waits)
    waves: dict[tuple[bool, int, int], list[Address]] = defaultdict(list)
    deepest = max(rank(kind) for kind in KINDS)
    for address, change in acting.items():
        gone = change.action is Action.DELETE
        own = rank(address.kind)
        waves[gone, deepest - own if gone else own, depth[address]].append(address)
    return tuple(tuple(waves[key]) for key in sorted(waves))


def _depths(waits: Mapping[Address, tuple[Address, ...]]) -> dict[Address, int]:
    """How many changes of its own kind and sort a change has before it, at the longest."""
    depth: dict[Address, int] = {}
    left = {address: set(before) for address, before in waits.items()}
    dependents: dict[Address, list[Address]] = defaultdict(list)
    for address, before in waits.items():
        for other in before:
            dependents[other].append(address)
    ready = [address for address, before in left.items() if not before]
    for address in ready:
        depth[address] = 0
    while ready:
        address = ready.pop()
        for dependent in dependents[address]:
            left[dependent].discard(address)
            depth[dependent] = max(depth.get(dependent, 0), depth[address] + 1)
            if not left[dependent]:
                ready.append(dependent)
    stuck = [address for address, before in left.items() if before]
    if stuck:
        raise DependencyCycle(_circle(waits, stuck))
    return depth


def _circle(waits: Mapping[Address, tuple[Address, ...]], stuck: Sequence[Address]) -> list[tuple[str, str]]:
    """The edges of one circle among the changes that wait for each other."""
    held = set(stuck)
    path = [stuck[0]]
    while True:
        following = next(other for other in waits[path[-1]] if other in held)
        if following in path:
            circle = [*path[path.index(following) :], following]
            return [(str(one), str(other)) for one, other in pairwise(circle)]
        path.append(following)

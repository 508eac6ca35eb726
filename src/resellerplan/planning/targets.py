"""What a run is about: targets pull in what they depend on, excludes drop what depends on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from resellerplan.model.address import Address
from resellerplan.model.estate import Estate
from resellerplan.model.resource import references
from resellerplan.planning.scope import Scope

__all__ = ["within"]


def within(desired: Estate, scope: Scope) -> frozenset[Address] | None:
    """The declared addresses that the scope takes in; None for all of them. A target that nobody declares takes in nothing."""
    if scope.targets:
        return _closure(scope.targets, lambda address: _needs(desired, address)) & frozenset(desired.resources)
    if scope.excludes:
        dependents: dict[Address, list[Address]] = defaultdict(list)
        for address, resource in desired.resources.items():
            for needed in references(resource):
                dependents[needed].append(address)
        return frozenset(desired.resources) - _closure(scope.excludes, lambda address: dependents.get(address, ()))
    return None


def _needs(desired: Estate, address: Address) -> tuple[Address, ...]:
    resource = desired.resources.get(address)
    return () if resource is None else references(resource)


def _closure(start: Iterable[Address], onward: Callable[[Address], Iterable[Address]]) -> frozenset[Address]:
    reached = set(start)
    waiting = list(reached)
    while waiting:
        for further in onward(waiting.pop()):
            if further not in reached:
                reached.add(further)
                waiting.append(further)
    return frozenset(reached)

"""What speaks against a plan: one rule per file, each returning findings with a code, a weight and the way out.

Here lives: the rules and the list of them.
Does not know: how a plan is made (it only reads it), the panel.
Start reading at: case.py (what a rule may look at), then any rule.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from resellerplan.diagnostics import Finding
from resellerplan.planning.guards import (
    conditions,
    days,
    deletes,
    domains,
    identity,
    mass_updates,
    moves,
    overcommit,
    own_package,
    protect,
    reach,
    reduce_plan,
    references,
    resources,
    scope_names,
    statuses,
    still_in_use,
    unmanaged,
    unread,
)
from resellerplan.planning.guards.case import Case, Rule

__all__ = ["CODES", "RULES", "Case", "guard", "meaning_of"]

_MODULES: Final = (
    scope_names,
    identity,
    reach,
    references,
    own_package,
    resources,
    domains,
    moves,
    statuses,
    protect,
    still_in_use,
    conditions,
    days,
    deletes,
    reduce_plan,
    mass_updates,
    overcommit,
    unmanaged,
    unread,
)
"""A rule per file, in the order of what a reader wants to know first."""

RULES: Final[tuple[Rule, ...]] = tuple(module.check for module in _MODULES)
"""Every rule."""

CODES: Final[Mapping[str, str]] = MappingProxyType(
    dict(sorted((code, summary) for module in _MODULES for code, summary in module.CODES.items()))
)
"""Every code that a plan's findings can carry, with its summary."""


def meaning_of(code: str) -> str | None:
    """What a code is about: its summary, and why its rule is there. None for a code of another table."""
    for module in _MODULES:
        if code in module.CODES:
            return f"{code}: {module.CODES[code]}\n\n{inspect.getdoc(module)}"
    return None


def guard(case: Case) -> Iterator[Finding]:
    """Ask every rule."""
    for rule in RULES:
        yield from rule(case)

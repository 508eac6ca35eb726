"""What a manifest means: rules over the whole estate, one subject per file, each from what was declared to Findings.

Here lives: a file per subject, and the list of them.
Does not know: files, YAML, the panel.
Start reading at: CHECKS in this file, then declarations.py (what a rule may look at).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from resellerplan.diagnostics import Finding
from resellerplan.manifest.checks.declarations import Declarations
from resellerplan.manifest.checks.first_domain import domains_and_resources
from resellerplan.manifest.checks.lengths import stored_lengths
from resellerplan.manifest.checks.life import life_cycles, statuses
from resellerplan.manifest.checks.own_package import own_package
from resellerplan.manifest.checks.references import references
from resellerplan.manifest.checks.remarks import remarks
from resellerplan.manifest.checks.secrets import passwords

__all__ = ["CHECKS", "Declarations", "check"]

CHECKS: Final[tuple[Callable[[Declarations], Iterator[Finding]], ...]] = (
    references,
    domains_and_resources,
    own_package,
    life_cycles,
    stored_lengths,
    statuses,
    passwords,
    remarks,
)


def check(declarations: Declarations) -> Iterator[Finding]:
    """All rules, one after the other."""
    for rule in CHECKS:
        yield from rule(declarations)

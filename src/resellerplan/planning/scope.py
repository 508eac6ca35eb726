"""What part of the estate a run is about."""

from __future__ import annotations

from dataclasses import dataclass

from resellerplan.model.address import Address

__all__ = ["EVERYTHING", "Scope"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """``targets`` pull in what they depend on; ``excludes`` drop what depends on them; both empty = everything.

    The two exclude each other. ``limit_moves`` caps how many spaces change their plan in one run (None = no cap).
    """

    targets: frozenset[Address] = frozenset()
    excludes: frozenset[Address] = frozenset()
    limit_moves: int | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing was left out."""
        return not self.targets and not self.excludes


EVERYTHING = Scope()
"""Nothing left out, no cap."""

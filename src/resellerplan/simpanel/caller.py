"""Who calls the panel."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SUPERVISOR", "THE_SUPERVISOR", "Caller"]

SUPERVISOR = -1
"""The user id of the panel's internal principal, who may do everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The authenticated user, or the internal supervisor (``user_id`` -1) for calls without credentials."""

    user_id: int
    username: str = ""
    role_id: int = 1
    owner_id: int | None = None
    status_id: int = 1
    is_peer: bool = False
    is_demo: bool = False

    @property
    def effective_user_id(self) -> int:
        """A peer works for its owner."""
        return self.owner_id if self.is_peer and self.owner_id is not None else self.user_id


THE_SUPERVISOR = Caller(user_id=SUPERVISOR, username="internal_supervisor")

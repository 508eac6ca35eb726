"""The panel's numbers for roles and statuses (contract 3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from resellerplan.model.values import LoginStatus, Role, Status

__all__ = [
    "ADMINISTRATOR",
    "LOGIN_STATUSES",
    "LOGIN_STATUS_IDS",
    "RESELLER",
    "ROLES",
    "ROLE_IDS",
    "ROLE_NAMES",
    "SPACE_STATUS_NAMES",
    "STATUSES",
    "STATUS_IDS",
    "USER_STATUS_NAMES",
]

ADMINISTRATOR: Final = 1
RESELLER: Final = 2

ROLES: Final[Mapping[int, Role]] = {2: Role.RESELLER, 3: Role.USER}
ROLE_IDS: Final[Mapping[Role, int]] = {role: number for number, role in ROLES.items()}
ROLE_NAMES: Final[Mapping[int, str]] = {
    1: "Administrator",
    2: "Reseller",
    3: "User",
    4: "ResellerCSR",
    5: "PlatformCSR",
    6: "ResellerHelpdesk",
    7: "PlatformHelpdesk",
}

STATUSES: Final[Mapping[int, Status]] = {1: Status.ACTIVE, 2: Status.SUSPENDED, 3: Status.CANCELLED, 4: Status.PENDING}
STATUS_IDS: Final[Mapping[Status, int]] = {status: number for number, status in STATUSES.items()}

USER_STATUS_NAMES: Final[Mapping[Status, str]] = {
    Status.ACTIVE: "Active",
    Status.SUSPENDED: "Suspended",
    Status.CANCELLED: "Cancelled",
    Status.PENDING: "Pending",
}
SPACE_STATUS_NAMES: Final[Mapping[Status, str]] = {**USER_STATUS_NAMES, Status.PENDING: "New"}
"""4 means Pending for a user and New for a space."""

LOGIN_STATUSES: Final[Mapping[int, LoginStatus]] = {
    0: LoginStatus.ENABLED,
    1: LoginStatus.DISABLED,
    2: LoginStatus.LOCKED_OUT,
}
LOGIN_STATUS_IDS: Final[Mapping[LoginStatus, int]] = {status: number for number, status in LOGIN_STATUSES.items()}

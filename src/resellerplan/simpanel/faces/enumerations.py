"""Numbers of enumeration members, and the members of 1.x's UserInfo that are two names of one stored number.

Only here, because schemas state numbers for some enumerations only (contract 3.1 for the others).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from resellerplan.simpanel.operations import Catalogue, EnumType, catalogue

__all__ = ["PAIRED", "enum_name", "enum_number", "enum_type_name"]

_NUMBERS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "UserRole": {
            "Administrator": 1,
            "Reseller": 2,
            "User": 3,
            "ResellerCSR": 4,
            "PlatformCSR": 5,
            "ResellerHelpdesk": 6,
            "PlatformHelpdesk": 7,
        },
        "UserStatus": {"Active": 1, "Suspended": 2, "Cancelled": 3, "Pending": 4},
        "UserLoginStatus": {"Enabled": 0, "Disabled": 1, "LockedOut": 2},
        "BackgroundTaskStatus": {"Run": 1, "Abort": 2, "Starting": 3, "Stopping": 4},
    }
)

PAIRED: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("UserInfo", "Role"): "RoleId",
        ("UserInfo", "Status"): "StatusId",
        ("UserInfo", "LoginStatus"): "LoginStatusId",
    }
)
"""(class, enumeration member) -> the member that holds the same value as a number (contract 1.4, paired properties)."""


def _numbers(found: EnumType) -> Mapping[str, int]:
    if found.name in _NUMBERS:
        return _NUMBERS[found.name]
    stated = found.numbers or (None,) * len(found.values)
    return {v: i if n is None else n for i, (v, n) in enumerate(zip(found.values, stated, strict=True))}


def enum_number(found: EnumType, name: str) -> int:
    """The number of a member; of a name that is a number already, that number."""
    known = _numbers(found).get(name)
    return int(name) if known is None else known


def enum_name(found: EnumType, number: int) -> str:
    """The name of a member; a number that no member has stays a number, as text."""
    return next((n for n, v in _numbers(found).items() if v == number), str(number))


def enum_type_name(found: EnumType, panel: Catalogue) -> str:
    """The full .NET name of an enumeration, as faults state it (contract 1.4)."""
    twin = catalogue("corewcf").types.get(found.name)
    space = (twin.namespace if twin else "").rpartition("/")[2] or "FuseCP.EnterpriseServer"
    return f"{space if panel.face == 'corewcf' else space.replace('FuseCP', 'SolidCP')}.{found.name}"

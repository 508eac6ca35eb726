"""Who may do what to whom: the panel's ownership functions (contract 5.1, 5.2), as plain functions over the store.

Both logics share them; where they differ a comment says so. The internal supervisor (user -1) may do everything.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from resellerplan.simpanel.caller import SUPERVISOR

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Connection

__all__ = [
    "ADMINISTRATOR",
    "RESELLER",
    "USER",
    "Demand",
    "account_check",
    "may_access_package",
    "may_access_parent_package",
    "may_access_user",
    "may_create_user",
    "may_see_password",
    "may_see_user",
    "may_update_user",
    "owner_chain",
    "owner_of_package",
]

ADMINISTRATOR, RESELLER, USER, RESELLER_CSR, PLATFORM_CSR, RESELLER_HELPDESK, PLATFORM_HELPDESK = range(1, 8)


class Demand(StrEnum):
    """What a method demands of the caller's account; checked in this order, the first failure wins (contract 5.1)."""

    NOT_DEMO = "not_demo"
    IS_ACTIVE = "is_active"
    IS_ADMIN = "is_admin"
    IS_RESELLER = "is_reseller"
    IS_PLATFORM_CSR = "is_platform_csr"
    IS_PLATFORM_HELPDESK = "is_platform_helpdesk"
    IS_RESELLER_HELPDESK = "is_reseller_helpdesk"
    IS_RESELLER_CSR = "is_reseller_csr"


_EVERY_STAFF_ROLE = frozenset(
    {
        Demand.IS_RESELLER,
        Demand.IS_PLATFORM_CSR,
        Demand.IS_PLATFORM_HELPDESK,
        Demand.IS_RESELLER_HELPDESK,
        Demand.IS_RESELLER_CSR,
    }
)
_FULFILLED_BY_ROLE = {
    ADMINISTRATOR: _EVERY_STAFF_ROLE | {Demand.IS_ADMIN},
    RESELLER: _EVERY_STAFF_ROLE,
    RESELLER_CSR: frozenset({Demand.IS_RESELLER_CSR}),
    PLATFORM_CSR: frozenset({Demand.IS_PLATFORM_CSR, Demand.IS_RESELLER_CSR}),
    RESELLER_HELPDESK: frozenset({Demand.IS_RESELLER_HELPDESK}),
    PLATFORM_HELPDESK: frozenset({Demand.IS_PLATFORM_HELPDESK, Demand.IS_RESELLER_HELPDESK}),
}
_INACTIVE = {2: -104, 3: -105, 4: -103}


def account_check(call: Call, *demands: Demand) -> int:
    """0, or the code of the first demand that the caller's account does not meet (-106, -103/-104/-105, -107, -112)."""
    caller = call.caller
    if caller.user_id == SUPERVISOR:
        return 0
    wanted = frozenset(demands)
    if Demand.NOT_DEMO in wanted and caller.is_demo:
        return -106
    if Demand.IS_ACTIVE in wanted and caller.status_id in _INACTIVE:
        return _INACTIVE[caller.status_id]
    fulfilled = _FULFILLED_BY_ROLE.get(caller.role_id, frozenset())
    if Demand.IS_ADMIN in wanted and Demand.IS_ADMIN not in fulfilled:
        return -107
    if (wanted & _EVERY_STAFF_ROLE) - fulfilled:
        return -112
    return 0


def owner_chain(db: Connection, user_id: int) -> list[int]:
    """The user and everybody above, from the user upwards; empty for an unknown user."""
    chain: list[int] = []
    current: int | None = user_id
    while current is not None and current not in chain:
        row = db.execute("SELECT owner_id FROM users WHERE user_id = ?", (current,)).fetchone()
        if row is None:
            break
        chain.append(current)
        current = row[0]
    return chain


def _acting_id(call: Call) -> int:
    """A peer acts as its owner."""
    caller = call.caller
    return caller.owner_id if caller.is_peer and caller.owner_id is not None else caller.user_id


def may_access_user(call: Call, user_id: int | None) -> bool:
    """CheckActorUserRights: oneself, or anybody below (a peer acts as its owner). Null: yes. 0, unknown: no (EF: 0 yes)."""
    caller = call.caller
    if caller.user_id == SUPERVISOR or user_id is None or user_id == caller.user_id:
        return True
    if user_id == 0 and call.flavour.logic == "ef":
        return True
    chain = owner_chain(call.db, user_id)
    acting = _acting_id(call)
    return acting in chain


def may_see_user(call: Call, user_id: int | None) -> bool:
    """CanGetUserDetails: the same, and one's own direct owner (a peer: its owner's owner too). Null: no."""
    if call.caller.user_id == SUPERVISOR:
        return True
    if user_id is None:
        return False
    if user_id == call.caller.user_id:
        return True
    acting = _acting_id(call)
    chain = owner_chain(call.db, user_id)
    if not chain:
        return False
    if acting in chain:
        return True
    row = call.db.execute("SELECT owner_id FROM users WHERE user_id = ?", (acting,)).fetchone()
    return row is not None and row[0] == user_id


def may_see_password(call: Call, user_id: int) -> bool:
    """CanGetUserPassword: oneself and those below; never one's owner, for a peer neither its owner nor fellow peers."""
    return may_update_user(call, user_id)


def may_update_user(call: Call, user_id: int) -> bool:
    """CanUpdateUserDetails: oneself and those below; a peer not its owner nor that owner's other peers."""
    caller = call.caller
    if caller.user_id in (SUPERVISOR, user_id):
        return True
    chain = owner_chain(call.db, user_id)
    if not caller.is_peer:
        return caller.user_id in chain
    acting = _acting_id(call)
    if user_id == acting or acting not in chain:
        return False
    row = call.db.execute("SELECT owner_id, is_peer FROM users WHERE user_id = ?", (user_id,)).fetchone()
    return not (row["is_peer"] and row["owner_id"] == acting)


def may_create_user(call: Call, owner_id: int) -> bool:
    """CanCreateUser: under oneself or anybody below; a peer also under its owner and under itself."""
    caller = call.caller
    if caller.user_id in (SUPERVISOR, owner_id):
        return True
    return _acting_id(call) in owner_chain(call.db, owner_id)


def owner_of_package(db: Connection, package_id: int) -> int | None:
    """The user who owns a space; None for an unknown space."""
    row = db.execute("SELECT user_id FROM packages WHERE package_id = ?", (package_id,)).fetchone()
    return None if row is None else row[0]


def may_access_package(call: Call, package_id: int | None) -> bool:
    """CheckActorPackageRights: spaces 0 and 1 are the administrator's; an unknown space is anybody's; else by its owner."""
    if call.caller.user_id == SUPERVISOR or package_id is None:
        return True
    if package_id in (0, 1):
        return call.caller.role_id == ADMINISTRATOR
    owner = owner_of_package(call.db, package_id)
    return owner is None or may_access_user(call, owner)


def may_access_parent_package(call: Call, package_id: int | None) -> bool:
    """CheckActorParentPackageRights: whoever may see the owner's details may look at a space as a parent; unknown: yes."""
    if call.caller.user_id == SUPERVISOR or package_id is None:
        return True
    owner = owner_of_package(call.db, package_id)
    return owner is None or may_see_user(call, owner)

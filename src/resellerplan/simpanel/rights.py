"""Who may do what to whom: the panel's account check and ownership functions (contract 5.1, 5.2) over the store.

Both logics share them; where they differ a rule says so. The internal supervisor (user -1) may do everything.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from resellerplan.simpanel.caller import SUPERVISOR
from resellerplan.simpanel.flavours import Defect
from resellerplan.simpanel.rules import rule

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

NOT_DEMO = rule("account_check.demo", "5.1", "NotDemo: a demo account gets -106.")
PENDING = rule("account_check.pending", "5.1, 6.7", "IsActive: a pending account gets -103.")
SUSPENDED = rule("account_check.suspended", "5.1, 6.7", "IsActive: a suspended account gets -104.")
CANCELLED = rule("account_check.cancelled", "5.1, 6.7", "IsActive: a cancelled account gets -105.")
ADMIN = rule("account_check.administrator", "5.1", "IsAdmin: who is no administrator gets -107.")
STAFF = rule("account_check.staff_role", "5.1", "IsReseller and the like: a role without it gets -112.")
ROLE_SETS = rule("account_check.role_sets", "5.1", "CSR and helpdesk roles have their own sets, not a reseller's.")
ORDER = rule("account_check.order", "5.1", "NotDemo comes before IsActive, IsActive before the roles: the first failure wins.")

SELF = rule("access_user.self", "5.2 CheckActorUserRights", "Everybody has rights to itself.")
BELOW = rule("access_user.below", "5.2 CheckActorUserRights", "Who is not up the user's chain of owners has no rights to it.")
PEER_ACTS = rule("access_user.peer_acts_as_owner", "5.2 CheckActorUserRights", "A peer acts as its owner.")
NULL_USER = rule("access_user.null", "5.2 CheckActorUserRights", "For the null user the answer is yes.")
ZERO_USER = rule("access_user.zero_by_ef", "5.2 CheckActorUserRights", "For user 0 EF says yes, the procedure no.")
SEE_OWNER = rule("see_user.own_owner", "5.2 CanGetUserDetails", "One's own direct owner may be read, by a peer its owner's.")
SEE_NULL = rule("see_user.null", "5.2 CanGetUserDetails", "For the null user the answer is no.")
NOT_OWN_OWNER = rule("update_user.peer_not_its_owner", "5.2 CanUpdateUserDetails", "A peer may not change its owner.")
NOT_FELLOWS = rule("update_user.peer_not_fellows", "5.2 CanUpdateUserDetails", "A peer may not change its fellow peers.")
PASSWORD_REACH = rule("see_password.reach", "5.2 CanGetUserPassword", "A password is for oneself and those above.")
CREATE_BELOW = rule("create_user.below", "5.2 CanCreateUser", "Users are made under oneself or anybody below.")
CREATE_SELF = rule("create_user.under_a_peer", "5.2 CanCreateUser", "A peer may make users under itself.")
ROOT_SPACES = rule("access_package.root", "5.2 CheckActorPackageRights", "Spaces 0 and 1 are for administrators only.")
UNKNOWN_SPACE = rule("access_package.unknown", "5.2 CheckActorPackageRights", "For an unknown space the answer is yes.")
SPACE_OWNER = rule("access_package.owner", "5.2 CheckActorPackageRights", "Else it is whoever has rights to the space's owner.")
PARENT_SEEN = rule("access_parent_package.seen", "5.2 CheckActorParentPackageRights", "Whoever may see the owner sees the parent.")
PARENT_UNKNOWN = rule("access_parent_package.unknown", "5.2 CheckActorParentPackageRights", "An unknown space: yes.")

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
_INACTIVE = {2: (-104, SUSPENDED), 3: (-105, CANCELLED), 4: (-103, PENDING)}


def account_check(call: Call, *demands: Demand) -> int:
    """0, or the code of the first demand that the caller's account does not meet (-106, -103/-104/-105, -107, -112)."""
    caller = call.caller
    if caller.user_id == SUPERVISOR:
        return 0
    wanted = frozenset(demands)
    failures: list[int] = []
    if Demand.NOT_DEMO in wanted and caller.is_demo and call.on(NOT_DEMO):
        failures.append(-106)
    if Demand.IS_ACTIVE in wanted and caller.status_id in _INACTIVE:
        code, status = _INACTIVE[caller.status_id]
        if call.on(status):
            failures.append(code)
    fulfilled = _FULFILLED_BY_ROLE.get(caller.role_id, frozenset())
    if fulfilled and not call.on(ROLE_SETS):
        fulfilled |= _EVERY_STAFF_ROLE
    if Demand.IS_ADMIN in wanted and Demand.IS_ADMIN not in fulfilled and call.on(ADMIN):
        failures.append(-107)
    if (wanted & _EVERY_STAFF_ROLE) - fulfilled and call.on(STAFF):
        failures.append(-112)
    if not failures:
        return 0
    return failures[0] if call.on(ORDER) else failures[-1]


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
    if caller.is_peer and caller.owner_id is not None and call.on(PEER_ACTS):
        return caller.owner_id
    return caller.user_id


def may_access_user(call: Call, user_id: int | None) -> bool:
    """CheckActorUserRights: oneself, or anybody below (a peer acts as its owner). Null: yes. 0, unknown: no (EF: 0 yes)."""
    caller = call.caller
    if caller.user_id == SUPERVISOR:
        return True
    if user_id is None:
        return call.on(NULL_USER)
    if user_id == caller.user_id:
        return call.on(SELF)
    if user_id == 0 and call.flavour.logic == "ef" and call.on(ZERO_USER):
        return True
    return _acting_id(call) in owner_chain(call.db, user_id) or not call.on(BELOW)


def may_see_user(call: Call, user_id: int | None) -> bool:
    """CanGetUserDetails: the same, and one's own direct owner (a peer: its owner's owner too). Null: no.

    By EF a peer sees its owner's owner and all below its owner, but not the owner itself: so it lists nobody by the reseller's
    id, while its own id lists them (contract 5.4).
    """
    if call.caller.user_id == SUPERVISOR:
        return True
    if user_id is None:
        return not call.on(SEE_NULL)
    if user_id == call.caller.user_id:
        return True
    acting = _acting_id(call)
    if user_id == acting and call.has(Defect.PEER_GETUSERS_REVERSED):
        return False
    chain = owner_chain(call.db, user_id)
    if not chain:
        return False
    if acting in chain:
        return True
    row = call.db.execute("SELECT owner_id FROM users WHERE user_id = ?", (acting,)).fetchone()
    return row is not None and row[0] == user_id and call.on(SEE_OWNER)


def may_see_password(call: Call, user_id: int) -> bool:
    """CanGetUserPassword: oneself and those below; never one's owner, for a peer neither its owner nor fellow peers."""
    return may_update_user(call, user_id) or not call.on(PASSWORD_REACH)


def may_update_user(call: Call, user_id: int) -> bool:
    """CanUpdateUserDetails: oneself and those below; a peer not its owner nor that owner's other peers."""
    caller = call.caller
    if caller.user_id in (SUPERVISOR, user_id):
        return True
    chain = owner_chain(call.db, user_id)
    if not caller.is_peer:
        return caller.user_id in chain
    acting = _acting_id(call)
    if acting not in chain:
        return False
    if user_id == acting:
        return not call.on(NOT_OWN_OWNER)
    row = call.db.execute("SELECT owner_id, is_peer FROM users WHERE user_id = ?", (user_id,)).fetchone()
    return not (row["is_peer"] and row["owner_id"] == acting and call.on(NOT_FELLOWS))


def may_create_user(call: Call, owner_id: int) -> bool:
    """CanCreateUser: under oneself or anybody below; a peer also under its owner and under itself."""
    caller = call.caller
    if caller.user_id == SUPERVISOR:
        return True
    if caller.user_id == owner_id:
        return not caller.is_peer or call.on(CREATE_SELF)
    return _acting_id(call) in owner_chain(call.db, owner_id) or not call.on(CREATE_BELOW)


def owner_of_package(db: Connection, package_id: int) -> int | None:
    """The user who owns a space; None for an unknown space."""
    row = db.execute("SELECT user_id FROM packages WHERE package_id = ?", (package_id,)).fetchone()
    return None if row is None else row[0]


def may_access_package(call: Call, package_id: int | None) -> bool:
    """CheckActorPackageRights: spaces 0 and 1 are the administrator's; an unknown space is anybody's; else by its owner."""
    if call.caller.user_id == SUPERVISOR or package_id is None:
        return True
    if package_id in (0, 1) and call.on(ROOT_SPACES):
        return call.caller.role_id == ADMINISTRATOR
    owner = owner_of_package(call.db, package_id)
    if owner is None:
        return call.on(UNKNOWN_SPACE)
    return may_access_user(call, owner) or not call.on(SPACE_OWNER)


def may_access_parent_package(call: Call, package_id: int | None) -> bool:
    """CheckActorParentPackageRights: whoever may see the owner's details may look at a space as a parent; unknown: yes."""
    if call.caller.user_id == SUPERVISOR or package_id is None:
        return True
    owner = owner_of_package(call.db, package_id)
    if owner is None:
        return call.on(PARENT_UNKNOWN)
    return may_see_user(call, owner) or not call.on(PARENT_SEEN)

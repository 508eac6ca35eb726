"""esUsers: switching the second factor of a log-in on and off (contract 2.2)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.rights import may_update_user, owner_chain
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.second_factor import is_current_code, user_secret
from resellerplan.simpanel.user_records import by_id, by_name

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row

_MFA_OFF, _MFA_MAIL, _MFA_APP = 0, 1, 2

OWN_SET = rule("user_mfa.who_may", "2.2", "A second factor is one's own to change, but for a peer, and that of who is above.")
OFF_IS_FALSE = rule("user_mfa.result_is_the_state", "2.2", "UpdateUserMfa answers whether the second factor is on afterwards.")
NEEDED_FIRST = rule("user_mfa.on_first", "2.2", "Without a second factor there is no QR code to show or to activate.")


def _peers_may(call: Call) -> bool:
    value = call.db.execute(
        "SELECT property_value FROM system_settings WHERE settings_name = ? AND property_name = ?",
        ("AuthenticationSettings", "CanPeerChangeMfa"),
    ).fetchone()
    return value is not None and (value[0] or "").strip().lower() == "true"


def _may_change(call: Call, user_id: int) -> bool:
    """The administrator everybody's; else one's own (a peer only where the system's settings let peers), and those below.

    A peer stands at its owner's place: the owner's too, and not its fellow peers'.
    """
    caller = call.caller
    if not call.on(OWN_SET) or caller.owner_id is None:
        return True
    if caller.user_id == user_id:
        return not caller.is_peer or _peers_may(call)
    chain = owner_chain(call.db, user_id)
    top = caller.owner_id if caller.is_peer else caller.user_id
    if top not in chain:
        return False
    row = by_id(call, user_id)
    return row is not None and (chain.index(top) > int(caller.is_peer) or not row["is_peer"])


def _named(call: Call, username: str | None) -> Row:
    row = by_name(call, username)
    if row is None:
        raise faults.null_reference()
    return row


@operation("esUsers", "UpdateUserMfa")
def update_user_mfa(call: Call, *, username: str | None, activate: bool) -> bool:
    """Whether the user has a second factor afterwards; an unknown name is a NullReference fault."""
    row = _named(call, username)
    if not _may_change(call, row["user_id"]):
        return False
    if may_update_user(call, row["user_id"]):
        call.db.execute(
            "UPDATE users SET mfa_mode = ?, pin_secret = ? WHERE user_id = ?",
            (_MFA_MAIL if activate else _MFA_OFF, user_secret(call, row) if activate else None, row["user_id"]),
        )
    return _named(call, username)["mfa_mode"] > 0 or not call.on(OFF_IS_FALSE)


@operation("esUsers", "CanUserChangeMfa")
def can_user_change_mfa(call: Call, *, changeUserId: int) -> bool:
    return _may_change(call, changeUserId)


@operation("esUsers", "GetUserMfaQrCodeData")
def get_user_mfa_qr_code_data(call: Call, *, username: str | None) -> list[str]:
    """The manual key and the address that an authenticator reads, for who may change them; nothing without a second factor."""
    row = _named(call, username)
    if (call.on(NEEDED_FIRST) and row["mfa_mode"] == _MFA_OFF) or not may_update_user(call, row["user_id"]):
        return []
    key = base64.b32encode(user_secret(call, row)).decode()
    return [key, f"otpauth://totp/{call.flavour.product}:{row['username']}?secret={key}&issuer={call.flavour.product}"]


@operation("esUsers", "ActivateUserMfaQrCode")
def activate_user_mfa_qr_code(call: Call, *, username: str | None, pin: str | None) -> bool:
    row = _named(call, username)
    if call.on(NEEDED_FIRST) and row["mfa_mode"] == _MFA_OFF:
        return False
    if not is_current_code(user_secret(call, row), pin, call.now()):
        return False
    if may_update_user(call, row["user_id"]):
        call.db.execute("UPDATE users SET mfa_mode = ? WHERE user_id = ?", (_MFA_APP, row["user_id"]))
    return True

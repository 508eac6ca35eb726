"""esUsers: switching the second factor of a log-in on and off (contract 2.2)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.rights import may_update_user
from resellerplan.simpanel.second_factor import is_current_code, user_secret
from resellerplan.simpanel.user_records import by_name

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row

_MFA_OFF, _MFA_MAIL, _MFA_APP = 0, 1, 2


def _changeable(call: Call, username: str | None) -> Row | None:
    row = by_name(call, username)
    return row if row is not None and may_update_user(call, row["user_id"]) else None


@operation("esUsers", "UpdateUserMfa")
def update_user_mfa(call: Call, *, username: str | None, activate: bool) -> bool:
    row = _changeable(call, username)
    if row is None:
        return False
    call.db.execute(
        "UPDATE users SET mfa_mode = ?, pin_secret = NULL WHERE user_id = ?", (_MFA_MAIL if activate else _MFA_OFF, row["user_id"])
    )
    return True


@operation("esUsers", "CanUserChangeMfa")
def can_user_change_mfa(call: Call, *, changeUserId: int) -> bool:
    return may_update_user(call, changeUserId)


@operation("esUsers", "GetUserMfaQrCodeData")
def get_user_mfa_qr_code_data(call: Call, *, username: str | None) -> list[str] | None:
    """The manual key and the address that an authenticator reads; the secret is the user's own, made from the store's key."""
    row = _changeable(call, username)
    if row is None:
        return None
    key = base64.b32encode(user_secret(call, row)).decode()
    return [key, f"otpauth://totp/{call.flavour.product}:{row['username']}?secret={key}&issuer={call.flavour.product}"]


@operation("esUsers", "ActivateUserMfaQrCode")
def activate_user_mfa_qr_code(call: Call, *, username: str | None, pin: str | None) -> bool:
    row = _changeable(call, username)
    if row is None or not is_current_code(user_secret(call, row), pin, call.now()):
        return False
    call.db.execute(
        "UPDATE users SET mfa_mode = ?, pin_secret = ? WHERE user_id = ?", (_MFA_APP, user_secret(call, row), row["user_id"])
    )
    return True

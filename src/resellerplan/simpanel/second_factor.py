"""Codes of the second factor, as an authenticator shows them (RFC 6238: SHA-1, 30 seconds, six digits)."""

from __future__ import annotations

import hashlib
import hmac
import struct
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row

__all__ = ["current_code", "is_current_code", "user_secret"]

_STEP_SECONDS = 30


def _code(secret: bytes, step: int) -> str:
    digest = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def _step(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp()) // _STEP_SECONDS


def current_code(secret: bytes, moment: datetime) -> str:
    """The code at a moment (naive, UTC)."""
    return _code(secret, _step(moment))


def is_current_code(secret: bytes, pin: str | None, moment: datetime) -> bool:
    """Whether ``pin`` is the code of the moment's step, or of the one before or after."""
    return any(hmac.compare_digest(_code(secret, _step(moment) + near), pin or "") for near in (-1, 0, 1))


def user_secret(call: Call, row: Row) -> bytes:
    """A user's secret: the same at every reading, derived from the world's key and not stored."""
    return call.panel.crypt.derive(f"mfa {row['user_id']} {row['username']}")

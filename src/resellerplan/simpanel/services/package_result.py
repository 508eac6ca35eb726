"""What the writing calls of plans, spaces and add-ons answer: a code or an id, and the quotas that are exceeded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from resellerplan.simpanel.datasets import dataset

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.quotas import Exceeding

__all__ = ["QUOTA_EXCEED", "QuotaExceeded", "done", "exceeded", "refused"]

QUOTA_EXCEED = -305

_COLUMNS = "QuotaId:int! QuotaName:string QuotaValue:int!"


class QuotaExceeded(Exception):
    """Raised inside a transaction of the panel to undo it: a parent's quotas are exceeded."""

    def __init__(self, rows: Sequence[Exceeding]) -> None:
        super().__init__("exceeding quotas")
        self.rows = rows


def refused(code: int) -> dict[str, object]:
    """Refused before the quotas were looked at: no DataSet at all (contract 1.5)."""
    return {"Result": code, "ExceedingQuotas": None}


def done(call: Call, result: int) -> dict[str, object]:
    """Carried out, or refused after the quotas were looked at: an empty DataSet."""
    return {"Result": result, "ExceedingQuotas": dataset(call, (_COLUMNS, []))}


def exceeded(call: Call, rows: Sequence[Exceeding]) -> dict[str, object]:
    """-305, with the quotas and by how much the sum exceeds."""
    listed = [(row.quota_id, row.name, row.excess) for row in rows]
    return {"Result": QUOTA_EXCEED, "ExceedingQuotas": dataset(call, (_COLUMNS, listed))}

"""A saved plan: exactly what was reviewed, bound to its panel, with a digest, and signed where a key is given.

The file holds personal data and no secret: passwords stay references to where apply gets them. It keeps the clock by which it was
judged. A plain digest finds damage, not tampering; with a key the file carries an HMAC, and a file without one is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from resellerplan.errors import PlanFileInvalid
from resellerplan.planning.codec import decode, encode
from resellerplan.planning.plan import Plan

__all__ = ["Header", "SavedPlan", "dump_plan", "load_plan", "plan_digest"]

FORMAT = 1
MAGIC = "resellerplan-plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a saved plan is bound to. ``manifest`` is the digest of the manifest's files, ``panel`` the panel's URL.

    ``own_space`` names the reseller's package where the manifest does.
    """

    program: str
    panel: str
    made_at: datetime
    manifest: str = ""
    dialect: str = ""
    own_space: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPlan:
    """A plan as it was read from a file. ``digest`` names it in journals and approvals."""

    header: Header
    plan: Plan
    digest: str
    signed: bool


def plan_digest(plan: Plan) -> str:
    """The plan's fingerprint: the same for the same plan, whenever and wherever it was made."""
    return _sha(_canonical(encode(plan)))


def dump_plan(plan: Plan, header: Header, *, key: bytes | None = None) -> bytes:
    """The file. Raises PlanFileInvalid for a plan with a password in its text."""
    body = {
        "program": header.program,
        "panel": header.panel,
        "made_at": header.made_at.isoformat(),
        "manifest": header.manifest,
        "dialect": header.dialect,
        "own_space": header.own_space,
        "plan": encode(plan),
    }
    canonical = _canonical(body)
    file: dict[str, object] = {"magic": MAGIC, "format": FORMAT, "sha256": _sha(canonical)}
    if key is not None:
        file["hmac"] = _hmac(canonical, key)
    return _canonical({**file, "body": body}) + b"\n"


def load_plan(data: bytes, *, key: bytes | None = None) -> SavedPlan:
    """Read a file back. Raises PlanFileInvalid: no plan file, damaged, of another version, unsigned or signed with another key."""
    file = _parse(data)
    if file.get("magic") != MAGIC:
        raise PlanFileInvalid("this is no plan file", hint="make one with `resellerplan plan --out FILE`")
    if file.get("format") != FORMAT:
        raise PlanFileInvalid(
            f"the plan file has format {file.get('format')!r}, and this program reads {FORMAT}",
            hint="make the plan again with this version",
        )
    body = file.get("body")
    canonical = _canonical(body)
    if not isinstance(body, dict) or not _equal(file.get("sha256"), _sha(canonical)):
        raise PlanFileInvalid("the plan file is damaged: its digest does not match", hint="make the plan again")
    signed = file.get("hmac")
    if key is not None:
        _check_signature(signed, canonical, key)
    try:
        made_at = datetime.fromisoformat(body["made_at"])
        header = Header(
            program=str(body["program"]),
            panel=str(body["panel"]),
            made_at=made_at,
            manifest=str(body["manifest"]),
            dialect=str(body["dialect"]),
            own_space=str(body["own_space"]),
        )
        plan = decode(body["plan"])
    except (KeyError, TypeError, ValueError) as error:
        raise PlanFileInvalid("the plan file is incomplete", hint="make the plan again") from error
    if not isinstance(plan, Plan):
        raise PlanFileInvalid("the plan file holds no plan", hint="make the plan again")
    return SavedPlan(header=header, plan=plan, digest=plan_digest(plan), signed=key is not None)


def _parse(data: bytes) -> Mapping[str, object]:
    try:
        file = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise PlanFileInvalid("this is no plan file", hint="make one with `resellerplan plan --out FILE`") from error
    return file if isinstance(file, dict) else {}


def _check_signature(signed: object, canonical: bytes, key: bytes) -> None:
    if signed is None:
        raise PlanFileInvalid(
            "the plan file is not signed, and RESELLERPLAN_PLAN_KEY asks for it",
            hint="make the plan where that key is set too",
        )
    if not _equal(signed, _hmac(canonical, key)):
        raise PlanFileInvalid(
            "the plan file's signature does not match", detail="It was changed after it was made, or signed with another key."
        )


def _equal(given: object, wanted: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode(), wanted.encode())


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _hmac(data: bytes, key: bytes) -> str:
    return hmac.new(key, data, hashlib.sha256).hexdigest()

"""What is kept between runs: which panel a URL is (for minutes), and customers as they were read (by id and ``Changed``).

Files of mode 0600 in the user's cache folder. No secret is ever kept: replies are parsed without them. A file
that can't be read, or was made by another version, is as good as none.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from resellerplan.applying.ports import Clock
from resellerplan.model.address import PanelId
from resellerplan.model.customer import TEXT_FIELDS, Customer
from resellerplan.model.drafts import maker
from resellerplan.model.values import NULL, LoginStatus, Role, Status
from resellerplan.panel.detect import Detected
from resellerplan.panel.translate.customer import made_customer

__all__ = ["CustomerCache", "DetectionCache", "Kept"]

_FORMAT = 2
_SHORT_LIFE = timedelta(hours=1)


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()[:24]


def _read(path: Path) -> Mapping[str, object]:
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) and data.get("format") == _FORMAT else {}


def _write(path: Path, data: Mapping[str, object]) -> None:
    """Replace a file at once; failing to keep something is no failure of the run."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump({"format": _FORMAT, **data}, file, ensure_ascii=False, separators=(",", ":"))
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()


class DetectionCache:
    """Which panel answers at a URL, for an hour. ``folder`` None keeps nothing."""

    def __init__(self, folder: Path | None, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    def get(self, url: str) -> Detected | None:
        """What was found at this URL lately."""
        if self._folder is None:
            return None
        data = _read(self._folder / f"panel-{_key(url)}.json")
        found, until = data.get("detected"), data.get("until")
        if not isinstance(found, dict) or not isinstance(until, str) or until < self._clock.now().isoformat():
            return None
        try:
            return Detected(**found)
        except TypeError:
            return None

    def put(self, url: str, detected: Detected) -> None:
        """Keep what was found."""
        if self._folder is not None:
            until = (self._clock.now() + _SHORT_LIFE).isoformat()
            _write(self._folder / f"panel-{_key(url)}.json", {"detected": detected.as_data(), "until": until})


@dataclass(frozen=True, slots=True)
class Kept:
    """What a full read of a customer told: its fields, its fingerprint, and when the panel says it changed (server's time)."""

    customer: Customer
    fingerprint: str
    changed: datetime | None


_made_kept = maker(Kept)

_Line = list[str | bool | None]
"""``Changed`` as the list showed it, the fingerprint, ``Changed`` of the record, then the fields in the order of ``_FIELDS``."""

_FIELDS = ("username", *TEXT_FIELDS, "html_mail", "demo", "ecommerce", "role", "status", "login_status")


class CustomerCache:
    """Customers as GetUserById showed them, as long as the list shows the same ``Changed``. ``folder`` None keeps nothing.

    One file, read once, with a flat line per customer: no members by name, and the fingerprint ready. A password change does not
    touch ``Changed``, and no password is kept, so nothing is missed by that.
    """

    def __init__(self, folder: Path | None, url: str, reseller: str) -> None:
        self._path = folder / f"customers-{_key(url, reseller)}.json" if folder is not None else None
        self._lines: dict[str, _Line] = {}
        self._ready: dict[str, tuple[str, Kept]] = {}
        self._opened = self._path is None
        self._news = False

    def open(self) -> None:
        """Read the file and make its customers, once: the first ``get`` does it where nobody had time to do it before."""
        if self._opened or self._path is None:
            return
        self._opened = True
        data = _read(self._path)
        kept = data.get("customers") if data.get("fields") == list(_FIELDS) else None
        self._lines = kept if isinstance(kept, dict) else {}
        for panel_id, line in self._lines.items():
            with suppress(LookupError, TypeError, ValueError):  # somebody edited the file
                self._ready[panel_id] = (str(line[0]), _kept_of(line))

    def get(self, panel_id: PanelId, changed: str) -> Kept | None:
        """The customer, if it was read when the list showed the same ``Changed``."""
        if not self._opened:
            self.open()
        shown, kept = self._ready.get(str(panel_id), _NOBODY)
        return kept if changed and shown == changed else None

    def put(self, panel_id: PanelId, changed: str, kept: Kept) -> None:
        """Keep a customer as it was read. One with a value that has no word (a status nobody knows) is read anew each time."""
        if self._path is None or not changed:
            return
        line = _line_of(changed, kept)
        if line is not None:
            self._lines[str(panel_id)] = line
            self._news = True

    def save(self) -> None:
        """Write what this run saw, if it saw anything new, and forget it."""
        if self._path is not None and self._news:
            _write(self._path, {"fields": list(_FIELDS), "customers": self._lines})
        self._lines, self._ready, self._news = {}, {}, False


_NOBODY: tuple[str, Kept | None] = ("", None)


def _line_of(changed: str, kept: Kept) -> _Line | None:
    line: _Line = [changed, kept.fingerprint, None if kept.changed is None else kept.changed.isoformat()]
    for name in _FIELDS:
        value = getattr(kept.customer, name)
        if value is NULL:
            line.append(None)
        elif isinstance(value, str | bool):  # roles and statuses are texts too
            line.append(value)
        else:
            return None
    return line


def _kept_of(line: _Line) -> Kept:
    """Raises LookupError, TypeError or ValueError for a line that is not one of ours."""
    (_, fingerprint, changed, username, *texts) = line
    html_mail, demo, ecommerce, role, status, login_status = texts[len(TEXT_FIELDS) :]
    if not isinstance(username, str) or not isinstance(fingerprint, str):
        raise TypeError(username)
    (
        first_name,
        last_name,
        email,
        secondary_email,
        company,
        address,
        city,
        state_province,
        country,
        zip_code,
        primary_phone,
        secondary_phone,
        fax,
        instant_messenger,
        subscriber_number,
        comments,
    ) = [NULL if text is None else str(text) for text in texts[: len(TEXT_FIELDS)]]
    customer = made_customer(
        username=username,
        first_name=first_name,
        last_name=last_name,
        email=email,
        secondary_email=secondary_email,
        company=company,
        address=address,
        city=city,
        state_province=state_province,
        country=country,
        zip=zip_code,
        primary_phone=primary_phone,
        secondary_phone=secondary_phone,
        fax=fax,
        instant_messenger=instant_messenger,
        subscriber_number=subscriber_number,
        comments=comments,
        html_mail=bool(html_mail),
        demo=bool(demo),
        ecommerce=bool(ecommerce),
        role=_ROLES[role],
        status=_STATUSES[status],
        login_status=_LOGIN_STATUSES[login_status],
    )
    return _made_kept(
        customer=customer, fingerprint=fingerprint, changed=None if changed is None else datetime.fromisoformat(str(changed))
    )


_ROLES: dict[object, Role] = {str(role): role for role in Role}
_STATUSES: dict[object, Status] = {str(status): status for status in Status}
_LOGIN_STATUSES: dict[object, LoginStatus] = {str(status): status for status in LoginStatus}

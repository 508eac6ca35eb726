"""What is kept between runs: which panel a URL is (for minutes), and customers as they were read (by id and ``Changed``).

Files of mode 0600 in the user's cache folder. No secret is ever among the members kept: replies are parsed without them. A file
that can't be read, or was made by another version, is as good as none.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from resellerplan.applying.ports import Clock
from resellerplan.model.address import PanelId
from resellerplan.panel.detect import Detected
from resellerplan.panel.record import Record
from resellerplan.soap.node import Node, plain_name
from resellerplan.soap.reply import SECRET_MEMBERS

__all__ = ["CustomerCache", "DetectionCache"]

_FORMAT = 1
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


class CustomerCache:
    """Customers as GetUserById showed them, as long as the list shows the same ``Changed``. ``folder`` None keeps nothing.

    A password change does not touch ``Changed``, and no password is kept, so nothing is missed by that.
    """

    def __init__(self, folder: Path | None, url: str, reseller: str) -> None:
        self._path = folder / f"customers-{_key(url, reseller)}.json" if folder is not None else None
        kept = _read(self._path).get("customers") if self._path is not None else None
        self._kept: dict[str, tuple[str, dict[str, str]]] = kept if isinstance(kept, dict) else {}
        self._fresh: dict[str, tuple[str, dict[str, str]]] = {}
        self._news = False

    def get(self, panel_id: PanelId, changed: str) -> Record | None:
        """The customer, if it was read when the list showed the same ``Changed``."""
        entry = self._kept.get(str(panel_id))
        if entry is None or not changed or entry[0] != changed:
            return None
        self._fresh[str(panel_id)] = entry
        return Record(Node("UserInfo", children=[Node(name, text) for name, text in entry[1].items()]))

    def put(self, panel_id: PanelId, changed: str, record: Record) -> None:
        """Keep a customer as it was read."""
        if self._path is None or not changed or record.mended:
            return
        members = {
            plain_name(child.name): child.text
            for child in record.node.children
            if child.text is not None and not child.children and plain_name(child.name) not in SECRET_MEMBERS
        }
        self._fresh[str(panel_id)] = (changed, members)
        self._news = True

    def save(self) -> None:
        """Write what this run saw, if it saw anything new."""
        if self._path is not None and self._news:
            _write(self._path, {"customers": {**self._kept, **self._fresh}})

"""Who is at the door: credentials against the store, and what the 2.x front keeps in memory about it (contract 1.7)."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from resellerplan.simpanel.crypt import Crypt, matches
from resellerplan.simpanel.flavours import Flavour
from resellerplan.simpanel.names import user_key
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.store import Connection, Row

__all__ = ["CachedLogins", "Credentials", "Unauthenticated", "user_by_credentials"]

NEEDED = rule("log_in.needed", "1.7", "A call without credentials is refused.")
OPEN_SERVICES = rule("log_in.open_services", "1.7.2, 1.7.3", "esAuthentication and esTest need no credentials.")
EMPTY = rule("log_in.empty", "1.7.3", "By 2.x an empty name or password is refused, also where the stored password is empty.")
WRONG = rule("log_in.wrong_password", "1.7", "A wrong password is refused.")
SHA1 = rule("log_in.sha1", "1.7.1, 1.7.3", "Base64(SHA-1) of the password is taken for it.")
SHA256 = rule("log_in.sha256", "1.7.3", "2.x takes SHA256: and Base64(SHA-256) of the password for it.")
NO_STATUS = rule("log_in.no_status", "1.7", "A log-in looks at no status and no log-in status; each call's account check does.")
REMEMBERED = rule("log_in.remembered", "1.7.3", "2.x still takes the old password right after it was changed.")
NOT_REMEMBERED = rule("log_in.not_remembered", "1.7.1", "1.x remembers no log-in: an old password is refused at once.")
AGAIN = rule("log_in.checked_again", "1.7.3", "2.x refuses the old password some 3 seconds after it was changed.")
DROPPED = rule("log_in.dropped", "1.7.3", "On 2.x one refused log-in drops what is remembered of the user at once.")
RECORDED = rule("log_in.recorded", "1.7.1, 6.5", "A log-in that asked the store leaves a record USER/GET_BY_USERNAME_PASSWORD.")
UNKNOWN_RECORDED = rule("log_in.unknown_recorded", "6.5", "On 1.x an unknown name leaves a warning, a wrong password nothing.")
REFUSED_RECORDED = rule("log_in.refused_recorded", "6.5", "A refused log-in leaves a warning User/Login on 2.x.")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client sent: 1.x from the Basic header, 2.x from the ``Credentials`` SOAP header."""

    username: str
    password: str


class Unauthenticated(Exception):
    """No credentials, or wrong ones (``missing`` tells which); how that looks on the wire is the face's affair."""

    def __init__(self, *, missing: bool) -> None:
        super().__init__("no credentials" if missing else "wrong credentials")
        self.missing = missing


def user_by_credentials(
    db: Connection, flavour: Flavour, crypt: Crypt, sent: Credentials, rules_off: frozenset[str] = frozenset()
) -> Row | None:
    """The user whose name and password these are; neither status nor login status is looked at.

    The name is compared as the database does. 1.x takes the password plain or as Base64(SHA-1) (not WebsitePanel), 2.x as
    Base64(SHA-256) too. ``rules_off``: names of rules that are not in force.
    """
    row: Row | None = db.execute(
        "SELECT * FROM users WHERE username_key = ?", (user_key(sent.username, flavour.database),)
    ).fetchone()
    if row is None:
        return None
    if WRONG.name in rules_off:
        return row
    stored = crypt.open(row["password"])
    if stored is None:
        return None
    sha1 = flavour.sha1_passwords and SHA1.name not in rules_off
    sha256 = flavour.face == "corewcf" and SHA256.name not in rules_off
    return row if matches(stored, sent.password, sha1=sha1, sha256=sha256) else None


@dataclass(slots=True)
class _Entry:
    password: str
    due: float | None


class CachedLogins:
    """The 2.x validator's memory: the last 20 users; an entry is checked again about 3 s after its use.

    So an old password is honoured for some seconds after its change ([345]); one refused log-in drops the entry at once.
    """

    SIZE = 20
    AGAIN_AFTER = 3.0

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._changed: dict[str, float] = {}
        self._lock = threading.Lock()

    def note_change(self, username: str) -> None:
        """A password was changed now: re-checks that were due before still found the old one right."""
        with self._lock:
            self._changed[username] = self._ticks()

    def accepts(self, sent: Credentials, check: Callable[[], bool]) -> bool:
        """Whether the memory vouches for these credentials; ``check`` asks the store, when a re-check is due."""
        now = self._ticks()
        with self._lock:
            entry = self._entries.get(sent.username)
            if entry is None or entry.password != sent.password:
                return False
            self._entries.move_to_end(sent.username)
            due = entry.due
            if due is None:
                entry.due = now + self.AGAIN_AFTER
                return True
            if now < due:
                return True
            changed_since = self._changed.get(sent.username, -1.0) > due
        if changed_since or check():
            with self._lock:
                entry.due = now + self.AGAIN_AFTER
            return True
        self.drop(sent.username)
        return False

    def remember(self, sent: Credentials) -> None:
        """The store has just vouched for these credentials."""
        with self._lock:
            self._entries[sent.username] = _Entry(sent.password, self._ticks() + self.AGAIN_AFTER)
            self._entries.move_to_end(sent.username)
            while len(self._entries) > self.SIZE:
                self._entries.popitem(last=False)

    def forget_all(self) -> None:
        """The process has ended, and its memory with it."""
        with self._lock:
            self._entries.clear()
            self._changed.clear()

    def drop(self, username: str) -> None:
        """Forget a user."""
        with self._lock:
            self._entries.pop(username, None)

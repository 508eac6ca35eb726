"""What an answer that is no result means: an error that says what is certain, and what to do.

An HTTP status, a web page, a redirect, a SOAP fault: each becomes one error of the tree. An error of a write is asked whether it
proves that nothing was done.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from resellerplan.applying.ports import Clock
from resellerplan.errors import (
    CallForbidden,
    PanelAmbiguous,
    PanelError,
    PanelFault,
    PanelNotUnderstood,
    PanelUnauthorised,
    PanelUnreachable,
)
from resellerplan.neutralise import fragment_of, one_line
from resellerplan.panel.calls import Call
from resellerplan.soap.fault import Fault

__all__ = ["TryLater", "certainly_not_done", "from_fault", "from_status", "is_locked"]


class TryLater(Exception):
    """The panel, or what stands before it, said 429 or 503."""

    def __init__(self, status: int, retry_after: str) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self._retry_after = retry_after.strip()

    def seconds(self, clock: Clock) -> float | None:
        """How long it asks to be left alone: Retry-After gives seconds or a date (RFC 9110, 10.2.3). None: it does not say."""
        text = self._retry_after
        if text.isascii() and text.isdecimal():
            return float(text[:9])
        try:
            when = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
        return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - clock.now()).total_seconds())


def from_status(call: Call, status: int, headers: Mapping[str, str], data: bytes) -> Exception:
    """The error for an answer that is no SOAP: :class:`TryLater`, or one of ours."""
    name, fragment = str(call), fragment_of(data)
    if status in {401, 403}:
        return PanelUnauthorised(
            "the panel does not take these credentials",
            call=name,
            hint="check the user name, the password, and that they are for this URL",
        )
    if status in {429, 503}:
        return TryLater(status, headers.get("retry-after", ""))
    if status in {502, 504}:
        return PanelAmbiguous(f"a proxy before the panel answered HTTP {status}", call=name, detail=fragment)
    if 300 <= status < 400:
        to = one_line(headers.get("location", "somewhere else"), 100)
        return PanelNotUnderstood(
            "the panel's URL redirects, and credentials are not sent after a redirect",
            call=name,
            fragment=to,
            hint="set panel.url to where it redirects, if that is your panel",
        )
    if status in {404, 405, 410}:
        return PanelNotUnderstood(
            f"there is no {call.service} at this URL (HTTP {status})",
            call=name,
            fragment=fragment,
            hint="panel.url is the address of the Enterprise Server, not of the web portal",
        )
    if status in {200, 202, 500}:
        return PanelNotUnderstood(
            "the panel answered with a web page instead of SOAP",
            call=name,
            fragment=fragment,
            hint="check panel.url; on SolidCP 1.x one control character in a stored name does this to every reply that holds it",
        )
    return PanelNotUnderstood(f"the panel answered HTTP {status}", call=name, fragment=fragment)


def from_fault(fault: Fault, call: Call) -> PanelError:
    """The error for a SOAP fault."""
    name = str(call)
    if fault.code in {"Client", "FailedAuthentication"} and fault.mentions(
        "No anonymous access allowed", "Invalid user or password"
    ):
        return PanelUnauthorised(
            "the panel does not take these credentials",
            call=name,
            detail=one_line(fault.text),
            hint="check the user name (its case too), the password, and that they are for this URL",
        )
    hint = ""
    if fault.mentions("not allowed to access this"):
        hint = "the object is not this reseller's, or the log-in has not the right"
    elif fault.mentions("Timeout expired", "Execution Timeout"):
        hint = "the panel's database gave up: ask for less at once"
    return PanelFault(one_line(fault.text, 400), code=fault.code, call=name, hint=hint)


_LOCKED = ("database is locked", "database table is locked", "deadlock", "chosen as the deadlock victim")
_NEVER_RAN_CODES = frozenset({"DeserializationFailed", "ActionNotSupported", "MustUnderstand"})
_NEVER_RAN_TEXTS = ("server did not recognize the value of http header soapaction", "server was unable to read request", "wse012")
_CALLERS_FAULT = frozenset({"Client", "Sender"})
"""Only the panel itself blames us. Its hosting agents speak SOAP too: what they could not read comes as the *panel's* fault
(``Server``), with the same words further down the chain, when the panel's part is done already."""


def is_locked(error: PanelFault) -> bool:
    """Whether a fault says that the panel's database was busy with something else."""
    text = error.text.casefold()
    return any(needle in text for needle in _LOCKED)


def certainly_not_done(error: PanelError) -> bool:
    """Whether an error of a write proves that the panel did nothing (contract 1.6, 5.3).

    A rights fault proves nothing: on most panels the change is made all the same.
    """
    match error:
        case PanelUnreachable() | CallForbidden():
            return True
        case PanelFault():
            if error.code in _NEVER_RAN_CODES:
                return True
            return error.code in _CALLERS_FAULT and error.text.casefold().startswith(_NEVER_RAN_TEXTS)
        case _:
            return False

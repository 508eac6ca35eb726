"""Taking up a former run: looking up what it left open, before anything new is written.

The live panel is the truth, so nothing is replayed: a fresh plan does what is left. What has to be decided first is whether a
creation happened that may still be on its way: the panel may work on one for up to an hour after the connection is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from resellerplan.applying.journal import FormerRun, Pending, Runs
from resellerplan.applying.outcome import StepKind
from resellerplan.applying.ports import Clock, PanelWriter
from resellerplan.errors import JournalError
from resellerplan.model.address import Address, Kind

__all__ = ["NOTHING_LEFT", "STILL_WORKING", "Resumption", "Settled", "refuse", "take_up"]

STILL_WORKING = timedelta(hours=1)
"""How long the panel may go on with a request whose connection is gone (its web request limit: contract 6.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of one open step, in words for the reader."""

    step: str
    address: Address
    verdict: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """What a new run has to know of former ones.

    ``blocked`` objects must not be written in this run, each with the reason. ``owed_letters`` are sent in this run.
    """

    settled: tuple[Settled, ...] = ()
    blocked: Mapping[Address, str] = field(default_factory=lambda: MappingProxyType({}))
    owed_letters: tuple[Address, ...] = ()


NOTHING_LEFT = Resumption()
"""No former run left anything."""


def take_up(former: tuple[FormerRun, ...], runs: Runs, panel: PanelWriter, clock: Clock) -> Resumption:
    """Decide every open step of the former runs as far as it can be decided now. Reads the panel; writes nothing but journals.

    Raises PanelError where the panel can't be asked.
    """
    settled: list[Settled] = []
    blocked: dict[Address, str] = {}
    for run in former:
        for pending in run.pending:
            verdict = _decide(pending, panel, clock)
            settled.append(verdict)
            if verdict.verdict == "unknown":
                blocked[pending.target] = verdict.text
            else:
                runs.settle(run, pending.step, verdict.verdict)
    owed = [address for run in runs.unfinished() for address in run.owed_letters if address not in blocked]
    letters = tuple(dict.fromkeys(owed))
    return Resumption(settled=tuple(settled), blocked=MappingProxyType(blocked), owed_letters=letters)


_WHAT = MappingProxyType(
    {
        StepKind.CREATE: "its creation",
        StepKind.UPDATE: "its update",
        StepKind.MOVE_OWNER: "its move to the other customer",
        StepKind.ADD_DOMAIN: "a domain for it",
        StepKind.ADDONS: "its add-ons",
        StepKind.STATUS: "its status",
        StepKind.REVIVE: "its re-activation",
        StepKind.DELETE: "its deletion",
        StepKind.LETTER: "its summary letter",
    }
)
"""What was sent, for the reader."""


def refuse(former: tuple[FormerRun, ...]) -> None:
    """Raise JournalError where a former run left open whether something was made, and nobody takes it up."""
    rows = [f"{one.target}: {_WHAT[one.kind]} was sent {one.since:%Y-%m-%d %H:%M} UTC" for run in former for one in run.pending]
    if rows:
        raise JournalError(
            "a former run did not finish, and it is not known how it ended",
            detail="\n".join(rows),
            hint="`resellerplan apply --resume` looks up what became of it first, then does what is left",
        )


def _decide(pending: Pending, panel: PanelWriter, clock: Clock) -> Settled:
    match pending.kind:
        case StepKind.CREATE:
            return _created(pending, panel, clock)
        case StepKind.DELETE:
            return _deleted(pending, panel)
        case StepKind.LETTER:
            text = "it is not known whether the letter went out; it is not sent again by itself"
            return _settled(pending, "letter-unknown", text)
        case _:
            return _changed(pending, clock)


def _created(pending: Pending, panel: PanelWriter, clock: Clock) -> Settled:
    if panel.find(pending.target) is not None:
        return _settled(pending, "happened", "it was made; what is missing in it is planned anew")
    if pending.target.kind is Kind.CUSTOMER:
        return _settled(pending, "not-happened", "it was not made; the user name is unique, so it may be made now")
    return _waits(pending, clock, "it was not made")


def _deleted(pending: Pending, panel: PanelWriter) -> Settled:
    if panel.find(pending.target) is None:
        return _settled(pending, "happened", "it is gone")
    return _settled(pending, "not-happened", "it is still there; whether it is to go is planned anew")


def _changed(pending: Pending, clock: Clock) -> Settled:
    """Changes can be seen, so a fresh plan decides; only a domain or an add-on could still come to be twice."""
    if pending.kind in (StepKind.ADD_DOMAIN, StepKind.ADDONS):
        return _waits(pending, clock, "what was on its way has arrived or never will")
    return _settled(pending, "planned-anew", "what is left of the change is planned anew")


def _waits(pending: Pending, clock: Clock, text: str) -> Settled:
    decided = pending.since + STILL_WORKING
    if clock.now() >= decided:
        return _settled(pending, "not-happened", text)
    hour = f"{decided.astimezone():%H:%M}"
    text = f"the panel may still be working on it; `resellerplan apply --resume` after {hour} decides it"
    return _settled(pending, "unknown", text)


def _settled(pending: Pending, verdict: str, text: str) -> Settled:
    return Settled(step=pending.step, address=pending.target, verdict=verdict, text=text)

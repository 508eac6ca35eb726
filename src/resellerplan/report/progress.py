"""A run as it goes, one plain line per event: fit for a terminal, a pipe and a pipeline's log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import assert_never

from resellerplan.applying.events import (
    Event,
    Notice,
    RunFinished,
    RunStarted,
    StepFinished,
    StepStarted,
    StillRunning,
)
from resellerplan.applying.outcome import Drifted, Outcome, Result, StepKind
from resellerplan.model.address import PanelId
from resellerplan.report.fitting import fitted
from resellerplan.report.value_text import Wording, field_name, harmless, seconds_text

__all__ = ["PlainLines", "event_lines", "outcome_lines"]

_BEGINS = {
    StepKind.CREATE: "Creating...",
    StepKind.UPDATE: "Modifying...",
    StepKind.DELETE: "Destroying...",
    StepKind.MOVE_OWNER: "Giving it to the other customer...",
    StepKind.ADD_DOMAIN: "Adding a domain...",
    StepKind.ADDONS: "Setting add-ons...",
    StepKind.STATUS: "Setting the status...",
    StepKind.REVIVE: "Re-activating its spaces...",
    StepKind.LETTER: "Sending the summary letter...",
}
_GOES_ON = {StepKind.CREATE: "creating", StepKind.UPDATE: "modifying", StepKind.DELETE: "destroying"}
_ENDS = {
    StepKind.CREATE: "Creation complete",
    StepKind.UPDATE: "Modifications complete",
    StepKind.DELETE: "Destruction complete",
    StepKind.MOVE_OWNER: "Change of hands complete",
    StepKind.ADD_DOMAIN: "Domain added",
    StepKind.ADDONS: "Add-ons set",
    StepKind.STATUS: "Status set",
    StepKind.REVIVE: "Re-activation complete",
    StepKind.LETTER: "Summary letter sent",
}


class PlainLines:
    """A listener that hands every line to ``say`` at once."""

    def __init__(self, say: Callable[[str], None], wording: Wording | None = None, *, width: int = 0) -> None:
        self._say = say
        self._wording = wording or Wording()
        self._width = width

    def hear(self, event: Event) -> None:
        """Say what an event has to say."""
        for line in event_lines(event, self._wording, width=self._width):
            self._say(line)


def event_lines(event: Event, wording: Wording, *, width: int = 0) -> Iterator[str]:
    """The lines of one event; none for the beginning and the end of a run, which the command itself frames.

    What went wrong, why, and what to do are broken at ``width`` columns; 0 = never.
    """
    match event:
        case StepStarted(address=address, kind=kind, panel_id=panel_id):
            yield f"{harmless(str(address))}: {_BEGINS[kind]}{id_text(panel_id)}"
        case StillRunning(address=address, kind=kind, seconds=seconds):
            minutes, rest = divmod(int(seconds), 60)
            doing = _GOES_ON.get(kind, "working")
            yield f"{harmless(str(address))}: Still {doing}... [{minutes:02}m{rest:02}s elapsed]"
        case StepFinished(outcome=outcome):
            yield from outcome_lines(outcome, wording, width=width)
        case Notice(text=text, address=address):
            yield f"{harmless(str(address))}: {harmless(text)}" if address is not None else harmless(text)
        case RunStarted() | RunFinished():
            return
        case _:
            assert_never(event)


_SAID = frozenset({Result.MOVED, Result.SKIPPED, Result.INTERRUPTED})
"""Results whose first line says already what their message says."""


def id_text(panel_id: PanelId | None) -> str:
    """`` [id=41]`` where the id is known."""
    return "" if panel_id is None else f" [id={panel_id}]"


def outcome_lines(outcome: Outcome, wording: Wording, *, width: int = 0) -> Iterator[str]:
    """How one step ended; what did not go well with its sentence and its hint below."""
    shown = harmless(str(outcome.address))
    after = seconds_text(outcome.seconds)
    match outcome.result:
        case Result.DONE:
            yield f"{shown}: {_ENDS[outcome.kind]} after {after} [{facts(outcome)}]"
        case Result.ALREADY_DONE if outcome.kind is StepKind.LETTER:
            yield f"{shown}: {harmless(outcome.message or 'no letter is sent')}"
        case Result.ALREADY_DONE:
            how = "gone" if outcome.kind is StepKind.DELETE else "as planned"
            yield f"{shown}: Is {how} already, nothing was sent [{facts(outcome)}]"
        case Result.NOT_SENT:
            yield f"{shown}: Summary letter not sent: the panel's template is empty"
        case Result.FAILED:
            yield f"{shown}: FAILED after {after}"
        case Result.UNKNOWN:
            yield f"{shown}: UNKNOWN after {after}"
        case Result.MOVED:
            yield f"{shown}: {harmless(outcome.message or 'not written, it moved since the plan was made')}"
            yield from drifted_lines(outcome.drifted, wording)
        case Result.CONDITION:
            yield f"{shown}: not destroyed, its condition (only_if) does not hold now"
        case Result.SKIPPED:
            letter = "summary letter " if outcome.kind is StepKind.LETTER else ""
            yield f"{shown}: {letter}skipped, because of {harmless(str(outcome.because or 'what it depends on'))}"
        case Result.INTERRUPTED:
            yield f"{shown}: not begun, the run was interrupted"
        case _:
            assert_never(outcome.result)
    if not outcome.result.good:
        yield from explained(outcome, said=outcome.result in _SAID, width=width)


def explained(outcome: Outcome, *, said: bool = False, width: int = 0) -> Iterator[str]:
    """What went wrong, why it matters, what to do. ``said``: the line above says already what went wrong."""
    if outcome.message and not said:
        yield from fitted(harmless(outcome.message), width, head="  ")
    for line in outcome.detail.splitlines():
        yield from fitted(harmless(line), width, head="  ")
    if outcome.hint:
        yield from fitted(harmless(outcome.hint), width, head="  hint: ", hang="    ")


def facts(outcome: Outcome) -> str:
    """``id=2041, verified; not verifiable: ftp account``."""
    parts = [] if outcome.panel_id is None else [f"id={outcome.panel_id}"]
    if outcome.kind is not StepKind.LETTER:
        parts.append("verified")
    text = ", ".join(parts) or "accepted by the panel"
    if outcome.not_verifiable:
        text += f"; not verifiable: {harmless(', '.join(outcome.not_verifiable))}"
    return text


def drifted_lines(drifted: tuple[Drifted, ...], wording: Wording) -> Iterator[str]:
    """Planned on, planned to, now: a table of the fields that moved."""
    if not drifted:
        return
    rows = [("", "planned on", "planned to", "now")]
    rows += [
        (
            field_name(each.path),
            wording.value(each.path, each.planned_on),
            wording.value(each.path, each.planned_to),
            wording.value(each.path, each.now),
        )
        for each in drifted
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        yield "  " + "  ".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip()

"""Progress notices, and who hears them. The engine never prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from resellerplan.applying.outcome import ApplyReport, Outcome, StepKind
from resellerplan.model.address import Address, PanelId
from resellerplan.planning.change import Action

__all__ = [
    "Event",
    "Listener",
    "Listeners",
    "Notice",
    "RunFinished",
    "RunStarted",
    "StepFinished",
    "StepStarted",
    "StillRunning",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """A run begins; ``steps`` writes lie ahead, for ``objects`` objects. ``journal`` is its file, empty for none."""

    steps: int
    objects: int
    journal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted:
    """A step begins. ``action`` is the object's, ``kind`` the step's: a letter of a created customer has CREATE and LETTER."""

    step: str
    address: Address
    kind: StepKind
    action: Action
    panel_id: PanelId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StillRunning:
    """A heartbeat for a step that takes long."""

    step: str
    address: Address
    kind: StepKind
    action: Action
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFinished:
    """A step ended, or was skipped without having begun."""

    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to say once, now: a fall-back that was taken, a retry that waits."""

    text: str
    address: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    """The run is over."""

    report: ApplyReport


Event = RunStarted | StepStarted | StillRunning | StepFinished | Notice | RunFinished


class Listener(Protocol):
    """Who hears events. Called from one thread, in order; what it raises ends the run as a bug of ours."""

    def hear(self, event: Event) -> None:
        """Take notice of what happens now."""
        ...


class Listeners:
    """Several listeners as one."""

    def __init__(self, listeners: Iterable[Listener] = ()) -> None:
        self._listeners = tuple(listeners)

    def hear(self, event: Event) -> None:
        """Tell each, in order."""
        for listener in self._listeners:
            listener.hear(event)

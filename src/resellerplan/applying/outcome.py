"""What happened: an Outcome per step, and the report of a whole run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from resellerplan.model.address import Address, PanelId
from resellerplan.planning.change import Action

__all__ = ["ApplyCounts", "ApplyReport", "Drifted", "Outcome", "Result", "StepKind"]


class StepKind(StrEnum):
    """What a step writes. One step is one write on the panel."""

    CREATE = "create"
    UPDATE = "update"
    MOVE_OWNER = "move-owner"
    ADD_DOMAIN = "add-domain"
    ADDONS = "addons"
    STATUS = "status"
    REVIVE = "revive"
    DELETE = "delete"
    LETTER = "letter"


class Result(StrEnum):
    """How a step ended."""

    DONE = "done"
    ALREADY_DONE = "already-done"
    NOT_SENT = "not-sent"
    """A letter whose template is empty: the panel answered 0 and no mail went out."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    MOVED = "moved"
    """The object is not what it was when the plan was made; nothing was written."""
    CONDITION = "condition-not-met"
    """A tombstone's ``only_if`` does not hold now; nothing was deleted."""
    SKIPPED = "skipped"
    """Not tried, because of what it depends on (``because``)."""
    INTERRUPTED = "interrupted"
    """Not tried, because the run was stopped before."""

    @property
    def good(self) -> bool:
        """Whether what was asked for is so now (a letter with an empty template is nobody's failure)."""
        return self in {Result.DONE, Result.ALREADY_DONE, Result.NOT_SENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drifted:
    """One field of a moved object: planned on, planned to, now."""

    path: str
    planned_on: object
    planned_to: object
    now: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one step ended.

    ``step`` is its name within the run (``customer.mueller#create``). ``message`` is one sentence for what did not go well,
    ``hint`` what to do, ``code`` the machine's word for it (``name-taken``, the class of the error). ``because`` is the address of
    the object that made it be skipped. ``not_verifiable`` names what was written and can't be read back.
    """

    step: str
    address: Address
    kind: StepKind
    action: Action
    result: Result
    panel_id: PanelId | None = None
    seconds: float = 0.0
    message: str = ""
    detail: str = ""
    hint: str = ""
    code: str = ""
    because: Address | None = None
    not_verifiable: tuple[str, ...] = ()
    drifted: tuple[Drifted, ...] = ()


@dataclass(frozen=True, slots=True)
class ApplyCounts:
    """Objects (not steps) by what became of them; ``letters`` are counted apart.

    ``already`` were as planned before this run came to them, so nothing was sent for them: not added, changed or destroyed by it.
    """

    added: int = 0
    changed: int = 0
    destroyed: int = 0
    already: int = 0
    failed: int = 0
    unknown: int = 0
    skipped: int = 0
    moved: int = 0
    interrupted: int = 0
    letters_sent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyReport:
    """A whole run. ``notices`` are things to say once (a fall-back that was taken). ``journal`` is where it is written down."""

    outcomes: tuple[Outcome, ...]
    started: datetime
    seconds: float
    interrupted: bool = False
    notices: tuple[str, ...] = ()
    journal: str = ""

    @property
    def good(self) -> bool:
        """Whether everything that was asked for is verified live."""
        return not self.interrupted and all(outcome.result.good for outcome in self.outcomes)

    def of(self, address: Address) -> tuple[Outcome, ...]:
        """The outcomes of one object, in the order of its steps."""
        return tuple(outcome for outcome in self.outcomes if outcome.address == address)

    def with_result(self, *results: Result) -> tuple[Outcome, ...]:
        """The outcomes that ended so."""
        return tuple(outcome for outcome in self.outcomes if outcome.result in results)

    @property
    def counts(self) -> ApplyCounts:
        """Objects by what became of them. Each counts once: by its worst result, and as added or changed if this run did that."""
        objects: dict[Address, list[Outcome]] = {}
        letters = 0
        for outcome in self.outcomes:
            if outcome.kind is StepKind.LETTER:
                letters += outcome.result is Result.DONE
                continue
            objects.setdefault(outcome.address, []).append(outcome)
        tally = Counter(word for outcomes in objects.values() for word in _words(outcomes))
        return ApplyCounts(**tally, letters_sent=letters)


_WORST = (
    (Result.UNKNOWN, "unknown"),
    (Result.FAILED, "failed"),
    (Result.MOVED, "moved"),
    (Result.INTERRUPTED, "interrupted"),
    (Result.CONDITION, "skipped"),
    (Result.SKIPPED, "skipped"),
)


def _words(outcomes: list[Outcome]) -> set[str]:
    """What one object counts as: created counts as added even where a later step of it failed (and then as failed too).

    Only what this run wrote counts as added, changed or destroyed: a plan that is applied twice adds nothing the second time.
    """
    results = {outcome.result for outcome in outcomes}
    words = set[str]()
    worst = next((word for result, word in _WORST if result in results), None)
    if worst is not None:
        words.add(worst)
    written = [outcome for outcome in outcomes if outcome.result is Result.DONE]
    if any(outcome.kind is StepKind.CREATE for outcome in written):
        words.add("added")
    elif worst is None and not written:
        words.add("already")
    elif worst is None:
        words.add("destroyed" if outcomes[0].action is Action.DELETE else "changed")
    return words

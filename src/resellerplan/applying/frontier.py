"""What may start now. Pure: the loop asks, and tells how steps ended.

In flight together are creations of customers only; everything else is alone (the panel races and deadlocks otherwise,
contract 6.5).
What depends on a step that did not go well is skipped, with the object that is the reason; the independent goes on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from resellerplan.applying.step import Step
from resellerplan.model.address import Address

__all__ = ["Frontier", "Skip"]


@dataclass(frozen=True, slots=True)
class Skip:
    """A step that is not tried, because of the object ``because``."""

    step: Step
    because: Address


class Frontier:
    """The steps that are left, those that run, and what each waits for."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self._left: dict[str, Step] = {step.name: step for step in steps}
        self._waits: dict[str, set[str]] = {
            name: {other for other in (*step.needs, *step.after) if other in self._left} for name, step in self._left.items()
        }
        self._dependents: Mapping[str, list[str]] = defaultdict(list)
        for name, others in self._waits.items():
            for other in others:
                self._dependents[other].append(name)
        self._running: dict[str, Step] = {}

    @property
    def left(self) -> tuple[Step, ...]:
        """What has not begun."""
        return tuple(self._left.values())

    @property
    def running(self) -> tuple[Step, ...]:
        """What has begun and is not over."""
        return tuple(self._running.values())

    @property
    def over(self) -> bool:
        """Whether nothing is left and nothing runs."""
        return not self._left and not self._running

    def start(self, parallelism: int) -> Iterator[Step]:
        """Begin what may begin, in order; at most ``parallelism`` steps run together, and only those that may."""
        for step in self._ready():
            alone = not step.parallel
            if len(self._running) >= (1 if alone else parallelism) or any(not one.parallel for one in self._running.values()):
                return
            del self._left[step.name]
            self._running[step.name] = step
            yield step

    def _ready(self) -> list[Step]:
        return [step for name, step in self._left.items() if not self._waits[name]]

    def finish(self, step: Step, *, good: bool) -> tuple[Skip, ...]:
        """A step is over. Returns what is now skipped, nearest first."""
        self._running.pop(step.name, None)
        skipped: list[Skip] = []
        over: list[tuple[Step, bool]] = [(step, good)]
        while over:
            one, went_well = over.pop(0)
            for name in self._dependents[one.name]:
                dependent = self._left.get(name)
                if dependent is None:
                    continue
                self._waits[name].discard(one.name)
                if not went_well and one.name in dependent.needs:
                    del self._left[name]
                    skipped.append(Skip(dependent, step.address))
                    over.append((dependent, False))
        return tuple(skipped)

    def give_up(self, step: Step) -> tuple[Skip, ...]:
        """A step that has not begun will not: it is taken out, and what needs it is skipped."""
        self._left.pop(step.name, None)
        return self.finish(step, good=False)

    def drain(self) -> tuple[Step, ...]:
        """Take out everything that has not begun: the run is being stopped."""
        rest = self.left
        self._left.clear()
        return rest

"""The loop: steps x panel x journal x listeners -> outcomes.

Plan --lower--> Steps --Frontier--> what may start --Worker, in threads--> Outcome --journal, listeners--> ApplyReport.
One thread (the caller's) owns the frontier and tells the listeners; the threads of the pool only do steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Event as Flag

from resellerplan.applying.bindings import Bindings
from resellerplan.applying.events import (
    Event,
    Listener,
    Listeners,
    Notice,
    RunFinished,
    RunStarted,
    StepFinished,
    StepStarted,
    StillRunning,
)
from resellerplan.applying.frontier import Frontier, Skip
from resellerplan.applying.journal import NoJournal, Recorder, Runs
from resellerplan.applying.outcome import ApplyReport, Outcome, Result
from resellerplan.applying.ports import Clock, PanelWriter, SecretGiver
from resellerplan.applying.resume import NOTHING_LEFT, Resumption
from resellerplan.applying.retrying import PATIENT, RetryPolicy
from resellerplan.applying.step import Step, letter_step, lower
from resellerplan.applying.work import Worker
from resellerplan.errors import PlanRefused
from resellerplan.model.address import Address, PanelId
from resellerplan.planning.plan import Plan

__all__ = ["HEARTBEAT", "STEADY", "Pace", "Ports", "run", "steps_of"]

HEARTBEAT = 10.0
"""Seconds after which a step that still runs is mentioned again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The world, as arguments.

    ``chance`` gives numbers in [0, 1); ``stop`` is set (by Ctrl-C, say) to end the run in good order.
    """

    panel: PanelWriter
    secrets: SecretGiver
    clock: Clock
    chance: Callable[[], float]
    listener: Listener = field(default_factory=Listeners)
    stop: Flag = field(default_factory=Flag)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How to run. ``parallelism`` is for creations of customers; ``poll_seconds`` is how soon a stop is noticed.

    ``stop_at_moved``: nothing new begins once an object turns out to be another than the one the plan was made on. Otherwise that
    object alone is left out, so that one click of a colleague doesn't block ten onboardings.
    """

    parallelism: int = 4
    retries: RetryPolicy = PATIENT
    wait_seconds: float = 600.0
    poll_seconds: float = 0.2
    program: str = ""
    stop_at_moved: bool = False


STEADY = Pace()


def steps_of(plan: Plan, resumption: Resumption = NOTHING_LEFT) -> tuple[Step, ...]:
    """The steps of a plan, and the letters that former runs owe."""
    steps = lower(plan)
    names = {step.name for step in steps}
    owed = (letter_step(address) for address in resumption.owed_letters)
    return (*steps, *(step for step in owed if step.name not in names))


def run(
    plan: Plan,
    ports: Ports,
    *,
    pace: Pace = STEADY,
    runs: Runs | None = None,
    resumption: Resumption = NOTHING_LEFT,
    digest: str = "",
) -> ApplyReport:
    """Do everything a plan asks for. A step that fails is an outcome; the run goes on with what is independent of it.

    ``runs`` says where the journal is written (None: nowhere); ``resumption`` what former runs left; ``digest`` is the plan's, for
    the journal. Raises PlanRefused for a plan with refusals, JournalError where another run is going on or nothing can be written.
    """
    if plan.refusals:
        raise PlanRefused(plan.refusals)
    steps = steps_of(plan, resumption)
    if runs is None:
        return _Loop(plan, steps, ports, pace, NoJournal(), resumption).run()
    with runs.begin(steps, plan=digest, program=pace.program) as journal:
        for former in runs.all_former(except_for=journal.path):
            for address in former.owed_letters:
                if address in resumption.owed_letters:
                    runs.settle(former, letter_step(address).name, "taken-over")
        return _Loop(plan, steps, ports, pace, journal, resumption).run()


class _Loop:
    """One run in the making: what has begun, what ended, and whom to tell."""

    def __init__(
        self,
        plan: Plan,
        steps: tuple[Step, ...],
        ports: Ports,
        pace: Pace,
        journal: Recorder,
        resumption: Resumption,
    ) -> None:
        self._plan = plan
        self._steps = steps
        self._ports = ports
        self._pace = pace
        self._journal = journal
        self._resumption = resumption
        self._frontier = Frontier(steps)
        self._outcomes: list[Outcome] = []
        self._notices: list[str] = []
        self._said: SimpleQueue[str] = SimpleQueue()
        self._began: dict[str, float] = {}
        self._beat: dict[str, float] = {}
        self._moved: Address | None = None
        self._bindings = Bindings(plan.bindings)
        self._worker = Worker(
            panel=ports.panel,
            secrets=ports.secrets,
            bindings=self._bindings,
            clock=ports.clock,
            intend=journal.intend,
            notice=self._said.put,
            chance=ports.chance,
            stopping=ports.stop,
            policy=pace.retries,
            wait_seconds=pace.wait_seconds,
        )

    def run(self) -> ApplyReport:
        started, began = self._ports.clock.now(), self._ports.clock.monotonic()
        objects = len({step.address for step in self._steps})
        self._tell(RunStarted(steps=len(self._steps), objects=objects, journal=self._journal.path))
        self._bind_owed()
        self._take_out_blocked()
        self._go()
        interrupted = self._interrupt()
        self._journal.close(interrupted=interrupted)
        report = ApplyReport(
            outcomes=tuple(self._outcomes),
            started=started,
            seconds=self._ports.clock.monotonic() - began,
            interrupted=interrupted,
            notices=tuple(self._notices),
            journal=self._journal.path,
        )
        self._tell(RunFinished(report=report))
        return report

    def _go(self) -> None:
        """Until nothing is left, or the run is stopped and what was running is over."""
        running: dict[Future[Outcome], Step] = {}
        with ThreadPoolExecutor(max_workers=max(1, self._pace.parallelism), thread_name_prefix="step") as pool:
            try:
                while not self._frontier.over:
                    if not self._ports.stop.is_set() and self._moved is None:
                        for step in self._frontier.start(self._parallelism):
                            self._start(step)
                            running[pool.submit(self._worker.do, step)] = step
                    if not running:
                        return
                    self._await(running)
            except BaseException:
                # What was sent can't be unsent: no new step begins, and the pool waits for those that run.
                self._ports.stop.set()
                raise

    @property
    def _parallelism(self) -> int:
        return 1 if self._worker.serial.is_set() else max(1, self._pace.parallelism)

    def _await(self, running: dict[Future[Outcome], Step]) -> None:
        done, _ = wait(running, timeout=self._pace.poll_seconds, return_when=FIRST_COMPLETED)
        self._pass_on_notices()
        for future in done:
            step = running.pop(future)
            self._finish(step, future.result())
        self._heartbeats(running.values())

    def _start(self, step: Step) -> None:
        now = self._ports.clock.monotonic()
        self._began[step.name] = self._beat[step.name] = now
        panel_id = self._bindings.get(step.target)
        self._tell(StepStarted(step=step.name, address=step.address, kind=step.kind, action=step.action, panel_id=panel_id))

    def _finish(self, step: Step, outcome: Outcome) -> None:
        self._over(outcome)
        if outcome.result is Result.MOVED and self._pace.stop_at_moved:
            self._moved = self._moved or outcome.address
        for skip in self._frontier.finish(step, good=outcome.result.good):
            self._over(_skipped(skip))

    def _over(self, outcome: Outcome) -> None:
        self._journal.record(outcome)
        self._outcomes.append(outcome)
        self._tell(StepFinished(outcome=outcome))

    def _heartbeats(self, running: Iterable[Step]) -> None:
        now = self._ports.clock.monotonic()
        for step in running:
            if now - self._beat[step.name] >= HEARTBEAT:
                self._beat[step.name] = now
                seconds = now - self._began[step.name]
                self._tell(StillRunning(step=step.name, address=step.address, kind=step.kind, action=step.action, seconds=seconds))

    def _pass_on_notices(self) -> None:
        while True:
            try:
                text = self._said.get_nowait()
            except Empty:
                return
            self._notices.append(text)
            self._tell(Notice(text=text))

    def _bind_owed(self) -> None:
        """Letters that are owed are for objects that the plan may not mention."""
        for address in self._resumption.owed_letters:
            if self._bindings.get(address) is None:
                found: PanelId | None = self._ports.panel.find(address)
                if found is not None:
                    self._bindings.bind(address, found)

    def _take_out_blocked(self) -> None:
        """What a former run left unknown is not written in this one."""
        for step in self._steps:
            text = self._resumption.blocked.get(step.target)
            if text is not None and any(one.name == step.name for one in self._frontier.left):
                skipped = self._frontier.give_up(step)
                self._over(_outcome(step, Result.UNKNOWN, message=text, code="unknown"))
                for skip in skipped:
                    self._over(_skipped(skip))

    def _interrupt(self) -> bool:
        """What was not begun because the run was stopped, or because something had moved and that was to end it."""
        stopped = self._ports.stop.is_set()
        rest = self._frontier.drain()
        for step in rest:
            if stopped or self._moved is None:
                self._over(_outcome(step, Result.INTERRUPTED, message="not tried: the run was stopped before", code="interrupted"))
            else:
                self._over(_skipped(Skip(step, self._moved)))
        return stopped or (bool(rest) and self._moved is None)

    def _tell(self, event: Event) -> None:
        self._ports.listener.hear(event)


def _outcome(step: Step, result: Result, *, message: str, code: str, because: Address | None = None) -> Outcome:
    return Outcome(
        step=step.name,
        address=step.address,
        kind=step.kind,
        action=step.action,
        result=result,
        message=message,
        code=code,
        because=because,
    )


def _skipped(skip: Skip) -> Outcome:
    message = f"not tried, because of {skip.because}"
    return _outcome(skip.step, Result.SKIPPED, message=message, code="skipped", because=skip.because)

"""Runs over the panel in memory, in few words."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from resellerplan.applying.journal import Runs
from resellerplan.applying.outcome import ApplyReport, Result
from resellerplan.applying.resume import NOTHING_LEFT, Resumption
from resellerplan.applying.retrying import RetryPolicy
from resellerplan.applying.run import Pace, Ports, run
from resellerplan.model.estate import Estate
from resellerplan.planning.plan import Plan
from tests.support.estates import plan_of
from tests.support.panel_in_memory import FakeClock, FakeSecrets, Hears, PanelInMemory

__all__ = ["QUICK", "World", "results"]

QUICK = RetryPolicy(attempts=3)


class World:
    """A panel, a clock, passwords and a listener: what a run needs, all in memory but for the journal."""

    def __init__(self, panel: PanelInMemory, folder: Path | None = None) -> None:
        self.panel = panel
        self.clock = FakeClock()
        self.secrets = FakeSecrets()
        self.heard = Hears()
        self.stop = threading.Event()
        self.runs = (
            None
            if folder is None
            else Runs(folder=folder, reseller="brightweb", panel="https://panel.example", now=lambda: self.clock.at, who="p@q")
        )

    def plan(self, wanted: Estate, **policy: Any) -> Plan:
        """A plan against the panel as it is now."""
        return plan_of(wanted, self.panel.snapshot(), **policy)

    def ports(self) -> Ports:
        """Everything as arguments."""
        return Ports(
            panel=self.panel,
            secrets=self.secrets,
            clock=self.clock.clock(),
            chance=lambda: 0.5,
            listener=self.heard,
            stop=self.stop,
        )

    def apply(self, plan: Plan, *, parallelism: int = 4, resumption: Resumption = NOTHING_LEFT, poll: float = 0.01) -> ApplyReport:
        """Run a plan."""
        pace = Pace(parallelism=parallelism, retries=QUICK, poll_seconds=poll, program="test")
        return run(plan, self.ports(), pace=pace, runs=self.runs, resumption=resumption, digest="d1")

    def make_so(self, wanted: Estate, **policy: Any) -> ApplyReport:
        """Plan and run."""
        return self.apply(self.plan(wanted, **policy))


def results(report: ApplyReport) -> dict[str, Result]:
    """How each step ended."""
    return {outcome.step: outcome.result for outcome in report.outcomes}

"""Invariants on the embedded panel, through the real client: no drift after apply, no write in a second run, crashes converge."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from resellerplan.applying.journal import Runs
from resellerplan.applying.outcome import ApplyReport
from resellerplan.applying.resume import NOTHING_LEFT, STILL_WORKING, Resumption, take_up
from resellerplan.applying.run import Pace, Ports, run
from resellerplan.model.address import Address
from resellerplan.model.estate import Estate
from resellerplan.model.space import PLAN_TERMS, Resources
from resellerplan.model.values import NULL, Recurrence, Status
from resellerplan.panel.snapshot import read_estate
from resellerplan.planning.plan import Plan
from tests.support.estates import absent, addon, customer, desired, domains, hosting_plan, money, plan_of, says, space, terms
from tests.support.opened import FLAVOURS, Opened, opened
from tests.support.panel_in_memory import READS, FakeClock, FakeSecrets

WEB = {"Web": {"Sites": 2}, "FTP": {"Accounts": 1}, "DNS": None}
every_flavour = pytest.mark.parametrize("flavour", FLAVOURS)


def first() -> Estate:
    """A month's work, beside what the world holds already."""
    return desired(
        customer("neu", first_name="Nora", last_name="Neu", email="nora@neu.example", city="Dresden", summary_letter=True),
        customer("zwei", first_name="Zoe", last_name="Zwei", email="z@zwei.example", status=Status.SUSPENDED),
        hosting_plan(
            "Web S",
            description="small",
            recurring=money("4.90"),
            every=Recurrence(1),
            groups=terms(OS={"Diskspace": 500, "Domains": 3}, **WEB),
        ),
        hosting_plan("Web M", groups=terms(OS={"Diskspace": 900, "Domains": 5}, **WEB)),
        addon("More", groups=terms(OS={"Diskspace": 50})),
        space("neu", "Shop", plan="Web S", domains=domains("neu.example", "neu2.example"), resources=Resources(ftp=True)),
        space("neu", "Archiv", plan="Web M", comments="kept", addons={"More": 2}),
        space("zwei", "Web S", plan="Web S"),
    )


def second() -> Estate:
    """The month after: changed, renamed, moved, suspended, gone."""
    return desired(
        customer("neu", email="neu@neu.example", city=NULL),
        customer("zwei", status=Status.ACTIVE),
        customer("drei", first_name="Dora", last_name="Drei", email="d@drei.example"),
        hosting_plan(
            "Web Klein",
            recurring=money("5.90"),
            groups=terms(OS={"Diskspace": 600, "Domains": 3}, **WEB),
            lifecycle=says(moved=Address.plan("Web S")),
        ),
        hosting_plan("Web M", groups=terms(OS={"Diskspace": 900, "Domains": 5}, **WEB)),
        addon("More", groups=terms(OS={"Diskspace": 60})),
        space("neu", "Shop", plan="Web M", comments="moved"),
        space(
            "drei",
            "Archiv",
            plan="Web M",
            overrides=PLAN_TERMS,
            addons={"More": 1},
            lifecycle=says(moved=Address.space("neu", "Archiv")),
        ),
        space("zwei", "Web S", lifecycle=absent("closed")),
    )


class Killed(BaseException):
    """The process ends here."""


class Mortal:
    """A writer whose process ends at its k-th write, before or after the panel did it."""

    def __init__(self, writer: Any, at: int, *, commit: bool) -> None:
        self._writer = writer
        self._left = at
        self._commit = commit
        self.written = 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method: Callable[..., Any] = getattr(self._writer, name)
        if name in READS:
            return method

        def mortal(*args: Any, **kwargs: Any) -> Any:
            self.written += 1
            if self.written != self._left:
                return method(*args, **kwargs)
            if self._commit:
                method(*args, **kwargs)
            raise Killed

        return mortal


class Life:
    """One panel over several runs."""

    def __init__(self, found: Opened, folder: Path) -> None:
        self.found = found
        self.clock = FakeClock()
        self.runs = Runs(folder=folder, reseller="brightweb", panel="here", now=lambda: self.clock.at)

    def plan(self, wanted: Estate) -> Plan:
        return plan_of(wanted, read_estate(self.found.session, wanted), reactivate_all=True)

    def apply(self, plan: Plan, writer: Any = None, resumption: Resumption = NOTHING_LEFT) -> ApplyReport:
        ports = Ports(panel=writer or self.found.writer, secrets=FakeSecrets(), clock=self.clock.clock(), chance=lambda: 0.5)
        return run(plan, ports, pace=Pace(parallelism=1, wait_seconds=5), runs=self.runs, resumption=resumption)

    def make_so(self, wanted: Estate) -> ApplyReport:
        plan = self.plan(wanted)
        assert plan.refusals == ()
        return self.apply(plan)


def told(report: ApplyReport) -> list[tuple[str, str, str]]:
    return [(one.step, one.result.value, f"{one.message} {one.drifted}") for one in report.outcomes if not one.result.good]


def left(plan: Plan) -> list[tuple[str, list[str]]]:
    return [(str(change.address), [field.path for field in change.fields]) for change in plan.pending]


@every_flavour
def test_nothing_drifts_after_an_apply_and_a_second_one_writes_nothing(flavour: str, tmp_path: Path) -> None:
    with opened(flavour) as found:
        life = Life(found, tmp_path)
        for wanted in (first(), second()):
            before = life.plan(wanted)
            assert before.counts.anything
            assert told(life.make_so(wanted)) == []
            after = life.plan(wanted)
            assert left(after) == []
            counting = Mortal(found.writer, -1, commit=False)
            assert life.apply(after, counting).outcomes == ()
            assert counting.written == 0


@every_flavour
@pytest.mark.parametrize("commit", [True, False])
def test_a_crash_at_any_write_converges_without_duplicates(flavour: str, commit: bool, tmp_path: Path) -> None:
    with opened(flavour) as found:
        life = Life(found, tmp_path)
        at = 1
        for wanted in (first(), second()):
            for _ in range(40):
                mortal = Mortal(found.writer, at, commit=commit)
                former = life.runs.unfinished()
                resumption = take_up(former, life.runs, found.writer, life.clock.clock())
                assert resumption.blocked == {}
                try:
                    report = life.apply(life.plan(wanted), mortal, resumption)
                except Killed:
                    life.clock.at += STILL_WORKING
                    at = at % 3 + 1
                    continue
                assert told(report) == []
                break
            after = life.plan(wanted)
            assert left(after) == []
            assert [finding.code for finding in after.findings if finding.code == "RP3001"] == []
        letters = take_up(life.runs.unfinished(), life.runs, found.writer, life.clock.clock()).owed_letters
        assert letters == ()

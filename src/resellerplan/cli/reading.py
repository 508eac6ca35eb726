"""The first half of the road, shared by the commands that look at a panel: manifest, live estate, plan."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from resellerplan.cli.invocation import Invocation
from resellerplan.cli.panel_url import PanelUrl
from resellerplan.cli.settings import Settings
from resellerplan.cli.wiring import CLOCK, policy_for
from resellerplan.model.address import Kind
from resellerplan.model.estate import Estate
from resellerplan.neutralise import one_line
from resellerplan.planning.plan import Plan, make_plan
from resellerplan.report.fitting import fitted
from resellerplan.report.summary import counted

if TYPE_CHECKING:
    from resellerplan.manifest.load import Loaded
    from resellerplan.panel.session import Session
    from resellerplan.panel.snapshot import Progress

__all__ = ["plan_for", "read_live"]


class ReadingLine:
    """One line on a terminal that says how far the reading is; nothing elsewhere until the end."""

    def __init__(self, invocation: Invocation, head: str) -> None:
        self._invocation = invocation
        self._head = head
        self._moves = invocation.stderr.isatty() and not invocation.in_ci
        self._shown = ""

    def hear(self, progress: Progress) -> None:
        """Write the line over itself, where it says something new."""
        text = f"{self._head.partition(' at ')[0]} ... call {progress.done} of at most {progress.at_most}"[:79]
        if self._moves and text != self._shown:
            self._over(text)

    def end(self, tail: str) -> None:
        """The line that stays."""
        if self._moves:
            self._over("")
        lines = fitted(f"{self._head} ... {tail}", self._invocation.columns(self._invocation.stderr), hang="  ")
        self._invocation.tell("\n".join(lines) + "\n\n")

    def _over(self, text: str) -> None:
        self._invocation.stderr.write("\r" + text.ljust(len(self._shown)) + ("\r" if not text else ""))
        self._invocation.stderr.flush()
        self._shown = text


@contextmanager
def manifest_set_aside() -> Iterator[None]:
    """What is there already is not looked through again by Python's collector of cycles while the panel is read.

    The reading itself makes cycles (a parser per reply), so the collector may not rest; but it has no need to go through the
    manifest's tens of thousands of values each time.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def read_live(session: Session, panel: PanelUrl, desired: Estate, settings: Settings, invocation: Invocation) -> Estate:
    """The live estate, as far as ``desired`` needs it to be known; says on standard error what was read and how long it took."""
    from resellerplan.panel.snapshot import read_estate

    started = CLOCK.monotonic()
    reseller, where = one_line(session.reseller.username, 60), one_line(panel.text, 80)
    line = ReadingLine(invocation, f"Reading {reseller} at {where} ({session.detected.version_hint})")
    live = read_estate(session, desired, listener=line.hear, cache_folder=settings.cache_folder)
    seconds = CLOCK.monotonic() - started
    calls = session.client.calls_sent
    line.end(f"{held(live)} in {seconds:.1f} s, {calls} {'call' if calls == 1 else 'calls'}")
    return live


def held(live: Estate) -> str:
    """``812 customers, 14 plans, 930 spaces``; add-ons where there are any."""
    numbers = {kind: sum(1 for _ in live.of_kind(kind)) for kind in Kind}
    return ", ".join(counted(numbers[kind], kind) for kind in Kind if numbers[kind] or kind is not Kind.ADDON)


def plan_for(loaded: Loaded, session: Session, panel: PanelUrl, settings: Settings, invocation: Invocation) -> Plan:
    """The plan of a manifest that is known to be valid, against the panel as it is now."""
    from resellerplan.manifest.collector import collector_paused

    desired = loaded.estate
    with manifest_set_aside():
        live = read_live(session, panel, desired, settings, invocation)
    with collector_paused():
        return make_plan(desired, live, settings.scope, policy_for(loaded, settings))

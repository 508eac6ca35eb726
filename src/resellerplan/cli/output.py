"""How a plan and a run are told: as text for people, or as a stream of JSON objects (``--json``); the same road for both."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Protocol

from resellerplan import __version__
from resellerplan.applying.events import Listener
from resellerplan.applying.outcome import ApplyReport
from resellerplan.cli.findings import show_findings
from resellerplan.cli.invocation import Invocation
from resellerplan.cli.wiring import CLOCK
from resellerplan.planning.plan import Plan

if TYPE_CHECKING:
    from resellerplan.manifest.load import Loaded

__all__ = ["Output", "document_text", "output_for"]


class Output(Protocol):
    """Who tells what a command did."""

    def findings(self, loaded: Loaded) -> bool:
        """Tell about the manifest; whether the command may go on."""
        ...

    def plan(self, made: Plan, *, show_unmanaged: bool) -> None:
        """Show what would change; ``show_unmanaged`` lists what no manifest names."""
        ...

    def listener(self, made: Plan) -> Listener:
        """Who shows the progress of this plan's run."""
        ...

    def report(self, report: ApplyReport) -> None:
        """Show what became of a run."""
        ...


class AsText:
    """For people."""

    def __init__(self, invocation: Invocation) -> None:
        self._invocation = invocation

    def findings(self, loaded: Loaded) -> bool:
        """See ``Output``."""
        return show_findings(loaded, self._invocation)

    def plan(self, made: Plan, *, show_unmanaged: bool) -> None:
        """The whole plan on standard output."""
        from resellerplan.report.as_text import plan_text
        from resellerplan.report.paint import painted

        self._invocation.say(painted(plan_text(made, show_unmanaged=show_unmanaged), colour=self._invocation.paints))

    def listener(self, made: Plan) -> Listener:
        """A line per event, below the plan."""
        from resellerplan.report.progress import PlainLines
        from resellerplan.report.value_text import Wording

        self._invocation.say("\n")
        width = self._invocation.columns(self._invocation.stdout)
        return PlainLines(self._invocation.say, Wording(currency=made.currency), width=width)

    def report(self, report: ApplyReport) -> None:
        """The closing lines."""
        from resellerplan.report.as_text import report_text
        from resellerplan.report.paint import painted

        self._invocation.say("\n" + painted(report_text(report), colour=self._invocation.paints))


class AsJson:
    """For programs: one object a line on standard output; remarks for people stay on standard error."""

    def __init__(self, invocation: Invocation) -> None:
        from resellerplan.report.as_json import error_line, version_line

        self._invocation = invocation
        invocation.on_error = lambda error: invocation.say(error_line(error, CLOCK.now()))
        invocation.say(version_line(__version__, CLOCK.now()))

    def findings(self, loaded: Loaded) -> bool:
        """A diagnostic per finding."""
        from resellerplan.report.as_json import finding_lines

        for line in finding_lines(loaded.findings, loaded.sources, CLOCK.now()):
            self._invocation.say(line)
        return loaded.valid

    def plan(self, made: Plan, *, show_unmanaged: bool) -> None:
        """Changes, diagnostics, counts."""
        from resellerplan.report.as_json import plan_lines

        del show_unmanaged
        for line in plan_lines(made, CLOCK.now()):
            self._invocation.say(line)

    def listener(self, made: Plan) -> Listener:
        """An object per event."""
        from resellerplan.report.as_json import JsonLines

        del made
        return JsonLines(self._invocation.say, CLOCK.now)

    def report(self, report: ApplyReport) -> None:
        """The counts of the run."""
        from resellerplan.report.as_json import report_lines

        for line in report_lines(report, CLOCK.now()):
            self._invocation.say(line)


def output_for(invocation: Invocation, *, as_json: bool) -> Output:
    """The teller that the command was asked for."""
    return AsJson(invocation) if as_json else AsText(invocation)


def document_text(document: object) -> str:
    """A JSON document as it is printed."""
    return json.dumps(document, ensure_ascii=False, indent=2)

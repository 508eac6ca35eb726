"""Plans and runs as a stream of JSON objects, one a line, in the shape that readers of plan/apply tools know.

The first line is ``{"type": "version", "ui": "1.2"}``; every line has ``@level``, ``@message``, ``@module``, ``@timestamp`` and
``type``. No sensitive value is in any of them, and personal data only where a diagnostic quotes the user's own file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
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
from resellerplan.applying.outcome import ApplyReport, Outcome, Result
from resellerplan.diagnostics import Finding, Severity, Sources
from resellerplan.errors import ResellerPlanError
from resellerplan.model.address import Address
from resellerplan.planning.change import Action, Change
from resellerplan.planning.plan import Plan
from resellerplan.report.excerpt import Excerpts
from resellerplan.report.findings_json import diagnostic
from resellerplan.report.summary import apply_sentence, change_summary, plan_sentence

__all__ = ["JsonLines", "error_code", "error_line", "finding_lines", "plan_lines", "report_lines", "version_line"]

UI_VERSION = "1.2"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warn", Severity.NOTE: "info"}

Line = dict[str, object]


def _line(kind: str, message: str, now: datetime, *, level: str = "info", **more: object) -> str:
    head: Line = {
        "@level": level,
        "@message": message,
        "@module": "resellerplan.ui",
        "@timestamp": now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "type": kind,
    }
    return json.dumps({**head, **more}, ensure_ascii=False)


def version_line(version: str, now: datetime) -> str:
    """The first line of every stream."""
    return _line("version", f"resellerplan {version}", now, resellerplan=version, ui=UI_VERSION)


def finding_lines(findings: tuple[Finding, ...], sources: Sources, now: datetime) -> Iterator[str]:
    """A diagnostic per finding."""
    excerpts = Excerpts(sources)
    for finding in findings:
        level = _LEVELS[finding.severity]
        message = f"{finding.severity.value.capitalize()}: {finding.summary}"
        yield _line("diagnostic", message, now, level=level, diagnostic=diagnostic(finding, excerpts))


def error_code(error: ResellerPlanError) -> str:
    """The machine's word for an error: the panel's slug for a business code, else the class (``panel-unreachable``)."""
    slug = getattr(error, "slug", "")
    if isinstance(slug, str) and slug:
        return slug
    name = type(error).__name__
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")


def error_line(error: ResellerPlanError, now: datetime) -> str:
    """An expected error that ended the command."""
    detail = "\n".join(text for text in (error.detail, f"hint: {error.hint}" if error.hint else "") if text)
    shown = {"severity": "error", "summary": error.message, "detail": detail}
    return _line("diagnostic", f"Error: {error.message}", now, level="error", diagnostic=shown, error={"code": error_code(error)})


def resource(address: Address) -> Line:
    """An object as the stream names it."""
    return {
        "addr": str(address),
        "module": "",
        "resource": str(address),
        "implied_provider": "resellerplan",
        "resource_type": address.kind.value,
        "resource_name": address.label,
        "resource_key": None,
    }


def plan_lines(plan: Plan, now: datetime) -> Iterator[str]:
    """A planned_change per change that does something, diagnostics of guards, and the counts."""
    for change in plan.pending:
        yield _planned(change, now)
    yield from finding_lines(plan.findings, Sources(), now)
    refused = not plan.counts.anything and any(finding.severity is Severity.ERROR for finding in plan.findings)
    said = "Refused; nothing is planned." if refused else plan_sentence(plan.counts)
    yield _line("change_summary", said, now, changes=change_summary(plan.counts, "plan"))


def _planned(change: Change, now: datetime) -> str:
    entry: Line = {"resource": resource(change.address), "action": change.action.value}
    if change.previous is not None:
        entry["previous_resource"] = resource(change.previous)
    if change.action is Action.DELETE:
        entry["reason"] = "delete_because_marked_absent"
    return _line("planned_change", f"{change.address}: Plan to {change.action.value}", now, change=entry)


def report_lines(report: ApplyReport, now: datetime) -> Iterator[str]:
    """The counts of a run, and where its journal is."""
    counts = report.counts
    changes = {"add": counts.added, "change": counts.changed, "remove": counts.destroyed, "import": 0, "operation": "apply"}
    already = {"already": counts.already} if counts.already else {}
    others = {"failed": counts.failed, "unknown": counts.unknown, "moved": counts.moved, "skipped": counts.skipped}
    yield _line(
        "change_summary",
        apply_sentence(report),
        now,
        level="info" if report.good else "error",
        changes=changes,
        incomplete={word: number for word, number in others.items() if number},
        **already,
        journal=report.journal,
    )


class JsonLines:
    """A listener that hands every event to ``say`` as a line. ``now`` gives the time in UTC."""

    def __init__(self, say: Callable[[str], None], now: Callable[[], datetime]) -> None:
        self._say = say
        self._now = now

    def hear(self, event: Event) -> None:
        """Say what an event has to say."""
        now = self._now()
        match event:
            case StepStarted(address=address, action=action, kind=kind):
                hook: Line = {"resource": resource(address), "action": action.value, "step": kind.value}
                self._say(_line("apply_start", f"{address}: {kind.value} begins", now, hook=hook))
            case StillRunning(address=address, action=action, kind=kind, seconds=seconds):
                hook = {
                    "resource": resource(address),
                    "action": action.value,
                    "step": kind.value,
                    "elapsed_seconds": round(seconds),
                }
                self._say(_line("apply_progress", f"{address}: {kind.value} still runs", now, hook=hook))
            case StepFinished(outcome=outcome):
                self._say(_finished(outcome, now))
            case Notice(text=text):
                self._say(_line("log", text, now))
            case RunStarted() | RunFinished():
                return
            case _:
                assert_never(event)


def _finished(outcome: Outcome, now: datetime) -> str:
    hook: Line = {
        "resource": resource(outcome.address),
        "action": outcome.action.value,
        "step": outcome.kind.value,
        "result": outcome.result.value,
        "elapsed_seconds": round(outcome.seconds, 3),
    }
    if outcome.panel_id is not None:
        hook |= {"id_key": "id", "id_value": str(outcome.panel_id)}
    if outcome.result.good:
        how = "was so already, nothing was sent" if outcome.result is Result.ALREADY_DONE else "complete"
        return _line("apply_complete", f"{outcome.address}: {outcome.kind.value} {how}", now, hook=hook)
    hook |= {"error": {"code": outcome.code, "message": outcome.message, "hint": outcome.hint}}
    if outcome.because is not None:
        hook["because"] = str(outcome.because)
    message = f"{outcome.address}: {outcome.kind.value} ended {outcome.result.value}"
    return _line("apply_errored", message, now, level="error", hook=hook)

"""``resellerplan doctor``: what panel this is, who one is there, and what will not work. Writes nothing."""

from __future__ import annotations

from typing import Any

import click

from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.findings import show_findings
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.option_sets import PANEL, settings_of, with_options
from resellerplan.cli.wiring import load_manifest, login_for, open_session
from resellerplan.panel.doctor import Diagnosis, Grade, diagnose

__all__ = ["diagnosis_text", "doctor"]

_SIGNS = {Grade.OK: "ok     ", Grade.WARNING: "warning", Grade.ERROR: "error  "}


def diagnosis_text(diagnosis: Diagnosis) -> str:
    """One line per remark, its hint below it; last what is to be said of the whole."""
    width = max((len(remark.subject) for remark in diagnosis.remarks), default=0)
    lines = []
    for remark in diagnosis.remarks:
        lines.append(f"{_SIGNS[remark.grade]}  {remark.subject:<{width}}  {remark.finding}")
        if remark.hint:
            lines.append(f"{' ' * (width + 11)}hint: {remark.hint}")
    errors = sum(remark.grade is Grade.ERROR for remark in diagnosis.remarks)
    warnings = sum(remark.grade is Grade.WARNING for remark in diagnosis.remarks)
    lines += ["", f"{errors} {'error' if errors == 1 else 'errors'}, {warnings} {'warning' if warnings == 1 else 'warnings'}"]
    return "\n".join(lines)


@click.command()
@with_options(PANEL)
@with_invocation
def doctor(invocation: Invocation, /, **given: Any) -> int:
    """Say what panel this is, what the log-in may do there, and what will not work because of it.

    Reads only. Exit 1 where something will fail.
    """
    from resellerplan.cli.loading import MANIFEST_HERE

    settings = settings_of(given, invocation)
    loaded = load_manifest(settings, invocation) if MANIFEST_HERE.exists() else None
    if loaded is not None and not show_findings(loaded, invocation):
        return ExitCode.FAILED
    login = login_for(loaded, settings, invocation)
    with open_session(login, loaded, settings, invocation) as session:
        diagnosis = diagnose(session)
    invocation.say(diagnosis_text(diagnosis))
    return ExitCode.DONE if diagnosis.sound else ExitCode.FAILED

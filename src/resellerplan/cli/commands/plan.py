"""``resellerplan plan``: what would change on the panel. Reads; its transport can send nothing else."""

from __future__ import annotations

from typing import Any

import click

from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.findings import show_findings
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.option_sets import MANIFEST, PANEL, POLICY, SCOPE, settings_of, with_options
from resellerplan.cli.options import option
from resellerplan.cli.reading import plan_for
from resellerplan.cli.wiring import load_manifest, login_for, open_session
from resellerplan.planning.plan import Plan
from resellerplan.report.as_text import plan_text
from resellerplan.report.paint import painted

__all__ = ["plan"]

PLAN = (
    option("--out", metavar="FILE", help="Save the plan, for `resellerplan apply FILE`."),
    option(
        "--detailed-exitcode", "--non-zero-exit-code", is_flag=True, help="Exit with 0 = nothing to do, 1 = error, 2 = changes."
    ),
    option("--json", "json", is_flag=True, help="Print events as JSON, one a line."),
    option("--show-unmanaged", is_flag=True, help="List what the panel holds and no manifest names."),
)


@click.command()
@with_options(MANIFEST, PLAN, SCOPE, POLICY, PANEL)
@with_invocation
def plan(invocation: Invocation, /, **given: Any) -> int:
    """Show what would change on the panel so that it is as the manifest says. Changes nothing.

    PATH is a file, a folder that holds resellerplan.yaml (default: this one), or - for standard input.
    """
    settings = settings_of(given, invocation)
    loaded = load_manifest(settings, invocation)
    if not show_findings(loaded, invocation):
        return ExitCode.FAILED
    login = login_for(loaded, settings, invocation)
    with open_session(login, loaded, settings, invocation) as session:
        made = plan_for(loaded, session, login.url, settings, invocation)
    invocation.say(painted(plan_text(made, show_unmanaged=given["show_unmanaged"]), colour=invocation.paints))
    return exit_code(made, detailed=given["detailed_exitcode"])


def exit_code(made: Plan, *, detailed: bool) -> ExitCode:
    """What the shell is told about a plan: refused = 1; 2 for changes only where that was asked for."""
    if made.refusals:
        return ExitCode.FAILED
    return ExitCode.CHANGES if detailed and made.counts.anything else ExitCode.DONE

"""``resellerplan plan``: what would change on the panel. Reads; its transport can send nothing else."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import click

from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.option_sets import MANIFEST, PANEL, POLICY, SCOPE, settings_of, with_options
from resellerplan.cli.options import option
from resellerplan.cli.output import document_text, output_for
from resellerplan.cli.reading import plan_for
from resellerplan.cli.wiring import load_manifest, login_for, open_session
from resellerplan.errors import UsageError
from resellerplan.planning.plan import Plan
from resellerplan.planning.plan_file import Header
from resellerplan.report.summary import gitlab_report

__all__ = ["plan"]

PLAN = (
    option("--out", metavar="FILE", help="Save the plan, for `resellerplan apply FILE`."),
    option(
        "--detailed-exitcode", "--non-zero-exit-code", is_flag=True, help="Exit with 0 = nothing to do, 1 = error, 2 = changes."
    ),
    option("--json", "as_json", is_flag=True, help="Print events as JSON, one a line."),
    option("--json-into", metavar="FILE", help="Write the plan as a JSON document, for policies and widgets."),
    option("--gitlab-report", metavar="FILE", help="Write the counts for GitLab's widget."),
    option("--show-unmanaged", is_flag=True, help="List what the panel holds and no manifest names."),
    option("--show-personal", is_flag=True, help="Do not mask names and addresses in the JSON document."),
)


@click.command()
@with_options(MANIFEST, PLAN, SCOPE, POLICY, PANEL)
@with_invocation
def plan(invocation: Invocation, /, **given: Any) -> int:
    """Show what would change on the panel so that it is as the manifest says. Changes nothing.

    PATH is a file, a folder that holds resellerplan.yaml (default: this one), or - for standard input.
    """
    output = output_for(invocation, as_json=given["as_json"])
    settings = settings_of(given, invocation)
    loaded = load_manifest(settings, invocation)
    if not output.findings(loaded):
        return ExitCode.FAILED
    check_places(given)
    login = login_for(loaded, settings, invocation)
    with open_session(login, loaded, settings, invocation) as session:
        from resellerplan.cli.saved_plan import header_for

        made = plan_for(loaded, session, login.url, settings, invocation)
        header = header_for(loaded, session, login.url)
    output.plan(made, show_unmanaged=given["show_unmanaged"])
    keep(made, header, given, invocation)
    return exit_code(made, detailed=given["detailed_exitcode"])


def keep(made: Plan, header: Header, given: dict[str, Any], invocation: Invocation) -> None:
    """Write the files that were asked for. A refused plan is not saved: nobody could apply it."""
    if given["json_into"]:
        from resellerplan.planning.plan_json import as_document

        write(given["json_into"], document_text(as_document(made, header, show_personal=given["show_personal"])))
    if given["gitlab_report"]:
        write(given["gitlab_report"], json.dumps(gitlab_report(made.counts)))
    if not given["out"]:
        return
    if made.refusals:
        invocation.tell(f"\nThe plan is refused, so it was not saved in {given['out']}.")
        return
    from resellerplan.cli.saved_plan import write_plan_file

    write_plan_file(Path(given["out"]).expanduser(), made, header, invocation.environ)
    invocation.tell(f"\nSaved the plan in {given['out']}; it holds customers' data. To do it:")
    invocation.tell(f"  resellerplan apply {shlex.quote(given['out'])}")


def check_places(given: dict[str, Any]) -> None:
    """Raise UsageError where a folder that something is to be written in is not there: before the panel is read, not after."""
    for flag in ("out", "json_into", "gitlab_report"):
        folder = Path(given[flag] or ".").expanduser().parent
        if not folder.is_dir():
            raise UsageError(f"--{flag.replace('_', '-')}: there is no folder {folder}", hint="make it first")


def write(name: str, text: str) -> None:
    """Write a report's file. Raises UsageError where that can't be."""
    try:
        Path(name).expanduser().write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{name} can't be written: {error.strerror}") from error


def exit_code(made: Plan, *, detailed: bool) -> ExitCode:
    """What the shell is told about a plan: refused = 1; 2 for changes only where that was asked for."""
    if made.refusals:
        return ExitCode.FAILED
    return ExitCode.CHANGES if detailed and made.counts.anything else ExitCode.DONE

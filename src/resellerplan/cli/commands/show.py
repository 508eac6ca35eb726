"""``resellerplan show live``: what is on the panel. Read-only, and needs no manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.findings import show_findings
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.loading import MANIFEST_HERE, load_manifest
from resellerplan.cli.option_sets import PANEL, settings_of, with_options
from resellerplan.cli.options import option
from resellerplan.cli.output import document_text
from resellerplan.cli.reading import read_live
from resellerplan.cli.slips import CommandGroup
from resellerplan.cli.wiring import CLOCK, login_for, open_session
from resellerplan.errors import UsageError
from resellerplan.model.address import Kind
from resellerplan.model.estate import Estate
from resellerplan.report.as_text import plan_text
from resellerplan.report.live_text import live_text
from resellerplan.report.paint import painted

__all__ = ["show"]

_KINDS = {"customers": (Kind.CUSTOMER,), "plans": (Kind.PLAN, Kind.ADDON), "spaces": (Kind.SPACE,)}
_ALL = (Kind.CUSTOMER, Kind.PLAN, Kind.ADDON, Kind.SPACE)


class Showing(CommandGroup):
    """Names the command that shows a saved plan where a file stands in its place."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.commands and Path(args[0]).is_file():
            raise UsageError(f"show what of {args[0]}?", hint=f"`resellerplan show plan {args[0]}` shows a saved plan")
        return super().resolve_command(ctx, args)


@click.group(cls=Showing)
def show() -> None:
    """List what is on the panel, or show a saved plan."""


@show.command()
@click.argument("what", required=False, type=click.Choice(list(_KINDS)))
@option("--json", "as_json", is_flag=True, help="One JSON document, for scripts.")
@option("--show-personal", is_flag=True, help="Do not mask names and addresses in the JSON document.")
@with_options(PANEL)
@with_invocation
def live(invocation: Invocation, /, what: str | None, as_json: bool, show_personal: bool, **given: Any) -> int:
    """List customers, plans and spaces as they are on the panel now.

    Which panel: RESELLERPLAN_URL, else the manifest in this folder where there is one, else the only one `login` keeps.
    """
    settings = settings_of(given, invocation)
    loaded = load_manifest(settings, invocation) if MANIFEST_HERE.exists() else None
    if loaded is not None and not show_findings(loaded, invocation):
        return ExitCode.FAILED
    login = login_for(loaded, settings, invocation)
    with open_session(login, loaded, settings, invocation) as session:
        found = read_live(session, login.url, Estate(), settings, invocation)
        reseller = session.reseller.username
    kinds = _KINDS[what] if what else _ALL
    if as_json:
        from resellerplan.report.live_json import live_document

        now = CLOCK.now()
        document = live_document(found, kinds, panel=login.url.key, reseller=reseller, now=now, show_personal=show_personal)
        invocation.say(document_text(document))
        return ExitCode.DONE
    invocation.say(live_text(found, kinds))
    return ExitCode.DONE


@show.command()
@click.argument("file", metavar="FILE")
@option("--json", "as_json", is_flag=True, help="The JSON document that policies and widgets read.")
@option("--show-personal", is_flag=True, help="Do not mask names and addresses in the JSON document.")
@with_invocation
def plan(invocation: Invocation, /, file: str, as_json: bool, show_personal: bool) -> int:
    """Show a plan that was saved by `plan --out`. Asks nothing of the panel."""
    from resellerplan.cli.saved_plan import read_plan_file

    saved = read_plan_file(Path(file).expanduser(), invocation.environ)
    if as_json:
        from resellerplan.planning.plan_json import as_document

        invocation.say(document_text(as_document(saved.plan, saved.header, show_personal=show_personal)))
        return ExitCode.DONE
    made_at = saved.header.made_at
    invocation.tell(f"Made {made_at:%Y-%m-%d %H:%M} UTC for {saved.plan.reseller} at {saved.header.panel}\n")
    invocation.say(painted(plan_text(saved.plan), colour=invocation.paints))
    return ExitCode.DONE

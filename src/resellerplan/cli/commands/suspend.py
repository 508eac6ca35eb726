"""``resellerplan suspend``: a customer into the suspension register."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from resellerplan.cli.editing import EDITED, carry_out, read_for_edit
from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.option_sets import with_options
from resellerplan.cli.options import option
from resellerplan.cli.wiring import today_in
from resellerplan.errors import UsageError
from resellerplan.manifest.everyday import suspend as suspended
from resellerplan.model.address import Address

__all__ = ["suspend"]


@click.command()
@click.argument("username")
@option("--reason", metavar="TEXT", help="Why; stands in the register.")
@with_options(EDITED)
@with_invocation
def suspend(invocation: Invocation, /, username: str, reason: str | None, **given: Any) -> int:
    """List a customer in the suspension register, from today on (`--now` names another day).

    Where the manifest names no register yet, suspensions.csv is begun beside it. The next apply suspends the customer.
    """
    if not reason or not reason.strip():
        raise UsageError("a suspension needs its reason", hint='for example: --reason "invoice 4711 is open"')
    loaded, settings = read_for_edit(given, invocation)
    if loaded is None:
        return ExitCode.FAILED
    since = today_in(loaded.settings.timezone, settings).isoformat()
    edits = suspended(loaded, Path(), username, since, reason.strip())
    return carry_out(edits, loaded.sources, invocation, done=f"Listed {Address.customer(username)} as suspended.")

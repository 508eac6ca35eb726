"""``resellerplan resume``: a customer out of the suspension register."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from resellerplan.cli.editing import EDITED, carry_out, read_for_edit
from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.option_sets import with_options
from resellerplan.manifest.everyday import resume as resumed
from resellerplan.model.address import Address

__all__ = ["resume"]


@click.command()
@click.argument("username")
@with_options(EDITED)
@with_invocation
def resume(invocation: Invocation, /, username: str, **given: Any) -> int:
    """Take a customer out of the suspension register. The next apply re-activates the customer."""
    loaded, _ = read_for_edit(given, invocation)
    if loaded is None:
        return ExitCode.FAILED
    edits = resumed(loaded, Path(), username)
    return carry_out(edits, loaded.sources, invocation, done=f"Took {Address.customer(username)} out of the register.")

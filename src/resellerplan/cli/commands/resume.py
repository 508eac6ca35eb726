"""``resellerplan resume``: the end of a customer's suspension, in the register."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from resellerplan.cli.editing import EDITED, carry_out, read_for_edit
from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.option_sets import with_options
from resellerplan.cli.wiring import today_in
from resellerplan.manifest.everyday import keeps_resumed
from resellerplan.manifest.everyday import resume as resumed
from resellerplan.model.address import Address

__all__ = ["resume"]

_ONLY_TAKEN_OUT = """Took {} out of the register. Who is suspended on the panel stays so: this register has no column `resumed`.
hint: give it one (username;since;reason;resumed), or say `status: active` at the customer"""


@click.command()
@click.argument("username")
@with_options(EDITED)
@with_invocation
def resume(invocation: Invocation, /, username: str, **given: Any) -> int:
    """End a customer's suspension in the register. The next apply re-activates the customer.

    A register without the column `resumed` can't say who is to be active again: there the row is taken out, and nothing else.
    """
    loaded, settings = read_for_edit(given, invocation)
    if loaded is None:
        return ExitCode.FAILED
    today = today_in(loaded.settings.timezone, settings).isoformat()
    customer = Address.customer(username)
    done = f"{customer} is to be active again." if keeps_resumed(loaded, Path()) else _ONLY_TAKEN_OUT.format(customer)
    return carry_out(resumed(loaded, Path(), username, today), loaded.sources, invocation, done=done)

"""``resellerplan space add``: a new hosting space in the manifest."""

from __future__ import annotations

from typing import Any

import click

from resellerplan.cli.editing import EDITED, ask, carry_out, read_for_edit
from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.option_sets import with_options
from resellerplan.cli.options import option
from resellerplan.cli.slips import CommandGroup
from resellerplan.manifest.everyday import add_space
from resellerplan.manifest.load import LoadOptions
from resellerplan.model.address import Address

__all__ = ["space"]


@click.group(cls=CommandGroup)
def space() -> None:
    """Hosting spaces in the manifest."""


@space.command()
@click.argument("customer", required=False)
@option("--plan", metavar="NAME", help="The hosting plan.")
@option("--name", metavar="TEXT", help="The space's name; default: the plan's.")
@option("--domain", metavar="NAME", help="The first domain, made together with the space.")
@option("--website/--no-website", default=None, help="Make a web site for the domain (default of the manifest: yes).")
@option("--ftp", is_flag=True, help="Make an FTP account with the domain.")
@option("--mail", is_flag=True, help="Make a mail domain with the domain.")
@option("--into", metavar="FILE", help="Which file takes it, where several hold spaces.")
@with_options(EDITED)
@with_invocation
def add(invocation: Invocation, /, customer: str | None, into: str | None, **given: Any) -> int:
    """Add a hosting space for CUSTOMER: beside the customer's other spaces, or behind the last of all."""
    loaded, settings = read_for_edit(given, invocation)
    if loaded is None:
        return ExitCode.FAILED
    entry: dict[str, object] = {"customer": customer or ask(invocation, "Customer", "the first argument")}
    entry["plan"] = given.get("plan") or ask(invocation, "Hosting plan", "--plan")
    if given.get("name"):
        entry["name"] = given["name"]
    if given.get("domain"):
        entry["domain"] = given["domain"]
    resources: dict[str, object] = {} if given.get("website") is None else {"website": given["website"]}
    resources |= {name: True for name in ("ftp", "mail") if given.get(name)}
    if resources:
        entry["resources"] = resources
    options = LoadOptions(literal_passwords=settings.permissions.literal_passwords)
    edits = add_space(loaded, options, entry, into=into)
    address = Address.space(str(entry["customer"]), str(entry.get("name") or entry["plan"]))
    return carry_out(edits, loaded.sources, invocation, done=f"Added {address}.")

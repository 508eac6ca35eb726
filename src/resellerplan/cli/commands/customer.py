"""``resellerplan customer add``: a new customer in the manifest, or in the table that customers are kept in."""

from __future__ import annotations

from typing import Any

import click

from resellerplan.cli.commands.password import password
from resellerplan.cli.editing import EDITED, ask, carry_out, pairs_of, read_for_edit
from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.option_sets import PANEL, with_options
from resellerplan.cli.options import option
from resellerplan.cli.settings import Settings
from resellerplan.cli.slips import CommandGroup
from resellerplan.diagnostics import Finding, Place
from resellerplan.errors import PanelError, ResellerPlanError
from resellerplan.manifest.codes import finding
from resellerplan.manifest.everyday import Edits, add_customer
from resellerplan.manifest.language import language_of
from resellerplan.manifest.load import Loaded, LoadOptions
from resellerplan.manifest.scalars import plain
from resellerplan.model.address import Address

__all__ = ["customer"]

_ASKED = (("first_name", "First name (Enter: none)", ""), ("last_name", "Last name (Enter: none)", ""), ("email", "E-mail", None))
"""Field, question, and what an empty answer means; None = it is asked again."""


@click.group(cls=CommandGroup)
def customer() -> None:
    """Customers in the manifest, and their passwords on the panel."""


customer.add_command(password)


@customer.command()
@click.argument("username", required=False)
@option("--first-name", metavar="TEXT", help="First name.")
@option("--last-name", metavar="TEXT", help="Last name.")
@option("--email", metavar="ADDRESS", help="E-mail address.")
@option("--company", metavar="TEXT", help="Company.")
@option("--set", "fields", multiple=True, metavar="FIELD=VALUE", help="Any other field of a customer, as the manifest names it.")
@option("--password-env", metavar="NAME", help="The password is in this environment variable when apply runs.")
@option("--password-file", metavar="FILE", help="The password is the first line of this file when apply runs.")
@option("--plan", metavar="NAME", help="Give the customer a hosting space of this plan too.")
@option("--domain", metavar="NAME", help="The first domain of that space.")
@option("--into", metavar="FILE", help="Which file takes it, where several hold customers.")
@option("--no-check", is_flag=True, help="Don't ask the panel whether the user name is free.")
@with_options(EDITED, PANEL)
@with_invocation
def add(invocation: Invocation, /, username: str | None, into: str | None, no_check: bool, **given: Any) -> int:
    """Add a customer: behind the last one, in the hand of those who wrote the file.

    What is needed and not given is asked for on a terminal. Nothing else in the file changes; the difference is printed.
    """
    loaded, settings = read_for_edit(given, invocation)
    if loaded is None:
        return ExitCode.FAILED
    entry = entry_of(username, given, loaded, invocation)
    options = LoadOptions(literal_passwords=settings.permissions.literal_passwords)
    edits = add_customer(loaded, options, entry, into=into)
    if not edits.findings and not no_check:
        taken = taken_on_panel(str(entry["username"]), loaded, settings, invocation)
        edits = edits if taken is None else Edits(findings=(taken,))
    address = Address.customer(str(entry["username"]))
    return carry_out(edits, loaded.sources, invocation, done=f"Added {address}.")


def entry_of(username: str | None, given: dict[str, Any], loaded: Loaded, invocation: Invocation) -> dict[str, object]:
    """The customer as the manifest writes it, with its keys in the manifest's order."""
    values: dict[str, object] = {"username": username or ask(invocation, "User name", "the first argument")}
    for name, question, default in _ASKED:
        flag = f"--{name.replace('_', '-')}"
        text = given.get(name) or (ask(invocation, question, flag, default=default) if invocation.asks else None)
        if text:
            values[name] = text
    if given.get("company"):
        values["company"] = given["company"]
    for name, text in pairs_of(given["fields"], "--set").items():
        values[name] = plain(text)
    if given.get("password_env"):
        values["password"] = {"env": given["password_env"]}
    elif given.get("password_file"):
        values["password"] = {"file": given["password_file"]}
    elif invocation.asks and "password" not in values:
        name = f"{str(values['username']).upper().replace('-', '_').replace('.', '_')}_PASSWORD"
        values["password"] = {
            "env": ask(invocation, "Environment variable that holds the password", "--password-env", default=name)
        }
    if given.get("plan"):
        space = {"plan": given["plan"]}
        if given.get("domain"):
            space["domain"] = given["domain"]
        values["spaces"] = [space]
    order = list(language_of(loaded.settings.catalogue).customer.entries)
    known = sorted((name for name in values if name in order), key=order.index)
    return {name: values[name] for name in [*known, *(name for name in values if name not in order)]}


def taken_on_panel(username: str, loaded: Loaded, settings: Settings, invocation: Invocation) -> Finding | None:
    """The finding where the panel has the name already; None where it is free, or where no panel can be asked (which is said)."""
    from resellerplan.cli.wiring import login_for, open_session  # with --no-check nothing of the panel is needed

    try:
        with open_session(login_for(loaded, settings, invocation), loaded, settings, invocation) as session:
            taken = session.client.boolean("UserExists", username=username)
    except (PanelError, ResellerPlanError) as error:
        invocation.tell(f"Whether the user name is free was not asked: {error.message}")
        return None
    if not taken:
        return None
    hint = f'choose another one, for example "{loaded.settings.reseller or "web"}-{username}"'
    return finding("RP1805", Place("<new>", 1, 1), str(Address.customer(username)), hint=hint)

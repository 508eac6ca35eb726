"""``resellerplan customer password``: give a customer on the panel another password. Nothing else in the program ever does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from resellerplan.cli.approval import agreed
from resellerplan.cli.editing import EDITED
from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.findings import show_findings
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.loading import MANIFEST_HERE, load_manifest
from resellerplan.cli.option_sets import PANEL, settings_of, with_options
from resellerplan.cli.options import option
from resellerplan.cli.settings import Settings
from resellerplan.errors import ResellerPlanError, SecretUnavailable
from resellerplan.manifest.load import Loaded
from resellerplan.model.address import Address
from resellerplan.model.customer import Customer
from resellerplan.model.values import Secret
from resellerplan.neutralise import one_line

__all__ = ["password"]


@click.command()
@click.argument("username")
@option("--password-env", metavar="NAME", help="The new password is in this environment variable.")
@option("--password-stdin", is_flag=True, help="Read the new password from standard input (one line).")
@option("--auto-approve", is_flag=True, help="Do not ask.")
@option("--artifact-dir", metavar="DIR", help="In a pipeline: what is kept of the job; a generated password lies below it.")
@with_options(EDITED, PANEL)
@with_invocation
def password(invocation: Invocation, /, username: str, auto_approve: bool, **given: Any) -> int:
    """Give a customer another password.

    It comes from --password-env or --password-stdin, else from where the manifest says that customer's password is, else it is
    asked for. It is never given on the command line. Plan and apply leave the passwords of existing customers alone.
    """
    from resellerplan.cli.wiring import login_for, open_session  # `customer add` is in the same group, and needs no panel

    settings = settings_of(given, invocation)
    loaded = load_manifest(settings, invocation) if given.get("paths") or MANIFEST_HERE.exists() else None
    if loaded is not None and not show_findings(loaded, invocation):
        return ExitCode.FAILED
    address = Address.customer(username)
    with open_session(login_for(loaded, settings, invocation), loaded, settings, invocation, may_write=True) as session:
        from resellerplan.panel.writer import Writer

        writer = Writer(session)
        panel_id = writer.find(address)
        if panel_id is None:
            raise ResellerPlanError(f"{address} is not on the panel", hint="`resellerplan show live` lists who is there")
        if not auto_approve and not agreed(
            invocation,
            f"Give {one_line(str(address), 100)} another password?",
            refusal="change it, so nothing was sent",
            flag_does="does it",
            nothing="Nothing was sent.",
            free=not given["password_stdin"],
        ):
            return ExitCode.FAILED
        writer.change_password(panel_id, new_password(address, given, loaded, settings, invocation))
    invocation.say(f"{address}: the panel took the new password; it can't be read back")
    return ExitCode.DONE


def new_password(
    address: Address, given: dict[str, Any], loaded: Loaded | None, settings: Settings, invocation: Invocation
) -> Secret:
    """The password from the nearest source. A generated one has reached its sink by then. Raises SecretUnavailable."""
    from resellerplan.cli.secret_sources import checked_password
    from resellerplan.cli.wiring import secrets_in

    if given.get("password_env"):
        name = given["password_env"]
        text = invocation.environ.get(name)
        if not text:
            raise SecretUnavailable(f"the variable {name} is not set", hint=f"set {name}, or leave --password-env out")
        return checked_password(text, f"the variable {name}")
    if given["password_stdin"]:
        return checked_password(invocation.stdin.readline().rstrip("\r\n"), "standard input")
    declared = None if loaded is None else loaded.estate.resources.get(address)
    if loaded is not None and isinstance(declared, Customer) and declared.password is not None:
        place = loaded.estate.place(address)
        files = {} if place is None else {address: Path(place.file)}
        return secrets_in(files, settings, invocation).fetch(declared.password, declared)
    if not invocation.asks:
        raise SecretUnavailable(
            f"there is no new password for {address}, and nobody can be asked",
            hint="give it by --password-env NAME or --password-stdin, or name its source in the manifest (`password:`)",
        )
    asked = click.prompt(f"New password of {one_line(address.name, 60)}", hide_input=True, confirmation_prompt=True, err=True)
    return checked_password(str(asked), "the terminal")

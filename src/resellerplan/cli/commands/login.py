"""``resellerplan login``: keep the log-in for a panel in the credentials file, bound to the panel's URL."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from resellerplan.cli.credentials import FILE_NAME, Entry, Login, entries_text, write_entries
from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.option_sets import PANEL, settings_of, with_options
from resellerplan.cli.options import option
from resellerplan.cli.panel_url import parse_panel_url
from resellerplan.cli.secret_sources import into_keyring
from resellerplan.cli.wiring import credential_entries, open_session
from resellerplan.errors import UsageError
from resellerplan.model.values import Secret

__all__ = ["login"]


@click.command()
@click.argument("url")
@option("--user", metavar="NAME", help="The reseller's user name; asked for where it is not given.")
@option("--password-stdin", is_flag=True, help="Read the password from standard input (one line) instead of asking.")
@option("--keyring", is_flag=True, help="Keep the password in the system's keyring, not in the file.")
@option("--no-check", is_flag=True, help="Do not try the log-in first.")
@with_options(PANEL)
@with_invocation
def login(invocation: Invocation, /, url: str, user: str | None, **given: Any) -> int:
    """Keep the log-in for the panel at URL in credentials.yaml (readable by you alone).

    It is used for that URL and for no other. The password never comes by the command line.
    """
    panel = parse_panel_url(url)
    if panel.embedded:
        raise UsageError("an embedded panel needs no log-in", hint=f"set RESELLERPLAN_URL={panel.text}")
    settings = settings_of(given, invocation)
    username = user or ask(invocation, f"User name at {panel.text}", "--user NAME", hidden=False)
    if given["password_stdin"]:
        text = invocation.stdin.readline().rstrip("\r\n")
        if not text:
            raise UsageError(
                "standard input held no password", hint="printf '%s\\n' \"$PASSWORD\" | resellerplan login URL --password-stdin"
            )
    else:
        text = ask(invocation, f"Password of {username}", "--password-stdin", hidden=True)
    entry = Entry(url=panel, username=username, password=Secret(text))
    if not given["no_check"]:
        with open_session(Login(url=panel, username=username, password=entry.password), None, settings, invocation) as session:
            invocation.tell(
                f"The panel ({session.detected.version_hint}) takes it: {session.me.username}, a {session.me.role_name}."
            )
    if given["keyring"]:
        into_keyring(panel.key, username, text)
        entry = replace(entry, password=None, keyring=True)
    file = settings.configuration_folder / FILE_NAME
    write_entries(file, entries_text({**credential_entries(settings.configuration_folder), panel.key: entry}, Secret.reveal))
    invocation.say(f"Kept the log-in of {username} for {panel.text} in {file}.\nNext: `resellerplan show live`")
    return ExitCode.DONE


def ask(invocation: Invocation, question: str, flag: str, *, hidden: bool) -> str:
    """Put a question to the person at the terminal. Raises UsageError where there is none."""
    if not invocation.asks:
        raise UsageError(f"{question[0].lower()}{question[1:]} is needed, and nobody can be asked", hint=f"give it by {flag}")
    answer: str = click.prompt(question, hide_input=hidden, err=True)
    return answer

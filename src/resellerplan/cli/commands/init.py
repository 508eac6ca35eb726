"""``resellerplan init``: from a log-in to a first manifest whose first plan says "No changes."."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from resellerplan.cli.commands.schema import fix_file
from resellerplan.cli.credentials import FILE_NAME, Entry, Login, entries_text, write_entries
from resellerplan.cli.editing import ask, carry_out
from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.option_sets import PANEL, settings_of, with_options
from resellerplan.cli.options import option
from resellerplan.cli.panel_url import parse_panel_url
from resellerplan.cli.reading import read_live
from resellerplan.cli.settings import Settings
from resellerplan.cli.wiring import credential_entries, login_for, open_session
from resellerplan.diagnostics import Place, Sources
from resellerplan.errors import UsageError
from resellerplan.manifest.codes import finding
from resellerplan.manifest.edit import Splice
from resellerplan.manifest.everyday import Edits
from resellerplan.manifest.files import MANIFEST_NAME
from resellerplan.manifest.saving import FileChange
from resellerplan.manifest.yaml_text import value_text
from resellerplan.model.address import Kind
from resellerplan.model.estate import Estate
from resellerplan.model.hosting_plan import Addon, HostingPlan
from resellerplan.model.values import Secret
from resellerplan.neutralise import one_line

__all__ = ["First", "first_manifest", "init"]


@click.command()
@click.argument("url", required=False)
@option("--user", metavar="NAME", help="The reseller's user name; asked for where it is not given.")
@option("--password-stdin", is_flag=True, help="Read the password from standard input (one line) instead of asking.")
@option("--space", metavar="NAME", help="The reseller's own package, where there are several.")
@option("--forget", is_flag=True, help="Do not keep the log-in in the credentials file.")
@with_options(PANEL)
@with_invocation
def init(invocation: Invocation, /, url: str | None, space: str | None, forget: bool, **given: Any) -> int:
    """Write resellerplan.yaml in this folder for the panel at URL, with the hosting plans that are there as `existing: true`.

    URL and log-in are tried first. Customers and spaces on the panel stay unmanaged until the manifest names them.
    """
    settings = settings_of(given, invocation)
    path = Path(MANIFEST_NAME)
    if path.exists():
        taken = finding("RP1803", Place(MANIFEST_NAME, 1, 1), "this folder has a manifest", hint="go on with `resellerplan plan`")
        return carry_out(Edits(findings=(taken,)), Sources(), invocation, done="")
    login, typed = login_of(url, given, settings, invocation)
    with open_session(login, None, settings, invocation) as session:
        live = read_live(session, login.url, Estate(), settings, invocation)
        reseller = session.reseller.username
    text = first_manifest(First(url=login.url.text, reseller=reseller, space=space, live=live))
    text = text.replace("\n", os.linesep)
    change = FileChange(name=MANIFEST_NAME, before=None, after=text.encode("utf-8"), text="", splices=(Splice(0, 0, text),))
    code = carry_out(Edits(changes=(change,)), Sources(), invocation, done=f"Wrote {MANIFEST_NAME} for {one_line(reseller)}.")
    if code == ExitCode.DONE:
        invocation.tell(f"For your editor: {fix_file(path)}.")
        if typed is not None and not forget:
            file = settings.configuration_folder / FILE_NAME
            entries = {**credential_entries(settings.configuration_folder), login.url.key: typed}
            write_entries(file, entries_text(entries, Secret.reveal))
            invocation.tell(f"Kept the log-in in {file}.")
    return code


def login_of(url: str | None, given: dict[str, Any], settings: Settings, invocation: Invocation) -> tuple[Login, Entry | None]:
    """The log-in: typed (then it may be kept), or the one that the environment or the credentials file has."""
    text = url or invocation.environ.get("RESELLERPLAN_URL") or None
    if text is None and invocation.asks:
        text = ask(invocation, "URL of the panel's services", "the first argument")
    known = not given.get("user") and not given["password_stdin"]
    if text is None or (known and invocation.environ.get("RESELLERPLAN_URL") == text):
        return login_for(None, settings, invocation), None
    panel = parse_panel_url(text)
    if panel.embedded:
        return Login(url=panel, username=given.get("user") or "", password=None), None
    kept = credential_entries(settings.configuration_folder).get(panel.key)
    if kept is not None and known and kept.password is not None:
        return Login(url=panel, username=kept.username, password=kept.password), None
    username = given.get("user") or ask(invocation, f"User name at {panel.text}", "--user")
    if given["password_stdin"]:
        password = invocation.stdin.readline().rstrip("\r\n")
    elif invocation.asks:
        password = click.prompt(f"Password of {username}", hide_input=True, err=True)
    else:
        raise UsageError("a password is needed, and nobody can be asked", hint="give it by --password-stdin")
    entry = Entry(url=panel, username=username, password=Secret(password))
    return Login(url=panel, username=username, password=entry.password), entry


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """What a first manifest is made from. ``space`` is named where the reseller has several packages."""

    url: str
    reseller: str
    space: str | None
    live: Estate


def first_manifest(first: First) -> str:
    """The text of a first manifest."""
    return "\n".join(_lines(first)) + "\n"


def _lines(first: First) -> Iterator[str]:
    yield "version: 1"
    yield ""
    yield "panel:"
    yield f"  url: {value_text(first.url)}"
    yield f"  reseller: {value_text(first.reseller)}"
    if first.space:
        yield f"  space: {value_text(first.space)}"
    sold = [resource for _, resource in first.live.resources.items() if isinstance(resource, HostingPlan | Addon)]
    doubled = [address for address in first.live.duplicates if address.kind in (Kind.PLAN, Kind.ADDON)]
    if sold or doubled:
        yield ""
        yield "# What is on the panel already: spaces may refer to it, nothing of it is managed."
        yield "# To manage one, put its `groups:` in the place of `existing: true`."
    if sold:
        yield "plans:"
    for resource in sold:
        addon = ", addon: true" if isinstance(resource, Addon) else ""
        yield f"  - {{name: {value_text(resource.name)}{addon}, existing: true}}"
    for address in doubled:
        ids = ", ".join(str(number) for number in first.live.duplicates[address])
        yield f"  # {one_line(str(address))} is on the panel more than once (ids {ids}); pin one with `id:` to use it"
    yield ""
    yield "# By example; take the `# ` away to use it (`resellerplan explain` tells more)."
    if not sold:
        yield from _EXAMPLE_PLAN
    yield from _EXAMPLE_CUSTOMER
    plans = ["Web S", *(resource.name for resource in sold if isinstance(resource, HostingPlan))]
    if not sold or len(plans) > 1:
        yield "#     spaces:"
        yield f"#       - plan: {value_text(plans[-1])}"
        yield "#         domain: mueller.example"
        yield "#         resources: {website: true}"


_EXAMPLE_PLAN = (
    "# plans:",
    "#   - name: Web S",
    "#     price: {setup: 0, recurring: 4.90, every: 1 month}",
    "#     groups:",
    "#       OS: {Diskspace: 5 GB, Bandwidth: 50 GB, Domains: 1}",
    "#       Web: {Sites: 1}",
    "#",
)
"""A plan, for a reseller who has none yet."""

_EXAMPLE_CUSTOMER = (
    "# customers:",
    "#   - username: mueller",
    "#     first_name: Petra",
    "#     last_name: Mueller",
    "#     email: petra@mueller.example",
    "#     password: {env: MUELLER_PASSWORD}",
)

"""The composition root: settings become a loaded manifest, an open panel, a policy. The clock and chance enter the program here.

Everything below takes what it needs as an argument; nothing else in the program makes a connection or asks what time it is.
"""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from resellerplan.applying.ports import Clock
from resellerplan.cli.credentials import FILE_NAME, Entry, Login, find_login, read_entries
from resellerplan.cli.invocation import Invocation
from resellerplan.cli.loading import load_manifest, load_options
from resellerplan.cli.panel_url import EMBEDDED
from resellerplan.cli.secret_sources import SecretSources, allow_command, fetch_entry, repository_of
from resellerplan.cli.settings import Settings
from resellerplan.diagnostics import Place
from resellerplan.errors import PanelUnauthorised, PanelUnreachable, ResellerPlanError
from resellerplan.model.address import Address
from resellerplan.model.customer import CommandSink, Customer, Generated
from resellerplan.model.values import Secret
from resellerplan.neutralise import one_line
from resellerplan.planning.plan import Plan
from resellerplan.planning.policy import Policy

if TYPE_CHECKING:
    from resellerplan.manifest.load import Loaded
    from resellerplan.panel.connection import DialectName
    from resellerplan.panel.session import Session

__all__ = [
    "CLOCK",
    "credential_entries",
    "load_manifest",
    "load_options",
    "login_for",
    "open_session",
    "policy_for",
    "secrets_for",
    "secrets_in",
    "today_in",
]

CLOCK = Clock(now=lambda: datetime.now(UTC), monotonic=time.monotonic, sleep=time.sleep)


def jitter() -> float:
    """A number from 0 to 1 that spreads retries; nothing secret hangs on it."""
    return random.random()  # noqa: S311  # spreads retries, guards nothing


def today_in(timezone: str, settings: Settings) -> date:
    """The day by which ``from``, ``ends`` and quarantines are judged: ``--now``, else today in the manifest's time zone."""
    if settings.today is not None:
        return settings.today
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return CLOCK.now().astimezone(ZoneInfo(timezone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        return CLOCK.now().date()


def policy_for(loaded: Loaded, settings: Settings) -> Policy:
    """The policy of a run: the manifest's and ``--policy``'s terms, the flags, and the day."""
    from dataclasses import replace

    from resellerplan.manifest.policy_terms import policy_of

    return replace(
        policy_of(loaded.settings.policy),
        today=today_in(loaded.settings.timezone, settings),
        dangerous=settings.dangerous,
        reactivate_all=settings.reactivate_all,
    )


def credential_entries(folder: Path) -> dict[str, Entry]:
    """The panels of the credentials file in a configuration folder, by the key of their URL; empty where there is no file."""
    file = folder / FILE_NAME
    if not file.exists():
        return {}
    from resellerplan.cli.own_files import read_plain

    return read_entries(read_plain(file), file)


def login_for(loaded: Loaded | None, settings: Settings, invocation: Invocation) -> Login:
    """Which panel this run is about, and as whom. ``loaded`` None = no manifest takes part. Raises ResellerPlanError."""
    url = None if loaded is None else loaded.settings.panel_url
    place = None if loaded is None else loaded.settings.places.get("panel.url")
    return login_at(url, place, settings, invocation)


def login_at(url: str | None, place: Place | None, settings: Settings, invocation: Invocation) -> Login:
    """The log-in for a panel that a manifest (at ``place``) or a saved plan names; None where neither does."""
    entries = credential_entries(settings.configuration_folder)
    login = find_login(url, place, invocation.environ, entries, fetch_entry)
    if login.url.text == EMBEDDED:
        raise ResellerPlanError(
            "the panel `embedded:` lives in memory and forgets everything between two commands",
            detail="A plan for it could never be applied.",
            hint="make a panel that stays: `resellerplan panel seed FILE`, then RESELLERPLAN_URL=embedded:FILE",
        )
    return login


def secrets_for(made: Plan, settings: Settings, invocation: Invocation) -> SecretSources:
    """The passwords that a plan's customers name, from where they name them; relative paths start at the manifest's folder."""
    files = {change.address: Path(change.place.file) for change in made.changes if change.place is not None}
    return secrets_in(files, settings, invocation)


def secrets_in(files: Mapping[Address, Path], settings: Settings, invocation: Invocation) -> SecretSources:
    """The passwords that customers name, by the file that declares each."""

    def file_of(address: Address) -> Path:
        return files.get(address, Path(settings.paths[0]))

    def make(customer: Customer, how: Generated) -> Secret:
        from resellerplan.applying.sinks import Grounds, check_sink, fill_sink, make_password

        manifest = file_of(customer.self_address)
        folder = manifest.resolve().parent
        if isinstance(how.sink, CommandSink):
            allow_command(how.sink.argv, settings.permissions)
        grounds = Grounds(
            folder=folder,
            repository=repository_of(manifest),
            in_ci=invocation.in_ci,
            artifacts=settings.artifact_folder,
        )
        check_sink(how.sink, grounds)
        secret = make_password(how.length, secrets.choice)
        fill_sink(how.sink, secret, folder)
        return secret

    return SecretSources(environ=invocation.environ, file_of=file_of, permissions=settings.permissions, generate=make)


@contextmanager
def open_session(
    login: Login,
    loaded: Loaded | None,
    settings: Settings,
    invocation: Invocation,
    *,
    may_write: bool = False,
    own_space: str = "",
) -> Iterator[Session]:
    """The panel, open. Its transport refuses every writing call unless ``may_write``. Raises PanelError.

    ``own_space`` names the reseller's package where no manifest takes part.
    """
    from resellerplan.panel.connection import Connection, Credentials, TimeOuts, is_loopback
    from resellerplan.panel.session import open_panel
    from resellerplan.panel.transport import InProcess

    manifest = None if loaded is None else loaded.settings
    inner: InProcess | None = None
    url, username, password = login.url.text, login.username, login.password
    with ExitStack() as stack:
        if login.url.store is not None:
            from resellerplan.cli.embedded import opened

            panel = stack.enter_context(opened(login.url.store))
            inner, url = panel.transport, panel.url
            if not username:
                username, password = panel.username, panel.password
        elif url.startswith("http:") and not is_loopback(url):
            invocation.tell(
                f"Warning: {url} is not encrypted\n  The log-in and every customer's password can be read on the way.\n"
                "  hint: give the panel a certificate and write https:// instead"
            )
        connection = Connection(
            url=url,
            reseller=(manifest.reseller or "") if manifest is not None else "",
            own_space=(manifest.own_space or "") if manifest is not None else own_space,
            as_administrator_for=settings.as_administrator_for,
            dialect=_dialect(settings.dialect or (manifest.dialect if manifest is not None else None)),
            time_outs=TimeOuts(**settings.time_outs),
            ca_file=settings.ca_file,
            client_certificate=settings.client_certificate,
            parallelism=settings.parallelism,
            max_calls=settings.max_calls,
        )
        try:
            session = open_panel(
                connection,
                Credentials(username=username, password=password or Secret(""), url=url),
                clock=CLOCK,
                jitter=jitter,
                may_write=may_write,
                inner=inner,
                cache_folder=settings.cache_folder,
                trace_folder=settings.trace_folder,
            )
        except PanelUnauthorised as error:
            detail = "\n".join([f"log-in: {one_line(username, 60)} at {url}", *error.detail.splitlines()])
            raise PanelUnauthorised(error.message, call=error.call, detail=detail, hint=error.hint) from error
        except PanelUnreachable as error:
            raise PanelUnreachable(f"{error.message}: {url}", call=error.call, detail=error.detail, hint=error.hint) from error
        stack.callback(session.close)
        yield session


def _dialect(word: str | None) -> DialectName | None:
    """A dialect by its word, which the option and the manifest's schema have checked; None = it is detected."""
    match word:
        case "solidcp1" | "fusecp2":
            return word
        case _:
            return None

"""Our client, logged in at an embedded panel: in process or over a socket."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from resellerplan.applying.ports import Clock
from resellerplan.model.values import Secret
from resellerplan.panel.connection import Connection, Credentials
from resellerplan.panel.session import Session, open_panel
from resellerplan.panel.writer import Writer
from resellerplan.simpanel.chaos import Chaos
from resellerplan.simpanel.transport import InProcessTransport
from tests.support.served import Site, site
from tests.support.served import on_socket as socket_front

RESELLER, PASSWORD = "brightweb", "Reseller-Pw1!"
URL = "http://panel.example.net:9002"

WORLD: dict[str, Any] = yaml.safe_load(
    f"""
administrator: {{password: Admin-Pw1!}}
servers:
  - {{name: web01, virtual: true, services: [OS, Web, FTP, Mail, DNS]}}
plans:
  - name: Reseller L
    owner: serveradmin
    server: web01
    groups:
      OS: {{Diskspace: 500000, Bandwidth: unlimited, Domains: 50, SubDomains: 50}}
      Web: {{Sites: unlimited}}
      FTP: {{Accounts: 500}}
      Mail: {{Accounts: 2000}}
      DNS: {{Editor: true}}
  - name: Start
    owner: {RESELLER}
    groups: {{OS: {{Diskspace: 1000, Domains: 2}}, Web: {{Sites: 2}}, FTP: {{Accounts: 1}}, Mail: {{Accounts: 5}}, DNS: {{}}}}
  - name: Groß
    owner: {RESELLER}
    groups: {{OS: {{Diskspace: 5000, Domains: 5}}, Web: {{Sites: 5}}, FTP: {{Accounts: 5}}, Mail: {{Accounts: 9}}, DNS: {{}}}}
  - {{name: Extra, owner: {RESELLER}, addon: true, groups: {{OS: {{Diskspace: 100}}}}}}
  - {{name: Darkplan, owner: darkweb, groups: {{OS: {{Diskspace: 10}}, DNS: {{}}}}}}
users:
  - {{username: {RESELLER}, role: reseller, owner: serveradmin, password: "{PASSWORD}", email: info@brightweb.example}}
  - {{username: darkweb, role: reseller, owner: serveradmin, password: Dark-Pw1!, email: info@darkweb.example}}
  - {{username: kollege, role: reseller, owner: {RESELLER}, peer: true, password: Peer-Pw1!, email: k@brightweb.example}}
  - username: mueller
    owner: {RESELLER}
    password: Kunde-Pw1!
    first_name: Petra
    last_name: Müller
    email: petra@mueller.example
    city: Köln
  - {{username: leer, owner: {RESELLER}, password: Kunde-Pw1!, first_name: Leo, last_name: Leer, email: leo@leer.example}}
  - {{username: fremd, owner: darkweb, password: Kunde-Pw1!, first_name: Fritz, last_name: Fremd, email: f@fremd.example}}
  - {{username: enkel, owner: mueller, password: Kunde-Pw1!, first_name: Erna, last_name: Enkel, email: e@enkel.example}}
spaces:
  - {{user: {RESELLER}, plan: Reseller L, name: Reseller L}}
  - {{user: darkweb, plan: Reseller L, name: Dark L}}
  - {{user: mueller, plan: Start, name: Seite, domains: [mueller.example]}}
  - {{user: mueller, plan: Start, name: Eigen, overrides: {{OS: {{Diskspace: 1500, Domains: 3}}, DNS: {{}}}}}}
  - {{user: fremd, plan: Darkplan, name: Fremdraum}}
"""
)
"""A reseller with two plans, an add-on, two customers, two spaces; another reseller; a peer; a customer's customer."""

FLAVOURS = ("fusecp-2-ef", "fusecp-2-sql", "solidcp-1.5")
ALL_FLAVOURS = (*FLAVOURS, "solidcp-1.4.6", "websitepanel-2.1")


@dataclass
class Opened:
    """A session and what is behind it."""

    session: Session
    site: Site

    @property
    def writer(self) -> Writer:
        return Writer(self.session)

    def rows(self, sql: str, *parameters: object) -> list[dict[str, object]]:
        """Look into the panel's tables, past the panel."""
        with self.site.panel.store.reading() as db:
            return [dict(row) for row in db.execute(sql, parameters)]


class JumpingTime:
    """Real time, but sleeping takes none of it: what waits for minutes is over at once."""

    def __init__(self) -> None:
        self._jumped = 0.0

    def sleep(self, seconds: float) -> None:
        self._jumped += seconds

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: datetime.now(UTC), monotonic=lambda: time.monotonic() + self._jumped, sleep=self.sleep)


def real_clock(pause: float = 0.01) -> Clock:
    """Real time, but nobody waits longer than ``pause`` seconds at once."""
    return Clock(now=lambda: datetime.now(UTC), monotonic=time.monotonic, sleep=lambda seconds: time.sleep(min(seconds, pause)))


def log_in(
    transport: object,
    *,
    url: str = URL,
    username: str = RESELLER,
    password: str = PASSWORD,
    may_write: bool = True,
    clock: Clock | None = None,
    trace_folder: Path | None = None,
    cache_folder: Path | None = None,
    **settings: Any,
) -> Session:
    """Open a session; ``transport`` None goes over the network."""
    connection = Connection(url=url, use_environment=False, **{"poll": 0.01, **settings})
    return open_panel(
        connection,
        Credentials(username=username, password=Secret(password), url=url),
        clock=clock or real_clock(),
        jitter=lambda: 0.5,
        may_write=may_write,
        inner=transport,  # type: ignore[arg-type]  # None or a transport
        trace_folder=trace_folder,
        cache_folder=cache_folder,
    )


@contextmanager
def opened(
    flavour: str,
    world: dict[str, Any] = WORLD,
    *,
    chaos: Chaos | None = None,
    on_socket: bool = False,
    panel: dict[str, Any] | None = None,
    **settings: Any,
) -> Iterator[Opened]:
    """A panel of that flavour over that world, and a session at it."""
    with site(flavour, world, chaos=chaos, **(panel or {})) as found:
        if on_socket:
            with socket_front(found) as front:
                session = log_in(None, url=front.url, **settings)
                try:
                    yield Opened(session, found)
                finally:
                    session.close()
        else:
            session = log_in(InProcessTransport(found.app), **settings)
            try:
                yield Opened(session, found)
            finally:
                session.close()
        assert not found.bugs, found.bugs[0]

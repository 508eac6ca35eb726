"""``embedded:PATH``: the embedded panel of a file, in this process, behind httpx's transport; its file carries the log-in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from resellerplan.model.values import Secret
from resellerplan.simpanel.embedded import open_panel, reseller_log_in
from resellerplan.simpanel.request_log import RequestLog, store_sink
from resellerplan.simpanel.transport import InProcessTransport
from resellerplan.simpanel.wsgi import make_app

__all__ = ["Opened", "opened"]

BACKGROUND_SECONDS = 60.0
"""How long the end of a command waits for what the panel still does in the background."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An open embedded panel: what answers requests, the URL it is asked by, and the log-in that its file carries."""

    transport: httpx.BaseTransport
    url: str
    username: str
    password: Secret


@contextmanager
def opened(store: Path) -> Iterator[Opened]:
    """Open the panel in a file made by ``panel seed``. Requests are logged in the file, as ``panel serve`` does.

    Raises ResellerPlanError where the file is missing, is no panel, or carries no reseller's log-in.
    """
    panel = open_panel(store)
    try:
        username, password = reseller_log_in(panel)
        log = RequestLog(sink=store_sink(panel.store))
        app = make_app(panel, log=log)
        name = hashlib.sha256(str(store.resolve()).encode()).hexdigest()[:12]
        try:
            yield Opened(
                transport=InProcessTransport(app),
                url=f"http://embedded-{name}.localhost",
                username=username,
                password=Secret(password),
            )
        finally:
            panel.background.wait(BACKGROUND_SECONDS)
            log.flush()
    finally:
        panel.close()

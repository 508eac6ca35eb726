"""An embedded panel over HTTP for tests: its application in process, or on a socket of loopback."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from resellerplan.simpanel.background import Background
from resellerplan.simpanel.chaos import Chaos
from resellerplan.simpanel.flavours import Defect, flavour
from resellerplan.simpanel.front import Front
from resellerplan.simpanel.install import world_clock
from resellerplan.simpanel.panel import Panel
from resellerplan.simpanel.request_log import RequestLog
from resellerplan.simpanel.seed import seed
from resellerplan.simpanel.store import Store
from resellerplan.simpanel.world_reading import read_world
from resellerplan.simpanel.wsgi import App, make_app

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"


@dataclass(frozen=True, slots=True)
class Site:
    """A panel and its application; ``bugs`` collects traces of our own bugs (a test asserts that there are none)."""

    panel: Panel
    app: App
    bugs: list[str]


@contextmanager
def site(
    flavour_name: str,
    world: str | dict[str, Any],
    *,
    chaos: Chaos | None = None,
    raw: bool = False,
    delay: float = 0.0,
    defects: Iterable[Defect] = (),
    without: Iterable[Defect] = (),
    **options: Any,
) -> Iterator[Site]:
    """A fresh panel over a world (YAML text or data); background jobs run ``delay`` seconds after their reply."""
    folder = Path(tempfile.mkdtemp(prefix="resellerplan-site-"))
    chosen = flavour(flavour_name)
    data = yaml.safe_load(world) if isinstance(world, str) else world
    with Store.create(folder / "world.db") as store:
        seed(store, read_world(data), chosen)
    store = Store.open(folder / "world.db")
    panel = Panel(
        store, chosen.switched(defects, without), clock=world_clock(store), background=Background(delay), **options
    )
    bugs: list[str] = []
    try:
        yield Site(panel, make_app(panel, chaos=chaos, log=RequestLog(raw=raw), on_bug=bugs.append), bugs)
    finally:
        panel.close()
        shutil.rmtree(folder, ignore_errors=True)
    assert not bugs, bugs[0]


@contextmanager
def on_socket(found: Site, **options: Any) -> Iterator[Front]:
    """The site on a free port of loopback."""
    front = Front(found.app, on_bug=found.bugs.append, **options).start()
    try:
        yield front
    finally:
        front.stop()


def start_of(scenario: str) -> dict[str, Any]:
    """The start of a recorded scenario."""
    found: dict[str, Any] = json.loads((RECORDINGS / scenario / "start.json").read_text("utf-8"))
    return found

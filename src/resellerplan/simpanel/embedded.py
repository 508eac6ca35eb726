"""A panel out of a file that ``panel seed`` made, or a fresh one: what ``embedded:PATH`` and ``panel serve`` open."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from resellerplan.simpanel.flavours import FLAVOURS, Defect, Flavour
from resellerplan.simpanel.install import world_clock
from resellerplan.simpanel.panel import Panel
from resellerplan.simpanel.seed import flavour_of, seed
from resellerplan.simpanel.store import Store, StoreRefused
from resellerplan.simpanel.world import World
from resellerplan.simpanel.world_reading import read_world

__all__ = ["demo_world", "flavour_of_store", "fresh_panel", "open_panel", "panel_over", "reseller_log_in"]


def demo_world() -> World:
    """The world of ``panel seed`` without a world: one reseller with a space of its own."""
    text = resources.files("resellerplan.simpanel").joinpath("data/demo.yaml").read_text("utf-8")
    return read_world(yaml.safe_load(text))


def flavour_of_store(store: Store) -> Flavour:
    """The flavour that a store carries, with the defects switched when it was seeded. Raises :class:`StoreRefused`."""
    name = store.meta("flavour") or ""
    if name not in FLAVOURS:
        raise StoreRefused(f"{store.path} holds no world", hint="make one with `resellerplan panel seed`")
    on, off = (store.meta(key) or "" for key in ("defects_on", "defects_off"))
    return FLAVOURS[name].switched(map(Defect, on.split()), map(Defect, off.split()))


def panel_over(store: Store, flavour: Flavour | None = None, **options: Any) -> Panel:
    """A panel over a seeded store (``options`` are :class:`Panel`'s)."""
    return Panel(store, flavour or flavour_of_store(store), clock=world_clock(store), **options)


def open_panel(path: Path, **options: Any) -> Panel:
    """The panel in a file. Raises :class:`StoreRefused`."""
    store = Store.open(path)
    try:
        return panel_over(store, **options)
    except BaseException:
        store.close()
        raise


def fresh_panel(world: World | None = None, flavour: Flavour | None = None, **options: Any) -> Panel:
    """A panel in a temporary file that goes when it is closed; without a world it is a fresh installation."""
    world = world or World()
    store = Store.temporary()
    try:
        seed(store, world, flavour or flavour_of(world))
        return panel_over(store, flavour, **options)
    except BaseException:
        store.close()
        raise


def reseller_log_in(panel: Panel) -> tuple[str, str]:
    """User name and password of the reseller for whom the file was seeded. Raises :class:`StoreRefused` where there is none."""
    name = panel.store.meta("log_in")
    with panel.store.reading() as db:
        row = db.execute("SELECT password FROM users WHERE username = ?", (name,)).fetchone()
    password = None if row is None else panel.crypt.open(row[0])
    if row is not None and row[0] and password is None:
        raise StoreRefused(
            f"the passwords in {panel.store.path} can't be read: its key is not {panel.store.path.name}.key",
            hint=f"a copy of a panel takes two files along: {panel.store.path.name} and {panel.store.path.name}.key",
        )
    if name is None or password is None:
        raise StoreRefused(
            f"{panel.store.path} carries no reseller's log-in",
            hint="seed a world with a user of role reseller and a password, or name one with `panel seed --as USER`",
        )
    return name, password

"""What a run knows of the panel's ids, and of what it wrote itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Lock

from resellerplan.model.address import Address, PanelId

__all__ = ["Bindings", "Unbound"]


class Unbound(LookupError):
    """No id is known for an address that a step needs."""


class Bindings:
    """Ids by address, filled from the plan and by creations; and the objects that earlier steps of this run changed.

    Safe to use from the threads of a run.
    """

    def __init__(self, known: Mapping[Address, PanelId]) -> None:
        self._ids = dict(known)
        self._touched: set[Address] = set()
        self._lock = Lock()

    def bind(self, address: Address, panel_id: PanelId) -> None:
        """Note the id of what was just made or found."""
        with self._lock:
            self._ids[address] = panel_id

    def get(self, address: Address) -> PanelId | None:
        """The id, or None."""
        with self._lock:
            return self._ids.get(address)

    def of(self, address: Address) -> PanelId:
        """The id. Raises Unbound."""
        found = self.get(address)
        if found is None:
            raise Unbound(f"no id is known for {address}")
        return found

    def touch(self, addresses: Iterable[Address]) -> None:
        """Note that this run changed these objects, so that their fingerprints are not what they were."""
        with self._lock:
            self._touched.update(addresses)

    def touched(self, address: Address) -> bool:
        """Whether this run changed the object already."""
        with self._lock:
            return address in self._touched

"""What has been gathered so far: resources, facts, what is foreign or doubled, and remarks. Everything else here adds to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from resellerplan.model.address import Address, PanelId
from resellerplan.model.drafts import maker
from resellerplan.model.estate import Estate, Facts, Foreign
from resellerplan.model.resource import Resource
from resellerplan.panel.pool import run_all
from resellerplan.panel.session import Session

__all__ = ["Gathered", "made_facts"]

T = TypeVar("T")
R = TypeVar("R")

made_facts: Final = maker(Facts)


class Gathered:
    """A snapshot that grows. ``told`` is called after every step, for those who watch."""

    def __init__(self, session: Session, desired: Estate, told: Callable[[], None]) -> None:
        self.session: Final = session
        self.client: Final = session.client
        self.desired: Final = desired
        self.tell: Final = told
        self.remarks: Final[list[str]] = []
        self.resources: Final[dict[Address, Resource]] = {}
        self.facts: Final[dict[Address, Facts]] = {}
        self.duplicates: Final[dict[Address, tuple[PanelId, ...]]] = {}
        self.foreign: Final[list[Foreign]] = []
        self._renamed: Final[Mapping[Address, Resource]] = {
            resource.lifecycle.moved_from: resource
            for resource in desired.resources.values()
            if resource.lifecycle.moved_from is not None
        }

    def remark(self, text: str) -> None:
        """Say what was read otherwise than usual, or not at all."""
        self.remarks.append(text)

    def declared_by(self, address: Address) -> Resource | None:
        """The declaration that is about a live object: of its name, or one that says it was renamed from it."""
        found = self.desired.resources.get(address)
        return found if found is not None else self._renamed.get(address)

    def side_by_side(self, read: Callable[[T], R], items: Sequence[T]) -> Iterator[tuple[T, R]]:
        """Each item with what ``read`` gave for it, in order, several at once."""
        for item, found in zip(items, run_all(read, items, self.session.connection.parallelism), strict=True):
            self.tell()
            yield item, found

    def unambiguous(self, found: Mapping[Address, list[R]], id_of: Callable[[R], PanelId]) -> dict[Address, R]:
        """One object per address; where there are more, the pinned one, else the address is a duplicate."""
        chosen: dict[Address, R] = {}
        for address, rows in found.items():
            if len(rows) == 1:
                chosen[address] = rows[0]
                continue
            self.duplicates[address] = tuple(sorted(id_of(row) for row in rows))
            declared = self.declared_by(address)
            pin = declared.lifecycle.pin if declared is not None else None
            for row in rows:
                if pin is not None and id_of(row) == pin:
                    chosen[address] = row
        return chosen

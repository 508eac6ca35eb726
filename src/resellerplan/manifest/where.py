"""Where an object, or a field of it, stands: from addresses to places, asked only when something is to be told.

Nothing is stored per field: an object keeps its document and its path in it, and the document finds the place when it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from resellerplan.diagnostics import Note, Place
from resellerplan.manifest.document import Document, Path
from resellerplan.model.address import Address, Kind

__all__ = ["Declared", "Where"]

_IDENTITY: Final[Mapping[Kind, tuple[str, ...]]] = MappingProxyType(
    {Kind.CUSTOMER: ("username",), Kind.PLAN: ("name",), Kind.ADDON: ("name",), Kind.SPACE: ("name", "plan")}
)
_WRITTEN: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = MappingProxyType(
    {
        "primary_phone": (("phone",), ("primary_phone",)),
        "setup": (("price", "setup"),),
        "recurring": (("price", "recurring"),),
        "every": (("price", "every"),),
        "domains": (("domains",), ("domain",)),
        "not_before": (("from",),),
        "pin": (("id",),),
        "tombstone": (("state",),),
    }
)


class Declared:
    """One entry of a manifest: the document, the path of the entry in it, and its data."""

    __slots__ = ("data", "document", "path")

    def __init__(self, document: Document, path: Path, data: Mapping[str, object]) -> None:
        self.document: Final = document
        self.path: Final = path
        self.data: Final = data

    def place(self, *steps: str | int) -> Place:
        """Where the value below the entry stands."""
        return self.document.place_of((*self.path, *steps))

    def key(self, *steps: str | int) -> Place:
        """Where the key below the entry stands."""
        return self.document.key_place((*self.path, *steps))

    def notes(self, *steps: str | int) -> tuple[Note, ...]:
        """What is to be said below a finding about the value: the template, the row, the defaults."""
        return self.document.origin_of((*self.path, *steps)).notes

    def first_key(self) -> Place:
        """The entry's first key; the entry itself where it is empty."""
        return next((self.key(key) for key in self.data), self.place())


class Where(Mapping[tuple[Address, str], Place]):
    """(address, field) -> place, as `Estate.origins` wants it. The field ``""`` is the object itself."""

    __slots__ = ("declared",)

    def __init__(self, declared: Mapping[Address, Declared]) -> None:
        self.declared: Final = declared

    def __getitem__(self, key: tuple[Address, str]) -> Place:
        address, field = key
        entry = self.declared[address]
        if not field:
            return self.of(address)
        for steps in _steps(field):
            if _holds(entry.data, steps):
                return entry.place(*steps)
        raise KeyError(key)

    def of(self, address: Address) -> Place:
        """The place of the object itself: what names it."""
        entry = self.declared[address]
        name = next((name for name in _IDENTITY[address.kind] if name in entry.data), None)
        return entry.place() if name is None else entry.place(name)

    def key(self, address: Address, field: str) -> Place:
        """The place of a field's key."""
        entry = self.declared[address]
        return next((entry.key(*steps) for steps in _steps(field) if _holds(entry.data, steps)), self.of(address))

    def notes(self, address: Address, field: str = "") -> tuple[Note, ...]:
        """What is to be said below a finding about the field."""
        entry = self.declared[address]
        if not field:
            return entry.notes()
        return next((entry.notes(*steps) for steps in _steps(field) if _holds(entry.data, steps)), entry.notes())

    def __iter__(self) -> Iterator[tuple[Address, str]]:
        names = {steps[0]: field for field, written in _WRITTEN.items() for steps in written if len(steps) == 1}
        for address, entry in self.declared.items():
            yield address, ""
            for name in entry.data:
                yield address, names.get(name, name)

    def __len__(self) -> int:
        return sum(1 + len(entry.data) for entry in self.declared.values())


def _steps(field: str) -> tuple[tuple[str, ...], ...]:
    if field.startswith(("groups.", "overrides.")):
        root, group, *quota = field.split(".", 2)
        return ((root, group, *quota), (root, group, f"{group}.{quota[0] if quota else ''}"))
    return _WRITTEN.get(field, ((field,),))


def _holds(data: object, steps: tuple[str, ...]) -> bool:
    for step in steps:
        if not isinstance(data, Mapping) or step not in data:
            return False
        data = data[step]
    return True

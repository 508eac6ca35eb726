"""One object of the panel as it was read: every member kept, read by plain name."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from resellerplan.errors import PanelNotUnderstood
from resellerplan.neutralise import one_line
from resellerplan.soap.node import Node, plain_name
from resellerplan.soap.values import read_bool, read_datetime, read_decimal, read_int

__all__ = ["Record"]


class Record:
    """A wrapper over the element of one object. Members are asked for by plain name (``userid``, ``packagename``).

    A member that is missing or nil is the type's default, as .NET reads it; ``text`` tells null (None) from empty.
    A value that is no number, date or truth raises :class:`PanelNotUnderstood`. ``mended`` says that the reply held characters
    XML does not have; U+FFFD stands in their place.
    """

    __slots__ = ("_members", "mended", "node")

    def __init__(self, node: Node, *, mended: bool = False) -> None:
        self.node = node
        self.mended = mended
        members: dict[str, Node] = {}
        for child in node.children:
            members.setdefault(plain_name(child.name), child)
        self._members = members

    def __repr__(self) -> str:
        return f"Record({self.node.name}, {len(self._members)} members)"

    def __contains__(self, plain: str) -> bool:
        return plain in self._members

    def text(self, plain: str) -> str | None:
        """The text of a member; None where it is null."""
        member = self._members.get(plain)
        return None if member is None or member.nil else member.text

    def integer(self, plain: str) -> int:
        """A number."""
        try:
            return read_int(self.text(plain))
        except ValueError:
            raise self._bad(plain) from None

    def boolean(self, plain: str) -> bool:
        """A truth."""
        try:
            return read_bool(self.text(plain))
        except ValueError:
            raise self._bad(plain) from None

    def decimal(self, plain: str) -> Decimal:
        """A decimal."""
        try:
            return read_decimal(self.text(plain))
        except ValueError:
            raise self._bad(plain) from None

    def moment(self, plain: str) -> datetime | None:
        """A date in the server's time, to whole seconds."""
        try:
            return read_datetime(self.text(plain))
        except ValueError:
            raise self._bad(plain) from None

    def record(self, plain: str) -> Record | None:
        """A member that is itself an object."""
        member = self._members.get(plain)
        return None if member is None or member.nil else Record(member)

    def records(self, plain: str) -> list[Record] | None:
        """A member that is a list of objects; None where it is null."""
        member = self._members.get(plain)
        return None if member is None or member.nil else [Record(item) for item in member.children if not item.nil]

    def _bad(self, plain: str) -> PanelNotUnderstood:
        value = one_line(self.text(plain) or "", 40)
        return PanelNotUnderstood(f"the panel's {self.node.name} has no readable {plain}", fragment=value)

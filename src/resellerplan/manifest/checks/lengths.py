"""Texts that fit by their letters and not by what SQL Server counts: letters beyond the basic plane (emoji) take two places.

The form of a field counts letters, as a schema does. The panel's columns count units of UTF-16, and a longer text is cut silently.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from resellerplan.diagnostics import Finding
from resellerplan.manifest.checks.declarations import Declarations, title_of
from resellerplan.model.address import Address, Kind
from resellerplan.model.traits import KINDS

__all__ = ["stored_lengths"]

_LIMITED: Final = tuple(
    (name, trait.max_length) for name, trait in KINDS[Kind.CUSTOMER].fields.items() if trait.max_length and name != "password"
)
_NAMES: Final = {Kind.CUSTOMER: 50, Kind.PLAN: 200, Kind.ADDON: 200, Kind.SPACE: 300}
"""Stored lengths of names (contract 3.4)."""


def stored_lengths(held: Declarations) -> Iterator[Finding]:
    """RP1213, for letters that take two places."""
    for address in held.resources:
        if not address.name.isascii():
            yield from _told(held, address, "", address.name, _NAMES[address.kind])
    for customer in held.customers.values():
        for name, limit in _LIMITED:
            value = getattr(customer, name)
            if isinstance(value, str) and len(value) * 2 > limit and not value.isascii():
                yield from _told(held, customer.self_address, name, value, limit)


def _told(held: Declarations, address: Address, field: str, value: str, limit: int) -> Iterator[Finding]:
    stored = len(value.encode("utf-16-le", "surrogatepass")) // 2
    if stored > limit >= len(value):
        label = f"{title_of(address)}: {stored} places, because some letters take two; the panel stores {limit}"
        yield held.tell("RP1213", address, field, label)

"""Fingerprints: whether a live object is still what it was when the plan was made.

They cover every member of the base read of an update, unknown ones too, less those that change by themselves. Dates count to
whole seconds and amounts as numbers, because two reads of one value differ in their digits (contract 1.4, real panel report 12).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from resellerplan.panel.record import Record
from resellerplan.soap.node import plain_name

__all__ = ["fingerprint_of"]

_VOLATILE = frozenset(
    {
        # the panel stamps or counts these itself
        "changed",
        "failedlogins",
        "statusidchangedate",
        "bandwidth",
        "bandwidthquota",
        "diskspace",
        "diskspacequota",
        "domains",
        "domainsquota",
        # twins of numbers that are covered, and lists that are covered by their own rows or never returned
        "role",
        "status",
        "loginstatus",
        "vlans",
        "additionalparams",
        "groups",
        "quotas",
    }
)
_FRACTION = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$")


def _same(name: str, text: str) -> str:
    if len(text) >= 19 and text[4] == "-":
        match = _FRACTION.match(text)
        if match:
            return match[1]
    if name.endswith("price"):
        try:
            return str(Decimal(text).normalize())
        except InvalidOperation:
            return text
    return text


def fingerprint_of(record: Record, extra: Iterable[tuple[int, ...]] = ()) -> str:
    """The fingerprint of an object; ``extra`` are rows of numbers that belong to it (a plan's groups and quotas), in any order.

    A null and an empty text count as the same: panels turn one into the other.
    """
    lines = []
    for child in record.node.children:
        name = plain_name(child.name)
        if name not in _VOLATILE and child.text:
            lines.append(f"{name}={_same(name, child.text)}")
    lines.sort()
    lines += [" ".join(map(str, row)) for row in sorted(extra)]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:32]

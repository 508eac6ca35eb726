"""The nearest name: what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["nearest"]

_ENOUGH = 200
"""Names looked at closely: more would cost more than the hint is worth."""


def nearest(written: str, names: Iterable[str]) -> str | None:
    """The name that ``written`` probably stands for; the same but for case before all others, None where nothing is near."""
    from difflib import get_close_matches  # costs a start of its own; most runs need no hint

    folded = written.casefold()
    close: list[str] = []
    for name in names:
        other = name.casefold()
        if other == folded:
            return name
        if abs(len(other) - len(folded)) <= max(2, len(folded) // 3) and (other[:1] == folded[:1] or other[1:3] == folded[1:3]):
            close.append(name)
    found = get_close_matches(written[:100], close[:_ENOUGH], n=1, cutoff=0.6)
    return found[0] if found else None

"""What a negative number of the panel's is to the user: the row of the table it has, and the error that says it.

Methods that return a number give an id or 0 for success and a negative code for an expected failure, with HTTP 200. The panel's
own name of a code stands in the detail, because that is what its forum and its source say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from resellerplan.errors import PanelRefused
from resellerplan.neutralise import one_line
from resellerplan.panel.code_table import CODES, RANGES, ResultCode

__all__ = ["code_of", "refusal"]


def code_of(number: int) -> ResultCode:
    """What a negative number means; for one of a known range its area, for one nobody knows that it is unknown."""
    known = CODES.get(number)
    if known is not None:
        return known
    for low, high, slug, sentence in RANGES:
        if low <= number <= high:
            return ResultCode(number, f"code {number}", f"{slug}-{-number}", sentence, "the panel's audit log says more")
    return ResultCode(
        number,
        f"code {number}",
        f"unknown-{-number}",
        "the panel refused it with a code that its documentation does not have",
        "the panel's audit log may say more",
    )


def refusal(
    number: int,
    *,
    call: str,
    exceeding: Sequence[tuple[str, int]] = (),
    allowed: Mapping[str, int] = MappingProxyType({}),
    detail: str = "",
) -> PanelRefused:
    """The error for a negative code.

    ``exceeding`` are rows of -305: (quota, by how much more than the own package holds); ``allowed`` is what it holds, by quota.
    """
    code = code_of(number)
    said = f"the panel answered {number} ({code.name})" if code.name.startswith(("E", "S", "F")) else f"the panel answered {number}"
    return PanelRefused(
        code.sentence,
        code=number,
        slug=code.slug,
        exceeding=exceeding,
        call=call,
        detail="\n".join([part for part in (detail, said) if part] + _table(exceeding, allowed)),
        hint=code.hint,
    )


def _table(exceeding: Sequence[tuple[str, int]], allowed: Mapping[str, int]) -> list[str]:
    """Quotas that exceed what the own package holds, one a line: what it holds, and what all its spaces would have together."""
    if not exceeding:
        return []
    rows = [("quota", "allowed", "wanted", "too much")]
    for name, excess in exceeding:
        holds = allowed.get(name)
        known = ("?", "?") if holds is None else (str(holds), str(holds + excess))
        rows.append((one_line(name, 60), *known, str(excess)))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return ["  ".join([f"  {row[0]:<{widths[0]}}", *(f"{row[i]:>{widths[i]}}" for i in (1, 2, 3))]) for row in rows]

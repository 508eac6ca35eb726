"""An expected error as text: what is wrong, why it matters, what to do. No traceback, no control characters."""

from __future__ import annotations

from resellerplan.errors import PanelRefused, ResellerPlanError
from resellerplan.neutralise import escape_invisible
from resellerplan.report.fitting import fitted

__all__ = ["render"]


def render(error: ResellerPlanError, *, width: int = 0) -> str:
    """``Error: ...`` in one line, details indented below it, and the hint on a line of its own.

    Lines are broken at ``width`` columns; 0 = never.
    """
    lines = fitted(escape_invisible(error.message), width, head="Error: ", hang="  ")
    for line in error.detail.splitlines():
        lines += fitted(escape_invisible(line), width, head="  ", hang="    " if line.startswith("- ") else None)
    if isinstance(error, PanelRefused):
        lines += exceeding_table(error.exceeding)
    if error.hint:
        lines += fitted(escape_invisible(error.hint), width, head="  hint: ", hang="    ")
    return "\n".join(lines)


def exceeding_table(exceeding: tuple[tuple[str, int], ...]) -> list[str]:
    """The quotas that a refused write exceeded, and by how much, the numbers aligned to the right; empty for none."""
    if not exceeding:
        return []
    width = max(len(name) for name, _ in exceeding)
    digits = max(len(str(amount)) for _, amount in exceeding)
    return [f"  {escape_invisible(name):<{width}}  exceeded by {amount:>{digits}}" for name, amount in exceeding]

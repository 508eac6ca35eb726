"""An expected error as text: what is wrong, why it matters, what to do. No traceback, no control characters."""

from __future__ import annotations

from resellerplan.errors import PanelRefused, ResellerPlanError
from resellerplan.neutralise import escape_invisible

__all__ = ["render"]


def render(error: ResellerPlanError) -> str:
    """``Error: ...`` in one line, details indented below it, and the hint on a line of its own."""
    lines = [f"Error: {escape_invisible(error.message)}"]
    lines += [f"  {escape_invisible(line)}" for line in error.detail.splitlines()]
    if isinstance(error, PanelRefused):
        lines += exceeding_table(error.exceeding)
    if error.hint:
        lines.append(f"  hint: {escape_invisible(error.hint)}")
    return "\n".join(lines)


def exceeding_table(exceeding: tuple[tuple[str, int], ...]) -> list[str]:
    """The quotas that a refused write exceeded, and by how much, the numbers aligned to the right; empty for none."""
    if not exceeding:
        return []
    width = max(len(name) for name, _ in exceeding)
    digits = max(len(str(amount)) for _, amount in exceeding)
    return [f"  {escape_invisible(name):<{width}}  exceeded by {amount:>{digits}}" for name, amount in exceeding]

"""A summary letter as text: who gets it, what it is about, and its body or its template."""

from __future__ import annotations

from resellerplan.neutralise import escape_invisible
from resellerplan.report.value_text import harmless

__all__ = ["letter_text"]


def letter_text(*, to: str, sender: str, copy_to: str, subject: str, body: str, revealed: bool) -> str:
    """The letter. ``body`` is the template unless ``revealed``; an empty one is said to send nothing."""
    rows = [("To", to), ("From", sender or "(the panel's own address)"), ("Cc", copy_to), ("Subject", subject)]
    head = [f"{name}: {harmless(text)}" for name, text in rows if text]
    if not body:
        return "\n".join([*head, "", "(the template is empty: the panel would send nothing)"])
    what = "Letter, filled in:" if revealed else "Template (`--reveal` fetches the letter itself, with the password):"
    return "\n".join([*head, "", what, "", escape_invisible(body)])

"""The question before something happens that can't be taken back: a person at the terminal types "yes", or nothing is done."""

from __future__ import annotations

from resellerplan.cli.invocation import Invocation

__all__ = ["agreed", "says_yes"]


def agreed(invocation: Invocation, question: str, *, refusal: str, flag_does: str, nothing: str, free: bool = True) -> bool:
    """Whether the person agrees. Where nobody can be asked the answer is no.

    ``refusal`` is told then, with ``flag_does`` (what --auto-approve does) as its hint; ``nothing`` where the answer is no.
    ``free`` is False where standard input holds something else than answers.
    """
    if not (free and invocation.asks):
        invocation.tell(f"Error: nobody can be asked whether to {refusal}\n  hint: --auto-approve {flag_does} without asking")
        return False
    return says_yes(invocation, question, nothing=nothing)


def says_yes(invocation: Invocation, question: str, *, nothing: str) -> bool:
    """Put the question on standard error and read a line; only "yes" is taken for yes, else ``nothing`` is told."""
    invocation.stderr.write(f"{question} Only 'yes' is taken for yes: ")
    invocation.stderr.flush()
    if invocation.stdin.readline().strip() == "yes":
        return True
    invocation.tell(nothing)
    return False

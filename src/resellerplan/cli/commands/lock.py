"""``resellerplan lock``: who runs an apply now, and taking the lock from one that hangs. Asks nothing of the panel."""

from __future__ import annotations

from pathlib import Path

import click

from resellerplan.applying.lock import Holder, held_locks, take_away
from resellerplan.cli.approval import agreed
from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.folders import state_folder
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.options import option
from resellerplan.cli.slips import CommandGroup
from resellerplan.errors import UsageError
from resellerplan.neutralise import one_line

__all__ = ["lock"]


@click.group(cls=CommandGroup)
def lock() -> None:
    """See who runs an apply, or let another begin.

    One apply at a time runs per panel and reseller. The lock ends with the process that holds it, so nothing has to be cleaned up
    after a crash. It is one for this machine, or for all that share RESELLERPLAN_DATA_DIR.
    """


@lock.command()
@with_invocation
def show(invocation: Invocation, /) -> int:
    """List every apply that runs now: whose, by whom, on which machine, since when."""
    held = held_locks(_folder(invocation))
    invocation.say("\n".join(map(described, held)) or "No apply is running.")
    return ExitCode.DONE


@lock.command()
@click.argument("name", required=False, metavar="[NAME]")
@option("--auto-approve", is_flag=True, help="Do not ask; needed where nobody can be asked.")
@with_invocation
def release(invocation: Invocation, /, name: str | None, auto_approve: bool) -> int:
    """Take the lock from an apply that hangs, so that another may begin.

    NAME is the reseller, or the lock as `lock show` names it; not needed where only one is held. The run that held it sends
    nothing more once it comes to its next write; the call it waits for may still arrive.
    """
    folder = _folder(invocation)
    holder = chosen(held_locks(folder), name)
    if holder is None:
        invocation.say("No apply is running.")
        return ExitCode.DONE
    invocation.tell(described(holder))
    if not auto_approve and not agreed(
        invocation,
        "\nLet another apply begin although this one lives?",
        refusal="release it, so it was not",
        flag_does="does it",
        nothing="Nothing was released.",
    ):
        return ExitCode.FAILED
    take_away(folder, holder)
    invocation.say(f"{holder.name}: released. `resellerplan apply --resume` looks up what that run left open.")
    return ExitCode.DONE


def _folder(invocation: Invocation) -> Path:
    return state_folder(invocation.environ) / "runs"


def chosen(held: tuple[Holder, ...], name: str | None) -> Holder | None:
    """The one lock that is meant; None where nothing is held. Raises UsageError where that can't be told."""
    found = [one for one in held if name is None or name in {one.name, one.reseller}]
    if len(found) == 1:
        return found[0]
    if not held:
        return None
    nobodys = name is not None and not found
    raise UsageError(
        f"no apply is running for {one_line(name or '', 60)}" if nobodys else "more than one apply is running",
        hint=f"name one of: {', '.join(one.name for one in found or held)}",
    )


def described(holder: Holder) -> str:
    """Three lines: whose it is, who holds it, what it is called."""
    whose = one_line(holder.reseller or holder.name, 60)
    where = f" at {one_line(holder.panel, 80)}" if holder.panel else ""
    by = one_line(holder.text, 120) or "by somebody who left no note"
    return f"{whose}{where}: an apply is running\n  {by}\n  lock: {holder.name}"

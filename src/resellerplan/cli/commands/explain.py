"""``resellerplan explain``: what a field of the manifest, a group, a quota or a diagnostic code means. From the tables, offline."""

from __future__ import annotations

import click

from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.errors import UsageError
from resellerplan.manifest.explaining import explained
from resellerplan.planning.guards import CODES, meaning_of

__all__ = ["explain"]


@click.command()
@click.argument("words", nargs=-1, metavar="[FIELD|CODE]")
@with_invocation
def explain(invocation: Invocation, /, words: tuple[str, ...]) -> int:
    """Explain a field (`customers.email`), a code (`RP1204`), a group (`group Web`) or its quotas (`quota OS`, `OS.Diskspace`).

    Without an argument: what there is to explain.
    """
    if words == ("codes",):
        invocation.say("\n".join([explained(words) or "", *(f"{code}  plan     {summary}" for code, summary in CODES.items())]))
        return ExitCode.DONE
    found = explained(words) or (meaning_of(words[0].upper()) if len(words) == 1 else None)
    if found is None:
        raise UsageError(
            f"there is nothing to explain under {' '.join(words)!r}",
            hint="a field as in customers.email, a code as in RP1204, `group`, `quota OS` or OS.Diskspace; without an argument "
            "`resellerplan explain` lists what there is",
        )
    invocation.say(found)
    return ExitCode.DONE

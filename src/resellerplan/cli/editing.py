"""What the editing commands share: their options, and how an edit ends (a diff and what comes next, or findings)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.findings import findings_shown, show_findings
from resellerplan.cli.invocation import Invocation
from resellerplan.cli.loading import load_manifest
from resellerplan.cli.option_sets import MANIFEST, Decorator, settings_of
from resellerplan.cli.options import option
from resellerplan.cli.settings import Settings
from resellerplan.diagnostics import Sources, in_order
from resellerplan.errors import UsageError
from resellerplan.manifest.everyday import Edits
from resellerplan.manifest.load import Loaded
from resellerplan.manifest.saving import FileChange, save
from resellerplan.manifest.trial import NEW
from resellerplan.report.edit_diff import Replaced, edit_diff

__all__ = ["EDITED", "ask", "carry_out", "diff_of", "read_for_edit"]

EDITED: tuple[Decorator, ...] = (
    option("--manifest", "paths", multiple=True, metavar="PATH", help="The manifest (file or folder); default: this folder."),
    *MANIFEST[1:],
)
"""The options of the manifest for commands whose arguments are something else."""


def read_for_edit(given: Mapping[str, Any], invocation: Invocation) -> tuple[Loaded | None, Settings]:
    """The manifest that is to be edited; None where it is wrong already (its findings have been shown)."""
    settings = settings_of(given, invocation)
    loaded = load_manifest(settings, invocation)
    return (loaded if show_findings(loaded, invocation) else None), settings


def carry_out(edits: Edits, sources: Sources, invocation: Invocation, *, done: str) -> int:
    """Write the changes and show them, or say why nothing was written."""
    findings = edits.findings or save(edits.changes, Path())
    if findings:
        texts = {**sources.texts, NEW: edits.new} if edits.new else sources.texts
        shown = findings_shown(in_order(findings), Sources(texts), invocation)
        invocation.tell(f"{shown}\n\nNothing was written.")
        return ExitCode.FAILED
    for change in edits.changes:
        invocation.say(diff_of(change))
    invocation.tell(f"{done}\nNext: `resellerplan plan`")
    return ExitCode.DONE


def diff_of(change: FileChange) -> str:
    """A change as a unified diff."""
    replaced = [Replaced(splice.start, splice.end, splice.text) for splice in change.splices]
    return edit_diff(change.name, change.text, replaced, new=change.before is None)


def ask(invocation: Invocation, question: str, flag: str, *, default: str | None = None) -> str:
    """Put a question to the person at the terminal, again until there is an answer; ``default`` is what an empty one means.

    Raises UsageError where there is nobody, click.Abort where the person ends the input.
    """
    if not invocation.asks:
        raise UsageError(f"{question[0].lower()}{question[1:]} is needed, and nobody can be asked", hint=f"give it by {flag}")
    while True:
        invocation.stderr.write(f"{question}{f' [{default}]' if default else ''}: ")
        invocation.stderr.flush()
        line = invocation.stdin.readline()
        if not line:
            raise click.Abort
        answer = line.strip() or default
        if answer is not None:
            return answer


def pairs_of(texts: Sequence[str], flag: str) -> dict[str, str]:
    """``NAME=VALUE`` texts as a mapping. Raises UsageError."""
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"{flag} takes NAME=VALUE, not {text!r}", hint=f"for example: {flag} city=Dresden")
        found[name.strip()] = value
    return found

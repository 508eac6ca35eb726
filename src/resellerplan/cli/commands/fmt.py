"""``resellerplan fmt``: the canonical layout of manifests; comments, anchors, quotes and blank lines stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from resellerplan.cli.editing import diff_of
from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.findings import findings_shown
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.options import option
from resellerplan.diagnostics import Severity, in_order
from resellerplan.manifest.document import Document
from resellerplan.manifest.edit import Splice
from resellerplan.manifest.files import BOM, STDIN, Files
from resellerplan.manifest.gather import gather
from resellerplan.manifest.language import language_of
from resellerplan.manifest.layout import KeyOrder, canonical
from resellerplan.manifest.saving import FileChange, bytes_on_disk, save
from resellerplan.model.quotas import shipped_catalogue

__all__ = ["fmt"]


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@option("--check", is_flag=True, help="Write nothing; exit 1 where a file is not in canonical form.")
@option("--diff", is_flag=True, help="Write nothing; print what would change.")
@with_invocation
def fmt(invocation: Invocation, /, paths: tuple[str, ...], check: bool, diff: bool, **_: Any) -> int:
    """Bring manifests, and the files they include, into canonical form.

    Two blanks of indentation, keys in the order of the documentation, quotes around digits that are text, no blanks at line ends.
    The meaning never changes; what can't be moved safely stays.
    """
    files = Files()
    documents, findings = gather(paths, files)
    findings = in_order([*findings, *files.findings])
    if any(one.severity is Severity.ERROR for one in findings):
        invocation.tell(findings_shown(findings, files.sources, invocation))
        invocation.tell("\nNothing was written.")
        return ExitCode.FAILED
    order = key_order()
    changes = [change for document in documents if (change := change_of(document, order, by_line=diff)) is not None]
    if diff:
        for change in changes:
            invocation.say(diff_of(change))
    if check or diff:
        for change in changes:
            invocation.tell(f"{change.name} is not in canonical form")
        return ExitCode.FAILED if check and changes else ExitCode.DONE
    wrong = save(changes, Path())
    if wrong:
        invocation.tell(findings_shown(in_order(wrong), files.sources, invocation) + "\n\nNothing was written.")
        return ExitCode.FAILED
    for change in changes:
        invocation.tell(f"{change.name}: written anew")
    count = len(documents) - len(changes)
    if count:
        invocation.tell(f"{count} file{'' if count == 1 else 's'} left as {'it is' if count == 1 else 'they are'}")
    return ExitCode.DONE


def key_order() -> KeyOrder:
    """The order of the documentation."""
    language = language_of(shipped_catalogue())
    return KeyOrder(
        manifest=tuple(language.manifest.entries),
        objects={
            "plans": tuple(language.plan.entries),
            "customers": tuple(language.customer.entries),
            "spaces": tuple(language.space.entries),
        },
    )


def change_of(document: Document, order: KeyOrder, *, by_line: bool) -> FileChange | None:
    """The change of one file, line by line where it is to be shown; None where it is in form, or is standard input."""
    text = document.lines.text
    after = canonical(document, order)
    if after == text or document.file == STDIN:
        return None
    # The text was read without its mark; whether there was one is all that is asked here. ``save`` compares the whole.
    before = bytes_on_disk(Path(document.file)) or b""
    mark = BOM if before.startswith(BOM) else b""
    return FileChange(
        name=document.file,
        before=mark + text.encode("utf-8"),
        after=mark + after.encode("utf-8"),
        text=text,
        splices=tuple(_differences(text, after)) if by_line else (Splice(0, len(text), after),),
    )


def _differences(before: str, after: str) -> list[Splice]:
    """What became of the text, line by line, for the diff alone."""
    from difflib import SequenceMatcher

    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    return [
        Splice(starts[a], starts[b], "".join(new[c:d]))
        for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
    ]

"""Rows of the table of codes: RP18, edits from the command line. Nothing is written where one of these is told."""

from __future__ import annotations

from typing import Final

from resellerplan.manifest.code_row import Code, row

__all__ = ["EDITING"]

EDITING: Final[tuple[Code, ...]] = (
    row(
        "RP1801",
        "file changed meanwhile",
        "Between reading the file and writing it, somebody else wrote it. Their work would be lost, so nothing was written.",
    ),
    row(
        "RP1802",
        "no safe place for this edit",
        "Edits change their own lines and nothing else; here the file is written in a way that leaves no such place (an alias, "
        "say). Make the change in an editor.",
    ),
    row("RP1803", "already there", "The manifest, or the suspension register, has this already."),
    row("RP1804", "not in the manifest", "The edit names a plan or a customer that the manifest does not declare."),
    row(
        "RP1805",
        "user name is taken on the panel",
        "User names are unique on the whole panel, over all resellers. Choose another one.",
    ),
    row("RP1806", "not in the suspension register", "Only who is listed in the register can be taken out of it."),
    row(
        "RP1808",
        "table has no column for this",
        "Customers come from a table, and the template of the `for_each:` uses no column for the field. Add the column and the "
        "line in the template first.",
    ),
    row("RP1809", "file can't be written", "The operating system refused it. The file is as it was before."),
    row(
        "RP1810",
        "more than one place fits",
        "The edit could go to several files or lists, and guessing would put it in the wrong one.",
    ),
)
"""In order of the codes."""

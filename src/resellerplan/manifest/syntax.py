"""What libyaml says about broken syntax, in words that help: each of its sentences that people meet, with the usual cause."""

from __future__ import annotations

import re
from typing import Final

import yaml

from resellerplan.diagnostics import Finding, Note
from resellerplan.manifest.codes import finding
from resellerplan.manifest.marks import Lines

__all__ = ["explain_syntax", "explain_unreadable"]

_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_CAUSES: Final[tuple[tuple[str, str, str], ...]] = (
    ("cannot start any token", "'\\t'", "indent with blanks; YAML takes no tabs there"),
    ("cannot start any token", "", 'put quotes around a text that begins with @, ` or %: "@..."'),
    ("mapping values are not allowed", "", 'put quotes around a text that holds ": ", or mend the indentation'),
    ("could not find expected ':'", "", "a key needs a colon and a blank behind it; look for a quote that is not closed above"),
    ("did not find expected key", "", "this line is not indented like its neighbours, or a quote or bracket above is not closed"),
    ("did not find expected '-' indicator", "", "the entries of a list begin in the same column"),
    ("did not find expected ',' or ']'", "", "close the list with ], or put a comma between its entries"),
    ("did not find expected ',' or '}'", "", "close the mapping with }, or put a comma between its keys"),
    (
        "did not find expected node content",
        "",
        "a value is missing here, or quotes around a text that begins with a comma or bracket",
    ),
    ("found unexpected end of stream", "", "a quote is opened and never closed"),
    ("found unexpected document indicator", "", "a quote is opened and never closed before this line"),
    ("unknown escape", "", "in double quotes a backslash begins an escape: write \\\\, or use single quotes"),
    ("block sequence entries are not allowed", "", "begin the list on a line of its own"),
    ("did not find expected <document start>", "", "the line above ends the document; mend its indentation"),
    ("found a tab character", "", "indent with blanks; YAML takes no tabs there"),
)


def explain_syntax(error: yaml.MarkedYAMLError, lines: Lines) -> Finding:
    """The Finding for what the parser could not read, at the place where it stopped."""
    mark = error.problem_mark or error.context_mark
    problem = error.problem or error.context or "the parser gives no reason"
    index = min(mark.index, len(lines.text)) if mark is not None else 0
    if "maximum nesting depth" in problem:  # libyaml's own bound comes before ours where brackets stand close together
        return finding("RP1009", lines.place(index), "more than the parser takes")
    character = repr(lines.text[index : index + 1])
    hint = next((why for words, sign, why in _CAUSES if words in problem and (not sign or sign == character)), "")
    template = lines.text.find("{{", max(0, lines.text.rfind("\n", 0, index)), index + 1)
    if template >= 0 and lines.text[template - 1 : template] in (" ", "\n"):
        hint = 'put quotes around the template: "{{ ... }}"'
    notes: tuple[Note, ...] = ()
    if error.context and error.context_mark is not None and error.problem_mark is not None:
        notes = (Note(error.context, lines.place(min(error.context_mark.index, len(lines.text)))),)
    return finding("RP1003", lines.place(index), problem, notes=notes, hint=hint)


def explain_unreadable(lines: Lines) -> Finding:
    """The Finding for a character that YAML does not take anywhere."""
    found = _UNREADABLE.search(lines.text)
    if found is None:
        return finding("RP1003", lines.place(0), "the text can't be decoded")
    hint = "delete the character; it is invisible in most editors"
    return finding("RP1003", lines.place(found.start()), f"the character U+{ord(found[0]):04X}", hint=hint)

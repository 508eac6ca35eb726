"""Findings for people: what is wrong, the line it stands in with a caret, what else to look at, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from resellerplan.diagnostics import Finding, Note, Severity, Sources
from resellerplan.neutralise import escape_invisible
from resellerplan.report.excerpt import Excerpts, display_width
from resellerplan.report.fitting import fitted

__all__ = ["counted", "finding_text", "findings_text", "note_text"]

_PAINT: Final[Mapping[Severity, str]] = MappingProxyType({Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"})
_LABEL_ROOM: Final = 100


def findings_text(findings: Sequence[Finding], sources: Sources, *, colour: bool = False, columns: int = 0) -> str:
    """All findings, an empty line between them, in the order given; sentences broken at so many ``columns``, 0 = never."""
    excerpts = Excerpts(sources)
    return "\n\n".join(finding_text(one, excerpts, colour=colour, columns=columns) for one in findings)


def finding_text(finding: Finding, excerpts: Excerpts, *, colour: bool = False, columns: int = 0) -> str:
    """One finding, without a line end behind it."""
    return "\n".join(_lines(finding, excerpts, colour=colour, columns=columns))


def _lines(finding: Finding, excerpts: Excerpts, *, colour: bool, columns: int) -> Iterator[str]:
    head = _painted(f"{finding.severity}[{finding.code}]", _PAINT[finding.severity], colour)
    yield f"{head}: {_painted(escape_invisible(finding.summary), '1', colour)}"
    width = 2
    label = escape_invisible(finding.label)
    if finding.place is not None:
        place = finding.place
        yield f"  --> {escape_invisible(str(place))}"
        excerpt = excerpts.cut(place)
        bar = f"{'':{width if excerpt is None else max(2, len(str(place.line)))}} | "
        if excerpt is not None:
            width = max(2, len(str(place.line)))
            yield f"{'':{width}} |"
            yield f"{place.line:>{width}} | {excerpt.line}".rstrip()
            indent = " " * display_width(excerpt.before)
            carets = _painted("^" * max(1, display_width(excerpt.marked)), _PAINT[finding.severity], colour)
            fits = display_width(excerpt.before + excerpt.marked) + display_width(label) + width + 4 <= _LABEL_ROOM
            yield f"{'':{width}} | {indent}{carets}" + (f" {label}" if label and fits else "")
            if label and not fits:
                yield from fitted(label, columns, head=bar, hang=bar)
        elif label and finding.label != place.file:
            yield from fitted(label, columns, head=bar, hang=bar)
    elif label:
        bar = f"{'':{width}} | "
        yield from fitted(label, columns, head=bar, hang=bar)
    for note in finding.notes:
        yield from fitted(note_text(note), columns, head=f"{'':{width}} = ")
    if finding.hint:
        yield from fitted(escape_invisible(finding.hint), columns, head="hint: ", hang="  ")


def note_text(note: Note) -> str:
    """A note with its place: ``first declared at plans.yaml:3:5``."""
    text = escape_invisible(note.text)
    if note.place is None:
        return text
    place = escape_invisible(str(note.place))
    return f"{text.removesuffix(' here')} at {place}" if text.endswith(" here") else f"{text} ({place})"


def _painted(text: str, how: str, colour: bool) -> str:
    return f"\x1b[{how}m{text}\x1b[0m" if colour else text


def counted(findings: Iterable[Finding]) -> str:
    """``2 errors, 1 warning``; empty for none."""
    numbers = dict.fromkeys(Severity, 0)
    for one in findings:
        numbers[one.severity] += 1
    return ", ".join(f"{number} {severity.value}{'' if number == 1 else 's'}" for severity, number in numbers.items() if number)

"""libyaml's events to a `Document`: an own builder, so that every node keeps its place and nothing in a file can make an object.

What is wrong is collected where reading can go on (a doubled key, an unknown tag), and ends the document where it can't (broken
syntax, a limit). Where PyYAML has no libyaml, its own parser gives the same events, and one note says that it is slow.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final, Protocol, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.scanner import Scanner

from resellerplan.diagnostics import Finding, Note
from resellerplan.manifest.codes import finding
from resellerplan.manifest.document import Document
from resellerplan.manifest.limits import LIMITS, Limits
from resellerplan.manifest.marks import Lines, Marks
from resellerplan.manifest.scalars import CONSTANTS, CONTROL, SPECIAL, Scalar, plain
from resellerplan.manifest.syntax import explain_syntax, explain_unreadable

__all__ = ["EventSource", "fastest_events", "parse", "pure_events"]

Event: TypeAlias = Any
"""One of PyYAML's events. Its stubs allow for events without marks, which no parser makes; so this module tells them apart by
``type(event)`` against names typed ``Any``, and takes their attributes as they are."""

_ALIAS: Any = AliasEvent
_DOCUMENT: Any = DocumentStartEvent
_MAPPING: Any = MappingStartEvent
_MAPPING_END: Any = MappingEndEvent
_SCALAR: Any = ScalarEvent
_SEQUENCE_END: Any = SequenceEndEvent

_CORE = "tag:yaml.org,2002:"
_CONTAINERS = {MappingStartEvent: _CORE + "map", SequenceStartEvent: _CORE + "seq"}

_MOST_FINDINGS = 1000
"""Findings of one document before reading stops: memory stays bounded, and nobody reads so many."""


class EventSource(Protocol):
    """What a parser of PyYAML offers, libyaml's and the pure one alike."""

    def get_event(self) -> Any:
        """The next event, None behind the last."""
        ...


class _PureParser(Reader, Scanner, Parser):
    """PyYAML's parser without libyaml."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


def pure_events(text: str) -> EventSource:
    """Events from PyYAML's own parser: the same, some thirty times slower."""
    return _PureParser(text)


def fastest_events() -> tuple[Callable[[str], EventSource], bool]:
    """The quickest source of events there is, and whether it is libyaml's."""
    try:
        from yaml._yaml import CParser
    except ImportError:
        return pure_events, False
    return CParser, True


class _Stop(Exception):
    """The document can't be read any further; the finding that says why has been collected."""


def parse(
    file: str,
    text: str,
    *,
    folder: str = "",
    limits: Limits = LIMITS,
    events: Callable[[str], EventSource] | None = None,
) -> tuple[Document | None, tuple[Finding, ...]]:
    """Read one document. None where it can't be used at all: then at least one finding is an error.

    ``text`` has no byte-order mark; ``folder`` is kept for the relative paths the document names.
    """
    lines = Lines(file, text)
    builder = _Builder(lines, limits)
    try:
        data = builder.document((events or fastest_events()[0])(text))
    except _Stop:
        return None, tuple(builder.findings)
    except yaml.MarkedYAMLError as error:
        return None, (*builder.findings, explain_syntax(error, lines))
    except (ReaderError, UnicodeEncodeError):
        return None, (*builder.findings, explain_unreadable(lines))
    return Document(file, folder, lines, builder.marks, data), tuple(builder.findings)


class _Builder:
    """Builds the data and the marks of one document in one pass."""

    __slots__ = ("_anchors", "_escapes", "_extra", "_keys", "_next", "_seen_aliases", "findings", "limits", "lines", "marks")

    def __init__(self, lines: Lines, limits: Limits) -> None:
        self.lines: Final = lines
        self.limits: Final = limits
        self.marks: Final = Marks()
        self.findings: Final[list[Finding]] = []
        self._next: Callable[[], Any] = lambda: None
        self._anchors: Final[dict[str, tuple[object, int, int]]] = {}
        self._keys: Final[dict[str, str]] = {}
        self._escapes: Final = "\\" in lines.text  # else no value can hold what the parser itself refuses in a text
        self._extra = 0
        self._seen_aliases = 0

    # -- the document ------------------------------------------------------------------------------------------------------------

    def document(self, source: EventSource) -> object:
        """The data of the only document that the events tell of; findings for none and for more than one."""
        self._next = source.get_event
        event: Event = self._next()
        while event is not None and not isinstance(event, DocumentStartEvent | StreamEndEvent):
            event = self._next()
        if not isinstance(event, DocumentStartEvent):
            self._stop("RP1004", 0, 0)
        data = self._node(self._next(), 0)
        self.marks.data = data
        event = self._next()
        while event is not None and type(event) is not _DOCUMENT:
            event = self._next()
        if event is not None:
            hint = "keep one document, or make it a file of its own"
            self._tell("RP1005", event.start_mark.index, event.end_mark.index, hint=hint)
        return data

    # -- nodes -------------------------------------------------------------------------------------------------------------------

    def _node(self, event: Event, depth: int) -> object:
        """The value of the node that begins with ``event``; its marks are appended."""
        kind = type(event)
        if kind is _SCALAR:
            return self._scalar(event)
        if kind is _ALIAS:
            return self._alias(event)
        number = self._open(event)
        if depth >= self.limits.depth:
            self._stop("RP1009", event.start_mark.index, event.end_mark.index, label=f"more than {self.limits.depth} levels")
        if event.tag is not None and event.tag not in (_CONTAINERS[kind], "!"):
            self._unknown_tag(event)
        before = number + self._extra
        value: object
        if kind is _MAPPING:
            value = self._mapping(number, depth + 1, bool(event.flow_style))
        else:
            value = self._sequence(number, depth + 1, bool(event.flow_style))
        self.marks.skips[number] = len(self.marks.starts)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, number, len(self.marks.starts) + self._extra - before)
        return value

    def _open(self, event: Event) -> int:
        """Number a node; a scalar is thereby complete."""
        marks = self.marks
        number = len(marks.starts)
        marks.starts.append(event.start_mark.index)
        marks.ends.append(event.end_mark.index)
        return number

    def _mapping(self, number: int, depth: int, flow: bool) -> dict[str, object]:
        """The keys and values up to the mapping's end. This loop and `_sequence` are where the time goes: no call per scalar."""
        get, marks, known = self._next, self.marks, self._keys
        starts, ends = marks.starts, marks.ends
        add_start, add_end = starts.append, ends.append
        longest, most, escapes = self.limits.scalar, self.limits.nodes, self._escapes
        key: Any
        value: Any
        data: dict[str, object] = {}
        table: dict[str, tuple[int, int]] | None = None
        merges: list[tuple[object, int]] = []
        last = number
        count = number + 1
        while True:
            event = get()
            merge = strange = False
            key_number = count
            if type(event) is _SCALAR:
                key = known.get(event.value)
                if key is None or event.anchor is not None or event.tag is not None:
                    key = self._new_key(event)
                    merge = key == "<<" and event.implicit[0]
                add_start(event.start_mark.index)
                add_end(event.end_mark.index)
                count += 1
            elif type(event) is _MAPPING_END:
                break
            else:
                table = marks.regular_keys(number, data) if table is None else table
                key = self._strange_key(event, depth)
                strange = key is None
                count = len(starts)
            if count > most:
                self._stop("RP1010", event.start_mark.index, event.end_mark.index)
            if table is None and (merge or key in data):
                table = marks.regular_keys(number, data)
            event = get()
            last = count
            if type(event) is _SCALAR and event.tag is None and event.anchor is None:
                add_start(event.start_mark.index)
                add_end(event.end_mark.index)
                count += 1
                value = event.value
                if len(value) > longest:
                    self._stop("RP1011", event.start_mark.index, event.start_mark.index)
                if event.implicit[0]:
                    if value[:1] in SPECIAL:
                        value = self._special(value, event)
                elif escapes and event.style == '"' and CONTROL.search(value):
                    self._control(value, event)
            else:
                value = self._node(event, depth)
                count = len(starts)
            if table is None:
                data[key] = value
            elif strange:
                continue
            elif merge:
                merges.append((value, last))
            elif key in data:
                self._doubled(key, key_number, table[key][0])
            else:
                data[key] = value
                table[key] = (key_number, last)
        ends[number] = event.end_mark.index if flow else ends[last]
        if table is not None:
            for value, at in merges:
                self._merge(data, table, value, at)
            marks.irregular[number] = table
        return data

    def _sequence(self, number: int, depth: int, flow: bool) -> list[object]:
        """The entries up to the sequence's end."""
        get, limits, marks = self._next, self.limits, self.marks
        starts = marks.starts
        data: list[object] = []
        last = number
        while True:
            event = get()
            if type(event) is _SEQUENCE_END:
                break
            last = len(starts)
            if last > limits.nodes:
                self._stop("RP1010", event.start_mark.index, event.end_mark.index)
            data.append(self._node(event, depth))
        marks.ends[number] = event.end_mark.index if flow else marks.ends[last]
        return data

    # -- scalars -----------------------------------------------------------------------------------------------------------------

    def _scalar(self, event: Event) -> Scalar:
        """The value of a scalar, its marks appended."""
        number = self._open(event)
        value = self._scalar_value(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, number, 1)
        return value

    def _scalar_value(self, event: Event) -> Scalar:
        text: str = event.value
        if len(text) > self.limits.scalar:
            self._stop("RP1011", event.start_mark.index, event.start_mark.index)
        if event.style == '"' and CONTROL.search(text):
            self._control(text, event)
        if event.tag is not None and event.tag != "!":
            return self._tagged(text, event)
        return self._special(text, event) if event.implicit[0] and event.tag is None else text

    def _special(self, text: str, event: Event) -> Scalar:
        """A plain scalar that may be more than text."""
        if text in CONSTANTS:
            return CONSTANTS[text]
        value = plain(text)
        if type(value) is float and not math.isfinite(value):
            self._tell("RP1013", event.start_mark.index, event.end_mark.index, hint="for a quota without limit say `unlimited`")
            return None
        return value

    def _tagged(self, text: str, event: Event) -> Scalar:
        """A scalar with one of the core tags: ``!!str 123`` is text; the others must fit what is written."""
        if event.tag == _CORE + "str":
            return text
        value = plain(text)
        types = {"int": (int,), "float": (float, int), "bool": (bool,), "null": (type(None),)}
        wanted = types.get(event.tag.removeprefix(_CORE)) if event.tag.startswith(_CORE) else None
        if wanted is None:
            self._unknown_tag(event)
            return text
        if type(value) not in wanted or (type(value) is float and not math.isfinite(value)):
            self._tell("RP1008", event.start_mark.index, event.end_mark.index, label="the tag does not fit what is written")
            return None
        return float(value) if type(value) is int and event.tag.endswith("float") else value

    # -- keys --------------------------------------------------------------------------------------------------------------------

    def _new_key(self, event: Event) -> str:
        """A key that was not met before, or has something unusual about it, looked at; equal keys are one text in memory."""
        at = event.start_mark.index, event.end_mark.index
        key: str = event.value
        if event.anchor is not None:
            self._anchors[event.anchor] = (key, len(self.marks.starts), 1)
        if event.tag is not None and event.tag not in ("!", _CORE + "str"):
            self._tell("RP1008", *at, label="keys take no tags")
        if len(key) > 1000:
            self._stop("RP1011", at[0], at[0], label="a key of more than 1,000 characters")
        if not key:
            self._tell("RP1007", *at, label="an empty key")
        if CONTROL.search(key):
            self._control(key, event)
        # `<<` may be one that merges, which is looked at each time.
        return key if key == "<<" else self._keys.setdefault(key, key)

    def _strange_key(self, event: Event, depth: int) -> str | None:
        """A key that is an alias: the text it stands for. None for one that is a list or a mapping: told, and read over."""
        at = event.start_mark.index, event.end_mark.index
        if type(event) is _ALIAS:
            value = self._alias(event)
            if isinstance(value, str):
                return value
            self._tell("RP1007", *at, label="an alias that stands for no text")
            return None
        self._node(event, depth)
        template = self.lines.text.startswith("{{", at[0] - 1) or self.lines.text.startswith("{{", at[0])
        hint = 'put quotes around the template: "{{ ... }}"' if template else ""
        self._tell("RP1007", *at, label="a list or a mapping", hint=hint)
        return None

    def _doubled(self, key: str, number: int, first: int) -> None:
        marks = self.marks
        note = Note("first given here", self.lines.place(marks.starts[first], marks.ends[first]))
        self._tell("RP1006", marks.starts[number], marks.ends[number], notes=(note,))

    # -- anchors -----------------------------------------------------------------------------------------------------------------

    def _alias(self, event: Event) -> object:
        """The value an alias stands for: the very container of its anchor."""
        number = self._open(event)
        at = event.start_mark.index, event.end_mark.index
        known = self._anchors.get(event.anchor)
        if known is None:
            self._tell("RP1012", *at, label="no anchor of this name stands before it, or it would hold itself")
            return None
        value, target, size = known
        self._seen_aliases += 1
        self._extra += size
        if self._seen_aliases > self.limits.aliases or self._extra > self.limits.expanded:
            self._stop("RP1014", *at)
        self.marks.aliases[number] = self.marks.aliases.get(target, target)
        return value

    def _merge(self, data: dict[str, object], table: dict[str, tuple[int, int]], value: object, number: int) -> None:
        """Work in what ``<<`` names: keys that are there already win, and so does the earlier of several mappings."""
        number = self.marks.aliases.get(number, number)
        sources: list[tuple[object, int]] = [(value, number)]
        if isinstance(value, list):
            sources = list(zip(value, self.marks.entries_of(number), strict=True))
        for source, at in sources:
            if not isinstance(source, dict):
                span = self.marks.starts[at], self.marks.ends[at]
                self._tell("RP1015", *span, label="`<<` takes a mapping or a list of mappings")
                continue
            self._extra += len(source)
            if self._extra > self.limits.expanded:
                self._stop("RP1014", self.marks.starts[at], self.marks.ends[at])
            for key, numbers in self.marks.keys_of(at, source).items():
                if key not in data:
                    data[key] = source[key]
                    table[key] = numbers

    # -- findings ----------------------------------------------------------------------------------------------------------------

    def _unknown_tag(self, event: Event) -> None:
        self._tell("RP1008", event.start_mark.index, event.end_mark.index, label=str(event.tag).removeprefix(_CORE))

    def _control(self, text: str, event: Event) -> None:
        found = CONTROL.search(text)
        assert found is not None
        self._tell("RP1016", event.start_mark.index, event.end_mark.index, label=f"U+{ord(found[0]):04X}")

    def _tell(self, code: str, start: int, end: int, *, label: str = "", hint: str = "", notes: tuple[Note, ...] = ()) -> None:
        if len(self.findings) >= _MOST_FINDINGS:
            self.findings.append(finding("RP1017", self.lines.place(start, end)))
            raise _Stop
        self.findings.append(finding(code, self.lines.place(start, end), label, notes=notes, hint=hint))

    def _stop(self, code: str, start: int, end: int, *, label: str = "") -> None:
        self._tell(code, start, end, label=label)
        raise _Stop

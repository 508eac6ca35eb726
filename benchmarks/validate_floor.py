"""The floor of ``validate``: libyaml's events, a builder of dicts that keeps a place per node, and jsonschema-rs; nothing else.

    python benchmarks/validate_floor.py MANIFEST SCHEMA

No templates, no references, no messages: what any program must do that reads such a manifest in Python.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
from yaml import events
from yaml._yaml import CParser

ScalarEvent: Any = events.ScalarEvent
MappingStartEvent: Any = events.MappingStartEvent
MappingEndEvent: Any = events.MappingEndEvent
SequenceEndEvent: Any = events.SequenceEndEvent

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\Z")
WORDS: dict[str, object] = {"": None, "~": None, "null": None, "true": True, "false": False}


def scalar(text: str) -> object:
    """A plain scalar by the core rules, as short as it can be."""
    if text in WORDS:
        return WORDS[text]
    if NUMBER.match(text):
        return float(text) if "." in text else int(text)
    return text


def read(path: Path) -> tuple[object, dict[int, Any]]:
    """The data and the places of a document: per container, line and column of each key and value."""
    get: Any = CParser(path.read_text(encoding="utf-8")).get_event
    places: dict[int, Any] = {}

    def node(event: Any) -> object:
        if type(event) is ScalarEvent:
            return scalar(event.value) if event.implicit[0] else event.value
        if type(event) is MappingStartEvent:
            data: dict[str, object] = {}
            where: dict[str, tuple[int, int, int, int]] = {}
            while type(key := get()) is not MappingEndEvent:
                value = get()
                at, to = key.start_mark, value.start_mark
                where[key.value] = (at.line, at.column, to.line, to.column)
                data[key.value] = node(value)
            places[id(data)] = where
            return data
        entries: list[object] = []
        stands: list[tuple[int, int]] = []
        while type(value := get()) is not SequenceEndEvent:
            stands.append((value.start_mark.line, value.start_mark.column))
            entries.append(node(value))
        places[id(entries)] = stands
        return entries

    get()
    get()
    return node(get()), places


def main() -> int:
    data, places = read(Path(sys.argv[1]))
    schema = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    valid = jsonschema_rs.validator_for(schema).is_valid(data)
    print(len(places), valid)
    return 0 if valid else 1


if __name__ == "__main__":
    sys.exit(main())

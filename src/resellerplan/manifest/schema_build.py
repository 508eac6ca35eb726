"""The JSON Schema of the language, made from its table: the published one for editors, and the gate's.

The published schema describes a manifest as it is *written*: a template may stand at every scalar, a list may hold ``for_each``
entries, and every property has a description, examples and its default. The gate's describes it as it is after templates and tables
were worked in; it is bare and quick. Both use only keywords that editors understand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, assert_never

from resellerplan.manifest.forms import (
    MOST_DIGITS,
    NOT_GIVEN,
    Amount,
    Anything,
    Choice,
    Either,
    Entry,
    Flag,
    Form,
    Keyed,
    Listing,
    Number,
    Pattern,
    Record,
    Shape,
    Switch,
    Text,
    Variants,
    example_of,
)
from resellerplan.manifest.language import Language

__all__ = ["FOR_EACH", "SCHEMA_ID", "SCHEMA_VERSION", "TABLE_KEYS", "gate_schema", "published_schema", "schema_text"]

SCHEMA_VERSION: Final = "1.0"
SCHEMA_ID: Final = f"urn:resellerplan:manifest:{SCHEMA_VERSION}"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_BLANK = r" \t\r\n\u00a0"
_NARROW = r"\t\n\r -~\u00a0-ÿ€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_TEMPLATE: Final[Mapping[str, Any]] = {
    "type": "string",
    "pattern": r"\{\{|\{%",
    "description": "A template: its value is put in before the manifest is checked.",
}

TABLE_KEYS: Final[Mapping[str, Any]] = {
    "csv": {"type": "string", "description": "Table as a spreadsheet saves it: CSV.", "examples": ["customers.csv"]},
    "xlsx": {"type": "string", "description": "Table in an Excel file.", "examples": ["customers.xlsx"]},
    "ods": {"type": "string", "description": "Table in an OpenDocument file.", "examples": ["customers.ods"]},
    "sheet": {"type": "string", "description": "Name of the sheet; default: the first.", "examples": ["Customers"]},
    "columns": {
        "type": "object",
        "additionalProperties": {"type": ["string", "integer"]},
        "description": "Our names for columns, each with the heading it has in the table.",
        "examples": [{"username": "Benutzername"}],
    },
    "separator": {
        "type": "string",
        "pattern": f"^(?:{Shape.SEPARATOR.expression})$",
        "description": "What stands between cells; default: told from the table.",
        "examples": [";", ",", "\t", "|"],
    },
    "encoding": {"type": "string", "description": "Encoding; default: told from the table.", "examples": ["windows-1252"]},
    "decimal": {"enum": [",", "."], "description": "Decimal mark; default: told from the table."},
}
FOR_EACH: Final[Mapping[str, Any]] = {
    "description": "Makes one entry per element of a list, a mapping or a table: `each.key`, `each.value`.",
    "examples": [{"csv": "customers.csv"}],
    "anyOf": [
        {"type": "array"},
        {"type": "object", "properties": TABLE_KEYS},
        {"$ref": "#/$defs/template"},
    ],
}


@dataclass(frozen=True, slots=True)
class _How:
    """``written``: as people write it, with words for editors; else as it is after templates were worked in."""

    written: bool
    literal_passwords: bool = False


def gate_schema(language: Language, *, literal_passwords: bool = False) -> Schema:
    """The schema of expanded documents: quick to check, without words."""
    how = _How(written=False, literal_passwords=literal_passwords)
    schema = _record(language.manifest, how)
    for key in ("defaults", "include"):
        schema["properties"][key] = {"not": {"type": "null"}}
    schema["properties"]["vars"] = {"type": "object"}
    return {"$schema": _DIALECT, **schema, "$defs": {"groups": _group_records(language, how)}}


def published_schema(language: Language) -> Schema:
    """The schema that editors use."""
    how = _How(written=True)
    return {
        "$schema": _DIALECT,
        "$id": SCHEMA_ID,
        "title": "resellerplan manifest",
        "description": "Customers, hosting plans and hosting spaces of a reseller, for `resellerplan plan` and `apply`.",
        **_record(language.manifest, how),
        "$defs": {
            "template": dict(_TEMPLATE),
            "for_each": json.loads(json.dumps(FOR_EACH)),
            **{
                name: _templated(_number(form, how) if isinstance(form, Number) else {"type": "boolean"}, how)
                for name, form in _QUOTAS
            },
            "groups": _group_records(language, how),
        },
    }


def schema_text(schema: Schema) -> str:
    """The schema as its file holds it."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


# -- forms ----------------------------------------------------------------------------------------------------------------------


_QUOTAS: Final = (
    ("switch", Switch()),
    ("count", Number(unlimited=True, quota=True)),
    ("size", Number(unlimited=True, size=True, quota=True)),
    ("number", Number()),
)
"""Forms that stand at hundreds of quotas: said once in the published schema."""


def _form(form: Form, how: _How, *, nullable: bool = False) -> Schema:
    shared = next((name for name, said in _QUOTAS if said == form), None) if how.written and not nullable else None
    if shared is not None:
        return {"$ref": f"#/$defs/{shared}"}
    match form:
        case Record():
            return _or_null(_record(form, how), nullable)
        case Variants():
            variants = [_record(record, how) for record in form.by_key.values()]
            if how.literal_passwords and "env" in form.by_key:
                variants.append({"type": "string", "minLength": 1, "maxLength": 71})
                variants.append({"type": "integer"})
            return _or_null({"anyOf": variants}, nullable)
        case Keyed():
            return {"type": "object", "additionalProperties": _form(form.of, how)}
        case Listing():
            items = _form(form.of, how)
            found: Schema = {"type": "array", "items": _repeatable(items) if how.written else items}
            return {**found, "minItems": form.least} if form.least else found
        case Either():
            held = [one for one in (form.scalar, form.listing, form.mapping) if one is not None]
            options: list[Schema] = []
            for one in held:
                made = _form(one, how)
                options.extend(made["anyOf"] if set(made) == {"anyOf"} else [made])
            return _or_null({"anyOf": _unique(options)}, nullable)
        case Anything():
            return {}
        case _:
            return _templated(_or_null(_scalar(form, how), nullable), how)


def _scalar(form: Text | Pattern | Number | Flag | Switch | Amount | Choice, how: _How) -> Schema:
    match form:
        case Text():
            return _text(form)
        case Pattern():
            found: Schema = {"type": "string", "pattern": f"^(?:{form.shape.expression})$"}
            return {**found, "maxLength": form.max_length} if form.max_length else found
        case Flag() | Switch():
            return {"type": "boolean"}
        case Amount():
            return {"type": "number", "minimum": 0, "maximum": form.most}
        case Choice():
            return {"enum": list(form.words)}
        case Number():
            return _number(form, how)
        case _:
            assert_never(form)


def _text(form: Text) -> Schema:
    found: Schema = {"type": ["string", "integer"], "minimum": -MOST_DIGITS, "maximum": MOST_DIGITS}
    if form.max_length:
        found["maxLength"] = form.max_length
    if form.name:
        refused = form.refused.replace("\\", r"\\")
        ends = f"[^{_BLANK}{refused}]"
        found["pattern"] = rf"^{ends}(?:[^\r\n{refused}]*{ends})?$"
    elif form.narrow:
        found["pattern"] = f"^[{_NARROW}]*$"
    return found


def _number(form: Number, how: _How) -> Schema:
    whole: Schema = {"type": "integer", "minimum": form.least, "maximum": form.most}
    words = [word for word, given in (("unlimited", form.unlimited),) if given]
    if not words and not form.size:
        return whole
    if how.written:
        options: list[Schema] = [whole]
        if words:
            options.append({"enum": words})
        if form.size:
            options.append({"type": "string", "pattern": f"^(?:{Shape.SIZE.expression})$"})
        return {"anyOf": options}
    texts = [*words, Shape.SIZE.expression] if form.size else words
    return {**whole, "type": ["integer", "string"], "pattern": f"^(?:{'|'.join(texts)})$"}


def _or_null(schema: Schema, nullable: bool) -> Schema:
    """``null`` and the empty text are the panel's empty value."""
    if not nullable:
        return schema
    if isinstance(schema.get("type"), list):
        return {**schema, "type": [*schema["type"], "null"]}
    if schema.get("type") == "string" and "pattern" in schema:
        inner = schema["pattern"].removeprefix("^").removesuffix("$")
        return {**schema, "type": ["string", "null"], "pattern": f"^(?:{inner})?$"}
    return {"anyOf": [*(schema["anyOf"] if set(schema) == {"anyOf"} else [schema]), {"type": "null"}]}


def _templated(schema: Schema, how: _How) -> Schema:
    if not how.written:
        return schema
    if "string" in schema.get("type", ()) and "pattern" not in schema and "maxLength" not in schema:
        return schema  # any text fits, so a template does
    options = schema["anyOf"] if set(schema) == {"anyOf"} else [schema]
    return {"anyOf": [*options, {"$ref": "#/$defs/template"}]}


def _unique(options: list[Schema]) -> list[Schema]:
    found: list[Schema] = []
    for option in options:
        if option not in found:
            found.append(option)
    return found


def _repeatable(items: Schema) -> Schema:
    """An entry of a list of mappings may be made several times."""
    if items.get("type") == "object":
        properties = {"for_each": {"$ref": "#/$defs/for_each"}, **items["properties"]}
        return {**items, "properties": properties}
    if "anyOf" in items:
        return {**items, "anyOf": [_repeatable(option) for option in items["anyOf"]]}
    return items


def _entry(entry: Entry, how: _How) -> Schema:
    schema = _form(entry.form, how, nullable=entry.nullable)
    if not how.written:
        return schema
    words: Schema = {"description": entry.says}
    if entry.default is not NOT_GIVEN:
        words["default"] = entry.default
    words["examples"] = [example_of(entry)]
    return {**words, **schema}


def _group_records(language: Language, how: _How) -> Schema:
    return _properties(language.groups, how)


def _record(form: Record, how: _How) -> Schema:
    """A closed object. Groups and quotas stand once in the schema and are referred to from plans and spaces."""
    return {"$ref": "#/$defs/groups"} if form.unknown == "RP1203" else _properties(form, how)


def _properties(form: Record, how: _How) -> Schema:
    properties = {key: _entry(entry, how) for key, entry in form.entries.items()}
    for alias, key in form.aliases.items():
        if key in form.entries:
            properties[alias] = _alias(form.entries[key], key, how)
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if form.required:
        schema["required"] = list(form.required)
    return schema


def _alias(entry: Entry, key: str, how: _How) -> Schema:
    schema = _form(entry.form, how, nullable=entry.nullable)
    return {"description": f"The same as `{key}`.", **schema} if how.written else schema

"""The schema in the repository is what the table of the language makes, and says something about every key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from resellerplan.cli.packaged_schemas import schema_of
from resellerplan.manifest.documentation import REFERENCE_MARK, diagnostics_page, reference
from resellerplan.manifest.language import language_of
from resellerplan.manifest.parsing import parse
from resellerplan.manifest.schema_build import SCHEMA_ID, published_schema, schema_text
from resellerplan.model.quotas import shipped_catalogue

ROOT = Path(__file__).parents[3]
LANGUAGE = language_of(shipped_catalogue())
SCHEMA = published_schema(LANGUAGE)

EDITORS_KNOW = {
    "$schema", "$id", "$ref", "$defs", "title", "description", "default", "examples", "type", "properties", "additionalProperties",
    "required", "items", "minItems", "anyOf", "enum", "pattern", "maxLength", "minimum", "maximum",
}  # fmt: skip
"""Keywords that yaml-language-server acts on."""


def test_the_file_in_the_repository_is_what_the_table_makes() -> None:
    assert schema_of("manifest") == schema_text(SCHEMA)


def test_it_is_a_valid_schema_of_2020_12_with_a_versioned_id() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"].endswith("/2020-12/schema")
    assert SCHEMA["$id"] == SCHEMA_ID
    assert SCHEMA_ID.endswith(":1.0")


def _schemas(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every subschema with its path."""
    if not isinstance(node, dict):
        return
    yield path, node
    for key in ("properties", "$defs"):
        for name, held in node.get(key, {}).items():
            yield from _schemas(held, f"{path}/{name}")
    for key in ("items", "additionalProperties"):
        yield from _schemas(node.get(key), f"{path}/{key}")
    for number, held in enumerate(node.get("anyOf", ())):
        yield from _schemas(held, f"{path}/{number}")


def test_it_uses_only_keywords_that_editors_know() -> None:
    assert {key for _, schema in _schemas(SCHEMA) for key in schema} <= EDITORS_KNOW


def test_every_property_has_a_description_and_an_example_or_a_list_of_what_is_possible() -> None:
    silent = [
        f"{path}/{name}"
        for path, schema in _schemas(SCHEMA)
        for name, held in schema.get("properties", {}).items()
        if "$ref" not in held and "description" not in held
    ]
    assert silent == []
    without_example = [
        f"{path}/{name}"
        for path, schema in _schemas(SCHEMA)
        for name, held in schema.get("properties", {}).items()
        if name != "for_each"
        and "The same as" not in held["description"]
        and not {"examples", "default"} & set(held)
        and "enum" not in json.dumps(held)
    ]
    assert without_example == []


def test_examples_and_defaults_fit_their_own_schema() -> None:
    store = {"$defs": SCHEMA["$defs"]}
    for path, schema in _schemas(SCHEMA):
        for name, held in schema.get("properties", {}).items():
            validator = jsonschema.Draft202012Validator({**held, **store})
            for value in (*held.get("examples", ()), *([held["default"]] if "default" in held else [])):
                assert validator.is_valid(value), f"{path}/{name}: {value!r}"


@pytest.mark.parametrize("page", [ROOT / "docs" / "manifest.md"])
def test_the_estate_of_the_documentation_fits(page: Path) -> None:
    text = page.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    document, findings = parse("page.yaml", text)
    assert findings == ()
    assert document is not None
    assert list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(document.data)) == []


def test_the_page_of_codes_is_printed_from_the_table() -> None:
    assert (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8") == diagnostics_page()


def test_the_reference_of_the_manifest_is_printed_from_the_table() -> None:
    page = (ROOT / "docs" / "manifest.md").read_text(encoding="utf-8")
    assert page[page.index(REFERENCE_MARK) :] == reference(LANGUAGE)

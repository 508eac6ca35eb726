"""The published schema in a real editor's hands: it completes, it accepts our examples, it refuses what we refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.language_server import Editor

ROOT = Path(__file__).parents[2]
SERVER = Path(__file__).parent / "node_modules" / ".bin" / "yaml-language-server"
MODELINE = f"# yaml-language-server: $schema={(ROOT / 'schemas' / 'manifest.schema.json').as_uri()}\n"

pytestmark = pytest.mark.foreign


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    with Editor([str(SERVER), "--stdio"], tmp_path_factory.mktemp("editor")) as editor:
        yield editor


def _with_our_schema(text: str) -> str:
    return MODELINE + re.sub(r"^# yaml-language-server:.*\n", "", text)


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*/resellerplan.yaml")), ids=lambda path: path.parent.name)
def test_an_example_has_no_diagnostics(editor: Editor, example: Path) -> None:
    text = _with_our_schema(example.read_text(encoding="utf-8"))
    assert editor.open(f"file:///{example.parent.name}.yaml", text) == []


def test_the_whole_estate_of_the_documentation_has_no_diagnostics(editor: Editor) -> None:
    page = (ROOT / "docs" / "manifest.md").read_text(encoding="utf-8")
    text = page.split("```yaml\n")[1].split("```")[0]
    assert editor.open("file:///page.yaml", MODELINE + text) == []


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("OS: {Diskspace: yes}", "yes"),
        ("OS: {Diskspce: 5 GB}", "Diskspce"),
        ("Webb: {Sites: 1}", "Webb"),
        ("Web: {AspNet40: 5}", "5"),
        ("OS: {Domains: -1}", "-1"),
    ],
)
def test_a_mistake_is_marked(editor: Editor, line: str, marked: str) -> None:
    text = f"{MODELINE}plans:\n  - name: Web S\n    groups:\n      {line}\n"
    found = editor.open(f"file:///wrong-{marked}.yaml", text)
    assert found != []
    assert all(one["range"]["start"]["line"] == 4 for one in found)
    start = found[0]["range"]["start"]["character"]
    assert f"      {line}"[start:].startswith(marked)


def test_templates_and_tables_are_accepted(editor: Editor) -> None:
    text = (
        MODELINE + "vars: {size: 5 GB}\n"
        'plans:\n  - name: Web S\n    groups: {OS: {Diskspace: "{{ vars.size }}", Domains: "{{ 1 + 1 }}"}}\n'
        "customers:\n  - for_each: {csv: customers.csv, columns: {username: Benutzername}}\n"
        '    username: "{{ each.value.username }}"\n    email: "{{ each.value.email }}"\n    html_mail: "{{ 1 == 1 }}"\n'
    )
    assert editor.open("file:///templates.yaml", text) == []


def test_quotas_are_completed(editor: Editor) -> None:
    text = f"{MODELINE}plans:\n  - name: Web S\n    groups:\n      OS:\n        \n"
    editor.open("file:///quotas.yaml", text)
    labels = editor.complete("file:///quotas.yaml", 5, 8)
    assert {"Diskspace", "Bandwidth", "Domains"} <= set(labels)


def test_fields_of_a_customer_are_completed(editor: Editor) -> None:
    text = f"{MODELINE}customers:\n  - username: mueller\n    \n"
    editor.open("file:///customer.yaml", text)
    assert {"email", "phone", "status", "password", "spaces"} <= set(editor.complete("file:///customer.yaml", 3, 4))


def test_words_are_completed(editor: Editor) -> None:
    text = f"{MODELINE}customers:\n  - username: mueller\n    status: \n"
    editor.open("file:///status.yaml", text)
    assert {"active", "suspended", "cancelled", "pending"} <= set(editor.complete("file:///status.yaml", 3, 12))


CASES = ROOT / "tests" / "acceptance" / "validate" / "cases"
TOLD = re.compile(r"^error\[(RP1[25]\d\d|RP110[78]|RP1413|RP170[67])\].*\n  --> resellerplan.yaml:(\d+):", re.MULTILINE)
NOT_OF_THE_SCHEMA = {
    "RP1210": "whether a size comes out whole is arithmetic",
    "RP1221": "places of a decimal are not of JSON's numbers",
    "RP1224": "two keys for one thing",
    "RP1225": "the same name twice",
    "RP1503": "the command line decides",
    "RP1504": "so do folders",
    "RP1505": "recipients may stand in another file",
    "RP1508": "folders decide",
}
BEYOND_THE_SCHEMA = {
    "rp1202-absent-space-without-a-name": "a plan may come from defaults of another file",
    "rp1202-nested-space-without-anything": "the same",
    "rp1202-space-without-a-plan": "the same",
    "rp1223-petabytes": "a size is a text, and how much it is arithmetic",
}


def _of_the_schema() -> Iterator[tuple[str, set[int]]]:
    """Broken manifests of one file, with the lines that a schema can mark in them."""
    for folder in sorted(CASES.iterdir()):
        expected = (folder / "expected").read_text(encoding="utf-8")
        files = {path.name for path in folder.iterdir()} - {"expected", "args"}
        if (
            files == {"resellerplan.yaml"}
            and "RP10" not in expected
            and "{{" not in expected
            and folder.name not in BEYOND_THE_SCHEMA
        ):
            yield folder.name, {int(line) for code, line in TOLD.findall(expected) if code not in NOT_OF_THE_SCHEMA}


def test_the_editor_marks_the_lines_that_we_refuse_and_no_others(editor: Editor) -> None:
    looked = dict(_of_the_schema())
    assert len(looked) > 100
    for name, lines in looked.items():
        text = _with_our_schema((CASES / name / "resellerplan.yaml").read_text(encoding="utf-8"))
        marked = {one["range"]["start"]["line"] for one in editor.open(f"file:///{name}.yaml", text)}
        assert marked == lines, name

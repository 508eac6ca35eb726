"""Variables, repetition and defaults: what the documents mean, and where every value comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from resellerplan.diagnostics import Finding, Place
from resellerplan.errors import UsageError
from resellerplan.manifest.document import Document
from resellerplan.manifest.expand import Expanded, expand
from resellerplan.manifest.files import Files
from resellerplan.manifest.gather import gather
from resellerplan.manifest.limits import Limits
from resellerplan.manifest.variables import read_variable_files, variables_from


def expanded(
    folder: Path, text: str, given: dict[str, object] | None = None, files: dict[str, str] | None = None, **limits: int
) -> Expanded:
    for name, held in {"resellerplan.yaml": text, **(files or {})}.items():
        (folder / name).write_bytes(held.encode("utf-8"))
    reader = Files(here=folder)
    documents, findings = gather((), reader)
    made = expand(documents, given or {}, reader, Limits(**limits))
    return Expanded(made.documents, made.registers, (*findings, *reader.findings, *made.findings))


def one(folder: Path, text: str, given: dict[str, object] | None = None, **files: str) -> Document:
    made = expanded(folder, text, given, {f"{name}.csv": held for name, held in files.items()})
    assert [(finding.code, finding.label) for finding in made.findings if finding.severity == "error"] == []
    return made.documents[0]


def data(folder: Path, text: str, given: dict[str, object] | None = None, **files: str) -> object:
    document = one(folder, text, given, **files)
    assert isinstance(document.data, dict)
    return document.data["customers"]


def told(made: Expanded) -> list[tuple[str, Place | None, str]]:
    return [(finding.code, finding.place, finding.label) for finding in made.findings if finding.severity == "error"]


def test_a_document_without_templates_is_handed_on_untouched(tmp_path: Path) -> None:
    (tmp_path / "resellerplan.yaml").write_text("customers: [{username: a}]")
    files = Files(here=tmp_path)
    documents, _ = gather((), files)
    assert expand(documents, {}, files).documents[0] is documents[0]


def test_variables_may_use_those_before_them_and_outside_wins(tmp_path: Path) -> None:
    text = (
        "vars: {a: x, b: '{{ vars.a }}-{{ a }}', list: [1, '{{ a }}']}\n"
        "customers: [{username: '{{ b }}', company: '{{ vars.list }}'}]"
    )
    assert data(tmp_path, text) == [{"username": "x-x", "company": [1, "x"]}]
    assert data(tmp_path, text, {"a": "y"}) == [{"username": "y-y", "company": [1, "y"]}]


def test_environment_and_flags_become_variables_and_flags_win() -> None:
    environ = {"RESELLERPLAN_VAR_country": "AT", "RESELLERPLAN_VAR_zip": "01067", "RESELLERPLAN_URL": "x", "RESELLERPLAN_VAR_": "x"}
    assert variables_from(environ, ["country=DE", "on=true", "eq=a=b"]) == {
        "country": "DE",
        "zip": "01067",
        "on": True,
        "eq": "a=b",
    }
    for flag in ("country", "=x", " =x", "a=\x07"):
        with pytest.raises(UsageError):
            variables_from({}, [flag])


def test_a_variable_of_the_environment_finds_its_name_without_case(tmp_path: Path) -> None:
    assert data(tmp_path, "vars: {country: DE}\ncustomers: [{country: '{{ country }}'}]", {"COUNTRY": "AT"}) == [{"country": "AT"}]


def test_files_of_variables_are_mappings_and_the_later_wins(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("x: 1\ny: 2\n")
    (tmp_path / "b.yaml").write_text("x: 3\n")
    (tmp_path / "c.yaml").write_text("- x\n")
    files = Files(here=tmp_path)
    assert read_variable_files(["a.yaml", "b.yaml"], files) == ({"x": 3, "y": 2}, ())
    assert [finding.code for finding in read_variable_files(["c.yaml"], files)[1]] == ["RP1028"]


def test_a_variable_or_default_in_two_files_is_told(tmp_path: Path) -> None:
    files = {"b.yaml": "vars: {a: 2}\ndefaults: {customers: {country: AT}}"}
    made = expanded(tmp_path, "include: [b.yaml]\nvars: {a: 1}\ndefaults: {customers: {country: DE}}", None, files)
    assert [code for code, _, _ in told(made)] == ["RP1027", "RP1027"]
    assert made.findings[0].notes[0].place == Place("resellerplan.yaml", 2, 8, 2, 9)


def test_for_each_goes_over_lists_mappings_tables_and_expressions(tmp_path: Path) -> None:
    entry = "username: '{{ each.value }}', id: '{{ each.key }}'"
    assert data(tmp_path, f"customers: [{{for_each: [a, b], {entry}}}]") == [{"username": "a", "id": 1}, {"username": "b", "id": 2}]
    assert data(tmp_path, f"customers: [{{for_each: {{x: a}}, {entry}}}]") == [{"username": "a", "id": "x"}]
    assert data(tmp_path, f"vars: {{l: [a]}}\ncustomers: [{{for_each: '{{{{ vars.l }}}}', {entry}}}]") == [
        {"username": "a", "id": 1}
    ]
    table = "customers: [{for_each: {csv: t.csv}, username: '{{ each.value.name }}', id: '{{ each.key }}'}]"
    assert data(tmp_path, table, t="name;x\na;1\nb;2\n") == [{"username": "a", "id": 1}, {"username": "b", "id": 2}]
    assert data(tmp_path, f"customers: [{{for_each: [], {entry}}}, {{username: z}}]") == [{"username": "z"}]


def test_for_each_in_for_each_sees_both(tmp_path: Path) -> None:
    text = (
        "customers:\n  - for_each: [a, b]\n    username: '{{ each.value }}'\n    spaces:\n"
        "      - for_each: {x: 1, y: 2}\n        name: '{{ each.outer.value }}/{{ each.key }}{{ each.value }}'\n"
    )
    document = one(tmp_path, text)
    assert document.data == {
        "customers": [
            {"username": "a", "spaces": [{"name": "a/x1"}, {"name": "a/y2"}]},
            {"username": "b", "spaces": [{"name": "b/x1"}, {"name": "b/y2"}]},
        ]
    }
    origin = document.origin_of(("customers", 1, "spaces", 1, "name"))
    assert origin.place == Place("resellerplan.yaml", 6, 15, 6, 70)
    assert origin.row is not None
    assert origin.row.place == Place("resellerplan.yaml", 5, 26, 5, 27)


def test_a_value_knows_its_template_its_row_and_its_default(tmp_path: Path) -> None:
    text = (
        "defaults: {customers: {country: DE, initial: {fax: '1'}}}\n"
        "customers:\n"
        "  - username: first\n"
        "  - for_each: {csv: t.csv, columns: {user: Name}}\n"
        "    username: '{{ each.value.user }}'\n"
        "    initial: {phone: x}\n"
        "  - username: last\n"
    )
    document = one(tmp_path, text, t="Name;b\na;1\nb;2\n")
    origin = document.origin_of(("customers", 2, "username"))
    assert (origin.place, origin.expression) == (Place("resellerplan.yaml", 5, 15, 5, 38), "{{ each.value.user }}")
    assert [(note.text, note.place) for note in origin.notes] == [
        ("made by the template {{ each.value.user }}", None),
        ("expanded for row 2", Place("t.csv", 3, 1)),
    ]
    assert document.key_place(("customers", 3, "username")) == Place("resellerplan.yaml", 7, 5, 7, 13)
    for path in (("customers", 2, "country"), ("customers", 0, "country")):
        assert document.origin_of(path).by_default
        assert document.place_of(path).line == 1
    assert document.origin_of(("customers", 1, "initial", "fax")).by_default
    assert not document.origin_of(("customers", 1, "initial", "phone")).by_default


def test_defaults_lie_below_and_one_statement_is_not_mixed_with_another(tmp_path: Path) -> None:
    text = (
        "defaults:\n  customers: {country: DE, password: {env: X}, resources: {a: 1, b: 2}}\n  spaces: {plan: S}\n"
        "customers:\n"
        "  - {username: a, country: AT, password: {file: f}, resources: {b: 3}, spaces: [{name: n}, {plan: T}]}\n"
        "  - {username: b, country: null}\n"
        "  - {username: c, state: absent, reason: r}\n"
        "  - {username: d, existing: true}\n"
    )
    assert data(tmp_path, text) == [
        {
            "username": "a",
            "country": "AT",
            "password": {"file": "f"},
            "resources": {"b": 3, "a": 1},
            "spaces": [{"name": "n", "plan": "S"}, {"plan": "T"}],
        },
        {"username": "b", "country": None, "password": {"env": "X"}, "resources": {"a": 1, "b": 2}},
        {"username": "c", "state": "absent", "reason": "r"},
        {"username": "d", "existing": True},
    ]


def test_defaults_reach_into_included_files_and_entries_of_tables(tmp_path: Path) -> None:
    files = {"b.yaml": "customers: [{for_each: [x], username: '{{ each.value }}'}]"}
    made = expanded(tmp_path, "include: [b.yaml]\ndefaults: {customers: {country: DE}}", None, files)
    assert made.documents[1].data == {"customers": [{"username": "x", "country": "DE"}]}
    assert made.documents[1].origin_of(("customers", 0, "username")).row is not None
    assert made.documents[1].place_of(("customers", 0, "country")).file == "resellerplan.yaml"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("customers:\n  - username: '{{ nope }}'", "RP1101", 2),
        ("vars:\n  a: '{{ nope }}'", "RP1101", 2),
        ("customers:\n  - username: '{{ 1 +'", "RP1102", 2),
        ("vars: {x: 1}\ncustomers:\n  - username: '{{ x.__class__ }}'", "RP1103", 3),
        ("customers:\n  - username: '{{ 1 // 0 }}'", "RP1104", 2),
        ("customers:\n  - '{{ 1 }}': x", "RP1106", 2),
        ("customers:\n  - for_each: 5\n    username: x", "RP1107", 2),
        ("customers:\n  - for_each: '{{ 5 }}'\n    username: x", "RP1107", 2),
        ("customers:\n  - for_each: text\n    username: x", "RP1107", 2),
        ("for_each: [a]\n", "RP1108", 1),
        ("panel:\n  for_each: [a]\n", "RP1108", 2),
        ("customers:\n  - for_each: {csv: nope.csv}\n    username: x", "RP1001", 2),
        ("customers:\n  - for_each: {csv: t.csv, delimiter: ';'}\n    username: x", "RP1111", 2),
        ("customers:\n  - for_each: {csv: t.csv, decimal: 5}\n    username: x", "RP1111", 2),
        ("customers:\n  - for_each: {csv: '{{ 1 }}.csv'}\n    username: x", "RP1111", 2),
        ("customers:\n  - for_each: {csv: t.csv, columns: {a: nope}}\n    username: x", "RP1117", 1),
    ],
)
def test_what_is_wrong_stands_at_its_place(tmp_path: Path, text: str, code: str, line: int) -> None:
    made = expanded(tmp_path, text, None, {"t.csv": "x;y\n1;2\n"})
    assert [(found, place.line if place else 0) for found, place, _ in told(made)] == [(code, line)]


def test_a_mistake_in_a_template_is_told_once_for_the_first_row(tmp_path: Path) -> None:
    text = "customers:\n  - for_each: {csv: t.csv}\n    username: '{{ each.value.nmae }}'\n"
    made = expanded(tmp_path, text, None, {"t.csv": "name;x\n" + "a;1\n" * 500})
    errors = [finding for finding in made.findings if finding.severity == "error"]
    assert len(errors) == 1
    assert errors[0].place == Place("resellerplan.yaml", 3, 15, 3, 38)
    assert errors[0].label == "there is no 'nmae' in {{ each.value.nmae }}"
    assert errors[0].notes[0].place == Place("t.csv", 2, 1)
    assert errors[0].hint == 'did you mean "name"?'
    assert made.documents[0].failed_at(("customers", 7, "username"))


def test_a_doubtful_column_is_told_only_where_it_is_used(tmp_path: Path) -> None:
    table = {"t.csv": "name;price\na;1,234\n"}
    unused = expanded(tmp_path, "customers: [{for_each: {csv: t.csv}, username: '{{ each.value.name }}'}]", None, table)
    assert told(unused) == []
    used = expanded(tmp_path, "customers: [{for_each: {csv: t.csv}, username: '{{ each.value.price }}'}]", None, table)
    assert [code for code, _, _ in told(used)] == ["RP1116"]


def test_entries_are_bounded(tmp_path: Path) -> None:
    text = "customers: [{for_each: [1,2,3,4,5,6], username: '{{ each.value }}', spaces: [{for_each: [1,2,3], name: x}]}]"
    assert told(expanded(tmp_path, text, items=20)) != []
    assert told(expanded(tmp_path, text, items=30)) == []


def test_text_of_a_table_is_never_a_template(tmp_path: Path) -> None:
    text = "customers: [{for_each: {csv: t.csv}, username: '{{ each.value.name }}', company: 'x {{ each.value.name }}'}]"
    evil = "{{ ''.__class__ }}"
    assert data(tmp_path, text, t=f'name;x\n"{evil}";1\n') == [{"username": evil, "company": f"x {evil}"}]


def test_the_suspension_register_is_read_as_a_table(tmp_path: Path) -> None:
    made = expanded(
        tmp_path, "suspensions: {csv: s.csv, columns: {username: Kunde}}", None, {"s.csv": "Kunde;since;reason\na;31.12.2026;x\n"}
    )
    assert [list(register.table.rows) for register in made.registers] == [[{"username": "a", "since": "2026-12-31", "reason": "x"}]]
    assert isinstance(made.findings[0], Finding)

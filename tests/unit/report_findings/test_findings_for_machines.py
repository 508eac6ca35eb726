"""JSON as Terraform's, SARIF by its schema, JUnit, GitHub's annotations with their escaping and limits, GitLab's code quality."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from resellerplan.cli.commands.validate import rules
from resellerplan.diagnostics import Finding, Note, Place, Severity, Sources
from resellerplan.report.excerpt import Excerpts
from resellerplan.report.findings_json import findings_json
from resellerplan.report.github import LIMIT, findings_github
from resellerplan.report.gitlab import findings_gitlab
from resellerplan.report.junit import findings_junit
from resellerplan.report.sarif import findings_sarif, fingerprints_of
from tests.acceptance.validate.case import CASES, FOLDER
from tests.support.command_line import resellerplan

ROOT = Path(__file__).parents[3]
SOURCES = Sources({"müller plans.yaml": "ä: 1\n  OS: {Diskspce: 5 GB}\n", "fine.yaml": "version: 1\n"})
ERROR = Finding(
    code="RP1204",
    severity=Severity.ERROR,
    summary="unknown quota",
    label="100% wrong: group OS,\nsays <b>&",
    place=Place("müller plans.yaml", 2, 8, 2, 16),
    notes=(Note("declared here", Place("fine.yaml", 1, 1)), Note("the panel would refuse it")),
    hint='did you mean "Diskspace"?',
    address='plan["Web S"]',
)
WARNING = Finding(code="RP1601", severity=Severity.WARNING, summary="plan that nobody uses", place=Place("müller plans.yaml", 1, 1))
NOWHERE = Finding(code="RP1026", severity=Severity.NOTE, summary="read without libyaml", label="\x00\x1b[2J")
ALL = (ERROR, WARNING, NOWHERE)


def test_json_has_the_shape_of_terraforms_validate() -> None:
    data = json.loads(findings_json(ALL, SOURCES))
    assert (data["format_version"], data["valid"], data["error_count"], data["warning_count"]) == ("1.0", False, 1, 1)
    first = data["diagnostics"][0]
    assert first["severity"] == "error"
    assert first["summary"] == "unknown quota"
    assert first["detail"].endswith('hint: did you mean "Diskspace"?')
    assert first["range"] == {
        "filename": "müller plans.yaml",
        "start": {"line": 2, "column": 8, "byte": 6 + 7},
        "end": {"line": 2, "column": 16, "byte": 6 + 15},
    }
    snippet = first["snippet"]
    assert snippet["code"][snippet["highlight_start_offset"] : snippet["highlight_end_offset"]] == "Diskspce"
    assert "range" not in data["diagnostics"][2]


def test_json_of_nothing_is_valid() -> None:
    assert json.loads(findings_json((), Sources({}))) == {
        "format_version": "1.0",
        "valid": True,
        "error_count": 0,
        "warning_count": 0,
        "diagnostics": [],
    }


def _sarif_schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((ROOT / "tests/data/sarif/sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
    return schema


def test_sarif_is_valid_by_its_schema() -> None:
    data = json.loads(findings_sarif(ALL, SOURCES, rules(), "1.2.3"))
    jsonschema.Draft4Validator(_sarif_schema()).validate(data)
    run = data["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["RP1026", "RP1204", "RP1601"]
    first = run["results"][0]
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "RP1204"
    assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "m%C3%BCller%20plans.yaml"
    assert first["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "fine.yaml"


@pytest.mark.parametrize("name", ["ten-mistakes-at-once", "rp1311-ftp-without-its-group", "rp1017-thousands-of-doubled-keys"])
def test_sarif_of_a_real_run_is_valid_by_its_schema(name: str, tmp_path: Path) -> None:
    from tests.acceptance.validate.preparations import PREPARATIONS

    for file in (FOLDER / name).glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    if name in PREPARATIONS:
        PREPARATIONS[name](tmp_path)
    assert name in CASES
    ran = resellerplan("validate", "--format", "sarif", folder=tmp_path)
    assert ran.code == 1
    assert ran.err == ""
    jsonschema.Draft4Validator(_sarif_schema()).validate(json.loads(ran.out))


def test_a_fingerprint_stays_when_lines_move_and_tells_equal_findings_apart() -> None:
    moved = Sources({"müller plans.yaml": "\n\n" + SOURCES.texts["müller plans.yaml"]})
    place = Place("müller plans.yaml", 4, 8, 4, 16)
    lower = Finding(code=ERROR.code, severity=ERROR.severity, summary=ERROR.summary, label=ERROR.label, place=place)
    assert fingerprints_of([lower], Excerpts(moved)) == fingerprints_of([ERROR], Excerpts(SOURCES))
    first, second = fingerprints_of([ERROR, ERROR], Excerpts(SOURCES))
    assert first != second


def test_junit_is_xml_with_a_case_per_rule_and_file() -> None:
    root = ElementTree.fromstring(findings_junit(ALL, SOURCES))
    suite = root[0]
    assert suite.attrib == {"name": "resellerplan validate", "tests": "4", "failures": "1", "errors": "0", "skipped": "0"}
    by_name = {case.attrib["name"].split()[0]: case for case in suite}
    failure = by_name["RP1204"].find("failure")
    assert failure is not None
    assert "group OS" in (failure.text or "")
    assert by_name["RP1601"].find("failure") is None
    assert by_name["RP1601"].find("system-out") is not None
    assert by_name["fits"].attrib["classname"] == "fine.yaml"


def test_github_commands_are_escaped() -> None:
    first, second, third = findings_github(ALL).splitlines()
    assert first.startswith("::error file=müller plans.yaml,line=2,col=8,endLine=2,endColumn=16,title=RP1204 unknown quota::")
    assert "100%25 wrong: group OS,%0Asays <b>&" in first
    assert second.startswith("::warning file=müller plans.yaml,line=1,col=1,title=")
    assert third == "::notice title=RP1026 read without libyaml::\\x00\\x1b[2J"


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "github", "gitlab"])
def test_machines_get_names_from_the_current_folder_on(form: str, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    file = tmp_path / "sub" / "resellerplan.yaml"
    file.write_text("customers: [{username: a, emial: x}, {username: A}]\n", encoding="utf-8")
    ran = resellerplan("validate", "--format", form, str(file), folder=tmp_path)
    assert ran.code == 1
    assert "sub/resellerplan.yaml" in ran.out
    assert str(tmp_path) not in ran.out
    assert str(file) in resellerplan("validate", str(file), folder=tmp_path).err


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("müller plans.yaml", "m%C3%BCller%20plans.yaml"),
        ("/srv/a b.yaml", "file:///srv/a%20b.yaml"),
        ("C:\\estate\\a.yaml", "file:///C:/estate/a.yaml"),
        ("a:b.yaml", "a%3Ab.yaml"),
    ],
)
def test_sarif_names_files_by_references(name: str, uri: str) -> None:
    finding = Finding(code="RP1601", severity=Severity.WARNING, summary="x", place=Place(name, 1, 1))
    result = json.loads(findings_sarif([finding], Sources(), rules(), "1"))["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_github_gets_no_columns_for_what_spans_lines() -> None:
    finding = Finding(code="RP1206", severity=Severity.ERROR, summary="x", place=Place("a.yaml", 2, 62, 3, 7))
    assert findings_github([finding]).startswith("::error file=a.yaml,line=2,endLine=3,title=")


def test_a_comma_or_colon_in_a_property_is_escaped() -> None:
    finding = Finding(code="RP1204", severity=Severity.ERROR, summary="x", place=Place("C:\\a,b.yaml", 1, 1))
    assert "file=C%3A\\a%2Cb.yaml," in findings_github([finding])


def test_github_keeps_ten_of_a_kind_and_the_last_says_how_many_more() -> None:
    lines = findings_github([ERROR] * 25 + [WARNING] * LIMIT).splitlines()
    errors = [line for line in lines if line.startswith("::error")]
    assert len(errors) == LIMIT
    assert errors[-1] == "::error title=resellerplan validate::16 more of this kind; the log has all"
    assert len(lines) == 2 * LIMIT


def test_gitlab_gets_what_its_widget_needs() -> None:
    data = json.loads(findings_gitlab(ALL, SOURCES))
    assert [one["severity"] for one in data] == ["critical", "minor", "info"]
    assert len({one["fingerprint"] for one in data}) == 3
    assert data[0]["location"] == {"path": "müller plans.yaml", "lines": {"begin": 2}}
    assert data[2]["location"]["lines"]["begin"] == 1
    assert set(data[0]) == {"description", "check_name", "fingerprint", "severity", "location"}


def test_no_format_shows_a_password_in_the_text(tmp_path: Path) -> None:
    manifest = "customers: [{username: mueller, password: hunter2, email: wrong}]\n"
    (tmp_path / "resellerplan.yaml").write_text(manifest, encoding="utf-8")
    for form in ("text", "json", "sarif", "junit", "github", "gitlab"):
        ran = resellerplan("validate", "--format", form, folder=tmp_path)
        assert ran.code == 1
        assert "RP1501" in ran.out + ran.err
        assert "hunter2" not in ran.out + ran.err

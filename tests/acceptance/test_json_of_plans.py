"""What programs read of a plan: the stream of `--json`, the document of `--json-into`, the counts of `--gitlab-report`."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import Ran, resellerplan

EXAMPLES = Path(__file__).parents[2] / "examples"
GUIDE = str(EXAMPLES / "webpanel-guide")
CHANGED = str(EXAMPLES / "webpanel-guide-changed")
PASSWORD = "Canary-Pw1!"

DOCUMENT = {
    "format_version",
    "terraform_version",
    "planned_values",
    "resource_changes",
    "resource_drift",
    "relevant_attributes",
    "output_changes",
    "prior_state",
    "configuration",
    "checks",
    "errored",
    "timestamp",
}
CHANGE = {"actions", "before", "after", "after_unknown", "before_sensitive", "after_sensitive"}
RESOURCE = {"address", "mode", "type", "name", "provider_name", "change"}
COMMON = {"@level", "@message", "@module", "@timestamp", "type"}


class Site:
    """An embedded panel in a file, and the program against it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = {
            "HOME": str(folder / "home"),
            "RESELLERPLAN_URL": "embedded:p.sqlite",
            "MUELLER_PASSWORD": PASSWORD,
            "SCHMIDT_PASSWORD": PASSWORD,
        }
        self.run("panel", "seed", "p.sqlite", "--start", str(EXAMPLES / "panel.yaml"))

    def run(self, *argv: str, code: int = 0) -> Ran:
        ran = resellerplan(*argv, environ=self.environ, folder=self.folder)
        assert ran.code == code, ran.out + ran.err
        return ran

    def stream(self, *argv: str, code: int = 0) -> list[dict[str, Any]]:
        """Every line of standard output, which holds nothing but objects."""
        return [json.loads(line) for line in self.run(*argv, "--json", code=code).out.splitlines()]

    def document(self, *argv: str) -> dict[str, Any]:
        self.run(*argv, "--json-into", "plan.json", "--gitlab-report", "widget.json")
        found: dict[str, Any] = json.loads((self.folder / "plan.json").read_text(encoding="utf-8"))
        return found


@pytest.fixture
def panel(tmp_path: Path) -> Site:
    return Site(tmp_path)


def actions_of(document: dict[str, Any]) -> dict[str, list[str]]:
    return {row["address"]: row["change"]["actions"] for row in document["resource_changes"]}


def test_the_stream_begins_with_its_version_and_every_line_has_the_common_keys(panel: Site) -> None:
    lines = panel.stream("plan", GUIDE)
    assert (lines[0]["type"], lines[0]["ui"].split(".")[0]) == ("version", "1")
    for line in lines:
        assert line.keys() >= COMMON, line
        assert datetime.fromisoformat(line["@timestamp"]).tzinfo is not None
    kinds = Counter(line["type"] for line in lines)
    assert kinds["planned_change"] == 7
    assert kinds["change_summary"] == 1
    changes = [line["change"] for line in lines if line["type"] == "planned_change"]
    assert {change["action"] for change in changes} == {"create"}
    assert 'space["mueller/Müller Fliesen"]' in {change["resource"]["addr"] for change in changes}
    (summary,) = [line["changes"] for line in lines if line["type"] == "change_summary"]
    assert summary == {"add": 7, "change": 0, "remove": 0, "import": 0, "operation": "plan"}


def test_the_stream_of_a_run_tells_starts_ends_and_counts(panel: Site) -> None:
    lines = panel.stream("apply", GUIDE, "--auto-approve")
    kinds = Counter(line["type"] for line in lines)
    assert kinds["apply_start"] == kinds["apply_complete"] == 7
    assert lines[0]["type"] == "version"
    summaries = {line["changes"]["operation"]: line["changes"] for line in lines if line["type"] == "change_summary"}
    assert summaries["apply"]["add"] == 7
    assert PASSWORD not in json.dumps(lines)


def test_an_error_and_a_finding_are_objects_too(panel: Site) -> None:
    (panel.folder / "bad.yaml").write_text("version: 1\nplans: [{name: W, groups: {OS: {Diskspce: 5}}}]\n", encoding="utf-8")
    lines = panel.stream("plan", "bad.yaml", code=1)
    found = next(line["diagnostic"] for line in lines if line["type"] == "diagnostic" and line["@level"] == "error")
    assert found["severity"] == "error"
    assert (found["range"]["filename"], found["range"]["start"]["line"]) == ("bad.yaml", 2)
    panel.environ["RESELLERPLAN_URL"] = "embedded:nothing.sqlite"
    lines = panel.stream("plan", GUIDE, code=1)
    assert [line["@level"] for line in lines][-1] == "error"


def test_the_document_holds_what_consumers_of_plans_need(panel: Site) -> None:
    document = panel.document("plan", GUIDE)
    assert document.keys() >= DOCUMENT
    assert document["format_version"].split(".")[0] == "1"
    assert document["errored"] is False
    assert datetime.fromisoformat(document["timestamp"]).tzinfo is not None
    for row in document["resource_changes"]:
        assert row.keys() >= RESOURCE, row
        assert row["change"].keys() >= CHANGE, row
        assert row["mode"] == "managed"
    assert set(map(tuple, actions_of(document).values())) == {("create",)}
    assert len(actions_of(document)) == 7


def test_the_document_lists_what_stays_as_it_is(panel: Site) -> None:
    panel.run("apply", GUIDE, "--auto-approve")
    same = panel.document("plan", GUIDE)
    assert set(map(tuple, actions_of(same).values())) == {("no-op",)}
    assert len(actions_of(same)) == 7
    changed = panel.document("plan", CHANGED)
    counts = Counter(action for actions in actions_of(changed).values() for action in actions)
    assert counts["update"] >= 3
    assert counts["no-op"] >= 1
    row = next(row for row in changed["resource_changes"] if row["change"]["actions"] == ["update"])
    assert row["change"]["before"] != row["change"]["after"]
    widget = json.loads((panel.folder / "widget.json").read_text(encoding="utf-8"))
    assert widget == {"create": counts["create"], "update": counts["update"], "delete": counts["delete"]}


def test_a_delete_says_why(panel: Site) -> None:
    (panel.folder / "one.yaml").write_text("version: 1\nplans: [{name: Old, groups: {OS: {Domains: 1}}}]\n", encoding="utf-8")
    panel.run("apply", "one.yaml", "--auto-approve")
    (panel.folder / "none.yaml").write_text("version: 1\nplans: [{name: Old, state: absent, reason: unused}]\n", encoding="utf-8")
    (row,) = panel.document("plan", "none.yaml")["resource_changes"]
    assert row["change"]["actions"] == ["delete"]
    assert row["action_reason"] == "delete_because_marked_absent"
    assert row["change"]["after"] is None


def test_no_password_is_in_the_document_and_personal_data_only_where_it_was_asked_for(panel: Site) -> None:
    masked = json.dumps(panel.document("plan", GUIDE), ensure_ascii=False)
    assert PASSWORD not in masked
    assert "petra@mueller.example" not in masked
    shown = json.dumps(panel.document("plan", GUIDE, "--show-personal"), ensure_ascii=False)
    assert "petra@mueller.example" in shown
    assert PASSWORD not in shown

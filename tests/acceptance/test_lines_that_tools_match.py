"""The lines that readers of plan/apply text look for, in what really comes out of a plan, a refusal, an apply and a second one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.command_line import Ran, resellerplan

EXAMPLES = Path(__file__).parents[2] / "examples"
GUIDE = (EXAMPLES / "webpanel-guide" / "resellerplan.yaml").read_text(encoding="utf-8")

# As wrappers of such tools have them, to the letter.
CREATED = re.compile(r"^ *# (.*) will be created$", re.MULTILINE)
UPDATED = re.compile(r"^ *# (.*) will be updated in-place$", re.MULTILINE)
DESTROYED = re.compile(r"^ *# (.*) will be destroyed$", re.MULTILINE)
MOVED_FROM = re.compile(r"^ *# \(moved from (.*?)\)$", re.MULTILINE)
SUMMARY = re.compile(r"^(Plan: \d|No changes.)", re.MULTILINE)
DESTROYS = re.compile(r"([1-9][0-9]* to destroy.)", re.MULTILINE)
NOTHING = re.compile(r"^(No changes\.|Plan: (\d+ to import, )?0 to add, 0 to change, 0 to destroy\.)", re.MULTILINE)
ERROR = re.compile(r"^([│|] )?(Error: )", re.MULTILINE)
WARNING = re.compile(r"^([│|] )?(Warning: )", re.MULTILINE)
APPLIED = re.compile(r"^(Apply complete!)", re.MULTILINE)


class Site:
    """A panel, and a manifest that is written anew for each command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = {
            "HOME": str(folder / "home"),
            "RESELLERPLAN_URL": "embedded:p.sqlite",
            "MUELLER_PASSWORD": "Mueller-Pw1!",
            "SCHMIDT_PASSWORD": "Schmidt-Pw1!",
        }
        self.run("", "panel", "seed", "p.sqlite", "--start", str(EXAMPLES / "panel.yaml"))

    def run(self, manifest: str, *argv: str, code: int = 0) -> Ran:
        (self.folder / "resellerplan.yaml").write_text(manifest, encoding="utf-8")
        ran = resellerplan(*argv, environ=self.environ, folder=self.folder)
        assert ran.code == code, ran.out + ran.err
        return ran


@pytest.fixture
def panel(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_additions_and_the_end_of_an_apply_are_matched(panel: Site) -> None:
    plan = panel.run(GUIDE, "plan").out
    assert CREATED.findall(plan)[:3] == ["customer.mueller", "customer.schmidt", 'plan["Web S"]']
    assert len(CREATED.findall(plan)) == 7
    assert SUMMARY.findall(plan) == ["Plan: 7"]
    assert [rule.pattern for rule in (NOTHING, DESTROYS, ERROR, WARNING) if rule.search(plan)] == []
    applied = panel.run(GUIDE, "apply", "--auto-approve").out
    assert "\nApply complete! Resources: 7 added, 0 changed, 0 destroyed.\n" in applied


def test_an_apply_with_nothing_to_do_says_both_sentences(panel: Site) -> None:
    """Readers of an apply look for its closing sentence, whether something was to be done or not."""
    panel.run(GUIDE, "apply", "--auto-approve")
    again = panel.run(GUIDE, "apply", "--auto-approve").out
    assert NOTHING.search(again)
    assert APPLIED.search(again)
    assert "\nApply complete! Resources: 0 added, 0 changed, 0 destroyed.\n" in again


def test_changes_renames_and_destructions_are_matched(panel: Site) -> None:
    panel.run(GUIDE, "apply", "--auto-approve")
    renamed = GUIDE.replace("name: Web M\n", "name: Web L\n    moved_from: Web M\n").replace("plan: Web M", "plan: Web L")
    tombstone = "      - name: Schmidt privat\n        state: absent\n        reason: moved away"
    gone = renamed.replace("      - plan: Web S\n        name: Schmidt privat", tombstone)
    plan = panel.run(gone, "plan").out
    assert UPDATED.findall(plan) == ['plan["Web L"]']
    assert MOVED_FROM.findall(plan) == ['plan["Web M"]']
    assert DESTROYED.findall(plan) == ['space["schmidt/Schmidt privat"]']
    assert DESTROYS.findall(plan) == ["1 to destroy."]
    assert '# (because space["schmidt/Schmidt privat"] is marked absent: "moved away")' in plan


def test_a_refusal_and_a_warning_are_matched_at_the_beginning_of_their_lines(panel: Site) -> None:
    panel.run(GUIDE, "apply", "--auto-approve")
    less = panel.run(GUIDE.replace("Diskspace: 5 GB", "Diskspace: 1 GB"), "plan", code=1).out
    assert ERROR.search(less)
    much = panel.run(GUIDE.replace("Diskspace: 20 GB", "Diskspace: 20 TB"), "plan").out
    assert WARNING.search(much)
    assert not ERROR.search(much)

"""The journal: written ahead, without secrets, one run at a time; former runs are taken up before anything new is written."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from resellerplan.applying.journal import NoJournal, Runs
from resellerplan.applying.outcome import Outcome, Result, StepKind
from resellerplan.applying.resume import NOTHING_LEFT, STILL_WORKING, refuse, take_up
from resellerplan.applying.step import lower
from resellerplan.errors import JournalError, PanelAmbiguous, PanelFault, PanelRefused
from resellerplan.model.address import Address
from resellerplan.planning.change import Action
from tests.support.estates import (
    NOW,
    absent,
    addon,
    customer,
    desired,
    domains,
    hosting_plan,
    live,
    live_customer,
    live_plan,
    live_space,
    plan_of,
    space,
)
from tests.support.panel_in_memory import Fault, PanelInMemory
from tests.support.running import World, results

MUELLER, WEB_S = Address.customer("mueller"), Address.plan("Web S")
SPACE = Address.space("mueller", "Web S")
CUT = PanelAmbiguous("cut off while talking to petra@mueller.example")


class Killed(BaseException):
    """The process ends here."""


def world(folder: Path, *found: Any, **said: Any) -> World:
    return World(PanelInMemory(live(*found, **said)), folder)


def rows(here: World) -> list[dict[str, Any]]:
    assert here.runs is not None
    (path,) = sorted(here.runs.folder.glob("*.jsonl"))[-1:]
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def resumed(here: World) -> Any:
    assert here.runs is not None
    return take_up(here.runs.unfinished(), here.runs, here.panel, here.clock.clock())


def killed_at(here: World, call: str, wanted: Any, *, commit: bool, **policy: Any) -> None:
    """A run whose process ends in the middle of a call."""
    here.panel.script(call, Fault(Killed(), commit=commit))
    with pytest.raises(Killed):
        here.make_so(wanted, **policy)
    here.stop.clear()  # the next run is another process


# --- writing


def test_an_intent_is_on_the_disk_before_the_write_is_sent(tmp_path: Path) -> None:
    here = world(tmp_path)
    seen: list[list[dict[str, Any]]] = []
    here.panel.delay = lambda call: seen.append(rows(here)) if call.startswith("create") else None
    here.make_so(desired(customer(), hosting_plan()))
    assert [(one[-1]["entry"], one[-1]["step"]) for one in seen] == [
        ("intent", "customer.mueller#create"),
        ("intent", 'plan["Web S"]#create'),
    ]


def test_a_journal_says_what_the_run_is_and_how_each_step_ended(tmp_path: Path) -> None:
    here = world(tmp_path)
    report = here.make_so(desired(customer(), hosting_plan()))
    head, *_, last = rows(here)
    assert head["entry"] == "run"
    assert (head["reseller"], head["panel"], head["plan"], head["program"]) == ("brightweb", "https://panel.example", "d1", "test")
    assert [step["step"] for step in head["steps"]] == ["customer.mueller#create", 'plan["Web S"]#create']
    ended = [row for row in rows(here) if row["entry"] == "result"]
    assert [(row["result"], row["panel_id"], row.get("because"), row.get("code")) for row in ended] == [
        ("done", 11, None, None),
        ("done", 12, None, None),
    ]
    assert last == {"entry": "end", "at": "2026-11-24T10:00:00.000+00:00", "interrupted": False}
    assert report.journal.endswith(".jsonl")
    assert here.runs is not None
    assert here.runs.unfinished() == ()


def test_a_journal_holds_no_secret_and_masks_addresses(tmp_path: Path) -> None:
    here = world(tmp_path)
    here.panel.script("create_hosting_plan", Fault(CUT))
    here.make_so(desired(customer(email="petra@mueller.example"), hosting_plan(), space()))
    text = Path(next(tmp_path.glob("*.jsonl"))).read_text(encoding="utf-8")
    assert here.panel.passwords["mueller"] not in text
    assert "petra" not in text
    assert "p…@mueller.example" in text
    assert '"because": "plan[\\"Web S\\"]"' in text


def test_a_journal_is_for_its_owner_alone(tmp_path: Path) -> None:
    here = world(tmp_path / "state" / "runs")
    here.make_so(desired(customer()))
    (path,) = (tmp_path / "state" / "runs").glob("*.jsonl")
    others = stat.S_IRWXG | stat.S_IRWXO if os.name == "posix" else 0
    assert path.stat().st_mode & others == 0


def test_two_runs_within_a_second_have_two_journals(tmp_path: Path) -> None:
    here = world(tmp_path)
    for name in ("a", "b", "c"):
        here.make_so(desired(customer(name)))
    assert len(list(tmp_path.glob("*.jsonl"))) == 3


def test_one_run_at_a_time_and_who_holds_it_is_told(tmp_path: Path) -> None:
    here = world(tmp_path)
    assert here.runs is not None
    runs = here.runs
    with here.runs.begin(()) as journal:
        second: list[Callable[[], object]] = [lambda: runs.begin(()), runs.unfinished]
        for begin in second:
            with pytest.raises(JournalError, match="another apply is running for brightweb") as caught:
                begin()
            assert caught.value.detail == f"by p@q (process {os.getpid()}), since 2026-11-24 10:00:00 UTC"
        journal.close(interrupted=False)
        journal.close(interrupted=False)
    here.runs.begin(()).close(interrupted=True)
    elsewhere = Runs(folder=tmp_path, reseller="another", panel="https://panel.example", now=lambda: NOW)
    with here.runs.begin(()), elsewhere.begin(()):
        pass


def test_a_holder_that_left_no_name_is_still_told(tmp_path: Path) -> None:
    here = world(tmp_path)
    assert here.runs is not None
    with here.runs.begin(()):
        next(tmp_path.glob("*.holder")).unlink()
        with pytest.raises(JournalError) as caught:
            here.runs.begin(())
        assert caught.value.detail == ""


def test_where_nothing_can_be_written_nothing_is_sent(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    here = world(blocked / "runs")
    with pytest.raises(JournalError, match="no journal can be written"):
        here.make_so(desired(customer()))
    assert here.panel.writes() == []


def test_a_journal_that_cant_be_made_gives_the_lock_back(tmp_path: Path) -> None:
    here = world(tmp_path)
    assert here.runs is not None
    here.runs.begin(()).close(interrupted=False)
    name = next(tmp_path.glob("*.holder"))
    name.unlink()
    name.mkdir()
    with pytest.raises(JournalError, match="no journal can be written"):
        here.runs.begin(())
    name.rmdir()
    here.runs.begin(()).close(interrupted=False)


def test_a_disk_that_fills_up_stops_the_run_before_the_next_write(tmp_path: Path) -> None:
    here = world(tmp_path)
    assert here.runs is not None
    (step,) = lower(plan_of(desired(customer()), live()))
    with here.runs.begin(()) as journal:
        journal._file.close()
        with pytest.raises(JournalError, match="can't be written"):
            journal.intend(step)


def test_no_journal_keeps_nothing() -> None:
    journal = NoJournal()
    (step,) = lower(plan_of(desired(customer()), live()))
    outcome = Outcome(step=step.name, address=MUELLER, kind=StepKind.CREATE, action=Action.CREATE, result=Result.DONE)
    journal.intend(step)
    journal.record(outcome)
    journal.close(interrupted=False)
    assert journal.path == ""


# --- reading


def test_a_torn_last_line_is_what_a_crash_leaves(tmp_path: Path) -> None:
    here = world(tmp_path)
    here.make_so(desired(customer()))
    path = next(tmp_path.glob("*.jsonl"))
    with path.open("a", encoding="utf-8") as file:
        file.write('{"entry": "int')
    assert here.runs is not None
    assert here.runs.unfinished() == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [("no json\n", "line 1 of the journal .* is damaged"), ('{"entry": "run"}\n{\n', "line 2 of the journal .* is damaged")],
)
def test_a_damaged_line_is_an_error_that_says_where(tmp_path: Path, text: str, said: str) -> None:
    here = world(tmp_path)
    here.make_so(desired(customer()))
    path = next(tmp_path.glob("*.jsonl"))
    path.write_text(text, encoding="utf-8")
    assert here.runs is not None
    with pytest.raises(JournalError, match=said):
        here.runs.unfinished()
    path.write_bytes(b"\xff\xfe\n")
    with pytest.raises(JournalError, match="can't be read"):
        here.runs.unfinished()


def test_a_journal_of_strange_rows_leaves_nothing_open(tmp_path: Path) -> None:
    here = world(tmp_path)
    here.make_so(desired(customer()))
    path = next(tmp_path.glob("*.jsonl"))
    strange = [[], {"entry": "run", "steps": 7, "at": "yesterday"}, {"entry": "intent", "step": "x", "at": "y"}, {"entry": "new"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in strange), encoding="utf-8")
    assert here.runs is not None
    assert here.runs.unfinished() == ()


# --- taking up what a former run left


@pytest.mark.parametrize("commit", [True, False])
def test_a_run_that_died_in_a_creation_is_taken_up_and_makes_no_duplicate(tmp_path: Path, commit: bool) -> None:
    here = world(tmp_path)
    wanted = desired(customer(), hosting_plan(), space())
    killed_at(here, "create_customer", wanted, commit=commit)
    assert here.runs is not None
    former = here.runs.unfinished()
    assert [one.step for one in former[0].pending] == ["customer.mueller#create"]
    assert former[0].blocking
    with pytest.raises(JournalError, match="did not finish") as caught:
        refuse(former)
    assert caught.value.detail == "customer.mueller: its creation was sent 2026-11-24 10:00 UTC"
    taken = resumed(here)
    assert [(one.verdict, one.address) for one in taken.settled] == [("happened" if commit else "not-happened", MUELLER)]
    assert taken.blocked == {}
    assert here.runs.unfinished() == ()
    refuse(here.runs.unfinished())
    assert here.apply(here.plan(wanted), resumption=taken).good
    assert len(here.panel.holds(MUELLER)) == 1


def test_a_plan_that_is_not_there_yet_blocks_until_the_panel_must_have_given_up(tmp_path: Path) -> None:
    here = world(tmp_path)
    wanted = desired(customer(), hosting_plan(), space(), addon())
    here.panel.script("create_hosting_plan", Fault(CUT))
    here.make_so(wanted)
    taken = resumed(here)
    assert taken.blocked.keys() == {WEB_S}
    assert "may still be working" in taken.blocked[WEB_S]
    report = here.apply(here.plan(wanted), resumption=taken)
    assert results(report) == {'plan["Web S"]#create': Result.UNKNOWN, f"{SPACE}#create": Result.SKIPPED}
    here.clock.at += STILL_WORKING
    later = resumed(here)
    assert [one.verdict for one in later.settled] == ["not-happened"]
    assert here.apply(here.plan(wanted), resumption=later).good


def test_a_plan_that_arrives_late_is_found_and_not_made_again(tmp_path: Path) -> None:
    here = world(tmp_path)
    wanted = desired(customer(), hosting_plan(), space())
    here.panel.script("create_hosting_plan", Fault(CUT))
    here.make_so(wanted)
    here.panel.add(live_plan())
    taken = resumed(here)
    assert [one.verdict for one in taken.settled] == ["happened"]
    assert here.apply(here.plan(wanted), resumption=taken).good
    assert len(here.panel.holds(WEB_S)) == 1


@pytest.mark.parametrize("commit", [True, False])
def test_a_delete_that_is_open_is_looked_up(tmp_path: Path, commit: bool) -> None:
    here = world(tmp_path, live_customer(), live_plan(), live_space())
    wanted = desired(customer(), space(lifecycle=absent()))
    killed_at(here, "delete_space", wanted, commit=commit)
    assert [one.verdict for one in resumed(here).settled] == ["happened" if commit else "not-happened"]
    assert here.make_so(wanted).good


def test_changes_that_are_open_are_planned_anew(tmp_path: Path) -> None:
    here = world(tmp_path, live_customer(city="x"))
    killed_at(here, "update_customer", desired(customer(city="y")), commit=False)
    assert [one.verdict for one in resumed(here).settled] == ["planned-anew"]
    assert here.make_so(desired(customer(city="y"))).good


def test_a_domain_that_is_open_waits_like_a_creation(tmp_path: Path) -> None:
    here = world(tmp_path, live_customer(), live_plan(), live_space())
    wanted = desired(customer(), space(domains=domains("a.example")))
    killed_at(here, "add_domain", wanted, commit=False)
    assert resumed(here).blocked.keys() == {SPACE}
    here.clock.at += STILL_WORKING - timedelta(seconds=1)
    assert resumed(here).blocked.keys() == {SPACE}
    here.clock.at += timedelta(seconds=1)
    assert resumed(here).blocked == {}


def test_a_look_up_that_fails_leaves_the_run_open(tmp_path: Path) -> None:
    here = world(tmp_path)
    killed_at(here, "create_customer", desired(customer()), commit=False)
    here.panel.script("find", Fault(PanelFault("no")))
    with pytest.raises(PanelFault):
        resumed(here)
    assert here.runs is not None
    assert len(here.runs.unfinished()) == 1


# --- letters


def test_a_letter_that_was_never_asked_for_is_owed_and_sent_once(tmp_path: Path) -> None:
    here = world(tmp_path)
    wanted = desired(customer(summary_letter=True), hosting_plan())
    here.panel.delay = lambda call: here.stop.set() if call == "create_customer" else None
    here.make_so(wanted)
    here.stop.clear()
    here.panel.delay = lambda call: None
    taken = resumed(here)
    assert taken.owed_letters == (MUELLER,)
    assert here.apply(here.plan(wanted), resumption=taken).good
    assert here.panel.letters == [MUELLER]
    assert resumed(here) == NOTHING_LEFT


def test_a_letter_is_sent_beside_other_changes_of_its_object_and_only_by_who_takes_it_over(tmp_path: Path) -> None:
    here = world(tmp_path)
    killed_at(here, "create_customer", desired(customer(summary_letter=True)), commit=True)
    taken = resumed(here)
    changed = desired(customer(city="Dresden", summary_letter=True))
    assert here.apply(here.plan(changed)).good
    assert here.panel.letters == []
    here.panel.poke(MUELLER, city="Leipzig")
    assert results(here.apply(here.plan(changed), resumption=taken)) == {
        "customer.mueller#update": Result.DONE,
        "customer.mueller#letter": Result.DONE,
    }
    assert here.panel.letters == [MUELLER]


def test_an_owed_letter_that_is_taken_over_and_not_sent_stays_owed(tmp_path: Path) -> None:
    here = world(tmp_path)
    wanted = desired(customer(summary_letter=True))
    killed_at(here, "create_customer", wanted, commit=True)
    taken = resumed(here)
    assert taken.owed_letters == (MUELLER,)
    here.stop.set()
    here.apply(here.plan(wanted), resumption=taken)
    here.stop.clear()
    again = resumed(here)
    assert again.owed_letters == (MUELLER,)
    here.apply(here.plan(wanted), resumption=again)
    assert here.panel.letters == [MUELLER]
    assert resumed(here).owed_letters == ()


def test_a_letter_that_was_asked_for_is_never_sent_again_by_itself(tmp_path: Path) -> None:
    here = world(tmp_path)
    wanted = desired(customer(summary_letter=True))
    killed_at(here, "send_account_letter", wanted, commit=True)
    taken = resumed(here)
    assert [one.verdict for one in taken.settled] == ["letter-unknown"]
    assert taken.owed_letters == ()
    here.apply(here.plan(wanted), resumption=taken)
    assert here.panel.letters == [MUELLER]


def test_no_letter_is_owed_for_what_was_not_made_or_was_there_before(tmp_path: Path) -> None:
    here = world(tmp_path)
    wanted = desired(customer(summary_letter=True), customer("b", summary_letter=True))
    plan = here.plan(wanted)
    here.panel.script("create_customer", Fault(PanelRefused("no", code=-2, slug="bad-name")))
    here.panel.add(live_customer("b"))
    here.apply(plan, parallelism=1)
    assert resumed(here) == NOTHING_LEFT


def test_a_letter_of_what_is_still_unknown_is_not_owed_yet(tmp_path: Path) -> None:
    here = world(tmp_path)
    wanted = desired(customer(), hosting_plan(), space(summary_letter=True))
    here.panel.script("create_space", Fault(CUT))
    here.make_so(wanted)
    taken = resumed(here)
    assert taken.blocked.keys() == {SPACE}
    assert taken.owed_letters == ()
    here.panel.add(live_space(), owner=11)
    assert resumed(here).owed_letters == (SPACE,)


def test_an_owed_letter_of_what_is_gone_fails_and_says_so(tmp_path: Path) -> None:
    here = world(tmp_path)
    wanted = desired(customer(summary_letter=True))
    killed_at(here, "create_customer", wanted, commit=True)
    taken = resumed(here)
    here.panel.remove(MUELLER)
    report = here.apply(plan_of(desired(), here.panel.snapshot()), resumption=taken)
    assert results(report) == {"customer.mueller#letter": Result.FAILED}

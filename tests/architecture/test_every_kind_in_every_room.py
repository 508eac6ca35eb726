"""Kinds are rows: each of them is known to every room that has to do with kinds, or this test says what was forgotten."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

import resellerplan
from resellerplan.applying.outcome import StepKind
from resellerplan.applying.run import Ports, run
from resellerplan.applying.step import lower
from resellerplan.model.address import Address, Kind, parse_address
from resellerplan.model.resource import Resource, references
from resellerplan.model.traits import KINDS
from resellerplan.model.values import Money
from resellerplan.planning.change import Action
from resellerplan.planning.differences import creation_fields
from resellerplan.planning.plan_file import Header, dump_plan, load_plan
from resellerplan.planning.plan_json import as_document
from resellerplan.report.as_text import plan_text
from tests.support.estates import (
    NOW,
    absent,
    addon,
    customer,
    desired,
    hosting_plan,
    live,
    live_customer,
    live_plan,
    live_space,
    plan_of,
    space,
)
from tests.support.panel_in_memory import FakeClock, FakeSecrets, PanelInMemory

SOURCE = Path(resellerplan.__file__).parent
HEADER = Header(program="resellerplan 0", panel="https://panel.example", made_at=NOW)

FILES = {Kind.CUSTOMER: "customer", Kind.PLAN: "hosting_plan", Kind.ADDON: "hosting_plan", Kind.SPACE: "space"}

DECLARED: dict[Kind, Resource] = {
    Kind.CUSTOMER: customer(),
    Kind.PLAN: hosting_plan(),
    Kind.ADDON: addon(),
    Kind.SPACE: space(),
}
CHANGED: dict[Kind, Resource] = {
    Kind.CUSTOMER: customer(first_name="Petra"),
    Kind.PLAN: hosting_plan(recurring=Money.of("4.90")),
    Kind.ADDON: addon(recurring=Money.of("1")),
    Kind.SPACE: space(comments="hello"),
}
every_kind = pytest.mark.parametrize("kind", list(Kind))


def _live_world() -> PanelInMemory:
    extra = live_plan("Extra", as_addon=True, groups=addon().groups)
    return PanelInMemory(live(live_customer(), live_plan(), extra, live_space()))


def _ports(panel: PanelInMemory) -> Ports:
    return Ports(panel=panel, secrets=FakeSecrets(), clock=FakeClock().clock(), chance=lambda: 0.5)


def test_the_table_has_a_row_for_every_kind_and_every_type() -> None:
    assert list(KINDS) == list(Kind)
    assert {row.type for row in KINDS.values()} == set(get_args(Resource))


@every_kind
def test_a_kind_has_a_file_of_its_name_in_the_rooms_that_need_one(kind: Kind) -> None:
    assert (SOURCE / "model" / f"{FILES[kind]}.py").exists()
    assert (SOURCE / "panel" / "translate" / f"{FILES[kind]}.py").exists()


@every_kind
def test_every_field_of_a_kind_has_a_trait_and_every_trait_a_field(kind: Kind) -> None:
    identity = {"username", "customer", "name", "lifecycle", "unlisted"}
    assert set(KINDS[kind].fields) == set(KINDS[kind].type.__dataclass_fields__) - identity


@every_kind
def test_an_address_of_a_kind_is_read_back_as_it_is_written(kind: Kind) -> None:
    address = DECLARED[kind].self_address
    assert address.kind is kind
    assert parse_address(str(address)) == address
    quoted = Address(kind, 'a "b" ü', "p.müller" if kind is Kind.SPACE else "")
    assert parse_address(str(quoted)) == quoted


@every_kind
def test_planning_creates_updates_and_deletes_a_kind(kind: Kind) -> None:
    here = _live_world().snapshot()
    assert list(creation_fields(CHANGED[kind]))
    resource = CHANGED[kind]
    updated = plan_of(desired(resource), here)
    assert [change.action for change in updated.changes] == [Action.UPDATE]
    buried = replace(resource, lifecycle=absent())
    deleted = plan_of(desired(buried), here)
    assert [change.action for change in deleted.changes] == [Action.DELETE]
    created = plan_of(desired(*[DECLARED[one] for one in Kind]), live())
    assert {change.address.kind for change in created.changes if change.action is Action.CREATE} == set(Kind)
    assert all(references(one) is not None for one in DECLARED.values())


@every_kind
def test_applying_lowers_and_writes_a_kind(kind: Kind) -> None:
    panel = _live_world()
    plan = plan_of(desired(CHANGED[kind]), panel.snapshot())
    assert [step.kind for step in lower(plan)] == [StepKind.UPDATE]
    report = run(plan, _ports(panel))
    assert report.good
    assert report.counts.changed == 1
    assert not plan_of(desired(CHANGED[kind]), panel.snapshot()).counts.anything


@every_kind
def test_the_report_and_the_files_show_a_kind(kind: Kind) -> None:
    plan = plan_of(desired(CHANGED[kind]), _live_world().snapshot())
    text = plan_text(plan)
    assert f"# {plan.changes[0].address} will be updated in-place" in text
    document = as_document(plan, HEADER)
    assert f'"type": "{kind.value}"' in json.dumps(document)
    assert load_plan(dump_plan(plan, HEADER)).plan == plan


@every_kind
def test_the_published_schema_knows_a_kind(kind: Kind) -> None:
    schema = json.loads((SOURCE.parents[1] / "schemas" / "manifest.schema.json").read_text(encoding="utf-8"))
    word = {"addon": "plans"}.get(kind.value, KINDS[kind].plural)
    assert word in schema["properties"]
    if kind is Kind.ADDON:
        assert '"addon"' in json.dumps(schema)

"""Saved plans: what is read back is what was reviewed; damage, tampering and strangers are refused; secrets never get in."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from resellerplan.errors import PlanFileInvalid
from resellerplan.model.address import Address
from resellerplan.model.customer import AgeSink, CommandSink, FileSink, FromCommand, FromFile, Generated, InText
from resellerplan.model.space import PLAN_TERMS, Resources
from resellerplan.model.values import NULL, Secret, Status
from resellerplan.planning.codec import decode, encode
from resellerplan.planning.plan import Plan
from resellerplan.planning.plan_file import Header, dump_plan, load_plan, plan_digest
from resellerplan.planning.plan_json import as_document
from resellerplan.planning.scope import Scope
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
    money,
    plan_of,
    says,
    space,
    terms,
)

HEADER = Header(program="resellerplan 0.1.0", panel="https://panel.example:9002", made_at=NOW, manifest="abc", dialect="1.x")
KEY = b"a key"


def rich_plan() -> Plan:
    wanted = desired(
        customer("a", password=FromFile("secrets/a"), email="a@a.example", company=NULL, status=Status.SUSPENDED),
        customer("b", password=FromCommand(("pass", "b")), lifecycle=says(ignore={"city": "theirs"}), city="x"),
        customer("c", password=Generated(20, AgeSink("c.age", ("age1x",)))),
        customer("d", password=Generated(20, CommandSink(("vault",)))),
        customer("e", password=Generated(20, FileSink("/x/e")), first_name="Erna"),
        customer("gone", lifecycle=absent("closed", domains=0)),
        hosting_plan(recurring=money("4.90"), groups=terms(OS={"Diskspace": 6000, "Domains": 3}, Web={"Sites": 1}, DNS=None)),
        addon("Extra", description="more"),
        space("a", domains=domains("a.example"), resources=Resources(), overrides=terms(OS={"Diskspace": 1})),
        space("b", "moved", overrides=PLAN_TERMS, lifecycle=says(moved=Address.space("b", "old")), addons={"Extra": 2}),
        space("gone", lifecycle=absent("closed", domains=0)),
        currency="EUR",
    )
    found = live(
        live_customer("b", city="y"),
        live_customer("e", status=Status.SUSPENDED, email="e@e.example"),
        live_customer("gone"),
        live_customer("unmanaged"),
        live_plan(),
        live_plan("Extra", as_addon=True, groups=addon().groups),
        live_space("b", "old", overrides=terms(OS={"Diskspace": 1}), domains=domains("b.example")),
        live_space("gone"),
    )
    return plan_of(wanted, found, Scope(limit_moves=3), today=date(2026, 11, 24))


def test_a_saved_plan_is_read_back_exactly() -> None:
    plan = rich_plan()
    saved = load_plan(dump_plan(plan, HEADER))
    assert saved.plan == plan
    assert saved.header == HEADER
    assert (saved.digest, saved.signed) == (plan_digest(plan), False)
    assert saved.plan.pending == plan.pending
    assert saved.plan.today == date(2026, 11, 24)


def test_a_signed_plan_needs_its_key() -> None:
    data = dump_plan(rich_plan(), HEADER, key=KEY)
    assert load_plan(data, key=KEY).signed
    assert load_plan(data).signed is False
    with pytest.raises(PlanFileInvalid, match="signature"):
        load_plan(data, key=b"another")
    with pytest.raises(PlanFileInvalid, match="not signed"):
        load_plan(dump_plan(rich_plan(), HEADER), key=KEY)


def _changed(change: Any) -> bytes:
    file = json.loads(dump_plan(rich_plan(), HEADER))
    change(file)
    return json.dumps(file).encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no plan file"),
        (b"\xff\xfe", "no plan file"),
        (b"[1]", "no plan file"),
        (b"{}", "no plan file"),
        (b"[" * 100_000, "no plan file"),
        (_changed(lambda file: file.update(format=2)), "has format 2"),
        (_changed(lambda file: file["body"].update(panel="https://evil.example")), "damaged"),
        (_changed(lambda file: file.update(body=[])), "damaged"),
        (_changed(lambda file: file.update(sha256=5)), "damaged"),
    ],
)
def test_what_is_no_plan_or_was_damaged_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(PlanFileInvalid, match=said):
        load_plan(data)


def _resealed(change: Any) -> bytes:
    """A file whose digest is right and whose content is not: what a person with an editor and time makes."""
    import hashlib

    file = json.loads(dump_plan(rich_plan(), HEADER))
    change(file["body"])
    canonical = json.dumps(file["body"], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    file["sha256"] = hashlib.sha256(canonical).hexdigest()
    return json.dumps(file).encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.pop("panel"),
        lambda body: body.update(made_at="yesterday"),
        lambda body: body.update(plan=5),
        lambda body: body.update(plan={"$": "Address", "kind": {"$": "Kind", "v": "PLAN"}, "name": "x"}),
        lambda body: body.update(plan={"$": "Plan", "colour": "red"}),
        lambda body: body.update(plan={"$": "Popen", "args": ["rm"]}),
        lambda body: body.update(plan={"$": "Status", "v": "ASLEEP"}),
        lambda body: body.update(plan={"$": "map", "v": [[1]]}),
        lambda body: body.update(plan={"$": "map", "v": 7}),
        lambda body: body.update(plan={"$": "decimal", "v": "four"}),
        lambda body: body.update(plan={"no": "tag"}),
        lambda body: body.update(plan={"$": "Popen", "v": ["rm"]}),
        lambda body: body.update(plan=1.5),
    ],
)
def test_a_resealed_file_with_strange_content_is_refused(change: Any) -> None:
    with pytest.raises(PlanFileInvalid):
        load_plan(_resealed(change))


def test_a_password_in_the_text_is_never_saved() -> None:
    plan = plan_of(desired(customer(password=InText(Secret("canary")))), live())
    with pytest.raises(PlanFileInvalid, match="password"):
        dump_plan(plan, HEADER)
    assert "canary" not in json.dumps(as_document(plan, HEADER))


def test_only_values_of_ours_are_encoded() -> None:
    with pytest.raises(TypeError, match="object has no place"):
        encode(object())
    with pytest.raises(TypeError, match="Secret"):
        encode(Secret("canary"))
    assert decode(encode(NOW)) == NOW
    assert decode(encode(frozenset({"a", "b"}))) == frozenset({"a", "b"})


def test_the_document_lists_all_objects_with_actions_that_tools_look_for() -> None:
    plan = rich_plan()
    document: Any = as_document(plan, HEADER)
    assert (document["format_version"], document["errored"], document["complete"]) == ("1.2", bool(plan.refusals), True)
    rows = {row["address"]: row for row in document["resource_changes"]}
    assert set(rows) == {str(change.address) for change in plan.changes}
    assert rows["customer.a"]["change"]["actions"] == ["create"]
    assert rows["customer.b"]["change"]["actions"] == ["no-op"]
    assert rows["customer.gone"]["change"]["actions"] == ["delete"]
    assert rows["customer.gone"]["action_reason"] == "delete_because_marked_absent"
    assert rows["customer.gone"]["change"]["after"] is None
    assert rows["customer.b"]["resellerplan"]["left_alone"] == [{"field": "city", "reason": "theirs"}]
    moved = rows['space["b/moved"]']
    assert moved["previous_address"] == 'space["b/old"]'
    assert (moved["change"]["before"]["name"], moved["change"]["after"]["name"]) == ("old", "moved")
    assert moved["change"]["after"]["overrides"] == "none"
    assert moved["change"]["after"]["addons"] == {"Extra": 2}
    assert moved["change"]["after"]["domains"] == ["b.example"]
    sold = rows['plan["Web S"]']["change"]
    assert sold["before"]["groups"]["OS"] == {"OS.Diskspace": 5120, "OS.Domains": 3}
    assert sold["after"]["groups"]["OS"] == {"OS.Diskspace": 6000, "OS.Domains": 3}
    assert sold["after"]["recurring"] == "4.90"
    assert document["price_delta"]["currency"] == "EUR"
    assert document["timestamp"] == "2026-11-24T10:00:00Z"
    assert document["resellerplan"]["unmanaged"] == ["customer.unmanaged"]


def test_sensitive_values_are_marked_and_never_shown_and_personal_ones_are_masked() -> None:
    document: Any = as_document(rich_plan(), HEADER)
    rows = {row["address"]: row["change"] for row in document["resource_changes"]}
    assert rows["customer.a"]["after_sensitive"] == {"password": True}
    assert "password" not in rows["customer.a"]["after"]
    assert rows["customer.a"]["after"]["email"] == "a…@a.example"
    assert rows["customer.a"]["after"]["company"] is None
    assert rows["customer.a"]["after"]["status"] == "suspended"
    assert rows["customer.e"]["after"]["first_name"] == "E…"
    assert rows["customer.e"]["after"]["email"] == "e…@e.example"
    shown: Any = as_document(rich_plan(), HEADER, show_personal=True)
    assert shown["resource_changes"][0]["change"]["after"]["email"] == "a@a.example"


def test_a_domain_that_is_added_and_a_flag_of_a_group_are_in_the_document() -> None:
    found = live(live_customer(), live_plan(), live_space(domains=NULL, addons=NULL))
    plan = plan_of(desired(customer(), space(domains=domains("a.example"), addons={"Extra": 1}), addon()), found)
    (row,) = [one for one in as_document(plan, HEADER)["resource_changes"] if one["type"] == "space"]  # type: ignore[attr-defined]  # JSON
    assert row["change"]["after"]["domains"] == ["a.example"]
    assert row["change"]["after"]["addons"] == {"Extra": 1}
    groups = {"OS": terms(OS={"Diskspace": 5120, "Domains": 3})["OS"], **terms(Web={"Sites": 1}, DNS=None)}
    from dataclasses import replace

    counting = replace(groups["OS"], count_diskspace=True)
    flagged = plan_of(desired(hosting_plan(groups={**groups, "OS": counting})), live(live_plan()))
    assert flagged.counts.change == 1
    document: Any = as_document(flagged, HEADER)
    assert "count_diskspace" not in json.dumps(document["resource_changes"][0]["change"]["after"])


def test_the_widgets_of_merge_requests_count_right() -> None:
    plan = rich_plan()
    document: Any = as_document(plan, HEADER)
    actions = [action for row in document["resource_changes"] for action in row["change"]["actions"]]
    counts = plan.counts
    assert (actions.count("create"), actions.count("update"), actions.count("delete")) == (
        counts.add,
        counts.change,
        counts.destroy,
    )
    assert document["applyable"] is (not plan.refusals)

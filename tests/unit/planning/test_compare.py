"""When two values are the same, and what a reader calls a path."""

from __future__ import annotations

import pytest

from resellerplan.model.address import Kind
from resellerplan.model.hosting_plan import GroupTerms
from resellerplan.model.space import PLAN_TERMS, Domain
from resellerplan.model.values import NULL, UNKNOWN, UNSET
from resellerplan.planning.compare import explain, is_empty, manifest_word, same, value_at
from tests.support.estates import domains, live_customer, live_plan, live_space, money, terms


@pytest.mark.parametrize(
    ("kind", "path", "word"),
    [
        (Kind.CUSTOMER, "email", "email"),
        (Kind.PLAN, "recurring", "price.recurring"),
        (Kind.PLAN, "groups.OS.Diskspace", "OS.Diskspace"),
        (Kind.PLAN, "groups.OS", "group OS"),
        (Kind.PLAN, "count_diskspace.OS", "OS counts as disk space"),
        (Kind.PLAN, "count_bandwidth.OS", "OS counts as traffic"),
        (Kind.PLAN, "name", "name"),
        (Kind.SPACE, "domains.a.example", "domain a.example"),
        (Kind.SPACE, "addons.Extra 1.5", "addon Extra 1.5"),
        (Kind.SPACE, "overrides", "overrides"),
        (Kind.SPACE, "overrides.OS", "overrides group OS"),
        (Kind.SPACE, "overrides.OS.Diskspace", "overrides OS.Diskspace"),
        (Kind.SPACE, "strange.path", "strange.path"),
    ],
)
def test_a_path_is_told_in_the_manifests_words(kind: Kind, path: str, word: str) -> None:
    assert manifest_word(kind, path) == word


def test_empty_values_are_the_same_and_nothing_equals_what_was_not_read() -> None:
    assert [is_empty(one) for one in (NULL, "", False, (), money("0"))] == [True] * 5
    assert [is_empty(one) for one in ("x", True, money("1"), 0)] == [False, False, False, True] or not is_empty("x")
    assert same(NULL, "")
    assert not same("x", NULL)
    assert same(money("4.9"), money("4.90"))
    assert not same("x", UNKNOWN)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("recurring", money("1")),
        ("groups.OS.Diskspace", 5),
        ("groups.OS.Domains", 0),
        ("groups.OS", True),
        ("groups.Web", False),
        ("count_diskspace.OS", True),
        ("count_bandwidth.Web", UNSET),
    ],
)
def test_a_plans_value_is_found_by_path(path: str, value: object) -> None:
    groups = {"OS": GroupTerms(quotas={"OS.Diskspace": 5}, count_diskspace=True)}
    assert value_at(live_plan(recurring=money("1"), groups=groups), path) == value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("domains.a.example", Domain(name="A.example")),
        ("domains.b.example", NULL),
        ("addons.Extra", 2),
        ("addons.Other", 0),
        ("overrides.OS.Diskspace", 9),
        ("overrides", terms(OS={"Diskspace": 9})),
    ],
)
def test_a_spaces_value_is_found_by_path(path: str, value: object) -> None:
    space = live_space(domains=domains("A.example"), addons={"Extra": 2}, overrides=terms(OS={"Diskspace": 9}))
    assert value_at(space, path) == value


@pytest.mark.parametrize("path", ["domains.a.example", "addons.Extra", "overrides.OS"])
def test_what_was_not_read_has_no_value(path: str) -> None:
    assert value_at(live_space(domains=UNKNOWN, addons=UNKNOWN, overrides=UNKNOWN), path) is UNKNOWN
    assert value_at(live_plan(groups=UNKNOWN), "groups.OS") is UNKNOWN
    assert value_at(live_plan(groups=UNKNOWN), "count_diskspace.OS") is UNKNOWN


def test_nothing_is_the_panels_empty_value_or_the_plans_terms() -> None:
    empty = live_space(domains=NULL, addons=NULL)
    assert value_at(empty, "domains.a.example") is NULL
    assert value_at(empty, "addons.Extra") == 0
    assert value_at(empty, "overrides.OS") is PLAN_TERMS
    with pytest.raises(ValueError, match="no path into"):
        value_at(live_customer(), "email.domain")


def test_two_readings_are_explained_place_by_place() -> None:
    before = live_plan(recurring=money("1"), groups=terms(OS={"Diskspace": 5}, Web=None))
    after = live_plan(recurring=money("2"), groups=terms(OS={"Diskspace": 6}, DNS=None))
    assert explain(before, before) == ()
    rows = {path: (old, new) for path, old, new in explain(before, after)}
    assert rows["recurring"] == (money("1"), money("2"))
    assert rows["groups.OS.quotas.OS.Diskspace"] == (5, 6)
    assert rows["groups.DNS"][0] is NULL
    assert rows["groups.Web"][1] is NULL


def test_domains_are_explained_by_name_and_unread_fields_not_at_all() -> None:
    before = live_space(domains=domains("a.example"), comments=UNKNOWN)
    after = live_space(domains=domains("A.example", "b.example"), comments=UNKNOWN)
    assert [path for path, _, _ in explain(before, after)] == ["domains.b.example"]

"""What speaks against a plan: each rule, its weight, and the way out it names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from resellerplan.diagnostics import Severity
from resellerplan.model.address import Address
from resellerplan.model.estate import Abilities, Estate, Foreign
from resellerplan.model.lifecycle import Lifecycle
from resellerplan.model.resource import Resource
from resellerplan.model.space import Resources
from resellerplan.model.values import UNKNOWN, UNSET, Role, Status
from resellerplan.planning.guards import CODES, RULES, meaning_of
from resellerplan.planning.plan import Plan
from resellerplan.planning.policy import Overcommit, Unmanaged
from resellerplan.planning.scope import Scope
from tests.support.estates import (
    OWN,
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
    says,
    space,
    terms,
)

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
MUELLER, WEB_S = Address.customer("mueller"), Address.plan("Web S")
SPACE = Address.space("mueller", "Web S")
HERE = (live_customer(), live_plan(), live_space())


def told(plan: Plan) -> list[tuple[str, Severity]]:
    return [(finding.code, finding.severity) for finding in plan.findings]


def check(*wanted: Resource, found: Estate, scope: Scope | None = None, **policy: Any) -> list[tuple[str, Severity]]:
    plan = plan_of(desired(*wanted), found, scope or Scope(), **policy)
    assert all(finding.summary == CODES[finding.code] for finding in plan.findings)
    assert all(finding.hint or finding.severity is WARNING for finding in plan.findings)
    return told(plan)


def test_every_rule_is_asked_and_every_code_is_listed_once() -> None:
    assert len(set(RULES)) == len(RULES)
    assert list(CODES) == sorted(set(CODES))
    assert all((meaning_of(code) or "").startswith(f"{code}: {summary}\n\n") for code, summary in CODES.items())
    assert meaning_of("RP1001") is None
    assert all(code.startswith("RP30") for code in CODES)


def test_the_page_of_findings_lists_every_code_with_its_summary() -> None:
    page = Path(__file__).parents[3] / "docs" / "plan-findings.md"
    listed = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| RP")]
    assert listed == [f"| {code} | {summary} |" for code, summary in CODES.items()]


def test_an_address_on_the_command_line_that_nobody_declares_is_refused() -> None:
    stranger = Scope(targets=frozenset({Address.customer("mueler")}))
    assert check(customer(), found=live(), scope=stranger) == [("RP3067", ERROR)]
    assert check(customer(), found=live(), scope=Scope(excludes=frozenset({WEB_S}))) == [("RP3067", ERROR)]


@pytest.mark.parametrize(
    ("slip", "hint"), [("muller", "did you mean 'customer.mueller'?"), ("xyzzy", "write it as `resellerplan plan` shows it")]
)
def test_a_slip_in_a_target_names_what_is_nearest(slip: str, hint: str) -> None:
    scope = Scope(targets=frozenset({Address.customer(slip)}))
    (finding,) = plan_of(desired(customer()), live(), scope=scope).findings
    assert finding.hint.startswith(hint)
    assert check(customer(), found=live(), scope=Scope(targets=frozenset({MUELLER}))) == []


# --- reach


def test_a_user_name_that_somebody_else_has_is_refused_at_plan_time() -> None:
    assert check(customer("Mueller"), found=live(taken=["mueller"])) == [("RP3010", ERROR)]
    assert check(customer("schmidt"), found=live(taken=["mueller"])) == []


def test_a_reseller_below_us_is_managed_only_if_it_is_declared_as_one() -> None:
    found = live(live_customer(role=Role.RESELLER))
    assert check(customer(), found=found) == [("RP3012", ERROR)]
    assert check(customer(role=Role.RESELLER), found=found) == []


# --- references


def test_what_is_declared_as_existing_has_to_exist() -> None:
    assert check(hosting_plan(lifecycle=says(existing=True)), found=live()) == [("RP3013", ERROR)]
    assert check(hosting_plan(lifecycle=says(existing=True)), found=live(live_plan())) == []
    doubled = live(duplicates={WEB_S: (1, 2)})
    assert check(hosting_plan(lifecycle=says(existing=True)), found=doubled) == [("RP3001", ERROR)]


def test_what_is_needed_is_neither_absent_nor_unheard_of() -> None:
    assert check(customer(), space(), found=live()) == [("RP3015", ERROR)]
    gone = hosting_plan(lifecycle=absent())
    assert check(customer(), gone, space(), found=live(live_plan())) == [("RP3014", ERROR)]
    assert check(customer(), space(), found=live(live_plan())) == []


def test_what_is_itself_going_needs_nothing() -> None:
    wanted = (customer(lifecycle=absent()), space(lifecycle=absent(quarantine=1)))
    found = live(live_customer(), live_plan(), live_space())
    assert ("RP3014", ERROR) not in check(*wanted, found=found)


# --- own package


def test_a_plan_needs_to_know_what_it_hangs_on() -> None:
    assert check(hosting_plan(), found=live(own=None)) == [("RP3020", ERROR)]
    assert check(hosting_plan(description="x"), found=live(live_plan(), own=None)) == []


def test_a_package_without_os_or_dns_carries_no_plan_and_other_groups_are_a_warning() -> None:
    poor = replace(OWN, groups=frozenset({"OS"}))
    assert sorted(check(hosting_plan(), found=live(own=poor))) == [("RP3021", ERROR), ("RP3022", WARNING)]
    assert check(addon(), found=live(own=poor)) == []
    unread = replace(OWN, groups=frozenset())
    assert check(hosting_plan(), found=live(own=unread)) == []


def test_more_than_the_own_package_has_is_a_warning() -> None:
    big = hosting_plan(groups=terms(OS={"Diskspace": 2_000_000, "Domains": 1}, DNS=None))
    assert check(big, found=live()) == [("RP3023", WARNING)]
    [told_in_units] = plan_of(desired(replace(big, groups=terms(OS={"Diskspace": 2**30}, DNS=None))), live()).findings
    assert told_in_units.label.startswith("OS.Diskspace: 1024 TB wanted, ")
    assert str(2**30) not in told_in_units.label
    endless = hosting_plan(groups=terms(OS={"Diskspace": -1}, DNS=None))
    assert check(endless, found=live()) == []
    assert check(hosting_plan(groups=UNSET, description="x"), found=live(live_plan())) == []


# --- resources and domains


@pytest.mark.parametrize(
    ("resources", "groups", "codes"),
    [
        (None, terms(OS={"Domains": 1}, DNS=None), ["RP3024"]),
        (Resources(), terms(OS={"Domains": 1}, Web={"Sites": 1}), []),
        (Resources(ftp="me", mail=True), terms(OS={"Domains": 1}, Web={"Sites": 1}), ["RP3024", "RP3024"]),
        (Resources(website=False), terms(OS={"Domains": -1}), []),
        (Resources(website=False), terms(OS={"Domains": 0}), ["RP3025"]),
        (Resources(website=False), {}, ["RP3025"]),
    ],
)
@pytest.mark.parametrize("declared", [True, False])
def test_resources_need_their_groups_in_the_plan(
    resources: Resources | None, groups: Any, codes: list[str], declared: bool
) -> None:
    wanted = space(domains=domains("a.example"), resources=resources)
    found = live() if declared else live(live_plan(groups=groups))
    plans = [hosting_plan(groups=groups)] if declared else []
    assert [code for code, _ in check(customer(), *plans, wanted, found=found)] == codes


def test_resources_of_a_plan_that_was_not_read_can_only_be_told_at_apply() -> None:
    found = live(live_plan(groups=UNKNOWN))
    assert check(customer(), space(domains=domains("a.example")), found=found) == []
    existing = hosting_plan(lifecycle=says(existing=True))
    full = live(live_plan(groups=terms(OS={"Domains": 1})))
    assert check(customer(), existing, space(domains=domains("a.example")), found=full) == [("RP3024", ERROR)]
    assert check(customer(), space(), found=full) == []


def test_a_domain_that_lies_elsewhere_is_never_moved() -> None:
    other = live_space(name="other", domains=domains("A.example"))
    wanted = (customer(), space(name="new", domains=domains("a.example")), space(name="other"))
    assert ("RP3026", ERROR) in check(*wanted, found=live(live_customer(), live_plan(), other))
    found = live(*HERE, live_space(name="unread", domains=UNKNOWN), foreign_domains={"a.example": "a foreign space"})
    assert check(customer(), space(domains=domains("a.example")), found=found) == [("RP3026", ERROR)]
    assert check(customer(), space(domains=domains("b.example")), found=found) == []


# --- moves


def test_a_plan_on_another_server_or_package_is_refused() -> None:
    elsewhere = Address.plan("Web M")
    wanted = (customer(), hosting_plan("Web M"), space(plan="Web M"))
    for fact, codes in (
        ({"server_id": 9}, ["RP3027"]),
        ({"parent_id": 9}, ["RP3027"]),
        ({"server_id": 0, "parent_id": 0}, []),
    ):
        found = live(*HERE, live_plan("Web M"), facts={elsewhere: fact})
        assert [code for code, _ in check(*wanted, found=found)] == codes


def test_a_new_plan_hangs_on_the_own_package() -> None:
    wanted = (customer(), hosting_plan("Web M"), space(plan="Web M"))
    assert check(*wanted, found=live(*HERE)) == []
    far = replace(OWN, server_id=9)
    assert check(*wanted, found=live(*HERE, own=far)) == [("RP3027", ERROR)]
    assert check(*wanted, found=live(*HERE, own=None)) == [("RP3020", ERROR)]


def test_a_move_to_a_plan_that_is_not_there_is_told_once() -> None:
    assert check(customer(), space(plan="Gone"), found=live(*HERE)) == [("RP3015", ERROR)]


def test_a_panel_without_the_call_cant_give_a_space_to_another_customer() -> None:
    wanted = (customer(), customer("schmidt"), space("schmidt", lifecycle=says(moved=SPACE)))
    stiff = Abilities(change_owner=False)
    assert check(*wanted, found=live(*HERE, abilities=stiff)) == [("RP3028", ERROR)]
    assert check(*wanted, found=live(*HERE)) == []


# --- deletes


def test_what_is_protected_is_not_deleted() -> None:
    wanted = Lifecycle(protect=True, tombstone=absent().tombstone)
    assert check(customer(lifecycle=wanted), found=live(live_customer())) == [("RP3050", ERROR)]
    assert check(customer(lifecycle=wanted), found=live()) == []
    assert check(customer(lifecycle=says(protect=True)), found=live(live_customer())) == []


def test_a_customer_goes_only_after_everything_below_it() -> None:
    gone = customer(lifecycle=absent())
    assert check(gone, found=live(*HERE)) == [("RP3051", ERROR)]
    assert check(gone, space(lifecycle=absent()), found=live(*HERE)) == []
    handed = (gone, customer("schmidt"), space("schmidt", lifecycle=says(moved=SPACE)))
    assert check(*handed, found=live(*HERE)) == []
    foreign = [Foreign(address=Address.customer("sub"), panel_id=90, owner_id=11)]
    assert check(gone, found=live(live_customer(), foreign=foreign)) == [("RP3051", ERROR)]


def test_nothing_is_made_under_a_customer_that_goes() -> None:
    gone = customer(lifecycle=absent())
    codes = check(gone, space(name="new"), found=live(live_customer(), live_plan()))
    assert sorted(codes) == [("RP3014", ERROR), ("RP3051", ERROR)]


def test_a_plan_goes_only_when_nobody_has_it() -> None:
    gone = hosting_plan(lifecycle=absent())
    assert check(gone, found=live(*HERE)) == [("RP3052", ERROR)]
    assert check(customer(), gone, space(lifecycle=absent()), found=live(*HERE)) == []
    moved = (customer(), gone, hosting_plan("Web M"), space(plan="Web M"))
    assert check(*moved, found=live(*HERE, live_plan("Web M"))) == []
    foreign = [Foreign(address=Address.space("sub", "x"), panel_id=90, plan_id=12)]
    assert check(gone, found=live(live_customer(), live_plan(), foreign=foreign)) == [("RP3052", ERROR)]


def test_an_addon_goes_only_when_no_space_has_it() -> None:
    gone = addon(lifecycle=absent())
    extra = live_plan("Extra", as_addon=True, groups=addon().groups)
    with_it = live(live_customer(), live_plan(), extra, live_space(addons={"Extra": 1}), live_space(name="x", addons=UNKNOWN))
    assert check(gone, found=with_it) == [("RP3052", ERROR)]
    assert check(customer(), gone, space(addons={"Extra": 0}), found=with_it) == []
    assert check(customer(), gone, space(comments="x"), found=with_it) == [("RP3052", ERROR)]
    assert check(customer(), gone, space(lifecycle=absent()), found=with_it) == []


def test_a_condition_stands_only_where_it_can_be_told() -> None:
    empty = space(lifecycle=absent(domains=0, Mail__Accounts=0))
    assert check(customer(), empty, found=live(*HERE)) == []
    blind = live(*HERE, abilities=Abilities(usage_trusted=False))
    assert check(customer(), empty, found=blind) == [("RP3053", ERROR)]
    assert check(customer(lifecycle=absent(domains=0)), found=live(live_customer())) == [("RP3054", ERROR)]


def test_too_many_deletes_are_refused_by_count_and_by_share() -> None:
    many = [live_customer(f"c{number}") for number in range(20)]
    wanted = [customer(f"c{number}", lifecycle=absent()) for number in range(6)]
    assert check(*wanted, found=live(*many)) == [("RP3060", ERROR)]
    assert check(*wanted, found=live(*many), max_deletes=6) == []
    assert check(*wanted, found=live(*many), max_deletes=9, delete_share=0.29) == [("RP3061", ERROR)]
    flag = frozenset({"many-deletes"})
    assert [weight for _, weight in check(*wanted, found=live(*many), delete_share=0.1, dangerous=flag)] == [WARNING] * 2
    few = live(*many[:3])
    assert check(*wanted[:2], found=few, delete_share=0.1) == []


# --- large and painful updates


def test_taking_something_away_from_a_plan_in_use_needs_a_flag() -> None:
    less = hosting_plan(groups=terms(OS={"Diskspace": 1024, "Domains": 3}, Web={"Sites": 1}, DNS=None))
    plan = plan_of(desired(less), live(*HERE))
    assert told(plan) == [("RP3062", ERROR)]
    assert "OS.Diskspace" in plan.findings[0].label
    assert 'space["mueller/Web S"]' in plan.findings[0].notes[0].text
    assert "--dangerous-reduce-plan" in plan.findings[0].hint
    assert plan.findings[0].notes[0].text.startswith("it is the plan of 1 space: ")
    allowed = plan_of(desired(less), live(*HERE), dangerous=frozenset({"reduce-plan"}))
    assert told(allowed) == [("RP3062", WARNING)]
    assert "--dangerous" not in allowed.findings[0].hint
    assert check(less, found=live(live_plan())) == []
    own = live(live_customer(), live_plan(), live_space(overrides=terms(OS={"Diskspace": 1})))
    assert check(less, found=own) == []
    more = hosting_plan(groups=terms(OS={"Diskspace": 9999, "Domains": 3}, Web={"Sites": 1}, DNS=None))
    assert check(more, found=live(*HERE)) == []
    foreign = [Foreign(address=Address.space("sub", "x"), panel_id=90, plan_id=11)]
    assert check(less, found=live(live_plan(), foreign=foreign)) == [("RP3062", ERROR)]


def test_taking_something_away_from_an_addon_in_use_needs_a_flag_too() -> None:
    less = addon(groups=terms(OS={"Diskspace": 1}))
    extra = live_plan("Extra", as_addon=True, groups=addon().groups)
    assert check(less, found=live(*HERE, extra)) == []
    found = live(live_customer(), live_plan(), extra, live_space(addons={"Extra": 1}))
    assert check(less, found=found) == [("RP3062", ERROR)]


def test_a_large_share_of_updates_is_refused_where_the_policy_names_one() -> None:
    many = [live_customer(f"c{number}") for number in range(20)]
    wanted = [customer(f"c{number}", city="Dresden") for number in range(11)]
    assert check(*wanted, found=live(*many)) == []
    assert check(*wanted, found=live(*many), update_share=0.5) == [("RP3063", ERROR)]
    assert check(*wanted[:10], found=live(*many), update_share=0.5) == []
    assert check(*wanted, found=live(*many), update_share=0.5, dangerous=frozenset({"many-updates"})) == [("RP3063", WARNING)]


def test_selling_more_than_there_is_follows_the_policy() -> None:
    small = replace(OWN, allocated={"OS.Diskspace": 6000})
    wanted = (customer(), hosting_plan(), space(), space(name="second"))
    found = live(*HERE, own=small)
    plan = plan_of(desired(*wanted), found)
    assert told(plan) == [("RP3064", WARNING)]
    assert plan.findings[0].label == "OS.Diskspace: oversold by 4240 MB of 6000 MB after this plan"
    assert check(*wanted, found=found, overcommit=Overcommit.REFUSE) == [("RP3064", ERROR)]
    assert check(*wanted, found=found, overcommit=Overcommit.ALLOW) == []
    tiny = replace(OWN, allocated={"OS.Diskspace": 10})
    assert check(customer(), space(lifecycle=absent()), found=live(*HERE, own=tiny)) == []


def test_unmanaged_objects_are_refused_only_where_the_policy_says_so() -> None:
    assert check(found=live(live_customer())) == []
    assert check(found=live(live_customer()), unmanaged=Unmanaged.REFUSE) == [("RP3065", ERROR)]
    assert check(customer(), found=live(live_customer()), unmanaged=Unmanaged.REFUSE) == []


def test_what_waits_for_the_limit_is_counted_in_a_note() -> None:
    found = live(*HERE, live_plan("Web M"))
    assert check(customer(), space(plan="Web M"), found=found, scope=Scope(limit_moves=0)) == [("RP3029", NOTE)]


def test_a_status_under_a_customer_outside_the_scope_is_judged_by_what_is_live() -> None:
    found = live(live_customer(status=Status.SUSPENDED), live_plan(), live_space(status=Status.SUSPENDED))
    assert check(space(status=Status.ACTIVE), found=found) == [("RP3041", ERROR)]

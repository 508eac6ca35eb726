"""The text plan: the lines that other tools match, the manifest's words, nothing hostile."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

import pytest

from resellerplan.applying.outcome import ApplyReport, Outcome, Result, StepKind
from resellerplan.diagnostics import Finding, Place, Severity
from resellerplan.model.address import Address
from resellerplan.model.customer import Customer, FromEnv, InText
from resellerplan.model.hosting_plan import GroupTerms, HostingPlan
from resellerplan.model.space import Domain, Resources, Space
from resellerplan.model.values import NULL, UNSET, Money, Recurrence, Secret, Status
from resellerplan.planning.change import Action, Change, FieldChange, Suppressed
from resellerplan.planning.differences import creation_fields
from resellerplan.planning.plan import CapacityRow, Plan
from resellerplan.report.as_text import plan_text, remark, report_text
from resellerplan.report.progress import outcome_lines
from resellerplan.report.summary import NO_CHANGES
from resellerplan.report.value_text import Wording

PLAN_LINE = re.compile(r"^(Plan: \d|No changes.)", re.MULTILINE)
"""What tfcmt looks for (its pkg/terraform/parser.go)."""
NOTHING = re.compile(r"^(No changes\.|Plan: (\d+ to import, )?0 to add, 0 to change, 0 to destroy\.)", re.MULTILINE)
CREATED = re.compile(r"^ *# (.*) will be created$", re.MULTILINE)
UPDATED = re.compile(r"^ *# (.*) will be updated in-place$", re.MULTILINE)
DESTROYED = re.compile(r"^ *# (.*) will be destroyed$", re.MULTILINE)
MOVED = re.compile(r"^ *# \(moved from (.*?)\)$", re.MULTILINE)


def plan_of(*changes: Change, **more: object) -> Plan:
    doing = tuple(change.address for change in changes if change.action is not Action.NO_OP)
    return Plan(changes=changes, waves=(doing,), **more)  # type: ignore[arg-type]  # the test names fields of Plan


def creation(resource: Customer | HostingPlan | Space) -> Change:
    return Change(
        address=resource.self_address, action=Action.CREATE, desired=resource, live=None, fields=tuple(creation_fields(resource))
    )


def update(address: Address, *fields: tuple[str, object, object], **more: object) -> Change:
    return Change(
        address=address,
        action=Action.UPDATE,
        desired=None,
        live=None,
        panel_id=41,
        fields=tuple(FieldChange(path=path, before=before, after=after) for path, before, after in fields),
        **more,  # type: ignore[arg-type]  # the test names fields of Change
    )


MUELLER = Customer(username="mueller", last_name="Müller", email="petra@mueller.example", password=FromEnv("MUELLER_PASSWORD"))
WEB_S = HostingPlan(
    name="Web S",
    recurring=Money.of("4.90"),
    every=Recurrence(1),
    groups=MappingProxyType({"OS": GroupTerms(quotas=MappingProxyType({"OS.Diskspace": 5120, "OS.Domains": 1}))}),
)


def test_nothing_to_do_is_one_sentence() -> None:
    same = Change(address=Address.customer("mueller"), action=Action.NO_OP, desired=MUELLER, live=MUELLER)
    text = plan_text(plan_of(same))
    assert text == "No changes. Your infrastructure matches the configuration."
    assert PLAN_LINE.search(text)
    assert NOTHING.search(text)


def test_a_refusal_with_nothing_else_to_do_never_reads_as_agreement() -> None:
    refused = Finding(code="RP3067", severity=Severity.ERROR, summary="the address on the command line is not declared")
    text = plan_text(plan_of(findings=(refused,)))
    assert text.startswith("Error: the address on the command line is not declared")
    assert "No changes." not in text
    warned = replace(refused, severity=Severity.WARNING)
    assert plan_text(plan_of(findings=(warned,))).startswith("No changes. ")


def test_what_waits_for_a_day_is_told_with_the_day() -> None:
    waits = Change(
        action=Action.NO_OP,
        address=Address.customer("koch"),
        desired=Customer(username="koch"),
        live=Customer(username="koch"),
        reason="moved away",
        remarks=("in quarantine until 2026-12-24",),
    )
    gone = replace(waits, desired=None, live=None, remarks=("gone already",))
    text = plan_text(plan_of(waits, gone))
    assert text.splitlines() == ["  waiting: customer.koch, in quarantine until 2026-12-24", "", NO_CHANGES]


def test_a_new_customer_reads_as_it_is_written_in_the_manifest() -> None:
    text = plan_text(plan_of(creation(MUELLER)))
    assert CREATED.findall(text) == ["customer.mueller"]
    assert '  + customer "mueller" {' in text
    assert '      + last_name = "Müller"' in text
    assert "      + password  = (from env MUELLER_PASSWORD, asked for at apply)" in text
    assert text.endswith("Plan: 1 to add, 0 to change, 0 to destroy.")
    assert not NOTHING.search(text)


def test_a_new_plan_shows_its_quotas_with_their_units_and_its_groups_once() -> None:
    text = plan_text(plan_of(creation(WEB_S), currency="EUR"))
    rows = [line.split(None, 1)[1] for line in text.splitlines() if line.startswith("      + ")]
    assert [" ".join(row.split()) for row in rows] == [
        "price.recurring = 4.90 EUR",
        "price.every = 1 month",
        "OS.Diskspace = 5 GB",
        "OS.Domains = 1",
        "group DNS = on",
    ]


def test_a_new_space_shows_its_domain_and_what_is_made_with_it() -> None:
    space = Space(
        customer="mueller", name="Web S", plan="Web S", domains=(Domain(name="mueller.example"),), resources=Resources(ftp=True)
    )
    text = plan_text(plan_of(creation(space)))
    assert '  # space["mueller/Web S"] will be created' in text
    assert '  + space "Web S" of customer "mueller" {' in text
    assert '+ domain    = "mueller.example"' in text
    assert "= website, ftp" in text


def test_an_update_shows_before_and_after_below_each_other() -> None:
    text = plan_text(
        plan_of(
            update(
                Address.plan("Web S"),
                ("recurring", Money.of("4.9"), Money.of("5.9")),
                ("groups.OS.Diskspace", 5120, 10240),
                ("groups.Mail", False, True),
                ("description", "x", NULL),
            ),
            currency="EUR",
        )
    )
    assert UPDATED.findall(text) == ['plan["Web S"]']
    assert '  ~ plan "Web S" (id 41) {' in text
    assert "      ~ price.recurring : 4.90 EUR -> 5.90 EUR\n" in text
    assert "      ~ OS.Diskspace    : 5 GB -> 10 GB\n" in text
    assert "      ~ group Mail      : off -> on\n" in text
    assert '      - description     : "x" -> null\n' in text


def test_a_delete_states_its_reason() -> None:
    gone = Change(address=Address.customer("acme"), action=Action.DELETE, desired=None, live=None, reason="moved away")
    text = plan_text(plan_of(gone))
    assert DESTROYED.findall(text) == ["customer.acme"]
    assert '  # (because customer.acme is marked absent: "moved away")' in text
    assert re.search(r"([1-9][0-9]* to destroy.)", text)
    assert "{" not in text


def test_a_rename_says_where_the_object_comes_from() -> None:
    text = plan_text(plan_of(update(Address.plan("Web L"), ("name", "Web S", "Web L"), previous=Address.plan("Web S"))))
    assert MOVED.findall(text) == ['plan["Web S"]']


def test_what_is_left_alone_names_the_reason() -> None:
    change = Change(
        address=Address.customer("mueller"),
        action=Action.NO_OP,
        desired=MUELLER,
        live=MUELLER,
        suppressed=(Suppressed(path="status", before=Status.SUSPENDED, after=Status.ACTIVE, reason="owned by WHMCS"),),
    )
    text = plan_text(plan_of(change))
    assert "  left alone: customer.mueller status\n    suspended (manifest: active) because owned by WHMCS\n" in text


def test_capacity_and_revenue_stand_below_the_sentence() -> None:
    row = CapacityRow(quota="OS.Diskspace", allocated=5 * 1024 * 1024, sold_before=1024, sold_after=2048)
    text = plan_text(plan_of(creation(MUELLER), capacity=(row,), revenue_delta=Money.of("412"), currency="EUR"))
    assert "capacity: OS.Diskspace sold 1 GB -> 2 GB of your 5 TB" in text
    assert "revenue: +412.00 EUR per month" in text


def test_what_capacity_could_not_count_is_said_once() -> None:
    rows = [
        CapacityRow(quota=quota, allocated=9, sold_before=0, sold_after=1, unread=13) for quota in ("FTP.Accounts", "OS.Domains")
    ]
    assert plan_text(plan_of(capacity=tuple(rows))).splitlines()[2:] == [
        "capacity: FTP.Accounts sold 0 -> 1 of your 9",
        "capacity: OS.Domains sold 0 -> 1 of your 9",
        "capacity: not counted: 13 spaces whose terms were not read",
    ]


def test_unmanaged_objects_are_counted_and_listed_on_demand() -> None:
    unmanaged = (Address.customer("b"), Address.customer("a"), Address.plan("P"))
    assert "Unmanaged and left alone: 2 customers, 1 plan (`--show-unmanaged` lists them)." in plan_text(Plan(unmanaged=unmanaged))
    text = plan_text(Plan(unmanaged=unmanaged), show_unmanaged=True)
    assert text.index("  customer.a") < text.index("  customer.b") < text.index("  plan.P")


def test_a_finding_about_the_plan_says_what_where_and_what_to_do() -> None:
    finding = Finding(
        code="RP2101",
        severity=Severity.WARNING,
        summary="more is sold than there is",
        label="OS.Diskspace by 1.1 TB",
        place=Place("plans.yaml", 3, 5),
        hint="policy `overcommit: refuse` would stop here",
    )
    assert remark(finding).splitlines() == [
        "Warning: more is sold than there is",
        "  --> plans.yaml:3:5",
        "  OS.Diskspace by 1.1 TB",
        "  hint: policy `overcommit: refuse` would stop here",
    ]


def test_names_from_the_panel_can_not_move_the_cursor_or_forge_a_line() -> None:
    evil = "x\x1b[2J\u202e\nPlan: 0 to add, 0 to change, 0 to destroy."
    text = plan_text(plan_of(update(Address.space("mueller", evil), ("name", evil, "y"))), show_unmanaged=True)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert len(PLAN_LINE.findall(text)) == 1


def test_a_password_in_the_text_is_never_shown() -> None:
    text = plan_text(plan_of(creation(Customer(username="m", password=InText(Secret("canary"))))))
    assert "(sensitive value)" in text
    assert "canary" not in text


def outcome(address: Address, result: Result, **more: object) -> Outcome:
    facts = {"kind": StepKind.CREATE, "action": Action.CREATE} | more
    return Outcome(step=f"{address}#create", address=address, result=result, **facts)  # type: ignore[arg-type]  # named by the test


def report_of(*outcomes: Outcome, **more: object) -> ApplyReport:
    return ApplyReport(outcomes=outcomes, started=datetime(2026, 11, 24, tzinfo=UTC), seconds=1.0, **more)  # type: ignore[arg-type]  # named by the test


def test_a_good_run_ends_with_the_sentence_that_tools_match() -> None:
    text = report_text(report_of(outcome(Address.customer("m"), Result.DONE), journal="run.jsonl"))
    assert text.splitlines() == ["Apply complete! Resources: 1 added, 0 changed, 0 destroyed.", "Journal: run.jsonl"]


@pytest.mark.parametrize(
    ("result", "message", "line"),
    [
        (Result.MOVED, "not deleted, it moved since the plan was made", "not deleted, it moved since the plan was made"),
        (Result.INTERRUPTED, "not tried: the run was stopped before", "not begun, the run was interrupted"),
        (Result.SKIPPED, "not tried, because of plan.S", "skipped, because of plan.S"),
    ],
)
def test_what_was_not_done_is_told_in_one_line(result: Result, message: str, line: str) -> None:
    done = outcome(Address.customer("koch"), result, message=message, because=Address.plan("S"))
    assert list(outcome_lines(done, Wording())) == [f"customer.koch: {line}"]


def test_a_letter_that_is_skipped_is_told_as_a_letter() -> None:
    skipped = outcome(Address.customer("m"), Result.SKIPPED, kind=StepKind.LETTER, because=Address.customer("m"))
    assert list(outcome_lines(skipped, Wording())) == ["customer.m: summary letter skipped, because of customer.m"]


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (Result.SKIPPED, "1 letter not sent"),
        (Result.INTERRUPTED, "1 letter not sent"),
        (Result.UNKNOWN, "1 letter not known to be sent"),
        (Result.FAILED, "1 letter not known to be sent"),
    ],
)
def test_a_letter_that_was_not_tried_is_known_not_to_be_sent(result: Result, words: str) -> None:
    text = report_text(report_of(outcome(Address.customer("m"), result, kind=StepKind.LETTER)))
    assert text.splitlines()[0] == f"Apply incomplete! Resources: 0 added, 0 changed, 0 destroyed; {words}."


def test_an_incomplete_run_counts_what_is_unknown_and_names_what_was_skipped() -> None:
    first, second = Address.space("schmidt", "Web S"), Address.space("schmidt", "Shop")
    text = report_text(
        report_of(
            outcome(first, Result.UNKNOWN),
            outcome(second, Result.SKIPPED, because=first),
            outcome(Address.customer("m"), Result.DONE),
        )
    )
    assert text.splitlines() == [
        "Apply incomplete! Resources: 1 added, 0 changed, 0 destroyed; 1 unknown, 1 skipped.",
        '  skipped: space["schmidt/Shop"] (because of space["schmidt/Web S"])',
        "  hint: `resellerplan apply --resume` looks up what is unknown, then does what",
        "    is left; nothing is done twice",
    ]


@pytest.mark.parametrize("value", [UNSET, NULL])
def test_the_two_empty_states_read_differently(value: object) -> None:
    text = plan_text(plan_of(update(Address.customer("m"), ("email", value, "a@b.example"))))
    assert ('email = "a@b.example"' in text) == (value is UNSET)
    assert ('email : null -> "a@b.example"' in text) == (value is NULL)


@pytest.mark.parametrize(
    ("kind", "message", "line"),
    [
        (StepKind.CREATE, "", "customer.koch: Is as planned already, nothing was sent [id=7, verified]"),
        (StepKind.DELETE, "", "customer.koch: Is gone already, nothing was sent [id=7, verified]"),
        (StepKind.LETTER, "no letter: it was there already", "customer.koch: no letter: it was there already"),
    ],
)
def test_what_was_so_already_is_not_told_as_done(kind: StepKind, message: str, line: str) -> None:
    before = outcome(Address.customer("koch"), Result.ALREADY_DONE, kind=kind, message=message, panel_id=7)
    assert list(outcome_lines(before, Wording())) == [line]


def test_a_run_that_found_everything_done_adds_nothing_and_says_so() -> None:
    names = ("m", "n")
    text = report_text(report_of(*(outcome(Address.customer(name), Result.ALREADY_DONE) for name in names)))
    assert text.splitlines() == [
        "Apply complete! Resources: 0 added, 0 changed, 0 destroyed.",
        "  2 were as planned already, so nothing was sent for them",
    ]


@pytest.mark.parametrize(
    ("results", "interrupted", "begins"),
    [
        ((Result.DONE,), False, ""),
        ((Result.DONE, Result.INTERRUPTED), True, "`resellerplan apply` does what is left"),
        ((Result.UNKNOWN, Result.INTERRUPTED), True, "`resellerplan apply --resume` looks up what is unknown"),
        ((Result.FAILED,), False, "mend that, then `resellerplan plan`"),
        ((Result.MOVED,), False, "`resellerplan plan` shows what is left"),
    ],
)
def test_a_run_that_did_not_do_everything_says_what_to_do_next(
    results: tuple[Result, ...], interrupted: bool, begins: str
) -> None:
    outcomes = [outcome(Address.customer(f"c{number}"), result) for number, result in enumerate(results)]
    lines = report_text(report_of(*outcomes, interrupted=interrupted)).splitlines()
    hints = [line.removeprefix("  hint: ") for line in lines if line.startswith("  hint: ")]
    assert (hints == []) if not begins else hints[0].startswith(begins)


def test_a_failure_is_broken_at_the_readers_width() -> None:
    failed = outcome(Address.customer("m"), Result.FAILED, message="the panel refuses it", hint=" ".join(["word"] * 20))
    assert list(outcome_lines(failed, Wording()))[-1] == "  hint: " + " ".join(["word"] * 20)
    lines = list(outcome_lines(failed, Wording(), width=50))
    assert len(lines) > 3
    assert all(len(line) <= 50 for line in lines)

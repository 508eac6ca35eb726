"""Policies, severities, the register, the lock: what a manifest says besides its objects."""

from __future__ import annotations

import itertools
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from resellerplan.diagnostics import Severity
from resellerplan.manifest.catalogue_lock import ListedQuota, catalogue_from, lock_text, read_lock
from resellerplan.manifest.load import LoadOptions, load
from resellerplan.manifest.parsing import parse
from resellerplan.manifest.policy_terms import NO_TERMS, PolicyTerms, policy_of, stricter
from resellerplan.manifest.shape import no_gate
from resellerplan.model.address import Address
from resellerplan.model.customer import Customer
from resellerplan.model.quotas import shipped_catalogue
from resellerplan.model.values import UNSET, Status
from resellerplan.planning.policy import Overcommit, Policy, Unmanaged
from tests.unit.manifest_meaning.loading import codes_of, loaded

ESTATE = (
    "plans: [{name: W, groups: {OS: {Domains: 1}}}]\ncustomers: [{username: mueller}]\nspaces: [{customer: mueller, plan: W}]\n"
)


def test_of_two_policies_the_stricter_wins_in_any_order() -> None:
    terms = [
        PolicyTerms(max_deletes=5, overcommit=Overcommit.ALLOW),
        PolicyTerms(max_deletes=3, delete_share=0.1, overcommit=Overcommit.REFUSE),
        PolicyTerms(update_share=0.5, delete_share=0.2, unmanaged=Unmanaged.REFUSE, overcommit=Overcommit.WARN),
        NO_TERMS,
    ]
    expected = PolicyTerms(
        max_deletes=3, delete_share=0.1, update_share=0.5, overcommit=Overcommit.REFUSE, unmanaged=Unmanaged.REFUSE
    )
    for order in itertools.permutations(terms):
        assert stricter(order) == expected


def test_a_policy_says_only_what_it_says() -> None:
    assert policy_of(NO_TERMS) == Policy()
    full = PolicyTerms(max_deletes=1, delete_share=0.1, update_share=0.2, overcommit=Overcommit.ALLOW, unmanaged=Unmanaged.REFUSE)
    policy = policy_of(full)
    assert (policy.max_deletes, policy.delete_share, policy.update_share) == (1, 0.1, 0.2)
    assert (policy.overcommit, policy.unmanaged) == (Overcommit.ALLOW, Unmanaged.REFUSE)


def test_a_policy_file_and_the_manifests_policy_add_up(tmp_path: Path) -> None:
    text = ESTATE + "policy: {deletes: {max: 2, share: 50%}, updates: {share: 10%}}\n"
    for content in ("deletes: {max: 7, share: 5%}\n", "policy: {deletes: {max: 7, share: 5%}}\n"):
        result = loaded(tmp_path, text, options={"policy_file": "p.yaml"}, p__yaml=content)
        assert codes_of(result) == []
        assert result.settings.policy == PolicyTerms(max_deletes=2, delete_share=0.05, update_share=0.1)


def test_a_policy_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert codes_of(loaded(tmp_path, ESTATE, options={"policy_file": "none.yaml"})) == ["RP1001"]


def test_severities_come_from_the_manifest_and_the_flag_wins(tmp_path: Path) -> None:
    text = "plans: [{name: W}]\ndiagnostics: {RP1601: %s}\n"
    assert codes_of(loaded(tmp_path, text % "off")) == []
    assert [one.severity for one in loaded(tmp_path, text % "error").findings] == [Severity.ERROR]
    flagged = loaded(tmp_path, text % "off", options={"severities": {"RP1601": Severity.NOTE}})
    assert [one.severity for one in flagged.findings] == [Severity.NOTE]
    assert loaded(tmp_path, text % "note", options={"strict": True}).valid
    assert not loaded(tmp_path, text % "warning", options={"strict": True}).valid


def test_settings_stand_once_or_agree(tmp_path: Path) -> None:
    result = loaded(
        tmp_path,
        ESTATE + "currency: EUR\ntimezone: Europe/Vienna\npanel: {url: 'embedded:', reseller: 7, space: L}\ninclude: [b.yaml]\n",
        b__yaml=f"currency: EUR\nrecipients: [age1{'q' * 58}]\n",
    )
    assert codes_of(result) == []
    settings = result.settings
    assert (settings.currency, settings.timezone, settings.panel_url) == ("EUR", "Europe/Vienna", "embedded:")
    assert (settings.reseller, settings.own_space, len(settings.recipients)) == ("7", "L", 1)
    assert str(settings.places["panel.url"]) == "resellerplan.yaml:6:14"


def test_the_currency_and_the_time_zone_stand_in_the_estate_too(tmp_path: Path) -> None:
    told = loaded(tmp_path, ESTATE + "currency: CHF\ntimezone: Europe/Zurich\n").estate
    assert (told.currency, told.timezone) == ("CHF", "Europe/Zurich")
    untold = loaded(tmp_path, ESTATE).estate
    assert (untold.currency, untold.timezone) == ("", "Europe/Berlin")


def test_who_is_listed_in_the_register_is_to_be_suspended(tmp_path: Path) -> None:
    result = loaded(
        tmp_path,
        ESTATE + "suspensions: {csv: s.csv, columns: {username: Benutzer}}\n",
        s__csv="Benutzer,since,reason\nMUELLER,2026-01-31,unpaid\n",
    )
    assert codes_of(result) == ["RP1119"]  # how the table was read, a note
    customer = result.estate.resources[Address.customer("mueller")]
    assert isinstance(customer, Customer)
    assert customer.status is Status.SUSPENDED
    row = result.settings.suspensions[0]
    assert (row.username, row.since, row.reason) == ("MUELLER", date(2026, 1, 31), "unpaid")
    assert str(row.place) == "s.csv:2:1"


@pytest.mark.parametrize(
    ("declared", "rows", "status", "codes"),
    [
        ("", "mueller,2026-01-31,unpaid,2026-02-10", Status.ACTIVE, []),
        ("status: suspended", "mueller,2026-01-31,unpaid,2026-02-10", Status.SUSPENDED, []),
        ("", "mueller,2026-01-31,unpaid,2026-02-10\nmueller,2026-03-31,unpaid,", Status.SUSPENDED, []),
        ("", "mueller,2026-03-31,unpaid,\nmueller,2026-01-31,unpaid,2026-02-10", Status.SUSPENDED, []),
        ("", "schmidt,2026-01-31,unpaid,2026-02-10", UNSET, []),
        ("", "mueller,2026-01-31,unpaid,soon", UNSET, ["RP1419"]),
        ("", "mueller,2026-01-31,unpaid,\nmueller,2026-03-31,unpaid,", Status.SUSPENDED, ["RP1418"]),
    ],
)
def test_who_is_resumed_is_to_be_active_unless_suspended_again(
    tmp_path: Path, declared: str, rows: str, status: object, codes: list[str]
) -> None:
    text = f"customers: [{{username: mueller, {declared}}}]\nsuspensions: {{csv: s.csv}}\n"
    result = loaded(tmp_path, text, s__csv=f"username,since,reason,resumed\n{rows}\n")
    assert [code for code in codes_of(result) if code != "RP1119"] == codes
    customer = result.estate.resources[Address.customer("mueller")]
    assert isinstance(customer, Customer)
    assert customer.status is status


def test_a_lock_is_read_as_it_was_written() -> None:
    shipped = shipped_catalogue()
    groups = [(group.panel_id, name) for name, group in shipped.groups.items()]
    quotas = [
        ListedQuota(group=quota.group, name=quota.name, type=quota.type, description=quota.description, quota_id=quota.panel_id)
        for group in shipped.groups
        for quota in shipped.visible(group)
    ]
    catalogue = catalogue_from(groups, quotas, own_package="Reseller's L", own_groups=frozenset(["OS", "DNS", "Service Levels"]))
    document, findings = parse("catalogue.lock.yaml", lock_text(catalogue, "https://panel.example.net/it's"))
    assert findings == ()
    assert document is not None
    again, trouble = read_lock(document)
    assert trouble == ()
    assert again is not None
    assert again.quotas == catalogue.quotas
    assert (again.own_package, again.own_groups) == (catalogue.own_package, catalogue.own_groups)
    assert list(again.groups) == list(shipped.groups)
    assert {name: quota.unit for name, quota in again.quotas.items()} == {
        name: quota.unit for name, quota in shipped.quotas.items() if not quota.hidden
    }


@pytest.mark.parametrize(("description", "unit"), [("Backup space, MB", "MB"), ("Archive (Gb)", "GB"), ("Mailboxes", None)])
def test_the_unit_of_an_unknown_quota_is_what_the_panel_says(description: str, unit: str | None) -> None:
    catalogue = catalogue_from([(99, "New")], [ListedQuota(group="New", name="New.Thing", type=2, description=description)])
    assert catalogue.quotas["New.Thing"].unit == unit


def test_with_a_lock_the_lock_alone_decides(tmp_path: Path) -> None:
    catalogue = catalogue_from(
        [(1, "OS"), (7, "DNS"), (99, "New")], [ListedQuota(group="New", name="New.Space", type=2, description="x, MB")]
    )
    lock = lock_text(catalogue, "https://panel.example.net")
    text = "plans: [{name: W, existing: false, groups: {New: {Space: 5 GB}}}]\n"
    assert codes_of(loaded(tmp_path, text, catalogue__lock__yaml=lock)) == ["RP1601"]
    assert "RP1204" in codes_of(loaded(tmp_path, "plans: [{name: W, groups: {OS: {Domains: 1}}}]\n", catalogue__lock__yaml=lock))
    (tmp_path / "catalogue.lock.yaml").unlink()
    assert "RP1203" in codes_of(loaded(tmp_path, text))


BROKEN = (
    "customers: [{username: a, email: x, fistname: y}, {username: b, status: z}]\nplans: [{name: W, groups: {OS: {Domains: -1}}}]\n"
)


def test_it_works_without_jsonschema_rs(tmp_path: Path) -> None:
    (tmp_path / "resellerplan.yaml").write_text(BROKEN, encoding="utf-8")
    hide = "import sys; sys.modules['jsonschema_rs'] = None; from resellerplan.cli.main import from_process; "
    run = "sys.exit(from_process(sys.argv[1:]))"
    outputs = [
        subprocess.run(
            [sys.executable, "-c", prefix + run, "validate"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
        )
        for prefix in (hide, "import sys; from resellerplan.cli.main import from_process; ")
    ]
    assert outputs[0].returncode == outputs[1].returncode == 1
    assert outputs[0].stderr == outputs[1].stderr
    assert outputs[0].stderr.count("error[") == 4


def test_walking_everything_finds_the_same_as_the_gate(tmp_path: Path) -> None:
    assert loaded(tmp_path, BROKEN, options={"gate": no_gate}).findings == loaded(tmp_path, BROKEN).findings


def test_a_gate_that_refuses_what_the_walk_accepts_is_believed(tmp_path: Path) -> None:
    refusing = loaded(tmp_path, ESTATE, options={"gate": lambda schema: lambda value: False})
    assert codes_of(refusing) == ["RP1299"]
    assert not refusing.valid


def test_nothing_is_raised_for_a_path_that_leads_nowhere(tmp_path: Path) -> None:
    result = load(["nowhere.yaml"], None, LoadOptions(here=tmp_path))
    assert codes_of(result) == ["RP1001"]
    assert len(result.estate) == 0


def register(tmp_path: Path, table: str, options: str = "") -> list[str]:
    text = f"customers: [{{username: mueller}}, {{username: schmidt}}]\nsuspensions: {{csv: r.csv{options}}}\n"
    return [code for code in codes_of(loaded(tmp_path, text, r__csv=table)) if code != "RP1119"]


def test_a_register_takes_the_options_of_a_table(tmp_path: Path) -> None:
    table = "username|since|reason\nmueller|2026-01-01|unpaid\n"
    assert register(tmp_path, table) == ["RP1114"]
    assert register(tmp_path, table, ', separator: "|"') == []
    assert register(tmp_path, "username;since;reason\nmueller;2026-01-01;1,234\n") == ["RP1116"]
    assert register(tmp_path, "username;since;reason\nmueller;2026-01-01;1,234\n", ', decimal: ","') == []


def test_a_register_that_can_not_be_read_is_told_and_never_left_out(tmp_path: Path) -> None:
    table = "username;since;reason\nmueller;2026-01-01;unpaid\n"
    assert register(tmp_path, table, """, separator: '"'""") == ["RP1111"]
    assert register(tmp_path, table, ', separator: ""') == ["RP1111"]
    assert register(tmp_path, table, ", separator: 5") == ["RP1111"]
    assert register(tmp_path, table, ", encoding: undefined") == ["RP1115"]
    assert register(tmp_path, table, ", decimal: x") == ["RP1207"]
    assert register(tmp_path, table, ", sheet: x") == ["RP1201"]


def test_a_row_of_the_register_that_ends_before_it_begins_is_told(tmp_path: Path) -> None:
    assert register(tmp_path, "username;since;reason;resumed\nmueller;2026-05-01;x;2026-01-01\n") == ["RP1419"]
    assert register(tmp_path, "username;since;reason;resumed\nmueller;2026-05-01;x;2026-05-01\n") == []
    assert register(tmp_path, "username;since;reason\nmueller;03/04/2026;x\n") == ["RP1124"]

"""Rules over the whole estate, and what they keep silent about: no finding that is only the consequence of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.manifest_meaning.loading import codes_of, loaded

WEB = "Web: {Sites: unlimited}"


def _codes(tmp_path: Path, plan: str, space: str, *, more: str = "") -> list[str]:
    text = (
        f"plans:\n  - {{name: W, groups: {{{plan}}}}}\n{more}customers: [{{username: mueller}}]\n"
        f"spaces:\n  - {{customer: mueller, plan: W, {space}}}\n"
    )
    return codes_of(loaded(tmp_path, text))


@pytest.mark.parametrize(
    ("plan", "space", "codes"),
    [
        (f"OS: {{Domains: 1}}, {WEB}", "domain: a.example", []),
        (f"OS: {{Domains: unlimited}}, {WEB}", "domains: [a.example, b.example]", []),
        (f"OS: {{unlisted: keep}}, {WEB}", "domains: [a.example, b.example]", []),
        ("OS: {Domains: 1}, Web: {unlisted: keep}", "domain: a.example", []),
        ("OS: {Domains: 1}", "domain: a.example, resources: {website: false}", []),
        ("OS: {Domains: 1}", "domain: a.example, resources: {website: false, ftp: true, mail: true}", ["RP1311", "RP1311"]),
        (f"OS: {{Domains: 1}}, {WEB}, FTP: {{Accounts: 0}}", "domain: a.example, resources: {ftp: true}", ["RP1315"]),
        (f"OS: {{Domains: 1}}, {WEB}", "domains: [a.example, b.example], overrides: {OS: {Domains: 2}}", []),
        (f"OS: {{Domains: 1}}, {WEB}", "domains: [a.example, b.example], overrides: {OS: {Domains: unlimited}}", []),
        (f"OS: {{Domains: 1}}, {WEB}", "domains: [a.example, b.example], overrides: {OS: {Diskspace: 1 GB}}", ["RP1317"]),
        (f"OS: {{Domains: 1}}, {WEB}", "domains: [a.example, b.example], overrides: none", ["RP1317"]),
        (f"OS: {{Domains: 0}}, {WEB}", "domain: a.example", ["RP1312"]),
        (f"OS: {{Domains: 0}}, {WEB}", "domain: a.example, state: absent, reason: x", []),
        ("OS: {Domains: 1}", "state: absent, reason: x, resources: {ftp: true}", []),
    ],
)
def test_domains_and_resources_against_the_plan(tmp_path: Path, plan: str, space: str, codes: list[str]) -> None:
    assert _codes(tmp_path, plan, space) == codes


@pytest.mark.parametrize(
    ("addon", "space", "codes"),
    [
        ("OS: {Domains: 1}", "addons: [{plan: A, quantity: 2}]", []),
        ("OS: {Domains: unlimited}", "addons: [{plan: A}]", []),
        ("OS: {Diskspace: 1 GB}", "addons: [{plan: A, quantity: 9}]", ["RP1317"]),
        ("DNS: {Editor: true}", "addons: [{plan: A}]", ["RP1317"]),
        ("OS: {Domains: 1}", "addons: [{plan: A, quantity: 1}]", ["RP1317"]),
    ],
)
def test_further_domains_may_come_from_add_ons(tmp_path: Path, addon: str, space: str, codes: list[str]) -> None:
    more = f"  - {{name: A, addon: true, groups: {{{addon}}}}}\n"
    found = _codes(tmp_path, f"OS: {{Domains: 1}}, {WEB}", f"domains: [a.example, b.example, c.example], {space}", more=more)
    assert found == codes


def test_a_plan_that_keeps_what_is_unlisted_may_have_every_group(tmp_path: Path) -> None:
    text = (
        "plans: [{name: W, unlisted: keep}, {name: E, existing: true}]\ncustomers: [{username: mueller}]\nspaces:\n"
        "  - {customer: mueller, plan: W, domain: a.example, resources: {ftp: true}}\n"
        "  - {customer: mueller, plan: E, domain: b.example, resources: {mail: true}}\n"
    )
    assert codes_of(loaded(tmp_path, text)) == []


def test_resources_by_default_need_no_domain(tmp_path: Path) -> None:
    text = (
        "defaults: {spaces: {resources: {website: false}}}\nplans: [{name: W, groups: {}}]\n"
        "customers: [{username: mueller}]\nspaces: [{customer: mueller, plan: W}]\n"
    )
    assert codes_of(loaded(tmp_path, text)) == []


def test_ftp_accounts_are_told_apart_by_their_names(tmp_path: Path) -> None:
    text = (
        f"plans: [{{name: W, groups: {{OS: {{Domains: 1}}, {WEB}, FTP: {{Accounts: 1}}}}}}]\n"
        "customers: [{username: m}, {username: n}]\nspaces:\n"
        "  - {customer: m, plan: W, domain: a.example, resources: {ftp: true}}\n"
        "  - {customer: m, plan: W, name: B, domain: b.example, resources: {ftp: {name: other}}}\n"
        "  - {customer: n, plan: W, domain: c.example, resources: {ftp: {name: M}}}\n"
    )
    assert codes_of(loaded(tmp_path, text)) == ["RP1314"]


def test_a_reference_to_an_entry_that_is_broken_is_not_told_as_unknown(tmp_path: Path) -> None:
    text = (
        'plans:\n  - {name: " W", groups: {}}\ncustomers: [{username: "a "}]\n'
        'spaces: [{customer: "a", plan: W}, {customer: a, plan: " W"}]\n'
    )
    assert codes_of(loaded(tmp_path, text)) == ["RP1229", "RP1229", "RP1301", "RP1229"]


def test_a_field_that_is_wrong_is_left_out_and_the_rest_is_checked(tmp_path: Path) -> None:
    text = (
        "plans: [{name: W, groups: {OS: {Domains: x}}}]\ncustomers: [{username: m, status: x}]\n"
        "spaces: [{customer: m, plan: W, domain: a.example}, {customer: m, plan: V, name: B}]\n"
    )
    assert codes_of(loaded(tmp_path, text)) == ["RP1212", "RP1207", "RP1301"]


@pytest.mark.parametrize(
    "entry",
    [
        "{username: m, existing: true}",
        "{username: m, existing: true, id: 5}",
        "{username: m, state: present}",
        "{username: m, from: 2027-01-01}",
        "{username: m, protect: false, state: absent, reason: x, quarantine: 1 day, only_if: {domains: 0}}",
        "{username: m, initial: {phone: 1}, email: a@b.example}",
    ],
)
def test_life_cycles_that_are_fine(tmp_path: Path, entry: str) -> None:
    assert codes_of(loaded(tmp_path, f"customers: [{entry}]\n")) == []


def test_a_default_is_no_contradiction_of_an_existing_object(tmp_path: Path) -> None:
    text = "defaults: {customers: {country: DE}, plans: {available: true}}\ncustomers: [{username: m, existing: true}]\n"
    text += "plans: [{name: W, existing: true}]\n"
    assert codes_of(loaded(tmp_path, text)) == []


def test_price_by_its_other_name_and_initial(tmp_path: Path) -> None:
    text = "plans: [{name: W, existing: false, price: {setup: 1}, initial: {price: {recurring: 2}}}]\n"
    assert "RP1414" in codes_of(loaded(tmp_path, text))


def test_pins_of_different_tables_do_not_meet(tmp_path: Path) -> None:
    text = (
        "plans: [{name: W, id: 5, groups: {}}]\ncustomers: [{username: m, id: 5}]\n"
        "spaces: [{customer: m, plan: W, id: 5}, {customer: m, plan: W, name: B, id: 6}]\n"
    )
    assert codes_of(loaded(tmp_path, text)) == []


def test_a_space_that_changes_hands_may_keep_its_name(tmp_path: Path) -> None:
    text = (
        "plans: [{name: W, groups: {}}]\ncustomers: [{username: a}, {username: b}]\n"
        "spaces: [{customer: b, plan: W, moved_from: {customer: a, name: W}}]\n"
    )
    assert codes_of(loaded(tmp_path, text)) == []


def test_active_spaces_of_customers_that_are_listed_in_the_register(tmp_path: Path) -> None:
    text = (
        "plans: [{name: W, groups: {}}]\ncustomers: [{username: a}]\nspaces: [{customer: a, plan: W, status: active}]\n"
        "suspensions: {csv: s.csv}\n"
    )
    assert "RP1318" in codes_of(loaded(tmp_path, text, s__csv="username,since,reason\na,2026-01-01,unpaid\n"))


def test_names_that_only_look_alike_elsewhere_are_fine(tmp_path: Path) -> None:
    text = (
        "plans: [{name: W, groups: {}}, {name: w, addon: true}]\ncustomers: [{username: a}, {username: b}]\n"
        "spaces: [{customer: a, plan: W, addons: [{plan: w}]}, {customer: b, plan: W, name: w}]\n"
    )
    assert codes_of(loaded(tmp_path, text)) == []


def test_a_template_and_a_row_are_named_below_a_finding(tmp_path: Path) -> None:
    text = (
        'customers:\n  - for_each: {csv: c.csv}\n    username: "{{ each.value.u }}"\n'
        '    spaces:\n      - plan: "{{ each.value.p }}"\n'
        "plans: [{name: W, groups: {}}]\n"
    )
    result = loaded(tmp_path, text, c__csv="u,p\na,W\nb,V\n")
    (finding,) = [one for one in result.findings if one.code == "RP1301"]
    assert [note.text for note in finding.notes] == ["made by the template {{ each.value.p }}", "expanded for row 2"]
    assert str(finding.notes[1].place) == "c.csv:3:1"
    assert finding.address == 'space["b/V"]'


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ("first_name: " + "😀" * 25, []),
        ("first_name: " + "😀" * 26, ["RP1213"]),
        ("first_name: " + "ü" * 50, []),
        ("existing: true, spaces: [{name: " + "😀" * 151 + ", state: absent, reason: x}]", ["RP1213"]),
    ],
)
def test_letters_that_take_two_places_count_twice(tmp_path: Path, fields: str, codes: list[str]) -> None:
    assert sorted(codes_of(loaded(tmp_path, f"customers: [{{username: m, {fields}}}]\n"))) == sorted(codes)


def test_a_customer_that_is_only_referenced_can_not_be_suspended_by_the_register(tmp_path: Path) -> None:
    text = "customers: [{username: a, existing: true}]\nsuspensions: {csv: s.csv}\n"
    found = codes_of(loaded(tmp_path, text, s__csv="username,since,reason\na,2026-01-01,unpaid\n"))
    assert [code for code in found if code != "RP1119"] == ["RP1416"]

"""What an estate holds after a manifest was read: every field, in the model's values, with its place."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from resellerplan.diagnostics import Severity
from resellerplan.errors import ManifestInvalid
from resellerplan.model.address import Address
from resellerplan.model.customer import AgeSink, CommandSink, Customer, FileSink, FromCommand, FromEnv, FromFile, Generated, InText
from resellerplan.model.hosting_plan import Addon, GroupTerms, HostingPlan, Unlisted
from resellerplan.model.lifecycle import Condition, Tombstone
from resellerplan.model.space import PLAN_TERMS, Domain, Resources, Space
from resellerplan.model.values import NULL, UNSET, LoginStatus, Money, Recurrence, Role, Status
from tests.unit.manifest_meaning.loading import codes_of, loaded

ROOT = Path(__file__).parents[3]


def _customer(tmp_path: Path, lines: str, **options: object) -> Customer:
    result = loaded(tmp_path, f"customers:\n  - username: mueller\n{lines}", options=dict(options))
    found = result.estate.resources[Address.customer("mueller")]
    assert isinstance(found, Customer)
    return found


def _space(tmp_path: Path, lines: str) -> Space:
    result = loaded(tmp_path, f"spaces:\n  - {{customer: mueller, plan: W, {lines}}}\n")
    found = next(iter(result.estate.resources.values()))
    assert isinstance(found, Space)
    return found


def _plan(tmp_path: Path, lines: str) -> HostingPlan | Addon:
    result = loaded(tmp_path, f"plans:\n  - {{name: W, {lines}}}\n")
    found = next(iter(result.estate.resources.values()))
    assert isinstance(found, HostingPlan | Addon)
    return found


def test_the_estate_of_the_documentation_is_valid(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "manifest.md").read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    result = loaded(tmp_path, text)
    assert codes_of(result) == []
    assert [str(address) for address in result.estate] == [
        'plan["Web S"]',
        'addon["Extra 10 GB"]',
        "customer.mueller",
        'space["mueller/Web S"]',
        "customer.schmidt",
        'space["schmidt/Schmidt privat"]',
        'space["mueller/Müller Aktion"]',
    ]
    assert result.settings.panel_url == "https://panel.example.net:9002"
    assert result.estate.reseller == "brightweb"


def test_every_contact_field_of_the_panel(tmp_path: Path) -> None:
    fields = {
        "first_name": "Petra", "last_name": "Müller", "email": "a@b.example", "secondary_email": "c@d.example", "company": "M",
        "address": "H 1", "city": "D", "state_province": "S", "country": "DE", "zip": "01067", "phone": "1", "secondary_phone": "2",
        "fax": "3", "instant_messenger": "i", "subscriber_number": "K-1", "comments": "c",
    }  # fmt: skip
    customer = _customer(tmp_path, "".join(f'    {key}: "{value}"\n' for key, value in fields.items()))
    for key, value in fields.items():
        assert getattr(customer, "primary_phone" if key == "phone" else key) == value


def test_words_and_flags_of_a_customer(tmp_path: Path) -> None:
    lines = "    status: suspended\n    role: reseller\n    login_status: locked_out\n"
    lines += "    html_mail: true\n    demo: false\n    ecommerce: true\n"
    customer = _customer(tmp_path, lines)
    assert (customer.status, customer.role, customer.login_status) == (Status.SUSPENDED, Role.RESELLER, LoginStatus.LOCKED_OUT)
    assert (customer.html_mail, customer.demo, customer.ecommerce) == (True, False, True)


def test_omitted_null_and_empty_are_told_apart(tmp_path: Path) -> None:
    customer = _customer(tmp_path, '    company: null\n    city: ""\n    email:\n')
    assert (customer.company, customer.city, customer.email, customer.address) == (NULL, NULL, NULL, UNSET)


def test_numbers_are_the_text_that_was_written(tmp_path: Path) -> None:
    customer = _customer(tmp_path, "    zip: 10115\n    phone: 0351\n    subscriber_number: 1001\n")
    assert (customer.zip, customer.primary_phone, customer.subscriber_number) == ("10115", "0351", "1001")


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("{env: P}", FromEnv("P")),
        ("{file: secrets/p}", FromFile("secrets/p")),
        ("{command: [pass, show, 7]}", FromCommand(("pass", "show", "7"))),
        ("{generate: {}, to: c/m.age}", Generated(20, AgeSink("c/m.age", ("age1" + "q" * 58,)))),
        ("{generate: {length: 32}, to: {age: x, recipients: [ssh-rsa AAAA]}}", Generated(32, AgeSink("x", ("ssh-rsa AAAA",)))),
        ("{generate: {}, to: /elsewhere/m}", Generated(20, FileSink("/elsewhere/m"))),
        ("{generate: {}, to: {command: [pass, insert]}}", Generated(20, CommandSink(("pass", "insert")))),
    ],
)
def test_sources_of_passwords(tmp_path: Path, written: str, source: object) -> None:
    text = f"recipients: [age1{'q' * 58}]\ncustomers:\n  - username: mueller\n    password: {written}\n"
    result = loaded(tmp_path, text, options={"secret_commands": True})
    assert codes_of(result) == []
    customer = result.estate.resources[Address.customer("mueller")]
    assert isinstance(customer, Customer)
    assert customer.password == source


def test_a_password_in_the_text_is_taken_only_where_it_was_allowed(tmp_path: Path) -> None:
    customer = _customer(tmp_path, "    password: hunter2\n", literal_passwords=True)
    assert isinstance(customer.password, InText)
    assert customer.password.secret.reveal() == "hunter2"
    assert _customer(tmp_path, "    password: hunter2\n").password is None


def test_a_file_outside_is_taken_only_below_a_folder_that_was_allowed(tmp_path: Path) -> None:
    manifest = tmp_path / "estate"
    manifest.mkdir()
    text = "customers: [{username: mueller, password: {file: ../secrets/m}}]\n"
    assert codes_of(loaded(manifest, text)) == ["RP1504"]
    assert codes_of(loaded(manifest, text, options={"secret_folders": (str(tmp_path / "secrets"),)})) == []
    assert codes_of(loaded(manifest, text, options={"secret_folders": (str(tmp_path / "secret"),)})) == ["RP1504"]


def test_a_plan_is_exact_and_os_and_dns_are_always_in(tmp_path: Path) -> None:
    plan = _plan(tmp_path, "groups: {Web: {Sites: 1, Web.Asp: true}, OS: {Diskspace: 1.5 GB, Domains: unlimited}}")
    assert isinstance(plan.groups, dict | object)
    assert plan.groups == {
        "OS": GroupTerms(quotas={"OS.Diskspace": 1536, "OS.Domains": -1}),
        "DNS": GroupTerms(),
        "Web": GroupTerms(quotas={"Web.Sites": 1, "Web.Asp": 1}),
    }
    assert _plan(tmp_path, "description: x").groups == {"OS": GroupTerms(), "DNS": GroupTerms()}


def test_an_add_on_holds_only_what_it_lists(tmp_path: Path) -> None:
    addon = _plan(tmp_path, "addon: true, groups: {OS: {Diskspace: 10 GB}}")
    assert isinstance(addon, Addon)
    assert addon.groups == {"OS": GroupTerms(quotas={"OS.Diskspace": 10240})}


def test_unlisted_keep_of_a_plan_goes_down_to_its_groups(tmp_path: Path) -> None:
    plan = _plan(tmp_path, "unlisted: keep, groups: {Web: {unlisted: off}, FTP: {count_diskspace: false}}")
    assert plan.groups == {
        "OS": GroupTerms(unlisted=Unlisted.KEEP),
        "DNS": GroupTerms(unlisted=Unlisted.KEEP),
        "Web": GroupTerms(),
        "FTP": GroupTerms(unlisted=Unlisted.KEEP, count_diskspace=False),
    }


def test_an_existing_plan_manages_nothing(tmp_path: Path) -> None:
    plan = _plan(tmp_path, "existing: true")
    assert plan.lifecycle.existing
    assert plan.groups is UNSET


def test_prices_are_decimals(tmp_path: Path) -> None:
    plan = _plan(tmp_path, "price: {setup: 0, recurring: 4.90, every: 1 year}")
    assert (plan.setup, plan.recurring, plan.every) == (Money.of("0"), Money.of("4.9"), Recurrence(12))
    assert str(plan.recurring) == "4.90"


def test_sizes_are_counted_as_the_panel_counts(tmp_path: Path) -> None:
    plan = _plan(tmp_path, "groups: {VPS: {Hdd: 1 TB, Ram: 2 GB}, Mail: {MaxBoxSize: 2048}}")
    assert isinstance(plan.groups, object)
    assert plan.groups["VPS"].quotas == {"VPS.Hdd": 1024, "VPS.Ram": 2048}  # type: ignore[index]  # a value, as the test before says
    assert plan.groups["Mail"].quotas == {"Mail.MaxBoxSize": 2048}  # type: ignore[index]  # the same


def test_domains_and_resources_of_a_space(tmp_path: Path) -> None:
    space = _space(tmp_path, "domain: Shop.Example, resources: {ftp: {name: x}, mail: true, host: www}")
    assert space.domains == (Domain(name="shop.example", website=True),)
    assert space.resources == Resources(website=True, ftp="x", mail=True, host="www")
    more = _space(tmp_path, "domains: [a.example, {name: b.example, website: true}, c.example], resources: {website: false}")
    assert more.domains == (Domain(name="a.example"), Domain(name="b.example", website=True), Domain(name="c.example"))


@pytest.mark.parametrize("empty", ["domain: ''", "domain: null"])
def test_an_empty_cell_of_a_table_is_no_domain(tmp_path: Path, empty: str) -> None:
    assert _space(tmp_path, empty).domains is UNSET


def test_the_rest_of_a_space(tmp_path: Path) -> None:
    space = _space(
        tmp_path, "name: N, status: active, comments: c, summary_letter: true, addons: [{plan: A}, {plan: B, quantity: 0}]"
    )
    assert (space.name, space.status, space.comments, space.summary_letter) == ("N", Status.ACTIVE, "c", True)
    assert space.addons == {"A": 1, "B": 0}
    assert _space(tmp_path, "overrides: none").overrides is PLAN_TERMS
    assert _space(tmp_path, "overrides: {OS: {Diskspace: 1 GB}}").overrides == {
        "OS": GroupTerms(quotas={"OS.Diskspace": 1024}, unlisted=Unlisted.KEEP)
    }
    assert space.lifecycle.pin is None
    assert _space(tmp_path, "addons: []").name == "W"


def test_life_cycles(tmp_path: Path) -> None:
    space = _space(
        tmp_path,
        "id: 7, moved_from: {customer: schmidt, name: Old}, protect: true, from: 2027-01-01, ends: 2027-12-31, "
        "ignore_changes: {plan: WHMCS}, initial: {comments: x}",
    ).lifecycle
    assert (space.pin, space.moved_from, space.protect) == (7, Address.space("schmidt", "Old"), True)
    assert (space.not_before, space.ends) == (date(2027, 1, 1), date(2027, 12, 31))
    assert (dict(space.ignore_changes), dict(space.initial)) == ({"plan": "WHMCS"}, {"comments": "x"})
    gone = _space(tmp_path, "state: absent, reason: left, quarantine: 30 days, only_if: {domains: 0, Mail.Accounts: 0}").lifecycle
    assert gone.tombstone == Tombstone(
        reason="left",
        quarantine_days=30,
        only_if=(Condition(what="domains", count=0), Condition(what="Mail.Accounts", count=0)),
    )
    assert _space(tmp_path, "moved_from: Old").lifecycle.moved_from == Address.space("mueller", "Old")


def test_ignored_and_initial_fields_carry_the_models_names(tmp_path: Path) -> None:
    life = _customer(tmp_path, "    initial: {phone: 1, company: null}\n    ignore_changes: {primary_phone: x}\n").lifecycle
    assert dict(life.initial) == {"primary_phone": "1", "company": NULL}
    plan = _plan(tmp_path, "ignore_changes: {price: x}, initial: {price: {setup: 1}, description: d, groups: {OS: {Domains: 2}}}")
    assert set(plan.lifecycle.ignore_changes) == {"setup", "recurring", "every"}
    assert plan.lifecycle.initial["setup"] == Money.of(1)


def test_places_lead_to_where_a_field_stands(tmp_path: Path) -> None:
    text = (
        "defaults: {customers: {country: DE}}\ncustomers:\n  - username: mueller\n    phone: 1\n"
        "    spaces:\n      - {plan: W, domain: a.example, overrides: {OS: {Diskspace: 1 GB}}}\n"
        "plans:\n  - name: W\n    price: {recurring: 4.90}\n    groups: {OS: {OS.Diskspace: 1 GB, Domains: 1}, Web: {Sites: 1}}\n"
    )
    estate = loaded(tmp_path, text).estate
    customer, plan, space = Address.customer("MUELLER"), Address.plan("W"), Address.space("mueller", "W")

    def place(address: Address, field: str) -> str:
        found = estate.place(address, field)
        assert found is not None
        return f"{found.line}:{found.column}"

    assert place(customer, "") == "3:15"
    assert place(customer, "primary_phone") == "4:12"
    assert place(customer, "country") == "1:33"
    assert place(customer, "email") == "3:15"
    assert place(plan, "recurring") == "9:24"
    assert place(plan, "groups.OS.Diskspace") == "10:33"
    assert place(space, "domains") == "6:27"
    assert place(space, "") == "6:16"
    assert (customer, "primary_phone") in set(estate.origins)
    assert len(estate.origins) == len(list(estate.origins))


def test_several_files_add_up_to_one_estate(tmp_path: Path) -> None:
    result = loaded(
        tmp_path,
        "include: [more.yaml]\ncustomers: [{username: a}]\n",
        "resellerplan.yaml",
        "other.yaml",
        more__yaml="customers: [{username: b}]\n",
        other__yaml="customers: [{username: c}]\n",
    )
    assert [str(address) for address in result.estate] == ["customer.a", "customer.b", "customer.c"]
    assert result.files == 3


def test_demand_stops_at_errors_and_lets_warnings_pass(tmp_path: Path) -> None:
    broken = loaded(tmp_path, "customers: [{username: a, status: x}]\n")
    with pytest.raises(ManifestInvalid) as stopped:
        broken.demand()
    assert stopped.value.findings == broken.findings
    warned = loaded(tmp_path, "plans: [{name: W}]\n")
    assert [finding.severity for finding in warned.findings] == [Severity.WARNING]
    assert warned.demand() is warned


def test_what_looks_like_a_number_is_the_text_that_was_written(tmp_path: Path) -> None:
    text = "customers:\n  - {username: 7e4, subscriber_number: 12E3, zip: 01067, company: 1.2.3, city: 10115}\n"
    result = loaded(tmp_path, text)
    assert codes_of(result) == []
    customer = result.estate.resources[Address.customer("7e4")]
    assert isinstance(customer, Customer)
    assert (customer.subscriber_number, customer.zip, customer.company, customer.city) == ("12E3", "01067", "1.2.3", "10115")


@pytest.mark.parametrize(
    "text",
    [
        "customers: [{username: a, company: 2.00}]",
        "customers: [{username: a, initial: {company: 2.0}}]",
        "customers: [{username: a, primary_phone: 5.}]",
        "customers: [{username: 2.0}]",
        "plans: [{name: 1.5e3}]",
        "plans: [{name: W, addon: true, description: 3.0}]",
        "customers: [{username: a, spaces: [{plan: W, name: 1.0}]}]",
        "spaces: [{customer: a, plan: W, addons: [{plan: 1.0}]}]",
        "spaces: [{customer: a, plan: W, moved_from: {customer: b, name: 1.0}}]",
    ],
)
def test_a_text_that_yaml_reads_as_a_whole_fraction_needs_quotes(text: str, tmp_path: Path) -> None:
    assert "RP1206" in codes_of(loaded(tmp_path, text))
    assert "RP1206" not in codes_of(loaded(tmp_path, re.sub(r"\b(\d\.(?:\d*)(?:e3)?)(?=[,}\]])", r'"\1"', text)))

"""Worlds: read, seeded, dumped; the errors of a document; the published schema."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from resellerplan.simpanel.dump import dump, dump_yaml
from resellerplan.simpanel.embedded import demo_world, fresh_panel, open_panel, reseller_log_in
from resellerplan.simpanel.flavours import FLAVOURS
from resellerplan.simpanel.seed import read_file, seed
from resellerplan.simpanel.store import Store, StoreRefused
from resellerplan.simpanel.world import World, WorldInvalid
from resellerplan.simpanel.world_reading import quota_value, read_world
from tests.contract.lab import SMALL_WORLD

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "schemas" / "world.schema.json").read_text("utf-8"))

WORLD = """
clock: 2026-11-24T09:00:00Z
administrator: {password: Anders-Pw1!}
servers:
  - {name: web01, virtual: true, services: [OS, Web, FTP, Mail, DNS, MsSQL2022]}
plans:
  - name: Reseller L
    owner: serveradmin
    server: web01
    groups: {OS: {Diskspace: 5 TB, Domains: unlimited}, Web: {Sites: unlimited}, FTP: {Accounts: 500}, DNS: {Editor: true}}
  - {name: Web S, owner: brightweb, recurring_price: 4.90, groups: {OS: {Diskspace: 5 GB, Domains: 5}}}
  - {name: Extra 10 GB, owner: brightweb, addon: true, groups: {OS: {Diskspace: 10 GB, count_disk: false}}}
users:
  - {username: brightweb, role: reseller, owner: serveradmin, password: Reseller-Pw1!, email: info@brightweb.example}
  - {username: mueller, owner: brightweb, password: Kunde-Pw1!, first_name: Petra, last_name: Müller, status: suspended}
  - {repeat: 3, username: "c{n:05}", owner: brightweb, password: Kunde-Pw1!, email: "c{n:05}@customers.example"}
  - {username: kollege, role: reseller_csr, owner: brightweb, peer: true, id: 40, password: x}
spaces:
  - {user: brightweb, plan: Reseller L, name: Reseller L}
  - user: mueller
    plan: Web S
    overrides: {OS: {Diskspace: 20 GB}}
    addons: [{plan: Extra 10 GB, quantity: 2}]
    domains: [mueller.example, {name: zeiger.example, pointer: true}]
    items: {sites: [mueller.example], ftp: [mueller], mailboxes: [petra@mueller.example]}
    settings: {PreviewDomain: {PreviewDomain: vorschau.example}}
comments:
  - {user: mueller, by: brightweb, text: zahlt pünktlich}
user_settings: {brightweb: {AccountSummaryLetter: {Subject: "…", HtmlBody: "…", EnableLetter: true}}}
system_settings: {SmtpSettings: {SmtpServer: 127.0.0.1}}
next_ids: {packages: 20}
"""


def seeded(document: Any, flavour: str) -> Store:
    store = Store.temporary()
    seed(store, read_world(document), FLAVOURS[flavour])
    return store


@pytest.mark.parametrize("flavour", list(FLAVOURS))
@pytest.mark.parametrize("text", [WORLD, SMALL_WORLD, "{}"])
def test_a_dump_seeded_again_gives_an_equal_world(flavour: str, text: str) -> None:
    with seeded(yaml.safe_load(text), flavour) as first:
        written = dump_yaml(first)
    with seeded(yaml.safe_load(written), flavour) as second:
        assert dump_yaml(second) == written


def test_a_dump_says_what_was_seeded() -> None:
    with seeded(yaml.safe_load(WORLD), "fusecp-2-ef") as store:
        found: Any = dump(store)
    assert found["administrator"] == {"password": "Anders-Pw1!"}
    assert [user["username"] for user in found["users"]] == ["brightweb", "mueller", "c00001", "c00002", "c00003", "kollege"]
    assert found["users"][-1]["id"] == 40
    assert found["users"][1]["status"] == "suspended"
    space = found["spaces"][1]
    assert space["overrides"]["OS"] == {"OS.Diskspace": 20480, "OS.Domains": 5}
    assert [domain["name"] for domain in space["domains"]] == ["mueller.example", "zeiger.example"]
    assert space["addons"][0]["quantity"] == 2
    assert found["next_ids"] == {"packages": 20}


@pytest.mark.parametrize("flavour", list(FLAVOURS))
def test_a_fresh_installation_dumps_to_its_flavour_alone(flavour: str) -> None:
    with seeded({}, flavour) as store:
        assert dump(store) == {"flavour": flavour}


@pytest.mark.parametrize("scenario", ["scenario-a-reseller-day", "scenario-c-solidcp-1x"])
@pytest.mark.parametrize("flavour", list(FLAVOURS))
def test_any_flavour_starts_from_any_scenarios_start(scenario: str, flavour: str) -> None:
    world = read_file(ROOT / "tests" / "recordings" / scenario / "start.json")
    with Store.temporary() as store:
        seed(store, world, FLAVOURS[flavour])
        assert dump(store) == {"flavour": flavour}


@pytest.mark.parametrize("flavour", list(FLAVOURS))
def test_the_catalogue_of_a_fresh_installation(flavour: str) -> None:
    expected = (40, 338, 336) if FLAVOURS[flavour].face == "corewcf" else (39, 325, 323)
    with seeded({}, flavour) as store, store.reading() as db:
        groups = db.execute("SELECT count(*) FROM resource_groups").fetchone()[0]
        quotas = db.execute("SELECT count(*), sum(hide_quota = 0) FROM quotas").fetchone()
    assert (groups, *quotas) == expected


def test_the_schema_takes_what_the_reader_takes() -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    examples = [yaml.safe_load(text) for text in (SMALL_WORLD, "{}")]
    demo = ROOT / "src" / "resellerplan" / "simpanel" / "data" / "demo.yaml"
    examples += [yaml.safe_load(demo.read_text("utf-8"))]
    whole = yaml.load(WORLD, Loader=yaml.BaseLoader)
    with seeded(yaml.safe_load(WORLD), "fusecp-2-ef") as store:
        examples.append(yaml.safe_load(dump_yaml(store)))
    for example in examples:
        assert [error.message for error in validator.iter_errors(example)] == []
    assert whole["users"]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ([], "the world"),
        ({"nope": 1}, "nope"),
        ({"users": {}}, "users"),
        ({"users": [{"owner": "x"}]}, "users[0].username"),
        ({"users": [{"username": "x", "roel": "user"}]}, "users[0].roel"),
        ({"users": [{"username": "x", "role": "boss"}]}, "users[0].role"),
        ({"users": [{"username": "x{m}", "repeat": 2}]}, "users[0].username"),
        ({"plans": [{"name": "x", "owner": "y", "groups": {"OS": {"Domains": "many"}}}]}, "plans[0].groups.OS.Domains"),
        ({"spaces": [{"user": "x", "addons": [{"quantity": 1}]}]}, "spaces[0].addons[0].plan"),
        ({"comments": [{"by": "x", "text": "y"}]}, "comments[0]"),
        ({"clock": "yesterday"}, "clock"),
    ],
)
def test_a_document_that_is_no_world_is_refused_with_its_place(document: object, path: str) -> None:
    with pytest.raises(WorldInvalid) as caught:
        read_world(document)
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"users": [{"username": "x", "owner": "nobody"}]}, "users[0] (x)"),
        ({"users": [{"username": "x"}, {"username": "x"}]}, "users[1] (x)"),
        ({"plans": [{"name": "p", "owner": "serveradmin", "server": "s"}]}, "plans[0].server"),
        ({"plans": [{"name": "p", "owner": "serveradmin", "groups": {"Nope": {}}}]}, "plans[0].groups"),
        ({"plans": [{"name": "p", "owner": "serveradmin", "groups": {"OS": {"Nope": 1}}}]}, "plans[0].groups.OS.Nope"),
        ({"spaces": [{"user": "serveradmin", "plan": "p"}]}, "spaces[0].plan"),
        ({"servers": [{"name": "s", "services": ["Nope"]}]}, "servers.s.services"),
    ],
)
def test_a_world_that_does_not_fit_is_refused_with_its_place(document: object, path: str) -> None:
    with pytest.raises(WorldInvalid) as caught:
        seeded(document, "fusecp-2-ef")
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("unlimited", -1),
        ("Unlimited", -1),
        (True, 1),
        (False, 0),
        (7, 7),
        ("7", 7),
        ("500 MB", 500),
        ("1.5 GB", 1536),
        ("5 TB", 5242880),
    ],
)
def test_quota_values_in_words(value: object, number: int) -> None:
    assert quota_value(value, "x") == number


def test_10_000_customers_are_seeded_in_seconds() -> None:
    started = time.process_time()
    document = {
        "users": [
            {"username": "r", "role": "reseller"},
            {"repeat": 10000, "username": "c{n:05}", "owner": "r", "password": "x", "email": "c{n:05}@c.example"},
        ]
    }
    with seeded(document, "solidcp-1.5") as store, store.reading() as db:
        assert db.execute("SELECT count(*), max(username) FROM users").fetchone()[:] == (10002, "serveradmin")
    assert time.process_time() - started < 20  # of this process alone: how busy the machine is does not count


def test_a_panel_out_of_a_file_knows_its_flavour_and_whose_log_in_it_has(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    with Store.create(path) as store:
        seed(store, read_world(yaml.safe_load(SMALL_WORLD)), FLAVOURS["fusecp-2-sql"], log_in_as="darkweb")
    panel = open_panel(path)
    try:
        assert panel.flavour.name == "fusecp-2-sql"
        assert reseller_log_in(panel) == ("darkweb", "Kunde-Pw1!")
    finally:
        panel.close()


def test_a_copy_without_its_key_says_so(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    with Store.create(path) as store:
        seed(store, read_world(yaml.safe_load(SMALL_WORLD)), FLAVOURS["fusecp-2-sql"], log_in_as="darkweb")
    copied = tmp_path / "copy.sqlite"
    copied.write_bytes(path.read_bytes())
    panel = open_panel(copied)
    try:
        with pytest.raises(StoreRefused, match=r"copy\.sqlite\.key") as refused:
            reseller_log_in(panel)
        assert "two files" in (refused.value.hint or "")
    finally:
        panel.close()


def test_without_a_reseller_there_is_no_log_in() -> None:
    panel = fresh_panel(World())
    try:
        with pytest.raises(StoreRefused, match="no reseller"):
            reseller_log_in(panel)
    finally:
        panel.close()


def test_an_unknown_log_in_is_refused() -> None:
    with Store.temporary() as store, pytest.raises(WorldInvalid, match="no user niemand"):
        seed(store, demo_world(), FLAVOURS["fusecp-2-ef"], log_in_as="niemand")


@pytest.mark.parametrize("parent", [2, 3, 4711])
def test_a_space_hangs_under_one_that_is_listed_before_it(parent: int) -> None:
    document = yaml.safe_load(
        f"users: [{{username: a, role: reseller, password: Reseller-Pw1!}}]\n"
        f"spaces: [{{user: a, name: A, id: 2, parent: {parent}}}, {{user: a, name: B, id: 3, parent: 2}}]"
    )
    with Store.temporary() as store, pytest.raises(WorldInvalid, match=f"there is no space {parent} before this one"):
        seed(store, read_world(document), FLAVOURS["solidcp-1.5"])

"""Credentials belong to a URL: what is sent where, and what is refused before a byte is sent."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from resellerplan.cli.credentials import Entry, Fetch, entries_text, find_login, read_entries, write_entries
from resellerplan.cli.own_files import read_plain
from resellerplan.cli.panel_url import parse_panel_url
from resellerplan.diagnostics import Place
from resellerplan.errors import ResellerPlanError, UsageError
from resellerplan.model.values import Secret

OURS = "https://panel.example.net:9002"
THEIRS = "https://panel.evil.example"
PLACE = Place("resellerplan.yaml", 4, 8)


def entry(url: str, **where: object) -> Entry:
    made = parse_panel_url(url)
    return Entry(url=made, username="brightweb", **(where or {"password": Secret("Pw1!")}))  # type: ignore[arg-type]  # one keyword each


def entries(*made: Entry) -> dict[str, Entry]:
    return {each.url.key: each for each in made}


def never(_entry: Entry) -> Secret:
    raise AssertionError("no password may be fetched here")


def from_entry(found: Entry) -> Secret:
    assert found.password is not None
    return found.password


VARIABLES = {"RESELLERPLAN_URL": OURS, "RESELLERPLAN_USERNAME": "brightweb", "RESELLERPLAN_PASSWORD": "Pw1!"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://Panel.Example.net", "https://panel.example.net:443/"),
        ("http://panel.example.net:80", "http://PANEL.example.net"),
        ("https://panel.example.net/es/", "https://panel.example.net/es"),
    ],
)
def test_two_spellings_of_one_panel_are_the_same(one: str, other: str) -> None:
    assert parse_panel_url(one).same_as(parse_panel_url(other))


@pytest.mark.parametrize(
    "other",
    ["http://panel.example.net", "https://panel.example.net:9002", "https://panel.example.org", "https://panel.example.net/x"],
)
def test_another_scheme_host_port_or_path_is_another_panel(other: str) -> None:
    assert not parse_panel_url("https://panel.example.net").same_as(parse_panel_url(other))


@pytest.mark.parametrize("text", ["panel.example.net", "ftp://panel.example.net", "https://", "https://h:99999999"])
def test_what_is_no_url_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no panel URL"):
        parse_panel_url(text)


def test_a_password_in_a_url_is_refused_without_repeating_it() -> None:
    with pytest.raises(UsageError) as caught:
        parse_panel_url("https://brightweb:canary@panel.example.net")
    assert "canary" not in f"{caught.value.message}{caught.value.detail}{caught.value.hint}"


def test_a_manifest_that_names_another_panel_than_the_variables_is_refused() -> None:
    with pytest.raises(ResellerPlanError) as caught:
        find_login(THEIRS, PLACE, VARIABLES, {}, never)
    assert caught.value.message == f"this manifest wants to talk to {THEIRS}, but your credentials are for {OURS}"
    assert "resellerplan.yaml:4:8" in caught.value.detail
    assert "Nothing was sent." in caught.value.detail


def test_a_manifest_that_names_another_panel_than_the_credentials_file_is_refused() -> None:
    with pytest.raises(ResellerPlanError, match="but your credentials are for"):
        find_login(THEIRS, PLACE, {}, entries(entry(OURS)), never)


def test_the_variables_fill_a_missing_url() -> None:
    login = find_login(None, None, VARIABLES, {}, never)
    assert (login.url.text, login.username) == (OURS, "brightweb")
    assert login.password is not None
    assert login.password.reveal() == "Pw1!"


@pytest.mark.parametrize("name", ["RESELLERPLAN_USERNAME", "RESELLERPLAN_PASSWORD"])
def test_a_user_name_or_password_without_a_url_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="not the URL they are for"):
        find_login(OURS, PLACE, {name: "x"}, entries(entry(OURS)), never)


def test_the_credentials_file_gives_the_log_in_of_the_manifests_panel() -> None:
    login = find_login("https://PANEL.example.net:9002/", PLACE, {}, entries(entry(OURS), entry(THEIRS)), from_entry)
    assert login.username == "brightweb"


def test_the_only_panel_of_the_credentials_file_is_meant_where_none_is_named() -> None:
    assert find_login(None, None, {}, entries(entry(OURS)), from_entry).url.text == OURS


@pytest.mark.parametrize("held", [(), (OURS, THEIRS)])
def test_without_any_url_the_error_names_the_ways_to_give_one(held: tuple[str, ...]) -> None:
    with pytest.raises(ResellerPlanError, match="no panel is named") as caught:
        find_login(None, None, {}, entries(*map(entry, held)), never)
    for way in ("RESELLERPLAN_URL", "panel: {url: ...}", "resellerplan login", "resellerplan panel seed", "embedded:"):
        assert way in caught.value.detail + caught.value.hint


def test_a_url_without_a_log_in_says_how_to_give_one() -> None:
    with pytest.raises(ResellerPlanError, match="there is no log-in") as caught:
        find_login(None, None, {"RESELLERPLAN_URL": OURS}, {}, never)
    assert f"resellerplan login {OURS}" in caught.value.hint


def test_a_user_name_beside_the_url_takes_the_password_of_the_same_user_only() -> None:
    environ = {"RESELLERPLAN_URL": OURS, "RESELLERPLAN_USERNAME": "other"}
    with pytest.raises(ResellerPlanError, match="there is no log-in"):
        find_login(None, None, environ, entries(entry(OURS)), never)
    same = environ | {"RESELLERPLAN_USERNAME": "brightweb"}
    assert find_login(None, None, same, entries(entry(OURS)), from_entry).password is not None


def test_an_embedded_panel_needs_no_log_in() -> None:
    login = find_login(None, None, {"RESELLERPLAN_URL": "embedded:panel.sqlite"}, {}, never)
    assert login.url.store == Path("panel.sqlite")
    assert login.password is None


def test_a_manifest_does_not_turn_a_real_panel_into_an_embedded_one() -> None:
    with pytest.raises(ResellerPlanError, match="but your credentials are for"):
        find_login("embedded:panel.sqlite", PLACE, VARIABLES, {}, never)


def test_the_credentials_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "resellerplan" / "credentials.yaml"
    held = entries(
        entry(OURS, password=Secret('a "quoted": #one\\')),
        entry(THEIRS, password_command=("pass", "show", "panel")),
        entry("http://127.0.0.1:9002", password_file="~/pw"),
        entry("http://127.0.0.1:9003", keyring=True),
    )
    write_entries(file, entries_text(held, Secret.reveal))
    read = read_entries(read_plain(file), file)
    assert list(read) == list(held)
    assert from_entry(read[parse_panel_url(OURS).key]).reveal() == 'a "quoted": #one\\'
    assert [each.password_command for each in read.values()][1] == ("pass", "show", "panel")
    assert [each.password_file for each in read.values()][2] == "~/pw"
    assert [each.keyring for each in read.values()] == [False, False, False, True]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [each.name for each in file.parent.iterdir()] == ["credentials.yaml"]


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"panels": []},
        {"panels": {OURS: "x"}},
        {"panels": {OURS: {"username": "b"}}},
        {"panels": {OURS: {"username": "b", "password": 7}}},
    ],
)
def test_a_malformed_credentials_file_is_an_error_that_repeats_no_value(data: object) -> None:
    with pytest.raises(ResellerPlanError, match="the credentials file can't be read"):
        read_entries(data, Path("credentials.yaml"))


def test_fetch_is_called_for_the_one_panel_that_is_meant() -> None:
    asked: list[str] = []

    def fetch(found: Entry) -> Secret:
        asked.append(found.url.text)
        return Secret("x")

    typed: Fetch = fetch
    find_login(OURS, PLACE, {}, entries(entry(THEIRS), entry(OURS)), typed)
    assert asked == [OURS]

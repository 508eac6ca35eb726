"""The log of requests: what was asked, by whom, without secrets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from resellerplan.simpanel.asking import Asker
from resellerplan.simpanel.flavours import flavour
from resellerplan.simpanel.request_log import HIDDEN, Entry, RequestLog, store_sink, without_secrets
from resellerplan.simpanel.store import Store
from resellerplan.simpanel.wire import Credentials
from resellerplan.simpanel.wsgi import App
from tests.support.fake_panel import FakePanel

CANARY = "Zeisig-7-Passwort"


def entry(number: int, operation: str = "AddUser") -> Entry:
    """An entry of a call."""
    moment = datetime(2026, 11, 24, 9, 0, 0, 5000)
    return Entry(number=number, received=moment, method="POST", path="/x", service="esUsers", operation=operation)


def test_a_password_reaches_the_panel_and_never_the_log() -> None:
    for name in ("solidcp-1.5", "fusecp-2-ef"):
        panel = FakePanel(7)
        app = App(panel, flavour(name))
        form = "basic" if app.flavour.face == "asmx" else "header"
        credentials = Credentials("res1", CANARY, "basic" if form == "basic" else "header")
        user = {"Username": "anna", "AdditionalParams": ""}
        asked = {"user": user, "sendLetter": False, "password": CANARY, "notes": None}
        app.exchange(Asker(app.flavour).request("esUsers", "AddUser", asked, credentials))
        assert panel.parameters["password"] == CANARY
        logged = app.log.calls("AddUser")[0]
        assert logged.parameters["password"] == HIDDEN
        assert CANARY not in repr(logged)
        assert (logged.caller, logged.call, logged.status, logged.outcome) == ("res1", "esUsers.AddUser", 200, "ok")
        assert logged.parameters["user"]["Username"] == "anna"  # type: ignore[index]  # a mapping of the test


def test_the_raw_bytes_are_kept_only_when_asked_for() -> None:
    request = Asker(flavour("solidcp-1.5")).request("esUsers", "UserExists", {"username": "x"}, Credentials("u", CANARY, "basic"))
    quiet = App(FakePanel(True), flavour("solidcp-1.5"))
    raw = App(FakePanel(True), flavour("solidcp-1.5"), log=RequestLog(raw=True))
    quiet.exchange(request)
    raw.exchange(request)
    assert next(iter(quiet.log)).request is None
    kept = next(iter(raw.log))
    assert kept.request == request.body
    assert kept.reply is not None
    assert b"UserExistsResult" in kept.reply


def test_secrets_are_hidden_by_every_name_they_have() -> None:
    given = {
        "password": "a",
        "user": {"Password": "b", "PinSecret": "c", "Username": "anna", "OneTimePasswordState": 1},
        "settings": {"SettingsArray": [["SmtpPassword", "d"], ["SmtpServer", "mail"], ["Token", ""]]},
        "notes": ["e"],
        "empty": {"password": ""},
    }
    hidden = without_secrets(given)
    assert hidden == {
        "password": HIDDEN,
        "user": {"Password": HIDDEN, "PinSecret": HIDDEN, "Username": "anna", "OneTimePasswordState": 1},
        "settings": {"SettingsArray": [["SmtpPassword", HIDDEN], ["SmtpServer", "mail"], ["Token", ""]]},
        "notes": ["e"],
        "empty": {"password": ""},
    }


def test_faults_refusals_and_closed_ports_stand_in_the_log() -> None:
    panel = FakePanel(True, password="right")
    app = App(panel, flavour("solidcp-1.5"))
    asker = Asker(app.flavour)
    app.exchange(asker.request("esUsers", "UserExists", {"username": "x"}, Credentials("u", "wrong", "basic")))
    panel.down = True
    app.exchange(asker.request("esUsers", "UserExists", {"username": "x"}, Credentials("u", "right", "basic")))
    assert [(e.status, e.outcome) for e in app.log] == [(401, "credentials are wrong"), (0, "the port is closed")]


def test_the_log_keeps_so_many_and_finds_calls_by_either_name() -> None:
    log = RequestLog(keep=3)
    for number in range(5):
        log.add(entry(log.next_number(), "AddUser" if number % 2 else "GetUsers"))
    assert [e.number for e in log] == [3, 4, 5]
    assert len(log) == 3
    assert [e.number for e in log.calls("AddUser")] == [4]
    assert [e.number for e in log.calls("esUsers.GetUsers")] == [3, 5]
    log.clear()
    assert not list(log)
    assert log.next_number() == 6


def test_a_sink_gets_bundles_and_the_rest_when_flushed() -> None:
    bundles: list[int] = []

    def sink(entries: Sequence[Entry]) -> None:
        bundles.append(len(entries))

    log = RequestLog(sink=sink, bundle=2)
    for number in range(3):
        log.add(entry(number))
    assert bundles == [2]
    log.flush()
    log.flush()
    assert bundles == [2, 1]


def test_entries_are_kept_in_the_file_of_the_world() -> None:
    with Store.temporary() as store:
        log = RequestLog(sink=store_sink(store))
        log.add(entry(1))
        log.flush()
        with store.reading() as db:
            row = db.execute("SELECT service, operation, received, status FROM request_log").fetchone()
    assert tuple(row) == ("esUsers", "AddUser", "2026-11-24T09:00:00.005000", 0)


def test_halves_of_characters_are_kept_as_what_stands_for_them() -> None:
    with Store.temporary() as store:
        log = RequestLog(sink=store_sink(store))
        log.add(replace(entry(1), caller="a\ud800", outcome="'\udc00' is not a valid value", operation="\ud800"))
        log.flush()
        with store.reading() as db:
            row = db.execute("SELECT caller, outcome, operation FROM request_log").fetchone()
    assert tuple(row) == ("a\ufffd", "'\ufffd' is not a valid value", "\ufffd")

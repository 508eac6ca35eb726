"""Canaries: a planted password reaches the panel, and is found nowhere else, at any log level.

Planted are the log-in's, a new customer's, a changed one, and what an evaluated letter holds.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import time
import traceback
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from resellerplan.errors import PanelError
from resellerplan.model.address import Address
from resellerplan.model.customer import Customer
from resellerplan.model.estate import Estate
from resellerplan.model.values import Secret
from resellerplan.panel.letters import Letters
from resellerplan.panel.reach import Reach
from resellerplan.panel.snapshot import read_estate
from resellerplan.panel.trace import Trace
from resellerplan.simpanel.chaos import Chaos
from tests.support.opened import FLAVOURS, PASSWORD, RESELLER, WORLD, Opened, opened
from tests.support.panel_client import FakeTransport, Sent, client_with

FIRST, SECOND = "Kanarie-Erst-9", "Kanarie-Zweit-9"
DIGEST = base64.b64encode(hashlib.sha1(PASSWORD.encode()).digest()).decode()
BASIC = base64.b64encode(f"{RESELLER}:{DIGEST}".encode()).decode()
CANARIES = (PASSWORD, FIRST, SECOND, "Kunde-Pw1!", DIGEST, BASIC)

LETTERS: dict[str, Any] = {
    **WORLD,
    "user_settings": {
        "brightweb": {
            "AccountSummaryLetter": {
                "From": "info@brightweb.example",
                "Subject": "Konto",
                "TextBody": "Ihr Passwort: #User.Password#",
                "HtmlBody": "Ihr Passwort: #User.Password#",
            }
        }
    },
}


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        for name in ("httpx", "httpcore", "resellerplan"):
            logging.getLogger(name).setLevel(logging.DEBUG)
        yield caplog
        for name in ("httpx", "httpcore", "resellerplan"):
            logging.getLogger(name).setLevel(logging.NOTSET)


def do_everything(panel: Opened, cache: Path) -> list[str]:
    """Use every secret; gives the texts that a person or a file could get to see."""
    session, writer = panel.session, panel.writer
    seen: list[str] = []
    customer = writer.create_customer(Customer(username="neu", email="n@neu.example"), Secret(FIRST))
    stored = panel.site.panel.crypt.open(panel.rows("SELECT password FROM users WHERE username = 'neu'")[0]["password"])  # type: ignore[arg-type]  # bytes
    assert stored == FIRST, "the canary never reached the panel"
    writer.change_password(customer, Secret(SECOND))
    writer.send_account_letter(customer)
    letters = Letters(session, Reach(session))
    letter = letters.evaluated_account(customer)
    assert letter is not None
    assert SECOND in letter
    estate = read_estate(
        session, Estate(resources={Address.customer("neu"): Customer(username="neu", city="x")}), cache_folder=cache
    )
    seen += [repr(estate), repr(session.__dict__), repr(session.client.__dict__), repr(session.connection)]
    seen += [repr(Secret(FIRST)), str(Secret(FIRST)), f"{Secret(FIRST)}", repr(writer.read(Address.customer("neu"), customer))]
    for wrong in (
        lambda: writer.create_customer(Customer(username="neu"), Secret(FIRST)),
        lambda: writer.change_password(1, Secret(FIRST)),
    ):
        with pytest.raises(PanelError) as caught:
            wrong()
        error = caught.value
        seen += [repr(error), str(error), error.message, error.detail, error.hint, repr(error.__dict__)]
        seen.append("".join(traceback.format_exception(error)))
    return seen


@pytest.mark.loopback
@pytest.mark.parametrize("on_socket", [True, False])
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_planted_password_reaches_the_panel_and_nothing_else(
    flavour: str, on_socket: bool, tmp_path: Path, logged: pytest.LogCaptureFixture
) -> None:
    trace, cache = tmp_path / "trace", tmp_path / "cache"
    with opened(flavour, LETTERS, on_socket=on_socket, trace_folder=trace, cache_folder=cache) as panel:
        seen = do_everything(panel, cache)
    seen += [record.getMessage() for record in logged.records]
    written = [path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert any("<AddUser " in text for text in written), "no trace was written"
    assert any("customers" in text for text in written), "no cache was written"
    assert on_socket or any(record.name == "httpx" for record in logged.records), "the network logged nothing"
    for text in [*seen, *written]:
        for canary in CANARIES:
            assert canary not in text


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_trace_shows_where_a_secret_stood(flavour: str, tmp_path: Path) -> None:
    with opened(flavour, LETTERS, trace_folder=tmp_path) as panel:
        customer = panel.writer.create_customer(Customer(username="neu", email="n@neu.example"), Secret(FIRST))
        Letters(panel.session, Reach(panel.session)).evaluated_account(customer)
    texts = {path.name.partition("-")[2]: path.read_text("utf-8") for path in sorted(tmp_path.iterdir())}
    assert "<password>***</password>" in texts["esUsers.AddUser.request.xml"]
    assert "***" in texts["esPackages.GetEvaluatedAccountTemplateBody.reply.xml"]
    assert "Authorization" not in "".join(texts.values())
    assert "n@neu.example" in texts["esUsers.AddUser.request.xml"]


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("trouble", ["html_500", "truncated", "cut", "reset_after_commit", "fault"])
def test_no_failure_tells_a_password(flavour: str, trouble: str, tmp_path: Path) -> None:
    chaos = Chaos.from_data({"rules": [{"what": trouble, "call": "AddUser"}]}, ticks=time.monotonic)
    with opened(flavour, chaos=chaos, trace_folder=tmp_path) as panel:
        try:
            panel.writer.create_customer(Customer(username="neu"), Secret(FIRST))
        except PanelError as error:
            text = "".join(traceback.format_exception(error)) + repr(error.__dict__)
            for canary in CANARIES:
                assert canary not in text
    for path in tmp_path.iterdir():
        text = path.read_text("utf-8")
        assert not any(canary in text for canary in CANARIES)


def test_a_password_that_the_oldest_panels_send_is_dropped_while_parsing() -> None:
    """WebsitePanel of 2011 returns the plain password in UserInfo (contract 1.3)."""
    body = (
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetUserByIdResponse xmlns="urn:x">'
        b"<GetUserByIdResult><UserId>5</UserId><Username>m</Username><Password>Kanarie-Erst-9</Password></GetUserByIdResult>"
        b"</GetUserByIdResponse></s:Body></s:Envelope>"
    )
    transport = FakeTransport(lambda _sent: (200, {"content-type": "text/xml"}, body))
    record = client_with("solidcp1", transport, may_write=False).record("GetUserById", userId=5)
    assert record is not None
    assert record.text("username") == "m"
    assert record.text("password") == ""


def b64encode_text(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


ECHOES = {
    "a page": (500, "text/html", "<html>Request was: {request} {authorization}</html>"),
    "a page that is taken for SOAP": (500, "text/xml", "<html>{request} {authorization}</html>"),
    "text": (200, "text/plain", "{request} {authorization}"),
    "a proxy": (502, "text/plain", "bad gateway for {authorization} {request}"),
    "a fault": (
        500,
        "text/xml",
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>'
        "bad value Kanarie-Erst-9 for log-in:p\u00e4ss in {authorization}</faultstring></s:Fault></s:Body></s:Envelope>",
    ),
    "a result": (
        200,
        "text/xml",
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><ChangeUserPasswordResponse xmlns="urn:x">'
        "<ChangeUserPasswordResult>Kanarie-Erst-9</ChangeUserPasswordResult></ChangeUserPasswordResponse></s:Body></s:Envelope>",
    ),
}


@pytest.mark.parametrize("form", [escape, lambda t: json.dumps(t)[1:-1], lambda t: quote(t, safe=""), quote_plus, b64encode_text])
def test_a_server_that_repeats_a_secret_in_other_forms_makes_nothing_known(form: Callable[[str], str], tmp_path: Path) -> None:
    word = 'Kanari\u00e4 "&<\\/>'
    canary = form(word)
    client = client_with("solidcp1", FakeTransport(lambda _sent: (404, {"content-type": "text/plain"}, canary.encode())))
    client._trace = Trace(tmp_path)
    password = Secret(word)
    with pytest.raises(PanelError) as caught:
        client.integer("ChangeUserPassword", userId=5, password=password)
    shown = repr(vars(caught.value)) + "".join(path.read_text("utf-8") for path in tmp_path.glob("*.reply.xml"))
    assert canary not in shown
    assert "\u2022\u2022\u2022" in shown


@pytest.mark.parametrize("dialect", ["solidcp1", "fusecp2"])
@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize("before", [0, 60, 138, 143, 148, 153, 158])
def test_a_server_that_repeats_the_request_makes_nothing_known(dialect: str, echo: str, before: int, tmp_path: Path) -> None:
    """Wherever the fragment that is shown of it is cut."""
    status, kind, text = ECHOES[echo]

    def answer(sent: Sent) -> tuple[int, dict[str, str], bytes]:
        request = sent.body.decode()
        at = request.index("Kanarie-Erst-9")
        body = text.format(request="x" * before + request[at:] + request, authorization=sent.headers.get("Authorization", ""))
        assert "Kanarie-Erst-9" in body
        return status, {"content-type": kind}, body.encode()

    client = client_with(dialect, FakeTransport(answer))
    client._trace = Trace(tmp_path)
    password = Secret(FIRST)  # by name, because a traceback shows the line
    with pytest.raises(PanelError) as caught:
        client.integer("ChangeUserPassword", userId=5, password=password)
    shown = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value)) + repr(caught.value.args)
    shown += "".join(path.read_text("utf-8") for path in tmp_path.iterdir())
    assert "ChangeUserPassword" in shown
    digest = base64.b64encode(hashlib.sha1("log-in:p\u00e4ss".encode()).digest()).decode()
    for canary in ("Kanarie-Erst-9", "Kana", "log-in:p\u00e4ss", digest, base64.b64encode(f"brightweb:{digest}".encode()).decode()):
        assert canary not in shown

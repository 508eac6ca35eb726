"""The in-process transport checks what a network would: lengths, and the client's patience."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx
import pytest

from resellerplan.simpanel.chaos import Chaos
from resellerplan.simpanel.flavours import flavour
from resellerplan.simpanel.transport import InProcessTransport
from resellerplan.simpanel.wsgi import App
from tests.support.fake_panel import FakePanel

ECHO = (
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    b'<Echo xmlns="http://tempuri.org/"/></s:Body></s:Envelope>'
)
ECHO_HEADERS = {"content-type": "text/xml", "soapaction": "http://tempuri.org/IesTest/Echo"}


def client(app: App, timeout: float = 5.0) -> httpx.Client:
    """A client of an application."""
    return httpx.Client(transport=InProcessTransport(app), base_url="http://panel.example", timeout=timeout)


def test_a_body_of_another_length_than_declared_is_not_sent() -> None:
    app = App(FakePanel(True), flavour("solidcp-1.5"))
    with client(app) as http:
        with pytest.raises(httpx.LocalProtocolError, match="Too little data"):
            http.post("/esUsers.asmx", content=b"abc", headers={"content-length": "5"})
        with pytest.raises(httpx.LocalProtocolError, match="Too much data"):
            http.post("/esUsers.asmx", content=b"abc", headers={"content-length": "2"})
    assert len(app.log) == 0


def test_a_streamed_body_arrives_whole() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"<a"
        yield b"/>"

    app = App(FakePanel(True), flavour("fusecp-2-ef"))
    with client(app) as http:
        assert http.post("/basic/esUsers", content=pieces(), headers={"content-type": "text/xml"}).status_code == 400
    assert next(iter(app.log)).request_bytes == 4


def test_an_answer_that_really_takes_longer_than_the_time_out_is_a_time_out() -> None:
    class Slow(FakePanel):
        def call(self, *args: object, **options: object) -> object:
            time.sleep(0.3)
            return True

    app = App(Slow(), flavour("fusecp-2-ef"))
    with client(app, timeout=0.1) as http, pytest.raises(httpx.ReadTimeout):
        http.post("/esTest", content=ECHO, headers=ECHO_HEADERS)


def test_a_head_request_has_the_length_of_the_body_that_it_lacks() -> None:
    with client(App(FakePanel(), flavour("solidcp-1.5"))) as http:
        whole, head = http.get("/esUsers.asmx?wsdl"), http.head("/esUsers.asmx?wsdl")
    assert head.content == b""
    assert head.headers["content-length"] == whole.headers["content-length"]


def test_a_panel_that_is_down_refuses_the_connection() -> None:
    panel = FakePanel(True)
    panel.down = True
    with client(App(panel, flavour("solidcp-1.5"))) as http, pytest.raises(httpx.ConnectError, match="refused"):
        http.get("/")


def test_under_another_server_what_has_no_answer_is_a_reset() -> None:
    rules = {"rules": [{"what": "reset_before_read"}]}
    app = App(FakePanel(True), flavour("solidcp-1.5"), chaos=Chaos.from_data(rules, ticks=time.monotonic))
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SERVER_NAME": "x", "SERVER_PORT": "80"}

    def start_response(*_: object) -> None:
        raise AssertionError("nothing is to be answered")

    with pytest.raises(ConnectionResetError, match="reset_before_read"):
        app(environ, start_response)  # type: ignore[arg-type]  # never called


def test_a_bug_of_ours_is_reported_and_answered_and_the_server_stays_up() -> None:
    reports: list[str] = []
    app = App(FakePanel(ZeroDivisionError("oops")), flavour("fusecp-2-ef"), on_bug=reports.append)
    with client(app) as http:
        assert http.post("/esTest", content=ECHO, headers=ECHO_HEADERS).status_code == 500
        assert http.get("/esTest?wsdl").status_code == 200
    assert "ZeroDivisionError: oops" in reports[0]
    assert app.log.calls("Echo")[0].outcome.startswith("bug:")

"""The door to the network: what each failure of httpx proves."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from resellerplan.errors import PanelAmbiguous, PanelUnreachable, UsageError
from resellerplan.panel.connection import Connection
from resellerplan.panel.transport import HttpxTransport

URL = "http://panel.example.net"


class Failing(httpx.BaseTransport):
    def __init__(self, error: Exception) -> None:
        self._error = error

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raise self._error


class Cutting(httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        yield b"<half"
        raise httpx.ReadError("reset")


def send(transport: httpx.BaseTransport) -> tuple[int, bytes]:
    door = HttpxTransport(Connection(url=URL), transport)
    with door.send("POST", URL, {"X": "1"}, b"body", connect=1, read=2) as answer:
        return answer.status, b"".join(answer.pieces)


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.PoolTimeout("busy"),
        httpx.UnsupportedProtocol("gopher"),
        httpx.ProxyError("no"),
        httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"),
    ],
)
def test_what_failed_before_anything_was_sent_is_unreachable(error: Exception) -> None:
    with pytest.raises(PanelUnreachable) as caught:
        send(Failing(error))
    assert caught.value.hint


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout("slow"),
        httpx.WriteTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.WriteError("broken pipe"),
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
        httpx.CloseError("odd"),
    ],
)
def test_what_failed_after_something_was_sent_is_ambiguous(error: Exception) -> None:
    with pytest.raises(PanelAmbiguous):
        send(Failing(error))


def test_a_body_that_is_cut_is_ambiguous() -> None:
    with pytest.raises(PanelAmbiguous, match="cut"):
        send(httpx.MockTransport(lambda _request: httpx.Response(200, stream=Cutting())))


def test_a_certificate_that_is_not_accepted_is_told_in_words() -> None:
    with pytest.raises(PanelUnreachable, match="certificate"):
        send(Failing(httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")))


def test_a_redirect_is_not_followed() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"location": "http://evil.example/"})

    assert send(httpx.MockTransport(answer))[0] == 302
    assert asked == [URL]


def test_an_answer_is_given_with_its_status_headers_and_body() -> None:
    assert send(httpx.MockTransport(lambda request: httpx.Response(500, content=request.read()))) == (500, b"body")


def test_a_certificate_file_that_can_not_be_read_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="certificate"):
        HttpxTransport(Connection(url="https://panel.example.net", ca_file="/nowhere.pem"))

"""The socket before the panel: what arrives in odd pieces is read, what leaves does so at once, and it ends when told."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from resellerplan.simpanel.faces.corewcf import MAXIMUM_BODY
from resellerplan.simpanel.front import Front
from tests.support.served import Site, on_socket, site

pytestmark = pytest.mark.loopback

WORLD = """
administrator: {password: Admin-Pw1!}
users:
  - {username: brightweb, role: reseller, owner: serveradmin, password: Reseller-Pw1!, email: info@brightweb.example}
"""
SPACE = "http://tempuri.org/"
ECHO = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    f'<Echo xmlns="{SPACE}"><msg>hällo</msg></Echo></s:Body></s:Envelope>'
).encode()
HEADERS = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{SPACE}IesTest/Echo"'}


@contextmanager
def running(flavour_name: str = "fusecp-2-ef", **options: float) -> Iterator[tuple[Site, Front]]:
    """A panel on a socket."""
    with site(flavour_name, WORLD) as found, on_socket(found, **options) as front:
        yield found, front


def talk(front: Front, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Send raw pieces on one connection and read until the panel closes or falls silent."""
    with socket.create_connection(("127.0.0.1", front.port), timeout=2) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)
        found = b""
        connection.settimeout(0.5)
        try:
            while block := connection.recv(65536):
                found += block
        except TimeoutError:
            pass
        return found


def post(connection: http.client.HTTPConnection, body: bytes) -> http.client.HTTPResponse:
    """Send a call on a connection and get its answer's head."""
    connection.request("POST", "/basic/esTest", body, HEADERS)
    return connection.getresponse()


def is_closed(connection: socket.socket) -> bool:
    """Whether the other side closed or reset a connection."""
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


def head(length: int | None = None, *, path: str = "/basic/esTest", extra: str = "") -> bytes:
    """The head of a POST."""
    lines = [f"POST {path} HTTP/1.1", "Host: panel.example", *(f"{k}: {v}" for k, v in HEADERS.items())]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n" + extra + "\r\n").encode()


def test_a_reply_has_the_recorded_headers_and_its_length() -> None:
    with running() as (_, front):
        connection = http.client.HTTPConnection("127.0.0.1", front.port, timeout=5)
        connection.request("POST", "/basic/esTest", ECHO, HEADERS)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200
        assert answer.getheader("Server") == "Kestrel"
        assert answer.getheader("Content-Type") == "text/xml; charset=utf-8"
        assert answer.getheader("Content-Length") == str(len(body))
        assert answer.getheader("Date")
        assert answer.getheader("Content-Encoding") is None
        assert "<EchoResult>hällo</EchoResult>" in body.decode()
        connection.close()


def test_chunked_bodies_are_decoded() -> None:
    chunks = b"".join(b"%x;ext=1\r\n%s\r\n" % (len(ECHO[i : i + 50]), ECHO[i : i + 50]) for i in range(0, len(ECHO), 50))
    with running() as (_, front):
        body = head(extra="Transfer-Encoding: chunked\r\n") + chunks + b"0\r\nTrailer: x\r\n\r\n"
        assert b"<EchoResult>" in talk(front, body)
        assert b"400 Bad Request" in talk(front, head(extra="Transfer-Encoding: chunked\r\n") + b"zz\r\n")


def test_a_body_that_comes_in_pieces_is_waited_for() -> None:
    with running() as (_, front):
        assert b"<EchoResult>" in talk(front, head(len(ECHO))[:40], head(len(ECHO))[40:], ECHO[:9], ECHO[9:], pause=0.05)


def test_a_connection_serves_many_requests() -> None:
    with running() as (found, front):
        connection = http.client.HTTPConnection("127.0.0.1", front.port, timeout=5)
        for _ in range(5):
            connection.request("POST", "/basic/esTest", ECHO, HEADERS)
            assert connection.getresponse().read()
        connection.close()
        assert len(found.app.log.calls("Echo")) == 5


def test_a_small_call_does_not_wait_for_a_delayed_acknowledgement() -> None:
    with running() as (_, front):
        connection = http.client.HTTPConnection("127.0.0.1", front.port, timeout=5)
        taken = []
        for _ in range(20):
            started = time.perf_counter()
            connection.request("POST", "/basic/esTest", ECHO, HEADERS)
            connection.getresponse().read()
            taken.append(time.perf_counter() - started)
        connection.close()
        assert min(taken[1:]) < 0.035  # in two packets every call but the first would wait 0.04


@pytest.mark.parametrize(
    "sent",
    [
        b"rubbish\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /basic/esTest HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /basic/esTest HTTP/1.1\r\nContent-Length: abc\r\n\r\n",
        b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"POST /basic/esTest HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
    ],
)
def test_what_is_no_http_is_refused_and_the_panel_stays_up(sent: bytes) -> None:
    with running() as (_, front):
        answer = talk(front, sent)
        assert answer == b"" or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 505"))
        assert b"<EchoResult>" in talk(front, head(len(ECHO)) + ECHO)


def test_a_client_that_leaves_in_the_middle_harms_nobody() -> None:
    with running() as (_, front):
        for sent in (head(1000) + b"half", head(len(ECHO)) + ECHO):
            with socket.create_connection(("127.0.0.1", front.port)) as connection:
                connection.sendall(sent)
        assert b"<EchoResult>" in talk(front, head(len(ECHO)) + ECHO)


def test_a_body_above_32_mib_closes_the_connection_without_a_status_on_2x() -> None:
    with running() as (found, front):
        connection = http.client.HTTPConnection("127.0.0.1", front.port, timeout=20)
        with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
            post(connection, b"x" * (MAXIMUM_BODY + 1))
        connection.close()
        assert found.app.log.calls("Echo")[0].status == 0
        assert b"<EchoResult>" in talk(front, head(len(ECHO)) + ECHO)


def test_a_body_above_16_mb_is_answered_on_1x() -> None:
    with running("solidcp-1.5") as (_, front):
        connection = http.client.HTTPConnection("127.0.0.1", front.port, timeout=20)
        connection.request("POST", "/esUsers.asmx", b"x" * (17 * 1024 * 1024), {"Content-Type": "text/xml"})
        answer = connection.getresponse()
        assert answer.status == 500
        connection.close()


def test_connections_are_bounded() -> None:
    with running(most_connections=3) as (_, front):
        held = [socket.create_connection(("127.0.0.1", front.port)) for _ in range(3)]
        time.sleep(0.3)
        assert talk(front, head(len(ECHO)) + ECHO) == b""
        for connection in held:
            connection.close()
        time.sleep(0.3)
        assert b"<EchoResult>" in talk(front, head(len(ECHO)) + ECHO)


def test_an_idle_connection_is_closed() -> None:
    with running(idle_seconds=0.3) as (_, front), socket.create_connection(("127.0.0.1", front.port)) as connection:
        connection.settimeout(20)  # without the limit it would be kept for a minute
        assert connection.recv(1) == b""


def test_stopping_closes_open_connections_and_frees_the_port() -> None:
    with running() as (_, front):
        connection = socket.create_connection(("127.0.0.1", front.port))
        time.sleep(0.1)
        started = time.monotonic()
        front.stop()
        assert time.monotonic() - started < 2
        connection.settimeout(1)
        assert is_closed(connection)
        connection.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", front.port))


SERVER = """
import sys, time
from resellerplan.simpanel.chaos import Chaos
from resellerplan.simpanel.front import Front, Proxy, run_until_signal
front = Front(Proxy("http://127.0.0.1:9", chaos=Chaos(ticks=time.monotonic)))
run_until_signal(front, lambda: print("ready", front.port, flush=True))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_within_two_seconds_with_exit_0(number: signal.Signals) -> None:
    source = Path(__file__).resolve().parents[2] / "src"
    environment = {**os.environ, "PYTHONPATH": str(source)}
    process = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline().split()[1])
        with socket.create_connection(("127.0.0.1", port)):
            started = time.monotonic()
            process.send_signal(number)
            assert process.wait(5) == 0
            assert time.monotonic() - started < 2
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()

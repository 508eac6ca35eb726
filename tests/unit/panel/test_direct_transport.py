"""The network by the standard library: what each failure on a socket proves, and which connections are used again."""

from __future__ import annotations

import gzip
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import pytest

from resellerplan.errors import PanelAmbiguous, PanelUnreachable
from resellerplan.panel.connection import Connection
from resellerplan.panel.direct_transport import DirectTransport, stands_behind_proxy

pytestmark = pytest.mark.loopback


def read_request(peer: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = peer.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += peer.recv(65536)
    return head + b"\r\n\r\n" + body


def answer(body: bytes, *headers: str, length: int | None = None) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@contextmanager
def server(serve: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[int]]]:
    """A server that hands each connection to ``serve``; gives its URL and the connections it had."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)
    connections: list[int] = []

    def run() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            connections.append(len(connections))
            with peer, suppress(OSError):
                peer.settimeout(5)
                serve(peer)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", connections
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def send(door: DirectTransport, url: str, body: bytes = b"body", *, read: float = 5.0) -> tuple[int, bytes]:
    with door.send("POST", f"{url}/esUsers?x=1", {"SOAPAction": '"a"'}, body, connect=2, read=read) as found:
        return found.status, b"".join(found.pieces)


def door_to(url: str, seconds: Callable[[], float] = lambda: 0.0) -> DirectTransport:
    return DirectTransport(Connection(url=url, use_environment=False), seconds)


def test_a_connection_is_used_again_and_head_and_body_leave_together() -> None:
    seen: list[bytes] = []

    def serve(peer: socket.socket) -> None:
        while request := read_request(peer):
            seen.append(request)
            peer.sendall(answer(b"<ok/>"))

    with server(serve) as (url, connections):
        door = door_to(url)
        assert send(door, url) == (200, b"<ok/>")
        assert send(door, url) == (200, b"<ok/>")
        door.close()
    assert len(connections) == 1
    assert seen[0].startswith(b"POST /esUsers?x=1 HTTP/1.1\r\n")
    assert seen[0].endswith(b"\r\n\r\nbody")


def test_a_connection_that_was_closed_meanwhile_is_not_used_again() -> None:
    def serve(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(answer(b"<ok/>"))

    with server(serve) as (url, connections):
        door = door_to(url)
        for _ in range(3):
            assert send(door, url)[0] == 200
            _wait_for_close(door)
        door.close()
    assert len(connections) == 3


def _wait_for_close(door: DirectTransport) -> None:
    (connection, _since) = door._idle[0]  # the test must not outrun the other side's close
    select.select([connection.sock], [], [], 5)


def test_a_connection_idle_for_long_is_not_used_again() -> None:
    now = 0.0

    def serve(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(answer(b"<ok/>"))

    with server(serve) as (url, connections):
        door = door_to(url, lambda: now)
        send(door, url)
        now = 60.0
        send(door, url)
        door.close()
    assert len(connections) == 2


def test_nobody_listening_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(PanelUnreachable, match="can't be reached"):
        send(door_to(f"http://127.0.0.1:{port}"), f"http://127.0.0.1:{port}")


def test_a_host_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(PanelUnreachable):
        send(door_to("http://127.0.0.1:1"), "http://127.0.0.1:1")


def send_once(url: str, *, read: float = 5.0) -> tuple[int, bytes]:
    with closing(door_to(url)) as door:
        return send(door, url, read=read)


FAILING: dict[str, Callable[[socket.socket], None]] = {
    "closed without an answer": lambda peer: None,
    "half a status": lambda peer: peer.sendall(b"HTTP/1.1 2x"),
    "no HTTP": lambda peer: peer.sendall(b"SSH-2.0-OpenSSH\r\n"),
    "a short body": lambda peer: peer.sendall(answer(b"<half", length=100)),
    "a short chunk": lambda peer: peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n<half"),
    "a chunk of a negative size": lambda peer: peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc"),
    "a broken packing": lambda peer: peer.sendall(answer(b"no gzip", "Content-Encoding: gzip")),
    "half a packing": lambda peer: peer.sendall(answer(gzip.compress(b"<whole/>" * 99)[:15], "Content-Encoding: gzip")),
}


@pytest.mark.parametrize("how", FAILING)
def test_what_fails_after_the_request_left_is_ambiguous(how: str) -> None:
    def serve(peer: socket.socket) -> None:
        read_request(peer)
        FAILING[how](peer)

    with server(serve) as (url, _), pytest.raises(PanelAmbiguous):
        send_once(url)


def test_a_redirect_is_not_followed() -> None:
    with server(lambda _peer: None) as (elsewhere, visits):

        def serve(peer: socket.socket) -> None:
            read_request(peer)
            peer.sendall(f"HTTP/1.1 307 Over There\r\nLocation: {elsewhere}/esUsers\r\nContent-Length: 0\r\n\r\n".encode())

        with server(serve) as (url, _):
            assert send_once(url)[0] == 307
    assert visits == []


def test_an_answer_that_does_not_come_is_a_time_out() -> None:
    def serve(peer: socket.socket) -> None:
        read_request(peer)
        read_request(peer)

    with server(serve) as (url, _), pytest.raises(PanelAmbiguous, match=r"did not answer within 0\.2 s"):
        send_once(url, read=0.2)


def drip_a_head(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        peer.sendall(b"X-A: 1\r\n"[:1])
        select.select([], [], [], 0.02)


def drip_a_body(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        peer.sendall(b"x")
        select.select([], [], [], 0.02)


def promise_for_ever(peer: socket.socket) -> None:
    while True:
        peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


@pytest.mark.parametrize("serve", [drip_a_head, drip_a_body, promise_for_ever])
def test_an_answer_that_never_ends_gets_no_more_time_than_one_that_never_comes(serve: Callable[[socket.socket], None]) -> None:
    def slowly(peer: socket.socket) -> None:
        read_request(peer)
        serve(peer)

    with server(slowly) as (url, _):
        door = DirectTransport(Connection(url=url, use_environment=False), time.monotonic)
        began = time.monotonic()
        with pytest.raises(PanelAmbiguous, match=r"did not answer within 0\.4 s"):
            send(door, url, read=0.4)
        assert time.monotonic() - began < 3
        door.close()


def test_a_packed_answer_is_unpacked_in_steps() -> None:
    packed = gzip.compress(b" " * 64_000_000)

    def serve(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(answer(packed, "Content-Encoding: gzip"))

    with server(serve) as (url, _):
        door = door_to(url)
        with door.send("GET", url, {}, b"", connect=2, read=5) as found:
            assert max(len(piece) for piece in found.pieces) <= 1 << 20
        door.close()


@pytest.mark.parametrize("host", [f"{'a' * 64}.example", "a..example"])
def test_a_host_name_that_can_not_be_is_unreachable(host: str) -> None:
    with pytest.raises(PanelUnreachable):
        send_once(f"http://{host}")


def test_a_path_of_any_letters_is_sent() -> None:
    seen: list[bytes] = []

    def serve(peer: socket.socket) -> None:
        seen.append(read_request(peer))
        peer.sendall(answer(b""))

    with server(serve) as (url, _):
        assert send_once(f"{url}/pänel x/100%25") == (200, b"")
    assert seen[0].startswith(b"POST /p%C3%A4nel%20x/100%25/esUsers?x=1 HTTP/1.1\r\n")


def test_a_packed_answer_is_unpacked() -> None:
    def serve(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(answer(gzip.compress(b"<ok/>" * 1000), "Content-Encoding: gzip"))

    with server(serve) as (url, _):
        assert send_once(url) == (200, b"<ok/>" * 1000)


def test_an_answer_that_is_not_read_to_its_end_leaves_no_connection_behind() -> None:
    def serve(peer: socket.socket) -> None:
        while read_request(peer):
            peer.sendall(answer(b"x" * 200_000))

    with server(serve) as (url, connections):
        door = door_to(url)
        for _ in range(2):
            with door.send("GET", url, {}, b"", connect=2, read=5) as found:
                next(found.pieces)
        door.close()
    assert len(connections) == 2


def test_a_server_without_tls_is_told_in_words() -> None:
    def serve(peer: socket.socket) -> None:
        peer.recv(100)
        peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with server(serve) as (url, _):
        secure = url.replace("http:", "https:")
        with pytest.raises(PanelUnreachable, match="there is no TLS"):
            send(door_to(secure), secure)


def test_without_the_environment_no_proxy_is_asked_for() -> None:
    assert not stands_behind_proxy(Connection(url="http://panel.example", use_environment=False))

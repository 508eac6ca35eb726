"""How many customers are added per second, against a raw loop over http.client, at 20 ms panel latency and ten at a time.

    python -m benchmarks.adduser [N [CONCURRENCY]]

Two rows: the call AddUser alone; and the writer's create with its proof (AddUser, then GetUserById), the raw loop sending the same
two. The embedded panel serves on a socket in a process of its own, with 20 ms put before every answer. The raw loop's requests are
built beforehand, and its replies are searched for the id and for nothing else. Exits 1 where ours is below 0.90 of the raw rate.
"""

from __future__ import annotations

import http.client
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue

from benchmarks.generate import PASSWORD, RESELLER, write
from benchmarks.noop_plan import PROGRAM
from resellerplan.applying.ports import Clock
from resellerplan.model.customer import Customer
from resellerplan.model.values import Secret
from resellerplan.panel.calls import call_named
from resellerplan.panel.connection import Connection, Credentials
from resellerplan.panel.dialects.dialect import Value
from resellerplan.panel.session import Session, open_panel
from resellerplan.panel.translate.customer import new_user
from resellerplan.panel.writer import Writer
from resellerplan.soap.envelope import write_envelope
from resellerplan.soap.node import Node

LATENCY = 0.020
LEAST = 0.90
ROUNDS = 5
CHAOS = f"rules: [{{what: latency, latency: {{constant: {LATENCY}}}}}]\n"


def session(url: str, concurrency: int) -> Session:
    """Our client."""
    return open_panel(
        Connection(url=url, parallelism=concurrency, use_environment=False),
        Credentials(username=RESELLER, password=Secret(PASSWORD), url=url),
        clock=Clock(now=lambda: datetime.now(UTC), monotonic=time.monotonic, sleep=time.sleep),
        jitter=random.random,
        may_write=True,
    )


def customer(name: str) -> Customer:
    """One customer with the fields that a shop fills in."""
    return Customer(
        username=name, first_name="Petra", last_name="Müller", email=f"{name}@customers.example", city="Dresden", zip="01067"
    )


class Raw:
    """The same requests by http.client."""

    def __init__(self, ours: Session, concurrency: int) -> None:
        self._client = ours.client
        self._owner = ours.reseller.user_id
        host, _, port = ours.connection.url.removeprefix("http://").partition(":")
        self._free: SimpleQueue[http.client.HTTPConnection] = SimpleQueue()
        for _ in range(concurrency):
            self._free.put(http.client.HTTPConnection(host, int(port)))

    def body(self, call: str, nodes: list[Node]) -> bytes:
        """The bytes of a request as our client sends them."""
        return write_envelope(
            call,
            self._client.dialect.namespace_of("esUsers"),
            nodes,
            prefixes=self._client.dialect.prefixes,
            header=self._client._header,
        )

    def add(self, name: str) -> bytes:
        """The request that adds a customer."""
        dialect = self._client.dialect
        user = dialect.object_("UserInfo", new_user(customer(name), self._owner), element="user")
        arguments: dict[str, Value | Node] = {"user": user, "sendLetter": False, "password": "Kunde-Pw1!", "notes": []}
        return self.body("AddUser", list(dialect.parameters(call_named("AddUser"), arguments)))

    def send(self, call: str, body: bytes) -> bytes:
        """One request, one whole reply."""
        connection = self._free.get()
        try:
            dialect = self._client.dialect
            headers = {
                "Content-Type": "text/xml; charset=utf-8",
                "SOAPAction": f'"{dialect.action_of("esUsers", call)}"',
            }
            connection.request("POST", dialect.path_of("esUsers"), body, headers)
            return connection.getresponse().read()
        finally:
            self._free.put(connection)


def rate(work: Callable[[int], object], count: int, concurrency: int) -> float:
    """Calls of ``work`` per second."""
    with ThreadPoolExecutor(concurrency) as pool:
        list(pool.map(work, range(-concurrency, 0)))  # connections are open before the clock starts
        started = time.perf_counter()
        list(pool.map(work, range(count)))
        return count / (time.perf_counter() - started)


def added(reply: bytes) -> int:
    """The id in a raw reply."""
    found = re.search(rb"<AddUserResult>(\d+)<", reply)
    assert found is not None, reply[:300]
    return int(found[1])


def main(count: int, concurrency: int) -> int:
    """Print a table."""
    print(f"N = {count}, c = {concurrency}, {LATENCY * 1000:.0f} ms{'':<8}{'ours /s':>10}{'raw /s':>10}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as name:
        folder, store = Path(name), Path(name) / "panel.sqlite"
        write(10, folder, contact=False)
        (folder / "chaos.yaml").write_text(CHAOS, encoding="utf-8")
        seed = [*PROGRAM, "panel", "seed", str(store), "--start", str(folder / "world.yaml")]
        subprocess.run(seed, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        serve = [*PROGRAM, "panel", "serve", "--store", str(store), "--port", "0", "--chaos", str(folder / "chaos.yaml")]
        child = subprocess.Popen(serve, stdout=subprocess.PIPE, text=True)
        try:
            assert child.stdout is not None
            url = child.stdout.readline().split()[1]
            return measure(url, count, concurrency)
        finally:
            child.terminate()
            child.wait(10)


def measure(url: str, count: int, concurrency: int) -> int:
    """Alternate ours and raw, and take the best round of each."""
    ours = session(url, concurrency)
    writer, raw = Writer(ours), Raw(ours, concurrency)
    serial = iter(range(10**9))

    def call_ours(bodies: list[str]) -> Callable[[int], object]:
        dialect = ours.client.dialect

        def work(i: int) -> int:
            user = dialect.object_("UserInfo", new_user(customer(bodies[i]), ours.reseller.user_id), element="user")
            return ours.client.integer("AddUser", user=user, sendLetter=False, password=Secret("Kunde-Pw1!"), notes=[])

        return work

    def call_raw(bodies: list[bytes]) -> Callable[[int], object]:
        return lambda i: added(raw.send("AddUser", bodies[i]))

    def create_ours(bodies: list[str]) -> Callable[[int], object]:
        return lambda i: writer.create_customer(customer(bodies[i]), Secret("Kunde-Pw1!"))

    def create_raw(bodies: list[bytes]) -> Callable[[int], object]:
        def work(i: int) -> bytes:
            number = added(raw.send("AddUser", bodies[i]))
            return raw.send("GetUserById", raw.body("GetUserById", [Node("userId", str(number))]))

        return work

    def names() -> list[str]:
        return [f"n{next(serial):07}" for _ in range(count + concurrency)]

    within = True
    for label, us, them in (("AddUser alone", call_ours, call_raw), ("create, read back", create_ours, create_raw)):
        best_ours = best_raw = 0.0
        for _ in range(ROUNDS):
            best_raw = max(best_raw, rate(them([raw.add(one) for one in names()]), count, concurrency))
            best_ours = max(best_ours, rate(us(names()), count, concurrency))
        within &= best_ours >= LEAST * best_raw
        print(f"{label:<33}{best_ours:>10.0f}{best_raw:>10.0f}{best_ours / best_raw:>8.2f}", flush=True)
    ours.close()
    return 0 if within else 1


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*(numbers + [500, 10][len(numbers) :])))

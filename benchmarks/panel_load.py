"""How fast the embedded panel serves: lists of 10,000 rows, and AddUser at c=10 beside SQLite's own commit rate.

    python benchmarks/panel_load.py [ROWS] [ADDS]

Seeds ROWS customers with a space each per face, serves them by `resellerplan panel serve` in a process of its own, and prints the
best of five reads with the memory that serving took beyond what the process held before, then the rate of ADDS calls of AddUser.
Exits 1 where a list takes more than a second or 60 MB, or fewer than 1,000 users a second are added and SQLite alone commits more
than one and a half times as often.
"""

from __future__ import annotations

import http.client
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from resellerplan.simpanel.asking import Asker
from resellerplan.simpanel.flavours import flavour
from resellerplan.simpanel.wire import Credentials

SECONDS, MEGABYTES, ADDS_A_SECOND = 1.0, 60.0, 1000.0

WORLD = """
administrator: {password: Admin-Pw1!}
servers: [{name: web01, virtual: true, services: [OS, Web]}]
plans:
  - {name: R, owner: serveradmin, server: web01, groups: {OS: {Diskspace: unlimited, Domains: unlimited}, Web: {Sites: unlimited}}}
  - {name: Web S, owner: brightweb, groups: {OS: {Diskspace: 100}}}
users:
  - {username: brightweb, role: reseller, owner: serveradmin, password: Reseller-Pw1!, email: info@brightweb.example}
  - {repeat: %d, username: "c{n:05}", owner: brightweb, password: Kunde-Pw1!, email: "c{n:05}@customers.example",
     first_name: Anna, last_name: Muster}
spaces:
  - {user: brightweb, plan: R, name: R}
"""
PAGED: dict[str, Any] = {"filterColumn": "", "filterValue": "", "sortColumn": "", "startRow": 0, "maximumRows": 2147483647}
READS: list[tuple[str, str, dict[str, Any]]] = [
    ("esUsers", "GetRawUsers", {"ownerId": 2, "recursive": True}),
    ("esPackages", "GetPackagesPaged", {"userId": 2, **PAGED}),
    ("esUsers", "GetUsers", {"ownerId": 2, "recursive": True}),
]


def memory(process: int) -> float:
    """The most resident memory that a process ever had, in MB (Linux)."""
    lines = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def fetch(port: int, path: str, body: bytes, headers: dict[str, str]) -> tuple[float, int]:
    """Seconds and bytes of one call."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    started = time.perf_counter()
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    size = 0
    while block := answer.read(65536):
        size += len(block)
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"HTTP {answer.status}")
    return time.perf_counter() - started, size


def add_users(port: int, asker: Asker, credentials: Credentials, adds: int) -> float:
    """AddUser calls per second at c=10, each worker on a connection of its own; the requests are made beforehand."""
    made = []
    for number in range(adds):
        user = {"Username": f"n{number}", "OwnerId": 2, "RoleId": 3, "StatusId": 1, "Email": "n@customers.example"}
        asked = asker.request("esUsers", "AddUser", {"user": user, "sendLetter": False, "password": "Kunde-Pw1!"}, credentials)
        head = "".join(f"{name}: {value}\r\n" for name, value in asked.headers.items())
        start = f"POST {asked.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}Content-Length: {len(asked.body)}\r\n\r\n"
        made.append(start.encode("ascii") + asked.body)

    def one(worker: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for request in made[worker::10]:
                connection.sendall(request)
                answer = b""
                while b"Envelope>" not in answer[-16:]:
                    answer += connection.recv(65536)
                if b"AddUserResult>-" in answer or b"Fault" in answer:
                    raise SystemExit("AddUser was refused")

    started = time.perf_counter()
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(one, range(10)))
    return adds / (time.perf_counter() - started)


def commits(folder: Path) -> float:
    """SQLite's own rate of small commits on this disk, as the store is set (WAL, synchronous NORMAL)."""
    db = sqlite3.connect(folder / "commits.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)")
    started = time.perf_counter()
    for number in range(2000):
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO t VALUES (?, ?)", (number, "x" * 200))
        db.execute("COMMIT")
    db.close()
    return 2000 / (time.perf_counter() - started)


def measure(name: str, rows: int, adds: int) -> bool:
    """Print the figures of one flavour; whether all are within the targets."""
    within = True
    folder = Path(tempfile.mkdtemp(prefix="resellerplan-bench-"))
    world = folder / "world.yaml"
    spaces = "".join(f"  - {{user: c{n:05}, plan: Web S, name: Web S}}\n" for n in range(1, rows + 1))
    world.write_text(WORLD % rows + spaces, "utf-8")
    program = [sys.executable, "-m", "resellerplan", "panel"]
    store = folder / "panel.db"
    subprocess.run([*program, "seed", str(store), "--start", str(world), "--flavour", name], check=True, capture_output=True)
    serving = subprocess.Popen(
        [*program, "serve", "--store", str(store), "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        if serving.stdout is None:
            raise SystemExit("no output to read")
        port = int(serving.stdout.readline().split()[1].rpartition(":")[2])
        asker = Asker(flavour(name))
        credentials = Credentials("brightweb", "Reseller-Pw1!", "basic" if asker.flavour.face == "asmx" else "header")
        warm = asker.request("esUsers", "UserExists", {"username": "x"}, credentials)
        fetch(port, warm.path, warm.body, dict(warm.headers))
        for service, operation, parameters in READS:
            before = memory(serving.pid)
            asked = asker.request(service, operation, parameters, credentials)
            taken = [fetch(port, asked.path, asked.body, dict(asked.headers)) for _ in range(5)]
            best, size = min(taken)
            extra = memory(serving.pid) - before
            print(f"{name:<12} {operation:<18} {rows} rows  {best:.2f} s  {size / 1e6:.1f} MB sent  {extra:+.0f} MB peak")
            within = within and best <= SECONDS and extra <= MEGABYTES
        own = commits(folder)
        rate = add_users(port, asker, credentials, adds)
        print(f"{name:<12} AddUser c=10       {adds} calls  {rate:.0f}/s  (SQLite alone: {own:.0f} commits/s)")
        return within and (rate >= ADDS_A_SECOND or own <= 1.5 * rate)
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.communicate(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Both faces."""
    rows, adds = (int(a) for a in (*sys.argv[1:], "10000", "2000")[:2])
    within = [measure(name, rows, adds) for name in ("solidcp-1.5", "fusecp-2-ef")]
    print("all within the targets" if all(within) else "a target was missed")
    return 0 if all(within) else 1


if __name__ == "__main__":
    sys.exit(main())

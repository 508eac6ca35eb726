"""A no-op `plan` against its floor, at N = 100, 1,000 and 10,000 customers and as many spaces.

    python -m benchmarks.noop_plan [N ...]

Two rows per N: list fields only, and with contact fields (one GetUserById per customer). The embedded panel serves on a socket in a
process of its own; the floor (floor.py) sends the very requests that our plan was seen to send through a recording relay, over as
many connections. Ratios are what counts; seconds depend on the machine. The column *cpu* is the ratio of the processor's seconds in
the two processes, which other work on the machine disturbs least.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.generate import PASSWORD, RESELLER, write
from benchmarks.measuring import Measured, best_in_turn, best_of

HERE = Path(__file__).parent
SIZES = (100, 1_000, 10_000)
RATIO, EXPONENT = 2.5, 1.15
CONNECTIONS = 4
PROGRAM = [sys.executable, "-m", "resellerplan"]


@contextlib.contextmanager
def panel(store: Path) -> Iterator[int]:
    """The embedded panel on a free port, in a process of its own."""
    child = subprocess.Popen(
        [*PROGRAM, "panel", "serve", "--store", str(store), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert child.stdout is not None
        ready = child.stdout.readline()
        yield int(ready.split()[1].rpartition(":")[2])
    finally:
        child.terminate()
        child.wait(10)


@contextlib.contextmanager
def relay(port: int) -> Iterator[tuple[int, list[dict[str, object]]]]:
    """A relay that keeps every request it passes on."""
    kept: list[dict[str, object]] = []
    guard = threading.Lock()

    class Relay(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in {"host", "content-length", "connection", "accept-encoding"}
            }
            with guard:
                kept.append(
                    {"method": self.command, "path": self.path, "headers": headers, "body": base64.b64encode(body).decode()}
                )
            onward = http.client.HTTPConnection("127.0.0.1", port)
            onward.request(self.command, self.path, body or None, headers)
            reply = onward.getresponse()
            data = reply.read()
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.headers.get("Content-Type", "text/xml"))
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Relay)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], kept
    finally:
        server.shutdown()
        server.server_close()


def environ(port: int, folder: Path) -> dict[str, str]:
    """The environment of a plan: nothing of the user's own, and an empty cache for every run."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {
        "HOME": str(folder),
        "RESELLERPLAN_URL": f"http://127.0.0.1:{port}",
        "RESELLERPLAN_USERNAME": RESELLER,
        "RESELLERPLAN_PASSWORD": PASSWORD,
        "RESELLERPLAN_NO_CACHE": "1",
    }


def measure(count: int, *, contact: bool, store: Path, folder: Path) -> tuple[Measured, Measured, int]:
    """Ours, the floor, and the number of requests."""
    manifest = folder / "resellerplan.yaml"
    plan = [*PROGRAM, "plan", "--detailed-exitcode", "--parallelism", str(CONNECTIONS), str(manifest)]
    with panel(store) as port:
        with relay(port) as (recording, kept):
            best_of(1, plan, environ(recording, folder))
        requests = folder / "requests.json"
        requests.write_text(json.dumps(kept), encoding="utf-8")
        floor = [sys.executable, str(HERE / "floor.py"), str(requests), str(manifest), "127.0.0.1", str(port), str(CONNECTIONS)]
        least, ours = best_in_turn(3, (floor, None), (plan, environ(port, folder)))
    return ours, least, len(kept)


def main(sizes: list[int]) -> int:
    """Print a table; 1 where a target is missed at the largest size."""
    failed = False
    heads = ("N", "fields", "calls", "ours s", "floor s", "ratio", "cpu", "ours MB", "floor MB", "ratio", "exponent")
    print("".join(f"{head:>9}" for head in heads))
    before: dict[bool, tuple[int, float]] = {}
    for count in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder, store = Path(name), Path(name) / "panel.sqlite"
            write(count, folder, contact=False)
            subprocess.run(
                [*PROGRAM, "panel", "seed", str(store), "--start", str(folder / "world.yaml")],
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for contact in (False, True):
                write(count, folder, contact=contact)
                ours, least, calls = measure(count, contact=contact, store=store, folder=folder)
                speed, memory = ours.seconds / least.seconds, ours.memory / least.memory
                growth = ""
                if contact in before:
                    smaller, seconds = before[contact]
                    exponent = math.log(ours.seconds / seconds) / math.log(count / smaller)
                    growth = f"{exponent:.2f}"
                    failed |= count == max(sizes) and exponent > EXPONENT
                before[contact] = (count, ours.seconds)
                failed |= count == max(sizes) and (speed > RATIO or memory > RATIO)
                cells = (
                    count,
                    "contact" if contact else "list",
                    calls,
                    *(f"{figure:.2f}" for figure in (ours.seconds, least.seconds, speed, ours.cpu / least.cpu)),
                    *(f"{figure:.0f}" for figure in (ours.memory, least.memory)),
                    f"{memory:.2f}",
                    growth,
                )
                print("".join(f"{cell:>9}" for cell in cells), flush=True)
    print(f"targets at N = {max(sizes)}: ratios <= {RATIO}, exponent <= {EXPONENT}: {'missed' if failed else 'met'}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main([int(word) for word in sys.argv[1:]] or list(SIZES)))

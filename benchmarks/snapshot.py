"""Reading an estate of N customers and N spaces, against http.client and streamed expat alone.

    python -m benchmarks.snapshot [N [list]]

Three rows (``list``: the first alone): list fields only; with contact fields, cold (one GetUserById per customer); the same with a
warm cache. The embedded panel serves on a socket in a process of its own. The floor sends the very requests that our reading was
seen to send, over as many connections, and keeps each row as a dict; it does nothing else. Seconds are those of the reading,
start-up apart; memory is the peak of the whole process. Exits 1 where ours takes more than 1.4 times the floor's time or 1.6
times its memory.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.floor import live_rows
from benchmarks.generate import PASSWORD, RESELLER, write
from benchmarks.measuring import Measured, run
from benchmarks.noop_plan import CONNECTIONS, PROGRAM, panel, relay

SPEED, MEMORY = 1.4, 1.6
TIMES = 3


def child_floor(requests: str, port: str) -> float:
    """The floor, in a process of its own."""
    with open(requests, encoding="utf-8") as stream:
        listed = json.load(stream)
    started = time.perf_counter()
    rows = live_rows(listed, "127.0.0.1", int(port), CONNECTIONS)
    seconds = time.perf_counter() - started
    assert len(rows) > 20
    return seconds


def child_ours(mode: str, count: str, cache: str, port: str) -> float:
    """Our reading, in a process of its own."""
    from resellerplan.applying.ports import Clock
    from resellerplan.model.customer import Customer
    from resellerplan.model.estate import Estate
    from resellerplan.model.values import Secret
    from resellerplan.panel.connection import Connection, Credentials
    from resellerplan.panel.session import open_panel
    from resellerplan.panel.snapshot import read_estate

    customers = (Customer(username=f"c{number:06}", city="Dresden") for number in range(int(count)))
    desired = Estate(resources={one.self_address: one for one in customers}) if mode == "contact" else Estate()
    url = f"http://127.0.0.1:{port}"
    started = time.perf_counter()
    session = open_panel(
        Connection(url=url, parallelism=CONNECTIONS, use_environment=False),
        Credentials(username=RESELLER, password=Secret(PASSWORD), url=url),
        clock=Clock(now=lambda: datetime.now(UTC), monotonic=time.monotonic, sleep=time.sleep),
        jitter=random.random,
    )
    live = read_estate(session, desired, cache_folder=Path(cache) if cache != "-" else None)
    seconds = time.perf_counter() - started
    session.close()
    assert len(live) >= 2 * int(count), f"only {len(live)} objects"
    assert mode != "contact" or all(live.facts[address].fingerprint for address in desired), "contacts were not read"
    return seconds


def best(argv: list[str]) -> tuple[float, Measured]:
    """The fastest of a few runs of a child: its own seconds, and what the process took."""
    runs = []
    for _ in range(TIMES):
        measured = run([sys.executable, __file__, *argv])
        if measured.code:
            raise RuntimeError(f"{argv} ended with {measured.code}: {measured.out[-2000:]}")
        runs.append((float(measured.out.split()[-1]), measured))
    return min(runs, key=lambda each: each[0])


def row(label: str, ours: list[str], port: int, folder: Path) -> bool:
    """Measure one row and print it. True where it is within the targets."""
    with relay(port) as (recording, kept):
        for _ in range(2 if ours[-1] != "-" else 1):  # a warm cache is one that was filled through this very URL
            kept.clear()
            seen = run([sys.executable, __file__, *ours, str(recording)])
            if seen.code:
                raise RuntimeError(seen.out[-2000:])
    requests = folder / "requests.json"
    requests.write_text(json.dumps(kept), encoding="utf-8")
    least, least_process = best(["floor", str(requests), str(port)])
    seconds, process = best([*ours, str(port)])
    speed, memory = seconds / least, process.memory / least_process.memory
    print(
        f"{label:<22}{len(kept):>7}{seconds:>9.2f}{least:>9.2f}{speed:>8.2f}"
        f"{process.memory:>9.0f}{least_process.memory:>9.0f}{memory:>8.2f}",
        flush=True,
    )
    return speed <= SPEED and memory <= MEMORY


def main(count: int, *, lists_only: bool = False) -> int:
    """Print a table."""
    print(f"{'N = ' + str(count):<22}{'calls':>7}{'ours s':>9}{'floor s':>9}{'ratio':>8}{'ours MB':>9}{'floor MB':>9}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as name:
        folder, store = Path(name), Path(name) / "panel.sqlite"
        write(count, folder, contact=False)
        seed = [*PROGRAM, "panel", "seed", str(store), "--start", str(folder / "world.yaml")]
        subprocess.run(seed, check=True, stdout=subprocess.DEVNULL)
        with panel(store) as port:
            within = [row("list fields only", ["ours", "list", str(count), "-"], port, folder)]
            if lists_only:
                return 0 if all(within) else 1
            within.append(row("contact fields, cold", ["ours", "contact", str(count), "-"], port, folder))
            cache = str(folder / "cache")
            run([sys.executable, __file__, "ours", "contact", str(count), cache, str(port)])
            within.append(row("contact fields, warm", ["ours", "contact", str(count), cache], port, folder))
    return 0 if all(within) else 1


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["floor", *arguments]:
            print(child_floor(*arguments))
        case ["ours", *arguments]:
            print(child_ours(*arguments))
        case [number, *rest]:
            sys.exit(main(int(number), lists_only=rest == ["list"]))
        case _:
            sys.exit(main(10_000))

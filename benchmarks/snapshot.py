"""Reading an estate of N customers and N spaces, against http.client and streamed expat alone.

    python -m benchmarks.snapshot [N [list]]

Three rows (``list``: the first alone): list fields only; with contact fields, cold (one GetUserById per customer); the same with a
warm cache. The embedded panel serves on a socket in a process of its own. The floor sends the very requests that our reading was
seen to send, over as many connections, and keeps each row as a dict; it does nothing else.

The floor of the warm row has the same calls, and has to come by the same contact data: it loads them from a file of its own by the
plainest means that keeps what the cache promises, ``json.load`` of {user id: [Changed, {member: text}]} for this one panel, and
takes each customer's dict where the list's ``Changed`` is still the one it was kept under. Without that the warm row would compare
a reading that knows everybody's address with one that does not. It makes no customers, no fingerprints, and checks nothing.

Ours and the floor run in turns, ROUNDS times each, and the figures are medians: of the seconds of the reading on the clock (without
the start-up) and of the processor's seconds in the process that reads (the panel's are left out, the harder measure for us). Ratios
are the medians of the pairs' ratios, because what else the machine does hits both of a pair alike. Memory is the peak of the whole
process. Exits 1 where ours takes more than 1.4 times the floor's time on the clock or 1.6 times its memory.
"""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.floor import Row, live_rows
from benchmarks.generate import PASSWORD, RESELLER, write
from benchmarks.measuring import run
from benchmarks.noop_plan import CONNECTIONS, PROGRAM, panel, relay

SPEED, MEMORY = 1.4, 1.6
ROUNDS = 5
CHILD = [sys.executable, "-m", "benchmarks.snapshot"]


def child_floor(requests: str, kept: str, port: str) -> None:
    """The floor, in a process of its own. ``kept`` is the file with contact data, or ``-``."""
    with open(requests, encoding="utf-8") as stream:
        listed = json.load(stream)
    with timed():
        contacts: dict[str, tuple[str, Row]] = {}
        if kept != "-":
            with open(kept, encoding="utf-8") as stream:
                contacts = json.load(stream)
        rows = live_rows(listed, "127.0.0.1", int(port), CONNECTIONS)
        known: dict[str, Row] = {}
        if contacts:
            for row in rows:
                number = row.get("UserId", "")
                entry = contacts.get(number)
                if entry is not None and "OwnerId" in row and entry[0] == row.get("Changed"):
                    known[number] = entry[1]
    assert len(rows) > 20
    assert len(known) == len(contacts), f"{len(known)} of {len(contacts)} known"


def child_keep(requests: str, kept: str, port: str) -> None:
    """Make the file of contact data for the warm floor, from the replies to a cold reading."""
    with open(requests, encoding="utf-8") as stream:
        rows = live_rows(json.load(stream), "127.0.0.1", int(port), CONNECTIONS)
    changed = {row["UserId"]: row["Changed"] for row in rows if "UserId" in row and "Changed" in row and "OwnerId" in row}
    contacts = {number: [changed[number], row] for row in rows if "city" in row and (number := row["userId"]) in changed}
    Path(kept).write_text(json.dumps(contacts, ensure_ascii=False), encoding="utf-8")
    print(len(contacts))


@contextlib.contextmanager
def timed() -> Iterator[None]:
    """Print the seconds on the clock and the processor's seconds of what is inside."""
    clock, processor = time.perf_counter(), time.process_time()
    yield
    print(time.perf_counter() - clock, time.process_time() - processor)


def child_ours(mode: str, count: str, cache: str, port: str) -> None:
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
    with timed():
        session = open_panel(
            Connection(url=url, parallelism=CONNECTIONS, use_environment=False),
            Credentials(username=RESELLER, password=Secret(PASSWORD), url=url),
            clock=Clock(now=lambda: datetime.now(UTC), monotonic=time.monotonic, sleep=time.sleep),
            jitter=random.random,
        )
        live = read_estate(session, desired, cache_folder=Path(cache) if cache != "-" else None)
    session.close()
    assert len(live) >= 2 * int(count), f"only {len(live)} objects"
    assert mode != "contact" or all(live.facts[address].fingerprint for address in desired), "contacts were not read"


@dataclass(frozen=True, slots=True)
class Reading:
    """One run of a child: seconds on the clock, the processor's seconds, peak memory in MB."""

    clock: float
    processor: float
    memory: float


def reading(argv: list[str]) -> Reading:
    """Run a child once."""
    measured = run([*CHILD, *argv])
    if measured.code:
        raise RuntimeError(f"{argv} ended with {measured.code}: {measured.out[-2000:]}")
    clock, processor = measured.out.split()[-2:]
    return Reading(float(clock), float(processor), measured.memory)


def requests_of(ours: list[str], port: int, folder: Path) -> tuple[Path, int]:
    """What our reading sends, kept in a file by a relay; and how many that is."""
    with relay(port) as (recording, kept):
        for _ in range(2 if ours[-1] != "-" else 1):  # a warm cache is one that was filled through this very URL
            kept.clear()
            reading([*ours, str(recording)])
    path = folder / f"requests-{len(list(folder.iterdir()))}.json"
    path.write_text(json.dumps(kept), encoding="utf-8")
    return path, len(kept)


def row(label: str, ours: list[str], requests: Path, calls: int, kept: str, port: int) -> bool:
    """Measure one row in pairs and print its medians. True where it is within the targets."""
    pairs = []
    for _ in range(ROUNDS):
        least = reading(["floor", str(requests), kept, str(port)])
        pairs.append((reading([*ours, str(port)]), least))
    seconds = [median(one.clock for one in side) for side in zip(*pairs, strict=True)]
    cpu = [median(one.processor for one in side) for side in zip(*pairs, strict=True)]
    peaks = [median(one.memory for one in side) for side in zip(*pairs, strict=True)]
    speed = median(mine.clock / least.clock for mine, least in pairs)
    work = median(mine.processor / least.processor for mine, least in pairs)
    memory = median(mine.memory / least.memory for mine, least in pairs)
    print(
        f"{label:<22}{calls:>7}{seconds[0]:>9.2f}{seconds[1]:>9.2f}{speed:>8.2f}{cpu[0]:>9.2f}{cpu[1]:>9.2f}{work:>8.2f}"
        f"{peaks[0]:>9.0f}{peaks[1]:>9.0f}{memory:>8.2f}",
        flush=True,
    )
    return speed <= SPEED and memory <= MEMORY


def main(count: int, *, lists_only: bool = False) -> int:
    """Print a table."""
    heads = ("ours s", "floor s", "ratio", "ours cpu", "floor cpu", "ratio", "ours MB", "floor MB", "ratio")
    print(f"{'N = ' + str(count):<22}{'calls':>7}" + "".join(f"{head:>{8 if head == 'ratio' else 9}}" for head in heads))
    with tempfile.TemporaryDirectory() as name:
        folder, store = Path(name), Path(name) / "panel.sqlite"
        write(count, folder, contact=False)
        seed = [*PROGRAM, "panel", "seed", str(store), "--start", str(folder / "world.yaml")]
        subprocess.run(seed, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with panel(store) as port:
            lists = ["ours", "list", str(count), "-"]
            requests, calls = requests_of(lists, port, folder)
            within = [row("list fields only", lists, requests, calls, "-", port)]
            if lists_only:
                return 0 if all(within) else 1
            cold = ["ours", "contact", str(count), "-"]
            requests, calls = requests_of(cold, port, folder)
            within.append(row("contact fields, cold", cold, requests, calls, "-", port))
            kept = str(folder / "contacts.json")
            if run([*CHILD, "keep", str(requests), kept, str(port)]).out.split()[-1] != str(count):
                raise RuntimeError("the floor kept no contact data")
            warm = ["ours", "contact", str(count), str(folder / "cache")]
            requests, calls = requests_of(warm, port, folder)
            reading([*warm, str(port)])
            within.append(row("contact fields, warm", warm, requests, calls, kept, port))
    return 0 if all(within) else 1


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["floor", *arguments]:
            child_floor(*arguments)
        case ["keep", *arguments]:
            child_keep(*arguments)
        case ["ours", *arguments]:
            child_ours(*arguments)
        case [number, *rest]:
            sys.exit(main(int(number), lists_only=rest == ["list"]))
        case _:
            sys.exit(main(10_000))

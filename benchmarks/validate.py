"""``validate`` in ratio to its floor, both as processes of their own, one after the other in the same run.

    python -m benchmarks.validate [--quick]

Prints CPU seconds, ratio and peak memory for 10,000 customers with a space each, the same with 100 errors, and (without --quick)
how time and memory grow to 100,000. Exit code 1 where a promise is broken: 1.4x the floor, 1.2x with errors, exponent 1.1,
memory 1.6x.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cpu import Used, used
from benchmarks.generate import manifest
from resellerplan.manifest.language import language_of
from resellerplan.manifest.schema_build import gate_schema
from resellerplan.model.quotas import shipped_catalogue

FLOOR = str(Path(__file__).with_name("validate_floor.py"))
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """The floor and ours, in turns: medians of seconds, the least memory of each."""

    floor: float
    ours: float
    floor_memory: float
    memory: float

    @property
    def ratio(self) -> float:
        """Ours over the floor."""
        return self.ours / self.floor


def measured(path: Path, schema: Path, rounds: int, *, wrong: bool = False) -> Pair:
    """Run both in turns, so that a busy machine is busy for both."""
    floors: list[Used] = []
    ours: list[Used] = []
    for _ in range(rounds):
        floors.append(used([sys.executable, FLOOR, str(path), str(schema)], code=1 if wrong else 0))
        command = [sys.executable, "-m", "resellerplan", "validate", "--format", "json", str(path)]
        ours.append(used(command, code=1 if wrong else 0))
    return Pair(
        statistics.median(one.seconds for one in floors),
        statistics.median(one.seconds for one in ours),
        min(one.memory for one in floors),
        min(one.memory for one in ours),
    )


def write(folder: Path, count: int, name: str, *, errors: int = 0) -> Path:
    """An estate on the disk; ``errors`` of its customers have no e-mail address that is one."""
    lines = list(manifest(count, contact=True))
    step = max(1, count // errors) if errors else 0
    for number in range(errors):
        at = lines.index(f"    email: c{number * step:06}@customers.example")
        lines[at] = f"    email: c{number * step:06}"
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def main() -> int:
    quick = "--quick" in sys.argv
    broken = []
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        schema = folder / "schema.json"
        schema.write_text(json.dumps(gate_schema(language_of(shipped_catalogue()), literal_passwords=False)), encoding="utf-8")
        clean = measured(write(folder, 10_000, "clean.yaml"), schema, ROUNDS)
        show("10,000 + 10,000", clean)
        broken += [f"{clean.ratio:.2f}x the floor"] if clean.ratio > 1.4 else []
        broken += [f"{clean.memory / clean.floor_memory:.2f}x memory"] if clean.memory / clean.floor_memory > 1.6 else []
        wrong = measured(write(folder, 10_000, "wrong.yaml", errors=100), schema, ROUNDS, wrong=True)
        print(f"with 100 errors      {wrong.ours:.2f} s, {wrong.ours / clean.ours:.2f}x the clean run (at most 1.2)")
        broken += ["errors cost too much"] if wrong.ours / clean.ours > 1.2 else []
        if not quick:
            big = measured(write(folder, 100_000, "big.yaml"), schema, 1)
            show("100,000 + 100,000", big)
            exponent = math.log10(big.ours / clean.ours)
            print(f"grows with exponent  {exponent:.2f} (at most 1.1)")
            broken += [f"exponent {exponent:.2f}"] if exponent > 1.1 else []
            broken += ["memory at 100,000"] if big.memory / big.floor_memory > 1.6 else []
    print("broken: " + "; ".join(broken) if broken else "all promises kept")
    return 1 if broken else 0


def show(what: str, pair: Pair) -> None:
    print(
        f"{what:20} floor {pair.floor:.2f} s, {pair.floor_memory:.0f} MB; ours {pair.ours:.2f} s, {pair.memory:.0f} MB: "
        f"{pair.ratio:.2f}x (at most 1.4), memory {pair.memory / pair.floor_memory:.2f}x (at most 1.6)"
    )


if __name__ == "__main__":
    sys.exit(main())

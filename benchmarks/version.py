"""`resellerplan --version` against `python -c pass`: <= 2.5 times, so that scripts may ask as often as they like."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.measuring import best_of

TARGET = 2.5
RUNS = 30


def main() -> int:
    """Print both and their ratio; 1 where the target is missed."""
    nothing = best_of(RUNS, [sys.executable, "-c", "pass"]).seconds
    script = str(Path(sys.executable).with_name("resellerplan"))
    failed = 0
    for name, argv in (
        ("resellerplan --version", [script, "--version"]),
        ("python -m resellerplan --version", [sys.executable, "-m", "resellerplan", "--version"]),
    ):
        ours = best_of(RUNS, argv).seconds
        ratio = ours / nothing
        failed |= ratio > TARGET
        print(f"{name:<34} {ours * 1000:6.1f} ms   python -c pass {nothing * 1000:6.1f} ms   ratio {ratio:4.2f} (target {TARGET})")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

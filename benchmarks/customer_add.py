"""``customer add`` into a file of 10,000 customers, in ratio to ``validate`` of the same file, in turns in one run.

    python -m benchmarks.customer_add

CPU seconds of each process (medians of 5). Exit code 1 above 1.3x.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.cpu import cpu_seconds
from benchmarks.generate import manifest

ROUNDS = 5


def main() -> int:
    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / "resellerplan.yaml"
        text = "\n".join(manifest(10_000, contact=True)) + "\n"
        checked, added = [], []
        for _ in range(ROUNDS):
            path.write_text(text, encoding="utf-8")
            checked.append(cpu_seconds([sys.executable, "-m", "resellerplan", "validate", str(path)]))
            added.append(
                cpu_seconds(
                    [
                        *(sys.executable, "-m", "resellerplan", "customer", "add", "neumann", "--email", "n@neumann.example"),
                        *("--password-env", "NEUMANN", "--no-check", "--manifest", str(path)),
                    ]
                )
            )
            lines = path.read_text(encoding="utf-8").count("\n") - text.count("\n")
            assert lines == 3, lines
    validate, add = statistics.median(checked), statistics.median(added)
    print(f"validate {validate:.2f} s, customer add {add:.2f} s: {add / validate:.2f}x (at most 1.3)")
    return 0 if add / validate <= 1.3 else 1


if __name__ == "__main__":
    sys.exit(main())

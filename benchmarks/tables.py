"""10,000 customers out of a table by ``for_each``, in ratio to the same customers written out, in turns in one run.

    python -m benchmarks.tables

CPU seconds of ``validate`` (medians of 5). Exit code 1 above 1.5x.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.cpu import cpu_seconds
from benchmarks.generate import PLANS, groups

ROUNDS = 5
COUNT = 10_000
FIELDS = ("username", "first_name", "last_name", "email", "address", "city", "zip", "country", "phone")


def values(number: int) -> tuple[str, ...]:
    """One customer, by field."""
    return (
        *(f"c{number:06}", f"Vorname {number}", f"Kundin-Müller {number}", f"c{number:06}@customers.example"),
        *(f"Straße {number}", "Dresden", f"{1067 + number % 300:05}", "DE", f"+49 351 {number:06}"),
    )


def head() -> list[str]:
    """The plans, which both have."""
    plans = [f"  - name: Plan {plan:02}\n    groups: {groups(plan)}" for plan in range(PLANS)]
    return ["version: 1", "plans:", *plans, "customers:"]


def main() -> int:
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        written = head()
        rows = [";".join((*FIELDS, "space", "plan"))]
        for number in range(COUNT):
            fields = [f'{name}: "{value}"' for name, value in zip(FIELDS, values(number), strict=True)]
            written += [f"  - {fields[0]}", *(f"    {field}" for field in fields[1:])]
            written.append(f"    spaces: [{{name: Space {number:06}, plan: Plan {number % PLANS:02}}}]")
            rows.append(";".join((*values(number), f"Space {number:06}", f"Plan {number % PLANS:02}")))
        (folder / "written.yaml").write_text("\n".join(written) + "\n", encoding="utf-8")
        (folder / "customers.csv").write_text("\n".join(rows) + "\n", encoding="windows-1252")
        expanded = [
            *head(),
            "  - for_each: {csv: customers.csv}",
            *(f'    {name}: "{{{{ each.value.{name} }}}}"' for name in FIELDS),
        ]
        expanded.append('    spaces: [{name: "{{ each.value.space }}", plan: "{{ each.value.plan }}"}]')
        (folder / "table.yaml").write_text("\n".join(expanded) + "\n", encoding="utf-8")
        seconds: dict[str, list[float]] = {"written.yaml": [], "table.yaml": []}
        for _ in range(ROUNDS):
            for name, taken in seconds.items():
                taken.append(cpu_seconds([sys.executable, "-m", "resellerplan", "validate", str(folder / name)]))
    plain, table = (statistics.median(taken) for taken in seconds.values())
    print(f"written out {plain:.2f} s, out of a table {table:.2f} s: {table / plain:.2f}x (at most 1.5)")
    return 0 if table / plain <= 1.5 else 1


if __name__ == "__main__":
    sys.exit(main())

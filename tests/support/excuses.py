"""Print every excuse in the tree (type: ignore, noqa, pragma: no cover) with its reason; fail where one has none.

An excuse reads ``# noqa: S603  # why``: the reason is a comment of its own behind it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("src", "tests", "benchmarks", "examples")
EXCUSE = re.compile(r"#\s*(type: ignore(?:\[[\w, -]+\])?|noqa(?::\s*[A-Z0-9, ]+)?|pragma: no cover)(?P<rest>.*)$")


def excuses() -> Iterator[tuple[str, str, str]]:
    """Place, excuse and reason (empty where none is given)."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path == Path(__file__):
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                found = EXCUSE.search(line)
                if found is not None:
                    rest = found["rest"].strip()
                    yield f"{path.relative_to(ROOT)}:{number}", found[1].strip(), rest.lstrip("#-: ") if rest else ""


def main() -> int:
    """Print the table and its sums; 1 where a reason is missing."""
    rows = list(excuses())
    for place, excuse, reason in rows:
        print(f"  {place}  {excuse}  {reason or '-- NO REASON --'}")
    sums: dict[str, int] = {}
    for _, excuse, _ in rows:
        word = excuse.split("[")[0].split(":")[0] if excuse.startswith("noqa") else excuse.split("[")[0]
        sums[word] = sums.get(word, 0) + 1
    print("excuses: " + (", ".join(f"{number} x {word}" for word, number in sorted(sums.items())) or "none"))
    missing = [place for place, _, reason in rows if not reason]
    if missing:
        print(f"{len(missing)} of them give no reason")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

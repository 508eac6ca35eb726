"""`make look`: remarks, not gates. Functions over 50 lines, modules over 400, blocks that stand twice, excuses.

Over a limit a reviewer asks for a noun to split along, or accepts the sentence in the commit that says why not.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.support.excuses import main as print_excuses

ROOT = Path(__file__).parents[2]
LONG_FUNCTION = 50
LONG_MODULE = 400
BLOCK = 8
"""Lines (blank ones and comments not counted) from which on a copied block is worth a look."""


def sources() -> Iterator[tuple[Path, list[str]]]:
    """The modules of the program with their lines."""
    for path in sorted((ROOT / "src").rglob("*.py")):
        yield path.relative_to(ROOT), path.read_text(encoding="utf-8").splitlines()


def long_functions() -> Iterator[str]:
    """Functions by their length without the docstring."""
    for path, lines in sources():
        for node in ast.walk(ast.parse("\n".join(lines))):
            if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
                first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
                length = node.end_lineno - first.lineno + 1
                if length > LONG_FUNCTION:
                    yield f"{length:4}  {path}:{node.lineno}  {node.name}"


def long_modules() -> Iterator[str]:
    """Modules by their length."""
    for path, lines in sources():
        if len(lines) > LONG_MODULE:
            yield f"{len(lines):4}  {path}"


def copied_blocks() -> Iterator[str]:
    """Blocks of lines that stand in two places, the longest run of each pair once."""
    seen: dict[tuple[str, ...], tuple[Path, int]] = {}
    last: tuple[Path, Path] | None = None
    for path, lines in sources():
        imported = set(import_lines(lines))
        kept = [(number, text.strip()) for number, text in enumerate(lines, 1) if is_code(text) and number not in imported]
        for start in range(len(kept) - BLOCK + 1):
            window = tuple(text for _, text in kept[start : start + BLOCK])
            there = seen.setdefault(window, (path, kept[start][0]))
            pair = (there[0], path)
            if there != (path, kept[start][0]) and there[0] != path and pair != last:
                yield f"      {there[0]}:{there[1]}  =  {path}:{kept[start][0]}"
                last = pair


def import_lines(lines: list[str]) -> Iterator[int]:
    """The lines of imports, names below each other included: two modules may well need the same."""
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)


def is_code(line: str) -> bool:
    """Neither blank, nor a comment or a bracket alone."""
    text = line.strip()
    return len(text) > 3 and not text.startswith(("#", '"'))


def main() -> int:
    """Print all remarks."""
    for title, rows in (
        (f"functions over {LONG_FUNCTION} lines", sorted(long_functions(), reverse=True)),
        (f"modules over {LONG_MODULE} lines", sorted(long_modules(), reverse=True)),
        (f"blocks of {BLOCK} lines and more that stand twice", list(copied_blocks())),
    ):
        print(f"{title}: {len(rows)}")
        for row in rows:
            print(f"  {row}")
    print_excuses()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Mutation spot checks: change one operator of a module at a time, in a copy, and see whether its tests notice.

    python -m tests.support.mutate src/resellerplan/planning/diff.py --tests tests/unit/planning [--sample 40] [--seed 1]

Prints the mutants that survived, and how many were killed. Nothing in the checkout is touched.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}


def sites(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every place that can be mutated, by the number of its node in the walk."""
    for number, node in enumerate(ast.walk(tree)):
        match node:
            case ast.Compare(ops=[op]) if type(op) in SWAPS:
                yield number, f"line {node.lineno}: {type(op).__name__} -> {SWAPS[type(op)].__name__}"
            case ast.BoolOp(op=op):
                yield number, f"line {node.lineno}: {type(op).__name__} -> {SWAPS[type(op)].__name__}"
            case ast.BinOp(op=op) if type(op) in SWAPS:
                yield number, f"line {node.lineno}: {type(op).__name__} -> {SWAPS[type(op)].__name__}"
            case ast.Constant(value=bool(value)):
                yield number, f"line {node.lineno}: {value} -> {not value}"
            case ast.UnaryOp(op=ast.Not()):
                yield number, f"line {node.lineno}: `not` taken out"
            case _:
                pass


def mutant(tree: ast.Module, number: int) -> str:
    """The module's text with the node of that number changed."""
    changed = copy.deepcopy(tree)
    node = list(ast.walk(changed))[number]
    match node:
        case ast.Compare(ops=[op]):
            node.ops = [SWAPS[type(op)]()]  # type: ignore[list-item]  # an operator of the same family
        case ast.BoolOp(op=op) | ast.BinOp(op=op):
            node.op = SWAPS[type(op)]()  # type: ignore[assignment]  # an operator of the same family
        case ast.Constant(value=bool(value)):
            node.value = not value
        case ast.UnaryOp(operand=operand):
            node.op, node.operand = ast.Not(), ast.UnaryOp(op=ast.Not(), operand=operand)
        case _:
            raise AssertionError(node)
    return ast.unparse(ast.fix_missing_locations(changed))


def noticed(module: Path, text: str, copied: Path, tests: list[str]) -> bool:
    """Whether the tests fail with the module's text replaced."""
    target = copied / module.relative_to(ROOT)
    kept = target.read_text(encoding="utf-8")
    target.write_text(text, encoding="utf-8")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(copied / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=300,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    else:
        return done.returncode != 0
    finally:
        target.write_text(kept, encoding="utf-8")


def main() -> int:
    """Run the spot check; exit code 0 whatever survives: a remark, not a gate."""
    parser = argparse.ArgumentParser(description="mutation spot checks")
    parser.add_argument("modules", nargs="+", type=Path)
    parser.add_argument("--tests", nargs="+", required=True)
    parser.add_argument("--sample", type=int, default=0, help="at most so many per module; 0 = all")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder)
        shutil.copytree(ROOT / "src", copied / "src", ignore=shutil.ignore_patterns("__pycache__"))
        for module in given.modules:
            path = module.resolve()
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found = list(sites(tree))
            if given.sample and given.sample < len(found):
                found = random.Random(given.seed).sample(found, given.sample)
            survived = [said for number, said in found if not noticed(path, mutant(tree, number), copied, given.tests)]
            print(f"{module}: {len(found) - len(survived)} of {len(found)} mutants noticed")
            for said in sorted(survived):
                print(f"  survived: {said}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

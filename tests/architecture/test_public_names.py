"""What a module says it offers, it offers; every package says what lives there."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import resellerplan

SOURCE = Path(resellerplan.__file__).parent
SAID = ["Here lives", "Does not know", "Start reading at"]
"""What the docstring of a package says, a line each."""
BANNED = {"utils", "helpers", "common", "base", "core", "manager", "misc", "types"}


def _names() -> Iterator[str]:
    yield "resellerplan"
    for module in pkgutil.walk_packages(resellerplan.__path__, "resellerplan."):
        if not module.name.endswith("__main__"):
            yield module.name


@pytest.mark.parametrize("room", ["soap", "model", "planning", "applying", "manifest", "panel", "simpanel", "report", "cli"])
def test_every_public_name_exists_and_is_named_once(room: str) -> None:
    for name in _names():
        if name.split(".")[1:2] != [room]:
            continue
        module = importlib.import_module(name)
        offered = getattr(module, "__all__", [])
        assert len(set(offered)) == len(offered), name
        assert [one for one in offered if not hasattr(module, one)] == [], name


def test_the_public_face_is_complete() -> None:
    tree = ast.parse((SOURCE / "__init__.py").read_text(encoding="utf-8"))
    bound = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id != "__all__"
    }
    assert {name for name in bound if not name.startswith("_") or name == "__version__"} <= set(resellerplan.__all__)
    assert all(hasattr(resellerplan, name) for name in resellerplan.__all__)


def test_every_package_says_what_lives_there_and_where_to_start() -> None:
    silent = []
    for path in sorted(SOURCE.rglob("__init__.py")):
        doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        starts = [line.partition(":")[0] for line in doc.splitlines() if ":" in line]
        if [one for one in starts if one in SAID] != SAID:
            silent.append(path.relative_to(SOURCE).as_posix())
    assert silent == []


def _silent(tree: ast.Module) -> Iterator[str]:
    """Offered functions and classes without a docstring, and methods of offered protocols without one."""
    offered = {
        name.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List) and ast.unparse(node.targets[0]) == "__all__"
        for name in node.value.elts
        if isinstance(name, ast.Constant)
    }
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name not in offered:
            continue
        if ast.get_docstring(node) is None:
            yield node.name
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base).startswith("Protocol") for base in node.bases):
            methods = (method for method in node.body if isinstance(method, ast.FunctionDef) and not method.name.startswith("_"))
            yield from (f"{node.name}.{method.name}" for method in methods if ast.get_docstring(method) is None)


def test_everything_that_is_offered_says_what_it_is() -> None:
    silent = [
        f"{path.relative_to(SOURCE)}: {name}"
        for path in sorted(SOURCE.rglob("*.py"))
        for name in _silent(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_silence_is_heard() -> None:
    tree = ast.parse(
        '__all__ = ["A", "P", "f"]\nclass A:\n    def m(self): ...\nclass P(Protocol):\n    "x"\n    def m(self): ...\n'
        'def f(): ...\ndef g(): ...\n'
    )
    assert list(_silent(tree)) == ["A", "P.m", "f"]


def test_no_module_is_named_after_nothing() -> None:
    assert [path.name for path in SOURCE.rglob("*.py") if path.stem in BANNED] == []

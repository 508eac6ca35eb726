"""Doors that no linter sees: who opens files, and who reveals a secret. A new one is a new line here, on purpose."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import resellerplan

SOURCE = Path(resellerplan.__file__).parent

FILES = {
    "cli/": "where the world comes in",
    "manifest/files.py": "the only reader of manifests",
    "manifest/saving.py": "the only writer of the user's files, atomically",
    "applying/journal.py": "the write-ahead journal",
    "applying/lock.py": "who runs an apply now",
    "applying/sinks.py": "generated passwords",
    "panel/cache.py": "contact data between two plans",
    "panel/trace.py": "exchanges with the panel, secrets removed",
    "simpanel/seed.py": "worlds from YAML",
    "simpanel/store.py": "the embedded panel's database",
    "simpanel/front.py": "the embedded panel's socket",
    "simpanel/crypt.py": "the embedded panel's key file",
    "simpanel/catalogue.py": "packaged data",
    "simpanel/operations.py": "packaged data",
    "simpanel/embedded.py": "packaged data",
}
"""Who may open, read or write a file."""

SECRETS = {
    "panel/translate/": "where requests are put together",
    "panel/client.py": "where requests are encoded",
    "panel/session.py": "the log-in, once",
    "panel/creating.py": "the length, before the panel would cut it",
    "applying/sinks.py": "handing a generated password over",
    "cli/commands/login.py": "writing the credentials file, 0600",
    "cli/commands/init.py": "the same, for a first manifest",
}
"""Who may call ``Secret.reveal()``."""

READERS = {"read_text", "read_bytes", "write_text", "write_bytes"}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _opens(tree: ast.AST) -> Iterator[int]:
    """Lines that open a file: the built-in, ``os.open``, and the methods of a path."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id == "open":
            yield node.lineno
        elif isinstance(called, ast.Attribute):
            of_os = called.attr == "open" and isinstance(called.value, ast.Name) and called.value.id in {"os", "io", "codecs"}
            of_path = called.attr == "open" and any(word.arg in {"encoding", "newline"} for word in node.keywords)
            if of_os or of_path or called.attr in READERS:
                yield node.lineno


def _reveals(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "reveal":
            yield node.lineno


def _behind(module: str, doors: dict[str, str]) -> bool:
    return any(module == door or (door.endswith("/") and module.startswith(door)) for door in doors)


def test_files_are_opened_behind_named_doors_only() -> None:
    strays = [f"{name}:{line}" for name, tree in _modules() for line in _opens(tree) if not _behind(name, FILES)]
    assert strays == []


def test_secrets_are_revealed_behind_named_doors_only() -> None:
    strays = [f"{name}:{line}" for name, tree in _modules() for line in _reveals(tree) if not _behind(name, SECRETS)]
    assert strays == []


def test_the_search_finds_what_it_is_for() -> None:
    tree = ast.parse(
        "open('x')\nos.open('x', 0)\npath.read_text()\npath.open('w', encoding='utf-8')\nstore.open(path)\nsecret.reveal()\n"
    )
    assert list(_opens(tree)) == [1, 2, 3, 4]
    assert list(_reveals(tree)) == [6]


def test_every_door_leads_somewhere() -> None:
    """A door to a room that was pulled down is taken out."""
    assert [door for door in (*FILES, *SECRETS) if not (SOURCE / door).exists()] == []

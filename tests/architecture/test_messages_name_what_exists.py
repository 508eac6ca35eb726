"""What a message tells a person to type exists: every command and flag that any text of the program names is in the real tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click

import resellerplan
from resellerplan.cli.main import ALIASES, COMMANDS, group

SOURCE = Path(resellerplan.__file__).parent

COMMAND = re.compile(r"`resellerplan ([^`]*)`")
FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]*[a-z]\b(?!-)")

NOT_OURS = {
    "--dangerous-": "the beginning of several flags",
    "--journal": "an arrow in a diagram",
    "--force-reinstall": "pip's",
}
"""What looks like a flag and is none, with the reason."""


def _texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every text of a module; what is put in at run time stands as ``…``."""
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in ast.walk(node) if part is not node}
            yield node.lineno, "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.lineno, node.value


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """(place, text) of the whole program."""
    return tuple(
        (f"{path.relative_to(SOURCE).as_posix()}:{line}", " ".join(text.split()))
        for path in sorted(SOURCE.rglob("*.py"))
        for line, text in _texts(ast.parse(path.read_text(encoding="utf-8")))
    )


def _flags_of(command: click.Command) -> set[str]:
    return {spelling for parameter in command.params for spelling in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}


@cache
def tree() -> dict[tuple[str, ...], set[str]]:
    """Every command by its words, with its flags."""
    found: dict[tuple[str, ...], set[str]] = {(): _flags_of(group) | {"--version"}}

    def walk(words: tuple[str, ...], command: click.Command) -> None:
        found[words] = _flags_of(command)
        if isinstance(command, click.Group):
            for name, child in command.commands.items():
                walk((*words, name), child)

    context = click.Context(group)
    for name in (*COMMANDS, *ALIASES):
        command = group.get_command(context, name)
        assert command is not None
        walk((name,), command)
    return found


def wrong_in(said: str) -> list[str]:
    """What is wrong with the words behind ``resellerplan``."""
    words = said.split()
    known = tree()
    length = 0
    while length < len(words) and tuple(words[: length + 1]) in known:
        length += 1
    if words and not length and not words[0].startswith(("-", "…")):
        return [f"no command {words[0]}"]
    path = tuple(words[:length])
    below = any(len(other) > length and other[:length] == path for other in known)
    wrong = []
    if length and below and length < len(words) and re.fullmatch(r"[a-z-]+", words[length]) and not words[length].startswith("-"):
        wrong.append(f"no command {' '.join(words[: length + 1])}")
    wrong += [f"no flag {flag} of {' '.join(path)}" for flag in FLAG.findall(said) if flag not in known[path]]
    return wrong


def test_every_command_that_a_message_names_exists_with_its_flags() -> None:
    named = [(place, said) for place, text in texts() for said in COMMAND.findall(text)]
    assert any(said.startswith("apply --resume") for _, said in named)
    assert any(said.startswith("lock release") for _, said in named)
    assert [(place, said, wrong) for place, said in named if (wrong := wrong_in(said))] == []


def test_every_flag_that_a_message_names_exists() -> None:
    known = {flag for flags in tree().values() for flag in flags} | set(NOT_OURS)
    named = [(place, flag) for place, text in texts() for flag in FLAG.findall(text)]
    assert len(named) > 100
    assert [(place, flag) for place, flag in named if flag not in known] == []


def test_what_is_not_there_would_be_found() -> None:
    assert wrong_in("destroy everything") == ["no command destroy"]
    assert wrong_in("lock steal") == ["no command lock steal"]
    assert wrong_in("plan --auto-approve") == ["no flag --auto-approve of plan"]
    assert wrong_in("apply --resume") == []
    assert wrong_in("lock release …") == []
    assert wrong_in("--version") == []

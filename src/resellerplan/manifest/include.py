"""``include:`` patterns to file names: ``*``, ``?``, ``[...]`` in a name, ``**`` for any depth of folders.

An own walk and not ``glob``: folders that lead back to themselves by links must end in a Finding instead of forty turns, hidden
files stay out, the order is the same on every system, and the number of files is bounded.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fnmatch import translate
from pathlib import Path

__all__ = ["LinkLoop", "TooMany", "has_wildcard", "matches"]

_WILDCARD = re.compile(r"[*?\[]")


class TooMany(Exception):
    """More files than the bound."""


class LinkLoop(Exception):
    """A folder that leads back to itself; the argument is its name."""


def has_wildcard(pattern: str) -> bool:
    """Whether a pattern can stand for other names than itself."""
    return _WILDCARD.search(pattern) is not None


def matches(folder: Path, pattern: str, bound: int) -> list[str]:
    """Names of the files below ``folder`` that fit, relative to it, with ``/``, sorted.

    Raises LinkLoop for a circle of links on the way, TooMany beyond ``bound``. What can't be listed is left out.
    """
    parts = [part for part in pattern.replace("\\", "/").split("/") if part not in ("", ".")]
    prefix = "/" if pattern.startswith("/") else ""
    found: dict[str, None] = {}
    for name in _walk(Path(prefix) if prefix else folder, parts, prefix, frozenset()):
        found[name] = None
        if len(found) > bound:
            raise TooMany
    return sorted(found)


def _walk(folder: Path, parts: list[str], name: str, above: frozenset[tuple[int, int]]) -> Iterator[str]:
    """Files that fit ``parts`` below ``folder``; ``above`` are the folders that were passed under a ``**``."""
    if not parts:
        return
    first, rest = parts[0], parts[1:]
    if first == "**":
        yield from _walk(folder, rest or ["*"], name, above)
        identity = _identity(folder)
        if identity in above:
            raise LinkLoop(name.rstrip("/"))
        for entry in _entries(folder):
            if not entry.name.startswith(".") and _is_folder(entry):
                yield from _walk(folder / entry.name, parts, f"{name}{entry.name}/", above | {identity})
        return
    if not has_wildcard(first):
        path = folder / first
        if rest:
            yield from _walk(path, rest, f"{name}{first}/", above)
        elif path.is_file():
            yield name + first
        return
    fits = re.compile(translate(first)).match
    for entry in _entries(folder):
        if not fits(entry.name) or (entry.name.startswith(".") and not first.startswith(".")):
            continue
        if rest and _is_folder(entry):
            yield from _walk(folder / entry.name, rest, f"{name}{entry.name}/", above)
        elif not rest and _is_file(entry):
            yield name + entry.name


def _identity(folder: Path) -> tuple[int, int]:
    try:
        found = folder.stat()
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(
                (entry for entry in entries if not entry.name.startswith(".") or entry.is_file()), key=lambda entry: entry.name
            )
    except OSError:
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether it may be read: a link that leads in a circle counts too, so that reading tells of it."""
    try:
        return entry.is_file()
    except OSError:
        return True

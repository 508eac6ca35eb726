"""Files of cases that can't lie in a repository: links, big files, ten thousand files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

__all__ = ["PREPARATIONS"]


def _long_text(folder: Path) -> None:
    text = "customers:\n  - username: mueller\n    company: " + "x" * 1_100_000 + "\n"
    (folder / "resellerplan.yaml").write_text(text, encoding="utf-8")


def _doubled_keys(folder: Path) -> None:
    (folder / "resellerplan.yaml").write_text("version: 1\n" * 3000, encoding="utf-8")


def _seventy_megabytes(folder: Path) -> None:
    with (folder / "resellerplan.yaml").open("wb") as file:
        file.truncate(70 * 1024 * 1024)


def _circle_of_links(folder: Path) -> None:
    (folder / "loop.yaml").symlink_to("pool.yaml")
    (folder / "pool.yaml").symlink_to("loop.yaml")


def _many_files(folder: Path) -> None:
    (folder / "many").mkdir()
    for number in range(10_001):
        (folder / "many" / f"{number}.yaml").touch()


PREPARATIONS: Mapping[str, Callable[[Path], None]] = MappingProxyType(
    {
        "rp1011-text-of-a-million-letters": _long_text,
        "rp1017-thousands-of-doubled-keys": _doubled_keys,
        "rp1018-file-of-seventy-megabytes": _seventy_megabytes,
        "rp1023-links-in-a-circle": _circle_of_links,
        "rp1024-pattern-that-finds-too-much": _many_files,
    }
)
"""What is made in the copy of a case's folder before ``validate`` runs."""

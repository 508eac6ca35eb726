"""Load a manifest that is written in a test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from resellerplan.manifest.load import Loaded, LoadOptions, load

__all__ = ["codes_of", "loaded"]


def loaded(folder: Path, text: str, /, *paths: str, options: dict[str, Any] | None = None, **files: str) -> Loaded:
    """The manifest in a folder of its own; ``files`` are further ones, by their names with ``__`` for the dot."""
    (folder / "resellerplan.yaml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content, encoding="utf-8")
    return load(paths or ("resellerplan.yaml",), None, LoadOptions(here=folder, repository=str(folder), **(options or {})))


def codes_of(result: Loaded) -> list[str]:
    """The codes of all findings, in order."""
    return [finding.code for finding in result.findings]

"""The published schemas: inside the package of an ordinary installation, at the top of the checkout of an editable one."""

from __future__ import annotations

from pathlib import Path

import resellerplan
from resellerplan.errors import UsageError

__all__ = ["schema_folder", "schema_names", "schema_of"]

_SUFFIX = ".schema.json"


def schema_folder() -> Path:
    """Where the schemas lie."""
    package = Path(resellerplan.__file__).resolve().parent
    inside = package / "schemas"
    return inside if inside.is_dir() else package.parents[1] / "schemas"


def schema_names() -> tuple[str, ...]:
    """Names of the published schemas, sorted."""
    return tuple(sorted(path.name.removesuffix(_SUFFIX) for path in schema_folder().glob("*" + _SUFFIX)))


def schema_of(name: str) -> str:
    """The text of a published schema. Raises UsageError for a name there is none of."""
    path = schema_folder() / (name + _SUFFIX)
    if name not in schema_names():
        raise UsageError(f"there is no schema {name!r}", hint="there are: " + ", ".join(schema_names()))
    return path.read_text(encoding="utf-8")

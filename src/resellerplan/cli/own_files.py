"""Our own small YAML files (credentials, configuration), read by the manifest's parser: one reader of YAML in the program."""

from __future__ import annotations

from pathlib import Path

from resellerplan.diagnostics import Severity, in_order
from resellerplan.errors import ResellerPlanError

__all__ = ["read_plain"]


def read_plain(path: Path) -> object:
    """The data of a YAML file; None for an empty one.

    Raises ResellerPlanError for what can't be read; no value is in the message.
    """
    from resellerplan.manifest.parsing import parse

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ResellerPlanError(f"{path.name} can't be read: {why}", detail=f"--> {path}") from error
    document, findings = parse(str(path), text.removeprefix("\ufeff"))
    for finding in in_order(findings):
        if finding.severity is Severity.ERROR:
            where = f"--> {finding.place or path}"
            raise ResellerPlanError(f"{path.name} can't be read: {finding.summary}", detail=where, hint=finding.hint)
    return None if document is None else document.data

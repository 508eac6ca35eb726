"""Where the values of templates come from: ``vars:`` of the manifests, the environment, files of variables, the command line.

The later wins: a manifest says what is usual, who runs the command says what is different today.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from resellerplan.diagnostics import Finding
from resellerplan.errors import UsageError
from resellerplan.manifest.codes import finding
from resellerplan.manifest.files import Files
from resellerplan.manifest.parsing import parse
from resellerplan.manifest.scalars import CONTROL, plain

__all__ = ["ENVIRONMENT_PREFIX", "read_variable_files", "variables_from"]

ENVIRONMENT_PREFIX = "RESELLERPLAN_VAR_"


def variables_from(environ: Mapping[str, str], flags: Sequence[str]) -> dict[str, object]:
    """The variables of the environment (``RESELLERPLAN_VAR_country=DE``) and of ``--var country=DE``; the flags win.

    Values are read as YAML reads a plain scalar: ``true`` is a truth value, ``01067`` a text. Raises UsageError for a flag without
    ``=`` or without a name, and for a value that holds control characters.
    """
    found: dict[str, object] = {}
    for name, value in environ.items():
        if name.upper().startswith(ENVIRONMENT_PREFIX) and len(name) > len(ENVIRONMENT_PREFIX):
            found[name[len(ENVIRONMENT_PREFIX) :]] = _value(name, value)
    for flag in flags:
        name, equals, value = flag.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"--var takes NAME=VALUE, not {flag!r}", hint="for example: --var country=DE")
        found[name.strip()] = _value(f"--var {name.strip()}", value)
    return found


def _value(name: str, text: str) -> object:
    if CONTROL.search(text) is not None:
        raise UsageError(f"the value of {name} holds control characters")
    made = plain(text)
    return text if isinstance(made, float) and not math.isfinite(made) else made


def read_variable_files(names: Sequence[str], files: Files) -> tuple[dict[str, object], tuple[Finding, ...]]:
    """The variables of ``--var-file``: each file is one mapping; a later file wins."""
    found: dict[str, object] = {}
    findings: list[Finding] = []
    for name in names:
        text = files.text_of(name)
        if text is None:
            continue
        document, trouble = parse(name, text, limits=files.limits)
        findings.extend(trouble)
        if document is None:
            continue
        if isinstance(document.data, dict):
            found.update(document.data)
        else:
            findings.append(finding("RP1028", document.place_of(()), hint="write one `name: value` a line"))
    return found, tuple(findings)

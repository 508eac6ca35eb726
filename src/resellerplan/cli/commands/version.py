"""``resellerplan version``: what takes part, for a bug report."""

from __future__ import annotations

import platform
from importlib import metadata

import click

from resellerplan import __version__
from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.invocation import Invocation, with_invocation

__all__ = ["version"]

_PARTS = ("click", "deepdiff", "filelock", "httpx", "jinja2", "jsonschema", "jsonschema-rs", "platformdirs", "PyYAML")


def installed(name: str) -> str:
    """The version of an installed package, ``missing`` where it is not there."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"


def version_text() -> str:
    """Our version, Python's, the platform's, and those of the packages we stand on."""
    rows = [("resellerplan", __version__), ("Python", platform.python_version()), ("platform", platform.platform())]
    rows += [(name, installed(name)) for name in _PARTS]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)


@click.command()
@with_invocation
def version(invocation: Invocation, /) -> int:
    """Print versions of what takes part, for a bug report."""
    invocation.say(version_text())
    return ExitCode.DONE

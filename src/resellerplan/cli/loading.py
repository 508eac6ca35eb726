"""Settings become the reading of a manifest. Apart from wiring.py, so that ``validate`` starts without anything of the panel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from resellerplan.cli.invocation import Invocation
from resellerplan.cli.settings import Settings

if TYPE_CHECKING:
    from resellerplan.manifest.load import Loaded, LoadOptions

__all__ = ["MANIFEST_HERE", "load_manifest", "load_options"]

MANIFEST_HERE = Path("resellerplan.yaml")
"""What commands that need no manifest read all the same, where it lies in the folder they are started in."""


def load_manifest(settings: Settings, invocation: Invocation) -> Loaded:
    """Read the manifests. What is wrong with them is among the findings of what comes back."""
    from resellerplan.manifest.load import load

    return load(settings.paths, settings.variables, load_options(settings, invocation))


def load_options(settings: Settings, invocation: Invocation) -> LoadOptions:
    """How the manifests are read: what the person outside them allows."""
    from resellerplan.manifest.load import LoadOptions

    permissions = settings.permissions
    return LoadOptions(
        stdin=lambda limit: _standard_input(invocation, limit),
        variable_files=settings.variable_files,
        literal_passwords=permissions.literal_passwords,
        secret_commands=permissions.secret_commands,
        secret_folders=tuple(str(folder) for folder in permissions.secret_folders),
        policy_file=settings.policy_file,
    )


def _standard_input(invocation: Invocation, limit: int) -> bytes:
    binary = getattr(invocation.stdin, "buffer", None)
    data = binary.read(limit) if binary is not None else invocation.stdin.read(limit).encode("utf-8")
    return bytes(data)

"""Saved plans: written by ``plan --out``, applied exactly as they were reviewed by ``apply FILE``, shown by ``show plan FILE``.

A plan file holds personal data and no secret. Commands that the manifest names for passwords are run for a saved plan only where
the manifest beside it is still the one that was planned with.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from resellerplan import __version__
from resellerplan.cli.invocation import Invocation
from resellerplan.cli.panel_url import PanelUrl
from resellerplan.cli.settings import Settings
from resellerplan.cli.wiring import CLOCK, load_manifest
from resellerplan.diagnostics import Sources
from resellerplan.errors import PlanFileInvalid, SecretUnavailable
from resellerplan.model.customer import CommandSink, Customer, FromCommand, Generated
from resellerplan.planning.change import Action
from resellerplan.planning.plan import Plan
from resellerplan.planning.plan_file import Header, SavedPlan, dump_plan, load_plan

if TYPE_CHECKING:
    from resellerplan.manifest.load import Loaded
    from resellerplan.panel.session import Session

__all__ = ["check_commands", "header_for", "is_plan_file", "read_plan_file", "sources_digest", "write_plan_file"]

_BEGINNING = b'{"body":'
"""How a plan file of ours begins: its keys are sorted. A manifest that is JSON has no such key."""


def sources_digest(sources: Sources) -> str:
    """The digest of all texts that a manifest was read from, by the names they have."""
    digest = hashlib.sha256()
    for name, text in sorted(sources.texts.items()):
        digest.update(f"{Path(name).name}\0{len(text)}\0{text}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def header_for(loaded: Loaded, session: Session, panel: PanelUrl) -> Header:
    """What a plan made now is bound to."""
    return Header(
        program=__version__,
        panel=panel.key,
        made_at=CLOCK.now(),
        manifest=sources_digest(loaded.sources),
        dialect=session.detected.version_hint,
        own_space=loaded.settings.own_space or "",
    )


def signing_key(environ: Mapping[str, str]) -> bytes | None:
    """The key that plan files are signed with, where one is set."""
    text = environ.get("RESELLERPLAN_PLAN_KEY")
    return text.encode("utf-8") if text else None


def write_plan_file(file: Path, made: Plan, header: Header, environ: Mapping[str, str]) -> None:
    """Write a plan, readable by its owner alone: it holds customers' data. Raises PlanFileInvalid where it can't be written."""
    data = dump_plan(made, header, key=signing_key(environ))
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise PlanFileInvalid(f"the plan can't be saved in {file}: {error.strerror}") from error


def is_plan_file(paths: Sequence[str]) -> bool:
    """Whether what was named is one saved plan and not a manifest."""
    if len(paths) != 1 or paths[0] == "-":
        return False
    file = Path(paths[0])
    if not file.is_file():
        return False
    try:
        with file.open("rb") as stream:
            return stream.read(len(_BEGINNING)) == _BEGINNING
    except OSError:
        return False


def read_plan_file(file: Path, environ: Mapping[str, str]) -> SavedPlan:
    """Read a saved plan. Raises PlanFileInvalid."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise PlanFileInvalid(f"the plan file {file} can't be read: {error.strerror}") from error
    return load_plan(data, key=signing_key(environ))


def check_commands(saved: SavedPlan, file: Path, settings: Settings, invocation: Invocation) -> None:
    """Raise SecretUnavailable where a saved plan would run commands of a manifest that is not the one it was made from."""
    if not any(_runs_command(change.desired) for change in saved.plan.changes if change.action is Action.CREATE):
        return
    for folder in (file.resolve().parent, Path.cwd()):
        if not (folder / "resellerplan.yaml").is_file():
            continue
        loaded = load_manifest(replace(settings, paths=(str(folder),)), invocation)
        if sources_digest(loaded.sources) == saved.header.manifest:
            return
    raise SecretUnavailable(
        "the plan names commands that give passwords, and the manifest it was made from is not here as it was",
        detail="Such commands run only from the reviewed manifest. Nothing was changed.",
        hint="apply the plan from a checkout of the same commit, or plan again",
    )


def _runs_command(desired: object) -> bool:
    source = desired.password if isinstance(desired, Customer) else None
    return isinstance(source, FromCommand) or (isinstance(source, Generated) and isinstance(source.sink, CommandSink))

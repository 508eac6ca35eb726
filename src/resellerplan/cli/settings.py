"""argv, environment and the configuration file become one frozen Settings; nothing below reads the process.

The configuration file (``config.yaml`` in the configuration folder, or RESELLERPLAN_CONFIG) gives defaults for flags, by their
names: ``parallelism: 8``, ``no-color: true``.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from resellerplan.cli.folders import configuration_folder
from resellerplan.cli.invocation import Invocation
from resellerplan.errors import UsageError
from resellerplan.planning.scope import EVERYTHING, Scope

__all__ = ["TIME_OUTS", "Permissions", "Settings", "file_defaults", "start_logging"]

TIME_OUTS = ("connect", "read", "bulk", "create")
"""What a panel is waited for: a connection, an answer, a whole list, something that talks to hosting servers."""

LOGGER = "resellerplan"
_LEVELS = {"error": logging.ERROR, "warn": logging.WARNING, "info": logging.INFO, "debug": logging.DEBUG}


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """What the person outside the manifest allows it: commands that give passwords, and folders that password files lie in."""

    secret_commands: bool = False
    secret_folders: tuple[Path, ...] = ()
    literal_passwords: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that one run was told. ``paths`` are the manifest's, as the user wrote them; ``variables`` those of ``--var``.

    ``time_outs`` are seconds by name (``TIME_OUTS``), those alone that were given; ``dialect`` empty = the manifest's, else it is
    detected.
    ``today`` None = the clock decides. ``dangerous`` are the ``--dangerous-...`` flags without their prefix. ``cache_folder`` None
    = keep nothing between runs; ``trace_folder`` None = no trace of the calls. ``artifact_folder`` outlives a pipeline's
    job.
    """

    paths: tuple[str, ...] = (".",)
    variables: Mapping[str, object] = field(default_factory=dict)
    variable_files: tuple[str, ...] = ()
    policy_file: str | None = None
    today: date | None = None
    permissions: Permissions = field(default_factory=Permissions)
    parallelism: int = 4
    max_calls: int | None = None
    time_outs: Mapping[str, float] = field(default_factory=dict)
    dialect: str = ""
    ca_file: str = ""
    client_certificate: str = ""
    as_administrator_for: str = ""
    trace_folder: Path | None = None
    scope: Scope = EVERYTHING
    dangerous: frozenset[str] = frozenset()
    reactivate_all: bool = False
    configuration_folder: Path
    state_folder: Path
    cache_folder: Path | None
    artifact_folder: Path | None = None

    @property
    def lock_folder(self) -> Path:
        """Where applies of one machine keep each other out, wherever their journals are kept."""
        return self.state_folder / "runs"


def file_defaults(environ: Mapping[str, str]) -> dict[str, object]:
    """Defaults for flags from the configuration file, by flag name with underscores; empty where there is no such file.

    Raises UsageError where a file that was named is missing or is no mapping.
    """
    named = environ.get("RESELLERPLAN_CONFIG")
    path = Path(named).expanduser() if named else configuration_folder(environ) / "config.yaml"
    if not path.exists():
        if named:
            raise UsageError(f"RESELLERPLAN_CONFIG names {named}, which is not there")
        return {}
    from resellerplan.cli.own_files import read_plain

    data = read_plain(path)
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise UsageError(
            "the configuration file is no mapping of flags to values", detail=f"--> {path}", hint="for example: parallelism: 8"
        )
    return {str(name).replace("-", "_"): value for name, value in data.items()}


def start_logging(invocation: Invocation) -> None:
    """Set the log by RESELLERPLAN_LOG (error, warn, info, debug) and RESELLERPLAN_LOG_PATH; without both it is off.

    ``-v`` turns it up later (``louder``). Handlers of an earlier start in the same process are taken away.
    """
    logger = logging.getLogger(LOGGER)
    for handler in tuple(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(logging.NOTSET)
    logger.propagate = False
    word = invocation.environ.get("RESELLERPLAN_LOG", "").lower()
    if word and word not in _LEVELS:
        raise UsageError(f"RESELLERPLAN_LOG is {word!r}", hint="write error, warn, info or debug")
    path = invocation.environ.get("RESELLERPLAN_LOG_PATH")
    if not word and not path:
        logger.addHandler(logging.NullHandler())
        return
    _attach(logger, invocation, _LEVELS.get(word, logging.INFO), path)


def louder(invocation: Invocation) -> None:
    """Let ``-v`` (info) and ``-vv`` (debug) show the log on standard error, where RESELLERPLAN_LOG says nothing louder."""
    logger = logging.getLogger(LOGGER)
    level = logging.DEBUG if invocation.verbose > 1 else logging.INFO
    if not invocation.verbose or (logger.level and logger.level <= level):
        return
    _attach(logger, invocation, level, None)


def _attach(logger: logging.Logger, invocation: Invocation, level: int, path: str | None) -> None:
    handler: logging.Handler
    if path:
        try:
            handler = logging.FileHandler(Path(path).expanduser(), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"the log file {path} can't be written: {error.strerror}") from error
    else:
        handler = logging.StreamHandler(invocation.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(level)

"""Where a bug of ours leaves its trace: a file in the state folder, readable by its owner alone."""

from __future__ import annotations

import platform
import traceback
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from resellerplan import __version__
from resellerplan.cli.folders import state_folder

__all__ = ["keep_trace"]


def keep_trace(error: Exception, argv: Sequence[str], environ: Mapping[str, str]) -> Path | None:
    """Write the trace of an unexpected exception and return the file's path; None where the folder can't be written.

    The file holds no values of local variables, and of the arguments only flags without what stands behind their ``=``:
    secrets never come by the command line, but a name of a customer may.
    """
    now = datetime.now(UTC)
    path = state_folder(environ) / "bugs" / f"{now:%Y-%m-%dT%H-%M-%SZ}.log"
    shown = [word.split("=", 1)[0] for word in argv if word.startswith("-")]
    text = "\n".join(
        [
            f"resellerplan {__version__}, Python {platform.python_version()}, {platform.platform()}",
            f"command: {next((word for word in argv if not word.startswith('-')), '')} {' '.join(shown)}",
            f"at: {now:%Y-%m-%dT%H:%M:%SZ}",
            "",
            "".join(traceback.format_exception(error)),
        ]
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
    except OSError:
        return None
    return path

"""Run the program in this process, as a function of its arguments and its environment."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from resellerplan.cli.main import main

__all__ = ["Ran", "Terminal", "resellerplan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def resellerplan(
    *argv: str,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
    answers: str | None = None,
    extra: Sequence[str] = (),
) -> Ran:
    """Run ``resellerplan argv``. ``folder`` is where it works; ``answers`` are what a person at a terminal types."""
    out: io.StringIO = io.StringIO()
    err: io.StringIO = Terminal() if answers is not None else io.StringIO()
    typed: io.StringIO = Terminal(answers) if answers is not None else io.StringIO()
    with contextlib.ExitStack() as stack:
        if folder is not None:
            stack.enter_context(contextlib.chdir(folder))
        stack.enter_context(contextlib.redirect_stdout(out))
        stack.enter_context(contextlib.redirect_stderr(err))
        code = main([*argv, *extra], dict(environ or {}), stdin=typed, stdout=out, stderr=err)
    return Ran(code=code, out=out.getvalue(), err=err.getvalue())

"""One start of the program: what it was given by the process, as a value, so that nothing below reads the process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO, TypeVar

import click

from resellerplan.errors import ResellerPlanError

__all__ = ["Invocation", "with_invocation"]

F = TypeVar("F", bound=Callable[..., object])


@dataclass(slots=True, kw_only=True)
class Invocation:
    """The environment, the streams and the settings of one start.

    ``environ`` is the only environment that the command line reads. ``verbose`` counts ``-v``; ``colour`` is None until asked for
    by a flag (then the stream and ``NO_COLOR`` decide); ``may_ask`` is False with ``--no-input``. They are set while options are
    parsed, and only there. ``file_defaults`` are the configuration file's. ``on_error`` also hears of an expected error that ends
    the command (a stream of JSON does).
    """

    environ: Mapping[str, str]
    stdin: TextIO = field(default_factory=lambda: sys.stdin)
    stdout: TextIO = field(default_factory=lambda: sys.stdout)
    stderr: TextIO = field(default_factory=lambda: sys.stderr)
    verbose: int = 0
    colour: bool | None = None
    may_ask: bool = True
    file_defaults: Mapping[str, object] = field(default_factory=dict)
    on_error: Callable[[ResellerPlanError], None] | None = None

    def say(self, text: str) -> None:
        """A result, on standard output. One newline at its end, whether the text has one or not."""
        _write(self.stdout, text)

    def tell(self, text: str) -> None:
        """A remark or an error, on standard error."""
        _write(self.stderr, text)

    @property
    def asks(self) -> bool:
        """Whether a question may be put: there is a person at the keyboard and nobody said ``--no-input``."""
        if not self.may_ask or self.environ.get("RESELLERPLAN_INPUT", "").lower() in {"0", "false", "no"}:
            return False
        return self.stdin.isatty() and self.stderr.isatty()

    @property
    def in_ci(self) -> bool:
        """Whether a pipeline runs us."""
        return self.environ.get("CI", "").lower() not in {"", "0", "false"}

    @property
    def paints(self) -> bool:
        """Whether standard output takes colours: ``--no-color``, NO_COLOR, TERM, FORCE_COLOR, then whether it is a terminal."""
        return self._painted(self.stdout)

    @property
    def paints_remarks(self) -> bool:
        """The same for standard error."""
        return self._painted(self.stderr)

    def _painted(self, stream: TextIO) -> bool:
        if self.colour is not None:
            return self.colour
        if self.environ.get("NO_COLOR") or self.environ.get("TERM") == "dumb":
            return False
        return bool(self.environ.get("FORCE_COLOR")) or stream.isatty()

    def columns(self, stream: TextIO) -> int:
        """How wide a stream's terminal is: COLUMNS, else what the terminal says, else 80; 0 = it is no terminal."""
        if not stream.isatty():
            return 0
        stated = self.environ.get("COLUMNS", "")
        if stated.isascii() and stated.isdigit() and int(stated):
            return int(stated)
        try:
            return os.get_terminal_size(stream.fileno()).columns or 80
        except (OSError, ValueError):  # a stream without a descriptor, a terminal that does not say
            return 80

    def path(self, text: str) -> Path:
        """A path that the user named, ``~`` expanded."""
        return Path(text).expanduser()


def _write(stream: TextIO, text: str) -> None:
    if not text:
        return
    stream.write(text if text.endswith("\n") else text + "\n")
    stream.flush()


with_invocation = click.make_pass_decorator(Invocation)
"""Decorator: hand the invocation to a command as its first argument."""

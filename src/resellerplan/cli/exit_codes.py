"""What the shell is told. The numbers are a promise: pipelines stand on them (README, "Exit codes")."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["ExitCode"]


class ExitCode(IntEnum):
    """The exit codes. click's own 2 for bad usage would read as "changes", so usage is 64."""

    DONE = 0
    FAILED = 1
    CHANGES = 2
    USAGE = 64
    BUG = 70
    INTERRUPTED = 130

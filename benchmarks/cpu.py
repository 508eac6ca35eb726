"""CPU seconds and peak memory of a child process: what a busy machine does not change."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Used", "cpu_seconds", "used"]


@dataclass(frozen=True, slots=True)
class Used:
    """One run: user and system time, and the kernel's peak resident size in MB."""

    seconds: float
    memory: float


def used(argv: Sequence[str], code: int = 0) -> Used:
    """What a command used; raises RuntimeError where it ends with another code than ``code``."""
    child = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert child.stderr is not None
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    child.stderr.close()
    if child.returncode != code:
        raise RuntimeError(f"{argv} ended with {child.returncode}: {said[-2000:]}")
    factor = 1024 if sys.platform != "darwin" else 1024 * 1024
    return Used(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / factor)


def cpu_seconds(argv: Sequence[str]) -> float:
    """User and system time of a command that succeeds."""
    return used(argv).seconds

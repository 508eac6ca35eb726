"""A child process measured: seconds on the wall, and the most memory it held."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Measured", "best_in_turn", "best_of", "run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run. ``cpu`` are the processor's seconds in the process itself, ``memory`` is in MB (the kernel's peak resident size)."""

    seconds: float
    cpu: float
    memory: float
    code: int
    out: str


def run(argv: Sequence[str], environ: Mapping[str, str] | None = None) -> Measured:
    """Run a command to its end."""
    started = time.perf_counter()
    child = subprocess.Popen(
        argv, env=None if environ is None else dict(environ), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert child.stdout is not None
    out = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    factor = 1024 if sys.platform != "darwin" else 1024 * 1024
    cpu = usage.ru_utime + usage.ru_stime
    return Measured(seconds=seconds, cpu=cpu, memory=usage.ru_maxrss / factor, code=child.returncode, out=out)


def best_of(times: int, argv: Sequence[str], environ: Mapping[str, str] | None = None) -> Measured:
    """The fastest of several runs; raises RuntimeError where one of them fails."""
    runs = []
    for _ in range(times):
        runs.append(run(argv, environ))
        if runs[-1].code:
            raise RuntimeError(f"{argv} ended with {runs[-1].code}: {runs[-1].out[-2000:]}")
    return min(runs, key=lambda each: each.seconds)


def best_in_turn(times: int, *commands: tuple[Sequence[str], Mapping[str, str] | None]) -> tuple[Measured, ...]:
    """The fastest run of each of several commands, in turn: a machine that is busy for a while is so for all of them."""
    runs: list[list[Measured]] = [[] for _ in commands]
    for _ in range(times):
        for kept, (argv, environ) in zip(runs, commands, strict=True):
            kept.append(best_of(1, argv, environ))
    return tuple(min(kept, key=lambda each: each.seconds) for kept in runs)

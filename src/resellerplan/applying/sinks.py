"""Where a generated password goes before the customer is made with it: an encrypted file, a command, a file outside the repository.

A sink is never overwritten: a file that is there may hold the password of a customer whose creation ended *unknown*. On a runner
that is thrown away, only what outlives the job is taken: a command, or an encrypted file below the folder of artifacts.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, assert_never

from resellerplan.errors import SecretUnavailable
from resellerplan.model.customer import AgeSink, CommandSink, FileSink, Sink
from resellerplan.model.values import Secret

__all__ = ["ALPHABET", "Grounds", "check_sink", "fill_sink", "make_password"]

ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789!#%+-.:=?@_"
"""No characters that are taken for each other, and none that a shell or a form would change."""

_CLASSES: Final = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "!#%+-.:=?@_")
COMMAND_SECONDS: Final = 60.0


def make_password(length: int, choose: Callable[[Sequence[str]], str]) -> Secret:
    """A password of ``length`` characters (4 or more) with an upper-case and a lower-case letter, a digit and a sign.

    ``choose`` picks one entry of a sequence, unpredictably.
    """
    while True:
        text = "".join(choose(ALPHABET) for _ in range(length))
        if length < len(_CLASSES) or all(any(letter in text for letter in group) for group in _CLASSES):
            return Secret(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Where sinks may lie: ``folder`` is the one relative paths start from, ``repository`` the one that plain text stays out of.

    ``in_ci`` says that this machine is thrown away after the job, but for ``artifacts``.
    """

    folder: Path
    repository: Path | None = None
    in_ci: bool = False
    artifacts: Path | None = None


def check_sink(sink: Sink, grounds: Grounds) -> None:
    """Whether a password would be safe there. Raises SecretUnavailable with the reason, before one is made."""
    match sink:
        case CommandSink():
            return
        case FileSink(path):
            if grounds.in_ci:
                raise SecretUnavailable(
                    f"{path} would hold a password in plain text on a machine that is thrown away",
                    hint="use an age-encrypted file below --artifact-dir, or a command",
                )
            if grounds.repository is not None and _lies_in(grounds.folder / Path(path).expanduser(), grounds.repository):
                raise SecretUnavailable(
                    f"{path} lies in the repository",
                    hint="a password in plain text belongs outside it, or into an age-encrypted file",
                )
        case AgeSink(path):
            outlives = grounds.artifacts is not None and _lies_in(grounds.folder / Path(path).expanduser(), grounds.artifacts)
            if grounds.in_ci and not outlives:
                raise SecretUnavailable(
                    f"{path} would be lost with this machine", hint="name --artifact-dir, and a path below it; upload it always"
                )
        case _:
            assert_never(sink)


def _lies_in(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def fill_sink(sink: Sink, secret: Secret, folder: Path) -> None:
    """Hand a password over. Relative paths start from ``folder``. Raises SecretUnavailable; then nothing was kept."""
    match sink:
        case FileSink(path):
            _write(folder / Path(path).expanduser(), secret.reveal().encode("utf-8") + b"\n", path)
        case AgeSink(path, recipients):
            _write(folder / Path(path).expanduser(), _encrypted(secret, recipients), path)
        case CommandSink(argv):
            _tell(argv, secret, folder)
        case _:
            assert_never(sink)


def _write(path: Path, data: bytes, written: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SecretUnavailable(f"{written} can't be written: {error.strerror}") from error
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError as error:
        raise SecretUnavailable(
            f"{written} is there already",
            detail="It may hold the password of an earlier attempt, so it is not overwritten.",
            hint="look whether the customer exists; then move the file away",
        ) from error
    except OSError as error:
        raise SecretUnavailable(f"{written} can't be written: {error.strerror}") from error


def _encrypted(secret: Secret, recipients: Sequence[str]) -> bytes:
    try:
        import pyrage
    except ImportError as error:
        raise SecretUnavailable("age needs a package that is not installed", hint="pip install 'resellerplan[age]'") from error
    if not recipients:
        raise SecretUnavailable("no recipient is named for the encrypted file", hint="name one: recipients: [age1...]")
    try:
        keys = [pyrage.x25519.Recipient.from_str(text) for text in recipients]
    except pyrage.RecipientError as error:
        raise SecretUnavailable("a recipient is no age key", hint="it begins with age1") from error
    return bytes(pyrage.encrypt(secret.reveal().encode("utf-8"), keys))


def _tell(argv: Sequence[str], secret: Secret, folder: Path) -> None:
    try:
        done = subprocess.run(  # noqa: S603  # the user's own command, allowed by a flag from outside the manifest
            list(argv),
            cwd=folder,
            input=secret.reveal().encode("utf-8") + b"\n",
            stdout=subprocess.DEVNULL,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SecretUnavailable(f"the command {argv[0]} did not take the password: {type(error).__name__}") from error
    if done.returncode:
        raise SecretUnavailable(f"the command {argv[0]} did not take the password: exit code {done.returncode}")

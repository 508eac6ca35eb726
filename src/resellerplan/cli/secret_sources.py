"""Where passwords come from: the environment, files, commands, the system's keyring. Fetched right before they are needed.

A manifest may come from a stranger's merge request: a command it names runs only with ``--allow-secret-commands``, and a file it
names is read only below the manifest's own repository or below a folder of ``--allow-secret-files``. A password never stands in an
argument, a message or a log.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from resellerplan.cli.credentials import Entry
from resellerplan.cli.settings import Permissions
from resellerplan.errors import SecretUnavailable
from resellerplan.model.address import Address
from resellerplan.model.customer import Customer, FromCommand, FromEnv, FromFile, Generated, InText, PasswordSource
from resellerplan.model.values import Secret

__all__ = [
    "CommandRunner",
    "SecretSources",
    "allow_command",
    "checked_password",
    "fetch_entry",
    "repository_of",
    "run_command",
]

MAX_LENGTH = 71
"""Longer passwords are cut by the panel once encrypted, and can't be used (contract 2.2)."""

COMMAND_SECONDS = 60.0

CommandRunner = Callable[[Sequence[str], Path], str]
"""Runs a command in a folder and returns what it printed. Raises SecretUnavailable."""


def run_command(argv: Sequence[str], folder: Path) -> str:
    """Run a command without a shell and return what it printed; its standard error goes to ours.

    Raises SecretUnavailable where it is missing, fails, or takes more than a minute.
    """
    try:
        done = subprocess.run(  # noqa: S603  # the command is the user's own and was allowed by a flag from outside the manifest
            list(argv), cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=COMMAND_SECONDS, check=False
        )
    except FileNotFoundError as error:
        raise SecretUnavailable(f"the command {argv[0]} is not there") from error
    except subprocess.TimeoutExpired as error:
        raise SecretUnavailable(f"the command {argv[0]} gave no password within {COMMAND_SECONDS:.0f} seconds") from error
    except OSError as error:
        raise SecretUnavailable(f"the command {argv[0]} can't be started: {error.strerror}") from error
    if done.returncode:
        raise SecretUnavailable(f"the command {argv[0]} ended with exit code {done.returncode}")
    try:
        return done.stdout.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SecretUnavailable(f"the command {argv[0]} printed no UTF-8 text") from error


def repository_of(file: Path) -> Path:
    """The repository a manifest's file lies in: the nearest folder above it that holds ``.git``, else its own folder."""
    folder = file.resolve().parent
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)


def allow_command(argv: Sequence[str], permissions: Permissions) -> None:
    """Raise SecretUnavailable for a manifest's command, unless the person outside the manifest allowed such."""
    if not permissions.secret_commands:
        raise SecretUnavailable(
            f"the manifest wants to run the command {argv[0]}",
            hint="if you trust this manifest, allow it with --allow-secret-commands",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretSources:
    """Gives the passwords that customers' declarations name (the port ``SecretGiver``).

    ``file_of`` says which manifest file declares a customer; relative paths start from its folder. ``generate`` makes a password
    of the given length and hands it to the declaration's sink before it returns.
    """

    environ: Mapping[str, str]
    file_of: Callable[[Address], Path]
    permissions: Permissions
    run: CommandRunner = run_command
    generate: Callable[[Customer, Generated], Secret]

    def password_for(self, customer: Customer) -> Secret:
        """The password of a customer that is about to be created.

        Raises SecretUnavailable with the source's name, never its value.
        """
        source = customer.password
        if source is None:
            raise SecretUnavailable(
                f"customer {customer.username} has no password in the manifest",
                hint="the panel needs one to create a customer: add password: {env: NAME}",
            )
        return self.fetch(source, customer)

    def fetch(self, source: PasswordSource, customer: Customer) -> Secret:
        """The password of one source."""
        match source:
            case FromEnv(name):
                return checked_password(self._variable(name), f"the variable {name}")
            case FromFile(path):
                return checked_password(self._file(path, customer), f"the file {path}")
            case FromCommand(argv):
                return checked_password(self._command(argv, customer), f"the command {argv[0]}")
            case Generated():
                return self.generate(customer, source)
            case InText(secret):
                return self._in_text(secret, customer)
            case _:
                assert_never(source)

    def missing(self, customers: Sequence[Customer]) -> list[str]:
        """What is known to be missing before anything is sent: variables that are not set, files that are not there."""
        lines = []
        for customer in customers:
            try:
                match customer.password:
                    case FromEnv() | FromFile() | None:
                        self.password_for(customer)
                    case FromCommand(argv):
                        allow_command(argv, self.permissions)
                    case InText(secret):
                        self._in_text(secret, customer)
                    case _:
                        continue
            except SecretUnavailable as error:
                lines.append(f"{customer.self_address}: {error.message}")
        return lines

    def _in_text(self, secret: Secret, customer: Customer) -> Secret:
        if not self.permissions.literal_passwords:
            raise SecretUnavailable(
                f"the password of {customer.username} stands in the manifest's text",
                hint="name a source instead: password: {env: NAME}; --allow-literal-passwords is for tests",
            )
        return secret

    def _variable(self, name: str) -> str:
        text = self.environ.get(name)
        if not text:
            raise SecretUnavailable(f"the variable {name} is not set", hint=f"set {name} where apply runs")
        return text

    def _file(self, written: str, customer: Customer) -> str:
        manifest = self.file_of(customer.self_address)
        path = (manifest.resolve().parent / Path(written).expanduser()).resolve()
        roots = (repository_of(manifest), *(folder.resolve() for folder in self.permissions.secret_folders))
        if not any(path.is_relative_to(root) for root in roots):
            raise SecretUnavailable(
                f"the file {written} lies outside the manifest's repository",
                hint=f"allow its folder from outside the manifest: --allow-secret-files {path.parent}",
            )
        try:
            with path.open(encoding="utf-8") as stream:
                return stream.readline().rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise SecretUnavailable(f"the file {written} can't be read: {why}") from error

    def _command(self, argv: Sequence[str], customer: Customer) -> str:
        allow_command(argv, self.permissions)
        return self.run(argv, self.file_of(customer.self_address).resolve().parent).rstrip("\r\n")


def checked_password(text: str, source: str) -> Secret:
    """A password for a customer, from ``source`` (``the variable X``). Raises SecretUnavailable where none can log in with it."""
    if not text:
        raise SecretUnavailable(f"{source} gave an empty password")
    if len(text) > MAX_LENGTH:
        raise SecretUnavailable(
            f"{source} gave a password of {len(text)} characters",
            detail=f"The panel cuts what is longer than {MAX_LENGTH} once encrypted; the customer could not log in.",
            hint="use a shorter one",
        )
    return Secret(text)


def fetch_entry(entry: Entry, run: CommandRunner = run_command) -> Secret:
    """The password of a panel's entry in the credentials file, which is the user's own: its commands run without asking.

    Raises SecretUnavailable.
    """
    if entry.password is not None:
        return entry.password
    if entry.password_file:
        try:
            return Secret(Path(entry.password_file).expanduser().read_text(encoding="utf-8").splitlines()[0])
        except (OSError, UnicodeDecodeError, IndexError) as error:
            raise SecretUnavailable(f"the password file for {entry.url.text} can't be read or is empty") from error
    if entry.password_command:
        return Secret(run(entry.password_command, Path.cwd()).rstrip("\r\n"))
    return from_keyring(entry.url.key, entry.username)


class _Keyring:
    """The two calls of the keyring library that we make, with its errors as ours."""

    def __init__(self) -> None:
        try:
            import keyring
            import keyring.errors
        except ImportError as error:
            raise SecretUnavailable(
                "the system's keyring needs a package that is not installed", hint="pip install 'resellerplan[keyring]'"
            ) from error
        self._library = keyring
        self._failure = keyring.errors.KeyringError

    def get_password(self, service: str, username: str) -> str | None:
        try:
            return self._library.get_password(service, username)
        except self._failure as error:
            raise SecretUnavailable("the system's keyring can't be read", detail=type(error).__name__) from error

    def set_password(self, service: str, username: str, password: str) -> None:
        try:
            self._library.set_password(service, username, password)
        except self._failure as error:
            raise SecretUnavailable("the system's keyring can't be written", detail=type(error).__name__) from error


def from_keyring(key: str, username: str) -> Secret:
    """The password that the system's keyring holds for a panel. Raises SecretUnavailable, also without the extra ``keyring``."""
    keyring = _Keyring()
    text = keyring.get_password(f"resellerplan {key}", username)
    if not text:
        raise SecretUnavailable("the keyring holds no password for this panel", hint="run `resellerplan login --keyring` again")
    return Secret(str(text))


def into_keyring(key: str, username: str, password: str) -> None:
    """Put a password into the system's keyring. Raises SecretUnavailable."""
    _Keyring().set_password(f"resellerplan {key}", username, password)

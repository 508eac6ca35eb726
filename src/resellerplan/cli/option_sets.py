"""Options that several commands share, as sets, and how what was given becomes Settings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from resellerplan.cli.folders import cache_folder, configuration_folder, state_folder
from resellerplan.cli.invocation import Invocation
from resellerplan.cli.options import option
from resellerplan.cli.settings import TIME_OUTS, Permissions, Settings
from resellerplan.errors import UsageError
from resellerplan.model.address import Address, parse_address
from resellerplan.planning.scope import Scope

__all__ = ["MANIFEST", "PANEL", "POLICY", "SCOPE", "Seconds", "address_typed", "settings_of", "with_options"]

F = TypeVar("F", bound=Callable[..., Any])
Decorator = Callable[[Any], Any]


def with_options(*sets: tuple[Decorator, ...]) -> Callable[[F], F]:
    """Decorate a command with sets of options, in the order in which the help page is to show them."""

    def decorate(function: F) -> F:
        for each in reversed([decorator for chosen in sets for decorator in chosen]):
            function = each(function)
        return function

    return decorate


MANIFEST: tuple[Decorator, ...] = (
    click.argument("paths", nargs=-1, metavar="[PATH]..."),
    option(
        "--var",
        "var",
        multiple=True,
        metavar="NAME=VALUE",
        help="A value for the manifest's templates; also RESELLERPLAN_VAR_NAME.",
    ),
    option("--var-file", multiple=True, metavar="FILE", help="Values for templates from a YAML file."),
    option("--policy", metavar="FILE", help="A policy beside the manifest's own; of two the stricter wins."),
    option("--now", metavar="DATE", help="Judge `from`, `ends` and `quarantine` by this day (2026-12-31) instead of today."),
    option("--allow-secret-commands", is_flag=True, help="Let the manifest's `command:` sources of passwords run."),
    option("--allow-secret-files", multiple=True, metavar="DIR", help="Let `file:` sources lie below this folder too."),
    option("--allow-literal-passwords", is_flag=True, help="Take passwords written in the manifest (tests only)."),
)

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}


class Seconds(click.FloatRange):
    """A number of seconds, also written ``10s``, ``5m``, ``1h``."""

    name = "number of seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        unit = _UNITS.get(value[-1:]) if isinstance(value, str) else None
        try:
            return super().convert(value if unit is None else float(value[:-1]) * unit, param, ctx)
        except ValueError:
            self.fail(f"{value!r} is no number of seconds", param, ctx)


_SECONDS = Seconds(0, 86400, min_open=True)

PANEL: tuple[Decorator, ...] = (
    option(
        "--parallelism",
        type=click.IntRange(1, 32),
        default=4,
        show_default=True,
        metavar="N",
        help="Calls in flight at once, at most 32.",
    ),
    option("--max-calls", type=click.IntRange(1), metavar="N", help="Ask the panel at most so often."),
    option("--connect-timeout", type=_SECONDS, metavar="SECONDS", help="Wait so long for a connection. [default: 10]"),
    option("--read-timeout", type=_SECONDS, metavar="SECONDS", help="Wait so long for an answer. [default: 60]"),
    option("--bulk-timeout", type=_SECONDS, metavar="SECONDS", help="The same for whole lists. [default: 300]"),
    option("--create-timeout", type=_SECONDS, metavar="SECONDS", help="The same for what talks to hosting servers. [default: 900]"),
    option(
        "--dialect",
        type=click.Choice(["solidcp1", "fusecp2"]),
        help="What the panel speaks, where it can't be asked; also `panel: {dialect: ...}`.",
    ),
    option("--ca-file", metavar="FILE", help="Trust this certificate authority (PEM)."),
    option("--client-certificate", metavar="FILE", help="Show this certificate to the panel (PEM with key)."),
    option("--as-administrator-for", metavar="RESELLER", help="Use an administrator's log-in, for this reseller."),
    option("--trace-soap", metavar="DIR", help="Keep each exchange with the panel as files, without secrets."),
    option("--no-cache", is_flag=True, help="Keep nothing between runs, and use nothing kept."),
)

SCOPE: tuple[Decorator, ...] = (
    option("--target", multiple=True, metavar="ADDRESS", help="Only this, and what it needs; for example customer.mueller."),
    option("--target-file", metavar="FILE", help="Addresses for --target, one a line."),
    option("--exclude", multiple=True, metavar="ADDRESS", help="All but this, and what needs it."),
    option("--exclude-file", metavar="FILE", help="Addresses for --exclude, one a line."),
    option("--limit", type=click.IntRange(0), metavar="N", help="Move at most N spaces to another plan in this run."),
)

POLICY: tuple[Decorator, ...] = (
    option("--dangerous-reduce-plan", is_flag=True, help="Lower quotas of plans that are in use."),
    option("--dangerous-many-deletes", is_flag=True, help="Delete more than the policy allows."),
    option("--dangerous-many-updates", is_flag=True, help="Change more than the policy allows."),
    option("--dangerous-drop-own-terms", is_flag=True, help="Let spaces lose terms of their own."),
    option("--reactivate-all", is_flag=True, help="Bring back every space of a re-activated customer, whoever suspended it."),
)


def settings_of(given: Mapping[str, Any], invocation: Invocation) -> Settings:
    """The settings of a run from the options of its command. Raises UsageError."""
    from resellerplan.manifest.variables import variables_from

    environ = invocation.environ
    return Settings(
        paths=tuple(given.get("paths") or (".",)),
        variables=variables_from(environ, tuple(given.get("var") or ())),
        variable_files=tuple(given.get("var_file") or ()),
        policy_file=given.get("policy") or None,
        today=_day(given.get("now")),
        permissions=Permissions(
            secret_commands=bool(given.get("allow_secret_commands")),
            secret_folders=tuple(Path(text).expanduser() for text in given.get("allow_secret_files") or ()),
            literal_passwords=bool(given.get("allow_literal_passwords")),
        ),
        parallelism=int(given.get("parallelism") or 4),
        max_calls=given.get("max_calls"),
        time_outs={name: given[f"{name}_timeout"] for name in TIME_OUTS if given.get(f"{name}_timeout")},
        dialect=given.get("dialect") or "",
        ca_file=_file("ca_file", given),
        client_certificate=_file("client_certificate", given),
        as_administrator_for=given.get("as_administrator_for") or "",
        trace_folder=Path(given["trace_soap"]).expanduser() if given.get("trace_soap") else None,
        scope=_scope(given),
        dangerous=frozenset(
            name.removeprefix("dangerous_").replace("_", "-")
            for name, value in given.items()
            if name.startswith("dangerous_") and value
        ),
        reactivate_all=bool(given.get("reactivate_all")),
        configuration_folder=configuration_folder(environ),
        state_folder=state_folder(environ),
        artifact_folder=Path(given["artifact_dir"]).expanduser() if given.get("artifact_dir") else None,
        cache_folder=None if given.get("no_cache") else cache_folder(environ),
    )


def _file(name: str, given: Mapping[str, Any]) -> str:
    """The file of a flag; empty where it was not given. Raises UsageError for one that can't be read."""
    text = given.get(name)
    if not text:
        return ""
    path = Path(text).expanduser()
    try:
        path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"the file of --{name.replace('_', '-')} can't be read",
            detail=f"{path}: {error.strerror}",
            hint="name a PEM file",
        ) from error
    return str(path)


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise UsageError(f"--now {text!r} is no day", hint="write it as 2026-12-31") from error


def _scope(given: Mapping[str, Any]) -> Scope:
    targets = _addresses("target", given)
    excludes = _addresses("exclude", given)
    if targets and excludes:
        raise UsageError("--target and --exclude were both given", hint="say either what is meant or what is not")
    return Scope(targets=targets, excludes=excludes, limit_moves=given.get("limit"))


def _addresses(flag: str, given: Mapping[str, Any]) -> frozenset[Address]:
    texts = list(given.get(flag) or ())
    file = given.get(f"{flag}_file")
    if file:
        try:
            lines = Path(file).expanduser().read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"the file {file} of --{flag}-file can't be read") from error
        texts += [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return frozenset(address_typed(text, f"--{flag}: ") for text in texts)


def address_typed(text: str, where: str = "") -> Address:
    """An address that somebody typed. Raises UsageError, which shows how a bare name is written."""
    try:
        return parse_address(text)
    except ValueError as error:
        raise UsageError(f"{where}{error}", hint=_written(text.strip())) from error


_NAMED = {"customer": Address.customer, "plan": Address.plan, "addon": Address.addon}


def _written(text: str) -> str:
    """How what somebody typed is written as an address; empty where that can't be told."""
    if re.fullmatch(r"[^.\[\]\"/]+", text):
        return f"a customer's name is written {Address.customer(text)}"
    kind, _, name = text.partition(".")
    owner, slash, of = name.partition("/")
    if kind == "space" and owner and slash and of:
        return f"write it '{Address.space(owner, of)}', in quotes for the shell"
    if kind in _NAMED and name:
        return f"write it '{_NAMED[kind](name)}', in quotes for the shell"
    return ""

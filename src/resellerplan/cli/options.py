"""Options as every command has them: each flag also as a variable ``RESELLERPLAN_<FLAG>``, from the environment that was handed in.

Order of strength: the command line, then the environment, then the configuration file, then the default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from resellerplan.cli.invocation import Invocation

__all__ = ["Option", "add_everywhere_options", "option", "variable_of"]

F = TypeVar("F", bound=Callable[..., Any])

_NOT_BY_VARIABLE = frozenset({"help", "version", "var", "chdir"})
"""``--var`` has a variable per name (RESELLERPLAN_VAR_name); the others make no sense there."""


def variable_of(name: str) -> str:
    """The variable that stands for a flag: ``detailed_exitcode`` -> ``RESELLERPLAN_DETAILED_EXITCODE``."""
    return "RESELLERPLAN_" + name.upper().replace("-", "_")


def flag_name(parameter: click.Parameter) -> str:
    """The long spelling of an option without its dashes, with underscores."""
    longs = [text for text in parameter.opts if text.startswith("--")]
    return longs[0].removeprefix("--").replace("-", "_") if longs else str(parameter.name)


class Option(click.Option):
    """click's option, with the environment as an argument. Several values of one flag stand on lines of their own."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        name = flag_name(self)
        if name in _NOT_BY_VARIABLE:
            return None
        invocation = ctx.find_object(Invocation)
        environ: Mapping[str, str] = invocation.environ if invocation is not None else {}
        return environ.get(variable_of(name)) or None

    def value_from_envvar(self, ctx: click.Context) -> Any:
        text = self.resolve_envvar_value(ctx)
        if text is not None and self.multiple:
            return tuple(line.strip() for line in text.splitlines() if line.strip())
        return super().value_from_envvar(ctx)

    def get_default(self, ctx: click.Context, call: bool = True) -> Any:
        invocation = ctx.find_object(Invocation)
        if invocation is not None and flag_name(self) in invocation.file_defaults:
            return invocation.file_defaults[flag_name(self)]
        return super().get_default(ctx, call)


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """``click.option`` with our kind of option."""
    return click.option(*names, cls=Option, **settings)


def _louder(ctx: click.Context, _parameter: click.Parameter, count: int) -> None:
    ctx.ensure_object(dict)
    invocation = ctx.find_object(Invocation)
    if invocation is not None and count:
        from resellerplan.cli.settings import louder

        invocation.verbose = max(invocation.verbose, count)
        louder(invocation)


def _colourless(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    invocation = ctx.find_object(Invocation)
    if invocation is not None and value:
        invocation.colour = False


def _silent(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    invocation = ctx.find_object(Invocation)
    if invocation is not None and value:
        invocation.may_ask = False


def add_everywhere_options(command: click.Command) -> None:
    """Give a command, and the commands below it, the flags that every command has: ``-v``, ``--no-color``, ``--no-input``."""
    if isinstance(command, click.Group):
        for child in command.commands.values():
            add_everywhere_options(child)
        return
    taken = {spelling for parameter in command.params for spelling in parameter.opts}
    for made in (
        Option(
            ["-v", "--verbose"],
            count=True,
            expose_value=False,
            is_eager=True,
            callback=_louder,
            help="Say more; twice: each call to the panel.",
        ),
        Option(
            ["--no-color"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_colourless,
            help="Plain text, whatever the terminal can do.",
        ),
        Option(
            ["--no-input"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_silent,
            help="Never ask; fail with a hint instead.",
        ),
    ):
        if not taken & set(made.opts):
            command.params.append(made)

"""Slips at the keyboard: what was typed, and what may be meant. Users of other plan/apply tools bring their habits along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module

import click

__all__ = ["CommandGroup", "HelpWanted", "hint_for"]

_BEFORE_THE_COMMAND = frozenset({"-C", "--chdir"})
_EVERYWHERE = frozenset({"-v", "--verbose", "--no-color", "--no-input"})
_MEANT: Mapping[str, str] = {
    "yes": "--auto-approve does without asking",
    "y": "--auto-approve does without asking",
    "force": "--auto-approve does without asking; what is dangerous has a flag of its own, which the refusal names",
    "input": "--no-input never asks",
    "dry-run": "`resellerplan plan` shows what would be done, and does nothing",
    "destroy": "`state: absent` with a `reason` in the manifest deletes",
    "refresh": "the panel is read afresh each time; nothing is kept that could be stale",
    "state": "the live panel is the truth; there is no state file",
}
"""Options of other tools, without their dashes, and what does it here."""
_OTHERS = ("plan", "apply", "validate")


class CommandGroup(click.Group):
    """A group that, called alone, shows its help page as it is: nothing went wrong, and nothing was done (exit code 64)."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            raise HelpWanted(ctx)
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Every command with the whole first sentence of its help: a purpose that is cut tells nothing."""
        rows = [(name, command.get_short_help_str(limit=1000)) for name, command in sorted(self.commands.items())]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


class HelpWanted(click.UsageError):
    """A group was called without a command."""

    def __init__(self, ctx: click.Context) -> None:
        super().__init__(ctx.get_help(), ctx=ctx)


def hint_for(error: click.ClickException, argv: Sequence[str], commands: Mapping[str, tuple[str, str]]) -> str:
    """What to do about bad usage, without ``hint:``. ``commands`` is the table of commands: name -> (where it lives, purpose)."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "resellerplan"
    if isinstance(error, click.NoSuchOption) and context is not None:
        meant = _other_spelling(error, argv, context) or _other_place(error.option_name, context, commands)
        if meant:
            return meant
    return f"`{path} --help` shows what it takes"


def _other_spelling(error: click.NoSuchOption, argv: Sequence[str], context: click.Context) -> str:
    """``-auto-approve`` is ``--auto-approve`` here; options of other tools have other names."""
    known = {name for parameter in context.command.params for name in parameter.opts}
    for word in argv:
        name = word.partition("=")[0]
        if word.startswith("-") and not word.startswith("--") and name[:2] == error.option_name and f"-{name}" in known:
            return f"write -{word}, with two dashes"
        if name.lstrip("-") in _MEANT and (name == error.option_name or name[:2] == error.option_name):
            return _MEANT[name.lstrip("-")]
    return ""


def _other_place(name: str, context: click.Context, commands: Mapping[str, tuple[str, str]]) -> str:
    """An option that is there, but not here."""
    here = context.info_name or ""
    if name in _BEFORE_THE_COMMAND:
        return f"it stands before the command: `resellerplan -C DIR {here}`"
    if context.parent is None:
        return f"it stands behind the command: `resellerplan plan {name}`" if name in _EVERYWHERE else ""
    takers = [other for other in _OTHERS if other != here and name in _options_of(commands[other][0])]
    return f"`resellerplan {takers[0]}` takes {name}" if takers and context.parent.parent is None else ""


def _options_of(lives: str) -> set[str]:
    module, _, attribute = lives.partition(":")
    command: click.Command = getattr(import_module(module), attribute)
    return {spelling for parameter in command.params for spelling in parameter.opts}

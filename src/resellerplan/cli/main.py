"""The command line: a group that imports a command when it is called, and the one error boundary.

``main(argv, environ)`` is the whole program as a function; only ``from_process`` reads the process. Every expected error becomes
a text on standard error and an exit code here and nowhere else.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import click

from resellerplan import __version__
from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.invocation import Invocation
from resellerplan.cli.options import add_everywhere_options
from resellerplan.cli.slips import CommandGroup, HelpWanted, hint_for
from resellerplan.errors import PanelError, ResellerPlanError, UsageError

__all__ = ["COMMANDS", "from_process", "main"]

COMMANDS: Mapping[str, tuple[str, str]] = {
    "init": ("resellerplan.cli.commands.init:init", "Write a first manifest for a panel."),
    "validate": ("resellerplan.cli.commands.validate:validate", "Check the manifest; asks nothing of the panel."),
    "fmt": ("resellerplan.cli.commands.fmt:fmt", "Bring manifests into canonical form."),
    "plan": ("resellerplan.cli.commands.plan:plan", "Show what would change on the panel."),
    "apply": ("resellerplan.cli.commands.apply:apply", "Make the panel what the manifest says."),
    "customer": ("resellerplan.cli.commands.customer:customer", "Add a customer to the manifest; change a password."),
    "space": ("resellerplan.cli.commands.space:space", "Add a hosting space to the manifest."),
    "suspend": ("resellerplan.cli.commands.suspend:suspend", "List a customer as suspended."),
    "resume": ("resellerplan.cli.commands.resume:resume", "End a customer's suspension in the register."),
    "show": ("resellerplan.cli.commands.show:show", "List what is on the panel, or show a saved plan."),
    "letter": ("resellerplan.cli.commands.letter:letter", "Show or send a summary letter."),
    "lock": ("resellerplan.cli.commands.lock:lock", "See who runs an apply, or take the lock from one that hangs."),
    "login": ("resellerplan.cli.commands.login:login", "Keep the log-in for a panel in the credentials file."),
    "doctor": ("resellerplan.cli.commands.doctor:doctor", "Say what panel this is and what will not work there."),
    "explain": ("resellerplan.cli.commands.explain:explain", "Explain a manifest field or a diagnostic code."),
    "schema": ("resellerplan.cli.commands.schema:schema", "Print a published schema."),
    "panel": ("resellerplan.cli.commands.panel:panel", "The embedded panel: seed, serve, look into it."),
    "version": ("resellerplan.cli.commands.version:version", "Print versions of what takes part."),
}
"""Command -> (where it lives, what it is for); the help page is printed without importing any of them."""


ALIASES: Mapping[str, str] = {"force-unlock": "resellerplan.cli.commands.lock:release"}
"""Names that users of other tools type; not on the help page."""


PROGRAM = "resellerplan"
_ELSEWHERE: Mapping[str, str] = {
    "destroy": "state: absent",
    "drift": f"{PROGRAM} plan --detailed-exitcode",
    "import": f"{PROGRAM} init",
    "list": f"{PROGRAM} show live",
    "check": f"{PROGRAM} validate",
    "serve": f"{PROGRAM} panel serve",
    "seed": f"{PROGRAM} panel seed",
    "send": f"{PROGRAM} letter send",
}
"""What users of other tools type, and what does it here."""


class LazyGroup(CommandGroup):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        lives = ALIASES.get(cmd_name) or COMMANDS.get(cmd_name, ("", ""))[0]
        if not lives:
            return None
        if cmd_name not in self.commands:
            module, _, attribute = lives.partition(":")
            command: click.Command = getattr(import_module(module), attribute)
            add_everywhere_options(command)
            self.commands[cmd_name] = command
        return self.commands[cmd_name]

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], [*COMMANDS, *_ELSEWHERE], n=1)
            meant = _ELSEWHERE.get(near[0], f"{PROGRAM} {near[0]}") if near else ""
            raise click.UsageError(f"{error.message} Did you mean `{meant}`?" if meant else error.message, ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, purpose) for name, (_, purpose) in COMMANDS.items()])


@click.command(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `resellerplan show live`, then `resellerplan plan`. Every flag is also a variable: --no-color is "
    "RESELLERPLAN_NO_COLOR.",
)
@click.version_option(__version__, message="resellerplan %(version)s")
@click.option("-C", "--chdir", metavar="DIR", help="Work in this folder, as if started there.")
@click.pass_context
def group(ctx: click.Context, chdir: str | None) -> None:
    """Hosting customers, plans and spaces as code, against a SolidCP or FuseCP panel."""
    if chdir is None:
        return
    try:
        ctx.with_resource(contextlib.chdir(chdir))
    except OSError as error:
        raise UsageError(f"can't work in {chdir}: {error.strerror}") from error


def with_variables(argv: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """The arguments with those of RESELLERPLAN_CLI_ARGS and RESELLERPLAN_CLI_ARGS_<command> put in behind the command.

    What is typed comes after them and so wins. For ``show live`` the second variable is RESELLERPLAN_CLI_ARGS_show.
    """
    position = _command_position(argv)
    if position is None:
        return list(argv)
    named = f"RESELLERPLAN_CLI_ARGS_{argv[position].replace('-', '_')}"
    added: list[str] = []
    for variable in ("RESELLERPLAN_CLI_ARGS", named):
        try:
            added += shlex.split(environ.get(variable, ""))
        except ValueError as error:
            raise UsageError(f"{variable} can't be split into words: {error}") from error
    behind = position + 1
    if (
        argv[position] in {"show", "letter", "lock", "panel", "customer", "space"}
        and len(argv) > behind
        and not argv[behind].startswith("-")
    ):
        behind += 1
    return [*argv[:behind], *added, *argv[behind:]]


def _command_position(argv: Sequence[str]) -> int | None:
    skip = False
    for index, word in enumerate(argv):
        if skip:
            skip = False
        elif word in {"-C", "--chdir"}:
            skip = True
        elif not word.startswith("-"):
            return index if word in COMMANDS else None
    return None


def main(argv: Sequence[str], environ: Mapping[str, str], **streams: Any) -> int:
    """Run one command and return its exit code. ``streams``: ``stdin``, ``stdout``, ``stderr``, those of the process by default."""
    invocation = Invocation(environ=environ, **streams)
    try:
        return _run(argv, invocation)
    except click.exceptions.Abort:
        invocation.tell("Interrupted.")
        return ExitCode.INTERRUPTED
    except KeyboardInterrupt:
        invocation.tell("Interrupted.")
        return ExitCode.INTERRUPTED
    except click.ClickException as error:
        return _bad_usage(error, argv, invocation)
    except BrokenPipeError:
        return ExitCode.FAILED
    except ResellerPlanError as error:
        return _expected(error, invocation)
    except Exception as error:
        return _bug(error, argv, invocation)


def _run(argv: Sequence[str], invocation: Invocation) -> int:
    from resellerplan.cli.settings import file_defaults, start_logging

    invocation.file_defaults = file_defaults(invocation.environ)
    start_logging(invocation)
    result = group.main(with_variables(argv, invocation.environ), prog_name="resellerplan", standalone_mode=False, obj=invocation)
    return int(result) if isinstance(result, int) else ExitCode.DONE


def _bad_usage(error: click.ClickException, argv: Sequence[str], invocation: Invocation) -> int:
    from resellerplan.report.error_text import render

    if isinstance(error, HelpWanted):
        invocation.tell(error.message)
        return ExitCode.USAGE
    said = UsageError(error.format_message(), hint=hint_for(error, argv, COMMANDS))
    invocation.tell(render(said, width=invocation.columns(invocation.stderr)))
    return ExitCode.USAGE


def _expected(error: ResellerPlanError, invocation: Invocation) -> int:
    from resellerplan.report import error_text

    if isinstance(error, PanelError) and not error.hint:
        error.hint = "`resellerplan doctor` says what this panel is and what will not work there; -vv shows every call"
    if invocation.on_error is not None:
        invocation.on_error(error)
    invocation.tell(error_text.render(error, width=invocation.columns(invocation.stderr)))
    return ExitCode.USAGE if isinstance(error, UsageError) else ExitCode.FAILED


def _bug(error: Exception, argv: Sequence[str], invocation: Invocation) -> int:
    from resellerplan.cli.bug_report import keep_trace

    kept = keep_trace(error, argv, invocation.environ)
    where = f"The trace is in {kept}" if kept is not None else "The trace could not be written"
    invocation.tell(
        f"Error: this is a bug in resellerplan {__version__}: {type(error).__name__}\n"
        f"  {where}; it holds no password, but read it before you pass it on.\n"
        "  hint: what had been done until then is in the journal; `resellerplan plan` shows what is left"
    )
    return ExitCode.BUG


def from_process(argv: Sequence[str]) -> int:
    """The program with the process's environment and streams."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a console of code page 1252 shows "?" for an arrow instead of a traceback
            reconfigure(errors="replace")
    code = main(argv, os.environ)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code

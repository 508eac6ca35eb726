"""``resellerplan validate``: is the manifest right? Offline, without credentials; nothing is asked of a panel."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from resellerplan import __version__
from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.findings import findings_shown
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.loading import load_options
from resellerplan.cli.option_sets import MANIFEST, settings_of, with_options
from resellerplan.cli.options import option
from resellerplan.diagnostics import Finding, Severity
from resellerplan.errors import UsageError
from resellerplan.manifest.codes import CODES
from resellerplan.manifest.estate_settings import SEVERITY_WORDS, severity_of
from resellerplan.manifest.load import Loaded, load
from resellerplan.model.address import Kind
from resellerplan.report.findings_text import counted

if TYPE_CHECKING:
    from resellerplan.report.rule import Rule

__all__ = ["FORMATS", "closing", "rendered", "validate"]

FORMATS = ("text", "json", "sarif", "junit", "github", "gitlab")


@click.command()
@with_options(MANIFEST)
@option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How findings are written.")
@option("--strict", is_flag=True, help="Warnings are errors.")
@option(
    "--severity",
    multiple=True,
    metavar="CODE=WORD",
    help="Make a warning off, note, warning or error; wins over the manifest's `diagnostics:`.",
)
@with_invocation
def validate(invocation: Invocation, /, form: str, strict: bool, severity: tuple[str, ...], **given: Any) -> int:
    """Check the manifest; asks nothing of the panel.

    Exit code 0 = no errors, 1 = errors. Text goes to standard error, every other format alone to standard output.
    """
    settings = settings_of(given, invocation)
    options = replace(load_options(settings, invocation), strict=strict, severities=severities_of(severity))
    loaded = load(settings.paths, settings.variables, options)
    if form == "text":
        shown = loaded.findings if invocation.verbose else visible(loaded)
        if shown:
            invocation.tell(findings_shown(shown, loaded.sources, invocation) + "\n\n")
        invocation.tell(closing(loaded))
    else:
        invocation.say(rendered(form, loaded))
    return ExitCode.DONE if loaded.valid else ExitCode.FAILED


def visible(loaded: Loaded) -> tuple[Finding, ...]:
    """Findings that are shown without ``-v``: all but notes."""
    return tuple(one for one in loaded.findings if one.severity is not Severity.NOTE)


def severities_of(pairs: tuple[str, ...]) -> Mapping[str, Severity | None]:
    """``RP1601=off`` as severities. Raises UsageError."""
    found: dict[str, Severity | None] = {}
    for pair in pairs:
        code, equals, word = pair.partition("=")
        if not equals or word not in SEVERITY_WORDS:
            words = ", ".join(SEVERITY_WORDS)
            raise UsageError(f"--severity {pair!r} is not understood", hint=f"write CODE=WORD, with one of {words}")
        result = severity_of(code, word)
        if isinstance(result, tuple):
            number, label, hint = result
            raise UsageError(f"--severity: {CODES[number].summary}: {label}", hint=hint)
        found[code] = result
    return found


def from_here(name: str) -> str:
    """A file's name for a machine that joins it to its checkout: from the current folder on, where the file lies below it."""
    here = os.getcwd().rstrip(os.sep) + os.sep
    return name[len(here) :].replace(os.sep, "/") if os.path.normpath(name).startswith(here) and name.startswith(here) else name


def rendered(form: str, loaded: Loaded) -> str:
    """The findings in a format that machines read. Each is imported when it is asked for."""
    from resellerplan.report.renaming import renamed

    findings, sources = renamed(loaded.findings, loaded.sources, from_here)
    match form:
        case "json":
            from resellerplan.report.findings_json import findings_json

            return findings_json(findings, sources)
        case "sarif":
            from resellerplan.report.sarif import findings_sarif

            return findings_sarif(findings, sources, rules(), __version__)
        case "junit":
            from resellerplan.report.junit import findings_junit

            return findings_junit(findings, sources)
        case "github":
            from resellerplan.report.github import findings_github

            return findings_github(findings)
        case "gitlab":
            from resellerplan.report.gitlab import findings_gitlab

            return findings_gitlab(findings, sources)
        case _:
            raise UsageError(f"there is no format {form!r}", hint=", ".join(FORMATS))


def rules() -> Mapping[str, Rule]:
    """The table of codes, for formats that carry the rules along."""
    from resellerplan.report.rule import Rule

    return {
        code: Rule(code=code, severity=entry.severity, summary=entry.summary, explanation=entry.explanation)
        for code, entry in CODES.items()
    }


def closing(loaded: Loaded) -> str:
    """The last line: how many of what, in how many files, and that nobody was asked."""
    files = f"{loaded.files} file{'' if loaded.files == 1 else 's'}"
    found = counted(visible(loaded))
    if not loaded.valid:
        return f"{found}{f' in {files}' if loaded.files else ''}. Nothing was asked of the panel."
    words = {Kind.CUSTOMER: "customer", Kind.PLAN: "plan", Kind.ADDON: "add-on", Kind.SPACE: "space"}
    numbers = {kind: sum(1 for _ in loaded.estate.of_kind(kind)) for kind in Kind}
    held = ", ".join(
        f"{number} {words[kind]}{'' if number == 1 else 's'}"
        for kind, number in numbers.items()
        if number or kind is not Kind.ADDON
    )
    head = f"Valid, with {found}" if found else "Valid"
    return f"{head}: {held} in {files}. Nothing was asked of the panel."

"""``resellerplan apply``: make the panel what the manifest says.

manifest --> plan --> shown --> asked --> run --> report          (or, with a saved plan: plan file --> run --> report)
"""

from __future__ import annotations

import getpass
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from resellerplan import __version__
from resellerplan.applying.journal import Runs
from resellerplan.applying.lock import Holder
from resellerplan.applying.outcome import ApplyReport
from resellerplan.applying.ports import PanelWriter
from resellerplan.applying.resume import NOTHING_LEFT, Resumption, refuse, take_up
from resellerplan.applying.run import Pace, Ports, run
from resellerplan.cli.approval import says_yes
from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.option_sets import MANIFEST, PANEL, POLICY, SCOPE, Seconds, settings_of, with_options
from resellerplan.cli.options import option
from resellerplan.cli.output import Output, output_for
from resellerplan.cli.panel_url import PanelUrl
from resellerplan.cli.reading import plan_for
from resellerplan.cli.saved_plan import check_commands, is_plan_file, read_plan_file
from resellerplan.cli.secret_sources import SecretSources
from resellerplan.cli.settings import Settings
from resellerplan.cli.wiring import CLOCK, jitter, load_manifest, login_at, login_for, open_session, secrets_for
from resellerplan.errors import PlanFileInvalid, ResellerPlanError, SecretUnavailable, UsageError
from resellerplan.model.address import fold_username
from resellerplan.model.customer import Customer
from resellerplan.neutralise import one_line
from resellerplan.planning.change import Action
from resellerplan.planning.plan import Plan
from resellerplan.planning.plan_file import plan_digest

if TYPE_CHECKING:
    from resellerplan.panel.session import Session

__all__ = ["apply"]

APPLY = (
    option("--auto-approve", is_flag=True, help="Do not ask; needed where nobody can be asked."),
    option("--resume", is_flag=True, help="First look up what a former run left open."),
    option("--artifact-dir", metavar="DIR", help="Keep the journal here instead of the state folder."),
    option(
        "--lock-timeout",
        type=Seconds(0),
        default=3.0,
        show_default=True,
        metavar="SECONDS",
        help="Wait so long for another apply; also 10s, 5m.",
    ),
    option(
        "--on-stale",
        type=click.Choice(["skip", "fail"]),
        default="skip",
        show_default=True,
        help="Something changed on the panel since it was planned: leave that out and go on, or begin nothing more.",
    ),
    option("--json", "as_json", is_flag=True, help="Print events as JSON, one a line."),
    option("--show-unmanaged", is_flag=True, help="List what the panel holds and no manifest names."),
)


@click.command()
@with_options(MANIFEST, APPLY, SCOPE, POLICY, PANEL)
@with_invocation
def apply(invocation: Invocation, /, **given: Any) -> int:
    """Make the panel what the manifest says: shows the plan, asks, then does it.

    PATH is a manifest as for `plan`, or a file saved by `plan --out`: that is applied as it was reviewed, without asking. Exit
    code 0 means that everything asked for is verified live.
    """
    output = output_for(invocation, as_json=given["as_json"])
    settings = settings_of(given, invocation)
    if is_plan_file(settings.paths):
        check_alone(given)
        return apply_saved(Path(settings.paths[0]), given, settings, invocation, output)
    loaded = load_manifest(settings, invocation)
    if not output.findings(loaded):
        return ExitCode.FAILED
    login = login_for(loaded, settings, invocation)
    with open_session(login, loaded, settings, invocation, may_write=True) as session:
        writer = writer_for(session)
        runs = runs_for(session, login.url, given["lock_timeout"], settings, invocation)
        resumption = look_back(runs, writer, invocation, resume=given["resume"])
        made = plan_for(loaded, session, login.url, settings, invocation)
        output.plan(made, show_unmanaged=given["show_unmanaged"])
        if made.refusals:
            invocation.tell("\nNothing was changed: the plan is refused.")
            return ExitCode.FAILED
        if not made.counts.anything and not resumption.owed_letters:
            output.report(ApplyReport(outcomes=(), started=CLOCK.now(), seconds=0.0))
            return ExitCode.DONE
        secrets = secrets_for(made, settings, invocation)
        refuse_missing(made, secrets)
        if not given["auto_approve"] and not approved(invocation):
            return ExitCode.FAILED
        report = run_plan(made, writer, secrets, runs, resumption, given["on_stale"], settings, invocation, output)
    output.report(report)
    return exit_code(report)


def apply_saved(file: Path, given: dict[str, Any], settings: Settings, invocation: Invocation, output: Output) -> int:
    """Apply a saved plan as it was reviewed: nothing is planned anew, and objects that moved since are left alone."""
    saved = read_plan_file(file, invocation.environ)
    login = login_at(saved.header.panel, None, settings, invocation)
    with open_session(login, None, settings, invocation, may_write=True, own_space=saved.header.own_space) as session:
        if fold_username(session.reseller.username) != fold_username(saved.plan.reseller):
            raise PlanFileInvalid(
                f"the plan is {saved.plan.reseller}'s, and the log-in acts for {session.reseller.username}",
                hint="use that reseller's log-in",
            )
        writer = writer_for(session)
        runs = runs_for(session, login.url, given["lock_timeout"], settings, invocation)
        resumption = look_back(runs, writer, invocation, resume=given["resume"])
        output.plan(saved.plan, show_unmanaged=given["show_unmanaged"])
        check_commands(saved, file, settings, invocation)
        secrets = secrets_for(saved.plan, settings, invocation)
        refuse_missing(saved.plan, secrets)
        report = run_plan(saved.plan, writer, secrets, runs, resumption, given["on_stale"], settings, invocation, output)
    output.report(report)
    return exit_code(report)


def writer_for(session: Session) -> PanelWriter:
    """The panel as something to write to."""
    from resellerplan.panel.writer import Writer

    return Writer(session)


def runs_for(session: Session, panel: PanelUrl, lock_seconds: float, settings: Settings, invocation: Invocation) -> Runs:
    """Where the journal of this run is kept; says loudly where that place will not outlive the job."""
    folder = settings.artifact_folder or settings.state_folder / "runs"

    def waits_for(holder: Holder) -> None:
        invocation.tell(
            f"Waiting for another apply of {one_line(holder.reseller or session.reseller.username, 60)},"
            f" at most {lock_seconds:g} s (--lock-timeout)\n  {one_line(holder.text, 120) or 'by somebody who left no note'}"
        )

    if invocation.in_ci and settings.artifact_folder is None:
        invocation.tell(
            f"Warning: the journal of this run is kept in {folder},\n  which a pipeline's runner usually throws away\n"
            "  hint: name a folder that is kept: --artifact-dir DIR, and upload it always"
        )
    return Runs(
        folder=folder,
        reseller=session.reseller.username,
        panel=panel.key,
        now=CLOCK.now,
        who=who(),
        lock_seconds=lock_seconds,
        lock_folder=settings.lock_folder,
        waits_for=waits_for,
    )


def who() -> str:
    """The person and the machine, for whoever finds the lock."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        name = "somebody"
    return f"{name}@{socket.gethostname()}"


def look_back(runs: Runs, writer: PanelWriter, invocation: Invocation, *, resume: bool) -> Resumption:
    """What former runs left open: refused, or with ``--resume`` looked up. Raises JournalError, PanelError."""
    former = runs.unfinished()
    if not former:
        return NOTHING_LEFT
    if not resume:
        refuse(former)
    taken = take_up(former, runs, writer, CLOCK)
    for settled in taken.settled:
        invocation.tell(f"{settled.address}: {settled.text}")
    return taken


def refuse_missing(made: Plan, secrets: SecretSources) -> None:
    """Raise SecretUnavailable, before anything is sent, where a password that will be needed is known to be missing."""
    created = [change.desired for change in made.changes if change.action is Action.CREATE and isinstance(change.desired, Customer)]
    missing = secrets.missing(created)
    if missing:
        raise SecretUnavailable(
            f"{len(missing)} password{'s are' if len(missing) > 1 else ' is'} missing",
            detail="\n".join([*missing, "Nothing was changed."]),
            hint=f"give {'them' if len(missing) > 1 else 'it'} as the manifest's `password:` says, then run apply again",
        )


def approved(invocation: Invocation) -> bool:
    """Ask the person at the terminal. Raises ResellerPlanError where there is none: it names the flag that says yes."""
    if not invocation.asks:
        invocation.tell("\n")
        raise ResellerPlanError(
            "nobody can be asked whether to do this, so nothing was changed", hint="--auto-approve does it without asking"
        )
    return says_yes(invocation, "\nDo you want to do this?", nothing="Nothing was changed.")


def run_plan(
    made: Plan,
    writer: PanelWriter,
    secrets: SecretSources,
    runs: Runs,
    resumption: Resumption,
    on_stale: str,
    settings: Settings,
    invocation: Invocation,
    output: Output,
) -> ApplyReport:
    """Run a plan that was agreed to; every event is told as it comes."""
    with stopped_by_signals(invocation) as stop:
        ports = Ports(panel=writer, secrets=secrets, clock=CLOCK, chance=jitter, listener=output.listener(made), stop=stop)
        pace = Pace(parallelism=settings.parallelism, program=f"resellerplan {__version__}", stop_at_moved=on_stale == "fail")
        return run(made, ports, pace=pace, runs=runs, resumption=resumption, digest=plan_digest(made))


@contextmanager
def stopped_by_signals(invocation: Invocation) -> Iterator[threading.Event]:
    """Ctrl-C, or a pipeline's stop, ends the run in good order: what is running finishes, nothing new begins."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def heard(_number: int, _frame: object) -> None:
        if stop.is_set():
            invocation.tell(
                "Still stopping: the panel works on a call that can't be unsent. Who kills this process now"
                "\nlooks up what became of it by `resellerplan apply --resume`."
            )
            return
        stop.set()
        invocation.tell("\nStopping: what is running finishes or times out, nothing new begins.")

    former = {number: signal.signal(number, heard) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def exit_code(report: ApplyReport) -> ExitCode:
    """What the shell is told about a run."""
    if report.interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.DONE if report.good else ExitCode.FAILED


def check_alone(given: dict[str, Any]) -> None:
    """A saved plan takes no options that would plan anew. Raises UsageError."""
    named = [name for name in ("target", "exclude", "var", "var_file", "now", "limit", "policy") if given.get(name)]
    if named:
        raise UsageError(f"a saved plan takes no --{named[0].replace('_', '-')}", hint="it is applied as it was reviewed")

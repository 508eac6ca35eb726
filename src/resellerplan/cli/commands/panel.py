"""``resellerplan panel``: the embedded panel, a place to try things that is no place for real customers' data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.options import option
from resellerplan.cli.slips import CommandGroup
from resellerplan.errors import UsageError

__all__ = ["panel"]

_FLAVOURS = ("fusecp-2-ef", "fusecp-2-ef-stock", "fusecp-2-sql", "solidcp-1.5", "solidcp-1.4.6", "websitepanel-2.1")
_WARNING = "The embedded panel is for trying and testing: it is no place for real customers' data."


@click.group(cls=CommandGroup)
def panel() -> None:
    """The embedded panel: seed, serve, look into it."""


def _with(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def decorate(function: Any) -> Any:
        for one in reversed(options):
            function = one(function)
        return function

    return decorate


_file = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
_flavour = option("--flavour", type=click.Choice(_FLAVOURS), help="Which panel it is. [default: the world's, else fusecp-2-ef]")
_start = option("--start", metavar="WORLD", type=click.Path(path_type=Path), help="World (YAML) or a scenario's start.json.")
_defects = _with(
    option("--defect", multiple=True, metavar="NAME", help="Switch a defect of real panels on."),
    option("--no-defect", multiple=True, metavar="NAME", help="Switch a defect of real panels off."),
)


@panel.command()
@_file
@_with(_start, _flavour, option("--as", "log_in", metavar="USER", help="Whose log-in embedded:FILE uses."), _defects)
@with_invocation
def seed(invocation: Invocation, /, **given: Any) -> int:
    """Make a panel in FILE, to play with.

    Its world is yours (--start), or a small one with a reseller who has a package of his own.
    """
    return _seed(invocation, **given)


@panel.command()
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@_with(
    _flavour,
    option("--host", default="127.0.0.1", show_default=True, help="Where to listen. Loopback unless you say otherwise."),
    option("--port", default=9002, show_default=True, help="0 takes a free one."),
    option("--store", default=":memory:", show_default=True, metavar="FILE", help="The panel's file; :memory: forgets at the end."),
    _start,
    _defects,
    option("--chaos", metavar="RULES", type=click.Path(path_type=Path), help="Rules (YAML) for what goes wrong."),
    option("--smtp", metavar="HOST:PORT", help="Hand letters to this server as well."),
    option("--delay", default=0.1, show_default=True, help="Seconds until background work is done."),
    option("--end-seconds", default=3.0, show_default=True, help="How long the port is closed when the process would end."),
    option("--loop-seconds", default=15.0, show_default=True, help="When an endless procedure meets its time-out."),
    option("--base-url", metavar="URL", help="The configured URL that a 2.x panel writes into its WSDL."),
    option("--raw-log", is_flag=True, help="Keep requests and replies as bytes in the log; passwords are in them."),
)
@with_invocation
def serve(invocation: Invocation, /, **given: Any) -> int:
    """Serve the panel in FILE over HTTP until SIGTERM or Ctrl-C.

    Without FILE it is a fresh installation that forgets everything at the end.
    """
    file = given.pop("file")
    if file is not None:
        if given["store"] != ":memory:":
            raise UsageError("the panel's file was named twice", hint="leave --store away: FILE says the same")
        given["store"] = str(file)
    return _serve(invocation, **given)


@panel.command()
@_file
@with_invocation
def dump(invocation: Invocation, /, file: Path) -> int:
    """Write the world in FILE as YAML.

    Passwords are in it, so that `panel seed --start` makes the same panel again.
    """
    from resellerplan.simpanel.dump import dump_yaml
    from resellerplan.simpanel.store import Store

    with Store.open(file) as store:
        invocation.say(dump_yaml(store))
    return ExitCode.DONE


@panel.command()
@_file
@click.argument("letter", required=False, type=int, metavar="[NUMBER]")
@option("--json", "as_json", is_flag=True, help="As JSON.")
@with_invocation
def outbox(invocation: Invocation, /, file: Path, letter: int | None, as_json: bool) -> int:
    """List the letters that the panel sent, or show one."""
    from resellerplan.simpanel.records import letters

    with _store(file) as store:
        found = letters(store, letter)
    if letter is not None and not found:
        raise UsageError(f"the outbox has no letter {letter}")
    if as_json:
        invocation.say(json.dumps(found, ensure_ascii=False, indent=2))
    elif letter is not None:
        invocation.say(_letter_text(found[0]))
    else:
        lines = (
            f"{row['number']:>6}  {row['sent']}  {row['letter']:<22} {row['to'] or '-':<40} {row['subject'] or ''}" for row in found
        )
        invocation.say(_listing(lines, "no letters"))
    return ExitCode.DONE


@panel.command()
@_file
@option("--last", default=100, show_default=True, help="How many of the last requests.")
@option("--json", "as_json", is_flag=True, help="As JSON.")
@with_invocation
def log(invocation: Invocation, /, file: Path, last: int, as_json: bool) -> int:
    """List the last requests that reached the panel in FILE."""
    from resellerplan.simpanel.records import requests

    with _store(file) as store:
        found = requests(store, last)
    if as_json:
        invocation.say(json.dumps(found, ensure_ascii=False, indent=2))
        return ExitCode.DONE
    lines = (
        f"{row['number']:>6}  {row['received']}  {row['status'] or '-':>3}  {row['caller'] or '-':<16} "
        f"{row['call']:<40} {row['outcome']}"
        for row in found
    )
    invocation.say(_listing(lines, "no requests"))
    return ExitCode.DONE


@panel.command()
@_with(
    option("--upstream", required=True, metavar="URL", help="The panel behind."),
    option("--chaos", required=True, metavar="RULES", type=click.Path(path_type=Path), help="Rules (YAML) for what goes wrong."),
    option("--host", default="127.0.0.1", show_default=True, help="Where to listen."),
    option("--port", default=9003, show_default=True, help="0 takes a free one."),
    option("--flavour", type=click.Choice(_FLAVOURS), help="What the panel behind is; needed by rules that edit."),
)
@with_invocation
def proxy(invocation: Invocation, /, **given: Any) -> int:
    """Stand before a panel and let things go wrong.

    What goes wrong, and when, is in the rules.
    """
    return _proxy(invocation, **given)


# -- the roads ------------------------------------------------------------------------------------------------------------------


def _store(file: Path) -> Any:
    from resellerplan.simpanel.store import Store

    return Store.open(file)


def _listing(lines: Iterable[str], nothing: str) -> str:
    return "\n".join(lines) or nothing


def _letter_text(row: dict[str, Any]) -> str:
    head = [("From", row["from"]), ("To", row["to"]), ("Bcc", row["bcc"]), ("Subject", row["subject"]), ("Date", row["sent"])]
    kind = "text/html" if row["html"] else "text/plain"
    return "\n".join([*(f"{name}: {value}" for name, value in head if value), f"Content-Type: {kind}", "", row["body"]])


def _named_defects(names: Sequence[str]) -> list[Any]:
    from resellerplan.simpanel.flavours import Defect

    known = [defect.value for defect in Defect]
    wrong = [name for name in names if name not in known]
    if wrong:
        raise UsageError(f"there is no defect {wrong[0]}", hint=f"there are: {', '.join(known)}")
    return [Defect(name) for name in names]


def _seed(
    invocation: Invocation,
    *,
    file: Path,
    start: Path | None,
    flavour: str | None,
    log_in: str | None,
    defect: Sequence[str],
    no_defect: Sequence[str],
) -> int:
    """Make FILE; nothing is left of it where the world is wrong."""
    from resellerplan.simpanel.embedded import demo_world
    from resellerplan.simpanel.flavours import DEFAULT_FLAVOUR, FLAVOURS
    from resellerplan.simpanel.seed import flavour_of, read_file
    from resellerplan.simpanel.seed import seed as fill
    from resellerplan.simpanel.store import Store

    world = read_file(start) if start is not None else demo_world()
    chosen = FLAVOURS[flavour] if flavour is not None else flavour_of(world, DEFAULT_FLAVOUR)
    _named_defects([*defect, *no_defect])
    store = Store.create(file)
    try:
        fill(store, world, chosen, log_in_as=log_in)
        store.set_meta("defects_on", " ".join(defect))
        store.set_meta("defects_off", " ".join(no_defect))
        reseller = store.meta("log_in")
    except BaseException:
        store.discard()
        raise
    store.close()
    invocation.say(f"{file}: a {chosen.name} panel" + (f", log-in {reseller}" if reseller else ", without a reseller"))
    if reseller:
        invocation.tell(f"To use it: export RESELLERPLAN_URL=embedded:{file}")
    invocation.tell(_WARNING)
    return ExitCode.DONE


def _open(store: str, start: Path | None, flavour: str | None) -> Any:
    """The store to serve: a temporary one, an existing one as it is, or a new one that is seeded."""
    from resellerplan.simpanel.embedded import flavour_of_store
    from resellerplan.simpanel.flavours import DEFAULT_FLAVOUR, FLAVOURS
    from resellerplan.simpanel.seed import flavour_of, read_file
    from resellerplan.simpanel.seed import seed as fill
    from resellerplan.simpanel.store import Store
    from resellerplan.simpanel.world import World

    path = Path(store)
    if store != ":memory:" and path.exists() and path.stat().st_size:
        if start is not None:
            raise UsageError(f"{path} holds a panel already", hint="leave --start away, or name another file")
        opened = Store.open(path)
        carried = flavour_of_store(opened)
        if flavour not in (None, carried.name):
            opened.close()
            raise UsageError(f"{path} is a {carried.name} panel", hint="leave --flavour away: it is fixed for the life of a store")
        return opened
    world = read_file(start) if start is not None else World()
    chosen = FLAVOURS[flavour] if flavour is not None else flavour_of(world, DEFAULT_FLAVOUR)
    opened = Store.temporary() if store == ":memory:" else Store.create(path)
    try:
        fill(opened, world, chosen)
    except BaseException:
        opened.discard()
        raise
    return opened


def _mail_server(text: str | None) -> Any:
    from resellerplan.simpanel.mail import SmtpServer

    if text is None:
        return None
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise UsageError(f"--smtp takes HOST:PORT, not {text}")
    return SmtpServer(host.strip("[]"), int(port))


def _chaos(path: Path | None) -> Any:
    import time

    from resellerplan.simpanel.chaos import Chaos
    from resellerplan.simpanel.seed import read_document

    return None if path is None else Chaos.from_data(read_document(path), ticks=time.monotonic)


def _serve(
    invocation: Invocation,
    *,
    flavour: str | None,
    host: str,
    port: int,
    store: str,
    start: Path | None,
    defect: Sequence[str],
    no_defect: Sequence[str],
    chaos: Path | None,
    smtp: str | None,
    delay: float,
    end_seconds: float,
    loop_seconds: float,
    base_url: str | None,
    raw_log: bool,
) -> int:
    """Listen, say so on one line, and serve until a signal."""
    from resellerplan.simpanel.background import Background
    from resellerplan.simpanel.embedded import flavour_of_store, panel_over
    from resellerplan.simpanel.front import Front, run_until_signal
    from resellerplan.simpanel.pages import Pages
    from resellerplan.simpanel.request_log import RequestLog, store_sink
    from resellerplan.simpanel.wsgi import make_app

    on, off = _named_defects(defect), _named_defects(no_defect)
    server, rules = _mail_server(smtp), _chaos(chaos)
    opened = _open(store, start, flavour)
    kind = flavour_of_store(opened).switched(on, off)
    served = panel_over(
        opened,
        kind,
        background=Background(delay),
        end_seconds=end_seconds,
        loop_seconds=loop_seconds,
        hand_over=None if server is None else (lambda number: server.deliver(opened, number)),
    )
    try:
        sink = None if store == ":memory:" else store_sink(opened)
        app = make_app(
            served,
            base_url=base_url,
            chaos=rules,
            log=RequestLog(raw=raw_log, sink=sink),
            pages=Pages(served),
            on_bug=invocation.tell,
        )
        try:
            front = Front(app, host, port, on_bug=invocation.tell)
        except OSError as error:
            raise UsageError(
                f"can't listen on {host}:{port}: {error.strerror}", hint="name another --port; 0 takes a free one"
            ) from error
        log_in = opened.meta("log_in")
        if log_in and store != ":memory:":
            invocation.tell(
                f"To use it: export RESELLERPLAN_URL={front.url} RESELLERPLAN_USERNAME={log_in} RESELLERPLAN_PASSWORD=..."
                f"\nIts users and their passwords: resellerplan panel dump {store}"
            )
        invocation.tell(_WARNING)
        run_until_signal(front, lambda: invocation.say(f"ready {front.url} {kind.name}"))
    finally:
        served.close()
    return ExitCode.DONE


def _proxy(invocation: Invocation, *, upstream: str, chaos: Path, host: str, port: int, flavour: str | None) -> int:
    from resellerplan.simpanel.flavours import FLAVOURS
    from resellerplan.simpanel.front import Front, Proxy, run_until_signal

    try:
        between = Proxy(upstream, chaos=_chaos(chaos), flavour=None if flavour is None else FLAVOURS[flavour])
    except ValueError as error:
        raise UsageError(str(error)) from error
    try:
        front = Front(between, host, port, on_bug=invocation.tell)
    except OSError as error:
        raise UsageError(
            f"can't listen on {host}:{port}: {error.strerror}", hint="name another --port; 0 takes a free one"
        ) from error
    run_until_signal(front, lambda: invocation.say(f"ready {front.url} before {upstream}"))
    return ExitCode.DONE

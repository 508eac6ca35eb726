"""Log-ins for panels, each bound to the URL it is for; a manifest can't send them anywhere else.

A log-in comes from the variables RESELLERPLAN_URL, RESELLERPLAN_USERNAME and RESELLERPLAN_PASSWORD together, or from
``credentials.yaml`` in the configuration folder, which ``resellerplan login`` writes. A manifest whose ``panel.url`` is another
URL is refused before anything is sent: a merge request from a stranger may change it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from resellerplan.cli.panel_url import PanelUrl, parse_panel_url
from resellerplan.diagnostics import Place
from resellerplan.errors import ResellerPlanError, UsageError
from resellerplan.model.values import Secret

__all__ = ["Entry", "Login", "entries_text", "find_login", "read_entries", "write_entries"]

FILE_NAME = "credentials.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One panel in the credentials file: the user name, and where the password is (exactly one of the four)."""

    url: PanelUrl
    username: str
    password: Secret | None = None
    password_file: str = ""
    password_command: tuple[str, ...] = ()
    keyring: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Which panel, and as whom. An embedded panel knows its reseller, so ``username`` is empty and ``password`` None there."""

    url: PanelUrl
    username: str = ""
    password: Secret | None = None


Fetch = Callable[[Entry], Secret]
"""Gets the password that an entry names."""

_WAYS = (
    "One of these ways does:",
    "- RESELLERPLAN_URL, beside RESELLERPLAN_USERNAME and RESELLERPLAN_PASSWORD",
    "- `panel: {url: ...}` in the manifest, after `resellerplan login URL`",
    "- `resellerplan init URL`, which keeps the log-in and writes a first manifest",
    "- to try without a panel: `resellerplan panel seed FILE`, then RESELLERPLAN_URL=embedded:FILE",
)


def find_login(
    manifest_url: str | None, place: Place | None, environ: Mapping[str, str], entries: Mapping[str, Entry], fetch: Fetch
) -> Login:
    """The log-in for this run.

    ``entries`` are the credentials file's, by the key of their URL. Raises ResellerPlanError where no URL is given, where the
    manifest's is not the one the credentials are for, and where there are none for it; UsageError for a user name or password
    without a URL beside it.
    """
    ours = environ.get("RESELLERPLAN_URL", "")
    username, password = environ.get("RESELLERPLAN_USERNAME", ""), environ.get("RESELLERPLAN_PASSWORD", "")
    if (username or password) and not ours:
        raise UsageError(
            "RESELLERPLAN_USERNAME or RESELLERPLAN_PASSWORD is set, but not the URL they are for",
            detail="Credentials belong to a URL, so that a changed manifest can't send them elsewhere. Nothing was sent.",
            hint="set RESELLERPLAN_URL beside them",
        )
    given = parse_panel_url(ours) if ours else None
    wanted = parse_panel_url(manifest_url) if manifest_url else None
    if given is not None:
        if wanted is not None and not wanted.same_as(given):
            raise _elsewhere(wanted, given.text, place)
        return _with_password(given, username, password, entries, fetch)
    if wanted is not None:
        return _from_entries(wanted, place, entries, fetch)
    if len(entries) == 1:
        (only,) = entries.values()
        return Login(url=only.url, username=only.username, password=fetch(only))
    held = f" The credentials file holds {len(entries)} panels." if entries else ""
    raise ResellerPlanError(
        "no panel is named",
        detail="\n".join(["Neither RESELLERPLAN_URL nor `panel.url` in the manifest says which panel is meant." + held, *_WAYS]),
        hint="`resellerplan login URL` once, and the manifest need not say more than the URL",
    )


def _with_password(url: PanelUrl, username: str, password: str, entries: Mapping[str, Entry], fetch: Fetch) -> Login:
    if url.embedded and not username:
        return Login(url=url)
    if username and password:
        return Login(url=url, username=username, password=Secret(password))
    entry = entries.get(url.key)
    if entry is not None and username in {"", entry.username}:
        return Login(url=url, username=entry.username, password=fetch(entry))
    missing = "RESELLERPLAN_PASSWORD is" if username else "RESELLERPLAN_USERNAME and RESELLERPLAN_PASSWORD are"
    raise ResellerPlanError(
        f"there is no log-in for {url.text}",
        detail=f"RESELLERPLAN_URL names it, but {missing} not set and the credentials file does not have it. Nothing was sent.",
        hint=f"set {'it' if username else 'them'}, or run `resellerplan login {url.text}` once",
    )


def _from_entries(wanted: PanelUrl, place: Place | None, entries: Mapping[str, Entry], fetch: Fetch) -> Login:
    if wanted.embedded:
        return Login(url=wanted)
    entry = entries.get(wanted.key)
    if entry is not None:
        return Login(url=wanted, username=entry.username, password=fetch(entry))
    if len(entries) == 1:
        (only,) = entries.values()
        raise _elsewhere(wanted, only.url.text, place)
    raise ResellerPlanError(
        f"there is no log-in for {wanted.text}",
        detail="The manifest names this panel; neither the environment nor the credentials file has a log-in for it.",
        hint=f"run `resellerplan login {wanted.text}` once, or set RESELLERPLAN_URL, RESELLERPLAN_USERNAME, RESELLERPLAN_PASSWORD",
    )


def _elsewhere(wanted: PanelUrl, ours: str, place: Place | None) -> ResellerPlanError:
    where = f"--> {place}\n" if place is not None else ""
    return ResellerPlanError(
        f"this manifest wants to talk to {wanted.text}, but your credentials are for {ours}",
        detail=f"{where}Nothing was sent.",
        hint="set RESELLERPLAN_URL beside the credentials if the panel has really moved",
    )


def read_entries(data: object, file: Path) -> dict[str, Entry]:
    """The entries of a credentials file that was parsed to plain data, by the key of their URL.

    Raises ResellerPlanError for what has another form; the message names the file and the panel, never a value.
    """
    panels = data.get("panels") if isinstance(data, dict) else None
    if not isinstance(panels, dict):
        raise _malformed(file, "it has no `panels:`")
    entries = {}
    for url, fields in panels.items():
        entry = _entry(parse_panel_url(str(url)), fields, file)
        entries[entry.url.key] = entry
    return entries


def _entry(url: PanelUrl, fields: object, file: Path) -> Entry:
    if not isinstance(fields, dict) or not isinstance(fields.get("username"), str):
        raise _malformed(file, f"{url.text} has no username")
    entry = Entry(url=url, username=fields["username"])
    match fields:
        case {"password": str(text)}:
            return replace(entry, password=Secret(text))
        case {"password_file": str(path)}:
            return replace(entry, password_file=path)
        case {"password_command": [*words]} if words and all(isinstance(word, str) for word in words):
            return replace(entry, password_command=tuple(words))
        case {"keyring": True}:
            return replace(entry, keyring=True)
        case _:
            raise _malformed(file, f"{url.text} has none of password, password_file, password_command, keyring")


def _malformed(file: Path, why: str) -> ResellerPlanError:
    return ResellerPlanError(
        f"the credentials file can't be read: {why}", detail=f"--> {file}", hint="run `resellerplan login URL` to write it anew"
    )


def entries_text(entries: Mapping[str, Entry], reveal: Callable[[Secret], str]) -> str:
    """The credentials file as text. JSON's quoting is YAML's."""
    lines = ["# Written by `resellerplan login`. Keep it to yourself: whoever reads it can log in.", "panels:"]
    for entry in entries.values():
        lines += [f"  {json.dumps(entry.url.text)}:", f"    username: {json.dumps(entry.username, ensure_ascii=False)}"]
        if entry.password is not None:
            lines.append(f"    password: {json.dumps(reveal(entry.password), ensure_ascii=False)}")
        elif entry.password_file:
            lines.append(f"    password_file: {json.dumps(entry.password_file, ensure_ascii=False)}")
        elif entry.password_command:
            lines.append(f"    password_command: {json.dumps(list(entry.password_command), ensure_ascii=False)}")
        else:
            lines.append("    keyring: true")
    return "\n".join(lines) + "\n"


def write_entries(file: Path, text: str) -> None:
    """Write the credentials file: readable by its owner alone from its first byte on, replaced in one go."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        beside.replace(file)
    except OSError:
        beside.unlink(missing_ok=True)
        raise

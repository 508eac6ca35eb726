"""``resellerplan schema``: print a published schema, add the editor's line to a manifest, fetch a panel's own catalogue."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.option_sets import PANEL, settings_of, with_options
from resellerplan.cli.options import option
from resellerplan.cli.packaged_schemas import schema_names, schema_of
from resellerplan.errors import PanelError, UsageError
from resellerplan.model.quotas import Catalogue

if TYPE_CHECKING:
    from resellerplan.panel.session import Session

__all__ = ["MODELINE", "schema", "with_modeline"]

MODELINE = "# yaml-language-server: $schema="
"""What editors look for in the first lines."""
SCHEMA_FILE = "manifest.schema.json"
_BOM = b"\xef\xbb\xbf"


@click.command()
@click.argument("name", required=False, metavar="[NAME]")
@option(
    "--fix-modeline", is_flag=False, multiple=True, metavar="FILE", help="Add the line that tells an editor where the schema is."
)
@option(
    "--from-panel", is_flag=True, help="Write the panel's own groups and quotas to catalogue.lock.yaml, and the schema for them."
)
@with_options(PANEL)
@with_invocation
def schema(invocation: Invocation, /, name: str | None, fix_modeline: tuple[str, ...], from_panel: bool, **given: Any) -> int:
    """Print a published schema (default: manifest), or help an editor to find it."""
    if from_panel:
        return fetch_catalogue(invocation, given)
    if fix_modeline:
        for file in fix_modeline:
            invocation.tell(fix_file(Path(file).expanduser()))
        return ExitCode.DONE
    if name is None and "manifest" not in schema_names():
        raise UsageError("the schemas are not where they belong", hint="reinstall resellerplan")
    invocation.say(schema_of(name or "manifest"))
    return ExitCode.DONE


def fix_file(file: Path) -> str:
    """Add the editor's line to a manifest, and lay the schema beside it where none is found above it: what was done, in words."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} can't be read: {error.strerror}") from error
    nearest = schema_above(file.resolve().parent)
    said = ""
    if nearest is None:
        nearest = file.resolve().parent / SCHEMA_FILE
        nearest.write_text(schema_of("manifest"), encoding="utf-8")
        said = f" (and wrote {SCHEMA_FILE} beside it)"
    relative = os.path.relpath(nearest, file.resolve().parent).replace(os.sep, "/")
    changed = with_modeline(data, relative)
    if changed == data:
        return f"{file} has the line already{said}"
    file.write_bytes(changed)
    return f"{file} now names {relative}{said}"


def schema_above(folder: Path) -> Path | None:
    """The nearest schema: beside the manifest, or in a folder ``schemas`` of one above it, up to the repository's root."""
    for each in (folder, *folder.parents):
        for candidate in (each / SCHEMA_FILE, each / "schemas" / SCHEMA_FILE):
            if candidate.is_file():
                return candidate
        if (each / ".git").exists():
            return None
    return None


def with_modeline(data: bytes, path: str) -> bytes:
    """A manifest's bytes with the editor's line first, in the place of one that stands among the comments at its top.

    Nothing else is touched: not the byte-order mark, not the line ends.
    """
    mark = _BOM if data.startswith(_BOM) else b""
    body = data.removeprefix(_BOM)
    end = b"\r\n" if b"\r\n" in body else b"\n"
    line = (MODELINE + path).encode("utf-8")
    lines = body.split(end)
    for number, old in enumerate(lines):
        if not old.lstrip().startswith(b"#"):
            break
        if old.lstrip(b"# ").startswith(b"yaml-language-server:"):
            lines[number] = line
            return mark + end.join(lines)
    return mark + end.join([line, *lines])


def fetch_catalogue(invocation: Invocation, given: dict[str, Any]) -> int:
    """Write the lock file and the schema for it into the current folder, where the manifest is."""
    from resellerplan.cli.wiring import load_manifest, login_for, open_session
    from resellerplan.manifest.catalogue_lock import lock_text
    from resellerplan.manifest.files import LOCK_NAME
    from resellerplan.manifest.language import Language
    from resellerplan.manifest.schema_build import published_schema, schema_text

    settings = settings_of(given, invocation)
    # Only for the panel's address: unknown groups in the manifest are what this command is there to mend.
    loaded = load_manifest(settings, invocation) if Path("resellerplan.yaml").exists() else None
    login = login_for(loaded, settings, invocation)
    with open_session(login, loaded, settings, invocation) as session:
        catalogue = catalogue_of(session, invocation.tell)
    Path(LOCK_NAME).write_text(lock_text(catalogue, login.url.text), encoding="utf-8")
    Path(SCHEMA_FILE).write_text(schema_text(published_schema(Language(catalogue))), encoding="utf-8")
    invocation.tell(f"Wrote {LOCK_NAME} and {SCHEMA_FILE}: {len(catalogue.groups)} groups, {len(catalogue.quotas)} quotas.")
    return ExitCode.DONE


def catalogue_of(session: Session, tell: Callable[[str], None]) -> Catalogue:
    """All visible groups and quotas of a panel (GetHostingPlanQuotas(0, 0, 0): no rights are needed, contract 2.3).

    With them the groups that work in the reseller's own package, where that can be read; ``tell`` hears why it can't.
    """
    from resellerplan.manifest.catalogue_lock import ListedQuota, catalogue_from

    columns = ("groupid", "groupname", "quotaid", "quotaname", "quotatypeid", "quotadescription")
    tables = session.client.rows("GetHostingPlanQuotas", columns, packageId=0, planId=0, serverId=0)
    groups = [(int(row[0] or 0), row[1] or "") for row in tables.rows(0)]
    names = dict(groups)
    quotas = [
        ListedQuota(
            group=names.get(int(row[0] or 0), ""),
            name=row[3] or "",
            type=int(row[4] or 0),
            description=row[5] or "",
            quota_id=int(row[2] or 0),
        )
        for row in tables.rows(1)
    ]
    own_package, own_groups = "", frozenset[str]()
    try:
        own_package, own_groups = session.own.name, session.catalogue.available
    except PanelError as error:
        tell(f"What your own package has is left out: {error}.")
    known = [quota for quota in quotas if quota.group]
    return catalogue_from(groups, known, own_package=own_package, own_groups=own_groups.intersection(names.values()))

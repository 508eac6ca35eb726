"""The everyday edits: a new customer, a new space, a customer suspended and taken back, each as changes of files that nobody
wrote yet.

Where the new lines go is decided from the manifest as it is: into the list that holds customers already, into the table that
customers come from, into the suspension register. Where two places fit, neither is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from resellerplan.diagnostics import Finding, Note, Place
from resellerplan.manifest.codes import finding
from resellerplan.manifest.csv_edit import CsvFile, begin_csv, read_csv_file
from resellerplan.manifest.document import Document
from resellerplan.manifest.edit import EditRefused, Splice, add_entry, add_key, spliced, verified
from resellerplan.manifest.files import BOM, STDIN, display
from resellerplan.manifest.load import Loaded, LoadOptions
from resellerplan.manifest.nearest import nearest
from resellerplan.manifest.register import RESUMED
from resellerplan.manifest.rendering import TemplateError, Templates, is_template
from resellerplan.manifest.repetition import TableWish, table_wish
from resellerplan.manifest.saving import FileChange, bytes_on_disk
from resellerplan.manifest.trial import text_of, trial
from resellerplan.manifest.where import Where
from resellerplan.model.address import Address, fold_username

__all__ = ["Edits", "add_customer", "add_space", "keeps_resumed", "resume", "suspend"]

REGISTER_NAME = "suspensions.csv"


@dataclass(frozen=True, slots=True)
class Edits:
    """What an edit would do: changes of files, or findings that say why there are none.

    ``new`` is the text of the new entry, for excerpts of findings about it (their file is ``trial.NEW``).
    """

    changes: tuple[FileChange, ...] = ()
    findings: tuple[Finding, ...] = ()
    new: str = ""


class _Refused(Exception):
    """The edit is refused with findings."""

    def __init__(self, findings: tuple[Finding, ...], new: str = "") -> None:
        super().__init__()
        self.findings = findings
        self.new = new


def _edits(make: Callable[[], Sequence[FileChange]], file: str) -> Edits:
    """The changes, or the findings that stopped them."""
    try:
        return Edits(changes=tuple(make()))
    except _Refused as refused:
        return Edits(findings=refused.findings, new=refused.new)
    except EditRefused as refused:
        return Edits(findings=(finding("RP1802", refused.place or Place(file, 1, 1), refused.label, hint=refused.hint),))
    except OSError as error:
        return Edits(findings=(finding("RP1809", Place(file, 1, 1), error.strerror or str(error)),))


# -- a customer --------------------------------------------------------------------------------------------------------------------


def add_customer(loaded: Loaded, options: LoadOptions, entry: Mapping[str, object], *, into: str | None = None) -> Edits:
    """A new customer, behind the last one of the list or table that customers are kept in.

    ``entry`` is the customer as the manifest writes it, keys in order; ``into`` names the file where several hold customers.
    """
    return _edits(lambda: _add_customer(loaded, options, entry, into), _first_file(loaded))


def _add_customer(loaded: Loaded, options: LoadOptions, entry: Mapping[str, object], into: str | None) -> list[FileChange]:
    address = Address.customer(str(entry["username"]))
    if address in loaded.estate:
        note = Note("the customer is declared here", loaded.estate.place(address))
        raise _Refused((finding("RP1803", None, str(address), notes=(note,)),))
    wrong = trial(loaded, options, {"customers": [entry]})
    if wrong:
        raise _Refused(wrong, text_of({"customers": [entry]}))
    places = _places_for_customers(loaded, into)
    if len(places) != 1:
        names = ", ".join(place.name for place in places)
        label = f"customers are in {names}" if places else "no file of the manifest can take it"
        raise _Refused((finding("RP1810", None, label, hint="say --into FILE"),))
    place = places[0]
    if place.wish is None:
        return [_into_yaml(loaded, options.here, place.document, ("customers",), entry)]
    return [_into_table(options.here, place, place.wish, entry)]


@dataclass(frozen=True, slots=True)
class _Home:
    """Where customers are kept: a document's list, or a table that a ``for_each`` in it goes through."""

    document: Document
    name: str
    wish: TableWish | None = None
    template: Mapping[str, object] = field(default_factory=dict)
    path: tuple[str | int, ...] = ()


def _places_for_customers(loaded: Loaded, into: str | None) -> list[_Home]:
    """The places that fit: tables where all customers come from tables, else lists; the first file where there are none."""
    tables: list[_Home] = []
    lists: list[_Home] = []
    for document in loaded.documents:
        entries = document.marks.data.get("customers") if isinstance(document.marks.data, dict) else None
        written = entries if isinstance(entries, list) else []
        for number, entry in enumerate(written):
            source = entry.get("for_each") if isinstance(entry, dict) else None
            wish = table_wish(source) if isinstance(source, dict) else None
            if wish is not None:
                path = ("customers", number)
                tables.append(_Home(document, display(document.folder, wish.name), wish, entry, path))
        if any(isinstance(entry, dict) and "for_each" not in entry for entry in written):
            lists.append(_Home(document, document.file))
    if into is not None:
        name = display("", into)
        every = [*tables, *lists, *(_Home(document, document.file) for document in loaded.documents)]
        return [home for home in every if home.name == name][:1]
    if lists and tables:
        return [*tables, *lists]
    return lists or tables or [_Home(document, document.file) for document in loaded.documents][:1]


def _into_table(here: Path, home: _Home, wish: TableWish, entry: Mapping[str, object]) -> FileChange:
    """A row for the customer, by the columns that the template reads."""
    if wish.kind != "csv":
        place = home.document.place_of((*home.path, "for_each"))
        raise _Refused((finding("RP1802", place, f"a .{wish.kind} is edited in its own program"),))
    table = _csv(here, home.name, wish)
    cells: dict[str, str] = {}
    missing: list[Finding] = []
    for key, value in entry.items():
        written = home.template.get(key)
        column = _column_of(written)
        if column in table.table.names and column is not None:
            cells[column] = str(value).lower() if isinstance(value, bool) else str(value)
        elif written != value:
            label = f"`{key}` does not come from a column"
            missing.append(finding("RP1808", home.document.place_of((*home.path, *([key] if key in home.template else []))), label))
    if missing:
        raise _Refused(tuple(missing))
    return _appended(table, cells)


def _column_of(written: object) -> str | None:
    """The column a template's value is, where it is exactly one."""
    if not isinstance(written, str) or not is_template(written):
        return None
    try:
        path = Templates().template(written).path
    except TemplateError:
        return None
    return path[2] if path is not None and len(path) == 3 and path[:2] == ("each", "value") else None


# -- a space -----------------------------------------------------------------------------------------------------------------------


def add_space(loaded: Loaded, options: LoadOptions, entry: Mapping[str, object], *, into: str | None = None) -> Edits:
    """A new space: into its customer's own list where that one has spaces already, else behind the last entry of ``spaces:``."""
    return _edits(lambda: _add_space(loaded, options, entry, into), _first_file(loaded))


def _add_space(loaded: Loaded, options: LoadOptions, entry: Mapping[str, object], into: str | None) -> list[FileChange]:
    owner = Address.customer(str(entry["customer"]))
    if owner not in loaded.estate:
        close = nearest(owner.name, [address.name for address in loaded.estate if address.kind == owner.kind])
        hint = f'did you mean "{close}"?' if close else "`resellerplan customer add` adds a customer"
        raise _Refused((finding("RP1804", None, str(owner), hint=hint),))
    _known_plan(loaded, str(entry.get("plan", "")))
    address = Address.space(owner.name, str(entry.get("name") or entry.get("plan")))
    if address in loaded.estate:
        note = Note("the space is declared here", loaded.estate.place(address))
        hint = "a second space of the same plan needs a name of its own: --name NAME"
        raise _Refused((finding("RP1803", None, str(address), notes=(note,), hint=hint),))
    where = loaded.estate.origins
    assert isinstance(where, Where)
    declared = where.declared[owner]
    wrong = trial(loaded, options, {"spaces": [entry]}, {"customers": [declared.data]})
    if wrong:
        raise _Refused(wrong, text_of({"spaces": [entry]}))
    path, made = declared.document.written_path(declared.path)
    spaces = declared.data.get("spaces")
    if not made and isinstance(spaces, list) and spaces and into is None:
        own = {key: value for key, value in entry.items() if key != "customer"}
        return [_into_yaml(loaded, options.here, declared.document, (*path, "spaces"), own)]
    holders = [document for document in loaded.documents if _has_list(document, "spaces")]
    if into is not None:
        holders = [document for document in loaded.documents if document.file == display("", into)]
    elif declared.document in holders or not holders:
        holders = [declared.document]
    if len(holders) != 1:
        label = (
            f"spaces are in {', '.join(document.file for document in holders)}" if holders else f"{into} is no file of the manifest"
        )
        raise _Refused((finding("RP1810", None, label, hint="say --into FILE"),))
    return [_into_yaml(loaded, options.here, holders[0], ("spaces",), entry)]


def _has_list(document: Document, key: str) -> bool:
    data = document.marks.data
    return isinstance(data, dict) and isinstance(data.get(key), list) and bool(data[key])


def _known_plan(loaded: Loaded, name: str) -> None:
    """Raises where the manifest has no such plan."""
    if Address.plan(name) not in loaded.estate:
        names = [address.name for address in loaded.estate if address.kind == "plan"]
        close = nearest(name, names)
        hint = f'did you mean "{close}"?' if close else f"the plans are {', '.join(names[:20])}"
        raise _Refused((finding("RP1804", None, str(Address.plan(name)), hint=hint),))


def _into_yaml(
    loaded: Loaded, here: Path, document: Document, path: tuple[str | int, ...], entry: Mapping[str, object]
) -> FileChange:
    """An entry behind the last one of a document's list, read back before it is handed on."""
    splices = add_entry(document, path, entry)
    held: object = document.marks.data
    for step in path:
        held = (
            held.get(step) if isinstance(held, dict) else held[step] if isinstance(held, list) and isinstance(step, int) else None
        )
    after = verified(document, splices, [*(held if isinstance(held, list) else []), dict(entry)], path)
    return _yaml_change(document, here, splices, after)


def _yaml_change(document: Document, here: Path, splices: Sequence[Splice], after: str) -> FileChange:
    if document.file == STDIN:
        raise EditRefused("standard input can't be edited", Place(STDIN, 1, 1), "name a file")
    before = bytes_on_disk(here / document.file)
    if before is None or before.removeprefix(BOM) != document.lines.text.encode("utf-8"):
        raise _Refused((finding("RP1801", Place(document.file, 1, 1), "nothing was written", hint="run the command again"),))
    mark = BOM if before.startswith(BOM) else b""
    return FileChange(
        name=document.file, before=before, after=mark + after.encode("utf-8"), text=document.lines.text, splices=tuple(splices)
    )


# -- the suspension register -------------------------------------------------------------------------------------------------------


def suspend(loaded: Loaded, here: Path, username: str, since: str, reason: str) -> Edits:
    """A customer into the suspension register; one is begun beside the first file where the manifest names none."""
    return _edits(lambda: _suspend(loaded, here, username, since, reason), _first_file(loaded))


def _suspend(loaded: Loaded, here: Path, username: str, since: str, reason: str) -> list[FileChange]:
    address = Address.customer(username)
    if address not in loaded.estate:
        close = nearest(username, [one.name for one in loaded.estate if one.kind == address.kind])
        raise _Refused((finding("RP1804", None, str(address), hint=f'did you mean "{close}"?' if close else ""),))
    spelled = next(one.name for one in loaded.estate if one == address)
    cells = {"username": spelled, "since": since, "reason": reason, RESUMED: ""}
    register = _register(loaded)
    if register is None:
        return _begun(loaded, here, cells)
    table = _csv(here, *register)
    listed = _open_rows(table, username)
    if listed:
        raise _Refused((finding("RP1803", table.table.place(listed[0]), str(address), hint="`resellerplan resume` ends it"),))
    return [_appended(table, cells)]


def resume(loaded: Loaded, here: Path, username: str, today: str) -> Edits:
    """The end of a customer's suspension: the day in the register's column for it; without one, the row out of the register."""
    return _edits(lambda: _resume(loaded, here, username, today), _first_file(loaded))


def keeps_resumed(loaded: Loaded, here: Path) -> bool:
    """Whether the register has a column for the day of the end, so that it can say who is to be active again."""
    try:
        register = _register(loaded)
        return register is not None and RESUMED in _csv(here, *register).table.names
    except (_Refused, EditRefused):
        return False


def _resume(loaded: Loaded, here: Path, username: str, today: str) -> list[FileChange]:
    register = _register(loaded)
    address = str(Address.customer(username))
    if register is None:
        raise _Refused((finding("RP1806", None, address, hint="the manifest names no register (`suspensions:`)"),))
    table = _csv(here, *register)
    rows = _open_rows(table, username)
    if not rows:
        close = nearest(username, [cells["username"] for cells in table.table.rows])
        raise _Refused((finding("RP1806", Place(table.name, 1, 1), address, hint=f'did you mean "{close}"?' if close else ""),))
    if RESUMED in table.table.names:
        ended = [{**cells, RESUMED: today} if number in rows else cells for number, cells in enumerate(table.table.rows)]
        return [_csv_change(table, tuple(table.replaced(row, {RESUMED: today}) for row in rows), ended)]
    kept = [cells for number, cells in enumerate(table.table.rows) if number not in rows]
    return [_csv_change(table, table.without(rows), kept)]


def _register(loaded: Loaded) -> tuple[str, TableWish] | None:
    """The register's file and how it is read; None where there is none."""
    found: list[tuple[str, TableWish, Place]] = []
    for document in loaded.documents:
        named = document.data.get("suspensions") if isinstance(document.data, dict) else None
        wish = table_wish(named) if isinstance(named, dict) else None
        if wish is not None:
            found.append((display(document.folder, wish.name), wish, document.key_place(("suspensions",))))
    if len(found) > 1:
        notes = tuple(Note("a register is named here", place) for _, _, place in found)
        raise _Refused((finding("RP1810", None, "the manifest names several registers", notes=notes),))
    return (found[0][0], found[0][1]) if found else None


def _begun(loaded: Loaded, here: Path, cells: Mapping[str, str]) -> list[FileChange]:
    """A new register beside the first file, and the key that names it."""
    if not loaded.documents:
        raise EditRefused("there is no manifest")
    document = loaded.documents[0]
    name = display(document.folder, REGISTER_NAME)
    if bytes_on_disk(here / name) is not None:
        label = "it is there, but no `suspensions:` names it"
        raise _Refused((finding("RP1803", Place(name, 1, 1), label, hint=f"add `suspensions: {{csv: {REGISTER_NAME}}}`"),))
    value = {"csv": REGISTER_NAME}
    splice = add_key(document, "suspensions", value)
    after = verified(document, (splice,), value, ("suspensions",))
    text = begin_csv(list(cells), [list(cells.values())])
    new = FileChange(name=name, before=None, after=text.encode("utf-8"), text="", splices=(Splice(0, 0, text),))
    return [new, _yaml_change(document, here, (splice,), after)]


# -- tables ------------------------------------------------------------------------------------------------------------------------


def _csv(here: Path, name: str, wish: TableWish) -> CsvFile:
    if wish.kind != "csv":
        raise EditRefused(f"a .{wish.kind} is edited in its own program", Place(name, 1, 1))
    data = bytes_on_disk(here / name)
    if data is None:
        raise EditRefused("the file is not there", Place(name, 1, 1))
    return read_csv_file(name, data, wish.options)


def _rows_of(table: CsvFile, username: str) -> list[int]:
    """The rows of a user name; raises where the table has no such column."""
    if "username" not in table.table.names:
        raise EditRefused("the table has no column `username`", Place(table.name, 1, 1))
    folded = fold_username(username)
    return [number for number, cells in enumerate(table.table.rows) if fold_username(cells["username"]) == folded]


def _open_rows(table: CsvFile, username: str) -> list[int]:
    """The rows of a user name that suspend: those without a day in `resumed`."""
    return [number for number in _rows_of(table, username) if not table.table.rows[number].get(RESUMED)]


def _appended(table: CsvFile, cells: Mapping[str, str]) -> FileChange:
    row = {name: cells.get(name, "") for name in table.table.names}
    return _csv_change(table, (table.append(cells),), [*table.table.rows, row])


def _csv_change(table: CsvFile, splices: Sequence[Splice], rows: Sequence[Mapping[str, str]]) -> FileChange:
    """The table with rows put in or taken out, read back: it must hold ``rows`` then, and nothing else."""
    after = table.encoded(spliced(table.text, splices))
    if table.again(after).table.rows != rows:
        raise EditRefused("the table would not say what is meant", Place(table.name, 1, 1))
    return FileChange(name=table.name, before=table.data, after=after, text=table.text, splices=tuple(splices))


def _first_file(loaded: Loaded) -> str:
    return loaded.documents[0].file if loaded.documents else "resellerplan.yaml"

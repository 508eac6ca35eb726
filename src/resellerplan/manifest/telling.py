"""A misfit becomes a Finding: with the place of its key or value, the object it stands in, and what is near."""

from __future__ import annotations

from collections.abc import Collection

from resellerplan.diagnostics import Finding, Place
from resellerplan.manifest.codes import finding
from resellerplan.manifest.document import Document
from resellerplan.manifest.language import Language
from resellerplan.manifest.misfits import Misfit, shortened, title
from resellerplan.manifest.nearest import nearest

__all__ = ["follows", "told"]

_KINDS = {"plans": "plan", "customers": "customer", "spaces": "space"}


def follows(document: Document, misfit: Misfit, places: Collection[Place]) -> bool:
    """Whether a misfit is but the consequence of an error that was told already: at the same place, in it, or in the table row."""
    origin = document.origin_of(misfit.path)
    place = document.key_place(misfit.path) if misfit.on_key else origin.place
    end = (place.end_line, place.end_column) if place.end_line else (place.line, place.column + 1)
    row = origin.row.place if origin.row is not None else None
    return any(
        (one.file == place.file and (place.line, place.column) <= (one.line, one.column) < end)
        or (row is not None and (one.file, one.line) == (row.file, row.line))
        for one in places
    )


def told(document: Document, misfit: Misfit, language: Language) -> Finding:
    """The Finding for a misfit."""
    path = misfit.path
    place = document.key_place(path) if misfit.on_key else document.place_of(path)
    code, label, hint = misfit.code, misfit.label, misfit.hint
    where = _object(document.data, path)
    origin = document.origin_of(path)
    if code in ("RP1203", "RP1204"):
        code, label, hint = _of_catalogue(misfit, language)
    elif origin.expression:
        hint = _in_template(misfit)
    joint = ", " if label.startswith("group ") else ": "
    label = f"{where}{joint}{label}" if where and label else where or label
    return finding(code, place, label, notes=origin.notes, hint=hint)


def _in_template(misfit: Misfit) -> str:
    """What to do about a value that a template makes: what would help a value that is written out can't be followed there."""
    if misfit.code == "RP1226":
        return "fill in what it is made from, or say what stands for nothing: `{{ ... | default(VALUE, true) }}`"
    if misfit.code == "RP1206" and "a text is needed" in misfit.label:
        return "a text stays one by the filter `text`: `{{ ... | text }}`"
    return "" if misfit.hint.startswith(("write", "take", "put", "begin", "leave")) else misfit.hint


def _of_catalogue(misfit: Misfit, language: Language) -> tuple[str, str, str]:
    """An unknown group or quota: in which group it would be known, or what is near, and the way out for a panel that has it."""
    catalogue = language.catalogue
    name = str(misfit.path[-1])
    or_lock = "" if catalogue.from_panel else "If your panel really has it, run `resellerplan schema --from-panel`"
    if misfit.code == "RP1203":
        return "RP1203", f"not in {catalogue.source}", _sentences(misfit.hint, "`resellerplan explain group` lists all", or_lock)
    group = str(misfit.path[-2])
    held = catalogue.groups[group]
    quota = held.find(name)
    if quota is not None and quota.hidden:
        return "RP1227", f"group {group}", "take the line away"
    homes = [other.name for other in catalogue.groups.values() if other.find(name) is not None]
    near = nearest(name, language.group[group].entries)
    if homes and not (near is not None and near.casefold() == name.casefold()):
        listed = ", ".join(homes[:4])
        return "RP1205", f"group {group}", f"it belongs to {listed}"
    count = sum(1 for _ in catalogue.visible(group))
    listing = f"`resellerplan explain quota {group}` lists all {count}"
    return "RP1204", f"group {group}", _sentences(misfit.hint, listing, or_lock)


def _sentences(*parts: str) -> str:
    """Hints one after the other, the last without a full stop."""
    given = [part for part in parts if part]
    return " ".join([part if part.endswith("?") else part + "." for part in given[:-1]] + given[-1:])


def _object(data: object, path: tuple[str | int, ...]) -> str:
    """The object a path stands in, as the reader knows it: ``plan "Web S"``, ``space "mueller/Web S"``."""
    if len(path) < 2 or path[0] not in _KINDS or not isinstance(path[1], int) or not isinstance(data, dict):
        return ""
    entry = data[path[0]][path[1]]
    kind, name = _KINDS[str(path[0])], title(entry)
    if kind == "plan" and isinstance(entry, dict) and entry.get("addon") is True:
        kind = "addon"
    if kind == "space" and isinstance(entry, dict) and "customer" in entry:
        name = f"{entry['customer']}/{name}"
    if kind == "customer" and len(path) > 3 and path[2] == "spaces" and isinstance(path[3], int):
        kind, name = "space", f"{name}/{title(entry['spaces'][path[3]])}"
    return f'{kind} "{shortened(name)}"' if name else kind

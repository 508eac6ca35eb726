"""A misfit becomes a Finding: with the place of its key or value, the object it stands in, and what is near."""

from __future__ import annotations

from resellerplan.diagnostics import Finding
from resellerplan.manifest.codes import finding
from resellerplan.manifest.document import Document
from resellerplan.manifest.language import Language
from resellerplan.manifest.misfits import Misfit, title
from resellerplan.manifest.nearest import nearest

__all__ = ["told"]

_KINDS = {"plans": "plan", "customers": "customer", "spaces": "space"}


def told(document: Document, misfit: Misfit, language: Language) -> Finding:
    """The Finding for a misfit."""
    path = misfit.path
    place = document.key_place(path) if misfit.on_key else document.place_of(path)
    code, label, hint = misfit.code, misfit.label, misfit.hint
    where = _object(document.data, path)
    if code in ("RP1203", "RP1204"):
        code, label, hint = _of_catalogue(misfit, language)
    joint = ", " if label.startswith("group ") else ": "
    label = f"{where}{joint}{label}" if where and label else where or label
    return finding(code, place, label, notes=document.origin_of(path).notes, hint=hint)


def _of_catalogue(misfit: Misfit, language: Language) -> tuple[str, str, str]:
    """An unknown group or quota: in which group it would be known, or what is near, and the way out for a panel that has it."""
    catalogue = language.catalogue
    name = str(misfit.path[-1])
    or_lock = "" if catalogue.from_panel else "; if your panel really has it, run `resellerplan schema --from-panel`"
    if misfit.code == "RP1203":
        hint = misfit.hint or "`resellerplan explain group` lists them"
        return "RP1203", f"not in {catalogue.source}", hint + or_lock
    group = str(misfit.path[-2])
    held = catalogue.groups[group]
    quota = held.find(name)
    if quota is not None and quota.hidden:
        return "RP1227", f"group {group}", ""
    homes = [other.name for other in catalogue.groups.values() if other.find(name) is not None]
    near = nearest(name, language.group[group].entries)
    if homes and not (near is not None and near.casefold() == name.casefold()):
        listed = ", ".join(homes[:4])
        return "RP1205", f"group {group}", f"it belongs to {listed}"
    count = sum(1 for _ in catalogue.visible(group))
    listing = f"`resellerplan explain quota {group}` lists all {count}"
    return "RP1204", f"group {group}", " ".join(part for part in (misfit.hint, listing) if part) + or_lock


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
    return f'{kind} "{name}"' if name else kind

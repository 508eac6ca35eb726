"""``catalogue.lock.yaml``: a panel's own groups and quotas, kept beside the manifest. Where it stands, it alone decides.

Written by ``resellerplan schema --from-panel`` from what the panel lists; read here. What a quota counts in is not said by a panel
in so many words: a quota that the shipped catalogue knows has its unit, for others the panel's description is looked at
(``..., MB``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from resellerplan.diagnostics import Finding
from resellerplan.manifest.codes import finding
from resellerplan.manifest.document import Document
from resellerplan.manifest.files import LOCK_NAME
from resellerplan.model.quotas import Catalogue, Group, Quota, SizeUnit, shipped_catalogue
from resellerplan.model.values import QuotaType

__all__ = ["ListedQuota", "catalogue_from", "lock_text", "read_lock"]

_TYPES: Final = {"switch": QuotaType.SWITCH, "counted": QuotaType.COUNTED, "maximum": QuotaType.MAXIMUM}
_WORDS: Final = {kind: word for word, kind in _TYPES.items()}
_UNIT: Final = re.compile(r"[,( ](MB|GB|TB)\)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedQuota:
    """A quota as a panel lists it: ``type`` is its number (contract 3.1)."""

    group: str
    name: str
    type: int
    description: str = ""
    quota_id: int = 0
    group_id: int = 0


def catalogue_from(
    groups: Iterable[tuple[int, str]],
    quotas: Iterable[ListedQuota],
    *,
    own_package: str = "",
    own_groups: frozenset[str] = frozenset(),
) -> Catalogue:
    """The catalogue of a panel, in the order in which it lists its groups (id and name) and quotas.

    ``own_package`` and ``own_groups``: the reseller's own package and the groups that work in it, where they could be read.
    """
    held: dict[str, list[Quota]] = {}
    ids: dict[str, int] = {}
    for group_id, name in groups:
        held.setdefault(name, [])
        ids[name] = group_id
    for listed in quotas:
        held.setdefault(listed.group, []).append(
            Quota(
                name=listed.name,
                group=listed.group,
                type=QuotaType(listed.type) if listed.type in (1, 2, 3) else QuotaType.COUNTED,
                unit=_unit(listed.name, listed.description, listed.type),
                description=listed.description,
                panel_id=listed.quota_id,
            )
        )
    made = (Group(name=name, quotas=tuple(held[name]), order=place, panel_id=ids.get(name, 0)) for place, name in enumerate(held))
    source = f"the panel's own catalogue ({LOCK_NAME})"
    return Catalogue.of(made, source=source, from_panel=True, own_package=own_package, own_groups=own_groups)


def _unit(name: str, description: str, kind: int) -> SizeUnit | None:
    if kind == QuotaType.SWITCH:
        return None
    known = shipped_catalogue().quotas.get(name)
    if known is not None:
        return known.unit
    said = _UNIT.search(description)
    return SizeUnit(said[1].upper()) if said else None


def lock_text(catalogue: Catalogue, panel_url: str) -> str:
    """The file for a panel's catalogue."""
    lines = [
        "# The groups and quotas of this panel, written by `resellerplan schema --from-panel`. Where this file stands beside a",
        "# manifest, it alone decides which names there are. Commit it; write it anew when the panel was updated.",
        "version: 1",
        f"panel: {_quoted(panel_url)}",
    ]
    if catalogue.own_groups:
        listed = ", ".join(_quoted(group) for group in catalogue.groups if group in catalogue.own_groups)
        lines.append("# What your own package has: a plan can't sell more.")
        lines.append(f"own_package: {{name: {_quoted(catalogue.own_package)}, groups: [{listed}]}}")
    lines.append("groups:")
    for group in catalogue.groups.values():
        lines.append(f"  - name: {_quoted(group.name)}")
        lines.append(f"    id: {group.panel_id}")
        lines.append("    quotas:" if group.quotas else "    quotas: []")
        for quota in group.quotas:
            parts = [f"name: {_quoted(quota.name)}", f"id: {quota.panel_id}", f"type: {_WORDS[quota.type]}"]
            if quota.unit is not None:
                parts.append(f"unit: {quota.unit}")
            if quota.description:
                parts.append(f"description: {_quoted(quota.description)}")
            lines.append(f"      - {{{', '.join(parts)}}}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A text as a YAML scalar in single quotes, which has no escapes but the quote itself; line breaks become blanks."""
    return "'" + " ".join(text.split()).replace("'", "''") + "'"


def read_lock(document: Document) -> tuple[Catalogue | None, tuple[Finding, ...]]:
    """The catalogue of a lock file that was parsed; None and a finding where it can't be understood."""
    groups: list[Group] = []
    data = document.data
    listed = data.get("groups") if isinstance(data, dict) else None
    if not isinstance(data, dict) or data.get("version") != 1 or not isinstance(listed, list):
        return None, (finding("RP1711", document.place_of(()), "`version: 1` and a list of `groups` are needed"),)
    for number, entry in enumerate(listed):
        group = _group(entry, number)
        if group is None:
            return None, (finding("RP1711", document.place_of(("groups", number)), "not a group with its quotas"),)
        groups.append(group)
    own = _own_package(data.get("own_package", {"name": "", "groups": []}))
    if own is None:
        return None, (finding("RP1711", document.place_of(("own_package",)), "not a `name` and a list of `groups`"),)
    source = f"the panel's own catalogue ({LOCK_NAME})"
    return Catalogue.of(groups, source=source, from_panel=True, own_package=own[0], own_groups=own[1]), ()


def _own_package(entry: object) -> tuple[str, frozenset[str]] | None:
    name, groups = (entry.get("name"), entry.get("groups")) if isinstance(entry, Mapping) else (None, None)
    if not isinstance(name, str) or not isinstance(groups, list):
        return None
    names = frozenset(group for group in groups if isinstance(group, str))
    return (name, names) if len(names) == len(groups) else None


def _group(entry: object, order: int) -> Group | None:
    if not isinstance(entry, Mapping) or not isinstance(name := entry.get("name"), str):
        return None
    listed = entry.get("quotas")
    if not isinstance(listed, list):
        return None
    quotas = [_quota(quota, name) for quota in listed]
    number = entry.get("id", 0)
    if any(quota is None for quota in quotas) or not isinstance(number, int):
        return None
    return Group(name=name, quotas=tuple(quota for quota in quotas if quota is not None), order=order, panel_id=number)


def _quota(entry: object, group: str) -> Quota | None:
    if not isinstance(entry, Mapping):
        return None
    name, kind, unit = entry.get("name"), entry.get("type"), entry.get("unit")
    number, description = entry.get("id", 0), entry.get("description", "")
    if not isinstance(name, str) or kind not in _TYPES or unit not in (None, *SizeUnit) or not isinstance(number, int):
        return None
    return Quota(
        name=name,
        group=group,
        type=_TYPES[str(kind)],
        unit=SizeUnit(str(unit)) if unit is not None else None,
        description=str(description),
        panel_id=number,
    )

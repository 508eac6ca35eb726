"""The quota catalogue of a fresh installation: resource groups and quotas, as data (contract, appendix A).

The data stand in ``data/catalogue.json``, in the order in which a panel lists quotas (quota order, ties by id), each row with the
major versions that have it (``"12"`` = both). 1.x has 39 groups and 325 quotas, 2.x 40 groups and 338 quotas.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

__all__ = ["Catalogue", "Group", "Quota", "catalogue_of", "task_names"]


@dataclass(frozen=True, slots=True)
class Group:
    """A resource group: ``controller`` is the short class name, without the product's namespace; None where it has none."""

    id: int
    name: str
    order: int
    controller: str | None


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota: ``type`` 1 boolean, 2 numeric with usage, 3 maximum; ``order`` is its place in the panel's lists (1-based)."""

    id: int
    group_id: int
    name: str
    description: str | None
    type: int
    order: int
    hidden: bool
    service: bool
    per_organization: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Groups (by order, then id) and quotas (by quota order, then id) of one major version."""

    groups: tuple[Group, ...]
    quotas: tuple[Quota, ...]


@lru_cache(maxsize=4)
def catalogue_of(major: int, product: str) -> Catalogue:
    """The catalogue of major version 1 or 2; ``product`` (``"SolidCP"``, ``"FuseCP"``) stands in one description."""
    text = resources.files("resellerplan.simpanel").joinpath("data/catalogue.json").read_text("utf-8")
    data = json.loads(text)
    groups = [
        Group(id=row["id"], name=row["name"], order=row["order"], controller=row["controller"])
        for row in data["groups"]
        if str(major) in row["versions"]
    ]
    quotas = [
        Quota(
            id=row["id"],
            group_id=row["group"],
            name=row["name"],
            description=row["description"] and row["description"].replace("{product}", product),
            type=row["type"],
            order=place,
            hidden=row["hidden"],
            service=row["service"],
            per_organization=row["per_organization"],
        )
        for place, row in enumerate(data["quotas"], start=1)
        if str(major) in row["versions"]
    ]
    return Catalogue(tuple(sorted(groups, key=lambda group: (group.order, group.id))), tuple(quotas))


@lru_cache(maxsize=1)
def task_names() -> Mapping[str, list[str]]:
    """What the audit log of a fresh installation knows: source -> names of tasks, both by name (``data/audit_tasks.json``)."""
    text = resources.files("resellerplan.simpanel").joinpath("data/audit_tasks.json").read_text("utf-8")
    return {source: str(names).split() for source, names in json.loads(text).items()}

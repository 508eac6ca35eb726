"""When two values are the same, where they differ, and what a reader calls a path.

Values are compared as the panel keeps them: an empty text and no text are one, money is a decimal of four places, domains are
names without case. ``!=`` comes first; deepdiff only explains nested values that are known to differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from enum import Enum

from resellerplan.model.address import Kind
from resellerplan.model.hosting_plan import Addon, GroupTerms, HostingPlan
from resellerplan.model.lifecycle import Lifecycle
from resellerplan.model.resource import Resource
from resellerplan.model.space import PLAN_TERMS, Domain
from resellerplan.model.traits import KINDS
from resellerplan.model.values import NULL, UNKNOWN, UNSET, Money

__all__ = ["explain", "is_empty", "manifest_word", "same", "value_at"]


def is_empty(value: object) -> bool:
    """Whether a value is what the panel keeps for "nothing": no text, not set, no amount, an empty list."""
    return value is NULL or value == "" or value is False or (isinstance(value, Money) and not value.amount) or value == ()


def same(desired: object, live: object) -> bool:
    """Whether the panel holds what is wanted already. ``desired`` is a value or NULL; nothing equals what was not read."""
    if desired is NULL or live is NULL:
        return is_empty(desired) and is_empty(live)
    return desired == live


def manifest_word(kind: Kind, path: str) -> str:
    """A path as the manifest's reader knows it: ``OS.Diskspace``, ``group OS``, ``price.recurring``, ``domain mueller.example``."""
    head, dot, rest = path.partition(".")
    if not dot:
        trait = KINDS[kind].fields.get(head)
        return (trait.word if trait else "") or head
    match head:
        case "groups":
            return rest if "." in rest else f"group {rest}"
        case "overrides":
            return f"overrides {rest}" if "." in rest else f"overrides group {rest}"
        case "count_diskspace":
            return f"{rest} counts as disk space"
        case "count_bandwidth":
            return f"{rest} counts as traffic"
        case "domains":
            return f"domain {rest}"
        case "addons":
            return f"addon {rest}"
        case _:
            return path


def value_at(resource: Resource, path: str) -> object:
    """What a resource holds at a path of a FieldChange; UNKNOWN where it was not read."""
    head, dot, rest = path.partition(".")
    if head in {"count_diskspace", "count_bandwidth"}:
        return _flag(resource, head, rest)
    held = getattr(resource, head)
    if not dot:
        return held
    match head:
        case "groups" | "overrides":
            return _term(held, rest)
        case "domains":
            return _domain(held, rest)
        case "addons":
            return held.get(rest, 0) if isinstance(held, Mapping) else _absent(held, 0)
        case _:
            raise ValueError(f"{path} is no path into a {type(resource).__name__}")


def _absent(held: object, nothing: object) -> object:
    return nothing if held is NULL else UNKNOWN


def _flag(resource: Resource, field: str, group: str) -> object:
    assert isinstance(resource, HostingPlan | Addon)
    groups = resource.groups
    if not isinstance(groups, Mapping):
        return UNKNOWN
    return getattr(groups.get(group, GroupTerms()), field)


def _term(held: object, name: str) -> object:
    if held is PLAN_TERMS:
        return PLAN_TERMS
    if not isinstance(held, Mapping):
        return UNKNOWN
    if "." not in name:
        return name in held
    return next((group.quotas[name] for group in held.values() if name in group.quotas), 0)


def _domain(held: object, name: str) -> object:
    if not isinstance(held, tuple):
        return _absent(held, NULL)
    return next((domain for domain in held if domain.name.casefold() == name.casefold()), NULL)


def explain(before: Resource, after: Resource) -> tuple[tuple[str, object, object], ...]:
    """Every place where two readings of one object differ, as (path, before, after). Nothing is said of what was not read."""
    if before == after:
        return ()
    from deepdiff import DeepDiff  # lazily: it costs more than a whole no-op plan

    old, new = _plain(before), _plain(after)
    differences = DeepDiff(old, new, view="tree", threshold_to_diff_deeper=0)
    found: list[tuple[str, object, object]] = []
    for group in differences.values():
        for level in group:
            path = ".".join(str(step) for step in level.path(output_format="list"))
            found.append((path, _shown(level.t1), _shown(level.t2)))
    return tuple(sorted(found, key=lambda row: row[0]))


def _shown(value: object) -> object:
    if isinstance(value, Decimal):
        return Money(value)
    return NULL if type(value).__name__ == "NotPresent" else value


def _plain(value: object) -> object:
    """Model values as nested dicts of scalars, for explaining only: unread and undeclared fields left out."""
    if isinstance(value, Domain):
        return value.website
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple) and all(isinstance(item, Domain) for item in value):
        return {item.name.casefold(): _plain(item) for item in value}
    if isinstance(value, Money):
        return value.amount
    if isinstance(value, Enum | str | bool | int | tuple) or value is None:
        return value
    return dict(_members(value))


def _members(value: object) -> Iterator[tuple[str, object]]:
    for member in fields(value):  # type: ignore[arg-type]  # only frozen dataclasses of the model come here
        held = getattr(value, member.name)
        if held is UNSET or held is UNKNOWN or isinstance(held, Lifecycle):
            continue
        yield member.name, _plain(held)

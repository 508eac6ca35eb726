"""Documents become an estate: here the dictionaries die.

What is built has passed its form (shape.py). Entries that did not are built without what is wrong in them, where their name is
there: so one run finds a misspelt quota and the missing plan of another object alike, and no error is told as a consequence of
another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from resellerplan.diagnostics import Finding, Note
from resellerplan.manifest.codes import finding
from resellerplan.manifest.convert import as_text
from resellerplan.manifest.customer import build_customer
from resellerplan.manifest.document import Document
from resellerplan.manifest.hosting_plan import Tell, build_plan
from resellerplan.manifest.space import build_space
from resellerplan.manifest.where import Declared, Where
from resellerplan.model.address import Address, Kind
from resellerplan.model.quotas import Catalogue
from resellerplan.model.resource import Resource

__all__ = ["Built", "build"]

LISTS: Final = ("plans", "customers", "spaces")
"""Keys of a manifest that hold objects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What the documents declare. ``half`` are addresses of entries that were built without what is wrong in them.

    ``shadows`` are the names of entries that could not be built at all.
    """

    resources: Mapping[Address, Resource]
    where: Where
    half: frozenset[Address]
    shadows: frozenset[Address]
    findings: Sequence[Finding]


@dataclass(slots=True)
class _Work:
    catalogue: Catalogue
    recipients: Sequence[str]
    broken: Mapping[int, Mapping[tuple[str | int, ...], frozenset[tuple[str | int, ...]]]]
    resources: dict[Address, Resource] = field(default_factory=dict)
    declared: dict[Address, Declared] = field(default_factory=dict)
    half: set[Address] = field(default_factory=set)
    shadows: set[Address] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


def build(
    documents: Sequence[Document],
    catalogue: Catalogue,
    recipients: Sequence[str] = (),
    misfits: Mapping[int, Iterable[tuple[str | int, ...]]] | None = None,
) -> Built:
    """All resources the documents declare, with where each stands.

    ``misfits`` are, by the position of the document, the paths of what does not fit its form.
    """
    work = _Work(catalogue, recipients, {number: _by_entry(paths) for number, paths in (misfits or {}).items()})
    for key in LISTS:
        for number, document in enumerate(documents):
            if isinstance(document.data, dict) and isinstance(entries := document.data.get(key), list):
                broken = work.broken.get(number, {})
                for place, entry in enumerate(entries):
                    _entry(work, document, (key, place), entry, broken)
    return Built(
        resources=work.resources,
        where=Where(work.declared),
        half=frozenset(work.half),
        shadows=frozenset(work.shadows),
        findings=work.findings,
    )


def _by_entry(
    paths: Iterable[tuple[str | int, ...]],
) -> Mapping[tuple[str | int, ...], frozenset[tuple[str | int, ...]]]:
    """Paths of misfits below the entry they stand in: ``("customers", 3)`` -> ``{("email",)}``."""
    found: dict[tuple[str | int, ...], set[tuple[str | int, ...]]] = {}
    for path in paths:
        found.setdefault(path[:2], set()).add(path[2:])
    return {entry: frozenset(below) for entry, below in found.items()}


def _entry(
    work: _Work,
    document: Document,
    path: tuple[str | int, ...],
    entry: object,
    broken: Mapping[tuple[str | int, ...], frozenset[tuple[str | int, ...]]],
) -> None:
    below = broken.get(path)
    if below is not None:
        work.shadows.update(_names(path[0], entry))
        entry = _pruned(entry, below)
    if not isinstance(entry, dict):
        return
    declared = Declared(document, path, entry)
    match path[0]:
        case "plans":
            _plan(work, declared, half=below is not None)
        case "customers":
            _customer(work, declared, half=below is not None)
        case _:
            if isinstance(owner := entry.get("customer"), str | int):
                _space(work, declared, as_text(owner), half=below is not None)


def _pruned(value: object, without: frozenset[tuple[str | int, ...]]) -> object:
    """A copy of the data without the paths; the whole of it is None where the empty path is among them."""
    if () in without:
        return None
    here = {step for step, *rest in without if not rest}
    deeper: dict[str | int, set[tuple[str | int, ...]]] = {}
    for step, *rest in without:
        if rest:
            deeper.setdefault(step, set()).add(tuple(rest))
    if isinstance(value, dict):
        return {
            key: _pruned(held, frozenset(deeper[key])) if key in deeper else held for key, held in value.items() if key not in here
        }
    if isinstance(value, list):
        # Entries keep their positions, because places are found by them.
        return [
            None if number in here else _pruned(held, frozenset(deeper[number])) if number in deeper else held
            for number, held in enumerate(value)
        ]
    return value


def _names(key: str | int, entry: object) -> Iterator[Address]:
    """The names a broken entry goes by, so that references to it are not told as unknown on top."""
    if isinstance(entry, dict) and key == "customers" and isinstance(entry.get("username"), str | int):
        yield Address.customer(as_text(entry["username"]))
    if isinstance(entry, dict) and key == "plans" and isinstance(entry.get("name"), str | int):
        yield Address.plan(as_text(entry["name"]))


def _plan(work: _Work, declared: Declared, *, half: bool) -> None:
    if "name" not in declared.data:
        return
    tell = _teller(work, declared)
    plan = build_plan(declared.data, work.catalogue, tell)
    _add(work, plan.self_address, plan, declared, half=half)


def _customer(work: _Work, declared: Declared, *, half: bool) -> None:
    data = declared.data
    if "username" not in data:
        return
    customer = build_customer(data, work.recipients)
    _add(work, Address(Kind.CUSTOMER, customer.username), customer, declared, half=half)
    spaces = data.get("spaces")
    for number, entry in enumerate(spaces if isinstance(spaces, list) else ()):
        if isinstance(entry, dict):
            nested = Declared(declared.document, (*declared.path, "spaces", number), entry)
            _space(work, nested, customer.username, half=half)


def _space(work: _Work, declared: Declared, customer: str, *, half: bool) -> None:
    data = declared.data
    absent = data.get("state") == "absent"
    if "plan" not in data and not half and not (absent and "name" in data):
        missing = "name" if absent else "plan"
        named = f"/{as_text(data['name'])}" if "name" in data else ""
        label = f'space "{customer}{named}": a space needs `{missing}`'
        hint = "name the space that is to go" if absent else ""
        work.findings.append(finding("RP1202", declared.first_key(), label, notes=declared.notes(), hint=hint))
    if "name" not in data and "plan" not in data:
        return
    tell = _teller(work, declared) if "overrides" in data else _silent
    space = build_space(data, customer, work.catalogue, tell)
    _add(work, Address(Kind.SPACE, space.name, customer), space, declared, half=half)


def _add(work: _Work, address: Address, resource: Resource, declared: Declared, *, half: bool) -> None:
    first = work.declared.setdefault(address, declared)
    if first is not declared:
        place = Where({address: declared}).of(address)
        row = first.document.origin_of(first.path).row
        at = row.place if row is not None else None
        note = Note("first declared here", at or Where({address: first}).of(address))
        work.findings.append(
            finding("RP1401", place, f"{address} is declared already", notes=(*declared.notes(), note), address=str(address))
        )
        return
    work.resources[address] = resource
    if half:
        work.half.add(address)


def _silent(code: str, steps: tuple[str | int, ...], label: str, hint: str) -> None:
    """For what has nothing to tell: a space without own terms."""


def _teller(work: _Work, declared: Declared) -> Tell:
    def tell(code: str, steps: tuple[str | int, ...], label: str, hint: str) -> None:
        on_key = label.startswith("key:")
        place = declared.key(*steps) if on_key else declared.place(*steps)
        work.findings.append(finding(code, place, label.removeprefix("key:"), notes=declared.notes(*steps), hint=hint))

    return tell

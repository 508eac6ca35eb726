"""Who is who: names that the panel holds twice, names that are nearly the same, pins and moves that lead nowhere.

The panel keeps names of plans and spaces unique nowhere, so what can't be told is asked, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from resellerplan.diagnostics import Finding, Note, Severity
from resellerplan.model.address import Address, Kind
from resellerplan.planning.guards.case import Case
from resellerplan.planning.match import (
    Duplicate,
    Handed,
    MovedBoth,
    MovedNowhere,
    NearName,
    Oddity,
    PinElsewhere,
    PinNowhere,
    SameObject,
)

__all__ = ["CODES", "check"]

CODES = {
    "RP3001": "the panel holds this name more than once",
    "RP3002": "the panel holds a name that differs only in case or blanks",
    "RP3003": "nothing on the panel has the pinned id",
    "RP3004": "the pinned id belongs to an object of another name",
    "RP3005": "both the old and the new name are on the panel",
    "RP3006": "neither the old nor the new name is on the panel",
    "RP3007": "a space of the same name lies under another customer",
    "RP3008": "two entries mean one object of the panel",
    "RP3009": "the space's name changes with its plan's",
}


def check(case: Case) -> Iterator[Finding]:
    """One finding per oddity, and a warning for each doubled name that nothing declares."""
    for oddity in case.matches.oddities:
        yield _told(case, oddity)
    yield from _left_behind(case)
    declared = {oddity.address for oddity in case.matches.oddities if isinstance(oddity, Duplicate)}
    for address, ids in case.matches.live.duplicates.items():
        if address not in declared and address not in case.matches.desired.resources:
            label = f"{address} (ids {_ids(ids)}), which no manifest names"
            yield Finding(code="RP3001", severity=Severity.WARNING, summary=CODES["RP3001"], label=label, address=str(address))


def _ids(ids: tuple[int, ...]) -> str:
    return ", ".join(str(one) for one in ids)


def _told(case: Case, oddity: Oddity) -> Finding:
    address = oddity.address
    match oddity:
        case Duplicate(ids=ids):
            hint = f"look at ids {_ids(ids)} in the web panel and pin the one that is meant: `id: {ids[0]}`"
            return _error(case, "RP3001", address, f"{address} has the ids {_ids(ids)}", hint)
        case NearName(live=live):
            label = f"{address} is not on the panel, but {live} is"
            return _error(case, "RP3002", address, label, f"write the name as the panel has it, or `moved_from: {live.name}`")
        case PinNowhere(pin=pin):
            hint = "take the `id:` out, or look the object up with `resellerplan show live`"
            return _error(case, "RP3003", address, f"{address} is pinned to id {pin}", hint, field="id")
        case PinElsewhere(pin=pin, live=live):
            hint = f"if it is to be renamed, say `moved_from: {live.name}`; else correct the id"
            return _error(case, "RP3004", address, f"id {pin} is {live}", hint, field="id")
        case SameObject(other=other):
            return _error(case, "RP3008", address, f"{address} and {other}", "remove one of the two entries")
        case MovedBoth(former=former):
            hint = f"declare {former} as well if both are to stay, or take `moved_from` out"
            return _error(case, "RP3005", address, f"{former} and {address}", hint, field="moved_from")
        case MovedNowhere(former=former):
            return case.finding(
                "RP3006",
                Severity.WARNING,
                CODES["RP3006"],
                address,
                label=f"{former} is not there to be moved; {address} is created new",
                field="moved_from",
                hint="take `moved_from` out once the move is done everywhere",
            )
        case Handed():
            return _handed(case, oddity)
        case _:
            assert_never(oddity)


def _error(case: Case, code: str, address: Address, label: str, hint: str, *, field: str = "") -> Finding:
    return case.finding(code, Severity.ERROR, CODES[code], address, label=label, field=field, hint=hint)


def _left_behind(case: Case) -> Iterator[Finding]:
    """A space without a name bears its plan's: renaming the plan must not make a second, empty space beside the full one."""
    unmanaged = frozenset(case.matches.unmanaged)
    for change in case.creations(Kind.SPACE):
        plan = case.matches.desired.resources.get(Address.plan(change.address.name))
        former = None if plan is None else plan.lifecycle.moved_from
        if former is None or Address.space(change.address.owner, former.name) not in unmanaged:
            continue
        left = Address.space(change.address.owner, former.name)
        yield case.finding(
            "RP3009",
            Severity.ERROR,
            CODES["RP3009"],
            change.address,
            label=f"{change.address} would be created empty; {left} is on the panel and nobody declares it",
            notes=(Note("a space that is given no name is called like its plan, and the plan is renamed"),),
            hint=(
                f"say `name: {former.name}` at the space to keep its name, or `moved_from: {former.name}` to rename it too;"
                f" if they are two spaces, declare {left} too"
            ),
        )


def _handed(case: Case, oddity: Handed) -> Finding:
    """The full space must not be left behind silently while an empty one of its name is made."""
    first = oddity.others[0]
    severity = Severity.ERROR if oddity.declared else Severity.WARNING
    rest = f" and {len(oddity.others) - 1} more" if len(oddity.others) > 1 else ""
    return case.finding(
        "RP3007",
        severity,
        CODES["RP3007"],
        oddity.address,
        label=f"{oddity.address} would be created empty; {first}{rest} is on the panel and nobody declares it",
        notes=(Note("creating it would leave the full space, with its sites and mail, under the other customer"),),
        hint=(
            f"if it changes hands, say `moved_from: {{customer: {first.owner}, name: {first.name}}}`; if they are two spaces,"
            f" declare {first} too (`existing: true`, or `state: absent`)"
        ),
    )

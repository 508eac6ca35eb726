"""What is on the panel, as tables: the first thing a reseller looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from resellerplan.model.address import Kind
from resellerplan.model.customer import Customer
from resellerplan.model.estate import Estate
from resellerplan.model.hosting_plan import Addon, HostingPlan
from resellerplan.model.space import Space
from resellerplan.model.traits import KINDS
from resellerplan.report.value_text import Wording, harmless

__all__ = ["live_text"]

_EMPTY = "-"


def live_text(live: Estate, kinds: Sequence[Kind]) -> str:
    """A table per kind, sorted by name; then what could not be told."""
    blocks = []
    for kind in kinds:
        rows = sorted(rows_of(live, kind), key=lambda row: row[0].casefold())
        heads = _HEADS[kind]
        title = f"{KINDS[kind].plural.capitalize()} ({len(rows)})"
        plural = KINDS[kind].plural.capitalize()
        blocks.append("\n".join([title, *table(heads, rows)]) if rows else f"{plural}: none")
    doubles = [
        f"  {harmless(str(address))}: ids {', '.join(map(str, ids))}"
        for address, ids in live.duplicates.items()
        if address.kind in kinds
    ]
    if doubles:
        blocks.append("\n".join(["Names that stand for more than one object (pin one with `id:`):", *doubles]))
    if live.not_read:
        blocks.append("\n".join(["Not read:", *(f"  {harmless(text)}" for text in live.not_read)]))
    return "\n\n".join(blocks)


_HEADS = {
    Kind.CUSTOMER: ("username", "id", "name", "e-mail", "status", "spaces"),
    Kind.PLAN: ("name", "id", "price", "every", "spaces"),
    Kind.ADDON: ("name", "id", "price", "every"),
    Kind.SPACE: ("customer/name", "id", "plan", "status"),
}


def rows_of(live: Estate, kind: Kind) -> Iterator[tuple[str, ...]]:
    """The cells of each object of a kind."""
    wording = Wording()
    of_customer: dict[str, int] = {}
    of_plan: dict[str, int] = {}
    for _, space in live.of_kind(Kind.SPACE):
        if isinstance(space, Space):
            owner = space.self_address.key[1]
            of_customer[owner] = of_customer.get(owner, 0) + 1
            of_plan[str(space.plan)] = of_plan.get(str(space.plan), 0) + 1
    for address, resource in live.of_kind(kind):
        facts = live.facts.get(address)
        number = _EMPTY if facts is None else str(facts.panel_id)
        match resource:
            case Customer():
                name = " ".join(text for text in (cell(resource.first_name), cell(resource.last_name)) if text != _EMPTY)
                yield (
                    harmless(resource.username),
                    number,
                    name or _EMPTY,
                    cell(resource.email),
                    cell(resource.status),
                    str(of_customer.get(address.key[1], 0)),
                )
            case HostingPlan() | Addon():
                price = (cell(resource.recurring), cell(resource.every))
                if isinstance(resource, HostingPlan):
                    yield (harmless(resource.name), number, *price, str(of_plan.get(resource.name, 0)))
                else:
                    yield (harmless(resource.name), number, *price)
            case Space():
                yield (harmless(address.label), number, cell(resource.plan), wording.value("status", resource.status))


def cell(value: object) -> str:
    """A value without quotes; ``-`` for what is empty or not read."""
    if isinstance(value, str):
        return harmless(str(value)) or _EMPTY
    text = Wording().value("", value)
    return _EMPTY if text in {"null", "(not read)", "(unset)"} else text


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Heads and rows with their columns below each other; ids, prices and counts to the right."""
    rows = list(rows)
    numeric = {index for index, head in enumerate(heads) if head in {"id", "price", "spaces"}}
    widths = [max(len(row[index]) for row in [heads, *rows]) for index in range(len(heads))]
    lines = []
    for row in [heads, *rows]:
        cells = [
            f"{text:>{width}}" if index in numeric else f"{text:<{width}}"
            for index, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  " + "  ".join(cells).rstrip())
    return lines

"""What a rule may look at: the estates as they were matched, the changes, and what a person said yes to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from resellerplan.diagnostics import Finding, Note, Severity
from resellerplan.model.address import Address, Kind, PanelId
from resellerplan.model.estate import Facts
from resellerplan.model.space import Space
from resellerplan.planning.capacity import CapacityRow
from resellerplan.planning.change import Action, Change
from resellerplan.planning.match import Matches
from resellerplan.planning.policy import Policy
from resellerplan.planning.scope import Scope

__all__ = ["Case", "Rule"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One plan in the making, with the look-ups that several rules share; each is made once, when first asked for."""

    matches: Matches
    changes: tuple[Change, ...]
    scope: Scope
    policy: Policy
    capacity: tuple[CapacityRow, ...] = ()

    @cached_property
    def acting(self) -> tuple[Change, ...]:
        """The changes that do something."""
        return tuple(change for change in self.changes if change.action is not Action.NO_OP)

    @cached_property
    def by_address(self) -> Mapping[Address, Change]:
        """Changes by declared address."""
        return {change.address: change for change in self.changes}

    @cached_property
    def by_live(self) -> Mapping[Address, Change]:
        """Changes that do something, by the address on the panel."""
        return {change.previous or change.address: change for change in self.acting if change.live is not None}

    @cached_property
    def spaces_on(self) -> Mapping[PanelId, tuple[Address, ...]]:
        """The live spaces of each plan, by the plan's id on the panel."""
        found: dict[PanelId, list[Address]] = defaultdict(list)
        for address, _ in self.matches.live.of_kind(Kind.SPACE):
            found[self.facts(address).plan_id].append(address)
        return {plan: tuple(spaces) for plan, spaces in found.items()}

    @cached_property
    def spaces_of(self) -> Mapping[Address, tuple[Address, ...]]:
        """The live spaces of each customer."""
        found: dict[Address, list[Address]] = defaultdict(list)
        for address, _ in self.matches.live.of_kind(Kind.SPACE):
            found[Address.customer(address.owner)].append(address)
        return {customer: tuple(spaces) for customer, spaces in found.items()}

    def facts(self, live_address: Address) -> Facts:
        """What is known of a live object; an object without facts has none."""
        return self.matches.live.facts.get(live_address, _NO_FACTS)

    def creations(self, kind: Kind) -> Iterator[Change]:
        """What is made of one kind."""
        return (change for change in self.acting if change.action is Action.CREATE and change.address.kind is kind)

    def updates(self, kind: Kind) -> Iterator[Change]:
        """What is changed of one kind."""
        return (change for change in self.acting if change.action is Action.UPDATE and change.address.kind is kind)

    @cached_property
    def deletes(self) -> tuple[Change, ...]:
        """What is destroyed."""
        return tuple(change for change in self.acting if change.action is Action.DELETE)

    def leaves(self, live_address: Address) -> bool:
        """Whether a live object will be gone, or under another customer, after the run."""
        change = self.by_live.get(live_address)
        return change is not None and (change.action is Action.DELETE or change.of("customer") is not None)

    def addons_of(self, live_address: Address) -> Mapping[str, int]:
        """The add-ons of a live space with their quantities; nothing where they were not read."""
        space = self.matches.live.resources[live_address]
        return space.addons if isinstance(space, Space) and isinstance(space.addons, Mapping) else {}

    def finding(
        self,
        code: str,
        severity: Severity,
        summary: str,
        address: Address,
        *,
        label: str = "",
        field: str = "",
        notes: tuple[Note, ...] = (),
        hint: str = "",
    ) -> Finding:
        """A finding about a declared object, at the place where the field (or the object) is declared."""
        return Finding(
            code=code,
            severity=severity,
            summary=summary,
            label=label or str(address),
            place=self.matches.desired.place(address, field),
            notes=notes,
            hint=hint,
            address=str(address),
        )


_NO_FACTS = Facts(panel_id=0)

Rule = Callable[[Case], Iterator[Finding]]

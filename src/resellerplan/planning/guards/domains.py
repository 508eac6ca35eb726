"""A domain that lies elsewhere already: domains are never moved by an edit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from resellerplan.diagnostics import Finding, Severity
from resellerplan.model.address import Address, Kind
from resellerplan.model.space import Domain, Space
from resellerplan.planning.guards.case import Case

__all__ = ["CODES", "check"]

CODES = {"RP3026": "the domain is in another space already"}


def check(case: Case) -> Iterator[Finding]:
    """For every domain that is to be added."""
    wanted = [
        (change.address, field.path, field.after)
        for change in case.acting
        if change.address.kind is Kind.SPACE
        for field in change.fields
        if isinstance(field.after, Domain)
    ]
    if not wanted:
        return
    held = _held(case)
    for address, path, domain in wanted:
        name = domain.name.casefold()
        where = held.get(name) or case.matches.live.foreign_domains.get(name)
        if where is not None and where != case.matches.pairs.get(address):
            yield case.finding(
                "RP3026",
                Severity.ERROR,
                CODES["RP3026"],
                address,
                label=f"{domain.name} is in {where}",
                field=path,
                hint="a domain name is unique on the panel; remove it there by hand first, or take it out here",
            )


def _held(case: Case) -> Mapping[str, Address]:
    found: dict[str, Address] = {}
    for address, space in case.matches.live.of_kind(Kind.SPACE):
        if isinstance(space, Space) and isinstance(space.domains, tuple):
            for domain in space.domains:
                found[domain.name.casefold()] = address
    return found

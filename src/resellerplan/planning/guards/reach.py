"""What is outside the reseller's reach: user names that somebody else has, accounts that are no plain customers."""

from __future__ import annotations

from collections.abc import Iterator

from resellerplan.diagnostics import Finding, Severity
from resellerplan.model.address import Kind, fold_username
from resellerplan.model.customer import Customer
from resellerplan.model.resource import Resource
from resellerplan.model.values import Role
from resellerplan.planning.guards.case import Case

__all__ = ["CODES", "check"]

CODES = {
    "RP3010": "the user name is taken outside your reach",
    "RP3011": "this account is a peer, not a customer",
    "RP3012": "this customer is a reseller on the panel",
}


def check(case: Case) -> Iterator[Finding]:
    """Names that are taken, peers, and resellers that are not declared as such."""
    taken = case.matches.live.taken_usernames
    for change in case.creations(Kind.CUSTOMER):
        if fold_username(change.address.name) in taken:
            yield case.finding(
                "RP3010",
                Severity.ERROR,
                CODES["RP3010"],
                change.address,
                field="username",
                label=f"{change.address.name} belongs to somebody else on this panel; user names are unique on the whole panel",
                hint="choose another user name, for example with your own name in front",
            )
    for address, resource in case.matches.desired.of_kind(Kind.CUSTOMER):
        paired = case.matches.pairs.get(address)
        if paired is None or address in case.matches.blocked:
            continue
        live = case.matches.live.resources[paired]
        if case.facts(paired).peer:
            hint = "peers act for you and are no customers; take the entry out"
            yield case.finding("RP3011", Severity.ERROR, CODES["RP3011"], address, field="username", hint=hint)
        elif _is_reseller(live) and not _is_reseller(resource):
            hint = "say `role: reseller` if it is to be managed as one"
            yield case.finding("RP3012", Severity.ERROR, CODES["RP3012"], address, field="role", hint=hint)


def _is_reseller(resource: Resource) -> bool:
    return isinstance(resource, Customer) and resource.role is Role.RESELLER

"""A space's domain and resources need their groups in the plan: the panel would make the space and delete it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from resellerplan.diagnostics import Finding, Note, Severity
from resellerplan.model.address import Address, Kind
from resellerplan.model.hosting_plan import HostingPlan, Terms
from resellerplan.model.space import Resources, Space
from resellerplan.planning.guards.case import Case
from resellerplan.planning.terms import terms_if_known, wanted_terms

__all__ = ["CODES", "check"]

CODES = {
    "RP3024": "resource without its group in the plan",
    "RP3025": "domain without the quota for it in the plan",
}


def check(case: Case) -> Iterator[Finding]:
    """For every space that is made with a domain, as far as its plan's terms are known."""
    for change in case.creations(Kind.SPACE):
        space = change.desired
        assert isinstance(space, Space)
        if not isinstance(space.domains, tuple) or not space.domains or not isinstance(space.plan, str):
            continue
        terms = _terms(case, Address.plan(space.plan))
        if terms is None:
            continue
        for word, group, code in _wished(space.resources or Resources()):
            if group not in terms:
                yield case.finding(
                    "RP3024",
                    Severity.ERROR,
                    CODES["RP3024"],
                    change.address,
                    label=f"{change.address} asks for {word}, its plan has no group {group}",
                    field="resources",
                    notes=(Note(f"the panel would create the space and then delete it again (code {code})"),),
                    hint=f"add the group {group} to the plan, or drop `{word}`",
                )
        if not _allows_domain(terms):
            yield case.finding(
                "RP3025",
                Severity.ERROR,
                CODES["RP3025"],
                change.address,
                label=f"{change.address} has a domain, its plan has OS.Domains 0",
                field="domains",
                notes=(Note("the panel would create the space and then delete it again (code -500)"),),
                hint="add `OS: {Domains: 1}` to the plan, or create the space without a domain",
            )


def _terms(case: Case, plan: Address) -> Terms | None:
    """The plan's terms after the run, where they are known."""
    change = case.by_address.get(plan)
    live = case.matches.live_of(plan) if plan in case.matches.pairs else case.matches.live.resources.get(plan)
    held = terms_if_known(live.groups) if isinstance(live, HostingPlan) else None
    if change is not None and isinstance(change.desired, HostingPlan):
        return wanted_terms(change.desired, held)
    return held


def _wished(resources: Resources) -> Iterator[tuple[str, str, int]]:
    """(the manifest's word, the group it needs, the panel's code without it)."""
    if resources.website:
        yield "website", "Web", -600
    if resources.ftp:
        yield "ftp", "FTP", -802
    if resources.mail:
        yield "mail", "Mail", -702


def _allows_domain(terms: Terms) -> bool:
    quotas: Mapping[str, int] = terms["OS"].quotas if "OS" in terms else {}
    return quotas.get("OS.Domains", 0) != 0

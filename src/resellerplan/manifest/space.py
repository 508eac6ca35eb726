"""An entry of ``spaces:``, here or under a customer, becomes a Space."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, cast

from resellerplan.manifest.convert import as_number, as_text, as_text_or_null
from resellerplan.manifest.hosting_plan import Tell, build_terms
from resellerplan.manifest.lifecycle import LIFECYCLE_KEYS, lifecycle
from resellerplan.model.address import Address
from resellerplan.model.drafts import maker
from resellerplan.model.hosting_plan import Terms, Unlisted
from resellerplan.model.lifecycle import NOTHING_SAID
from resellerplan.model.quotas import Catalogue
from resellerplan.model.space import PLAN_TERMS, Domain, PlanTerms, Resources, Space
from resellerplan.model.values import Status

__all__ = ["build_space"]

_BY_ITSELF: Final = Resources()
"""What a domain brings where nothing is said."""
_made: Final = maker(Space)


def _domains(data: Mapping[str, object], resources: Resources | None) -> tuple[Domain, ...]:
    """The declared domains; whether the first gets a web site is said by the resources."""
    listed = [one for one in cast(Sequence[object], data.get("domains", ())) if one is not None]
    if not listed:
        domain = data.get("domain")
        return (Domain(name=as_text(domain).lower(), website=(resources or _BY_ITSELF).website),) if domain else ()
    domains = []
    for place, one in enumerate(listed):
        entry = cast(Mapping[str, object], one) if isinstance(one, dict) else {"name": one}
        website = entry.get("website") is True
        if place == 0 and "website" not in entry:
            website = (resources or _BY_ITSELF).website
        domains.append(Domain(name=as_text(entry["name"]).lower(), website=website))
    return tuple(domains)


def _resources(data: Mapping[str, object]) -> Resources:
    ftp = data.get("ftp", False)
    return Resources(
        website=data.get("website", True) is True,
        ftp=as_text(ftp["name"]) if isinstance(ftp, dict) else ftp is True,
        mail=data.get("mail", False) is True,
        host=as_text(data.get("host", "")),
    )


def _addons(listed: object) -> Mapping[str, int]:
    quantities: dict[str, int] = {}
    for one in cast(Sequence[Mapping[str, object] | None], listed):
        if one is None:
            continue
        # Listed twice is told (RP1225); a sum of what stands there might be more than the panel can count.
        quantities.setdefault(as_text(one["plan"]), as_number(one.get("quantity", 1)))
    return MappingProxyType(quantities)


def _initial(data: Mapping[str, object]) -> dict[str, object]:
    return {"comments": as_text_or_null(data["comments"])} if "comments" in data else {}


def build_space(data: Mapping[str, object], customer: str, catalogue: Catalogue, tell: Tell) -> Space:
    """The space of an entry that fits its form and names a plan or itself; ``customer`` is its owner's user name."""
    fields: dict[str, Any] = {}
    alive = False
    for key, value in data.items():
        match key:
            case "plan" | "name":
                fields[key] = value if type(value) is str else as_text(value)
            case "resources":
                fields["resources"] = _resources(cast(Mapping[str, object], value))
            case "status":
                fields["status"] = Status(as_text(value))
            case "comments":
                fields["comments"] = as_text_or_null(value)
            case "addons":
                fields["addons"] = _addons(value)
            case "overrides":
                fields["overrides"] = _own_terms(value, catalogue, tell)
            case "summary_letter":
                fields["summary_letter"] = value is True
            case _:
                alive = alive or key in LIFECYCLE_KEYS
    if data.get("domain") or "domains" in data:
        fields["domains"] = _domains(data, fields.get("resources"))
    name = fields.pop("name", None) or fields["plan"]
    said = lifecycle(data, _initial, _former_of(customer)) if alive else NOTHING_SAID
    return _made(customer=customer, name=name, lifecycle=said, **fields)


def _own_terms(value: object, catalogue: Catalogue, tell: Tell) -> Terms | PlanTerms:
    if not isinstance(value, dict):
        return PLAN_TERMS
    return build_terms(cast(Mapping[str, object], value), Unlisted.KEEP, catalogue, "overrides", tell)


def _former_of(customer: str) -> Callable[[object], Address]:
    def former(old: object) -> Address:
        if isinstance(old, dict):
            return Address.space(as_text(old["customer"]), as_text(old["name"]))
        return Address.space(customer, as_text(old))

    return former

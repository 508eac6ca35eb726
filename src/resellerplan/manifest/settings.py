"""What a manifest says about the estate as a whole, besides its objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from resellerplan.diagnostics import Place, Severity
from resellerplan.manifest.policy_terms import NO_TERMS, PolicyTerms
from resellerplan.model.quotas import Catalogue, shipped_catalogue

__all__ = ["DEFAULT_TIMEZONE", "ManifestSettings", "Suspension"]

DEFAULT_TIMEZONE: Final = "Europe/Berlin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """One row of the suspension register. ``username`` as the register writes it.

    The customer is to be suspended, or, where ``resumed`` holds a day, to be active again: a row that was only taken out would
    not say so, because nobody could tell this customer from one who was suspended for another cause.
    """

    username: str
    since: date
    reason: str
    resumed: date | None = None
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestSettings:
    """Settings of the whole estate; None where no manifest says it.

    ``folder`` is the first manifest's, as the user wrote it, ``first_place`` its beginning, ``repository`` the absolute path of the
    repository it lies in. ``places`` says where a setting stands (``panel.url``, ``currency`` ...). ``recipients`` are public keys
    for generated passwords. ``severities`` maps codes to what the manifest makes of them, None = switched off. ``catalogue`` is the
    one that was checked against: the panel's own from ``catalogue.lock.yaml``, else the shipped one. ``dialect`` is ``solidcp1`` or
    ``fusecp2``.
    """

    panel_url: str | None = None
    reseller: str | None = None
    own_space: str | None = None
    dialect: str | None = None
    currency: str | None = None
    timezone: str = DEFAULT_TIMEZONE
    recipients: tuple[str, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    policy: PolicyTerms = NO_TERMS
    severities: Mapping[str, Severity | None] = field(default_factory=lambda: MappingProxyType({}))
    catalogue: Catalogue = field(default_factory=shipped_catalogue, compare=False)
    folder: str = field(default="", compare=False)
    repository: str = field(default="", compare=False)
    first_place: Place | None = field(default=None, compare=False)
    places: Mapping[str, Place] = field(default_factory=lambda: MappingProxyType({}), compare=False)

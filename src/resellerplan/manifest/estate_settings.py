"""Settings of the estate from all its documents: what adds up, what must agree, and what can't be meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, cast

from resellerplan.diagnostics import Finding, Note, Place, Severity
from resellerplan.manifest.codes import CODES, finding
from resellerplan.manifest.document import Document
from resellerplan.manifest.nearest import nearest
from resellerplan.manifest.policy_terms import PolicyTerms, stricter, terms_of
from resellerplan.manifest.settings import DEFAULT_TIMEZONE, ManifestSettings
from resellerplan.model.quotas import Catalogue

__all__ = ["SEVERITY_WORDS", "gather_settings", "severity_of"]

SEVERITY_WORDS: Final[Mapping[str, Severity | None]] = MappingProxyType(
    {"off": None, "note": Severity.NOTE, "warning": Severity.WARNING, "error": Severity.ERROR}
)
"""Words of ``diagnostics:``."""

_SINGLE: Final = (("panel", "url"), ("panel", "reseller"), ("panel", "space"), ("panel", "dialect"), ("currency",), ("timezone",))


@dataclass(slots=True)
class _Found:
    values: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    recipients: list[str] = field(default_factory=list)
    policies: list[PolicyTerms] = field(default_factory=list)
    severities: dict[str, Severity | None] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def gather_settings(
    documents: Sequence[Document], catalogue: Catalogue, misfits: Mapping[int, Sequence[tuple[str | int, ...]]]
) -> tuple[ManifestSettings, list[Finding]]:
    """The settings the documents add up to, and what is wrong with them. ``misfits`` are paths that do not fit their form."""
    found = _Found()
    for number, document in enumerate(documents):
        if isinstance(document.data, dict):
            broken = frozenset(misfits.get(number, ()))
            _document(found, document, document.data, broken)
    first = documents[0] if documents else None
    settings = ManifestSettings(
        panel_url=found.values.get("panel.url"),
        reseller=found.values.get("panel.reseller"),
        own_space=found.values.get("panel.space"),
        dialect=found.values.get("panel.dialect"),
        currency=found.values.get("currency"),
        timezone=found.values.get("timezone", DEFAULT_TIMEZONE),
        recipients=tuple(dict.fromkeys(found.recipients)),
        policy=stricter(found.policies),
        severities=MappingProxyType(found.severities),
        catalogue=catalogue,
        folder=first.folder if first is not None else "",
        first_place=Place(first.file, 1, 1) if first is not None else None,
        places=MappingProxyType(found.places),
    )
    return settings, found.findings


def _document(found: _Found, document: Document, data: Mapping[str, object], broken: frozenset[tuple[str | int, ...]]) -> None:
    version = data.get("version")
    if isinstance(version, int) and version > 1:
        found.findings.append(finding("RP1701", document.place_of(("version",)), f"version {version}"))
    for path in _SINGLE:
        value = _below(data, path)
        if value is not None and path not in broken and isinstance(value, str | int):
            _single(found, document, path, str(value))
    recipients = data.get("recipients")
    if isinstance(recipients, list) and recipients:
        found.places.setdefault("recipients", document.place_of(("recipients",)))
        found.recipients.extend(
            key for number, key in enumerate(recipients) if isinstance(key, str) and ("recipients", number) not in broken
        )
    policy = data.get("policy")
    if isinstance(policy, dict) and not any(path[:1] == ("policy",) for path in broken):
        found.policies.append(terms_of(policy))
        found.places.setdefault("policy", document.place_of(("policy",)))
    severities = data.get("diagnostics")
    if isinstance(severities, dict):
        for code, word in severities.items():
            if ("diagnostics", code) not in broken:
                found.findings.extend(_severity(found, document, code, cast(str, word)))


def _below(data: Mapping[str, object], path: tuple[str, ...]) -> object:
    value: object = data
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _single(found: _Found, document: Document, path: tuple[str, ...], value: str) -> None:
    key = ".".join(path)
    place = document.place_of(path)
    if found.values.setdefault(key, value) != value:
        note = Note("said first here", found.places[key])
        found.findings.append(finding("RP1704", place, f"`{key}`", notes=(note,)))
        return
    found.places.setdefault(key, place)
    if key == "timezone":
        found.findings.extend(_timezone(value, place))


def _timezone(name: str, place: Place) -> Iterator[Finding]:
    if name == DEFAULT_TIMEZONE or _known_zone(name):
        return
    if not _known_zone(DEFAULT_TIMEZONE):  # a system without time zone data can't tell
        return
    yield finding("RP1705", place, f'"{name}"', hint=_meant_zone(name))


def _meant_zone(name: str) -> str:
    from zoneinfo import available_timezones

    zones = sorted(available_timezones())
    city = name.strip().replace(" ", "_").casefold()
    near = next((zone for zone in zones if zone.casefold().rpartition("/")[2] == city), None) or nearest(name, zones)
    return f'did you mean "{near}"?' if near else "an IANA name, as in Europe/Berlin"


def _known_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # costs more than the rest of the settings; most manifests name no zone

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _severity(found: _Found, document: Document, code: str, word: str) -> Iterator[Finding]:
    trouble = severity_of(code, word)
    if isinstance(trouble, tuple):
        number, label, hint = trouble
        yield finding(number, document.key_place(("diagnostics", code)), label, hint=hint)
    else:
        found.severities[code] = trouble


def severity_of(code: str, word: str) -> Severity | tuple[str, str, str] | None:
    """What a code's severity becomes; (code, label, hint) of a finding where it can't be set so."""
    entry = CODES.get(code)
    if entry is None:
        near = nearest(code, (known for known, row in CODES.items() if row.severity is not Severity.ERROR))
        return "RP1702", f'"{code}"', f'did you mean "{near}"?' if near else "`resellerplan explain codes` lists all"
    wanted = SEVERITY_WORDS[word]
    if entry.severity is Severity.ERROR and wanted is not Severity.ERROR:
        return "RP1703", f"{code} is an error", ""
    return wanted

"""The road through this room, stage by stage (`load` is its door)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Final

from resellerplan.diagnostics import Finding, Severity, Sources, in_order
from resellerplan.manifest.altered_texts import altered_texts
from resellerplan.manifest.build import build
from resellerplan.manifest.checks import Declarations, check
from resellerplan.manifest.document import Document
from resellerplan.manifest.estate_settings import gather_settings
from resellerplan.manifest.expand import Expanded, expand
from resellerplan.manifest.files import LOCK_NAME, Files, display
from resellerplan.manifest.gather import gather
from resellerplan.manifest.loaded import Loaded, LoadOptions
from resellerplan.manifest.misfits import misfits_of
from resellerplan.manifest.parsing import parse
from resellerplan.manifest.policy_terms import PolicyTerms, stricter, terms_of
from resellerplan.manifest.scalars import plain
from resellerplan.manifest.settings import Suspension
from resellerplan.manifest.shape import Shapes
from resellerplan.manifest.telling import follows, told
from resellerplan.manifest.variables import read_variable_files
from resellerplan.model.address import Address
from resellerplan.model.estate import Estate
from resellerplan.model.quotas import Catalogue, shipped_catalogue
from resellerplan.model.resource import Resource

__all__ = ["read"]

_IN_URL: Final = re.compile(r"//[^/@]*:([^/@]+)@")
"""A password in an address, which is refused."""


def read(paths: Sequence[str], variables: Mapping[str, object], options: LoadOptions) -> Loaded:
    """All stages, in order."""
    files = Files(here=options.here, stdin=options.stdin)
    made, findings = expanded(paths, variables, options, files)
    documents = made.documents
    catalogue = options.catalogue or _catalogue(documents, files, findings)
    shapes = Shapes.of(catalogue, literal_passwords=options.literal_passwords, gate=options.gate)
    before = {one.place for one in (*findings, *files.findings) if one.severity is Severity.ERROR and one.place is not None}
    misfits: dict[int, list[tuple[str | int, ...]]] = {}
    for number, document in enumerate(documents):
        for misfit in chain(shapes.misfits(document.data), altered_texts(document.data, shapes.language)):
            misfits.setdefault(number, []).append(misfit.path if misfit.drop is None else misfit.drop)
            if document.failed_at(misfit.path):
                continue  # told already: its template can't be rendered
            by_default = document.origin_of(misfit.path).by_default  # told where `defaults:` say it
            if not by_default and not (before and follows(document, misfit, before)):
                findings.append(told(document, misfit, shapes.language))
    settings, trouble = gather_settings(documents, catalogue, misfits)
    findings.extend(trouble)
    suspensions = _suspensions(made, findings)
    policies = [settings.policy, *_policy_file(options, files, shapes, findings)]
    settings = replace(
        settings,
        suspensions=suspensions,
        policy=stricter(policies),
        repository=options.repository or repository_of(options.here / settings.folder),
    )
    built = build(documents, catalogue, settings.recipients, misfits)
    findings.extend(built.findings)
    findings.extend(check(Declarations.of(built, settings, options)))
    findings.extend(files.findings)
    if any(one.severity is Severity.ERROR for one in findings):
        findings = [one for one in findings if one.code != "RP1605"]  # nothing is declared because something is wrong
    sources = Sources(files.texts, frozenset(literal_passwords(documents)))
    estate = Estate(
        resources=MappingProxyType(dict(_suspended(built.resources, suspensions))),
        origins=built.where,
        reseller=settings.reseller or "",
        currency=settings.currency or "",
        timezone=settings.timezone,
    )
    shown = in_order(judged(findings, {**settings.severities, **options.severities}, strict=options.strict))
    return Loaded(estate=estate, settings=settings, findings=shown, sources=sources, files=len(files.texts), documents=documents)


def expanded(
    paths: Sequence[str], variables: Mapping[str, object], options: LoadOptions, files: Files
) -> tuple[Expanded, list[Finding]]:
    """The documents of all files, with templates, tables and defaults worked in."""
    documents, findings = gather(paths, files)
    from_files, trouble = read_variable_files(options.variable_files, files)
    given = {name: plain(value) if isinstance(value, str) else value for name, value in variables.items()}
    made = expand(documents, {**from_files, **given}, files)
    return made, [*findings, *trouble, *made.findings]


def _suspensions(made: Expanded, findings: list[Finding]) -> tuple[Suspension, ...]:
    """The rows of the registers, where a document names one."""
    if not made.registers:
        return ()
    from resellerplan.manifest.register import read_registers

    suspensions, trouble = read_registers(made.registers)
    findings.extend(trouble)
    return suspensions


def _suspended(resources: Mapping[Address, Resource], suspensions: Sequence[Suspension]) -> Mapping[Address, Resource]:
    """The resources as the registers make them."""
    if not suspensions:
        return resources
    from resellerplan.manifest.register import with_suspensions

    return with_suspensions(resources, suspensions)


def _catalogue(documents: Sequence[Document], files: Files, findings: list[Finding]) -> Catalogue:
    """The panel's own catalogue where it lies beside the first manifest, else the shipped one."""
    name = display(documents[0].folder if documents else "", LOCK_NAME)
    if not (files.here / name).is_file():
        return shipped_catalogue()
    from resellerplan.manifest.catalogue_lock import read_lock  # few manifests have one, and it costs a start of its own

    text = files.text_of(name)
    document, trouble = parse(name, text) if text is not None else (None, ())
    findings.extend(trouble)
    if document is None:
        return shipped_catalogue()
    catalogue, wrong = read_lock(document)
    findings.extend(wrong)
    return catalogue or shipped_catalogue()


def _policy_file(options: LoadOptions, files: Files, shapes: Shapes, findings: list[Finding]) -> Iterator[PolicyTerms]:
    """The terms of ``--policy FILE``: a file that holds what stands under ``policy:``, or a mapping with that key."""
    if options.policy_file is None:
        return
    text = files.text_of(options.policy_file)
    document, trouble = parse(options.policy_file, text) if text is not None else (None, ())
    findings.extend(trouble)
    if document is None:
        return
    data = document.data
    path: tuple[str, ...] = ("policy",) if isinstance(data, dict) and set(data) == {"policy"} else ()
    terms = data["policy"] if isinstance(data, dict) and path else data
    misfits = list(misfits_of(shapes.language.manifest.entries["policy"].form, terms, path))
    findings.extend(told(document, misfit, shapes.language) for misfit in misfits)
    if not misfits and isinstance(terms, dict):
        yield terms_of(terms)


def literal_passwords(documents: Sequence[Document]) -> Iterator[str]:
    """Passwords that are written out, allowed or not: no excerpt may show them."""
    for document in documents:
        panel = document.data.get("panel") if isinstance(document.data, dict) else None
        url = panel.get("url") if isinstance(panel, dict) else None
        if isinstance(url, str) and (found := _IN_URL.search(url)) is not None:
            yield found[1]
        entries = document.data.get("customers") if isinstance(document.data, dict) else None
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and isinstance(password := entry.get("password"), str | int) and str(password):
                yield str(password)


def repository_of(folder: Path) -> str:
    """The repository a manifest lies in: the nearest folder above it that holds ``.git``, else its own, as an absolute path."""
    own = Path(os.path.abspath(folder))
    return str(next((each for each in (own, *own.parents) if (each / ".git").exists()), own))


def judged(findings: Iterable[Finding], severities: Mapping[str, Severity | None], *, strict: bool) -> Iterator[Finding]:
    """Findings with the severity that the manifest and the flags give them; those that were switched off are left out.

    An error stays an error. ``strict`` makes errors of the warnings that are left.
    """
    for one in findings:
        severity = severities.get(one.code, one.severity) if one.severity is not Severity.ERROR else one.severity
        if severity is None:
            continue
        if strict and severity is Severity.WARNING:
            severity = Severity.ERROR
        yield one if severity is one.severity else replace(one, severity=severity)

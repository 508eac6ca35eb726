"""The road through this room, stage by stage (`load` is its door)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from resellerplan.diagnostics import Finding, Severity, in_order
from resellerplan.manifest.build import build
from resellerplan.manifest.checks import Declarations, check
from resellerplan.manifest.document import Document
from resellerplan.manifest.estate_settings import gather_settings
from resellerplan.manifest.files import MANIFEST_NAME, STDIN, Files, display
from resellerplan.manifest.load import Loaded, LoadOptions
from resellerplan.manifest.parsing import parse
from resellerplan.manifest.shape import Shapes
from resellerplan.manifest.telling import told
from resellerplan.model.estate import Estate
from resellerplan.model.quotas import shipped_catalogue

__all__ = ["read"]


def read(paths: Sequence[str], variables: Mapping[str, object], options: LoadOptions) -> Loaded:
    """All stages, in order."""
    files = Files(here=options.here, stdin=options.stdin)
    findings: list[Finding] = []
    documents = list(_documents(paths, files, findings))
    catalogue = options.catalogue or shipped_catalogue()
    shapes = Shapes.of(catalogue, literal_passwords=options.literal_passwords, gate=options.gate)
    misfits: dict[int, list[tuple[str | int, ...]]] = {}
    for number, document in enumerate(documents):
        for misfit in shapes.misfits(document.data):
            misfits.setdefault(number, []).append(misfit.path if misfit.drop is None else misfit.drop)
            findings.append(told(document, misfit, shapes.language))
    settings, trouble = gather_settings(documents, catalogue, misfits)
    findings.extend(trouble)
    settings = replace(settings, repository=options.repository or repository_of(options.here / settings.folder))
    built = build(documents, catalogue, settings.recipients, misfits)
    findings.extend(built.findings)
    findings.extend(check(Declarations.of(built, settings, options)))
    findings.extend(files.findings)
    estate = Estate(resources=MappingProxyType(dict(built.resources)), origins=built.where, reseller=settings.reseller or "")
    shown = in_order(judged(findings, {**settings.severities, **options.severities}, strict=options.strict))
    return Loaded(estate=estate, settings=settings, findings=shown, sources=files.sources, files=len(files.texts))


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


def _documents(paths: Sequence[str], files: Files, findings: list[Finding]) -> Iterator[Document]:
    for path in paths or (".",):
        name = STDIN if path == "-" else display(path, MANIFEST_NAME) if files.is_folder(path) else path
        text = files.text_of(name)
        if text is not None:
            document, trouble = parse(name, text, folder=name.rpartition("/")[0])
            findings.extend(trouble)
            if document is not None:
                yield document

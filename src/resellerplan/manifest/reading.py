"""The road through this room, stage by stage (`load` is its door)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import cast

from resellerplan.diagnostics import Finding, Place, Severity, in_order
from resellerplan.manifest.build import build
from resellerplan.manifest.document import Document
from resellerplan.manifest.files import MANIFEST_NAME, STDIN, Files, display
from resellerplan.manifest.load import Loaded, LoadOptions
from resellerplan.manifest.parsing import parse
from resellerplan.manifest.settings import DEFAULT_TIMEZONE, ManifestSettings
from resellerplan.manifest.shape import Shapes
from resellerplan.manifest.telling import told
from resellerplan.model.estate import Estate
from resellerplan.model.quotas import Catalogue, shipped_catalogue

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
    settings = settings_of(documents, catalogue)
    built = build(documents, catalogue, settings.recipients, misfits)
    findings.extend(built.findings)
    estate = Estate(resources=MappingProxyType(dict(built.resources)), origins=built.where, reseller=settings.reseller or "")
    findings.extend(files.findings)
    return Loaded(estate=estate, settings=settings, findings=in_order(findings), sources=files.sources, files=len(files.texts))


def _documents(paths: Sequence[str], files: Files, findings: list[Finding]) -> Iterator[Document]:
    for path in paths or (".",):
        name = STDIN if path == "-" else display(path, MANIFEST_NAME) if files.is_folder(path) else path
        text = files.text_of(name)
        if text is not None:
            document, trouble = parse(name, text, folder=name.rpartition("/")[0])
            findings.extend(trouble)
            if document is not None:
                yield document


def settings_of(documents: Sequence[Document], catalogue: Catalogue) -> ManifestSettings:
    """The settings of the estate."""
    values: dict[str, object] = {}
    places: dict[str, Place] = {}
    for document in documents:
        if not isinstance(document.data, dict):
            continue
        panel = document.data.get("panel")
        for key, value in panel.items() if isinstance(panel, dict) else ():
            values[f"panel.{key}"] = value
            places[f"panel.{key}"] = document.place_of(("panel", key))
        for key in ("currency", "timezone", "recipients"):
            if key in document.data:
                values[key] = document.data[key]
                places[key] = document.place_of((key,))

    def text(key: str) -> str | None:
        value = values.get(key)
        return str(value) if isinstance(value, str | int) else None

    recipients = values.get("recipients")
    return ManifestSettings(
        panel_url=text("panel.url"),
        reseller=text("panel.reseller"),
        own_space=text("panel.space"),
        currency=text("currency"),
        timezone=text("timezone") or DEFAULT_TIMEZONE,
        recipients=tuple(cast(list[str], recipients)) if isinstance(recipients, list) else (),
        severities=cast(Mapping[str, Severity | None], MappingProxyType({})),
        catalogue=catalogue,
        places=MappingProxyType(places),
    )

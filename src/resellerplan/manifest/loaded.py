"""What is said about reading manifests, and what was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from resellerplan.diagnostics import Finding, Severity, Sources
from resellerplan.errors import ManifestInvalid
from resellerplan.manifest.document import Document
from resellerplan.manifest.settings import ManifestSettings
from resellerplan.manifest.shape import Gate, fastest_gate
from resellerplan.model.estate import Estate
from resellerplan.model.quotas import Catalogue

__all__ = ["LoadOptions", "Loaded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOptions:
    """What the person outside the manifest says about reading it.

    ``here`` is the folder that relative paths start from; ``stdin`` gives at most so many bytes of standard input (path ``-``).
    ``literal_passwords`` and ``secret_commands`` allow what a manifest may not allow itself, ``secret_folders`` are further folders
    that password files may lie in, ``repository`` the folder they lie in anyway (default: the nearest folder with ``.git`` above
    the first manifest, else its own). ``severities`` of codes from flags win over the manifest's; ``strict`` makes warnings errors.
    ``variable_files`` are YAML files of values for templates, ``policy_file`` a policy beside the manifest's own. ``catalogue``
    replaces the lock file beside the manifest and the shipped catalogue. ``gate`` is how shapes are checked quickly.
    """

    here: Path = field(default_factory=Path)
    stdin: Callable[[int], bytes] | None = None
    variable_files: tuple[str, ...] = ()
    literal_passwords: bool = False
    secret_commands: bool = False
    secret_folders: tuple[str, ...] = ()
    repository: str | None = None
    policy_file: str | None = None
    severities: Mapping[str, Severity | None] = field(default_factory=lambda: MappingProxyType({}))
    strict: bool = False
    catalogue: Catalogue | None = None
    gate: Gate = fastest_gate


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What was read. ``findings`` are all there are, in the order in which they are shown; ``files`` the number of files read.
    ``documents`` are what was read, as it is meant (for edits of the files).

    Where a finding is an error the estate is what could be built all the same: never plan with it (``demand``).
    """

    estate: Estate
    settings: ManifestSettings
    findings: tuple[Finding, ...]
    sources: Sources
    files: int
    documents: tuple[Document, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether no finding is an error."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)

    def demand(self) -> Loaded:
        """Itself. Raises ManifestInvalid where a finding is an error."""
        if not self.valid:
            raise ManifestInvalid(self.findings)
        return self

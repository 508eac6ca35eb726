"""Which files make up a manifest: the paths that were named, and what their ``include:`` brings in, each once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from resellerplan.diagnostics import Finding, Note, Place
from resellerplan.manifest.codes import finding
from resellerplan.manifest.document import Document
from resellerplan.manifest.files import MANIFEST_NAME, STDIN, Files, display
from resellerplan.manifest.include import LinkLoop, TooMany, has_wildcard, matches
from resellerplan.manifest.parsing import fastest_events, parse
from resellerplan.manifest.rendering import is_template

__all__ = ["gather"]


def gather(paths: Sequence[str], files: Files) -> tuple[tuple[Document, ...], tuple[Finding, ...]]:
    """The documents of all files, in the order in which they are named; an included file stands behind the one that names it.

    ``paths`` are files, folders (their resellerplan.yaml) or ``-``; none = the current folder. Findings about reading itself are in
    ``files.findings``.
    """
    work = _Gathering(files)
    for path in paths or (".",):
        name = STDIN if path == "-" else display(path, MANIFEST_NAME) if files.is_folder(path) else path
        work.add(name, None)
    return tuple(work.documents), tuple(work.findings)


class _Gathering:
    """The files seen so far."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.documents: list[Document] = []
        self.findings: list[Finding] = []
        self.seen: set[object] = set()
        self.events, quick = fastest_events()
        if not quick:
            self.findings.append(finding("RP1026", None, hint="pip install --force-reinstall pyyaml"))

    def add(self, name: str, asked: Place | None) -> None:
        """Read a file and those it includes. (No recursion: a chain of includes may be as long as the bound on files.)"""
        waiting = [(name, asked)]
        while waiting:
            name, asked = waiting.pop()
            identity = name if name == STDIN else self.files.identity(name)
            if identity in self.seen:
                continue
            self.seen.add(identity)
            if len(self.seen) > self.files.limits.files:
                self.findings.append(finding("RP1024", asked, f"more than {self.files.limits.files:,}"))
                return
            text = self.files.text_of(name, asked=asked)
            if text is None:
                continue
            folder = "" if name == STDIN else name.replace("\\", "/").rpartition("/")[0]
            if name.startswith("/") and not folder:
                folder = "/"
            document, trouble = parse(name, text, folder=folder, limits=self.files.limits, events=self.events)
            self.findings.extend(trouble)
            if document is not None:
                self.documents.append(document)
                waiting.extend(reversed(list(self._included(document))))

    def _included(self, document: Document) -> Iterator[tuple[str, Place]]:
        """The files a document includes, with the place that names them."""
        data = document.data
        wanted = data.get("include") if isinstance(data, Mapping) else None
        if wanted is None:
            return
        listed = wanted if isinstance(wanted, list) else [wanted]
        for number, pattern in enumerate(listed):
            place = document.place_of(("include", number) if isinstance(wanted, list) else ("include",))
            if not isinstance(pattern, str) or not pattern or is_template(pattern) or "\0" in pattern:
                hint = 'put quotes around a pattern that begins with *: "*.yaml"' if pattern is None else ""
                self.findings.append(finding("RP1025", place, hint=hint))
            elif has_wildcard(pattern):
                yield from ((name, place) for name in self._matching(document, pattern, place))
            else:
                name = display(document.folder, pattern)
                yield (display(name, MANIFEST_NAME) if self.files.is_folder(name) else name, place)

    def _matching(self, document: Document, pattern: str, place: Place) -> list[str]:
        try:
            found = matches(self.files.here / document.folder, pattern, self.files.limits.files)
        except LinkLoop as loop:
            self.findings.append(finding("RP1023", place, str(loop), notes=(Note("the folder is reached through a link"),)))
            return []
        except TooMany:
            self.findings.append(finding("RP1024", place, f"more than {self.files.limits.files:,}"))
            return []
        if not found:
            self.findings.append(finding("RP1022", place, pattern))
        return [display(document.folder, name) for name in found]

"""The recordings as test data: each exchange with its request, its reply, and what is known about it. Knows no client."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

RECORDINGS = Path(__file__).parent.parent / "recordings"
FOLDERS = {
    "fusecp2": ("scenario-a-reseller-day", "fusecp-2.x"),
    "solidcp1": ("scenario-c-solidcp-1x", "solidcp-1.x-serializer"),
}
ENVELOPES = ("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope")


@dataclass(frozen=True)
class Exchange:
    """One recorded exchange. ``status`` is 200 where the index says none (the serializer's output has no HTTP)."""

    folder: str
    name: str
    service: str
    operation: str
    case: str
    status: int
    content_type: str
    request: bytes | None
    reply: bytes | None
    note: str = ""

    def __str__(self) -> str:
        return f"{self.folder}/{self.name}"


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


@cache
def exchanges(folder: str) -> tuple[Exchange, ...]:
    """All SOAP exchanges of one folder, in order."""
    found = []
    for entry in json.loads((RECORDINGS / folder / "index.json").read_text("utf-8")):
        stem = RECORDINGS / folder / entry["name"]
        if "/api/" in entry.get("path", ""):
            continue
        found.append(
            Exchange(
                folder,
                entry["name"],
                entry["service"],
                entry["operation"],
                entry.get("case", ""),
                int(entry.get("http_status", 200)),
                entry.get("content_type") or entry.get("reply_headers", {}).get("content-type", "text/xml; charset=utf-8"),
                _read(stem.with_name(stem.name + ".request.xml")),
                _read(stem.with_name(stem.name + ".reply.xml")),
                entry.get("note", ""),
            )
        )
    return tuple(found)


def body_of(document: bytes) -> ElementTree.Element:
    """The element inside the SOAP body. Read by another parser than the client's. Raises ParseError."""
    root = ElementTree.fromstring(document)
    return next(body[0] for envelope in ENVELOPES if (body := root.find(f"{{{envelope}}}Body")) is not None)

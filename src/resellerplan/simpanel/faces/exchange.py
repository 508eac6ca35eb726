"""What passes between the HTTP side and a face: a request as read, a reply as it will be written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["CONTROL_REFERENCE", "Reply", "Request", "empty", "html"]

CONTROL_REFERENCE = re.compile(rb"&#x(?:[0-8BCEF]|1[0-9A-F]|FFF[EF]|D[89A-F][0-9A-F]{2});")
"""A reference to a character that XML 1.0 does not allow, as it stands in a reply."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request, wholly read. Header names are in lower case; ``path`` is decoded and has no query.

    ``oversized``: the body was longer than the face takes and was not kept.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    remote: str = "127.0.0.1"
    host: str = "localhost"
    scheme: str = "http"
    oversized: bool = False

    @property
    def url(self) -> str:
        """The request's own URL as the client spelt its host, without the query."""
        return f"{self.scheme}://{self.host}{self.path}"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply: the body in blocks, all of them made (its length is known before the first byte is written).

    ``close``: no HTTP answer is given, the connection is closed instead (2.x above its size limit).
    ``service``, ``operation``, ``username`` and ``parameters`` say what the face made of the request, for the log.
    """

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    blocks: Sequence[bytes] = ()
    close: bool = False
    service: str = ""
    operation: str = ""
    username: str = ""
    fault: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def length(self) -> int:
        """The body's length in bytes."""
        return sum(len(block) for block in self.blocks)

    def header(self, name: str) -> str | None:
        """The value of a header, by its name in any case."""
        return next((v for n, v in self.headers if n.lower() == name.lower()), None)


def empty(status: int, reason: str, *headers: tuple[str, str]) -> Reply:
    """A reply without a body."""
    return Reply(status, reason, headers)


def html(status: int, reason: str, title: str, text: str) -> Reply:
    """A small page of HTML; both texts must be safe already."""
    page = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>\n"
    return Reply(status, reason, (("Content-Type", "text/html; charset=utf-8"),), (page.encode("utf-8"),))

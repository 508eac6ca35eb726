"""Every recorded call of the 2.x panel through the real face: its request read, its reply written again, byte by byte.

As for 1.x; random or build-dependent parts are masked: the rows' class in DataSet schemas, stack traces, and the seventh digit
of a fraction of a second, which a Python date does not hold.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from resellerplan.simpanel.faces.corewcf import CoreWcfFace
from resellerplan.simpanel.faces.exchange import Request
from resellerplan.simpanel.flavours import flavour
from resellerplan.simpanel.markup import Element, text_of
from resellerplan.simpanel.wire import NotAuthenticated, ServiceFault
from tests.support.canonical import reply_body, result_of
from tests.support.fake_panel import FakePanel

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"
FLAVOUR = flavour("fusecp-2-ef")

NOT_SOAP = {
    # What is out of the panel's scope but for status and content type.
    "021-GetUserById-path_api_esUsers",
    "031-GetUserById-rest-ok",
    "032-GetUserById-rest-wrong-password",
}


def entries() -> list[tuple[str, dict[str, Any]]]:
    """Folder and entry of every recorded call."""
    return [
        (folder, entry)
        for folder in ("scenario-a-reseller-day", "fusecp-2.x")
        for entry in json.loads((RECORDINGS / folder / "index.json").read_text("utf-8"))
    ]


def masked(document: str) -> str:
    """A reply without what is arbitrary in it."""
    document = re.sub(r' msdata:Type="[^"]*"', ' msdata:Type="…"', document)
    document = re.sub(r"<StackTrace>.*?</StackTrace>", "", document, flags=re.S)
    return re.sub(r"(T\d\d:\d\d:\d\d\.)(\d+)", lambda m: (m[1] + m[2][:6]).rstrip("0"), document)


def chain_of(fault: Element) -> object:
    """The chain of exceptions in a fault's detail."""
    detail = next((e for e in fault if e.name == "detail"), None)
    code = next(text_of(e) for e in fault if e.name == "faultcode")
    if detail is None:
        text = next(text_of(e) for e in fault if e.name == "faultstring")
        reasons: dict[str, Any] = {"No anonymous access allowed.": "missing", "Invalid user or password": "wrong"}
        return NotAuthenticated(reasons[text]) if text in reasons else None
    messages: list[str] = []
    types: list[str] = []
    found: Element | None = next(iter(detail))
    while found is not None and any(found):
        parts = {e.name: e for e in found}
        messages.append(text_of(parts["Message"]))
        types.append(text_of(parts["Type"]))
        found = parts["InnerException"]
    own = "Deserialization" in code or messages[0].startswith(("Error in deserializing", "Exception of type 'CoreWCF.Must"))
    return None if own else ServiceFault(tuple(messages), tuple(types))


def told(entry: dict[str, Any], recorded: str) -> object:
    """What the panel is to answer."""
    body = reply_body(recorded)
    if body.name == "Fault":
        return chain_of(body)
    catalogue = FLAVOUR.catalogue()
    return result_of(body, catalogue.services[entry["service"]].operations[entry["operation"]], catalogue)


@pytest.mark.parametrize(("folder", "entry"), entries(), ids=lambda v: v["name"] if isinstance(v, dict) else "")
def test_a_recorded_reply_is_written_again_byte_by_byte(folder: str, entry: dict[str, Any]) -> None:
    recorded = (RECORDINGS / folder / f"{entry['name']}.reply.xml").read_bytes().decode("utf-8")
    request = (RECORDINGS / folder / f"{entry['name']}.request.xml").read_bytes()
    soap = "Envelope" in recorded
    panel = FakePanel(told(entry, recorded) if soap else None, password=None if soap else "Admin-Pw1!")
    path, _, query = entry["path"].partition("?")
    headers = {name.lower(): value for name, value in entry["request_headers"].items()}
    sent = Request(entry.get("method", "POST" if request else "GET"), path, query=query, headers=headers, body=request)
    reply = CoreWcfFace(panel, FLAVOUR).answer(sent)
    assert reply.status == entry["http_status"]
    headers_recorded = entry.get("reply_headers", {})
    recorded_type = headers_recorded.get("content-type") if headers_recorded else entry["content_type"]
    assert reply.header("Content-Type") == recorded_type
    assert reply.header("WWW-Authenticate") == headers_recorded.get("www-authenticate")
    if entry["name"] in NOT_SOAP:
        return
    made = b"".join(reply.blocks).decode("utf-8")
    assert masked(made) == masked(recorded)


def test_both_folders_are_walked() -> None:
    assert len(entries()) == 290 + 417

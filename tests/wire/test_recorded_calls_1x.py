"""Every recorded call of the 1.x panel through the real face: its request read, its reply written again, byte by byte.

The panel behind the face answers what the recording says (decoded by tests/support/canonical.py), so that what is compared is
the wire alone: which method is meant, who calls, what can be read, and every byte of the reply but random message ids.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from resellerplan.simpanel.faces.asmx import AsmxFace
from resellerplan.simpanel.faces.exchange import Reply, Request
from resellerplan.simpanel.flavours import flavour
from resellerplan.simpanel.markup import Element, parse, text_of
from resellerplan.simpanel.wire import NotAuthenticated, ServiceFault
from tests.support.canonical import reply_body, result_of
from tests.support.fake_panel import FakePanel

FOLDER = Path(__file__).resolve().parents[1] / "recordings" / "scenario-c-solidcp-1x"
FLAVOUR = flavour("solidcp-1.5")
IDS = re.compile(r"urn:uuid:[0-9a-f-]{36}")


@cache
def index() -> list[dict[str, Any]]:
    """The recorded calls."""
    found: list[dict[str, Any]] = json.loads((FOLDER / "index.json").read_text("utf-8"))
    return found


def fault_of(body: Element) -> object:
    """What the panel behind the face raised, where the recorded reply is a fault of the call itself."""
    texts = [text_of(e) for e in body if e.name == "faultstring"]
    parts = tuple("".join(texts).split(" ---> "))
    if parts[0] == "Server was unable to process request." and "Base-64" not in parts[1] and "outside the bounds" not in parts[1]:
        return ServiceFault(parts[1:])
    return None


def told(entry: dict[str, Any], recorded: str) -> object:
    """What the panel is to answer, so that the face's reply is the recorded one."""
    if entry["http_status"] == 401:
        return NotAuthenticated("wrong")
    body = reply_body(recorded)
    if body.name == "Fault":
        return fault_of(body)
    catalogue = FLAVOUR.catalogue()
    return result_of(body, catalogue.services[entry["service"]].operations[entry["operation"]], catalogue)


def ask(panel: FakePanel, entry: dict[str, Any], body: bytes) -> Reply:
    """Send a recorded request to the face."""
    headers = {name.lower(): value for name, value in entry["request_headers"].items()}
    face = AsmxFace(panel, FLAVOUR)
    return face.answer(Request(entry["method"], entry["path"], headers=headers, body=body, host="panel.example:9002"))


@pytest.mark.parametrize("number", range(1, 540))
def test_a_recorded_reply_is_written_again_byte_by_byte(number: int) -> None:
    entry = index()[number - 1]
    recorded = (FOLDER / f"{entry['name']}.reply.xml").read_bytes().decode("utf-8")
    panel = FakePanel(told(entry, recorded))
    reply = ask(panel, entry, (FOLDER / f"{entry['name']}.request.xml").read_bytes())
    assert reply.status == entry["http_status"]
    assert (reply.header("Content-Type") or "").lower() == entry["content_type"].lower()
    assert IDS.sub("ID", b"".join(reply.blocks).decode("utf-8")) == IDS.sub("ID", recorded)


def test_all_recorded_calls_are_walked() -> None:
    assert len(index()) == 539


def test_the_ids_of_a_reply_are_new_each_time() -> None:
    entry = next(e for e in index() if e["http_status"] == 200)
    request = (FOLDER / f"{entry['name']}.request.xml").read_bytes()
    first, second = (b"".join(ask(FakePanel(), entry, request).blocks).decode() for _ in range(2))
    assert len(set(IDS.findall(first) + IDS.findall(second))) == 4
    assert parse(first).broken is None

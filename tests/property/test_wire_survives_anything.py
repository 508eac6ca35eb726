"""A law of the embedded panel's wire: whatever bytes arrive, an answer leaves, and it is never a bug of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resellerplan.simpanel.faces.exchange import Request
from resellerplan.simpanel.markup import parse
from tests.support.foreign_walk import WORLD
from tests.support.served import Site, site

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"
FOLDERS = {"solidcp-1.5": "scenario-c-solidcp-1x", "fusecp-2-ef": "scenario-a-reseller-day"}
PIECES = [
    b"<", b">", b"</", b"/>", b"&", b"&#x8;", b"&#xD83D;", b"&lt;", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?x ?>",
    b"<!DOCTYPE a>", b"\x00", b"\xff", b"\r\n", b'"', b"'", b" xsi:nil='true'", b" i:nil='true'", b"-1", b"99999999999",
    b"", b"true", b"xmlns=''",
]  # fmt: skip


def recorded(folder: str) -> list[tuple[dict[str, Any], bytes]]:
    """Every recorded call of a scenario, and its request."""
    index = json.loads((RECORDINGS / folder / "index.json").read_text("utf-8"))
    return [(e, (RECORDINGS / folder / f"{e['name']}.request.xml").read_bytes()) for e in index]


CALLS = {name: recorded(folder) for name, folder in FOLDERS.items()}


@pytest.fixture(scope="module", params=sorted(FOLDERS))
def found(request: pytest.FixtureRequest) -> Iterator[Site]:
    """A panel of each face, for all examples: it has to survive them one after another."""
    with site(request.param, WORLD) as made:
        yield made


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_spoilt_request_is_answered(found: Site, data: st.DataObject) -> None:
    entry, body = data.draw(st.sampled_from(CALLS[found.app.flavour.name]))
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(body)))
        end = min(len(body), at + data.draw(st.integers(0, 12)))
        body = body[:at] + data.draw(st.sampled_from(PIECES)) + body[end:]
    headers = {k.lower(): v for k, v in entry["request_headers"].items()}
    if data.draw(st.booleans()) and "authorization" in headers:
        headers["authorization"] = "Basic YnJpZ2h0d2ViOkt1bmRlLVB3MSE="
    reply = found.app.answer(Request("POST", entry["path"], headers=headers, body=body))
    assert 200 <= reply.status < 600
    assert not found.bugs, found.bugs[0]


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=300), path=st.text(max_size=30), query=st.text(max_size=20), action=st.text(max_size=20))
def test_any_bytes_at_any_path_are_answered(found: Site, body: bytes, path: str, query: str, action: str) -> None:
    for method in ("GET", "POST", "HEAD", "PUT"):
        headers = {"content-type": "text/xml", "soapaction": action, "authorization": action}
        reply = found.app.answer(Request(method, f"/{path}", query=query, headers=headers, body=body))
        assert 200 <= reply.status < 600
    assert not found.bugs, found.bugs[0]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from([*(p.decode("latin-1") for p in PIECES), "<a>", "</a>", "<b c='d'>", "text"]), max_size=30))
def test_the_parser_always_ends_and_knows_where(pieces: list[str]) -> None:
    text = "".join(pieces)
    markup = parse(text)
    if markup.broken is not None:
        assert 0 <= markup.broken.offset <= len(text) + 2
        line, column = markup.line_and_column(markup.broken.offset)
        assert line >= 1
        assert column >= 1
    else:
        assert markup.root is not None

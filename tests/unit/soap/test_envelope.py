"""Requests as bytes, and the same without their secrets."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resellerplan.soap.envelope import MASK, XSI, write_envelope
from resellerplan.soap.node import Node
from resellerplan.soap.values import is_sendable

PREFIXES = {XSI: "i", "urn:types": "d"}
XML_TEXT = st.text(st.characters(codec="utf-8")).filter(is_sendable)


def written(*nodes: Node, **options: object) -> bytes:
    return write_envelope("Do", "urn:x", list(nodes), prefixes=PREFIXES, **options)  # type: ignore[arg-type]  # tests name any


@given(XML_TEXT)
def test_another_parser_reads_every_text_as_it_was_given(text: str) -> None:
    body = ElementTree.fromstring(written(Node("a", text)))[0][0]
    assert (body[0].text or "") == text.replace("\r\n", "\r\n")


@pytest.mark.parametrize("text", ["\x00", "a\x08b", "\x1b[2J", "\ud83d", "\ufffe"])
def test_a_character_that_xml_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        written(Node("a", text))


def test_a_null_stands_in_its_place_and_an_object_in_its_namespace() -> None:
    text = written(Node("user", children=[Node("zip", nil=True, namespace="urn:types"), Node("a", "1", namespace="urn:types")]))
    assert b'<user><d:zip i:nil="true"/><d:a>1</d:a></user>' in text


def test_a_member_of_a_namespace_nobody_knows_goes_back_in_it() -> None:
    body = ElementTree.fromstring(written(Node("a", "1", namespace="urn:new")))[0][0]
    assert body[0].tag == "{urn:new}a"


def test_a_masked_envelope_is_the_same_but_for_the_secrets() -> None:
    nodes = [Node("name", "m"), Node("password", "s3cret", secret=True)]
    header = Node("Credentials", children=[Node("Password", "log-in", namespace="urn:c", secret=True)], namespace="urn:h")
    plain = written(*nodes, header=header)
    masked = written(*nodes, header=header, masked=True)
    assert b"s3cret" in plain
    assert b"log-in" in plain
    assert masked == plain.replace(b"s3cret", MASK.encode()).replace(b"log-in", MASK.encode())


def test_a_node_does_not_print_its_secret() -> None:
    assert "s3cret" not in repr(Node("password", "s3cret", secret=True))

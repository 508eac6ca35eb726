"""The WSDL and XSD documents of every service say what the recorded ones say (contract 1.1.3, 1.2, 7.2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from resellerplan.simpanel.markup import Element, parse, text_of
from resellerplan.simpanel.operations import catalogue
from resellerplan.simpanel.wsdl_asmx import asmx_wsdl
from resellerplan.simpanel.wsdl_corewcf import CoreWcfDocuments

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"
OLD = RECORDINGS / "wsdl-solidcp-1x"
NEW = RECORDINGS / "fusecp-2.x" / "wsdl"
QUALIFIED = {"type", "base", "ref", "element", "message", "binding"}

Node = tuple[str, tuple[tuple[str, str], ...], str, tuple["Node", ...]]


def meaning(document: str) -> Node:
    """A document without prefixes and blanks: names by namespace, values that are names resolved.

    The order of what is declared in a schema means nothing and is sorted; documentation is left out.
    """
    root = parse(document.removeprefix("\ufeff")).root
    assert root is not None

    def value(element: Element, name: str, text: str) -> str:
        if name not in QUALIFIED or "://" in text:
            return text
        prefix, _, local = text.rpartition(":")
        return f"{{{element.scope.get(prefix, '')}}}{local}"

    def node(element: Element) -> Node:
        attributes = tuple(sorted((f"{{{s}}}{n}", value(element, n, v)) for (s, n), v in element.attributes.items()))
        children = tuple(node(c) for c in element if c.name != "documentation")
        if element.name == "schema":
            children = tuple(sorted(children, key=lambda c: (c[0], c[1])))
        return f"{{{element.namespace}}}{element.name}", attributes, text_of(element).strip(), children

    return node(root)


def first_difference(want: Node, got: Node, path: str = "") -> str:
    """Where two documents part, for the message of a failing test."""
    path = f"{path}/{want[0].rpartition('}')[2]}{dict(want[1]).get('{}name', '')}"
    if want[:3] != got[:3]:
        return f"{path}: {want[:3]} recorded, {got[:3]} made"
    for old, new in zip(want[3], got[3], strict=False):
        if old != new:
            return first_difference(old, new, path)
    return f"{path}: {len(want[3])} children recorded, {len(got[3])} made" if len(want[3]) != len(got[3]) else ""


@pytest.mark.parametrize("path", sorted(OLD.glob("*.wsdl")), ids=lambda p: p.stem)
def test_the_wsdl_of_a_1x_service_equals_the_recorded_one(path: Path) -> None:
    panel = catalogue("asmx")
    made = asmx_wsdl(panel.services[path.stem], panel, f"http://panel.example:9002/{path.stem}.asmx").decode()
    assert first_difference(meaning(path.read_text("utf-8")), meaning(made)) == ""


def query_of(path: Path) -> str:
    """The query that a recorded document was the answer to."""
    match path.name.split(".")[1:]:
        case ["wsdl"]:
            return "wsdl"
        case ["single", "wsdl"]:
            return "singleWsdl"
        case [part, "wsdl"]:
            return f"wsdl={part}"
        case [part, _]:
            return f"xsd={part}"
        case _:
            raise AssertionError(path)


@pytest.mark.parametrize("path", sorted(NEW.iterdir()), ids=lambda p: p.name)
def test_each_document_of_a_2x_service_equals_the_recorded_one(path: Path) -> None:
    panel = catalogue("corewcf")
    documents = CoreWcfDocuments(panel.services[path.name.split(".")[0]], panel, "http://localhost:9004")
    made = documents.document(query_of(path))
    assert made is not None
    assert first_difference(meaning(path.read_text("utf-8-sig")), meaning(made.decode())) == ""


def test_a_document_that_does_not_exist_is_not_made() -> None:
    panel = catalogue("corewcf")
    documents = CoreWcfDocuments(panel.services["esSystem"], panel, "http://localhost:9004")
    assert documents.document("wsdl=wsdl0") is None
    assert documents.document("xsd=xsd99") is None

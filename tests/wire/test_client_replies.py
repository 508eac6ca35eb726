"""Every recorded reply decodes to what another parser reads in it, and every recorded failure to the right error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from resellerplan.errors import PanelFault, PanelNotUnderstood, PanelUnauthorised
from resellerplan.panel.calls import CALLS, TYPED_LISTS, Result
from resellerplan.soap.envelope import XSI
from resellerplan.soap.fault import Fault
from resellerplan.soap.node import Node, plain_name
from resellerplan.soap.reply import SECRET_MEMBERS, ReplyReader
from tests.support.panel_client import client_answering
from tests.support.recorded import FOLDERS, Exchange, body_of, exchanges

NIL = f"{{{XSI}}}nil"
PIECE = 733


def ours(dialect: str) -> Iterator[Exchange]:
    for folder in FOLDERS[dialect]:
        for exchange in exchanges(folder):
            if exchange.reply is not None and exchange.operation in CALLS:
                yield exchange


def read(exchange: Exchange, wanted: tuple[str, ...] | None) -> ReplyReader:
    assert exchange.reply is not None
    reader = ReplyReader(exchange.operation, wanted=wanted)
    for start in range(0, len(exchange.reply), PIECE):
        reader.feed(exchange.reply[start : start + PIECE])
    reader.close()
    return reader


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def same(node: Node, element: ElementTree.Element) -> bool:
    """Whether a node of ours holds exactly what the other parser read."""
    if node.name != local(element) or node.nil != (element.get(NIL) == "true"):
        return False
    if len(element):
        return len(node.children) == len(element) and all(map(same, node.children, element))
    if local(element) == "element":
        return True  # a schema's element: its name stands in our text
    return (node.text or "") == (element.text or "") and not node.children


def rows_of(result: ElementTree.Element, wanted: tuple[str, ...]) -> list[tuple[str | None, ...]]:
    """The rows of a DataSet or of a typed list, all tables one after the other, read by the other parser."""
    diffgram = next((child for child in result if local(child) == "diffgram"), None)
    items = [row for dataset in diffgram for row in dataset] if diffgram is not None else list(result)
    found = []
    for item in items:
        values: dict[str, str | None] = {}
        for child in item:
            values[plain_name(local(child))] = None if child.get(NIL) == "true" else child.text or ""
        found.append(tuple(values.get(name) for name in wanted))
    return found


@pytest.mark.parametrize("dialect", ["fusecp2", "solidcp1"])
def test_every_recorded_result_is_read_as_another_parser_reads_it(dialect: str) -> None:
    compared: Counter[str] = Counter()
    for exchange in ours(dialect):
        if exchange.status != 200:
            continue
        assert exchange.reply is not None
        try:
            response = body_of(exchange.reply)
        except ElementTree.ParseError:
            assert b"&#" in exchange.reply, f"{exchange}: only character references are a reason"
            continue
        if local(response) == "Fault":
            continue
        result = response[0] if len(response) else None
        call = CALLS[exchange.operation]
        if call.result is Result.ROWS:
            names = sorted({plain_name(local(e)) for e in response.iter()} - {"row", "table", "newdataset"})
            wanted = tuple(names) or ("userid",)
            reader = read(exchange, wanted)
            tables = reader.tables
            schema = result is not None and any(local(child) == "schema" for child in result)
            assert reader.listed
            assert schema is (exchange.operation not in TYPED_LISTS), f"{exchange}"
            found = [tuple(row) for table in tables.tables for row in table.rows]
            assert found == (rows_of(result, wanted) if result is not None else []), f"{exchange}"
        else:
            node = read(exchange, None).result
            assert (node is None) == (result is None), f"{exchange}"
            assert node is None or result is None or same(node, result), f"{exchange}"
        compared[call.name] += 1
    assert sum(compared.values()) > 180
    assert len(compared) >= 38, sorted(set(CALLS) - set(compared))


@pytest.mark.parametrize("dialect", ["fusecp2", "solidcp1"])
def test_recorded_replies_to_calls_that_are_not_ours_are_read_whole_too(dialect: str) -> None:
    """The reader knows no calls: whatever a panel answers is read as another parser reads it."""
    counted: Counter[str] = Counter()
    for folder in FOLDERS[dialect]:
        for exchange in exchanges(folder):
            if exchange.reply is None or exchange.operation in CALLS:
                continue
            response = body_of(exchange.reply)
            if local(response) == "Fault":
                assert read(exchange, None).fault is not None
                counted["fault"] += 1
                continue
            node, result = read(exchange, None).result, response[0] if len(response) else None
            assert (node is None) == (result is None), f"{exchange}"
            if node is not None and result is not None:
                for element in result.iter():
                    if plain_name(local(element)) in SECRET_MEMBERS:
                        element.text = None  # never kept
                assert same(node, result), f"{exchange}"
            counted["result"] += 1
    assert dict(counted) == OTHERS[dialect]


OTHERS = {"fusecp2": {"result": 117, "fault": 24}, "solidcp1": {"result": 128, "fault": 19}}


def fault_of(exchange: Exchange) -> tuple[str, str] | None:
    assert exchange.reply is not None
    try:
        response = body_of(exchange.reply)
    except ElementTree.ParseError:
        return None
    if local(response) != "Fault":
        return None
    if response.tag.startswith("{http://www.w3.org/2003/05"):
        texts = [element.text or "" for element in response.iter() if local(element) in {"Value", "Text"}]
        return texts[0].rpartition(":")[2], texts[-1]
    parts = {local(child): child.text or "" for child in response}
    return parts["faultcode"].rpartition(":")[2], parts["faultstring"]


@pytest.mark.parametrize("dialect", ["fusecp2", "solidcp1"])
def test_every_recorded_fault_is_read_whole(dialect: str) -> None:
    compared = 0
    for exchange in ours(dialect):
        recorded = fault_of(exchange)
        if recorded is None:
            continue
        fault = read(exchange, None).fault
        assert isinstance(fault, Fault)
        assert fault.code == recorded[0]
        outermost = recorded[1].removeprefix("Server was unable to process request. ---> ").split(" ---> ")[0].strip()
        assert fault.messages[0] == outermost, f"{exchange}"
        compared += 1
    assert compared > 40


@pytest.mark.parametrize("dialect", ["fusecp2", "solidcp1"])
def test_every_recorded_failure_becomes_the_error_that_says_what_is_certain(dialect: str) -> None:
    seen: Counter[str] = Counter()
    for exchange in ours(dialect):
        if exchange.status == 200:
            continue
        assert exchange.reply is not None
        client = client_answering(dialect, exchange.status, exchange.content_type, exchange.reply)
        with pytest.raises((PanelFault, PanelUnauthorised, PanelNotUnderstood)) as caught:
            client.send_any(exchange.operation)
        error = caught.value
        fault = fault_of(exchange)
        if exchange.status == 401 or (fault and fault[1] in {"No anonymous access allowed.", "Invalid user or password"}):
            assert isinstance(error, PanelUnauthorised), f"{exchange}"
        elif fault is not None:
            assert isinstance(error, PanelFault), f"{exchange}"
            assert error.code == fault[0]
        else:
            assert isinstance(error, PanelNotUnderstood), f"{exchange}"
        seen[type(error).__name__] += 1
    assert seen["PanelFault"] > 30
    assert seen["PanelUnauthorised"] >= 3

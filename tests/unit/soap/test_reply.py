"""Replies: trees, rows, faults; what is refused, and what is mended."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resellerplan.errors import PanelNotUnderstood
from resellerplan.soap.reply import MAX_DEPTH, ReplyReader

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def envelope(inner: str) -> bytes:
    return f'<s:Envelope xmlns:s="{SOAP}" xmlns:i="{XSI}"><s:Body>{inner}</s:Body></s:Envelope>'.encode()


def response(result: str) -> bytes:
    return envelope(f'<GetThingResponse xmlns="urn:x">{result}</GetThingResponse>')


DATASET = response(
    '<GetThingResult><xs:schema id="NewDataSet" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="">'
    '<xs:element name="NewDataSet"><xs:complexType><xs:choice>'
    '<xs:element name="Table"><xs:complexType><xs:sequence><xs:element name="Column1"/></xs:sequence></xs:complexType></xs:element>'
    '<xs:element name="Table1"><xs:complexType><xs:sequence><xs:element name="UserID"/><xs:element name="Name"/>'
    '<xs:element name="Password"/></xs:sequence></xs:complexType></xs:element>'
    "</xs:choice></xs:complexType></xs:element></xs:schema>"
    '<d:diffgram xmlns:d="urn:schemas-microsoft-com:xml-diffgram-v1"><NewDataSet xmlns="">\n'
    "<Table><Column1>2</Column1></Table>\n"
    "<Table1><UserID>5</UserID><Name>A &amp; B</Name><Password>geheim</Password></Table1>\n"
    "<Table1>\n  <UserID>6</UserID>\n  <Name/>\n</Table1>"
    "<Table1><UserID>7</UserID></Table1>"
    "</NewDataSet></d:diffgram></GetThingResult>"
)


def read(data: bytes, wanted: tuple[str, ...] | None = None, piece: int = 7) -> ReplyReader:
    reader = ReplyReader("GetThing", wanted=wanted)
    for start in range(0, len(data), piece):
        reader.feed(data[start : start + piece])
    reader.close()
    return reader


def test_a_dataset_gives_the_wanted_columns_of_each_table_in_the_order_of_its_schema() -> None:
    tables = read(DATASET, ("name", "userid", "column1")).tables
    assert tables.first_name == "Table"
    assert [table.rows for table in tables.tables] == [
        [[None, None, "2"]],
        [["A & B", "5", None], ["", "6", None], [None, "7", None]],
    ]
    assert tables.tables[1].columns == {"userid", "name", "password"}


@given(st.integers(1, 400))
def test_the_size_of_the_pieces_does_not_matter(piece: int) -> None:
    whole = read(DATASET, ("userid", "name"), len(DATASET)).tables.rows(1)
    assert read(DATASET, ("userid", "name"), piece).tables.rows(1) == whole


def test_a_secret_column_is_never_kept_even_when_it_is_asked_for() -> None:
    assert read(DATASET, ("password", "userid")).tables.rows(1)[0] == [None, "5"]


def test_a_secret_member_of_an_object_has_no_text() -> None:
    result = read(response("<GetThingResult><Username>m</Username><Password>geheim</Password></GetThingResult>")).result
    assert result is not None
    assert [child.text for child in result] == ["m", ""]
    assert "geheim" not in repr(list(result))


def test_rows_can_be_taken_as_they_come() -> None:
    taken: list[tuple[int, list[str | None]]] = []
    reader = ReplyReader("GetThing", wanted=("userid",), on_row=lambda table, row: taken.append((table, row)))
    reader.feed(DATASET)
    reader.close()
    assert taken == [(0, [None]), (1, ["5"]), (1, ["6"]), (1, ["7"])]
    assert all(not table.rows for table in reader.tables.tables)


def test_a_typed_list_gives_rows_with_null_and_empty_told_apart() -> None:
    data = response(
        '<GetThingResult xmlns:a="urn:t"><a:Item><a:userId>1</a:userId><a:name i:nil="true"/></a:Item>'
        "<a:Item><a:_x003C_MfaMode_x003E_k__BackingField>2</a:_x003C_MfaMode_x003E_k__BackingField><a:name/></a:Item></GetThingResult>"
    )
    assert read(data, ("userid", "name", "mfamode")).tables.rows() == [["1", None, None], [None, "", "2"]]


@pytest.mark.parametrize("result", ['<GetThingResult i:nil="true"/>', "", "<GetThingResult/>", "<GetThingResult></GetThingResult>"])
def test_no_result_a_null_one_and_an_empty_list_have_no_rows(result: str) -> None:
    assert read(response(result), ("userid",)).tables.rows() == []


def test_a_null_result_is_told_from_an_empty_one() -> None:
    null = read(response('<GetThingResult i:nil="true"/>')).result
    empty = read(response("<GetThingResult/>")).result
    assert null is not None
    assert null.nil
    assert empty is not None
    assert empty.text == ""
    assert read(response("")).result is None


def test_headers_of_the_reply_are_passed_over() -> None:
    data = (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Header><Action>x</Action></s:Header><s:Body>'
        '<GetThingResponse xmlns="urn:x"><GetThingResult>5</GetThingResult></GetThingResponse></s:Body></s:Envelope>'
    ).encode()
    result = read(data).result
    assert result is not None
    assert result.text == "5"


def test_a_character_that_xml_does_not_have_is_mended_and_told() -> None:
    reader = read(response("<GetThingResult><Name>a&#x8;b&#xD83D;c&#13;d&#x41;</Name></GetThingResult>"), piece=1)
    assert reader.result is not None
    assert reader.result.children[0].text == "a\ufffdb\ufffdc\rdA"
    assert reader.mended > 0


def test_a_reply_without_such_characters_is_not_mended() -> None:
    assert read(DATASET, ("userid",)).mended == 0


HOSTILE = {
    "a document type": b'<!DOCTYPE x [<!ENTITY a "b">]>' + envelope("<a/>"),
    "an external entity": b'<!DOCTYPE x SYSTEM "file:///etc/passwd">' + envelope("<a/>"),
    "an undefined entity": envelope("<GetThingResponse>&boo;</GetThingResponse>"),
    "a web page": b"<!DOCTYPE html><html><body>Log in</body></html>",
    "another web page": b"\n<HTML><body>x</body></HTML>",
    "plain text": b"401 Access Denied",
    "nothing": b"",
    "another charset": b'<?xml version="1.0" encoding="iso-8859-1"?>' + envelope("<a/>"),
    "utf-16": envelope("<a/>").decode().encode("utf-16"),
    "utf-16 without a mark": envelope("<a/>").decode().encode("utf-16-be"),
    "bytes that are no utf-8": envelope("<GetThingResponse>ÿ</GetThingResponse>").replace(b"\xc3\xbf", b"\xff"),
    "a truncated reply": DATASET[:-40],
    "a truncated reference": DATASET[: DATASET.index(b"&amp;") + 3],
    "something after the end": DATASET + b"<x/>",
    "another answer": envelope('<GetOtherResponse xmlns="urn:x"/>'),
    "two answers": envelope('<GetThingResponse xmlns="urn:x"/><GetThingResponse xmlns="urn:x"/>'),
    "no answer": envelope(""),
    "no envelope": b"<rss/>",
    "an envelope of nobody's": b'<s:Envelope xmlns:s="urn:mine"><s:Body/></s:Envelope>',
    "too deep an object": response("<GetThingResult>" + "<a>" * MAX_DEPTH + "</a>" * MAX_DEPTH + "</GetThingResult>"),
    "too deep a header": f'<s:Envelope xmlns:s="{SOAP}"><s:Header>{"<a>" * MAX_DEPTH}'.encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("wanted", [None, ("userid",)])
def test_what_is_no_reply_of_a_panel_is_refused(name: str, wanted: tuple[str, ...] | None) -> None:
    with pytest.raises(PanelNotUnderstood) as caught:
        read(HOSTILE[name], wanted, piece=50)
    assert len(caught.value.fragment) <= 160
    assert caught.value.fragment.isprintable()


def test_rows_nested_too_deeply_are_refused() -> None:
    data = response("<GetThingResult><Item>" + "<a>" * MAX_DEPTH + "</a>" * MAX_DEPTH + "</Item></GetThingResult>")
    with pytest.raises(PanelNotUnderstood, match="deeply"):
        read(data, ("userid",))


def test_a_reply_over_the_limit_is_refused_before_it_is_whole() -> None:
    reader = ReplyReader("GetThing", max_bytes=1000)
    reader.feed(f'<s:Envelope xmlns:s="{SOAP}">'.encode() + b" " * 900)
    with pytest.raises(PanelNotUnderstood, match="longer than 1000 bytes"):
        reader.feed(b" " * 100)


def test_a_fragment_shows_no_escape_sequence() -> None:
    with pytest.raises(PanelNotUnderstood) as caught:
        read(b"<html>\x1b[2J\x1b]0;owned\x07 \xe2\x80\xae</html>", piece=200)
    assert "\x1b" not in caught.value.fragment
    assert "\u202e" not in caught.value.fragment
    assert "\\x1b[2J" in caught.value.fragment


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for wanted in (None, ("userid",)):
        with pytest.raises(PanelNotUnderstood):
            read(data, wanted, piece=13)


@given(st.integers(0, len(DATASET) - 1), st.binary(min_size=1, max_size=3))
def test_a_damaged_reply_is_read_or_refused_and_nothing_else(position: int, junk: bytes) -> None:
    data = DATASET[:position] + junk + DATASET[position + 1 :]
    for wanted in (None, ("userid", "name")):
        with suppress(PanelNotUnderstood):
            read(data, wanted, piece=64)


@pytest.mark.parametrize("wanted", [None, ("name",)])
def test_a_second_element_after_the_result_is_passed_over(wanted: tuple[str, ...] | None) -> None:
    """An ``out`` parameter follows the result; whatever it holds, the reply is read to its end."""
    first = "<GetThingResult><Item><Name>A</Name></Item></GetThingResult>"
    reader = read(response(f"{first}<more><Password>geheim</Password><b>2</b></more><last/>"), wanted)
    if wanted is None:
        assert reader.result is not None
        assert [child.name for child in reader.result] == ["Item"]
    else:
        assert reader.tables.rows() == [["A"]]


def test_a_nil_column_is_null_and_the_next_is_not() -> None:
    row = '<Item><Name i:nil="true"/><Id>5</Id></Item><Item><Id>6</Id><Name>B</Name></Item>'
    assert read(response(f"<GetThingResult>{row}</GetThingResult>"), ("id", "name")).tables.rows() == [["5", None], ["6", "B"]]

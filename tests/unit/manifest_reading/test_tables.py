"""Tables as spreadsheets save them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from resellerplan.diagnostics import Finding, Place, Severity
from resellerplan.manifest.files import Files
from resellerplan.manifest.limits import Limits
from resellerplan.manifest.table import Table, TableOptions
from resellerplan.manifest.tables import read_table

ASKED = Place("m.yaml", 1, 1)


def read(
    tmp_path: Path, data: bytes | str, kind: str = "csv", limits: Limits | None = None, **options: Any
) -> tuple[Table | None, tuple[Finding, ...]]:
    (tmp_path / "t").write_bytes(data.encode() if isinstance(data, str) else data)
    files = Files(here=tmp_path)
    table, findings = read_table(files, "t", kind, TableOptions(**options), ASKED, limits or Limits())
    return table, (*findings, *files.findings)


def rows(tmp_path: Path, data: bytes | str, **options: Any) -> list[dict[str, str]]:
    table, findings = read(tmp_path, data, **options)
    assert [one.code for one in findings if one.severity is Severity.ERROR] == []
    assert table is not None
    return list(table.rows)


def errors(tmp_path: Path, data: bytes | str, **options: Any) -> list[str]:
    _, findings = read(tmp_path, data, **options)
    return [one.code for one in findings if one.severity is Severity.ERROR]


GERMAN = (
    "Benutzername;Firma;PLZ;Preis;Beginn\r\n"
    'mueller;"Müller; Söhne";01067;4,90;31.12.2026\r\n'
    "schmidt;Schmidt;10115;1.234,50;1.2.2027\r\n"
)
ENGLISH = (
    "\ufeffBenutzername,Firma,PLZ,Preis,Beginn\n"
    "mueller,Müller; Söhne,01067,4.90,2026-12-31\n"
    'schmidt,Schmidt,10115,"1,234.50",2027-02-01\n'
)
MEANT = [
    {"Benutzername": "mueller", "Firma": "Müller; Söhne", "PLZ": "01067", "Preis": "4.90", "Beginn": "2026-12-31"},
    {"Benutzername": "schmidt", "Firma": "Schmidt", "PLZ": "10115", "Preis": "1234.50", "Beginn": "2027-02-01"},
]


@pytest.mark.parametrize(
    "data",
    [
        GERMAN.encode("windows-1252"),
        GERMAN.encode("utf-8"),
        GERMAN.encode("utf-8-sig"),
        ENGLISH.encode("utf-8"),
        GERMAN.replace("\r\n", "\r").encode("windows-1252"),
        ("sep=;\r\n" + GERMAN).encode("windows-1252"),
        GERMAN.replace('"Müller; Söhne"', "Müller; Söhne").replace(";", "\t").replace("Müller\t", "Müller;").encode("windows-1252"),
        (GERMAN + ";;;;\r\n\r\n").encode(),
        GERMAN.replace("\r\n", ";;\r\n").encode(),
    ],
)
def test_a_table_means_the_same_however_a_spreadsheet_saved_it(tmp_path: Path, data: bytes) -> None:
    assert rows(tmp_path, data) == MEANT


def test_headings_are_mapped_to_our_names(tmp_path: Path) -> None:
    table, _ = read(tmp_path, "Benutzername;E-Mail\na;a@b.example\n", columns={"username": "benutzername", "email": "E-Mail"})
    assert table is not None
    assert table.rows == [{"username": "a", "email": "a@b.example"}]


def test_a_row_has_the_line_it_begins_in(tmp_path: Path) -> None:
    table, _ = read(tmp_path, 'a;b\n1;"x\r\ny"\n\n2;z\n')
    assert table is not None
    assert [table.turn(number).place for number in range(2)] == [Place("t", 2, 1), Place("t", 5, 1)]
    assert table.rows[0]["b"] == "x\ny"


def test_what_was_taken_for_granted_is_told_as_notes(tmp_path: Path) -> None:
    _, findings = read(tmp_path, GERMAN.encode("windows-1252"))
    assert [(one.code, one.severity) for one in findings] == [("RP1119", Severity.NOTE)] * 3
    told = " ".join(one.label for one in findings)
    assert "Windows-1252" in told
    assert "semicolon" in told
    assert "'Preis', 'Beginn'" in told


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("", "RP1118"),
        ("a;;c\n1;2;3\n", "RP1118"),
        ("a;b;a\n1;2;3\n", "RP1113"),
        ("a;b;A\n1;2;3\n", "RP1113"),
        ("a;b\n1\n", "RP1112"),
        ("a;b\n1;2;3\n", "RP1112"),
        ('a;b\n1;"x\n2;y\n', "RP1122"),
        ('a;b\n1;"x"y\n', "RP1122"),
        ("name;price, net\nA;4,90\nB;5,90\n", "RP1114"),
        ("a;b\nx\x01;y\n", "RP1016"),
        (b"a;b\nM\xfcller;M\xc3\xbcller\n", "RP1115"),
        (b"a;b\nM\x81ller;x\n", "RP1115"),
        (b"a;b\nJ\x84ger;x\n", "RP1115"),
        (b"\xef\xbb\xbfa;b\nM\xfc;x\n", "RP1115"),
        ("a;b\nx;ü\n".encode("utf-16"), "RP1115"),
        (b"a;b\n\0;x\n", "RP1020"),
        ("a;b\n" + "1;" + "x" * 40_000 + "\n", "RP1123"),
        ("a;b\n" + "1;" + "x" * 200_000 + "\n", "RP1123"),
        (";".join(f"c{n}" for n in range(600)) + "\n", "RP1123"),
    ],
)
def test_a_table_that_can_not_be_told_ends_in_its_finding(tmp_path: Path, data: bytes | str, code: str) -> None:
    assert errors(tmp_path, data) == [code]


def test_a_separator_that_was_told_settles_it(tmp_path: Path) -> None:
    data = "name;price, net\nA;4,90\nB;5,90\n"
    assert rows(tmp_path, data, separator=";") == [{"name": "A", "price, net": "4.90"}, {"name": "B", "price, net": "5.90"}]


def test_a_decimal_mark_that_can_not_be_told_is_a_doubt_about_its_column_alone(tmp_path: Path) -> None:
    table, _ = read(tmp_path, "a;b\nx;1,234\n")
    assert table is not None
    assert {name: one.code for name, one in table.doubts.items()} == {"b": "RP1116"}
    assert rows(tmp_path, "a;b\nx;1,234\n", decimal=",") == [{"a": "x", "b": "1.234"}]
    assert rows(tmp_path, "a;b\nx;1,234\n", decimal=".") == [{"a": "x", "b": "1234"}]
    assert rows(tmp_path, "a;b;c\nx;1,234;4,5\n")[0]["b"] == "1.234"


def test_a_day_with_slashes_is_told_by_the_column_or_a_doubt(tmp_path: Path) -> None:
    assert rows(tmp_path, "a;b\nx;3/4/2026\ny;13/4/2026\n")[0]["b"] == "2026-04-03"
    assert rows(tmp_path, "a;b\nx;3/4/2026\ny;3/14/2026\n")[0]["b"] == "2026-03-04"
    table, _ = read(tmp_path, "a;b\nx;3/4/2026\n")
    assert table is not None
    assert table.doubts["b"].code == "RP1124"


def test_text_that_only_looks_like_numbers_stays_text(tmp_path: Path) -> None:
    made = rows(tmp_path, "zip;phone;house;mixed\n01067;0351 123;12a;4,90\n10115;+49 351;7;n. a.\n")
    assert made[0] == {"zip": "01067", "phone": "0351 123", "house": "12a", "mixed": "4,90"}


def test_many_ragged_rows_are_counted(tmp_path: Path) -> None:
    _, findings = read(tmp_path, "a;b\n" + "1\n" * 100)
    ragged = [one for one in findings if one.code == "RP1112"]
    assert len(ragged) == 21
    assert "80" in ragged[-1].label


def test_a_table_of_too_many_rows_stops(tmp_path: Path) -> None:
    assert "RP1123" in [one.code for one in read(tmp_path, "a;b\n" + "1;2\n" * 30, limits=Limits(rows=20))[1]]


def sheet(rows_xml: str, names: tuple[str, ...] = ("Kunden",)) -> bytes:
    """A small .xlsx, by hand: what a spreadsheet writes, without its styles."""
    out = io.BytesIO()
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        kinds = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            f'spreadsheetml.worksheet+xml"/>'
            for n in range(1, len(names) + 1)
        )
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
            'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
            f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{kinds}</Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        sheets = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(names, 1))
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{sheets}</sheets></workbook>')
        relations = "".join(
            f'<Relationship Id="r{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(names) + 1)
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>'
        )
        for n in range(1, len(names) + 1):
            archive.writestr(
                f"xl/worksheets/sheet{n}.xml", f'<worksheet xmlns="{main}"><sheetData>{rows_xml}</sheetData></worksheet>'
            )
    return out.getvalue()


def text_cell(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


BOOK = (
    f'<row r="1">{text_cell("A1", "username")}{text_cell("B1", "zip")}{text_cell("C1", "price")}</row>'
    f'<row r="3">{text_cell("A3", "mueller")}{text_cell("B3", "01067")}<c r="C3"><v>4.9</v></c></row>'
    f'<row r="4">{text_cell("A4", "schmidt")}<c r="B4"><v>10115</v></c><c r="C4"><v>5</v></c></row>'
)


def test_a_spreadsheet_is_read_like_a_table(tmp_path: Path) -> None:
    table, findings = read(tmp_path, sheet(BOOK), kind="xlsx")
    assert findings == ()
    assert table is not None
    assert table.rows == [
        {"username": "mueller", "zip": "01067", "price": "4.9"},
        {"username": "schmidt", "zip": "10115", "price": "5"},
    ]
    assert [table.place(row).line for row in range(2)] == [3, 4]


def test_numbers_of_a_spreadsheet_are_what_they_are(tmp_path: Path) -> None:
    rows = (
        f'<row r="1">{text_cell("A1", "typed")}{text_cell("B1", "told")}{text_cell("C1", "mixed")}</row>'
        f'<row r="2"><c r="A2"><v>1.234</v></c>{text_cell("B2", "1.234")}{text_cell("C2", "4,90")}</row>'
        f'<row r="3"><c r="A3"><v>20</v></c>{text_cell("B3", "2.000,5")}<c r="C3"><v>5.5</v></c></row>'
    )
    table, findings = read(tmp_path, sheet(rows), kind="xlsx")
    assert table is not None
    assert [row["typed"] for row in table.rows] == ["1.234", "20"]
    assert [row["told"] for row in table.rows] == ["1234", "2000.5"]
    assert list(table.doubts) == ["mixed"]
    assert [one.code for one in findings] == ["RP1119"]


def test_formulas_that_failed_are_told_for_the_sheet_that_is_read(tmp_path: Path) -> None:
    cells = "".join(f'<row r="{n}"><c r="A{n}" s="1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>' for n in range(2, 30))
    rows = f'<row r="1">{text_cell("A1", "city")}</row>{cells}<row r="30">{text_cell("A30", "Dresden")}</row>'
    for names, wanted in ((("Kunden",), None), (("Alt", "Müller &amp; Co"), "Müller & Co")):
        _, findings = read(tmp_path, sheet(rows, names), kind="xlsx", sheet=wanted)
        told = [one for one in findings if one.code == "RP1125"]
        assert (told[0].place, told[0].label) == (Place("t", 2, 1), "#DIV/0! in cell A2")
        assert len(told) == 21
        assert "8 further cells" in told[-1].label


OPEN = "urn:oasis:names:tc:opendocument:xmlns:"


def opened(rows_xml: str, name: str = "Kunden") -> bytes:
    """A small .ods, by hand: what LibreOffice writes, without its styles."""
    out = io.BytesIO()
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{OPEN}manifest:1.0"><manifest:file-entry manifest:full-path="/" '
            f'manifest:media-type="{kind}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        )
        spaces = " ".join(f'xmlns:{short}="{OPEN}{short}:1.0"' for short in ("office", "table", "text"))
        other = open_row(open_cell("float", "0", "#DIV/0!", 'table:formula="of:=1/0"'))
        tables = f'<table:table table:name="Alt">{other}</table:table><table:table table:name="{name}">{rows_xml}</table:table>'
        body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        archive.writestr("content.xml", f"<office:document-content {spaces}>{body}</office:document-content>")
    return out.getvalue()


def open_row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def open_text(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def open_cell(kind: str, value: str, shown: str, more: str = "") -> str:
    attribute = {"date": "date-value", "boolean": "boolean-value"}.get(kind, "value")
    head = f'<table:table-cell {more} office:value-type="{kind}" office:{attribute}="{value}">'
    return f"{head}<text:p>{shown}</text:p></table:table-cell>"


EMPTY_ROWS = (
    '<table:table-row table:number-rows-repeated="{}"><table:table-cell table:number-columns-repeated="6"/></table:table-row>'
)
HEAD = open_row(*(open_text(name) for name in ("username", "zip", "price", "share", "ends", "active")))


def test_an_opendocument_sheet_is_read_like_a_table(tmp_path: Path) -> None:
    body = (
        EMPTY_ROWS.format(2)
        + open_row(
            open_text("mueller"),
            open_text("01067"),
            open_cell("currency", "1.234", "1,23 €"),
            open_cell("percentage", "0.05", "5%"),
            open_cell("date", "2026-12-31", "31.12.26"),
            open_cell("boolean", "true", "WAHR"),
        )
        + open_row(open_text("schmidt"), open_cell("float", "10115", "10115"), open_cell("float", "5", "5,00"))
        + EMPTY_ROWS.format(1_000_000)
    )
    table, findings = read(tmp_path, opened(HEAD + body), kind="ods", sheet="Kunden")
    assert findings == ()
    assert table is not None
    assert [tuple(row.values()) for row in table.rows] == [
        ("mueller", "01067", "1.234", "0.05", "2026-12-31", "true"),
        ("schmidt", "10115", "5", "", "", ""),
    ]
    assert [table.place(row).line for row in range(2)] == [4, 5]


def test_formulas_that_failed_in_an_opendocument_sheet_are_told(tmp_path: Path) -> None:
    formula = 'table:formula="of:=NA()"'
    spare = '<table:table-cell table:number-columns-repeated="2"/>'
    body = (
        EMPTY_ROWS.format(3)
        + open_row(open_text("mueller"), open_text("#1 of all"), spare, open_cell("float", "0", "#N/A", formula))
        + open_row(open_text("schmidt"), open_cell("float", "7", "7", formula), open_cell("float", "0", "Err:502", formula))
    )
    _, findings = read(tmp_path, opened(HEAD + body, "A &amp; B"), kind="ods", sheet="A & B")
    assert [(one.code, one.label, one.place.line if one.place else 0) for one in findings] == [
        ("RP1125", "#N/A in cell E5", 5),
        ("RP1125", "Err:502 in cell C6", 6),
    ]


@pytest.mark.parametrize(
    "encoding", ["undefined", "idna", "punycode", "unicode_escape", "utf-7", "rot13", "base64", "nonsense", "ü"]
)
def test_a_codec_that_is_no_encoding_is_told(encoding: str, tmp_path: Path) -> None:
    table, findings = read(tmp_path, "username\nmueller\n", encoding=encoding)
    assert table is None
    assert [(one.code, one.label) for one in findings] == [("RP1115", f"there is no encoding {encoding!r}")]


def test_an_encoding_that_is_said_is_taken_even_where_bytes_are_nul(tmp_path: Path) -> None:
    table, _ = read(tmp_path, "username\tcity\r\nmueller\tMünchen\r\n".encode("utf-16"), encoding="utf-16")
    assert table is not None
    assert table.rows == [{"username": "mueller", "city": "München"}]
    _, findings = read(tmp_path, b"username;city\nmue\0ller;M\n", encoding="cp1252")
    assert [(one.code, one.place.line, one.place.column) for one in findings if one.place] == [("RP1020", 2, 4)]


def test_a_sheet_is_named_or_the_first_is_taken_and_told(tmp_path: Path) -> None:
    data = sheet(BOOK, ("Kunden", "Alt"))
    assert [one.code for one in read(tmp_path, data, kind="xlsx")[1]] == ["RP1119"]
    assert read(tmp_path, data, kind="xlsx", sheet="Alt")[1] == ()
    assert [one.code for one in read(tmp_path, data, kind="xlsx", sheet="Neu")[1]] == ["RP1121"]


def test_what_is_no_spreadsheet_or_unpacks_to_too_much_is_told(tmp_path: Path) -> None:
    for data in (b"", b"PK\x03\x04broken", b"a;b\n1;2\n", sheet(BOOK)[:-30]):
        assert [one.code for one in read(tmp_path, data, kind="xlsx")[1]] == ["RP1121"]
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)
    assert [one.code for one in read(tmp_path, bomb.getvalue(), kind="xlsx", limits=Limits(sheet_bytes=1_000_000))[1]] == ["RP1121"]


def test_without_the_extra_the_hint_names_it(tmp_path: Path, without_calamine: None) -> None:
    _, findings = read(tmp_path, sheet(BOOK), kind="xlsx")
    assert [one.code for one in findings] == ["RP1120"]
    assert "resellerplan[sheets]" in findings[0].hint

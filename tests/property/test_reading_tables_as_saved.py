"""One table, saved as UTF-8 with commas and as a German Excel saves it, gives the same documents."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from resellerplan.diagnostics import Severity
from resellerplan.manifest.expand import expand
from resellerplan.manifest.files import Files
from resellerplan.manifest.gather import gather

LETTERS = st.text(st.sampled_from("abcxyzÄÖÜäöüßéñ€ &.,;'\"-/+"), min_size=1, max_size=20)
TEXT = LETTERS.map(str.strip).filter(lambda text: text != "" and any(sign.isalpha() for sign in text))
ROW = st.fixed_dictionaries(
    {
        "username": st.from_regex(r"[a-z]{3,8}[0-9]{0,3}", fullmatch=True),
        "company": TEXT,
        "zip": st.from_regex(r"[0-9]{5}", fullmatch=True),
        "phone": st.from_regex(r"(\+49 |0)[1-9][0-9]{2,4}[ /][0-9]{3,7}", fullmatch=True),
        "price": st.decimals(min_value=0, max_value=99_999, places=2),
        "ends": st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)),
        "note": st.one_of(st.just(""), TEXT),
    }
)
COLUMNS = ["username", "company", "zip", "phone", "price", "ends", "note"]
MANIFEST = """customers:
  - for_each: {csv: t.csv}
    username: "{{ each.value.username }}"
    company: "{{ each.value.company | text }}"
    zip: "{{ each.value.zip }}"
    primary_phone: "{{ each.value.phone }}"
    ends: "{{ each.value.ends }}"
    comments: "price {{ each.value.price }}, note {{ each.value.note }}"
"""


def ordered(row: dict[str, object]) -> list[object]:
    return [row[name] for name in COLUMNS]


def international(row: dict[str, object]) -> list[str]:
    return [value.isoformat() if isinstance(value, date) else str(value) for value in ordered(row)]


def german(row: dict[str, object]) -> list[str]:
    cells = []
    for value in ordered(row):
        if isinstance(value, Decimal):
            cells.append(str(value).replace(".", ","))
        elif isinstance(value, date):
            cells.append(value.strftime("%d.%m.%Y"))
        else:
            cells.append(str(value))
    return cells


def saved(head: list[str], rows: list[list[str]], separator: str, line_end: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=line_end).writerows([head, *rows])
    return out.getvalue()


def read(table: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "resellerplan.yaml").write_text(MANIFEST, encoding="utf-8")
        Path(folder, "t.csv").write_bytes(table)
        files = Files(here=Path(folder))
        documents, _ = gather((), files)
        made = expand(documents, {}, files)
        assert [one for one in (*files.findings, *made.findings) if one.severity is Severity.ERROR] == []
        return made.documents[0].data


@settings(max_examples=200, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(ROW, min_size=1, max_size=8))
def test_a_table_means_the_same_by_commas_and_from_a_german_excel(rows: list[dict[str, object]]) -> None:
    head = COLUMNS
    plain = saved(head, [international(row) for row in rows], ",", "\n").encode("utf-8")
    excel = saved(head, [german(row) for row in rows], ";", "\r\n").encode("windows-1252")
    meant = read(plain)
    assert isinstance(meant, dict)
    assert [entry["username"] for entry in meant["customers"]] == [row["username"] for row in rows]
    assert read(excel) == meant
    assert read(b"\xef\xbb\xbf" + saved(head, [german(row) for row in rows], "\t", "\r\n").encode("utf-8")) == meant

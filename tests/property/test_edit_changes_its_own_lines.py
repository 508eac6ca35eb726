"""Edits in many hands' styles change their own lines only, byte for byte, and say exactly what was meant; fmt keeps the meaning."""

from __future__ import annotations

from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from resellerplan.cli.commands.fmt import key_order
from resellerplan.manifest.csv_edit import read_csv_file
from resellerplan.manifest.document import Document
from resellerplan.manifest.edit import EditRefused, Splice, add_entry, spliced, verified
from resellerplan.manifest.files import BOM
from resellerplan.manifest.layout import canonical
from resellerplan.manifest.parsing import parse
from resellerplan.manifest.table import TableOptions
from resellerplan.manifest.yaml_text import value_text
from resellerplan.report.edit_diff import Replaced, edit_diff

HANDS = settings(max_examples=150, deadline=None, phases=[Phase.explicit, Phase.generate])
NAMES = st.from_regex(r"[a-z]{2,6}", fullmatch=True)
VALUES = st.sampled_from(
    [
        "Müller",
        "'O''Hara'",
        '"a: b # c"',
        "01067",
        "5",
        "true",
        "null",
        "|-\n@two\n@lines",
        ">-\n@folded\n@text",
        "[a, b]",
        "{x: 1}",
        "'{{ vars.x }}'",
        "",
    ]
)
COMMENT = st.sampled_from(["", "", "  # remark", "    # aligned"])


@st.composite
def manifests(draw: st.DrawFn) -> str:
    """A manifest as one of many people writes it."""
    indent = draw(st.sampled_from([2, 4]))
    dash = draw(st.sampled_from([0, 2, 4]))
    gap = draw(st.sampled_from([1, 3]))
    flow = draw(st.booleans())
    blank = draw(st.booleans())
    anchored = draw(st.booleans())
    lines = draw(st.sampled_from([[], ["# head"], ["---"], ["# yaml-language-server: $schema=x", ""]]))
    lines = [
        *lines,
        f"version: 1{draw(COMMENT)}",
        *draw(st.sampled_from([[], ["", "panel:", " " * indent + "url: https://panel.example"]])),
    ]
    lines += ["", "customers:" + draw(COMMENT)] if draw(st.booleans()) else ["customers:"]
    for number, name in enumerate(draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))):
        if blank and number:
            lines.append("")
        lines += [" " * dash + "# about the next"] if draw(st.booleans()) else []
        head = " " * dash + "-" + " " * gap
        if flow:
            lines.append(head + f"{{username: {name}, zip: 01067}}{draw(COMMENT)}")
            continue
        anchor = f"&a{number} " if anchored and gap == 1 else ""
        lines.append(head + (f"{anchor}\n{' ' * (dash + 1 + gap)}" if anchor else "") + f"username: {name}{draw(COMMENT)}")
        inner = " " * (dash + 1 + gap)
        for key in draw(st.lists(st.sampled_from(["email", "company", "zip", "comments", "city"]), max_size=4, unique=True)):
            value = draw(VALUES).replace("@", inner + " " * indent)
            lines.append(f"{inner}{key}: {value}{draw(COMMENT) if chr(10) not in value else ''}")
            if draw(st.booleans()) and chr(10) not in value:
                lines.append(inner + "# own remark")
        if anchored and number and gap == 1 and draw(st.booleans()):
            lines.append(f"{inner}initial: *a0")
    lines += draw(st.sampled_from([[], ["# the end"], ["", "spaces: []"], ["spaces:", "  - {customer: x, plan: y}"], ["..."]]))
    text = "\n".join(lines) + draw(st.sampled_from(["\n", "", "\n\n"]))
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


ENTRY = st.fixed_dictionaries(
    {"username": NAMES.map(lambda name: f"new-{name}")},
    optional={
        "company": st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20),
        "zip": st.from_regex(r"[0-9]{5}", fullmatch=True),
        "password": st.just({"env": "SECRET"}),
        "html_mail": st.booleans(),
        "spaces": st.just([{"plan": "Web S", "domain": "a.example"}]),
    },
)


def read(text: str) -> Document:
    document, findings = parse("m.yaml", text)
    assert findings == ()
    assert document is not None
    return document


@HANDS
@given(manifests(), ENTRY)
def test_a_new_customer_changes_only_its_own_lines(text: str, entry: dict[str, Any]) -> None:
    document = read(text)
    before = document.data
    assert isinstance(before, dict)
    splices = add_entry(document, ("customers",), entry)
    after = verified(document, splices, [*before["customers"], entry], ("customers",))
    assert read(after).data == {**before, "customers": [*before["customers"], entry]}
    (splice,) = splices
    assert splice.start == splice.end
    assert after[: splice.start] + after[splice.start + len(splice.text) :] == text
    own = splice.text.strip("\r\n")
    assert text[: splice.start].endswith(("\n", "\r")) or splice.text.startswith(("\n", "\r\n"))
    assert all(line == "" or line[0] in " -" for line in own.split("\n"))
    assert ("\r\n" in splice.text) == ("\r\n" in text) or "\n" not in splice.text


@HANDS
@given(manifests(), ENTRY)
def test_a_list_that_is_not_there_is_begun_without_touching_the_rest(text: str, entry: dict[str, Any]) -> None:
    document = read(text)
    data = document.data
    assert isinstance(data, dict)
    held = data.get("spaces") or []
    splices = add_entry(document, ("spaces",), entry)
    after = verified(document, splices, [*held, entry], ("spaces",))
    made = read(after).data
    assert isinstance(made, dict)
    assert made == {**data, "spaces": [*held, entry]}
    kept = after.replace("\r\n", "\n").split("\n")
    assert [line for line in text.replace("\r\n", "\n").split("\n") if line not in kept and line != "spaces: []"] == []


@HANDS
@given(manifests())
def test_fmt_is_idempotent_and_keeps_the_meaning_and_every_comment(text: str) -> None:
    order = key_order()
    document = read(text)
    made = canonical(document, order)
    again = read(made)
    assert again.data == document.data
    assert canonical(again, order) == made
    assert sorted(comments(made)) == sorted(comments(text))
    assert made.endswith("\n")
    assert ("\r\n" in made) == ("\r\n" in text)
    assert made.count("&a") == text.count("&a")


def comments(text: str) -> list[str]:
    return [line.split("# ", 1)[1].strip() for line in text.splitlines() if "# " in line and "b # c" not in line]


@HANDS
@given(manifests(), ENTRY)
def test_the_diff_of_an_edit_says_what_became_of_the_text(text: str, entry: dict[str, Any]) -> None:
    document = read(text)
    splices = add_entry(document, ("customers",), entry)
    shown = edit_diff("m.yaml", text, [Replaced(one.start, one.end, one.text) for one in splices])
    added = [line[1:] for line in shown.split("\n") if line.startswith("+") and not line.startswith("+++")]
    gone = [line for line in shown.split("\n") if line.startswith("-") and not line.startswith("---")]
    assert len(gone) <= 1
    assert entry["username"] in "\n".join(added)


@HANDS
@given(
    st.one_of(
        st.text(max_size=30),
        st.integers(-9, 10**6),
        st.booleans(),
        st.none(),
        st.sampled_from(
            ["yes", "0x1F", "1e3", "a: b", "- a", "#x", "'", "a'b", "[", "!x", "&a", "*a", "@", "%", "12:30", "2026-12-31"]
        ),
    )
)
def test_a_value_is_written_so_that_it_is_read_back(value: object) -> None:
    text = value_text(value)
    assert "\n" not in text
    for form in (f"a: {text}", f"[{{a: {text}}}]"):
        document, findings = parse("v.yaml", form)
        if any(finding.code == "RP1016" for finding in findings):
            return  # a control character: refused before anything is written
        assert document is not None
        assert document.data in ({"a": value}, [{"a": value}])


CELL = st.text(st.sampled_from("abcäöü ;,\"'\n1"), max_size=10).map(str.strip)


@HANDS
@given(
    st.lists(st.tuples(NAMES, CELL, CELL), min_size=0, max_size=6),
    st.tuples(NAMES, CELL, CELL),
    st.sampled_from([";", ",", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "windows-1252"]),
    st.booleans(),
    st.booleans(),
)
def test_rows_are_put_in_and_taken_out_of_a_table_byte_for_byte(
    rows: list[tuple[str, ...]], new: tuple[str, ...], separator: str, end: str, encoding: str, quoted: bool, final: bool
) -> None:
    def cell(text: str) -> str:
        needs = any(sign in text for sign in (separator, '"', "\n"))
        return '"' + text.replace('"', '""') + '"' if quoted or needs else text

    names = ("username", "since", "reason")
    text = end.join(separator.join(map(cell, row)) for row in [names, *rows]) + (end if final else "")
    data = text.encode(encoding)
    options = TableOptions(separator=separator, encoding=None if encoding != "windows-1252" else "windows-1252")
    try:
        table = read_csv_file("t.csv", data, options)
    except EditRefused:
        return
    splice = table.append(dict(zip(names, new, strict=True)))
    after = table.encoded(spliced(table.text, [splice]))
    assert after.startswith(data.removeprefix(b""))
    assert after.startswith(BOM) == data.startswith(BOM)
    added = after[len(data) :].decode(encoding.removesuffix("-sig"))
    if "\n" in text and not quoted and "\n" not in "".join(new):
        assert added in (separator.join(map(cell, new)) + end, end + separator.join(map(cell, new)))
    for number in range(len(table.table.rows)):
        left = spliced(table.text, table.without([number]))
        assert len(read_csv_file("t.csv", table.encoded(left), options).table.rows) == len(table.table.rows) - 1


def test_splices_that_overlap_are_refused() -> None:
    for splices in ([Splice(0, 3, "x"), Splice(2, 4, "y")],):
        try:
            spliced("abcdef", splices)
        except ValueError:
            continue
        raise AssertionError("overlapping splices were carried out")

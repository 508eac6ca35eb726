"""A finding shows its line with a caret, its notes and its hint, and does nothing to the terminal."""

from __future__ import annotations

from resellerplan.diagnostics import Finding, Note, Place, Severity, Sources
from resellerplan.report.excerpt import Excerpts, display_width
from resellerplan.report.findings_text import counted, finding_text, findings_text, note_text

SOURCES = Sources({"plans.yaml": "version: 1\nplans:\n  - OS: {Diskspce: 5 GB}\n"})


def _finding(**more: object) -> Finding:
    values: dict[str, object] = {"code": "RP1204", "severity": Severity.ERROR, "summary": "unknown quota", **more}
    return Finding(**values)  # type: ignore[arg-type]  # a builder for tests


def _shown(finding: Finding, sources: Sources = SOURCES) -> str:
    return finding_text(finding, Excerpts(sources))


def test_a_finding_looks_like_this() -> None:
    finding = _finding(
        place=Place("plans.yaml", 3, 10, 3, 18),
        label='plan "Web S", group OS',
        notes=(
            Note("first declared here", Place("a.yaml", 1, 2)),
            Note("the panel would refuse it"),
            Note("the other", Place("b.yaml", 3, 4)),
        ),
        hint='did you mean "Diskspace"?',
    )
    assert _shown(finding) == (
        "error[RP1204]: unknown quota\n"
        "  --> plans.yaml:3:10\n"
        "   |\n"
        " 3 |   - OS: {Diskspce: 5 GB}\n"
        '   |          ^^^^^^^^ plan "Web S", group OS\n'
        "   = first declared at a.yaml:1:2\n"
        "   = the panel would refuse it\n"
        "   = the other (b.yaml:3:4)\n"
        'hint: did you mean "Diskspace"?'
    )


def test_a_finding_without_a_text_shows_its_place_and_label() -> None:
    assert _shown(_finding(place=Place("table.xlsx", 7, 1), label="row 7")) == (
        "error[RP1204]: unknown quota\n  --> table.xlsx:7:1\n   | row 7"
    )


def test_a_finding_without_a_place_shows_its_label() -> None:
    assert _shown(_finding(severity=Severity.NOTE, label="slow")) == "note[RP1204]: unknown quota\n   | slow"


def test_a_long_line_is_cut_around_what_is_marked() -> None:
    line = "a" * 200 + "WRONG" + "b" * 200
    shown = _shown(_finding(place=Place("x", 1, 201, 1, 206)), Sources({"x": line})).splitlines()
    assert "WRONG" in shown[3]
    assert len(shown[3]) <= 82
    assert shown[3].index("WRONG") == shown[4].index("^")
    assert shown[4].count("^") == 5


def test_a_mark_over_several_lines_goes_to_the_end_of_the_first() -> None:
    shown = _shown(_finding(place=Place("plans.yaml", 2, 1, 3, 5))).splitlines()
    assert shown[4] == "   | ^^^^^^"


def test_wide_letters_take_two_columns() -> None:
    assert display_width("東京") == 4
    assert display_width("e\u0301") == 1
    shown = _shown(_finding(place=Place("x", 1, 3, 1, 4)), Sources({"x": "東京x"})).splitlines()
    assert shown[4] == "   |     ^"


def test_a_caret_behind_the_end_of_a_line_and_a_line_that_is_not_there() -> None:
    assert _shown(_finding(place=Place("plans.yaml", 1, 99))).splitlines()[3:] == [" 1 | version: 1", "   |           ^"]
    assert _shown(_finding(place=Place("plans.yaml", 99, 1))) == "error[RP1204]: unknown quota\n  --> plans.yaml:99:1"


def test_lines_end_where_editors_end_them() -> None:
    text = "a\u2028b\x0bc\r\nd"
    assert Excerpts(Sources({"x": text})).raw_line(Place("x", 2, 1)) == "d"


def test_nothing_in_a_finding_reaches_the_terminal_as_a_command() -> None:
    hostile = "\x1b[2J\u202eevil"
    finding = _finding(place=Place(hostile, 1, 1), label=hostile, notes=(Note(hostile),), hint=hostile)
    shown = _shown(finding, Sources({hostile: hostile}))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert shown.count("evil") == 5


def test_a_password_in_a_line_is_shown_as_dots() -> None:
    sources = Sources({"x": "password: hunter2 # hunter2"}, frozenset({"hunter2"}))
    shown = _shown(_finding(place=Place("x", 1, 11, 1, 18)), sources)
    assert "hunter2" not in shown
    assert "password: •••••••" in shown


def test_sources_never_show_their_secrets() -> None:
    assert "hunter2" not in repr(Sources({}, frozenset({"hunter2"})))


def test_colour_is_only_what_is_asked_for() -> None:
    finding = _finding(place=Place("plans.yaml", 3, 10, 3, 18))
    assert "\x1b[31m" in findings_text([finding], SOURCES, colour=True)
    assert "\x1b" not in findings_text([finding], SOURCES)


def test_findings_are_counted_in_words() -> None:
    error, warning = _finding(), _finding(severity=Severity.WARNING)
    assert counted([error, error, warning]) == "2 errors, 1 warning"
    assert counted([]) == ""


def test_a_note_says_where() -> None:
    assert note_text(Note("declared here", Place("a", 1, 2))) == "declared at a:1:2"
    assert note_text(Note("declared")) == "declared"


def test_hundred_findings_in_a_big_file_are_cut_from_one_split() -> None:
    text = "x: 1\n" * 100_000
    excerpts = Excerpts(Sources({"x": text}))
    for line in range(1, 100_000, 1000):
        assert excerpts.raw_line(Place("x", line, 1)) == "x: 1"
    assert excerpts.byte_offset(Place("x", 100_000, 4)) == 99_999 * 5 + 3

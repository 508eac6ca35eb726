"""YAML text to data with places: core scalars, doubled keys, anchors, limits, and both sources of events."""

from __future__ import annotations

import itertools

import pytest

from resellerplan.diagnostics import Place
from resellerplan.manifest.document import Document
from resellerplan.manifest.limits import Limits
from resellerplan.manifest.parsing import parse, pure_events


def read(text: str) -> Document:
    document, findings = parse("m.yaml", text)
    assert findings == ()
    assert document is not None
    return document


def codes(text: str, **limits: int) -> list[str]:
    _, findings = parse("m.yaml", text, limits=Limits(**limits))
    return [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("Yes", "Yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("01067", "01067"),
        ("007.5", "007.5"),
        ("+4935112345", "+4935112345"),
        ("0", 0),
        ("-7", -7),
        ("0x1F", 31),
        ("0o17", 15),
        ("4.90", 4.9),
        (".5", 0.5),
        ("1e3", "1e3"),
        ("5E10", "5E10"),
        ("1.5e3", 1500.0),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("1_000", "1_000"),
        ("2026-12-31", "2026-12-31"),
        ("12345678901234567890", "12345678901234567890"),
        ("'5'", "5"),
        ('"true"', "true"),
        ("!!str 5", "5"),
        ("!!float 5", 5.0),
    ],
)
def test_scalars_follow_the_core_rules_and_digits_that_are_text_stay_text(written: str, meant: object) -> None:
    value = read(f"a: {written}").data
    assert value == {"a": meant}
    assert isinstance(value, dict)
    assert type(value["a"]) is type(meant)


def test_keys_are_text_as_written() -> None:
    assert read("1: a\ntrue: b\nno: c\n01067: d\n").data == {"1": "a", "true": "b", "no": "c", "01067": "d"}


def test_every_key_and_value_has_its_place() -> None:
    text = "a: 1\nb:\n  - x: 'é'\n    yy: [1, {z: 2}]\n"
    document = read(text)
    assert document.place_of(("b", 0, "x")) == Place("m.yaml", 3, 8, 3, 11)
    assert document.key_place(("b", 0, "yy")) == Place("m.yaml", 4, 5, 4, 7)
    assert document.place_of(("b", 0, "yy", 1, "z")) == Place("m.yaml", 4, 17, 4, 18)


def test_places_are_counted_as_editors_count() -> None:
    document = read('a: 1\r\nb: 2\rc: "\u2028x"\nd: 4\n')
    assert document.place_of(("d",)).line == 4
    assert document.place_of(("c",)).line == 3


def test_a_path_that_leads_to_nothing_is_answered_by_what_is_above_it() -> None:
    document = read("a: {b: 1}\n")
    assert document.place_of(("a", "nope", 3)) == document.place_of(("a",))
    assert document.key_place(("a", "nope")) == document.place_of(("a",))


def test_a_doubled_key_is_told_with_both_places_and_the_first_counts() -> None:
    document, findings = parse("m.yaml", "a: 1\nb: 2\na: 3\n")
    assert document is not None
    assert document.data == {"a": 1, "b": 2}
    assert [(finding.code, finding.place, finding.notes[0].place) for finding in findings] == [
        ("RP1006", Place("m.yaml", 3, 1, 3, 2), Place("m.yaml", 1, 1, 1, 2))
    ]
    assert document.place_of(("b",)) == Place("m.yaml", 2, 4, 2, 5)


def test_aliases_and_merge_keys_keep_the_places_of_what_they_stand_for() -> None:
    document = read("base: &b {x: 1, y: 2}\none:\n  <<: *b\n  y: 3\ntwo: *b\n")
    assert document.data == {"base": {"x": 1, "y": 2}, "one": {"y": 3, "x": 1}, "two": {"x": 1, "y": 2}}
    assert document.place_of(("one", "x")) == document.place_of(("base", "x"))
    assert document.place_of(("one", "y")).line == 4
    assert document.place_of(("two",)).line == 5
    assert document.place_of(("two", "y")).line == 1


def test_of_several_merged_mappings_the_earlier_wins() -> None:
    assert read("- &a {x: 1}\n- &b {x: 2, y: 2}\n- <<: [*a, *b]\n").data == [{"x": 1}, {"x": 2, "y": 2}, {"x": 1, "y": 2}]


def test_a_quoted_merge_key_is_a_key() -> None:
    assert read('"<<": 5\n').data == {"<<": 5}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "RP1004"),
        ("# nothing\n", "RP1004"),
        ("a: 1\n---\nb: 2\n", "RP1005"),
        ("? [a, b]\n: 1\n", "RP1007"),
        ("a: {{ x }}\n", "RP1007"),
        ("a: !!python/object/apply:os.system [x]\n", "RP1008"),
        ("a: !mine 1\n", "RP1008"),
        ("a: !!int x\n", "RP1008"),
        ("a: *nope\n", "RP1012"),
        ("a: &a [*a]\n", "RP1012"),
        ("a: .inf\n", "RP1013"),
        ("a: -.INF\n", "RP1013"),
        ("a: .nan\n", "RP1013"),
        ("<<: 5\n", "RP1015"),
        ('a: "\\u0007"\n', "RP1016"),
        ("a:\n\t- b\n", "RP1003"),
        ('a: "b\n', "RP1003"),
        ("a: b: c\n", "RP1003"),
        ("a: \x07\n", "RP1003"),
    ],
)
def test_what_is_wrong_ends_in_its_finding(text: str, code: str) -> None:
    assert codes(text) == [code]


def test_findings_are_collected_where_reading_can_go_on() -> None:
    assert codes("a: 1\na: 2\nb: *x\nc: .nan\n") == ["RP1006", "RP1012", "RP1013"]


@pytest.mark.parametrize(
    ("text", "limits", "code"),
    [
        ("[" * 65 + "]" * 65, {}, "RP1009"),
        ("[" * 500, {}, "RP1009"),
        ("[" + "1," * 50 + "]", {"nodes": 20}, "RP1010"),
        ("a: " + "x" * 1_000_001, {}, "RP1011"),
        ("- " + "x" * 10_000_000, {}, "RP1011"),
        ("x" * 1_001 + ": 1", {}, "RP1011"),
        ("- &a 1\n- [" + "*a," * 30 + "]", {"aliases": 20}, "RP1014"),
    ],
)
def test_limits_end_in_a_finding(text: str, limits: dict[str, int], code: str) -> None:
    assert codes(text, **limits) == [code]


def test_a_hundred_thousand_levels_are_refused_by_us_or_by_the_library() -> None:
    """Newer builds of libyaml look ahead and have a bound of their own."""
    assert codes("[" * 100_000) in (["RP1009"], ["RP1003"])


def test_a_million_aliases_are_refused() -> None:
    assert codes("- &a x\n- [" + "*a," * 1_000_000 + "]") == ["RP1014"]


def test_a_bomb_of_aliases_is_refused_before_it_goes_off() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 20)]
    assert codes("\n".join(lines)) == ["RP1014"]
    merges = "a: &a {" + ", ".join(f"k{n}: 1" for n in range(200)) + "}\n" + "".join(f"m{n}: {{<<: *a}}\n" for n in range(200))
    assert codes(merges, expanded=10_000) == ["RP1014"]


def test_a_thousand_findings_are_enough() -> None:
    found = codes("\n".join(f"k{n}: *nope" for n in range(5_000)))
    assert len(found) == 1_001
    assert found[-1] == "RP1017"


def test_a_template_without_quotes_is_told_how_to_be_quoted() -> None:
    _, findings = parse("m.yaml", "a: {{ vars.x }}\n")
    assert '"{{ ... }}"' in findings[0].hint


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb: [x, {y: 'z'}]\nc: |\n  one\n  two\n",
        "a: &x {k: v}\nb:\n  <<: *x\n  l: 01067\n",
        "- 'it''s'\n- \"a\\tb\"\n- >-\n  folded\n  text\n",
        "a: 1\na: 2\nb: *none\n",
        "a: [1, 2\n",
    ],
)
def test_the_pure_parser_gives_the_same_as_libyaml(text: str) -> None:
    quick, findings = parse("m.yaml", text)
    slow, others = parse("m.yaml", text, events=pure_events)
    assert [(one.code, one.place) for one in findings if one.code != "RP1003"] == [
        (one.code, one.place) for one in others if one.code != "RP1003"
    ]
    assert (quick is None) == (slow is None)
    if quick is not None and slow is not None:
        assert slow.data == quick.data
        paths = list(paths_of(quick.data, ()))
        assert [slow.place_of(path) for path in paths] == [quick.place_of(path) for path in paths]


def paths_of(data: object, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    steps: list[tuple[str | int, object]] = []
    if isinstance(data, dict):
        steps = list(data.items())
    elif isinstance(data, list):
        steps = list(enumerate(data))
    return [path, *itertools.chain.from_iterable(paths_of(held, (*path, step)) for step, held in steps)]

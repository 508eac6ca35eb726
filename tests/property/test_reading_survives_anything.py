"""No input of any bytes makes a traceback: bytes, mutated manifests, tables and templates end in data or in findings."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from resellerplan.manifest.expand import expand
from resellerplan.manifest.files import Files
from resellerplan.manifest.gather import gather
from resellerplan.manifest.parsing import parse, pure_events
from resellerplan.manifest.rendering import TemplateError, Templates

MANIFEST = b"""version: 1
vars: &v {country: DE, list: [a, b]}
defaults: {customers: {country: "{{ vars.country }}"}}
customers:
  - &c
    username: mueller   # comment
    zip: 01067
    comments: |-
      two
      lines
  - <<: *c
    username: 'schmidt'
  - for_each: {csv: t.csv, columns: {user: Name}}
    username: "{{ each.value.user }}"
    company: "{{ each.key }} {{ each.value.Firma | upper }}"
spaces: [{customer: mueller, plan: Web S, for_each: "{{ vars.list }}"}]
"""
TABLE = 'Name;Firma;Preis;Datum\r\nmüller;"A; B";4,90;31.12.2026\r\nx;y;1.234,50;01.02.2026\r\n'.encode("windows-1252")
FUZZ = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def mutated(draw: st.DrawFn, source: bytes) -> bytes:
    """A file as a broken editor or a bad line leaves it."""
    data = bytearray(source)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        piece = draw(
            st.one_of(
                st.binary(max_size=4),
                st.sampled_from([b"\t", b"{{", b"}}", b"*c", b"&x ", b"- ", b": ", b'"', b"\r", b"<<", b"? "]),
            )
        )
        data[at : at + draw(st.integers(0, 12))] = piece
    return bytes(data)


def read(manifest: bytes, table: bytes) -> None:
    """The whole reading; every place that could be asked for is asked for."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "resellerplan.yaml").write_bytes(manifest)
        Path(folder, "t.csv").write_bytes(table)
        files = Files(here=Path(folder))
        documents, findings = gather((), files)
        made = expand(documents, {}, files)
        for document in made.documents:
            ask_everywhere(document.data, (), document.origin_of)
            ask_everywhere(document.data, (), document.key_place)
        for finding in (*findings, *files.findings, *made.findings):
            assert finding.summary
            assert finding.place is None or finding.place.line >= 1


def ask_everywhere(data: object, path: tuple[str | int, ...], ask: object, depth: int = 0) -> None:
    assert callable(ask)
    ask(path)
    if depth > 6:
        return
    if isinstance(data, dict):
        for key, value in list(data.items())[:50]:
            ask_everywhere(value, (*path, key), ask, depth + 1)
    elif isinstance(data, list):
        for number, value in enumerate(data[:50]):
            ask_everywhere(value, (*path, number), ask, depth + 1)


@FUZZ
@given(st.binary(max_size=300))
@example(b"")
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe")
@example(b"a: !!binary x")
@example(b"? ? ? a")
@example(b"*a")
@example(b"&a *a")
@example(b"%YAML 9.9\n---\na")
@example(b"%TAG ! x\n--- !a b")
@example(b"<<: *x")
@example(b"- <<: [[1]]")
@example(b"a: \xed\xa0\x80")
@example(b"{a: {b: {c: [}}}")
@example(b'a: "\\ud800"')
def test_any_bytes_as_a_manifest(data: bytes) -> None:
    read(data, TABLE)


@FUZZ
@given(mutated(MANIFEST))
def test_any_mutation_of_a_manifest(data: bytes) -> None:
    read(data, TABLE)


@FUZZ
@given(st.one_of(st.binary(max_size=200), mutated(TABLE)))
@example(b"")
@example(b"\r\n\r\n")
@example(b";;;\n")
@example(b'"')
@example(b"sep=;")
@example(b"sep=;\n")
@example(b"Name\n")
@example(b"\xef\xbb\xbf")
def test_any_bytes_as_a_table(data: bytes) -> None:
    read(MANIFEST, data)


@FUZZ
@given(st.text(max_size=80))
def test_any_text_as_a_template(text: str) -> None:
    for form in (text, "{{ " + text + " }}", "{% " + text + " %}", "x {{ vars." + text + " }}"):
        with contextlib.suppress(TemplateError):
            Templates().template(form).render({"vars": {"a": 1}, "each": {"key": "1", "value": {}}})


WORDS = st.sampled_from(
    [
        "vars",
        "each",
        ".",
        "[",
        "]",
        "(",
        ")",
        "|",
        "~",
        "+",
        "*",
        "**",
        "'a'",
        "1",
        "9",
        "__class__",
        "items",
        "upper",
        "join",
        "map",
        "for",
        "x",
        "in",
        "if",
        "else",
    ]
)


@FUZZ
@given(st.lists(WORDS, max_size=14))
def test_any_words_as_an_expression(words: list[str]) -> None:
    with contextlib.suppress(TemplateError):
        Templates().template("{{ " + " ".join(words) + " }}").render({"vars": {"a": [1, "b"]}, "each": {"key": "1"}})


@FUZZ
@given(st.one_of(st.text(max_size=120), mutated(MANIFEST).map(lambda data: data.decode("utf-8", "ignore"))))
def test_the_pure_parser_survives_the_same(text: str) -> None:
    parse("m.yaml", text.replace("\0", ""), events=pure_events)

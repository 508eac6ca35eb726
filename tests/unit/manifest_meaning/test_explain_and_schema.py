"""``explain`` and ``schema``: what they print, and what they do to a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from resellerplan.cli.commands.schema import with_modeline
from resellerplan.manifest.codes import CODES, RANGES
from resellerplan.manifest.explaining import explained
from resellerplan.manifest.language import language_of
from resellerplan.manifest.schema_build import published_schema
from resellerplan.model.quotas import shipped_catalogue
from resellerplan.planning.guards import CODES as PLAN_CODES
from tests.support.command_line import resellerplan


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_can_be_explained(code: str) -> None:
    text = explained([code.lower()])
    assert text is not None
    assert text.startswith(f"{code} ({CODES[code].severity}): {CODES[code].summary}")
    assert code[:4] in RANGES


def test_summaries_are_told_apart_and_hold_no_names() -> None:
    summaries = [entry.summary for entry in CODES.values()]
    assert len(set(summaries)) == len(summaries)
    assert not any('"' in summary or summary.endswith(".") for summary in summaries)
    assert all(entry.explanation.endswith((".", ")")) for entry in CODES.values())


def test_the_table_is_in_order() -> None:
    assert list(CODES) == sorted(CODES)


@pytest.mark.parametrize(
    ("words", "begins", "holds"),
    [
        (["customers.email"], "customers.email\n", "an e-mail address, or null"),
        (["customer.primary_phone"], "customers.phone\n", "at most 30 characters"),
        (["phone"], "customers.phone\n", "Telephone."),
        (["spaces.addons"], "spaces.addons\n", "quantity"),
        (["plans.groups.OS.Diskspace"], "plans.groups.OS.Diskspace\n", "size as in `5 GB`"),
        (["policy.deletes.share"], "policy.deletes.share\n", "a percentage"),
        (["quota", "OS"], "group OS: 13 quotas", "size in MB, or unlimited"),
        (["group", "web"], "group Web:", "true or false"),
        (["OS.Diskspace"], "quota OS.Diskspace, group OS: size in MB", "Disk space"),
        (["OS.DomainPointers"], "quota OS.DomainPointers", "hidden"),
        (["Sharepoint", "Foundation", "Server"], "group Sharepoint Foundation Server", "Sites"),
    ],
)
def test_fields_groups_and_quotas_are_explained(words: list[str], begins: str, holds: str) -> None:
    text = explained(words)
    assert text is not None
    assert text.startswith(begins)
    assert holds in text


def test_all_groups_are_listed() -> None:
    text = explained(["group"])
    assert text is not None
    assert len(text.splitlines()) == len(shipped_catalogue().groups)


@pytest.mark.parametrize("words", [["nonsense"], ["customers.nonsense"], ["quota", "Nonsense"], ["..."], ["customers.email.x"]])
def test_what_is_not_there_has_no_explanation(words: list[str]) -> None:
    assert explained(words) is None
    ran = resellerplan("explain", *words)
    assert ran.code == 64
    assert "hint:" in ran.err


def test_every_top_key_can_be_explained() -> None:
    for key in language_of(shipped_catalogue()).manifest.entries:
        assert resellerplan("explain", key).code == 0


def test_the_schema_is_printed() -> None:
    ran = resellerplan("schema")
    assert ran.code == 0
    assert ran.out == resellerplan("schema", "manifest").out
    assert '"$schema"' in ran.out
    assert resellerplan("schema", "nonsense").code == 64


LINE = b"# yaml-language-server: $schema=s.json"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"version: 1\n", LINE + b"\nversion: 1\n"),
        (b"", LINE + b"\n"),
        (b"a: 1\r\n", LINE + b"\r\na: 1\r\n"),
        (b"\xef\xbb\xbfa: 1\n", b"\xef\xbb\xbf" + LINE + b"\na: 1\n"),
        (b"# mine\n#yaml-language-server: $schema=old\na: 1\n", b"# mine\n" + LINE + b"\na: 1\n"),
        (b"a: 1\n# yaml-language-server: later\n", LINE + b"\na: 1\n# yaml-language-server: later\n"),
    ],
)
def test_the_editors_line_is_added_and_nothing_else_is_touched(before: bytes, after: bytes) -> None:
    assert with_modeline(before, "s.json") == after
    assert with_modeline(after, "s.json") == after


def test_fix_modeline_finds_the_schema_above_or_lays_it_beside(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    (folder / "resellerplan.yaml").write_text("version: 1\n", encoding="utf-8")
    ran = resellerplan("schema", "--fix-modeline", "resellerplan.yaml", folder=folder)
    assert ran.code == 0
    assert "wrote manifest.schema.json beside it" in ran.err
    assert (
        (folder / "resellerplan.yaml")
        .read_text(encoding="utf-8")
        .startswith("# yaml-language-server: $schema=manifest.schema.json\n")
    )
    (folder / "manifest.schema.json").rename(tmp_path / "manifest.schema.json")
    resellerplan("schema", "--fix-modeline", "resellerplan.yaml", folder=folder)
    assert (folder / "resellerplan.yaml").read_text(encoding="utf-8") == (
        "# yaml-language-server: $schema=../../manifest.schema.json\nversion: 1\n"
    )
    assert "already" in resellerplan("schema", "--fix-modeline", "resellerplan.yaml", folder=folder).err
    assert resellerplan("schema", "--fix-modeline", "nowhere.yaml", folder=folder).code == 64


def _described(schema: Mapping[str, Any], node: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every property below a node of the schema, by its path in a manifest."""
    if "$ref" in node:
        node = schema["$defs"][str(node["$ref"]).rpartition("/")[2]]
    for option in node.get("anyOf", ()):
        yield from _described(schema, option, path)
    if isinstance(node.get("items"), Mapping):
        yield from _described(schema, node["items"], path)
    for key, below in node.get("properties", {}).items():
        yield f"{path}{key}", below
        yield from _described(schema, below, f"{path}{key}.")


def test_every_field_of_the_schema_is_explained_in_its_own_words() -> None:
    schema = published_schema(language_of(shipped_catalogue()))
    paths = dict(_described(schema, schema, ""))
    assert len(paths) > 2000
    for path, node in paths.items():
        text = explained([path])
        assert text is not None, path
        title, _, rest = text.partition("\n\n")
        said = " ".join(rest.partition("\n\nvalue:")[0].partition("\n\nexample:")[0].split())
        expected = schema["$defs"]["for_each"]["description"] if path.endswith("for_each") else node["description"]
        if expected.startswith("The same as `"):
            continue  # another spelling of a key: what that means is explained
        assert said == " ".join(expected.split()), path
        assert title.count(".") == path.count("."), path
        assert f"\nexample: {'for_each' if path.endswith('for_each') else ''}" in text, path
        assert "example:" in text, path


def test_without_an_argument_there_is_a_list_of_what_can_be_explained() -> None:
    ran = resellerplan("explain")
    assert ran.code == 0
    for key in (*language_of(shipped_catalogue()).manifest.entries, "for_each"):
        assert f"\n  {key} " in ran.out
    listed = resellerplan("explain", "codes").out
    assert [line.split()[0] for line in listed.splitlines()] == sorted([*CODES, *PLAN_CODES])


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("for_each", "keys of a table:"),
        ("customers.for_each", "customers.for_each\n"),
        ("customer.for_each.columns", "Benutzername"),
        ("each.value", "each.value.COLUMN"),
        ("each", "each.outer"),
        ("spaces.only_if.Mail.Accounts", "example: Mail.Accounts: 0"),
        ("plans.groups.OS.OS.Diskspace", "plans.groups.OS.Diskspace\n"),
        ("diagnostics.RP1601", "one of off, note, warning, error"),
    ],
)
def test_what_repeats_and_what_has_a_dot_in_its_name_is_explained(words: str, holds: str) -> None:
    text = explained([words])
    assert text is not None
    assert holds in text

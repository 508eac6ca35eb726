"""No input of any bytes makes a traceback: whatever is read, there are findings or an estate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from resellerplan.manifest.codes import CODES
from resellerplan.manifest.load import Loaded, LoadOptions, load
from resellerplan.manifest.shape import no_gate
from resellerplan.report.findings_json import findings_json
from resellerplan.report.findings_text import findings_text
from resellerplan.report.github import findings_github
from resellerplan.report.junit import findings_junit
from tests.support.fuzz_manifest import kept_seeds, read_or_told
from tests.support.manifests import UNHURRIED, damaged

WORDS = ["customers:\n", "plans:\n", "spaces:\n", "username: a\n", "name: W\n", "OS: {Domains: 1}", "null", "-1", "5 GB", "é"]
SIGNS = ["  - ", "{", "}", "[", "]", ": ", ",", "\n", "&a ", "*a", "<<: ", "!!str ", "'", '"', "|\n", "\t", "\x00", "\u2028"]
VALUES = ["{{ vars.x }}", "{% for %}", "for_each: ", "{csv: x.csv}", "vars: {x: 1}\n", "password: {env: A}\n"]
DEFAULTS = ["defaults: {customers: {status: active}}\n"]
PIECES = st.sampled_from([*WORDS, *SIGNS, *VALUES, *DEFAULTS])


def _read(data: bytes, **options: Any) -> Loaded:
    loaded = load(["-"], options=LoadOptions(stdin=lambda limit: data[:limit], **options))
    for render in (findings_text, findings_json, findings_junit):
        assert isinstance(render(loaded.findings, loaded.sources), str)
    findings_github(loaded.findings)
    assert len(set(loaded.findings)) == len(loaded.findings)
    assert all(finding.summary == CODES[finding.code].summary for finding in loaded.findings)
    return loaded


@UNHURRIED
@given(data=st.binary(max_size=300))
@example(data=b"\xef\xbb\xbf")
@example(data=b"")
def test_any_bytes_are_read_or_told(data: bytes) -> None:
    _read(data)


@UNHURRIED
@given(pieces=st.lists(PIECES, max_size=25))
def test_any_pieces_of_yaml_are_read_or_told(pieces: list[str]) -> None:
    _read("".join(pieces).encode("utf-8", "surrogatepass"))


@UNHURRIED
@given(data=damaged())
@example(data={"plans": [], "customers": [], "spaces": [{"customer": "0"}, {"customer": 1e300}]})
@example(data={"spaces": [{"customer": "a", "plan": "W", "domain": "a.example", "domains": []}]})
@example(data={"spaces": [{"customer": "a", "plan": "W", "domains": [5, "a.example", None, "a.example"]}]})
def test_any_damaged_manifest_is_told(data: Any) -> None:
    text = json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass")
    gated, walked = _read(text), _read(text, gate=no_gate)
    assert gated.findings == walked.findings
    assert gated.estate == walked.estate


def test_what_a_fuzzer_found_is_read_or_told(tmp_path: Path) -> None:
    seeds = kept_seeds()
    assert len(seeds) > 200
    for seed in seeds:
        read_or_told(seed, tmp_path)

"""The YAML test suite: what it says a text means, we read as that, or say why not; where YAML 1.1 and 1.2 agree, as PyYAML does.

The data beside this file (yaml_test_suite.json) names its source and licence. Excluded on purpose: several documents in a file,
keys that are no text, tags beyond the core, empty documents.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from resellerplan.diagnostics import Severity
from resellerplan.manifest.parsing import parse

SUITE = json.loads((Path(__file__).parent / "yaml_test_suite.json").read_text(encoding="utf-8"))
LIBYAML_OTHERWISE = {
    "2SXE": "colons in names of anchors",
    "652Z": "a question mark at the beginning of a plain text",
    "HM87/01": "a question mark at the beginning of a plain text",
    "L24T/01": "a last line of blanks without a line end",
    "Y2GN": "colons in names of anchors",
}
"""Cases that libyaml itself reads differently from the specification, and why; none of it stands in a manifest."""
CASES = {case["id"]: case for case in SUITE["cases"]}
ON_PURPOSE = {"RP1004", "RP1005", "RP1006", "RP1007", "RP1008", "RP1015", "RP1016"}


def meant(case: dict[str, Any]) -> list[Any]:
    """The documents a case means, as JSON says it."""
    decoder, text, found = json.JSONDecoder(), case["json"].strip(), []
    while text:
        value, end = decoder.raw_decode(text)
        found.append(value)
        text = text[end:].strip()
    return found


def by_pyyaml(text: str) -> Any:
    """What PyYAML's loader makes of a text, with keys as text; its error class where it refuses."""
    try:
        return as_json(yaml.load(text, Loader=yaml.CSafeLoader))
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return yaml.YAMLError


def as_json(data: Any) -> Any:
    if isinstance(data, dict):
        return {key if isinstance(key, str) else json.dumps(key): as_json(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_json(value) for value in data]
    return data


def ours(text: str) -> tuple[Any, list[str]]:
    document, findings = parse("case.yaml", text.removeprefix("\ufeff"))
    codes = [finding.code for finding in findings if finding.severity is Severity.ERROR]
    return (None if document is None else document.data), codes


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "json" in case and not case.get("fail")])
def test_a_case_is_read_as_it_is_meant_or_refused_with_a_reason(name: str) -> None:
    case = CASES[name]
    data, codes = ours(case["yaml"])
    documents = meant(case)
    if name in LIBYAML_OTHERWISE:
        assert data != documents[0]
        assert by_pyyaml(case["yaml"]) in (data, yaml.YAMLError)
    elif codes:
        libyaml_can_not = codes == ["RP1003"] and by_pyyaml(case["yaml"]) is yaml.YAMLError
        assert libyaml_can_not or set(codes) <= ON_PURPOSE
    else:
        assert len(documents) == 1
        assert data == documents[0]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.get("fail")])
def test_what_is_no_yaml_is_refused_where_libyaml_refuses_it(name: str) -> None:
    _, codes = ours(CASES[name]["yaml"])
    refused = by_pyyaml(CASES[name]["yaml"]) is yaml.YAMLError
    assert bool(codes) or not refused


def test_where_both_versions_of_yaml_agree_we_read_the_same_as_pyyaml() -> None:
    told: Counter[str] = Counter()
    for case in CASES.values():
        if "json" not in case or case.get("fail") or len(meant(case)) != 1:
            continue
        if by_pyyaml(case["yaml"]) != meant(case)[0]:
            continue
        data, codes = ours(case["yaml"])
        if codes:
            told.update(codes)
            continue
        told["the same"] += 1
        assert data == meant(case)[0]
    assert told["the same"] >= 150
    assert set(told) - {"the same"} <= ON_PURPOSE

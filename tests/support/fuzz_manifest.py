"""Bytes thrown at the whole road of a manifest by a fuzzer that watches which branches they reach (atheris, over libFuzzer).

``python -m tests.support.fuzz_manifest SECONDS`` goes on from the kept seeds and adds what reached something new; a crash is left
as a file in the folder it names. atheris is no dependency: ``pip install atheris`` first. The kept seeds are read by an ordinary
test (tests/property/test_manifest_never_breaks.py), so what was once found stays found.
"""

from __future__ import annotations

import base64
import importlib
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from resellerplan.manifest.codes import CODES
from resellerplan.manifest.load import LoadOptions, load
from resellerplan.manifest.shape import no_gate
from resellerplan.report.findings_json import findings_json
from resellerplan.report.findings_text import findings_text
from resellerplan.report.github import findings_github
from resellerplan.report.gitlab import findings_gitlab
from resellerplan.report.junit import findings_junit

__all__ = ["SEEDS", "kept_seeds", "read_or_told"]

SEEDS = Path(__file__).parents[1] / "data" / "manifest_seeds.json"
_LONGEST = 200
"""Seeds beyond this are not kept: what they reach, a shorter one reaches too."""
_TABLE = b"""customers:
  - for_each: {csv: t.csv}
    username: "{{ each.value.a }}"
    email: "{{ each.value.b }}"
    ends: "{{ each.value.c }}"
"""
_WORDS = (
    *("{{ vars.x }}", "{% for a in b %}", "for_each: ", "{csv: t.csv}", "<<: *a", "&a ", "*a", "!!str ", "  - ", "unlimited"),
    *("customers:\\x0a", "spaces:\\x0a", "plans:\\x0a", "state: absent", "only_if: ", "moved_from: ", "overrides: none"),
    *("include: ", "\\xe2\\x80\\xa8", "\\xc2\\x85", "\\xef\\xbb\\xbf", "\\x00"),
)
"""Words of the language, as libFuzzer's dictionaries write them."""


def kept_seeds() -> list[bytes]:
    """What a fuzzer has found to reach something that nothing before it reached."""
    return [base64.b85decode(seed) for seed in json.loads(SEEDS.read_text(encoding="utf-8"))]


def read_or_told(data: bytes, folder: Path) -> None:
    """Read bytes: by their first one as a table (below 0x50), else as a manifest, with or without the gate (from 0xb0 on).

    Raises AssertionError where a finding is told twice or in other words than the table's, and whatever a defect raises.
    """
    mode, body = data[:1], data[1:]
    options: dict[str, Any] = {"literal_passwords": mode >= b"\xd0"}
    if mode >= b"\xb0":
        options["gate"] = no_gate
    manifest = body
    if mode < b"\x50":
        (folder / "t.csv").write_bytes(body)
        manifest = _TABLE
    loaded = load(["-"], options=LoadOptions(here=folder, stdin=lambda limit: manifest[:limit], **options))
    for render in (findings_text, findings_json, findings_junit, findings_gitlab):
        render(loaded.findings, loaded.sources)
    findings_github(loaded.findings)
    assert len(set(loaded.findings)) == len(loaded.findings)
    assert all(one.summary == CODES[one.code].summary for one in loaded.findings)


def main(argv: Sequence[str]) -> None:
    atheris: Any = importlib.import_module("atheris")
    seconds = int(argv[1]) if len(argv) > 1 else 600
    work = Path(tempfile.mkdtemp(prefix="manifest-fuzz-"))
    corpus = work / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(kept_seeds()):
        (corpus / f"kept-{number}").write_bytes(seed)
    (work / "words").write_text("".join(f'"{word}"\n' for word in _WORDS), encoding="utf-8")
    atheris.instrument_all()
    options = [f"-dict={work / 'words'}", "-max_len=3000", "-timeout=20", f"-artifact_prefix={work}/"]
    child = os.fork()
    if child == 0:
        atheris.Setup([argv[0], *options, f"-max_total_time={seconds}", str(corpus)], lambda data: read_or_told(data, work))
        atheris.Fuzz()
    os.waitpid(child, 0)
    found = {path.read_bytes() for path in corpus.iterdir() if path.stat().st_size <= _LONGEST}
    _keep(found)
    print(f"{len(found)} seeds kept; crashes, if any, are in {work}")


def _keep(seeds: set[bytes]) -> None:
    made = sorted((base64.b85encode(seed).decode("ascii") for seed in seeds), key=lambda seed: (len(seed), seed))
    SEEDS.write_text(json.dumps(made, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv)

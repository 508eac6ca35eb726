"""Every case of cases/ prints, asks and ends as its transcript says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.road.case import CASES, FOLDER, transcript


@pytest.mark.parametrize("name", CASES)
def test_the_case_goes_as_its_transcript_says(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    told = transcript(name, tmp_path / "work")
    golden = FOLDER / name / "transcript.txt"
    if request.config.getoption("--update-golden"):
        golden.write_text(told, encoding="utf-8")
    assert told == golden.read_text(encoding="utf-8")

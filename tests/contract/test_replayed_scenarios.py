"""The recorded days, sent again call by call to a fresh panel on a socket, judged by the recordings' own replayer.

The replayer knows nothing of who serves; its normalisation is the scenario's own file, which a list of digests guards.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from resellerplan.simpanel.background import Background
from resellerplan.simpanel.embedded import fresh_panel
from resellerplan.simpanel.flavours import flavour
from resellerplan.simpanel.front import serving
from resellerplan.simpanel.seed import read_file
from resellerplan.simpanel.wsgi import make_app

RECORDINGS = Path(__file__).parent.parent / "recordings"


def replay(scenario: str, name: str, *options: str, delay: float = 0.0) -> str:
    """The replayer's report over a whole scenario against a fresh panel."""
    folder = RECORDINGS / scenario
    panel = fresh_panel(read_file(folder / "start.json"), flavour(name), background=Background(delay))
    try:
        with serving(make_app(panel)) as front:
            command = [sys.executable, str(RECORDINGS / "replay.py"), str(folder), "--url", front.url, *options]
            done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    finally:
        panel.close()
    return done.stdout + done.stderr


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("scenario", "name", "calls"),
    [("scenario-a-reseller-day", "fusecp-2-ef", 290), ("scenario-c-solidcp-1x", "solidcp-1.5", 539)],
)
def test_a_recorded_day_is_answered_equally_in_every_call(scenario: str, name: str, calls: int) -> None:
    report = replay(scenario, name, "--settle", "0")
    assert report.strip().splitlines()[-1] == f"{calls} equal, 0 different, 0 not answered", report[:4000]


@pytest.mark.loopback
def test_the_replayer_finds_differences() -> None:
    """A panel of the other logic answers the same calls differently: the judge is not blind."""
    report = replay("scenario-a-reseller-day", "fusecp-2-sql", "--settle", "0")
    assert int(report.strip().splitlines()[-1].split()[2]) > 50


@pytest.mark.loopback
def test_a_recorded_day_with_its_own_waits_and_deletes_in_the_background() -> None:
    """The waits are the scenario's; background work takes its time, as on the real panel."""
    report = replay("scenario-a-reseller-day", "fusecp-2-ef", "--settle", "0.2", delay=0.1)
    assert report.strip().splitlines()[-1] == "290 equal, 0 different, 0 not answered", report[:4000]

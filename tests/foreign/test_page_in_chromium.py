"""The embedded panel's page on ``/`` in a real browser: what it shows, that it needs no script, and a picture of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from tests.contract.lab import SMALL_WORLD
from tests.contract.test_panel_command import served

ARTIFACTS = Path(__file__).parents[2] / "artifacts"
PNG = b"\x89PNG\r\n\x1a\n"

pytestmark = [pytest.mark.foreign, pytest.mark.loopback]


def _chromium(profile: Path, *arguments: str) -> str:
    program = shutil.which("chromium")
    assert program is not None, "chromium is missing; .ci/foreign installs it"
    as_root = ["--no-sandbox"] if os.getuid() == 0 else []
    command = [
        program,
        "--headless",
        "--disable-gpu",
        *as_root,
        f"--user-data-dir={profile}",
        "--window-size=1100,1400",
        *arguments,
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=90)
    return done.stdout


def test_the_page_shows_the_world_and_is_photographed(tmp_path: Path) -> None:
    world = tmp_path / "world.yaml"
    world.write_text(SMALL_WORLD.replace("last_name: Schmidt", "last_name: <script>document.title='x'</script>"), "utf-8")
    ARTIFACTS.mkdir(exist_ok=True)
    picture = ARTIFACTS / "embedded-panel.png"
    picture.unlink(missing_ok=True)
    with served("--start", str(world)) as (_, line):
        address = re.findall(r"http://\S+", line)[0] + "/"
        shown = _chromium(tmp_path / "profile", "--dump-dom", address)
        _chromium(tmp_path / "profile", f"--screenshot={picture}", address)
    for text in ("brightweb", "mueller", "Web S", "web01"):
        assert text in unescape(shown)
    assert "<script" not in shown
    assert picture.read_bytes().startswith(PNG)
    assert picture.stat().st_size > 5_000

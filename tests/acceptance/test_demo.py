"""``make demo`` as a person sees it: every step goes as it must, in well under a minute."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

DEMO = Path(__file__).parents[2] / "examples" / "demo.py"


def test_the_demo_shows_the_main_job_in_under_a_minute(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, str(DEMO)], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    shown = re.findall(r"^\$ resellerplan (\w+)", ran.stdout, re.MULTILINE)
    assert shown == ["panel", "validate", "plan", "apply", "plan", "plan", "apply", "plan", "show", "panel"]
    assert ran.stdout.count("No changes. Your infrastructure matches the configuration.") == 2
    assert "Apply complete! Resources: 7 added, 0 changed, 0 destroyed." in ran.stdout
    assert "Apply complete! Resources: 0 added, 3 changed, 0 destroyed." in ran.stdout
    assert "To try next:" in ran.stdout
    took = re.search(r"That took (\d+) seconds", ran.stdout)
    assert took is not None
    assert int(took[1]) < 60
    assert list(tmp_path.iterdir()) == [], "the demo works in a folder of its own"

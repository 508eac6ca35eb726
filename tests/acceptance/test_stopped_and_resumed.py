"""Runs that end early, as processes: Ctrl-C, a kill, a panel whose answer is lost; and what `apply --resume` makes of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

EXAMPLES = Path(__file__).parents[2] / "examples"
GUIDE = str(EXAMPLES / "webpanel-guide")
PROGRAM = [sys.executable, "-m", "resellerplan"]
FIRST_SPACE = 'space["mueller/Müller Fliesen"]'
PATIENCE = 120.0
"""Seconds after which a process that hangs is ended, so that the test fails instead of waiting."""


class Site:
    """A served panel with rules for what goes wrong, and the program as a process against it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.environ = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONIOENCODING": "utf-8",
            "HOME": str(folder / "home"),
            "RESELLERPLAN_URL": url,
            "RESELLERPLAN_USERNAME": "brightweb",
            "RESELLERPLAN_PASSWORD": "Reseller-Pw1!",
            "MUELLER_PASSWORD": "Mueller-Pw1!",
            "SCHMIDT_PASSWORD": "Schmidt-Pw1!",
        }

    def run(self, *argv: str) -> subprocess.CompletedProcess[str]:
        """One command, from its start to its end."""
        return subprocess.run(
            [*PROGRAM, *argv], env=self.environ, cwd=self.folder, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE
        )

    def apply(self, *flags: str) -> subprocess.CompletedProcess[str]:
        return self.run("apply", GUIDE, "--auto-approve", *flags)

    def signalled(self, number: int, behind: str, *flags: str, then: int | None = None) -> tuple[int, str, str]:
        """An apply that gets a signal (or two) as soon as it printed a line that starts so: exit code, both streams."""
        process = subprocess.Popen(
            [*PROGRAM, "apply", GUIDE, "--auto-approve", *flags],
            env=self.environ,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        guard = threading.Timer(PATIENCE, process.kill)
        guard.start()
        try:
            assert process.stdout is not None
            lines = []
            for line in process.stdout:
                lines.append(line)
                if line.startswith(behind):
                    process.send_signal(number)
                    if then is not None:
                        process.send_signal(then)
                    break
            out, err = process.communicate()
        finally:
            guard.cancel()
        return process.returncode, "".join(lines) + out, err

    def spaces(self) -> list[str]:
        """The names of the customers' spaces on the panel."""
        shown = self.run("show", "live", "spaces")
        assert shown.returncode == 0, shown.stderr
        return [name for name in ("Müller Fliesen", "Müller Archiv", "Schmidt privat") for _ in range(shown.stdout.count(name))]

    def journals(self) -> list[list[dict[str, Any]]]:
        """The journals of all runs, oldest first."""
        paths = sorted((self.folder / "home").rglob("runs/*.jsonl"))
        return [[json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] for path in paths]


@contextmanager
def served(folder: Path, *rules: dict[str, Any]) -> Iterator[Site]:
    """The panel of the examples, on a free port in a process of its own."""
    (folder / "chaos.yaml").write_text(yaml.safe_dump({"rules": list(rules)}), encoding="utf-8")
    world = EXAMPLES / "panel.yaml"
    command = [*PROGRAM, "panel", "serve", "--port", "0", "--start", str(world), "--chaos", str(folder / "chaos.yaml")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    guard = threading.Timer(3 * PATIENCE, process.kill)
    guard.start()
    try:
        assert process.stdout is not None
        ready = process.stdout.readline().split()
        assert ready[:1] == ["ready"]
        yield Site(folder, ready[1])
    finally:
        guard.cancel()
        process.terminate()
        process.communicate(timeout=PATIENCE)


def in_order_at_last(site: Site) -> None:
    """Nothing is left to do, and everything is there once."""
    after = site.run("plan", GUIDE, "--detailed-exitcode")
    assert after.returncode == 0, after.stdout + after.stderr
    assert site.spaces() == ["Müller Fliesen", "Müller Archiv", "Schmidt privat"]


@pytest.mark.loopback
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_lets_the_running_call_finish_tells_what_happened_and_ends_with_130(tmp_path: Path, number: int) -> None:
    with served(tmp_path, {"call": "AddPackageWithResources", "occurrence": 1, "what": "latency", "seconds": 2}) as site:
        code, out, err = site.signalled(number, f"{FIRST_SPACE}: Creating...")
        assert code == 130, out + err
        assert "Traceback" not in err
        assert "Stopping: what is running finishes or times out, nothing new begins." in err
        assert f"{FIRST_SPACE}: Creation complete" in out
        assert 'space["schmidt/Schmidt privat"]: not begun, the run was interrupted' in out
        assert "Apply interrupted! Resources: " in out
        assert "  hint: `resellerplan apply` does what is left; nothing is done twice\n" in out
        assert site.spaces() == ["Müller Fliesen"]
        (journal,) = site.journals()
        assert (journal[-1]["entry"], journal[-1]["interrupted"]) == ("end", True)
        again = site.apply("--resume")
        assert again.returncode == 0, again.stdout + again.stderr
        in_order_at_last(site)


@pytest.mark.loopback
def test_who_presses_twice_is_told_why_it_takes_so_long(tmp_path: Path) -> None:
    with served(tmp_path, {"call": "AddPackageWithResources", "occurrence": 1, "what": "latency", "seconds": 2}) as site:
        code, out, err = site.signalled(signal.SIGINT, f"{FIRST_SPACE}: Creating...", then=signal.SIGTERM)
        assert code == 130, out + err
        assert err.count("Stopping: what is running finishes or times out, nothing new begins.") == 1
        assert err.count("Still stopping: ") == 1
        assert f"{FIRST_SPACE}: Creation complete" in out


@pytest.mark.loopback
@pytest.mark.parametrize("answer", ["timeout", "reset"])
def test_what_ctrl_c_left_unknown_is_decided_by_a_resume(tmp_path: Path, answer: str) -> None:
    """The panel makes the space only after the run, and the first that takes it up, have looked for it."""
    late = {
        "call": "AddPackageWithResources",
        "occurrence": 1,
        "what": "late_commit",
        "answer": answer,
        "seconds": 30,
        "look_up": "GetHostingPlans",
    }
    slow = {"call": "AddPackageWithResources", "occurrence": 1, "what": "latency", "seconds": 1}
    with served(tmp_path, late, slow) as site:
        code, out, err = site.signalled(signal.SIGINT, f"{FIRST_SPACE}: Creating...", "--create-timeout", "3")
        assert code == 130, out + err
        assert f"{FIRST_SPACE}: UNKNOWN" in out
        assert "not begun, the run was interrupted" in out

        refused = site.apply()
        assert refused.returncode == 1
        assert f"  {FIRST_SPACE}: its creation was sent " in refused.stderr
        assert "`resellerplan apply --resume`" in refused.stderr

        early = site.apply("--resume")
        assert f"{FIRST_SPACE}: the panel may still be working on it; `resellerplan apply --resume` after" in early.stderr
        assert f"{FIRST_SPACE}: Creating..." not in early.stdout

        again = site.apply("--resume")
        assert again.returncode == 0, again.stdout + again.stderr
        assert f"{FIRST_SPACE}: it was made" in again.stderr
        in_order_at_last(site)
        assert [row["verdict"] for row in site.journals()[0] if row["entry"] == "settled"] == ["happened"]


@pytest.mark.loopback
def test_a_run_that_was_killed_in_the_middle_of_a_call_is_taken_up(tmp_path: Path) -> None:
    with served(tmp_path, {"call": "AddPackageWithResources", "occurrence": 1, "what": "latency", "seconds": 20}) as site:
        # Behind "Creating..." the call may not be on its way yet; after ten seconds it is.
        code, out, _ = site.signalled(signal.SIGKILL, f"{FIRST_SPACE}: Still creating...")
        assert code == -signal.SIGKILL
        assert "Creation complete" in out
        journal = site.journals()[0]
        assert journal[-1]["entry"] in {"intent", "result"}
        assert site.run("lock", "show").stdout == "No apply is running.\n", "the lock ends with its process"
        again = site.apply("--resume")
        assert again.returncode == 0, again.stdout + again.stderr
        in_order_at_last(site)


@pytest.mark.loopback
@pytest.mark.parametrize("what", ["reset_after_commit", "timeout_after_commit"])
@pytest.mark.parametrize("call", ["AddUser", "AddHostingPlan", "AddPackageWithResources"])
def test_an_answer_that_is_lost_after_the_commit_makes_nothing_twice(tmp_path: Path, call: str, what: str) -> None:
    with served(tmp_path, {"call": call, "occurrence": 1, "what": what, "seconds": 30}) as site:
        first = site.apply("--read-timeout", "2", "--create-timeout", "2", "--parallelism", "1")
        assert "Traceback" not in first.stderr
        again = site.apply("--resume")
        assert again.returncode == 0, again.stdout + again.stderr
        in_order_at_last(site)
        asked = [
            row["step"] for run in site.journals() for row in run if row["entry"] == "intent" and row["step"].endswith("#create")
        ]
        assert len(asked) == len(set(asked)) == 7

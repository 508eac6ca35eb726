"""One case: a panel, a manifest, commands; what they print, how they end, and what was asked of the panel.

A case is a folder with ``case.yaml``, the manifest's files, and ``transcript.txt``: everything that is expected, in one file that
can be read as a story. ``pytest tests/acceptance --update-golden`` writes the transcripts anew.

``case.yaml``: ``about`` (a sentence), ``world`` (a file beside the case's, or one of examples/), ``flavour``, ``environ``, ``copy``
(folders of examples/ that the case works with), ``steps`` (each with ``run``, ``exit``, and ``answers`` of a person at a terminal).
"""

from __future__ import annotations

import re
import shlex
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.support.command_line import resellerplan

__all__ = ["CASES", "FOLDER", "transcript"]

FOLDER = Path(__file__).parent / "cases"
EXAMPLES = Path(__file__).parents[3] / "examples"
CASES = sorted(path.parent.name for path in FOLDER.glob("*/case.yaml"))
STORE = "panel.sqlite"
READS = ("Get", "UserExists", "Is", "Can", "Evaluate", "Check", "Echo")
_OURS = {"case.yaml", "transcript.txt"}
_CHANGING = (
    (re.compile(r"after \d+\.\d+s"), "after N.Ns"),
    (re.compile(r"in \d+\.\d+ s, "), "in N.N s, "),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-([\w.-]+?)-[0-9a-f]{8}(\.\d+)?"), r"TIME-\1-HASH"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?"), "TIME"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?( UTC)?"), "TIME"),
)


def transcript(name: str, work: Path) -> str:
    """Run a case in ``work`` and tell what happened, with everything masked that differs from run to run."""
    case = yaml.safe_load((FOLDER / name / "case.yaml").read_text(encoding="utf-8"))
    environ = prepare(name, case, work)
    parts = [f"# {case['about']}"]
    for step in case["steps"]:
        argv = shlex.split(step["run"])
        before = requests_so_far(work)
        ran = resellerplan(*argv, environ=environ | step.get("environ", {}), folder=work, answers=step.get("answers"))
        assert ran.code == step.get("exit", 0), f"{step['run']} ended with {ran.code}:\n{ran.out}\n{ran.err}"
        parts.append(f"$ resellerplan {step['run']}\n" + "".join(told(ran.out, ran.err, step)) + f"exit code {ran.code}")
        asked = list(asked_since(work, before))
        if asked:
            parts.append("asked of the panel: " + "; ".join(asked))
    return masked("\n\n".join(parts) + "\n", work)


def told(out: str, err: str, step: Mapping[str, Any]) -> Iterator[str]:
    """Both streams, standard error with a bar before each line."""
    yield "".join(f"| {line}\n" if line else "|\n" for line in err.splitlines())
    if step.get("quiet"):
        yield f"({len(out.splitlines())} lines)\n"
    else:
        yield out


def prepare(name: str, case: Mapping[str, Any], work: Path) -> dict[str, str]:
    """Copy the files, seed the panel, and give the environment of all steps."""
    shutil.copytree(FOLDER / name, work, ignore=lambda _, names: _OURS.intersection(names), dirs_exist_ok=True)
    for folder in case.get("copy", ()):
        shutil.copytree(EXAMPLES / folder, work / folder)
    environ = {
        "HOME": str(work / "home"),
        "RESELLERPLAN_DATA_DIR": str(work / "state"),
        "RESELLERPLAN_PARALLELISM": "1",
        "RESELLERPLAN_NO_CACHE": "1",
    }
    world = case.get("world")
    if world is not None:
        start = work / world if (work / world).exists() else EXAMPLES / world
        flavour = ["--flavour", case["flavour"]] if "flavour" in case else []
        seeded = resellerplan("panel", "seed", STORE, "--start", str(start), *flavour, environ=environ, folder=work)
        assert seeded.code == 0, seeded.err
        environ["RESELLERPLAN_URL"] = f"embedded:{STORE}"
    given: dict[str, str] = case.get("environ", {})
    return environ | given


def log_of(work: Path) -> list[tuple[str, str, int]]:
    """Every request that the panel logged: (service.operation, outcome, status)."""
    store = work / STORE
    if not store.exists():
        return []
    with sqlite3.connect(store) as db:
        rows = db.execute("SELECT service, operation, outcome, status FROM request_log ORDER BY rowid").fetchall()
    db.close()
    return [(f"{service}.{operation}", outcome, status) for service, operation, outcome, status in rows if operation]


def requests_so_far(work: Path) -> int:
    """How many requests were logged."""
    return len(log_of(work))


def asked_since(work: Path, before: int) -> Iterator[str]:
    """The writing calls since, each by its name (a fault or refusal behind it), and how many reads there were."""
    calls = log_of(work)[before:]
    reads = 0
    for call, outcome, _ in calls:
        if call.partition(".")[2].startswith(READS):
            reads += 1
        else:
            yield call if outcome == "ok" else f"{call} ({outcome})"
    if calls:
        yield f"{reads} reads"


def masked(text: str, work: Path) -> str:
    """The text without what differs from run to run."""
    text = text.replace(str(work.resolve()), "WORK").replace(str(work), "WORK")
    for pattern, shown in _CHANGING:
        text = pattern.sub(shown, text)
    return text

"""Over every manifest of examples/, on every flavour: the first apply writes, the second plan and apply write nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.support.command_line import Ran, resellerplan

EXAMPLES = Path(__file__).parents[2] / "examples"
MANIFESTS = sorted(path.parent.name for path in EXAMPLES.glob("*/resellerplan.yaml"))
FLAVOURS = ["fusecp-2-ef", "fusecp-2-sql", "solidcp-1.5"]
READS = ("Get", "UserExists")
PASSWORDS = {"MUELLER_PASSWORD": "Fliesen-2026!", "SCHMIDT_PASSWORD": "Privat-2026!"}


class Estate:
    """A panel of a flavour in a folder, and commands against it."""

    def __init__(self, folder: Path, flavour: str) -> None:
        self.folder = folder
        self.environ = {
            "HOME": str(folder / "home"),
            "RESELLERPLAN_URL": "embedded:p.sqlite",
            "RESELLERPLAN_NO_CACHE": "1",
            **PASSWORDS,
        }
        world = str(EXAMPLES / "panel.yaml")
        self.run("panel", "seed", "p.sqlite", "--start", world, "--flavour", flavour)

    def run(self, *argv: str, code: int = 0) -> Ran:
        """Run a command that must end with ``code``."""
        ran = resellerplan(*argv, environ=self.environ, folder=self.folder)
        assert ran.code == code, f"{argv}: {ran.code}\n{ran.out}\n{ran.err}"
        return ran

    def writes(self) -> int:
        """How many writing calls the panel has answered so far."""
        with sqlite3.connect(self.folder / "p.sqlite") as db:
            rows = db.execute("SELECT operation FROM request_log WHERE operation IS NOT NULL").fetchall()
        db.close()
        return sum(1 for (operation,) in rows if not operation.startswith(READS))


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("name", MANIFESTS)
def test_a_second_apply_writes_nothing(name: str, flavour: str, tmp_path: Path) -> None:
    estate = Estate(tmp_path, flavour)
    manifest = str(EXAMPLES / name)
    estate.run("plan", manifest, "--detailed-exitcode", code=2)
    assert estate.writes() == 0
    estate.run("apply", manifest, "--auto-approve")
    first = estate.writes()
    assert first > 0
    estate.run("plan", manifest, "--detailed-exitcode")
    estate.run("apply", manifest, "--auto-approve")
    assert estate.writes() == first


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_from_any_example_to_any_other_and_back_converges(flavour: str, tmp_path: Path) -> None:
    estate = Estate(tmp_path, flavour)
    for name in [*MANIFESTS, *reversed(MANIFESTS)]:
        manifest = str(EXAMPLES / name)
        estate.run("apply", manifest, "--auto-approve", "--dangerous-reduce-plan")
        estate.run("plan", manifest, "--detailed-exitcode")


@pytest.mark.parametrize("parallelism", ["1", "8"])
def test_how_many_calls_are_in_flight_does_not_matter(parallelism: str, tmp_path: Path) -> None:
    estate = Estate(tmp_path, "fusecp-2-ef")
    manifest = str(EXAMPLES / MANIFESTS[0])
    estate.run("apply", manifest, "--auto-approve", "--parallelism", parallelism)
    estate.run("plan", manifest, "--detailed-exitcode", "--parallelism", parallelism)

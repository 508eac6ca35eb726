"""``customer password``: the one way in which the program changes a password, and all that it refuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import Ran, resellerplan
from tests.support.opened import PASSWORD, RESELLER, WORLD
from tests.support.served import on_socket, site

pytestmark = pytest.mark.loopback

OLD, NEW = "Kunde-Pw1!", "Näu:es-Pw2!"
MANIFEST = """
customers:
  - username: mueller
    password: {PASSWORD}
"""


class Desk:
    """A person with a log-in, and a folder."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self.folder = folder

    def run(self, *argv: str, username: str = RESELLER, password: str = PASSWORD, **more: Any) -> Ran:
        environ = {
            "HOME": str(self.folder / "home"),
            "RESELLERPLAN_URL": self._url,
            "RESELLERPLAN_USERNAME": username,
            "RESELLERPLAN_PASSWORD": password,
            **more.pop("environ", {}),
        }
        ran = resellerplan(*argv, environ=environ, folder=self.folder, **more)
        assert NEW not in ran.out + ran.err
        assert "Traceback" not in ran.out + ran.err
        return ran

    def declares(self, source: str) -> None:
        (self.folder / "resellerplan.yaml").write_text(MANIFEST.replace("{PASSWORD}", source), encoding="utf-8")

    def takes(self, password: str, username: str = "mueller") -> bool:
        """Whether the panel takes a password (of a customer it says then that he is no reseller)."""
        ran = self.run("show", "live", "--no-cache", username=username, password=password)
        refused = "does not take these credentials" in ran.err
        assert refused or ran.code == 0 or "no reseller's log-in" in ran.err, ran.err
        return not refused


@pytest.fixture(params=["fusecp-2-ef", "solidcp-1.5"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    with site(request.param, WORLD) as found, on_socket(found) as front:
        yield Desk(front.url, tmp_path)


def rotate(desk: Desk, *argv: str, **more: Any) -> Ran:
    return desk.run("customer", "password", "mueller", *argv, **more)


def test_a_password_from_the_environment_is_the_customers_afterwards(desk: Desk) -> None:
    assert desk.takes(OLD)
    ran = rotate(desk, "--password-env", "FRESH", "--auto-approve", environ={"FRESH": NEW})
    assert (ran.code, ran.out) == (0, "customer.mueller: the panel took the new password; it can't be read back\n"), ran.err
    assert desk.takes(NEW)


def test_where_nothing_else_is_said_the_manifests_source_counts(desk: Desk) -> None:
    desk.declares("{env: MUELLER_PASSWORD}")
    assert rotate(desk, "--auto-approve", environ={"MUELLER_PASSWORD": NEW}).code == 0
    assert desk.takes(NEW)


def test_a_generated_password_lies_in_its_sink_and_is_not_written_over(desk: Desk) -> None:
    sink = desk.folder.parent / f"{desk.folder.name}-mueller.txt"
    desk.declares(f"{{generate: {{length: 20}}, to: {{file: '{sink}'}}}}")
    (desk.folder / ".git").mkdir()
    ran = rotate(desk, "--auto-approve")
    assert ran.code == 0, ran.err
    made = sink.read_text(encoding="utf-8").strip()
    assert len(made) == 20
    assert made not in ran.out + ran.err
    assert desk.takes(made)
    again = rotate(desk, "--auto-approve")
    assert again.code == 1
    assert "is there already" in again.err
    assert desk.takes(made)


def test_a_person_is_asked_and_only_yes_is_yes(desk: Desk) -> None:
    environ = {"FRESH": NEW}
    for answer, code in (("no\n", 1), ("y\n", 1), ("yes\n", 0)):
        assert desk.takes(OLD)
        ran = rotate(desk, "--password-env", "FRESH", answers=answer, environ=environ)
        assert ran.code == code
        assert "Only 'yes' is taken for yes" in ran.err
    assert desk.takes(NEW)


def test_it_may_come_by_standard_input(desk: Desk) -> None:
    assert rotate(desk, "--password-stdin", "--auto-approve", answers=f"{NEW}\n").code == 0
    assert desk.takes(NEW)


@pytest.mark.parametrize(
    ("argv", "environ", "said"),
    [
        (["--auto-approve"], {}, "nobody can be asked"),
        (["--password-env", "FRESH"], {"FRESH": NEW}, "--auto-approve"),
        (["--password-env", "FRESH", "--auto-approve"], {}, "FRESH is not set"),
        (["--password-env", "FRESH", "--auto-approve"], {"FRESH": "x" * 72}, "72 characters"),
        (["--password-env", "FRESH", "--auto-approve"], {"FRESH": "a\x07b"}, "control character"),
    ],
)
def test_what_can_not_be_done_is_said_and_nothing_changes(
    desk: Desk, argv: Sequence[str], environ: dict[str, str], said: str
) -> None:
    ran = rotate(desk, *argv, environ=environ)
    assert ran.code == 1
    assert said in ran.err
    assert desk.takes(OLD)


@pytest.mark.parametrize("name", ["fremd", "enkel", "kollege", "darkweb", "niemand"])
def test_nobody_elses_password_is_changed(desk: Desk, name: str) -> None:
    """On 1.x the panel would answer 0 for a foreign customer and do nothing; a stock FuseCP would do it."""
    ran = desk.run("customer", "password", name, "--password-env", "FRESH", "--auto-approve", environ={"FRESH": NEW})
    assert ran.code == 1
    if name != "niemand":
        before = next(user["password"] for user in WORLD["users"] if user["username"] == name)
        assert desk.takes(before, name)

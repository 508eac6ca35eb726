"""Who logs in, from where the password comes, and that it shows up nowhere: the whole program against a panel on a socket."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import pytest

from tests.support.command_line import Ran, resellerplan
from tests.support.opened import FLAVOURS, PASSWORD, RESELLER, WORLD
from tests.support.served import Site, on_socket, site

pytestmark = pytest.mark.loopback

NEW_PASSWORD = "Kanarie-Kunde-7"
LETTER = "Ihr Passwort: #User.Password#"
MANIFEST = f"""version: 1
customers:
  - username: neu
    email: n@neu.example
    password: {{command: [{json.dumps(sys.executable)}, -c, "print('Kanarie-' + 'Kunde-7')"]}}
    summary_letter: true
"""
SETTINGS = {
    RESELLER: {
        "AccountSummaryLetter": {"From": "info@brightweb.example", "Subject": "Konto", "TextBody": LETTER, "HtmlBody": LETTER}
    }
}


class InMemory(keyring.backend.KeyringBackend):
    """A keyring that forgets."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library has no types there
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def memory() -> Iterator[InMemory]:
    before = keyring.get_keyring()
    backend = InMemory()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture(params=FLAVOURS)
def panel(request: pytest.FixtureRequest) -> Iterator[tuple[Site, str]]:
    with site(request.param, {**WORLD, "user_settings": SETTINGS}) as found, on_socket(found) as front:
        yield found, front.url


def rows(found: Site, sql: str) -> list[dict[str, object]]:
    with found.panel.store.reading() as db:
        return [dict(row) for row in db.execute(sql)]


def credentials(home: Path, url: str, line: str) -> None:
    file = home / ".config" / "resellerplan" / "credentials.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"panels:\n  {json.dumps(url)}:\n    username: {RESELLER}\n    {line}\n", encoding="utf-8")
    file.chmod(0o600)


def canaries(log_in: str) -> tuple[str, ...]:
    digest = base64.b64encode(hashlib.sha1(log_in.encode()).digest()).decode()
    return log_in, NEW_PASSWORD, digest, base64.b64encode(f"{RESELLER}:{digest}".encode()).decode()


def everything_written(home: Path, ran: Ran) -> str:
    return ran.out + ran.err + "".join(path.read_text("utf-8", "replace") for path in home.rglob("*") if path.is_file())


@pytest.mark.parametrize("source", ["environment", "command", "keyring", "file"])
@pytest.mark.parametrize("level", ["error", "warn", "info", "debug"])
def test_no_password_shows_up_from_whatever_source_at_whatever_level(
    panel: tuple[Site, str], source: str, level: str, tmp_path: Path, memory: InMemory
) -> None:
    found, url = panel
    home, outside = tmp_path / "home", tmp_path / "outside"
    home.mkdir()
    outside.mkdir()
    (home / "resellerplan.yaml").write_text(f"{MANIFEST}panel: {{url: {json.dumps(url)}}}\n", encoding="utf-8")
    environ = {"HOME": str(home), "RESELLERPLAN_LOG": level, "RESELLERPLAN_LOG_PATH": str(home / "log.txt")}
    match source:
        case "environment":
            environ |= {"RESELLERPLAN_URL": url, "RESELLERPLAN_USERNAME": RESELLER, "RESELLERPLAN_PASSWORD": PASSWORD}
        case "command":
            half = len(PASSWORD) // 2
            code = f"print({PASSWORD[:half]!r} + {PASSWORD[half:]!r})"
            credentials(home, url, f"password_command: {json.dumps([sys.executable, '-c', code])}")
        case "keyring":
            from resellerplan.cli.panel_url import parse_panel_url

            memory.set_password(f"resellerplan {parse_panel_url(url).key}", RESELLER, PASSWORD)
            credentials(home, url, "keyring: true")
        case _:
            (outside / "password").write_text(PASSWORD + "\n", encoding="utf-8")
            credentials(home, url, f"password_file: {json.dumps(str(outside / 'password'))}")
    traced = home / "trace"
    ran = resellerplan(
        "apply", "--auto-approve", "--allow-secret-commands", "--trace-soap", str(traced), "-vv", folder=home, environ=environ
    )
    assert ran.code == 0, ran.out + ran.err
    (stored,) = rows(found, "SELECT password FROM users WHERE username = 'neu'")
    assert found.panel.crypt.open(stored["password"]) == NEW_PASSWORD  # type: ignore[arg-type]  # bytes
    names = {path.name.partition("-")[2] for path in traced.iterdir()}
    assert {"esUsers.AddUser.request.xml", "esPackages.SendAccountSummaryLetter.request.xml"} <= names
    written = everything_written(home, ran)
    assert "***" in written
    for canary in canaries(PASSWORD):
        assert canary not in written


def test_a_wrong_password_shows_up_nowhere(panel: tuple[Site, str], tmp_path: Path) -> None:
    _, url = panel
    environ = {
        "HOME": str(tmp_path),
        "RESELLERPLAN_LOG": "debug",
        "RESELLERPLAN_LOG_PATH": str(tmp_path / "log.txt"),
        "RESELLERPLAN_URL": url,
        "RESELLERPLAN_USERNAME": RESELLER,
        "RESELLERPLAN_PASSWORD": "Kanarie-Falsch-7",
    }
    ran = resellerplan("doctor", "--trace-soap", str(tmp_path / "trace"), "-vv", folder=tmp_path, environ=environ)
    assert ran.code == 1
    assert "does not take these credentials" in ran.err
    assert list((tmp_path / "trace").iterdir())
    for canary in canaries("Kanarie-Falsch-7"):
        assert canary not in everything_written(tmp_path, ran)


# -- administrators, peers, demo accounts --------------------------------------------------------------------------------------

CUSTOMER = "version: 1\ncustomers: [{username: neu, email: n@neu.example, password: {env: NEW}}]\n"


def as_(url: str, home: Path, username: str, password: str) -> dict[str, str]:
    return {
        "HOME": str(home),
        "RESELLERPLAN_URL": url,
        "RESELLERPLAN_USERNAME": username,
        "RESELLERPLAN_PASSWORD": password,
        "NEW": NEW_PASSWORD,
    }


def test_an_administrator_is_refused_by_every_command_until_he_says_for_whom(panel: tuple[Site, str], tmp_path: Path) -> None:
    found, url = panel
    (tmp_path / "resellerplan.yaml").write_text(CUSTOMER, encoding="utf-8")
    environ = as_(url, tmp_path, "serveradmin", "Admin-Pw1!")
    for command in (["doctor"], ["plan"], ["apply", "--auto-approve"]):
        refused = resellerplan(*command, folder=tmp_path, environ=environ)
        assert refused.code == 1, command
        assert "--as-administrator-for RESELLER" in refused.err
    assert not rows(found, "SELECT 1 FROM users WHERE username = 'neu'")
    for wrong in ("niemand", "mueller", "kollege"):
        refused = resellerplan("apply", "--auto-approve", "--as-administrator-for", wrong, folder=tmp_path, environ=environ)
        assert refused.code == 1, wrong
    assert not rows(found, "SELECT 1 FROM users WHERE username = 'neu'")
    flag = ["--as-administrator-for", "darkweb"]
    told = resellerplan("doctor", *flag, folder=tmp_path, environ=environ)
    assert "serveradmin, Administrator, acting for darkweb" in told.out
    assert resellerplan("apply", "--auto-approve", *flag, folder=tmp_path, environ=environ).code == 0
    (made,) = rows(found, "SELECT o.username AS owner FROM users u JOIN users o ON o.user_id = u.owner_id WHERE u.username = 'neu'")
    assert made["owner"] == "darkweb"
    assert not resellerplan("plan", "--detailed-exitcode", *flag, folder=tmp_path, environ=environ).code


def test_a_resellers_own_log_in_takes_no_other_reseller_by_that_flag(panel: tuple[Site, str], tmp_path: Path) -> None:
    _, url = panel
    environ = as_(url, tmp_path, RESELLER, PASSWORD)
    refused = resellerplan("doctor", "--as-administrator-for", "darkweb", folder=tmp_path, environ=environ)
    assert refused.code == 1
    assert "acts for brightweb" in refused.err


def test_doctor_tells_peers_and_demo_accounts_apart(panel: tuple[Site, str], tmp_path: Path) -> None:
    found, url = panel
    environ = as_(url, tmp_path, "kollege", "Peer-Pw1!")
    told = resellerplan("doctor", folder=tmp_path, environ=environ)
    assert told.code == 0, told.out
    assert "kollege, Reseller, a peer, acting for brightweb" in told.out
    with found.panel.store.writing() as db:
        db.execute("UPDATE users SET is_demo = 1 WHERE username = 'kollege'")
    told = resellerplan("doctor", folder=tmp_path, environ=environ)
    assert told.code == 1
    assert "a demo account: every write will be refused (-106)" in told.out
    for subject in ("clock", "latency", "TLS", "identity", "groups"):
        assert subject in told.out

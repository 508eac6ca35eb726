"""What a person sees of a panel that does not play along: one clear sentence, a hint, exit 1, no traceback, no secret."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from tests.support.command_line import Ran, resellerplan
from tests.support.served import on_socket, site

EXAMPLES = Path(__file__).parents[2] / "examples"
WORLD = yaml.safe_load((EXAMPLES / "panel.yaml").read_text(encoding="utf-8"))
GUIDE = str(EXAMPLES / "webpanel-guide")
SECRET = "Canary-Pw1!"


def asked(url: str, folder: Path, *argv: str, password: str = SECRET) -> Ran:
    environ = {
        "HOME": str(folder / "home"),
        "RESELLERPLAN_DATA_DIR": str(folder / "state"),
        "RESELLERPLAN_URL": url,
        "RESELLERPLAN_USERNAME": "brightweb",
        "RESELLERPLAN_PASSWORD": password,
        "MUELLER_PASSWORD": SECRET,
        "SCHMIDT_PASSWORD": SECRET,
    }
    return resellerplan(*(argv or ("plan", GUIDE)), environ=environ, folder=folder)


def one_clear_sentence(ran: Ran, folder: Path) -> str:
    assert ran.code == 1, ran.err
    assert "Traceback" not in ran.err
    assert SECRET not in ran.out + ran.err
    assert not (folder / "state" / "bugs").exists()
    errors = [line for line in ran.err.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1, ran.err
    assert "  hint: " in ran.err
    return errors[0]


@contextmanager
def answering(status: int, content_type: str, body: bytes) -> Iterator[str]:
    """A server that answers everything with the same bytes."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.mark.loopback
@pytest.mark.parametrize("flavour", ["fusecp-2-ef", "solidcp-1.5"])
def test_a_wrong_password_is_said_to_be_one(tmp_path: Path, flavour: str) -> None:
    with site(flavour, WORLD) as found, on_socket(found) as front:
        sentence = one_clear_sentence(asked(front.url, tmp_path), tmp_path)
        right = asked(front.url, tmp_path, password="Reseller-Pw1!")
    assert "password" in sentence.lower() or "credentials" in sentence.lower() or "log-in" in sentence.lower()
    assert right.code == 0, right.err


@pytest.mark.loopback
def test_a_panel_that_can_not_be_reached_is_named(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert url in one_clear_sentence(asked(url, tmp_path), tmp_path)


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("status", "content_type", "body"),
    [
        (200, "text/html", b"<html><body>Please log in \x1b[2J</body></html>"),
        (200, "text/xml", b"<?xml version='1.0'?><truncated"),
        (200, "text/plain", b""),
        (502, "text/html", b"<h1>Bad gateway</h1>"),
        (404, "text/plain", b"not here"),
    ],
)
def test_an_answer_that_is_no_panels_is_one_sentence(tmp_path: Path, status: int, content_type: str, body: bytes) -> None:
    with answering(status, content_type, body) as url:
        ran = asked(url, tmp_path)
    one_clear_sentence(ran, tmp_path)
    assert "\x1b" not in ran.err


@pytest.mark.loopback
@pytest.mark.parametrize("argv", ["plan", "apply --auto-approve", "show live", "doctor", "letter show customer.mueller"])
def test_a_manifest_that_names_another_panel_sends_no_byte_there(tmp_path: Path, argv: str) -> None:
    """A stranger's merge request changes panel.url: nobody connects to what it names, whatever command runs."""
    with socket.socket() as strange:
        strange.bind(("127.0.0.1", 0))
        strange.listen()
        strange.setblocking(False)
        url = f"http://127.0.0.1:{strange.getsockname()[1]}"
        (tmp_path / "resellerplan.yaml").write_text(
            f"version: 1\npanel: {{url: '{url}'}}\nplans: [{{name: S, existing: true}}]\n", encoding="utf-8"
        )
        ran = asked("http://127.0.0.1:9", tmp_path, *argv.split())
        sentence = one_clear_sentence(ran, tmp_path)
        assert sentence == f"Error: this manifest wants to talk to {url}, but your credentials are for http://127.0.0.1:9"
        assert "Nothing was sent." in ran.err
        with pytest.raises(BlockingIOError):
            strange.accept()
        # The proof that a connection would have been seen:
        asked(url, tmp_path, *argv.split(), "--read-timeout", "0.2", "--connect-timeout", "0.2")
        strange.accept()[0].close()


@pytest.mark.loopback
def test_a_customers_log_in_is_refused_with_the_reason(tmp_path: Path) -> None:
    users = [*WORLD["users"], {"username": "kunde", "owner": "brightweb", "password": SECRET, "email": "k@k.example"}]
    with site("fusecp-2-ef", {**WORLD, "users": users}) as found, on_socket(found) as front:
        environ = {
            "HOME": str(tmp_path),
            "RESELLERPLAN_URL": front.url,
            "RESELLERPLAN_USERNAME": "kunde",
            "RESELLERPLAN_PASSWORD": SECRET,
        }
        ran = resellerplan("show", "live", environ=environ, folder=tmp_path)
    assert "no reseller's log-in" in one_clear_sentence(ran, tmp_path)


def test_a_business_code_of_the_panel_is_a_sentence_and_the_rest_goes_on(tmp_path: Path) -> None:
    """The name is taken by another reseller's customer, which shows only when the customer is made, or while planning."""
    users = [
        *WORLD["users"],
        {"username": "darkweb", "role": "reseller", "owner": "serveradmin", "password": "Dark-Pw1!", "email": "d@d.example"},
        {"username": "mueller", "owner": "darkweb", "password": "Kunde-Pw1!", "email": "m@m.example"},
    ]
    (tmp_path / "world.yaml").write_text(yaml.safe_dump({**WORLD, "users": users}), encoding="utf-8")
    environ = {
        "HOME": str(tmp_path),
        "RESELLERPLAN_URL": "embedded:p.sqlite",
        "MUELLER_PASSWORD": SECRET,
        "SCHMIDT_PASSWORD": SECRET,
    }
    assert resellerplan("panel", "seed", "p.sqlite", "--start", "world.yaml", environ=environ, folder=tmp_path).code == 0
    ran = resellerplan("apply", GUIDE, "--auto-approve", environ=environ, folder=tmp_path)
    assert ran.code == 1
    assert "Traceback" not in ran.out + ran.err
    assert SECRET not in ran.out + ran.err
    assert "outside your reach" in ran.out + ran.err


def test_a_business_code_that_shows_only_in_apply_is_a_sentence_with_a_hint_and_the_rest_goes_on(tmp_path: Path) -> None:
    """The domain is another reseller's, which nobody can see while planning (-502)."""
    plans = [*WORLD["plans"], {**WORLD["plans"][0], "name": "Reseller D"}]
    users = [
        *WORLD["users"],
        {"username": "darkweb", "role": "reseller", "owner": "serveradmin", "password": "Dark-Pw1!", "email": "d@d.example"},
    ]
    domain = {"name": "mueller.example"}
    spaces = [*WORLD["spaces"], {"user": "darkweb", "plan": "Reseller D", "name": "Dark", "domains": [domain]}]
    world = {**WORLD, "users": users, "plans": plans, "spaces": spaces}
    (tmp_path / "world.yaml").write_text(yaml.safe_dump(world), encoding="utf-8")
    environ = {
        "HOME": str(tmp_path),
        "RESELLERPLAN_URL": "embedded:p.sqlite",
        "MUELLER_PASSWORD": SECRET,
        "SCHMIDT_PASSWORD": SECRET,
    }
    seeded = resellerplan("panel", "seed", "p.sqlite", "--start", "world.yaml", environ=environ, folder=tmp_path)
    assert seeded.code == 0, seeded.err
    ran = resellerplan("apply", GUIDE, "--auto-approve", environ=environ, folder=tmp_path)
    assert ran.code == 1, ran.out
    assert "Traceback" not in ran.out + ran.err
    assert SECRET not in ran.out + ran.err
    lines = ran.out.splitlines()
    failed = next(number for number, line in enumerate(lines) if line.startswith('space["mueller/Müller Fliesen"]: FAILED'))
    assert "mueller.example" in lines[failed + 1] or "domain" in lines[failed + 1]
    assert any(line.startswith("  hint: ") for line in lines[failed + 1 : failed + 4]), lines[failed : failed + 4]
    assert 'space["schmidt/Schmidt privat"]: Creation complete' in ran.out
    assert "Apply incomplete! Resources: 6 added, 0 changed, 0 destroyed; 1 failed." in ran.out
    assert "  hint: mend that, then `resellerplan plan` shows what is left" in ran.out


@pytest.mark.loopback
@pytest.mark.parametrize("keep", [[], ["--no-check"]])
def test_login_keeps_what_the_panel_takes_and_nothing_else(tmp_path: Path, keep: list[str]) -> None:
    with site("fusecp-2-ef", WORLD) as found, on_socket(found) as front:
        home = {"HOME": str(tmp_path / "home")}

        def login(password: str) -> Ran:
            return resellerplan(
                "login",
                front.url,
                "--user",
                "brightweb",
                "--password-stdin",
                *keep,
                environ=home,
                folder=tmp_path,
                answers=f"{password}\n",
            )

        file = tmp_path / "home" / ".config" / "resellerplan" / "credentials.yaml"
        if not keep:
            assert login("wrong").code == 1
            assert not file.exists()
        kept = login("Reseller-Pw1!")
        assert kept.code == 0, kept.err
        assert "Reseller-Pw1!" not in kept.out + kept.err
        assert file.stat().st_mode & 0o777 == 0o600
        shown = resellerplan("show", "live", environ=home, folder=tmp_path)
    assert shown.code == 0, shown.err
    assert "Customers: none" in shown.out

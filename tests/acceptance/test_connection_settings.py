"""How a panel is reached is up to the person: time-outs, dialect, certificates, the number of calls, a trace."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml

from resellerplan.simpanel.chaos import Chaos, Exchange
from resellerplan.simpanel.faces.exchange import Request
from resellerplan.simpanel.front import Front
from resellerplan.simpanel.wsgi import App
from tests.support.command_line import Ran, resellerplan
from tests.support.served import on_socket, site

EXAMPLES = Path(__file__).parents[2] / "examples"
WORLD = yaml.safe_load((EXAMPLES / "panel.yaml").read_text(encoding="utf-8"))


def asked(url: str, folder: Path, *argv: str, **variables: str) -> Ran:
    environ = {
        "HOME": str(folder / "home"),
        "RESELLERPLAN_URL": url,
        "RESELLERPLAN_USERNAME": "brightweb",
        "RESELLERPLAN_PASSWORD": "Reseller-Pw1!",
        "RESELLERPLAN_NO_CACHE": "1",
    }
    return resellerplan(*argv, environ=environ | variables, folder=folder)


def slow(call: str) -> Chaos:
    rules = {"rules": [{"call": call, "what": "latency", "seconds": 2}]}
    return Chaos.from_data(rules, ticks=time.monotonic)


@pytest.mark.loopback
def test_a_person_says_how_long_a_panel_is_waited_for(tmp_path: Path) -> None:
    with site("fusecp-2-ef", WORLD, chaos=slow("GetHostingPlans")) as found, on_socket(found) as front:
        patient = asked(front.url, tmp_path, "show", "live")
        by_flag = asked(front.url, tmp_path, "show", "live", "--read-timeout", "0.2", "--bulk-timeout", "0.2")
        by_variable = asked(front.url, tmp_path, "show", "live", RESELLERPLAN_BULK_TIMEOUT="0.2", RESELLERPLAN_READ_TIMEOUT="0.2")
        (tmp_path / "config.yaml").write_text("read-timeout: 0.2\nbulk-timeout: 0.2\n", encoding="utf-8")
        by_file = asked(front.url, tmp_path, "show", "live", RESELLERPLAN_CONFIG=str(tmp_path / "config.yaml"))
    assert patient.code == 0, patient.err
    for hasty in (by_flag, by_variable, by_file):
        assert hasty.code == 1, hasty.err
        assert "did not answer within 0.2 s" in hasty.err


@pytest.mark.parametrize("seconds", ["0", "-1", "soon"])
def test_a_time_out_is_a_number_of_seconds(tmp_path: Path, seconds: str) -> None:
    ran = asked("http://127.0.0.1:9", tmp_path, "show", "live", "--connect-timeout", seconds)
    assert ran.code == 64
    assert "--connect-timeout" in ran.err


class Watched:
    """A panel that remembers which of its pages were asked for by GET."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.log, self.chaos, self.maximum_body = app.log, app.chaos, app.maximum_body
        self.read: list[str] = []

    def exchange(self, request: Request) -> Exchange:
        if request.method == "GET":
            self.read.append(request.path)
        return self._app.exchange(request)

    def is_closed(self) -> bool:
        return self._app.is_closed()


@pytest.mark.loopback
def test_a_dialect_that_is_named_is_not_asked_for(tmp_path: Path) -> None:
    for name, text in (("plain", "version: 1\n"), ("named", "version: 1\npanel: {dialect: fusecp2}\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "resellerplan.yaml").write_text(text, encoding="utf-8")
    with site("fusecp-2-ef", WORLD) as found:
        watched = Watched(found.app)
        front = Front(watched, on_bug=found.bugs.append).start()
        try:

            def pages(*argv: str, code: int = 0) -> list[str]:
                watched.read.clear()
                ran = asked(front.url, tmp_path, *argv)
                assert ran.code == code, ran.err
                return list(watched.read)

            assert any("esUsers" in page for page in pages("plan", "plain"))
            assert pages("plan", "named") == []
            assert pages("plan", "plain", "--dialect", "fusecp2") == []
            pages("plan", "named", "--dialect", "solidcp1", code=1)
            pages("plan", "plain", "--dialect", "cobol", code=64)
        finally:
            front.stop()


@pytest.mark.loopback
def test_no_more_calls_are_made_than_were_allowed(tmp_path: Path) -> None:
    with site("fusecp-2-ef", WORLD) as found, on_socket(found) as front:
        ran = asked(front.url, tmp_path, "show", "live", "--max-calls", "2")
    assert ran.code == 1
    assert "--max-calls" in ran.err


@pytest.mark.loopback
def test_a_trace_of_the_calls_holds_no_password(tmp_path: Path) -> None:
    with site("fusecp-2-ef", WORLD) as found, on_socket(found) as front:
        ran = asked(front.url, tmp_path, "show", "live", "--trace-soap", str(tmp_path / "trace"))
    assert ran.code == 0, ran.err
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in (tmp_path / "trace").rglob("*") if path.is_file()]
    assert any("GetHostingPlans" in text for text in texts)
    assert not any("Reseller-Pw1!" in text for text in texts)


@pytest.mark.parametrize("flag", ["--ca-file", "--client-certificate"])
def test_a_certificate_that_can_not_be_read_is_one_sentence(tmp_path: Path, flag: str) -> None:
    ran = asked("https://127.0.0.1:9", tmp_path, "show", "live", flag, str(tmp_path / "none.pem"))
    assert ran.code == 64
    assert flag in ran.err
    assert "none.pem" in ran.err
    assert "Traceback" not in ran.err

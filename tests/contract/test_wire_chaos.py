"""Every kind of chaos does what its rule says: what the client saw, and what the panel has done.

In process, on a socket, and in a proxy before another panel.
"""

from __future__ import annotations

import dataclasses
import gc
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from resellerplan.simpanel.asking import Asker
from resellerplan.simpanel.chaos import Chaos, ChaosInvalid, Rule, Trouble
from resellerplan.simpanel.flavours import flavour
from resellerplan.simpanel.front import Front, Proxy, serving
from resellerplan.simpanel.request_log import RequestLog
from resellerplan.simpanel.seed import read_document
from resellerplan.simpanel.store import Store
from resellerplan.simpanel.transport import InProcessTransport
from resellerplan.simpanel.wire import Credentials
from resellerplan.simpanel.world import WorldInvalid
from tests.support.served import Site, on_socket, site

FLAVOURS = ("solidcp-1.5", "fusecp-2-ef")
WAYS = (
    "in process",
    pytest.param("on a socket", marks=pytest.mark.loopback),
    pytest.param("through a proxy", marks=pytest.mark.loopback),
)

WORLD = """
administrator: {password: Admin-Pw1!}
users:
  - {username: brightweb, role: reseller, owner: serveradmin, password: Reseller-Pw1!, email: info@brightweb.example}
  - {username: mueller, owner: brightweb, password: Kunde-Pw1!, first_name: Petra, email: petra@mueller.example, city: Ulm}
"""


class PassingTime:
    """Seconds that pass where a test waits: at once in process, really on a socket, whose port is closed for real seconds."""

    def __init__(self, *, really: bool) -> None:
        self._really = really
        self._passed = 0.0

    def __call__(self) -> float:
        return time.monotonic() if self._really else self._passed

    def wait(self, seconds: float) -> None:
        if self._really:
            time.sleep(seconds)
        self._passed += seconds


class Client:
    """Calls a panel as a client does, over httpx, and says what it saw."""

    def __init__(
        self, http: httpx.Client, flavour_name: str, panel: Site, passing: PassingTime, log: RequestLog, base: str = ""
    ) -> None:
        self.log = log
        self.base = base.rstrip("/")
        self.http = http
        self.time = passing
        self.flavour = flavour(flavour_name)
        self.site = panel
        self.asker = Asker(self.flavour)

    def send(
        self, operation: str, *, as_: tuple[str, str] = ("brightweb", "Reseller-Pw1!"), **parameters: object
    ) -> httpx.Response:
        """Send a call of esUsers as the reseller, or as another."""
        form: Any = "basic" if self.flavour.face == "asmx" else "header"
        made = self.asker.request("esUsers", operation, parameters, Credentials(*as_, form))
        return self.http.post(self.base + made.path, content=made.body, headers=dict(made.headers))

    def add(self, username: str) -> httpx.Response:
        """AddUser of an ordinary customer."""
        user = {"Username": username, "OwnerId": 2, "RoleId": 3, "StatusId": 1, "Email": f"{username}@kunden.example"}
        return self.send("AddUser", user=user, sendLetter=False, password="Kunde-Pw1!", notes=None)

    def exists(self, username: str) -> bool:
        """Whether the world holds a user: asked of the store, past all chaos."""
        with self.site.panel.store.reading() as db:
            return db.execute("SELECT 1 FROM users WHERE username = ?", (username,)).fetchone() is not None

    def sees(self, username: str) -> bool:
        """Whether the panel says that a user exists."""
        return ">true<" in self.send("UserExists", username=username).text

    def value(self, username: str, column: str) -> object:
        """A column of a user, from the store."""
        with self.site.panel.store.reading() as db:
            row = db.execute(f"SELECT {column} FROM users WHERE username = ?", (username,)).fetchone()
        return row[0]


@contextmanager
def client(way: str, flavour_name: str, *rules: dict[str, Any], seed: int = 0, timeout: float = 5.0) -> Iterator[Client]:
    """A client of a fresh panel with these rules of chaos, which stand in the panel or in a proxy before it."""
    passing = PassingTime(really=way != "in process")
    chaos = Chaos.from_data({"seed": seed, "rules": list(rules)}, ticks=passing)
    if way == "through a proxy":
        with site(flavour_name, WORLD, ticks=passing) as found, on_socket(found) as behind:
            proxy = Proxy(behind.url, chaos=chaos, flavour=flavour(flavour_name))
            with serving(proxy) as before, httpx.Client(base_url=before.url, timeout=timeout) as http:
                yield Client(http, flavour_name, found, passing, proxy.log)
        return
    with site(flavour_name, WORLD, chaos=chaos, ticks=passing) as found:
        if way == "in process":
            with httpx.Client(transport=InProcessTransport(found.app), base_url="http://panel.example", timeout=timeout) as http:
                yield Client(http, flavour_name, found, passing, found.app.log)
            return
        with on_socket(found) as front, httpx.Client(base_url=front.url, timeout=timeout) as http:
            yield Client(http, flavour_name, found, passing, found.app.log)


def both(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test in process, on a socket and through a proxy, on both faces."""
    walked: Callable[..., None] = pytest.mark.parametrize("way", WAYS)(test)
    marked: Callable[..., None] = pytest.mark.parametrize("flavour_name", FLAVOURS)(walked)
    return marked


@both
def test_without_rules_a_call_is_answered(way: str, flavour_name: str) -> None:
    with client(way, flavour_name) as c:
        assert c.add("anna").status_code == 200
        assert c.exists("anna")


@both
def test_a_reset_after_the_commit_leaves_the_object(way: str, flavour_name: str) -> None:
    with client(way, flavour_name, {"call": "AddUser", "occurrence": 1, "what": "reset_after_commit"}) as c:
        with pytest.raises(httpx.ReadError):
            c.add("anna")
        assert c.exists("anna")
        assert c.add("berta").status_code == 200
        assert c.log.calls("AddUser")[0].outcome == "reset_after_commit"


@both
def test_a_reset_before_the_request_is_read_runs_nothing(way: str, flavour_name: str) -> None:
    with client(way, flavour_name, {"call": "AddUser", "occurrence": 1, "what": "reset_before_read"}) as c:
        with pytest.raises(httpx.ReadError):
            c.add("anna")
        assert not c.exists("anna")
        assert c.add("anna").status_code == 200


@both
def test_a_refused_connection_runs_nothing_and_stays_for_its_seconds(way: str, flavour_name: str) -> None:
    with client(way, flavour_name, {"call": "AddUser", "occurrence": 1, "what": "refuse", "seconds": 1.2}) as c:
        with pytest.raises((httpx.ConnectError, httpx.ReadError)):
            c.add("anna")
        with pytest.raises(httpx.ConnectError):
            c.add("berta")
        c.time.wait(1.4)
        assert not c.exists("anna")
        assert c.add("anna").status_code == 200


@both
def test_silence_after_the_commit_meets_the_clients_time_out(way: str, flavour_name: str) -> None:
    rule = {"call": "AddUser", "occurrence": 1, "what": "timeout_after_commit", "seconds": 20}
    with client(way, flavour_name, rule, timeout=0.4) as c:
        with pytest.raises(httpx.ReadTimeout):
            c.add("anna")
        assert c.exists("anna")


@both
def test_silence_that_ends_before_the_time_out_is_a_closed_connection(way: str, flavour_name: str) -> None:
    rule = {"call": "AddUser", "occurrence": 1, "what": "timeout_after_commit", "seconds": 0.1}
    with client(way, flavour_name, rule) as c, pytest.raises(httpx.RemoteProtocolError):
        c.add("anna")


@both
@pytest.mark.parametrize("run", [False, True])
def test_a_500_in_html_runs_the_call_only_where_the_rule_says_so(way: str, flavour_name: str, run: bool) -> None:
    with client(way, flavour_name, {"call": "AddUser", "occurrence": 1, "what": "html_500", "run": run}) as c:
        answer = c.add("anna")
        assert answer.status_code == 500
        assert answer.headers["content-type"].startswith("text/html")
        assert c.exists("anna") is run


@both
def test_a_401_comes_once_and_the_next_try_passes(way: str, flavour_name: str) -> None:
    with client(way, flavour_name, {"call": "AddUser", "occurrence": 1, "what": "unauthorised"}) as c:
        assert c.add("anna").status_code == 401
        assert not c.exists("anna")
        assert c.add("anna").status_code == 200


@both
def test_a_fault_has_the_text_of_the_rule_and_the_form_of_the_face(way: str, flavour_name: str) -> None:
    rule = {"call": "AddUser", "occurrence": 1, "what": "fault", "text": "Zeitüberschreitung <1>", "run": True}
    with client(way, flavour_name, rule) as c:
        answer = c.add("anna")
        assert answer.status_code == 500
        assert "Zeitüberschreitung &lt;1" in answer.text
        code = "s:Server" if c.flavour.face == "asmx" else "a:InternalServiceFault"
        assert code in answer.text
        assert c.exists("anna")


@both
def test_truncated_xml_is_sound_http(way: str, flavour_name: str) -> None:
    with client(way, flavour_name, {"call": "AddUser", "occurrence": 1, "what": "truncated", "at": 0.7}) as c:
        answer = c.add("anna")
        assert answer.status_code == 200
        assert int(answer.headers["content-length"]) == len(answer.content)
        assert not answer.text.rstrip().endswith("Envelope>")
        assert c.exists("anna")


@both
def test_a_cut_ends_the_body_before_its_stated_length(way: str, flavour_name: str) -> None:
    with client(way, flavour_name, {"call": "AddUser", "occurrence": 1, "what": "cut", "at": 0.5}) as c:
        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
            c.add("anna")
        assert c.exists("anna")


@both
def test_a_wrong_charset_is_not_what_the_head_states(way: str, flavour_name: str) -> None:
    rule = {"call": "GetUserByUsername", "what": "wrong_charset", "charset": "utf-16"}
    with client(way, flavour_name, rule) as c:
        answer = c.send("GetUserByUsername", username="mueller")
        assert "utf-8" in answer.headers["content-type"]
        assert "<" not in answer.content.decode("utf-8", "replace")[:1]
        assert "Petra" in answer.content.decode("utf-16")


@both
def test_a_drip_takes_its_time_and_completes(way: str, flavour_name: str) -> None:
    rule = {"call": "UserExists", "what": "drip", "bytes_per_second": 2000}
    with client(way, flavour_name, rule) as c:
        started = time.monotonic()
        answer = c.send("UserExists", username="mueller")
        assert time.monotonic() - started > 0.8 * len(answer.content) / 2000
        assert ">true<" in answer.text


@both
def test_a_drip_slower_than_the_time_out_is_a_time_out(way: str, flavour_name: str) -> None:
    rule = {"call": "UserExists", "what": "drip", "bytes_per_second": 1}
    with client(way, flavour_name, rule, timeout=0.3) as c, pytest.raises(httpx.ReadTimeout):
        c.send("UserExists", username="mueller")


@both
def test_latency_delays_and_a_longer_one_meets_the_time_out(way: str, flavour_name: str) -> None:
    rules = (
        {"call": "UserExists", "occurrence": 1, "what": "latency", "latency": {"constant": 0.2}},
        {"call": "UserExists", "occurrence": 2, "what": "latency", "latency": {"uniform": [2, 3]}},
    )
    with client(way, flavour_name, *rules, timeout=1.0) as c:
        started = time.monotonic()
        assert c.sees("mueller")
        assert time.monotonic() - started >= 0.2
        with pytest.raises(httpx.ReadTimeout):
            c.sees("mueller")


@both
def test_stale_reads_do_not_see_the_write_for_their_seconds(way: str, flavour_name: str) -> None:
    with client(way, flavour_name, {"call": "AddUser", "occurrence": 1, "what": "stale_reads", "seconds": 1.2}) as c:
        # A proxy can't freeze what is behind it: it repeats what it has seen.
        assert not c.sees("anna")
        assert c.add("anna").status_code == 200
        assert c.exists("anna")
        assert not c.sees("anna")
        assert c.sees("mueller")
        c.time.wait(1.4)
        assert c.sees("anna")


@both
@pytest.mark.parametrize("answer", ["reset", "timeout"])
def test_a_late_commit_happens_only_after_the_client_has_looked(way: str, flavour_name: str, answer: str) -> None:
    rule = {
        "call": "AddUser",
        "occurrence": 1,
        "what": "late_commit",
        "answer": answer,
        "seconds": 20,
        "look_up": "UserExists",
    }
    with client(way, flavour_name, rule, timeout=0.5) as c:
        with pytest.raises(httpx.ReadTimeout if answer == "timeout" else httpx.ReadError):
            c.add("anna")
        c.send("GetUserByUsername", username="anna")
        assert not c.exists("anna")
        assert not c.sees("anna")
        assert c.exists("anna")
        assert c.sees("anna")


def test_nothing_is_left_of_the_state_that_stale_reads_were_served_from() -> None:
    with client("in process", "solidcp-1.5", {"call": "AddUser", "what": "stale_reads", "seconds": 5}) as c:
        c.add("anna")
        assert not c.sees("anna")
        copies = [o.path for o in gc.get_objects() if isinstance(o, Store) and "panel-copy" in str(o.path) and o.path.exists()]
        assert copies
    del c
    gc.collect()
    assert not [path for path in copies if path.exists()]


EDIT = {
    "as": {"username": "serveradmin", "password": "Admin-Pw1!"},
    "read": {"call": "esUsers.GetUserByUsername", "parameters": {"username": "mueller"}},
    "change": {"City": "Bremen"},
    "write": {"call": "esUsers.UpdateUser", "object": "user"},
}


@both
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_concurrent_editor_changes_one_member_of_an_object(way: str, flavour_name: str, when: str) -> None:
    rule = {"call": "GetUserByUsername", "occurrence": 2, "what": "editor", "when": when, "edit": EDIT}
    with client(way, flavour_name, rule) as c:
        assert "Ulm" in c.send("GetUserByUsername", username="mueller").text
        assert c.value("mueller", "city") == "Ulm"
        answer = c.send("GetUserByUsername", username="mueller").text
        assert ("Bremen" in answer) is (when == "before")
        assert c.value("mueller", "city") == "Bremen"
        assert c.value("mueller", "first_name") == "Petra"


@pytest.mark.parametrize("flavour_name", FLAVOURS)
@pytest.mark.parametrize("way", WAYS[:2])
def test_the_end_of_the_process_closes_the_port_for_some_seconds(way: str, flavour_name: str) -> None:
    with client(way, flavour_name) as c:
        c.site.panel.end_seconds = 1.2
        c.site.panel.end_process()
        c.time.wait(0.2)
        with pytest.raises(httpx.ConnectError):
            c.sees("mueller")
        c.time.wait(1.4)
        assert c.sees("mueller")


# -- several rules, several callers ---------------------------------------------------------------------------------------------


@both
def test_a_late_commit_follows_a_look_up_that_is_troubled_itself(way: str, flavour_name: str) -> None:
    late = {"call": "AddUser", "what": "late_commit", "look_up": "UserExists"}
    troubles: tuple[tuple[dict[str, Any], bool], ...] = (
        ({"what": "reset_after_commit"}, False),
        ({"what": "fault", "run": True}, False),
        ({"what": "drip", "bytes_per_second": 100_000}, True),
        ({"what": "latency", "seconds": 0.01}, True),
    )
    rules: list[dict[str, Any]] = [{"call": "UserExists", "occurrence": n, **rule} for n, (rule, _) in enumerate(troubles, 1)]
    with client(way, flavour_name, late, *rules) as c:
        for number, (_, answered) in enumerate(troubles):
            with pytest.raises(httpx.ReadError):
                c.add(f"anna{number}")
            try:
                assert not c.sees(f"anna{number}")
            except httpx.ReadError:
                assert not answered
            there = [c.exists(f"anna{n}") for n in range(number + 1)]
            assert there == [answered] * (number + 1)


@both
def test_a_troubled_read_is_a_stale_one_while_reads_are_stale(way: str, flavour_name: str) -> None:
    rules = [
        {"call": "AddUser", "occurrence": 1, "what": "stale_reads", "seconds": 30},
        {"call": "AddUser", "occurrence": 2, "what": "stale_reads", "seconds": 1},
        {"call": "UserExists", "occurrence": 2, "what": "drip", "bytes_per_second": 100_000},
    ]
    with client(way, flavour_name, *rules) as c:
        assert not c.sees("anna")
        c.add("anna")
        assert not c.sees("anna")
        c.add("berta")
        assert not c.sees("anna")  # the older state stays, and for its whole time
        assert c.exists("berta")


@both
def test_of_rules_that_end_a_call_the_first_does_and_the_others_count_it(way: str, flavour_name: str) -> None:
    rules: list[dict[str, Any]] = [
        {"call": "AddUser", "what": "latency", "latency": {"constant": 0.05}},
        {"call": "AddUser", "occurrence": 1, "what": "html_500"},
        {"call": "writes", "occurrence": [1, 2], "what": "reset_before_read"},
    ]
    with client(way, flavour_name, *rules) as c:
        started = time.perf_counter()
        assert c.add("anna").headers["content-type"].startswith("text/html")
        assert time.perf_counter() - started >= 0.05
        with pytest.raises(httpx.ReadError):
            c.add("anna")
        assert c.add("anna").status_code == 200
        told = [entry.outcome for entry in c.log.calls("AddUser")]
        assert told == ["html_500, latency", "reset_before_read, latency", "latency"]


@both
def test_requests_at_once_are_each_counted_once(way: str, flavour_name: str) -> None:
    rules: list[dict[str, Any]] = [
        {"call": "UserExists", "occurrence": [3, 4, 5], "what": "html_500"},
        {"call": "UserExists", "probability": 0.5, "what": "fault"},
    ]
    with client(way, flavour_name, *rules, seed=11) as alone:
        expected = sorted(alone.send("UserExists", username="mueller").text for _ in range(24))
    with client(way, flavour_name, *rules, seed=11) as c:
        found: list[str] = []

        def ask() -> None:
            with httpx.Client(transport=InProcessTransport(c.site.app)) if way == "in process" else httpx.Client() as http:
                one = Client(http, flavour_name, c.site, c.time, c.log, base=str(c.http.base_url))
                found.extend(one.send("UserExists", username="mueller").text for _ in range(4))

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    kinds = [[kind(text) for text in texts] for texts in (expected, sorted(found))]
    assert sorted(kinds[0]) == sorted(kinds[1])
    assert kinds[1].count("page") == 3
    assert 4 < kinds[1].count("fault") < 20


def kind(text: str) -> str:
    """What a reply is, apart from the ids in it."""
    return "page" if "<h1>" in text else "fault" if "Fault" in text else "answer"


@both
def test_a_rule_for_one_user_leaves_others_alone_on_both_faces(way: str, flavour_name: str) -> None:
    with client(way, flavour_name, {"user": "brightweb", "what": "html_500"}) as c:
        assert c.send("UserExists", username="mueller").status_code == 500
        assert c.send("UserExists", as_=("mueller", "Kunde-Pw1!"), username="mueller").status_code == 200


@pytest.mark.loopback
@pytest.mark.parametrize("flavour_name", FLAVOURS)
def test_a_proxy_repeats_what_was_seen_to_nobody_else(flavour_name: str) -> None:
    rule = {"call": "AddUser", "occurrence": 1, "what": "stale_reads", "seconds": 30}
    with client("through a proxy", flavour_name, rule) as c:
        assert "serveradmin" in c.send("GetUserById", userId=1).text
        c.add("anna")
        assert "serveradmin" in c.send("GetUserById", userId=1).text
        assert "serveradmin" not in c.send("GetUserById", as_=("mueller", "Kunde-Pw1!"), userId=1).text


@pytest.mark.loopback
def test_a_proxy_hands_on_any_path() -> None:
    with client("through a proxy", "solidcp-1.5") as c:
        for path in ("/with blank", "/umläut", "/a%2Fb", "/esUsers.asmx?WSDL"):
            assert c.http.get(path).status_code == (200 if "WSDL" in path else 404)


# -- which calls are meant ------------------------------------------------------------------------------------------------------


def test_probability_is_seeded_and_repeats() -> None:
    def run(seed: int) -> list[int]:
        rule = {"call": "UserExists", "probability": 0.3, "what": "html_500"}
        with client("in process", "solidcp-1.5", rule, seed=seed) as c:
            return [c.send("UserExists", username="x").status_code for _ in range(60)]

    first = run(7)
    assert first == run(7)
    assert first != run(8)
    assert 5 < first.count(500) < 35


@pytest.mark.parametrize(
    ("pattern", "add", "read"),
    [
        ("*", True, True),
        ("reads", False, True),
        ("writes", True, False),
        ("AddUser", True, False),
        ("esUsers.AddUser", True, False),
        ("esUsers.*", True, True),
        ("esPackages.*", False, False),
        ("esUsers.reads", False, True),
    ],
)
def test_a_pattern_means_these_calls(pattern: str, add: bool, read: bool) -> None:
    with client("in process", "fusecp-2-ef", {"call": pattern, "what": "html_500"}) as c:
        assert (c.add("anna").status_code == 500) is add
        assert (c.send("UserExists", username="x").status_code == 500) is read


def test_occurrences_user_and_content_narrow_a_rule() -> None:
    rules = (
        {"call": "UserExists", "occurrence": [2, 4], "containing": "mueller", "what": "html_500"},
        {"call": "UserExists", "user": "somebody", "what": "html_500"},
    )
    with client("in process", "solidcp-1.5", *rules) as c:
        seen = [c.send("UserExists", username=name).status_code for name in ("mueller", "x", "mueller", "mueller", "mueller")]
    assert seen == [200, 200, 500, 200, 500]


@pytest.mark.parametrize(
    ("distribution", "low", "high"),
    [({"normal": [0.05, 0.01]}, 0.0, 0.2), ({"exponential": 0.02}, 0.0, 0.5), ({"uniform": [0.01, 0.03]}, 0.01, 0.1)],
)
def test_each_distribution_of_latency_gives_seconds_around_its_mean(distribution: dict[str, Any], low: float, high: float) -> None:
    waited: list[float] = []
    chaos = Chaos.from_data({"rules": [{"what": "latency", "latency": distribution}]}, ticks=time.monotonic)
    with site("solidcp-1.5", WORLD, chaos=chaos) as found:
        transport = InProcessTransport(found.app, pause=waited.append)
        with httpx.Client(transport=transport, base_url="http://panel.example") as http:
            for _ in range(200):
                http.get("/esUsers.asmx?WSDL") if not waited else http.get("/")
    assert all(low <= seconds <= high for seconds in waited)
    mean = {"normal": 0.05, "exponential": 0.02, "uniform": 0.02}[next(iter(distribution))]
    assert abs(sum(waited) / len(waited) - mean) < mean / 3
    assert len(set(waited)) > 100


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "chaos: a mapping is needed"),
        ({"rules": {}}, "chaos.rules: a list is needed"),
        ({"rule": []}, "unknown: rule"),
        ({"rules": [{"call": "AddUser"}]}, "chaos.rules[1].what: one of refuse"),
        ({"rules": [{"what": "explode"}]}, "not 'explode'"),
        ({"rules": [{"what": "cut", "at": 1}]}, "below 1"),
        ({"rules": [{"what": "cut", "occurrence": 0}]}, "whole number from 1"),
        ({"rules": [{"what": "cut", "occurrence": 1, "probability": 0.5}]}, "not both"),
        ({"rules": [{"what": "cut", "probability": 2}]}, "from 0 to 1"),
        ({"rules": [{"what": "latency", "latency": {"normal": [1]}}]}, "2 number(s)"),
        ({"rules": [{"what": "latency", "latency": {}}]}, "exactly one of"),
        ({"rules": [{"what": "wrong_charset", "charset": "klingon"}]}, "no charset for text is called 'klingon'"),
        ({"rules": [{"what": "wrong_charset", "charset": "base64"}]}, "no charset for text is called 'base64'"),
        ({"rules": [{"what": "wrong_charset", "charset": "a\0b"}]}, "no charset for text"),
        ({"rules": [{"what": "wrong_charset", "charset": "UTF8"}]}, "name another"),
        ({"rules": [{"what": "editor"}]}, "`edit` belongs to"),
        ({"rules": [{"what": "cut", "edit": EDIT}]}, "`edit` belongs to"),
        ({"rules": [{"what": "editor", "edit": {**EDIT, "write": {"call": "UpdateUser"}}}]}, "such as esUsers.UpdateUser"),
        ({"rules": [{"what": "refuse", "seconds": "long"}]}, "a number from 0 on"),
        ({"rules": [{"what": "refuse", "seconds": float("nan")}]}, "a number from 0 on"),
        ({"rules": [{"what": "refuse", "seconds": float("inf")}]}, "a number from 0 on"),
        ({"rules": [{"what": "refuse", "seconds": 1e6}]}, "at most a day"),
        ({"rules": [{"what": "fault", "run": "yes"}]}, "true or false"),
        ({"rules": [{"what": "cut", "run": True}]}, "`run` says nothing of `what: cut`; allowed with it: at, call"),
        ({"rules": [{"what": "drip", "bytes_per_second": 0}]}, "above 0"),
        ({"rules": [{"what": "cut", "occurrence": []}]}, "whole number from 1"),
        ({"rules": [{"what": "cut", "call": ""}]}, "chaos.rules[1].call: *, reads, writes"),
        ({"rules": [{"what": "cut", "call": "a.b.c"}]}, "esUsers.AddUser or esUsers.* is needed"),
        ({"rules": [{"what": "late_commit", "look_up": "what ever"}]}, "chaos.rules[1].look_up: "),
        ({"rules": [{"what": "latency", "latency": {"uniform": [2, 1]}}]}, "the smaller number comes first"),
        ({"rules": [{"what": "latency", "latency": {"constant": float("inf")}}]}, "1 number(s)"),
        ({"seed": True}, "chaos.seed: a whole number"),
    ],
)
def test_a_rule_that_says_nothing_sensible_is_named_with_its_place(data: object, message: str) -> None:
    with pytest.raises(ChaosInvalid) as caught:
        Chaos.from_data(data, ticks=time.monotonic)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ({**EDIT, "write": {"call": "esUsers.NoSuchCall", "object": "user"}}, "[1].edit.write: solidcp-1.5 has no"),
        ({**EDIT, "write": {"call": "esUsers.UpdateUser", "object": "usr"}}, "has no parameter usr"),
        ({**EDIT, "read": {"call": "esUsers.GetUserByUsername", "parameters": {"user": "x"}}}, "[1].edit.read: "),
    ],
)
def test_an_editor_whose_calls_are_not_there_is_refused_at_once(edit: dict[str, Any], message: str) -> None:
    with pytest.raises(ChaosInvalid) as caught, client("in process", "solidcp-1.5", {"what": "editor", "edit": edit}):
        raise AssertionError("it was not refused")
    assert message in str(caught.value)
    chaos = Chaos.from_data({"rules": [{"what": "editor", "edit": EDIT}]}, ticks=time.monotonic)
    with pytest.raises(ChaosInvalid, match="name its flavour"):
        Proxy("http://panel.example", chaos=chaos)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"call": "AddUsr", "what": "cut"}, "chaos.rules[1].call: solidcp-1.5 has no call AddUsr, so the rule would never be due"),
        ({"call": "esUser.AddUser", "what": "cut"}, "has no service esUser; there are "),
        ({"call": "esUsers.AddPackage", "what": "cut"}, "has no call esUsers.AddPackage"),
        ({"call": "writes", "what": "late_commit", "look_up": "GetUsr"}, "chaos.rules[1].look_up: solidcp-1.5 has no call GetUsr"),
    ],
)
def test_a_call_that_is_not_there_is_refused_where_the_flavour_is_known(rule: dict[str, Any], message: str) -> None:
    with pytest.raises(ChaosInvalid) as caught, client("in process", "solidcp-1.5", rule):
        raise AssertionError("it was not refused")
    assert message in str(caught.value)
    chaos = Chaos.from_data({"rules": [rule]}, ticks=time.monotonic)
    with pytest.raises(ChaosInvalid) as caught:
        Proxy("http://panel.example", chaos=chaos, flavour=flavour("solidcp-1.5"))
    assert message in str(caught.value)
    # Of a panel that nobody has named, any service may be there.
    Proxy("http://panel.example", chaos=Chaos.from_data({"rules": [rule]}, ticks=time.monotonic))


def test_an_editor_that_could_change_nothing_stands_in_the_log() -> None:
    edit = {**EDIT, "read": {"call": "esUsers.GetUserByUsername", "parameters": {"username": "nobody"}}}
    with client("in process", "solidcp-1.5", {"call": "UserExists", "what": "editor", "edit": edit}) as c:
        assert c.sees("mueller")
        outcome = c.log.calls("UserExists")[0].outcome
        assert outcome == "editor: esUsers.GetUserByUsername gave nothing to change (status 200)"


def test_every_kind_of_trouble_has_a_test_above() -> None:
    source = Path(__file__).read_text("utf-8")
    assert [t.value for t in Trouble if f'"what": "{t.value}"' not in source] == []


def test_the_document_tells_every_kind_and_every_key_and_its_example_is_taken() -> None:
    document = (Path(__file__).parents[2] / "docs" / "panel" / "chaos.md").read_text("utf-8")
    told = {line.split("`")[1] for line in document.splitlines() if line.startswith("| `")}
    assert {trouble.value for trouble in Trouble} <= told
    assert {field.name for field in dataclasses.fields(Rule)} - {"what", "chance", "seconds"} <= set(re.findall(r"\w+", document))
    example = document.partition("```yaml\n")[2].partition("```")[0]
    chaos = Chaos.from_data(yaml.safe_load(example), ticks=time.monotonic)
    assert [rule.what.value for rule in chaos.rules] == ["reset_after_commit", "latency", "late_commit", "editor"]
    Proxy("http://panel.example", chaos=chaos, flavour=flavour("solidcp-1.5"))


HOSTILE = {
    "twice": (b"rules: []\nrules: [{what: refuse}]", "found the key 'rules' twice"),
    "twice in a rule": (b"rules: [{what: refuse, what: cut}]", "found the key 'what' twice"),
    "no text": (b"\x00\xff\xfe", "can't be read"),
    "another charset": ("rules: [{what: ä}]".encode("latin-1"), "can't be read"),
    "a tab": (b"rules:\n\t- what: refuse", "is not YAML"),
    "a program": (b"rules: !!python/object/apply:os.system ['id']", "could not determine a constructor"),
    "two documents": (b"---\nrules: []\n---\nrules: []", "expected a single document"),
    "no day": (b"seed: 2026-99-99", "month must be in 1..12"),
    "a long number": (b"seed: " + b"9" * 5000, "is not YAML"),
    "depth": (b"rules: " + b"[" * 100_000, "is not YAML"),
    "itself": (b"&a {rules: [*a]}", "chaos.rules[1].what: one of refuse"),
    "copies of copies": (
        b"a: &a [1, 1, 1]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nrules: *c",
        "chaos: unknown: a, b, c; allowed: rules, seed",
    ),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_file_is_one_short_error(name: str, tmp_path: Path) -> None:
    content, message = HOSTILE[name]
    path = tmp_path / "chaos.yaml"
    path.write_bytes(content)
    with pytest.raises((ChaosInvalid, WorldInvalid)) as caught:
        Chaos.from_data(read_document(path), ticks=time.monotonic)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 500 + len(str(path))


# -- as a proxy before another panel --------------------------------------------------------------------------------------------


@pytest.mark.loopback
@pytest.mark.parametrize("flavour_name", FLAVOURS)
def test_a_proxy_does_the_same_to_any_panel_behind_it(flavour_name: str) -> None:
    rules = [
        {"call": "AddUser", "occurrence": 1, "what": "reset_after_commit"},
        {"call": "AddUser", "occurrence": 2, "what": "late_commit", "look_up": "UserExists"},
        {"call": "GetUserByUsername", "occurrence": 1, "what": "editor", "edit": EDIT},
        {"call": "UserExists", "occurrence": 4, "what": "cut"},
    ]
    with site(flavour_name, WORLD) as found, on_socket(found) as behind:
        chaos = Chaos.from_data({"rules": rules}, ticks=time.monotonic)
        proxy = Proxy(behind.url, chaos=chaos, flavour=flavour(flavour_name))
        before = Front(proxy).start()
        try:
            with httpx.Client(base_url=before.url, timeout=5) as http:
                c = Client(http, flavour_name, found, PassingTime(really=True), proxy.log)
                with pytest.raises(httpx.ReadError):
                    c.add("anna")
                assert c.exists("anna")
                with pytest.raises(httpx.ReadError):
                    c.add("berta")
                assert not c.exists("berta")
                assert not c.sees("berta")
                assert c.sees("berta")
                assert "Bremen" in c.send("GetUserByUsername", username="mueller").text
                assert c.sees("anna")
                with pytest.raises(httpx.RemoteProtocolError):
                    c.sees("anna")
                assert [e.outcome for e in proxy.log.calls("AddUser")] == ["reset_after_commit", "late_commit"]
        finally:
            before.stop()


@pytest.mark.loopback
def test_a_proxy_whose_panel_is_gone_gives_no_answer() -> None:
    proxy = Proxy("http://127.0.0.1:9", chaos=Chaos(ticks=time.monotonic))
    before = Front(proxy).start()
    try:
        with httpx.Client(base_url=before.url, timeout=5) as http, pytest.raises(httpx.ReadError):
            http.post("/esUsers.asmx", content=b"x")
    finally:
        before.stop()
    with pytest.raises(ValueError, match="not a URL of a panel"):
        Proxy("panel.example", chaos=Chaos(ticks=time.monotonic))

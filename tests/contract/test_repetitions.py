"""Who asks again, and how often: the client repeats reads, the run repeats steps of which nothing arrived, and never both.

Counted are the requests that leave, and the seconds slept, on a clock that moves only by sleeping. Jitter is a half everywhere, so
a pause of the client is 0.5, 1, 2 s, and one of the run three quarters of 0.5, 1, 2 s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from resellerplan.applying.outcome import ApplyReport, Result
from resellerplan.applying.run import Ports, run
from resellerplan.errors import PanelUnreachable
from resellerplan.model.customer import Customer
from resellerplan.model.estate import Estate
from resellerplan.panel.snapshot import read_estate
from resellerplan.simpanel.transport import InProcessTransport
from tests.support.estates import plan_of
from tests.support.opened import FLAVOURS, Opened, log_in, opened
from tests.support.panel_client import FakeTime
from tests.support.panel_in_memory import FakeSecrets, Hears

CLIENT_PAUSES = [0.5, 1.0, 2.0]
RUN_PAUSES = [0.375, 0.75, 1.5]
NEW = Estate(resources={one.self_address: one for one in (Customer(username="neu", email="n@neu.example"),)})


class Refusing(httpx.BaseTransport):
    """No connection for some calls, from the moment it is told; counts the attempts at each call."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner
        self.refused: frozenset[str] | None = frozenset()
        """Names of calls; None refuses all."""
        self.attempts: Counter[str] = Counter()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        call = request.headers.get("SOAPAction", "").strip('"').rpartition("/")[2]
        self.attempts[call] += 1
        if self.refused is None or call in self.refused:
            raise httpx.ConnectError("refused", request=request)
        return self._inner.handle_request(request)


@contextmanager
def reached(flavour: str) -> Iterator[tuple[Opened, Refusing, FakeTime]]:
    time = FakeTime()
    with opened(flavour) as panel:
        network = Refusing(InProcessTransport(panel.site.app))
        session = log_in(network, clock=time.clock)
        try:
            yield Opened(session, panel.site), network, time
        finally:
            session.close()


def create(panel: Opened, time: FakeTime, network: Refusing, refused: frozenset[str] | None) -> ApplyReport:
    """Plan a new customer while all is well, and apply it when some calls don't get through."""
    plan = plan_of(NEW, read_estate(panel.session, NEW))
    network.attempts.clear()
    time.slept.clear()
    network.refused = refused
    ports = Ports(panel=panel.writer, secrets=FakeSecrets(), clock=time.clock, chance=lambda: 0.5, listener=Hears())
    return run(plan, ports)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_write_that_never_arrives_is_sent_four_times_by_the_run_alone(flavour: str) -> None:
    with reached(flavour) as (panel, network, time):
        report = create(panel, time, network, frozenset({"AddUser"}))
    assert [(one.step, one.result) for one in report.outcomes] == [("customer.neu#create", Result.FAILED)]
    assert network.attempts["AddUser"] == 4
    assert time.slept == RUN_PAUSES


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_panel_that_is_gone_is_told_after_four_attempts_of_the_client_alone(flavour: str) -> None:
    with reached(flavour) as (panel, network, time):
        report = create(panel, time, network, None)
    assert [one.result for one in report.outcomes] == [Result.FAILED]
    assert sum(network.attempts.values()) == 4
    assert time.slept == CLIENT_PAUSES


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_read_that_a_write_needs_first_is_not_repeated_by_both(flavour: str) -> None:
    with reached(flavour) as (panel, network, time):
        customer = panel.rows("SELECT user_id FROM users WHERE username = 'leer'")[0]["user_id"]
        known = Estate(resources={one.self_address: one for one in (Customer(username="leer", city="Bonn"),)})
        plan = plan_of(known, read_estate(panel.session, known))
        network.attempts.clear()
        time.slept.clear()
        network.refused = frozenset({"GetUserById"})
        ports = Ports(panel=panel.writer, secrets=FakeSecrets(), clock=time.clock, chance=lambda: 0.5, listener=Hears())
        report = run(plan, ports)
        assert [one.result for one in report.outcomes] == [Result.FAILED]
        assert network.attempts == {"GetUserById": 4}
        assert time.slept == CLIENT_PAUSES
        network.attempts.clear()
        with pytest.raises(PanelUnreachable) as caught:
            panel.writer.update_customer(int(str(customer)), {"city": "Bonn"})
        assert caught.value.given_up
        assert network.attempts["GetUserById"] == 4
        assert network.attempts["UpdateUser"] == 0


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_write_that_arrives_at_the_third_attempt_is_made_once(flavour: str) -> None:
    class Twice(Refusing):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if self.attempts["AddUser"] == 2:
                self.refused = frozenset()
            return super().handle_request(request)

    time = FakeTime()
    with opened(flavour) as panel:
        network = Twice(InProcessTransport(panel.site.app))
        session = log_in(network, clock=time.clock)
        try:
            report = create(Opened(session, panel.site), time, network, frozenset({"AddUser"}))
        finally:
            session.close()
        assert report.good
        assert network.attempts["AddUser"] == 3
        assert time.slept == RUN_PAUSES[:2]
        assert len(panel.rows("SELECT 1 FROM users WHERE username = 'neu'")) == 1

"""A client whose network is a function: no sockets, no waiting, every request kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from resellerplan.applying.ports import Clock
from resellerplan.model.values import Secret
from resellerplan.panel.calls import CALLS, Call, Result
from resellerplan.panel.client import PanelClient
from resellerplan.panel.connection import Connection, Credentials
from resellerplan.panel.dialects.dialect import Dialect, Value
from resellerplan.panel.dialects.fusecp2 import FUSECP2
from resellerplan.panel.dialects.solidcp1 import SOLIDCP1
from resellerplan.panel.network import Answer
from resellerplan.panel.record import Record
from resellerplan.soap.dataset import Tables
from resellerplan.soap.node import Node

URL = "https://panel.example.net:9002"
DIALECTS: dict[str, Dialect] = {"fusecp2": FUSECP2, "solidcp1": SOLIDCP1}


class FakeTime:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    @property
    def clock(self) -> Clock:
        return Clock(
            now=lambda: datetime.fromtimestamp(1_800_000_000 + self.seconds, UTC), monotonic=lambda: self.seconds, sleep=self.sleep
        )


@dataclass
class Sent:
    """One request as it left."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    read: float


@dataclass
class FakeTransport:
    """Answers with what ``answer`` gives for each request, or raises what it raises."""

    answer: Callable[[Sent], tuple[int, Mapping[str, str], bytes]]
    sent: list[Sent] = field(default_factory=list)

    @contextmanager
    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, connect: float, read: float
    ) -> Iterator[Answer]:
        request = Sent(method, url, headers, body, read)
        self.sent.append(request)
        status, reply_headers, data = self.answer(request)
        yield Answer(status, reply_headers, (data[i : i + 1000] for i in range(0, len(data), 1000)))

    def close(self) -> None:
        return None


class AnyCallClient(PanelClient):
    """A client that can send any call of the table with arguments of the right types that mean nothing."""

    def _arguments(self, name: str) -> dict[str, Value | Node | Secret]:
        call = CALLS[name]
        return {parameter.name: self._filler(call, parameter.type, parameter.name) for parameter in call.parameters}

    def any_rows(self, name: str, wanted: Sequence[str]) -> Tables:
        """The wanted columns of a call that gives rows."""
        return self.rows(name, wanted, None, None, **self._arguments(name))

    def any_record(self, name: str) -> Record:
        """The object of a call that gives one."""
        found = self.record(name, **self._arguments(name))
        assert found is not None
        return found

    def send_any(self, name: str) -> object:
        call, arguments = CALLS[name], self._arguments(name)
        match call.result:
            case Result.INT:
                return self.integer(name, **arguments)
            case Result.BOOL:
                return self.boolean(name, **arguments)
            case Result.TEXT:
                return self.text(name, **arguments)
            case Result.OBJECT:
                return self.record(name, **arguments)
            case Result.ROWS:
                return self.rows(name, ("userid",), None, None, **arguments)

    def _filler(self, call: Call, type_: str, name: str) -> Value | Node | Secret:
        match type_:
            case "int":
                return 1
            case "bool":
                return False
            case "date":
                return datetime(2026, 1, 1)
            case "strings":
                return []
            case "secret":
                return Secret("filler")
            case "str":
                return "x"
            case _:
                return self.dialect.object_(type_, {}, element=name)


def client_with(
    dialect: str, transport: FakeTransport, *, may_write: bool = True, time: FakeTime | None = None, **settings: object
) -> AnyCallClient:
    """A client over a fake network."""
    connection = Connection(url=URL, **settings)  # type: ignore[arg-type]  # tests name any setting
    return AnyCallClient(
        connection=connection,
        credentials=Credentials(username="brightweb", password=Secret("log-in:päss"), url=URL),
        dialect=DIALECTS[dialect],
        transport=transport,
        clock=(time or FakeTime()).clock,
        jitter=lambda: 0.5,
        may_write=may_write,
    )


def client_answering(dialect: str, status: int, content_type: str, body: bytes) -> AnyCallClient:
    """A client that gets the same answer to everything."""
    return client_with(dialect, FakeTransport(lambda _sent: (status, {"content-type": content_type}, body)))

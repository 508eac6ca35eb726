"""The client: one call of the table -> its typed result, or one error that says what is certain.

Reads are repeated with growing, jittered pauses. A write is sent once: where nothing arrived, the run decides whether to do the
step again (``applying/retrying.py``), so that repetitions never multiply. After several failures in a row the circuit
opens for a while, so that a dying panel is left alone. A client that may not write refuses before a byte is sent.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from itertools import count

from resellerplan.applying.ports import Clock
from resellerplan.errors import (
    CallForbidden,
    PanelAmbiguous,
    PanelError,
    PanelFault,
    PanelNotUnderstood,
    PanelUnauthorised,
    PanelUnreachable,
)
from resellerplan.model.values import Secret
from resellerplan.neutralise import one_line
from resellerplan.panel.answers import TryLater, from_fault, from_status, is_locked
from resellerplan.panel.calls import TYPED_LISTS, Access, Call, Pace, Result, call_named
from resellerplan.panel.calls_never import NEVER
from resellerplan.panel.connection import Connection, Credentials, same_panel
from resellerplan.panel.dialects.dialect import Dialect, Value
from resellerplan.panel.dialects.fusecp2 import CREDENTIALS_NAMESPACE, HEADER_NAMESPACE
from resellerplan.panel.echoes import clean_error, forms_of, secrets_in
from resellerplan.panel.network import Transport, was_no_answer
from resellerplan.panel.record import Record
from resellerplan.panel.trace import Trace
from resellerplan.soap.dataset import Row, Tables
from resellerplan.soap.envelope import write_envelope
from resellerplan.soap.node import Node
from resellerplan.soap.reply import ReplyReader
from resellerplan.soap.values import NotAValue, is_sendable, read_bool, read_int

__all__ = ["Argument", "Circuit", "PanelClient"]

Argument = Value | Node | Secret

_ATTEMPTS = 4
_LONGEST_PAUSE = 60.0
_MOST_ERROR_BYTES = 1 << 20
_MOST_TREE_BYTES = 8 << 20
"""For one object: the largest that was seen has 138 kB, and a setting can hold 1 MB (real panel report 3, 8). All of it is kept."""


class Circuit:
    """Opens after ``threshold`` failures in a row and lets one call through again after ``cool_down`` seconds."""

    def __init__(self, clock: Clock, threshold: int = 12, cool_down: float = 15.0) -> None:
        self._clock = clock
        self._threshold = threshold
        self._cool_down = cool_down
        self._failures = 0
        self._closed_until = 0.0

    def check(self, call: Call) -> None:
        """Raises PanelUnreachable while the circuit is open."""
        if self._failures >= self._threshold and self._clock.monotonic() < self._closed_until:
            error = PanelUnreachable(
                "the panel failed many times in a row and is left alone for a while",
                call=str(call),
                hint="wait, look whether the panel runs, and try again",
            )
            error.given_up = True
            raise error

    def succeeded(self) -> None:
        """A call came through."""
        self._failures = 0

    def failed(self) -> None:
        """A call got no answer."""
        self._failures += 1
        if self._failures >= self._threshold:
            self._closed_until = self._clock.monotonic() + self._cool_down


class PanelClient:
    """Sends the calls of the table. Safe to use from several threads.

    ``may_write`` False holds it to the read calls. ``jitter`` gives numbers from 0 to 1. ``plain_password`` sends it as it is in
    Basic (WebsitePanel up to 2.1), else as Base64(SHA1), which the panel takes for every password, colons and umlauts included.
    """

    def __init__(
        self,
        *,
        connection: Connection,
        credentials: Credentials,
        dialect: Dialect,
        transport: Transport,
        clock: Clock,
        jitter: Callable[[], float],
        may_write: bool,
        trace: Trace | None = None,
        plain_password: bool = False,
    ) -> None:
        if not same_panel(credentials.url, connection.url):
            raise CallForbidden(
                "the credentials are for another panel",
                detail=f"they are for {one_line(credentials.url, 100)}, the panel is {one_line(connection.url, 100)}",
                hint="give credentials together with the URL they are for",
            )
        self.connection = connection
        self.dialect = dialect
        self.may_write = may_write
        self.clock = clock
        self.circuit = Circuit(clock)
        self._transport = transport
        self._jitter = jitter
        self._trace = trace
        self._base = connection.url.rstrip("/")
        self._header, self._authorization = _log_in(credentials, dialect, plain_password)
        self._password = credentials.password
        self._numbers = count(1)
        self.calls_sent = 0
        self.reading_ends_at = connection.max_calls if not may_write else None
        """The number of calls after which no more are sent: a plan's allowance (``--max-calls``); None bounds nothing."""

    # -- typed results ---------------------------------------------------------------------------------------------------------

    def integer(self, name: str, /, **arguments: Argument) -> int:
        """A call that gives a number. A missing one is not 0: 0 says that it is done (contract 4), and no panel leaves it out."""
        node = self._result(name, Result.INT, arguments)
        try:
            return read_int(_only_text(node))
        except ValueError:
            raise self._unreadable(name, node, arguments) from None

    def boolean(self, name: str, /, **arguments: Argument) -> bool:
        """A call that gives a truth."""
        node = self._result(name, Result.BOOL, arguments)
        try:
            return read_bool(_only_text(node))
        except ValueError:
            raise self._unreadable(name, node, arguments) from None

    def text(self, name: str, /, **arguments: Argument) -> str | None:
        """A call that gives a text; None where it is null."""
        node = self._result(name, Result.TEXT, arguments)
        return node.text if node is not None else None

    def record(self, name: str, /, **arguments: Argument) -> Record | None:
        """A call that gives an object; None where it is null."""
        call = self._call(name, Result.OBJECT)
        reader = self._exchange(call, arguments, lambda: self._reader(call))
        node = reader.result
        return None if node is None or node.nil else Record(node, mended=reader.mended > 0)

    def rows(
        self,
        name: str,
        wanted: Sequence[str],
        /,
        on_row: Callable[[int, Row], None] | None = None,
        before: Callable[[], None] | None = None,
        **arguments: Argument,
    ) -> Tables:
        """A call that gives rows, of which only the wanted columns are kept (plain names).

        With ``on_row`` each row is handed over as it comes; ``before`` is called at the start of every attempt, to forget the rows
        of one that failed.
        """
        call = self._call(name, Result.ROWS)

        def fresh() -> ReplyReader:
            if before is not None:
                before()
            return self._reader(call, wanted, on_row)

        reader = self._exchange(call, arguments, fresh)
        if not reader.listed or not (reader.tables.tables or name in TYPED_LISTS):
            # No panel answers so (contract 1.4, 1.5); taken for an empty list it would make things that are there a second time.
            raise PanelNotUnderstood("the panel gave no list where one belongs", call=str(call))
        return reader.tables

    def _result(self, name: str, result: Result, arguments: Mapping[str, Argument]) -> Node | None:
        call = self._call(name, result)
        node = self._exchange(call, arguments, lambda: self._reader(call)).result
        return None if node is None or node.nil else node

    def _reader(
        self, call: Call, wanted: Sequence[str] | None = None, on_row: Callable[[int, Row], None] | None = None
    ) -> ReplyReader:
        most = self.connection.max_reply_bytes
        if wanted is None:
            most = min(most, _MOST_TREE_BYTES)
        return ReplyReader(call.name, wanted=wanted, on_row=on_row, max_bytes=most)

    def _unreadable(self, name: str, node: Node | None, arguments: Mapping[str, Argument]) -> PanelNotUnderstood:
        fragment = one_line(node.text or "", 60) if node is not None else ""
        error = PanelNotUnderstood("the panel's answer is not of the expected type", fragment=fragment, call=str(call_named(name)))
        ready = (self._ready(name, value) for name, value in arguments.items())
        clean_error(error, self._secrets_of([node for node in ready if isinstance(node, Node)]))
        return error

    def _call(self, name: str, result: Result) -> Call:
        call = call_named(name)
        if call.result is not result:
            raise TypeError(f"{call} gives {call.result}, not {result}")
        return call

    # -- one call, with its repetitions ----------------------------------------------------------------------------------------

    def _exchange(self, call: Call, arguments: Mapping[str, Argument], fresh: Callable[[], ReplyReader]) -> ReplyReader:
        self._check_allowed(call)
        ready = {name: self._ready(name, value) for name, value in arguments.items()}
        nodes = self.dialect.parameters(call, ready)
        try:
            body = self._envelope(call, nodes)
        except ValueError as error:
            raise CallForbidden(
                f"not sent: {error}", call=str(call), hint="remove the control character from the manifest"
            ) from None
        reading = call.access is Access.READ
        attempt = 0
        while True:
            attempt += 1
            self.circuit.check(call)
            try:
                return self._once(call, nodes, body, fresh())
            except TryLater as later:
                if not reading:
                    raise PanelAmbiguous(
                        f"the panel or a proxy before it answered HTTP {later.status}", call=str(call), hint="try again later"
                    ) from None
                asked = later.seconds(self.clock)
                if attempt >= _ATTEMPTS or (asked or 0.0) > _LONGEST_PAUSE:
                    when = f"in {asked:.0f} s" if asked is not None and 0 < asked < 86400 else "later"
                    busy = PanelUnreachable(
                        f"the panel is too busy: it answered HTTP {later.status}" + (f" {attempt} times" if attempt > 1 else ""),
                        call=str(call),
                        hint=f"try again {when}",
                    )
                    busy.given_up = True
                    raise busy from None
                self._pause(attempt, asked)
            except PanelUnreachable as error:
                error.call = str(call)
                if not reading or attempt >= _ATTEMPTS:
                    error.given_up = reading
                    raise
                self._pause(attempt)
            except PanelAmbiguous as error:
                error.call = str(call)
                timed_out = was_no_answer(error)
                most = 1 if call.pace is Pace.BULK and timed_out else 2 if timed_out else _ATTEMPTS
                if not reading or attempt >= most:
                    raise
                self._pause(attempt)
            except PanelFault as error:
                if not reading or attempt >= _ATTEMPTS or not is_locked(error):
                    raise
                self._pause(attempt)
            except PanelError as error:
                error.call = str(call)
                raise

    def _check_allowed(self, call: Call) -> None:
        if call.name in NEVER.get(call.service, ()):
            raise CallForbidden(f"{call} is never sent", call=str(call))
        if call.access is Access.WRITE and not self.may_write:
            raise CallForbidden(
                f"{call} would write, and this command only reads", call=str(call), hint="only `apply` and its kin write"
            )
        if self.reading_ends_at is not None and self.calls_sent >= self.reading_ends_at:
            raise CallForbidden(
                f"a plan may ask the panel {self.connection.max_calls} times here, and that is used up",
                call=str(call),
                hint="raise --max-calls, or name fewer objects with --target",
            )

    def _ready(self, name: str, value: Argument) -> Value | Node:
        return Node(name, value.reveal(), secret=True) if isinstance(value, Secret) else value

    def _envelope(self, call: Call, nodes: Sequence[Node], *, masked: bool = False) -> bytes:
        return write_envelope(
            call.name,
            self.dialect.namespace_of(call.service),
            nodes,
            prefixes=self.dialect.prefixes,
            header=self._header if call.service != "esTest" else None,
            masked=masked,
        )

    def _pause(self, attempt: int, asked: float | None = None) -> None:
        own = min(0.25 * 2.0**attempt, 8.0) * (0.5 + self._jitter())
        self.clock.sleep(min(max(own, asked or 0.0), _LONGEST_PAUSE))

    def _once(self, call: Call, nodes: Sequence[Node], body: bytes, reader: ReplyReader) -> ReplyReader:
        number = next(self._numbers)
        self.calls_sent = number
        times = self.connection.time_outs
        read = {Pace.NORMAL: times.read, Pace.BULK: times.bulk, Pace.CREATE: times.create}[call.pace]
        headers = {
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": f'"{self.dialect.action_of(call.service, call.name)}"',
        }
        if self._authorization is not None and call.service != "esTest":
            headers["Authorization"] = self._authorization.reveal()
        trace = None if self._trace is None else self._trace.begin(number, str(call), self._envelope(call, nodes, masked=True))
        url = self._base + self.dialect.path_of(call.service)
        try:
            with self._transport.send("POST", url, headers, body, connect=times.connect, read=read) as answer:
                if trace is not None:
                    answer.pieces = trace.copying(answer.status, answer.headers, answer.pieces)
                self._read_answer(call, answer.status, answer.headers, answer.pieces, reader)
        except (PanelUnreachable, PanelAmbiguous) as error:
            self.circuit.failed()
            clean_error(error, self._secrets_of(nodes))
            if trace is not None:
                trace.ended(error.message)
            raise
        except TryLater:
            self.circuit.failed()
            raise
        except PanelError as error:
            clean_error(error, self._secrets_of(nodes))
            raise
        finally:
            if trace is not None:
                trace.close(self._secrets_of(nodes))
        self.circuit.succeeded()
        if reader.fault is not None:
            fault = from_fault(reader.fault, call)
            clean_error(fault, self._secrets_of(nodes))
            raise fault
        return reader

    def _secrets_of(self, nodes: Sequence[Node]) -> list[str]:
        """Everything in a request that nobody may read: its passwords, and the log-in in all its forms."""
        found = [*forms_of(self._password.reveal()), *secrets_in(nodes if self._header is None else (self._header, *nodes))]
        if self._authorization is not None:
            whole = self._authorization.reveal().removeprefix("Basic ")
            found += [whole, base64.b64decode(whole).decode("utf-8").partition(":")[2]]
        return found

    def _read_answer(self, call: Call, status: int, headers: Mapping[str, str], pieces: object, reader: ReplyReader) -> None:
        assert hasattr(pieces, "__iter__")
        content_type = headers.get("content-type", "").lower()
        if status not in {200, 202, 500} or content_type.startswith("text/html"):
            data = b""
            for piece in pieces:
                data += piece
                if len(data) > _MOST_ERROR_BYTES:
                    break
            raise from_status(call, status, headers, data)
        charset = content_type.partition("charset=")[2].partition(";")[0].strip(' "')
        if charset and charset not in {"utf-8", "utf8", "us-ascii"}:
            raise PanelNotUnderstood(f"the panel answered in {one_line(charset, 20)}, not in UTF-8", call=str(call))
        for piece in pieces:
            reader.feed(piece)
        try:
            reader.close()
        except PanelNotUnderstood as error:
            if status == 500:
                raise PanelNotUnderstood(
                    "the panel failed (HTTP 500) without saying why", fragment=error.fragment, call=str(call)
                ) from None
            raise


def _only_text(node: Node | None) -> str:
    """The text of a result that can't be null. Raises :class:`NotAValue` where there is none."""
    if node is None or not node.text:
        raise NotAValue("", "value")
    return node.text


def _is_text(text: str) -> bool:
    """Whether a text is one: a variable of the environment may hold bytes that are no UTF-8."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _log_in(credentials: Credentials, dialect: Dialect, plain_password: bool) -> tuple[Node | None, Secret | None]:
    """The SOAP header (2.x) or the HTTP header Authorization (1.x) that says who calls (contract 1.7)."""
    name, password = credentials.username, credentials.password.reveal()
    if not is_sendable(name if dialect.null_is_omitted else name + password) or not _is_text(password):
        raise PanelUnauthorised(
            "the log-in holds a character that can't be sent to a panel",
            hint="it must be UTF-8 without control characters: check RESELLERPLAN_USERNAME and RESELLERPLAN_PASSWORD",
        )
    if not dialect.null_is_omitted:
        children = [
            Node("Password", password, namespace=CREDENTIALS_NAMESPACE, secret=True),
            Node("Username", name, namespace=CREDENTIALS_NAMESPACE),
        ]
        return Node("Credentials", children=children, namespace=HEADER_NAMESPACE), None
    if not name.isascii() or ":" in name:
        raise PanelUnauthorised(
            "this panel takes no log-in name with a colon or letters beyond ASCII",
            detail="SolidCP 1.x reads HTTP Basic as ASCII and cuts it at every colon (contract 1.7.1)",
            hint="use a peer account with a plain name",
        )
    if not plain_password:
        password = base64.b64encode(hashlib.sha1(password.encode("utf-8"), usedforsecurity=False).digest()).decode("ascii")
    joined = base64.b64encode(f"{name}:{password}".encode()).decode("ascii")
    return None, Secret(f"Basic {joined}")

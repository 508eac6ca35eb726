"""Chaos by rules: what happens to which call. It stands between whoever serves HTTP and whoever answers, and knows neither.

A rule names a call, says which of its occurrences are meant, and what happens. As YAML (``--chaos FILE``)::

    seed: 7
    rules:
      - {call: AddUser, occurrence: 3, what: reset_after_commit}
      - {call: esPackages.*, probability: 0.05, what: latency, latency: {normal: [0.2, 0.05]}}
      - {call: AddPackageWithResources, occurrence: 1, what: late_commit, answer: timeout, look_up: GetMyPackages}
      - call: UpdateUser
        occurrence: 1
        what: editor
        edit:
          as: {username: serveradmin, password: Admin-Pw1!}
          read: {call: esUsers.GetUserByUsername, parameters: {username: mueller}}
          change: {City: Bremen}
          write: {call: esUsers.UpdateUser, object: user}

Occurrences are counted per rule, over the calls that the rule's ``call``, ``user`` and ``containing`` fit, from 1. What a rule
makes of chance depends on the seed, the rule and the count alone, so a run can be repeated.

Several rules may fit one call. Latencies add up and editors work in the order of the rules; of the others, which each decide how
the call ends, the first that is due does, and the calls it takes are counted by the later ones all the same. While reads are
stale, other troubles are done to the stale answers; a late commit waits for an answer that reached its way to the client.
"""

from __future__ import annotations

import hashlib
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import assert_never

from resellerplan.simpanel.chaos_rules import Chance, ChaosInvalid, Edit, EditFailed, Latency, Rule, Trouble, rules_from
from resellerplan.simpanel.faces.exchange import Reply, Request

__all__ = ["CallName", "Chaos", "ChaosInvalid", "Delivery", "Exchange", "Rule", "Trouble"]

_MADE = frozenset({Trouble.HTML_500, Trouble.UNAUTHORISED, Trouble.FAULT})
"""Kinds whose answer is none of the panel's."""

_READING = ("Get", "Is", "Can", "Evaluate", "UserExists", "Check", "Echo", "Touch", "OSPlatform")


@dataclass(frozen=True, slots=True)
class CallName:
    """Which call a request is, as far as its head tells: service, operation, and who calls (empty: it does not say)."""

    service: str
    operation: str
    username: str = ""

    @property
    def reads(self) -> bool:
        """Whether it only reads, by its name."""
        return self.operation.startswith(_READING)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a reply is to reach the client.

    ``how``: ``send`` it; ``refuse`` the connection (nothing was run) and keep the port closed for ``seconds``; ``reset`` it;
    ``silence``: send nothing for ``seconds``, then close. ``delay`` seconds pass first. ``cut_after``: close after so many bytes
    of the body. ``bytes_per_second``: drip. ``why`` is for the log.
    """

    how: str = "send"
    seconds: float = 0.0
    delay: float = 0.0
    cut_after: int | None = None
    bytes_per_second: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A reply (``None`` where there is none) and how it is delivered."""

    reply: Reply | None
    delivery: Delivery = field(default_factory=Delivery)


Forward = Callable[[Request], Reply]
EditHand = Callable[[Edit, Forward], None]
Freeze = Callable[[], Forward | None]


@dataclass(slots=True)
class _Held:
    request: Request
    look_up: str


class Chaos:
    """The rules of one run, with their counts."""

    def __init__(
        self,
        rules: tuple[Rule, ...] = (),
        *,
        seed: int = 0,
        ticks: Callable[[], float],
        edit: EditHand | None = None,
        freeze: Freeze | None = None,
    ) -> None:
        """``ticks``: seconds that only rise. ``edit`` carries out an editor's change. ``freeze`` gives an answerer that stays at
        the present state (``None``: there is none, as before a foreign panel; then remembered replies are served)."""
        self.rules = rules
        self._seed = seed
        self._ticks = ticks
        self._edit = edit
        self._freeze = freeze
        self._counts: dict[int, int] = {}
        self._held: list[_Held] = []
        self._remembered: dict[tuple[str, bytes, str, str], Reply] = {}
        self._stale: tuple[float, Forward | None] | None = None
        self._refused_until = 0.0
        self._lock = threading.Lock()

    @classmethod
    def from_data(
        cls,
        data: object,
        *,
        ticks: Callable[[], float],
        edit: EditHand | None = None,
        freeze: Freeze | None = None,
    ) -> Chaos:
        """Rules from the data of a YAML file. Raises :class:`ChaosInvalid` with what is wrong and where."""
        seed, rules = rules_from(data)
        return cls(rules, seed=seed, ticks=ticks, edit=edit, freeze=freeze)

    def with_hands(self, *, edit: EditHand | None, freeze: Freeze | None) -> Chaos:
        """The same rules for an answerer that can be edited and frozen by these hands."""
        self._edit = self._edit or edit
        self._freeze = self._freeze or freeze
        return self

    def refused_for(self) -> float:
        """For how many more seconds connections are refused."""
        return max(0.0, self._refused_until - self._ticks())

    # -- one exchange -------------------------------------------------------------------------------------------------------

    def exchange(self, request: Request, call: CallName, forward: Forward) -> Exchange:
        """Answer a request through ``forward``, or do to it what the rules say."""
        due = self._due(request, call)
        delay = sum(self._latency(number, rule, count) for number, rule, count in due if rule.what is Trouble.LATENCY)
        notes = [self._change(r, forward) for _, r, _ in due if r.what is Trouble.EDITOR and r.when == "before"]
        terminal = next((r for _, r, _ in due if r.what not in (Trouble.LATENCY, Trouble.EDITOR)), None)
        answered: list[Reply] = []

        def answer(asked: Request) -> Reply:
            reply = self._read(asked, call, forward) if call.reads else forward(asked)
            answered.append(reply)
            return reply

        found = Exchange(answer(request)) if terminal is None else self._terminal(terminal, request, call, answer)
        if answered and found.delivery.how == "send" and not (terminal is not None and terminal.what in _MADE):
            self._commit_held(call, forward)
        notes.extend(self._change(r, forward) for _, r, _ in due if r.what is Trouble.EDITOR and r.when == "after")
        if not delay and not notes:
            return found
        why = ", ".join(w for w in (found.delivery.why, *notes, Trouble.LATENCY.value if delay else "") if w)
        return replace(found, delivery=replace(found.delivery, delay=found.delivery.delay + delay, why=why))

    def _read(self, request: Request, call: CallName, forward: Forward) -> Reply:
        """The answer to a read, from a stale state where one is in force."""
        key = (request.path.lower(), request.body, call.operation, request.headers.get("authorization", ""))
        stale = self._stale
        if stale is not None and self._ticks() < stale[0]:
            if stale[1] is not None:
                return stale[1](request)
            remembered = self._remembered.get(key)
            if remembered is not None:
                return remembered
        reply = forward(request)
        if any(rule.what is Trouble.STALE_READS for rule in self.rules):
            self._remembered[key] = reply
        return reply

    def _terminal(self, rule: Rule, request: Request, call: CallName, forward: Forward) -> Exchange:
        why = rule.what.value
        match rule.what:
            case Trouble.REFUSE:
                self._refused_until = self._ticks() + rule.seconds
                return Exchange(None, Delivery("refuse", rule.seconds, why=why))
            case Trouble.RESET_BEFORE_READ:
                return Exchange(None, Delivery("reset", why=why))
            case Trouble.RESET_AFTER_COMMIT:
                return Exchange(forward(request), Delivery("reset", why=why))
            case Trouble.TIMEOUT_AFTER_COMMIT:
                return Exchange(forward(request), Delivery("silence", rule.seconds, why=why))
            case Trouble.HTML_500 | Trouble.UNAUTHORISED | Trouble.FAULT:
                if rule.run:
                    forward(request)
                return Exchange(_made(rule, request, call), Delivery(why=why))
            case Trouble.TRUNCATED:
                return Exchange(_truncated(forward(request), rule.at), Delivery(why=why))
            case Trouble.CUT:
                reply = forward(request)
                return Exchange(reply, Delivery(cut_after=int(reply.length * rule.at), why=why))
            case Trouble.WRONG_CHARSET:
                return Exchange(_recoded(forward(request), rule.charset), Delivery(why=why))
            case Trouble.DRIP:
                return Exchange(forward(request), Delivery(bytes_per_second=rule.bytes_per_second, why=why))
            case Trouble.STALE_READS:
                self._grow_stale(rule.seconds)
                return Exchange(forward(request), Delivery(why=why))
            case Trouble.LATE_COMMIT:
                with self._lock:
                    self._held.append(_Held(request, rule.look_up))
                how = "silence" if rule.answer == "timeout" else "reset"
                return Exchange(None, Delivery(how, rule.seconds, why=why))
            case Trouble.LATENCY | Trouble.EDITOR:
                raise AssertionError("these do not end an exchange")
            case _:
                assert_never(rule.what)

    def _grow_stale(self, seconds: float) -> None:
        """Reads show the present state for so many seconds; where they are stale already, the older state stays for longer."""
        with self._lock:
            until, present = self._ticks() + seconds, self._stale
            if present is not None and self._ticks() < present[0]:
                self._stale = (max(until, present[0]), present[1])
            else:
                self._stale = (until, self._freeze() if self._freeze is not None else None)

    def _commit_held(self, call: CallName, forward: Forward) -> None:
        with self._lock:
            ripe = [h for h in self._held if _fits(h.look_up, call)]
            self._held = [h for h in self._held if h not in ripe]
        for held in ripe:
            forward(held.request)

    def _change(self, rule: Rule, forward: Forward) -> str:
        """Let the editor work; returns what the log says of it."""
        if rule.edit is None or self._edit is None:
            return f"{Trouble.EDITOR.value}: nobody is there to edit"
        try:
            self._edit(rule.edit, forward)
        except EditFailed as problem:
            return f"{Trouble.EDITOR.value}: {problem}"
        return Trouble.EDITOR.value

    # -- which rules are due ------------------------------------------------------------------------------------------------

    def _due(self, request: Request, call: CallName) -> list[tuple[int, Rule, int]]:
        due = []
        for number, rule in enumerate(self.rules):
            if not _fits(rule.call, call) or (rule.user and rule.user != call.username):
                continue
            if rule.containing and rule.containing.encode("utf-8") not in request.body:
                continue
            with self._lock:
                count = self._counts[number] = self._counts.get(number, 0) + 1
            if self._chosen(rule, number, count):
                due.append((number, rule, count))
        return due

    def _chosen(self, rule: Rule, number: int, count: int) -> bool:
        match rule.chance:
            case Chance(occurrences=chosen) if chosen:
                return count in chosen
            case Chance(probability=share) if share is not None:
                return self._chance(number, count) < share
            case _:
                return True

    def _chance(self, number: int, count: int, salt: str = "") -> float:
        """A number in [0, 1) that depends on the seed, the rule and the count alone."""
        digest = hashlib.sha256(f"{self._seed}/{number}/{count}/{salt}".encode()).digest()
        return int.from_bytes(digest[:7], "big") / float(1 << 56)

    def _latency(self, number: int, rule: Rule, count: int) -> float:
        latency = rule.latency
        if latency is None:
            return rule.seconds
        first, second = self._chance(number, count, "latency"), self._chance(number, count, "again")
        return max(0.0, _spread(latency, first, second))


def _spread(latency: Latency, first: float, second: float) -> float:
    match latency.kind:
        case "uniform":
            return latency.a + (latency.b - latency.a) * first
        case "normal":
            deviation = math.sqrt(-2.0 * math.log(1.0 - first)) * math.cos(2.0 * math.pi * second)
            return latency.a + latency.b * deviation
        case "exponential":
            return -latency.a * math.log(1.0 - first)
        case _:
            return latency.a


def _fits(pattern: str, call: CallName) -> bool:
    """``*``, ``reads``, ``writes``, ``AddUser``, ``esUsers.AddUser``, ``esUsers.*``."""
    service, _, operation = pattern.rpartition(".")
    match operation:
        case "reads":
            meant = call.reads
        case "writes":
            meant = bool(call.operation) and not call.reads
        case "*":
            meant = True
        case _:
            meant = operation == call.operation
    return meant and service in ("", call.service)


# -- replies that chaos makes -------------------------------------------------------------------------------------------------


def _made(rule: Rule, request: Request, call: CallName) -> Reply:
    html = (("Content-Type", "text/html; charset=utf-8"),)
    if rule.what is Trouble.HTML_500:
        page = b"<!DOCTYPE html>\n<html><head><title>500</title></head><body><h1>Internal Server Error</h1></body></html>\n"
        return Reply(500, "Internal Server Error", html, (page,))
    if rule.what is Trouble.UNAUTHORISED:
        headers = (("WWW-Authenticate", 'Basic realm="panel"'), ("Content-Type", "text/html"))
        return Reply(401, "Access Denied", headers, (b"401 Access Denied",))
    text = rule.text.replace("&", "&amp;").replace("<", "&lt;")
    if request.path.lower().endswith(".asmx"):
        fault = f"<faultcode>s:Server</faultcode><faultstring>Server was unable to process request. ---&gt; {text}</faultstring>"
        fault += "<detail />"
    else:
        space = "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher"
        fault = f'<faultcode xmlns:a="{space}">a:InternalServiceFault</faultcode><faultstring>{text}</faultstring>'
    envelope = "http://schemas.xmlsoap.org/soap/envelope/"
    body = f'<s:Envelope xmlns:s="{envelope}"><s:Body><s:Fault>{fault}</s:Fault></s:Body></s:Envelope>'
    kind = (("Content-Type", "text/xml; charset=utf-8"),)
    return Reply(500, "Internal Server Error", kind, (body.encode("utf-8"),), service=call.service, operation=call.operation)


def _truncated(reply: Reply, at: float) -> Reply:
    """The reply ends early, and its length says so: valid HTTP, broken XML."""
    whole = b"".join(reply.blocks)
    return replace(reply, blocks=(whole[: max(1, int(len(whole) * at))],))


def _recoded(reply: Reply, charset: str) -> Reply:
    """The body in another charset than its header and its declaration state."""
    whole = b"".join(reply.blocks).decode("utf-8", "replace")
    return replace(reply, blocks=(whole.encode(charset, "xmlcharrefreplace"),))

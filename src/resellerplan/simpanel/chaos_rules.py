"""A chaos rule as data: what can be said, and what is wrong with what was said."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from resellerplan.errors import UsageError

__all__ = ["Chance", "ChaosInvalid", "Edit", "EditFailed", "Latency", "Rule", "Trouble", "rules_from"]


class ChaosInvalid(UsageError):
    """A rule can't be understood; the message names its place and what is allowed there."""


class EditFailed(Exception):
    """A concurrent editor found nothing to change, or was refused; the message says what."""


class Trouble(StrEnum):
    """What can happen to a call."""

    REFUSE = "refuse"
    RESET_BEFORE_READ = "reset_before_read"
    RESET_AFTER_COMMIT = "reset_after_commit"
    TIMEOUT_AFTER_COMMIT = "timeout_after_commit"
    HTML_500 = "html_500"
    UNAUTHORISED = "unauthorised"
    FAULT = "fault"
    TRUNCATED = "truncated"
    CUT = "cut"
    WRONG_CHARSET = "wrong_charset"
    DRIP = "drip"
    LATENCY = "latency"
    STALE_READS = "stale_reads"
    LATE_COMMIT = "late_commit"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Chance:
    """Which occurrences are meant: these, or each with a probability, or (neither) all."""

    occurrences: tuple[int, ...] = ()
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Latency:
    """A distribution of seconds: ``constant`` a, ``uniform`` a..b, ``normal`` mean a deviation b, ``exponential`` mean a."""

    kind: str
    a: float
    b: float = 0.0


@dataclass(frozen=True, slots=True)
class Edit:
    """What a concurrent editor does: read an object, change members, write it back; or only write.

    ``read`` and ``write`` are calls (``esUsers.UpdateUser``); ``into`` is the parameter of ``write`` that takes the object.
    """

    username: str
    password: str
    write: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    into: str = ""
    read: str = ""
    read_parameters: Mapping[str, object] = field(default_factory=dict)
    change: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``call``: ``*``, ``reads``, ``writes``, ``AddUser``, ``esUsers.AddUser``, ``esUsers.*``.

    ``user``: only calls of this user (told on 1.x from the Basic header). ``containing``: only requests with this text.
    ``seconds``: how long the port stays closed, silence lasts, latency takes, or reads are stale. ``at``: share of the body
    after which a reply is truncated or cut. ``run``: whether a made answer (500, 401, fault) comes after the call ran.
    ``look_up``: behind which call a late commit happens; ``answer``: what its caller sees, ``reset`` or ``timeout``.
    ``when``: whether an editor comes ``before`` or ``after`` the call.
    """

    what: Trouble
    call: str = "*"
    chance: Chance = field(default_factory=Chance)
    user: str = ""
    containing: str = ""
    seconds: float = 1.0
    at: float = 0.5
    bytes_per_second: float = 64.0
    text: str = "Timeout expired.  The timeout period elapsed prior to completion of the operation or the server is not responding."
    charset: str = "utf-16"
    run: bool = False
    latency: Latency | None = None
    look_up: str = "reads"
    answer: str = "reset"
    when: str = "before"
    edit: Edit | None = None


_KEYS = {
    "what", "call", "occurrence", "probability", "user", "containing", "seconds", "at", "bytes_per_second", "text", "charset",
    "run", "latency", "look_up", "answer", "when", "edit",
}  # fmt: skip


def _need(condition: bool, place: str, what: str) -> None:
    if not condition:
        raise ChaosInvalid(f"{place}: {what}")


def _number(data: Mapping[str, object], key: str, default: float, place: str) -> float:
    value = data.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ChaosInvalid(f"{place}.{key}: a number from 0 on is needed")
    return float(value)


def _word(data: Mapping[str, object], key: str, default: str, place: str, allowed: tuple[str, ...] = ()) -> str:
    value = data.get(key, default)
    if not isinstance(value, str):
        raise ChaosInvalid(f"{place}.{key}: a text is needed")
    _need(not allowed or value in allowed, f"{place}.{key}", f"one of {', '.join(allowed)} is needed, not {value!r}")
    return value


def _mapping(value: object, place: str, allowed: set[str] | None = None) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ChaosInvalid(f"{place}: a mapping is needed")
    unknown = sorted(str(k) for k in value if allowed is not None and k not in allowed)
    _need(not unknown, place, f"unknown: {', '.join(unknown)}; allowed: {', '.join(sorted(allowed or ()))}")
    return {str(k): v for k, v in value.items()}


def rules_from(data: object) -> tuple[int, tuple[Rule, ...]]:
    """The seed and the rules in the data of a file. Raises :class:`ChaosInvalid`."""
    top = _mapping({} if data is None else data, "chaos", {"seed", "rules"})
    seed = top.get("seed", 0)
    if not isinstance(seed, int):
        raise ChaosInvalid("chaos.seed: a whole number is needed")
    rules = top.get("rules", [])
    if not isinstance(rules, list):
        raise ChaosInvalid("chaos.rules: a list is needed")
    return seed, tuple(_rule(item, f"chaos.rules[{number}]") for number, item in enumerate(rules, 1))


def _rule(value: object, place: str) -> Rule:
    data = _mapping(value, place, _KEYS)
    what = Trouble(_word(data, "what", "", place, tuple(t.value for t in Trouble)))
    at = _number(data, "at", 0.5, place)
    _need(at < 1, f"{place}.at", "a share of the body below 1 is needed")
    charset = _word(data, "charset", "utf-16", place)
    try:
        codecs.lookup(charset)
    except LookupError:
        raise ChaosInvalid(f"{place}.charset: no charset is called {charset!r}") from None
    edit = _edit(data["edit"], f"{place}.edit") if "edit" in data else None
    _need((what is Trouble.EDITOR) == (edit is not None), place, "`edit` belongs to `what: editor`, and is needed there")
    run = data.get("run", False)
    if not isinstance(run, bool):
        raise ChaosInvalid(f"{place}.run: true or false is needed")
    default = Rule(what)
    return Rule(
        what,
        call=_word(data, "call", "*", place),
        chance=_chance(data, place),
        user=_word(data, "user", "", place),
        containing=_word(data, "containing", "", place),
        seconds=_number(data, "seconds", 60.0 if what is Trouble.TIMEOUT_AFTER_COMMIT else 1.0, place),
        at=at,
        bytes_per_second=max(1.0, _number(data, "bytes_per_second", default.bytes_per_second, place)),
        text=_word(data, "text", default.text, place),
        charset=charset,
        run=run,
        latency=_latency(data["latency"], f"{place}.latency") if "latency" in data else None,
        look_up=_word(data, "look_up", "reads", place),
        answer=_word(data, "answer", "reset", place, ("reset", "timeout")),
        when=_word(data, "when", "before", place, ("before", "after")),
        edit=edit,
    )


def _chance(data: Mapping[str, object], place: str) -> Chance:
    _need(not ("occurrence" in data and "probability" in data), place, "either `occurrence` or `probability`, not both")
    if "probability" in data:
        share = _number(data, "probability", 0.0, place)
        _need(share <= 1, f"{place}.probability", "a number from 0 to 1 is needed")
        return Chance(probability=share)
    stated = data.get("occurrence", [])
    listed = stated if isinstance(stated, list) else [stated]
    numbers = tuple(n for n in listed if isinstance(n, int) and not isinstance(n, bool) and n > 0)
    _need(len(numbers) == len(listed), f"{place}.occurrence", "a whole number from 1 on, or a list of them, is needed")
    return Chance(occurrences=numbers)


def _latency(value: object, place: str) -> Latency:
    data = _mapping(value, place, {"constant", "uniform", "normal", "exponential"})
    _need(len(data) == 1, place, "exactly one of constant, uniform, normal, exponential is needed")
    kind, stated = next(iter(data.items()))
    listed = stated if isinstance(stated, list) else [stated]
    numbers = [float(n) for n in listed if isinstance(n, int | float) and not isinstance(n, bool) and n >= 0]
    wanted = 2 if kind in ("uniform", "normal") else 1
    _need(len(numbers) == len(listed) == wanted, f"{place}.{kind}", f"{wanted} number(s) of seconds are needed")
    return Latency(kind, *numbers)


def _edit(value: object, place: str) -> Edit:
    data = _mapping(value, place, {"as", "read", "change", "write"})
    who = _mapping(data.get("as"), f"{place}.as", {"username", "password"})
    write = _mapping(data.get("write"), f"{place}.write", {"call", "parameters", "object"})
    read = _mapping(data.get("read", {}), f"{place}.read", {"call", "parameters"})
    found = Edit(
        username=_word(who, "username", "", f"{place}.as"),
        password=_word(who, "password", "", f"{place}.as"),
        write=_word(write, "call", "", f"{place}.write"),
        parameters=_mapping(write.get("parameters", {}), f"{place}.write.parameters"),
        into=_word(write, "object", "", f"{place}.write"),
        read=_word(read, "call", "", f"{place}.read"),
        read_parameters=_mapping(read.get("parameters", {}), f"{place}.read.parameters"),
        change=_mapping(data.get("change", {}), f"{place}.change"),
    )
    _need("." in found.write, f"{place}.write.call", "a call such as esUsers.UpdateUser is needed")
    _need(not found.read or "." in found.read, f"{place}.read.call", "a call such as esUsers.GetUserByUsername is needed")
    _need(not found.read or bool(found.into), f"{place}.write.object", "the parameter that takes what was read is needed")
    return found

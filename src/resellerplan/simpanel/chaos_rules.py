"""A chaos rule as data: what can be said, and what is wrong with what was said."""

from __future__ import annotations

import math
import re
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

    ``user``: only calls of this user (from HTTP Basic or the Credentials header). ``containing``: only requests with this text.
    ``seconds``: how long the port stays closed, silence lasts, latency takes, or reads are stale. ``at``: share of the body
    after which a reply is truncated or cut. ``run``: whether a made answer (500, 401, fault) comes after the call ran.
    ``look_up``: behind which answered call a late commit happens; ``answer``: what its caller sees, ``reset`` or ``timeout``.
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


# `seconds` may stand in every rule, so that one text serves for kinds that wait and kinds that do not.
_WHICH = {"what", "call", "occurrence", "probability", "user", "containing", "seconds"}
_OWN: Mapping[Trouble, frozenset[str]] = {
    Trouble.REFUSE: frozenset(),
    Trouble.RESET_BEFORE_READ: frozenset(),
    Trouble.RESET_AFTER_COMMIT: frozenset(),
    Trouble.TIMEOUT_AFTER_COMMIT: frozenset(),
    Trouble.HTML_500: frozenset({"run"}),
    Trouble.UNAUTHORISED: frozenset({"run"}),
    Trouble.FAULT: frozenset({"run", "text"}),
    Trouble.TRUNCATED: frozenset({"at"}),
    Trouble.CUT: frozenset({"at"}),
    Trouble.WRONG_CHARSET: frozenset({"charset"}),
    Trouble.DRIP: frozenset({"bytes_per_second"}),
    Trouble.LATENCY: frozenset({"latency"}),
    Trouble.STALE_READS: frozenset(),
    Trouble.LATE_COMMIT: frozenset({"look_up", "answer"}),
    Trouble.EDITOR: frozenset({"when", "edit"}),
}
"""What each kind of trouble can be told besides which calls it is for."""

_LONGEST = 86_400.0
"""Seconds: a day. What lasts longer is a mistake, and no clock of the system takes it."""

_PATTERN = re.compile(r"(?:[A-Za-z]\w*\.)?(?:\*|[A-Za-z]\w*)")


def _need(condition: bool, place: str, what: str) -> None:
    if not condition:
        raise ChaosInvalid(f"{place}: {what}")


def _number(data: Mapping[str, object], key: str, default: float, place: str) -> float:
    value = data.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise ChaosInvalid(f"{place}.{key}: a number from 0 on is needed")
    return float(value)


def _seconds(data: Mapping[str, object], key: str, default: float, place: str) -> float:
    value = _number(data, key, default, place)
    _need(value <= _LONGEST, f"{place}.{key}", f"at most a day is taken, {_LONGEST:.0f} seconds")
    return value


def _pattern(data: Mapping[str, object], key: str, default: str, place: str) -> str:
    value = _word(data, key, default, place)
    _need(
        _PATTERN.fullmatch(value) is not None,
        f"{place}.{key}",
        "*, reads, writes, AddUser, esUsers.AddUser or esUsers.* is needed",
    )
    return value


def _charset(data: Mapping[str, object], place: str) -> str:
    """A charset in which a reply differs from what it says it is."""
    name = _word(data, "charset", "utf-16", place)
    probe = "<Fußweg/>"
    try:
        recoded = probe.encode(name, "xmlcharrefreplace")
    except (LookupError, UnicodeError, ValueError):
        raise ChaosInvalid(f"{place}.charset: no charset for text is called {name!r}") from None
    _need(recoded != probe.encode(), f"{place}.charset", f"{name} is what replies are written in: name another")
    return name


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
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise ChaosInvalid("chaos.seed: a whole number is needed")
    rules = top.get("rules", [])
    if not isinstance(rules, list):
        raise ChaosInvalid("chaos.rules: a list is needed")
    return seed, tuple(_rule(item, f"chaos.rules[{number}]") for number, item in enumerate(rules, 1))


def _rule(value: object, place: str) -> Rule:
    stated = _mapping(value, place)
    what = Trouble(_word(stated, "what", "", place, tuple(t.value for t in Trouble)))
    data = _mapping(value, place, _WHICH.union(*_OWN.values()))
    _need((what is Trouble.EDITOR) == ("edit" in data), place, "`edit` belongs to `what: editor`, and is needed there")
    idle = sorted(data.keys() - _WHICH - _OWN[what])
    told = f"allowed with it: {', '.join(sorted(_WHICH | _OWN[what]))}"
    _need(not idle, place, f"`{'`, `'.join(idle)}` says nothing of `what: {what.value}`; {told}")
    at = _number(data, "at", 0.5, place)
    _need(at < 1, f"{place}.at", "a share of the body below 1 is needed")
    drip = _number(data, "bytes_per_second", 64.0, place)
    _need(drip > 0, f"{place}.bytes_per_second", "a number above 0 is needed")
    edit = _edit(data["edit"], f"{place}.edit") if "edit" in data else None
    run = data.get("run", False)
    if not isinstance(run, bool):
        raise ChaosInvalid(f"{place}.run: true or false is needed")
    default = Rule(what)
    return Rule(
        what,
        call=_pattern(data, "call", "*", place),
        chance=_chance(data, place),
        user=_word(data, "user", "", place),
        containing=_word(data, "containing", "", place),
        seconds=_seconds(data, "seconds", 60.0 if what is Trouble.TIMEOUT_AFTER_COMMIT else 1.0, place),
        at=at,
        bytes_per_second=drip,
        text=_word(data, "text", default.text, place),
        charset=_charset(data, place),
        run=run,
        latency=_latency(data["latency"], f"{place}.latency") if "latency" in data else None,
        look_up=_pattern(data, "look_up", "reads", place),
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
    if "occurrence" not in data:
        return Chance()
    stated = data["occurrence"]
    listed = stated if isinstance(stated, list) else [stated]
    numbers = tuple(n for n in listed if isinstance(n, int) and not isinstance(n, bool) and n > 0)
    _need(0 < len(numbers) == len(listed), f"{place}.occurrence", "a whole number from 1 on, or a list of them, is needed")
    return Chance(occurrences=numbers)


def _latency(value: object, place: str) -> Latency:
    data = _mapping(value, place, {"constant", "uniform", "normal", "exponential"})
    _need(len(data) == 1, place, "exactly one of constant, uniform, normal, exponential is needed")
    kind, stated = next(iter(data.items()))
    listed = stated if isinstance(stated, list) else [stated]
    numbers = [float(n) for n in listed if isinstance(n, int | float) and not isinstance(n, bool) and 0 <= n <= _LONGEST]
    wanted = 2 if kind in ("uniform", "normal") else 1
    _need(len(numbers) == len(listed) == wanted, f"{place}.{kind}", f"{wanted} number(s) of seconds are needed")
    _need(kind != "uniform" or numbers[0] <= numbers[1], f"{place}.uniform", "the smaller number comes first")
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

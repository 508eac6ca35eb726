"""Strategies: manifests that fit the language, made from its own table, and manifests that were damaged somewhere."""

from __future__ import annotations

import copy
import json
from typing import Any, assert_never

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from resellerplan.manifest.document import Document
from resellerplan.manifest.forms import (
    Amount,
    Anything,
    Choice,
    Either,
    Entry,
    Flag,
    Form,
    Keyed,
    Listing,
    Number,
    Pattern,
    Record,
    Shape,
    Switch,
    Text,
    Variants,
)
from resellerplan.manifest.language import Language, language_of
from resellerplan.manifest.misfits import NARROW
from resellerplan.manifest.parsing import parse
from resellerplan.model.quotas import shipped_catalogue

__all__ = ["LANGUAGE", "UNHURRIED", "damaged", "document_of", "fitting", "manifests"]

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For laws about whole manifests: they are big, and the machine may be busy with other things."""

LANGUAGE: Language = language_of(shipped_catalogue())

_LETTERS = "abcXYZ019 -_.äüßЖ€'\"#:"
_NARROW = "".join(letter for letter in _LETTERS if letter in NARROW)


def document_of(data: object) -> Document:
    """The data as a document of a file of its own."""
    document, findings = parse("resellerplan.yaml", json.dumps(data, ensure_ascii=False))
    assert document is not None, findings
    return document


def _texts(form: Text) -> st.SearchStrategy[object]:
    letters = "".join(letter for letter in (_NARROW if form.narrow else _LETTERS) if letter not in form.refused)
    longest = min(form.max_length or 12, 12)
    texts = st.text(letters, min_size=1 if form.name else 0, max_size=longest)
    if form.name:
        texts = texts.map(str.strip).filter(bool)
    return st.one_of(texts, st.integers(0, 10**6))


_SHAPES: dict[Shape, st.SearchStrategy[str]] = {
    Shape.EMAIL: st.sampled_from(["petra@mueller.example", "a.b+c@d-e.example.net", "ü@ä.de"]),
    Shape.DOMAIN: st.sampled_from(["mueller.example", "a.b.c.example", "xn--mller-kva.example", "Shop.Example", "a--b.example"]),
    Shape.HOST: st.sampled_from(["", "www", "a-b"]),
    Shape.DAY: st.dates().filter(lambda day: 1900 <= day.year <= 2999).map(lambda day: day.isoformat()),
    Shape.DAYS: st.integers(1, 400).map(lambda days: "1 day" if days == 1 else f"{days} days"),
    Shape.RECURRENCE: st.sampled_from(["1 month", "3 months", "1 year", "2 years"]),
    Shape.SHARE: st.sampled_from(["0%", "5%", "12.5%", "100%"]),
    Shape.SIZE: st.sampled_from(["5 GB", "512MB", "1 TB"]),
    Shape.URL: st.sampled_from(["https://panel.example.net:9002", "http://127.0.0.1:8080/es", "embedded:", "embedded:/tmp/x.db"]),
    Shape.CURRENCY: st.sampled_from(["EUR", "CHF"]),
    Shape.ENV_NAME: st.sampled_from(["PASSWORD", "_x1"]),
    Shape.SEPARATOR: st.sampled_from([";", ",", "\t", "|", " "]),
    Shape.ENCODING: st.sampled_from(["utf-8", "windows-1252", "CP850"]),
    Shape.RECIPIENT: st.sampled_from(["age1" + "q" * 58, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA me@host"]),
}


def _numbers(form: Number) -> st.SearchStrategy[object]:
    options: list[st.SearchStrategy[object]] = [st.integers(form.least, min(form.most, form.least + 1000)), st.just(form.most)]
    if form.unlimited:
        options.append(st.just("unlimited"))
    if form.size:
        options.append(st.sampled_from(["5 GB", "1.5 GB", "512 MB", "2TB", "0 MB"]))
    return st.one_of(options)


_MADE: dict[tuple[int, int], tuple[Form, st.SearchStrategy[Any]]] = {}
"""Strategies by form: making them anew for every value would take longer than what is tested. (The form is kept for its id.)"""


def fitting(form: Form, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values that fit a form."""
    key = (id(form), min(depth, 4))
    if key not in _MADE:
        _MADE[key] = (form, _fitting(form, depth))
    return _MADE[key][1]


def _fitting(form: Form, depth: int) -> st.SearchStrategy[Any]:
    match form:
        case Text():
            return _texts(form)
        case Pattern():
            return _SHAPES[form.shape]
        case Flag() | Switch():
            return st.booleans()
        case Number():
            return _numbers(form)
        case Amount():
            return st.one_of(st.integers(0, 10**6), st.integers(0, 10**8).map(lambda cents: cents / 100))
        case Choice():
            return st.sampled_from(form.words)
        case Anything():
            return st.one_of(st.none(), st.integers(), st.text(_LETTERS, max_size=5))
        case Listing():
            return st.lists(fitting(form.of, depth + 1), min_size=form.least, max_size=3)
        case Keyed():
            return st.dictionaries(st.text("abc", min_size=1, max_size=3), fitting(form.of, depth + 1), max_size=2)
        case Record():
            return _records(form, depth)
        case Variants():
            return st.one_of([fitting(record, depth) for record in form.by_key.values()])
        case Either():
            held = [one for one in (form.scalar, form.listing, form.mapping) if one is not None]
            return st.one_of([fitting(one, depth + 1) for one in held])
        case _:
            assert_never(form)


@st.composite
def _records(draw: st.DrawFn, form: Record, depth: int) -> dict[str, object]:
    optional = [key for key in form.entries if key not in form.required]
    most = min(len(optional), 6 if depth < 4 else 2)
    chosen = draw(st.lists(st.sampled_from(optional), max_size=most, unique=True)) if optional else []
    return {key: draw(_value(form.entries[key], depth)) for key in (*form.required, *chosen)}


def _value(entry: Entry, depth: int) -> st.SearchStrategy[object]:
    values = fitting(entry.form, depth + 1)
    return st.one_of(values, st.none()) if entry.nullable else values


_APART = ("defaults", "include", "vars", "suspensions", "diagnostics", "plans", "customers", "spaces")
_SETTINGS = Record(what="manifest", entries={key: entry for key, entry in LANGUAGE.manifest.entries.items() if key not in _APART})
"""A manifest without its objects, and without what is worked in before it is checked."""


@st.composite
def manifests(draw: st.DrawFn) -> dict[str, Any]:
    """Manifests that fit the language, with a few objects of every kind."""
    data: dict[str, Any] = draw(fitting(_SETTINGS, 0))
    for key, form in (("plans", LANGUAGE.plan), ("customers", LANGUAGE.customer), ("spaces", LANGUAGE.space)):
        data[key] = draw(st.lists(fitting(form, 2), max_size=3))
    return data


_STRANGE: st.SearchStrategy[object] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.sampled_from([2**31, -1, 10**12, 0.5, 1e300, 3.0, -0.0]),
    st.sampled_from(
        [
            "",
            " ",
            "x" * 400,
            "5 GB",
            "unlimited",
            "absent",
            "a@b",
            "a@b.c",
            "31.12.2026",
            "2027-02-29",
            "none",
            "\u00a0",
            "a\nb",
            "Ж",
            "𝒳",
        ]
    ),
    st.lists(st.integers(), max_size=2),
    st.sampled_from([{}, {"env": "A"}, {"name": "x"}, {"OS": {"Domains": 1}}, {"age": "x"}, {"unlisted": "keep"}]),
)


@st.composite
def damaged(draw: st.DrawFn, source: st.SearchStrategy[dict[str, Any]] | None = None) -> Any:
    """Manifests with one to three damages: a value replaced, a key taken away, renamed or added."""
    data = copy.deepcopy(draw(source if source is not None else manifests()))
    for _ in range(draw(st.integers(1, 3))):
        places = list(_containers(data))
        holder = places[draw(st.integers(0, len(places) - 1))]
        _damage(draw, holder)
    return data


def _containers(data: object) -> list[Any]:
    found: list[Any] = []
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            found.append(value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            found.append(value)
            waiting.extend(value)
    return found


def _damage(draw: st.DrawFn, holder: Any) -> None:
    strange = copy.deepcopy(draw(_STRANGE))
    if isinstance(holder, list):
        if len(holder) > 0 and draw(st.booleans()):
            holder[draw(st.integers(0, len(holder) - 1))] = strange
        else:
            holder.append(strange)
        return
    keys = sorted(holder)
    kind: str = draw(st.sampled_from(["replace", "drop", "rename", "add"]))
    if kind == "add" or not keys:
        holder[draw(st.sampled_from(["name", "plan", "nonsense", "OS", "password", "state", "domains", "OS.Domains", "every"]))] = (
            strange
        )
    else:
        key = keys[draw(st.integers(0, len(keys) - 1))]
        if kind == "replace":
            holder[key] = strange
        elif kind == "drop":
            del holder[key]
        else:
            holder[key + "s"] = holder.pop(key)

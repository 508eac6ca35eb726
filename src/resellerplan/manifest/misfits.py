"""The walk: what in a value does not fit its form, in our own words, one rule per form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias, assert_never, cast

from resellerplan.manifest.forms import (
    MOST_DIGITS,
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
from resellerplan.manifest.nearest import nearest
from resellerplan.manifest.wordings import (
    as_amount,
    as_flag,
    as_list,
    as_mapping,
    as_shape,
    as_size,
    listing_of,
    meant_key,
    without_quotes,
)

__all__ = ["NARROW", "TEMPLATE_MARKS", "Misfit", "misfits_of"]

Steps: TypeAlias = tuple[str | int, ...]

NARROW: Final = frozenset(bytes(range(32, 256)).decode("cp1252", "ignore")) | {"\t", "\n", "\r"}
"""Letters of code page 1252: all that an 8-bit column of the panel can hold (contract 3.4)."""
BLANKS: Final = " \t\r\n\u00a0"
TEMPLATE_MARKS: Final = ("{{", "{%")


class Misfit(NamedTuple):
    """What does not fit: the code, the path, whether the key is meant, the label under the caret and the hint.

    ``drop`` is what has to be left out so that the rest can be built.
    """

    code: str
    path: Steps
    on_key: bool
    label: str
    hint: str
    drop: Steps | None = None


class _Walk(NamedTuple):
    literal_passwords: bool
    lenient: tuple[str, ...]


def misfits_of(
    form: Form, value: object, path: Steps, literal_passwords: bool = False, *, lenient: tuple[str, ...] = ()
) -> Iterator[Misfit]:
    """All misfits of a value at ``path``.

    Below the keys named by ``lenient`` a text that holds a template fits every form.
    """
    return _walk(form, value, path, _Walk(literal_passwords, lenient))


def _walk(form: Form, value: object, path: Steps, how: _Walk) -> Iterator[Misfit]:
    if isinstance(value, str) and path and path[0] in how.lenient and any(mark in value for mark in TEMPLATE_MARKS):
        return
    match form:
        case Record():
            yield from _record(form, value, path, how)
        case Listing():
            yield from _listing(form, value, path, how)
        case Keyed():
            if not isinstance(value, dict):
                yield _wrong("a mapping", value, path)
                return
            for key, held in value.items():
                yield from _walk(form.of, held, (*path, key), how)
        case Variants():
            yield from _variants(form, value, path, how)
        case Either():
            yield from _either(form, value, path, how)
        case Text():
            yield from _text(form, value, path)
        case Pattern():
            yield from _pattern(form, value, path)
        case Number():
            yield from _number(form, value, path)
        case Flag():
            if not isinstance(value, bool):
                yield _wrong("true or false", value, path, as_flag(value))
        case Switch():
            if not isinstance(value, bool):
                label = f"{path[-1]} is a switch: true or false, not {_seen(value)}"
                yield Misfit("RP1212", path, False, label, as_flag(value))
        case Amount():
            if isinstance(value, bool) or not isinstance(value, int | float):
                yield _wrong("an amount, as in 4.90", value, path, as_amount(value))
            elif value < 0:
                yield Misfit("RP1208", path, False, "", "")
            elif value > form.most:
                yield Misfit("RP1223", path, False, f"at most {form.most}", "")
        case Choice():
            if value not in form.words or not isinstance(value, str):
                near = nearest(value, form.words) if isinstance(value, str) else None
                words = ", ".join(form.words)
                meant = f'did you mean "{near}"?' if near else ""
                if path[0] == "customers" and path[-1] == "state":
                    meant = meant or "a state or province of an address is `state_province`"
                yield Misfit("RP1207", path, False, f"possible: {words}", meant)
        case Anything():
            return
        case _:
            assert_never(form)


# -- mappings -------------------------------------------------------------------------------------------------------------------


def _record(form: Record, value: object, path: Steps, how: _Walk) -> Iterator[Misfit]:
    if not isinstance(value, dict):
        if path and path[-1] == "ignore_changes":
            hint = 'write each field with its reason: ignore_changes: {status: "owned by WHMCS"}'
            yield Misfit("RP1231", path, False, f"{needed('a mapping')}, not {_seen(value)}", hint)
        else:
            yield _wrong("a mapping", value, path, as_mapping(form, value))
        return
    misspelt: set[str] = set()
    for key, held in value.items():
        entry = form.entries.get(key) or form.entries.get(form.aliases.get(key, ""))
        if entry is None:
            misfit = _unknown(form, key, path)
            meant = meant_key(form, key)
            if meant in form.required and meant not in value:
                misspelt.add(meant)  # that it is missing follows from this
                misfit = misfit._replace(drop=path)
            elif meant is not None and meant in value:
                misfit = misfit._replace(hint=f"`{meant}` is there already: put the two together, or drop this one")
            yield misfit
        elif held is None:
            if not entry.nullable:
                yield _null(entry, key, path)._replace(drop=path if key in form.required else None)
        elif key == "password" and isinstance(held, str | int) and not isinstance(held, bool):
            yield from _password(held, (*path, key), how)
        else:
            for misfit in _nullable(entry, held, (*path, key), how):
                gone = misfit.path if misfit.drop is None else misfit.drop
                # Without a key that it needs nothing is left of the mapping that could be built.
                yield misfit._replace(drop=path) if key in form.required and gone == (*path, key) else misfit
    for key in form.required:
        if key not in value and key not in misspelt:
            first = next(iter(value), None)
            at = path if first is None else (*path, first)
            yield Misfit("RP1202", at, first is not None, f"{with_article(form.what)} needs `{key}`", "", path)


def _nullable(entry: Entry, value: object, path: Steps, how: _Walk) -> Iterator[Misfit]:
    if not (entry.nullable and value == ""):
        yield from _walk(entry.form, value, path, how)


def _null(entry: Entry, key: str, path: Steps) -> Misfit:
    hint = f"write `{key}: {{}}` for an empty one, or leave it out" if isinstance(entry.form, Record) else ""
    return Misfit("RP1226", (*path, key), False, f"`{key}` has no empty value", hint or "leave the key out to leave it alone")


def _password(value: object, path: Steps, how: _Walk) -> Iterator[Misfit]:
    if how.literal_passwords:
        if len(str(value)) > 71:
            yield Misfit("RP1509", path, False, f"{len(str(value))} characters, the panel keeps 71", "")
        elif not str(value):
            yield Misfit("RP1214", path, False, "", "")
        return
    hint = "name a source: {env: NAME}, {file: PATH}, {command: [...]} or {generate: {length: 20}, to: PATH}"
    yield Misfit("RP1501", path, False, "", hint)


def _unknown(form: Record, key: str, path: Steps) -> Misfit:
    at = (*path, key)
    names = list(form.entries)
    near = meant_key(form, key)
    meant = f'did you mean "{near}"?' if near else ""
    match form.unknown:
        case "RP1203" | "RP1204":
            return Misfit(form.unknown, at, True, "", meant)
        case "RP1413":
            return Misfit("RP1413", at, True, "", meant or "`domains` can be counted, and quotas with counted usage")
        case "RP1232":
            return Misfit("RP1232", at, True, f"no {form.what}", meant)
        case _:
            known = f"possible: {', '.join(names)}" if len(names) <= 12 else listing_of(form)
            return Misfit(form.unknown, at, True, f"no key of {with_article(form.what)}", meant or known)


def _variants(form: Variants, value: object, path: Steps, how: _Walk) -> Iterator[Misfit]:
    if not isinstance(value, dict):
        yield _wrong("a mapping", value, path)
        return
    given = [key for key in form.by_key if key in value]
    if len(given) == 1:
        yield from _record(form.by_key[given[0]], value, path, how)
        return
    names = ", ".join(form.by_key)
    label = f"{' and '.join(given)} at once" if given else "none is named"
    near = next((near for key in value if (near := nearest(key, form.by_key))), None) if not given else None
    yield Misfit(form.code, path, False, label, f'did you mean "{near}"?' if near else f"exactly one of {names}")


def _either(form: Either, value: object, path: Steps, how: _Walk) -> Iterator[Misfit]:
    if isinstance(value, dict) and form.mapping is not None:
        yield from _walk(form.mapping, value, path, how)
    elif isinstance(value, list) and form.listing is not None:
        yield from _walk(form.listing, value, path, how)
    elif form.scalar is not None and not isinstance(value, dict | list):
        yield from _walk(form.scalar, value, path, how)
    else:
        kinds = [
            "a single value" if form.scalar is not None else "",
            "a list" if form.listing is not None else "",
            "a mapping" if form.mapping is not None else "",
        ]
        yield _wrong(" or ".join(kind for kind in kinds if kind), value, path)


def _listing(form: Listing, value: object, path: Steps, how: _Walk) -> Iterator[Misfit]:
    if not isinstance(value, list):
        yield _wrong("a list", value, path, as_list(form, value))
        return
    if len(value) < form.least:
        yield Misfit("RP1214", path, False, "the list is empty", "")
    for number, held in enumerate(value):
        if held is None:
            yield Misfit("RP1226", (*path, number), False, "an entry without a value", "take the entry away, or fill it in")
        else:
            yield from _walk(form.of, held, (*path, number), how)


# -- scalars --------------------------------------------------------------------------------------------------------------------


def _text(form: Text, value: object, path: Steps) -> Iterator[Misfit]:
    if isinstance(value, bool) or not isinstance(value, str | int | float) or _is_fraction(value):
        hint = "put quotes around it" if isinstance(value, bool | float) else ""
        yield _wrong("a text", value, path, hint)
        return
    text = str(int(value)) if not isinstance(value, str) else value
    if form.name:
        if not text.strip(BLANKS):
            yield Misfit("RP1214", path, False, "", "")
            return
        if text[0] in BLANKS or text[-1] in BLANKS:
            yield Misfit("RP1229", path, False, "", "take the blanks away")
            return
        if "\n" in text or "\r" in text:
            yield Misfit("RP1206", path, False, "a name has one line", "")
            return
    refused = [letter for letter in form.refused if letter in text]
    if refused:
        yield Misfit("RP1216", path, False, "holds " + " ".join(refused), "letters, digits, dots, hyphens and underlines are safe")
        return
    if form.max_length and _length(text) > form.max_length:
        yield _too_long(text, form.max_length, path)
        return
    if form.narrow and not NARROW.issuperset(text):
        strange = " ".join(dict.fromkeys(letter for letter in text if letter not in NARROW))
        yield Misfit("RP1234", path, False, f"holds {strange}", "")


def _is_fraction(value: object) -> bool:
    return isinstance(value, float) and (not value.is_integer() or abs(value) > MOST_DIGITS)


def _length(text: str) -> int:
    return len(text)


def _too_long(text: str, limit: int, path: Steps) -> Misfit:
    return Misfit("RP1213", path, False, f"{_length(text)} characters, the panel stores {limit}", "")


def _pattern(form: Pattern, value: object, path: Steps) -> Iterator[Misfit]:
    if not isinstance(value, str):
        yield Misfit(form.shape.code, path, False, f"{needed(form.shape.words)}, not {_seen(value)}", as_shape(form.shape, value))
        return
    if not form.shape.matches(value):
        yield Misfit(form.shape.code, path, False, _near_miss(form.shape, value), as_shape(form.shape, value))
    elif form.max_length and _length(value) > form.max_length:
        yield _too_long(value, form.max_length, path)


def _near_miss(shape: Shape, value: str) -> str:
    if shape is Shape.EMAIL:
        if value.count("@") != 1:
            return "no @" if "@" not in value else "more than one @"
        if any(blank in value for blank in BLANKS):
            return "a blank in the address"
        return "nothing before the @" if value.startswith("@") else "no dot in the domain"
    return needed(shape.words)


def _number(form: Number, value: object, path: Steps) -> Iterator[Misfit]:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or _is_fraction(value):
        yield _not_a_number(form, value, path)
    elif isinstance(value, str):
        if form.unlimited and value == "unlimited":
            return
        if form.size and Shape.SIZE.matches(value):
            return
        if form.size and (value[:1].isdigit() or value[:1] == "-"):
            yield Misfit("RP1209", path, False, "MB, GB or TB, as in `5 GB`", as_size(value))
        else:
            yield _not_a_number(form, value, path)
    elif value < 0:
        hint = "write `unlimited`" if form.unlimited else ""
        yield Misfit("RP1208", path, False, "", hint)
    elif not form.least <= value <= form.most:
        hint = "write `unlimited`" if form.unlimited and value > form.most else ""
        yield Misfit("RP1223", path, False, f"from {form.least} to {form.most}", hint)


def _not_a_number(form: Number, value: object, path: Steps) -> Misfit:
    if not form.quota:
        return _wrong("a whole number", value, path, without_quotes(value))
    wanted = "a number, a size or `unlimited`" if form.size else "a number or `unlimited`"
    plain = isinstance(value, str) and Shape.SIZE.matches(value)
    label = f"{path[-1]} counts no size: {wanted}" if plain else f"{path[-1]} takes {wanted}, not {_seen(value)}"
    hint = "write `unlimited`" if value is True else "write 0" if value is False else without_quotes(value)
    return Misfit("RP1212", path, False, label, hint)


def _wrong(wanted: str, value: object, path: Steps, hint: str = "") -> Misfit:
    return Misfit("RP1206", path, False, f"{needed(wanted)}, not {_seen(value)}", hint)


def _seen(value: object) -> str:
    """What a value is, in words; never its text, which may be long or secret."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int():
            return "a number"
        case float():
            return "a fraction" if not value.is_integer() else "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case _:
            return "a mapping"


def needed(words: str) -> str:
    """``a day, as in 2027-03-31, is needed``."""
    return f"{words}, is needed" if ", " in words else f"{words} is needed"


def with_article(what: str) -> str:
    """``an add-on``, ``a customer``, ``the space resources``."""
    if what.endswith(("resources", "defaults")):
        return f"the {what}"
    return f"an {what}" if what[0] in "aeiou" or what.startswith("FTP") else f"a {what}"


def shortened(name: str) -> str:
    """A name for the middle of a sentence."""
    return name if len(name) <= 60 else name[:59] + "…"


def title(data: Mapping[str, object] | object) -> str:
    """The name an entry gives itself, as it is written; empty where it has none."""
    if not isinstance(data, dict):
        return ""
    for key in ("username", "name", "plan"):
        if isinstance(data.get(key), str | int) and not isinstance(data[key], bool):
            return str(cast(object, data[key]))
    return ""

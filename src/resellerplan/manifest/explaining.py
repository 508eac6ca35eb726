"""The documentation of a field, a group, a quota or a code, as text: the same words that the schema and the tables hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from textwrap import indent, wrap
from typing import Final, TypeVar, assert_never

from resellerplan.manifest.codes import CODES
from resellerplan.manifest.forms import (
    NOT_GIVEN,
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
    Switch,
    Text,
    Variants,
    example_of,
)
from resellerplan.manifest.language import Language, language_of
from resellerplan.manifest.nearest import nearest
from resellerplan.manifest.schema_build import FOR_EACH, TABLE_KEYS
from resellerplan.model.quotas import Catalogue, Group, Quota, shipped_catalogue
from resellerplan.model.values import QuotaType

__all__ = ["explained", "fields_of", "form_words", "overview"]

N = TypeVar("N", Group, Quota)

_WIDTH: Final = 80
_SINGULAR: Final = {"customer": "customers", "plan": "plans", "space": "spaces", "addon": "plans"}


def overview(catalogue: Catalogue | None = None) -> str:
    """What can be explained: the top keys, and how to ask for the rest."""
    language = language_of(catalogue or shipped_catalogue())
    width = max(map(len, language.manifest.entries))
    rows = [f"  {key:<{width}}  {entry.says}" for key, entry in language.manifest.entries.items()]
    return "\n".join(
        [
            "Keys of a manifest; `resellerplan explain customers` lists those below, `customers.email` says what one means:",
            "",
            *rows,
            f"  {'for_each':<{width}}  {FOR_EACH['description']}",
            "",
            "Groups and quotas: `group` lists all, `group Web` the quotas of one, `OS.Diskspace` says what one counts.",
            "Diagnostic codes: `codes` lists all, `RP1204` says what one means and shows it wrong and right.",
        ]
    )


def explained(words: Sequence[str], catalogue: Catalogue | None = None) -> str | None:
    """What there is to say about the words; None for nothing."""
    held = catalogue or shipped_catalogue()
    if not words:
        return overview(held)
    first, rest = words[0], words[1:]
    if first.upper() in CODES and not rest:
        return _code(first.upper())
    match first, len(rest):
        case "codes", 0:
            return "\n".join(f"{entry.code}  {entry.severity:<7}  {entry.summary}" for entry in CODES.values())
        case "group", 0:
            return "\n".join(
                f"{group.name:<30} {sum(1 for _ in held.visible(group.name)):>3} quotas" for group in held.groups.values()
            )
        case (("group" | "quota"), _) if rest:
            return _group_or_quota(" ".join(rest), held)
        case _:
            pass
    written = " ".join(words)
    return _field(written, language_of(held)) or _group_or_quota(written, held)


def _code(code: str) -> str:
    entry = CODES[code]
    lines = [f"{code} ({entry.severity}): {entry.summary}", "", *wrap(entry.explanation, _WIDTH)]
    for word, text in (("wrong", entry.wrong), ("right", entry.right)):
        if text:
            lines += ["", f"{word}:", indent(text, "    ")]
    return "\n".join(lines)


# -- groups and quotas ----------------------------------------------------------------------------------------------------------


def _group_or_quota(name: str, catalogue: Catalogue) -> str | None:
    group = _held(catalogue.groups, name)
    if group is not None:
        quotas = [quota for quota in group.quotas if not quota.hidden]
        width = max((len(quota.short) for quota in quotas), default=0)
        kinds = [_kind(quota) for quota in quotas]
        column = max((len(kind) for kind in kinds), default=0)
        rows = [
            f"  {quota.short:<{width}}  {kind:<{column}}  {quota.description}".rstrip()
            for quota, kind in zip(quotas, kinds, strict=True)
        ]
        return "\n".join([f"group {group.name}: {len(quotas)} quotas, from {catalogue.source}", *rows])
    quota = _held(catalogue.quotas, name.replace(" ", "."))
    if quota is None:
        return None
    lines = [f"quota {quota.name}, group {quota.group}: {_kind(quota)}", f"  {quota.description}"]
    if quota.hidden:
        lines.append("  hidden: the panel never lists it and drops its value on every update of a plan")
    return "\n".join(lines)


def _held(names: Mapping[str, N], name: str) -> N | None:
    found = names.get(name)
    if found is None:
        folded = {known.casefold(): known for known in names}
        found = names.get(folded.get(name.casefold(), ""))
    return found


def _kind(quota: Quota) -> str:
    match quota.type:
        case QuotaType.SWITCH:
            return "true or false"
        case QuotaType.COUNTED | QuotaType.MAXIMUM:
            return f"size in {quota.unit}, or unlimited" if quota.unit else "number, or unlimited"


# -- fields ---------------------------------------------------------------------------------------------------------------------


def _field(written: str, language: Language) -> str | None:
    steps = [step for step in written.replace("[]", "").split(".") if step]
    if not steps:
        return None
    if (repetition := _repetition(steps, language)) is not None:
        return repetition
    found = _entry(language, [_SINGULAR.get(steps[0], steps[0]), *steps[1:]])
    if found is None and len(steps) == 1:
        candidates = (_entry(language, [root, steps[0]]) for root in ("customers", "spaces", "plans"))
        found = next((candidate for candidate in candidates if candidate is not None), None)
    if found is None:
        return None
    path, entry, key = found
    lines = [path, "", *wrap(entry.says, _WIDTH), "", f"value:   {form_words(entry.form)}{', or null' if entry.nullable else ''}"]
    if entry.default is not NOT_GIVEN:
        lines.append(f"default: {_shown(entry.default)}")
    lines.append(f"example: {key}: {_shown(example_of(entry))}")
    record = _record(entry.form)
    if record is not None and len(record.entries) <= 60:
        width = max(len(key) for key in record.entries)
        lines += ["", "keys:", *(f"  {key:<{width}}  {held.says}" for key, held in record.entries.items())]
    return "\n".join(lines)


_EACH: Final[Mapping[str, str]] = {
    "each": "What a `for_each` makes an entry for: `each.key` and `each.value`, and `each.outer` of a `for_each` around it.",
    "each.key": "The key in a mapping; the number from 1 in a list or a table.",
    "each.value": "The element, or the row of the table: `each.value.COLUMN` is a cell.",
    "each.outer": "The `each` of the `for_each` around it: `each.outer.value.COLUMN`.",
}


def _repetition(steps: Sequence[str], language: Language) -> str | None:
    """``for_each``, alone or behind a list, and the options of a table below it; ``each`` in templates."""
    written = ".".join(steps[:2])
    if steps[0] == "each":
        return f"{written}\n\n" + "\n".join(wrap(_EACH.get(written, _EACH["each"]), _WIDTH))
    if "for_each" not in steps:
        return None
    at = steps.index("for_each")
    above, below = list(steps[:at]), list(steps[at + 1 :])
    found = _entry(language, [_SINGULAR.get(above[0], above[0]), *above[1:]]) if above else None
    if (above and (found is None or not isinstance(found[1].form, Listing))) or len(below) > 1:
        return None
    path = f"{found[0]}.for_each" if found else "for_each"
    if below:
        option = TABLE_KEYS.get(below[0])
        if option is None:
            return None
        example = option.get("examples", option.get("enum", ["..."]))[0]
        lines = [f"{path}.{below[0]}", "", *wrap(option["description"], _WIDTH), "", f"example: {below[0]}: {_shown(example)}"]
        return "\n".join(lines)
    width = max(map(len, TABLE_KEYS))
    keys = [f"  {key:<{width}}  {option['description']}" for key, option in TABLE_KEYS.items()]
    value = "value:   list, or mapping, or table"
    example = f"example: for_each: {_shown(FOR_EACH['examples'][0])}"
    return "\n".join([path, "", *wrap(FOR_EACH["description"], _WIDTH), "", value, example, "", "keys of a table:", *keys])


def _entry(language: Language, steps: Sequence[str]) -> tuple[str, Entry, str] | None:
    """The path as the language spells it, the entry it leads to, and that entry's key."""
    record: Record | Keyed | None = language.manifest
    entry: Entry | None = None
    path: list[str] = []
    at = 0
    while at < len(steps):
        if record is None:
            return None
        key, entry, taken = _key_of(record, steps[at:])
        if entry is None:
            return None
        path.append(key)
        at += taken
        record = entry.form if isinstance(entry.form, Keyed) else _record(entry.form)
    return (".".join(path), entry, path[-1]) if entry is not None else None


def _key_of(record: Record | Keyed, steps: Sequence[str]) -> tuple[str, Entry | None, int]:
    """The key that the next steps name, its entry, and how many steps it took: a quota's full name has a dot in it."""
    if isinstance(record, Keyed):
        return steps[0], Entry(form=record.of, says="A name of your own."), 1
    for taken in (1, 2):
        step = ".".join(steps[:taken])
        key = step if step in record.entries else record.aliases.get(step, nearest_exact(step, record))
        if key in record.entries:
            return key, record.entries[key], taken
    return steps[0], None, 1


def nearest_exact(step: str, record: Record) -> str:
    """The key that differs from the word in case alone; the word itself where there is none."""
    near = nearest(step, record.entries)
    return near if near is not None and near.casefold() == step.casefold() else step


def _record(form: Form) -> Record | None:
    """The mapping a form leads to, if there is one."""
    match form:
        case Record():
            return form
        case Listing(of=held):
            return _record(held)
        case Either(mapping=held) if held is not None:
            return _record(held)
        case Variants(what=what, by_key=by_key):
            merged = {key: entry for record in by_key.values() for key, entry in record.entries.items()}
            return Record(what=what, entries=merged)
        case _:
            return None


def fields_of(record: Record, path: str = "") -> Iterator[tuple[str, Entry]]:
    """All keys below a mapping, by their paths; groups and quotas are left out, which the catalogue lists."""
    for key, entry in record.entries.items():
        yield f"{path}{key}", entry
        below = _record(entry.form)
        listed = below is not None and below.unknown in ("RP1203", "RP1204", "RP1232", "RP1413")
        if below is not None and not listed and below.what != "defaults" and (key != "spaces" or not path):
            yield from fields_of(below, f"{path}{key}.")


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def form_words(form: Form) -> str:
    """What may stand in a value, in words."""
    match form:
        case Text():
            return f"text, at most {form.max_length} characters" if form.max_length else "text"
        case Pattern():
            return form.shape.words
        case Flag() | Switch():
            return "true or false"
        case Number():
            words = [f"number from {form.least}" + (f" to {form.most}" if form.most < 2**31 - 1 else "")]
            words += ["size as in `5 GB`"] if form.size else []
            words += ["`unlimited`"] if form.unlimited else []
            return ", or ".join(words)
        case Amount():
            return "amount, as in 4.90"
        case Choice():
            return "one of " + ", ".join(form.words)
        case Anything():
            return "anything"
        case Listing():
            return f"list: {form_words(form.of)}"
        case Keyed():
            return f"mapping of names: {form_words(form.of)}"
        case Record():
            return "mapping"
        case Variants():
            return "mapping with one of " + ", ".join(form.by_key)
        case Either():
            return ", or ".join(form_words(one) for one in (form.scalar, form.listing, form.mapping) if one is not None)
        case _:
            assert_never(form)

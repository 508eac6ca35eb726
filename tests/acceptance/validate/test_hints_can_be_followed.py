"""A hint that is followed to the letter makes its finding go away: by itself where it says what to write, by hand for the rest."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.validate.case import CASES, FOLDER
from tests.support.command_line import resellerplan

_WRITE = re.compile(r"""(?:write|did you mean) (?:`([^`]+)`|"([^"]+)")""")
_NAMES = re.compile("[A-Za-z_][A-Za-z0-9_.]*")


def diagnostics(folder: Path, *more: str) -> list[dict[str, Any]]:
    ran = resellerplan("validate", "--format", "json", *more, folder=folder)
    return [one for one in json.loads(ran.out)["diagnostics"] if one["severity"] != "note"]


def copied(name: str, folder: Path) -> list[str]:
    """The case in a folder of its own, and its arguments."""
    shutil.copytree(FOLDER / name, folder, dirs_exist_ok=True)
    (folder / ".git").mkdir()
    args = folder / "args"
    return shlex.split(args.read_text(encoding="utf-8")) if args.exists() else []


def literally(hint: str, marked: str) -> str | None:
    """What stands in the place of what is marked when somebody does just what the hint says; None where it says no such thing."""
    said = _WRITE.search(hint)
    if said is not None:
        new = said[1] if said[1] is not None else said[2]
        if "..." in new or ("{" in new and marked.startswith(("'", '"'))):
            return None
        if ": {" in new:  # `FTP: {}`: the key stands there already
            return " " + new.partition(": ")[2]
        return new if "`" in hint[: hint.index(new)] or _NAMES.fullmatch(new) else json.dumps(new, ensure_ascii=False)
    if hint.startswith("take the quotes away"):
        return marked.strip("\"'")
    if hint.startswith("put quotes around it"):
        return f'"{marked}"'
    if hint.startswith("take the blanks away"):
        return f'"{marked[1:-1].strip()}"'
    return None


def _literal_hints() -> list[tuple[str, int]]:
    """Every finding of every case whose hint says what to write, by its number among the findings."""
    found = []
    for name in CASES:
        expected = (FOLDER / name / "expected").read_text(encoding="utf-8")
        if "{{" in expected or "RP10" in expected:
            continue  # what stands there is a template, or nothing can be read
        blocks = re.split(r"\n\n(?=(?:error|warning|note)\[)", expected.partition("\n")[2])
        hints = [(match[1] if (match := re.search(r"^hint: (.*)$", block, re.MULTILINE)) else "") for block in blocks]
        found += [(name, number) for number, hint in enumerate(hints) if literally(hint, "x") is not None]
    return found


LITERAL = _literal_hints()


@pytest.mark.parametrize(("name", "number"), LITERAL, ids=[f"{name}-{number}" for name, number in LITERAL])
def test_what_a_hint_says_to_write_is_accepted(name: str, number: int, tmp_path: Path) -> None:
    args = copied(name, tmp_path)
    before = diagnostics(tmp_path, *args)
    wrong = before[number]
    span, hint = wrong["range"], wrong["detail"].rpartition("hint: ")[2]
    assert span["start"]["line"] == span["end"]["line"]
    file = tmp_path / span["filename"]
    lines = file.read_text(encoding="utf-8").split("\n")
    line = lines[span["start"]["line"] - 1]
    start, end = span["start"]["column"] - 1, span["end"]["column"] - 1
    if line[start:end].strip() == "" or line[start:end] == "}":  # a value that is not there: behind its key
        end = start
    new = literally(hint, line[start:end])
    assert new is not None
    if file.suffix == ".csv":
        new, end = new.strip('"'), line.index(",")
    lines[span["start"]["line"] - 1] = line[:start] + new + line[end:]
    file.write_text("\n".join(lines), encoding="utf-8")
    after = diagnostics(tmp_path, *args)
    again = [one for one in after if one["code"] == wrong["code"] and one["range"]["start"] == span["start"]]
    assert again == [], lines[span["start"]["line"] - 1]
    assert not any(one["code"].startswith("RP100") for one in after), "it can still be read"
    assert len(after) <= len(before)


def test_many_hints_say_what_to_write() -> None:
    assert len({(name[:6], number) for name, number in LITERAL}) >= 40


BY_HAND: Mapping[str, tuple[str, str, str]] = {
    # The case: words of the hint, what stands in the manifest, what stands there once the hint was followed.
    "rp1003-quote-that-is-not-closed": ("never closed", '"mueller', '"mueller"'),
    "rp1003-tab-for-indentation": ("indent with blanks", "\t-", "  -"),
    "rp1003-indentation-that-does-not-fit": ("same column", "   email", "    email"),
    "rp1005-two-documents": ("keep one document", "---\nversion: 1\n", ""),
    "rp1007-template-without-quotes-as-key": ("put quotes around the template", "{{ vars.name }}", '"{{ vars.name }}"'),
    "rp1013-infinite-disk": ("say `unlimited`", ".inf", "unlimited"),
    "rp1101-misspelt-variable": ('did you mean "name"?', "nmae", "name"),
    "rp1106-template-in-a-key": ("write the key out", '"{{ vars.k }}"', "username"),
    "rp1111-misspelt-table-option": ("known here: columns, decimal, encoding, separator", "delimiter", "separator"),
    "rp1114-bars-between-the-cells": ('say `separator: "|"` beside', "customers.csv}", 'customers.csv, separator: "|"}'),
    "rp1116-decimal-mark-that-could-be-two": ('say `decimal: ","`', "p.csv}", 'p.csv, decimal: ","}'),
    "rp1117-heading-that-is-not-there": ("the headings are Benutzername", "Benutzer}", "Benutzername}"),
    "rp1202-absent-space-without-a-name": ("name the space", "state: absent", "name: Archiv\n    state: absent"),
    "rp1205-quota-of-another-group": ("it belongs to Web", "OS: {Sites: 1}", "Web: {Sites: 1}"),
    "rp1221-five-places": ("round it to four places", "4.99999", "5.0000"),
    "rp1224-quota-by-two-names": ("drop one of Diskspace and OS.Diskspace", ", OS.Diskspace: 6 GB", ""),
    "rp1225-add-on-listed-twice": ("say it once, with `quantity`", "{plan: Extra}, {plan: Extra}", "{plan: Extra, quantity: 2}"),
    "rp1226-null-flag": ("leave the key out", "    html_mail: null\n", ""),
    "rp1226-hole-in-a-list": ("take the entry away", "      -\n", ""),
    "rp1227-hidden-quota": ("take the line away", "{DomainPointers: 5}", "{}"),
    "rp1231-list-of-ignored-fields": (
        "each field with its reason",
        "[status, email]",
        '{status: "owned by WHMCS", email: "owned by WHMCS"}',
    ),
    "rp1301-no-plan-at-all": ("with `existing: true`", "customers:", "plans:\n  - {name: Web S, existing: true}\ncustomers:"),
    "rp1305-space-of-a-customer-who-leaves": (
        "mark the space absent too, with a reason",
        "  - customer: mueller\n    plan: Web S",
        "  - {customer: mueller, name: Web S, state: absent, reason: left}",
    ),
    "rp1306-add-on-as-a-plan": ("say addons: [{plan: Extra}]", "plan: Extra", "plan: Web S\n    addons: [{plan: Extra}]"),
    "rp1311-ftp-without-its-group": ("add `FTP: {Accounts: 1}` to the plan", "Web: {", "FTP: {Accounts: 1}\n      Web: {"),
    "rp1311-mail-without-its-group": ("or drop `mail: true`", "mail: true", ""),
    "rp1311-website-by-itself": ("say `resources: {website: false}`", "domain: m", "resources: {website: false}\n    domain: m"),
    "rp1312-domain-without-its-quota": ("add `OS: {Domains: 1}`", "Diskspace: 5 GB", "Diskspace: 5 GB, Domains: 1"),
    "rp1313-resources-without-a-domain": ("or drop `resources`", "    resources: {website: true}\n", ""),
    "rp1314-two-ftp-accounts-of-one-name": (
        "ftp: {name: ...}",
        "b.example, resources: {ftp: true}",
        "b.example, resources: {ftp: {name: b}}",
    ),
    "rp1315-no-website-left": ("set `Sites: 1` in group Web", "Sites: 0", "Sites: 1"),
    "rp1317-two-domains-for-one": (
        "say `overrides: {OS: {Domains: 2}}`",
        "    domains",
        "    overrides: {OS: {Domains: 2}}\n    domains",
    ),
    "rp1319-own-package-without-ftp": ("say `ftp: false`", "ftp: true", "ftp: false"),
    "rp1407-absent-without-a-reason": ('add `reason: "..."`', "state: absent", 'state: absent\n    reason: "left"'),
    "rp1408-conditions-without-absent": (
        "add `state: absent` and a `reason`",
        "only_if",
        "state: absent\n    reason: left\n    only_if",
    ),
    "rp1408-reason-without-absent": ("add `state: absent`, or drop it", "reason:", "state: absent\n    reason:"),
    "rp1410-existing-with-fields": ("drop `description`", ", description: Small", ""),
    "rp1414-managed-and-initial": ("drop one of them", '    phone: "1"\n', ""),
    "rp1501-password-in-the-text": ("{env: NAME}", "hunter2", "{env: MUELLER_PASSWORD}"),
    "rp1505-nobody-could-read-it": ("add `recipients:` at the top", "customers:", f"recipients: [age1{'q' * 58}]\ncustomers:"),
    "rp1508-plain-file-in-the-repository": ("or name a place elsewhere", "credentials/mueller.txt", "/var/lib/passwords/mueller"),
    "rp1606-group-that-the-own-package-lacks": ("take it out", "      FTP: {Accounts: 1}\n", ""),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_who_does_what_a_hint_says_is_rid_of_the_finding(name: str, tmp_path: Path) -> None:
    words, old, new = BY_HAND[name]
    args = copied(name, tmp_path)
    before = diagnostics(tmp_path, *args)
    wrong = next(one for one in before if words in one["detail"])
    manifest = tmp_path / "resellerplan.yaml"
    text = manifest.read_text(encoding="utf-8")
    assert old in text
    manifest.write_text(text.replace(old, new, 1), encoding="utf-8")
    after = diagnostics(tmp_path, *args)
    assert sum(one["code"] == wrong["code"] for one in after) < sum(one["code"] == wrong["code"] for one in before)
    told_before = {one["code"] for one in before}
    more = {one["code"] for one in after if one["severity"] == "error"} - told_before - {"RP1101"}
    assert more == set(), "following a hint leads into no other error"


def test_hints_of_forty_codes_were_followed() -> None:
    assert len({name[:6] for name in BY_HAND}) >= 34
    assert len({name[:6] for name in (*BY_HAND, *(name for name, _ in LITERAL)) if name.startswith("rp")}) >= 50

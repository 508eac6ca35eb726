"""Pages of the documentation that are printed from the tables: the diagnostic codes, and the reference of the language."""

from __future__ import annotations

import json
from typing import Final

from resellerplan.manifest.codes import CODES, RANGES
from resellerplan.manifest.explaining import fields_of, form_words
from resellerplan.manifest.forms import NOT_GIVEN, example_of
from resellerplan.manifest.language import Language

__all__ = ["REFERENCE_MARK", "diagnostics_page", "reference"]

REFERENCE_MARK: Final = "<!-- From here on the page is printed from the table of the language; a test holds it. -->"
"""What stands in docs/manifest.md before the part that is printed."""


def diagnostics_page() -> str:
    """``docs/diagnostics.md``."""
    lines = [
        "# Diagnostic codes",
        "",
        "Printed from the table of codes; a test holds it. `resellerplan explain CODE` says the same. A code never changes its",
        "meaning, and its summary is the same sentence every time: names and values stand under the caret and in the notes.",
        "",
        "Warnings and notes can be switched: `diagnostics: {RP1601: off}` in the manifest, or `validate --severity RP1601=off`;",
        "`validate --strict` makes errors of all warnings. Errors stay errors: nothing sensible could be built from them.",
    ]
    for prefix, title in RANGES.items():
        entries = [entry for code, entry in CODES.items() if code.startswith(prefix)]
        if not entries:
            continue
        lines += ["", f"## {prefix}xx: {title}", "", "| code | | what is wrong |", "|---|---|---|"]
        lines += [f"| [{entry.code}](#{entry.code.lower()}) | {entry.severity} | {_cell(entry.summary)} |" for entry in entries]
        for entry in entries:
            lines += ["", f"### {entry.code}", "", f"**{entry.summary}** ({entry.severity}). {entry.explanation}"]
            for word, text in (("Wrong", entry.wrong), ("Right", entry.right)):
                if text:
                    lines += ["", f"{word}:", "", "```yaml", text, "```"]
    return "\n".join(lines) + "\n"


def reference(language: Language) -> str:
    """The reference of ``docs/manifest.md``: every key by its path, what may stand there, and what it says."""
    lines = [REFERENCE_MARK]
    for key, entry in language.manifest.entries.items():
        lines += ["", f"### `{key}`", "", entry.says]
        below = [(path, held) for path, held in fields_of(language.manifest) if path.startswith(f"{key}.")]
        if not below:
            lines += ["", f"Value: {form_words(entry.form)}."]
        lines += ["", f"Example: `{key}: {json.dumps(example_of(entry), ensure_ascii=False)}`"]
        if below:
            lines += ["", "| key | value | default | |", "|---|---|---|---|"]
            for path, held in below:
                default = "" if held.default is NOT_GIVEN else f"`{json.dumps(held.default, ensure_ascii=False)}`"
                value = form_words(held.form) + (", or null" if held.nullable else "")
                lines.append(f"| `{path.removeprefix(f'{key}.')}` | {_cell(value)} | {default} | {_cell(held.says)} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")

"""Templates in values, as far as they need no Jinja2: which value is one, and the dotted names that most of them are.

A value that is one dotted name and nothing else (``{{ each.value.email }}``), or a text with such names in it, is read here, by
the same rules as in `template` (which is imported when the first value needs more).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from resellerplan.manifest.limits import LIMITS, Limits
from resellerplan.manifest.scalars import CONTROL
from resellerplan.manifest.template_value import Scope, TemplateError, Text, nearest, typed_again

if TYPE_CHECKING:
    from resellerplan.manifest.template import Environment

__all__ = ["Scope", "Template", "TemplateError", "Templates", "Text", "is_template", "nearest", "typed_again"]

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_DOTTED = re.compile(rf"\{{\{{-?\s*({_NAME}(?:\.{_NAME})*)\s*-?\}}\}}")
_RESERVED = frozenset(
    ["true", "false", "none", "True", "False", "None", "loop", "not", "and", "or", "if", "else", "in", "is", "range"]
)


def is_template(text: str) -> bool:
    """Whether a value is one: it holds ``{{`` or ``{%``."""
    return "{{" in text or "{%" in text


@dataclass(frozen=True, slots=True)
class Template:
    """A value ready to be rendered. ``text`` is what was written; ``path`` is the dotted name where it is nothing but one."""

    text: str
    render: Callable[[Scope], object]
    path: tuple[str, ...] | None = None


@dataclass(slots=True)
class Templates:
    """Makes templates; one per run, because the same text is compiled once."""

    limits: Limits = LIMITS
    _made: dict[str, Template] = field(default_factory=dict)
    _environment: Environment | None = None

    def template(self, text: str) -> Template:
        """The template of a value. Raises TemplateError where there can be none."""
        made = self._made.get(text)
        if made is None:
            made = self._compile(text)
            if "\\" in text:  # what a template is given holds no control characters; only an escape in it can make one
                made = Template(text, _without_controls(made.render), made.path)
            self._made[text] = made
        return made

    @property
    def environment(self) -> Environment:
        """Jinja2, set up when the first template needs it."""
        if self._environment is None:
            from resellerplan.manifest.template import Environment

            self._environment = Environment(self.limits)
        return self._environment

    def _compile(self, text: str) -> Template:
        if len(text) > self.limits.template:
            raise TemplateError("RP1105", f"a template of {len(text):,} characters; at most {self.limits.template:,}")
        match = _DOTTED.fullmatch(text.strip())
        if match is not None and not _RESERVED.intersection(path := tuple(match[1].split("."))):
            return Template(text, _one_name(path, self, text), path)
        pieces = _pieces(text)
        if pieces is not None:
            return Template(text, _names_in_text(pieces, self, text))
        return Template(text, self.environment.renderer(text))


def _without_controls(render: Callable[[Scope], object]) -> Callable[[Scope], object]:
    """The same, with a control character in what it gives as an error."""

    def checked(scope: Scope) -> object:
        value = render(scope)
        found = next((found for text in _texts(value) if (found := CONTROL.search(text)) is not None), None)
        if found is not None:
            raise TemplateError("RP1016", f"U+{ord(found[0]):04X}")
        return value

    return checked


def _texts(value: object) -> Iterator[str]:
    """All texts in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, held in value.items():
            yield key
            yield from _texts(held)
    elif isinstance(value, list):
        for held in value:
            yield from _texts(held)


def _one_name(path: tuple[str, ...], templates: Templates, text: str) -> Callable[[Scope], object]:
    """Reads a dotted name: mappings all the way; whatever else it meets is Jinja2's to judge."""
    careful: list[Callable[[Scope], object]] = []

    def render(scope: Scope) -> object:
        value: object = scope
        for name in path:
            if type(value) is not dict or name not in value:
                if not careful:
                    careful.append(templates.environment.renderer(text))
                return careful[0](scope)
            value = value[name]
        return typed_again(value, templates.limits)

    return render


def _pieces(text: str) -> list[str | tuple[str, ...]] | None:
    """A text with nothing but dotted names in it, in pieces; None where it needs Jinja2."""
    pieces: list[str | tuple[str, ...]] = []
    at = 0
    for match in _DOTTED.finditer(text):
        path = tuple(match[1].split("."))
        if "-" in match[0] or _RESERVED.intersection(path):
            return None
        pieces += [text[at : match.start()], path]
        at = match.end()
    pieces.append(text[at:])
    between = "".join(piece for piece in pieces if isinstance(piece, str))
    return None if "{{" in between or "{%" in between or "{#" in between or "}}" in between else pieces


def _names_in_text(pieces: list[str | tuple[str, ...]], templates: Templates, text: str) -> Callable[[Scope], object]:
    """Puts a text with dotted names together; whatever else than plain texts and numbers it meets is Jinja2's to judge."""
    careful: list[Callable[[Scope], object]] = []

    def render(scope: Scope) -> object:
        made: list[str] = []
        for piece in pieces:
            if type(piece) is str:
                made.append(piece)
                continue
            value: object = scope
            for name in piece:
                if type(value) is not dict or name not in value:
                    value = scope
                    break
                value = value[name]
            if type(value) is not str and type(value) is not int:
                if not careful:
                    careful.append(templates.environment.renderer(text))
                return careful[0](scope)
            made.append(value if type(value) is str else str(value))
        joined = "".join(made)
        if len(joined) > templates.limits.output:
            raise TemplateError("RP1105", f"a text of more than {templates.limits.output:,} characters")
        return joined

    return render

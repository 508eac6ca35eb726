"""Jinja2's only door: templates in values, in a closed world.

A template sees its variables and a short list of filters. Attributes are looked up by rules of our own (a mapping's keys first, a
few harmless methods of texts), so nothing of Python's insides has a name here; Jinja2's sandbox stands behind as a second wall.
There is no loader, no global but a bounded ``range``, no ``random``. What a template can make is bounded: its own length, every
text it puts together, every turn of its loops. A value that is one dotted name and nothing else (``{{ each.value.email }}``) is
by far the most frequent and is read here without Jinja2, by the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, Final

import jinja2
from jinja2 import nodes
from jinja2.environment import TemplateExpression
from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError
from jinja2.filters import FILTERS
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS

from resellerplan.manifest.limits import Limits
from resellerplan.manifest.scalars import shown
from resellerplan.manifest.template_value import Scope, TemplateError, Text, nearest, typed_again

__all__ = ["Environment"]

_TEXT_METHODS = frozenset(
    [
        *(
            "capitalize",
            "casefold",
            "count",
            "endswith",
            "find",
            "isalnum",
            "isalpha",
            "isascii",
            "isdecimal",
            "isdigit",
            "islower",
        ),
        *("isspace", "isupper", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "rfind", "rpartition", "rsplit"),
        *("rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "upper"),
    ]
)
_MAPPING_METHODS = frozenset(["items", "keys", "values", "get"])
_LOOP_NAMES = frozenset(["index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem", "changed"])
_KEPT_FILTERS = (
    *(
        "abs",
        "capitalize",
        "count",
        "d",
        "default",
        "dictsort",
        "first",
        "float",
        "int",
        "items",
        "last",
        "length",
        "list",
        "lower",
    ),
    *("map", "max", "min", "reject", "rejectattr", "reverse", "round", "select", "selectattr", "sort", "title", "trim", "truncate"),
    *("unique", "upper", "wordcount"),
)
_KEPT_STATEMENTS = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For)
_BIGGEST_POWER = 4096
_FINEST: Final = 15


class _Missing(jinja2.StrictUndefined):
    """An unknown name. Every use of it fails; ``is defined`` and ``default`` may ask."""

    __slots__ = ()

    @property
    def label(self) -> str:
        """Which name, of what."""
        name = self._undefined_name
        if self._undefined_hint:
            return self._undefined_hint.split("\0")[0]
        return f"there is no {name!r}"

    @property
    def hint(self) -> str:
        """What was meant, perhaps."""
        return self._undefined_hint.split("\0")[1] if self._undefined_hint else ""

    @property
    def _undefined_message(self) -> str:
        # Only what is looked for in the scope itself is near to the names of the scope.
        return f"{self.label}\0{self.hint}\0{'' if self._undefined_hint else self._undefined_name}"


class Environment(ImmutableSandboxedEnvironment):
    """Jinja2 with our rules of names, our filters and our bounds."""

    intercepted_binops = frozenset(["+", "*", "%", "**"])

    def __init__(self, limits: Limits) -> None:
        super().__init__(
            undefined=_Missing, autoescape=False, finalize=_in_text, optimized=False, cache_size=0, keep_trailing_newline=True
        )
        self.limits: Final = limits
        self.turns = 0
        self.globals.clear()
        self.globals["range"] = self._range
        self.filters = {name: FILTERS[name] for name in _KEPT_FILTERS}
        self.filters |= {
            "join": self._join,
            "string": _as_text,
            "text": _as_text,
            "replace": self._replace,
            "round": _round,
            "sum": self._sum,
            " turns": self._counted,
            " joined": self._joined,
        }
        self.tests = {name: test for name, test in TESTS.items() if name not in ("filter", "test", "callable")}

    def renderer(self, text: str) -> Callable[[Scope], object]:
        """A function from variables to the value. Raises TemplateError for a text that is no template."""
        stripped = text.strip()
        single = self._guard(lambda: self._single(stripped))
        if single is not None:
            evaluate = self._guard(lambda: self._expression(single))
            return lambda scope: self._guard(lambda: typed_again(_defined(evaluate(scope)), self.limits), scope)
        template = self._guard(lambda: self.from_string(text))

        def render(scope: Scope) -> object:
            self.turns = 0
            pieces: list[str] = []
            length = 0
            for piece in template.generate(scope):
                length += len(piece)
                if length > self.limits.output:
                    raise TemplateError("RP1105", f"a text of more than {self.limits.output:,} characters")
                pieces.append(piece)
            return "".join(pieces)

        return lambda scope: self._guard(lambda: render(scope), scope)

    def _single(self, text: str) -> str | None:
        """The expression, where the text is exactly one; None for several, or for text around it."""
        if not text.startswith("{{") or not text.endswith("}}"):
            return None
        tokens = [kind for _, kind, _ in self.lex(text)]
        if tokens.count("variable_begin") != 1 or tokens[0] != "variable_begin" or tokens[-1] != "variable_end":
            return None
        return text[2:-2].strip("-+ \n\t") if text[2:3] not in "-+" else text[3:-2].rstrip("- \n\t")

    def _expression(self, source: str) -> Callable[[Scope], object]:
        """An expression as a function that gives its value and not its text."""
        # As Jinja2's own `compile_expression` does it, but by way of `_parse`, so that the same bounds hold.
        tree = self._parse("{{ " + source + " }}", None, None)
        output = tree.body[0]
        assert isinstance(output, nodes.Output)
        result = nodes.Assign(nodes.Name("result", "store"), output.nodes[0], lineno=1)
        compiled = TemplateExpression(self.from_string(nodes.Template([result], lineno=1)), False)

        def evaluate(scope: Scope) -> object:
            self.turns = 0
            return compiled(**scope)

        return evaluate

    def _guard(self, work: Callable[[], Any], scope: Scope | None = None) -> Any:
        """Whatever goes wrong inside a template is the template's; nothing of it may end the program."""
        try:
            return work()
        except TemplateError:
            raise
        except UndefinedError as error:
            label, hint, name = [*(error.message or "").split("\0"), "", ""][:3]
            if name and not hint and scope is not None:
                hint = nearest(name, (key for key in scope if key != "vars" or len(scope) < 3))
            raise TemplateError("RP1101", label, hint) from None
        except SecurityError as error:
            raise TemplateError("RP1103", error.message or "") from None
        except TemplateSyntaxError as error:
            raise TemplateError("RP1102", error.message or "") from None
        except (RecursionError, MemoryError):
            raise TemplateError("RP1105", "it is nested too deeply") from None
        except Exception as error:  # any type at all: the template decides which operation fails, and how
            reason = str(error) or type(error).__name__
            code = "RP1102" if isinstance(error, SyntaxError) else "RP1104"
            raise TemplateError(code, reason[:200]) from None

    # -- what a template is made of ----------------------------------------------------------------------------------------------

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The syntax tree, without the statements we don't have, with every loop and every joining counted."""
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(nodes.Stmt):
            if not isinstance(node, _KEPT_STATEMENTS):
                raise TemplateError(
                    "RP1103", f"the statement `{type(node).__name__.lower()}`", "templates have `if` and `for` only"
                )
        for loop in tree.find_all(nodes.For):
            if loop.recursive or sum(1 for _ in loop.find_all(nodes.For)) > 1:
                raise TemplateError("RP1105", "a loop in a loop in a loop", "`for_each:` is for repetition")
            loop.iter = nodes.Filter(loop.iter, " turns", [], [], None, None, lineno=loop.lineno)
        _replace_concat(tree)
        return tree

    def _counted(self, entries: Iterable[object]) -> list[object]:
        counted = []
        for entry in entries:
            self.turns += 1
            if self.turns > self.limits.loop:
                raise TemplateError("RP1105", f"more than {self.limits.loop:,} turns")
            counted.append(entry)
        return counted

    def _range(self, *bounds: int) -> range:
        made = range(*bounds)
        if len(made) > self.limits.loop:
            raise TemplateError("RP1105", f"a range of {len(made):,}; at most {self.limits.loop:,}")
        return made

    # -- names -------------------------------------------------------------------------------------------------------------------

    def getattr(self, obj: Any, attribute: str) -> Any:
        """``obj.attribute`` by our rules."""
        return self._named(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """``obj[argument]`` by our rules."""
        if isinstance(obj, Undefined):
            obj._fail_with_undefined_error()
        if isinstance(argument, str) and not isinstance(obj, dict):
            return self._named(obj, argument)
        if isinstance(obj, dict):
            return self._named(obj, argument if isinstance(argument, str) else shown(argument))
        if isinstance(obj, str | list | tuple | range) and isinstance(argument, int | slice):
            try:
                return obj[argument]
            except IndexError:
                return self.undefined(hint=f"there is no entry {argument}\0", obj=obj, name=str(argument))
        raise TemplateError("RP1104", f"{type(obj).__name__} has no entries")

    def _named(self, obj: Any, name: str) -> Any:
        if isinstance(obj, Undefined):
            obj._fail_with_undefined_error()
        if isinstance(obj, dict):
            if name in obj:
                return obj[name]
            if name in _MAPPING_METHODS:
                return getattr(obj, name)
        elif (isinstance(obj, str) and name in _TEXT_METHODS) or (isinstance(obj, LoopContext) and name in _LOOP_NAMES):
            return getattr(obj, name)
        if name.startswith("_") or (not isinstance(obj, dict) and hasattr(type(obj), name)):
            raise TemplateError("RP1103", f"the name {name!r}")
        known = nearest(name, obj) if isinstance(obj, dict) else ""
        return self.undefined(hint=f"there is no {name!r}\0{known}", obj=obj, name=name)

    # -- bounds of what is made --------------------------------------------------------------------------------------------------

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """``+ * % **`` with their results bounded; formatting by ``%`` is not there."""
        for side in (left, right):
            if isinstance(side, Undefined):
                side._fail_with_undefined_error()
        if operator == "%" and isinstance(left, str):
            raise TemplateError("RP1103", "formatting by %", "join texts by ~")
        if operator == "**":
            sizes = [abs(int(side)).bit_length() if isinstance(side, int) else 64 for side in (left, right)]
            if isinstance(right, int) and sizes[0] * abs(right) > _BIGGEST_POWER:
                raise TemplateError("RP1105", "a power that is too big")
        if operator in "+*":
            lengths = [len(side) for side in (left, right) if isinstance(side, str | list | tuple)]
            factor = next((side for side in (left, right) if isinstance(side, int)), 1) if operator == "*" else 1
            if lengths and sum(lengths) * max(factor, 1) > self.limits.output:
                raise TemplateError("RP1105", f"more than {self.limits.output:,} characters or entries")
        return super().call_binop(context, operator, left, right)

    def _joined(self, pieces: list[object]) -> str:
        return self._join(pieces)

    def _join(self, entries: Iterable[object], separator: str = "", attribute: str | None = None) -> str:
        texts: list[str] = []
        length = 0
        for entry in entries:
            text = _in_text(self.getitem(entry, attribute) if attribute is not None else entry)
            length += len(text) + len(separator)
            if length > self.limits.output + len(separator):
                raise TemplateError("RP1105", f"a text of more than {self.limits.output:,} characters")
            texts.append(text)
        return separator.join(texts)

    def _replace(self, text: str, old: str, new: str, count: int = -1) -> str:
        text = _in_text(text)
        times = text.count(old) if count < 0 else min(count, text.count(old))
        if len(text) + times * (len(new) - len(old)) > self.limits.output:
            raise TemplateError("RP1105", f"a text of more than {self.limits.output:,} characters")
        return text.replace(old, new, count)

    def _sum(self, entries: Iterable[Any], attribute: str | None = None, start: int = 0) -> Any:
        values = [self.getitem(entry, attribute) if attribute is not None else entry for entry in entries]
        if not all(isinstance(value, int | float) for value in [*values, start]):
            raise TemplateError("RP1104", "only numbers can be summed")
        return sum(values, start)

    @cached_property
    def known(self) -> tuple[str, ...]:
        """The filters there are, for the documentation."""
        return tuple(sorted(name for name in self.filters if not name.startswith(" ")))


def _round(value: Any, precision: Any = 0, method: Any = "common") -> Any:
    """Jinja2's, for a sensible precision: its own computes ten to the power of whatever is asked for."""
    if not isinstance(precision, int) or not -_FINEST <= precision <= _FINEST:
        raise TemplateError("RP1104", f"round takes a precision up to {_FINEST} places")
    return FILTERS["round"](value, precision, method)


def _replace_concat(node: nodes.Node) -> None:
    """``a ~ b`` becomes a filter of ours, which bounds it."""
    for name, value in node.iter_fields():
        entries = value if isinstance(value, list) else [value]
        for at, entry in enumerate(entries):
            if not isinstance(entry, nodes.Node):
                continue
            _replace_concat(entry)
            if isinstance(entry, nodes.Concat):
                listed = nodes.List(entry.nodes, lineno=entry.lineno)
                made = nodes.Filter(listed, " joined", [], [], None, None, lineno=entry.lineno)
                if isinstance(value, list):
                    value[at] = made
                else:
                    setattr(node, name, made)


def _in_text(value: object) -> str:
    """A value inside a text: scalars only; a list would show Python's brackets."""
    if isinstance(value, Undefined):
        value._fail_with_undefined_error()
    if isinstance(value, list | tuple | dict | range) or not isinstance(value, str | int | float | None):
        raise TemplateError("RP1104", "a list or a mapping can't stand in a text", 'join a list: {{ vars.list | join(", ") }}')
    return shown(value)


def _as_text(value: object) -> Text:
    """The filter ``text`` (and ``string``): the value as a text that stays one."""
    return Text(_in_text(value))


def _defined(value: object) -> object:
    """The value, where it is one and not an unknown name or a loop."""
    if isinstance(value, Undefined):
        value._fail_with_undefined_error()
    if isinstance(value, LoopContext):
        raise TemplateError("RP1104", "the result is no value but a loop")
    return value

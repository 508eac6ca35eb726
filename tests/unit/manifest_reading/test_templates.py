"""Templates in values: what they give, and that nothing but their variables is in their reach."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from resellerplan.manifest.rendering import TemplateError, Templates

SCOPE: dict[str, object] = {
    "vars": {"name": "mueller", "n": 5, "zip": "01067", "list": [1, 2], "keys": {"items": "x"}, "yes": True, "nothing": None},
    "name": "mueller",
    "each": {"key": "1", "value": {"email": "a@b.example", "count": "12", "phone": "+49351", "price": "4.90", "empty": ""}},
}


def rendered(text: str) -> object:
    return Templates().template(text).render(SCOPE)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{ vars.name }}", "mueller"),
        ("{{name}}", "mueller"),
        ("{{ vars.n }}", 5),
        ("{{ vars.zip }}", "01067"),
        ("{{ each.value.count }}", 12),
        ("{{ each.value.count | text }}", "12"),
        ("{{ each.value.phone }}", "+49351"),
        ("{{ each.value.price }}", 4.9),
        ("{{ each.value.empty }}", None),
        ("{{ vars.list }}", [1, 2]),
        ("{{ vars.keys }}", {"items": "x"}),
        ("{{ vars.keys.items }}", "x"),
        ("{{- vars.name -}}", "mueller"),
        ("{{ vars['name'] }}", "mueller"),
        ("{{ vars.name.upper() }}", "MUELLER"),
        ("{{ vars.name[:2] }}", "mu"),
        ("{{ vars.gone | default('x') }}", "x"),
        ("{{ vars.n + 1 }}", 6),
        ("{{ vars.n > 3 }}", True),
        ("{{ '{{' }}", "{{"),
        ("{{ '}}' ~ '{{' }}", "}}{{"),
        ("a {{ vars.n }} b {{ vars.zip }}", "a 5 b 01067"),
        ("{{ vars.yes }}/{{ vars.nothing }}/{{ vars.n }}", "true//5"),
        ("{% if vars.yes %}a{% else %}b{% endif %}", "a"),
        ("{% for x in vars.list %}{{ x }}{{ loop.last }},{% endfor %}", "1false,2true,"),
        ("{{ vars.list | join('+') }}", "1+2"),
        ("{{ vars.name ~ '@' ~ vars.n }}", "mueller@5"),
        ("{{ vars.list | sum }}", 3),
        ("{{ vars.keys.get('items') }}", "x"),
        ("{{ vars.name | replace('m', 'M') }}", "Mueller"),
        ("x\n{{ vars.n }}\n", "x\n5\n"),
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
    ],
)
def test_a_template_gives_its_value(text: str, value: object) -> None:
    made = rendered(text)
    assert made == value
    assert type(made) is type(value)


ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ ''['__class__'] }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ vars.__class__ }}",
    "{{ vars['__class__']['__init__']['__globals__'] }}",
    "{{ (1).__class__ }}",
    "{{ vars.name | attr('__class__') }}",
    "{{ vars.name | attr('_' ~ '_class_' ~ '_') }}",
    "{{ [vars.name] | map(attribute='__class__') | list }}",
    "{{ [vars.name] | map('attr', '__class__') | list }}",
    "{{ [vars] | map(attribute='name.__class__') | list }}",
    "{{ vars.get.__func__ }}",
    "{{ vars.get.__self__ }}",
    "{{ vars.name.upper.__self__ }}",
    "{{ self }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ lipsum.__globals__.os.popen('id').read() }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ joiner.__init__ }}",
    "{{ namespace.__init__ }}",
    "{{ namespace(x=1) }}",
    "{{ dict.__base__ }}",
    "{{ dict() }}",
    "{{ range.__class__ }}",
    "{{ config }}",
    "{{ request.application.__globals__ }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ url_for.__globals__ }}",
    "{{ '{0.__class__}'.format(1) }}",
    "{{ '%s'.__mod__(1) }}",
    "{{ '%c' % 97 }}",
    "{{ '{0}'.format_map({}) }}",
    "{% import 'os' as os %}",
    "{% from 'os' import path %}",
    "{% include '/etc/passwd' %}",
    "{% extends '/etc/passwd' %}",
    "{% set x = cycler %}{{ x }}",
    "{% macro f() %}{{ caller }}{% endmacro %}{{ f() }}",
    "{% call x() %}{% endcall %}",
    "{% block a %}{% endblock %}",
    "{% filter upper %}a{% endfilter %}",
    "{% with x = 1 %}{{ x }}{% endwith %}",
    "{% autoescape true %}{% endautoescape %}",
    "{% for x in vars.list %}{{ loop.__class__ }}{% endfor %}",
    "{% for x in vars.list %}{{ loop._iterator }}{% endfor %}",
    "{{ vars.list.append(3) }}",
    "{{ vars.update({'a': 1}) }}",
    "{{ vars.pop('name') }}",
    "{{ vars.yes.real }}",
    "{{ vars.name.encode('x') }}",
    "{{ ().__class__.__bases__[0].__subclasses__() }}",
    "{{ x.__class__ }}",
    "{{ vars.gone.__class__ }}",
    "{{ (vars.gone | default(x)).__class__ }}",
    "{{ vars.list | random }}",
    "{{ vars | pprint }}",
    "{{ vars | tojson }}",
    "{{ vars.name | xmlattr }}",
    "{{ vars.name is callable }}",
    "{{ vars.name is filter }}",
    "{{ debug() }}",
    "{% debug %}",
    "{{ gettext('x') }}",
    "{{ open('/etc/passwd').read() }}",
    "{{ environ.HOME }}",
    "{{ os.environ }}",
    "{{ __import__('os') }}",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_an_attempt_to_get_out_ends_in_a_finding(text: str) -> None:
    with pytest.raises(TemplateError) as caught:
        rendered(text)
    assert caught.value.code in ("RP1101", "RP1102", "RP1103", "RP1104")


def test_a_template_can_not_change_its_variables() -> None:
    before = repr(SCOPE)
    for text in ("{{ vars.update({'a': 1}) }}", "{{ vars.list.append(1) }}", "{{ vars.setdefault('a', 1) }}"):
        with pytest.raises(TemplateError):
            rendered(text)
    assert repr(SCOPE) == before


TOO_MUCH = [
    "{{ 'a' * 10000000000 }}",
    "{{ [1] * 10000000000 }}",
    "{{ 9 ** (9 ** 9) }}",
    "{{ 9 ** 99999999 }}",
    "{{ 'x' | replace('x', 'y' * 90000) | replace('y', 'z' * 90000) }}",
    "{{ ('a' * 90000) + ('b' * 90000) }}",
    "{{ ('a' * 90000) ~ ('b' * 90000) }}",
    "{{ 'a' * 90000 }}{{ 'b' * 90000 }}",
    "{{ " + " ~ ".join(["('a' * 39999)"] * 1000) + " }}",
    "{{ range(100000000) }}",
    "{{ range(9000) | map('string') | join('x' * 100) }}",
    "{% for a in range(10000) %}{% for b in range(10000) %}{% endfor %}{% endfor %}",
    "{% for a in range(9) %}{% for b in range(9) %}{% for c in range(9) %}{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in vars.list recursive %}{{ loop(a) }}{% endfor %}",
    "{% for a in range(9000) %}" + "x" * 100 + "{% endfor %}",
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "{{ " + "[" * 900 + "]" * 900 + " }}",
    "{{ 1 }}" * 5000,
    "{{ vars.name }}" + "x" * 20_000,
    "{{ 'a' | center(1000000000) }}",
    "{{ 'a' | indent(1000000000) }}",
    "{{ '%1000000000d' | format(1) }}",
    "{{ 'a'.ljust(1000000000) }}",
    "{{ 'a'.zfill(1000000000) }}",
    "{{ 'a\tb'.expandtabs(1000000000) }}",
    "{{ (2 ** 4000) * (2 ** 4000) * (2 ** 4000) * (2 ** 4000) }}",
]


@pytest.mark.parametrize("text", TOO_MUCH)
def test_what_would_make_too_much_is_stopped_soon(text: str) -> None:
    started = time.process_time()
    tracemalloc.start()
    with pytest.raises(TemplateError):
        rendered(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.process_time() - started < 5
    assert peak < 60_000_000


def test_lists_of_lists_of_lists_do_not_add_up_for_ever() -> None:
    value: object = "x"
    for _ in range(40):
        value = [value, value]
    with pytest.raises(TemplateError) as caught:
        Templates().template("{{ deep }}").render({"deep": value})
    assert caught.value.code == "RP1105"


def test_an_unknown_name_comes_with_the_nearest_one() -> None:
    for text in ("{{ vars.nmae }}", "x {{ vars.nmae }}", "{{ vars.nmae | upper }}", "{{ nmae }}"):
        with pytest.raises(TemplateError) as caught:
            rendered(text)
        assert (caught.value.code, caught.value.hint) == ("RP1101", 'did you mean "name"?')


def test_the_quick_way_and_jinja_give_the_same() -> None:
    templates = Templates()
    for text in ("{{ vars.name }}", "{{ vars.n }}", "{{ each.value.count }}", "{{ each.value.empty }}", "{{ vars.list }}"):
        assert templates.template(text).path is not None
        assert templates.template(text).render(SCOPE) == templates.environment.renderer(text)(SCOPE)
    for text in ("a {{ vars.name }}", "{{ vars.n }}-{{ vars.zip }}", "{{ vars.yes }}{{ vars.nothing }}\n"):
        assert templates.template(text).render(SCOPE) == templates.environment.renderer(text)(SCOPE)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ 1.5 | round(100000000, 'ceil') }}", "RP1104"),
        ("{{ 1.5 | round(-100000000, 'floor') }}", "RP1104"),
        ("{{ 1.5 | round('x') }}", "RP1104"),
        ("{{ ('9' * 4000) | int * (('9' * 4000) | int) }}", "RP1105"),
        ("{{ [10 ** 18] }}", "RP1105"),
        ("{{ 1e308 * 10 }}", "RP1013"),
        ("{{ {'a': '1e999' | float} }}", "RP1013"),
        ("{{ 'a\\x07' }}", "RP1016"),
        ("a {{ 'a\\u0000' }}", "RP1016"),
        ("{{ ['a', {'b\\x1b': 1}] }}", "RP1016"),
        ("{{ '\\ud800' }}", "RP1016"),
    ],
)
def test_a_result_that_nobody_could_store_is_an_error(text: str, code: str) -> None:
    begin = time.monotonic()
    with pytest.raises(TemplateError) as told:
        rendered(text)
    assert told.value.code == code
    assert time.monotonic() - begin < 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{ 2.567 | round(1) }}", 2.6),
        ("{{ 2.5 | round(0, 'floor') }}", 2.0),
        ("{{ 10 ** 18 - 1 }}", 10**18 - 1),
        ("{{ '.inf' }}", ".inf"),
        ("{{ '-.INF' }}", "-.INF"),
        ("{{ '.nan' }}", ".nan"),
        ("{{ '1.5e999' }}", "1.5e999"),
        ("{{ '5E10' }}", "5E10"),
        ("{{ 'a\\tb\\n' }}", "a\tb\n"),
    ],
)
def test_what_a_cell_holds_is_no_more_than_it_looks_like(text: str, value: object) -> None:
    assert rendered(text) == value

"""The tree of errors that is drawn in the docstring is the real one."""

from __future__ import annotations

import inspect
import re

from resellerplan import errors
from resellerplan.errors import ResellerPlanError

LINE = re.compile(r"^ {4}(?P<indent>(?:\|  |   )*)(?:[|`]- )?(?P<name>[A-Z]\w+)")


def _drawn() -> dict[str, str]:
    """Class -> its parent, as drawn."""
    parents: dict[str, str] = {}
    above: list[str] = []
    for line in (inspect.getdoc(errors) or "").splitlines():
        found = LINE.match(line)
        if found is None:
            continue
        root = "- " not in line.split(found["name"])[0]
        depth = 0 if root else 1 + len(found["indent"]) // 3
        above[depth:] = [found["name"]]
        parents[found["name"]] = "" if depth == 0 else above[depth - 1]
    return parents


def _real() -> dict[str, str]:
    found = {ResellerPlanError.__name__: ""}
    waiting: list[type[Exception]] = [ResellerPlanError]
    while waiting:
        parent = waiting.pop()
        for child in parent.__subclasses__():
            if child.__module__ == errors.__name__:
                found[child.__name__] = parent.__name__
                waiting.append(child)
    return found


def test_the_tree_as_drawn_is_the_tree_as_it_is() -> None:
    assert _drawn() == _real()


def test_every_error_is_a_public_name_of_its_module() -> None:
    assert sorted(_real()) == sorted(errors.__all__)


def test_expected_errors_of_other_rooms_are_in_the_tree_too() -> None:
    """A module may refine an error for itself, but only below one that is drawn."""
    strangers = [
        f"{child.__module__}.{child.__name__}"
        for child in _below(ResellerPlanError)
        if child.__module__.startswith("resellerplan.") and child.__module__ != errors.__name__
        if not any(base.__module__ == errors.__name__ and base is not ResellerPlanError for base in child.__mro__[1:])
    ]
    assert strangers == []


def _below(parent: type[Exception]) -> set[type[Exception]]:
    found: set[type[Exception]] = set()
    for child in parent.__subclasses__():
        found |= {child, *_below(child)}
    return found

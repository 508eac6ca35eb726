"""What these tests take away from the program: libyaml, the library for spreadsheets."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


def _without(name: str) -> Iterator[None]:
    """A module that can't be imported (``None`` in ``sys.modules`` is how Python itself says so)."""
    missing = object()
    before = sys.modules.get(name, missing)
    sys.modules[name] = None  # type: ignore[assignment]  # Python's own way to forbid an import
    try:
        yield
    finally:
        if before is missing:
            del sys.modules[name]
        else:
            sys.modules[name] = before  # type: ignore[assignment]  # what stood there before


@pytest.fixture
def without_libyaml() -> Iterator[None]:
    """A PyYAML that was installed without libyaml."""
    yield from _without("yaml._yaml")


@pytest.fixture
def without_calamine() -> Iterator[None]:
    """An installation without the extra ``sheets``."""
    yield from _without("python_calamine")

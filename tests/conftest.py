"""Settings for every test: sockets are closed but for loopback, and only where a test says so."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# The gate draws the same examples each time, so that a red run means a change and never luck; RESELLERPLAN_FUZZ=1 explores, and
# a number above a hundred is how many examples each property then draws.
settings.register_profile("gate", derandomize=True, deadline=None)
_FUZZ = os.environ.get("RESELLERPLAN_FUZZ", "")
settings.register_profile("explore", deadline=None, max_examples=max(100, int(_FUZZ) if _FUZZ.isdecimal() else 0))
settings.load_profile("explore" if _FUZZ else "gate")

LOOPBACK = ["127.0.0.1", "::1", "localhost"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Open loopback, and nothing else, for tests marked ``loopback`` (all others run with sockets off)."""
    for item in items:
        if item.get_closest_marker("loopback") is not None:
            item.add_marker(pytest.mark.allow_hosts(LOOPBACK))


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update-golden`` writes the expected transcripts of tests/acceptance anew; read the difference before you commit it."""
    parser.addoption("--update-golden", action="store_true", help="write expected transcripts anew")

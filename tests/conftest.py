"""Settings for every test: sockets are closed but for loopback, and only where a test says so."""

from __future__ import annotations

import pytest
from pytest_socket import enable_socket, socket_allow_hosts  # type: ignore[import-untyped]  # the package ships no types


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Open loopback for tests marked ``loopback``; everybody else keeps sockets off (``--disable-socket``)."""
    if item.get_closest_marker("loopback") is not None:
        enable_socket()
        socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)

"""URLs of panels, compared as credentials are bound to them."""

from __future__ import annotations

import pytest

from resellerplan.errors import UsageError
from resellerplan.panel.connection import Connection, is_loopback, normal_url, same_panel


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://Panel.example", "https://panel.example:443/", True),
        ("http://panel.example:80/es/", "http://PANEL.example/es", True),
        ("https://panel.example:9002", "https://panel.example", False),
        ("http://panel.example", "https://panel.example", False),
        ("https://panel.example/a", "https://panel.example/A", False),
        ("https://panel.example", "https://panel.example.evil.example", False),
        ("http://[::1]:9002", "http://[::1]:9002/", True),
    ],
)
def test_two_urls_name_the_same_panel_or_not(one: str, other: str, same: bool) -> None:
    assert same_panel(one, other) is same


@pytest.mark.parametrize(
    "url",
    [
        *("", "panel.example", "ftp://panel.example", "https://", "https://u:p@panel.example", "https://x:99999", "https://x/?a=1"),
        *("http://[::1", "http://[panel]", "http://panel.example℀", "http://a b.example", "http://panel.example\\.evil.example"),
    ],
)
def test_what_is_no_panel_url_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        normal_url(url)


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        *((url, True) for url in ("http://localhost:1", "http://127.0.0.9", "http://[::1]", "http://panel.localhost")),
        *((url, False) for url in ("http://panel.example", "http://127.example.net", "http://127.0.0.1.example.net", "http://10.0.0.1")),
    ],
)
def test_this_machine_is_told_from_others(url: str, loopback: bool) -> None:
    assert is_loopback(url) is loopback


@pytest.mark.parametrize("number", [0, 33, -1])
def test_the_parallelism_has_bounds(number: int) -> None:
    with pytest.raises(UsageError):
        Connection(url="https://panel.example", parallelism=number)

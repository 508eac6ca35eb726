"""``show live --json``: what is on the panel as a document for scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import Ran, resellerplan

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The panel of the guide, applied."""
    environ = {
        "HOME": str(tmp_path),
        "RESELLERPLAN_DATA_DIR": str(tmp_path / "state"),
        "RESELLERPLAN_PARALLELISM": "1",
        "RESELLERPLAN_URL": f"embedded:{tmp_path / 'p.sqlite'}",
        "MUELLER_PASSWORD": "Mueller-Pw1!",
        "SCHMIDT_PASSWORD": "Schmidt-Pw1!",
    }
    seed = ("panel", "seed", str(tmp_path / "p.sqlite"), "--start", str(EXAMPLES / "panel.yaml"))
    assert resellerplan(*seed, environ=environ).code == 0
    assert resellerplan("apply", str(EXAMPLES / "webpanel-guide"), "--auto-approve", environ=environ).code == 0
    return environ


def listed(environ: dict[str, str], folder: Path, *more: str) -> tuple[dict[str, Any], Ran]:
    ran = resellerplan("show", "live", *more, "--json", environ=environ, folder=folder)
    assert ran.code == 0, ran.err
    return json.loads(ran.out), ran


def test_every_object_is_there_with_its_id_and_what_was_read(tmp_path: Path, environ: dict[str, str]) -> None:
    document, ran = listed(environ, tmp_path, "--show-personal")
    assert document["format_version"] == "1.0"
    assert (document["reseller"], document["panel"]) == ("brightweb", environ["RESELLERPLAN_URL"])
    assert document["timestamp"].endswith("Z")
    customers = {row["username"]: row for row in document["customers"]}
    assert customers["mueller"]["email"] == "petra@mueller.example"
    assert customers["mueller"]["last_name"] == "Müller"
    assert {name: row["spaces"] for name, row in customers.items()} == {"mueller": 2, "schmidt": 1}
    plans = {row["name"]: (row["recurring"], row["spaces"]) for row in document["plans"]}
    assert plans == {"Web S": ("4.90", 2), "Web M": ("9.90", 1)}
    assert [row["address"] for row in document["spaces"]] == [
        'space["mueller/Müller Archiv"]',
        'space["mueller/Müller Fliesen"]',
        'space["schmidt/Schmidt privat"]',
    ]
    assert all(isinstance(row["id"], int) for kind in ("customers", "plans", "spaces") for row in document[kind])
    assert (document["addons"], document["duplicates"]) == ([], [])
    assert "Mueller-Pw1!" not in ran.out + ran.err


def test_names_and_addresses_are_masked_unless_asked_for(tmp_path: Path, environ: dict[str, str]) -> None:
    document, ran = listed(environ, tmp_path)
    assert document["customers"][0]["username"] == "mueller"
    assert document["customers"][0]["email"] == "p\u2026@mueller.example"
    assert "petra@" not in ran.out


@pytest.mark.parametrize(
    ("what", "lists"), [("customers", {"customers"}), ("plans", {"plans", "addons"}), ("spaces", {"spaces"})]
)
def test_only_the_kind_that_was_asked_for_is_listed(tmp_path: Path, environ: dict[str, str], what: str, lists: set[str]) -> None:
    document, _ = listed(environ, tmp_path, what)
    assert {"customers", "plans", "addons", "spaces"} & set(document) == lists

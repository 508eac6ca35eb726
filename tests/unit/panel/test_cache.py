"""What is kept of customers between runs: exactly what was read, for one ``Changed`` alone, readable by its owner alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from resellerplan.model.customer import Customer
from resellerplan.model.values import NULL, UNKNOWN, LoginStatus, Role, Status
from resellerplan.panel.cache import CustomerCache, Kept

URL = "https://panel.example.net"
WHOLE = Customer(
    username="mueller",
    first_name="Petra",
    last_name="M\u00fcller",
    email="p@mueller.example",
    secondary_email=NULL,
    company=NULL,
    address="Stra\u00dfe 1",
    city="K\u00f6ln",
    state_province=NULL,
    country="DE",
    zip="50667",
    primary_phone="1",
    secondary_phone=NULL,
    fax=NULL,
    instant_messenger=NULL,
    subscriber_number="7",
    comments="a\nb",
    html_mail=True,
    demo=False,
    ecommerce=True,
    role=Role.RESELLER,
    status=Status.SUSPENDED,
    login_status=LoginStatus.LOCKED_OUT,
)
READ = Kept(WHOLE, "f00d", datetime(2026, 11, 24, 17, 0, 1))


def filled(folder: Path, kept: Kept = READ) -> Path:
    cache = CustomerCache(folder, URL, "brightweb")
    cache.put(5, "2026-11-24T17:00:01.5", kept)
    cache.save()
    (file,) = folder.glob("customers-*.json")
    return file


def test_what_is_kept_comes_back_as_it_was(tmp_path: Path) -> None:
    file = filled(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    assert CustomerCache(tmp_path, URL, "brightweb").get(5, "2026-11-24T17:00:01.5") == READ


@pytest.mark.parametrize(
    ("panel_id", "changed", "url", "reseller"),
    [
        (5, "2026-11-24T17:00:02", URL, "brightweb"),
        (5, "", URL, "brightweb"),
        (6, "2026-11-24T17:00:01.5", URL, "brightweb"),
        (5, "2026-11-24T17:00:01.5", "https://other.example", "brightweb"),
        (5, "2026-11-24T17:00:01.5", URL, "darkweb"),
    ],
)
def test_it_counts_for_one_panel_one_customer_and_one_changed_alone(
    panel_id: int, changed: str, url: str, reseller: str, tmp_path: Path
) -> None:
    filled(tmp_path)
    assert CustomerCache(tmp_path, url, reseller).get(panel_id, changed) is None


def test_a_value_that_has_no_word_is_not_kept(tmp_path: Path) -> None:
    cache = CustomerCache(tmp_path, URL, "brightweb")
    cache.put(5, "now", replace(READ, customer=replace(WHOLE, status=UNKNOWN)))
    assert cache.get(5, "now") is None


@pytest.mark.parametrize(
    "line", [[], ["2026-11-24T17:00:01.5"], "x", 5, None, ["2026-11-24T17:00:01.5", "f", None, *["x"] * 23], [None] * 26]
)
def test_a_line_that_somebody_edited_is_as_good_as_none(line: object, tmp_path: Path) -> None:
    file = filled(tmp_path)
    data = json.loads(file.read_text("utf-8"))
    data["customers"]["5"] = line
    file.write_text(json.dumps(data), encoding="utf-8")
    assert CustomerCache(tmp_path, URL, "brightweb").get(5, "2026-11-24T17:00:01.5") is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1, "customers": {}}', '{"format": 2, "fields": ["x"]}'])
def test_a_file_of_another_version_is_as_good_as_none(text: str, tmp_path: Path) -> None:
    filled(tmp_path).write_text(text, encoding="utf-8")
    assert CustomerCache(tmp_path, URL, "brightweb").get(5, "2026-11-24T17:00:01.5") is None

"""``export`` writes what people write, and what it writes is read as the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from resellerplan.manifest.export import exported
from resellerplan.model.customer import Customer
from resellerplan.model.estate import Estate
from resellerplan.model.quotas import shipped_catalogue
from resellerplan.model.values import UNKNOWN
from tests.unit.manifest_meaning.loading import loaded

AGE = "age1" + "q" * 58
RICH = f"""
recipients: [{AGE}]
plans:
  - {{name: W, available: true, unlisted: keep, price: {{setup: 1, recurring: 4.9, every: 3 months}}, id: 4, moved_from: V,
      groups: {{OS: {{Diskspace: 5 GB, Domains: unlimited, FileManager: true}}, Web: {{unlisted: off, count_bandwidth: false}}}}}}
  - {{name: A, addon: true, description: null, ignore_changes: {{price: x}},
      initial: {{groups: {{OS: {{Domains: 1}}}}, price: {{setup: 2}}}}}}
  - {{name: E, existing: true}}
  - {{name: G, state: absent, reason: retired}}
customers:
  - {{username: a, phone: null, role: user, status: active, login_status: enabled, html_mail: false, summary_letter: true,
      password: {{env: A}}, initial: {{phone: 2}}, ignore_changes: {{phone: x}}, protect: true}}
  - {{username: b, password: {{file: x}}, from: 2027-01-01, ends: 2027-12-31}}
  - {{username: c, password: {{command: [a, b]}}, state: absent, reason: left, quarantine: 1 day, only_if: {{domains: 0}}}}
  - {{username: d, password: {{generate: {{length: 30}}, to: x.age}}}}
  - {{username: e, password: {{generate: {{}}, to: /x}}}}
  - {{username: f, password: {{generate: {{}}, to: {{command: [a]}}}}}}
spaces:
  - {{customer: a, plan: W, domains: [a.example, {{name: b.example, website: true}}], resources: {{ftp: {{name: x}}, host: www}},
      addons: [{{plan: A, quantity: 0}}], overrides: none, comments: null, summary_letter: true}}
  - {{customer: a, plan: W, name: B, domains: [{{name: c.example, website: false}}], status: suspended, moved_from: Old}}
  - {{customer: b, plan: W, overrides: {{OS: {{Diskspace: 512 MB}}}}, moved_from: {{customer: a, name: Z}}, quarantine: 30 days,
      state: absent, reason: x, only_if: {{Mail.Accounts: 0}}}}
"""


def _exported(tmp_path: Path, text: str) -> tuple[Estate, dict[str, Any]]:
    estate = loaded(tmp_path, text, options={"secret_commands": True}).estate
    return estate, exported(estate, shipped_catalogue())


def test_a_rich_estate_is_the_same_when_it_is_read_again(tmp_path: Path) -> None:
    estate, data = _exported(tmp_path, RICH)
    assert len(estate) == 13
    again, once_more = _exported(tmp_path, json.dumps(data))
    assert again.resources == estate.resources
    assert once_more == data


def test_it_writes_what_people_write(tmp_path: Path) -> None:
    _, data = _exported(tmp_path, RICH)
    plan = data["plans"][0]
    assert plan["groups"]["OS"] == {"Diskspace": "5 GB", "Domains": "unlimited", "FileManager": True}
    assert plan["price"] == {"setup": 1, "recurring": 4.9, "every": "3 months"}
    assert data["customers"][0]["phone"] is None
    assert data["customers"][2]["quarantine"] == "1 day"
    assert data["spaces"][0]["domains"] == ["a.example", {"name": "b.example", "website": True}]
    assert data["spaces"][2]["moved_from"] == {"customer": "a", "name": "Z"}


def test_what_was_not_read_is_left_out() -> None:
    customer = Customer(username="a", email=UNKNOWN, company="C")
    estate = Estate(resources={customer.self_address: customer})
    assert exported(estate, shipped_catalogue()) == {"version": 1, "customers": [{"username": "a", "company": "C"}]}


def test_a_password_in_the_text_is_never_written(tmp_path: Path) -> None:
    estate = loaded(tmp_path, "customers: [{username: a, password: hunter2}]\n", options={"literal_passwords": True}).estate
    data = exported(estate, shipped_catalogue())
    assert data["customers"] == [{"username": "a"}]
    assert "hunter2" not in repr(estate)


def test_a_value_that_no_manifest_can_hold_is_our_bug() -> None:
    customer = Customer(username="a", email=3.5)  # type: ignore[arg-type]  # what must never get there
    with pytest.raises(TypeError, match="email holds float"):
        exported(Estate(resources={customer.self_address: customer}), shipped_catalogue())

"""What ``doctor`` says of each kind of panel, log-in and defect; and that it only looks."""

from __future__ import annotations

from typing import Any

import pytest

from resellerplan.cli.commands.doctor import diagnosis_text
from resellerplan.panel.doctor import Diagnosis, Grade, Remark, diagnose
from resellerplan.simpanel.flavours import Defect
from tests.support.opened import ALL_FLAVOURS, WORLD, opened


def said(flavour: str, world: dict[str, Any] = WORLD, **settings: Any) -> Diagnosis:
    with opened(flavour, world, may_write=False, **settings) as panel:
        return diagnose(panel.session)


def finds(diagnosis: Diagnosis, grade: Grade, subject: str, words: str) -> bool:
    return any(r.grade is grade and r.subject == subject and words in r.finding for r in diagnosis.remarks)


@pytest.mark.parametrize("flavour", ALL_FLAVOURS)
def test_a_sound_panel_has_no_error(flavour: str) -> None:
    diagnosis = said(flavour)
    assert diagnosis.sound, diagnosis_text(diagnosis)
    assert finds(diagnosis, Grade.OK, "identity", "tells its callers apart")
    assert finds(diagnosis, Grade.OK, "log-in", "brightweb, Reseller")
    assert finds(diagnosis, Grade.OK, "groups", "DNS, FTP, Mail, OS, Web")
    assert finds(diagnosis, Grade.OK, "own package", "Reseller L")


@pytest.mark.parametrize(
    ("flavour", "version", "database"),
    [
        ("fusecp-2-ef", "FuseCP 2.x (fusecp2", "SQLite"),
        ("fusecp-2-sql", "FuseCP 2.x (fusecp2", "SQL Server"),
        ("solidcp-1.5", "SolidCP 1.4.9 or later (solidcp1", "SQL Server"),
        ("solidcp-1.4.6", "SolidCP before 1.4.7", "SQL Server"),
        ("websitepanel-2.1", "WebsitePanel 2.x", "SQL Server"),
    ],
)
def test_what_panel_it_is(flavour: str, version: str, database: str) -> None:
    diagnosis = said(flavour)
    assert finds(diagnosis, Grade.OK, "panel", version)
    assert finds(diagnosis, Grade.OK, "database", database)


@pytest.mark.parametrize("flavour", ["solidcp-1.4.6", "websitepanel-2.1"])
def test_a_panel_that_was_never_tried_says_so(flavour: str) -> None:
    assert finds(said(flavour), Grade.WARNING, "panel", "never tried")


def test_the_stock_panel_is_recognised() -> None:
    diagnosis = said("fusecp-2-ef-stock")
    assert not diagnosis.sound
    assert finds(diagnosis, Grade.ERROR, "identity", "does not know who asks")
    assert finds(diagnosis, Grade.WARNING, "lists", "the slow way")
    assert finds(diagnosis, Grade.WARNING, "quotas", "can't be read")


@pytest.mark.parametrize(("defect", "subject"), [(Defect.READER_IN_USE_FAULT, "look-ups"), (Defect.RECURSIVE_FAULT, "lists")])
def test_a_defect_is_told_alone(defect: Defect, subject: str) -> None:
    without = said("fusecp-2-ef")
    found = said("fusecp-2-ef", panel={"defects": {defect}})
    assert subject not in {remark.subject for remark in without.remarks}
    assert any(remark.subject == subject and remark.grade is Grade.WARNING for remark in found.remarks)


@pytest.mark.parametrize("flavour", ["fusecp-2-ef", "solidcp-1.5"])
def test_rights_that_are_missing_are_told(flavour: str) -> None:
    assert finds(said(flavour, username="kollege", password="Peer-Pw1!"), Grade.OK, "log-in", "a peer, acting for brightweb")
    world = {
        **WORLD,
        "users": [
            {**u, "role": "reseller_helpdesk", "demo": True, "status": "suspended"} if u["username"] == "kollege" else u
            for u in WORLD["users"]
        ],
    }
    diagnosis = said(flavour, world, username="kollege", password="Peer-Pw1!")
    assert finds(diagnosis, Grade.ERROR, "rights", "demo account")
    assert finds(diagnosis, Grade.ERROR, "rights", "suspended")
    assert finds(diagnosis, Grade.ERROR, "rights", "may not write plans")


def test_a_server_without_dns_is_told() -> None:
    world = {**WORLD, "servers": [{"name": "web01", "virtual": True, "services": ["OS", "Web", "FTP", "Mail"]}]}
    assert finds(said("fusecp-2-ef", world), Grade.ERROR, "groups", "DNS does not work")


def test_two_own_packages_are_an_error_until_one_is_named() -> None:
    world = {**WORLD, "spaces": [*WORLD["spaces"], {"user": "brightweb", "plan": "Reseller L", "name": "Zweites"}]}
    assert finds(said("fusecp-2-ef", world), Grade.ERROR, "own package", "Zweites")
    assert said("fusecp-2-ef", world, own_space="Reseller L").sound


@pytest.mark.loopback
@pytest.mark.parametrize("flavour", ["fusecp-2-ef", "solidcp-1.5"])
def test_over_a_socket_the_clock_and_the_way_are_told(flavour: str) -> None:
    diagnosis = said(flavour, on_socket=True)
    assert finds(diagnosis, Grade.OK, "TLS", "to this machine")
    assert finds(diagnosis, Grade.OK, "clock", "s apart")
    assert finds(diagnosis, Grade.OK, "latency", "ms for a small read")


@pytest.mark.parametrize("flavour", ALL_FLAVOURS)
def test_looking_changes_nothing(flavour: str) -> None:
    tables = ("users", "packages", "hosting_plans", "domains", "user_settings")
    with opened(flavour, may_write=False) as panel:
        before = [panel.rows(f"SELECT * FROM {table}") for table in tables]
        diagnose(panel.session)
        assert [panel.rows(f"SELECT * FROM {table}") for table in tables] == before


def test_the_text_has_one_line_per_remark_and_its_hint_below() -> None:
    remarks = (
        Remark(Grade.OK, "panel", "FuseCP 2.x"),
        Remark(Grade.WARNING, "lists", "slow", "ask the operator"),
        Remark(Grade.ERROR, "own package", "none"),
    )
    assert diagnosis_text(Diagnosis(remarks)).splitlines() == [
        "ok       panel        FuseCP 2.x",
        "warning  lists        slow",
        "                      hint: ask the operator",
        "error    own package  none",
        "",
        "1 error, 1 warning",
    ]

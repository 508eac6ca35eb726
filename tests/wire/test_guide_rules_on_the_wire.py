"""The reseller guide's rules in the bytes of the requests, on both faces, and in the panel's outbox afterwards."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.command_line import Ran, resellerplan

EXAMPLES = Path(__file__).parents[2] / "examples"
PASSWORDS = {"MUELLER_PASSWORD": "Fliesen-2026!", "SCHMIDT_PASSWORD": "Privat-2026!"}
FLAVOURS = ["fusecp-2-ef", "fusecp-2-sql", "solidcp-1.5"]


@dataclass(frozen=True, slots=True)
class Run:
    """A run of apply: what it said, the requests it sent by operation, the panel's file."""

    ran: Ran
    requests: dict[str, list[ElementTree.Element]]
    order: list[str]
    store: Path


def applied(folder: Path, flavour: str, *edits: tuple[str, str]) -> Run:
    text = (EXAMPLES / "webpanel-guide" / "resellerplan.yaml").read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    (folder / "resellerplan.yaml").write_text(text, encoding="utf-8")
    environ = {"HOME": str(folder / "home"), "RESELLERPLAN_URL": "embedded:p.sqlite", "RESELLERPLAN_PARALLELISM": "1", **PASSWORDS}
    world = str(EXAMPLES / "panel.yaml")
    seeded = resellerplan("panel", "seed", "p.sqlite", "--start", world, "--flavour", flavour, environ=environ, folder=folder)
    assert seeded.code == 0, seeded.err
    ran = resellerplan("apply", "--auto-approve", "--trace-soap", "trace", environ=environ, folder=folder)
    assert ran.code == 0, ran.err
    requests: dict[str, list[ElementTree.Element]] = {}
    order = []
    for file in sorted((folder / "trace").glob("*.request.xml")):
        operation = file.name.split(".")[1]
        order.append(operation)
        requests.setdefault(operation, []).append(ElementTree.fromstring(file.read_bytes()))
    return Run(ran, requests, order, folder / "p.sqlite")


def texts(request: ElementTree.Element, name: str) -> list[str | None]:
    """The texts of all elements of a name, whatever their namespace and case (2.x names members by their private fields)."""
    found = [element for element in request.iter() if element.tag.rpartition("}")[2].casefold() == name.casefold()]
    return [element.text for element in found]


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_requests_that_create_never_ask_for_a_letter(tmp_path: Path, flavour: str) -> None:
    wished = ("email: petra@mueller.example", "email: petra@mueller.example\n    summary_letter: true")
    run = applied(tmp_path, flavour, wished)
    assert [texts(request, "sendLetter") for request in run.requests["AddUser"]] == [["false"], ["false"]]
    assert [texts(request, "sendLetter") for request in run.requests["AddPackageWithResources"]] == [["false"]] * 3


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_resources_are_asked_for_only_with_a_domain(tmp_path: Path, flavour: str) -> None:
    run = applied(tmp_path, flavour)
    made = {
        texts(request, "spaceName")[0]: (
            texts(request, "createResources"),
            texts(request, "domainName"),
            texts(request, "createFtpAccount"),
        )
        for request in run.requests["AddPackageWithResources"]
    }
    assert made["Müller Fliesen"] == (["true"], ["mueller.example"], ["true"])
    resources, domain, ftp = made["Schmidt privat"]
    assert resources == ["false"]
    assert domain in ([None], [])
    assert ftp == ["false"]


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_plan_stands_on_the_own_package_and_has_system_and_dns(tmp_path: Path, flavour: str) -> None:
    run = applied(tmp_path, flavour)
    with sqlite3.connect(run.store) as db:
        (own,) = db.execute("SELECT package_id FROM packages WHERE package_name = 'Reseller L'").fetchone()
    db.close()
    assert len(run.requests["AddHostingPlan"]) == 2
    for request in run.requests["AddHostingPlan"]:
        assert texts(request, "packageid") == [str(own)]
        groups = texts(request, "groupid")
        assert {"1", "7"} <= set(groups)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_no_letter_goes_out_on_its_own(tmp_path: Path, flavour: str) -> None:
    run = applied(tmp_path, flavour)
    assert not [operation for operation in run.order if operation.startswith("Send")]
    assert outbox(run.store) == 0


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_wished_letter_is_a_call_of_its_own_after_the_customer_is_made(tmp_path: Path, flavour: str) -> None:
    wished = ("email: petra@mueller.example", "email: petra@mueller.example\n    summary_letter: true")
    run = applied(tmp_path, flavour, wished)
    assert run.order.count("SendAccountSummaryLetter") == 1
    assert run.order.index("SendAccountSummaryLetter") > run.order.index("AddUser")
    assert outbox(run.store) == 1
    assert "customer.mueller: Summary letter sent" in run.ran.out


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_no_password_is_in_what_was_said_or_traced(tmp_path: Path, flavour: str) -> None:
    run = applied(tmp_path, flavour)
    with sqlite3.connect(run.store) as db:
        (made,) = db.execute("SELECT count(*) FROM users WHERE username IN ('mueller', 'schmidt')").fetchone()
    db.close()
    assert made == 2
    kept = [path.read_text(encoding="utf-8", errors="replace") for path in tmp_path.rglob("*") if path.suffix in {".xml", ".jsonl"}]
    assert kept
    for password in [*PASSWORDS.values(), "Reseller-Pw1!"]:
        assert not [text for text in [run.ran.out, run.ran.err, *kept] if password in text]


def outbox(store: Path) -> int:
    """How many letters the panel holds."""
    with sqlite3.connect(store) as db:
        (count,) = db.execute("SELECT count(*) FROM outbox").fetchone()
    db.close()
    return int(count)

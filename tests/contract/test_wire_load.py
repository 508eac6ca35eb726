"""Many at once, and much at once: 32 parallel clients, and lists of 10,000 rows that cost little more than their bytes."""

from __future__ import annotations

import http.client
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest

from resellerplan.simpanel.asking import Asker
from resellerplan.simpanel.faces.asmx import AsmxFace
from resellerplan.simpanel.faces.corewcf import CoreWcfFace
from resellerplan.simpanel.flavours import flavour
from resellerplan.simpanel.wire import Column, Credentials, DataSet, Table
from tests.support.fake_panel import FakePanel
from tests.support.foreign_walk import WORLD
from tests.support.served import on_socket, site

FLAVOURS = ("solidcp-1.5", "fusecp-2-ef")
ROWS = 10_000


def credentials(name: str) -> Credentials:
    """The reseller's."""
    form: Any = "basic" if flavour(name).face == "asmx" else "header"
    return Credentials("brightweb", "Kunde-Pw1!", form)


@pytest.mark.loopback
@pytest.mark.parametrize("name", FLAVOURS)
def test_32_clients_at_once_are_all_answered_and_nothing_is_lost_or_doubled(name: str) -> None:
    asker = Asker(flavour(name))
    with site(name, WORLD) as found, on_socket(found) as front:

        def one(worker: int) -> list[int]:
            connection = http.client.HTTPConnection("127.0.0.1", front.port, timeout=30)
            answers = []
            for number in range(8):
                # every eighth name is the same for all: one of them gets it
                username = "same" if number == 0 else f"c{worker}x{number}"
                user = {"Username": username, "OwnerId": 2, "RoleId": 3, "StatusId": 1, "Email": "c@kunden.example"}
                asked = {"user": user, "sendLetter": False, "password": "Kunde-Pw1!"}
                made = asker.request("esUsers", "AddUser", asked, credentials(name))
                connection.request("POST", made.path, made.body, dict(made.headers))
                body = connection.getresponse().read()
                answers.append(int(body.partition(b"<AddUserResult>")[2].partition(b"<")[0]))
            connection.close()
            return answers

        with ThreadPoolExecutor(32) as pool:
            answers = [code for codes in pool.map(one, range(32)) for code in codes]
        added = [code for code in answers if code > 0]
        with found.panel.store.reading() as db:
            stored = {row[0] for row in db.execute("SELECT user_id FROM users WHERE owner_id = 2")}
    assert answers.count(-100) == 31
    assert len(added) == len(set(added)) == 32 * 7 + 1
    assert set(added) == stored


def big_table() -> DataSet:
    """10,000 rows of 25 columns."""
    columns = tuple(
        Column(f"C{n}", kind) for n, kind in enumerate(["int"] * 8 + ["string"] * 12 + ["dateTime"] * 2 + ["boolean"] * 3)
    )
    day = datetime(2026, 11, 24, 10, 20, 30, 123000)
    row: tuple[object, ...] = (*range(8), *("Müller & Söhne",) * 4, *("customer@example.org",) * 8, day, day, True, False, None)
    return DataSet((Table(columns, [row] * ROWS),))


@pytest.mark.parametrize("name", FLAVOURS)
def test_10_000_rows_cost_less_than_60_mb_beyond_the_rows(name: str) -> None:
    """Measured is what Python allocates; how long it takes is benchmarks/panel_load.py's affair."""
    chosen = flavour(name)
    panel = FakePanel(big_table())
    face = AsmxFace(panel, chosen) if chosen.face == "asmx" else CoreWcfFace(panel, chosen)
    request = Asker(chosen).request("esUsers", "GetRawUsers", {"ownerId": 2, "recursive": True}, credentials(name))
    face.answer(request)
    tracemalloc.start()
    try:
        reply = face.answer(request)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert reply.length > 6_000_000
    assert peak < 60_000_000

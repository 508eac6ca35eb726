"""Answers that hold something else than they should: the verdict on a write is not wrong, and nothing ends as a bug of ours.

The replies of one call after the other are changed on their way: numbers that are none, dates that are none, results that are
missing, null or text, and refusals by codes that say nothing, while the panel did what was asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from resellerplan.errors import PanelAmbiguous, PanelError
from resellerplan.model.estate import Estate
from resellerplan.model.hosting_plan import GroupTerms
from resellerplan.panel.doctor import diagnose
from resellerplan.panel.session import Session
from resellerplan.panel.snapshot import read_estate
from resellerplan.panel.writer import Writer
from resellerplan.simpanel.transport import InProcessTransport
from tests.contract.test_writer_verdicts import WRITES, plan, space
from tests.support.opened import JumpingTime, Opened, log_in, opened

Change = Callable[[bytes], bytes]

NUMBER = rb">-?\d+<"
NIL = rb'<\1 xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>'


def texts(pattern: bytes, text: bytes) -> Change:
    return lambda body: re.sub(pattern, b">" + text + b"<", body)


def result(text: bytes) -> Change:
    return lambda body: re.sub(rb"<(\w+Result)\b[^>]*>.*</\1>", text, body, flags=re.DOTALL)


CHANGES: dict[str, Change] = {
    "numbers are words": texts(NUMBER, b"abc"),
    "numbers are empty": texts(NUMBER, b""),
    "numbers have 5000 digits": texts(NUMBER, b"9" * 5000),
    "numbers are an unknown code": texts(NUMBER, b"-7"),
    "numbers say that a server failed": texts(NUMBER, b"-999"),
    "dates are none": texts(rb">\d{4}-\d\d-\d\dT[^<]*<", b"2026-13-45T99:99:99"),
    "truths are none": texts(rb">(?:true|false)<", b"perhaps"),
    "amounts are endless": texts(rb">-?\d+\.\d+<", b"1e999999"),
    "there is no result": result(b""),
    "the result is null": result(NIL),
    "the result is a text": result(rb"<\1>hello</\1>"),
    "the result is something else": result(rb"<\1><a><b>1</b></a><a>2</a></\1>"),
}


class Meddler(httpx.BaseTransport):
    """Hands everything on, and changes the replies of one call."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner
        self.asked: list[str] = []
        self.call = ""
        self.change: Change = bytes

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)
        body = response.read()
        name = request.headers.get("soapaction", "").strip('"').rpartition("/")[2]
        self.asked.append(name)
        if name == self.call:
            body = self.change(body)
        headers = {name: value for name, value in response.headers.items() if name.lower() != "content-length"}
        return httpx.Response(response.status_code, headers=headers, content=body)


def meddled(panel: Opened, *, may_write: bool = True) -> tuple[Session, Meddler]:
    meddler = Meddler(InProcessTransport(panel.site.app))
    return log_in(meddler, clock=JumpingTime().clock, may_write=may_write), meddler


def calls_of(name: str, flavour: str) -> list[str]:
    with opened(flavour) as panel:
        session, meddler = meddled(panel)
        WRITES[name].do(Writer(session), panel)
        return sorted(set(meddler.asked) - {""})


FLAVOURS = ("fusecp-2-ef", "solidcp-1.5")


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("name", WRITES)
def test_no_answer_that_can_not_be_read_makes_a_verdict_wrong(name: str, flavour: str) -> None:
    write = WRITES[name]
    wrong: list[str] = []
    seen: set[str] = set()
    # The write itself in full; of the reads around it what fails in different places.
    for call in calls_of(name, flavour):
        chosen = CHANGES if call == write.call else {key: CHANGES[key] for key in list(CHANGES)[::4]}
        for what, change in chosen.items():
            with opened(flavour) as panel:
                session, meddler = meddled(panel)
                meddler.call, meddler.change = call, change
                try:
                    write.do(Writer(session), panel)
                    said = "happened"
                except PanelAmbiguous:
                    said = "unknown"
                except PanelError:
                    said = "not"
                truth = write.happened(panel)
            seen.add(said)
            if truth > 1 or (said, truth) in {("happened", 0), ("not", 1)}:
                wrong.append(f"{call}, {what}: said {said}, {truth} there")
    assert wrong == []
    assert len(seen) > 1


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_no_answer_that_can_not_be_read_ends_the_reading_as_a_bug(flavour: str) -> None:
    with opened(flavour) as panel:
        session, meddler = meddled(panel, may_write=False)
        estate = read_estate(session, Estate())
        diagnose(session)
        refused = 0
        for number, call in enumerate(sorted(set(meddler.asked) - {""})):
            for turn, change in enumerate(list(CHANGES.values())[number % 3 :: 3]):
                again, other = meddled(panel, may_write=False)
                other.call, other.change = call, change
                try:
                    read_estate(again, estate) if turn % 2 else diagnose(again)
                except PanelError:
                    refused += 1
        assert refused


def test_a_plan_that_is_refused_for_its_quotas_is_looked_at() -> None:
    """Its name and description are stored all the same (contract 6.3)."""
    too_much = {"groups": {"OS": GroupTerms(quotas={"OS.Domains": 100_000})}}
    with opened("fusecp-2-ef") as panel:
        writer, start = panel.writer, plan(panel, "Start")
        with pytest.raises(PanelAmbiguous, match="does not hold that much") as caught:
            writer.update_hosting_plan(start, {"description": "neu", **too_much}, addon=False)
        assert "were changed all the same; groups and quotas were not" in caught.value.detail
        assert "OS.Domains" in caught.value.detail
        assert panel.rows("SELECT plan_description AS text FROM hosting_plans WHERE plan_id = ?", start) == [{"text": "neu"}]
        with pytest.raises(PanelError, match="does not hold that much") as unchanged:
            writer.update_hosting_plan(start, too_much, addon=False)
        assert not isinstance(unchanged.value, PanelAmbiguous)


def test_add_ons_that_were_changed_in_part_are_not_said_to_be_unchanged() -> None:
    with opened("fusecp-2-ef") as panel:
        seite, extra = space(panel, "Seite"), plan(panel, "Extra")
        session, meddler = meddled(panel)
        writer = Writer(session)
        for quantity in (1, 2):
            session.client.record("AddPackageAddonById", packageId=seite, addonPlanId=extra, quantity=quantity)
        meddler.call, meddler.change = "GetPackageAddon", result(NIL)
        with pytest.raises(PanelAmbiguous, match="not this space's") as caught:
            writer.set_addons(seite, {"Extra": 5}, {"Extra": extra})
        assert "had the quantity 3 and now has 1" in caught.value.detail

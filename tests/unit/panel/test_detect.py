"""Which panel answers at a URL: by its WSDL, overridable, and kept for an hour."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from resellerplan.errors import PanelNotUnderstood
from resellerplan.panel.cache import DetectionCache
from resellerplan.panel.connection import Connection
from resellerplan.panel.detect import Detected, detect, dialect_of
from tests.support.panel_client import URL, FakeTime, FakeTransport, Sent
from tests.support.recorded import RECORDINGS

Pages = Mapping[str, tuple[int, bytes]]


def found(pages: Pages, **settings: object) -> tuple[Detected, list[str]]:
    def answer(sent: Sent) -> tuple[int, Mapping[str, str], bytes]:
        status, body = pages.get(sent.url.removeprefix(URL), (404, b""))
        return status, {}, body

    transport = FakeTransport(answer)
    result = detect(transport, Connection(url=URL, **settings))  # type: ignore[arg-type]  # tests name any setting
    return result, [f"{sent.method} {sent.url.removeprefix(URL)}" for sent in transport.sent]


def wsdl_1x(service: str) -> bytes:
    return (RECORDINGS / "wsdl-solidcp-1x" / f"{service}.wsdl").read_bytes()


def wsdl_2x(name: str) -> bytes:
    return (RECORDINGS / "fusecp-2.x" / "wsdl" / name).read_bytes()


def test_a_recorded_solidcp_is_recognised() -> None:
    pages = {"/esUsers.asmx?WSDL": (200, wsdl_1x("esUsers")), "/esPackages.asmx?WSDL": (200, wsdl_1x("esPackages"))}
    detected, asked = found(pages)
    assert detected == Detected(product="solidcp", notes=True, mfa=True, moves_spaces=True)
    assert dialect_of(detected).name == "solidcp1"
    assert all(line.startswith("GET ") for line in asked)


def test_an_older_solidcp_is_told_by_what_it_lacks() -> None:
    old = wsdl_1x("esUsers").replace(b'"notes"', b'"other"').replace(b'"MfaMode"', b'"Other"')
    packages = wsdl_1x("esPackages").replace(b'"ChangePackageUser"', b'"Other"')
    detected, _ = found({"/esUsers.asmx?WSDL": (200, old), "/esPackages.asmx?WSDL": (200, packages)})
    assert (detected.notes, detected.mfa, detected.moves_spaces) == (False, False, False)
    assert detected.version_hint == "SolidCP before 1.4.7"


def test_websitepanel_is_told_by_its_namespace() -> None:
    page = wsdl_1x("esUsers").replace(b"smbsaas/solidcp/", b"smbsaas/websitepanel/")
    detected, _ = found({"/esUsers.asmx?WSDL": (200, page)})
    assert detected.product == "websitepanel"
    assert dialect_of(detected).namespace == "http://smbsaas/websitepanel/enterpriseserver"


@pytest.mark.parametrize("name", ["esUsers.wsdl", "esUsers.single.wsdl"])
def test_a_recorded_fusecp_is_recognised(name: str) -> None:
    detected, _ = found({"/esUsers?wsdl": (200, wsdl_2x(name)), "/esUsers?singleWsdl": (200, wsdl_2x("esUsers.single.wsdl"))})
    assert detected.product == "fusecp"
    assert dialect_of(detected).name == "fusecp2"


def test_a_preview_of_solidcp_2_is_refused_by_name() -> None:
    page = wsdl_2x("esUsers.single.wsdl").replace(b"smbsaas/fusecp/", b"smbsaas/solidcp/")
    with pytest.raises(PanelNotUnderstood, match=r"preview of SolidCP 2\.0"):
        found({"/esUsers?wsdl": (200, page), "/esUsers?singleWsdl": (200, page)})


@pytest.mark.parametrize("page", [(404, b""), (200, b"<html>portal</html>"), (500, b"")])
def test_what_is_no_panel_is_told_with_both_statuses(page: tuple[int, bytes]) -> None:
    with pytest.raises(PanelNotUnderstood, match="no SolidCP, FuseCP or WebsitePanel"):
        found({"/esUsers.asmx?WSDL": page, "/esUsers?wsdl": page})


@pytest.mark.parametrize(("name", "product"), [("solidcp1", "solidcp"), ("fusecp2", "fusecp")])
def test_a_manifest_may_say_which_it_is_and_nothing_is_asked(name: str, product: str) -> None:
    detected, asked = found({}, dialect=name)
    assert (detected.product, detected.overridden, asked) == (product, True, [])


def test_what_was_found_is_kept_for_an_hour_and_for_that_url(tmp_path: Path) -> None:
    time = FakeTime()
    cache = DetectionCache(tmp_path, time.clock)
    detected = Detected(product="solidcp", notes=False)
    cache.put(URL, detected)
    assert cache.get(URL) == detected
    assert cache.get("https://elsewhere.example") is None
    time.seconds += 3500
    assert DetectionCache(tmp_path, time.clock).get(URL) == detected
    time.seconds += 200
    assert DetectionCache(tmp_path, time.clock).get(URL) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 0}', '{"format": 1, "detected": {"nope": 1}, "until": "9"}'])
def test_a_cache_that_can_not_be_read_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    cache = DetectionCache(tmp_path, FakeTime().clock)
    cache.put(URL, Detected(product="fusecp"))
    (kept,) = tmp_path.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.write_text(text)
    assert cache.get(URL) is None


def test_a_cache_that_can_not_be_written_stops_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    DetectionCache(blocked / "below", FakeTime().clock).put(URL, Detected(product="fusecp"))
    assert DetectionCache(None, FakeTime().clock).get(URL) is None

"""Traces: what is kept of an exchange, and that keeping it decides nothing."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from resellerplan.errors import UsageError
from resellerplan.panel.trace import Trace


def test_an_exchange_is_two_files_for_their_owner_alone(tmp_path: Path) -> None:
    exchange = Trace(tmp_path / "trace").begin(7, "esUsers.AddUser", b"<request/>")
    sent = [b"<a><Password>x</Pass", b"word></a>"]
    assert list(exchange.copying(200, {"content-type": "text/xml", "set-cookie": "s3cret"}, iter(sent))) == sent
    exchange.close()
    files = sorted((tmp_path / "trace").iterdir())
    assert [file.name for file in files] == ["0007-esUsers.AddUser.reply.xml", "0007-esUsers.AddUser.request.xml"]
    assert files[0].read_text() == "<!-- HTTP 200\ncontent-type: text/xml -->\n<a><Password>***</Password></a>\n"
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_header_of_a_stranger_does_not_leave_its_comment(tmp_path: Path) -> None:
    exchange = Trace(tmp_path).begin(1, "esUsers.GetUserById", b"")
    list(exchange.copying(200, {"server": "x --><evil/>\x1b[2J"}, iter([b"<a/>"])))
    exchange.close()
    text = next(tmp_path.glob("*.reply.xml")).read_text()
    assert text.count("-->") == 1
    assert "\x1b" not in text


def test_a_trace_that_can_not_be_written_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    trace = Trace(tmp_path / "trace")
    (tmp_path / "trace").rmdir()
    logger = logging.getLogger("resellerplan")
    logger.propagate, before = True, logger.propagate
    try:
        exchange = trace.begin(1, "esUsers.AddUser", b"<request/>")
        assert list(exchange.copying(200, {}, iter([b"<a/>"]))) == [b"<a/>"]
        exchange.close()
    finally:
        logger.propagate = before
    # A logger that an earlier start took from its parents may be heard twice: by itself, and through them.
    said = {(record.levelname, record.getMessage().partition(" could not be written")[0]) for record in caplog.records}
    assert said == {("WARNING", f"the trace 0001-esUsers.AddUser.{what}.xml") for what in ("request", "reply")}


def test_a_folder_that_can_not_be_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="can't be kept there"):
        Trace(tmp_path / "file" / "trace")

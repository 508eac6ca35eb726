"""Clock, passwords at rest, background worker, template language, remembered log-ins, second factor."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resellerplan.simpanel.background import Background
from resellerplan.simpanel.clock import Clock, as_text, from_text, stored_precision
from resellerplan.simpanel.crypt import Crypt, matches, sha1_form, sha256_form
from resellerplan.simpanel.logins import CachedLogins, Credentials
from resellerplan.simpanel.second_factor import current_code, is_current_code
from resellerplan.simpanel.template_language import TemplateObject, evaluate_or_error

# -- clock ----------------------------------------------------------------------------------------------------------------------


def test_no_time_falls_on_a_whole_second() -> None:
    for digits in (3, 7):
        for offset in (0.0, 0.0004, 0.0016, 0.9984, 0.9999999):
            moment = Clock(digits=digits, ticks=partial(float, 1_800_000_000 + offset)).now()
            assert moment.microsecond != 0


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))
def test_sql_server_keeps_three_hundredths(moment: datetime) -> None:
    stored = stored_precision(moment, 3)
    assert stored.microsecond % 1000 == 0
    assert stored.microsecond // 1000 % 10 in (0, 3, 7)
    assert abs((stored - moment).total_seconds()) <= 0.002
    assert stored_precision(stored, 3) == stored


def test_a_given_clock_ticks_on_from_its_start() -> None:
    now = [1000.0]
    clock = Clock(datetime(2026, 11, 24, 9, 0, tzinfo=UTC), ticks=lambda: now[0])
    now[0] += 90.5
    assert as_text(clock.now()) == "2026-11-24T09:01:30.500000"
    assert from_text(None) is None


# -- passwords at rest ------------------------------------------------------------------------------------------------------------


@given(st.text())
def test_what_is_sealed_opens_again_and_with_no_other_key(text: str) -> None:
    crypt = Crypt(b"k" * 32)
    sealed = crypt.seal(text)
    assert crypt.open(sealed) == text
    assert Crypt(b"x" * 32).open(sealed) is None


def test_a_sealed_password_is_not_in_its_bytes_and_two_are_never_equal() -> None:
    crypt = Crypt(b"k" * 32)
    password = "Kunde-Pw1!" * 20
    first, second = crypt.seal(password), crypt.seal(password)
    assert password.encode() not in first
    assert first != second


def test_what_was_cut_or_altered_does_not_open() -> None:
    crypt = Crypt(b"k" * 32)
    sealed = crypt.seal("geheim")
    altered = [sealed[:-1], sealed[:20], b"", sealed[:-20] + bytes([sealed[-20] ^ 1]) + sealed[-19:]]
    assert [crypt.open(one) for one in (*altered, None)] == [None] * 5


def test_the_key_stands_beside_the_store_for_its_owner_only(tmp_path: Path) -> None:
    store = tmp_path / "world.db"
    sealed = Crypt.beside(store).seal("geheim")
    key = tmp_path / "world.db.key"
    assert key.stat().st_mode & 0o077 == 0
    assert Crypt.beside(store).open(sealed) == "geheim"


def test_the_forms_in_which_a_password_is_taken() -> None:
    assert sha1_form("abc") == "qZk+NkcGgWq6PiVxeFDCbJzQ2J0="
    assert sha256_form("abc") == "SHA256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
    assert matches("abc", sha1_form("abc"), sha1=True, sha256=False)
    assert not matches("abc", sha1_form("abc"), sha1=False, sha256=False)
    assert not matches("abc", "ABC", sha1=True, sha256=True)


# -- background -----------------------------------------------------------------------------------------------------------------


def test_jobs_run_after_the_delay_in_order_on_one_thread() -> None:
    ran: list[tuple[int, str]] = []

    def note(number: int) -> None:
        ran.append((number, threading.current_thread().name))

    worker = Background(0.02)
    for number in range(3):
        worker.submit(partial(note, number))
    assert ran == []
    assert worker.wait(5)
    assert ran == [(0, "panel-background"), (1, "panel-background"), (2, "panel-background")]
    worker.stop()


def test_without_a_delay_a_job_is_done_at_once() -> None:
    ran: list[int] = []
    Background(0).submit(lambda: ran.append(1))
    assert ran == [1]


def test_a_failing_worker_and_an_ended_process_lose_their_jobs() -> None:
    ran: list[int] = []
    worker = Background(30)
    worker.submit(lambda: ran.append(1))
    assert worker.drop_all() == 1
    worker.failing = True
    worker.submit(lambda: ran.append(2))
    assert (ran, worker.lost) == ([], 2)
    worker.stop()


# -- template language ------------------------------------------------------------------------------------------------------------

USER = TemplateObject(
    ("Username", "HtmlMail", "Created"),
    {"Username": "anna", "HtmlMail": True, "Created": datetime(2026, 1, 2, 15, 4, 5)}.__getitem__,
)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("", ""),
        ("plain <b>text</b>", "plain <b>text</b>"),
        ("#user.Username# ##1", "anna #1"),
        ("#USER.username#", "anna"),
        ("#user.HtmlMail# #user.Created#", "True 1/2/2026 3:04:05 PM"),
        ('<ad:if test="#user.HtmlMail#">a<ad:else>b</ad:if>', "a"),
        ('<ad:if test="#not user.HtmlMail#">a<ad:elseif test="#n = 2#">b<ad:else>c</ad:if>', "b"),
        ("<ad:if test=\"#n > 1 and user.Username = 'ANNA'#\">yes</ad:if>", "yes"),
        ('<ad:if test="#n < 1 or n >= 3#">yes</ad:if>', ""),
        ('<ad:foreach collection="#list#" var="x" index="i">[#i#:#x#]</ad:foreach>', "[0:a][1:b]"),
        ('<ad:set name="y" value="#list[1]#"/>#y# #list.Count#', "b 2"),
        ('#map["k"]#', "v"),
    ],
)
def test_templates(template: str, text: str) -> None:
    assert evaluate_or_error(template, {"user": USER, "n": 2, "list": ["a", "b"], "map": {"k": "v"}}) == text


@pytest.mark.parametrize(
    ("template", "error"),
    [
        ("kaputt #user.", "Error in template (Line 1, Column 14): Wrong usage of period. Identifier was expected."),
        (
            "x\n #user.Nope#",
            "Error in template (Line 2, Column 3): Public property could not be found: Nope. "
            "Supported properties: Username,HtmlMail,Created",
        ),
        ("#nope#", "Error in template (Line 1, Column 2): Variable could not be found: nope"),
        ("#list[9]#", "Error in template (Line 1, Column 2): Index is out of range: 9"),
        ('<ad:if test="#n#">', "Error in template (Line 1, Column 19): Tag '/if' was expected."),
        ("<ad:nope>", "Error in template (Line 1, Column 1): Unknown tag 'ad:nope'."),
        ("#user", "Error in template (Line 1, Column 6): Closing '#' was expected."),
        ("#(n#", "Error in template (Line 1, Column 4): Closing bracket was expected."),
        ("#$#", "Error in template (Line 1, Column 2): Unexpected symbol '$'."),
        ("##ok## ##", "#ok# #"),
    ],
)
def test_an_error_is_the_text(template: str, error: str) -> None:
    assert evaluate_or_error(template, {"user": USER, "n": 2, "list": ["a"]}) == error


@given(st.text(alphabet="#ad:<>/ifel=\"'.[]() user1\n", max_size=60))
def test_no_template_breaks_the_evaluation(template: str) -> None:
    assert isinstance(evaluate_or_error(template, {"user": USER}), str)


# -- log-ins and codes ------------------------------------------------------------------------------------------------------------


def test_the_memory_holds_20_log_ins() -> None:
    logins = CachedLogins(lambda: 0.0)
    for number in range(21):
        logins.remember(Credentials(f"u{number}", "p"))
    assert not logins.accepts(Credentials("u0", "p"), lambda: True)
    assert logins.accepts(Credentials("u20", "p"), lambda: False)
    assert not logins.accepts(Credentials("u20", "other"), lambda: True)


def test_codes_of_the_second_factor_are_those_of_the_rfc() -> None:
    secret = b"12345678901234567890"
    moment = datetime(1970, 1, 1, 0, 0, 59)
    assert current_code(secret, moment) == "287082"
    assert is_current_code(secret, "287082", datetime(1970, 1, 1, 0, 1, 20))
    assert not is_current_code(secret, "287082", datetime(1970, 1, 1, 0, 3, 0))
